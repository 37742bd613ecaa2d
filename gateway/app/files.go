package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// writeFile makes a file that is whole or absent: written beside its place,
// synced, renamed, and the folder synced.
func writeFile(path string, mode os.FileMode, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("write %s: %w", path, errors.Join(err, removeIfThere(f.Name())))
		}
	}()
	if err := errors.Join(f.Chmod(mode), write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// writeBytes is writeFile of what is in memory.
func writeBytes(path string, mode os.FileMode, body []byte) error {
	return writeFile(path, mode, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// maxDocument bounds what check, convert and submit read of one file. It is
// above the limit of the strict readers, so that these give the fault.
const maxDocument = 64 << 20

// readDocument reads a file, or standard input for "-".
func (c *console) readDocument(path string) ([]byte, error) {
	if path == "-" {
		return readBounded(c.in, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	body, err := readBounded(f, path)
	return body, errors.Join(err, f.Close())
}

func readBounded(r io.Reader, name string) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return body, nil
}
