package inspection

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The tests that notices.md section 10 demands, in its order.

func permutations[T any](list []T) [][]T {
	if len(list) < 2 {
		return [][]T{slices.Clone(list)}
	}
	var out [][]T
	for i := range list {
		rest := append(slices.Clone(list[:i]), list[i+1:]...)
		for _, p := range permutations(rest) {
			out = append(out, append([]T{list[i]}, p...))
		}
	}
	return out
}

func TestOrderAckAnswerAndLockInEveryArrivalOrder(t *testing.T) {
	t.Parallel()
	// the notice itself stands for the order: position 0 is its arrival
	steps := []*Event{nil, new(event(TransportAck, 1)), new(event(Accepted, 5)), new(event(Locked, 8))}
	want := Fold(story(20, []Notice{ordered(box1)}, *steps[1], *steps[2], *steps[3]))
	wantState(t, want, StateLocked)
	orders := permutations(steps)
	if len(orders) != 24 {
		t.Fatalf("%d arrival orders, want 24", len(orders))
	}
	for _, order := range orders {
		in := Input{Capability: full, Now: at(20)}
		for _, s := range order {
			if s == nil {
				in.Versions = append(in.Versions, ordered(box1))
				continue
			}
			if r := Admit(in, s); r != nil {
				t.Errorf("%s in the order %v was refused: %+v", s.Kind, order, *r)
			}
			in.Events = append(in.Events, *s)
		}
		in.Events = append(in.Events, in.Events...) // each twice
		if diff := cmp.Diff(want, Fold(in)); diff != "" {
			t.Errorf("another arrival order, another overview (-want +got)\n%s", diff)
		}
	}
}

func TestLockBeforeAcceptanceIsKeptAndCountsLater(t *testing.T) {
	t.Parallel()
	o := Fold(story(20, []Notice{ordered(box1)}, event(TransportAck, 1), event(Locked, 8)))
	wantState(t, o, StateDelivered)
	if b := o.Boxes[0]; !b.Locked || !slices.Equal(b.Early, []Kind{Locked}) {
		t.Errorf("the lock is a fact that waits: locked %t, early %v", b.Locked, b.Early)
	}
	o = Fold(story(20, []Notice{ordered(box1)}, event(TransportAck, 1), event(Locked, 8), event(Accepted, 12)))
	wantState(t, o, StateLocked)
	if b := o.Boxes[0]; !b.Since.Equal(at(12)) || len(b.Early) != 0 {
		t.Errorf("locked since %s, early %v; want since the acceptance", b.Since, b.Early)
	}
}

func TestDuplicateAndConflictingIDs(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	once := story(20, n, event(TransportAck, 1), event(Accepted, 5))
	twice := story(20, n, event(TransportAck, 1), event(Accepted, 5), event(Accepted, 5), event(TransportAck, 1))
	if diff := cmp.Diff(Fold(once), Fold(twice)); diff != "" {
		t.Errorf("duplicates change the overview\n%s", diff)
	}
	// One id with two contents cannot be stored; the fold still says the same whichever comes first.
	a, b := event(Accepted, 5), event(Rejected, 5)
	b.ID = a.ID
	if diff := cmp.Diff(Fold(story(20, n, a, b)), Fold(story(20, n, b, a))); diff != "" {
		t.Errorf("a conflict of ids is decided by the order of arrival\n%s", diff)
	}
	wantRefused(t, once, event(Rejected, 6), "")                                           // a flip with a reason
	wantRefused(t, story(20, n, event(Rejected, 6)), event(Accepted, 8), "reason_missing") // a flip without
	wantRefused(t, story(20, n, event(Rejected, 6)), event(Accepted, 8, text("箱已找到")), "")
}

