package web

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kouan/i18n"
	"kouan/tariffs"
)

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// feePaths are all pages of fees, with and without faults.
func feePaths(t *testing.T, b *bundle) []string {
	t.Helper()
	number, withheld := b.quote(t, dayaowan...), b.quote(t, "nt", "61999.4", "arrival", "2026-12-01T08:00", "stay", "31", "pilot_in", "1", "us", "each", "us_flag", "yes",
		"b1_count", "10", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b1_class", "general")
	return []string{"/", "/fees", "/fees?q=%E6%8B%96&on=2018-01-01", "/fees?on=31.12.2026", "/fees/PILOTAGE", "/fees/TOWAGE", "/fees/SPECIAL_PORT_FEE", "/fees/BERTH_DUES/1?on=2025-06-30", "/fees/unknown", "/fees/terms",
		"/fees/quote", "/fees/quote?from=" + number, "/fees/quotes/" + number, "/fees/quotes/" + withheld + "?calls=x", "/fees/quotes/" + number + "/compare?on=2018-12-01&terminal=CNDLC-13", "/fees/quotes/" + number + "/compare?on="}
}

func TestEveryPageOfFeesInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	paths := feePaths(t, b)
	for i := range tariffs.BuiltIn().Items {
		paths = append(paths, "/fees/"+tariffs.BuiltIn().Items[i].Code)
	}
	for _, lang := range i18n.Languages() {
		for _, path := range paths {
			a := w.get(t, "/"+string(lang)+path)
			body := a.Body.String()
			bad := strings.Contains(path, "31.12.2026") || strings.HasSuffix(path, "calls=x") || strings.HasSuffix(path, "compare?on=")
			if a.Code != http.StatusOK && !bad || bad && a.Code != http.StatusUnprocessableEntity || a.Header().Get("Content-Language") != string(lang) {
				t.Errorf("%s%s: %d %s", lang, path, a.Code, a.Header().Get("Content-Language"))
			}
			for _, wrong := range []string{"(?)", "page.fee", "page.quote", "page.compare", "fee_", "ui.", "fault.FEE", "<no value>", "ZgotmplZ", "%!", "¥"} {
				if i := strings.Index(regexp.MustCompile(`(?s)<head>.*?</head>`).ReplaceAllString(body, ""), wrong); i >= 0 {
					t.Errorf("%s%s shows %q", lang, path, wrong)
				}
			}
			if n := strings.Count(body, "<h1"); n != 1 {
				t.Errorf("%s%s has %d h1", lang, path, n)
			}
			ids := map[string]bool{}
			for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
				if ids[m[1]] {
					t.Errorf("%s%s has two ids %s", lang, path, m[1])
				}
				ids[m[1]] = true
			}
		}
	}
}

// TestEveryFigureCarriesItsWord: on the page of a charge there is one badge
// for each of its rows at least, and each row can be linked to.
func TestEveryFigureCarriesItsWord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	for _, it := range tariffs.BuiltIn().Items {
		body := w.page(t, "/en/fees/"+it.Code)
		for _, r := range tariffs.BuiltIn().Rows("2026-11-26", tariffs.RowFilter{Item: it.Code}) {
			if r.Item != it.Code || r.ID == "" {
				continue
			}
			_, row, found := strings.Cut(body, `<tr role="row" id="`+r.ID+`">`)
			row, _, _ = strings.Cut(row, "</tr>")
			if !found || !strings.Contains(row, `class="ver `) {
				t.Errorf("%s: no row with a badge", r.ID)
			}
			said := `class="gap"`
			if r.Status == tariffs.UnknownStatus {
				said = "status unknown"
			}
			if r.Amount == "" && (strings.Contains(row, "fig") || !strings.Contains(strings.ToLower(row), said)) {
				t.Errorf("%s: what is not on file is shown as a figure", r.ID)
			}
			if r.AtMost != "" && r.Amount != "" && !strings.Contains(row, `class="most"`) {
				t.Errorf("%s: a ceiling is not shown as one", r.ID)
			}
		}
	}
}

