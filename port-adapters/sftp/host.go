// Package sftp is the wire of terminals that take files over SSH.
//
// Contract: Adapter puts one message as one complete file into a directory of
// the other side, or finds that it is there. Scanner reports finished files of
// a directory and leaves them in place. Neither ever shows half a file. The
// other side is known by its pinned keys; another one is never spoken to.
// Every call ends within the Timeout of its Host, whatever the other side does.
//
// The package does not know what a file says, nor which files were read
// before a restart: the durable ledger by SHA-256 belongs to the caller. It
// does not know where a terminal moves a file that it has taken: a redelivery
// after that arrives again under the same name.
package sftp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
)

// Defaults of a Host.
const (
	DefaultConnections = 4
	DefaultIdle        = 30 * time.Second
	probeTimeout       = 5 * time.Second // for a connection that was idle to show that it lives
)

// Host is one account on one SFTP server, with the connections to it. An
// Adapter and a Scanner may share it. Address, User, one or more HostKeys, and
// Signers or a Password are required. Nothing may change after the first use.
type Host struct {
	Address  string // host:port
	User     string
	Password string
	Signers  []ssh.Signer
	HostKeys []ssh.PublicKey // the only keys that the server may show

	Dial        portadapters.DialFunc // nil: a Guard that allows no special address
	Timeout     time.Duration         // of one delivery or scan; 0: portadapters.DefaultTimeout
	Idle        time.Duration         // after which an unused connection is closed; 0: DefaultIdle
	Connections int                   // at once; each serves one delivery at a time; 0: DefaultConnections

	once  sync.Once
	slots chan struct{}

	mu   sync.Mutex
	idle []*link
}

// link is one connection that is not in use, or in use by one call.
type link struct {
	*sftp.Client
	conn *portadapters.Bounded
	out  *time.Timer // closes it when it was idle for too long
}

// String names the account and no secret.
func (h *Host) String() string { return h.User + "@" + h.Address }

// GoString is String, so that no verb prints the password.
func (h *Host) GoString() string { return h.String() }

// Close ends the connections that are idle; those in use end when they are.
func (h *Host) Close() {
	h.mu.Lock()
	idle := h.idle
	h.idle = nil
	h.mu.Unlock()
	for _, l := range idle {
		l.cut()
	}
}

// with runs work on a connection of its own, within the Timeout. take bounds
// the bytes that the other side may send in it. A context that ends closes the
// connection, which ends every call on it.
func (h *Host) with(ctx context.Context, take int64, work func(context.Context, *link) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(h.Timeout, portadapters.DefaultTimeout))
	defer cancel()
	h.once.Do(func() { h.slots = make(chan struct{}, cmp.Or(h.Connections, DefaultConnections)) })
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return fmt.Errorf("wait for a connection to %s: %w", h.Address, ctx.Err())
	}
	l, err := h.reach(ctx)
	if err != nil {
		return fmt.Errorf("reach %s: %w", h.Address, told(ctx, err))
	}
	l.conn.Allow(take)
	stop := context.AfterFunc(ctx, l.cut)
	err = work(ctx, l)
	if stop() && !broken(err) {
		h.park(l)
	} else {
		l.cut()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", h.Address, told(ctx, errors.Join(err, l.conn.Why())))
	}
	return nil
}

// reach takes an idle connection that still lives, or makes one.
func (h *Host) reach(ctx context.Context) (*link, error) {
	for {
		l := h.take()
		if l == nil {
			return h.connect(ctx)
		}
		if l.lives(ctx) {
			return l, nil
		}
		l.cut() // closed by the server, or half-open
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

func (h *Host) take() *link {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.idle) > 0 {
		l := h.idle[len(h.idle)-1]
		h.idle = h.idle[:len(h.idle)-1]
		if l.out.Stop() {
			return l
		}
	}
	return nil
}

func (h *Host) park(l *link) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.idle = append(h.idle, l)
	l.out = time.AfterFunc(cmp.Or(h.Idle, DefaultIdle), func() { h.expire(l) })
}

func (h *Host) expire(l *link) {
	h.mu.Lock()
	for i, other := range h.idle {
		if other == l {
			h.idle = append(h.idle[:i], h.idle[i+1:]...)
			break
		}
	}
	h.mu.Unlock()
	l.cut()
}

// lives asks a question that every server answers.
func (l *link) lives(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	l.conn.Allow(answerLimit)
	stop := context.AfterFunc(ctx, l.cut)
	_, err := l.RealPath(".")
	return stop() && !broken(err)
}

// cut ends the connection without a word: a server that does not answer would
// not answer a farewell either.
func (l *link) cut() { l.conn.Cut() }