func TestVersion3BeforeVersion2(t *testing.T) {
	t.Parallel()
	v1, v2, v3 := ordered(box1), ordered(box1), ordered(box1)
	v2.Version, v2.Change, v2.IssuedAt = 2, Change, at(12) // came after version 3
	v2.Boxes[0].Site = "S2"
	v3.Version, v3.Change, v3.IssuedAt = 3, Change, at(10)
	v3.Boxes[0].Site = "S3"
	events := []Event{event(TransportAck, 1), event(Accepted, 5), event(TransportAck, 11, version(3)), event(Accepted, 15, version(3))}
	want := Fold(story(20, []Notice{v1, v3}, events...))
	wantState(t, want, StateAccepted)
	for _, versions := range permutations([]Notice{v1, v2, v3}) {
		if diff := cmp.Diff(want, Fold(story(20, versions, events...))); diff != "" {
			t.Errorf("a late version was applied\n%s", diff)
		}
	}
	if _, faults := NextVersion(&v3, &Order{Action: Change, Version: 2, Notice: v2}, at(12)); len(faults) != 1 || faults[0].Code != CodeVersion {
		t.Errorf("version 2 behind version 3: %v, want %s", faults, CodeVersion)
	}
	wantRefused(t, story(20, []Notice{v1, v3}, events...), event(Changed, 20, version(2)), "old_version")
	wantRefused(t, story(20, []Notice{v1, v3}, event(TransportAck, 1)), event(Accepted, 15, version(1)), "old_version")
	wantRefused(t, story(20, []Notice{v1, v3}, event(TransportAck, 1)), event(Accepted, 5, version(1), heardAt(15)), "") // answered before: history
}

func cancelled(boxes ...string) []Notice {
	v2, _ := NextVersion(new(ordered(boxes...)), &Order{Action: Cancel, Notice: Notice{Number: "N1"}}, at(10))
	return []Notice{ordered(boxes...), v2}
}

func TestCancelRacingLock(t *testing.T) {
	t.Parallel()
	before := []Event{event(TransportAck, 1), event(Accepted, 5)}
	o := Fold(story(20, cancelled(box1), before...))
	wantState(t, o, StateCancelled)
	if !o.Over {
		t.Error("nothing is locked: cancelled is the end")
	}
	lock := event(Locked, 11) // set before the terminal had the cancellation
	in := story(20, cancelled(box1), before...)
	wantRefused(t, in, lock, "")
	in.Events = append(in.Events, lock)
	o = Fold(in)
	wantState(t, o, StateCancelled)
	if o.Over || !o.Boxes[0].Locked || o.Person != "locked_after_cancel" {
		t.Errorf("over %t, locked %t, person %q: the box must be unlocked first", o.Over, o.Boxes[0].Locked, o.Person)
	}
	wantRefused(t, in, event(Unlocked, 15), "")
	in.Events = append(in.Events, event(TransportAck, 12, version(2)))
	wantRefused(t, in, event(Locked, 40), "over") // it has known of the cancellation for long
	in.Events = append(in.Events, event(Unlocked, 15))
	if o = Fold(in); !o.Over || o.Person != "" {
		t.Errorf("unlocked: over %t, person %q", o.Over, o.Person)
	}
}

func TestCancelAfterStartIsRefused(t *testing.T) {
	t.Parallel()
	in := story(80, []Notice{ordered(box1)}, until(Started)...)
	r := wantRefused(t, in, event(CancelOrdered, 80), "started_already")
	if r == nil || r.State != StateStarted || !slices.Contains(r.Allowed, Finished) || slices.Contains(r.Allowed, CancelOrdered) {
		t.Errorf("the refusal tells the state and what is allowed: %+v", r)
	}
	wantRefused(t, story(65, []Notice{ordered(box1)}, until(Ready)...), event(CancelOrdered, 65), "")
	// A version that takes the box back all the same changes nothing about it.
	v2, _ := NextVersion(new(ordered(box1)), &Order{Action: Cancel, Notice: Notice{Number: "N1"}}, at(80))
	in.Versions = append(in.Versions, v2)
	wantState(t, Fold(in), StateStarted)
	wantRefused(t, story(20, cancelled(box1), until(Locked)...), event(Started, 20), "over")
}

func followed() ([]Notice, string) {
	v1 := ordered(box1)
	v2, _ := NextVersion(&v1, &Order{Action: FollowUp, Notice: Notice{Number: "N1", Boxes: []Box{{ContainerNumber: box1, Depth: Full}}}}, at(105))
	return []Notice{v1, v2}, box1 + "/2"
}

