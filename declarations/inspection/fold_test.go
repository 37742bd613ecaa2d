package inspection

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestWholeLife goes step by step through a life and looks at the state after each.
func TestWholeLife(t *testing.T) {
	t.Parallel()
	want := map[Kind]State{TransportAck: StateDelivered, Accepted: StateAccepted, Locked: StateLocked, MoveStarted: StateMoving, MoveDone: StateAtSite,
		Ready: StateReady, AttendantArrived: StateReady, Started: StateStarted, Finished: StateFinished, Released: StateReleased,
		Unlocked: StateReleased, MovedBack: StateClosed}
	in := story(0, []Notice{ordered(box1)})
	wantState(t, Fold(in), StateIssued)
	for _, e := range life() {
		in.Now = e.HeardAt
		if r := Admit(in, &e); r != nil {
			t.Fatalf("%s: %+v", e.Kind, *r)
		}
		in.Events = append(in.Events, e)
		wantState(t, Fold(in), want[e.Kind])
	}
	o := Fold(in)
	b := o.Boxes[0]
	if !o.Over || !o.Confirmed || len(b.Missing)+len(b.Early)+len(o.Refused) != 0 || !o.NextAt.IsZero() || o.Overdue || b.Moves != 2 || !b.Attended {
		t.Errorf("at the end: %+v", o)
	}
	for _, k := range []Kind{Locked, Accepted, Started, Finished, Released, Ready, MoveDone, ExceptionFound, Appointed, Postponed} {
		wantRefused(t, in, event(k, 200), map[Kind]string{Finished: "released_already", Started: "released_already"}[k]+map[bool]string{true: "over"}[k != Finished && k != Started && k != Released])
	}
}

// draw makes a random life: what the parties might do in any order, as far as
// Admit lets them.
func draw(t *rapid.T) Input {
	in := Input{Versions: []Notice{ordered(box1, box2)}, Capability: full, Now: at(rapid.IntRange(0, 300).Draw(t, "now"))}
	if rapid.Bool().Draw(t, "poor") {
		in.Capability = Capability{Interface: InterfaceMail, CanLock: LockNo, Sends: []Kind{MoveDone}}
	}
	minute := 0
	for i := range rapid.IntRange(0, 25).Draw(t, "events") {
		minute += rapid.IntRange(0, 15).Draw(t, "later")
		k := rapid.SampledFrom(Kinds).Draw(t, "kind")
		box := rapid.SampledFrom([]string{"", box1, box2}).Draw(t, "box")
		if rapid.IntRange(0, 8).Draw(t, "order") == 0 {
			order(t, &in, box, minute)
			continue
		}
		e := event(k, minute, of(box), by(rapid.SampledFrom(may[k]).Draw(t, "actor")))
		e.ID = fmt.Sprint(i)
		e.Result = rapid.SampledFrom(Results).Draw(t, "result")
		e.Reason = rapid.SampledFrom(Reasons()).Draw(t, "reason")
		e.Text = "x"
		e.OccurredAt = e.OccurredAt.Add(-minutes(rapid.IntRange(0, 20).Draw(t, "told later")))
		if Admit(in, &e) == nil {
			in.Events = append(in.Events, e)
		}
	}
	return in
}

// order makes a random new version, as far as it is allowed.
func order(t *rapid.T, in *Input, box string, minute int) {
	o := Order{Action: rapid.SampledFrom([]Action{Change, Cancel, FollowUp, TransferSite}).Draw(t, "action"), Notice: ordered(box1, box2)}
	o.Version = 0
	for i := range o.Boxes {
		o.Boxes[i].Site = rapid.SampledFrom([]string{"S1", "S2"}).Draw(t, "site")
	}
	if box != "" {
		o.Boxes = slices.DeleteFunc(o.Boxes, func(b Box) bool { return b.ContainerNumber != box })
	}
	k := map[Action]Kind{Change: Changed, Cancel: CancelOrdered, FollowUp: FollowUpOrdered, TransferSite: TransferOrdered}[o.Action]
	if Admit(*in, new(event(k, minute, of(box)))) != nil {
		return
	}
	next, faults := NextVersion(&in.Versions[len(in.Versions)-1], &o, at(minute))
	if len(faults) == 0 {
		in.Versions = append(in.Versions, next)
	}
}

