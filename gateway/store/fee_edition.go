package store

import "context"

// FeeRow is one version of one row of the catalogue of port charges. It is
// written once; no statement changes or deletes it.
type FeeRow struct {
	Kind       string `db:"kind"`
	Key        string `db:"row_key"`
	Version    int    `db:"version"`
	Replaces   int    `db:"replaces"`   // version that it took the place of; 0: none
	ValidFrom  string `db:"valid_from"` // as the row says, for people; empty: open
	ValidTo    string `db:"valid_to"`
	SHA256     string `db:"sha256"`
	Body       []byte `db:"body"`
	RecordedAt int64  `db:"recorded_at"`
}

// FeeEdition is one edition of the catalogue. State is draft, checked,
// published or withdrawn; that a published one is still to come, or is
// superseded, follows from EffectiveAt of it and of SupersededBy, so that no
// process must be awake at the instant.
type FeeEdition struct {
	Number       int    `db:"number"`
	State        string `db:"state"`
	Base         int    `db:"base"` // edition that it was made from; 0: none
	Digest       string `db:"digest"`
	Rows         int    `db:"row_count"`
	Note         string `db:"note"`
	Reason       string `db:"reason"` // why rows are valid from a day that has passed
	Urgent       string `db:"urgent"` // why the notice is short
	DraftedBy    string `db:"drafted_by"`
	DraftedAt    int64  `db:"drafted_at"`
	CheckedBy    string `db:"checked_by"`
	CheckedAt    int64  `db:"checked_at"`
	PublishedBy  string `db:"published_by"`
	PublishedAt  int64  `db:"published_at"`
	EffectiveAt  int64  `db:"effective_at"`
	SupersededBy int    `db:"superseded_by"` // edition that follows; 0: none
	WithdrawnBy  string `db:"withdrawn_by"`
	WithdrawnAt  int64  `db:"withdrawn_at"`
	WithdrawnWhy string `db:"withdrawn_why"`
}

// FeeEditionRow says which version of a row an edition holds.
type FeeEditionRow struct {
	Kind    string `db:"kind"`
	Key     string `db:"row_key"`
	Version int    `db:"version"`
}

// FeeSource is a file that a draft was made from.
type FeeSource struct {
	Edition     int    `db:"edition"`
	Number      int    `db:"number"` // from 1
	Name        string `db:"name"`
	ContentType string `db:"content_type"`
	SHA256      string `db:"sha256"`
	Body        []byte `db:"body"`
}

// FeeChange is what an act writes about port charges. A number or a version
// of a row that is taken, and a step that does not follow from the state, is
// a conflict on "fee_edition".
type FeeChange struct {
	Edition *FeeEdition // a new one
	Rows    []FeeRow    // new versions
	Holds   []FeeEditionRow
	Sources []FeeSource

	Check    *FeeEdition // Number, CheckedBy, CheckedAt
	Publish  *FeeEdition // Number, Base, PublishedBy, PublishedAt, EffectiveAt, Reason, Urgent
	Withdraw *FeeEdition // Number, Base, WithdrawnBy, WithdrawnAt, WithdrawnWhy

	Quotes []FeeQuote // a taken number is a conflict on "fee_quote"
}

const (
	feeRowColumns     = `kind, row_key, version, replaces, valid_from, valid_to, sha256, body, recorded_at`
	feeEditionColumns = `number, state, base, digest, row_count, note, reason, urgent, drafted_by, drafted_at, checked_by, checked_at, published_by, published_at,
effective_at, superseded_by, withdrawn_by, withdrawn_at, withdrawn_why`
	feeEditionRowColumns = `edition, position, kind, row_key, version`
	feeSourceColumns     = `edition, number, name, content_type, sha256, body`
)

