package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// TerminalDocument is one document of a terminal or carrier, as it came.
type TerminalDocument struct {
	Body        []byte
	ContentType string
	FileName    string
	Format      string // json, edifact, depotxml
}

// Reading is what a document says, in our words.
type Reading struct {
	Reference  string             // the sender's own number of the document; empty: its bytes decide
	Events     []inspection.Event // NoticeNumber, Box or AnswersID says which notice is meant
	Facts      []clearance.Fact
	Places     []store.BoxPlace // where boxes are: Container, Terminal as the sender writes it, YardPlace, At
	Answer     []byte           // what must be answered (CONTRL); nil: nothing
	AnswerType string
	Faults     []declarations.Fault
	Refused    bool // nothing of it may be used
}

// DocumentReader reads documents of one format; sender is the partner.
type DocumentReader interface {
	Read(body []byte, sender string) Reading
}

// TerminalHearing is what became of a document.
type TerminalHearing struct {
	ID         string
	Duplicate  bool
	State      string // matched, unmatched, refused
	Reason     string
	Outcomes   []NoticeOutcome
	Facts      []FactAnswer
	Faults     []declarations.Fault
	Answer     []byte
	AnswerType string
}

// States of a document, and why it is in one.
const (
	messageMatched   = "matched"
	messageUnmatched = "unmatched"
	messageRefused   = "refused"
	reasonUnread     = "unread" // kept, and not yet worked through
)

// CodeDocumentFormat says that no reader takes the format; args: value, known.
const CodeDocumentFormat = "NOT-1207"

// HearTerminalMessage takes a document in by whatever wire. It is kept first,
// as evidence, and worked through then: what a crash leaves is finished by
// the next copy or round. The same document again gets the same answer.
// Errors: *FaultsError for what is no document of its format,
// *NoticeEventConflictError for other bytes under a number that was used.
func (d *Desk) HearTerminalMessage(ctx context.Context, p auth.Principal, in TerminalDocument) (TerminalHearing, error) {
	if err := allow(p, auth.SendTerminalMessage); err != nil {
		return TerminalHearing{}, err
	}
	read, err := d.readDocument(p, &in)
	if err != nil {
		return TerminalHearing{}, err
	}
	row := store.TerminalMessage{ID: d.NewID(), Source: p.PartnerID, Format: in.Format, State: messageUnmatched, Reason: reasonUnread,
		FileName: in.FileName, ContentType: in.ContentType, SHA256: digest(in.Body), Body: in.Body, Answer: read.Answer, Copies: 1, At: d.now()}
	row.Identity, row.Notice = p.PartnerID+"|c|"+row.SHA256, numberOf(read.Events)
	if read.Reference != "" {
		row.Identity = p.PartnerID + "|i|" + in.Format + "|" + read.Reference
	}
	kept, duplicate, err := d.keepDocument(ctx, p, &row, read.Reference)
	if err != nil {
		return TerminalHearing{}, err
	}
	h := TerminalHearing{ID: kept.ID, Duplicate: duplicate, State: kept.State, Reason: kept.Reason, Faults: read.Faults, Answer: kept.Answer, AnswerType: read.AnswerType}
	if duplicate && kept.Reason != reasonUnread {
		return h, nil
	}
	return d.workThrough(ctx, p, in, kept, read, h)
}

func (d *Desk) readDocument(p auth.Principal, in *TerminalDocument) (Reading, error) {
	if in.Format == formatJSON {
		events, faults := inspection.ParseEvents(in.Body)
		if declarations.Rejected(faults) {
			return Reading{}, &FaultsError{faults}
		}
		return Reading{Events: events, Faults: faults}, nil
	}
	reader, ok := d.Readers[in.Format]
	if !ok {
		return Reading{}, &FaultsError{[]declarations.Fault{{Code: CodeDocumentFormat, Severity: declarations.Reject, Args: map[string]string{"value": in.Format}}}}
	}
	read := reader.Read(in.Body, p.PartnerID)
	if read.Refused && len(read.Answer) == 0 {
		return Reading{}, &FaultsError{read.Faults}
	}
	return read, nil
}

// numberOf is the notice that all events name; empty when they name none or several.
func numberOf(events []inspection.Event) string {
	number := ""
	for i := range events {
		n := events[i].NoticeNumber
		if n == "" || number != "" && n != number || len(n) > 64 {
			return ""
		}
		number = n
	}
	return number
}

