package tariffs

import (
	"strings"
	"testing"
)

// A cell that chooses nothing is no cell: its rate would be lost in silence.
func TestWhatChoosesNoCellIsRefused(t *testing.T) {
	t.Parallel()
	choice := []string{CodeChoice}
	lintCases(t, []lintCase{
		{"state", "YARD", map[string]string{"load_state": "banana"}, choice},
		{"direction", "YARD", map[string]string{"direction": "up"}, choice},
		{"size", "YARD", map[string]string{"container_size": "33"}, choice},
		{"ship", "TOWAGE", map[string]string{"ship_type": "submarine"}, choice},
		{"class", "YARD", map[string]string{"cargo_class": "weapons"}, choice},
		{"component", "PILOTAGE", map[string]string{"component": "ZZZ", "amount": "0.40"}, choice},
		{"component of another charge", "PILOTAGE", map[string]string{"component": "1D", "amount": "0.40"}, choice},
		{"component of a charge without one", "TALLY", map[string]string{"component": "1A"}, choice},
		{"kind", "YARD", map[string]string{"schedule_kind": "banana"}, choice},
		{"no kind", "YARD", map[string]string{"schedule_kind": ""}, choice},
		{"trade", "YARD", map[string]string{"trade": "banana"}, choice},
		{"no trade", "YARD", map[string]string{"trade": ""}, choice},
		{"urgency", "YARD", map[string]string{"urgent": "maybe"}, choice},
		{"no urgency", "YARD", map[string]string{"urgent": ""}, nil},
		{"a bound in letters", "PILOTAGE", map[string]string{"nt_from": "abc"}, []string{CodeNumber}},
		{"a distance that ends before it begins", "YARD", map[string]string{"distance_from_nm": "30", "distance_to_nm": "10"}, []string{"FEE-L09"}},
		{"an empty band", "BOOM", map[string]string{"nt_from": "1000"}, []string{"FEE-L09"}},
		{"what a call may ask: a way", "HANDLING_ALL_IN", map[string]string{"direction": "transit"}, nil},
		{"what a call may ask: a state", "HANDLING_ALL_IN", map[string]string{"load_state": "folded"}, nil},
		{"folded empties are charged as laden", "CARGO_DUES", map[string]string{"load_state": "folded", "amount": "35.00"}, []string{"FEE-L23"}},
		{"a price on transit, which a row exempts", "CARGO_DUES", map[string]string{"direction": "transit"}, []string{CodeNoLimit}},
		{"all of them", "CARGO_DUES", map[string]string{"cargo_class": "class1_dangerous_or_reefer", "amount": "68"}, nil},
	})
}

// What a collector stated is no word of the catalogue, or the first slip would
// make all that follow right.
func TestAPublishedPriceAddsNoVocabulary(t *testing.T) {
	t.Parallel()
	c := *BuiltIn()
	r := *c.rates["YARD"][0]
	r.Stated.Collector, r.LoadState = "示范码头(虚构)", "banana"
	c.Rates = append(append([]Rate{}, c.Rates...), r)
	if words := c.vocabulary().dims[3]; strings.Join(words, " ") != "laden empty folded" {
		t.Errorf("states of load are %v", words)
	}
}

func TestAnAmountIsAPlainFigureWithinBounds(t *testing.T) {
	t.Parallel()
	amount := func(s string) map[string]string { return map[string]string{"amount": s} }
	lintCases(t, []lintCase{
		{"without a whole", "YARD", amount(".5"), []string{"FEE-L16"}},
		{"without a fraction", "YARD", amount("5."), []string{"FEE-L16"}},
		{"only a point", "YARD", amount("."), []string{"FEE-L16"}},
		{"forty digits", "YARD", amount(strings.Repeat("1", 40)), []string{CodeAmountBounds}},
		{"more than fen can count", "TOWAGE", amount("99999999999999999999999"), []string{CodeAmountBounds}},
		{"ten million", "YARD", amount("10000000"), []string{CodeAmountBounds}},
		{"below it", "YARD", amount("9999999.99"), nil},
		{"too fine", "YARD", amount("0.123456789"), []string{CodeAmountBounds}},
		{"in an attachment with its digest", "YARD", map[string]string{"amount": "详见附件", "attachment": "prices.pdf " + strings.Repeat("ab", 32)}, []string{"FEE-L16"}},
		{"in an attachment by name", "YARD", map[string]string{"amount": "详见附件", "attachment": "prices.pdf"}, []string{"FEE-L04"}},
		{"a basis in an attachment by name", "YARD", map[string]string{"basis_zh": "详见附件", "attachment": "prices.pdf"}, []string{"FEE-L04"}},
		{"a basis in one with its digest", "YARD", map[string]string{"basis_zh": "详见附件", "attachment": "prices.pdf " + strings.Repeat("ab", 32)}, nil},
		{"a note that sends away", "YARD", map[string]string{"note": "see attachment"}, []string{"FEE-L04"}},
		{"a note that names an annex of the text", "YARD", map[string]string{"note": "annex 2 of the notice lists the berths"}, nil},
	})
	for given, want := range map[string]string{".5": "0.5", "5.": "5", "１，０００．５": "1000.5"} {
		rows := samples(t, "catalogue-clean.csv")
		row := changedRow(t, rows, "YARD", amount(given))
		if found := Lint(BuiltIn(), sheet([][]string{rows[0], row})); len(found) != 1 || found[0].Repair != want {
			t.Errorf("%s: %+v, want the suggestion %s", given, found, want)
		}
	}
}
