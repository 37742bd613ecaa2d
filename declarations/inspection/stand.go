package inspection

import (
	"slices"
	"time"
)

// stand finds out where one record stands: first what customs decided, then
// what the terminal did, then the state that follows from both.
func (c *course) stand(r *record) {
	gone := r.withdrawn()
	r.cancelled = gone
	c.customs(r, gone)
	c.decide(r, gone)
	for _, h := range r.events {
		if why := c.contradiction(r, h); why != "" {
			h.refuse(why)
			continue
		}
		r.count(h)
	}
	c.inherit(r)
	c.confirm(r)
	c.state(r)
	c.remember(r)
}

// customs takes in the steps that are customs' own. A release counts only
// behind a finish that passes (transition 15), a seizure ends everything;
// of a release and a seizure that both came the first one stands.
func (c *course) customs(r *record, gone bool) {
	var passed bool
	var release, seizure *heard
	for _, h := range r.events {
		switch {
		case h.Kind == Finished && h.Result.passes():
			passed = true
		case h.Kind == Finished && h.Result == Seize && seizure == nil:
			seizure = h
		case h.Kind == Released && release == nil:
			release = h
		}
	}
	if !passed {
		release = refuseAll(r, Released, map[bool]string{true: "over", false: "not_passed"}[gone || seizure != nil])
	}
	if seizure != nil && (release == nil || !release.at.Before(seizure.at)) {
		r.seized = seizure
	}
	for _, h := range r.events {
		switch {
		case h.Kind != Started && h.Kind != Finished && h.Kind != Released, h.Kind == Released && !passed:
		case gone, r.seized != nil && (h.Kind == Released || h != seizure && h.at.After(seizure.at)):
			h.refuse("over")
		case release != nil && r.seized == nil && (h == seizure || h.Kind != Released && h.at.After(release.at)):
			h.refuse("released_already")
		default:
			r.step(h)
		}
	}
}

// refuseAll refuses all events of a kind; none of them stands then.
func refuseAll(r *record, k Kind, why string) *heard {
	for _, h := range r.events {
		if h.Kind == k {
			h.refuse(why)
		}
	}
	return nil
}

func (r *record) step(h *heard) {
	switch {
	case h.Kind == Started && r.started == nil:
		r.started = h
	case h.Kind == Finished:
		r.finish = h
	case h.Kind == Released && r.released == nil:
		r.released = h
	}
}

// begun is when customs first laid hand on the box; zero: not yet.
func (r *record) begun() time.Time {
	for _, h := range []*heard{r.started, r.finish, r.released} {
		if h != nil {
			return h.at
		}
	}
	return time.Time{}
}

// decide takes in the business answers: the last one to the version in force
// wins, a flip needs a reason (notices.md section 4).
func (c *course) decide(r *record, gone bool) {
	for _, h := range r.events {
		if h.Kind != Accepted && h.Kind != Rejected {
			continue
		}
		v := c.answers(h)
		switch {
		case v < r.due && !h.at.Before(r.dueAt):
			h.refuse("old_version") // what was answered has been replaced
		case v < r.due: // an answer of before the change: history
		case r.decision != nil && c.answers(r.decision) > v:
		case r.decision != nil && c.answers(r.decision) == v && r.decision.Kind != h.Kind && h.Reason == "" && h.Text == "":
			h.refuse("reason_missing")
		case r.confirmedBefore(h), r.overBefore(h):
			h.refuse("over")
		case h.Kind == Rejected && !r.begun().IsZero() && h.at.After(r.begun()):
			h.refuse("started_already")
		case gone && h.at.After(c.knownGone(r)):
			h.refuse("over")
		default:
			r.decision = h
		}
	}
}

// knownGone is until when a terminal may still work on a box that was taken
// back: until it has the version that says so. Then a report is a mistake.
func (c *course) knownGone(r *record) time.Time {
	if at, _, ok := c.told(r.cancelledBy); ok {
		return at.Add(Skew)
	}
	return time.Unix(1<<40, 0) // nobody has told it: a lock that comes now is a fact
}

// contradiction says why an event of the way cannot count, whatever else
// comes; empty when it can, now or later.
func (c *course) contradiction(r *record, h *heard) string {
	released := r.released != nil && h.at.After(r.released.at)
	begun := !r.begun().IsZero() && h.at.After(r.begun())
	switch h.Kind {
	case Started, Finished, Released, Accepted, Rejected, RejectConfirmed:
		return "" // judged by themselves
	case Unlocked, MovedBack, DirectGateOut:
		if r.released == nil && !r.cancelled {
			if r.seized != nil {
				return "over"
			}
			return "not_released" // unlock only on customs' release, never on PASS alone
		}
		return ""
	}
	if r.cancelled {
		if h.at.After(c.knownGone(r)) || !h.Kind.physical() && h.at.After(r.cancelledAt) {
			return "over"
		}
		return ""
	}
	switch {
	case r.seized != nil && h.at.After(r.seized.at):
		return "over"
	case r.confirmedBefore(h):
		return "over"
	case r.overBefore(h):
		return "over"
	case released && (h.Kind == Locked || h.Kind == ExceptionFound):
		return "released_already"
	case begun && (h.Kind == Appointed || h.Kind == Postponed || h.Kind == ExceptionFound || h.Kind == AttendanceWaiver):
		return "started_already"
	case h.Kind == ExceptionFound && c.readyBefore(r, h):
		return "ready_already" // transition 22 ends at the site
	case h.Kind == Appointed && c.fixed(r, h):
		return "appointment_fixed"
	}
	return ""
}

