package declarations

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRulesAreTheRowsOfTheFactTable(t *testing.T) {
	t.Parallel()
	type row struct{ ID, Severity, Fields, Text, Applies, Status, Source string }
	var want, got []row
	for _, r := range rows(t, "facts", "validation_rules.csv") {
		want = append(want, row{r["id"], r["severity"], r["field"], r["rule"], r["applies_to"], r["status"], r["source"]})
	}
	for _, r := range Rules {
		got = append(got, row{r.ID, string(r.Severity), r.Fields, r.Text, string(r.Applies), string(r.Status), r.Source})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestEachRuleHasOnePublicCode(t *testing.T) {
	t.Parallel()
	if r, ok := RuleByCode("DEC-0014"); !ok || r.ID != "V014" {
		t.Errorf("DEC-0014 is %v, want V014", r.ID)
	}
	if r, ok := RuleByCode("DEC-1001"); ok {
		t.Errorf("DEC-1001 is rule %s, want none", r.ID)
	}
	seen := map[string]bool{}
	for _, r := range Rules {
		if seen[r.Code()] || len(r.Code()) != len("DEC-0000") {
			t.Errorf("code %s of %s is not unique or not of its form", r.Code(), r.ID)
		}
		seen[r.Code()] = true
		if r.Check != nil && r.Stage != StageValidate && r.ID != "V005" {
			t.Errorf("%s is checked by Validate and by %s", r.ID, r.Stage)
		}
	}
}

func TestSmallTablesAreThoseOfTheFacts(t *testing.T) {
	t.Parallel()
	got := map[string]string{"DutyMode": dutyModes.codes}
	for _, table := range headTables {
		got[table.field.element] = table.codes
	}
	want := map[string]string{}
	for _, r := range rows(t, "facts", "enumerations.csv") {
		if _, ok := got[r["field"]]; ok {
			want[r["field"]] += r["code"]
		}
	}
	for element, file := range map[string]string{"DutyMode": "duty_modes.csv", "TransMode": "transaction_terms.csv", "TrafMode": "transport_modes.csv"} {
		for _, r := range rows(t, "facts", file) {
			want[element] += r["code"]
		}
	}
	for element, codes := range want {
		if sortedText(codes) != sortedText(got[element]) {
			t.Errorf("%s: codes %q, want %q", element, got[element], codes)
		}
	}
	if len(want) != len(got) {
		t.Errorf("tables %v, want %v", got, want)
	}
}

func sortedText(s string) string {
	var out strings.Builder
	for b := range 256 {
		out.WriteString(strings.Repeat(string(rune(b)), strings.Count(s, string(rune(b)))))
	}
	return out.String()
}

func TestCreditCodes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"91210299999900011Q": true, "9121029999990002XG": true, "91210299999900038G": true,
		"91210299999900011P": false, "91210299999900011q": false, "9121029999990001IQ": false,
		"91210299999900011": false, "": false, "91210299999900011QQ": false,
	} {
		if got := CheckUSCC(code); got != want {
			t.Errorf("CheckUSCC(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestContainerNumbers(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"CSQU3054383": true, // the example of ISO 6346
		"MSKU0000002": false, "CSQU3054384": false, "CSQA3054383": false, "csqu3054383": false,
		"CSQU305438": false, "": false, "CSQU305438A": false, "C1QU3054383": false,
		"TEXU3070079": true,
	} {
		if got := CheckContainer(id); got != want {
			t.Errorf("CheckContainer(%q) = %v, want %v", id, got, want)
		}
	}
}

func TestCountedLength(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]int{
		"": 0, "abc": 3, "中文": 4, "a中\n": 5, "a\r\nb": 4, "\r": 2, "\r\r\n": 4, "é": 2, "😀": 2, "\xff": 2,
	} {
		if got := CountedLength(v); got != want {
			t.Errorf("CountedLength(%q) = %d, want %d", v, got, want)
		}
	}
}

func TestCompareIsExact(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b  Decimal
		order int
		ok    bool
	}{
		{"1200", "1200.000", 0, true}, {"1250.5", "1200", 1, true}, {"0999", "1000", -1, true},
		{"0.30000", "0.3", 0, true}, {"10.00001", "10.00002", -1, true}, {"9007199254740993", "9007199254740992", 1, true},
		{"0", "000.0", 0, true}, {"2.10", "2.9", -1, true}, {"1,100", "1", 0, false}, {"1", "", 0, false}, {"1e3", "1", 0, false},
	} {
		order, ok := compare(row.a, row.b)
		if ok != row.ok || min(max(order, -1), 1) != row.order {
			t.Errorf("compare(%s, %s) = %d, %v, want %d, %v", row.a, row.b, order, ok, row.order, row.ok)
		}
	}
}
