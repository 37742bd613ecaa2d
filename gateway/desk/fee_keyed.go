package desk

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/store"
)

// keyed is a request whose answer holds the secret of a link: an account, a
// complaint. The answer is kept for the Idempotency-Key sealed with that very
// key, of which only the hash is stored: who reads the database learns
// neither. Among strangers the key is all that keeps one from another's
// answer, so it must not be guessed.
type keyed struct {
	kind       string // fee-bill: of the names that hashes have
	partner    string // empty: a stranger
	key        string // empty: nothing is kept
	requestSHA string
}

// leastStrangerKey is in characters: 128 bits in base64.
const leastStrangerKey = 22

const codeWeakKey = "FEE-1210" // an Idempotency-Key of a stranger is too short; args: limit

// answerGone marks the answer of an account that was deleted (store: DeleteFeeBill).
const answerGone = 410

// tenant is under whose name the key stands.
func (k *keyed) tenant() string {
	if k.partner == "" {
		return k.kind + "s"
	}
	return k.partner
}

func (k *keyed) name() string { return k.kind + "/" + digest([]byte(k.key)) }

// weak refuses a key that could be guessed.
func (k *keyed) weak() error {
	if k.partner != "" || k.key == "" || len(k.key) >= leastStrangerKey {
		return nil
	}
	return &FaultsError{[]declarations.Fault{strictjson.Reject(codeWeakKey, "header.Idempotency-Key", "limit", strconv.Itoa(leastStrangerKey))}}
}

// seal works with a key that was given, never stored.
func (k *keyed) seal() (cipher.AEAD, error) {
	sum := sha256.Sum256([]byte("kouan " + k.kind + " answer\n" + k.key))
	block, err := aes.NewCipher(sum[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// keep is the row of an answer; nil when there is no key.
func (k *keyed) keep(a *Replayed, now int64, random io.Reader) (*store.Idempotency, error) {
	if k.key == "" {
		return nil, nil
	}
	aead, err := k.seal()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("seal answer: %w", err)
	}
	return &store.Idempotency{Tenant: k.tenant(), Key: k.name(), RequestSHA: k.requestSHA, Status: a.Status, ContentType: a.ContentType,
		Body: aead.Seal(nonce, nonce, a.Body, nil), CreatedAt: now}, nil
}

// replayKeyed is the first answer to a key; nil when it is new. The key of an
// account that was deleted makes no second one: store.ErrNotFound.
func (d *Desk) replayKeyed(ctx context.Context, k *keyed) (*Replayed, error) {
	if k.key == "" {
		return nil, nil
	}
	first, err := d.replay(ctx, k.tenant(), k.name(), k.requestSHA)
	switch {
	case err != nil || first == nil:
		return nil, err
	case first.Status == answerGone:
		return nil, fmt.Errorf("account was deleted: %w", store.ErrNotFound)
	}
	aead, err := k.seal()
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(first.Body) < n {
		return nil, errors.New("first answer is cut")
	}
	body, err := aead.Open(nil, first.Body[:n], first.Body[n:], nil)
	if err != nil {
		return nil, fmt.Errorf("open first answer: %w", err)
	}
	return &Replayed{first.Status, first.ContentType, body}, nil
}
