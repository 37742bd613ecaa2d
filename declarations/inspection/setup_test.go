package inspection

import (
	"fmt"
	"testing"
	"time"
)

// t0 is when the notices of these tests are issued.
var t0 = time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)

func at(minute int) time.Time { return t0.Add(time.Duration(minute) * time.Minute) }

const (
	box1 = "TEMU0000011" // check digits of ISO 6346
	box2 = "TEMU0000027"
)

// full is a terminal that can do and tell everything.
var full = Capability{Terminal: "T01", Class: "inspection_notice", Interface: InterfaceAPI, Channels: []string{"hook", "mail"}, CanLock: LockPrelock,
	CanUnlock: true, AcksTransport: true, Answers: true,
	Sends: []Kind{Locked, MoveStarted, MoveDone, Ready, Unlocked, MovedBack, DirectGateOut, ExceptionFound}}

// ordered is version 1 of a notice about the boxes.
func ordered(boxes ...string) Notice {
	n := Notice{Number: "N1", Version: 1, Change: Issue, IssuedAt: t0, Purpose: PurposeCustoms, CustomsOffice: "0901",
		DeclarationNumber: "090120261000000001", Terminal: "T01", Attendance: AttendanceRequired, Orders: []Work{Lock, Move, Present}, ReasonClass: "risk"}
	for _, b := range boxes {
		n.Boxes = append(n.Boxes, Box{ContainerNumber: b, Method: Manual, Depth: Half, Site: "S1"})
	}
	return n
}

// event is one event of a kind that happened so many minutes after the issue,
// reported by an actor that may, and heard at once.
func event(k Kind, minute int, more ...func(*Event)) Event {
	e := Event{ID: fmt.Sprintf("%s-%d", k, minute), Kind: k, OccurredAt: at(minute), HeardAt: at(minute), Actor: ByCustoms}
	if len(may[k]) > 0 {
		e.Actor = may[k][0]
	}
	switch k {
	case Finished:
		e.Result = Pass
	case Rejected:
		e.Reason = BoxGone
	case ExceptionFound:
		e.Reason = Damaged
	case Appointed, Postponed:
		e.Time = at(minute + 600)
	case HandedOver, AttendanceWaiver:
		e.Person = "王值班"
	}
	for _, f := range more {
		f(&e)
	}
	return e
}

func of(box string) func(*Event)      { return func(e *Event) { e.Box, e.ID = box, e.ID+box } }
func version(v int) func(*Event)      { return func(e *Event) { e.Version = v; e.ID += fmt.Sprint("v", v) } }
func by(a Actor) func(*Event)         { return func(e *Event) { e.Actor = a } }
func reason(r Reason) func(*Event)    { return func(e *Event) { e.Reason = r } }
func result(r Result) func(*Event)    { return func(e *Event) { e.Result = r } }
func heardAt(minute int) func(*Event) { return func(e *Event) { e.HeardAt = at(minute) } }
func text(s string) func(*Event)      { return func(e *Event) { e.Text = s } }
func timed(minute int) func(*Event)   { return func(e *Event) { e.Time = at(minute) } }

// story folds one notice with events, looked at so many minutes after its issue.
func story(minute int, n []Notice, events ...Event) Input {
	return Input{Versions: n, Events: events, Capability: full, Now: at(minute)}
}

// life is a whole life of one box without trouble.
func life() []Event {
	return []Event{event(TransportAck, 1), event(Accepted, 5), event(Locked, 8), event(MoveStarted, 30), event(MoveDone, 45), event(Ready, 60),
		event(AttendantArrived, 62), event(Started, 70), event(Finished, 100), event(Released, 110), event(Unlocked, 112), event(MovedBack, 130)}
}

// until is the life up to and with a kind.
func until(k Kind) []Event {
	all := life()
	for i := range all {
		if all[i].Kind == k {
			return all[:i+1]
		}
	}
	panic("no such kind in the life: " + k)
}

func wantState(t *testing.T, o Overview, want State) {
	t.Helper()
	if o.State != want {
		t.Errorf("notice is %s, want %s; boxes %+v", o.State, want, o.Boxes)
	}
}

// wantRefused judges one more event.
func wantRefused(t *testing.T, in Input, e Event, why string) *Refusal {
	t.Helper()
	r := Admit(in, &e)
	switch {
	case r == nil && why != "":
		t.Errorf("%s was admitted, want a refusal: %s", e.Kind, why)
	case r != nil && r.Why != why:
		t.Errorf("%s was refused with %q in %s, want %q", e.Kind, r.Why, r.State, why)
	}
	return r
}
