package portadapters

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// TimeOf is the instant inside the id of a message, a UUIDv7, in milliseconds,
// UTC: a time of the message that is the same in every attempt.
func TimeOf(id string) (time.Time, error) {
	u, err := uuid.Parse(id)
	if err != nil {
		return time.Time{}, fmt.Errorf("message id %q: %w", id, err)
	}
	if u.Version() != 7 {
		return time.Time{}, fmt.Errorf("message id %q: not a UUIDv7", id)
	}
	var ms int64
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms).UTC(), nil
}
