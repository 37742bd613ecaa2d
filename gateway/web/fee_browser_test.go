//go:build !race

package web

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"

	"kouan/i18n"
)

// TestFeePagesInABrowser looks at every page of fees in every language: by the
// checker of accessibility on the narrowest phone, and on a desk; Chinese and
// German, whose letters and words are the widest, in the dark, too.
// Data for search engines in the head must trouble no content policy.
func TestFeePagesInABrowser(t *testing.T) {
	checker := axe(t)
	b := setup(t)
	b.handler.(*server).Public = func() string { return far } // heads and QR codes
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	paths := feePaths(t, b)
	for _, lang := range i18n.Languages() {
		t.Run(string(lang), func(t *testing.T) {
			ctx := chromium(t)
			complaints := make(chan string, 1000)
			if err := chromedp.Listen(ctx, func(ev any) {
				if e, ok := ev.(*log.EventEntryAdded); ok && e.Entry.Level == "error" && !strings.Contains(e.Entry.URL, "favicon") && !strings.Contains(e.Entry.Text, "422") {
					complaints <- e.Entry.Text
				}
			}); err != nil {
				t.Fatal(err)
			}
			command(t, ctx, log.Enable, cdp.Empty{})
			for _, path := range paths {
				ways := []sight{{320, "light", true}, {1280, "light", false}}
				if lang == i18n.ZhHans || lang == i18n.De {
					ways = append(ways, sight{390, "dark", false}, sight{1280, "dark", true})
				}
				look(t, ctx, srv.URL+"/"+string(lang)+path, checker, ways...)
			}
			for len(complaints) > 0 {
				t.Errorf("the browser complained: %s", <-complaints)
			}
		})
	}
	if checker == "" {
		t.Log("axe-core is not in the cache: accessibility was not checked")
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Error("axe-core is missing")
		}
	}
}

// TestFeePagesAtTwiceTheSize: a desk at 150 % and 200 % and a window that is
// just too wide for cards show everything without scrolling sideways (WCAG
// 1.4.4, 1.4.10). A browser that zooms gives the page a smaller window.
func TestFeePagesAtTwiceTheSize(t *testing.T) {
	ctx := chromium(t)
	b := setup(t)
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	for _, lang := range []i18n.Lang{i18n.De, i18n.Ja} {
		for _, path := range feePaths(t, b) {
			address := srv.URL + "/" + string(lang) + path
			run(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main")))
			for _, width := range []int64{640, 660, 853} {
				command(t, ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 400, DeviceScaleFactor: 2})
				if wide, inner := ask[int64](t, ctx, `document.documentElement.scrollWidth`), ask[int64](t, ctx, `window.innerWidth`); wide > inner {
					t.Errorf("%s in a window of %d: scrolls sideways, %d: %s", address, inner, wide, ask[string](t, ctx, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".hide,.cards thead")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`))
				}
			}
		}
	}
}
