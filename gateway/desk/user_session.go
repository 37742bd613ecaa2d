package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// How long a person is signed in: a shift, and an hour without doing anything.
const (
	sessionLife = 8 * time.Hour
	sessionIdle = time.Hour
	seenEvery   = time.Minute // how exactly the use of a session is noted
)

// What a sign-in may try. A name may be tried ten times in a quarter of an
// hour, an address sixty times: more than a person who mistypes, too few to
// guess. After a hundred wrong passwords in a row (NIST SP 800-63B-4 section
// 3.2.2) the password no longer opens: a new link does.
const (
	signInWindow  = 15 * time.Minute
	signInAccount = 10
	signInAddress = 60
	signInFailed  = 100
)

// ErrSignIn says that name and password do not belong together: the name is
// unknown, the password wrong, none was chosen, or the person is disabled.
var ErrSignIn = errors.New("name or password is wrong")

// SignIn is one try.
type SignIn struct {
	Name, Password string
	Address        string // of the caller
	Before         string // token of the session that the browser has; it ends
}

// SignedIn is a new session. The token is told this once.
type SignedIn struct {
	Token string
	Until time.Time
}

func (d *Desk) passwords() *auth.Passwords {
	if d.Passwords == nil {
		return standardPasswords
	}
	return d.Passwords
}

// standardPasswords is one for the process: its places bound the memory.
var standardPasswords = &auth.Passwords{}

// accountTries are the tries of a name; of one that nobody has as well, so
// that the answer does not tell which names there are.
func (d *Desk) accountTries(name string) store.Throttle {
	return store.Throttle{Name: "sign-in/name/" + digest([]byte(name))[:40], At: d.now(), Window: signInWindow.Milliseconds(), Most: signInAccount}
}

// SignIn opens a session for a person. Errors: ErrSignIn, *TooOftenError,
// store.ErrUnavailable (too many sign-ins at once, or the database). What a
// stranger can tell of a name is the same whether somebody has it or not: the
// words, the writes, and the work of a hash.
func (d *Desk) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	name := signInName(in.Name)
	address, err := d.addressName(in.Address)
	if err != nil {
		return SignedIn{}, err
	}
	account := d.accountTries(name)
	from := store.Throttle{Name: "sign-in/from/" + address, At: d.now(), Window: signInWindow.Milliseconds(), Most: signInAddress}
	err = d.write(ctx, store.Change{Throttles: []store.Throttle{account, from}}) // counted before it is known how it ends
	switch {
	case store.IsConflict(err, "throttle"):
		return SignedIn{}, d.tooOften(ctx, account, from)
	case err != nil:
		return SignedIn{}, fmt.Errorf("count sign-in: %w", err)
	}
	for range versionRetries {
		out, err := d.signIn(ctx, &in, name, &account)
		if !store.IsConflict(err, "user") {
			return out, err
		}
	}
	return SignedIn{}, fmt.Errorf("sign in: too many writers at once: %w", store.ErrUnavailable)
}

func (d *Desk) signIn(ctx context.Context, in *SignIn, name string, account *store.Throttle) (SignedIn, error) {
	u, err := d.Store.UserByName(ctx, name)
	if err != nil && !isNotFound(err) {
		return SignedIn{}, fmt.Errorf("look up user: %w", err)
	}
	stored := u.Password
	if u.State != userActive || u.Failures >= signInFailed {
		stored = ""
	}
	ok, again, err := d.passwords().Check(ctx, stored, in.Password)
	switch {
	case errors.Is(err, auth.ErrBusy):
		return SignedIn{}, fmt.Errorf("%w: %w", err, store.ErrUnavailable)
	case err != nil:
		return SignedIn{}, fmt.Errorf("check password: %w", err)
	case !ok:
		failed := u.ID
		if failed == "" {
			failed = "nobody" // writes as much, changes nothing
		}
		if err := d.write(ctx, store.Change{People: &store.UserChange{Failed: failed},
			Audit: []store.AuditEntry{d.audit("sign-in", "user.refused", "", "name/"+digest([]byte(name))[:16], "")}}); err != nil {
			return SignedIn{}, fmt.Errorf("note refused sign-in: %w", err)
		}
		return SignedIn{}, ErrSignIn
	}
	out, session, err := d.newSession(u.ID)
	if err != nil {
		return SignedIn{}, err
	}
	u.Failures, u.UpdatedAt = 0, d.now()
	if again {
		if u.Password, err = d.passwords().Hash(ctx, d.random(), in.Password); err != nil {
			return SignedIn{}, fmt.Errorf("hash password anew: %w", err)
		}
	}
	// The person's row is written with the session, under the version that was
	// read: who was disabled meanwhile does not come in.
	c := store.Change{People: &store.UserChange{User: &u, Sessions: []store.UserSession{session}}, Unthrottle: []string{account.Name},
		Audit: []store.AuditEntry{d.audit(u.ID, "user.sign_in", "", u.ID, "")}}
	if in.Before != "" {
		c.People.Ends = []store.SessionEnd{{Hash: digest([]byte(in.Before)), At: d.now(), Why: "again"}}
	}
	return out, d.write(ctx, c)
}

func (d *Desk) newSession(userID string) (SignedIn, store.UserSession, error) {
	token, hash, err := d.token()
	if err != nil {
		return SignedIn{}, store.UserSession{}, err
	}
	now := d.Clock()
	until := now.Add(sessionLife)
	return SignedIn{token, until}, store.UserSession{Hash: hash, UserID: userID, CreatedAt: now.UnixMilli(), SeenAt: now.UnixMilli(), ExpiresAt: until.UnixMilli()}, nil
}

// Session is who a token of a session stands for, and how he is called.
// auth.ErrDenied: nobody, or no longer. It is asked of the store each time, so
// what ends a session ends it at once, everywhere.
func (d *Desk) Session(ctx context.Context, token string) (auth.Principal, string, error) {
	if len(token) != tokenLength {
		return auth.Principal{}, "", auth.ErrDenied
	}
	hash := digest([]byte(token))
	s, err := d.Store.UserSession(ctx, hash)
	if isNotFound(err) || err == nil && !SessionOpen(&s, d.Clock()) {
		return auth.Principal{}, "", auth.ErrDenied
	}
	if err != nil {
		return auth.Principal{}, "", fmt.Errorf("look up session: %w", err)
	}
	u, err := d.Store.User(ctx, s.UserID)
	if isNotFound(err) || err == nil && u.State != userActive {
		return auth.Principal{}, "", auth.ErrDenied
	}
	if err != nil {
		return auth.Principal{}, "", fmt.Errorf("look up user of session: %w", err)
	}
	if now := d.now(); now-s.SeenAt >= seenEvery.Milliseconds() {
		if err := d.write(ctx, store.Change{People: &store.UserChange{Seen: &store.SessionSeen{Hash: hash, At: now}}}); err != nil {
			d.Logger.WarnContext(ctx, "use of a session not noted", "error", err) // it ends sooner, nothing else
		}
	}
	return auth.Principal{PartnerID: u.PartnerID, KeyID: u.ID, Role: auth.Role(u.Role), User: u.ID, Body: u.Body}, u.Display, nil
}

// SignOut ends a session.
func (d *Desk) SignOut(ctx context.Context, token string) error {
	return d.write(ctx, store.Change{People: &store.UserChange{Ends: []store.SessionEnd{{Hash: digest([]byte(token)), At: d.now(), Why: "signed_out"}}}})
}
