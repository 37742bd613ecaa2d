package store

import (
	"context"
	"fmt"
)

// FeeBill is a disbursement account that was checked. Who has the secret of
// its link has the account; only the hash is kept. A deleted one keeps its id,
// so that the audit log has something to point at, and nothing that was in it.
type FeeBill struct {
	ID          string `db:"id"`
	SecretHash  string `db:"secret_hash"`
	Identity    string `db:"identity"` // of what the account says: one account in two files has one
	Partner     string `db:"partner"`  // who handed it in; empty: a stranger
	Kind        string `db:"kind"`     // estimate, final
	Estimate    string `db:"estimate"` // id of the estimate that it is held against
	Edition     int    `db:"edition"`  // of the catalogue
	Format      string `db:"format"`   // csv, xlsx, json
	ContentType string `db:"content_type"`
	SHA256      string `db:"sha256"` // of the file as it came
	Size        int64  `db:"size"`
	StoredSHA   string `db:"stored_sha"` // of Body as it is kept
	Sealed      bool   `db:"sealed"`     // Body and Document are unreadable without the key
	Body        []byte `db:"body"`       // the file
	Document    []byte `db:"document"`   // what was read in it, and the findings, as JSON
	Month       string `db:"month"`      // of the call: 2026-09
	IdemTenant  string `db:"idem_tenant"`
	IdemKey     string `db:"idem_key"` // the answer under it goes with the account
	CreatedAt   int64  `db:"created_at"`
	DeletedAt   int64  `db:"deleted_at"`
}

// FeeBillShare is what an account says about one charging body, against
// references of one word. It names no ship, no agent and no payer.
type FeeBillShare struct {
	BillID     string `db:"bill_id"`
	Body       string `db:"body"` // empty: lines that the catalogue does not have
	Word       string `db:"word"`
	Lines      int    `db:"line_count"`
	Agreeing   int    `db:"agreeing"`
	Questioned int    `db:"questioned"`
	BilledFen  int64  `db:"billed_fen"`
	OverFen    int64  `db:"over_fen"`
}

// FeeBillDeletion takes an account away: its bytes, its part in all figures,
// its ratings with their replies, and the answer that its upload got.
type FeeBillDeletion struct {
	ID string
	At int64
}

const (
	feeBillColumns      = `id, secret_hash, identity, partner, kind, estimate, edition, format, content_type, sha256, size, stored_sha, sealed, body, document, month, idem_tenant, idem_key, created_at, deleted_at`
	feeBillShareColumns = `bill_id, body, word, line_count, agreeing, questioned, billed_fen, over_fen`
)

var (
	insertFeeBill      = newInsert("fee_bills", feeBillColumns)
	insertFeeBillShare = newInsert("fee_bill_shares", feeBillShareColumns)
)

// feeBillRows are what a batch puts into the tables of accounts and ratings.
type feeBillRows struct{ bills, shares, ratings, replies *rows }

func newFeeBillRows() *feeBillRows {
	return &feeBillRows{insertFeeBill.rows(), insertFeeBillShare.rows(), insertFeeRating.rows(), insertFeeRatingReply.rows()}
}

func (r *feeBillRows) list() []*rows { return []*rows{r.bills, r.shares, r.ratings, r.replies} }

func (r *feeBillRows) gather(c *Change) {
	if b := c.FeeBill; b != nil {
		r.bills.add(len(b.Body)+len(b.Document)+1024, b.ID, b.SecretHash, b.Identity, b.Partner, b.Kind, b.Estimate, b.Edition, b.Format, b.ContentType,
			b.SHA256, b.Size, b.StoredSHA, flag(b.Sealed), blob(b.Body), blob(b.Document), b.Month, b.IdemTenant, b.IdemKey, b.CreatedAt, b.DeletedAt)
	}
	for i := range c.FeeBillShares {
		s := &c.FeeBillShares[i]
		r.shares.add(256, s.BillID, s.Body, s.Word, s.Lines, s.Agreeing, s.Questioned, s.BilledFen, s.OverFen)
	}
	r.gatherRatings(c)
}

// flag is a truth as both databases keep it.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// feeBills checks what columns cannot hold.
func (v *checker) feeBills(c *Change) {
	if b := c.FeeBill; b != nil {
		v.ids("fee_bills", b.ID)
		v.text("fee_bills.secret_hash", b.SecretHash, 64)
		v.text("fee_bills.identity", b.Identity, 64)
		v.text("fee_bills.partner", b.Partner, 36)
		v.among("fee_bills.kind", b.Kind, "estimate", "final")
		v.text("fee_bills.format", b.Format, 8)
		v.text("fee_bills.content_type", b.ContentType, 255)
		v.text("fee_bills.month", b.Month, 7)
		v.text("fee_bills.idem_key", b.IdemKey, 255)
	}
	for i := range c.FeeBillShares {
		v.ids("fee_bill_shares", c.FeeBillShares[i].BillID)
		v.text("fee_bill_shares.body", c.FeeBillShares[i].Body, 128)
		v.text("fee_bill_shares.word", c.FeeBillShares[i].Word, 16)
	}
	v.feeRatings(c)
}

