package web

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs/complaint"
)

const password = "seven cranes over grey water"

// people makes a clerk and a pilot who sign in by password.
func (b *bundle) people(t testing.TB) {
	t.Helper()
	b.desk.Passwords = &auth.Passwords{Memory: 64, Time: 1}
	line, err := auth.NewSealKey(b.desk.Random)
	if err != nil {
		t.Fatal(err)
	}
	if b.desk.Seal, err = auth.NewSeal([]byte(line), b.desk.Random); err != nil {
		t.Fatal(err)
	}
	for _, u := range []desk.NewUser{{Name: "clerk", Display: "王丽", Role: auth.Authority}, {Name: "pilot", Display: "引航站", Role: auth.Collector, Body: "pilot station"},
		{Name: "harbour", Display: "码头", Role: auth.Collector, Body: "terminal"}} {
		token, err := b.desk.AddUser(t.Context(), "test", u)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.desk.SetPassword(t.Context(), token, password, password); err != nil {
			t.Fatal(err)
		}
	}
}

// as is a browser of a person who signed in.
func (b *bundle) as(t testing.TB, name string) *browser {
	t.Helper()
	w := &browser{b, map[string]string{}}
	if a := w.post(t, "/en/sign-in", "name", name, "password", password); a.Code != http.StatusSeeOther || w.cookies[cookieName] == "" {
		t.Fatalf("sign in as %s: %d\n%s", name, a.Code, a.Body)
	}
	return w
}

// upload sends a form with files.
func (w *browser) upload(t testing.TB, path string, files map[string][]byte, pairs ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		part, err := form.CreateFormFile("files", name)
		if err == nil {
			_, err = part.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r)
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grievance are the fields of a good form.
var grievance = []string{"kind", "overcharge", "text", "CANARY: the pilotage is twice what the list says.", "row", "PILOTAGE-x-001", "edition", "1",
	"amount", "67500.00", "ship", "MV EXAMPLE 027E", "name", "CANARY Ivanov", "mail", "canary@example.com", "ref", "page-" + strings.Repeat("1", 24)}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// lodge sends a complaint by the form, and gives the address of its page.
func (w *browser) lodge(t testing.TB, lang string, pairs ...string) string {
	t.Helper()
	a := w.upload(t, "/"+lang+"/fees/complaint", map[string][]byte{"账单.png": picture(t)}, append(append([]string{}, grievance...), pairs...)...)
	to, _, _ := strings.Cut(a.Header().Get("Location"), "?")
	if a.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/"+lang+"/fees/complaints/") {
		t.Fatalf("complain: %d %s\n%s", a.Code, to, a.Body)
	}
	return to
}

func (w *browser) version(t testing.TB, path string) string {
	t.Helper()
	m := versionField.FindStringSubmatch(w.page(t, path))
	if m == nil {
		t.Fatalf("%s has no form", path)
	}
	return m[1]
}

func TestAComplaintByItsPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	stranger := b.browser(t, "")
	form := stranger.page(t, "/en/fees/complaint?row=PILOTAGE-x-001&edition=1")
	for _, want := range []string{`name="row" value="PILOTAGE-x-001"`, "引航费", "pilot station", "0411-12345", "&#43;86 411 12345", "own choice", "<s class=\"num\">12358</s>"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	page := stranger.lodge(t, "en")
	if twice := stranger.lodge(t, "en"); twice != page {
		t.Errorf("the form sent twice is two complaints")
	}
	a := stranger.get(t, page)
	if a.Code != http.StatusOK || a.Header().Get("Referrer-Policy") != "no-referrer" || a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("X-Robots-Tag") == "" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	file := stranger.get(t, page+"/files/1")
	if file.Code != http.StatusOK || file.Header().Get("Content-Type") != "image/png" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") ||
		!strings.Contains(file.Header().Get("Content-Security-Policy"), "sandbox") || !bytes.Equal(file.Body.Bytes(), picture(t)) {
		t.Errorf("%d %v", file.Code, file.Header())
	}
	clerk := b.as(t, "clerk")
	number := regexp.MustCompile(`FC\d{4}-[0-9A-Z]{8}`).FindString(clerk.page(t, "/zh-Hans/inbox/complaints"))
	inbox := "/zh-Hans/inbox/complaints/" + number
	pilot, harbour := b.as(t, "pilot"), b.as(t, "harbour")
	for _, who := range []*browser{pilot, harbour} {
		if a := who.get(t, inbox); a.Code != http.StatusNotFound || strings.Contains(a.Body.String(), "CANARY") {
			t.Errorf("a body reads what was not passed on to it: %d", a.Code)
		}
	}
	v := clerk.version(t, inbox)
	if a := clerk.upload(t, inbox, nil, "act", "forward", "collector", "pilot station", "version", v); a.Code != http.StatusSeeOther {
		t.Fatalf("forward: %d\n%s", a.Code, a.Body)
	}
	if a := clerk.upload(t, inbox, nil, "act", "forward", "collector", "terminal", "version", v); a.Code != http.StatusConflict {
		t.Errorf("forwarded twice from one page: %d", a.Code)
	}
	if a := harbour.get(t, inbox); a.Code != http.StatusNotFound {
		t.Errorf("another body: %d", a.Code)
	}
	if a := harbour.get(t, inbox+"/files/1"); a.Code != http.StatusNotFound {
		t.Errorf("another body's file: %d", a.Code)
	}
	seen := pilot.page(t, inbox)
	if strings.Contains(seen, "Ivanov") || strings.Contains(seen, "canary@example.com") || !strings.Contains(seen, "CANARY: the pilotage") {
		t.Error("the body sees who complained, or not what about")
	}
	if a := pilot.upload(t, inbox, nil, "act", "answer", "text", "", "version", pilot.version(t, inbox)); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), complaint.CodeSay) {
		t.Errorf("an answer without words: %d", a.Code)
	}
	if a := pilot.upload(t, inbox, nil, "act", "answer", "text", "<script>x</script> The fee is returned.", "version", pilot.version(t, inbox)); a.Code != http.StatusSeeOther {
		t.Fatalf("answer: %d", a.Code)
	}
	if text := stranger.page(t, page); strings.Contains(text, "<script>") || !strings.Contains(text, "The fee is returned.") {
		t.Error("the answer is not shown as words")
	}
	if a := stranger.upload(t, page, nil, "act", "reject", "reason_reject", "", "version", stranger.version(t, page)); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `id="reason_reject-w"`) {
		t.Errorf("rejected without a reason: %d", a.Code)
	}
	if a := stranger.upload(t, page, nil, "act", "accept", "version", stranger.version(t, page)); a.Code != http.StatusSeeOther {
		t.Fatalf("accept: %d", a.Code)
	}
	if a := clerk.upload(t, inbox, nil, "act", "close", "reason_close", "settled", "version", clerk.version(t, inbox)); a.Code != http.StatusSeeOther {
		t.Fatalf("close: %d\n%s", a.Code, a.Body)
	}
	b.later(10 * time.Second)
	figures := stranger.page(t, "/en/fees/complaints/figures")
	if !strings.Contains(figures, "100%") || !strings.Contains(figures, "<svg") || strings.Contains(figures, "CANARY") || strings.Contains(figures, number) {
		t.Error("the figures are not those")
	}
}

