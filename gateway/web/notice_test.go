package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// ref takes the reference of the answer form (a) or of the step form (s) off a page.
func ref(t *testing.T, body, form string) string {
	t.Helper()
	for _, m := range refField.FindAllStringSubmatch(body, -1) {
		if strings.HasSuffix(m[1], "-"+form) {
			return m[1]
		}
	}
	t.Fatalf("no form %s on the page", form)
	return ""
}

func mustDo(t *testing.T, a *httptest.ResponseRecorder, to string) {
	t.Helper()
	if a.Code != http.StatusSeeOther || a.Header().Get("Location") != to {
		t.Fatalf("%d to %q, want to %q\n%s", a.Code, a.Header().Get("Location"), to, a.Body)
	}
}

// TestAnInspectionOnThePages goes the way of one notice as its terminal and
// customs see it.
func TestAnInspectionOnThePages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1, box2)
	path := "/en/notices/" + number
	term, customs := b.browser(t, "terminal"), b.browser(t, "customs")

	body := term.page(t, "/en/notices")
	for _, want := range []string{box1, box2, "by hand", "not answered", number} {
		if !strings.Contains(body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if v, err := b.desk.Notice(t.Context(), b.principal("customs"), number); err != nil || len(v.Overview.Delivered) != 0 {
		t.Errorf("%v: a list that was shown is no notice read: %v", err, v.Overview.Delivered)
	}
	body = term.page(t, path)
	if v, err := b.desk.Notice(t.Context(), b.principal("customs"), number); err != nil || len(v.Overview.Delivered) != 1 || v.Overview.Confirmed {
		t.Errorf("%v: the terminal has it, and has not answered: %+v", err, v.Overview)
	}
	if strings.Contains(body, "risk") {
		t.Error("the terminal sees why goods were selected")
	}

	// no reason, no rejection; what was entered stays
	a := term.post(t, path, "do", "reject", "ref", ref(t, body, "a"), "text", "Kran steht")
	again := a.Body.String()
	if a.Code != http.StatusUnprocessableEntity || !strings.Contains(again, `href="#f-reason"`) || !strings.Contains(again, "Kran steht") || !strings.Contains(again, "<title>Fault: ") {
		t.Errorf("a rejection without a reason: %d\n%s", a.Code, again)
	}
	b.later(5 * time.Minute)
	r := ref(t, again, "a")
	mustDo(t, term.post(t, path, "do", "accept", "ref", r, "reason", "WEATHER"), path+"?done=accepted")
	mustDo(t, term.post(t, path, "do", "accept", "ref", r, "reason", "WEATHER"), path+"?done=accepted&again=1") // the button pressed twice
	body = term.page(t, path+"?done=accepted")
	if !strings.Contains(body, `class="done"`) || !strings.Contains(body, "the terminal accepted the order") || strings.Contains(body, `value="accept"`) {
		t.Errorf("the page does not say what was done, or still asks for the answer\n%s", body)
	}

	b.later(3 * time.Minute)
	mustDo(t, term.post(t, path, "kind", "box_locked", "box", box1, "ref", ref(t, body, "s")), path+"?done=box_locked")
	body = term.page(t, path)
	if strings.Count(body, `class="st hold"`) == 0 {
		t.Error("a locked box is not shown as locked")
	}
	mustDo(t, term.post(t, path, "kind", "box_locked", "box", box2, "occurred_at", "2026-11-26T10:07", "ref", ref(t, body, "s")), path+"?done=box_locked")

	// what the terminal may not do is refused with words, and nothing happens
	a = term.post(t, path, "kind", "unlocked", "ref", "x-1")
	if a.Code != http.StatusConflict || !strings.Contains(a.Body.String(), "customs has not released it") {
		t.Errorf("unlock without release: %d\n%s", a.Code, a.Body)
	}
	if a = term.post(t, path, "kind", "released", "ref", "x-2"); a.Code != http.StatusConflict {
		t.Errorf("a terminal releases: %d", a.Code)
	}

	body = customs.page(t, path)
	for _, want := range []string{"inspection started", `name="result"`} {
		if !strings.Contains(body, want) && want != `name="result"` {
			t.Errorf("customs is not offered %q\n%s", want, body)
		}
	}
	mustDo(t, customs.post(t, path, "kind", "started", "ref", ref(t, body, "s")), path+"?done=started")
	body = customs.page(t, path)
	if a = customs.post(t, path, "kind", "finished", "ref", ref(t, body, "s")); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `href="#f-result"`) {
		t.Errorf("a finish without a result: %d", a.Code)
	}
	mustDo(t, customs.post(t, path, "kind", "finished", "result", "PASS", "ref", ref(t, body, "s")), path+"?done=finished")
	body = customs.page(t, path)
	mustDo(t, customs.post(t, path, "kind", "released", "ref", ref(t, body, "s")), path+"?done=released")
	if body = term.page(t, "/en/notices?tab=release"); !strings.Contains(body, number) {
		t.Error("the notice is not among those that await their release")
	}
	for _, k := range []string{"unlocked", "moved_back"} {
		b.later(time.Minute)
		body = term.page(t, path)
		mustDo(t, term.post(t, path, "kind", k, "ref", ref(t, body, "s")), path+"?done="+k)
	}
	if body = term.page(t, path); !strings.Contains(body, ">closed<") || strings.Contains(body, "<form method=\"post\" action=\""+path) {
		t.Errorf("the notice is over and still has forms\n%s", body)
	}
	if body = term.page(t, "/en/notices?tab=closed"); !strings.Contains(body, number) {
		t.Error("closed notices are not listed")
	}
	for _, q := range []string{number, "temu 0000027", "27", number[len(number)-4:]} {
		if body = term.page(t, "/en/notices?q="+strings.ReplaceAll(q, " ", "+")); !strings.Contains(body, "/en/notices/"+number) {
			t.Errorf("not found by %q", q)
		}
	}
	if body = term.page(t, "/en/notices?q=nothing"); !strings.Contains(body, `class="empty"`) || strings.Contains(body, number) {
		t.Error("found by nothing")
	}
}

