package store

import (
	"context"
	"fmt"
)

// TerminalState says what became of a message that was unmatched.
type TerminalState struct{ ID, State, Reason string }

// LinkUse is the one use of an answer link.
type LinkUse struct {
	Hash string
	At   int64
}

const (
	terminalMessageColumns = `id, identity, source, format, state, reason, notice, file_name, content_type, sha256, body, answer, copies, at`
	capabilityColumns      = `terminal, class, valid_from, document, updated_at`
	placeAliasColumns      = `alias, terminal, updated_at`
	boxPlaceColumns        = `container, terminal, yard_place, source, at, heard_at`
	answerLinkColumns      = `hash, notice_id, terminal, content, expires_at, used_at, created_at`
)

const (
	readTerminalMessage = `
SELECT id, identity, source, format, state, reason, notice, file_name, content_type, sha256, body, answer, copies, at
FROM terminal_messages
`
	readCapability = `
SELECT terminal, class, valid_from, document, updated_at
FROM capabilities
`
	readBoxPlace = `
SELECT container, terminal, yard_place, source, at, heard_at
FROM box_places
`
)

var (
	insertTerminalMessage = newInsert("terminal_messages", terminalMessageColumns)
	insertAnswerLink      = newInsert("answer_links", answerLinkColumns)
)

// alterTerminals does what a change does to messages and links that are there.
func (t tx) alterTerminals(ctx context.Context, c *Change) error {
	for _, s := range c.TerminalStates {
		if err := t.one(ctx, "terminal_messages", &ConflictError{On: "terminal_message"}, `
UPDATE terminal_messages
SET state = ?, reason = ?
WHERE id = ? AND state = 'unmatched'`, s.State, s.Reason, s.ID); err != nil {
			return err
		}
	}
	for _, identity := range c.TerminalCopies {
		if err := t.one(ctx, "terminal_messages", fmt.Errorf("terminal message %.80q: %w", identity, ErrNotFound), `
UPDATE terminal_messages
SET copies = copies + 1
WHERE identity = ?`, identity); err != nil {
			return err
		}
	}
	if u := c.UseLink; u != nil {
		return t.one(ctx, "answer_links", &ConflictError{On: "link"}, `
UPDATE answer_links
SET used_at = ?
WHERE hash = ? AND used_at = 0 AND expires_at > ?`, u.At, u.Hash, u.At)
	}
	return nil
}

// TerminalMessageByIdentity reads the message of which a copy came.
func (s *Store) TerminalMessageByIdentity(ctx context.Context, identity string) (TerminalMessage, error) {
	var m TerminalMessage
	err := s.get(ctx, &m, readTerminalMessage+`WHERE identity = ?`, identity)
	return m, s.readError(err, "terminal message %.80q", identity)
}

// TerminalMessage reads a message of a partner; another's does not exist.
func (s *Store) TerminalMessage(ctx context.Context, source, id string) (TerminalMessage, error) {
	var m TerminalMessage
	err := s.get(ctx, &m, readTerminalMessage+`WHERE id = ? AND source = ?`, id, source)
	return m, s.readError(err, "terminal message %.40q", id)
}

const (
	unmatchedTerminal = readTerminalMessage + `WHERE state = 'unmatched' AND notice = ?
ORDER BY id
LIMIT 1000`
	allUnmatchedTerminal = readTerminalMessage + `WHERE state = 'unmatched'
ORDER BY id
LIMIT 1000`
)

// UnmatchedTerminalMessages reads the messages that wait for a notice, with
// their bytes, oldest first, at most 1000; an empty number asks for those of
// every notice, and those that name none.
func (s *Store) UnmatchedTerminalMessages(ctx context.Context, noticeNumber string) ([]TerminalMessage, error) {
	var rows []TerminalMessage
	var err error
	if noticeNumber == "" {
		err = s.all(ctx, &rows, allUnmatchedTerminal)
	} else {
		err = s.all(ctx, &rows, unmatchedTerminal, noticeNumber)
	}
	return rows, s.readError(err, "unmatched messages of terminals")
}

// Capabilities reads the rows of a terminal and class, the newest first.
func (s *Store) Capabilities(ctx context.Context, terminal, class string) ([]Capability, error) {
	var rows []Capability
	err := s.all(ctx, &rows, readCapability+`WHERE terminal = ? AND class = ?
ORDER BY valid_from DESC`, terminal, class)
	return rows, s.readError(err, "capabilities of %.40q", terminal)
}