// keepDocument stores a document, or counts another copy of one that is stored.
func (d *Desk) keepDocument(ctx context.Context, p auth.Principal, row *store.TerminalMessage, reference string) (*store.TerminalMessage, bool, error) {
	for range versionRetries {
		known, err := d.Store.TerminalMessageByIdentity(ctx, row.Identity)
		if err == nil {
			if known.SHA256 != row.SHA256 {
				return nil, false, &NoticeEventConflictError{known.ID, reference}
			}
			err := d.Store.Commit(ctx, store.Change{TerminalCopies: []string{known.Identity},
				Audit: []store.AuditEntry{d.audit(p.KeyID, "terminal_message.copy", p.PartnerID, known.ID, row.SHA256)}})
			if err != nil && !errors.Is(err, store.ErrUnknown) {
				return nil, false, err // an unknown outcome costs at most one count
			}
			return &known, true, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return nil, false, fmt.Errorf("look up document: %w", err)
		}
		err = d.Store.Commit(ctx, store.Change{TerminalMessages: []store.TerminalMessage{*row},
			Audit: []store.AuditEntry{d.audit(p.KeyID, "terminal_message.keep", p.PartnerID, row.ID, row.SHA256)}})
		if err == nil {
			return row, false, nil
		}
		if !store.IsConflict(err) && !errors.Is(err, store.ErrUnknown) {
			return nil, false, err
		}
	}
	return nil, false, fmt.Errorf("keep document: too many writers at once: %w", store.ErrUnavailable)
}

// workThrough does what a document says and notes what became of it.
func (d *Desk) workThrough(ctx context.Context, p auth.Principal, in TerminalDocument, row *store.TerminalMessage, read Reading, h TerminalHearing) (TerminalHearing, error) {
	h.State, h.Reason = messageMatched, ""
	if read.Refused {
		h.State, h.Reason = messageRefused, "faults"
		return h, d.noteDocument(ctx, row, h.State, h.Reason)
	}
	if len(read.Facts) > 0 {
		facts, err := d.reportFacts(ctx, p, FactReport{Body: in.Body, ContentType: in.ContentType}, read.Facts)
		if err != nil {
			return h, err
		}
		h.Facts = facts
	}
	if err := d.placeBoxes(ctx, p, read.Places); err != nil {
		return h, err
	}
	for i := range read.Events {
		out, err := d.hearFrom(ctx, p, row, read.Events[i])
		var faults *FaultsError
		switch {
		case errors.Is(err, store.ErrNotFound):
			h.State, h.Reason = messageUnmatched, reasonUnknown
			continue
		case errors.As(err, &faults):
			h.Faults = append(h.Faults, faults.Faults...)
			continue
		case err != nil:
			return h, err
		}
		h.Outcomes = append(h.Outcomes, out)
	}
	return h, d.noteDocument(ctx, row, h.State, h.Reason)
}

func (d *Desk) noteDocument(ctx context.Context, row *store.TerminalMessage, state, reason string) error {
	err := d.Store.Commit(ctx, store.Change{TerminalStates: []store.TerminalState{{ID: row.ID, State: state, Reason: reason}}})
	if err != nil && !errors.Is(err, store.ErrUnknown) && !store.IsConflict(err) { // somebody else worked it through
		return fmt.Errorf("note document %s: %w", row.ID, err)
	}
	return nil
}

// hearFrom hears one event of a document. A notice of another terminal is as
// unknown as one that does not exist.
func (d *Desk) hearFrom(ctx context.Context, p auth.Principal, row *store.TerminalMessage, e inspection.Event) (NoticeOutcome, error) {
	if p.Role != auth.Terminal {
		return NoticeOutcome{}, store.ErrNotFound // a carrier has no part in a notice
	}
	notice, version, err := d.meant(ctx, p, &e)
	if err != nil {
		return NoticeOutcome{}, err
	}
	if e.Version == 0 {
		e.Version = version
	}
	e.NoticeNumber = ""
	e.Source, e.Actor = p.PartnerID, partOf(p.Role, e.Actor)
	return d.hearNotice(ctx, notice.ID, p.KeyID, e, row.ID)
}

