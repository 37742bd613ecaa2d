//go:build unix

package outbox

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks a file until it is closed or the process ends; false when
// another process has it.
func lockFile(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
