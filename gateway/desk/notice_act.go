package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// noticeAct is what one act makes of one notice: new versions and events,
// and all that follows from them, on its way into one change.
type noticeAct struct {
	*dossier
	d       *Desk
	c       *store.Change
	now     time.Time
	before  inspection.Overview
	fresh   []inspection.Event  // that this act adds and that count
	written []inspection.Notice // versions that this act adds
	told    bool                // the declarant knew of the notice before this act
	moved   string              // terminal that had the notice before, when it goes to another one
	decl    *store.Declaration  // as it will stand; read when it is needed first
	refused bool                // an event was kept that does not count
}

// begin starts an act on a notice that stands.
func (d *Desk) begin(f *dossier, c *store.Change) *noticeAct {
	return &noticeAct{dossier: f, d: d, c: c, now: d.Clock(), before: f.overview, told: f.row.Visible}
}

// write adds a version of the content and the event that tells it.
func (a *noticeAct) write(n *inspection.Notice, e *inspection.Event, identity, sourceID string) error {
	document, err := json.Marshal(n, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write notice %s: %w", n.Number, err)
	}
	a.c.NoticeVersions = append(a.c.NoticeVersions, store.NoticeVersion{NoticeID: a.row.ID, Number: n.Version, Document: document,
		SHA256: digest(document), SourceID: sourceID, At: a.now.UnixMilli()})
	a.written, a.versions = append(a.written, *n), append(a.versions, *n)
	if e == nil {
		return nil
	}
	e.Version, e.OccurredAt = n.Version, n.IssuedAt
	return a.hear(e, identity, sourceID, "")
}

// hear adds an event; refused says why it does not count, empty that it does.
func (a *noticeAct) hear(e *inspection.Event, identity, sourceID, refused string) error {
	sha, err := contentOf(e)
	if err != nil {
		return err
	}
	e.ID, e.NoticeNumber, e.HeardAt = a.d.NewID(), a.row.Number, a.now
	if e.OccurredAt.IsZero() {
		e.OccurredAt = a.now
	}
	content, err := json.Marshal(e, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write event of notice %s: %w", a.row.Number, err)
	}
	a.c.NoticeEvents = append(a.c.NoticeEvents, store.NoticeEvent{NoticeID: a.row.ID, ID: e.ID, Identity: identity, Kind: string(e.Kind), Box: e.Box,
		Actor: string(e.Actor), Source: e.Source, SourceID: sourceID, Refused: refused, ContentSHA: sha, Content: content,
		OccurredAt: e.OccurredAt.UnixMilli(), HeardAt: a.now.UnixMilli()})
	if refused != "" {
		a.refused = true
		return nil
	}
	a.fresh, a.events = append(a.fresh, *e), append(a.events, *e)
	return nil
}

// contentOf is the hash of what a source says, without what we add to it.
func contentOf(e *inspection.Event) (string, error) {
	said := *e
	said.ID, said.NoticeNumber, said.HeardAt = "", "", time.Time{}
	b, err := json.Marshal(&said, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("write event: %w", err)
	}
	return digest(b), nil
}

// settle folds anew and adds what follows: the row, its boxes, the letters,
// the entries of the timelines, the facts.
func (a *noticeAct) settle(ctx context.Context) error {
	if a.refused && len(a.fresh) == 0 && len(a.written) == 0 {
		return nil // what does not count moves nothing
	}
	a.overview = inspection.Fold(a.input(a.now))
	if err := a.see(ctx); err != nil {
		return err
	}
	if err := a.letters(ctx); err != nil {
		return err
	}
	if err := a.plan(ctx); err != nil {
		return err
	}
	if err := a.entries(ctx); err != nil {
		return err
	}
	if err := a.facts(ctx); err != nil {
		return err
	}
	a.figures()
	a.boxes()
	a.c.Notices = append(a.c.Notices, a.row)
	return nil
}

// see copies what the fold says into the columns of the row, and decides
// whether the declarant may know: what he knows already stays known.
func (a *noticeAct) see(ctx context.Context) error {
	o, row := &a.overview, &a.row
	row.Content, row.State, row.Over, row.Overdue = a.newest().Version, string(o.State), o.Over, o.Overdue
	row.Person, row.UpdatedAt = o.Person, a.now.UnixMilli()
	if row.Visible || row.Tenant == "" {
		return nil
	}
	known, err := a.knowsInspection(ctx)
	if err != nil {
		return err
	}
	row.Visible = inspection.VisibleToDeclarant(*o, a.newest(), known)
	return nil
}

