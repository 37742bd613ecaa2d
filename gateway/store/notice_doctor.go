package store

import "time"

// The clock turns every few seconds; a notice whose time passed so long ago
// was forgotten by it.
const noticeForgotten = 15 * time.Minute

// noticeInvariants are what must hold of inspection notices.
var noticeInvariants = []invariant{
	{code: "notice-forgotten", text: "the clock should have looked at a notice long ago", before: noticeForgotten, query: `
SELECT number
FROM notices
WHERE next_at > 0 AND next_at < ?
LIMIT 21`},
	{code: "notice-unattended", text: "a notice is not answered, no deadline runs and no person is told", query: `
SELECT number
FROM notices
WHERE is_over = 0 AND state IN ('ISSUED', 'DELIVERED', 'UNDELIVERED') AND next_at = 0 AND person = '' AND overdue = 0
LIMIT 21`},
	{code: "notice-without-version", text: "the contents of a notice have a gap, or its newest is gone", query: `
SELECT n.number
FROM notices AS n
LEFT JOIN notice_versions AS v ON v.notice_id = n.id
GROUP BY n.number, n.content
HAVING COUNT(v.number) <> n.content OR MIN(v.number) <> 1 OR MAX(v.number) <> n.content
LIMIT 21`},
	{code: "notice-stray", text: "a box, a version or an event belongs to no notice", query: `
SELECT CONCAT(x.notice_id, ' ', x.what)
FROM (
  SELECT notice_id, box AS what FROM notice_boxes
  UNION ALL
  SELECT notice_id, CONCAT('version ', number) FROM notice_versions
  UNION ALL
  SELECT notice_id, id FROM notice_events) AS x
WHERE NOT EXISTS (SELECT 1 FROM notices AS n WHERE n.id = x.notice_id)
LIMIT 21`},
	{code: "box-held-by-closed-notice", text: "a notice that is over still holds a box, so that no other can be opened for it", query: `
SELECT CONCAT(n.number, ' ', b.box)
FROM notice_boxes AS b
JOIN notices AS n ON n.id = b.notice_id
WHERE n.is_over = 1 AND b.open_key LIKE 'open/%'
LIMIT 21`},
	{code: "notice-stamp-ahead", text: "a notice has a change number that was never given", query: `
SELECT n.number
FROM notices AS n
WHERE n.stamp > (SELECT COALESCE(MAX(s.value), 0) FROM stamps AS s WHERE s.name = 'notices')
LIMIT 21`},
	{code: "terminal-message-old", text: "a message of a terminal has waited for its notice for more than a day", before: receiptOld, query: `
SELECT id
FROM terminal_messages
WHERE state = 'unmatched' AND at < ?
LIMIT 21`},
}

// pushInvariants are what must hold of what endpoints are told.
var pushInvariants = []invariant{
	{code: "push-without-outbox", text: "a push has no outbox item, or another place in its line", query: `
SELECT p.id
FROM pushes AS p
WHERE NOT EXISTS (
  SELECT 1 FROM outbox AS o
  WHERE o.id = p.id AND o.receiver = p.receiver AND o.subject = p.subject AND o.sequence = p.sequence AND o.tenant = p.tenant)
LIMIT 21`},
	{code: "push-counter", text: "the counter of a line does not say how many pushes it has", query: `
SELECT CONCAT(l.receiver, ' ', l.subject)
FROM receiver_sequences AS l
WHERE l.sequence <> (SELECT COUNT(*) FROM outbox AS o WHERE o.receiver = l.receiver AND o.subject = l.subject)
LIMIT 21`},
	{code: "push-stranger", text: "a push went to an endpoint of another partner, or to none", query: `
SELECT CONCAT(p.receiver, ' ', p.tenant)
FROM (SELECT DISTINCT receiver, tenant FROM pushes) AS p
WHERE NOT EXISTS (SELECT 1 FROM endpoints AS e WHERE CONCAT('endpoint:', e.id) = p.receiver AND e.partner_id = p.tenant)
LIMIT 21`},
}
