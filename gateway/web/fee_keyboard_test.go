//go:build !race

package web

import (
	"context"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyboard is a page that is used without a mouse and without script.
func keyboard(t *testing.T) (b *bundle, ctx context.Context, base string) {
	t.Helper()
	ctx = chromium(t)
	b = setup(t)
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	run(t, ctx)
	command(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return b, ctx, srv.URL
}

// reach goes on until something has the focus that stops, and returns its name:
// that of a field, "do" of a button of a form, or the address of a link.
func reach(t *testing.T, ctx context.Context, stop func(name string) bool) string { //nolint:revive // t comes first in tests
	t.Helper()
	var passed []string
	for range 120 {
		run(t, ctx, chromedp.KeyEvent(kb.Tab))
		name := ask[string](t, ctx, `(e => e.name || (e.matches("form .btn") ? "do" : e.getAttribute("href") || ""))(document.activeElement)`)
		if stop(name) {
			return name
		}
		passed = append(passed, name)
	}
	t.Fatalf("the keyboard came by %q", passed)
	return ""
}

// fill types into the fields of a form as they come and presses its button.
// Choices are typed by their first letters. The page that follows is one that
// has the mark.
func fill(t *testing.T, ctx context.Context, typed map[string]string, mark string) *url.URL { //nolint:revive // t comes first in tests
	t.Helper()
	filled := map[string]bool{}
	for {
		name := reach(t, ctx, func(name string) bool { return name == "do" || typed[name] != "" && !filled[name] })
		if name == "do" {
			break
		}
		filled[name] = true
		run(t, ctx, chromedp.KeyEvent(typed[name]))
	}
	if len(filled) != len(typed) {
		t.Fatalf("the keyboard passed fields by: it came to %v", filled)
	}
	run(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(mark)))
	return location(t, ctx)
}

func location(t *testing.T, ctx context.Context) *url.URL { //nolint:revive // t comes first in tests
	t.Helper()
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestQuoteByKeyboard asks for a quotation.
func TestQuoteByKeyboard(t *testing.T) {
	_, ctx, base := keyboard(t)
	run(t, ctx, chromedp.Navigate(base+"/en/fees/quote"), chromedp.WaitReady(chromedp.CSS("#f-nt")))
	at := fill(t, ctx, map[string]string{"nt": "60000", "loa": "366", "type": "Container", "terminal": "Dayao Bay container", "stay": "30", "tugs_in": "2", "tugs_out": "2",
		"kind": "Pref", "term": "30", "us": "No to", "arrival": "12012026" + kb.Tab + "0800AM"}, "#line-1") // month, day, year, hour, minute
	if !strings.HasPrefix(at.Path, "/en/fees/quotes/") {
		t.Errorf("the form leads to %s", at)
	}
	if total := ask[string](t, ctx, `document.querySelector("tfoot .cap").textContent`); strings.ReplaceAll(total, "\u00a0", " ") != "CNY 350,800.00" {
		t.Errorf("the total is %q", total)
	}
}

// TestABillBecomesAComplaintByKeyboard: an account is checked, and the line
// that is too high is one step from a complaint. The file itself is chosen in
// a window of the operating system, which the test cannot see.
func TestABillBecomesAComplaintByKeyboard(t *testing.T) {
	_, ctx, base := keyboard(t)
	file := filepath.Join(t.TempDir(), "account.csv")
	if err := os.WriteFile(file, theAccount("A-KEYBOARD"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(base+"/en/fees/check"), chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{file}))
	at := fill(t, ctx, map[string]string{"kind": kb.ArrowDown + kb.ArrowUp, "ship_type": "Container", "tugs_in": "2"}, `a[href*="bill_line="]`)
	if !strings.HasPrefix(at.Path, "/en/fees/check/") {
		t.Errorf("the form leads to %s", at)
	}
	link := reach(t, ctx, func(name string) bool { return strings.Contains(name, "bill_line=1") })
	run(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(`textarea[name="text"]`)))
	if at := location(t, ctx); at.RequestURI() != link {
		t.Errorf("the link %s leads to %s", link, at)
	}
	at = fill(t, ctx, map[string]string{"text": "0.45 was charged where the list says 0.405."}, `section[aria-labelledby="wh"]`)
	if !strings.HasPrefix(at.Path, "/en/fees/complaints/") {
		t.Errorf("the form leads to %s: %s", at, ask[string](t, ctx, `document.querySelector("main").innerText`))
	}
	for _, want := range []string{"0.45 was charged", "7,142.40", "SYNTHETIC TWO", "15872 NTT × 0.45 = 7142.40"} {
		if page := ask[string](t, ctx, `document.querySelector("main").textContent`); !strings.Contains(page, want) {
			t.Errorf("the complaint does not say %s: %s", want, page)
		}
	}
}
