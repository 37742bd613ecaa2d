package desk

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kouan/declarations"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Codes of faults about people who sign in by password.
const (
	CodeUserName        = "USR-1001" // no name to sign in with; args: value
	CodeUserTaken       = "USR-1002" // the name is taken; args: value
	CodeUserRole        = "USR-1003" // no role of people; args: value, known
	CodeUserBody        = "USR-1004" // a collector of no known body, or a body for another role; args: value, known
	CodePasswordShort   = "USR-1005" // args: limit
	CodePasswordLong    = "USR-1006" // args: limit
	CodePasswordCommon  = "USR-1007"
	CodePasswordContext = "USR-1008"
	CodePasswordWrong   = "USR-1009" // the present one
	CodePasswordTwice   = "USR-1010" // the two entries differ
	CodePasswordSame    = "USR-1011" // the new one is the present one
	CodeUserDisplay     = "USR-1012" // no name to be shown
)

// NewUser is a person who shall be able to sign in.
type NewUser struct {
	Name, Display string
	Role          auth.Role
	Body          string // of a collector
	Partner       string // whose work it is; empty: nobody's
}

// linkLifeUser is how long a person can choose a password by a link.
const linkLifeUser = 72 * time.Hour

var userName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,63}$`)

// AddUser makes a person without a password, and the token of the link by
// which he chooses one. It is told this once.
func (d *Desk) AddUser(ctx context.Context, actor string, u NewUser) (token string, err error) {
	name := signInName(u.Name)
	var faults []declarations.Fault
	fault := func(code, path string, pairs ...string) {
		args := map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			args[pairs[i]] = pairs[i+1]
		}
		faults = append(faults, declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: args})
	}
	if !userName.MatchString(name) {
		fault(CodeUserName, "name", "value", u.Name)
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(u.Display)); n == 0 || n > 100 || strings.IndexFunc(u.Display, unicode.IsControl) >= 0 {
		fault(CodeUserDisplay, "display")
	}
	if !slices.Contains(auth.People, u.Role) {
		fault(CodeUserRole, "role", "value", string(u.Role), "known", roleNames())
	}
	bodies, err := d.FeeBodies(ctx)
	if err != nil {
		return "", err
	}
	if (u.Role == auth.Collector) != slices.Contains(bodies, u.Body) && (u.Role == auth.Collector || u.Body != "") {
		fault(CodeUserBody, "body", "value", u.Body, "known", strings.Join(bodies, ", "))
	}
	if len(faults) > 0 {
		return "", &FaultsError{faults}
	}
	if u.Partner != "" {
		if _, err := d.Store.Partner(ctx, u.Partner); err != nil {
			return "", fmt.Errorf("partner of the user: %w", err)
		}
	}
	row := &store.User{ID: d.NewID(), Name: name, Display: strings.TrimSpace(u.Display), Role: string(u.Role), Body: u.Body, PartnerID: u.Partner, State: userActive,
		CreatedAt: d.now(), UpdatedAt: d.now()}
	token, link, err := d.userLink(row.ID)
	if err != nil {
		return "", err
	}
	err = d.write(ctx, store.Change{People: &store.UserChange{User: row, Links: []store.UserLink{link}},
		Audit: []store.AuditEntry{d.audit(actor, "user.add", "", row.ID, digest([]byte(name+"\n"+row.Role+"\n"+row.Body)))}})
	if store.IsConflict(err, "user") {
		fault(CodeUserTaken, "name", "value", name)
		return "", &FaultsError{faults}
	}
	return token, err
}

// The states of people.
const (
	userActive   = "active"
	userDisabled = "disabled"
)

func roleNames() string {
	names := make([]string, len(auth.People))
	for i, r := range auth.People {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// signInName is the form of a name that is compared.
func signInName(name string) string {
	return strings.ToLower(strings.TrimSpace(norm.NFKC.String(name)))
}

func (d *Desk) userLink(userID string) (token string, link store.UserLink, err error) {
	token, hash, err := d.token()
	return token, store.UserLink{Hash: hash, UserID: userID, ExpiresAt: d.Clock().Add(linkLifeUser).UnixMilli(), CreatedAt: d.now()}, err
}

// RenewUserLink makes a new link for a person, who has forgotten his password
// or never used the first one. Links from before end; the password stays until
// the link is used.
func (d *Desk) RenewUserLink(ctx context.Context, actor, name string) (token string, err error) {
	u, err := d.Store.UserByName(ctx, signInName(name))
	if err != nil {
		return "", err
	}
	token, link, err := d.userLink(u.ID)
	if err != nil {
		return "", err
	}
	return token, d.write(ctx, store.Change{People: &store.UserChange{VoidLinks: u.ID, Links: []store.UserLink{link}},
		Audit: []store.AuditEntry{d.audit(actor, "user.link", "", u.ID, "")}})
}

// DisableUser keeps a person out from now on: his sessions end, his links too.
func (d *Desk) DisableUser(ctx context.Context, actor, name string) error {
	return d.changeUser(ctx, name, func(u *store.User, c *store.Change) {
		u.State, u.Password = userDisabled, ""
		c.People.VoidLinks = u.ID
		c.People.Ends = []store.SessionEnd{{UserID: u.ID, At: d.now(), Why: "disabled"}}
		c.Audit = append(c.Audit, d.audit(actor, "user.disable", "", u.ID, ""))
	})
}

// EndUserSessions signs a person out everywhere.
func (d *Desk) EndUserSessions(ctx context.Context, actor, name string) error {
	u, err := d.Store.UserByName(ctx, signInName(name))
	if err != nil {
		return err
	}
	return d.write(ctx, store.Change{People: &store.UserChange{Ends: []store.SessionEnd{{UserID: u.ID, At: d.now(), Why: "operator"}}},
		Audit: []store.AuditEntry{d.audit(actor, "user.sessions", "", u.ID, "")}})
}

// changeUser writes a change of a person, and reads him again when another
// writer was first.
func (d *Desk) changeUser(ctx context.Context, name string, change func(*store.User, *store.Change)) error {
	for range versionRetries {
		u, err := d.Store.UserByName(ctx, signInName(name))
		if err != nil {
			return err
		}
		u.UpdatedAt = d.now()
		c := store.Change{People: &store.UserChange{User: &u}}
		change(&u, &c)
		if err := d.write(ctx, c); !store.IsConflict(err, "user") {
			return err
		}
	}
	return fmt.Errorf("user %.40q: too many writers at once: %w", name, store.ErrUnavailable)
}

// Users lists all people.
func (d *Desk) Users(ctx context.Context) ([]store.User, error) { return d.Store.Users(ctx) }

// UserSessions lists a person's newest sessions.
func (d *Desk) UserSessions(ctx context.Context, name string) ([]store.UserSession, error) {
	u, err := d.Store.UserByName(ctx, signInName(name))
	if err != nil {
		return nil, err
	}
	return d.Store.UserSessions(ctx, u.ID)
}

// SessionOpen reports whether a session lets its person in at an instant.
func SessionOpen(s *store.UserSession, now time.Time) bool {
	at := now.UnixMilli()
	return s.EndedAt == 0 && at < s.ExpiresAt && at < s.SeenAt+sessionIdle.Milliseconds()
}
