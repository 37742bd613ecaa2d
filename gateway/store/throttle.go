package store

import (
	"context"
	"fmt"
)

// Throttle is one try of something that may be tried Most times in a window.
// One more than that is a conflict on "throttle", and the whole change with
// it does not happen. The count is in the database, so it is one for all
// processes and survives a restart.
type Throttle struct {
	Name   string // what is counted; a hash wherever it would tell about a person
	At     int64
	Window int64 // milliseconds; it begins with the first try
	Most   int64
}

const throttleColumns = `name, tries, since, until`

// throttleKept is how long rows stay behind the end of their window.
const throttleKept = 24 * 60 * 60 * 1000

func (t tx) throttle(ctx context.Context, c *Change) error {
	for _, name := range c.Unthrottle {
		if _, err := t.exec(ctx, `DELETE FROM throttles WHERE name = ?`, name); err != nil {
			return fmt.Errorf("forget tries: %w", t.s.d.rowError(err, "throttles"))
		}
	}
	for i := range c.Throttles {
		h := &c.Throttles[i]
		if _, err := t.exec(ctx, `DELETE FROM throttles WHERE until < ?`, h.At-throttleKept); err != nil {
			return fmt.Errorf("forget tries: %w", t.s.d.rowError(err, "throttles"))
		}
		r := t.s.d.insertThrottle.rows()
		r.add(128, h.Name, 1, h.At, h.At+h.Window)
		if err := t.insert(ctx, r); err != nil {
			return err
		}
		tries, err := t.number(ctx, `SELECT tries FROM throttles WHERE name = ?`, h.Name)
		if err != nil {
			return fmt.Errorf("count tries: %w", err)
		}
		if tries > h.Most {
			return &ConflictError{On: "throttle"}
		}
	}
	return nil
}

// ThrottledUntil is when the window of a name ends; 0: it has none.
func (s *Store) ThrottledUntil(ctx context.Context, name string) (int64, error) {
	var rows []int64
	err := s.all(ctx, &rows, `
SELECT until
FROM throttles
WHERE name = ?`, name)
	if err != nil || len(rows) == 0 {
		return 0, s.readError(err, "tries")
	}
	return rows[0], nil
}

func (v *checker) throttles(c *Change) {
	for i := range c.Throttles {
		h := &c.Throttles[i]
		v.text("throttles.name", h.Name, 80)
		if h.Name == "" || h.Window <= 0 || h.Most <= 0 {
			v.fail("throttle %q of %d in %d ms", h.Name, h.Most, h.Window)
		}
	}
}