func TestFiltersOfTheCatalogue(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	codes := func(query string) []string {
		var out []string
		for _, m := range regexp.MustCompile(`<th role="rowheader" scope="row"><a href="/en/fees/([A-Z_]+)`).FindAllStringSubmatch(w.page(t, "/en/fees"+query), -1) {
			out = append(out, m[1])
		}
		return out
	}
	all := codes("")
	if len(all) != 38 { // 39 items, one of which only heads others
		t.Errorf("%d charges without a filter", len(all))
	}
	for _, tc := range []struct {
		query   string
		in, out []string
	}{
		{"?payer=ship", []string{"PILOTAGE", "TONNAGE_DUES", "TALLY"}, []string{"CARGO_DUES", "YARD"}},
		{"?payer=cargo", []string{"CARGO_DUES", "YARD"}, []string{"PILOTAGE"}},
		{"?regime=government_set", []string{"TONNAGE_DUES", "CARGO_DUES"}, []string{"PILOTAGE", "YARD"}},
		{"?collector=customs", []string{"TONNAGE_DUES"}, []string{"PILOTAGE"}},
		{"?trade=domestic", []string{"PILOTAGE"}, []string{"TONNAGE_DUES"}},
		{"?for=oil_chemical_gas", []string{"TOWAGE", "PILOTAGE"}, []string{"CARGO_DUES"}},
		{"?for=box", []string{"CARGO_DUES", "SECURITY"}, []string{"PILOTAGE"}},
		{"?q=pilot", []string{"PILOTAGE"}, []string{"YARD"}},
		{"?q=%E6%8B%96", []string{"TOWAGE"}, []string{"YARD"}},
		{"?q=CARGO_DUES", []string{"CARGO_DUES"}, []string{"TONNAGE_DUES"}},
	} {
		got := codes(tc.query)
		for _, code := range tc.in {
			if !slices.Contains(got, code) {
				t.Errorf("%s lacks %s: %v", tc.query, code, got)
			}
		}
		for _, code := range tc.out {
			if slices.Contains(got, code) {
				t.Errorf("%s has %s", tc.query, code)
			}
		}
	}
	if body := w.page(t, "/en/fees?for=oil_chemical_gas&q=TOWAGE"); !strings.Contains(body, "5,700") || strings.Contains(body, "12,000.00") || !strings.Contains(plainText(body), "rates: 12") {
		t.Error("the tugs of tankers alone are not what is shown for tankers")
	}
	if body := w.page(t, "/en/fees?on=2020-01-01&payer=ship&q=pilot"); !strings.Contains(body, `href="/fees.csv?on=2020-01-01&amp;payer=ship"`) {
		t.Error("the file is not that of the rows shown")
	}
	if body := w.page(t, "/en/fees?q=qwertz"); !strings.Contains(body, `class="empty"`) {
		t.Error("nothing found does not say so")
	}
	for query, field := range map[string]string{"?payer=me": "payer", "?for=fun": "for", "?trade=x": "trade", "?regime=x": "regime", "?collector=x": "collector", "?on=2026-02-30": "on"} {
		if a := w.get(t, "/en/fees"+query); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `href="#f-`+field+`"`) || strings.Contains(a.Body.String(), `class="cards`) {
			t.Errorf("%s: %d", query, a.Code)
		}
	}
}

// TestTheRowsOfADay: the page of a day shows the rows of that day.
func TestTheRowsOfADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	for day, want := range map[string]string{"2018-01-01": "PILOTAGE-2017-005", "2020-01-01": "PILOTAGE-2019-013", "2026-01-01": "PILOTAGE-2022-014"} {
		if !strings.Contains(w.page(t, "/en/fees/PILOTAGE?on="+day), `id="`+want+`"`) {
			t.Errorf("on %s there is no %s", day, want)
		}
	}
	if body := w.page(t, "/en/fees/SPECIAL_PORT_FEE?on=2026-06-01"); !strings.Contains(body, "suspended") {
		t.Error("the suspended fee is not shown as suspended")
	}
	if body := w.page(t, "/en/fees/SPECIAL_PORT_FEE"); !strings.Contains(body, `class="st warn"`) || strings.Contains(plainText(body), "at most 640") {
		t.Error("the status of the special port fee is not shown as unknown")
	}
}

// TestHistoryIsDrawnAsItIsListed: the line of the first cell of pilotage.
func TestHistoryIsDrawnAsItIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := b.browser(t, "").page(t, "/en/fees/PILOTAGE")
	_, picture, _ := strings.Cut(body, `aria-labelledby="hc"`)
	picture, list, _ := strings.Cut(picture, "</svg>")
	for _, want := range []string{"0.50", "0.45", "0.45 × 0.90", "#i-three", "#i-q", "#i-sheets"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the drawing lacks %s", want)
		}
	}
	for _, want := range []string{"2017-09-15", "2019-04-01", "2022-04-01", "2024-04-01", "0.50", "× 0.90", `class="here"`} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %s", want)
		}
	}
	if strings.Contains(picture, "NaN") || strings.Contains(picture, `y="-`) {
		t.Error("the drawing leaves its ground")
	}
}

