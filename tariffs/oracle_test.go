package tariffs

import (
	"encoding/csv"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The oracle reads the table by itself and computes with big rationals; it
// shares no code with the engine.
type cell map[string]string

func cellsOf(t interface{ Fatal(...any) }, file string) []cell {
	body, err := tables.ReadFile("tables/" + file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(body))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []cell
	for _, row := range rows[1:] {
		c := cell{}
		for i, name := range rows[0] {
			c[name] = row[i]
		}
		out = append(out, c)
	}
	return out
}

func rat(t interface{ Fatal(...any) }, s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatal("no number: " + s)
	}
	return r
}

// fenOf rounds half up, away from zero.
func fenOf(yuan *big.Rat) int64 {
	twice := new(big.Rat).Mul(yuan, big.NewRat(200, 1))
	twice.Add(twice, big.NewRat(1, 1))
	n := new(big.Int).Quo(twice.Num(), twice.Denom())
	return new(big.Int).Quo(n, big.NewInt(2)).Int64()
}

// oracleBase is 1A on a day of the rows of 2019, as the text says it.
func oracleBase(t interface{ Fatal(...any) }, cells []cell, nt int64, factor string, sum string) int64 {
	if nt > 120_000 {
		return fenOf(rat(t, sum))
	}
	total := new(big.Rat)
	for _, c := range cells {
		if c["item"] != "PILOTAGE" || c["component"] != "1A" || c["schedule_kind"] != "progressive" || c["valid_from"] != "2019-04-01" {
			continue
		}
		from, to := rat(t, c["nt_from"]), rat(t, c["nt_to"])
		top := new(big.Rat).SetInt64(nt)
		if top.Cmp(to) > 0 {
			top = to
		}
		if top.Cmp(from) > 0 {
			part := new(big.Rat).Sub(top, from)
			total.Add(total, part.Mul(part, rat(t, c["amount"])))
		}
	}
	return fenOf(total.Mul(total, rat(t, factor)))
}

func amount(t interface{ Fatal(...any) }, q *Quotation, item, component, part string) int64 {
	for i := range q.Lines {
		l := &q.Lines[i]
		if l.Item == item && l.Component == component && (part == "" || l.Part == part) {
			if l.Amount == nil {
				t.Fatal(item + " " + component + " is unknown: " + l.Unknown)
			}
			return int64(*l.Amount)
		}
	}
	t.Fatal("no line " + item + " " + component)
	return 0
}

var factors = []struct {
	day         Day
	factor, sum string
}{{"2019-04-01", "1.00", "49000"}, {"2022-03-31", "1.00", "49000"}, {"2022-04-01", "0.90", "44100"}, {"2026-11-24", "0.90", "44100"}}

func pilotageOn(day Day, nt int64) *Call {
	return &Call{On: day, Terminal: "CNDLC-12", Ship: Ship{NT: big.NewInt(nt).String()}, Pilotage: &Pilotage{In: true}, Special: outside()}
}

func TestPilotageIsWhatTheOracleSays(t *testing.T) {
	t.Parallel()
	cells := cellsOf(t, "rates.csv")
	rapid.Check(t, func(r *rapid.T) {
		f := rapid.SampledFrom(factors).Draw(r, "day")
		nt := rapid.OneOf(rapid.Int64Range(1, 200_000), rapid.SampledFrom([]int64{40_000, 40_001, 80_000, 80_001, 120_000, 120_001})).Draw(r, "nt")
		q := Quote(BuiltIn(), pilotageOn(f.day, nt), "2026-11-25")
		if got, want := amount(r, &q, "PILOTAGE", "1A", "in"), oracleBase(r, cells, nt, f.factor, f.sum); got != want {
			r.Fatalf("%s, %d NT: %d fen, want %d", f.day, nt, got, want)
		}
	})
}

func TestPilotageNeverFallsAndHasNoStepWhereTiersMeet(t *testing.T) {
	t.Parallel()
	for _, f := range factors {
		for _, edge := range []int64{40_000, 80_000, 120_000} {
			before, after := Quote(BuiltIn(), pilotageOn(f.day, edge), "2026-11-25"), Quote(BuiltIn(), pilotageOn(f.day, edge+1), "2026-11-25")
			step := amount(t, &after, "PILOTAGE", "1A", "in") - amount(t, &before, "PILOTAGE", "1A", "in")
			if step < 0 || step > 45 { // no more than one ton at the dearest rate
				t.Errorf("%s: from %d to the next ton the sum moves by %d fen", f.day, edge, step)
			}
		}
	}
}

func TestTonnageDuesAreASlab(t *testing.T) {
	t.Parallel()
	dues := cellsOf(t, "tonnage_dues.csv")
	rapid.Check(t, func(r *rapid.T) {
		nt := rapid.OneOf(rapid.Int64Range(40, 120_000), rapid.SampledFrom([]int64{2_000, 2_001, 10_000, 10_001, 50_000, 50_001})).Draw(r, "nt")
		c := rapid.SampledFrom(dues).Draw(r, "cell")
		in := new(big.Rat).SetInt64(nt)
		if in.Cmp(rat(r, c["nt_from"])) <= 0 || c["nt_to"] != "" && in.Cmp(rat(r, c["nt_to"])) > 0 {
			r.Skip()
		}
		q := Quote(BuiltIn(), &Call{On: "2026-11-24", Ship: Ship{NT: big.NewInt(nt).String()}, Dues: &DuesAsk{RateKind: c["rate_kind"], Term: c["licence_term"]}}, "2026-11-25")
		want := fenOf(in.Mul(in, rat(r, c["amount"])))
		if want <= 5000 {
			want = 0 // exempt
		}
		if got := amount(r, &q, "TONNAGE_DUES", "", ""); got != want {
			r.Fatalf("%d NT by %s: %d fen, want %d", nt, c["id"], got, want)
		}
	})
	// Crossing an edge changes the rate of every ton.
	at := func(nt string) int64 {
		q := Quote(BuiltIn(), &Call{On: "2026-11-24", Ship: Ship{NT: nt}, Dues: &DuesAsk{RateKind: "ordinary", Term: "P30D"}}, "2026-11-25")
		return amount(t, &q, "TONNAGE_DUES", "", "")
	}
	if jump := at("10001") - at("10000"); jump < 600_000 {
		t.Errorf("one ton more costs %d fen more, want the jump of the bracket", jump)
	}
}