// TestFoldKnowsNoOrder: state is a function of the set of versions and events.
func TestFoldKnowsNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		want := Fold(in)
		again := in
		again.Versions, again.Events = slices.Clone(in.Versions), slices.Clone(in.Events)
		for _, e := range in.Events {
			if rapid.IntRange(0, 2).Draw(t, "copies") == 0 {
				again.Events = append(again.Events, e)
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(again.Events), func(i, j int) { again.Events[i], again.Events[j] = again.Events[j], again.Events[i] })
		r.Shuffle(len(again.Versions), func(i, j int) { again.Versions[i], again.Versions[j] = again.Versions[j], again.Versions[i] })
		if diff := cmp.Diff(want, Fold(again)); diff != "" {
			t.Fatalf("another order, another overview (-want +got)\n%s", diff)
		}
	})
}

// TestClockMovesNothingBeforeNextAt: between Now and NextAt the overview
// stands still, so that nobody need look.
func TestClockMovesNothingBeforeNextAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := draw(t)
		now := Fold(in)
		end := now.NextAt
		if end.IsZero() {
			end = in.Now.Add(10000 * time.Hour)
		}
		in.Now = in.Now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(in.Now))-1).Draw(t, "wait")))
		later := Fold(in)
		if diff := cmp.Diff(now, later); diff != "" {
			t.Fatalf("the clock changed something before NextAt (-now +later)\n%s", diff)
		}
	})
}

// TestUnlockedOnlyByCustoms: however a life goes, a box that was locked and
// is so no longer has a release or a cancellation of customs behind it.
func TestUnlockedOnlyByCustoms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := Fold(draw(t))
		for _, b := range o.Boxes {
			_, released := b.At[Released]
			if _, unlocked := b.At[Unlocked]; unlocked && !released && b.State != StateCancelled {
				t.Fatalf("%s is unlocked in %s without customs", b.Box, b.State)
			}
			if released && b.At[Finished].IsZero() {
				t.Fatalf("%s is released without a finish", b.Box)
			}
		}
	})
}

func TestCustomsCarriesTheBoxOn(t *testing.T) {
	t.Parallel()
	in := story(150, []Notice{ordered(box1)}, event(Started, 70), event(Finished, 100), event(Released, 110))
	o := Fold(in)
	wantState(t, o, StateReleased)
	if want := []Kind{TransportAck, Accepted, Locked, MoveDone, Ready}; !slices.Equal(o.Boxes[0].Missing, want) {
		t.Errorf("missing %v, want %v: nothing is invented", o.Boxes[0].Missing, want)
	}
	if _, invented := o.Boxes[0].At[Locked]; invented || o.Confirmed {
		t.Errorf("a lock or an answer was invented: %+v", o.Boxes[0])
	}
}

func TestWhatATerminalCannotSendDoesNotBlock(t *testing.T) {
	t.Parallel()
	in := story(90, []Notice{ordered(box1)}, event(TransportAck, 1), event(Accepted, 5), event(Ready, 60))
	wantState(t, Fold(in), StateAccepted) // it could report lock and move and did not: ready is early
	in.Capability.Sends = []Kind{Ready}
	wantState(t, Fold(in), StateReady)
}

func TestAnAnswerWithoutATransportAckCounts(t *testing.T) {
	t.Parallel()
	o := Fold(story(6, []Notice{ordered(box1)}, event(Accepted, 5)))
	wantState(t, o, StateAccepted)
	if !slices.Equal(o.Boxes[0].Missing, []Kind{TransportAck}) || len(o.Delivered) != 0 {
		t.Errorf("missing %v, delivered %v: the two acknowledgements are never mixed", o.Boxes[0].Missing, o.Delivered)
	}
	o = Fold(story(6, []Notice{ordered(box1)}, event(TransportAck, 1)))
	if wantState(t, o, StateDelivered); o.Confirmed {
		t.Error("bytes that arrived are no answer")
	}
}

