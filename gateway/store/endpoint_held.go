package store

import "context"

const heldEndpoints = readEndpoint + `WHERE state = 'disabled' OR (state = 'active' AND wire = 'pull')
ORDER BY id`

// HeldEndpoints lists those to which nothing may be sent now: disabled ones,
// and those whose partner fetches.
func (s *Store) HeldEndpoints(ctx context.Context) ([]Endpoint, error) {
	var rows []Endpoint
	err := s.all(ctx, &rows, heldEndpoints)
	return rows, s.readError(err, "held endpoints")
}

// EndpointCount is how many endpoints are in one state for one reason.
type EndpointCount struct {
	State  string `db:"state"`
	Reason string `db:"reason"`
	Count  int64  `db:"count"`
}

// EndpointCounts counts the endpoints that are not deleted.
func (s *Store) EndpointCounts(ctx context.Context) ([]EndpointCount, error) {
	var rows []EndpointCount
	err := s.all(ctx, &rows, `
SELECT state, reason, COUNT(*) AS count
FROM endpoints
WHERE state IN ('active', 'disabled')
GROUP BY state, reason
ORDER BY state, reason`)
	return rows, s.readError(err, "count endpoints")
}
