package store

import (
	"context"
	"fmt"
	"slices"
)

// Fact is something that a partner reported about goods, a box or a ship. It
// is kept whether it matches a declaration or not, and never deleted: a
// withdrawal is a Fact of its own that names the one it withdraws.
type Fact struct {
	ID          string `db:"id"`
	Identity    string `db:"identity"` // unique: source and reference, or source and content
	State       string `db:"state"`    // matched, unmatched
	Reason      string `db:"reason"`   // why unmatched; empty when matched
	Kind        string `db:"kind"`
	Subject     string `db:"subject"` // the number under which it is looked for
	Source      string `db:"source"`  // partner that reported it
	Role        string `db:"role"`    // of that partner at the time
	Reference   string `db:"reference"`
	Withdraws   string `db:"withdraws"`    // id of the fact that this one takes back
	WithdrawnBy string `db:"withdrawn_by"` // id of the fact that took this one back
	DocumentSHA string `db:"document_sha"` // of the FactDocument that brought it
	ContentSHA  string `db:"content_sha"`
	Content     string `db:"content"` // canonical JSON
	Spread      bool   `db:"spread"`  // all declarations that were there when it came have been joined to it
	At          int64  `db:"at"`      // when it happened; 0 when the message does not tell
	HeardAt     int64  `db:"heard_at"`
}

// FactDocument is the exact bytes that one or many facts came in.
type FactDocument struct {
	SHA256      string `db:"sha256"`
	ContentType string `db:"content_type"`
	Source      string `db:"source"`
	Body        []byte `db:"body"`
	At          int64  `db:"at"`
}

// FactLink joins a fact to a declaration.
type FactLink struct {
	FactID        string `db:"fact_id"`
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
	At            int64  `db:"at"`
}

// FactSubject is a number under which a submitted declaration can be the
// subject of a fact. It only finds candidates: an edited document leaves old
// ones behind, and the document itself decides.
type FactSubject struct {
	Subject       string `db:"subject"`
	Tenant        string `db:"tenant"`
	DeclarationID string `db:"declaration_id"`
}

// FactState says how far a stored fact got.
type FactState struct {
	ID, State, Reason string
	Spread            bool
}

// FactWithdrawal takes a fact back, once, and only for who reported it.
type FactWithdrawal struct{ ID, By, Source string }

const (
	factColumns = `id, identity, state, reason, kind, subject, source, role, reference, withdraws, withdrawn_by,
document_sha, content_sha, content, spread, at, heard_at`
	factDocumentColumns = `sha256, content_type, source, body, at`
	factLinkColumns     = `fact_id, tenant, declaration_id, at`
	factSubjectColumns  = `subject, tenant, declaration_id`
)

const readFact = `
SELECT f.id, f.identity, f.state, f.reason, f.kind, f.subject, f.source, f.role, f.reference, f.withdraws, f.withdrawn_by,
  f.document_sha, f.content_sha, f.content, f.spread, f.at, f.heard_at
FROM facts AS f
`

var (
	insertFact     = newInsert("facts", factColumns)
	insertFactLink = newInsert("fact_links", factLinkColumns)
)

// factRows are the new rows of facts and deadlines in one batch.
type factRows struct{ documents, facts, links, subjects, deadlines *rows }

func newFactRows(d *dialect) *factRows {
	return &factRows{d.insertFactDocument.rows(), insertFact.rows(), insertFactLink.rows(), d.insertFactSubject.rows(), insertDeadline.rows()}
}

func (r *factRows) list() []*rows {
	return []*rows{r.documents, r.facts, r.links, r.subjects, r.deadlines}
}

func (r *factRows) gather(c *Change) {
	for i := range c.FactDocuments {
		f := &c.FactDocuments[i]
		r.documents.add(len(f.Body)+256, f.SHA256, f.ContentType, f.Source, blob(f.Body), f.At)
	}
	for i := range c.Facts {
		f := &c.Facts[i]
		r.facts.add(len(f.Content)+512, f.ID, f.Identity, f.State, f.Reason, f.Kind, f.Subject, f.Source, f.Role, f.Reference,
			f.Withdraws, f.WithdrawnBy, f.DocumentSHA, f.ContentSHA, f.Content, f.Spread, f.At, f.HeardAt)
	}
	for i := range c.FactLinks {
		l := &c.FactLinks[i]
		r.links.add(256, l.FactID, l.Tenant, l.DeclarationID, l.At)
	}
	for i := range c.FactSubjects {
		s := &c.FactSubjects[i]
		r.subjects.add(256, s.Subject, s.Tenant, s.DeclarationID)
	}
	for i := range c.Deadlines {
		if c.Deadlines[i].Version == 0 {
			c.Deadlines[i].add(r.deadlines)
		}
	}
}

