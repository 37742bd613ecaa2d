package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Passwords hashes and checks passwords with Argon2id. A hash takes Memory
// KiB while it is made, so at most Places are made at once and at most Waiting
// callers wait for one; more are refused, so that sign-ins cannot exhaust the
// memory of the machine. The zero value has the standard cost.
type Passwords struct {
	Memory  uint32 // KiB; default 19 MiB with Time 2 (OWASP Password Storage Cheat Sheet, minimum configuration)
	Time    uint32
	Places  int // default 2
	Waiting int // default 32

	once   sync.Once
	places chan struct{}
	queue  chan struct{}
	dummy  string
	derive func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte // argon2.IDKey; tests count
}

const (
	argonMemory  = 19 << 10
	argonTime    = 2
	argonThreads = 1
	saltBytes    = 16
	hashBytes    = 32
)

// ErrBusy says that too many passwords are being checked already.
var ErrBusy = errors.New("too many passwords at once")

// errHash says that a stored hash is none.
var errHash = errors.New("no hash of a password")

func (p *Passwords) begin() {
	p.once.Do(func() {
		if p.Memory == 0 {
			p.Memory = argonMemory
		}
		if p.Time == 0 {
			p.Time = argonTime
		}
		if p.derive == nil {
			p.derive = argon2.IDKey
		}
		if p.Places <= 0 {
			p.Places = 2
		}
		if p.Waiting <= 0 {
			p.Waiting = 32
		}
		p.places, p.queue = make(chan struct{}, p.Places), make(chan struct{}, p.Places+p.Waiting)
		// nobody's password: what is compared when there is no user, so that it takes the same time
		p.dummy = p.phc(make([]byte, saltBytes), make([]byte, hashBytes))
	})
}

// enter waits for a place; leave gives it back.
func (p *Passwords) enter(ctx context.Context) (leave func(), err error) {
	p.begin()
	select {
	case p.queue <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places; <-p.queue }, nil
	case <-ctx.Done():
		<-p.queue
		return nil, ctx.Err()
	}
}

// normal is the form that is hashed: two keyboards may write one letter
// differently (SP 800-63B-4 section 3.1.1.2 asks for a normalised form).
func normal(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

// Hash makes the PHC form of a password.
func (p *Passwords) Hash(ctx context.Context, random io.Reader, password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return p.phc(salt, p.derive(normal(password), salt, p.Time, p.Memory, argonThreads, hashBytes)), nil
}

func (p *Passwords) phc(salt, hash []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Time, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(hash))
}

// Check compares a password with a stored hash. An empty one stands for a
// user who does not exist or has no password: it takes the same time and is
// false. again says that the hash was made with another cost and should be
// made anew.
func (p *Passwords) Check(ctx context.Context, stored, password string) (ok, again bool, err error) {
	p.begin()
	nobody := stored == ""
	if nobody {
		stored = p.dummy
	}
	h, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	got := p.derive(normal(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.hash))) //nolint:gosec // at most 128 by parsePHC
	same := subtle.ConstantTimeCompare(got, h.hash) == 1
	return same && !nobody, h.memory != p.Memory || h.time != p.Time || h.threads != argonThreads, nil
}

type phcHash struct {
	memory, time uint32
	threads      uint8
	salt, hash   []byte
}

// Bounds of a stored hash: what stands in the database must not make the
// program take all memory.
const (
	mostMemory = 256 << 10
	mostTime   = 64
	mostHash   = 128
)

func parsePHC(s string) (phcHash, error) {
	var h phcHash
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return h, errHash
	}
	var threads uint32
	for i, cost := range strings.Split(parts[3], ",") {
		name, value, _ := strings.Cut(cost, "=")
		n, err := strconv.ParseUint(value, 10, 32)
		if err != nil || i > 2 || name != []string{"m", "t", "p"}[i] {
			return h, errHash
		}
		*[]*uint32{&h.memory, &h.time, &threads}[i] = uint32(n)
	}
	var err1, err2 error
	h.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	h.hash, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || h.memory < 8 || h.memory > mostMemory || h.time < 1 || h.time > mostTime || threads < 1 || threads > 16 ||
		len(h.salt) < 8 || len(h.hash) < 16 || len(h.hash) > mostHash {
		return h, errHash
	}
	h.threads = uint8(threads)
	return h, nil
}
