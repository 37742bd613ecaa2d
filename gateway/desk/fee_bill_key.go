package desk

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"kouan/gateway/store"
)

// The answer to an upload holds the secret of its link. It is kept for the
// Idempotency-Key sealed with that very key, of which only the hash is stored:
// who reads the database learns neither. Among strangers the key is all that
// keeps one from another's answer, so it must not be guessed.
const (
	strangers        = "fee-bills" // in the place of a partner
	leastStrangerKey = 22          // characters: 128 bits in base64
)

// billGone marks the answer of an account that was deleted (store: DeleteFeeBill).
const billGone = 410

func billTenant(partner string) string {
	if partner == "" {
		return strangers
	}
	return partner
}

func hashedKey(key string) string { return "fee-bill/" + digest([]byte(key)) }

// keyAEAD seals with a key that was given, never stored.
func keyAEAD(key string) (cipher.AEAD, error) {
	sum := sha256.Sum256([]byte("kouan fee bill answer\n" + key))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (d *Desk) keyedAnswer(in *BillUpload, a *Replayed, random io.Reader) (*store.Idempotency, error) {
	aead, err := keyAEAD(in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("seal answer: %w", err)
	}
	return &store.Idempotency{Tenant: billTenant(in.Partner), Key: hashedKey(in.IdempotencyKey), RequestSHA: in.RequestSHA, Status: a.Status, ContentType: a.ContentType,
		Body: aead.Seal(nonce, nonce, a.Body, nil), CreatedAt: d.now()}, nil
}

// replayBill is the first answer to the key of an upload; nil when it is new.
// The key of an account that was deleted makes no second one: store.ErrNotFound.
func (d *Desk) replayBill(ctx context.Context, in *BillUpload) (*Replayed, error) {
	if in.IdempotencyKey == "" {
		return nil, nil
	}
	first, err := d.replay(ctx, billTenant(in.Partner), hashedKey(in.IdempotencyKey), in.RequestSHA)
	switch {
	case err != nil || first == nil:
		return nil, err
	case first.Status == billGone:
		return nil, fmt.Errorf("account was deleted: %w", store.ErrNotFound)
	}
	aead, err := keyAEAD(in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(first.Body) < n {
		return nil, errors.New("first answer to an upload is cut")
	}
	body, err := aead.Open(nil, first.Body[:n], first.Body[n:], nil)
	if err != nil {
		return nil, fmt.Errorf("open first answer: %w", err)
	}
	return &Replayed{first.Status, first.ContentType, body}, nil
}

// ErrTooOften asks to wait before the next account.
var ErrTooOften = errors.New("too many accounts at once")

// A person checks some accounts one after another, then one every few seconds.
const (
	billEvery  = 6 * time.Second
	billBurst  = 10
	billCaller = 10_000
)

// BillWait is how long one waits who came too often.
const BillWait = billEvery

// billPace bounds how often one caller has accounts checked.
type billPace struct {
	mu sync.Mutex
	by map[string]*rate.Limiter
}

func (p *billPace) allow(partner, peer string, now time.Time) bool {
	who := "partner " + partner
	if partner == "" {
		who = "peer " + peer
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.by == nil || len(p.by) >= billCaller {
		p.by = map[string]*rate.Limiter{}
	}
	l := p.by[who]
	if l == nil {
		l = rate.NewLimiter(rate.Every(billEvery), billBurst)
		p.by[who] = l
	}
	return l.AllowN(now, 1)
}
