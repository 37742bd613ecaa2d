package store

import (
	"context"
	"fmt"
)

const (
	noticeColumns = `id, number, issued_by, terminal, tenant, declaration_id, entry_number, content, state, is_over, person, needs_person, overdue, visible, channel,
next_at, version, stamp, created_at, updated_at, delivered_at, accepted_at, locked_at, ready_at, started_at, finished_at, released_at, back_at, moves, boxes`
	noticeVersionColumns = `notice_id, number, document, sha256, source_id, at`
	noticeBoxColumns     = `notice_id, box, container, state, open_key`
	noticeEventColumns   = `notice_id, id, identity, kind, box, actor, source, source_id, refused, content_sha, content, occurred_at, heard_at`
	stampColumns         = `name, value`
)

const readNotice = `
SELECT n.id, n.number, n.issued_by, n.terminal, n.tenant, n.declaration_id, n.entry_number, n.content, n.state, n.is_over, n.person, n.overdue, n.visible,
  n.channel, n.next_at, n.version, n.stamp, n.created_at, n.updated_at, n.delivered_at, n.accepted_at, n.locked_at, n.ready_at, n.started_at,
  n.finished_at, n.released_at, n.back_at, n.moves, n.boxes
FROM notices AS n
`

var (
	insertNotice        = newInsert("notices", noticeColumns)
	insertNoticeVersion = newInsert("notice_versions", noticeVersionColumns)
	insertNoticeBox     = newInsert("notice_boxes", noticeBoxColumns)
	insertNoticeEvent   = newInsert("notice_events", noticeEventColumns)
)

// OpenBoxKey is the OpenKey of a box while its notice is open.
func OpenBoxKey(container, purpose string) string { return "open/" + purpose + "/" + container }

// ClosedBoxKey is the OpenKey of a box that may be in another notice, too:
// one that is over, or a lot of break-bulk, whose mark is nobody's own.
func ClosedBoxKey(noticeID, box string) string { return "closed/" + noticeID + "/" + box }

// noticeRows are the new rows of notices and of all around them in one batch.
type noticeRows struct {
	versions, events, messages, capabilities, aliases, places, links *rows
}

func newNoticeRows(d *dialect) *noticeRows {
	return &noticeRows{insertNoticeVersion.rows(), insertNoticeEvent.rows(), insertTerminalMessage.rows(),
		d.insertCapability.rows(), d.insertPlaceAlias.rows(), d.insertBoxPlace.rows(), insertAnswerLink.rows()}
}

func (r *noticeRows) list() []*rows {
	return []*rows{r.versions, r.events, r.messages, r.capabilities, r.aliases, r.places, r.links}
}

func (r *noticeRows) gather(c *Change) {
	for i := range c.NoticeVersions {
		n := &c.NoticeVersions[i]
		r.versions.add(len(n.Document)+256, n.NoticeID, n.Number, blob(n.Document), n.SHA256, n.SourceID, n.At)
	}
	for i := range c.NoticeEvents {
		e := &c.NoticeEvents[i]
		r.events.add(len(e.Content)+512, e.NoticeID, e.ID, e.Identity, e.Kind, e.Box, e.Actor, e.Source, e.SourceID, e.Refused, e.ContentSHA,
			blob(e.Content), e.OccurredAt, e.HeardAt)
	}
	for i := range c.TerminalMessages {
		m := &c.TerminalMessages[i]
		r.messages.add(len(m.Body)+len(m.Answer)+512, m.ID, m.Identity, m.Source, m.Format, m.State, m.Reason, m.Notice, m.FileName, m.ContentType,
			m.SHA256, blob(m.Body), blob(m.Answer), m.Copies, m.At)
	}
	for i := range c.Capabilities {
		p := &c.Capabilities[i]
		r.capabilities.add(len(p.Document)+256, p.Terminal, p.Class, p.ValidFrom, blob(p.Document), p.UpdatedAt)
	}
	for i := range c.PlaceAliases {
		a := &c.PlaceAliases[i]
		r.aliases.add(256, a.Alias, a.Terminal, a.UpdatedAt)
	}
	for i := range c.BoxPlaces {
		p := &c.BoxPlaces[i]
		r.places.add(256, p.Container, p.Terminal, p.YardPlace, p.Source, p.At, p.HeardAt)
	}
	for i := range c.AnswerLinks {
		l := &c.AnswerLinks[i]
		r.links.add(256, l.Hash, l.NoticeID, l.Terminal, l.Content, l.ExpiresAt, l.UsedAt, l.CreatedAt)
	}
}

