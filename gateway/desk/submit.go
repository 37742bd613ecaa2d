package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Submission is one document of a forwarder on its way in.
type Submission struct {
	Body           []byte
	Format         intake.Format
	ContentType    string
	Draft          bool   // keep it with its faults, send nothing
	IdempotencyKey string // optional
	RequestSHA     string // of everything that the key stands for: method, path and body
	Peer           string
	step           string // versionCompletion when it is the second step of a two-step declaration
	// Render makes the answer that the key repeats. It is called before the
	// commit, because the answer is committed with the fact it tells.
	Render func(Accepted) Replayed

	row *intake.Row // one declaration of a file, read already
}

// codeSeveral says that a document holds more than one declaration where one
// is asked for; args: count.
const codeSeveral = "CSV-1028"

// Accepted is what became of a submission.
type Accepted struct {
	ID, Reference, Status string
	Attempt               int
	Version               int64
	Faults                []declarations.Fault // warnings; for a draft everything found
	Existing              bool                 // the same content was accepted before under this reference
	Answer                Replayed
	Repeated              bool // Answer is the stored first answer to the key
}

// Submit takes a declaration in. A repeated key or repeated content gets the
// first answer. Errors: *FaultsError, *ReferenceError, ErrIdempotency,
// auth.ErrForbidden, store.ErrUnavailable (nothing was written).
func (d *Desk) Submit(ctx context.Context, p auth.Principal, s Submission) (Accepted, error) {
	if err := allow(p, auth.SubmitDeclaration); err != nil {
		return Accepted{}, err
	}
	seen := d.recent.saw(p.PartnerID, s.IdempotencyKey, s.RequestSHA)
	if seen {
		first, err := d.replay(ctx, p.PartnerID, s.IdempotencyKey, s.RequestSHA)
		if err != nil {
			return Accepted{}, err
		}
		if first != nil {
			return Accepted{Answer: *first, Repeated: true}, nil
		}
	}
	doc, err := d.read(s)
	if err != nil {
		return d.refused(ctx, p, s, err)
	}
	if !seen {
		// Almost every submission is new: it is written without looking, and
		// the unique keys say when it was not.
		a, err := d.acceptNew(ctx, p, s, doc)
		if !store.IsConflict(err, "reference", "idempotency") {
			return a, err
		}
	}
	for range versionRetries {
		a, err := d.submitOnce(ctx, p, s, doc)
		a, err = d.overtaken(ctx, p, s, a, err)
		if store.IsConflict(err, "reference", "version", "idempotency", "request") {
			continue // another writer was first: look at what it left
		}
		return a, err
	}
	return Accepted{}, fmt.Errorf("submit %s: too many writers at once: %w", doc.decl.Header.ClientReference, store.ErrUnavailable)
}

// refused answers a document that cannot be taken: when its key has an answer
// already, the key decides.
func (d *Desk) refused(ctx context.Context, p auth.Principal, s Submission, err error) (Accepted, error) {
	first, lookErr := d.replay(ctx, p.PartnerID, s.IdempotencyKey, s.RequestSHA)
	switch {
	case lookErr != nil:
		return Accepted{}, lookErr
	case first != nil:
		return Accepted{Answer: *first, Repeated: true}, nil
	}
	return Accepted{}, err
}

// overtaken looks again for the first answer to the key when this request
// wrote nothing: another one with the same key may have been faster between
// the look-up and the write, and then its answer is this one's as well.
func (d *Desk) overtaken(ctx context.Context, p auth.Principal, s Submission, a Accepted, err error) (Accepted, error) {
	if err == nil && !a.Existing {
		return a, nil
	}
	first, lookErr := d.replay(ctx, p.PartnerID, s.IdempotencyKey, s.RequestSHA)
	switch {
	case lookErr != nil:
		return Accepted{}, lookErr
	case first != nil:
		return Accepted{Answer: *first, Repeated: true}, nil
	}
	return a, err
}

// document is a submission after reading: what it says, in canonical bytes,
// and what is wrong with it.
type document struct {
	decl      *declarations.Declaration
	canonical []byte
	sha       string
	faults    []declarations.Fault
}

