package store

import "context"

// FeeBodyMonth is how the final accounts of a month stand about one body.
// One account counts once, in however many files it came.
type FeeBodyMonth struct {
	Month     string `db:"month"`
	Body      string `db:"body"`
	Bills     int    `db:"bills"`
	Judged    int    `db:"judged"`     // of them: something on it could be judged
	Equal     int    `db:"equal"`      // of the judged: nothing is questioned
	Partners  int    `db:"partners"`   // of the bills: handed in with a partner's key
	BilledFen int64  `db:"billed_fen"` // all lines of the body
}

// FeeBodyWord is what is questioned of a body in a month, against references of one word.
type FeeBodyWord struct {
	Month     string `db:"month"`
	Body      string `db:"body"`
	Word      string `db:"word"`
	Lines     int    `db:"line_count"`
	Agreeing  int    `db:"agreeing"`
	Questions int    `db:"questioned"`
	OverFen   int64  `db:"over_fen"`
}

// FeeBodyMonths are the figures of all bodies from a month (2026-01) on.
func (s *Store) FeeBodyMonths(ctx context.Context, from string) ([]FeeBodyMonth, error) {
	var out []FeeBodyMonth
	err := s.all(ctx, &out, `
SELECT x.month AS month, x.body AS body, COUNT(*) AS bills,
  SUM(CASE WHEN x.agreeing + x.questioned > 0 THEN 1 ELSE 0 END) AS judged,
  SUM(CASE WHEN x.agreeing > 0 AND x.questioned = 0 THEN 1 ELSE 0 END) AS equal,
  SUM(x.known) AS partners,
  SUM(x.billed_fen) AS billed_fen
FROM (
  SELECT b.month AS month, s.body AS body, s.bill_id AS bill_id, SUM(s.agreeing) AS agreeing, SUM(s.questioned) AS questioned,
    SUM(s.billed_fen) AS billed_fen, MAX(CASE WHEN b.partner <> '' THEN 1 ELSE 0 END) AS known
  FROM fee_bills AS b
  JOIN fee_bill_shares AS s ON s.bill_id = b.id
  WHERE b.kind = 'final' AND b.deleted_at = 0 AND b.month >= ?
    AND NOT EXISTS (SELECT 1 FROM fee_bills AS e WHERE e.identity = b.identity AND e.kind = 'final' AND e.deleted_at = 0 AND e.id < b.id)
  GROUP BY b.month, s.body, s.bill_id) AS x
GROUP BY x.month, x.body
ORDER BY x.month DESC, x.body`, from)
	return out, s.readError(err, "figures of charging bodies")
}

// FeeBodyWords are what is questioned, from a month on.
func (s *Store) FeeBodyWords(ctx context.Context, from string) ([]FeeBodyWord, error) {
	var out []FeeBodyWord
	err := s.all(ctx, &out, `
SELECT b.month AS month, s.body AS body, s.word AS word, SUM(s.line_count) AS line_count, SUM(s.agreeing) AS agreeing, SUM(s.questioned) AS questioned,
  SUM(s.over_fen) AS over_fen
FROM fee_bills AS b
JOIN fee_bill_shares AS s ON s.bill_id = b.id
WHERE b.kind = 'final' AND b.deleted_at = 0 AND b.month >= ?
  AND NOT EXISTS (SELECT 1 FROM fee_bills AS e WHERE e.identity = b.identity AND e.kind = 'final' AND e.deleted_at = 0 AND e.id < b.id)
GROUP BY b.month, s.body, s.word
ORDER BY b.month DESC, s.body, s.word`, from)
	return out, s.readError(err, "questioned lines of charging bodies")
}
