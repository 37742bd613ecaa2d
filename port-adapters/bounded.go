package portadapters

import (
	"errors"
	"net"
	"strings"
	"sync"
)

// ErrTooMuch says that another side sent more than its answer can have.
var ErrTooMuch = errors.New("more bytes than the answer can have")

// Bounded is a connection that ends when the other side sends more than it
// was allowed: an answer or a listing without an end must not fill the memory.
// Nothing is allowed at first.
type Bounded struct {
	net.Conn

	mu   sync.Mutex
	left int64
	err  error
}

// Allow sets how many bytes may come from now on.
func (b *Bounded) Allow(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = n
}

func (b *Bounded) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left -= int64(n); b.left < 0 && b.err == nil {
		b.err = ErrTooMuch
	}
	if b.err != nil {
		return 0, b.err
	}
	return n, err
}

// Why is what was wrong with the connection on this side; nil: nothing. The
// protocols above say no more than that it is gone.
func (b *Bounded) Why() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Cut closes the connection without a word; it may be closed already. A
// connection is also cut when its context ends, so that no call outlasts it.
func (b *Bounded) Cut() {
	if err := b.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.err == nil {
			b.err = err
		}
	}
}

// maxWords bounds what is repeated of another side's own words.
const maxWords = 200

// Shortened is err with a text that fits into one line of a log: other sides
// answer with words of any length.
func Shortened(err error) error {
	if err == nil {
		return nil
	}
	return &shortened{err}
}

type shortened struct{ err error }

func (s *shortened) Error() string { return Words(s.err.Error()) }

func (s *shortened) Unwrap() error { return s.err }

// Words makes foreign words fit to be kept and shown: valid UTF-8 without
// control characters, of a bounded length.
func Words(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return cut(s, maxWords)
}

// cut keeps at most limit bytes of s, whole characters, and says that it cut.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
