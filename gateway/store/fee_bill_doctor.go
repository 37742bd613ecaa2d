package store

// feeBillInvariants are what must hold of checked accounts and of ratings.
var feeBillInvariants = []invariant{
	{code: "fee-bill-not-gone", text: "a deleted account still has bytes, a part in figures or a rating", query: `
SELECT b.id
FROM fee_bills AS b
WHERE b.deleted_at > 0 AND (LENGTH(b.body) > 0 OR LENGTH(b.document) > 0 OR b.identity <> ''
  OR EXISTS (SELECT 1 FROM fee_bill_shares AS s WHERE s.bill_id = b.id)
  OR EXISTS (SELECT 1 FROM fee_ratings AS r WHERE r.bill_id = b.id))
LIMIT 21`},
	{code: "fee-bill-without-shares", text: "a checked account counts in no figure, or a share belongs to no account", query: `
SELECT x.id
FROM (
  SELECT b.id AS id FROM fee_bills AS b
  WHERE b.deleted_at = 0 AND NOT EXISTS (SELECT 1 FROM fee_bill_shares AS s WHERE s.bill_id = b.id)
  UNION ALL
  SELECT s.bill_id AS id FROM fee_bill_shares AS s
  WHERE NOT EXISTS (SELECT 1 FROM fee_bills AS b WHERE b.id = s.bill_id)) AS x
LIMIT 21`},
	{code: "fee-rating-without-bill", text: "a rating is of a body that is on no account of its holder, or of an account that says something else", query: `
SELECT r.id
FROM fee_ratings AS r
WHERE NOT EXISTS (
  SELECT 1
  FROM fee_bills AS b
  JOIN fee_bill_shares AS s ON s.bill_id = b.id
  WHERE b.id = r.bill_id AND b.identity = r.identity AND b.kind = 'final' AND s.body = r.body)
LIMIT 21`},
	{code: "fee-reply-stray", text: "a reply is to no rating, or the replies to a rating have a gap", query: `
SELECT p.rating_id
FROM fee_rating_replies AS p
LEFT JOIN fee_ratings AS r ON r.id = p.rating_id
GROUP BY p.rating_id
HAVING COUNT(r.id) <> COUNT(*) OR MIN(p.number) <> 1 OR MAX(p.number) <> COUNT(*)
LIMIT 21`},
}
