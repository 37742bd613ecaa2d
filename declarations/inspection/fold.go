package inspection

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Input is all that is known about one notice. Events that Admit refused are
// left out: they are history and never count later. The order of versions and
// events means nothing.
type Input struct {
	Versions   []Notice
	Events     []Event
	Capability Capability // of the terminal; the zero row is one about which nothing is on file
	Now        time.Time
}

// Fold says where the notice and each of its boxes stand. It is a function of
// the set of versions and events, however often and in whatever order they
// came; only Now moves it besides.
func Fold(in Input) Overview {
	c := newCourse(&in)
	return c.overview()
}

// heard is an event with the time by which it is ordered.
type heard struct {
	*Event
	at      time.Time
	applied int    // box records that it is about
	refused int    // of them, those for which it cannot count
	why     string // the last reason
}

// refuse notes that the event cannot count for one record.
func (h *heard) refuse(why string) {
	h.refused++
	h.why = why
}

// isRefused tells an event that counts nowhere.
func (h *heard) isRefused() bool { return h.why != "" && h.refused >= h.applied }

// course is one notice while it is folded.
type course struct {
	in       *Input
	limits   Limits
	versions []*Notice // by number, each once
	newest   *Notice   // nil without a version
	events   []*heard  // in the order in which they happened
	records  []*record
	arrived  map[int]time.Time // transport acknowledgement by version
	handed   map[int]time.Time // told by a person, by version
}

func newCourse(in *Input) *course {
	c := &course{in: in, limits: Defaults(in.Capability.Limits), arrived: map[int]time.Time{}, handed: map[int]time.Time{}}
	c.takeVersions()
	c.takeEvents()
	c.deliveries()
	c.takeRecords()
	for _, h := range c.events {
		c.assign(h)
	}
	for _, r := range c.records { // a follow-up stands behind its parent
		c.stand(r)
	}
	return c
}

// takeVersions puts the versions in order. An older one that came later is
// kept and never applied: the newest number is in force.
func (c *course) takeVersions() {
	for i := range c.in.Versions {
		c.versions = append(c.versions, &c.in.Versions[i])
	}
	slices.SortFunc(c.versions, func(a, b *Notice) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), a.IssuedAt.Compare(b.IssuedAt), cmp.Compare(a.SourceMessageID, b.SourceMessageID))
	})
	c.versions = slices.CompactFunc(c.versions, func(a, b *Notice) bool { return a.Version == b.Version })
	n := len(c.versions)
	if n == 0 {
		return
	}
	c.newest = c.versions[n-1]
	for i := n - 2; i >= 0; i-- { // made after a newer one: it came late and was never sent
		if next := c.versions[i+1]; c.versions[i].IssuedAt.After(next.IssuedAt) {
			c.versions = slices.Delete(c.versions, i, i+1)
		}
	}
}

// takeEvents puts the events in the order in which they happened: a sender
// whose clock is fast is heard when it is heard, one that tells no time, too.
func (c *course) takeEvents() {
	all := make([]heard, len(c.in.Events))
	c.events = make([]*heard, len(all))
	for i := range c.in.Events {
		all[i] = heard{Event: &c.in.Events[i], at: c.in.Events[i].when()}
		c.events[i] = &all[i]
	}
	slices.SortFunc(c.events, func(a, b *heard) int {
		if d := a.at.Compare(b.at); d != 0 {
			return d
		}
		return cmp.Or(cmp.Compare(a.Kind.place(), b.Kind.place()), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Box, b.Box),
			cmp.Compare(a.Version, b.Version), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Result, b.Result),
			cmp.Compare(a.Text, b.Text), a.Time.Compare(b.Time), cmp.Compare(a.Site, b.Site))
	})
	c.events = slices.CompactFunc(c.events, func(a, b *heard) bool { return a.ID != "" && a.ID == b.ID })
	for _, h := range c.events {
		if h.why = faulty(h.Event); h.why != "" {
			h.applied, h.refused = 1, 1
		}
	}
}

// when is the time by which an event is ordered.
func (e *Event) when() time.Time {
	if e.OccurredAt.IsZero() || !e.HeardAt.IsZero() && e.OccurredAt.After(e.HeardAt) {
		return e.HeardAt
	}
	return e.OccurredAt
}

func (k Kind) place() int { return slices.Index(Kinds, k) }

