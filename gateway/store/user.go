package store

import (
	"context"
	"fmt"
)

// User is a person who signs in by password.
type User struct {
	ID         string `db:"id"`
	Name       string `db:"name"`       // to sign in with; unique, lower case
	Display    string `db:"display"`    // as it is shown
	Role       string `db:"role"`       // authority, collector, operator
	Body       string `db:"body"`       // of a collector: the charging body; else empty
	PartnerID  string `db:"partner_id"` // whose work the person does; empty: nobody's
	Password   string `db:"password"`   // hash in PHC form; empty: none was chosen yet
	State      string `db:"state"`      // active, disabled
	Failures   int64  `db:"failures"`   // wrong passwords in a row
	Version    int64  `db:"version"`    // in a Change: 0 a new row, else the version that was read
	CreatedAt  int64  `db:"created_at"`
	UpdatedAt  int64  `db:"updated_at"`
	PasswordAt int64  `db:"password_at"` // when it was chosen; 0 never
}

// UserSession is one sign-in of a person.
type UserSession struct {
	Hash      string `db:"hash"` // SHA-256 of the token, hex
	UserID    string `db:"user_id"`
	CreatedAt int64  `db:"created_at"`
	SeenAt    int64  `db:"seen_at"`    // last use, to the minute
	ExpiresAt int64  `db:"expires_at"` // whatever is done with it
	EndedAt   int64  `db:"ended_at"`   // 0: not ended by anybody
	Why       string `db:"why"`        // signed_out, again, password, disabled, operator
}

// UserLink lets a person choose a password once.
type UserLink struct {
	Hash      string `db:"hash"` // SHA-256 of the token, hex
	UserID    string `db:"user_id"`
	ExpiresAt int64  `db:"expires_at"`
	UsedAt    int64  `db:"used_at"`
	CreatedAt int64  `db:"created_at"`
}

// SessionEnd ends one session by its hash, or all of a person but one.
type SessionEnd struct {
	Hash, UserID, Except string
	At                   int64
	Why                  string
}

// SessionSeen notes that a session is in use.
type SessionSeen struct {
	Hash string
	At   int64
}

// UserLinkUse is the one use of a link.
type UserLinkUse struct {
	Hash string
	At   int64
}

// UserChange is what an act does to a person's account.
type UserChange struct {
	User      *User         // Version 0: a new one, a taken name is a conflict on "user"; else that when it is not the newest
	Failed    string        // id of a user whose password was wrong once more; an unknown id changes nothing
	Cleared   string        // id of a user whose password was right
	VoidLinks string        // id of a user whose unused links end
	UseLink   *UserLinkUse  // only while it is unused and not expired, else a conflict on "user_link"
	Links     []UserLink    // new
	Sessions  []UserSession // new
	Seen      *SessionSeen
	Ends      []SessionEnd
	At        int64 // when
}

const (
	userColumns        = `id, name, display, role, body, partner_id, password, state, failures, version, created_at, updated_at, password_at`
	userSessionColumns = `hash, user_id, created_at, seen_at, expires_at, ended_at, why`
	userLinkColumns    = `hash, user_id, expires_at, used_at, created_at`
)

var (
	insertUser        = newInsert("users", userColumns)
	insertUserSession = newInsert("user_sessions", userSessionColumns)
	insertUserLink    = newInsert("user_links", userLinkColumns)
)

func (t tx) alterUser(ctx context.Context, c *UserChange) error {
	if c == nil {
		return nil
	}
	if u := c.UseLink; u != nil {
		if err := t.one(ctx, "user_links", &ConflictError{On: "user_link"}, `
UPDATE user_links
SET used_at = ?
WHERE hash = ? AND used_at = 0 AND expires_at > ?`, u.At, u.Hash, u.At); err != nil {
			return err
		}
	}
	if c.User != nil {
		if err := t.writeUser(ctx, c.User); err != nil {
			return err
		}
	}
	for _, each := range []struct{ id, query string }{
		{c.Failed, `UPDATE users SET failures = failures + 1 WHERE id = ?`},
		{c.Cleared, `UPDATE users SET failures = 0 WHERE id = ?`},
		{c.VoidLinks, `DELETE FROM user_links WHERE user_id = ? AND used_at = 0`},
	} {
		if each.id == "" {
			continue
		}
		if _, err := t.exec(ctx, each.query, each.id); err != nil {
			return fmt.Errorf("update user: %w", t.s.d.rowError(err, "users"))
		}
	}
	if err := t.endSessions(ctx, c); err != nil {
		return err
	}
	links, sessions := insertUserLink.rows(), insertUserSession.rows()
	for i := range c.Links {
		l := &c.Links[i]
		links.add(256, l.Hash, l.UserID, l.ExpiresAt, l.UsedAt, l.CreatedAt)
	}
	for i := range c.Sessions {
		s := &c.Sessions[i]
		sessions.add(256, s.Hash, s.UserID, s.CreatedAt, s.SeenAt, s.ExpiresAt, s.EndedAt, s.Why)
	}
	if err := t.insert(ctx, links); err != nil {
		return err
	}
	return t.insert(ctx, sessions)
}

