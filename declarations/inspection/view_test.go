package inspection

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

func TestViewHidesWhatAPartyMayNotSee(t *testing.T) {
	t.Parallel()
	n := ordered(box1)
	n.Note, n.Declarant, n.Phone, n.Boxes[0].Goods = "canary-note", "canary-declarant", "canary-phone", "canary-goods"
	for _, c := range []struct {
		actor Actor
		sees  []string
		not   []string
	}{
		{ByCustoms, []string{"reason_class", "canary-note", "MAN"}, nil},
		{ByTerminal, []string{box1, "LOCK", "MAN", "canary-note"}, []string{"reason_class"}},
		{BySite, []string{box1, "PRESENT"}, []string{"reason_class"}},
		{ByClerk, []string{box1, "canary-phone"}, []string{"reason_class"}},
		{ByDeclarant, []string{box1, "MAN"}, []string{"reason_class", "canary-note"}},
		{ByHaulier, []string{box1, "S1", "MOVE"}, []string{"reason_class", "canary", "MAN", "HALF", "LOCK", n.DeclarationNumber}},
		{"stranger", nil, []string{"reason_class", "canary", "MAN", n.DeclarationNumber}},
	} {
		b, err := json.Marshal(View(n, c.actor))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.sees {
			if !strings.Contains(string(b), want) {
				t.Errorf("%s does not see %s: %s", c.actor, want, b)
			}
		}
		for _, hidden := range c.not {
			if strings.Contains(string(b), hidden) {
				t.Errorf("%s sees %s: %s", c.actor, hidden, b)
			}
		}
	}
	if n.ReasonClass == "" || n.Boxes[0].Method == "" {
		t.Error("the view changed the notice itself")
	}
}

func TestSelectionDoesNotLeakBeforeTheLock(t *testing.T) {
	t.Parallel()
	n := ordered(box1, box2)
	visible := func(n Notice, known bool, events ...Event) bool {
		return VisibleToDeclarant(Fold(story(60, []Notice{n}, events...)), &n, known)
	}
	accepted := []Event{event(TransportAck, 1), event(Accepted, 5)}
	one := []Event{event(TransportAck, 1), event(Accepted, 5), event(Locked, 8, of(box1))}
	for _, c := range []struct {
		name   string
		events []Event
		want   bool
	}{
		{"issued", nil, false}, {"accepted", accepted, false}, {"one of two locked", one, false},
		{"both locked", append(one, event(Locked, 9, of(box2))), true},
		{"a lock that waits for its acceptance", []Event{event(Locked, 8)}, false},
		{"begun by customs", []Event{event(Started, 8)}, true},
		{"seen through to the end", life(), true},
	} {
		if got := visible(n, false, c.events...); got != c.want {
			t.Errorf("%s: visible %t, want %t", c.name, got, c.want)
		}
	}
	if !visible(n, true) {
		t.Error("he knows from customs already: there is nothing to hide")
	}
	ship := ordered(box1)
	ship.Boxes[0].OnShip = true
	if !visible(ship, false) {
		t.Error("the rule is about boxes in the yard: this one is on its ship")
	}
	loose := ordered(box1)
	loose.Orders = []Work{Present}
	if visible(loose, false) || !visible(loose, false, accepted...) {
		t.Error("where nothing is to be locked the terminal's acceptance opens it")
	}
	o := Fold(story(60, cancelled(box1), accepted...))
	if VisibleToDeclarant(o, &n, false) {
		t.Error("taken back before it was held: he need not know")
	}
}