// meant finds the notice that an event of a document is about: by its number,
// by the message of ours that it answers, or by a box that is in one open
// notice of this terminal.
func (d *Desk) meant(ctx context.Context, p auth.Principal, e *inspection.Event) (row store.Notice, version int, err error) {
	if e.AnswersID != "" {
		row, version, err = d.answered(ctx, p, e.AnswersID)
		if !errors.Is(err, store.ErrNotFound) || e.NoticeNumber == "" && e.Box == "" {
			return row, version, err
		}
	}
	switch {
	case e.NoticeNumber != "":
		row, err = d.Store.NoticeByNumber(ctx, e.NoticeNumber)
	case e.Box != "":
		row, err = d.Store.OpenNoticeOf(ctx, containerOf(&inspection.BoxStatus{Box: e.Box, Parent: e.Box}), purposeCustoms)
	default:
		return row, 0, store.ErrNotFound
	}
	if err == nil && row.Terminal != p.PartnerID {
		err = store.ErrNotFound
	}
	return row, version, err
}

// lookBack bounds how many of the newest letters are held against an acknowledgement.
const lookBack = 500

// answered finds the letter that an acknowledgement names, by our id of it or
// by the number that its format made of it.
func (d *Desk) answered(ctx context.Context, p auth.Principal, reference string) (row store.Notice, version int, err error) {
	list, err := d.endpointsOf(ctx, p.PartnerID)
	if err != nil {
		return row, 0, fmt.Errorf("read endpoints: %w", err)
	}
	for i := range list {
		letters, err := d.Store.Deliveries(ctx, store.DeliveryFilter{Receiver: store.ReceiverOf(list[i].ID), Limit: lookBack})
		if err != nil {
			return row, 0, fmt.Errorf("read letters: %w", err)
		}
		number := d.Formats[list[i].Format].Reference // nil: its messages carry our own id
		for k := range letters {
			it := &letters[k]
			if it.ID != reference && (number == nil || number(it.ID) != reference) || !strings.HasPrefix(it.Subject, noticePrefix) {
				continue
			}
			m, err := d.Store.PushBody(ctx, it.Receiver, it.MessageID)
			if err != nil {
				return row, 0, fmt.Errorf("read letter: %w", err)
			}
			row, err = d.Store.Notice(ctx, it.DeclarationID)
			return row, versionOfLetter(m.FileName), err
		}
	}
	return row, 0, store.ErrNotFound
}

// placeBoxes notes where boxes are. A terminal speaks of its own ground; what
// a carrier writes is looked up in the operator's table.
func (d *Desk) placeBoxes(ctx context.Context, p auth.Principal, places []store.BoxPlace) error {
	var c store.Change
	for i := range places {
		place := places[i]
		place.Source, place.HeardAt = p.PartnerID, d.now()
		if place.Terminal != "" {
			named, err := d.terminalNamed(ctx, place.Terminal)
			if err != nil {
				return err
			}
			if p.Role == auth.Terminal {
				named = p.PartnerID
			}
			if named == "" {
				continue
			}
			place.Terminal = named
		}
		c.BoxPlaces = append(c.BoxPlaces, place)
	}
	if len(c.BoxPlaces) == 0 {
		return nil
	}
	return d.Store.Commit(ctx, c)
}

// rematchTerminalMessages works through documents that named a notice before
// it came. What is committed stands whatever becomes of this.
func (d *Desk) rematchTerminalMessages(ctx context.Context, number string) {
	kept, err := d.Store.UnmatchedTerminalMessages(ctx, number)
	if err != nil {
		d.Logger.WarnContext(ctx, "kept documents are not matched yet", "notice", number, "error", err)
		return
	}
	for i := range kept {
		if err := d.rematchTerminalMessage(ctx, &kept[i]); err != nil {
			d.Logger.WarnContext(ctx, "a kept document is not matched yet", "document", kept[i].ID, "error", err)
		}
	}
}

func (d *Desk) rematchTerminalMessage(ctx context.Context, row *store.TerminalMessage) error {
	partner, err := d.Store.Partner(ctx, row.Source)
	if err != nil {
		return fmt.Errorf("read partner of document: %w", err)
	}
	p := auth.Principal{PartnerID: partner.ID, KeyID: "desk", Role: auth.Role(partner.Role)}
	in := TerminalDocument{Body: row.Body, ContentType: row.ContentType, FileName: row.FileName, Format: row.Format}
	read, err := d.readDocument(p, &in)
	if err != nil {
		return err
	}
	_, err = d.workThrough(ctx, p, in, row, read, TerminalHearing{})
	return err
}
