package inspection

import (
	"slices"
	"time"
)

// record is the course of one box record: the box itself, or a follow-up of it.
type record struct {
	key, root   string
	box         *Box
	parent      *record
	depth       int       // 0 the box itself, 1 its first follow-up …
	born        time.Time // issue of the first version that has it
	due         int       // version that the terminal must answer at least
	dueAt       time.Time // its issue
	placedAt    time.Time // since when the present site is ordered; zero: from the beginning
	cancelled   bool
	cancelledBy int // version
	cancelledAt time.Time
	events      []*heard
	status      BoxStatus

	// What counts, once the record stands.
	decision  *heard
	lock      *heard
	moveStart *heard
	moveDone  *heard
	ready     *heard
	started   *heard
	finish    *heard // the last one
	released  *heard
	seized    *heard
	unlocked  *heard
	out       *heard // moved back or gone through the gate
	exception *heard
	confirmed *heard
	postponed *heard
	appointed *heard
	followed  bool // a follow-up goes on in its place
}

// takeRecords makes the records of the newest version, and of boxes that only
// an older one has: those are no longer wanted.
func (c *course) takeRecords() {
	if c.newest == nil {
		return
	}
	for _, n := range slices.Backward(c.versions) {
		for i := range n.Boxes {
			c.takeRecord(&n.Boxes[i])
		}
	}
	for _, r := range c.records {
		if r.parent = c.find(r.box.Parent); r.parent == r {
			r.parent = nil
		}
	}
	for _, r := range c.records {
		for p := r.parent; p != nil && r.depth < len(c.records); p = p.parent {
			r.depth++
		}
	}
	slices.SortStableFunc(c.records, func(a, b *record) int { return a.depth - b.depth })
	for _, r := range c.records {
		if r.parent != nil && !r.cancelled {
			r.parent.followed = true
		}
	}
}

func (c *course) find(key string) *record {
	if key == "" {
		return nil
	}
	for _, r := range c.records {
		if r.key == key {
			return r
		}
	}
	return nil
}

func (c *course) takeRecord(b *Box) {
	key := b.Key()
	if c.find(key) != nil {
		return
	}
	r := &record{key: key, root: b.root(), box: b, status: BoxStatus{Box: key, Parent: b.Parent}}
	var later *Box // the same record one version later
	var laterNotice *Notice
	samePlace := true
	for _, n := range slices.Backward(c.versions) {
		at, has := n.box(key)
		gone := !has || slices.Contains(n.Cancelled, key)
		switch {
		case gone && later == nil:
			r.cancelled, r.cancelledBy, r.cancelledAt = true, n.Version, n.IssuedAt // of several, the first
		case gone: // taken back once and ordered again
			c.records = append(c.records, r)
			return
		}
		if !has {
			continue
		}
		if gone {
			r.born = n.IssuedAt
			continue
		}
		// Change of site or method needs a new answer (transition 19), and so
		// does another terminal.
		if later == nil || r.due == laterNotice.Version && sameWork(at, later) && n.Terminal == laterNotice.Terminal {
			r.due, r.dueAt = n.Version, n.IssuedAt
		}
		if later != nil && samePlace && (at.Site != later.Site || n.Terminal != laterNotice.Terminal) {
			r.placedAt, samePlace = laterNotice.IssuedAt, false
		}
		r.born = n.IssuedAt
		later, laterNotice = at, n
	}
	c.records = append(c.records, r)
}

func sameWork(a, b *Box) bool { return a.Site == b.Site && a.Method == b.Method }

// root is the box without the number of a follow-up.
func (b *Box) root() string {
	if b.ContainerNumber != "" {
		return b.ContainerNumber
	}
	return b.Mark
}

// box finds a record of the version by its key.
func (n *Notice) box(key string) (*Box, bool) {
	for i := range n.Boxes {
		if n.Boxes[i].Key() == key {
			return &n.Boxes[i], true
		}
	}
	return nil, false
}

func (c *course) ordered(w Work) bool { return slices.Contains(c.newest.Orders, w) }

func (c *course) sends(k Kind) bool { return slices.Contains(c.in.Capability.Sends, k) }

// withdrawn says that customs took the box back before it began. A start that
// was known when the order was made stands: cancel after start is not allowed
// (transition 18), whatever a version says.
func (r *record) withdrawn() bool {
	if !r.cancelled {
		return false
	}
	for _, h := range r.events {
		switch h.Kind {
		case Started, Finished, Released:
			known := h.HeardAt
			if known.IsZero() {
				known = h.at
			}
			if known.Before(r.cancelledAt) {
				return false
			}
		}
	}
	return true
}
