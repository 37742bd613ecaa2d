//go:build !race

package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kouan/declarations/inspection"
	"kouan/i18n"
)

// axeVersion is the checker of accessibility, an npm package that is kept in
// the cache beside the linter.
const axeVersion = "4.14.1"

// lacking skips a test for want of a tool, or fails it where nothing may be skipped.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("KOUAN_STRICT") == "1" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

func axe(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		lacking(t, "a cache folder")
	}
	b, err := os.ReadFile(filepath.Join(cache, "kouan", "axe-core-"+axeVersion, "axe.min.js"))
	if err != nil {
		return ""
	}
	return string(b)
}

// site serves the pages over TLS, so that the session cookie is what it is in
// service, with notices in every part of the list.
func site(t *testing.T) (*bundle, string, map[string]string) {
	t.Helper()
	b := setup(t)
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	open := b.order(t, box1, box2)
	rejected := b.order(t, "CSQU3054383")
	b.report(t, "terminal", rejected, inspection.Event{Kind: inspection.Rejected, Reason: inspection.OtherReason, Text: "吊机故障，明日上午可以"})
	work := b.order(t, "TEMU0000032")
	for _, k := range []inspection.Kind{inspection.Accepted, inspection.Locked, inspection.MoveDone, inspection.Ready} {
		b.later(time.Minute)
		b.report(t, "terminal", work, inspection.Event{Kind: k})
	}
	b.later(40 * time.Minute) // the first one is overdue
	return b, srv.URL, map[string]string{"open": open, "rejected": rejected, "work": work, "link": b.link(t, open)}
}

// tab opens a browser of its own; it ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		lacking(t, "chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.IgnoreCertErrors, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(alloc)
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil { // the first call must have no time limit of its own
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 6*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) { //nolint:revive // t comes first in tests
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page, and waits for what a promise brings.
func ask[T any](t *testing.T, ctx context.Context, expression string) T { //nolint:revive // t comes first in tests
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// command gives the browser a command of its protocol.
func command[P, R any](t *testing.T, ctx context.Context, c cdp.Command[P, R], params P) { //nolint:revive // t comes first in tests
	t.Helper()
	if _, err := chromedp.Call(ctx, c, params); err != nil {
		t.Fatal(err)
	}
}

// signIn goes the way of a person: it fills the form in and presses the button.
func signIn(t *testing.T, ctx context.Context, base, key string) { //nolint:revive // t comes first in tests
	t.Helper()
	run(t, ctx, chromedp.Navigate(base+"/en/sign-in"), chromedp.SendKeys(chromedp.CSS("#f-key"), key), chromedp.Click(chromedp.CSS("main form .btn")), chromedp.WaitVisible(chromedp.CSS(".bar form")))
}

// TestPagesInABrowser looks at every page at three widths, in both themes and
// two languages, and in each of the others once: nothing scrolls sideways, nothing is refused by the content
// policy, and the checker of accessibility finds nothing.
func TestPagesInABrowser(t *testing.T) {
	checker := axe(t)
	ctx := chromium(t)
	b, base, n := site(t)
	run(t, ctx)
	complaints := make(chan string, 1000)
	if err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*log.EventEntryAdded); ok && e.Entry.Level == "error" && !strings.Contains(e.Entry.URL, "favicon") && !strings.Contains(e.Entry.Text, "404") {
			complaints <- e.Entry.Text
		}
	}); err != nil {
		t.Fatal(err)
	}
	command(t, ctx, log.Enable, cdp.Empty{})
	check := func(paths ...string) {
		for _, path := range paths {
			for _, lang := range []string{"zh-Hans", "en"} {
				look(t, ctx, base+"/"+lang+path, checker, sight{320, "light", true}, sight{390, "dark", true}, sight{1280, "light", true}, sight{1280, "dark", true})
			}
			others(t, ctx, base, path, checker, i18n.ZhHans, i18n.En)
		}
	}
	check("/", "/sign-in", "/nowhere", n["link"][len("/zh-Hans"):])
	signIn(t, ctx, base, b.keys["terminal"])
	check("/notices", "/notices?tab=work", "/notices?q=nothing", "/notices/"+n["open"], "/notices/"+n["work"])
	command(t, ctx, network.ClearBrowserCookies, cdp.Empty{})
	signIn(t, ctx, base, b.keys["customs"])
	check("/notices/"+n["rejected"], "/notices/"+n["work"]+"?done=started")
	for len(complaints) > 0 {
		t.Errorf("the browser complained: %s", <-complaints)
	}
	if checker == "" {
		t.Log("axe-core is not in the cache: accessibility was not checked")
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Error("axe-core is missing")
		}
	}
}

