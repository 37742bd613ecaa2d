package web

import (
	"strings"
	"testing"
)

// A call across a change shows both sides; storage without agreed free time
// asks for it by its field; cargo that is not in boxes has its lines.
func TestTheQuotePageOfCargoAndOfACallAcrossAChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	text := plainText(w.page(t, "/en/fees/quotes/"+b.quote(t, "nt", "60000", "terminal", "CNDLC-12", "arrival", "2022-03-31T08:00", "stay", "30", "pilot_in", "1", "us", "no")))
	for _, want := range []string{"Rates that change during the stay", "From 2022-04-01", "at most CNY 26,000.00 at most CNY 23,400.00 CNY -2,600.00"} {
		if !strings.Contains(strings.ReplaceAll(text, "−", "-"), want) {
			t.Errorf("across a change the page lacks %q:\n%s", want, text)
		}
	}
	number := b.quote(t, "arrival", "2026-12-01T08:00", "b1_count", "3", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b1_yard_from", "2026-12-01T08:00", "b1_yard_to", "2026-12-09T08:00",
		"c1_class", "group2_unlisted", "c1_way", "import", "c1_tonnes", "1200.5")
	text = plainText(w.page(t, "/en/fees/quotes/"+number))
	for _, want := range []string{"Needs: Free days agreed with the terminal", "Harbour dues on cargo, group 2: cargo not listed elsewhere, import, by the tonne", "the rate is not on file", "Tonnes 1,200.5"} {
		if !strings.Contains(text, want) {
			t.Errorf("with cargo the page lacks %q:\n%s", want, text)
		}
	}
	if a := w.post(t, "/en/fees/quote", "arrival", "2026-12-01", "b1_count", "1", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b1_yard_from", "2026-12-02", "b2_count", "1", "b2_size", "20", "b2_state", "laden",
		"b2_way", "import", "b2_yard_from", "2026-12-02", "free_days", "x"); strings.Count(a.Body.String(), `href="#f-free_days"`) != 1 {
		t.Error("a fault of the free days is not told once")
	}
}