func (d *Desk) read(s Submission) (*document, error) {
	row := s.row
	if row == nil {
		if err := d.schemaFaults(s.Body); err != nil {
			return nil, err
		}
		rows := intake.Read(s.Body, s.Format)
		if len(rows) != 1 {
			return nil, &FaultsError{[]declarations.Fault{{Code: codeSeveral, Severity: declarations.Reject, Args: map[string]string{"count": strconv.Itoa(len(rows))}}}}
		}
		row = &rows[0]
	}
	if declarations.Rejected(row.Faults) {
		return nil, &FaultsError{row.Faults}
	}
	doc := &document{decl: &row.Declaration, faults: append(row.CheckBy(d.Judge()), d.clearanceWarnings(row)...)}
	if !doc.decl.CanBeHeld() || !s.Draft && declarations.Rejected(doc.faults) {
		return nil, &FaultsError{doc.faults}
	}
	canonical, err := intake.Marshal(doc.decl)
	if err != nil {
		return nil, fmt.Errorf("write canonical form: %w", err)
	}
	doc.canonical, doc.sha = canonical, digest(canonical)
	return doc, nil
}

func (d *Desk) submitOnce(ctx context.Context, p auth.Principal, s Submission, doc *document) (Accepted, error) {
	held, err := d.Store.DeclarationByReference(ctx, p.PartnerID, doc.decl.Header.ClientReference)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return d.acceptNew(ctx, p, s, doc)
	case err != nil:
		return Accepted{}, fmt.Errorf("look up reference: %w", err)
	}
	same := held.ContentSHA == doc.sha
	correct := declarations.CanCorrect(declarations.Status(held.Status))
	void := held.Status == string(declarations.StatusResendRequired) // receipt N: the number is void, the same content goes again
	switch {
	case s.Draft && same:
		return d.existing(held, s)
	case !s.Draft && (correct && (!same || void) || held.OwnState == ownDraft && same):
		return d.acceptAgain(ctx, p, s, doc, held)
	case same:
		return d.existing(held, s)
	}
	return Accepted{}, &ReferenceError{held.ID, held.Status}
}

// existing answers a repeated content with the first id; nothing is written.
func (d *Desk) existing(held store.Declaration, s Submission) (Accepted, error) {
	faults, err := Faults(&held)
	if err != nil {
		return Accepted{}, err
	}
	a := Accepted{ID: held.ID, Reference: held.Reference, Status: held.Status, Attempt: held.Attempt,
		Version: held.Version, Faults: faults, Existing: true}
	a.Answer = s.Render(a)
	return a, nil
}

func (d *Desk) acceptNew(ctx context.Context, p auth.Principal, s Submission, doc *document) (Accepted, error) {
	now := d.now()
	row := store.Declaration{Tenant: p.PartnerID, ID: d.NewID(), Reference: doc.decl.Header.ClientReference,
		OwnState: ownDraft, Status: string(declarations.StatusDraft), Version: 1, CreatedAt: now}
	fill(&row, doc, now)
	c := store.Change{Insert: &row}
	return d.accept(ctx, p, s, doc, &row, nil, c)
}

func (d *Desk) acceptAgain(ctx context.Context, p auth.Principal, s Submission, doc *document, held store.Declaration) (Accepted, error) {
	past, err := d.history(ctx, &held)
	if err != nil {
		return Accepted{}, err
	}
	row := held
	fill(&row, doc, d.now())
	c := store.Change{Update: &row}
	if err := d.lapse(ctx, &c, &row); err != nil {
		return Accepted{}, err
	}
	return d.accept(ctx, p, s, doc, &row, past, c)
}

// column cuts a value of a draft to what a column of its row holds: lists
// and routes use it, the document has it whole.
func column(v string) string {
	const most = 64
	if len(v) <= most {
		return v
	}
	return strings.ToValidUTF8(v[:most], "")
}

