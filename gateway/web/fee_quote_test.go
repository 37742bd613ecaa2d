package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"kouan/i18n"
	"kouan/tariffs"
)

// dayaowan is the call that issue 5 asks for: a container ship of 60,000 NT at
// the Dayaowan container terminal, two tugs in and out, 30 hours alongside.
var dayaowan = []string{"nt", "60000", "loa", "366", "type", "container_roro_passenger", "name", "SAMPLE STAR", "terminal", "CNDLC-12", "arrival", "2026-12-01T08:00", "stay", "30", "flag", "Liberia",
	"tugs_in", "2", "tugs_out", "2", "pilot_in", "1", "pilot_out", "1", "kind", "preferential", "term", "P30D", "us", "no"}

// quote sends the form and says the number of the quotation.
func (b *bundle) quote(t testing.TB, pairs ...string) string {
	t.Helper()
	a := b.browser(t, "").post(t, "/en/fees/quote", pairs...)
	number, ok := strings.CutPrefix(a.Header().Get("Location"), "/en/fees/quotes/")
	if a.Code != http.StatusSeeOther || !ok {
		t.Fatalf("quote: %d %s\n%s\n%s", a.Code, a.Header().Get("Location"), a.Body, b.logs)
	}
	return number
}

// plainText is a page without its elements and with plain spaces.
func plainText(body string) string {
	body = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`).ReplaceAllString(body, " ")
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "&#43;", "+").Replace(body)), " ")
}

// TestTheQuoteOfDayaowan checks each amount by hand: pilotage 40,000 × 0.45 +
// 20,000 × 0.40 = 26,000 × 0.90 = 23,400 each way; tugs 2 × 11,500 each way;
// berth 60,000 × 0.25 × 2 started days = 30,000; dues 60,000 × 3.80 = 228,000.
func TestTheQuoteOfDayaowan(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.handler.(*server).Public = func() string { return far }
	w := b.browser(t, "")
	number := b.quote(t, dayaowan...)
	body := w.page(t, "/en/fees/quotes/"+number)
	text := plainText(body)
	for _, want := range []string{"at most CNY 23,400.00", "at most CNY 23,000.00", "at most CNY 30,000.00", "CNY 228,000.00", "Total: indicative at most CNY 350,800.00", number, "SAMPLE STAR", "60,000",
		"By what was stated the ship is outside the special port fee.", "One-year licence CNY 1,368,000.00 1 CNY 1,368,000.00", "the result is the same"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, want := range []string{`/en/fees/complaint?quote=` + number + `&amp;line=1"`, `/api/v1/fee-quotes/` + number, `#PILOTAGE-2019-010`, `class="path"`, `<svg class="qr"`, `class="ver unverified"`, `class="ver triangulated"`, `class="ver secondary"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, lang := range i18n.Languages() {
		page := w.page(t, "/"+string(lang)+"/fees/quotes/"+number)
		want := map[i18n.Lang]string{i18n.De: "CNY 350.800,00", i18n.Ru: "CNY 350 800,00", i18n.Fr: "CNY 350 800,00"}[lang]
		if want == "" {
			want = "CNY 350,800.00"
		}
		if !strings.Contains(plainText(page), want) {
			t.Errorf("in %s the total is not %s", lang, want)
		}
	}
}

func TestAQuoteStaysAsItWas(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	number := b.quote(t, dayaowan...)
	first := w.page(t, "/en/fees/quotes/"+number)
	b.later(40 * 24 * time.Hour)
	later := w.page(t, "/en/fees/quotes/"+number)
	cut := func(s string) string { // what is beside it may change: the run of today
		_, s, _ = strings.Cut(s, `<dl class="tiles">`)
		s, _, _ = strings.Cut(s, `<p class="meta">The total is the sum`)
		return s
	}
	if cut(first) == "" || cut(first) != cut(later) {
		t.Error("after forty days the quotation reads otherwise")
	}
	if a := w.get(t, "/en/fees/quotes/"+strings.Repeat("A", len(number))); a.Code != http.StatusNotFound {
		t.Errorf("a number that was not given: %d", a.Code)
	}
}

