package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/versions"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Codes of faults in what a declarant asks for about an accepted declaration.
const (
	CodeNothingChanged  = "AMD-1001" // the amendment says what stands there already
	CodeNoReason        = "AMD-1002" // reason missing or too long; args: limit
	codeControl         = "DEC-0066" // rule V066 holds for the words of a request too: they go into messages; args: element
	CodeFixed           = "AMD-1003" // a field that no amendment may change; args: element, old, new
	CodeNoSecondStep    = "AMD-1004" // Type position 3 of a completion is not 6; args: value
	CodeOtherThanBefore = "AMD-1005" // quantity, value or origin differ from the summary; args: element, old, new
	CodeEvidence        = "AMD-1006" // more evidence, or a longer name, than is kept; args: limit
)

// Reason is why a declarant asks. Code is the authority's reason code, when
// its wire has such; Evidence names the documents that show it.
type Reason struct {
	Code     string
	Text     string
	Evidence []string
}

const (
	maxReason       = 500
	maxReasonCode   = 16
	maxEvidence     = 20
	maxEvidenceName = 64
)

func (r *Reason) faults() []declarations.Fault {
	var out []declarations.Fault
	if n := utf8.RuneCountInString(r.Text); strings.TrimSpace(r.Text) == "" || n > maxReason || !utf8.ValidString(r.Text) {
		out = append(out, declarations.Fault{Code: CodeNoReason, Severity: declarations.Reject, Path: "reason", Args: map[string]string{"limit": strconv.Itoa(maxReason)}})
	}
	if len(r.Code) > maxReasonCode || !utf8.ValidString(r.Code) {
		out = append(out, declarations.Fault{Code: CodeNoReason, Severity: declarations.Reject, Path: "reason_code", Args: map[string]string{"limit": strconv.Itoa(maxReasonCode)}})
	}
	if len(r.Evidence) > maxEvidence {
		out = append(out, declarations.Fault{Code: CodeEvidence, Severity: declarations.Reject, Path: "evidence", Args: map[string]string{"limit": strconv.Itoa(maxEvidence)}})
	}
	for _, t := range []struct{ name, value string }{{"reason", r.Text}, {"reason_code", r.Code}, {"evidence", strings.Join(r.Evidence, "")}} {
		if HasControl(t.value) {
			out = append(out, declarations.Fault{Code: codeControl, Severity: declarations.Reject, Path: t.name, Args: map[string]string{"element": t.name}})
		}
	}
	for i, name := range r.Evidence {
		if name == "" || utf8.RuneCountInString(name) > maxEvidenceName || !utf8.ValidString(name) {
			out = append(out, declarations.Fault{Code: CodeEvidence, Severity: declarations.Reject,
				Path: declarations.IndexPath("evidence", i, ""), Args: map[string]string{"limit": strconv.Itoa(maxEvidenceName)}})
		}
	}
	return out
}

// HasControl reports characters that no text of a message may have; a tab and
// a line break are text.
func HasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' && r != '\r' })
}

func (r *Reason) evidence() []byte {
	b, err := json.Marshal(append([]string{}, r.Evidence...))
	if err != nil { // texts that were found to be UTF-8
		panic(fmt.Sprintf("marshal evidence: %v", err))
	}
	return b
}

// Ask is a request about a declaration on its way in: its Submission is the
// corrected declaration, or what was sent of a cancellation.
type Ask struct {
	Submission
	Reason Reason
	// Render makes the answer that an idempotency key repeats, before the commit.
	Render func(Asked) Replayed
}

// Asked is what became of it. A declaration that was cancelled at once has no request.
type Asked struct {
	Request  store.Request
	Status   string // of the declaration afterwards
	Version  int64  // likewise
	Existing bool   // it was asked before, or is cancelled already
	Answer   Replayed
	Repeated bool // Answer is the stored first answer to the key
}

// RequestError says that another request about the declaration is open, or
// that a request is settled already.
type RequestError struct{ ID, Kind, State string }