// TestNoticesOfOthersDoNotExist: P8 for the pages.
func TestNoticesOfOthersDoNotExist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1)
	for _, who := range []string{"terminal2", "forwarder"} {
		w := b.browser(t, who)
		if body := w.page(t, "/en/notices"); strings.Contains(body, number) || strings.Contains(body, box1) || strings.Contains(body, "canary") {
			t.Errorf("%s sees the notice of another in the list", who)
		}
		if body := w.page(t, "/en/notices?q="+number); strings.Contains(body, box1) {
			t.Errorf("%s finds the notice of another", who)
		}
		there, gone := w.get(t, "/en/notices/"+number), w.get(t, "/en/notices/N000000-NOTHING0")
		if there.Code != http.StatusNotFound || strings.ReplaceAll(there.Body.String(), number, "N000000-NOTHING0") != gone.Body.String() {
			t.Errorf("%s: a notice of another and one that is not there differ: %d %d\n%s", who, there.Code, gone.Code, cmp.Diff(there.Body.String(), gone.Body.String()))
		}
		if a := w.post(t, "/en/notices/"+number, "do", "accept"); a.Code != http.StatusNotFound {
			t.Errorf("%s answers the notice of another: %d", who, a.Code)
		}
	}
}

func (b *bundle) link(t *testing.T, number string) string {
	t.Helper()
	const token = "token-of-a-test"
	row, err := b.db.NoticeByNumber(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	c := store.Change{AnswerLinks: []store.AnswerLink{{Hash: auth.HashKey(token), NoticeID: row.ID, Terminal: row.Terminal, Content: row.Content,
		ExpiresAt: b.clock().Add(time.Hour).UnixMilli(), CreatedAt: b.now.Load()}}}
	if err := b.db.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return "/zh-Hans/answers/" + token
}

func TestAnswerLinkShowsAndAnswersOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1)
	path := b.link(t, number)
	w := b.browser(t, "") // nobody signs in
	for range 3 {         // programs of mail systems open every address
		body := w.page(t, path)
		if !strings.Contains(body, box1) || !strings.Contains(body, "接受并锁定") || strings.Contains(body, "risk") {
			t.Errorf("the link shows\n%s", body)
		}
	}
	if a := w.get(t, path); a.Header().Get("Referrer-Policy") != "no-referrer" || a.Header().Get("X-Robots-Tag") != "noindex" {
		t.Errorf("headers %v", a.Header())
	}
	v, err := b.desk.Notice(t.Context(), b.principal("customs"), number)
	if err != nil || len(v.Overview.Delivered) != 0 || len(v.Events) > 1 {
		t.Errorf("%v: looking changed something: %+v", err, v.Events)
	}
	if a := w.post(t, path, "do", "reject"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `href="#f-reason"`) {
		t.Errorf("a rejection without a reason: %d", a.Code)
	}
	if a := w.post(t, path, "kind", "released"); a.Code != http.StatusUnprocessableEntity {
		t.Errorf("a link that releases: %d", a.Code)
	}
	a := w.post(t, path, "do", "reject", "reason", "SITE_FULL", "earliest_possible", "2026-11-27T09:00")
	if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), number) {
		t.Fatalf("the answer: %d\n%s", a.Code, a.Body)
	}
	v, err = b.desk.Notice(t.Context(), b.principal("customs"), number)
	if err != nil || v.Overview.State != inspection.StateRejected || !v.Overview.Boxes[0].Earliest.Equal(time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC)) {
		t.Errorf("%v: %+v", err, v.Overview)
	}
	if a := w.post(t, path, "do", "accept", "text", "x"); a.Code != http.StatusGone {
		t.Errorf("the second answer: %d", a.Code)
	}
	if a := w.get(t, path); a.Code != http.StatusGone || strings.Contains(a.Body.String(), box1) {
		t.Errorf("a used link: %d", a.Code)
	}
	if a := w.get(t, "/en/answers/never-was"); a.Code != http.StatusNotFound {
		t.Errorf("a link that never was: %d", a.Code)
	}
}

