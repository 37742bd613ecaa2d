package desk_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

const goodPassword = "seven cranes over grey water"

// hire makes a person who has a password.
func (h *hall) hire(t testing.TB, u desk.NewUser) {
	t.Helper()
	token, err := h.AddUser(t.Context(), "operator", u)
	if err != nil {
		t.Fatalf("add user: %v", err)
	}
	if err := h.SetPassword(t.Context(), token, goodPassword, goodPassword); err != nil {
		t.Fatalf("set password: %v", err)
	}
}

func clerkUser() desk.NewUser {
	return desk.NewUser{Name: "Wang.Li", Display: "王丽", Role: auth.Authority}
}

func (h *hall) signIn(t testing.TB, name, password string) (string, error) {
	t.Helper()
	in, err := h.SignIn(t.Context(), desk.SignIn{Name: name, Password: password, Address: "192.0.2.1"})
	return in.Token, err
}

func TestAPersonSignsIn(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, clerkUser())
	token, err := h.signIn(t, " WANG.li ", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	p, name, err := h.Session(t.Context(), token)
	if err != nil || p.Role != auth.Authority || p.User == "" || name != "王丽" || !p.May(auth.ReadFeeComplaints) {
		t.Errorf("%+v %s, %v", p, name, err)
	}
	users, err := h.Users(t.Context())
	if err != nil || strings.Contains(users[0].Password, "cranes") || !strings.HasPrefix(users[0].Password, "$argon2id$") {
		t.Errorf("%+v, %v", users, err)
	}
	sessions, err := h.UserSessions(t.Context(), "wang.li")
	if err != nil || len(sessions) != 1 || strings.Contains(sessions[0].Hash, token) {
		t.Errorf("%+v, %v", sessions, err)
	}
	again, err := h.SignIn(t.Context(), desk.SignIn{Name: "wang.li", Password: goodPassword, Before: token})
	if err != nil || again.Token == token {
		t.Fatalf("%v", err)
	}
	if _, _, err := h.Session(t.Context(), token); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("the session before the sign-in lives on: %v", err)
	}
	if err := h.SignOut(t.Context(), again.Token); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Session(t.Context(), again.Token); !errors.Is(err, auth.ErrDenied) {
		t.Errorf("signed out: %v", err)
	}
}

// TestNothingTellsWhichNamesThereAre: whatever is wrong, the error is one.
func TestNothingTellsWhichNamesThereAre(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, clerkUser())
	h.hire(t, desk.NewUser{Name: "gone", Display: "Gone", Role: auth.Operator})
	if err := h.DisableUser(t.Context(), "operator", "gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.AddUser(t.Context(), "operator", desk.NewUser{Name: "fresh", Display: "Fresh", Role: auth.Authority}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, password string }{
		{"wang.li", "wrong"}, {"wang.li", ""}, {"nobody", goodPassword}, {"gone", goodPassword}, {"gone", ""}, {"fresh", ""}, {"fresh", goodPassword}, {"", ""},
		{strings.Repeat("长", 5000), "x"}, {"wang.li\x00", goodPassword}, {"\xff", "\xff"},
	} {
		if token, err := h.signIn(t, c.name, c.password); !errors.Is(err, desk.ErrSignIn) || err.Error() != desk.ErrSignIn.Error() || token != "" {
			t.Errorf("%.20q %q: %v", c.name, c.password, err)
		}
	}
}

// TestTriesAreCounted: for a name that somebody has and for one that nobody
// has alike, over a restart, and at once.
func TestTriesAreCounted(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, clerkUser())
	var often *desk.TooOftenError
	for _, name := range []string{"wang.li", "nobody"} {
		var all sync.WaitGroup
		var mu sync.Mutex
		wrong := 0
		for range 25 {
			all.Go(func() {
				_, err := h.signIn(t, name, "wrong")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, desk.ErrSignIn):
					wrong++
				case !errors.As(err, new(*desk.TooOftenError)):
					t.Errorf("%v", err)
				}
			})
		}
		all.Wait()
		if wrong != 10 {
			t.Errorf("%s: %d of 25 were tried, want 10", name, wrong)
		}
		if _, err := h.signIn(t, name, goodPassword); !errors.As(err, &often) || often.After > 15*time.Minute {
			t.Errorf("%s with the right password afterwards: %v", name, err)
		}
	}
	reborn := &desk.Desk{Store: h.store, Clock: h.Clock, NewID: h.NewID, Wake: func() {}, Logger: h.Logger, Seal: h.Seal, Passwords: h.Passwords}
	if _, err := reborn.SignIn(t.Context(), desk.SignIn{Name: "wang.li", Password: goodPassword}); !errors.As(err, &often) {
		t.Errorf("after a restart: %v", err)
	}
	h.later(15 * time.Minute)
	if _, err := h.signIn(t, "wang.li", goodPassword); err != nil {
		t.Errorf("when the window is over: %v", err)
	}
	for i := range 60 { // one address tries many names
		if _, err := h.signIn(t, "name"+strings.Repeat("x", i), "wrong"); err != nil && !errors.Is(err, desk.ErrSignIn) && !errors.As(err, &often) {
			t.Fatal(err)
		}
	}
	if _, err := h.signIn(t, "another", "wrong"); !errors.As(err, &often) {
		t.Errorf("the address after sixty tries: %v", err)
	}
}

