-- +goose Up
-- what was submitted before: its mode stands in the document alone and is
-- unknown here, and when customs accepted and released it as well
INSERT INTO clearances (tenant, declaration_id, attempt, mode, office, direction, submitted_at, accepted_at, released_at)
SELECT d.tenant, d.id, d.attempt, '', d.office, d.direction, d.created_at, 0, 0
FROM declarations d
LEFT JOIN clearances c ON c.tenant = d.tenant AND c.declaration_id = d.id AND c.attempt = d.attempt
WHERE d.attempt > 0 AND c.tenant IS NULL;
