package sftp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"

	"github.com/pkg/sftp"

	portadapters "kouan/port-adapters"
)

// answerLimit bounds what a server may send besides the content of files.
const answerLimit = 1 << 20

// Status codes that say that the same request will be refused again
// (draft-ietf-secsh-filexfer: 3 has only the first, servers of later
// versions answer with the other as well).
const (
	statusUnsupported = 8
	statusBadName     = 20
)

// maxWords bounds what is repeated of a server's own words.
const maxWords = 200

// told makes a failure fit for a delivery: with the reason that ended the
// call, with the server's words cut short, and permanent where the protocol
// says so. A full disk and missing rights are temporary: version 3 of the
// protocol tells a full disk as mere failure, and rights are mended by a
// person while the bytes stay the same.
func told(ctx context.Context, err error) error {
	short := &words{err}
	var status *sftp.StatusError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), short)
	case errors.Is(err, portadapters.ErrPermanent):
		return short
	case errors.Is(err, portadapters.ErrGuarded), errors.As(err, &status) && (status.Code == statusUnsupported || status.Code == statusBadName):
		return fmt.Errorf("%w: %w", portadapters.ErrPermanent, short)
	}
	return short
}

// words is an error whose text has a bounded length.
type words struct{ err error }

func (w *words) Error() string {
	text := w.err.Error()
	if len(text) > maxWords {
		text = strings.ToValidUTF8(text[:maxWords], "") + "…"
	}
	return text
}

func (w *words) Unwrap() error { return w.err }

// broken tells whether a connection cannot be used after err. An answer of
// the server, whatever it says, leaves it well.
func broken(err error) bool {
	var status *sftp.StatusError
	return err != nil && !errors.As(err, &status) && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, os.ErrPermission) &&
		!errors.Is(err, errKept)
}

// errKept marks a failure of our own finding, on a connection that is well.
var errKept = errors.New("connection kept")

// metered is a connection that ends when the other side sends more than it
// was allowed: a listing or a file without an end must not fill the memory.
type metered struct {
	net.Conn
	mu   sync.Mutex
	left int64
	err  error
}

func (m *metered) allow(n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left = n
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left -= int64(n)
	if m.left < 0 && m.err == nil {
		m.err = errors.New("more bytes than the request can have")
	}
	if m.err != nil {
		return 0, m.err
	}
	return n, err
}

// exceeded is why the connection was ended on this side, if it was.
func (m *metered) exceeded() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}

func (m *metered) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.err = err
	}
}

// shut closes the connection; it may be closed already.
func (m *metered) shut() {
	if err := m.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		m.fail(err)
	}
}
