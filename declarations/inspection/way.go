package inspection

import (
	"slices"
	"time"
)

// rank orders the states for the state of the notice: that of its least
// advanced box.
var rank = map[State]int{
	StateIssued: 0, StateUndelivered: 1, StateManual: 2, StateDelivered: 3, StateRejected: 4, StateException: 5, StateAccepted: 6,
	StateLocked: 7, StateMoving: 8, StateAtSite: 9, StatePostponed: 10, StateReady: 11, StateStarted: 12, StateHeld: 13,
	StateSampled: 14, StateFinished: 15, StateReleased: 16, StateMovedBack: 17, StateClosed: 18, StateCancelled: 19, StateSeized: 20,
}

// state is where the record stands after all that counts.
func (c *course) state(r *record) {
	s := &r.status
	set := func(state State, at time.Time) { s.State, s.Since = state, at }
	s.Locked = r.lock != nil && r.unlocked == nil && !r.left(DirectGateOut)
	switch {
	case r.cancelled:
		set(StateCancelled, r.cancelledAt)
		s.Over = !s.Locked // the unlock order is open until the terminal says that it is done
	case r.seized != nil:
		set(StateSeized, r.seized.at)
		s.Over = true
	case r.released != nil:
		c.back(r)
	case r.finish != nil:
		set(afterFinish(r.finish.Result), r.finish.at)
	case r.started != nil:
		set(StateStarted, r.started.at)
	case r.confirmed != nil:
		set(StateRejected, r.confirmed.at)
		s.Over = true
	case r.excepted():
		set(StateException, r.exception.at)
	case r.decision != nil && r.decision.Kind == Rejected:
		set(StateRejected, r.decision.at)
	default:
		c.way(r)
	}
	if r.followed {
		s.Over = true // its follow-up goes on in its place
	}
	if s.State == StateRejected && r.decision != nil && r.decision.Kind == Rejected {
		s.Reason, s.Earliest = r.decision.Reason, r.decision.Earliest
	} else if r.exception != nil && (s.State == StateException || s.State == StateRejected) {
		s.Reason, s.Earliest = r.exception.Reason, r.exception.Earliest
	}
}

func afterFinish(r Result) State {
	switch r {
	case HoldGoods:
		return StateHeld
	case SampleTaken:
		return StateSampled
	}
	return StateFinished
}

func (r *record) left(by Kind) bool { return r.out != nil && r.out.Kind == by }