// boxes adds the rows of those boxes that stand otherwise than before.
func (a *noticeAct) boxes() {
	was := boxRows(&a.row, &a.before, a.newest())
	for _, b := range boxRows(&a.row, &a.overview, a.newest()) {
		if !slices.Contains(was, b) {
			a.c.NoticeBoxes = append(a.c.NoticeBoxes, b)
		}
	}
}

// boxRows are the rows of a notice's boxes. The first record of a container
// holds its place among the open boxes as long as any record of it is open: a
// follow-up must not lose the place to another notice in between.
func boxRows(row *store.Notice, o *inspection.Overview, n *inspection.Notice) []store.NoticeBox {
	rows := make([]store.NoticeBox, len(o.Boxes))
	first := map[string]int{}
	for i := range o.Boxes {
		s := &o.Boxes[i]
		container := containerOf(s)
		rows[i] = store.NoticeBox{NoticeID: row.ID, Box: s.Box, Container: container, State: string(s.State), OpenKey: store.ClosedBoxKey(row.ID, s.Box)}
		head, seen := first[container]
		if !seen {
			head, first[container] = i, i
		}
		if !s.Over && !isMark(n, container) {
			rows[head].OpenKey = store.OpenBoxKey(container, n.Purpose)
		}
	}
	return rows
}

// containerOf is the container, or mark, of a record: its key without the
// number of a follow-up.
func containerOf(s *inspection.BoxStatus) string {
	key := s.Box
	for i := len(key) - 1; s.Parent != "" && i > 0; i-- {
		if key[i] == '/' {
			return key[:i]
		}
	}
	return key
}

// isMark tells break-bulk, whose marks are not unique in the port.
func isMark(n *inspection.Notice, key string) bool {
	for i := range n.Boxes {
		if n.Boxes[i].ContainerNumber == key {
			return false
		}
	}
	return true
}

// figures are the times of the notice as a whole: when the last of the boxes
// that still go on reached it. Milliseconds; 0 is not yet.
func (a *noticeAct) figures() {
	row, o := &a.row, &a.overview
	row.DeliveredAt, row.Moves, row.Boxes = 0, 0, len(o.Boxes)
	for _, at := range o.Delivered {
		if ms := at.UnixMilli(); row.DeliveredAt == 0 || ms < row.DeliveredAt {
			row.DeliveredAt = ms
		}
	}
	for _, f := range []struct {
		to    *int64
		kinds []inspection.Kind
	}{
		{&row.AcceptedAt, []inspection.Kind{inspection.Accepted}}, {&row.LockedAt, []inspection.Kind{inspection.Locked}},
		{&row.ReadyAt, []inspection.Kind{inspection.Ready}}, {&row.StartedAt, []inspection.Kind{inspection.Started}},
		{&row.FinishedAt, []inspection.Kind{inspection.Finished}}, {&row.ReleasedAt, []inspection.Kind{inspection.Released}},
		{&row.BackAt, []inspection.Kind{inspection.MovedBack, inspection.DirectGateOut}},
	} {
		*f.to = reachedBy(o, f.kinds)
	}
	for i := range o.Boxes {
		row.Moves += o.Boxes[i].Moves
	}
}

func reachedBy(o *inspection.Overview, kinds []inspection.Kind) int64 {
	last := int64(0)
	for i := range o.Boxes {
		b := &o.Boxes[i]
		if b.State == inspection.StateCancelled || b.State == inspection.StateRejected {
			continue
		}
		at := int64(0)
		for _, k := range kinds {
			if t, ok := b.At[k]; ok {
				at = t.UnixMilli()
			}
		}
		if at == 0 {
			return 0
		}
		last = max(last, at)
	}
	return last
}

// commitNotices writes a change about notices. When the outcome of the COMMIT
// is unknown it looks for one of the events, with which all the rest stands.
func (d *Desk) commitNotices(ctx context.Context, c *store.Change) error {
	err := d.write(ctx, *c)
	if !errors.Is(err, store.ErrUnknown) || len(c.NoticeEvents) == 0 {
		return err
	}
	e := &c.NoticeEvents[0]
	got, lookErr := d.Store.NoticeEventByIdentity(ctx, e.NoticeID, e.Identity)
	switch {
	case errors.Is(lookErr, store.ErrNotFound) || lookErr == nil && got.ID != e.ID:
		return fmt.Errorf("commit about notice %s did not stand: %w", e.NoticeID, store.ErrUnavailable)
	case lookErr != nil:
		return fmt.Errorf("look up unknown commit about notice %s: %w", e.NoticeID, errors.Join(store.ErrUnavailable, lookErr))
	}
	return nil
}

// afterwards tells everybody who waits for news.
func (d *Desk) afterwards(c *store.Change) {
	if len(c.Pushes) > 0 || len(c.Requeue) > 0 {
		d.Wake()
	}
	d.tell()
}