func TestChangeOfSiteOrMethodNeedsANewAnswer(t *testing.T) {
	t.Parallel()
	next := func(a Action, change func(*Notice)) []Notice {
		n := ordered(box1)
		change(&n)
		v2, faults := NextVersion(new(ordered(box1)), &Order{Action: a, Notice: n, Version: 2}, at(50))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		return []Notice{ordered(box1), v2}
	}
	moved := until(MoveDone)
	for _, c := range []struct {
		name     string
		versions []Notice
		want     State
	}{
		{"a telephone number", next(Change, func(n *Notice) { n.Phone = "0411" }), StateAtSite},
		{"the depth", next(Change, func(n *Notice) { n.Boxes[0].Depth = Full }), StateAtSite},
		{"the method", next(Change, func(n *Notice) { n.Boxes[0].Method = Machine }), StateIssued},
		{"the site", next(Change, func(n *Notice) { n.Boxes[0].Site = "S2" }), StateIssued},
		{"the terminal", next(Change, func(n *Notice) { n.Terminal = "T02" }), StateIssued},
		{"a transfer", next(TransferSite, func(n *Notice) { n.Boxes[0].Site = "S2" }), StateIssued},
	} {
		in := story(51, c.versions, moved...)
		o := Fold(in)
		if o.State != c.want || !o.Boxes[0].Locked {
			t.Errorf("%s: %s, want %s; locked %t", c.name, o.State, c.want, o.Boxes[0].Locked)
		}
		// Answered, the box stands where it is: the lock is kept, the old site is not the new one.
		in.Events = append(in.Events, event(TransportAck, 51, version(2)), event(Accepted, 52, version(2)))
		in.Now = at(53)
		want := map[string]State{"the site": StateLocked, "a transfer": StateLocked, "the terminal": StateLocked}[c.name]
		if want == "" {
			want = StateAtSite
		}
		wantState(t, Fold(in), want)
	}
}

func TestPostponedIsReadyAgainAtItsTime(t *testing.T) {
	t.Parallel()
	in := story(66, []Notice{ordered(box1)}, append(until(Ready), event(Postponed, 65, timed(300)))...)
	o := Fold(in)
	wantState(t, o, StatePostponed)
	if !o.NextAt.Equal(at(300)) {
		t.Errorf("next at %s, want the new time", o.NextAt)
	}
	in.Now = at(300)
	wantState(t, Fold(in), StateReady)
	in.Now = at(331)
	if o = Fold(in); !o.Overdue {
		t.Error("half an hour after the new time nobody has begun: overdue")
	}
	in.Events = append(in.Events, event(Started, 320))
	wantState(t, Fold(in), StateStarted)
}

func TestExceptionStopsUntilSomethingGoesOn(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	in := story(40, n, append(until(MoveStarted), event(ExceptionFound, 35))...)
	o := Fold(in)
	wantState(t, o, StateException)
	if o.Person != "exception" || o.Boxes[0].Reason != Damaged {
		t.Errorf("person %q, reason %q", o.Person, o.Boxes[0].Reason)
	}
	in.Events = append(in.Events, event(MoveDone, 50))
	wantState(t, Fold(in), StateAtSite)
	wantRefused(t, story(65, n, until(Ready)...), event(ExceptionFound, 65), "ready_already")
	wantRefused(t, story(65, n, until(Ready)...), event(ExceptionFound, 50), "") // happened before it was ready
	in = story(40, n, append(until(Locked), event(ExceptionFound, 35, reason(BoxGone)), event(RejectConfirmed, 38))...)
	if o = Fold(in); o.State != StateRejected || !o.Over {
		t.Errorf("customs agrees that the box is gone: %s, over %t", o.State, o.Over)
	}
}

