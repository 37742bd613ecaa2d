package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// echo is a public page that shows all that it can see of its request, and
// counts how often it is made.
func echo(t *testing.T) (*bundle, *atomic.Int64) {
	t.Helper()
	b := setup(t)
	s, made := b.handler.(*server), &atomic.Int64{}
	s.publicPage("GET /{lang}/echo/{name}", func(w http.ResponseWriter, v *visit) error {
		made.Add(1)
		switch v.PathValue("name") {
		case "broken":
			return errNoPage
		case "cookie":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		case "panic":
			panic("made up")
		}
		if v.edition == nil {
			return errors.New("no edition")
		}
		w.Header().Set("Content-Type", "text/plain")
		_, err := io.WriteString(w, strings.Join([]string{v.Method, v.Host, v.RequestURI, v.FormValue("q"), v.FormValue("on"), v.FormValue("evil"),
			v.Header.Get("Accept-Language"), v.Header.Get("X-Forwarded-Host"), v.RemoteAddr, strings.Repeat("filling ", 200)}, "|"))
		return err
	}, "q", "on")
	return b, made
}

func (b *bundle) ask(t testing.TB, method, url string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, url, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a := httptest.NewRecorder()
	b.handler.ServeHTTP(a, r)
	return a
}

func TestAPublicPageIsMadeOnce(t *testing.T) {
	t.Parallel()
	b, made := echo(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if a := b.ask(t, "GET", far+"/en/echo/x?q=a"); a.Code != http.StatusOK {
				t.Errorf("%d %s", a.Code, a.Body)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	b.later(24 * time.Hour) // another day at the port
	b.ask(t, "GET", far+"/en/echo/x?q=a")
	if made.Load() != 2 {
		t.Errorf("on the next day made %d times in all", made.Load())
	}
}

func TestNobodyLeavesAPageOfHisOwnForOthers(t *testing.T) {
	t.Parallel()
	b, made := echo(t)
	first := b.ask(t, "GET", far+"/en/echo/x?on=2026-01-01&q=a")
	for name, a := range map[string]*httptest.ResponseRecorder{
		"another host":            b.ask(t, "GET", "https://evil.example/en/echo/x?on=2026-01-01&q=a"),
		"a forwarded host":        b.ask(t, "GET", far+"/en/echo/x?on=2026-01-01&q=a", "X-Forwarded-Host", "evil.example"),
		"another order":           b.ask(t, "GET", far+"/en/echo/x?q=a&on=2026-01-01"),
		"a parameter of no form":  b.ask(t, "GET", far+"/en/echo/x?q=a&on=2026-01-01&evil=%3Cscript%3E&utm=1"),
		"another language wanted": b.ask(t, "GET", far+"/en/echo/x?q=a&on=2026-01-01", "Accept-Language", "ru"),
		"a bad escape":            b.ask(t, "GET", far+"/en/echo/x?q=a&on=2026-01-01&%zz"),
		"another encoding of q":   b.ask(t, "GET", far+"/en/echo/x?q=%61&on=2026-01-01"),
	} {
		if diff := cmp.Diff(first.Body.String(), a.Body.String()); diff != "" || a.Code != http.StatusOK || a.Header().Get("Etag") != first.Header().Get("Etag") {
			t.Errorf("%s: %d (-want +got):\n%s", name, a.Code, diff)
		}
	}
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
	if got := first.Body.String(); !strings.HasPrefix(got, "GET||/en/echo/x?on=2026-01-01&q=a|a|2026-01-01||||") {
		t.Errorf("the page saw %q", got[:80])
	}
	if a := b.ask(t, "GET", far+"/en/echo/x?q=a&q=b&on=2026-01-01"); a.Body.String() == first.Body.String() {
		t.Error("a parameter given twice is the same as once")
	}
	before := made.Load()
	b.ask(t, "GET", far+"/en/echo/%78?q=a") // an address that is written otherwise is answered, and not kept
	b.ask(t, "GET", far+"/en/echo/%78?q=a")
	if made.Load() != before+2 {
		t.Errorf("an escaped address was made %d times", made.Load()-before)
	}
	if a := b.ask(t, "GET", far+"/en/echo/x?q="+strings.Repeat("a", maxQuery)); a.Code != http.StatusRequestURITooLong || a.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a huge query: %d %s", a.Code, a.Header().Get("Cache-Control"))
	}
}

func TestConditionalAndPackedAnswers(t *testing.T) {
	t.Parallel()
	b, made := echo(t)
	head := b.ask(t, "HEAD", far+"/en/echo/x") // before any GET
	plain := b.ask(t, "GET", far+"/en/echo/x")
	packed := b.ask(t, "GET", far+"/en/echo/x", "Accept-Encoding", "br, gzip")
	if head.Body.Len() != 0 || head.Header().Get("Content-Length") != plain.Header().Get("Content-Length") || !strings.HasPrefix(plain.Body.String(), "GET|") {
		t.Errorf("HEAD: %d bytes, %v; then GET %q", head.Body.Len(), head.Header(), plain.Body.String()[:20])
	}
	if diff := cmp.Diff(head.Header(), plain.Header()); diff != "" {
		t.Errorf("HEAD and GET differ: %s", diff)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil || string(body) != plain.Body.String() || packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= plain.Body.Len() {
		t.Errorf("packed: %v, %d of %d bytes, %v", err, packed.Body.Len(), plain.Body.Len(), packed.Header())
	}
	if packed.Header().Get("Etag") == plain.Header().Get("Etag") || packed.Header().Get("Vary") != "Accept-Encoding, Cookie" {
		t.Errorf("two encodings have one strong tag %s; Vary %s", plain.Header().Get("Etag"), packed.Header().Get("Vary"))
	}
	for _, tc := range []struct {
		tag, accept string
		status      int
	}{
		{plain.Header().Get("Etag"), "", 304}, {packed.Header().Get("Etag"), "gzip", 304}, {"*", "", 304}, {`"x", W/` + plain.Header().Get("Etag"), "", 304},
		{packed.Header().Get("Etag"), "", 200}, {plain.Header().Get("Etag"), "gzip", 200}, {`"x"`, "", 200},
	} {
		a := b.ask(t, "GET", far+"/en/echo/x", "If-None-Match", tc.tag, "Accept-Encoding", tc.accept)
		if a.Code != tc.status || a.Code == http.StatusNotModified && (a.Body.Len() > 0 || a.Header().Get("Content-Length") != "" || a.Header().Get("Etag") == "" || a.Header().Get("Vary") == "" || a.Header().Get("Cache-Control") == "") {
			t.Errorf("If-None-Match %s with %q: %d, want %d; %v", tc.tag, tc.accept, a.Code, tc.status, a.Header())
		}
	}
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestWhatIsNotForEverybodyIsNotKept(t *testing.T) {
	t.Parallel()
	b, made := echo(t)
	for name, status := range map[string]int{"broken": http.StatusNotFound, "cookie": http.StatusInternalServerError, "panic": http.StatusInternalServerError} {
		for i := range int64(2) {
			before := made.Load()
			a := b.ask(t, "GET", far+"/en/echo/"+name)
			if a.Code != status || a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("Etag") != "" || a.Header().Get("Set-Cookie") != "" || made.Load() != before+1 {
				t.Errorf("%s, %d: %d %v", name, i, a.Code, a.Header())
			}
		}
	}
	if a := b.ask(t, "POST", far+"/en/echo/x", "Sec-Fetch-Site", "same-origin"); a.Code == http.StatusOK {
		t.Errorf("POST: %d", a.Code)
	}
	defer func() {
		if recover() == nil {
			t.Error("a public page takes a POST")
		}
	}()
	b.handler.(*server).publicPage("POST /{lang}/x", nil)
}

func TestWhoIsSignedInGetsHisOwnPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	term := b.browser(t, "terminal")
	stranger := b.ask(t, "GET", far+"/en/")
	own := term.get(t, "/en/")
	again := b.ask(t, "GET", far+"/en/")
	if !strings.Contains(own.Body.String(), "单位 terminal") || own.Header().Get("Cache-Control") != "no-store" || own.Header().Get("Etag") != "" {
		t.Errorf("signed in: %v", own.Header())
	}
	if stranger.Body.String() != again.Body.String() || strings.Contains(again.Body.String(), "单位 terminal") || again.Header().Get("Etag") == "" {
		t.Error("what one sees is shown to others")
	}
	if a := term.get(t, "/en/"); a.Code != http.StatusOK {
		t.Errorf("%d", a.Code)
	}
	if got := stranger.Header().Get("Cache-Control"); !strings.Contains(got, "max-age=0") || !strings.Contains(got, "must-revalidate") {
		t.Errorf("a browser that kept the page shows it after signing in: %s", got)
	}
}

func TestTheStartPageIsTheSameForTwoProcesses(t *testing.T) {
	t.Parallel()
	a, b := setup(t), setup(t)
	b.later(3 * time.Hour)
	for _, lang := range []string{"zh-Hans", "en", "ru"} {
		if one, two := a.ask(t, "GET", far+"/"+lang+"/").Header().Get("Etag"), b.ask(t, "GET", far+"/"+lang+"/").Header().Get("Etag"); one != two || one == "" {
			t.Errorf("%s: tags %s and %s", lang, one, two)
		}
	}
}
