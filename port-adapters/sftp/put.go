package sftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/pkg/sftp"

	portadapters "kouan/port-adapters"
)

// put writes body beside its final place and renames it. A leftover of the
// same temporary name is written over: one writer at a time holds the lease on
// a message. found is true when it turns out that an earlier attempt, given up
// on this side, was carried out after all.
func (l *link) put(ctx context.Context, final string, body []byte) (found bool, err error) {
	temp := final + ".tmp"
	defer func() {
		if found || err != nil && !broken(err) {
			if rm := l.Remove(temp); rm != nil && !errors.Is(rm, os.ErrNotExist) {
				err = errors.Join(err, rm)
			}
		}
	}()
	if err := l.write(temp, body); err != nil {
		return false, fmt.Errorf("write %s: %w", temp, err)
	}
	// The last moment at which a lost lease can stop it.
	if err := ctx.Err(); err != nil {
		return false, errors.Join(err, errKept)
	}
	err = l.rename(temp, final)
	switch {
	case err == nil:
		return false, nil
	case broken(err):
		return false, fmt.Errorf("rename to %s: %w: %w", final, portadapters.ErrUnknown, err)
	}
	if found, look := l.find(final, body); found || look != nil {
		return found, look
	}
	return false, fmt.Errorf("rename to %s: %w", final, err)
}

// Extensions of OpenSSH that many servers have.
const (
	extFsync  = "fsync@openssh.com"
	extRename = "posix-rename@openssh.com"
)

// write leaves a whole file on the disk of the other side, where the server
// can say so.
func (l *link) write(temp string, body []byte) error {
	f, err := l.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	return errors.Join(l.fill(f, body), f.Close())
}

// fill writes body and asks what came of it: a server with a full disk or a
// quota may take every write and keep less.
func (l *link) fill(f *sftp.File, body []byte) error {
	if _, err := f.ReadFrom(bytes.NewReader(body)); err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != int64(len(body)) {
		return fmt.Errorf("%d of %d bytes are there: %w", info.Size(), len(body), errKept)
	}
	if version, offered := l.HasExtension(extFsync); offered && version == "1" {
		return f.Sync()
	}
	return nil
}

// rename is atomic where the server offers it so. The rename of protocol
// version 3 refuses to overwrite.
func (l *link) rename(temp, final string) error {
	if _, offered := l.HasExtension(extRename); offered {
		return l.PosixRename(temp, final)
	}
	return l.Rename(temp, final)
}
