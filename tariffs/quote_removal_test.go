package tariffs

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// anyCall is a call of a ship with everything that a call may ask for.
func anyCall(r *rapid.T) *Call {
	of := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(r, name) }
	count := func(name string, most int) int { return rapid.IntRange(0, most).Draw(r, name) }
	yes := func(name string) bool { return rapid.Bool().Draw(r, name) }
	maybe := func(name string) *bool {
		return rapid.SampledFrom([]*bool{nil, new(true), new(false)}).Draw(r, name)
	}
	arrival := rapid.SampledFrom([]string{"2016-02-28T23:00:00+08:00", "2017-10-01T08:00:00+08:00", "2019-04-01T00:00:00+08:00", "2022-04-01T08:00:00+08:00",
		"2025-10-20T08:00:00+08:00", "2026-06-01T08:00:00+08:00", "2026-11-24T08:00:00+08:00"}).Draw(r, "arrival")
	from, err := time.Parse(time.RFC3339, arrival)
	if err != nil {
		r.Fatal(err)
	}
	hours := func(name string, most int) time.Duration { return time.Duration(count(name, most)) * time.Hour }
	call := &Call{Arrival: from, Trade: of("trade", "", international, domestic), Terminal: of("terminal", "", "CNDLC-07", "CNDLC-12", "CNDLC-20"),
		Ship: Ship{NT: of("nt", "", "1", "999.5", "1000", "2000.001", "40000", "60000", "80001", "120000", "120001", "250000"), LOA: of("loa", "", "80", "299.9", "400"),
			Type: of("type", "", ShipTypes[0], ShipTypes[1], ShipTypes[2])},
		Pilotage: &Pilotage{In: yes("in"), Out: yes("out"), Shifts: count("shifts", 2), Locks: count("locks", 1), Night: yes("night"), Holiday: yes("holiday")},
		Boom:     count("boom", 2),
		Special: &Special{Owner: maybe("owner"), Operator: maybe("operator"), Equity: maybe("equity"), Flag: maybe("flag"), BuiltUS: maybe("us"), BuiltCN: maybe("cn"),
			FirstPort: maybe("first"), Voyages: rapid.SampledFrom([]*int{nil, new(0), new(5)}).Draw(r, "voyages")}}
	if yes("tugs") {
		call.Tugs = &Tugs{In: new(count("tugs in", 3)), Out: new(count("tugs out", 3))}
	}
	if yes("berth") {
		stay := time.Hour + hours("stay", 200)
		call.Berth = &Berth{From: from, To: from.Add(stay), IdleReason: of("idle", append([]string{""}, IdleReasons...)...), PortCaused: yes("by the port")}
		if yes("done") {
			call.Berth.CargoDone = from.Add(min(stay, hours("cargo", 200)))
		}
		call.Berth.Anchorage = of("anchorage", "", "30")
	}
	if yes("dues") {
		call.Dues = &DuesAsk{RateKind: of("kind", "", "preferential", "ordinary"), Term: of("term", append([]string{""}, LicenceTerms...)...)}
	}
	rule := of("rule", "", "as_40")
	for i := range count("boxes", 3) {
		n := strconv.Itoa(i)
		call.Boxes = append(call.Boxes, Boxes{Count: 1 + count("count"+n, 9), Size: of("size"+n, "20", "40", "45"), State: of("state"+n, "laden", "empty", "folded"),
			Direction: of("way"+n, "import", "export", "transit"), Rule45: rule})
	}
	if yes("surcharges") {
		call.Enabled = []string{"M-SUR-NIGHT-A", "M-SUR-NIGHT-HOL"}
	}
	return call
}

// some says which of many are meant: all, every second on average, … each
// sixth. It mixes by splitmix64, so that a failure is small and repeats.
func some(r *rapid.T) func() bool {
	one, seed := rapid.Uint64Range(1, 6).Draw(r, "one of"), rapid.Uint64().Draw(r, "seed")
	return func() bool {
		seed += 0x9e3779b97f4a7c15
		z := seed
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return (z^z>>31)%one == 0
	}
}