// TestNobodyComesToAComplaintByAnotherWay: numbers, half secrets, other roles
// and forms of other sites.
func TestNobodyComesToAComplaintByAnotherWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	stranger := b.browser(t, "")
	page := stranger.lodge(t, "en")
	number := regexp.MustCompile(`FC\d{4}-[0-9A-Z]{8}`).FindString(stranger.page(t, page))
	secret := strings.TrimPrefix(page, "/en/fees/complaints/")
	nothing := stranger.get(t, "/en/fees/complaints/"+strings.Repeat("A", 43))
	for _, guess := range []string{number, secret[:42] + "_", secret[:20], "FIGURES", "..%2f" + secret} {
		if guess == secret {
			continue
		}
		a := stranger.get(t, "/en/fees/complaints/"+guess)
		if a.Code != http.StatusNotFound || strings.ReplaceAll(a.Body.String(), guess, "X") != strings.ReplaceAll(nothing.Body.String(), strings.Repeat("A", 43), "X") && !strings.Contains(guess, "%") {
			t.Errorf("%s: %d, or other than nothing", guess, a.Code)
		}
	}
	for _, path := range []string{"/en/inbox/complaints", "/en/inbox/complaints/" + number, "/en/inbox/complaints/" + number + "/files/1"} {
		if a := stranger.get(t, path); a.Code != http.StatusSeeOther || !strings.Contains(a.Header().Get("Location"), "/sign-in") {
			t.Errorf("a stranger at %s: %d", path, a.Code)
		}
		if a := b.browser(t, "terminal").get(t, path); a.Code != http.StatusForbidden {
			t.Errorf("a terminal at %s: %d", path, a.Code)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+page, strings.NewReader("act=withdraw&version=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := stranger.do(t, r); a.Code != http.StatusForbidden {
		t.Errorf("a form of another site: %d", a.Code)
	}
}

func TestHostileFormsOfComplaints(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	w := b.browser(t, "")
	large := append(picture(t), bytes.Repeat([]byte{0}, complaint.MostFile)...)
	six := map[string][]byte{}
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		six[n+".png"] = picture(t)
	}
	for _, c := range []struct {
		name   string
		files  map[string][]byte
		pairs  []string
		status int
		code   string
	}{
		{"a page", map[string][]byte{"x.pdf": []byte("<html><script>alert(1)</script>")}, grievance, http.StatusUnprocessableEntity, complaint.CodeFileKind},
		{"too large", map[string][]byte{"x.png": large}, grievance, http.StatusUnprocessableEntity, complaint.CodeFileSize},
		{"six", six, grievance, http.StatusUnprocessableEntity, complaint.CodeFiles},
		{"nothing", nil, nil, http.StatusUnprocessableEntity, complaint.CodeText},
		{"a long text", nil, append(append([]string{}, grievance...), "text", "x"), http.StatusSeeOther, ""},
		{"much too long", nil, []string{"text", strings.Repeat("x", maxForm)}, http.StatusRequestEntityTooLarge, ""},
		{"names", map[string][]byte{"../../\"\r\nX: y.png": picture(t)}, grievance, http.StatusSeeOther, ""},
	} {
		a := w.upload(t, "/en/fees/complaint", c.files, c.pairs...)
		if a.Code != c.status || c.code != "" && !strings.Contains(a.Body.String(), c.code) {
			t.Errorf("%s: %d, want %d %s\n%.600s", c.name, a.Code, c.status, c.code, a.Body)
		}
	}
	for name, body := range map[string]string{"no boundary": "x", "cut": "--B\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx", "junk": "--B\r\n\r\n--B--\r\n"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+"/en/fees/complaint", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		if a := w.do(t, r); a.Code >= 500 || a.Code < 400 {
			t.Errorf("%s: %d", name, a.Code)
		}
	}
	for _, page := range []string{"/en/fees/complaint?row=%00&edition=-1&quote=%ff&line=99999999999999999999&bill=" + strings.Repeat("x", 3000), "/en/fees/complaint?row=" + strings.Repeat("9", 100)} {
		if a := w.get(t, page); a.Code != http.StatusOK {
			t.Errorf("%.60s: %d", page, a.Code)
		}
	}
}

// TestComplaintsInEveryLanguage renders each page in each language: every word
// is there, and nothing else is in the way.
func TestComplaintsInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	page := b.browser(t, "").lodge(t, "ru")
	clerk := b.as(t, "clerk")
	number := regexp.MustCompile(`FC\d{4}-[0-9A-Z]{8}`).FindString(clerk.page(t, "/en/inbox/complaints"))
	token, err := b.desk.RenewUserLink(t.Context(), "test", "harbour")
	if err != nil {
		t.Fatal(err)
	}
	missing := regexp.MustCompile(`\b(page|complaint_[a-z]+|fee_[a-z]+|fault)\.[a-z_]+\b`)
	for _, lang := range i18n.Languages() {
		for _, path := range []string{"/fees/complaint?row=PILOTAGE-x-001", "/fees/complaints/" + page[len("/ru/fees/complaints/"):], "/fees/complaints/figures",
			"/inbox/complaints", "/inbox/complaints?late=1", "/inbox/complaints/" + number, "/account", "/passwords/" + token, "/sign-in?chosen=1"} {
			text := clerk.page(t, "/"+string(lang)+path)
			if m := missing.FindString(regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(text, " ")); m != "" {
				t.Errorf("%s%s: a key is shown: %s", lang, path, m)
			}
			if size := packed(t, []byte(text)) + packed(t, styleCSS); size > budget {
				t.Errorf("%s%s weighs %d", lang, path, size)
			}
		}
	}
}
