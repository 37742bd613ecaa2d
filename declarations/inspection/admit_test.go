package inspection

import (
	"slices"
	"testing"
	"time"
)

// TestWhoReportsWhat tries every kind with every actor; who may not is refused as such.
func TestWhoReportsWhat(t *testing.T) {
	t.Parallel()
	actors := []Actor{ByCustoms, ByTerminal, BySite, ByDeclarant, ByHaulier, ByGateway, ByClerk, "", "stranger"}
	in := story(20, []Notice{ordered(box1)}, until(Accepted)...)
	for _, k := range Kinds {
		for _, a := range actors {
			r := Admit(in, new(event(k, 20, by(a))))
			if refused := r != nil && r.Why == "not_yours"; refused == May(a, k) {
				t.Errorf("%s by %q: refused as not theirs %t, may %t", k, a, refused, May(a, k))
			}
		}
	}
	// what customs decides comes from nobody else
	for _, k := range []Kind{CancelOrdered, FollowUpOrdered, TransferOrdered, RejectConfirmed, Postponed, Started, Finished, Released} {
		if !slices.Equal(may[k], []Actor{ByCustoms}) {
			t.Errorf("%s may come from %v", k, may[k])
		}
	}
}

func TestWhatAnEventMustSay(t *testing.T) {
	t.Parallel()
	in := story(20, []Notice{ordered(box1)}, event(TransportAck, 1))
	for _, c := range []struct {
		event Event
		why   string
	}{
		{event(Rejected, 5, reason("")), "reason_missing"},
		{event(Rejected, 5, reason("NOT_MINE")), "unknown_reason"},
		{event(Rejected, 5, reason(OtherReason)), "text_missing"},
		{event(Rejected, 5, reason(OtherReason), text(" ")), "text_missing"},
		{event(Rejected, 5, reason(OtherReason), text("门禁系统故障")), ""},
		{event(ExceptionFound, 5, reason("")), "reason_missing"},
		{event(Finished, 5, result("FINE")), "result_missing"},
		{event(Accepted, 5, of("TEMU9999999")), "unknown_box"},
		{event("taken", 5, by(ByTerminal)), "unknown_kind"},
		{event(HandedOver, 5, func(e *Event) { e.Person = "" }), "person_missing"},
	} {
		wantRefused(t, in, c.event, c.why)
	}
	wantRefused(t, in, event(Appointed, 5, func(e *Event) { e.Time = time.Time{} }), "time_missing")
}

func TestTheRefusalSaysWhatIsAllowed(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	for _, c := range []struct {
		name    string
		in      Input
		e       Event
		state   State
		allowed []Kind
	}{
		{"a terminal wants to unlock before customs releases", story(105, n, until(Finished)...), event(Unlocked, 105), StateFinished, []Kind{}},
		{"after the release it may", story(111, n, until(Released)...), event(Locked, 111), StateReleased, []Kind{Unlocked, MovedBack, DirectGateOut}},
		{"customs wants to release what it has not finished", story(90, n, until(Started)...), event(Released, 90), StateStarted, []Kind{Changed, Finished, Resealed}},
		{"customs cancels after the end", story(200, n, life()...), event(CancelOrdered, 200), StateClosed, []Kind{}},
	} {
		r := Admit(c.in, &c.e)
		if r == nil {
			t.Errorf("%s: admitted", c.name)
			continue
		}
		for _, k := range c.allowed {
			if !slices.Contains(r.Allowed, k) {
				t.Errorf("%s: %v does not name %s", c.name, r.Allowed, k)
			}
		}
		if r.State != c.state || slices.Contains(r.Allowed, c.e.Kind) {
			t.Errorf("%s: %+v", c.name, *r)
		}
		for _, k := range r.Allowed {
			if !May(c.e.Actor, k) {
				t.Errorf("%s: %s is allowed to %s, who may not", c.name, k, c.e.Actor)
			}
		}
	}
}

func TestOrdersAreJudgedByTheStateOfTheirBoxes(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1, box2)}
	part := until(MoveDone)
	for i := range part {
		part[i].Box = box1
	}
	in := story(50, n, part...)
	wantRefused(t, in, event(TransferOrdered, 50), "at_site_already")
	wantRefused(t, in, event(TransferOrdered, 50, of(box2)), "")
	wantRefused(t, in, event(CancelOrdered, 50, of(box1)), "")
	wantRefused(t, in, event(CancelOrdered, 50, of("TEMU9999999")), "unknown_box")
	wantRefused(t, in, event(Changed, 50), "")
	versions, child := followed()
	in = story(120, versions, until(Finished)...)
	wantRefused(t, in, event(CancelOrdered, 120, of(child)), "")
	wantRefused(t, in, event(CancelOrdered, 120, of(box1)), "") // the container means its last record
	wantRefused(t, in, event(FollowUpOrdered, 120), "not_finished")
	wantRefused(t, story(140, n, life()...), event(Changed, 140), "over")
}

func TestAppointmentIsFreeUntilTwoHoursBefore(t *testing.T) {
	t.Parallel()
	in := story(10, []Notice{ordered(box1)}, append(until(Accepted), event(Appointed, 6, timed(300)))...)
	if o := Fold(in); !o.Boxes[0].Appointment.Equal(at(300)) {
		t.Errorf("appointment %s", o.Boxes[0].Appointment)
	}
	wantRefused(t, in, event(Appointed, 180, timed(500)), "")
	wantRefused(t, in, event(Appointed, 181, timed(500)), "appointment_fixed")
	wantRefused(t, in, event(Appointed, 181, timed(300)), "") // the same again
	wantRefused(t, story(75, []Notice{ordered(box1)}, until(Started)...), event(Appointed, 75), "started_already")
}

func TestRemindersAtHalfAndAtTheEnd(t *testing.T) {
	t.Parallel()
	n := ordered(box1)
	for _, c := range []struct{ minute, limit, due int }{{10, 30, 0}, {16, 30, 1}, {31, 30, 2}, {60, 120, 0}, {61, 120, 1}, {121, 120, 2}} {
		n.Boxes[0].OnShip = c.limit == 120
		o := Fold(story(c.minute, []Notice{n}, event(TransportAck, 1)))
		if o.RemindersDue != c.due || (o.Person == "unanswered") != (c.due == 2) || o.Overdue != (c.due == 2) || o.State != StateDelivered {
			t.Errorf("minute %d of %d: %d reminders due, person %q, overdue %t, %s", c.minute, c.limit, o.RemindersDue, o.Person, o.Overdue, o.State)
		}
	}
	n.Boxes[0].OnShip = false
	o := Fold(story(31, []Notice{n}, event(TransportAck, 1), event(Reminded, 16), event(Reminded, 31)))
	if o.Reminders != 2 || o.Confirmed || o.State != StateDelivered {
		t.Errorf("%d reminders went, %s, confirmed %t: silence is never acceptance", o.Reminders, o.State, o.Confirmed)
	}
	in := story(31, []Notice{n})
	in.Capability.AcksTransport = false // arrivals are never told: the time runs from the issue
	if o = Fold(in); o.RemindersDue != 2 {
		t.Errorf("%d reminders due", o.RemindersDue)
	}
}
