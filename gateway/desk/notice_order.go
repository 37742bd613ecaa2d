package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Fault codes of the use cases of notices; those of the domain are below 1100.
const (
	CodeNoTerminal    = "NOT-1201" // warning: nobody here is the terminal of these boxes; args: value
	CodeNoDeclaration = "NOT-1202" // warning: no declaration here has the number; args: value
)

// InspectionOrder is what customs hands in, as it came.
type InspectionOrder struct {
	Body           []byte
	ContentType    string
	IdempotencyKey string
	RequestSHA     string
	Render         func(Ordered) Replayed
}

// Ordered is what became of an order.
type Ordered struct {
	Notices  []OrderedNotice
	Faults   []declarations.Fault // warnings
	Existing bool                 // the same order was heard before
	Answer   Replayed
	Repeated bool // Answer is the stored first answer
}

// OrderedNotice is one notice that an order made or changed.
type OrderedNotice struct {
	ID, Number, State, Terminal, Person string
	Version                             int
	Boxes                               []string
	Applied                             bool // false: an older version, kept and not applied
}

// NoticeConflictError says which notice stands in the way.
type NoticeConflictError struct {
	Number, State string
	Allowed       []inspection.Kind
	Why           string // box_open, message_id, or the slug of a refusal
	Box           string
}

func (e *NoticeConflictError) Error() string { return "notice " + e.Number + ": " + e.Why }

// orderKey is the key under which an order's own number is remembered; a key
// from a header has no blank.
func orderKey(messageID string) string { return "inspection order " + messageID }

// OrderInspection takes an order of customs in: a new notice, or a change to
// one. The same order again gets the first answer. Errors: *FaultsError,
// *NoticeConflictError, ErrIdempotency, store.ErrNotFound (a notice of
// somebody else), auth.ErrForbidden, store.ErrUnavailable.
func (d *Desk) OrderInspection(ctx context.Context, p auth.Principal, in InspectionOrder) (Ordered, error) {
	if err := allow(p, auth.OrderInspection); err != nil {
		return Ordered{}, err
	}
	for range versionRetries {
		out, err := d.orderOnce(ctx, p, in)
		if store.IsConflict(err) {
			continue
		}
		return out, err
	}
	return Ordered{}, fmt.Errorf("order inspection: too many writers at once: %w", store.ErrUnavailable)
}

func (d *Desk) orderOnce(ctx context.Context, p auth.Principal, in InspectionOrder) (Ordered, error) {
	first, err := d.replay(ctx, p.PartnerID, in.IdempotencyKey, in.RequestSHA)
	if err != nil {
		return Ordered{}, err
	}
	if first != nil {
		return Ordered{Answer: *first, Repeated: true}, nil
	}
	o, faults := inspection.ParseOrder(in.Body)
	if !declarations.Rejected(faults) {
		faults = append(faults, inspection.CheckOrder(&o)...)
		faults = append(faults, d.magicBoxes(&o)...)
	}
	if declarations.Rejected(faults) {
		return Ordered{}, &FaultsError{faults}
	}
	if known, err := d.orderBefore(ctx, p, in, &o); known != nil || err != nil {
		return Ordered{Existing: true, Answer: deref(known)}, err
	}
	w := &orderWork{d: d, p: p, o: &o, c: &store.Change{}, sha: digest(in.Body)}
	w.out.Faults = faults
	if o.Action == inspection.Issue {
		err = w.issue(ctx)
	} else {
		err = w.revise(ctx)
	}
	if err != nil {
		return Ordered{}, err
	}
	return w.finish(ctx, in)
}

func deref(r *Replayed) Replayed {
	if r == nil {
		return Replayed{}
	}
	return *r
}

// orderBefore is the answer to the same order by customs' own number of it.
func (d *Desk) orderBefore(ctx context.Context, p auth.Principal, in InspectionOrder, o *inspection.Order) (*Replayed, error) {
	if o.SourceMessageID == "" {
		return nil, nil
	}
	known, err := d.replay(ctx, p.PartnerID, orderKey(o.SourceMessageID), digest(in.Body))
	if errors.Is(err, ErrIdempotency) {
		return nil, &NoticeConflictError{Number: o.Number, Why: "message_id"}
	}
	return known, err
}