// fill copies what the document says into the columns of its row.
func fill(row *store.Declaration, doc *document, now int64) {
	h := &doc.decl.Header
	row.Direction, row.Office, row.Summary = column(string(h.TradeDirection)), column(h.DeclarationOfficeCode), doc.decl.IsSummary()
	row.Document, row.ContentSHA, row.UpdatedAt = doc.canonical, doc.sha, now
	row.Faults = marshalFaults(doc.faults)
}

// accept commits a row with the bytes that came in and, unless it is a
// draft, the message that goes out. past is nil for a new declaration.
func (d *Desk) accept(ctx context.Context, p auth.Principal, s Submission, doc *document, row *store.Declaration, past *history, c store.Change) (Accepted, error) {
	now := row.UpdatedAt
	kind, action := s.kind()
	message := d.NewID()
	c.Messages = append(c.Messages, store.Message{Tenant: row.Tenant, DeclarationID: row.ID, ID: message, Attempt: row.Attempt + 1,
		Direction: "in", Kind: kind, ContentType: s.ContentType, SHA256: digest(s.Body), Body: s.Body, Peer: s.Peer, At: now})
	if past == nil {
		c.Versions = []store.Version{versionOf(row, 1, kind, p.PartnerID, message, "")}
	} else {
		c.Versions = past.next(row, kind, p.PartnerID, message, "")
	}
	c.Messages = append(c.Messages, d.attachments(s, row, now)...)
	if s.Draft {
		c.Events = append(c.Events, d.act(row, "draft_saved", p.PartnerID, now))
	} else if err := d.sendAttempt(&c, row, doc, p.PartnerID); err != nil {
		return Accepted{}, err
	} else {
		c.FactSubjects = factSubjects(row, doc.decl)
	}
	if s.step != "" {
		c.Events = append(c.Events, d.act(row, s.step, p.PartnerID, now))
	}
	a := Accepted{ID: row.ID, Reference: row.Reference, Status: row.Status, Attempt: row.Attempt, Version: row.Version, Faults: doc.faults}
	if c.Update != nil {
		a.Version++
	}
	a.Answer = s.Render(a)
	if s.IdempotencyKey != "" {
		c.Idempotency = &store.Idempotency{Tenant: row.Tenant, Key: s.IdempotencyKey, RequestSHA: s.RequestSHA,
			Status: a.Answer.Status, ContentType: a.Answer.ContentType, Body: a.Answer.Body, CreatedAt: now}
	}
	c.Audit = append(c.Audit, d.audit(p.KeyID, action, row.Tenant, row.ID, row.ContentSHA))
	if err := d.commit(ctx, row, c); err != nil {
		return Accepted{}, err
	}
	if len(c.Outbox) > 0 {
		d.Wake()
		d.welcomeFacts(ctx, row, c.FactSubjects)
	}
	return a, nil
}

// kind names the submission in messages and versions, and the act in the audit log.
func (s *Submission) kind() (kind, action string) {
	switch {
	case s.Draft:
		return versionDraft, "declaration.draft"
	case s.step != "":
		return s.step, "declaration.complete"
	}
	return versionSubmission, "declaration.submit"
}

// attachments are the files that came with the declaration, kept beside its bytes.
func (d *Desk) attachments(s Submission, row *store.Declaration, now int64) []store.Message {
	if s.row == nil {
		return nil
	}
	var out []store.Message
	for i := range s.row.Files {
		f := &s.row.Files[i]
		out = append(out, store.Message{Tenant: row.Tenant, DeclarationID: row.ID, ID: d.NewID(), Attempt: row.Attempt + 1,
			Direction: "in", Kind: "attachment", FileName: f.Name, ContentType: "application/pdf", SHA256: f.SHA256, Body: f.Data, Peer: s.Peer, At: now})
	}
	return out
}