func TestHoldSampleSeize(t *testing.T) {
	t.Parallel()
	n := []Notice{ordered(box1)}
	for r, want := range map[Result]State{HoldGoods: StateHeld, SampleTaken: StateSampled, Seize: StateSeized, PassWithChange: StateFinished} {
		in := story(105, n, append(until(Started), event(Finished, 100, result(r)))...)
		o := Fold(in)
		wantState(t, o, want)
		if o.Over != (r == Seize) || o.Boxes[0].Result != r || !o.Boxes[0].Locked {
			t.Errorf("%s: over %t, result %s, locked %t", r, o.Over, o.Boxes[0].Result, o.Boxes[0].Locked)
		}
		if r == Seize {
			wantRefused(t, in, event(Released, 106), "over")
			wantRefused(t, in, event(Finished, 106), "over")
			wantRefused(t, in, event(Unlocked, 106), "over")
		} else if r != PassWithChange {
			in.Events = append(in.Events, event(Finished, 104))
			wantState(t, Fold(in), StateFinished)
			wantRefused(t, in, event(Released, 106), "")
		}
	}
}

func TestPartlyRejected(t *testing.T) {
	t.Parallel()
	in := story(20, []Notice{ordered(box1, box2)}, event(TransportAck, 1), event(Accepted, 5, of(box1)), event(Rejected, 6, of(box2)))
	o := Fold(in)
	wantState(t, o, StateAccepted)
	if !o.PartlyRejected || o.Confirmed || o.Person != "rejected" {
		t.Errorf("partly rejected %t, confirmed %t, person %q", o.PartlyRejected, o.Confirmed, o.Person)
	}
	in = story(140, in.Versions, append(life(), event(Rejected, 6, of(box2)), event(RejectConfirmed, 9, of(box2)))...)
	for i := range in.Events {
		if in.Events[i].Box == "" {
			in.Events[i].Box = box1
		}
	}
	if o = Fold(in); o.State != StateClosed || !o.Over || !o.PartlyRejected {
		t.Errorf("one box back, one confirmed as gone: %s, over %t, partly rejected %t", o.State, o.Over, o.PartlyRejected)
	}
}

func TestBreakBulkWithoutNumbers(t *testing.T) {
	t.Parallel()
	n := ordered()
	n.Boxes = []Box{{Mark: "N/M 钢卷", Pieces: "12", YardPlace: "6-3", Method: Manual}}
	n.Orders = []Work{Present}
	o := Fold(story(150, []Notice{n}, event(TransportAck, 1), event(Accepted, 5), event(Ready, 30, of("N/M 钢卷")), event(Started, 60, of("N/M 钢卷")),
		event(Finished, 90), event(Released, 100)))
	wantState(t, o, StateClosed) // nothing was locked or moved: released is the end
	if len(o.Refused) != 0 {
		t.Errorf("refused %v", o.Refused)
	}
}

func TestFoldWithoutAnything(t *testing.T) {
	t.Parallel()
	if o := Fold(Input{}); o.State != "" || len(o.Boxes) != 0 {
		t.Errorf("nothing is known: %+v", o)
	}
	if o := Fold(Input{Events: life(), Now: t0}); o.Version != 0 {
		t.Errorf("events alone make no notice: %+v", o)
	}
	o := Fold(Input{Versions: []Notice{{Number: "N1", Version: 1, IssuedAt: t0, Boxes: []Box{{ContainerNumber: box1}}}}, Now: at(1)})
	if o.Person != "no_terminal" {
		t.Errorf("person %q: a notice without a terminal goes to the human list", o.Person)
	}
	n := ordered(box1)
	if o = Fold(Input{Versions: []Notice{n}, Now: at(1)}); o.Person != "no_interface" {
		t.Errorf("person %q: a terminal about which nothing is on file is told by a person", o.Person)
	}
}

func BenchmarkFold(b *testing.B) {
	for _, boxes := range []int{1, 2, 20} {
		n := ordered()
		var events []Event
		for i := range boxes {
			key := fmt.Sprintf("BOX%d", i)
			n.Boxes = append(n.Boxes, Box{ContainerNumber: key, Method: Manual, Site: "S1"})
			for _, e := range life() {
				events = append(events, event(e.Kind, int(e.OccurredAt.Sub(t0)/time.Minute), of(key)))
			}
		}
		in := story(150, []Notice{n}, events...)
		b.Run(fmt.Sprintf("boxes=%d/events=%d", boxes, len(events)), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if o := Fold(in); o.State != StateClosed {
					b.Fatal(o.State)
				}
			}
		})
	}
}
