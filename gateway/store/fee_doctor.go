package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"kouan/tariffs"
)

// feeInvariants are what must hold of the editions of port charges. That one
// edition is in force at every instant follows from the first three: the
// published ones are one line, whose instants never fall.
var feeInvariants = []invariant{
	{code: "fee-edition-last", text: "not exactly one published edition of port charges is the last one", query: `
SELECT CONCAT(last, ' of ', editions)
FROM (
  SELECT COUNT(*) AS editions, SUM(CASE WHEN superseded_by = 0 THEN 1 ELSE 0 END) AS last
  FROM fee_editions
  WHERE state = 'published') AS x
WHERE editions > 0 AND last <> 1
LIMIT 21`},
	{code: "fee-edition-order", text: "an edition of port charges is superseded by one that does not follow it", query: `
SELECT CONCAT(e.number, ' ', e.superseded_by)
FROM fee_editions AS e
WHERE e.superseded_by > 0 AND NOT EXISTS (
  SELECT 1 FROM fee_editions AS n
  WHERE n.number = e.superseded_by AND n.state = 'published' AND n.base = e.number AND n.effective_at >= e.effective_at)
LIMIT 21`},
	{code: "fee-edition-fork", text: "two editions of port charges follow the same one", query: `
SELECT CONCAT(base, '')
FROM fee_editions
WHERE state = 'published'
GROUP BY base
HAVING COUNT(*) > 1
LIMIT 21`},
	{code: "fee-edition-gap", text: "an edition of port charges has lost rows, or holds versions that are gone", query: `
SELECT CONCAT(e.number, '')
FROM fee_editions AS e
WHERE e.row_count <> (
  SELECT COUNT(*)
  FROM fee_edition_rows AS h
  JOIN fee_rows AS r ON r.kind = h.kind AND r.row_key = h.row_key AND r.version = h.version
  WHERE h.edition = e.number)
LIMIT 21`},
	{code: "fee-row-replaces", text: "a row of port charges takes the place of a version that is gone", query: `
SELECT CONCAT(r.kind, ' ', r.row_key, ' ', r.version)
FROM fee_rows AS r
WHERE r.replaces > 0 AND NOT EXISTS (
  SELECT 1 FROM fee_rows AS o WHERE o.kind = r.kind AND o.row_key = r.row_key AND o.version = r.replaces)
LIMIT 21`},
	{code: "fee-quote-edition", text: "a quotation stands on an edition that is gone", query: `
SELECT q.number
FROM fee_quotes AS q
WHERE NOT EXISTS (SELECT 1 FROM fee_editions AS e WHERE e.number = q.edition)
LIMIT 21`},
}

// feeDocuments are the bytes of port charges that have a digest beside them.
var feeDocuments = []struct{ code, query string }{
	{"fee-row-digest", `
SELECT CONCAT(kind, ' ', row_key, ' ', version), sha256, body
FROM fee_rows
ORDER BY recorded_at DESC
LIMIT ?`},
	{"fee-source-digest", `
SELECT CONCAT(edition, ' ', name), sha256, body
FROM fee_sources
ORDER BY edition DESC
LIMIT ?`},
	{"fee-quote-digest", `
SELECT number, sha256, body
FROM fee_quotes
ORDER BY at DESC
LIMIT ?`},
}

// feeDigests compares the rows of every edition with its digest.
func (d *doctor) feeDigests(ctx context.Context, t *sqlx.Tx) error {
	want, got := map[int]string{}, map[int]tariffs.Digester{}
	if err := stream(ctx, t, func(rows *sqlx.Rows) error {
		var number int
		var sum string
		if err := rows.Scan(&number, &sum); err != nil {
			return err
		}
		want[number], got[number] = sum, tariffs.NewDigester()
		return nil
	}, `SELECT number, digest FROM fee_editions`); err != nil {
		return fmt.Errorf("editions: %w", err)
	}
	if err := stream(ctx, t, func(rows *sqlx.Rows) error {
		var edition, version int
		var kind, key, sha string
		if err := rows.Scan(&edition, &kind, &key, &version, &sha); err != nil {
			return err
		}
		if sum, ok := got[edition]; ok {
			sum.Add(kind, key, version, sha)
		}
		return nil
	}, `
SELECT e.edition, e.kind, e.row_key, e.version, r.sha256
FROM fee_edition_rows AS e
JOIN fee_rows AS r ON r.kind = e.kind AND r.row_key = e.row_key AND r.version = e.version
ORDER BY e.edition, e.position`); err != nil {
		return fmt.Errorf("rows of editions: %w", err)
	}
	for number, sum := range want {
		if got[number].Sum() != sum {
			d.find("fee-edition-digest", "the rows of an edition of port charges are not those that were digested", fmt.Sprint(number))
		}
	}
	return nil
}
