package complaint

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// chart is the drawing of the state machine, written down once more by hand:
// state, side, act → next state. What is not here must be refused. A ! marks
// what is possible only when the other side is late.
var chart = map[string]State{
	"received authority forward":      Forwarded,
	"received authority answer":       Answered,
	"received authority escalate":     Escalated,
	"received authority close":        Closed,
	"received authority add":          Received,
	"received complainant withdraw":   Closed,
	"received complainant add":        Received,
	"received complainant escalate!":  Escalated,
	"forwarded authority forward":     Forwarded,
	"forwarded authority answer":      Answered,
	"forwarded authority escalate":    Escalated,
	"forwarded authority add":         Forwarded,
	"forwarded collector answer":      Answered,
	"forwarded collector add":         Forwarded,
	"forwarded complainant withdraw":  Closed,
	"forwarded complainant add":       Forwarded,
	"forwarded complainant escalate!": Escalated,
	"answered complainant accept":     Accepted,
	"answered complainant reject":     Rejected,
	"answered complainant escalate":   Escalated,
	"answered complainant withdraw":   Closed,
	"answered complainant add":        Answered,
	"answered authority escalate":     Escalated,
	"answered authority add":          Answered,
	"answered authority close!":       Closed,
	"accepted authority close":        Closed,
	"accepted authority add":          Accepted,
	"accepted complainant add":        Accepted,
	"rejected authority forward":      Forwarded,
	"rejected authority answer":       Answered,
	"rejected authority escalate":     Escalated,
	"rejected authority close":        Closed,
	"rejected authority add":          Rejected,
	"rejected complainant escalate":   Escalated,
	"rejected complainant withdraw":   Closed,
	"rejected complainant add":        Rejected,
	"escalated authority forward":     Forwarded,
	"escalated authority answer":      Answered,
	"escalated authority close":       Closed,
	"escalated authority add":         Escalated,
	"escalated complainant withdraw":  Closed,
	"escalated complainant add":       Escalated,
}

func TestEveryActIsAsDrawn(t *testing.T) {
	t.Parallel()
	for _, s := range States {
		for _, by := range Actors {
			for _, a := range append([]Act{Submit, "approve", ""}, Acts...) {
				for _, late := range []bool{false, true} {
					key := fmt.Sprintf("%s %s %s", s, by, a)
					want, ok := chart[key]
					if !ok && late {
						want, ok = chart[key+"!"]
					}
					c := Case{State: s, Due: monday}
					e := &Event{Act: a, By: by, At: monday}
					if late {
						e.At = monday.Add(time.Second)
					}
					refusal := c.Admit(e)
					if ok != (refusal == nil) {
						t.Errorf("%s, late %v: refusal %+v, drawn %v", key, late, refusal, ok)
						continue
					}
					if ok && c.Next(e) != want {
						t.Errorf("%s leads to %s, drawn %s", key, c.Next(e), want)
					}
				}
			}
		}
	}
}

// TestRefusalsSayWhatWouldBe: whatever happens in whatever order, an act is
// done, or refused with the acts that are possible, each of which then is.
func TestRefusalsSayWhatWouldBe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := []Event{{Act: Submit, By: Complainant, At: monday, Due: Limits(nil).After(Received, "", monday)}}
		now := monday
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "hours")) * time.Hour)
			c, err := Fold(events)
			if err != nil {
				t.Fatal(err)
			}
			e := Event{Act: rapid.SampledFrom(Acts).Draw(t, "act"), By: rapid.SampledFrom(Actors).Draw(t, "by"), At: now, Collector: "pilot station"}
			refusal := c.Admit(&e)
			if refusal == nil {
				e.Due = Limits(nil).After(c.Next(&e), e.Collector, now)
				events = append(events, e)
				after, err := Fold(events)
				if err != nil {
					t.Fatalf("an admitted act does not fold: %v", err)
				}
				if after.State == Closed && (after.ClosedAt.IsZero() || after.Turn() != "") {
					t.Fatalf("closed and somebody has to act: %+v", after)
				}
				continue
			}
			if refusal.State != c.State || refusal.Act != e.Act || slices.Contains(refusal.Allowed, e.Act) {
				t.Fatalf("refusal %+v of %s in %s", refusal, e.Act, c.State)
			}
			if _, err := Fold(append(slices.Clone(events), e)); err == nil {
				t.Fatalf("a refused act folds: %s by %s in %s", e.Act, e.By, c.State)
			}
			for _, a := range refusal.Allowed {
				other := Event{Act: a, By: e.By, At: now}
				if c.Admit(&other) != nil {
					t.Fatalf("%s by %s in %s is offered and refused", a, e.By, c.State)
				}
			}
			if c.Over() != (refusal.Why == WhyOver || c.State == Closed) || c.Over() && len(refusal.Allowed) > 0 {
				t.Fatalf("refusal %+v in %s", refusal, c.State)
			}
		}
	})
}

// TestNobodyWaitsForNobody: in every open state some side can act without
// waiting for another, so that no complaint is stuck.
func TestNobodyWaitsForNobody(t *testing.T) {
	t.Parallel()
	for _, s := range States {
		c := Case{State: s}
		if s == Closed {
			continue
		}
		acts := slices.DeleteFunc(Allowed(s, false, c.Turn()), func(a Act) bool { return a == Add })
		if len(acts) == 0 {
			t.Errorf("in %s it is the turn of %s, who can do nothing", s, c.Turn())
		}
	}
}

func TestFoldRefusesWhatIsNoHistory(t *testing.T) {
	t.Parallel()
	for name, events := range map[string][]Event{
		"nothing": {}, "no beginning": {{Act: Forward, By: Authority}},
		"twice begun": {{Act: Submit, By: Complainant}, {Act: Submit, By: Complainant}},
		"too early":   {{Act: Submit, By: Complainant}, {Act: Accept, By: Complainant}},
	} {
		if _, err := Fold(events); err == nil {
			t.Errorf("%s folds", name)
		}
	}
}