func TestAnAppointmentIsChosenFromTheSlots(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1)
	row, err := b.db.NoticeByNumber(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	row.Tenant, row.Visible = b.partner["forwarder"], true // as when its declaration is here and customs has told him
	if err := b.db.Commit(t.Context(), store.Change{Notices: []store.Notice{row}}); err != nil {
		t.Fatal(err)
	}
	w, path := b.browser(t, "forwarder"), "/en/notices/"+number
	body := w.page(t, path)
	if strings.Contains(body, "risk") || strings.Contains(body, `value="accept"`) {
		t.Error("the declarant sees what is not his")
	}
	slot := regexp.MustCompile(`<option value="(2026-11-2[67]T[0-9:]+)">`).FindStringSubmatch(body)
	if slot == nil {
		t.Fatalf("no slots are offered\n%s", body)
	}
	mustDo(t, w.post(t, path, "kind", "appointed", "time", slot[1], "ref", ref(t, body, "s")), path+"?done=appointed")
	if a := w.post(t, path, "kind", "appointed", "time", "2026-11-28T03:00", "ref", "x"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), `href="#f-time"`) {
		t.Errorf("outside the hours: %d", a.Code)
	}
}

func TestFormsWithNonsenseAreAnswered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	number := b.order(t, box1)
	w := b.browser(t, "terminal")
	for _, pairs := range [][]string{
		{}, {"do", "shrug"}, {"kind", "accepted", "occurred_at", "yesterday"}, {"kind", "\x00"}, {"kind", "box_locked", "box", "<script>alert(1)</script>"},
		{"do", "reject", "reason", "OTHER"}, {"do", "reject", "reason", "NONE"}, {"do", "accept", "text", strings.Repeat("x", 501)}, {"do", "accept", "text", "a\x01b"},
		{"kind", "exception", "reason", ""}, {"do", "accept", "occurred_at", "9999-12-31T23:59"},
	} {
		a := w.post(t, "/en/notices/"+number, pairs...)
		if a.Code != http.StatusUnprocessableEntity && a.Code != http.StatusConflict {
			t.Errorf("%q: %d\n%s", pairs, a.Code, a.Body)
		}
		if strings.Contains(a.Body.String(), "<script") {
			t.Errorf("%q comes back unescaped", pairs)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+"/en/notices/"+number, strings.NewReader("text="+strings.Repeat("x", maxForm)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if a := w.do(t, r); a.Code != http.StatusBadRequest {
		t.Errorf("a form that is too large: %d", a.Code)
	}
	if v, err := b.desk.Notice(t.Context(), b.principal("customs"), number); err != nil || v.Overview.Confirmed || v.Overview.State == inspection.StateRejected {
		t.Errorf("%v: nonsense moved the notice: %s", err, v.Overview.State)
	}
}
