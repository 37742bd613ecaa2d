package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"kouan/gateway/desk"
	"kouan/i18n"
)

// theAccount is a small account of a call of September 2026.
func theAccount(number string) []byte {
	row := number + ",SYNTHETIC TWO,9000015,15872,CNDLC-12,2026-09-14T22:40:00+08:00,2026-09-18T06:10:00+08:00,"
	return []byte("account_no,ship,imo,nt,terminal,arrival,departure,line,text_zh,quantity,unit,rate,amount,currency\n" +
		row + "1,引航费(进),15872,NTT,0.45,7142.40,CNY\n" +
		row + "2,货物港务费代收手续费,1,C62,412.00,412.00,CNY\n" +
		row + "3,=HYPERLINK(船岸协调费),1,C62,5,5,CNY\n" +
		row + "4,停泊费,5,DAY,3968.00,19840.00,CNY\n" +
		row + "total,合计,,,,27399.41,CNY\n")
}

// upload sends the form as a browser does.
func (w *browser) uploadBill(t testing.TB, lang string, file []byte, pairs ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if file != nil {
		part, err := m.CreateFormFile("file", "account.csv")
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+"/"+lang+"/fees/check", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r)
}

// checked uploads an account and says where its page is.
func (w *browser) checked(t testing.TB, lang string, file []byte, pairs ...string) string {
	t.Helper()
	a := w.uploadBill(t, lang, file, append([]string{"ref", fmt.Sprintf("page-%024d", w.now.Add(1))}, pairs...)...)
	if a.Code != http.StatusSeeOther {
		t.Fatalf("upload: %d\n%s\n%s", a.Code, a.Body, w.logs)
	}
	return a.Header().Get("Location")
}

func TestAnAccountIsCheckedOnItsPage(t *testing.T) {
	t.Parallel()
	w := setup(t).browser(t, "")
	form := w.page(t, "/en/fees/check")
	ref := refField.FindStringSubmatch(form)
	if ref == nil || !strings.Contains(form, `enctype="multipart/form-data"`) {
		t.Fatalf("form:\n%s", form)
	}
	first := w.uploadBill(t, "en", theAccount("A1"), "ref", ref[1])
	again := w.uploadBill(t, "en", theAccount("A1"), "ref", ref[1])
	where := first.Header().Get("Location")
	if first.Code != http.StatusSeeOther || where == "" || again.Header().Get("Location") != where {
		t.Fatalf("a form sent twice makes two accounts: %s, %s", where, again.Header().Get("Location"))
	}
	a := w.get(t, where)
	page := a.Body.String()
	if a.Code != http.StatusOK || !strings.HasPrefix(a.Header().Get("X-Robots-Tag"), "noindex") || a.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("result: %d %v\n%s", a.Code, a.Header(), w.logs)
	}
	secret := where[strings.LastIndexByte(where, '/')+1:]
	for _, want := range []string{"ask for an explanation", "an agent may add nothing", "not in the catalogue", "/en/fees/complaint?bill=" + secret + "&amp;bill_line=2", "the total is not the sum of the lines",
		"=HYPERLINK(船岸协调费)", "CNY 412.00"} {
		if !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "above the ceiling") {
		t.Error("a ceiling that nobody read accuses")
	}
	for _, lang := range i18n.Languages() {
		other := w.page(t, "/"+string(lang)+"/fees/check/"+secret)
		if keys := bareKey.FindAllString(other, -1); keys != nil {
			t.Errorf("%s shows keys in the place of words: %v", lang, keys)
		}
	}
}

// bareKey is a key that has no text, or a text that lacks an argument.
var bareKey = regexp.MustCompile(`>[^<]*((page|fee_[a-z]+|ui|cli)\.[a-z_]+[.a-z_]*|\{\{\.|<no value>)[^<]*<`)

