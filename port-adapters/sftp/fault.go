package sftp

import (
	"context"
	"errors"
	"fmt"
	"os"

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

// told makes a failure fit for a delivery: with the reason that ended the
// call, with the server's words cut short, and permanent where the protocol
// says so. A full disk and missing rights are temporary: version 3 of the
// protocol tells a full disk as mere failure, and rights are mended by a
// person while the bytes stay the same.
func told(ctx context.Context, err error) error {
	short := portadapters.Shortened(err)
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

// broken tells whether a connection cannot be used after err. An answer of
// the server, whatever it says, leaves it well.
func broken(err error) bool {
	var status *sftp.StatusError
	return err != nil && !errors.As(err, &status) && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, os.ErrPermission) &&
		!errors.Is(err, errKept)
}

// errKept marks a failure of our own finding, on a connection that is well.
var errKept = errors.New("connection kept")