func TestFollowUpKeepsTheLock(t *testing.T) {
	t.Parallel()
	v1 := []Notice{ordered(box1)}
	wantRefused(t, story(90, v1, until(Started)...), event(FollowUpOrdered, 90), "not_finished")
	wantRefused(t, story(104, v1, until(Finished)...), event(FollowUpOrdered, 104), "")
	versions, child := followed()
	o := Fold(story(108, versions, until(Finished)...))
	if len(o.Boxes) != 2 || o.Boxes[1].Box != child || o.Boxes[1].Parent != box1 {
		t.Fatalf("boxes %+v, want a child record", o.Boxes)
	}
	p, c := o.Boxes[0], o.Boxes[1]
	if p.State != StateFinished || !p.Over || c.State != StateIssued || !c.Locked || c.Over {
		t.Errorf("parent %s over %t, child %s locked %t over %t", p.State, p.Over, c.State, c.Locked, c.Over)
	}
	wantState(t, o, StateIssued)
	// Accepted, it stands where its container is, under the lock that was kept.
	in := story(125, versions, append(until(Finished), event(TransportAck, 106, version(2)), event(Accepted, 107, version(2)))...)
	if o = Fold(in); o.Boxes[1].State != StateAtSite || !o.Boxes[1].Locked {
		t.Errorf("accepted follow-up is %s, locked %t", o.Boxes[1].State, o.Boxes[1].Locked)
	}
	wantRefused(t, in, event(Unlocked, 126, of(box1)), "not_released")
	// Steps that name the container alone are about the follow-up from now on.
	in.Events = append(in.Events, event(Started, 130, of(box1)), event(Finished, 150, of(box1)), event(Released, 155, of(box1)),
		event(Unlocked, 160, of(box1)), event(MovedBack, 170, of(box1)))
	in.Now = at(180)
	wantState(t, Fold(in), StateClosed)
}

func TestUnlockWithoutReleaseIsRefused(t *testing.T) {
	t.Parallel()
	in := story(105, []Notice{ordered(box1)}, until(Finished)...)
	for _, k := range []Kind{Unlocked, MovedBack, DirectGateOut} {
		wantRefused(t, in, event(k, 105), "not_released")
	}
	in.Events = append(in.Events, event(Unlocked, 105))
	o := Fold(in)
	if !o.Boxes[0].Locked || len(o.Refused) != 1 {
		t.Errorf("locked %t, refused %v: an unlock on PASS alone does not count", o.Boxes[0].Locked, o.Refused)
	}
	wantRefused(t, story(111, []Notice{ordered(box1)}, until(Released)...), event(Unlocked, 111), "")
	wantRefused(t, story(90, []Notice{ordered(box1)}, until(Started)...), event(Released, 90), "not_passed")
	held := append(until(Started), event(Finished, 100, result(HoldGoods)))
	wantState(t, Fold(story(101, []Notice{ordered(box1)}, held...)), StateHeld)
	wantRefused(t, story(101, []Notice{ordered(box1)}, held...), event(Released, 101), "not_passed")
}

// A box may be in one open notice only: what the store needs for that is
// whether a record is still open.
func TestBoxInTwoNotices(t *testing.T) {
	t.Parallel()
	v := []Notice{ordered(box1, box2)}
	o := Fold(story(20, v, event(Accepted, 5), event(Rejected, 6, of(box2))))
	if !o.Boxes[0].Open() || !o.Boxes[1].Open() {
		t.Errorf("both boxes are open as long as customs has not agreed: %+v", o.Boxes)
	}
	o = Fold(story(20, v, event(Accepted, 5), event(Rejected, 6, of(box2)), event(RejectConfirmed, 9, of(box2))))
	if !o.Boxes[0].Open() || o.Boxes[1].Open() {
		t.Errorf("the confirmed box is free for another notice: %+v", o.Boxes)
	}
	if o = Fold(story(20, cancelled(box1), until(Locked)...)); o.Boxes[0].Open() {
		t.Error("a cancelled box is free although its unlock is outstanding")
	}
	two := ordered(box1, box1)
	if faults := CheckOrder(&Order{Action: Issue, Notice: two}); len(faults) != 1 || faults[0].Code != CodeBoxTwice || faults[0].Path != "boxes[1]" {
		t.Errorf("one box twice in one order: %v", faults)
	}
}