func TestAHundredWrongPasswordsNeedALink(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, clerkUser())
	for i := range 100 {
		if i%10 == 0 {
			h.later(15 * time.Minute)
		}
		if _, err := h.signIn(t, "wang.li", "wrong"); !errors.Is(err, desk.ErrSignIn) {
			t.Fatal(err)
		}
	}
	h.later(time.Hour)
	if _, err := h.signIn(t, "wang.li", goodPassword); !errors.Is(err, desk.ErrSignIn) {
		t.Errorf("the right password after a hundred wrong ones: %v", err)
	}
	token, err := h.RenewUserLink(t.Context(), "operator", "wang.li")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetPassword(t.Context(), token, goodPassword, goodPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := h.signIn(t, "wang.li", goodPassword); err != nil {
		t.Errorf("after the link: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, clerkUser())
	open := func() string {
		t.Helper()
		token, err := h.signIn(t, "wang.li", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	lives := func(token string) bool {
		_, _, err := h.Session(t.Context(), token)
		if err != nil && !errors.Is(err, auth.ErrDenied) {
			t.Fatal(err)
		}
		return err == nil
	}
	idle := open()
	h.later(time.Hour - time.Second)
	if !lives(idle) {
		t.Error("ended before its hour")
	}
	h.later(time.Hour - time.Second)
	if !lives(idle) {
		t.Error("in use and ended")
	}
	h.later(time.Hour)
	if lives(idle) {
		t.Error("an hour without use")
	}
	busy := open()
	for range 8 {
		h.later(59 * time.Minute)
		if !lives(busy) {
			t.Fatal("ended while in use")
		}
	}
	h.later(8 * time.Minute)
	if lives(busy) {
		t.Error("eight hours are over")
	}

	mine, other := open(), open()
	p, _, err := h.Session(t.Context(), mine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ChangePassword(t.Context(), p, "wrong", "another sea another crane", "another sea another crane"); len(codesOf(err)) != 1 || codesOf(err)[0] != "present "+desk.CodePasswordWrong {
		t.Errorf("a wrong present one: %v", err)
	}
	fresh, err := h.ChangePassword(t.Context(), p, goodPassword, "another sea another crane", "another sea another crane")
	if err != nil || lives(mine) || lives(other) || !lives(fresh.Token) {
		t.Errorf("a change of the password: %v %v %v, %v", lives(mine), lives(other), lives(fresh.Token), err)
	}
	if err := h.DisableUser(t.Context(), "operator", "wang.li"); err != nil || lives(fresh.Token) {
		t.Errorf("disabled: %v", err)
	}
	for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
		if lives(token) {
			t.Errorf("%q is a session", token)
		}
	}
}

func TestALinkChoosesAPasswordOnce(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	first, err := h.AddUser(t.Context(), "operator", clerkUser())
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]string{"short": desk.CodePasswordShort, strings.Repeat("ab3 ", 40): desk.CodePasswordLong,
		"passwordpassword": desk.CodePasswordCommon, "wang.li at kouan": desk.CodePasswordContext} {
		if got := codesOf(h.SetPassword(t.Context(), first, password, password)); len(got) != 1 || got[0] != "password "+want {
			t.Errorf("%q: %v", password, got)
		}
	}
	if got := codesOf(h.SetPassword(t.Context(), first, goodPassword, goodPassword+"!")); len(got) != 1 || got[0] != "repeated "+desk.CodePasswordTwice {
		t.Errorf("two that differ: %v", got)
	}
	second, err := h.RenewUserLink(t.Context(), "operator", "wang.li")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetPassword(t.Context(), first, goodPassword, goodPassword); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a link that another took the place of: %v", err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 4 {
		all.Go(func() {
			err := h.SetPassword(t.Context(), second, goodPassword, goodPassword)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if won != 1 {
		t.Errorf("the link was used %d times", won)
	}
	late, err := h.RenewUserLink(t.Context(), "operator", "wang.li")
	if err != nil {
		t.Fatal(err)
	}
	h.later(72 * time.Hour)
	if _, err := h.PasswordLink(t.Context(), late); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an old link: %v", err)
	}
}

func TestPeopleAreChecked(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.hire(t, desk.NewUser{Name: "pilot", Display: "引航站", Role: auth.Collector, Body: "pilot station"})
	for _, c := range []struct {
		user desk.NewUser
		want string
	}{
		{desk.NewUser{Name: "a b", Display: "x", Role: auth.Authority}, "name " + desk.CodeUserName},
		{desk.NewUser{Name: "PILOT", Display: "x", Role: auth.Authority}, "name " + desk.CodeUserTaken},
		{desk.NewUser{Name: "li", Display: "x", Role: auth.Authority}, "name " + desk.CodeUserName},
		{desk.NewUser{Name: "li.wei", Role: auth.Authority}, "display " + desk.CodeUserDisplay},
		{desk.NewUser{Name: "li.wei", Display: "x", Role: auth.Forwarder}, "role " + desk.CodeUserRole},
		{desk.NewUser{Name: "li.wei", Display: "x", Role: auth.Collector}, "body " + desk.CodeUserBody},
		{desk.NewUser{Name: "li.wei", Display: "x", Role: auth.Collector, Body: "uncle"}, "body " + desk.CodeUserBody},
		{desk.NewUser{Name: "li.wei", Display: "x", Role: auth.Authority, Body: "pilot station"}, "body " + desk.CodeUserBody},
	} {
		_, err := h.AddUser(t.Context(), "operator", c.user)
		if got := codesOf(err); len(got) != 1 || got[0] != c.want {
			t.Errorf("%+v: %v %v, want %s", c.user, got, err, c.want)
		}
	}
}
