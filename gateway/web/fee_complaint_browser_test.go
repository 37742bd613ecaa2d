//go:build !race

package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kouan/i18n"
)

// TestComplaintPagesInABrowser looks at the pages of complaints at three
// widths: nothing scrolls sideways, and the checker of accessibility finds
// nothing. A person signs in as persons do.
func TestComplaintPagesInABrowser(t *testing.T) {
	checker := axe(t)
	ctx := chromium(t)
	b := setup(t)
	b.people(t)
	srv := httptest.NewTLSServer(b.handler)
	t.Cleanup(srv.Close)
	page := b.browser(t, "").lodge(t, "en")[len("/en"):]
	clerk := b.as(t, "clerk")
	number := regexp.MustCompile(`FC\d{4}-[0-9A-Z]{8}`).FindString(clerk.page(t, "/en/inbox/complaints"))
	inbox := "/en/inbox/complaints/" + number
	b.later(30 * time.Minute)
	clerk.upload(t, inbox, nil, "act", "forward", "collector", "pilot station", "text", "请在期限内答复。", "version", clerk.version(t, inbox))
	pilot := b.as(t, "pilot")
	if a := pilot.upload(t, inbox, nil, "act", "answer", "text", "The difference is returned.", "version", pilot.version(t, inbox)); a.Code != http.StatusSeeOther {
		t.Fatalf("answer: %d", a.Code)
	}
	run(t, ctx)
	check := func(paths ...string) {
		for _, path := range paths {
			look(t, ctx, srv.URL+"/zh-Hans"+path, checker, sight{320, "light", true}, sight{1280, "dark", true})
			others(t, ctx, srv.URL, path, checker, i18n.ZhHans)
		}
	}
	check("/fees/complaint?row=PILOTAGE-x-001&edition=1", page+"?done=submit", "/fees/complaints/figures", "/sign-in?chosen=1")
	run(t, ctx, chromedp.Navigate(srv.URL+"/en/sign-in"), chromedp.SendKeys(chromedp.CSS("#f-name"), "clerk"),
		chromedp.SendKeys(chromedp.CSS("#f-password"), password+kb.Enter), chromedp.WaitVisible(chromedp.CSS(".bar form")))
	check("/inbox/complaints", "/inbox/complaints/"+number, "/account")
}
