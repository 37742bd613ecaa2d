package web

import (
	"net/http"
	"strings"
	"testing"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
)

func TestAPersonSignsInAndOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	w := b.browser(t, "")
	for _, pairs := range [][]string{{"name", "clerk", "password", "wrong"}, {"name", "nobody", "password", password}} {
		a := w.post(t, "/en/sign-in", pairs...)
		if a.Code != http.StatusUnprocessableEntity || w.cookies[cookieName] != "" {
			t.Errorf("%v: %d", pairs, a.Code)
		}
	}
	first := w.post(t, "/en/sign-in", "name", "clerk", "password", "wrong").Body.String()
	second := w.post(t, "/en/sign-in", "name", "nobody", "password", "wrong").Body.String()
	if strings.ReplaceAll(first, "clerk", "X") != strings.ReplaceAll(second, "nobody", "X") {
		t.Error("the page tells which names there are")
	}
	w = b.as(t, "clerk")
	old := w.cookies[cookieName]
	if !strings.Contains(w.page(t, "/en/"), "王丽") {
		t.Error("the bar does not say who is signed in")
	}
	again := b.as(t, "clerk")
	again.cookies[cookieName] = old
	if a := again.post(t, "/en/sign-in", "name", "clerk", "password", password, "next", "/en/account"); a.Header().Get("Location") != "/en/account" || again.cookies[cookieName] == old {
		t.Errorf("a sign-in does not change the session: %d", a.Code)
	}
	if a := w.get(t, "/en/inbox/complaints"); a.Code != http.StatusSeeOther {
		t.Errorf("the session before lives on: %d", a.Code)
	}
	kept := again.cookies[cookieName]
	again.post(t, "/en/sign-out")
	again.cookies[cookieName] = kept
	if a := again.get(t, "/en/inbox/complaints"); a.Code != http.StatusSeeOther {
		t.Errorf("signed out, and the cookie still opens: %d", a.Code)
	}
	for _, to := range []string{"https://evil.example/", "//evil.example", `/\evil.example`} {
		w := b.browser(t, "")
		if a := w.post(t, "/en/sign-in", "name", "clerk", "password", password, "next", to); a.Header().Get("Location") != "/en/" {
			t.Errorf("sent on to %s", a.Header().Get("Location"))
		}
	}
	for _, value := range []string{personMark, personMark + "x", personMark + strings.Repeat("A", 43), "person", strings.Repeat("person.", 600)} {
		w := b.browser(t, "")
		w.cookies[cookieName] = value
		if a := w.get(t, "/en/inbox/complaints"); a.Code != http.StatusSeeOther {
			t.Errorf("%.20s: %d", value, a.Code)
		}
	}
}

func TestTriesEndWithWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	w := b.browser(t, "")
	for range 10 {
		w.post(t, "/en/sign-in", "name", "clerk", "password", "wrong")
	}
	if a := w.post(t, "/en/sign-in", "name", "clerk", "password", password); a.Code != http.StatusTooManyRequests || a.Header().Get("Retry-After") == "" || !strings.Contains(a.Body.String(), "15 min") {
		t.Errorf("%d %v", a.Code, a.Header())
	}
}

func TestAPasswordIsChosenByALink(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.people(t)
	token, err := b.desk.AddUser(t.Context(), "test", desk.NewUser{Name: "fresh", Display: "Fresh", Role: auth.Authority})
	if err != nil {
		t.Fatal(err)
	}
	w := b.browser(t, "")
	path := "/en/passwords/" + token
	if a := w.get(t, path); a.Code != http.StatusOK || a.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", a.Code, a.Header())
	}
	if a := w.post(t, path, "password", "short", "repeated", "other"); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.Body.String(), desk.CodePasswordShort) || !strings.Contains(a.Body.String(), desk.CodePasswordTwice) {
		t.Errorf("%d", a.Code)
	}
	if a := w.post(t, path, "password", password, "repeated", password); a.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Code, a.Body)
	}
	if a := w.get(t, path); a.Code != http.StatusNotFound {
		t.Errorf("the link opens twice: %d", a.Code)
	}
	w = b.as(t, "fresh")
	other := b.as(t, "fresh")
	next := "another sea another crane"
	if a := w.post(t, "/en/account", "present", password, "password", next, "repeated", next); a.Code != http.StatusSeeOther {
		t.Fatalf("%d\n%s", a.Code, a.Body)
	}
	w.page(t, "/en/account?done=1")
	if a := other.get(t, "/en/account"); a.Code != http.StatusSeeOther {
		t.Errorf("the other session lives on: %d", a.Code)
	}
	if a := b.browser(t, "terminal").get(t, "/en/account"); a.Code != http.StatusSeeOther {
		t.Errorf("a key has no password: %d", a.Code)
	}
}