// without is a catalogue from which rows were taken.
func without(r *rapid.T, c *Catalogue) *Catalogue {
	out, gone := *c, some(r)
	out.Rates = slices.DeleteFunc(slices.Clone(c.Rates), func(x Rate) bool { return x.Item != "SECURITY" && gone() })
	out.Dues = slices.DeleteFunc(slices.Clone(c.Dues), func(Dues) bool { return gone() })
	out.Special.Rates = slices.DeleteFunc(slices.Clone(c.Special.Rates), func(SpecialRow) bool { return gone() })
	out.Special.States = slices.DeleteFunc(slices.Clone(c.Special.States), func(SpecialRow) bool { return gone() })
	// A minimum is off until the call turns it on, and then it must be there.
	out.Modifiers = slices.DeleteFunc(slices.Clone(c.Modifiers), func(m Modifier) bool { return m.Kind != "minimum_quantity" && gone() })
	if err := out.index(); err != nil {
		r.Fatal(err)
	}
	return &out
}

// doubledPart is a catalogue in which the port publishes some of the rows of the
// country as its own, with the same figures.
func doubledPart(r *rapid.T, c *Catalogue) *Catalogue {
	out, own := *c, some(r)
	out.Rates = slices.Clone(c.Rates)
	for _, rate := range c.Rates {
		if rate.Place == "CN" && own() {
			rate.ID, rate.Place = "DL-"+rate.ID, homePort
			out.Rates = append(out.Rates, rate)
		}
	}
	if err := out.index(); err != nil {
		r.Fatal(err)
	}
	return &out
}

// TestARowThatIsNotThereNeverMakesAQuoteSmaller: what is not on file is
// unknown. Whatever rows are taken away, a total that is still given is not
// below the one before, nor is a line, and no line that had an amount vanishes.
func TestARowThatIsNotThereNeverMakesAQuoteSmaller(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		call := anyCall(r)
		neverSmaller(r, BuiltIn(), without(r, BuiltIn()), call)
	})
}

// TestSomeRowsOfThePortNeverMakeAQuoteSmaller: a port that repeats a part of a
// table has published no gap at no charge. What is left of the table is the
// country's, or unknown.
func TestSomeRowsOfThePortNeverMakeAQuoteSmaller(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		call := anyCall(r)
		neverSmaller(r, BuiltIn(), doubledPart(r, BuiltIn()), call)
	})
}

// neverSmaller holds the quotations of a call by two catalogues against each
// other.
func neverSmaller(r *rapid.T, was, is *Catalogue, call *Call) {
	before, after := Quote(was, call, "2026-11-25"), Quote(is, call, "2026-11-25")
	if after.Total.Amount != nil && *after.Total.Amount < before.Total.AtLeast {
		r.Fatalf("total %s, before at least %s", after.Total.Amount, before.Total.AtLeast)
	}
	same := func(l *Line) func(Line) bool {
		return func(o Line) bool { return o.Item == l.Item && o.Component == l.Component && o.Part == l.Part }
	}
	for i := range before.Lines {
		l := &before.Lines[i]
		at := slices.IndexFunc(after.Lines, same(l))
		switch {
		case at < 0 && l.Zero != "": // its exemption was taken away, and another line is charged
		case at < 0:
			r.Fatalf("no line of %s %s %s any more: %+v", l.Item, l.Component, l.Part, l)
		case l.Amount != nil && after.Lines[at].Amount != nil && *after.Lines[at].Amount < *l.Amount:
			r.Fatalf("%s %s %s: %s, before %s", l.Item, l.Component, l.Part, after.Lines[at].Amount, l.Amount)
		}
	}
	for i := range after.Lines {
		if l := &after.Lines[i]; (l.Amount == nil) == (l.Unknown == "") {
			r.Fatalf("neither an amount nor a reason, or both: %+v", l)
		}
	}
}