// endSessions comes before new ones, so that a sign-in ends the one before it.
// A session that is over already stays as it is.
func (t tx) endSessions(ctx context.Context, c *UserChange) error {
	for _, e := range c.Ends {
		query, args := `
UPDATE user_sessions
SET ended_at = ?, why = ?
WHERE user_id = ? AND hash <> ? AND ended_at = 0`, []any{e.At, e.Why, e.UserID, e.Except}
		if e.Hash != "" {
			query, args = `
UPDATE user_sessions
SET ended_at = ?, why = ?
WHERE hash = ? AND ended_at = 0`, []any{e.At, e.Why, e.Hash}
		}
		if _, err := t.exec(ctx, query, args...); err != nil {
			return fmt.Errorf("end session: %w", t.s.d.rowError(err, "user_sessions"))
		}
	}
	if s := c.Seen; s != nil {
		if _, err := t.exec(ctx, `
UPDATE user_sessions
SET seen_at = ?
WHERE hash = ? AND ended_at = 0 AND seen_at < ?`, s.At, s.Hash, s.At); err != nil {
			return fmt.Errorf("see session: %w", t.s.d.rowError(err, "user_sessions"))
		}
	}
	return nil
}

func (t tx) writeUser(ctx context.Context, u *User) error {
	if u.Version == 0 {
		r := insertUser.rows()
		r.add(1024, u.ID, u.Name, u.Display, u.Role, u.Body, u.PartnerID, u.Password, u.State, u.Failures, 1, u.CreatedAt, u.UpdatedAt, u.PasswordAt)
		return t.insert(ctx, r)
	}
	return t.one(ctx, "users", &ConflictError{On: "user"}, `
UPDATE users
SET display = ?, role = ?, body = ?, partner_id = ?, password = ?, state = ?, failures = ?, version = version + 1, updated_at = ?, password_at = ?
WHERE id = ? AND version = ?`,
		u.Display, u.Role, u.Body, u.PartnerID, u.Password, u.State, u.Failures, u.UpdatedAt, u.PasswordAt, u.ID, u.Version)
}

const readUser = `
SELECT id, name, display, role, body, partner_id, password, state, failures, version, created_at, updated_at, password_at
FROM users
`

// Users lists all people by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	var rows []User
	err := s.all(ctx, &rows, readUser+`ORDER BY name`)
	return rows, s.readError(err, "list users")
}

// UserByName reads a person by what he signs in with.
func (s *Store) UserByName(ctx context.Context, name string) (User, error) {
	var u User
	err := s.get(ctx, &u, readUser+`WHERE name = ?`, name)
	return u, s.readError(err, "user %.80q", name)
}

// User reads a person.
func (s *Store) User(ctx context.Context, id string) (User, error) {
	var u User
	err := s.get(ctx, &u, readUser+`WHERE id = ?`, id)
	return u, s.readError(err, "user %.40q", id)
}

const readUserSession = `
SELECT hash, user_id, created_at, seen_at, expires_at, ended_at, why
FROM user_sessions
`

// UserSession reads a session by the hash of its token, an ended one too.
func (s *Store) UserSession(ctx context.Context, hash string) (UserSession, error) {
	var u UserSession
	err := s.get(ctx, &u, readUserSession+`WHERE hash = ?`, hash)
	return u, s.readError(err, "session")
}

const userSessionsOf = readUserSession + `WHERE user_id = ?
ORDER BY created_at DESC
LIMIT 100`

// UserSessions lists a person's newest sessions, ended ones too.
func (s *Store) UserSessions(ctx context.Context, userID string) ([]UserSession, error) {
	var rows []UserSession
	err := s.all(ctx, &rows, userSessionsOf, userID)
	return rows, s.readError(err, "sessions of %.40q", userID)
}

// UserLink reads a link by the hash of its token, a used or expired one too.
func (s *Store) UserLink(ctx context.Context, hash string) (UserLink, error) {
	var l UserLink
	err := s.get(ctx, &l, `
SELECT hash, user_id, expires_at, used_at, created_at
FROM user_links
WHERE hash = ?`, hash)
	return l, s.readError(err, "link")
}

func (v *checker) user(c *UserChange) {
	if c == nil {
		return
	}
	if u := c.User; u != nil {
		v.ids("users", u.ID)
		v.text("users.name", u.Name, 64)
		v.text("users.display", u.Display, 200)
		v.among("users.role", u.Role, "authority", "collector", "operator")
		v.text("users.body", u.Body, 128)
		v.text("users.partner_id", u.PartnerID, 36)
		v.text("users.password", u.Password, 255)
		v.among("users.state", u.State, "active", "disabled")
	}
	for i := range c.Sessions {
		v.ids("user_sessions", c.Sessions[i].UserID)
		v.text("user_sessions.hash", c.Sessions[i].Hash, 64)
	}
	for i := range c.Links {
		v.ids("user_links", c.Links[i].UserID)
		v.text("user_links.hash", c.Links[i].Hash, 64)
	}
	for i := range c.Ends {
		v.text("user_sessions.why", c.Ends[i].Why, 16)
	}
}