func TestWhatIsWrongWithAnAccountStandsInTheForm(t *testing.T) {
	t.Parallel()
	w := setup(t).browser(t, "")
	for _, c := range []struct {
		name string
		file []byte
		form []string
		code int
		want []string
	}{
		{"no file", nil, nil, http.StatusUnprocessableEntity, []string{"FEE-1212", `href="#f-file"`}},
		{"a decimal comma", []byte("line,text_zh,amount,arrival,currency\n1,引航费,\"1,5\",2026-09-14T22:40:00+08:00,CNY\n"), nil, http.StatusUnprocessableEntity, []string{"row 2, column 3: ", "FEE-1001"}},
		{"too large", bytes.Repeat([]byte("a,b,c,d\n"), desk.MaxBill/8+20_000), nil, http.StatusUnprocessableEntity, []string{"DEC-1010"}},
		{"a time in words", theAccount("A1"), []string{"alongside_from", "soon", "tugs_in", "two"}, http.StatusUnprocessableEntity, []string{`href="#f-alongside_from"`, `href="#f-tugs_in"`, `value="two"`}},
		{"an estimate that is gone", theAccount("A1"), []string{"estimate", "https://kouan.example/en/fees/check/gone"}, http.StatusUnprocessableEntity, []string{"FEE-1211", `href="#f-estimate"`}},
	} {
		a := w.uploadBill(t, "en", c.file, append([]string{"ref", "page-" + strings.Repeat("0", 24)}, c.form...)...)
		if a.Code != c.code {
			t.Errorf("%s: %d", c.name, a.Code)
		}
		for _, want := range c.want {
			if !strings.Contains(a.Body.String(), want) {
				t.Errorf("%s: the page does not say %q", c.name, want)
			}
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+"/en/fees/check", strings.NewReader("x"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if a := w.do(t, r); a.Code != http.StatusBadRequest {
		t.Errorf("a form that cannot be read: %d", a.Code)
	}
}

// TestTheFormSaysWhatTheFileDoesNot: the berth is judged by the time alongside.
func TestTheFormSaysWhatTheFileDoesNot(t *testing.T) {
	t.Parallel()
	w := setup(t).browser(t, "")
	page := w.page(t, w.checked(t, "en", theAccount("A1"), "alongside_from", "2026-09-15T00:15", "alongside_to", "2026-09-18T05:20", "outside_special_fee", "1"))
	if !strings.Contains(page, "the quantity does not fit") {
		t.Error("five days do not fit the time alongside, and the page does not say so")
	}
	if strings.Contains(page, "Special port fee") {
		t.Error("a ship outside the special port fee is asked about it")
	}
}

func TestDownloadsDoNoHarm(t *testing.T) {
	t.Parallel()
	w := setup(t).browser(t, "")
	where := w.checked(t, "en", theAccount("A1"))
	a := w.get(t, where+"/result.csv")
	if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), ",'=HYPERLINK(") || strings.Contains(a.Body.String(), ",=HYPERLINK(") {
		t.Errorf("result: %d\n%s", a.Code, a.Body)
	}
	a = w.get(t, where+"/file")
	if a.Code != http.StatusOK || a.Body.String() != string(theAccount("A1")) || a.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(a.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("file: %d %v", a.Code, a.Header())
	}
	for cell, want := range map[string]string{"=1": "'=1", "+1": "'+1", "@x": "'@x", "\tx": "'\tx", "-1.50": "-1.50", "-1+1": "'-1+1", "-": "'-", "": "", "费": "费"} {
		if got := harmless(cell); got != want {
			t.Errorf("%q becomes %q, want %q", cell, got, want)
		}
	}
}

// TestARatingFromFormToReply goes the whole way: bill, rating, body, reply, deletion.
func TestARatingFromFormToReply(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	where := w.checked(t, "en", theAccount("CANARY-1"))
	if a := w.post(t, where+"/ratings", "body", "pilot-station", "answer", "", "words", "why so much"); a.Code != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body.String(), `href="#f-clarity-pilot-station"`) || !strings.Contains(a.Body.String(), "why so much</textarea>") {
		t.Errorf("an empty rating: %d", a.Code)
	}
	a := w.post(t, where+"/ratings", "body", "pilot-station", "clarity", "2", "answer", "longer", "words", "<b>说不清</b>")
	if a.Code != http.StatusSeeOther || !strings.Contains(w.page(t, strings.TrimSuffix(a.Header().Get("Location"), "#ratings")), "Your rating is counted") {
		t.Fatalf("rating: %d %v\n%s", a.Code, a.Header(), b.logs)
	}
	if a := w.post(t, where+"/ratings", "body", "pilot-station", "clarity", "5", "answer", "longer"); a.Code < 400 {
		t.Errorf("rated otherwise: %d", a.Code)
	}
	body := w.page(t, "/en/fees/bodies/pilot-station")
	if !strings.Contains(body, "&lt;b&gt;说不清") || !strings.Contains(body, "Too few: 1") || strings.Contains(body, "Publish the reply") {
		t.Errorf("body:\n%s", body)
	}
	office := b.browser(t, "authority")
	id := ratingField.FindStringSubmatch(office.page(t, "/en/fees/bodies/pilot-station"))
	if id == nil {
		t.Fatal("the authority finds no form to reply")
	}
	if a := w.post(t, "/en/fees/bodies/pilot-station/replies", "rating", id[1], "words", "x"); a.Code != http.StatusSeeOther || !strings.Contains(a.Header().Get("Location"), "/sign-in") {
		t.Errorf("a stranger replies: %d %v", a.Code, a.Header())
	}
	if a := office.post(t, "/en/fees/bodies/pilot-station/replies", "rating", id[1], "words", " "); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), "#f-words-"+id[1]) {
		t.Errorf("an empty reply: %d", a.Code)
	}
	if a := office.post(t, "/en/fees/bodies/pilot-station/replies", "rating", id[1], "words", "我们已改正"); a.Code != http.StatusSeeOther {
		t.Errorf("reply: %d", a.Code)
	}
	if body = w.page(t, "/en/fees/bodies/pilot-station"); !strings.Contains(body, "我们已改正") || !strings.Contains(body, "recorded by the authority") || !strings.Contains(body, "fewer than 5") {
		t.Errorf("body after the reply:\n%s", body)
	}
	over := office.page(t, "/en/inbox/over-charging")
	if !strings.Contains(over, "412.00") || strings.Contains(over, "SYNTHETIC") || strings.Contains(over, "CANARY") {
		t.Errorf("over-charging:\n%s", over)
	}
	if a := b.browser(t, "forwarder").get(t, "/en/inbox/over-charging"); a.Code != http.StatusForbidden {
		t.Errorf("a forwarder sees over-charging: %d", a.Code)
	}
	if a := w.post(t, where+"/deletion"); a.Code != http.StatusSeeOther || !strings.Contains(w.page(t, a.Header().Get("Location")), "The account is deleted") {
		t.Errorf("deletion: %d", a.Code)
	}
	if a := w.get(t, where); a.Code != http.StatusNotFound {
		t.Errorf("deleted account: %d", a.Code)
	}
	if body = w.page(t, "/en/fees/bodies/pilot-station"); strings.Contains(body, "说不清") || strings.Contains(body, "我们已改正") {
		t.Error("the rating outlives its account")
	}
}

