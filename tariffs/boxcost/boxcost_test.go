package boxcost

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kouan/tariffs"
	"kouan/tariffs/services"
)

const today tariffs.Day = "2026-11-26"

func importBox() Box { return Box{"import", "20"} }

// told is a month in one line: 2019-04 34.00+? CARGO_DUES:other_row@2019-04-01(-6.00).
func told(m *Month) string {
	var line strings.Builder
	line.WriteString(m.Month + " " + m.Known.String())
	if !m.Whole {
		line.WriteString("+?")
	}
	for i := range m.Moves {
		v := &m.Moves[i]
		difference := "?"
		if v.Difference != nil {
			difference = v.Difference.String()
		}
		line.WriteString(fmt.Sprintf(" %s%s:%s@%s(%s)", v.Item, v.Name, v.Why, v.On, difference))
	}
	return line.String()
}

func TestWhatMovedTheCostOfAnImportBox(t *testing.T) {
	t.Parallel()
	months := Of(tariffs.BuiltIn(), nil, importBox(), "2016-01-01", today)
	if len(months) != 131 || months[0].Month != "2016-01" || months[130].On != today {
		t.Fatalf("%d months, the last on %s", len(months), months[len(months)-1].On)
	}
	var got []string
	for i := range months {
		if len(months[i].Moves) > 0 || i == 0 {
			got = append(got, told(&months[i]))
		}
	}
	want := []string{
		"2016-01 0.00+?",
		"2016-03 50.00+? CARGO_DUES:known@2016-03-01(?) SECURITY:known@2016-03-01(?)",
		"2019-04 42.00+? CARGO_DUES:other_row@2019-04-01(-6.00) SECURITY:other_row@2019-04-01(-2.00)",
		"2020-03 33.60+? CARGO_DUES:factor@(-6.80) SECURITY:factor@(-1.60)",
		"2020-07 42.00+? CARGO_DUES:factor@(6.80) SECURITY:factor@(1.60)",
		"2022-04 34.00+? SECURITY:joined@2022-04-01(?)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestAnUnknownPartIsNeverZero(t *testing.T) {
	t.Parallel()
	for _, box := range Boxes {
		months := Of(tariffs.BuiltIn(), nil, box, "2015-01-01", today)
		for i := range months {
			m := &months[i]
			sum, unknown := tariffs.Fen(0), 0
			for j := range m.Components {
				if c := &m.Components[j]; c.Row == "" && c.Word != "" {
					t.Errorf("%v %s: %s has no row and is %s", box, m.Month, c.Item, c.Word)
				}
				switch c := &m.Components[j]; {
				case c.Inside != "":
				case c.Amount == nil && c.Unknown == "":
					t.Errorf("%v %s: %s has neither an amount nor a reason", box, m.Month, c.Item)
				case c.Amount == nil:
					unknown++
				default:
					sum += *c.Amount
				}
			}
			if sum != m.Known || m.Whole != (unknown == 0) || len(m.Unknown) != unknown || m.Whole {
				t.Errorf("%v %s: %s known, %d unknown, whole %v", box, m.Month, m.Known, unknown, m.Whole)
			}
		}
	}
}

func TestTheSumOfTheMovesIsTheDifferenceOfTheMonths(t *testing.T) {
	t.Parallel()
	for _, box := range Boxes {
		months := Of(tariffs.BuiltIn(), offers(), box, "2016-01-01", today)
		for i := 1; i < len(months); i++ {
			sum := tariffs.Fen(0)
			for j := range months[i].Moves {
				v := &months[i].Moves[j]
				if v.After != nil && v.After.own() != nil {
					sum += *v.After.own()
				}
				if v.Before != nil && v.Before.own() != nil {
					sum -= *v.Before.own()
				}
			}
			if sum != months[i].Known-months[i-1].Known {
				t.Errorf("%v %s moved by %s, its moves by %s", box, months[i].Month, months[i].Known-months[i-1].Known, sum)
			}
		}
	}
}

// offers are made up for tests.
func offers() []services.Service {
	return []services.Service{
		{Number: "S1", Name: "报关服务", Provider: "甲", Price: "300.00", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2024-02-10", Word: tariffs.Secondary},
		{Number: "S2", Name: "报关服务", Provider: "乙", Price: "250", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2025-01-01", ValidTo: "2025-12-31", Word: tariffs.Unverified},
		{Number: "S3", Name: "洗箱", Provider: "丙", Price: "80", Currency: "CNY", Unit: "20", ValidFrom: "2024-01-01", Word: tariffs.Secondary},
		{Number: "S4", Name: "理货", Item: "TALLY", Provider: "丁", Price: "20", Currency: "CNY", Unit: "20", Size: "20", Counted: true, ValidFrom: "2024-01-01", Word: tariffs.Secondary},
		{Number: "S5", Name: "熏蒸", Provider: "戊", Unit: "C62", Direction: "export", Counted: true, ValidFrom: "2024-01-01", Word: tariffs.Unverified},
		{Number: "S7", Name: "样例", Provider: "样例", Price: "9999", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2024-01-01", Word: tariffs.Unverified, Sample: true},
		{Number: "S6", Name: "保管", Provider: "己", Price: "5", Currency: "CNY", Unit: "DAY", Counted: true, ValidFrom: "2024-01-01", Word: tariffs.Secondary},
	}
}

func TestOffersOfThirdPartiesCount(t *testing.T) {
	t.Parallel()
	of := func(box Box, day tariffs.Day) map[string]Component {
		months := Of(tariffs.BuiltIn(), offers(), box, day, day)
		out := map[string]Component{}
		for _, c := range months[0].Components {
			out[c.Item+c.Name] = c
		}
		return out
	}
	one := of(importBox(), "2025-06-30")
	if c := one["报关服务"]; c.Amount == nil || *c.Amount != 25000 || c.UpTo == nil || *c.UpTo != 30000 || c.Service != "S2" || c.Word != tariffs.Unverified {
		t.Errorf("two providers: %+v", c)
	}
	if c := one["TALLY"]; c.Amount == nil || *c.Amount != 2000 || c.Service != "S4" || c.Unknown != "" {
		t.Errorf("an offer for a charge of the list: %+v", c)
	}
	for _, name := range []string{"洗箱", "熏蒸", "保管", "样例"} { // not for every box, for exports, by the day, no offer
		if c, there := one[name]; there {
			t.Errorf("%s counts: %+v", name, c)
		}
	}
	if c := of(importBox(), "2026-06-30")["报关服务"]; *c.Amount != 30000 || c.UpTo != nil || c.Service != "S1" {
		t.Errorf("after the end of the cheaper one: %+v", c)
	}
	if c := of(Box{"export", "40"}, "2025-06-30"); c["TALLY"].Amount != nil || c["熏蒸"].Amount != nil || c["熏蒸"].Unknown == "" {
		t.Errorf("a price for another size, and one that is unknown: %+v %+v", c["TALLY"], c["熏蒸"])
	}
}

func TestTheOrderOfOffersDoesNotMatter(t *testing.T) {
	t.Parallel()
	there := offers()
	there = append(there, services.Service{Number: "S0", Name: "报关服务", Provider: "庚", Price: "250", Currency: "CNY", Unit: "C62", Counted: true, ValidFrom: "2025-01-01", Word: tariffs.Secondary})
	back := slices.Clone(there)
	slices.Reverse(back)
	a, b := Of(tariffs.BuiltIn(), there, importBox(), "2024-01-01", today), Of(tariffs.BuiltIn(), back, importBox(), "2024-01-01", today)
	for i := range a {
		if told(&a[i]) != told(&b[i]) || a[i].Components[len(a[i].Components)-1].Service != b[i].Components[len(b[i].Components)-1].Service {
			t.Errorf("%s\n%s", told(&a[i]), told(&b[i]))
		}
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to tariffs.Day
		want     []tariffs.Day
	}{
		{"2026-11-26", "2026-11-26", []tariffs.Day{"2026-11-26"}},
		{"2026-11-30", "2026-11-30", []tariffs.Day{"2026-11-30"}},
		{"2024-01-31", "2024-03-01", []tariffs.Day{"2024-01-31", "2024-02-29", "2024-03-01"}},
		{"2026-12-01", "2026-11-26", nil}, {"yesterday", "2026-11-26", nil},
	} {
		if got := lastDays(tc.from, tc.to); !slices.Equal(got, tc.want) {
			t.Errorf("%s to %s: %v, want %v", tc.from, tc.to, got, tc.want)
		}
	}
}

func BenchmarkElevenYearsOfFourBoxes(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, box := range Boxes {
			Of(tariffs.BuiltIn(), nil, box, "2016-01-01", today)
		}
	}
}
