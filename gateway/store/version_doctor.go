package store

// versionInvariants are what must hold between a declaration, its versions
// and what was asked about it.
var versionInvariants = []invariant{
	{code: "version-gap", text: "the versions of a declaration have a gap", query: `
SELECT CONCAT(tenant, '/', declaration_id)
FROM versions
GROUP BY tenant, declaration_id
HAVING MIN(number) <> 1 OR MAX(number) <> COUNT(*)
LIMIT 21`},
	{code: "version-without-document", text: "the document of a version is gone", query: `
SELECT CONCAT(v.tenant, '/', v.declaration_id, ' ', v.number)
FROM versions AS v
LEFT JOIN declarations AS d ON d.tenant = v.tenant AND d.id = v.declaration_id AND d.content_sha = v.sha
WHERE d.id IS NULL
  AND NOT EXISTS (SELECT 1 FROM version_documents AS x WHERE x.tenant = v.tenant AND x.declaration_id = v.declaration_id AND x.sha = v.sha)
LIMIT 21`},
	{code: "request-without-document", text: "the document that an amendment asks for is gone", query: `
SELECT q.id
FROM requests AS q
LEFT JOIN declarations AS d ON d.tenant = q.tenant AND d.id = q.declaration_id AND d.content_sha = q.sha
WHERE q.kind = 'amendment' AND d.id IS NULL
  AND NOT EXISTS (SELECT 1 FROM version_documents AS x WHERE x.tenant = q.tenant AND x.declaration_id = q.declaration_id AND x.sha = q.sha)
LIMIT 21`},
	{code: "approved-without-version", text: "an approved amendment is no version of its declaration", query: `
SELECT q.id
FROM requests AS q
WHERE q.kind = 'amendment' AND q.state = 'approved'
  AND NOT EXISTS (SELECT 1 FROM versions AS v WHERE v.tenant = q.tenant AND v.declaration_id = q.declaration_id AND v.request = q.id AND v.sha = q.sha)
LIMIT 21`},
}