// others looks at a page once in each language but some.
func others(t *testing.T, ctx context.Context, base, path, checker string, but ...i18n.Lang) { //nolint:revive // t comes first in tests
	t.Helper()
	for _, lang := range i18n.Languages() {
		if !slices.Contains(but, lang) {
			look(t, ctx, base+"/"+string(lang)+path, checker, sight{320, "light", true})
		}
	}
}

// sight is one way to look at a page; checked: by the checker of accessibility, too.
type sight struct {
	width   int64
	theme   string
	checked bool
}

// look opens a page once and sees it in several ways: nothing may have to be
// scrolled sideways, and the checker may find nothing.
func look(t *testing.T, ctx context.Context, address, checker string, ways ...sight) { //nolint:revive // t comes first in tests
	t.Helper()
	run(t, ctx, chromedp.EmulateViewport(ways[0].width, 800), chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main")))
	injected := false
	for _, way := range ways {
		command(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: way.theme}}})
		run(t, ctx, chromedp.EmulateViewport(way.width, 800))
		wide, inner := ask[int64](t, ctx, `document.documentElement.scrollWidth`), ask[int64](t, ctx, `window.innerWidth`)
		where := fmt.Sprintf("%s at %d px, %s", address, way.width, way.theme)
		if inner != way.width {
			t.Fatalf("%s: the window is %d wide", where, inner)
		}
		if wide > inner {
			t.Errorf("%s: scrolls sideways, %d of %d: %s", where, wide, inner, ask[string](t, ctx, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".hide,.cards thead")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`))
		}
		if !way.checked || checker == "" {
			continue
		}
		if !injected {
			ask[int](t, ctx, checker+`; 0`)
			injected = true
		}
		found := ask[string](t, ctx, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + (n.any[0] || n.all[0] || n.none[0] || {}).message).slice(0, 3).join("; "))))`)
		var list []string
		if err := json.Unmarshal([]byte(found), &list); err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			t.Errorf("%s: %s", where, v)
		}
	}
}

// TestAnswerByKeyboard answers a notice without a mouse and without script.
func TestAnswerByKeyboard(t *testing.T) {
	ctx := chromium(t)
	b, base, n := site(t)
	run(t, ctx)
	command(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	run(t, ctx, chromedp.Navigate(base+"/en/sign-in"), chromedp.SendKeys(chromedp.CSS("#f-key"), b.keys["terminal"]+kb.Enter), chromedp.WaitReady(chromedp.CSS(`.sections a[href$="/notices"]`)))
	run(t, ctx, chromedp.Navigate(base+"/en/notices/"+n["open"]), chromedp.WaitReady(chromedp.CSS("#f-reason")))
	// the first stop of the keyboard is the way past the bar
	run(t, ctx, chromedp.KeyEvent(kb.Tab+kb.Enter))
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	if u, err := url.Parse(at); err != nil || u.Fragment != "main" {
		t.Errorf("the skip link leads to %s", at)
	}
	for range 40 { // from field to field to the button
		run(t, ctx, chromedp.KeyEvent(kb.Tab))
		if ask[string](t, ctx, `document.activeElement.value || ""`) == "accept" {
			run(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(".done")))
			v, err := b.desk.Notice(t.Context(), b.principal("customs"), n["open"])
			if err != nil || !v.Overview.Confirmed {
				t.Errorf("%v: the answer did not arrive: %s", err, v.Overview.State)
			}
			return
		}
	}
	t.Error("the keyboard never came to the button")
}
