package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

const (
	roundEvery = 5 * time.Second // how often due notices are looked at
	roundPage  = 100
	// timeouts of one channel before the next one is tried (notices.md §3, row 3).
	mostTimeouts = 3
)

// RoundNotices does what the clock alone asks for: sends again what nobody
// acknowledged, goes over to the next channel, reminds, and hands over to a
// person. Every process may do it: each step has one identity. It returns how
// many notices it moved.
func (d *Desk) RoundNotices(ctx context.Context) (int, error) {
	moved := 0
	for {
		rows, err := d.Store.NoticesDue(ctx, d.now(), roundPage)
		if err != nil {
			return moved, fmt.Errorf("list due notices: %w", err)
		}
		for i := range rows {
			err := d.roundOnce(ctx, &rows[i])
			switch {
			case store.IsConflict(err):
				continue // somebody else moved it: it is due again, or is not
			case err != nil:
				return moved, fmt.Errorf("notice %s: %w", rows[i].Number, err)
			}
			moved++
		}
		if len(rows) < roundPage {
			return moved, nil
		}
	}
}

func (d *Desk) roundOnce(ctx context.Context, row *store.Notice) error {
	f, err := d.dossierOf(ctx, row)
	if err != nil {
		return err
	}
	c := &store.Change{}
	a := d.begin(f, c)
	if err := a.remind(); err != nil {
		return err
	}
	if err := a.timeout(ctx); err != nil {
		return err
	}
	if err := a.settle(ctx); err != nil {
		return err
	}
	c.Audit = append(c.Audit, d.audit("notices", "notice.round", a.row.IssuedBy, a.row.ID, ""))
	if err := d.commitNotices(ctx, c); err != nil {
		return err
	}
	d.afterwards(c)
	return nil
}

// gatewayEvent is a step of our own.
func gatewayEvent(k inspection.Kind, version int) *inspection.Event {
	return &inspection.Event{Kind: k, Version: version, Actor: inspection.ByGateway, Source: "gateway"}
}

// remind adds the reminders whose time has come (notices.md §3, row 7).
func (a *noticeAct) remind() error {
	version := a.newest().Version
	for n := a.overview.Reminders; n < a.overview.RemindersDue; n++ {
		identity := "reminded/" + strconv.Itoa(version) + "/" + strconv.Itoa(n+1)
		if err := a.hear(gatewayEvent(inspection.Reminded, version), identity, "", ""); err != nil {
			return err
		}
	}
	return nil
}

// waits tells whether bytes of the newest version still have to arrive.
func (a *noticeAct) waits() bool {
	_, delivered := a.overview.Delivered[a.newest().Version]
	return !delivered && a.row.Terminal != ""
}

// tried is how often a channel timed out with the newest version, and since
// when it is in use for it.
func (a *noticeAct) tried(receiver string) (n int, since time.Time) {
	since = a.newest().IssuedAt
	for i := range a.events {
		e := &a.events[i]
		if e.Version != a.newest().Version {
			continue
		}
		switch {
		case e.Kind == inspection.TransportTimeout && e.Channel == receiver:
			n++
		case e.Kind == inspection.TransportTimeout && e.HeardAt.After(since), orderKind(e.Kind) && e.HeardAt.After(since):
			since = e.HeardAt
		}
	}
	return n, since
}

func orderKind(k inspection.Kind) bool {
	switch k {
	case inspection.Issued, inspection.Changed, inspection.CancelOrdered, inspection.FollowUpOrdered, inspection.TransferOrdered:
		return true
	}
	return false
}

// nextTimeout is when the channel in use times out next; zero when nothing is
// on its way.
func (a *noticeAct) nextTimeout(to *store.Endpoint) time.Time {
	if to == nil || !a.waits() {
		return time.Time{}
	}
	n, since := a.tried(store.ReceiverOf(to.ID))
	limits := inspection.Defaults(a.capability.Limits)
	return since.Add(time.Duration(min((n+1)*limits.TransportMinutes, limits.TransportTotalMinutes)) * time.Minute)
}

