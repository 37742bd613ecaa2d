package tariffs

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// published is the built-in catalogue with rates that companies published.
func published(t testing.TB, rates ...map[string]string) *Catalogue {
	t.Helper()
	records := slices.Clone(BuiltIn().Records())
	for _, cells := range rates {
		r, err := NewRecord("rates", cells)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
	}
	c, err := FromRecords(records)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func tugPrice(id, company, amount string) map[string]string {
	return map[string]string{"rate_id": id, "place": "CNDLC", "item": "TOWAGE", "schedule_kind": "matrix", "trade": "international", "ship_type": "bulk_general_other",
		"loa_from": "180", "loa_to": "220", "amount": amount, "currency": "CNY", "unit": "C62", "ceiling": "true", "valid_from": "2027-01-01", "instrument": "MOT-2019-2",
		"verification": "secondary", "collector_zh": company}
}

func TestBodiesAreThoseOfItemsAndOfPublishedRows(t *testing.T) {
	t.Parallel()
	c := published(t, tugPrice("T-1", "大连甲拖轮有限公司", "8500"), tugPrice("T-2", "大连乙拖轮有限公司", "8000"))
	kinds := BuiltIn().Bodies()
	all := c.Bodies()
	if len(all) != len(kinds)+2 || all[len(all)-2].Name != "大连甲拖轮有限公司" || !all[len(all)-1].Own || all[0].Own {
		t.Fatalf("%d kinds, %d bodies: %+v", len(kinds), len(all), all[len(kinds):])
	}
	one, other := c.Body(all[len(all)-2].Code), c.Body(all[len(all)-1].Code)
	for _, tc := range []struct {
		body *Body
		want []string
	}{{one, []string{"T-1"}}, {other, []string{"T-2"}}} {
		var got []string
		for _, r := range c.RowsOf(tc.body, "2027-02-01") {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s charges by (-want +got):\n%s", tc.body.Name, diff)
		}
	}
	if day := c.FirstDay(one, "2026-11-26"); day != "2027-01-01" {
		t.Errorf("its first price holds from %s", day)
	}
	for _, r := range c.RowsOf(c.Body("tug-company-or-terminal"), "2027-02-01") {
		if r.ID == "T-1" || r.ID == "T-2" {
			t.Errorf("%s is a company's", r.ID)
		}
	}
	if c.CollectorOf("TOWAGE", "T-2") != "大连乙拖轮有限公司" || c.CollectorOf("TOWAGE", "TOWAGE") != "tug company or terminal" || c.CollectorOf("NONE", "T-2") != "" {
		t.Error("a row names its own collector, else the item does")
	}
}

func TestCodesOfBodies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"pilot station": "pilot-station", "none": NoBody, "无": NoBody, "": "", "ship, cargo": "ship-cargo"} {
		if got := BodyCode(name); got != want {
			t.Errorf("%q has the code %q, want %q", name, got, want)
		}
	}
	names := []string{"大连甲拖轮有限公司", "大连乙拖轮有限公司", "A&B Tug", "A B Tug", "Pilot station", "示范拖轮有限公司(虚构)"}
	for i, name := range names {
		code := BodyCode(name)
		if len(code) != len("b-")+12 || slices.ContainsFunc(names[:i], func(o string) bool { return BodyCode(o) == code }) {
			t.Errorf("%q has the code %q", name, code)
		}
	}
	if BodyCode("示范拖轮有限公司（虚构） ") != BodyCode("示范拖轮有限公司(虚构)") {
		t.Error("brackets of another width are another company")
	}
}
