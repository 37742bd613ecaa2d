package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// visit asks as a browser does and follows nothing.
func visit(t *testing.T, r *http.Request) (status int, header http.Header, body string) {
	t.Helper()
	r.Header.Set("Accept", "text/html")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(b)
}

func get(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPagesStandBeforeTheAPI: the demo serves pages and the API on one
// address, with the same words for what is wrong.
func TestPagesStandBeforeTheAPI(t *testing.T) {
	dir := t.TempDir()
	g := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--traffic=false")
	if status, h, _ := visit(t, get(t, g.url+"/")); status != http.StatusSeeOther || h.Get("Location") != "/zh-Hans/" {
		t.Errorf("the root: %d to %s", status, h.Get("Location"))
	}
	if status, _, body := visit(t, get(t, g.url+"/en/")); status != http.StatusOK || !strings.Contains(body, "Sandbox.") {
		t.Errorf("the start page: %d, a demo says so: %t", status, strings.Contains(body, "Sandbox."))
	}
	r := get(t, g.url+"/api/v1/notices")
	r.Header.Set("Accept-Language", "en")
	if status, h, body := visit(t, r); status != http.StatusUnauthorized || !strings.HasPrefix(h.Get("Content-Type"), "text/html") || !strings.Contains(body, "Not signed in, or wrong key") {
		t.Errorf("a browser at the API: %d %s", status, h.Get("Content-Type"))
	}
	if status, h, body := visit(t, get(t, g.url+"/docs")); status != http.StatusOK || strings.Contains(body, `class="skip"`) {
		t.Errorf("what is no page passes: %d %v", status, h)
	}
	var file demoFile
	b, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	r, err = http.NewRequestWithContext(t.Context(), http.MethodPost, g.url+"/en/sign-in", strings.NewReader(url.Values{"key": {file.Keys["carrier"]}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, h, _ := visit(t, r)
	if status != http.StatusSeeOther || !strings.HasPrefix(h.Get("Set-Cookie"), "__Host-") {
		t.Fatalf("sign in: %d %v", status, h)
	}
	r = get(t, g.url+"/en/notices")
	r.Header.Set("Cookie", strings.Split(h.Get("Set-Cookie"), ";")[0])
	if status, _, body := visit(t, r); status != http.StatusForbidden || !strings.Contains(body, "Not allowed for this role") {
		t.Errorf("a carrier at the notices: %d\n%s", status, body)
	}
	if code := g.end(t); code != exitDone {
		t.Errorf("exit code %d: %s", code, g.errors)
	}
}

func TestWhereAnswerLinksLead(t *testing.T) {
	t.Parallel()
	for public, wrong := range map[string]bool{"": false, "https://kouan.example": false, "https://kouan.example/": false, "http://127.0.0.1:8080": false,
		"http://kouan.example": true, "kouan.example": true, "https://kouan.example/x": true, "https://u:p@kouan.example": true, "https://kouan.example?x=1": true, "ftp://kouan.example": true} {
		cfg := good()
		cfg.PublicURL = public
		var want []string
		if wrong {
			want = []string{"cli.config.public_url"}
		}
		if diff := cmp.Diff(want, keys(cfg.Validate())); diff != "" {
			t.Errorf("%q (-want +got)\n%s", public, diff)
		}
		h := &house{cfg: cfg}
		if at := h.answersAt(); !wrong && public != "" && at != strings.TrimSuffix(public, "/")+"/zh-Hans/answers/" || public == "" && at != "" {
			t.Errorf("%q: links lead to %q", public, at)
		}
	}
}
