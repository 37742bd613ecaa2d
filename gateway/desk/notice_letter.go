package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/store"
)

// Why a person must tell a terminal, beside what the domain finds.
const (
	personNoTerminal = "no_terminal" // nobody knows which terminal has the boxes
	personNoChannel  = "no_channel"  // the terminal has none that works, or none is left
)

// letters adds what the terminal is told because of this act, over the
// channel that is in use.
func (a *noticeAct) letters(ctx context.Context) error {
	if a.moved != "" && len(a.versions) > 1 {
		if err := a.letGo(ctx); err != nil {
			return err
		}
	}
	if a.row.Terminal == "" {
		a.row.Person = firstOf(personNoTerminal, a.row.Person)
		return nil
	}
	for i := range a.written {
		if err := a.tellTerminal(ctx, a.letterType(&a.written[i]), &a.written[i], nil); err != nil {
			return err
		}
	}
	for i := range a.fresh {
		e := &a.fresh[i]
		if typ, ok := letterOfStep(e); ok {
			if err := a.tellTerminal(ctx, typ, a.newest(), e); err != nil {
				return err
			}
		}
		if answersReminder(e) {
			if err := a.takeBack(ctx, "answered", inspection.LetterReminder); err != nil {
				return err
			}
		}
	}
	return nil
}

// letterType is what a version is to the terminal: the first one that it is
// told is an order, whatever its number.
func (a *noticeAct) letterType(n *inspection.Notice) string {
	switch {
	case n.Change == inspection.Cancel:
		return inspection.LetterCancelled
	case n.Change == inspection.ReleaseBoxes:
		return inspection.LetterReleased
	case n.Change == inspection.Issue || a.moved != "" || a.version(n.Version-1) != nil && a.version(n.Version-1).Terminal != n.Terminal:
		return inspection.LetterIssued
	}
	return inspection.LetterChanged
}

// letterOfStep tells which steps of others the terminal must know to do its part.
func letterOfStep(e *inspection.Event) (string, bool) {
	switch e.Kind {
	case inspection.Reminded:
		return inspection.LetterReminder, true
	case inspection.Postponed, inspection.Appointed, inspection.AttendanceWaiver, inspection.Started, inspection.Finished, inspection.RejectConfirmed:
		return inspection.LetterStep, true
	}
	return "", false
}

func answersReminder(e *inspection.Event) bool {
	return e.Kind == inspection.Accepted || e.Kind == inspection.Rejected
}

// tellTerminal writes one letter in the format of the channel in use. A
// channel that cannot write it is passed over; with none left a person tells.
func (a *noticeAct) tellTerminal(ctx context.Context, typ string, n *inspection.Notice, e *inspection.Event) error {
	for {
		endpoint, err := a.channel(ctx)
		if err != nil {
			return err
		}
		if endpoint == nil {
			a.row.Person = firstOf(a.row.Person, personNoChannel)
			return nil
		}
		if endpoint.Wire == wirePull || typ == inspection.LetterStep && !tellsSteps(endpoint.Format) {
			return nil
		}
		faults, err := a.writeLetter(ctx, endpoint, typ, n, e)
		if err != nil {
			return err
		}
		if !declarations.Rejected(faults) {
			return nil
		}
		a.d.Logger.ErrorContext(ctx, "a notice cannot be written in the format of a channel, the next one is tried", "notice", a.row.Number,
			"endpoint", endpoint.ID, "format", endpoint.Format, "code", faults[0].Code, "path", faults[0].Path)
		a.row.Channel++
	}
}

// tellsSteps says which formats have words for the steps of others; the
// messages of the trade have none, and whoever reads those sees the steps in
// the list of his notices.
func tellsSteps(format string) bool { return format == formatJSON || format == formatMail }

// channel is the terminal's endpoint in use: the first of its channel order,
// from the one in use on, that is there and not disabled. nil: none is left.
func (a *noticeAct) channel(ctx context.Context) (*store.Endpoint, error) {
	list, err := a.d.endpointsOf(ctx, a.row.Terminal)
	if err != nil {
		return nil, fmt.Errorf("read endpoints of %s: %w", a.row.Terminal, err)
	}
	for ; a.row.Channel < len(a.capability.Channels); a.row.Channel++ {
		for i := range list {
			if list[i].Name == a.capability.Channels[a.row.Channel] {
				return &list[i], nil
			}
		}
	}
	return nil, nil
}