// plan says when the clock alone changes something next.
func (a *noticeAct) plan(ctx context.Context) error {
	next := a.overview.NextAt
	if !a.row.Over && a.row.Terminal != "" {
		to, err := a.channel(ctx)
		if err != nil {
			return err
		}
		if at := a.nextTimeout(to); !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	a.row.NextAt = millis(next)
	if a.row.NextAt != 0 && a.row.NextAt <= a.row.UpdatedAt {
		a.row.NextAt = a.row.UpdatedAt + roundEvery.Milliseconds() // a round that could not act on it looks again
	}
	return nil
}

// timeout notes that nobody acknowledged the newest version in time: it is
// sent again under its id, and after the last time over the next channel.
func (a *noticeAct) timeout(ctx context.Context) error {
	to, err := a.channel(ctx)
	if err != nil {
		return err
	}
	if due := a.nextTimeout(to); due.IsZero() || a.now.Before(due) {
		return nil
	}
	n, _ := a.tried(store.ReceiverOf(to.ID))
	if err := a.failed(to, n+1, ""); err != nil {
		return err
	}
	if n+1 < mostTimeouts {
		return a.again(ctx, to)
	}
	return a.nextChannel(ctx)
}

// failed notes one time-out of a channel.
func (a *noticeAct) failed(to *store.Endpoint, n int, cause string) error {
	e := gatewayEvent(inspection.TransportTimeout, a.newest().Version)
	e.Channel, e.Text = store.ReceiverOf(to.ID), cause
	return a.hear(e, "timeout/"+strconv.Itoa(e.Version)+"/"+e.Channel+"/"+strconv.Itoa(n), "", "")
}

// again puts what was delivered and not acknowledged back to wait: same id,
// same bytes. What still waits in the queue is tried by the queue itself.
func (a *noticeAct) again(ctx context.Context, to *store.Endpoint) error {
	list, err := a.d.Store.Deliveries(ctx, store.DeliveryFilter{Receiver: store.ReceiverOf(to.ID), Subject: a.subject(), State: "delivered", Limit: 1})
	if err != nil {
		return fmt.Errorf("read deliveries of notice %s: %w", a.row.Number, err)
	}
	for i := range list {
		a.c.Requeue = append(a.c.Requeue, store.Requeue{ID: list[i].ID, From: []string{"delivered"}, To: "waiting", At: a.now.UnixMilli()})
	}
	return nil
}

// nextChannel gives the one in use up and tells the newest version over the
// next one; with none left the fold puts it on the human list.
func (a *noticeAct) nextChannel(ctx context.Context) error {
	if err := a.takeBack(ctx, "next channel"); err != nil {
		return err
	}
	a.row.Channel++
	to, err := a.channel(ctx)
	if err != nil || to == nil {
		return err
	}
	return a.tellTerminal(ctx, a.letterType(a.newest()), a.newest(), nil)
}

// letterDelivered adds to the change that records a delivery what it means
// for the notice: over these wires the far side has the bytes then. A file
// that lies in a folder is acknowledged by its own receipt.
func (d *Desk) letterDelivered(ctx context.Context, c *store.Change, it *store.OutboxItem, r portadapters.Receipt) error {
	id, _ := store.EndpointOf(it.Receiver)
	to, err := d.Store.EndpointByID(ctx, id)
	if err != nil {
		return fmt.Errorf("read endpoint of letter: %w", err)
	}
	if to.Wire != WireWebhook && to.Wire != WireMail {
		return nil
	}
	a, version, err := d.letterOf(ctx, c, it)
	if err != nil || a == nil || version == 0 {
		return err
	}
	e := &inspection.Event{Kind: inspection.TransportAck, Version: version, Actor: inspection.ByTerminal, Source: a.row.Terminal,
		OccurredAt: r.At, Channel: it.Receiver, AnswersID: it.ID}
	return a.once(ctx, e, "ack/"+it.ID)
}

// letterFailed adds to the change that buries a message what it means: the
// channel does not take it, so the next one is tried at once.
func (d *Desk) letterFailed(ctx context.Context, c *store.Change, it *store.OutboxItem, cause error) error {
	a, version, err := d.letterOf(ctx, c, it)
	if err != nil || a == nil || version != a.newest().Version || !a.waits() {
		return err
	}
	to, err := a.channel(ctx)
	if err != nil || to == nil || store.ReceiverOf(to.ID) != it.Receiver {
		return err
	}
	n, _ := a.tried(it.Receiver)
	for ; n < mostTimeouts; n++ {
		if err := a.failed(to, n+1, short(cause)); err != nil {
			return err
		}
	}
	if err := a.nextChannel(ctx); err != nil {
		return err
	}
	return a.settle(ctx)
}

// letterOf finds the notice that a message to its terminal is about; nil when
// the notice has gone to another terminal since, or the message is a copy for
// somebody else. The version is 0 for a letter that brings none.
func (d *Desk) letterOf(ctx context.Context, c *store.Change, it *store.OutboxItem) (*noticeAct, int, error) {
	row, err := d.Store.Notice(ctx, it.DeclarationID)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.Terminal != it.Tenant {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read notice of letter: %w", err)
	}
	m, err := d.Store.PushBody(ctx, it.Receiver, it.MessageID)
	if err != nil {
		return nil, 0, fmt.Errorf("read letter: %w", err)
	}
	f, err := d.dossierOf(ctx, &row)
	if err != nil {
		return nil, 0, err
	}
	version := 0
	switch m.Kind {
	case inspection.LetterIssued, inspection.LetterChanged, inspection.LetterCancelled, inspection.LetterReleased:
		version = versionOfLetter(m.FileName)
	}
	return d.begin(f, c), version, nil
}

// once hears an event that may have been heard before; then nothing changes.
func (a *noticeAct) once(ctx context.Context, e *inspection.Event, identity string) error {
	_, err := a.d.Store.NoticeEventByIdentity(ctx, a.row.ID, identity)
	if err == nil {
		return nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("look up event: %w", err)
	}
	why := ""
	if r := inspection.Admit(a.input(a.now), e); r != nil {
		why = r.Why
	}
	if err := a.hear(e, identity, "", why); err != nil {
		return err
	}
	return a.settle(ctx)
}

// fetched notes that the terminal has the newest version because it read it,
// and takes back what still waits to be pushed.
func (d *Desk) fetched(ctx context.Context, p auth.Principal, f *dossier) (*dossier, error) {
	for range versionRetries {
		version := f.newest().Version
		if _, ok := f.overview.Delivered[version]; ok || f.row.Over {
			return f, nil
		}
		c := &store.Change{}
		a := d.begin(f, c)
		if err := a.takeBack(ctx, "pulled"); err != nil {
			return nil, err
		}
		e := &inspection.Event{Kind: inspection.TransportAck, Version: version, Actor: inspection.ByTerminal, Source: p.PartnerID, Channel: wirePull}
		if err := a.once(ctx, e, "pull/"+strconv.Itoa(version)); err != nil {
			return nil, err
		}
		c.Audit = append(c.Audit, d.audit(p.KeyID, "notice.pull", a.row.IssuedBy, a.row.ID, ""))
		err := d.commitNotices(ctx, c)
		if err == nil {
			d.afterwards(c)
			return a.dossier, nil
		}
		if !store.IsConflict(err) {
			return nil, err
		}
		row, err := d.Store.Notice(ctx, f.row.ID)
		if err != nil {
			return nil, fmt.Errorf("read notice: %w", err)
		}
		if f, err = d.dossierOf(ctx, &row); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("fetch notice: too many writers at once: %w", store.ErrUnavailable)
}
