package filedrop

import (
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

// Adapter writes into the OutBox of one business folder. Root must be given;
// the folders must exist, because the import client owns them: without them
// it is not there, and the delivery waits.
type Adapter struct {
	Root     string
	Business string           // "": DefaultBusiness
	Bare     bool             // write <FileName>.xml instead of <FileName>.zip
	Clock    func() time.Time // nil: the system's
}

var _ portadapters.Adapter = (*Adapter)(nil)

// Deliver puts m into OutBox under its final name, whole and on disk, or says
// that it is there already (Duplicate). A file of that name with other bytes
// and a file that the client put into FailBox are permanent failures; missing
// folders, missing rights and a full disk are temporary.
func (a *Adapter) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	receipt, err := a.deliver(ctx, &m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return receipt, nil
}

func (a *Adapter) deliver(ctx context.Context, m *portadapters.Message) (portadapters.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return portadapters.Receipt{}, err
	}
	name, body, err := pack(m, a.Bare)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	out, err := Folder(a.Root, a.Business, OutBox)
	if err != nil {
		return portadapters.Receipt{}, err
	}
	found, err := a.find(name, sha256.Sum256(body))
	if err != nil {
		return portadapters.Receipt{}, err
	}
	if err := place(ctx, out, name, body, found); err != nil {
		return portadapters.Receipt{}, err
	}
	return portadapters.Receipt{
		At:        portadapters.Now(a.Clock),
		Peer:      filepath.Join(filepath.Base(filepath.Dir(out)), filepath.Base(out)),
		Detail:    name,
		Duplicate: found,
	}, nil
}

// find looks for name where an earlier delivery can be: waiting, taken or
// refused. FailBox comes last so that a file taken in the meantime is seen
// where it went.
func (a *Adapter) find(name string, want [sha256.Size]byte) (bool, error) {
	for _, box := range []string{OutBox, SentBox, FailBox} {
		dir, err := Folder(a.Root, a.Business, box)
		if errors.Is(err, os.ErrNotExist) && box != OutBox {
			continue // the client makes them when it needs them
		}
		if err != nil {
			return false, err
		}
		got, err := hashFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			return false, err
		case got != want:
			return false, fmt.Errorf("%s stands in %s with other content: %w", name, box, portadapters.ErrPermanent)
		case box == FailBox:
			return false, fmt.Errorf("%s stands in FailBox, the client refused it: %w", name, portadapters.ErrPermanent)
		}
		return true, nil
	}
	return false, nil
}

func hashFile(path string) ([sha256.Size]byte, error) {
	h := sha256.New()
	err := reading(path, func(f *os.File) error {
		_, err := io.Copy(h, f)
		return err
	})
	return [sha256.Size]byte(h.Sum(nil)), err
}

func reading(path string, use func(*os.File) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(use(f), f.Close())
}

// place makes sure that body stands under name and is on disk.
func place(ctx context.Context, dir, name string, body []byte, found bool) error {
	if !found {
		if err := put(ctx, dir, name, body); err != nil {
			return err
		}
	}
	// Also for a file found: the process that renamed it may have died before this.
	if err := syncDir(dir); err != nil {
		return fmt.Errorf("%w: %w", portadapters.ErrUnknown, err)
	}
	return nil
}

// put writes body beside its final place and renames it (envelopes.md section
// 2.3). A leftover of the same temporary name is written over: one writer at a
// time holds the lease on a message.
func put(ctx context.Context, dir, name string, body []byte) (err error) {
	temp := filepath.Join(dir, name+".temp")
	defer func() {
		if err != nil {
			if rm := os.Remove(temp); rm != nil && !errors.Is(rm, os.ErrNotExist) {
				err = errors.Join(err, rm)
			}
		}
	}()
	if err := writeSynced(temp, body); err != nil {
		return err
	}
	// The last moment at which a lost lease can stop it.
	if err := ctx.Err(); err != nil {
		return err
	}
	return os.Rename(temp, filepath.Join(dir, name))
}

// writeSynced leaves the file readable for others: the client runs as another user.
func writeSynced(path string, body []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