// A box that was called to the quay already is not held: the terminal says so
// and customs decides. Dropping it from the direct list is the quay's part.
func TestBoxAlreadyCalledToTheQuay(t *testing.T) {
	t.Parallel()
	in := story(20, []Notice{ordered(box1)}, event(TransportAck, 1), event(Rejected, 5, reason(AlreadyLoaded)))
	o := Fold(in)
	wantState(t, o, StateRejected)
	if o.Over || o.Person != "rejected" || o.Boxes[0].Reason != AlreadyLoaded {
		t.Errorf("over %t, person %q, reason %s: it waits for customs", o.Over, o.Person, o.Boxes[0].Reason)
	}
	in.Events = append(in.Events, event(RejectConfirmed, 30))
	if o = Fold(in); !o.Over || o.State != StateRejected {
		t.Errorf("confirmed: %s, over %t", o.State, o.Over)
	}
	wantRefused(t, in, event(Accepted, 40, text("x")), "over")
	if f := FiguresOf([]Measured{{Overview: o, Versions: in.Versions}}); f.Escaped != 1 || f.Rejects[AlreadyLoaded] != 1 {
		t.Errorf("figures %+v: a box loaded under an open notice is counted", f)
	}
}

func TestChannelDownFor60Minutes(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	for _, c := range []struct {
		minute int
		state  State
		person string
		next   int
	}{
		{0, StateIssued, "", 5}, {6, StateIssued, "", 15}, {15, StateUndelivered, "undelivered", 30}, {60, StateUndelivered, "undelivered", 0},
	} {
		o := Fold(story(c.minute, n))
		wantState(t, o, c.state)
		if o.Person != c.person || c.next != 0 && !o.NextAt.Equal(at(c.next)) || c.next == 0 && !o.NextAt.IsZero() {
			t.Errorf("minute %d: person %q, next %s", c.minute, o.Person, o.NextAt)
		}
	}
	o := Fold(story(16, n, event(TransportTimeout, 5), event(TransportTimeout, 8), event(TransportTimeout, 11), event(HandedOver, 14)))
	wantState(t, o, StateManual)
	if o.Person != "" {
		t.Errorf("told by a person, yet on the human list: %q", o.Person)
	}
	o = Fold(story(12, n, event(TransportTimeout, 5), event(TransportTimeout, 8), event(TransportTimeout, 11)))
	wantState(t, o, StateUndelivered)
	o = Fold(story(61, n, event(TransportAck, 60)))
	wantState(t, o, StateDelivered)
	if !o.Deadlines[0].Late || o.Overdue {
		t.Errorf("arrived late and is no longer overdue: %+v, overdue %t", o.Deadlines[0], o.Overdue)
	}
}

func TestClockSkewOfTenMinutes(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	// A clock ten minutes fast: counted when heard.
	fast := Fold(story(20, n, event(TransportAck, 11, heardAt(1)), event(Accepted, 15, heardAt(5)), event(Locked, 18, heardAt(8))))
	wantState(t, fast, StateLocked)
	if !fast.Boxes[0].Since.Equal(at(8)) {
		t.Errorf("locked since %s, want when it was heard", fast.Boxes[0].Since)
	}
	wantRefused(t, story(20, n), event(Accepted, 31, heardAt(20)), "in_future")
	wantRefused(t, story(20, n), event(Accepted, 30, heardAt(20)), "")
	wantRefused(t, story(20, n), event(Accepted, 31, func(e *Event) { e.HeardAt = time.Time{} }), "in_future") // heard now
	// Ten minutes slow: what happened before the issue by its clock counts all the same.
	slow := Fold(story(20, n, event(TransportAck, -9, heardAt(1)), event(Accepted, -5, heardAt(5)), event(Locked, -2, heardAt(8))))
	wantState(t, slow, StateLocked)
}

func TestTerminalThatCannotLock(t *testing.T) {
	t.Parallel()
	in := story(20, []Notice{ordered(box1)}, event(TransportAck, 1), event(Accepted, 5))
	in.Capability.CanLock = LockNo
	in.Capability.Sends = []Kind{MoveDone, Ready}
	o := Fold(in)
	wantState(t, o, StateAccepted)
	if o.Person != "lock_not_assured" || o.Overdue {
		t.Errorf("person %q, overdue %t: customs is told that the lock is not assured", o.Person, o.Overdue)
	}
	in.Events = append(in.Events, event(MoveDone, 30), event(Ready, 40))
	in.Now = at(41)
	o = Fold(in)
	wantState(t, o, StateReady)
	if !slices.Contains(o.Boxes[0].Missing, Locked) || o.Boxes[0].Locked {
		t.Errorf("the lock is missing and not invented: %+v", o.Boxes[0])
	}
}