func (e *RequestError) Error() string { return e.Kind + " " + e.ID + " is " + e.State }

// Amend asks customs to change an accepted declaration. The request is kept
// with its differences; the declaration stays as it is until customs
// approves. Errors: *StateError, *RequestError, *FaultsError, ErrIdempotency.
func (d *Desk) Amend(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	if err := allow(p, auth.AmendDeclaration); err != nil {
		return Asked{}, err
	}
	return d.ask(ctx, p, in, func() (Asked, error) { return d.amendOnce(ctx, p, id, in) })
}

// ask runs one request with the rules of idempotency keys and of racing writers.
func (d *Desk) ask(ctx context.Context, p auth.Principal, in Ask, once func() (Asked, error)) (Asked, error) {
	for range versionRetries {
		first, err := d.replay(ctx, p.PartnerID, in.IdempotencyKey, in.RequestSHA)
		switch {
		case err != nil:
			return Asked{}, err
		case first != nil:
			return Asked{Answer: *first, Repeated: true}, nil
		}
		a, err := once()
		if store.IsConflict(err, "version", "request", "idempotency") {
			continue // another writer was first: look at what it left
		}
		return a, err
	}
	return Asked{}, fmt.Errorf("too many writers at once: %w", store.ErrUnavailable)
}

func (d *Desk) amendOnce(ctx context.Context, p auth.Principal, id string, in Ask) (Asked, error) {
	row, err := d.Store.Declaration(ctx, p.PartnerID, id)
	if err != nil {
		return Asked{}, fmt.Errorf("read declaration: %w", err)
	}
	if !declarations.CanAmend(declarations.Status(row.Status)) {
		return Asked{}, &StateError{row.Status, words(declarations.Amendable)}
	}
	doc, err := d.read(in.Submission)
	if err != nil {
		return Asked{}, err
	}
	open, err := d.open(ctx, &row)
	switch {
	case err != nil:
		return Asked{}, err
	case open != nil && open.Kind == versionAmendment && open.SHA == doc.sha:
		return asked(in, Asked{Request: *open, Status: row.Status, Version: row.Version, Existing: true}), nil
	case open != nil:
		return Asked{}, &RequestError{open.ID, open.Kind, open.State}
	}
	before, err := stored(row.Document)
	if err != nil {
		return Asked{}, err
	}
	changes := versions.Diff(before, doc.decl)
	if faults := append(in.Reason.faults(), judge(&row, changes)...); len(faults) > 0 {
		return Asked{}, &FaultsError{faults}
	}
	q := store.Request{Kind: versionAmendment, SHA: doc.sha, Document: doc.canonical, Changes: marshalChanges(changes)}
	return d.request(ctx, p, &row, in, q, &Application{Before: before, After: doc.decl, Changes: changes})
}

// fixed are the fields that say which declaration it is. Customs cancels and
// takes a new one when they are wrong.
var fixed = []string{"declaration.client_reference", "declaration.trade_direction", "declaration.filing_step"}

// judge refuses what no amendment may change, and an amendment of nothing. A
// new signature, and the numbers that customs itself gave, are nothing.
func judge(row *store.Declaration, changes []versions.Change) []declarations.Fault {
	var faults []declarations.Fault
	real := 0
	for i := range changes {
		c := &changes[i]
		switch {
		case slices.Contains(fixed, c.Path):
			faults = append(faults, differs(CodeFixed, declarations.Reject, c))
			real++
		case strings.HasPrefix(c.Path, "signature."),
			c.Path == "declaration.platform_sequence_number" && c.New == row.SequenceNumber,
			c.Path == "declaration.customs_entry_number" && c.New == row.EntryNumber:
		default:
			real++
		}
	}
	if real == 0 {
		faults = append(faults, declarations.Fault{Code: CodeNothingChanged, Severity: declarations.Reject})
	}
	return faults
}

