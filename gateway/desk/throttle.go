package desk

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"

	"kouan/gateway/store"
)

// TooOftenError says that something was tried more often than it may be.
type TooOftenError struct{ After time.Duration }

func (e *TooOftenError) Error() string { return fmt.Sprintf("too often, again in %s", e.After) }

// throttle holds the key that names addresses when no sealing key is there;
// then their names are those of this process.
type throttle struct {
	once sync.Once
	key  [sha256.Size]byte
	err  error
}

// maker is a sealer that names things as well.
type maker interface {
	Mac(plain []byte, about string) []byte
}

// addressName names the address of a caller without telling it: the address
// itself is stored nowhere. Of IPv6 the network of the subscriber counts, 64
// bits: he has all addresses in it.
func (d *Desk) addressName(address string) (string, error) {
	about := "address of a caller"
	if a, err := netip.ParseAddr(address); err == nil {
		a = a.Unmap().WithZone("")
		if a.Is6() {
			if p, err := a.Prefix(64); err == nil {
				a = p.Addr()
			}
		}
		address = a.String()
	}
	if m, ok := d.Seal.(maker); ok {
		return hex.EncodeToString(m.Mac([]byte(address), about)[:16]), nil
	}
	d.throttle.once.Do(func() {
		_, d.throttle.err = io.ReadFull(d.random(), d.throttle.key[:])
	})
	if d.throttle.err != nil {
		return "", fmt.Errorf("make a key for addresses: %w", d.throttle.err)
	}
	h := hmac.New(sha256.New, d.throttle.key[:])
	h.Write([]byte(about + "\n" + address))
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// random is where secrets come from.
func (d *Desk) random() io.Reader {
	if d.Random == nil {
		return rand.Reader
	}
	return d.Random
}

// tooOften makes the error of a throttle that refused: when the last of the
// windows ends.
func (d *Desk) tooOften(ctx context.Context, list ...store.Throttle) error {
	now := d.now()
	until := now
	for _, t := range list {
		at, err := d.Store.ThrottledUntil(ctx, t.Name)
		if err != nil {
			return fmt.Errorf("look up tries: %w", err)
		}
		until = max(until, at)
	}
	return &TooOftenError{After: max(time.Duration(until-now)*time.Millisecond, time.Second)}
}

// secretBytes is what a token has of chance.
const secretBytes = 32

// token makes a secret for a link or a session, and the hash that is stored of it.
func (d *Desk) token() (token, hash string, err error) {
	var b [secretBytes]byte
	if _, err := io.ReadFull(d.random(), b[:]); err != nil {
		return "", "", fmt.Errorf("make a token: %w", err)
	}
	token = encodeToken(b[:])
	return token, digest([]byte(token)), nil
}