// sendAttempt makes the next attempt: the exact bytes, and the outbox row that
// will carry them. The row moves to queued.
func (d *Desk) sendAttempt(c *store.Change, row *store.Declaration, doc *document, actor string) error {
	route, ok := d.Routes.Route(doc.decl)
	if !ok {
		return fmt.Errorf("route %s: no route matches", row.Reference)
	}
	profile, ok := d.Profiles[route.Profile]
	if !ok {
		return fmt.Errorf("route %s: no profile %s", route.Name, route.Profile)
	}
	body, told := profile.Write(doc.decl)
	if declarations.Rejected(told) {
		return &FaultsError{told}
	}
	if len(told) > 0 { // what the message does not carry is a warning of the declaration
		doc.faults = append(doc.faults, told...)
		row.Faults = marshalFaults(doc.faults)
	}
	row.Attempt++
	row.OutSequence++
	row.OwnState, row.Status = ownQueued, string(declarations.StatusQueued)
	id := d.NewID()
	now := row.UpdatedAt
	c.Messages = append(c.Messages, store.Message{Tenant: row.Tenant, DeclarationID: row.ID, ID: id, Attempt: row.Attempt,
		Direction: "out", Kind: profile.Kind, FileName: fileName(row, id), ContentType: "application/xml",
		SHA256: digest(body), Body: body, Peer: route.Channel, At: now})
	c.Outbox = append(c.Outbox, store.OutboxItem{ID: id, Shard: store.ShardOf(route.Channel, row.ID), Receiver: route.Channel,
		Subject: row.ID, Sequence: row.OutSequence, Tenant: row.Tenant, DeclarationID: row.ID, MessageID: id,
		Attempt: row.Attempt, State: "waiting", NextAt: now, CreatedAt: now})
	c.Events = append(c.Events, d.act(row, "submitted", actor, now))
	c.Clearance = &store.Clearance{Tenant: row.Tenant, DeclarationID: row.ID, Attempt: row.Attempt,
		Mode: string(declarations.ModeOf(doc.decl)), Office: row.Office, Direction: row.Direction, SubmittedAt: now}
	return nil
}

// fileName is free choice of the sender; it begins with direction, reference
// and attempt for people, and ends with the message id for the machine that
// finds it again in the name of an import response.
func fileName(row *store.Declaration, messageID string) string {
	flag := "I"
	if row.Direction == string(declarations.Export) {
		flag = "E"
	}
	ref := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return '-'
	}, row.Reference)
	return fmt.Sprintf("%s_%s_t-%d_%s", flag, ref, row.Attempt, strings.ReplaceAll(messageID, "-", ""))
}

// commit writes a change about a declaration. When the outcome of the COMMIT
// is unknown it looks whether the change stands, and never repeats it.
func (d *Desk) commit(ctx context.Context, row *store.Declaration, c store.Change) error {
	err := d.write(ctx, c)
	if len(c.Outbox) > 0 && store.IsConflict(err, "outbox") {
		// The place in line was counted from the row as it was read. Another
		// process has taken it since: it moved the row, too.
		return &store.ConflictError{On: "version"}
	}
	if !errors.Is(err, store.ErrUnknown) {
		return err
	}
	d.Logger.WarnContext(ctx, "commit outcome unknown, looking it up", "declaration", row.ID)
	stands, lookErr := d.stands(ctx, c)
	switch {
	case lookErr != nil:
		return fmt.Errorf("look up unknown commit of %s: %w", row.ID, errors.Join(store.ErrUnavailable, lookErr))
	case stands:
		return nil
	}
	return fmt.Errorf("commit of %s did not stand: %w", row.ID, store.ErrUnavailable)
}

// stands looks for one row of the change that has an id of its own: the rest
// was committed with it.
func (d *Desk) stands(ctx context.Context, c store.Change) (bool, error) {
	var err error
	switch {
	case len(c.Messages) > 0:
		_, err = d.Store.Message(ctx, c.Messages[0].Tenant, c.Messages[0].ID)
	case len(c.Receipts) > 0:
		var got store.Receipt
		got, err = d.Store.ReceiptByIdentity(ctx, c.Receipts[0].Identity)
		if err == nil && got.ID != c.Receipts[0].ID {
			return false, nil
		}
	default:
		return false, errors.New("nothing in the change has an id of its own")
	}
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
