package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/i18n"
)

func TestEveryLanguageHasEveryPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1, box2)
	term := b.browser(t, "terminal")
	for _, lang := range i18n.Languages() {
		for _, path := range []string{"/", "/sign-in", "/notices", "/notices?tab=closed", "/notices/" + number} {
			a := term.get(t, "/"+string(lang)+path)
			body := a.Body.String()
			if a.Code != http.StatusOK || !strings.Contains(body, `<html lang="`+string(lang)+`">`) || a.Header().Get("Content-Language") != string(lang) {
				t.Errorf("%s%s: %d %s", lang, path, a.Code, a.Header().Get("Content-Language"))
			}
			for _, wrong := range []string{"(?)", "page.", "notice_", "event.", "<no value>", "ZgotmplZ", "%!"} {
				if i := strings.Index(body, wrong); i >= 0 {
					t.Errorf("%s%s shows %q: …%s", lang, path, wrong, body[max(0, i-60):min(len(body), i+60)])
				}
			}
			if n := strings.Count(body, "<h1"); n != 1 {
				t.Errorf("%s%s has %d h1", lang, path, n)
			}
		}
	}
}

// TestWordsOfPages holds templates and catalogues together, in both directions.
func TestWordsOfPages(t *testing.T) {
	t.Parallel()
	var source strings.Builder
	read := func(fsys fs.FS, pattern string) {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(fsys, name)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(b)
		}
	}
	read(templates, "templates/*.html")
	read(os.DirFS("."), "[a-rt-z]*.go")
	read(os.DirFS("."), "s[a-df-z]*.go") // all but setup_test.go
	for _, m := range regexp.MustCompile(`t "(page\.[a-z_.]+)"([^}]*)`).FindAllStringSubmatch(source.String(), -1) {
		names, ok := i18n.Placeholders(m[1])
		if !ok {
			t.Errorf("%s has no text", m[1])
		}
		for _, name := range names {
			if !strings.Contains(m[2], `"`+name+`"`) {
				t.Errorf("%s lacks the argument %s", m[1], name)
			}
		}
	}
	for noun, codes := range map[string][]string{
		"page.tab": {"answer", "work", "release", "closed"}, "page.answer": {"accepted", "rejected", "partly"},
		"notice_method": words(inspection.Methods), "notice_depth": words(inspection.Depths), "notice_attendance": words(inspection.Attendances),
		"notice_work": words(inspection.Works), "notice_result": words(inspection.Results), "notice_reason": words(inspection.Reasons()),
		"notice_state": words(inspection.States), "notice_deadline": words([]inspection.DeadlineKind{inspection.DueTransport, inspection.DueSecond,
			inspection.DueHandover, inspection.DueBusiness, inspection.DueLock, inspection.DueAtSite, inspection.DueStart, inspection.DueMovedBack}),
		"notice_person": {"no_terminal", "no_interface", "undelivered", "unanswered", "rejected", "exception", "locked_after_cancel", "not_locked", "lock_not_assured"},
	} {
		for _, code := range codes {
			if _, ok := i18n.Placeholders(noun + "." + code); !ok {
				t.Errorf("%s.%s has no text", noun, code)
			}
		}
	}
	for _, k := range inspection.Kinds {
		if _, ok := i18n.Placeholders("event.inspection_" + string(k)); !ok {
			t.Errorf("event.inspection_%s has no text", k)
		}
	}
}

func words[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func TestSafeHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	for _, path := range []string{"/en/", "/en/sign-in", "/en/nowhere", "/nowhere"} {
		h := w.get(t, path).Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "form-action 'self'") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		control := "no-store"
		if path == "/en/" {
			control = everybody.control
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != control {
			t.Errorf("%s: %v", path, h)
		}
	}
	body := w.page(t, "/en/")
	for _, wrong := range []string{"<script", " style=", "onclick", "http://", "https://", "javascript:"} {
		if strings.Contains(body, wrong) {
			t.Errorf("the page has %q", wrong)
		}
	}
	style := regexp.MustCompile(`href="(/style-[0-9a-f]{12}\.css)"`).FindStringSubmatch(body)
	if style == nil {
		t.Fatal("no style sheet under a hashed name")
	}
	a := w.get(t, style[1])
	if a.Code != http.StatusOK || !strings.Contains(a.Header().Get("Cache-Control"), "immutable") || a.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style sheet: %d %v", a.Code, a.Header())
	}
	if a := w.get(t, "/style-000000000000.css"); a.Code != http.StatusNotFound {
		t.Errorf("a style sheet that is not ours: %d", a.Code)
	}
}

