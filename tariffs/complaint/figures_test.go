package complaint

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func entries(t *testing.T) []Entry {
	t.Helper()
	day := func(s string) time.Time { return at(t, s+" 10:00") }
	return []Entry{
		{Collector: "pilot station", State: Closed, Received: day("2026-11-02"), Forwarded: day("2026-11-03"), Answered: day("2026-11-05"), Verdict: Accepted, Reason: Settled},
		{Collector: "pilot station", State: Closed, Received: day("2026-11-02"), Forwarded: day("2026-11-06"), Answered: day("2026-11-09"), Verdict: Rejected, Reason: Upheld, Escalated: true},
		{Collector: "pilot station", State: Forwarded, Received: day("2026-11-10"), Forwarded: day("2026-11-11"), Due: day("2026-11-20")},
		{State: Received, Received: day("2026-11-12"), Due: day("2026-12-20")},
		{State: Closed, Received: day("2026-11-12"), Reason: Withdrawn},
		{Collector: "terminal", State: Answered, Received: day("2026-10-12"), Answered: day("2026-10-13")}, // the authority answered itself
	}
}

func TestFiguresAreWhatCountingGives(t *testing.T) {
	t.Parallel()
	n := func(v int) *int { return &v }
	byBody, all := Figures(entries(t), at(t, "2026-11-25 10:00"))
	want := []Month{
		{Month: "2026-11", Received: 2, Excluded: 1},
		{Month: "2026-11", Collector: "pilot station", Received: 3, Forwarded: 3, Answered: 2, Closed: 2, Accepted: 1, Rejected: 1, Upheld: 1, Escalated: 1, Overdue: 1,
			MedianHours: n(72), MedianDays: n(2)},
		{Month: "2026-10", Collector: "terminal", Received: 1, Forwarded: 1, Answered: 1},
	}
	if diff := cmp.Diff(want, byBody); diff != "" {
		t.Errorf("by body (-want +got):\n%s", diff)
	}
	if len(all) != 2 || all[0].Received != 5 || all[0].Forwarded != 3 || all[1].Month != "2026-10" {
		t.Errorf("all bodies: %+v", all)
	}
	if got, known := all[0].ForwardedRate().Tenths(); !known || got != 750 {
		t.Errorf("forwarded rate %d %v", got, known)
	}
}

func TestARateOfNothingIsUnknown(t *testing.T) {
	t.Parallel()
	m := Month{Received: 1, Excluded: 1}
	for _, r := range []Rate{m.ForwardedRate(), m.ClosedRate(), m.SatisfiedRate()} {
		if _, known := r.Tenths(); known {
			t.Errorf("%+v is known", r)
		}
		if _, known := r.Meets(TargetClosed); known {
			t.Errorf("%+v meets or misses a target", r)
		}
	}
	for _, c := range []struct {
		rate  Rate
		meets bool
	}{{Rate{949, 1000}, false}, {Rate{950, 1000}, true}, {Rate{94999, 100000}, false}, {Rate{19, 20}, true}} {
		if meets, known := c.rate.Meets(TargetForwarded); !known || meets != c.meets {
			t.Errorf("%+v meets 95 %%: %v", c.rate, meets)
		}
	}
}

func TestAnAnswerInAYearWithoutACalendarHasNoWorkingDays(t *testing.T) {
	t.Parallel()
	list := entries(t)
	list[0].Answered = at(t, "2027-01-05 10:00")
	byBody, _ := Figures(list, at(t, "2027-01-25 10:00"))
	if m := byBody[1]; m.MedianDays != nil || m.MedianHours == nil {
		t.Errorf("%+v", m)
	}
}
