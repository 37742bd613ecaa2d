package feeds

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
	"kouan/tariffs"
)

func linkedOf(t *testing.T, l *List, item string, lang i18n.Lang) (all map[string]any, prices []map[string]any) {
	t.Helper()
	body, err := l.Linked(tariffs.BuiltIn(), item, "https://port.example/fees/"+item, lang)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(body), "<>&") {
		t.Errorf("%s may end a script element", item)
	}
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	list := all["offers"].(map[string]any)["priceSpecification"].([]any)
	for _, p := range list {
		prices = append(prices, p.(map[string]any))
	}
	return all, prices
}

// byRow are what the prices of an item say of their figure.
func byRow(prices []map[string]any) map[string]string {
	out := map[string]string{}
	for _, p := range prices {
		row, _ := p["kouan:row"].(string)
		body, _ := json.Marshal([]any{p["price"], p["maxPrice"], p["priceCurrency"], p["unitCode"], p["eligibleQuantity"]}, json.Deterministic(true))
		out[row] = string(body)
	}
	return out
}

func TestPricesOfAnItem(t *testing.T) {
	t.Parallel()
	l := listOf("2026-11-25")
	_, pilotage := linkedOf(t, l, "PILOTAGE", i18n.En)
	_, cargo := linkedOf(t, l, "CARGO_DUES", i18n.Ru)
	_, berth := linkedOf(t, l, "BERTH_WORKING", i18n.De)
	_, special := linkedOf(t, l, "SPECIAL_PORT_FEE", i18n.De)
	_, allIn := linkedOf(t, l, "HANDLING_ALL_IN", i18n.Fr)
	const nt = `[{"@type":"QuantitativeValue","maxValue":80000,"minValue":40001,"name":"net tonnage (NT)","unitCode":"NTT"},{"@type":"QuantitativeValue","maxValue":10,"name":"pilotage distance","unitCode":"NMI"}]`
	for _, tc := range []struct{ name, row, want, got string }{
		{"a ceiling is a maxPrice, with the factor of the port in it, for the tons of its band", "PILOTAGE-2019-011", `[null,0.36,"CNY","NTT",` + nt + `]`, ""},
		{"a set price is a price, as the table writes it", "CARGO_DUES-2019-080", `[34,null,"CNY","20",null]`, ""},
		{"an unknown amount is no price", "CARGO_DUES-2019-095", `[null,null,null,"TNE",null]`, ""},
		{"nor is a rate of which nobody knows whether it is collected", "SPF-2", `[null,null,null,"NTT",null]`, ""},
	} {
		got := byRow(append(append(pilotage, cargo...), special...))[tc.row]
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	if len(allIn) == 0 || len(berth) == 0 {
		t.Fatal("an item without a price list has no entry")
	}
	if got := berth[0]["referenceQuantity"].([]any); len(got) != 2 || got[1].(map[string]any)["unitCode"] != "DAY" {
		t.Errorf("per net ton and day: %v", got)
	}
	for _, p := range append(append(append(pilotage, cargo...), special...), allIn...) {
		if p["@type"] != "UnitPriceSpecification" || p["kouan:verification"] == nil || p["valueAddedTaxIncluded"] != nil {
			t.Errorf("%v", p)
		}
		if p["price"] != nil && p["maxPrice"] != nil {
			t.Errorf("both a price and a ceiling: %v", p)
		}
	}
}

func TestNoUnknownIsAPriceInAnyItem(t *testing.T) {
	t.Parallel()
	l := listOf("2026-11-25")
	for _, it := range tariffs.BuiltIn().Items {
		all, prices := linkedOf(t, l, it.Code, i18n.ZhHans)
		if names := all["name"].([]any); len(names) != 7 || names[0].(map[string]any)["@value"] != it.NameZH {
			t.Errorf("%s is named %v", it.Code, names)
		}
		for _, p := range prices {
			if has := p["price"] != nil || p["maxPrice"] != nil; has != (p["kouan:status"] == tariffs.Priced) {
				t.Errorf("%s: status %v, price %v, ceiling %v", it.Code, p["kouan:status"], p["price"], p["maxPrice"])
			}
		}
	}
	if _, err := l.Linked(tariffs.BuiltIn(), "NOPE", "", i18n.En); err == nil {
		t.Error("an item that is none has linked data")
	}
}

func TestHostileNamesStayText(t *testing.T) {
	t.Parallel()
	l := listOf("2026-11-25")
	for i := range l.Rows {
		l.Rows[i].LegalBasis = `</script><script>alert(1)</script>`
	}
	linkedOf(t, l, "PILOTAGE", i18n.En)
}

func TestFiguresStayExact(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ amount, factor, status, want string }{
		{"34.00", "", "priced", "34.00"}, {"0.45", "0.90", "priced", "0.405"}, {"0.375", "0.90", "priced", "0.3375"}, {"007", "", "priced", "7"},
		{"0", "", "priced", "0"}, {"", "", "priced", ""}, {"640", "", "suspended", ""}, {"x", "", "priced", ""}, {"0.1", "x", "priced", ""},
	} {
		if got := string(effective(&tariffs.Row{Amount: tc.amount, Factor: tc.factor, Status: tc.status})); got != tc.want {
			t.Errorf("%+v: %q", tc, got)
		}
	}
}
