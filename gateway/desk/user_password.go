package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// passwordFault is what is wrong with a new password; nil: nothing.
func passwordFault(path, password string, u *store.User) *declarations.Fault {
	f := &declarations.Fault{Severity: declarations.Reject, Path: path, Args: map[string]string{}}
	switch auth.JudgePassword(password, u.Name, u.Display, u.Body) {
	case auth.PasswordShort:
		f.Code, f.Args["limit"] = CodePasswordShort, strconv.Itoa(auth.LeastPassword)
	case auth.PasswordLong:
		f.Code, f.Args["limit"] = CodePasswordLong, strconv.Itoa(auth.MostPassword)
	case auth.PasswordCommon:
		f.Code = CodePasswordCommon
	case auth.PasswordContext:
		f.Code = CodePasswordContext
	default:
		return nil
	}
	return f
}

// userOfLink finds whose link a token is, while it can be used. One that never
// was, a used and an expired one look the same: store.ErrNotFound.
func (d *Desk) userOfLink(ctx context.Context, token string) (store.User, string, error) {
	if len(token) != tokenLength {
		return store.User{}, "", fmt.Errorf("link of a user: %w", store.ErrNotFound)
	}
	hash := digest([]byte(token))
	l, err := d.Store.UserLink(ctx, hash)
	if err != nil {
		return store.User{}, "", err
	}
	u, err := d.Store.User(ctx, l.UserID)
	if err == nil && (l.UsedAt != 0 || l.ExpiresAt <= d.now() || u.State != userActive) {
		err = fmt.Errorf("link of a user: %w", store.ErrNotFound)
	}
	return u, hash, err
}

// PasswordLink says whom a link is for, and changes nothing.
func (d *Desk) PasswordLink(ctx context.Context, token string) (store.User, error) {
	u, _, err := d.userOfLink(ctx, token)
	return u, err
}

// SetPassword chooses a password by a link, which is used up by it. All
// sessions of the person end.
func (d *Desk) SetPassword(ctx context.Context, token, password, repeated string) error {
	u, hash, err := d.userOfLink(ctx, token)
	if err != nil {
		return err
	}
	if err := judgeTwice(password, repeated, &u); err != nil {
		return err
	}
	if err := d.newPassword(ctx, &u, password); err != nil {
		return err
	}
	now := d.now()
	err = d.write(ctx, store.Change{People: &store.UserChange{User: &u, UseLink: &store.UserLinkUse{Hash: hash, At: now}, VoidLinks: u.ID,
		Ends: []store.SessionEnd{{UserID: u.ID, At: now, Why: "password"}}}, Unthrottle: []string{d.accountTries(u.Name).Name},
		Audit: []store.AuditEntry{d.audit(u.ID, "user.password", "", u.ID, "")}})
	if store.IsConflict(err, "user_link", "user") {
		return fmt.Errorf("link of a user: %w", store.ErrNotFound) // somebody was first
	}
	return err
}

func judgeTwice(password, repeated string, u *store.User) error {
	var faults []declarations.Fault
	if f := passwordFault("password", password, u); f != nil {
		faults = append(faults, *f)
	}
	if password != repeated {
		faults = append(faults, declarations.Fault{Code: CodePasswordTwice, Severity: declarations.Reject, Path: "repeated"})
	}
	if len(faults) > 0 {
		return &FaultsError{faults}
	}
	return nil
}

func (d *Desk) newPassword(ctx context.Context, u *store.User, password string) error {
	hash, err := d.passwords().Hash(ctx, d.random(), password)
	if errors.Is(err, auth.ErrBusy) {
		return fmt.Errorf("%w: %w", err, store.ErrUnavailable)
	}
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	u.Password, u.Failures, u.PasswordAt, u.UpdatedAt = hash, 0, d.now(), d.now()
	return nil
}

// ChangePassword replaces the password of who is signed in, who shows the
// present one. All his sessions end; the answer is a new one.
func (d *Desk) ChangePassword(ctx context.Context, p auth.Principal, present, password, repeated string) (SignedIn, error) {
	if p.User == "" {
		return SignedIn{}, fmt.Errorf("password of a key: %w", auth.ErrForbidden)
	}
	u, err := d.Store.User(ctx, p.User)
	if err != nil {
		return SignedIn{}, err
	}
	account := d.accountTries(u.Name)
	err = d.write(ctx, store.Change{Throttles: []store.Throttle{account}})
	if store.IsConflict(err, "throttle") {
		return SignedIn{}, d.tooOften(ctx, account)
	}
	if err != nil {
		return SignedIn{}, fmt.Errorf("count try: %w", err)
	}
	ok, _, err := d.passwords().Check(ctx, u.Password, present)
	switch {
	case errors.Is(err, auth.ErrBusy):
		return SignedIn{}, fmt.Errorf("%w: %w", err, store.ErrUnavailable)
	case err != nil:
		return SignedIn{}, fmt.Errorf("check password: %w", err)
	case !ok:
		return SignedIn{}, &FaultsError{[]declarations.Fault{{Code: CodePasswordWrong, Severity: declarations.Reject, Path: "present"}}}
	}
	if err := judgeTwice(password, repeated, &u); err != nil {
		return SignedIn{}, err
	}
	if password == present {
		return SignedIn{}, &FaultsError{[]declarations.Fault{{Code: CodePasswordSame, Severity: declarations.Reject, Path: "password"}}}
	}
	if err := d.newPassword(ctx, &u, password); err != nil {
		return SignedIn{}, err
	}
	out, session, err := d.newSession(u.ID)
	if err != nil {
		return SignedIn{}, err
	}
	err = d.write(ctx, store.Change{People: &store.UserChange{User: &u, VoidLinks: u.ID, Ends: []store.SessionEnd{{UserID: u.ID, At: d.now(), Why: "password"}},
		Sessions: []store.UserSession{session}}, Unthrottle: []string{account.Name}, Audit: []store.AuditEntry{d.audit(u.ID, "user.password", "", u.ID, "")}})
	if store.IsConflict(err, "user") {
		return SignedIn{}, fmt.Errorf("change password: %w", auth.ErrDenied) // disabled, or changed from elsewhere
	}
	return out, err
}