// alterNotices does what a change does to notices, terminals and endpoints
// that are there; of the new rows those that may meet a row of the same key.
func (t tx) alterNotices(ctx context.Context, c *Change, lines *lineCounts) error {
	for i := range c.Notices {
		if err := t.writeNotice(ctx, &c.Notices[i]); err != nil {
			return err
		}
	}
	if err := t.writeBoxes(ctx, c.NoticeBoxes); err != nil {
		return err
	}
	if err := t.alterTerminals(ctx, c); err != nil {
		return err
	}
	for i := range c.Endpoints {
		if err := t.writeEndpoint(ctx, &c.Endpoints[i]); err != nil {
			return err
		}
	}
	if err := t.supersede(ctx, c, lines); err != nil {
		return err
	}
	for _, receiver := range c.ResetBreakers {
		if err := t.resetBreaker(ctx, receiver); err != nil {
			return err
		}
	}
	for i := range c.Attempts {
		if err := t.keepAttempt(ctx, &c.Attempts[i]); err != nil {
			return err
		}
	}
	return nil
}

// writeNotice takes the next stamp for a new row and for each change of one.
// The row of the counter stays locked until the commit, so that the stamps
// become visible in their order: who has read up to one misses nothing.
func (t tx) writeNotice(ctx context.Context, n *Notice) error {
	stamp, err := t.stamp(ctx, "notices")
	if err != nil {
		return err
	}
	if n.Version == 0 {
		r := insertNotice.rows()
		r.add(512, n.ID, n.Number, n.IssuedBy, n.Terminal, n.Tenant, n.DeclarationID, n.EntryNumber, n.Content, n.State, n.Over, n.Person, n.Person != "", n.Overdue,
			n.Visible, n.Channel, n.NextAt, 1, stamp, n.CreatedAt, n.UpdatedAt, n.DeliveredAt, n.AcceptedAt, n.LockedAt, n.ReadyAt, n.StartedAt,
			n.FinishedAt, n.ReleasedAt, n.BackAt, n.Moves, n.Boxes)
		return t.insert(ctx, r)
	}
	return t.one(ctx, "notices", &ConflictError{On: "notice"}, `
UPDATE notices
SET issued_by = ?, terminal = ?, tenant = ?, declaration_id = ?, entry_number = ?, content = ?, state = ?, is_over = ?, person = ?, needs_person = ?, overdue = ?, visible = ?,
  channel = ?, next_at = ?, version = version + 1, stamp = ?, updated_at = ?, delivered_at = ?, accepted_at = ?, locked_at = ?, ready_at = ?,
  started_at = ?, finished_at = ?, released_at = ?, back_at = ?, moves = ?, boxes = ?
WHERE id = ? AND version = ?`,
		n.IssuedBy, n.Terminal, n.Tenant, n.DeclarationID, n.EntryNumber, n.Content, n.State, n.Over, n.Person, n.Person != "", n.Overdue, n.Visible,
		n.Channel, n.NextAt, stamp, n.UpdatedAt, n.DeliveredAt, n.AcceptedAt, n.LockedAt, n.ReadyAt,
		n.StartedAt, n.FinishedAt, n.ReleasedAt, n.BackAt, n.Moves, n.Boxes, n.ID, n.Version)
}