// orderWork is one order on its way into a change.
type orderWork struct {
	d   *Desk
	p   auth.Principal
	o   *inspection.Order
	c   *store.Change
	sha string
	out Ordered
}

// finish commits the order with the answers that its keys repeat.
func (w *orderWork) finish(ctx context.Context, in InspectionOrder) (Ordered, error) {
	d, now := w.d, w.d.now()
	w.out.Answer = in.Render(w.out)
	a := &w.out.Answer
	keep := func(key, sha string) {
		if key != "" {
			w.c.Answers = append(w.c.Answers, store.Idempotency{Tenant: w.p.PartnerID, Key: key, RequestSHA: sha,
				Status: a.Status, ContentType: a.ContentType, Body: a.Body, CreatedAt: now})
		}
	}
	keep(in.IdempotencyKey, in.RequestSHA)
	if w.o.SourceMessageID != "" {
		keep(orderKey(w.o.SourceMessageID), w.sha)
	}
	for i := range w.out.Notices {
		w.c.Audit = append(w.c.Audit, d.audit(w.p.KeyID, "inspection."+string(w.o.Action), w.p.PartnerID, w.out.Notices[i].ID, w.sha))
	}
	if err := d.commitNotices(ctx, w.c); err != nil {
		return Ordered{}, err
	}
	d.afterwards(w.c)
	for i := range w.out.Notices {
		d.rematchTerminalMessages(ctx, w.out.Notices[i].Number)
	}
	return w.out, nil
}

// nobodys warns that nobody here is the terminal of boxes.
func (w *orderWork) nobodys(value string) {
	w.out.Faults = append(w.out.Faults, declarations.Fault{Code: CodeNoTerminal, Severity: declarations.Warn, Path: "terminal_id", Args: map[string]string{"value": value}})
}

func (w *orderWork) tell(a *noticeAct, applied bool) {
	n := OrderedNotice{ID: a.row.ID, Number: a.row.Number, State: a.row.State, Terminal: a.row.Terminal, Person: a.row.Person, Version: a.row.Content, Applied: applied}
	for i := range a.overview.Boxes {
		n.Boxes = append(n.Boxes, a.overview.Boxes[i].Box)
	}
	w.out.Notices = append(w.out.Notices, n)
}

