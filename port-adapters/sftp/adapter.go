package sftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"time"

	portadapters "kouan/port-adapters"
)

// Adapter writes into one directory of the other side, which must exist.
type Adapter struct {
	Host      *Host
	Directory string           // relative to the home of the account, or absolute; "": the home itself
	Clock     func() time.Time // nil: the system's
}

var _ portadapters.Adapter = (*Adapter)(nil)

// Deliver puts m under its final name (portadapters.PlainFile), whole, or says
// that it is there already (Duplicate). A file of that name with other bytes,
// an unknown host key and a refused login are permanent; what may pass
// (directory missing, rights missing, disk full, nobody there) is temporary;
// a connection that breaks in the moment of renaming is unknown.
func (a *Adapter) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	receipt, err := a.deliver(ctx, &m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return receipt, nil
}

func (a *Adapter) deliver(ctx context.Context, m *portadapters.Message) (portadapters.Receipt, error) {
	name, err := portadapters.PlainFile(m)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	final := path.Join(a.Directory, name)
	found := false
	err = a.Host.with(ctx, int64(2*len(m.Body))+answerLimit, func(ctx context.Context, l *link) error {
		var err error
		if found, err = l.find(final, m.Body); err != nil || found {
			return err
		}
		found, err = l.put(ctx, final, m.Body)
		return err
	})
	if err != nil {
		return portadapters.Receipt{}, err
	}
	return portadapters.Receipt{At: portadapters.Now(a.Clock), Peer: a.Host.Address, Detail: final, Duplicate: found}, nil
}

// find tells whether body stands under its final name.
func (l *link) find(final string, body []byte) (bool, error) {
	info, err := l.Stat(final)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", final, err)
	}
	same := !info.IsDir() && info.Size() == int64(len(body))
	if same {
		got, err := l.read(final, info.Size())
		if err != nil {
			return false, fmt.Errorf("compare %s: %w", final, err)
		}
		same = bytes.Equal(got, body)
	}
	if !same {
		return false, fmt.Errorf("%s stands there with other content: %w: %w", final, portadapters.ErrPermanent, errKept)
	}
	return true, nil
}

// read takes size bytes of a file; with fewer it returns those and io.ErrUnexpectedEOF.
func (l *link) read(name string, size int64) ([]byte, error) {
	f, err := l.Open(name)
	if err != nil {
		return nil, err
	}
	body := make([]byte, size)
	n, err := io.ReadFull(f, body)
	return body[:n], errors.Join(err, f.Close())
}