// stamp is the next number of a counter.
func (t tx) stamp(ctx context.Context, name string) (int64, error) {
	r := t.s.d.insertStamp.rows()
	r.add(64, name, 1)
	if err := t.insert(ctx, r); err != nil {
		return 0, err
	}
	return t.number(ctx, `
SELECT value
FROM stamps
WHERE name = ?`, name)
}

// writeBoxes first moves the boxes that are there, so that one which closes
// makes room for one that opens in the same change. No upsert: on the MySQL
// protocol it would write over the row of another notice that has the key.
func (t tx) writeBoxes(ctx context.Context, boxes []NoticeBox) error {
	var fresh []*NoticeBox
	for i := range boxes {
		b := &boxes[i]
		n, err := t.exec(ctx, `
UPDATE notice_boxes
SET container = ?, state = ?, open_key = ?
WHERE notice_id = ? AND box = ?`, b.Container, b.State, b.OpenKey, b.NoticeID, b.Box)
		if err != nil {
			return fmt.Errorf("update notice_boxes: %w", t.s.d.rowError(err, "notice_boxes"))
		}
		if n == 0 {
			fresh = append(fresh, b)
		}
	}
	r := insertNoticeBox.rows()
	for _, b := range fresh {
		r.add(256, b.NoticeID, b.Box, b.Container, b.State, b.OpenKey)
	}
	return t.insert(ctx, r)
}

// Notice reads one notice.
func (s *Store) Notice(ctx context.Context, id string) (Notice, error) {
	var n Notice
	err := s.get(ctx, &n, readNotice+`WHERE n.id = ?`, id)
	return n, s.readError(err, "notice %.40q", id)
}

// NoticeByNumber reads the notice of a number.
func (s *Store) NoticeByNumber(ctx context.Context, number string) (Notice, error) {
	var n Notice
	err := s.get(ctx, &n, readNotice+`WHERE n.number = ?`, number)
	return n, s.readError(err, "notice %.80q", number)
}

const openNoticeOf = readNotice + `JOIN notice_boxes AS b ON b.notice_id = n.id
WHERE b.open_key = ?`

// OpenNoticeOf reads the notice in which a container is open for a purpose.
func (s *Store) OpenNoticeOf(ctx context.Context, container, purpose string) (Notice, error) {
	var n Notice
	err := s.get(ctx, &n, openNoticeOf, OpenBoxKey(container, purpose))
	return n, s.readError(err, "open notice of %.80q", container)
}

// NoticeBoxes reads the boxes of a notice.
func (s *Store) NoticeBoxes(ctx context.Context, noticeID string) ([]NoticeBox, error) {
	var rows []NoticeBox
	err := s.all(ctx, &rows, `
SELECT notice_id, box, container, state, open_key
FROM notice_boxes
WHERE notice_id = ?
ORDER BY box`, noticeID)
	return rows, s.readError(err, "boxes of notice %.40q", noticeID)
}

const noticeVersionsOf = `
SELECT notice_id, number, document, sha256, source_id, at
FROM notice_versions
WHERE notice_id = ?
ORDER BY number`

// NoticeVersions reads every content of a notice, the first one first.
func (s *Store) NoticeVersions(ctx context.Context, noticeID string) ([]NoticeVersion, error) {
	var rows []NoticeVersion
	err := s.all(ctx, &rows, noticeVersionsOf, noticeID)
	return rows, s.readError(err, "versions of notice %.40q", noticeID)
}

const (
	readNoticeEvent = `
SELECT notice_id, id, identity, kind, box, actor, source, source_id, refused, content_sha, content, occurred_at, heard_at
FROM notice_events
`
	noticeEventsOf = readNoticeEvent + `WHERE notice_id = ?
ORDER BY id`
)