// deliveries finds out which versions the terminal has.
func (c *course) deliveries() {
	for _, h := range c.events {
		if h.why != "" || h.Kind != TransportAck && h.Kind != HandedOver {
			continue
		}
		v := h.Version
		if v == 0 {
			v = c.issuedBy(h.at)
		}
		to := c.arrived
		if h.Kind == HandedOver {
			to = c.handed
		}
		if _, known := to[v]; !known {
			to[v] = h.at
		}
	}
}

// issuedBy is the newest version that was there at the time; the first one
// when the time is before all of them: a slow clock.
func (c *course) issuedBy(at time.Time) int {
	v := 0
	for _, n := range c.versions {
		if v == 0 || !n.IssuedAt.After(at) {
			v = n.Version
		}
	}
	return v
}

// answers is the version that a business answer is about: the one that it
// names, else the newest one that its sender can have known. When in doubt
// the older one: an answer is never stretched to what nobody has read.
func (c *course) answers(h *heard) int {
	if h.Version != 0 {
		return h.Version
	}
	v := 0
	for _, told := range []map[int]time.Time{c.arrived, c.handed} {
		for version, at := range told {
			if !at.After(h.at) {
				v = max(v, version)
			}
		}
	}
	if v == 0 {
		v = c.issuedBy(h.at)
	}
	return v
}

// told is when the terminal first had this version or a later one; byPerson
// says that only a person told it.
func (c *course) told(version int) (at time.Time, byPerson, ok bool) {
	for v, t := range c.arrived {
		if v >= version && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	if ok {
		return at, false, true
	}
	for v, t := range c.handed {
		if v >= version && (!ok || t.Before(at)) {
			at, byPerson, ok = t, true, true
		}
	}
	return at, byPerson, ok
}

// lost counts the sends of a version that nobody acknowledged.
func (c *course) lost(version int) int {
	n := 0
	for _, h := range c.events {
		if h.Kind == TransportTimeout && h.why == "" && (h.Version == version || h.Version == 0) {
			n++
		}
	}
	return n
}

// assign gives an event to the box records that it is about.
func (c *course) assign(h *heard) {
	if h.why != "" || c.newest == nil || h.Version > c.newest.Version || !h.Kind.ofBox() {
		return
	}
	found := false
	for _, r := range c.records {
		if h.Box == r.key && r.parent != nil || (h.Box == "" || h.Box == r.root) && c.current(r, h) {
			found = true
			h.applied++
			r.events = append(r.events, h)
		}
	}
	if !found {
		h.applied = 1
		h.refuse("unknown_box")
	}
}

// current says whether a record is the one of its container that an event
// means which names the container alone: the last one that was there.
func (c *course) current(r *record, h *heard) bool {
	for _, later := range c.records {
		if later.root == r.root && later.depth > r.depth && !later.cancelled && !later.born.After(h.at) {
			return false
		}
	}
	return r.parent == nil || !r.cancelled && !r.born.After(h.at)
}

// ofBox tells the kinds that move boxes from those of versions and messages.
func (k Kind) ofBox() bool {
	switch k {
	case Issued, Changed, CancelOrdered, FollowUpOrdered, TransferOrdered, TransportAck, TransportTimeout, HandedOver, Reminded, Closed:
		return false
	}
	return true
}

// faulty judges an event by itself; the answer is a slug.
func faulty(e *Event) string {
	switch {
	case e.Kind.place() < 0:
		return "unknown_kind"
	case !May(e.Actor, e.Kind):
		return "not_yours"
	case e.Kind == Rejected && e.Reason == "", e.Kind == ExceptionFound && e.Reason == "":
		return "reason_missing"
	case e.Reason != "" && e.Reason.Wire() == "":
		return "unknown_reason"
	case e.Reason == OtherReason && strings.TrimSpace(e.Text) == "":
		return "text_missing" // notices.md section 5
	case e.Kind == Finished && !slices.Contains(Results, e.Result):
		return "result_missing"
	case (e.Kind == Appointed || e.Kind == Postponed) && e.Time.IsZero():
		return "time_missing"
	case (e.Kind == HandedOver || e.Kind == AttendanceWaiver) && strings.TrimSpace(e.Person) == "":
		return "person_missing"
	case !e.HeardAt.IsZero() && e.OccurredAt.After(e.HeardAt.Add(Skew)):
		return "in_future"
	}
	return ""
}