var ratingField = regexp.MustCompile(`name="rating" value="([^"]+)"`)

// TestFiguresOfABodyAreDrawnWhenTheyAreMany: twelve accounts and ratings, the
// drawings with their figures, the table, and the file.
func TestFiguresOfABodyAreDrawnWhenTheyAreMany(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	rateMany(t, w)
	body := w.page(t, "/de/fees/bodies/pilot-station")
	for _, want := range []string{`role="img"`, "3,1", "0,0\u00a0%", "8.570,88"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	a := w.get(t, "/en/fees/bodies/pilot-station/figures.csv")
	if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), "pilot-station,2026-09,12,12,0,0.0,0,0.00,12,8570.88,,,,,,") {
		t.Errorf("figures: %d\n%s", a.Code, a.Body)
	}
	for _, lang := range i18n.Languages() {
		for _, path := range []string{"/fees/check", "/fees/bodies", "/fees/bodies/method", "/fees/bodies/pilot-station", "/fees/bodies/customs"} {
			if keys := bareKey.FindAllString(w.page(t, "/"+string(lang)+path), -1); keys != nil {
				t.Errorf("/%s%s shows keys in the place of words: %v", lang, path, keys)
			}
		}
	}
	if a := w.get(t, "/en/fees/bodies/nobody"); a.Code != http.StatusNotFound {
		t.Errorf("no such body: %d", a.Code)
	}
}

// rateMany checks twelve accounts and rates the pilots with each.
func rateMany(t testing.TB, w *browser) {
	t.Helper()
	for i := range 12 {
		where := w.checked(t, "en", theAccount(fmt.Sprint("A", i)))
		w.now.Add(10_000) // the pace of one address
		if a := w.post(t, where+"/ratings", "body", "pilot-station", "clarity", fmt.Sprint(1+(i+2)%5), "answer", "within_3_days", "words", fmt.Sprint("第 ", i, " 次")); a.Code != http.StatusSeeOther {
			t.Fatalf("rating: %d\n%s", a.Code, w.logs)
		}
	}
}