// issue makes a notice for each terminal that holds boxes of the order. A
// notice that a receipt opened before is changed by it instead.
func (w *orderWork) issue(ctx context.Context) error {
	d := w.d
	decl, doc, err := d.declarationNamed(ctx, w.o.DeclarationNumber)
	if err != nil {
		return err
	}
	if decl == nil {
		w.out.Faults = append(w.out.Faults, declarations.Fault{Code: CodeNoDeclaration, Severity: declarations.Warn, Path: "declaration_no",
			Args: map[string]string{"value": w.o.DeclarationNumber}})
	}
	whole, faults := inspection.NextVersion(nil, w.o, d.Clock())
	if declarations.Rejected(faults) {
		return &FaultsError{faults}
	}
	fillFrom(&whole, doc)
	named := whole.Terminal
	parts, err := d.byTerminal(ctx, &whole)
	if err != nil {
		return err
	}
	for i := range parts {
		part := &parts[i]
		if part.Terminal == "" {
			w.nobodys(firstOf(named, part.GoodsPlace))
		}
		if i > 0 && part.Number != "" {
			part.Number += fmt.Sprintf("-%d", i+1) // one number names one notice at one terminal
		}
		open, err := w.openOf(ctx, part)
		if err != nil {
			return err
		}
		if open != nil {
			err = w.adopt(ctx, open, part)
		} else {
			err = w.open(ctx, part, decl)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// openOf is the open notice that a receipt made of these boxes; nil when no
// box is open. Any other open notice is in the way.
func (w *orderWork) openOf(ctx context.Context, n *inspection.Notice) (*dossier, error) {
	var found *dossier
	for i := range n.Boxes {
		if n.Boxes[i].ContainerNumber == "" {
			continue
		}
		row, err := w.d.Store.OpenNoticeOf(ctx, n.Boxes[i].ContainerNumber, n.Purpose)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("look up open notice of box: %w", err)
		}
		f, err := w.d.dossierOf(ctx, &row)
		if err != nil {
			return nil, err
		}
		if f.ordered || n.DeclarationNumber != "" && row.EntryNumber != "" && n.DeclarationNumber != row.EntryNumber || found != nil && found.row.ID != row.ID {
			return nil, w.standing(f, n.Boxes[i].ContainerNumber)
		}
		found = f
	}
	return found, nil
}

// standing names the notice that holds a box; another authority's is not named.
func (w *orderWork) standing(f *dossier, box string) error {
	e := &NoticeConflictError{Number: f.row.Number, State: f.row.State, Why: "box_open", Box: box,
		Allowed: []inspection.Kind{inspection.Changed, inspection.FollowUpOrdered, inspection.CancelOrdered}}
	if f.row.IssuedBy != w.p.PartnerID {
		e.Number, e.State, e.Allowed = "", "", nil
	}
	return e
}

// open makes a new notice.
func (w *orderWork) open(ctx context.Context, n *inspection.Notice, decl *store.Declaration) error {
	d := w.d
	if n.Number == "" {
		n.Number = d.noticeNumber()
	}
	a, err := d.newNotice(ctx, w.c, n, w.p.PartnerID, decl)
	if err != nil {
		return err
	}
	if err := a.write(n, w.event(inspection.Issued), w.identity(), ""); err != nil {
		return err
	}
	if err := a.settle(ctx); err != nil {
		return err
	}
	w.tell(a, true)
	return nil
}

// newNotice starts a notice that is not there yet.
func (d *Desk) newNotice(ctx context.Context, c *store.Change, n *inspection.Notice, issuedBy string, decl *store.Declaration) (*noticeAct, error) {
	f := &dossier{row: store.Notice{ID: d.NewID(), Number: n.Number, IssuedBy: issuedBy, Terminal: n.Terminal,
		EntryNumber: n.DeclarationNumber, CreatedAt: d.now()}}
	if decl != nil {
		f.row.Tenant, f.row.DeclarationID = decl.Tenant, decl.ID
	}
	var err error
	if f.capability, err = d.capabilityOf(ctx, n.Terminal); err != nil {
		return nil, err
	}
	a := d.begin(f, c)
	a.decl = decl
	return a, nil
}

// noticeNumber is made for one who reads it over the telephone: the day at
// the port and eight letters and digits that are not taken for each other.
func (d *Desk) noticeNumber() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	id := strings.ReplaceAll(d.NewID(), "-", "")
	tail := digest([]byte(id))
	var b strings.Builder
	b.WriteString("N" + d.Clock().In(portTime).Format("060102") + "-")
	for i := range 8 {
		b.WriteByte(alphabet[int(hexValue(tail[2*i])<<1|hexValue(tail[2*i+1])>>3)%len(alphabet)])
	}
	return b.String()
}

func hexValue(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// portTime is the time of the port: China Standard Time, all year round.
var portTime = time.FixedZone("CST", 8*60*60)

func (w *orderWork) event(k inspection.Kind) *inspection.Event {
	return &inspection.Event{Kind: k, Actor: inspection.ByCustoms, Source: w.p.PartnerID, Reference: w.o.SourceMessageID}
}

func (w *orderWork) identity() string {
	if w.o.SourceMessageID != "" {
		return w.p.PartnerID + "|r|" + w.o.SourceMessageID
	}
	return w.p.PartnerID + "|c|" + w.sha
}

// adopt makes the order the next version of a notice that a receipt opened.
func (w *orderWork) adopt(ctx context.Context, f *dossier, n *inspection.Notice) error {
	o := *w.o
	o.Action, o.Notice, o.Version = inspection.Change, *n, 0
	o.Number = f.row.Number
	f.row.IssuedBy = w.p.PartnerID
	return w.next(ctx, f, &o)
}

// orderKinds are the events by which the actions on a notice are told.
var orderKinds = map[inspection.Action]inspection.Kind{
	inspection.Change: inspection.Changed, inspection.Cancel: inspection.CancelOrdered,
	inspection.FollowUp: inspection.FollowUpOrdered, inspection.TransferSite: inspection.TransferOrdered,
}

// revise changes a notice that stands.
func (w *orderWork) revise(ctx context.Context) error {
	f, err := w.d.noticeFor(ctx, w.p, w.o.Number)
	if err != nil {
		return err
	}
	if w.o.Action == inspection.Change {
		_, doc, err := w.d.declarationNamed(ctx, w.o.DeclarationNumber)
		if err != nil {
			return err
		}
		fillFrom(&w.o.Notice, doc)
	}
	return w.next(ctx, f, w.o)
}

// next applies an order to a notice; one that is older than what stands is
// kept and not applied.
func (w *orderWork) next(ctx context.Context, f *dossier, o *inspection.Order) error {
	d := w.d
	a := d.begin(f, w.c)
	e := w.event(orderKinds[o.Action])
	e.Reason, e.Text, e.OrderedBy = "", o.ChangeReason, o.PaidBy
	if o.Version != 0 && o.Version <= f.newest().Version {
		return w.late(ctx, a, e, o)
	}
	if refusal := inspection.Admit(f.input(a.now), e); refusal != nil {
		return &NoticeConflictError{Number: f.row.Number, State: string(refusal.State), Allowed: refusal.Allowed, Why: refusal.Why}
	}
	if named := o.Terminal; named != "" {
		terminal, err := d.terminalNamed(ctx, named)
		if err != nil {
			return err
		}
		if terminal == "" {
			w.nobodys(named)
		}
		o.Terminal = terminal
	}
	n, faults := inspection.NextVersion(f.newest(), o, a.now)
	if declarations.Rejected(faults) {
		return &FaultsError{faults}
	}
	if err := a.to(ctx, n.Terminal); err != nil {
		return err
	}
	if err := a.write(&n, e, w.identity(), ""); err != nil {
		return err
	}
	if err := a.settle(ctx); err != nil {
		return err
	}
	w.tell(a, true)
	return nil
}

// late keeps a version that came behind a newer one.
func (w *orderWork) late(ctx context.Context, a *noticeAct, e *inspection.Event, o *inspection.Order) error {
	if a.version(o.Version) == nil {
		n := o.Notice
		n.Number, n.Version, n.Change, n.IssuedAt = a.row.Number, o.Version, o.Action, a.now
		if err := a.write(&n, nil, "", ""); err != nil {
			return err
		}
		a.versions, a.written = a.versions[:len(a.versions)-1], nil
	}
	e.Version = o.Version
	if err := a.hear(e, w.identity(), "", "old_version"); err != nil {
		return err
	}
	if err := a.settle(ctx); err != nil {
		return err
	}
	w.tell(a, false)
	return nil
}

// to moves the notice to another terminal; the one before is told that it is off.
func (a *noticeAct) to(ctx context.Context, terminal string) error {
	if terminal == a.row.Terminal {
		return nil
	}
	a.moved = a.row.Terminal
	a.row.Terminal, a.row.Channel = terminal, 0
	var err error
	a.capability, err = a.d.capabilityOf(ctx, terminal)
	return err
}

// declarationNamed finds the declaration that an order is about, with what it
// says; nil when the number is not known here.
func (d *Desk) declarationNamed(ctx context.Context, number string) (*store.Declaration, *declarations.Declaration, error) {
	if number == "" {
		return nil, nil, nil
	}
	ref, err := d.Store.FindByEntryNumber(ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look up declaration: %w", err)
	}
	row, err := d.Store.Declaration(ctx, ref.Tenant, ref.DeclarationID)
	if err != nil {
		return nil, nil, fmt.Errorf("read declaration: %w", err)
	}
	doc, err := d.documentOf(ctx, &row)
	return &row, doc, err
}

// fillFrom adds what the declaration knows and the order did not tell.
func fillFrom(n *inspection.Notice, doc *declarations.Declaration) {
	if doc == nil {
		return
	}
	t := &doc.Transport
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&n.BillNumber, t.TransportDocumentNumber}, {&n.ShipName, t.MeansName}, {&n.Voyage, t.VoyageNumber}, {&n.GoodsPlace, t.GoodsLocation},
		{&n.CustomsOffice, doc.Header.DeclarationOfficeCode}, {&n.Declarant, doc.Parties.Declarant.Name}, {&n.Regime, doc.Header.TradeModeCode},
		{&n.Direction, directionOf(doc.Header.TradeDirection)},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
}

func directionOf(d declarations.Direction) string {
	switch d {
	case declarations.Import:
		return "import"
	case declarations.Export:
		return "export"
	}
	return ""
}