// back is the end of a box that customs released: it is over when it has been
// moved back or gone out; a box that was never moved needs no way back.
func (c *course) back(r *record) {
	s := &r.status
	moved := c.ordered(Move) || r.moveStart != nil || r.moveDone != nil
	switch {
	case r.out != nil:
		s.State, s.Since, s.Over = StateMovedBack, later(r.out.at, r.released.at), true
	case !moved && r.lock != nil && r.unlocked != nil:
		s.State, s.Since, s.Over = StateClosed, later(r.unlocked.at, r.released.at), true
	case !moved && r.lock == nil && !c.ordered(Lock):
		s.State, s.Since, s.Over = StateClosed, r.released.at, true
	default:
		s.State, s.Since = StateReleased, r.released.at
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// way is the way from issue to readiness. What comes before what it needs is
// kept and counts when that comes; what the terminal cannot report blocks nothing.
func (c *course) way(r *record) {
	s := &r.status
	at, byPerson, told := c.told(r.due)
	switch {
	case r.decision != nil:
		s.State, s.Since = StateAccepted, r.decision.at
	case told && byPerson:
		s.State, s.Since = StateManual, at
	case told:
		s.State, s.Since = StateDelivered, at
	case c.undelivered(r):
		s.State, s.Since = StateUndelivered, r.dueAt.Add(minutes(c.limits.TransportTotalMinutes))
	default:
		s.State, s.Since = StateIssued, r.dueAt
	}
	blocked := r.decision == nil
	for _, step := range []struct {
		h        *heard
		kind     Kind
		state    State
		required bool // nothing later counts without it
	}{
		{r.lock, Locked, StateLocked, c.lockAwaited()},
		{r.moveStart, MoveStarted, StateMoving, false}, // a move that is done has begun
		{r.moveDone, MoveDone, StateAtSite, c.ordered(Move) && c.sends(MoveDone)},
		{r.ready, Ready, StateReady, false},
	} {
		switch {
		case step.h == nil:
			blocked = blocked || step.required
		case blocked:
			s.Early = append(s.Early, step.kind)
		default:
			s.State, s.Since = step.state, later(s.Since, step.h.at)
		}
	}
	// Transition 12: what is postponed is ready again at its new time, or when
	// the site says so.
	if p := r.postponed; p != nil && s.State == StateReady && !r.ready.at.After(p.at) {
		if c.in.Now.Before(p.Time) {
			s.State, s.Since = StatePostponed, later(s.Since, p.at)
		} else {
			s.Since = p.Time
		}
	}
}

func (c *course) lockAwaited() bool {
	return c.ordered(Lock) && c.in.Capability.CanLock != LockNo && c.sends(Locked)
}

// undelivered says that the version that must be answered did not arrive in time (transition 3).
func (c *course) undelivered(r *record) bool {
	if c.byHandOnly() {
		return false
	}
	return c.lost(r.due) >= timeoutsBeforeSecond || !c.in.Now.Before(r.dueAt.Add(minutes(c.limits.TransportTotalMinutes)))
}

// byHandOnly is a terminal without any interface, or none that is known: a
// person tells it at once.
func (c *course) byHandOnly() bool {
	return c.newest.Terminal == "" || c.in.Capability.Interface == InterfaceNone || c.in.Capability.Interface == ""
}

// remember writes down what counts and what was passed over.
func (c *course) remember(r *record) {
	s := &r.status
	s.At = map[Kind]time.Time{Issued: r.born}
	put := func(k Kind, h *heard) {
		if h != nil && !slices.Contains(s.Early, k) {
			s.At[k] = h.at
		}
	}
	told, byPerson, isTold := c.told(r.due)
	if isTold {
		s.At[map[bool]Kind{false: TransportAck, true: HandedOver}[byPerson]] = told
	}
	if r.decision != nil {
		s.At[r.decision.Kind] = r.decision.at
	}
	if r.cancelled {
		s.At[CancelOrdered] = r.cancelledAt
	}
	put(Locked, r.lock)
	put(MoveStarted, r.moveStart)
	put(MoveDone, r.moveDone)
	put(Ready, r.ready)
	put(Postponed, r.postponed)
	put(Appointed, r.appointed)
	put(Started, r.started)
	put(Finished, r.finish)
	put(Released, r.released)
	put(Unlocked, r.unlocked)
	put(ExceptionFound, r.exception)
	put(RejectConfirmed, r.confirmed)
	if r.out != nil {
		put(r.out.Kind, r.out)
	}
	for _, h := range r.events {
		if _, known := s.At[h.Kind]; !known && h.Kind.besideTheWay() && !h.isRefused() {
			s.At[h.Kind] = h.at
		}
	}
	if r.finish != nil {
		s.Result = r.finish.Result
	}
	if r.appointed != nil {
		s.Appointment = r.appointed.Time
	}
	s.Attended = s.Attended || c.newest.Attendance == AttendanceWaived || c.newest.Attendance == AttendanceNotNeeded
	c.missing(r, isTold)
}

func (k Kind) besideTheWay() bool {
	return k == AttendantArrived || k == AttendanceWaiver || k == Resealed
}

// missing lists the steps that were passed over unheard: they are asked for,
// never invented.
func (c *course) missing(r *record, told bool) {
	s := &r.status
	if s.State == StateCancelled || s.State == StateRejected || s.State == StateException {
		return
	}
	for _, step := range []struct {
		kind   Kind
		before State // it should have been heard when this state is reached
		absent bool
	}{
		{TransportAck, StateAccepted, !told},
		{Accepted, StateLocked, r.decision == nil || r.decision.Kind != Accepted},
		{Locked, StateMoving, r.lock == nil && c.ordered(Lock)},
		{MoveDone, StatePostponed, r.moveDone == nil && c.ordered(Move)},
		{Ready, StateStarted, r.ready == nil},
		{Started, StateHeld, r.started == nil},
		{Unlocked, StateMovedBack, s.Locked},
	} {
		if step.absent && rank[s.State] >= rank[step.before] {
			s.Missing = append(s.Missing, step.kind)
		}
	}
}