func TestOldNumbersAreShownWithTheirSuccessor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	text := b.browser(t, "").page(t, "/en/fees/PILOTAGE")
	if !strings.Contains(text, `<s class="num">12358</s>`) || !strings.Contains(text, "now 12315") {
		t.Error("12358 is not shown as superseded by 12315")
	}
}

func TestEditionsAreThereForEver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	if body := w.page(t, "/en/fees/PILOTAGE/1"); !strings.Contains(body, "permanent page of edition 1") {
		t.Error("the page of an edition does not say which")
	}
	for _, path := range []string{"/en/fees/PILOTAGE/0", "/en/fees/PILOTAGE/01", "/en/fees/PILOTAGE/2", "/en/fees/PILOTAGE/x", "/en/fees/NOTHING", "/en/fees/NOTHING/1"} {
		if a := w.get(t, path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// TestGapsAreThoseOfTheCatalogue: a gap that is closed leaves the page.
func TestGapsAreThoseOfTheCatalogue(t *testing.T) {
	t.Parallel()
	if got := openGaps(tariffs.BuiltIn(), "2026-11-26"); len(got) != 10 {
		t.Errorf("%d of the ten gaps are open: %v", len(got), got)
	}
	if got := openGaps(tariffs.BuiltIn(), "2023-01-01"); slices.Contains(got, "measures_term") || slices.Contains(got, "special_fee") {
		t.Errorf("in 2023 the term had not ended and there was no special port fee: %v", got)
	}
	b := setup(t)
	body := b.browser(t, "").page(t, "/en/fees/unknown")
	for _, g := range feeGaps {
		if !strings.Contains(body, `<li id="`+g.Key+`">`) {
			t.Errorf("the page lacks %s", g.Key)
		}
	}
}

func TestTermsHaveTheirStatus(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	n := 0
	for _, part := range []string{"charges", "calls", "catalogue"} {
		body := w.page(t, "/de/fees/terms?part="+part)
		rows := strings.Count(body, `<tr role="row" id="`)
		n += rows
		for _, lang := range i18n.Languages() {
			if got := strings.Count(body, `<span lang="`+string(lang)+`">`); got < rows || got > rows+1 { // and the name of the gateway
				t.Errorf("%s: %d of %d terms in %s", part, got, rows, lang)
			}
		}
	}
	if n != len(tariffs.Terms()) {
		t.Errorf("%d of %d terms are shown", n, len(tariffs.Terms()))
	}
}

func TestHeadsOfPublicPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.handler.(*server).Public = func() string { return far }
	w := b.browser(t, "")
	body := w.page(t, "/ja/fees/PILOTAGE?on=2020-01-01")
	for _, want := range []string{`<link rel="canonical" href="` + far + `/ja/fees/PILOTAGE">`, `hreflang="x-default" href="` + far + `/languages?page=%2Ffees%2FPILOTAGE"`, `<script type="application/ld+json">{`} {
		if !strings.Contains(body, want) {
			t.Errorf("the head lacks %s", want)
		}
	}
	for _, lang := range i18n.Languages() {
		if !strings.Contains(body, `<link rel="alternate" hreflang="`+string(lang)+`" href="`+far+"/"+string(lang)+`/fees/PILOTAGE">`) {
			t.Errorf("no alternate in %s", lang)
		}
	}
	body = w.page(t, "/languages?page=/fees/PILOTAGE")
	if !strings.Contains(body, `href="/ko/fees/PILOTAGE" lang="ko"`) {
		t.Error("the chooser does not lead to the page")
	}
	for _, evil := range []string{"//evil.example", "https://evil.example", "/x?y", "javascript:x"} {
		if body := w.page(t, "/languages?page="+evil); !strings.Contains(body, `href="/ko/" lang="ko"`) {
			t.Errorf("the chooser leads to %s", evil)
		}
	}
}

// TestAnUntranslatedPageIsNoAlternate: an item without a term shows the
// original, and search engines are sent to that.
func TestAnUntranslatedPageIsNoAlternate(t *testing.T) {
	t.Parallel()
	if got := translatedInto(&tariffs.Item{Code: "NO_TERM", NameZH: "未译"}); !slices.Equal(got, []i18n.Lang{i18n.ZhHans}) {
		t.Errorf("an item without a term is translated into %v", got)
	}
	if got := translatedInto(tariffs.BuiltIn().Item("PILOTAGE")); len(got) != 7 {
		t.Errorf("pilotage is translated into %v", got)
	}
}

func TestDataBlocksCannotEndTheirElement(t *testing.T) {
	t.Parallel()
	if got := string(dataBlock([]byte(`{"a":"</script><!--"}`))); strings.ContainsAny(got, "<>") {
		t.Errorf("the block holds %s", got)
	}
}
