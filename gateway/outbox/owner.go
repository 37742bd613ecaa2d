package outbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Identity is the name under which a process leases, kept in a folder of the
// machine so that the process that comes after a crash has the name of the
// one that died: it takes its leases over at once, under higher epochs,
// instead of waiting until they end. While a process lives it holds a lock on
// the file of its name, which the kernel frees with the process, so that two
// processes of one folder have two names.
type Identity struct {
	Name string
	file *os.File
}

// identities bounds the processes of one folder.
const identities = 64

// TakeIdentity takes the first free name of a folder, or makes one with
// newID. A folder that cannot be locked (some network file systems) is an
// error: the caller goes on under a fresh name.
func TakeIdentity(dir string, newID func() string) (*Identity, error) {
	for n := range identities {
		path := filepath.Join(dir, fmt.Sprintf("kouan-outbox-owner-%d", n))
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, fmt.Errorf("take a name for leases: %w", err)
		}
		locked, err := lockFile(f)
		if err == nil && !locked {
			if err = f.Close(); err == nil {
				continue
			}
		}
		var name string
		if err == nil {
			name, err = nameIn(f, newID)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("take a name for leases from %s: %w", filepath.Base(path), err), f.Close())
		}
		return &Identity{Name: name, file: f}, nil
	}
	return nil, fmt.Errorf("take a name for leases: all %d of the folder are in use", identities)
}

// nameIn reads the name of a locked file, or writes a new one when a crash
// left none or half of one.
func nameIn(f *os.File, newID func() string) (string, error) {
	kept, err := io.ReadAll(io.LimitReader(f, 128))
	if err != nil {
		return "", err
	}
	if name, whole := strings.CutSuffix(string(kept), "\n"); whole && name != "" && len(name) <= 64 {
		return name, nil
	}
	name := newID()
	if err := f.Truncate(0); err != nil {
		return "", err
	}
	if _, err := f.WriteAt([]byte(name+"\n"), 0); err != nil {
		return "", err
	}
	return name, f.Sync()
}

// Release frees the name for the next process.
func (i *Identity) Release() error { return i.file.Close() }
