package filedrop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	portadapters "kouan/port-adapters"
)

// Folders below the root of a terminal.
const (
	Out = "out" // the gateway puts messages here; the terminal takes them away
	In  = "in"  // the terminal puts acknowledgements (portadapters.Ack) and its answers here
)

// Terminal writes into the out folder of one terminal: one message, one plain
// file with the ending of its content. The folders must exist, because the
// terminal's side owns them: without them it is not there, and the delivery waits.
type Terminal struct {
	Root  string
	Clock func() time.Time // nil: the system's
}

var _ portadapters.Adapter = (*Terminal)(nil)

// Deliver puts m under its final name (portadapters.PlainFile), whole and on
// disk, or says that it is there or was acknowledged (Duplicate). A file or an
// acknowledgement of that name for other bytes is a permanent failure; missing
// folders, missing rights and a full disk are temporary. A file that was taken
// away and not acknowledged is written again: the terminal knows it by its name.
func (a *Terminal) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	receipt, err := a.deliver(ctx, &m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return receipt, nil
}

func (a *Terminal) deliver(ctx context.Context, m *portadapters.Message) (portadapters.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return portadapters.Receipt{}, err
	}
	name, err := portadapters.PlainFile(m)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	folder, err := spelled(a.Root, Out)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	out := filepath.Join(a.Root, folder)
	detail, err := a.find(out, name, m.Body)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	found := detail != ""
	if !found {
		detail = name
	}
	if err := place(ctx, out, name, m.Body, found); err != nil {
		return portadapters.Receipt{}, err
	}
	return portadapters.Receipt{
		At:        portadapters.Now(a.Clock),
		Peer:      filepath.Join(filepath.Base(filepath.Clean(a.Root)), folder),
		Detail:    detail,
		Duplicate: found,
	}, nil
}

// find names what shows that body was delivered before: the file itself, or
// the acknowledgement of it, which is looked for later so that a file taken in
// the meantime is seen where it went.
func (a *Terminal) find(out, name string, body []byte) (string, error) {
	got, err := hashFile(filepath.Join(out, name))
	switch {
	case err == nil && got == sha256.Sum256(body):
		return name, nil
	case err == nil:
		return "", fmt.Errorf("%s stands in %s with other content: %w", name, Out, portadapters.ErrPermanent)
	case !errors.Is(err, os.ErrNotExist):
		return "", err
	}
	in, err := spelled(a.Root, In)
	if err != nil {
		return "", err
	}
	content, err := readAck(filepath.Join(a.Root, in, portadapters.AckName(name)))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if done, err := portadapters.Acknowledged(name, content, body); err != nil || !done {
		return "", err
	}
	return portadapters.AckName(name), nil
}

// readAck reads no more of a file than tells that it is too large.
func readAck(path string) ([]byte, error) {
	var content bytes.Buffer
	err := reading(path, func(f *os.File) error {
		_, err := io.Copy(&content, io.LimitReader(f, portadapters.MaxAck+1))
		return err
	})
	return content.Bytes(), err
}