// feeBillBytes is what accounts and ratings weigh in the queue.
func (c *Change) feeBillBytes() int {
	n := 256 * len(c.FeeBillShares)
	if b := c.FeeBill; b != nil {
		n += len(b.Body) + len(b.Document)
	}
	if b := c.ResealFeeBill; b != nil {
		n += len(b.Body) + len(b.Document)
	}
	for i := range c.FeeRatings {
		n += 512 + len(c.FeeRatings[i].Words)
	}
	for i := range c.FeeRatingReplies {
		n += 256 + len(c.FeeRatingReplies[i].Words)
	}
	return n
}

// alterFeeBills does what a change does to accounts that are there. A rating
// stands only on an account that its holder did not delete meanwhile: the
// update holds the row until the commit.
func (t tx) alterFeeBills(ctx context.Context, c *Change) error {
	for i := range c.FeeRatings {
		if err := t.one(ctx, "fee_bills", fmt.Errorf("account of rating: %w", ErrNotFound), `
UPDATE fee_bills
SET deleted_at = 0
WHERE id = ? AND deleted_at = 0`, c.FeeRatings[i].BillID); err != nil {
			return err
		}
	}
	if err := t.holdRatings(ctx, c); err != nil {
		return err
	}
	if c.ResealFeeBill != nil {
		if err := t.resealFeeBill(ctx, c.ResealFeeBill); err != nil {
			return err
		}
	}
	if c.DeleteFeeBill != nil {
		return t.deleteFeeBill(ctx, c.DeleteFeeBill)
	}
	return nil
}

func (t tx) deleteFeeBill(ctx context.Context, d *FeeBillDeletion) error {
	// The answer to the upload says what was in the file: it goes first, while
	// the row still names its key. 410 stays, so that the key makes no second account.
	for _, query := range []string{`
UPDATE idempotency
SET status = 410, content_type = '', body = X''
WHERE tenant = (SELECT idem_tenant FROM fee_bills WHERE id = ?) AND idem_key = (SELECT idem_key FROM fee_bills WHERE id = ?) AND idem_key <> ''`, `
DELETE FROM fee_rating_replies
WHERE rating_id IN (SELECT id FROM fee_ratings WHERE bill_id = ? OR bill_id = ?)`, `
DELETE FROM fee_ratings
WHERE bill_id = ? OR bill_id = ?`, `
DELETE FROM fee_bill_shares
WHERE bill_id = ? OR bill_id = ?`} {
		if _, err := t.exec(ctx, query, d.ID, d.ID); err != nil {
			return fmt.Errorf("delete account: %w", t.s.d.rowError(err, "fee_bills"))
		}
	}
	return t.one(ctx, "fee_bills", fmt.Errorf("account %s: %w", d.ID, ErrNotFound), `
UPDATE fee_bills
SET identity = '', partner = '', estimate = '', content_type = '', sha256 = '', size = 0, stored_sha = '', sealed = 0, body = X'', document = X'', month = '', idem_tenant = '', idem_key = '', deleted_at = ?
WHERE id = ? AND deleted_at = 0`, d.At, d.ID)
}

// FeeBill reads an account by the hash of its secret. One that was deleted and
// one that never was look the same.
func (s *Store) FeeBill(ctx context.Context, secretHash string) (FeeBill, error) {
	var b FeeBill
	err := s.get(ctx, &b, `
SELECT id, secret_hash, identity, partner, kind, estimate, edition, format, content_type, sha256, size, stored_sha, sealed, body, document, month, idem_tenant, idem_key, created_at, deleted_at
FROM fee_bills
WHERE secret_hash = ? AND deleted_at = 0`, secretHash)
	return b, s.readError(err, "account")
}

// FeeBillByID reads an account that another one names.
func (s *Store) FeeBillByID(ctx context.Context, id string) (FeeBill, error) {
	var b FeeBill
	err := s.get(ctx, &b, `
SELECT id, secret_hash, identity, partner, kind, estimate, edition, format, content_type, sha256, size, stored_sha, sealed, body, document, month, idem_tenant, idem_key, created_at, deleted_at
FROM fee_bills
WHERE id = ? AND deleted_at = 0`, id)
	return b, s.readError(err, "account %s", id)
}