// NoticeEvents reads all that was heard about a notice, in the order of its ids.
func (s *Store) NoticeEvents(ctx context.Context, noticeID string) ([]NoticeEvent, error) {
	var rows []NoticeEvent
	err := s.all(ctx, &rows, noticeEventsOf, noticeID)
	return rows, s.readError(err, "events of notice %.40q", noticeID)
}

// NoticeEventByIdentity reads what was heard before under an identity.
func (s *Store) NoticeEventByIdentity(ctx context.Context, noticeID, identity string) (NoticeEvent, error) {
	var e NoticeEvent
	err := s.get(ctx, &e, readNoticeEvent+`WHERE notice_id = ? AND identity = ?`, noticeID, identity)
	return e, s.readError(err, "event %.80q of notice %.40q", identity, noticeID)
}

const noticesDue = readNotice + `WHERE n.next_at > 0 AND n.next_at <= ?
ORDER BY n.next_at
LIMIT ?`

// NoticesDue reads the notices about which the clock has something to say,
// the oldest first.
func (s *Store) NoticesDue(ctx context.Context, nowMillis int64, limit int) ([]Notice, error) {
	var rows []Notice
	err := s.all(ctx, &rows, noticesDue, nowMillis, bounded(limit, 100, 1000))
	return rows, s.readError(err, "due notices")
}

func (v *checker) notices(c *Change) {
	for i := range c.Notices {
		n := &c.Notices[i]
		v.ids("notices", n.ID, n.IssuedBy)
		v.text("notices.number", n.Number, 64)
		v.text("notices.terminal", n.Terminal, 36)
		v.text("notices.tenant", n.Tenant, 36)
		v.text("notices.declaration_id", n.DeclarationID, 36)
		v.text("notices.entry_number", n.EntryNumber, 255)
		v.text("notices.state", n.State, 16)
		v.text("notices.person", n.Person, 32)
	}
	for i := range c.NoticeVersions {
		n := &c.NoticeVersions[i]
		v.ids("notice_versions", n.NoticeID)
		v.text("notice_versions.sha256", n.SHA256, 64)
		v.text("notice_versions.source_id", n.SourceID, 36)
	}
	for i := range c.NoticeBoxes {
		b := &c.NoticeBoxes[i]
		v.ids("notice_boxes", b.NoticeID)
		v.text("notice_boxes.box", b.Box, 255)
		v.text("notice_boxes.container", b.Container, 255)
		v.text("notice_boxes.state", b.State, 16)
		v.text("notice_boxes.open_key", b.OpenKey, 400)
	}
	for i := range c.NoticeEvents {
		e := &c.NoticeEvents[i]
		v.ids("notice_events", e.NoticeID, e.ID)
		v.text("notice_events.identity", e.Identity, 600)
		v.text("notice_events.kind", e.Kind, 32)
		v.text("notice_events.box", e.Box, 255)
		v.text("notice_events.actor", e.Actor, 16)
		v.text("notice_events.source", e.Source, 255)
		v.text("notice_events.source_id", e.SourceID, 36)
		v.text("notice_events.refused", e.Refused, 64)
		v.text("notice_events.content_sha", e.ContentSHA, 64)
	}
}

// noticeBytes is what the notices and terminal messages of a change weigh.
func (c *Change) noticeBytes() int {
	n := 512 * (len(c.Notices) + len(c.NoticeVersions) + len(c.NoticeBoxes) + len(c.NoticeEvents) + len(c.TerminalMessages) + len(c.BoxPlaces))
	for i := range c.NoticeVersions {
		n += len(c.NoticeVersions[i].Document)
	}
	for i := range c.NoticeEvents {
		n += len(c.NoticeEvents[i].Content)
	}
	for i := range c.TerminalMessages {
		n += len(c.TerminalMessages[i].Body) + len(c.TerminalMessages[i].Answer)
	}
	for i := range c.Capabilities {
		n += len(c.Capabilities[i].Document)
	}
	return n
}