// AllCapabilities reads the whole table, by terminal and class, newest first.
func (s *Store) AllCapabilities(ctx context.Context) ([]Capability, error) {
	var rows []Capability
	err := s.all(ctx, &rows, readCapability+`ORDER BY terminal, class, valid_from DESC`)
	return rows, s.readError(err, "capabilities")
}

// PlaceAlias reads what a free text means.
func (s *Store) PlaceAlias(ctx context.Context, alias string) (PlaceAlias, error) {
	var a PlaceAlias
	err := s.get(ctx, &a, `
SELECT alias, terminal, updated_at
FROM place_aliases
WHERE alias = ?`, alias)
	return a, s.readError(err, "place %.80q", alias)
}

// PlaceAliases lists all of them.
func (s *Store) PlaceAliases(ctx context.Context) ([]PlaceAlias, error) {
	var rows []PlaceAlias
	err := s.all(ctx, &rows, `
SELECT alias, terminal, updated_at
FROM place_aliases
ORDER BY alias`)
	return rows, s.readError(err, "places")
}

// BoxPlaceOf reads where a container was last.
func (s *Store) BoxPlaceOf(ctx context.Context, container string) (BoxPlace, error) {
	var p BoxPlace
	err := s.get(ctx, &p, readBoxPlace+`WHERE container = ?`, container)
	return p, s.readError(err, "place of container %.80q", container)
}

const boxesAt = readBoxPlace + `WHERE terminal = ? AND container > ?
ORDER BY container
LIMIT ?`

// BoxesAt pages through the containers at a terminal, behind a number.
func (s *Store) BoxesAt(ctx context.Context, terminal, after string, limit int) ([]BoxPlace, error) {
	var rows []BoxPlace
	err := s.all(ctx, &rows, boxesAt, terminal, after, bounded(limit, 100, 1000))
	return rows, s.readError(err, "boxes at %.40q", terminal)
}

// AnswerLink reads a link by the hash of its token, a used or expired one too.
func (s *Store) AnswerLink(ctx context.Context, hash string) (AnswerLink, error) {
	var l AnswerLink
	err := s.get(ctx, &l, `
SELECT hash, notice_id, terminal, content, expires_at, used_at, created_at
FROM answer_links
WHERE hash = ?`, hash)
	return l, s.readError(err, "answer link")
}

func (v *checker) terminals(c *Change) {
	for i := range c.TerminalMessages {
		m := &c.TerminalMessages[i]
		v.ids("terminal_messages", m.ID, m.Source)
		v.text("terminal_messages.identity", m.Identity, 600)
		v.text("terminal_messages.format", m.Format, 16)
		v.among("terminal_messages.state", m.State, "matched", "unmatched", "refused")
		v.text("terminal_messages.reason", m.Reason, 1000)
		v.text("terminal_messages.notice", m.Notice, 64)
		v.text("terminal_messages.file_name", m.FileName, 255)
		v.text("terminal_messages.content_type", m.ContentType, 255)
		v.text("terminal_messages.sha256", m.SHA256, 64)
	}
	for _, s := range c.TerminalStates {
		v.among("terminal_messages.state", s.State, "matched", "unmatched", "refused")
		v.text("terminal_messages.reason", s.Reason, 1000)
	}
	for i := range c.Capabilities {
		p := &c.Capabilities[i]
		v.ids("capabilities", p.Terminal)
		v.text("capabilities.class", p.Class, 32)
		v.text("capabilities.valid_from", p.ValidFrom, 10)
	}
	for _, a := range c.PlaceAliases {
		v.text("place_aliases.alias", a.Alias, 255)
		v.text("place_aliases.terminal", a.Terminal, 36)
	}
	for _, p := range c.BoxPlaces {
		v.text("box_places.container", p.Container, 64)
		v.text("box_places.terminal", p.Terminal, 36)
		v.text("box_places.yard_place", p.YardPlace, 255)
		v.text("box_places.source", p.Source, 36)
	}
	for _, l := range c.AnswerLinks {
		v.ids("answer_links", l.NoticeID)
		v.text("answer_links.hash", l.Hash, 64)
		v.text("answer_links.terminal", l.Terminal, 36)
	}
}