// physical tells what a terminal does to the box itself: true whatever customs
// decided meanwhile.
func (k Kind) physical() bool {
	switch k {
	case Locked, MoveStarted, MoveDone, ExceptionFound, Resealed:
		return true
	}
	return false
}

// overBefore says that the box had left the inspection before.
func (r *record) overBefore(h *heard) bool {
	for _, e := range r.events {
		if (e.Kind == MovedBack || e.Kind == DirectGateOut) && r.released != nil && h.at.After(e.at) {
			return true
		}
	}
	return false
}

// confirmedBefore says that customs had agreed that the box is not there.
func (r *record) confirmedBefore(h *heard) bool {
	if r.decision == nil || r.decision.Kind != Rejected || !r.begun().IsZero() {
		return false
	}
	for _, e := range r.events {
		if e.Kind == RejectConfirmed && !e.at.Before(r.decision.at) && !e.at.Before(r.dueAt) && h.at.After(e.at) {
			return true
		}
	}
	return false
}

func (c *course) readyBefore(r *record, h *heard) bool {
	return slices.ContainsFunc(r.events, func(e *heard) bool {
		return e.Kind == Ready && e.at.Before(h.at) && !e.at.Before(r.placedAt)
	})
}

// fixed says that the appointment that stood was too near to be moved freely
// (notices.md section 7: change free until T-2 h).
func (c *course) fixed(r *record, h *heard) bool {
	var stood *heard
	for _, e := range r.events {
		if e == h {
			break
		}
		if e.Kind == Appointed && e.why == "" {
			stood = e
		}
	}
	return stood != nil && !stood.Time.Equal(h.Time) && h.at.After(stood.Time.Add(-minutes(c.limits.ChangeFreeMinutes)))
}

// count takes in one event of the way.
func (r *record) count(h *heard) {
	here := !h.at.Before(r.placedAt)
	if h.Site != "" && r.box.Site != "" {
		here = h.Site == r.box.Site
	}
	keep := func(to **heard) {
		if *to == nil {
			*to = h
		}
	}
	switch h.Kind {
	case Locked:
		keep(&r.lock)
	case MoveStarted:
		if here {
			keep(&r.moveStart)
		}
	case MoveDone:
		r.status.Moves++
		if here {
			keep(&r.moveDone)
		}
	case Ready:
		if here && (r.ready == nil || r.postponed != nil && h.at.After(r.postponed.at)) {
			r.ready = h
		}
	case Unlocked:
		keep(&r.unlocked)
	case MovedBack, DirectGateOut:
		keep(&r.out)
	case ExceptionFound:
		r.exception = h
	case Postponed:
		r.postponed = h
	case Appointed:
		r.appointed = h
	case AttendantArrived, AttendanceWaiver:
		r.status.Attended = true
	}
	if h.Kind == MovedBack {
		r.status.Moves++
	}
}

// inherit hands a follow-up what is true of its container: the lock is kept,
// not dropped and retaken (transition 20), and at the same site the box is
// where it is.
func (c *course) inherit(r *record) {
	p := r.parent
	if p == nil {
		return
	}
	if r.lock == nil && p.unlocked == nil {
		r.lock = p.lock
	}
	if r.moveDone == nil && p.moveDone != nil && p.box.Site == r.box.Site {
		r.moveStart, r.moveDone = p.moveStart, p.moveDone
	}
}

// confirm takes in that customs agrees to a rejection or to what was found.
func (c *course) confirm(r *record) {
	for _, h := range r.events {
		if h.Kind != RejectConfirmed {
			continue
		}
		begun := r.begun()
		switch {
		case !begun.IsZero():
			h.refuse("started_already")
		case h.at.Before(r.dueAt): // of a version that was replaced
		case r.decision != nil && r.decision.Kind == Rejected || r.exception != nil && r.excepted():
			if r.confirmed == nil {
				r.confirmed = h
			}
		case r.cancelled:
			h.refuse("over")
		default:
			h.refuse("not_rejected")
		}
	}
}

// excepted says that what was found still stands in the way: nothing went on
// since, and customs has not ordered otherwise.
func (r *record) excepted() bool {
	x := r.exception
	if x == nil || !r.dueAt.Before(x.at) && r.due > 1 {
		return false
	}
	for _, h := range []*heard{r.moveStart, r.moveDone, r.ready} {
		if h != nil && h.at.After(x.at) {
			return false
		}
	}
	return r.decision == nil || r.decision.Kind != Accepted || !r.decision.at.After(x.at)
}
