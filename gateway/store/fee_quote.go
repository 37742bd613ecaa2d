package store

import "context"

// FeeQuote is a quotation as it was given. It is written once.
type FeeQuote struct {
	Number  string `db:"number"` // unguessable
	At      int64  `db:"at"`
	Edition int    `db:"edition"`
	Engine  string `db:"engine"`  // version of the rules of computing
	Request []byte `db:"request"` // the call, as canonical JSON
	SHA256  string `db:"sha256"`
	Body    []byte `db:"body"` // the answer, the same bytes for ever
}

const feeQuoteColumns = `number, at, edition, engine, request, sha256, body`

var insertFeeQuote = newInsert("fee_quotes", feeQuoteColumns)

func (q *FeeQuote) add(r *rows) {
	r.add(len(q.Body)+len(q.Request)+256, q.Number, q.At, q.Edition, q.Engine, blob(q.Request), q.SHA256, blob(q.Body))
}

// FeeQuote reads a quotation by its number.
func (s *Store) FeeQuote(ctx context.Context, number string) (FeeQuote, error) {
	var q FeeQuote
	err := s.get(ctx, &q, `
SELECT number, at, edition, engine, request, sha256, body
FROM fee_quotes
WHERE number = ?`, number)
	return q, s.readError(err, "quotation %.40q", number)
}

// FeeQuoteCount is how many quotations are kept.
func (s *Store) FeeQuoteCount(ctx context.Context) (int64, error) {
	var n int64
	err := s.get(ctx, &n, `SELECT COUNT(*) FROM fee_quotes`)
	return n, s.readError(err, "count quotations")
}