func TestHours(t *testing.T) {
	t.Parallel()
	c := Capability{SlotsPerHour: 3, Hours: []Hours{{Days: []time.Weekday{time.Thursday}, From: "08:00", Until: "11:30"},
		{Days: []time.Weekday{time.Thursday}, From: "22:00", Until: "02:00"}}}
	day := "2026-11-26" // a Thursday
	slots := SlotsFor(c, day)
	if len(slots) != 8 || slots[0].Places != 3 || !slots[0].From.Equal(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)) || slots[3].Until.Sub(slots[3].From) != 30*time.Minute {
		t.Errorf("slots %+v", slots)
	}
	local := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, port) }
	for _, s := range []struct {
		at   time.Time
		open bool
	}{
		{local(26, 7, 59), false}, {local(26, 8, 0), true}, {local(26, 11, 29), true}, {local(26, 11, 30), false}, {local(26, 23, 0), true},
		{local(27, 1, 59), true}, {local(27, 2, 0), false}, {local(27, 9, 0), false}, {local(26, 1, 0), false},
	} {
		if got := Open(c, s.at.UTC()); got != s.open {
			t.Errorf("%s: open %t, want %t", s.at, got, s.open)
		}
	}
	now := local(26, 9, 0)
	for want, got := range map[string]string{
		"hours_unknown": CheckAppointment(Capability{}, now, now, 0), "outside_hours": CheckAppointment(c, local(26, 12, 0), now, 0),
		"in_past": CheckAppointment(c, local(26, 8, 0), now, 0), "full": CheckAppointment(c, local(26, 10, 0), now, 3),
		"": CheckAppointment(c, local(26, 10, 0), now, 2),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if SlotsFor(Capability{}, day) != nil || SlotsFor(c, "tomorrow") != nil || len(SlotsFor(c, "2026-11-25")) != 0 {
		t.Error("slots were invented")
	}
	if s := SlotsFor(Capability{Hours: []Hours{{Days: []time.Weekday{4}, From: "8", Until: "25:00"}}}, day); len(s) != 0 {
		t.Errorf("hours that are none: %v", s)
	}
}

func TestStepsInTheWordsOfDCSA(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       Kind
		method     Method
		code, mark string
	}{
		{Locked, Machine, "CUSS", "ACT"}, {Locked, Manual, "CUSI", "ACT"}, {Locked, MachineThenHands, "CUSI", "ACT"}, {Locked, "", "", ""},
		{FollowUpOrdered, Manual, "CUSI", "ACT"}, {Appointed, Manual, "INSP", "PLN"}, {Finished, Manual, "INSP", "ACT"},
		{Resealed, Manual, "RSEA", "ACT"}, {Released, Manual, "CUSR", "ACT"}, {CancelOrdered, Manual, "", ""}, {Accepted, Manual, "", ""},
	} {
		code, mark, ok := Step(event(c.kind, 1), &Box{Method: c.method})
		if code != c.code || mark != c.mark || ok != (c.code != "") {
			t.Errorf("%s %s: %s %s %t", c.kind, c.method, code, mark, ok)
		}
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	good := Fold(story(200, n, life()...))
	late := Fold(story(200, n, event(TransportAck, 8), event(Accepted, 50)))
	moved := cancelled(box1)
	moved[1].IssuedAt = at(50)
	wasted := Fold(story(200, moved, until(MoveDone)...))
	byHand := Fold(story(200, n, event(HandedOver, 20), event(Accepted, 25)))
	open := Fold(story(6, n))
	f := FiguresOf([]Measured{{good, n}, {late, n}, {wasted, moved}, {byHand, n}, {open, n}})
	if f.Notices != 5 || f.Boxes != 5 || f.LateTransport != 4 || f.LateBusiness != 1 || f.ByPerson != 1 || f.Wasted != 1 || f.Changes != 1 || f.Unanswered != 1 {
		t.Errorf("%+v", f)
	}
	want := map[string]Span{"issue_to_transport": {4, 60_000, 1_200_000, 1_200_000}, "whole": {1, 7_800_000, 7_800_000, 7_800_000}}
	for name, span := range want {
		if f.Spans[name] != span {
			t.Errorf("%s: %+v, want %+v", name, f.Spans[name], span)
		}
	}
	if f.ByMethod[Manual].Count != 1 {
		t.Errorf("by method: %+v", f.ByMethod)
	}
	if _, err := json.Marshal(&f); err != nil { // they are answered as JSON
		t.Error(err)
	}
	if f = FiguresOf(nil); len(f.Spans) != 0 {
		t.Errorf("what was never measured is absent: %+v", f)
	}
}
