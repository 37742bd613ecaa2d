package api

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// TestDescriptionIsTheGolden: the description is made from the types and the
// table, and what it promises changes only on purpose.
func TestDescriptionIsTheGolden(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.ask(t, "", http.MethodGet, "/openapi.json", nil)
	if a.status != http.StatusOK || !bytes.HasPrefix(a.body, []byte(`{`)) {
		t.Fatalf("%d %.200s", a.status, a.body)
	}
	for _, word := range []string{"$schema", "ErrorModel", "ErrorDetail", `"null"`} {
		if bytes.Contains(a.body, []byte(word)) {
			t.Errorf("the description has %s", word)
		}
	}
	v := jsontext.Value(bytes.Clone(a.body))
	if err := v.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	if err := v.Indent(jsontext.WithIndent("  ")); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/openapi.json", append(v, '\n'))
}

func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	docs := b.ask(t, "", http.MethodGet, "/docs", nil)
	for i := range routes {
		rt := &routes[i]
		op := b.operationOf(rt)
		if rt.summary == "" {
			if op != nil {
				t.Errorf("%s is hidden and described", rt.path)
			}
			continue
		}
		if op == nil {
			t.Errorf("%s %s is not described", rt.method, rt.path)
			continue
		}
		if guarded := len(op.Security) > 0; guarded != (rt.act != "") {
			t.Errorf("%s: described as guarded: %v", rt.path, guarded)
		}
		for _, text := range []string{rt.path, rt.summary} {
			if !bytes.Contains(docs.body, []byte(text)) {
				t.Errorf("/docs does not show %q", text)
			}
		}
	}
}

func TestDocsPageNeedsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.ask(t, "", http.MethodGet, "/docs", nil)
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	for _, word := range []string{"<script", "http://", "https://", "src=", " style=", "onload="} {
		if bytes.Contains(a.body, []byte(word)) {
			t.Errorf("the page has %s", word)
		}
	}
	csp := a.header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "style-src 'sha256-") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
		t.Errorf("Content-Security-Policy %q", csp)
	}
	if !bytes.Contains(a.body, []byte("<style>"+docsCSS+"</style>")) {
		t.Error("the style is not the one whose digest the policy has")
	}
}

func TestMetricsCountByRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submitted(t, "EX1")
	b.ask(t, "alice", http.MethodGet, all+"/"+d.ID, nil)
	b.ask(t, "", http.MethodGet, all, nil)
	b.ask(t, "", http.MethodGet, "/wp-login.php", nil)
	a := b.ask(t, "", http.MethodGet, "/metrics", nil)
	for _, line := range []string{
		`kouan_http_requests_total{route="/api/v1/declarations",status="201"} 1`,
		`kouan_http_requests_total{route="/api/v1/declarations",status="401"} 1`,
		`kouan_http_requests_total{route="/api/v1/declarations/{id}",status="200"} 1`,
		`kouan_http_requests_total{route="none",status="404"} 1`,
		`kouan_accept_seconds_count 1`,
		`kouan_http_in_flight 1`,
	} {
		if !bytes.Contains(a.body, []byte(line+"\n")) {
			t.Errorf("no line %s", line)
		}
	}
	if bytes.Contains(a.body, []byte(d.ID)) || bytes.Contains(a.body, []byte("wp-login")) {
		t.Error("a metric shows a path")
	}
}
