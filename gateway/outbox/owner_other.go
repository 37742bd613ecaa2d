//go:build !unix

package outbox

import (
	"errors"
	"os"
)

// lockFile is not there: each process goes on under a fresh name.
func lockFile(*os.File) (bool, error) { return false, errors.ErrUnsupported }