// alterFacts does what a change does to facts and deadlines that are there.
func (t tx) alterFacts(ctx context.Context, c *Change) error {
	for _, w := range c.FactsWithdrawn {
		if err := t.one(ctx, "facts", &ConflictError{On: "fact"}, `
UPDATE facts
SET withdrawn_by = ?
WHERE id = ? AND source = ? AND withdrawn_by = '' AND withdraws = ''`, w.By, w.ID, w.Source); err != nil {
			return err
		}
	}
	for _, s := range c.FactStates {
		if err := t.one(ctx, "facts", fmt.Errorf("fact %s: %w", s.ID, ErrNotFound), `
UPDATE facts
SET state = CASE WHEN state = 'matched' THEN state ELSE ? END, reason = CASE WHEN state = 'matched' OR ? = 'matched' THEN '' ELSE ? END,
  spread = CASE WHEN ? = 1 THEN 1 ELSE spread END
WHERE id = ?`, s.State, s.State, s.Reason, s.Spread, s.ID); err != nil {
			return err
		}
	}
	for i := range c.Deadlines {
		if c.Deadlines[i].Version > 0 {
			if err := t.updateDeadline(ctx, &c.Deadlines[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// FactByIdentity reads the fact that a partner reported before.
func (s *Store) FactByIdentity(ctx context.Context, identity string) (Fact, error) {
	var f Fact
	err := s.get(ctx, &f, readFact+`WHERE f.identity = ?`, identity)
	return f, s.readError(err, "fact %.80q", identity)
}

// Fact reads one fact of a partner; another's does not exist.
func (s *Store) Fact(ctx context.Context, source, id string) (Fact, error) {
	var f Fact
	err := s.get(ctx, &f, readFact+`WHERE f.id = ? AND f.source = ?`, id, source)
	return f, s.readError(err, "fact %s", id)
}

const factsOf = readFact + `JOIN fact_links AS l ON l.fact_id = f.id
WHERE l.tenant = ? AND l.declaration_id = ?
ORDER BY f.id`

// FactsOf reads the facts about one declaration in the order in which they were heard.
func (s *Store) FactsOf(ctx context.Context, tenant, declarationID string) ([]Fact, error) {
	var rows []Fact
	err := s.all(ctx, &rows, factsOf, tenant, declarationID)
	return rows, s.readError(err, "facts of %s", declarationID)
}

// subjectSlots is how many numbers one statement asks for, so that its text
// stays one; a declaration seldom has more.
const subjectSlots = 8

const factsBySubject = readFact + `WHERE f.subject IN (?, ?, ?, ?, ?, ?, ?, ?) AND f.withdrawn_by = '' AND f.withdraws = ''
ORDER BY f.id
LIMIT 1000`

// FactsBySubject reads the standing facts under any of these numbers, oldest
// first, at most 1000 for each eight numbers.
func (s *Store) FactsBySubject(ctx context.Context, subjects ...string) ([]Fact, error) {
	var all []Fact
	for part := range slices.Chunk(subjects, subjectSlots) {
		args := make([]any, subjectSlots)
		for i := range args {
			args[i] = part[min(i, len(part)-1)]
		}
		var rows []Fact
		if err := s.all(ctx, &rows, factsBySubject, args...); err != nil {
			return nil, s.readError(err, "facts by number")
		}
		all = append(all, rows...)
	}
	return all, nil
}

const factsToSpread = readFact + `WHERE f.spread = 0
ORDER BY f.id
LIMIT ?`

// FactsToSpread reads facts that have not been held against all declarations
// yet: those that a crash left, oldest first.
func (s *Store) FactsToSpread(ctx context.Context, limit int) ([]Fact, error) {
	var rows []Fact
	err := s.all(ctx, &rows, factsToSpread, bounded(limit, 100, 1000))
	return rows, s.readError(err, "facts to spread")
}

const candidatesBySubject = `
SELECT tenant, declaration_id, 0 AS attempt
FROM fact_subjects
WHERE subject = ? AND (tenant > ? OR (tenant = ? AND declaration_id > ?))
ORDER BY tenant, declaration_id
LIMIT ?`

// CandidatesBySubject pages through the declarations, of all tenants, that
// carry a number or carried it before an edit.
func (s *Store) CandidatesBySubject(ctx context.Context, subject string, after Ref, limit int) ([]Ref, error) {
	var refs []Ref
	err := s.all(ctx, &refs, candidatesBySubject, subject, after.Tenant, after.Tenant, after.DeclarationID, bounded(limit, 100, 1000))
	return refs, s.readError(err, "declarations of %s", subject)
}

const linksOfFact = `
SELECT tenant, declaration_id, 0 AS attempt
FROM fact_links
WHERE fact_id = ? AND (tenant > ? OR (tenant = ? AND declaration_id > ?))
ORDER BY tenant, declaration_id
LIMIT ?`

// LinksOfFact pages through the declarations that a fact is joined to.
func (s *Store) LinksOfFact(ctx context.Context, factID string, after Ref, limit int) ([]Ref, error) {
	var refs []Ref
	err := s.all(ctx, &refs, linksOfFact, factID, after.Tenant, after.Tenant, after.DeclarationID, bounded(limit, 100, 1000))
	return refs, s.readError(err, "links of fact %s", factID)
}

const unmatchedFacts = readFact + `WHERE f.state = 'unmatched' AND f.withdrawn_by = '' AND f.withdraws = ''
ORDER BY f.id DESC
LIMIT ?`

// UnmatchedFacts reads standing facts that have no declaration yet, newest first.
func (s *Store) UnmatchedFacts(ctx context.Context, limit int) ([]Fact, error) {
	var rows []Fact
	err := s.all(ctx, &rows, unmatchedFacts, bounded(limit, 100, 1000))
	return rows, s.readError(err, "unmatched facts")
}

// FactLinked tells whether a fact is joined to a declaration.
func (s *Store) FactLinked(ctx context.Context, factID string, ref Ref) (bool, error) {
	var n int
	err := s.get(ctx, &n, `
SELECT COUNT(*)
FROM fact_links
WHERE fact_id = ? AND tenant = ? AND declaration_id = ?`, factID, ref.Tenant, ref.DeclarationID)
	return n > 0, s.readError(err, "link of fact %s", factID)
}

// FactLinks counts the declarations that a fact is joined to.
func (s *Store) FactLinks(ctx context.Context, factID string) (int, error) {
	var n int
	err := s.get(ctx, &n, `
SELECT COUNT(*)
FROM fact_links
WHERE fact_id = ?`, factID)
	return n, s.readError(err, "links of fact %s", factID)
}

// FactDocument reads the exact bytes that a fact came in.
func (s *Store) FactDocument(ctx context.Context, sha string) (FactDocument, error) {
	var d FactDocument
	err := s.get(ctx, &d, `
SELECT sha256, content_type, source, body, at
FROM fact_documents
WHERE sha256 = ?`, sha)
	return d, s.readError(err, "fact document %s", sha)
}

func (v *checker) facts(c *Change) {
	for i := range c.FactDocuments {
		v.text("fact_documents.sha256", c.FactDocuments[i].SHA256, 64)
		v.text("fact_documents.content_type", c.FactDocuments[i].ContentType, 255)
		v.text("fact_documents.source", c.FactDocuments[i].Source, 255)
	}
	for i := range c.Facts {
		f := &c.Facts[i]
		v.ids("facts", f.ID)
		v.text("facts.identity", f.Identity, 600)
		v.among("facts.state", f.State, "matched", "unmatched")
		v.text("facts.reason", f.Reason, 255)
		v.text("facts.kind", f.Kind, 32)
		v.text("facts.subject", f.Subject, 255)
		v.text("facts.source", f.Source, 255)
		v.text("facts.reference", f.Reference, 255)
		v.text("facts.content", f.Content, 1<<20)
	}
	for _, l := range c.FactLinks {
		v.ids("fact_links", l.FactID, l.Tenant, l.DeclarationID)
	}
	for _, s := range c.FactSubjects {
		v.ids("fact_subjects", s.Tenant, s.DeclarationID)
		v.text("fact_subjects.subject", s.Subject, 255)
	}
	for _, s := range c.FactStates {
		v.among("facts.state", s.State, "matched", "unmatched")
	}
	for i := range c.Deadlines {
		d := &c.Deadlines[i]
		v.ids("deadlines", d.Tenant, d.DeclarationID)
		v.text("deadlines.kind", d.Kind, 32)
		v.among("deadlines.state", d.State, "open", "met", "overdue", "void")
		v.text("deadlines.due_day", d.DueDay, 10)
	}
}

// factBytes is what the facts of a change weigh.
func (c *Change) factBytes() int {
	n := 512 * (len(c.Facts) + len(c.FactLinks) + len(c.FactSubjects) + len(c.Deadlines))
	for i := range c.Facts {
		n += len(c.Facts[i].Content)
	}
	for i := range c.FactDocuments {
		n += len(c.FactDocuments[i].Body)
	}
	return n
}
