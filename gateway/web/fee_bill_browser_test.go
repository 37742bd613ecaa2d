//go:build !race

package web

import (
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"kouan/i18n"
)

// TestBillPagesInABrowser looks at the pages of accounts and bodies in Chinese
// at two widths and in both themes, and in each other language once.
func TestBillPagesInABrowser(t *testing.T) {
	checker := axe(t)
	ctx := chromium(t)
	b := setup(t)
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	w := b.browser(t, "")
	rateMany(t, w)
	where := strings.TrimPrefix(w.checked(t, "en", theAccount("SYN-DA-0002"), "alongside_from", "2026-09-15T00:15", "alongside_to", "2026-09-18T05:20"), "/en")
	run(t, ctx)
	check := func(paths ...string) {
		for _, p := range paths {
			look(t, ctx, srv.URL+"/zh-Hans"+p, checker, sight{1280, "light", true}, sight{390, "dark", true})
			others(t, ctx, srv.URL, p, checker, i18n.ZhHans)
		}
	}
	check("/fees/check", where, "/fees/complaint?bill_line=1&bill="+path.Base(where), "/fees/bodies", "/fees/bodies/pilot-station", "/fees/bodies/customs", "/fees/bodies/method")
	command(t, ctx, network.ClearBrowserCookies, cdp.Empty{})
	signIn(t, ctx, srv.URL, b.keys["authority"])
	check("/inbox/over-charging", "/fees/bodies/pilot-station")
	if checker == "" {
		t.Log("axe-core is not in the cache: accessibility was not checked")
	}
}
