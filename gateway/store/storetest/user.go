package storetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

func person(name string) *store.User {
	return &store.User{ID: ID(), Name: name, Display: "王", Role: "authority", Password: "$argon2id$x", State: "active", CreatedAt: now, UpdatedAt: now}
}

func people(t *testing.T, b *bundle) {
	u := person("wang")
	b.commit(t, store.Change{People: &store.UserChange{User: u}})
	wantConflict(t, "the name twice", b.Commit(t.Context(), store.Change{People: &store.UserChange{User: person("wang")}}), "user")
	collector := person("li")
	collector.Role = "collector"
	wantErr(t, "a collector of no body", b.Commit(t.Context(), store.Change{People: &store.UserChange{User: collector}}), store.ErrInvalid)

	b.commit(t, store.Change{People: &store.UserChange{Failed: u.ID}})
	b.commit(t, store.Change{People: &store.UserChange{Failed: u.ID}})
	b.commit(t, store.Change{People: &store.UserChange{Failed: "nobody"}})
	got, err := b.UserByName(t.Context(), "wang")
	if err != nil || got.Failures != 2 || got.Version != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	b.commit(t, store.Change{People: &store.UserChange{Cleared: u.ID}})
	next := got
	next.State, next.Failures = "disabled", 0
	b.commit(t, store.Change{People: &store.UserChange{User: &next}})
	wantConflict(t, "an old version", b.Commit(t.Context(), store.Change{People: &store.UserChange{User: &next}}), "user")
	got, err = b.User(t.Context(), u.ID)
	if err != nil || got.State != "disabled" || got.Failures != 0 || got.Version != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if all, err := b.Users(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("%d users, %v", len(all), err)
	}
}

func peopleSessions(t *testing.T, b *bundle) {
	u := person("wang")
	session := func(hash string) store.UserSession {
		return store.UserSession{Hash: hash, UserID: u.ID, CreatedAt: now, SeenAt: now, ExpiresAt: now + 1000}
	}
	b.commit(t, store.Change{People: &store.UserChange{User: u, Sessions: []store.UserSession{session("a"), session("b"), session("c")}}})
	b.commit(t, store.Change{People: &store.UserChange{Seen: &store.SessionSeen{Hash: "a", At: now + 60}}})
	b.commit(t, store.Change{People: &store.UserChange{Ends: []store.SessionEnd{{Hash: "b", At: now + 1, Why: "signed_out"}}}})
	b.commit(t, store.Change{People: &store.UserChange{Ends: []store.SessionEnd{{UserID: u.ID, Except: "a", At: now + 2, Why: "password"}}}})
	want := map[string]store.UserSession{}
	for hash, change := range map[string]func(*store.UserSession){
		"a": func(s *store.UserSession) { s.SeenAt = now + 60 },
		"b": func(s *store.UserSession) { s.EndedAt, s.Why = now+1, "signed_out" }, // not written over by the other end
		"c": func(s *store.UserSession) { s.EndedAt, s.Why = now+2, "password" },
	} {
		s := session(hash)
		change(&s)
		want[hash] = s
	}
	all, err := b.UserSessions(t.Context(), u.ID)
	got := map[string]store.UserSession{}
	for _, s := range all {
		got[s.Hash] = s
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	_, err = b.UserSession(t.Context(), "none")
	wantErr(t, "no session", err, store.ErrNotFound)

	link := store.UserLink{Hash: "l", UserID: u.ID, ExpiresAt: now + 100, CreatedAt: now}
	use := func(at int64) store.Change {
		return store.Change{People: &store.UserChange{UseLink: &store.UserLinkUse{Hash: "l", At: at}}}
	}
	b.commit(t, store.Change{People: &store.UserChange{Links: []store.UserLink{link}}})
	wantConflict(t, "an expired link", b.Commit(t.Context(), use(now+100)), "user_link")
	won := 0
	for _, err := range together(8, func(int) error { return b.Commit(t.Context(), use(now+5)) }) {
		if err == nil {
			won++
		}
	}
	if won != 1 {
		t.Errorf("a link was used %d times", won)
	}
}

// tries: more than may be in a window are refused whole, however many come at
// once; the next window begins anew, and forgetting begins it at once.
func tries(t *testing.T, b *bundle) {
	try := func(at int64) store.Change {
		return store.Change{Throttles: []store.Throttle{{Name: "t", At: at, Window: 1000, Most: 5}}}
	}
	passed := 0
	for _, err := range together(20, func(int) error { return b.Commit(t.Context(), try(now)) }) {
		switch {
		case err == nil:
			passed++
		case !store.IsConflict(err, "throttle"):
			t.Errorf("%v, want conflict on throttle", err)
		}
	}
	if passed != 5 {
		t.Errorf("%d of 20 passed, want 5", passed)
	}
	u := person("wang")
	c := try(now + 999)
	c.People = &store.UserChange{User: u}
	wantConflict(t, "a change with one try too many", b.Commit(t.Context(), c), "throttle")
	_, err := b.User(t.Context(), u.ID)
	wantErr(t, "what was refused with it", err, store.ErrNotFound)
	if until, err := b.ThrottledUntil(t.Context(), "t"); err != nil || until != now+1000 {
		t.Errorf("until %d, %v", until, err)
	}
	b.commit(t, try(now+1000))
	if until, err := b.ThrottledUntil(t.Context(), "t"); err != nil || until != now+2000 {
		t.Errorf("the next window is until %d, %v", until, err)
	}
	b.commit(t, store.Change{Unthrottle: []string{"t"}})
	if until, err := b.ThrottledUntil(t.Context(), "t"); err != nil || until != 0 {
		t.Errorf("forgotten: until %d, %v", until, err)
	}
}
