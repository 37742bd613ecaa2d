package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	changing "kouan/tariffs/publication"
)

// tugs publishes what two companies charge for a tug of the dearest length.
func (b *bundle) tugs(t *testing.T, amounts map[string]string) {
	t.Helper()
	cells := b.rateCells(t, "TOWAGE-2019-035")
	var rows []changing.Setting
	for body, amount := range amounts {
		own := maps.Clone(cells)
		own["rate_id"], own["place"], own["amount"], own["collector_zh"], own["reason_zh"] = "TUG-"+amount, "CNDLC", amount, body, "协助靠离泊"
		rows = append(rows, changing.Setting{Kind: "rates", Cells: own})
	}
	b.publishRows(t, rows, "2026-12-01")
}

func TestTheFormOffersTheTugCompaniesThatPublishPrices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	if strings.Contains(w.page(t, "/en/fees/quote"), collectorField) {
		t.Error("the form asks for a body where the list has none of its own")
	}
	b.tugs(t, map[string]string{"甲拖轮公司": "9000", "乙拖轮公司": "9500"})
	number := b.quote(t, dayaowan...)
	page := w.page(t, "/en/fees/quotes/"+number)
	for _, body := range []string{"甲拖轮公司", "乙拖轮公司"} {
		if !strings.Contains(page, `<span lang="zh-Hans">`+body+`</span><span lang="en">” publishes a price of its own`) {
			t.Errorf("the page does not say that %s has a price, or not that the name is Chinese", body)
		}
	}
	text := plainText(page)
	for _, want := range []string{"the ceiling that binds all of them is used", "at most CNY 350,800.00"} { // the ceiling binds both
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	form := w.page(t, "/ja/fees/quote?from="+number) // the rows are those of December
	if !strings.Contains(form, `name="collector_TOWAGE"`) || !strings.Contains(form, `lang="zh-Hans">甲拖轮公司`) {
		t.Errorf("the form does not ask for the body:\n%s", form)
	}
	number = b.quote(t, append(slices.Clone(dayaowan), "collector_TOWAGE", "甲拖轮公司")...)
	page = w.page(t, "/en/fees/quotes/"+number)
	if text := plainText(page); !strings.Contains(text, "CNY 18,000.00") || !strings.Contains(text, "Charging body: tug charge 甲拖轮公司") || strings.Contains(text, "total withheld") {
		t.Errorf("the body that was named is not charged:\n%s", text)
	}
	if again := w.page(t, "/en/fees/quote?from="+number); !strings.Contains(again, `value="甲拖轮公司" selected`) {
		t.Errorf("the form forgot the body:\n%s", again)
	}
	a := w.post(t, "/en/fees/quote", append(slices.Clone(dayaowan), "collector_TOWAGE", "丙公司")...)
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `id="w-collector_TOWAGE"`) {
		t.Errorf("a body that is none: %d\n%s", a.Code, a.Body)
	}
}

func TestAQuoteOfNothingShowsNoTotal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.quote(t, "arrival", "2026-12-01T08:00")
	text := plainText(b.browser(t, "").page(t, "/en/fees/quotes/"+number))
	if strings.Contains(text, "CNY 0.00") || !strings.Contains(text, "Nothing that is charged was stated.") {
		t.Errorf("%s", text)
	}
}