// TestUnknownIsNeverZero: what is missing withholds the total and is named by
// its field; nothing is silently smaller.
func TestUnknownIsNeverZeroOnThePage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	number := b.quote(t, "nt", "60000", "arrival", "2026-12-01T08:00", "pilot_in", "1", "us", "each", "us_flag", "yes", "built_cn", "no", "b1_count", "3", "b1_size", "20", "b1_state", "laden", "b1_way", "import")
	text := plainText(w.page(t, "/en/fees/quotes/"+number))
	for _, want := range []string{"total withheld", "at least CNY", "plus what is unknown", "Needs: Tugs inward", "Needs: Terminal", "Amount unknown for:", "the rate is not on file", "whether it is collected is not known"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "CNY 0.00 ") && !strings.Contains(text, "CNY 0.00 (") {
		t.Error("something unknown is shown as zero")
	}
}

func TestFaultsStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, tc := range []struct {
		name, field, code string
		form              []string
	}{
		{"no day at all", "arrival", codeFormDay, []string{"nt", "60000"}},
		{"a stay without arrival", "arrival", codeFormDay, []string{"on", "2026-12-01", "stay", "30"}},
		{"no time", "arrival", codeFormTime, []string{"arrival", "1.12.2026", "nt", "60000"}},
		{"half a tug", "tugs_in", codeFormWhole, []string{"arrival", "2026-12-01", "tugs_in", "1.5"}},
		{"a signed tug", "tugs_out", codeFormWhole, []string{"arrival", "2026-12-01", "tugs_out", "+1"}},
		{"too many shifts", "shifts", codeFormWhole, []string{"arrival", "2026-12-01", "shifts", "101"}},
		{"a grouped tonnage", "nt", tariffs.CodeNumber, []string{"arrival", "2026-12-01", "nt", "60,000"}},
		{"hours in words", "stay", tariffs.CodeNumber, []string{"arrival", "2026-12-01", "stay", "long"}},
		{"an endless stay", "stay", tariffs.CodeNumber, []string{"arrival", "2026-12-01", "stay", "999999999999"}},
		{"cargo after the stay", "done", tariffs.CodeOrder, []string{"arrival", "2026-12-01", "stay", "30", "done", "31"}},
		{"no such terminal", "terminal", tariffs.CodeTerminal, []string{"arrival", "2026-12-01", "terminal", "CNDLC-99"}},
		{"no such type", "type", tariffs.CodeChoice, []string{"arrival", "2026-12-01", "type", "yacht"}},
		{"no calendar day", "on", tariffs.CodeDay, []string{"on", "2026-02-30", "nt", "1"}},
		{"a licence of no day", "licence", tariffs.CodeDay, []string{"arrival", "2026-12-01", "nt", "1", "licence", "soon"}},
		{"tonnes and cubic metres", "c1_cubic", tariffs.CodeTwoUnits, []string{"arrival", "2026-12-01", "c1_way", "import", "c1_tonnes", "5", "c1_cubic", "5"}},
		{"tonnes in words", "c2_tonnes", tariffs.CodeQuantity, []string{"arrival", "2026-12-01", "c1_way", "import", "c1_tonnes", "5", "c2_way", "import", "c2_tonnes", "many"}},
		{"out before in", "b1_yard_to", tariffs.CodeOrder, []string{"arrival", "2026-12-01", "b1_count", "1", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b1_yard_from", "2026-12-02", "b1_yard_to", "2026-12-01"}},
		{"half a free day", "free_days", codeFormWhole, []string{"arrival", "2026-12-01", "b1_count", "1", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b1_yard_from", "2026-12-02", "free_days", "0.5"}},
		{"a box without a volume", "inner_volume", tariffs.CodeQuantity, []string{"arrival", "2026-12-01", "b1_count", "1", "b1_size", "45", "b1_state", "laden", "b1_way", "import", "b1_rule", "volume", "inner_volume", "0"}},
		{"boxes of no size", "b2_size", codeFormEmpty, []string{"arrival", "2026-12-01", "b1_count", "1", "b1_size", "20", "b1_state", "laden", "b1_way", "import", "b2_count", "1", "b2_state", "laden", "b2_way", "import"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := b.browser(t, "").post(t, "/en/fees/quote", tc.form...)
			body := a.Body.String()
			if a.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "<title>Fault: ") || !strings.Contains(body, `role="alert"`) {
				t.Fatalf("%d", a.Code)
			}
			if !strings.Contains(body, `href="#f-`+tc.field+`"`) || !strings.Contains(body, ">"+tc.code+"<") {
				t.Errorf("no fault %s that leads to %s", tc.code, tc.field)
			}
			if !strings.Contains(body, `id="w-`+tc.field+`"`) {
				t.Errorf("no fault beside %s", tc.field)
			}
			if input := regexp.MustCompile(`<(?:input|select) id="f-` + tc.field + `"[^>]*>`).FindString(body); !strings.Contains(input, `aria-invalid="true"`) || !strings.Contains(input, "w-"+tc.field) {
				t.Errorf("the field does not say it: %s", input)
			}
			if strings.Contains(body, "(?)") {
				t.Error("a fault lacks an argument")
			}
		})
	}
}

// TestAFormComesBackAsItWasSent: what a quotation was asked with fills the
// form again, and asks for the same.
func TestAFormComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	sent := append([]string{"shifts", "1", "night", "1", "idle", "ship", "done", "20.5", "anchorage", "6", "boom", "2", "b1_count", "12", "b1_size", "45", "b1_state", "laden", "b1_way", "export", "b1_class", "general", "b1_rule", "as_40", "b1_yard_from", "2026-12-01T08:00", "b1_yard_to", "2026-12-09T08:00", "free_days", "7", "b2_count", "1", "b2_size", "45", "b2_state", "empty", "b2_way", "import", "b2_class", "general", "b2_rule", "volume", "inner_volume", "86.1", "inner_volume_40", "67.7", "c1_class", "group2_unlisted", "c1_way", "import", "c1_tonnes", "1200.5", "c1_yard_from", "2026-12-01T08:00", "c1_yard_to", "2026-12-09T08:00"}, dayaowan...)
	body := w.page(t, "/en/fees/quote?from="+b.quote(t, sent...))
	for i := 0; i < len(sent); i += 2 {
		name, value := sent[i], sent[i+1]
		if name == "us" {
			continue
		}
		input := regexp.MustCompile(`(?s)<input id="f-` + name + `"[^>]*value="` + regexp.QuoteMeta(value) + `"|<input type="checkbox" id="f-` + name + `"[^>]*checked|<select id="f-` + name + `".*?</select>`).FindString(body)
		if input == "" || strings.HasPrefix(input, "<select") && !strings.Contains(input, `value="`+value+`" selected`) {
			t.Errorf("%s is not %q again", name, value)
		}
	}
}

// TestNothingOfACallIsLostInTheForm: what a program asked for and the form
// cannot say is not offered for changing.
func TestNothingOfACallIsLostInTheForm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	if body := w.page(t, "/en/fees/quotes/"+b.quote(t, dayaowan...)); !strings.Contains(body, "/en/fees/quote?from=") {
		t.Error("a call of the form cannot be changed")
	}
	q, err := b.desk.QuoteFees(t.Context(), tariffs.Call{On: "2026-12-01", Ship: tariffs.Ship{NT: "5000", IMO: "9074729"}, Pilotage: &tariffs.Pilotage{In: true, Locks: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if body := w.page(t, "/en/fees/quotes/"+q.Number); strings.Contains(body, "/en/fees/quote?from=") || !strings.Contains(body, "more than the form has") {
		t.Error("a call with a lock and an IMO number is offered for changing")
	}
	var boxes []tariffs.Boxes
	for range 7 {
		boxes = append(boxes, tariffs.Boxes{Count: len(boxes) + 1, Size: "20", State: "laden", Direction: "import"})
	}
	if q, err = b.desk.QuoteFees(t.Context(), tariffs.Call{On: "2026-12-01", Trade: "international", Boxes: boxes}); err != nil {
		t.Fatal(err)
	}
	if body := w.page(t, "/en/fees/quote?from="+q.Number); !strings.Contains(body, `id="f-b7_count"`) || strings.Contains(body, `id="f-b8_count"`) {
		t.Error("seven lines of boxes are not seven in the form")
	}
}

func TestCompareDatesAndTerminals(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	number := b.quote(t, dayaowan...)
	at := "/en/fees/quotes/" + number + "/compare"
	if text := plainText(w.page(t, at+"?on=2026-12-01&terminal=CNDLC-12")); !strings.Contains(text, "Lines that differ: 0 of 6.") {
		t.Errorf("compared with itself: %s", text)
	}
	text := plainText(w.page(t, at+"?on=&terminal=CNDLC-13")) // 11 nautical miles: one beyond ten
	for _, want := range []string{"Lines that differ: 2 of 8.", "Pilotage 1B, inward", "no such line at most CNY 240.00 +CNY 240.00 new line"} {
		if !strings.Contains(text, want) {
			t.Errorf("at the car terminal the page lacks %q:\n%s", want, text)
		}
	}
	text = plainText(w.page(t, at+"?on=2020-12-01"))
	if want := "at most CNY 23,400.00 at most CNY 26,000.00 +CNY 2,600.00"; !strings.Contains(text, want) { // before the port factor
		t.Errorf("in 2020 the page lacks %q:\n%s", want, text)
	}
	for query, code := range map[string]string{"?on=&terminal=": codeFormOther, "?on=2026-13-01": tariffs.CodeDay, "?on=&terminal=CNDLC-99": tariffs.CodeTerminal} {
		if a := w.get(t, at+query); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), ">"+code+"<") {
			t.Errorf("%s: %d, no %s", query, a.Code, code)
		}
	}
}

func TestThreeTermsForCallsOfAYear(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	at := "/en/fees/quotes/" + b.quote(t, dayaowan...)
	text := plainText(w.page(t, at+"?calls=3"))
	for _, want := range []string{"30-day licence CNY 228,000.00 3 CNY 684,000.00", "90-day licence CNY 456,000.00 3 CNY 1,368,000.00", "One-year licence CNY 1,368,000.00 1 CNY 1,368,000.00"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, calls := range []string{"0", "-1", "367", "many"} {
		if a := w.get(t, at+"?calls="+calls); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `id="calls-w"`) {
			t.Errorf("%s calls: %d", calls, a.Code)
		}
	}
}

// TestTheQRCodeIsThatOfTheAddress reads the drawing back into modules.
func TestTheQRCodeIsThatOfTheAddress(t *testing.T) {
	t.Parallel()
	address := far + "/ru/fees/quotes/ABCDEF-ABCDEF-ABCDEF-ABCDEF"
	drawn, err := newQR(address)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	dark := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(drawn.Path, -1) {
		x, y, run := number(t, m[1]), number(t, m[2]), number(t, m[3])
		for i := range run {
			dark[[2]int{x + i - quietZone, y - quietZone}] = true
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if dark[[2]int{x, y}] != code.Black(x, y) {
				t.Fatalf("module %d,%d is wrong", x, y)
			}
		}
	}
	if drawn.Size != code.Size+8 {
		t.Errorf("the quiet zone is %d", drawn.Size-code.Size)
	}
}