// writeLetter adds one letter to the change.
func (a *noticeAct) writeLetter(ctx context.Context, to *store.Endpoint, typ string, n *inspection.Notice, e *inspection.Event) ([]declarations.Fault, error) {
	format, ok := a.d.Formats[to.Format]
	if !ok && to.Format != formatJSON {
		return nil, fmt.Errorf("endpoint %s: no format %s", to.ID, to.Format)
	}
	view := inspection.View(*n, inspection.ByTerminal)
	l := &inspection.Letter{ID: a.d.NewID(), Type: typ, At: a.now, Sender: letterSender, Receiver: to.PartnerID, Notice: &view, Overview: &a.overview, Event: e}
	var err error
	if l.Previous, err = a.lastLetter(ctx, to); err != nil {
		return nil, err
	}
	if to.Format == formatJSON {
		return nil, a.writeJSON(to, l)
	}
	if to.Format == formatMail && wantsAnswer(typ) {
		link, err := a.answerLink(ctx, n.Version)
		if err != nil {
			return nil, err
		}
		l.Answer = link
	}
	doc, faults := format.Write(l)
	if declarations.Rejected(faults) {
		return faults, nil
	}
	doc.FileName = letterName(l)
	a.d.send(a.c, to, typ, a.subject(), a.row.ID, l.ID, doc)
	return nil, nil
}

// lastLetter is the id of the last letter about the notice over a channel;
// empty when this one is the first.
func (a *noticeAct) lastLetter(ctx context.Context, to *store.Endpoint) (string, error) {
	last, err := a.d.Store.Deliveries(ctx, store.DeliveryFilter{Receiver: store.ReceiverOf(to.ID), Subject: a.subject(), Limit: 1})
	if err != nil {
		return "", fmt.Errorf("read letters of notice %s: %w", a.row.Number, err)
	}
	if len(last) == 0 {
		return "", nil
	}
	return last[0].ID, nil
}

// letterSender is our name on the wire.
const letterSender = "KOUAN"

func wantsAnswer(typ string) bool {
	switch typ {
	case inspection.LetterIssued, inspection.LetterChanged, inspection.LetterReminder:
		return true
	}
	return false
}

// letterName names the document of a letter for people and for us: when its
// arrival is told, the version stands in it.
func letterName(l *inspection.Letter) string {
	return l.Notice.Number + "_v" + strconv.Itoa(l.Notice.Version) + "_" + strings.TrimPrefix(l.Type, "notice.") + "_" + strings.ReplaceAll(l.ID, "-", "")
}

// versionOfLetter reads the version back; 0 when it is no name of ours.
func versionOfLetter(name string) int {
	parts := strings.Split(name, "_") // number, version, type, id; a number may have the sign, too
	if len(parts) < 4 {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimPrefix(parts[len(parts)-3], "v"))
	if err != nil {
		return 0
	}
	return n
}

// letGo tells the terminal that had the notice before that it is off.
func (a *noticeAct) letGo(ctx context.Context) error {
	before := &noticeAct{dossier: &dossier{row: a.row, versions: a.versions}, d: a.d, c: a.c, now: a.now}
	before.row.Terminal, before.row.Channel = a.moved, 0
	var err error
	if before.capability, err = a.d.capabilityOf(ctx, a.moved); err != nil {
		return err
	}
	before.overview = a.before
	old := a.versions[len(a.versions)-2]
	if err := before.takeBack(ctx, "elsewhere", inspection.LetterIssued, inspection.LetterChanged, inspection.LetterReminder, inspection.LetterStep); err != nil {
		return err
	}
	return before.tellTerminal(ctx, inspection.LetterCancelled, &old, nil)
}

// takeBack cancels what still waits to be pushed to the terminal about the notice.
func (a *noticeAct) takeBack(ctx context.Context, reason string, kinds ...string) error {
	list, err := a.d.endpointsOf(ctx, a.row.Terminal)
	if err != nil {
		return fmt.Errorf("read endpoints of %s: %w", a.row.Terminal, err)
	}
	for i := range list {
		a.c.Supersede = append(a.c.Supersede, store.Supersession{Receiver: store.ReceiverOf(list[i].ID), Subject: a.subject(), Kinds: kinds, Reason: reason, At: a.now.UnixMilli()})
	}
	return nil
}