func differs(code string, s declarations.Severity, c *versions.Change) declarations.Fault {
	return declarations.Fault{Code: code, Severity: s, Path: c.Path,
		Args: map[string]string{"element": versions.Element(c.Generic()), "old": cutShort(c.Old), "new": cutShort(c.New)}}
}

// cutShort bounds a value in a message.
func cutShort(v string) string {
	if r := []rune(v); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return v
}

// open is the request about the declaration that nobody decided, or nil.
func (d *Desk) open(ctx context.Context, row *store.Declaration) (*store.Request, error) {
	q, err := d.Store.OpenRequest(ctx, row.Tenant, row.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look up open request: %w", err)
	}
	return &q, nil
}

// request commits a request with what came in and, where the wire has a
// message for it, what goes out.
func (d *Desk) request(ctx context.Context, p auth.Principal, row *store.Declaration, in Ask, q store.Request, a *Application) (Asked, error) {
	past, err := d.history(ctx, row)
	if err != nil {
		return Asked{}, err
	}
	now := d.now()
	row.UpdatedAt, row.Document = now, nil // the document stays
	q.ID, q.Tenant, q.DeclarationID, q.State, q.Base = d.NewID(), row.Tenant, row.ID, "requested", past.newest().Number
	q.Reason, q.ReasonCode, q.Evidence, q.Actor, q.At = in.Reason.Text, in.Reason.Code, in.Reason.evidence(), p.PartnerID, now
	if q.Changes == nil {
		q.Changes = []byte("[]")
	}
	c := store.Change{Update: row, Request: &q, Versions: past.unkept, Messages: []store.Message{d.came(row, q.ID, q.Kind, &in.Submission)}}
	a.ID, a.Kind, a.Reason, a.SequenceNumber, a.EntryNumber = q.ID, q.Kind, in.Reason, row.SequenceNumber, row.EntryNumber
	if err := d.carry(&c, row, a); err != nil {
		return Asked{}, err
	}
	c.Events = append(c.Events, d.spoken(row, q.Kind+"_requested", p.PartnerID, q.Reason, now))
	c.Audit = append(c.Audit, d.audit(p.KeyID, action(q.Kind), row.Tenant, row.ID, q.SHA))
	out := asked(in, Asked{Request: q, Status: row.Status, Version: row.Version + 1})
	c.Idempotency = d.remember(row, &in.Submission, out.Answer)
	if err := d.commit(ctx, row, c); err != nil {
		return Asked{}, err
	}
	if len(c.Outbox) > 0 {
		d.Wake()
	}
	d.tell()
	return out, nil
}

func action(kind string) string {
	if kind == versionAmendment {
		return string(auth.AmendDeclaration)
	}
	return string(auth.CancelDeclaration)
}

func asked(in Ask, a Asked) Asked {
	a.Answer = in.Render(a)
	return a
}

// came keeps what came in, byte for byte. The message that brought a request
// has the id of the request.
func (d *Desk) came(row *store.Declaration, id, kind string, s *Submission) store.Message {
	return store.Message{Tenant: row.Tenant, DeclarationID: row.ID, ID: id, Attempt: row.Attempt, Direction: "in", Kind: kind,
		ContentType: s.ContentType, SHA256: digest(s.Body), Body: s.Body, Peer: s.Peer, At: row.UpdatedAt}
}

// spoken is a timeline entry with words of a person in it.
func (d *Desk) spoken(row *store.Declaration, kind, source, text string, at int64) store.Event {
	e := d.act(row, kind, source, at)
	e.Text = text
	return e
}

func (d *Desk) remember(row *store.Declaration, s *Submission, answer Replayed) *store.Idempotency {
	if s.IdempotencyKey == "" {
		return nil
	}
	return &store.Idempotency{Tenant: row.Tenant, Key: s.IdempotencyKey, RequestSHA: s.RequestSHA,
		Status: answer.Status, ContentType: answer.ContentType, Body: answer.Body, CreatedAt: row.UpdatedAt}
}

func words(list []declarations.Status) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
