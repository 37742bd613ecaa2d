package app

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/i18n"
	"kouan/port-adapters/sandbox/magic"
)

func TestEveryScriptIsListedInWords(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		var out, errs bytes.Buffer
		code := Main(t.Context(), []string{"sandbox", "scripts", "--lang", string(lang)}, nil, &bytes.Buffer{}, &out, &errs)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if code != exitDone || errs.Len() > 0 || len(lines) != 1+len(magic.Scripts()) {
			t.Fatalf("%s: exit %d, %d lines\n%s%s", lang, code, len(lines), &out, &errs)
		}
		for i, s := range magic.Scripts() {
			if !strings.HasPrefix(lines[i+1], magic.Number(s, 1)+"  "+s.Slug()) || strings.Contains(lines[i+1], "magic.") {
				t.Errorf("%s: line of %s is %q", lang, s.Slug(), lines[i+1])
			}
		}
	}
}

func TestSandboxTerminalNeedsSomebodyToAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no gateway":         {nil, "--no-answers"},
		"no key":             {[]string{"--gateway", "http://127.0.0.1:1"}, "--no-answers"},
		"nobody may sign in": {[]string{"--sftp", "127.0.0.1:0"}, "--sftp-key"},
		"no such script":     {[]string{"--no-answers", "--script", "sleeps"}, "half_close"},
		"no Standard secret": {[]string{"--no-answers", "--secret", "%%hush%%"}, "whsec_"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, _, errs := run(t, append([]string{"sandbox", "terminal"}, c.args...)...)
			if code != exitUsage || !strings.Contains(errs, c.want) || strings.Contains(errs, "hush") {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
}

func TestSandboxTerminalRunsAlone(t *testing.T) {
	t.Parallel()
	g := start(t, "sandbox", "terminal", "--no-answers", "--script", "gone")
	resp, err := http.DefaultClient.Do(post(t, g.url, `{"type":"notice.issued","id":"m1","sequence":1,"occurred_at":"2026-11-25T21:00:00Z","data":{"notice":{"notice_no":"N1","version":1}}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusGone || !strings.Contains(string(body), "sandbox") {
		t.Errorf("%d %s %v, want 410 of a sandbox", resp.StatusCode, body, err)
	}
	if code := g.end(t); code != exitDone {
		t.Errorf("exit %d: %s", code, g.errors)
	}
}

func post(t *testing.T, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("webhook-id", "m1")
	return r
}

func TestSandboxTerminalOpensEveryWire(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	g := start(t, "sandbox", "terminal", "--folders", filepath.Join(dir, "folders"), "--sftp", "127.0.0.1:0", "--sftp-root", filepath.Join(dir, "sftp"), "--smtp", "127.0.0.1:0",
		"--password", "hush", "--self-signed", filepath.Join(dir, "ca.pem"))
	if !strings.HasPrefix(g.url, "https://") {
		t.Errorf("address %s is not encrypted", g.url)
	}
	for _, name := range []string{"folders/out", "folders/in", "sftp/out", "sftp/in", "ca.pem"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if code := g.end(t); code != exitDone {
		t.Errorf("exit %d: %s", code, g.errors)
	}
	if out := g.out.String(); !strings.Contains(out, "sftp 127.0.0.1:") || !strings.Contains(out, " ssh-ed25519 ") || !strings.Contains(out, "smtp 127.0.0.1:") || strings.Contains(out, "hush") {
		t.Errorf("said:\n%s", out)
	}
}