var (
	insertFeeRow        = newInsert("fee_rows", feeRowColumns)
	insertFeeEdition    = newInsert("fee_editions", feeEditionColumns)
	insertFeeEditionRow = newInsert("fee_edition_rows", feeEditionRowColumns)
	insertFeeSource     = newInsert("fee_sources", feeSourceColumns)
)

const readFeeEdition = `
SELECT number, state, base, digest, row_count, note, reason, urgent, drafted_by, drafted_at, checked_by, checked_at, published_by, published_at,
  effective_at, superseded_by, withdrawn_by, withdrawn_at, withdrawn_why
FROM fee_editions
`

// FeeEditions reads all editions without their rows, newest first.
func (s *Store) FeeEditions(ctx context.Context) ([]FeeEdition, error) {
	var all []FeeEdition
	err := s.all(ctx, &all, readFeeEdition+`ORDER BY number DESC`)
	return all, s.readError(err, "editions of port charges")
}

// FeeEdition reads one edition without its rows.
func (s *Store) FeeEdition(ctx context.Context, number int) (FeeEdition, error) {
	var e FeeEdition
	err := s.get(ctx, &e, readFeeEdition+`WHERE number = ?`, number)
	return e, s.readError(err, "edition %d of port charges", number)
}

// FeeEditionRows reads the rows of an edition in the order of its catalogue.
func (s *Store) FeeEditionRows(ctx context.Context, number int) ([]FeeRow, error) {
	var all []FeeRow
	err := s.all(ctx, &all, `
SELECT r.kind, r.row_key, r.version, r.replaces, r.valid_from, r.valid_to, r.sha256, r.body, r.recorded_at
FROM fee_edition_rows AS e
JOIN fee_rows AS r ON r.kind = e.kind AND r.row_key = e.row_key AND r.version = e.version
WHERE e.edition = ?
ORDER BY e.position`, number)
	return all, s.readError(err, "rows of edition %d", number)
}

const feeRowVersions = `
SELECT kind, row_key, version, replaces, valid_from, valid_to, sha256, body, recorded_at
FROM fee_rows
WHERE kind = ? AND row_key = ?
ORDER BY version DESC`

// FeeRowVersions reads every version of a row, drafted ones too, newest first.
func (s *Store) FeeRowVersions(ctx context.Context, kind, key string) ([]FeeRow, error) {
	var all []FeeRow
	err := s.all(ctx, &all, feeRowVersions, kind, key)
	return all, s.readError(err, "versions of %.32q %.80q", kind, key)
}

// FeeRowHold says that an edition holds a version of a row.
type FeeRowHold struct {
	Edition int `db:"edition"`
	Version int `db:"version"`
}

const feeRowHolds = `
SELECT edition, version
FROM fee_edition_rows
WHERE kind = ? AND row_key = ?
ORDER BY edition`

// FeeRowHolds reads which editions hold which version of a row, by edition.
func (s *Store) FeeRowHolds(ctx context.Context, kind, key string) ([]FeeRowHold, error) {
	var all []FeeRowHold
	err := s.all(ctx, &all, feeRowHolds, kind, key)
	return all, s.readError(err, "editions with %.32q %.80q", kind, key)
}

// FeeRowCounts reads the newest version of every row of the catalogue, drafted ones too.
func (s *Store) FeeRowCounts(ctx context.Context) ([]FeeEditionRow, error) {
	var all []FeeEditionRow
	err := s.all(ctx, &all, `
SELECT kind, row_key, MAX(version) AS version
FROM fee_rows
GROUP BY kind, row_key`)
	return all, s.readError(err, "newest versions of rows")
}

// FeeSources reads the files that a draft was made from.
func (s *Store) FeeSources(ctx context.Context, edition int) ([]FeeSource, error) {
	var all []FeeSource
	err := s.all(ctx, &all, `
SELECT edition, number, name, content_type, sha256, body
FROM fee_sources
WHERE edition = ?
ORDER BY number`, edition)
	return all, s.readError(err, "files of edition %d", edition)
}
