package tariffs

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func outside() *Special {
	return &Special{Owner: new(false), Operator: new(false), Equity: new(false), Flag: new(false), BuiltUS: new(false)}
}

// containerShip is the call of the issue: 60,000 net tons at the container
// terminal of Dayao Bay, two tugs each way, 30 hours alongside.
func containerShip(t testing.TB) *Call {
	return &Call{Terminal: "CNDLC-12", Arrival: at(t, "2026-11-24T06:00:00+08:00"), Leaving: at(t, "2026-11-25T16:00:00+08:00"),
		Ship:     Ship{Type: "container_roro_passenger", NT: "60000", LOA: "299.9"},
		Pilotage: &Pilotage{In: true, Out: true}, Tugs: &Tugs{In: new(2), Out: new(2)},
		Berth:   &Berth{From: at(t, "2026-11-24T08:00:00+08:00"), To: at(t, "2026-11-25T14:00:00+08:00")},
		Special: outside()}
}

func brief(q *Quotation) []string {
	var out []string
	for _, l := range q.Lines {
		amount := "unknown:" + l.Unknown
		if l.Amount != nil {
			amount = l.Amount.String()
		}
		out = append(out, strings.Join([]string{l.Item, l.Component, l.Part, amount, string(l.Word)}, " "))
	}
	return append(out, q.Total.Status+" "+q.Total.AtLeast.String())
}

func TestQuoteOfAContainerShip(t *testing.T) {
	t.Parallel()
	q := Quote(BuiltIn(), containerShip(t), "2026-11-25")
	want := []string{
		"PILOTAGE 1A in 23400.00 triangulated", // (40,000 × 0.45 + 20,000 × 0.40) × 0.90
		"PILOTAGE 1A out 23400.00 triangulated",
		"TOWAGE  in 20000.00 unverified", // cell 275-300 m
		"TOWAGE  out 20000.00 unverified",
		"BERTH_WORKING   30000.00 unverified", // 60,000 × 0.25 × 2 started days
		"indicative 116800.00",
	}
	if diff := cmp.Diff(want, brief(&q)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkQuoteOfAContainerShip is the call of the issue: under 200 µs and
// 300 allocations.
func BenchmarkQuoteOfAContainerShip(b *testing.B) {
	c, call := BuiltIn(), containerShip(b)
	b.ReportAllocs()
	for b.Loop() {
		if q := Quote(c, call, "2026-11-25"); len(q.Lines) != 5 {
			b.Fatal(len(q.Lines))
		}
	}
}

func TestAQuoteStaysWithinItsAllocations(t *testing.T) {
	c, call := BuiltIn(), containerShip(t)
	if n := testing.AllocsPerRun(20, func() { Quote(c, call, "2026-11-25") }); n > 300 {
		t.Errorf("%.0f allocations, at most 300", n)
	}
}
