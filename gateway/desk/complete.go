package desk

import (
	"context"
	"fmt"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/intake"
	"kouan/declarations/versions"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// ConfirmError lists what differs from the summary: it is sent only when the
// declarant says that it is meant.
type ConfirmError struct{ Faults []declarations.Fault }

func (e *ConfirmError) Error() string { return fmt.Sprintf("%d differences to confirm", len(e.Faults)) }

// Complete sends the full declaration of a two-step one (完整申报): attempt n+1
// of the same declaration, under the number that customs gave to the summary
// (clearance-modes.md §3.3). Errors: *StateError before the summary stands,
// *RequestError while customs decides something else, *ConfirmError,
// *FaultsError, ErrIdempotency.
func (d *Desk) Complete(ctx context.Context, p auth.Principal, id string, confirmed bool, s Submission) (Accepted, error) {
	if err := allow(p, auth.CompleteDeclaration); err != nil {
		return Accepted{}, err
	}
	for range versionRetries {
		first, err := d.replay(ctx, p.PartnerID, s.IdempotencyKey, s.RequestSHA)
		switch {
		case err != nil:
			return Accepted{}, err
		case first != nil:
			return Accepted{Answer: *first, Repeated: true}, nil
		}
		a, err := d.completeOnce(ctx, p, id, confirmed, s)
		if store.IsConflict(err, "version", "request", "idempotency") {
			continue
		}
		return a, err
	}
	return Accepted{}, fmt.Errorf("complete %s: too many writers at once: %w", id, store.ErrUnavailable)
}

func (d *Desk) completeOnce(ctx context.Context, p auth.Principal, id string, confirmed bool, s Submission) (Accepted, error) {
	row, err := d.Store.Declaration(ctx, p.PartnerID, id)
	if err != nil {
		return Accepted{}, fmt.Errorf("read declaration: %w", err)
	}
	if !row.Summary || !declarations.CanComplete(declarations.Status(row.Status)) {
		return Accepted{}, &StateError{row.Status, words(declarations.Completable)}
	}
	open, err := d.open(ctx, &row)
	switch {
	case err != nil:
		return Accepted{}, err
	case open != nil:
		return Accepted{}, &RequestError{open.ID, open.Kind, open.State}
	}
	summary, err := stored(row.Document)
	if err != nil {
		return Accepted{}, err
	}
	doc, differences, err := d.readFull(&row, summary, s)
	if err != nil {
		return Accepted{}, err
	}
	if len(differences) > 0 && !confirmed {
		return Accepted{}, &ConfirmError{differences}
	}
	doc.faults = append(doc.faults, differences...)
	s.step = versionCompletion
	next := row
	fill(&next, doc, d.now())
	past, err := d.history(ctx, &row)
	if err != nil {
		return Accepted{}, err
	}
	return d.accept(ctx, p, s, doc, &next, past, store.Change{Update: &next})
}

// readFull reads the full declaration: with the summary's number where it has
// none, judged by every rule and against the summary. What is returned with
// it differs from the summary and is allowed to.
func (d *Desk) readFull(row *store.Declaration, summary *declarations.Declaration, s Submission) (*document, []declarations.Fault, error) {
	rows := intake.Read(s.Body, s.Format)
	if len(rows) != 1 {
		return nil, nil, fmt.Errorf("read completion: %d rows", len(rows))
	}
	in := &rows[0]
	if declarations.Rejected(in.Faults) {
		return nil, nil, &FaultsError{in.Faults}
	}
	h := &in.Declaration.Header
	if h.PlatformSequenceNumber == "" {
		h.PlatformSequenceNumber = row.SequenceNumber
	}
	faults, differences := in.CheckBy(d.Judge()), []declarations.Fault{}
	for _, f := range against(row, summary, &in.Declaration) {
		f.Path, f.Line, f.Column = in.Locate(f.Path)
		if f.Severity == declarations.Warn {
			differences = append(differences, f)
		} else {
			faults = append(faults, f)
		}
	}
	if declarations.Rejected(faults) {
		return nil, nil, &FaultsError{faults}
	}
	canonical, err := intake.Marshal(&in.Declaration)
	if err != nil {
		return nil, nil, fmt.Errorf("write canonical form: %w", err)
	}
	return &document{decl: &in.Declaration, canonical: canonical, sha: digest(canonical), faults: faults}, differences, nil
}

// against holds a full declaration against its summary. What must not differ
// is rejected; quantity, value, origin, lines and number are warnings, which
// the declarant confirms (clearance-modes.md §3.3, own rule).
func against(row *store.Declaration, summary, full *declarations.Declaration) []declarations.Fault {
	var faults []declarations.Fault
	if step := full.Header.FilingStep; step != "6" {
		faults = append(faults, declarations.Fault{Code: CodeNoSecondStep, Severity: declarations.Reject, Path: "declaration.filing_step",
			Args: map[string]string{"value": cutShort(step)}})
	}
	for _, f := range []struct{ path, old, new string }{
		{"declaration.client_reference", summary.Header.ClientReference, full.Header.ClientReference},
		{"declaration.trade_direction", string(summary.Header.TradeDirection), string(full.Header.TradeDirection)},
	} {
		if f.old != f.new {
			faults = append(faults, differs(CodeFixed, declarations.Reject, &versions.Change{Path: f.path, Old: f.old, New: f.new}))
		}
	}
	differences, found := clearance.CompareWithSummary(summary, full, row.SequenceNumber)
	faults = append(faults, found...)
	for i := range differences {
		c := &differences[i]
		if c.Summary != "" { // what the summary left open is added, not changed
			faults = append(faults, differs(CodeOtherThanBefore, declarations.Warn, &versions.Change{Path: c.Path, Old: c.Summary, New: c.Full}))
		}
	}
	return faults
}