func TestLanguageByPathAndNegotiation(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct{ path, accept, to string }{
		{"/", "ko,en;q=0.5", "/ko/"}, {"/", "", "/zh-Hans/"}, {"/", "sv", "/en/"}, {"/EN/sign-in", "", "/en/sign-in"}, {"/zh-hans", "", "/zh-Hans/"}, {"/de", "fr", "/de/"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, far+c.path, nil)
		r.Header.Set("Accept-Language", c.accept)
		a := httptest.NewRecorder()
		b.handler.ServeHTTP(a, r)
		if a.Header().Get("Location") != c.to {
			t.Errorf("%s with %q goes to %q, want %q", c.path, c.accept, a.Header().Get("Location"), c.to)
		}
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "")
	a := w.get(t, "/en/notices?tab=work")
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/en/sign-in?next=%2Fen%2Fnotices%3Ftab%3Dwork" {
		t.Errorf("a stranger: %d %s", a.Code, a.Header().Get("Location"))
	}
	for _, key := range []string{"", "qwertz", "kouan_qwertz", b.keys["terminal"] + "x"} {
		a := w.post(t, "/en/sign-in", "key", key)
		if a.Code != http.StatusUnprocessableEntity || len(w.cookies) != 0 || !strings.Contains(a.Body.String(), `role="alert"`) || !strings.Contains(a.Body.String(), "<title>Fault: ") {
			t.Errorf("key %q: %d", key, a.Code)
		}
		if key != "" && strings.Contains(a.Body.String(), key) {
			t.Error("the page shows the key again")
		}
	}
	a = w.post(t, "/en/sign-in", "key", " "+b.keys["terminal"]+"\n", "next", "/en/notices?tab=work")
	if a.Header().Get("Location") != "/en/notices?tab=work" {
		t.Errorf("after signing in: %s", a.Header().Get("Location"))
	}
	cookie := a.Result().Cookies()[0]
	if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("cookie %+v", cookie)
	}
	if strings.Contains(cookie.Value, b.keys["terminal"]) || strings.Contains(cookie.Value, auth.HashKey(b.keys["terminal"])) {
		t.Error("the cookie tells the key")
	}
	if body := w.page(t, "/en/notices"); !strings.Contains(body, "单位 terminal") {
		t.Error("the bar does not say who is signed in")
	}
	for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "evil", "/en/\nx"} {
		if a := b.browser(t, "").post(t, "/en/sign-in", "key", b.keys["terminal"], "next", next); a.Header().Get("Location") != "/en/" {
			t.Errorf("next %q leads to %q", next, a.Header().Get("Location"))
		}
	}
	good := w.cookies[cookieName]
	for _, forged := range []string{"", "x", good[:len(good)-2], good[:len(good)-1] + string(good[len(good)-1]^1), strings.Repeat("A", 5000)} {
		w.cookies[cookieName] = forged
		if a := w.get(t, "/en/notices"); a.Code != http.StatusSeeOther {
			t.Errorf("a forged cookie is let in: %d", a.Code)
		}
	}
	w.cookies[cookieName] = good
	if a := w.post(t, "/en/sign-out"); a.Code != http.StatusSeeOther || w.cookies[cookieName] != "" {
		t.Errorf("signed out: %d %v", a.Code, w.cookies)
	}
}

func TestASessionEndsWithItsTimeAndWithItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	w := b.browser(t, "terminal")
	b.later(sessionLife - time.Minute)
	w.page(t, "/en/notices")
	b.later(time.Minute)
	if a := w.get(t, "/en/notices"); a.Code != http.StatusSeeOther {
		t.Errorf("after eight hours: %d", a.Code)
	}
	w = b.browser(t, "terminal")
	k := &store.Key{ID: b.keyIDs["terminal"], Hash: auth.HashKey(b.keys["terminal"]), PartnerID: b.partner["terminal"], RevokedAt: b.now.Load()}
	if err := b.db.Commit(t.Context(), store.Change{Revoke: k}); err != nil {
		t.Fatal(err)
	}
	b.later(2 * time.Second)
	if a := w.get(t, "/en/notices"); a.Code != http.StatusSeeOther {
		t.Errorf("with a revoked key: %d", a.Code)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1)
	w := b.browser(t, "terminal")
	for _, path := range []string{"/en/sign-in", "/en/sign-out", "/en/notices/" + number, "/en/answers/x"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+path, strings.NewReader("do=accept"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := w.do(t, r); a.Code != http.StatusForbidden {
			t.Errorf("%s from elsewhere: %d", path, a.Code)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+"/en/notices/"+number, strings.NewReader("do=accept"))
	r.Header.Set("Origin", "https://evil.example") // an old browser
	if a := w.do(t, r); a.Code != http.StatusForbidden {
		t.Errorf("another origin: %d", a.Code)
	}
	v, err := b.desk.Notice(t.Context(), b.principal("customs"), number)
	if err != nil || v.Overview.Confirmed {
		t.Errorf("%v; confirmed %t", err, v.Overview.Confirmed)
	}
}

func TestProblemsByAccept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := func(path, accept string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, far+path, nil)
		r.Header.Set("Accept", accept)
		r.Header.Set("Accept-Language", "de")
		a := httptest.NewRecorder()
		b.handler.ServeHTTP(a, r)
		return a
	}
	for _, accept := range []string{"", "*/*", "application/json", "application/problem+json, text/html", "text/html;q=0"} {
		if a := ask("/nowhere", accept); a.Code != http.StatusNotFound || a.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("a program with %q gets %s", accept, a.Header().Get("Content-Type"))
		}
	}
	a := ask("/nowhere", "text/html,*/*;q=0.8")
	if a.Code != http.StatusNotFound || !strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") || !strings.Contains(a.Body.String(), `<html lang="de">`) || !strings.Contains(a.Body.String(), "What was asked for does not exist.") {
		t.Errorf("a browser: %d %s", a.Code, a.Header().Get("Content-Type"))
	}
	if a := ask("/api/v1/fine", "text/html"); a.Body.String() != "fine" || a.Code != http.StatusOK {
		t.Errorf("what is no problem passes: %d %s", a.Code, a.Body)
	}
	if a := ask("/de/nowhere", "text/html"); a.Code != http.StatusNotFound || !strings.Contains(a.Body.String(), "Diese Seite gibt es nicht") {
		t.Errorf("a page that is not there: %d", a.Code)
	}
	carrier := b.browser(t, "carrier")
	if a := carrier.get(t, "/en/notices"); a.Code != http.StatusForbidden {
		t.Errorf("a role without notices: %d", a.Code)
	}
	if body := carrier.page(t, "/en/"); strings.Contains(body, "/en/notices") {
		t.Error("a role sees a section that it may not open")
	}
	if slices.Contains([]string{"", "0"}, a.Header().Get("Content-Length")) {
		t.Errorf("length %q", a.Header().Get("Content-Length"))
	}
}
