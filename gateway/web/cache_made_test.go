package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestPublicPagesThatAreNotKeptArePackedAndTagged(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	for _, path := range []string{"/en/fees/box", "/en/fees/complaints/figures", "/en/fees/bodies", "/de/fees/bodies/pilot-station", "/en/fees/translations", "/ja/fees/quote", "/fr/fees/bodies/method", "/en/fees/quote?nt=60000"} {
		plain := b.ask(t, "GET", far+path)
		packed := b.ask(t, "GET", far+path, "Accept-Encoding", "gzip")
		if plain.Code != http.StatusOK || packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") == "" {
			t.Errorf("%s: %d, packed as %q", path, plain.Code, packed.Header().Get("Content-Encoding"))
			continue
		}
		in, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(in); err != nil || string(body) != plain.Body.String() {
			t.Errorf("%s: the packed page is another one: %v", path, err)
		}
		tag := plain.Header().Get("Etag")
		if again := b.ask(t, "GET", far+path, "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s: who has the page is answered with %d", path, again.Code)
		}
		if strings.Contains(plain.Header().Get("Cache-Control"), "no-store") {
			t.Errorf("%s: %s", path, plain.Header().Get("Cache-Control"))
		}
	}
	if a := b.ask(t, "GET", far+"/en/fees/bodies/nobody-here"); a.Code != http.StatusNotFound || a.Header().Get("Etag") != "" {
		t.Errorf("a body that is not there: %d %q", a.Code, a.Header().Get("Etag"))
	}
	if a := b.ask(t, "GET", far+"/en/fees/quote?from=Q-NONE"); a.Header().Get("Etag") != "" || strings.Contains(a.Header().Get("Cache-Control"), "public") {
		t.Errorf("what leads to one person's quotation is kept: %v", a.Header())
	}
}
