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
	Answers   string           // directory where the terminal acknowledges (portadapters.Ack); "": it does not
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
	receipt := portadapters.Receipt{Peer: a.Host.Address, Detail: path.Join(a.Directory, name)}
	err = a.Host.with(ctx, int64(2*len(m.Body))+answerLimit, func(ctx context.Context, l *link) (err error) {
		if receipt.Duplicate, err = l.find(receipt.Detail, m.Body); err != nil || receipt.Duplicate {
			return err
		}
		if m.Redelivery && a.Answers != "" {
			ack := path.Join(a.Answers, portadapters.AckName(name))
			if receipt.Duplicate, err = l.acknowledged(ack, name, m.Body); err != nil || receipt.Duplicate {
				receipt.Detail = ack
				return err
			}
		}
		receipt.Duplicate, err = l.put(ctx, receipt.Detail, m.Body)
		return err
	})
	if err != nil {
		return portadapters.Receipt{}, err
	}
	receipt.At = portadapters.Now(a.Clock)
	return receipt, nil
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
		got, err := l.read(final, info.Size()+1)
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

// acknowledged tells whether a file was taken away and acknowledged.
func (l *link) acknowledged(ack, file string, body []byte) (bool, error) {
	content, err := l.read(ack, portadapters.MaxAck+1)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", ack, err)
	}
	done, err := portadapters.Acknowledged(file, content, body)
	if err != nil {
		err = fmt.Errorf("%w: %w", errKept, err)
	}
	return done, err
}

// read takes a file, at most limit bytes of it.
func (l *link) read(name string, limit int64) ([]byte, error) {
	f, err := l.Open(name)
	if err != nil {
		return nil, err
	}
	body := make([]byte, limit) // at once, so that the requests for its parts overlap
	n, err := io.ReadFull(f, body)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return body[:n], errors.Join(err, f.Close())
}
