package store

import (
	"context"
	"fmt"
)

const endpointColumns = `id, partner_id, name, live_name, wire, format, address, types, settings, secrets, state, reason, version, created_at, updated_at`

const readEndpoint = `
SELECT id, partner_id, name, wire, format, address, types, settings, secrets, state, reason, version, created_at, updated_at
FROM endpoints
`

var insertEndpoint = newInsert("endpoints", endpointColumns)

// liveName is what makes the name unique: nothing once the endpoint is deleted.
func (e *Endpoint) liveName() any {
	if e.State == "deleted" {
		return nil
	}
	return e.Name
}

func (t tx) writeEndpoint(ctx context.Context, e *Endpoint) error {
	if e.Version == 0 {
		r := insertEndpoint.rows()
		r.add(len(e.Settings)+len(e.Secrets)+1024, e.ID, e.PartnerID, e.Name, e.liveName(), e.Wire, e.Format, e.Address, e.Types,
			blob(e.Settings), blob(e.Secrets), e.State, e.Reason, 1, e.CreatedAt, e.UpdatedAt)
		return t.insert(ctx, r)
	}
	if e.State == "deleted" {
		if err := t.resetBreaker(ctx, ReceiverOf(e.ID)); err != nil {
			return err
		}
	}
	return t.one(ctx, "endpoints", &ConflictError{On: "endpoint"}, `
UPDATE endpoints
SET name = ?, live_name = ?, wire = ?, format = ?, address = ?, types = ?, settings = ?, secrets = ?, state = ?, reason = ?,
  version = version + 1, updated_at = ?
WHERE id = ? AND partner_id = ? AND version = ?`,
		e.Name, e.liveName(), e.Wire, e.Format, e.Address, e.Types, blob(e.Settings), blob(e.Secrets), e.State, e.Reason,
		e.UpdatedAt, e.ID, e.PartnerID, e.Version)
}

// Endpoint reads an endpoint of a partner; another's does not exist.
func (s *Store) Endpoint(ctx context.Context, partnerID, id string) (Endpoint, error) {
	var e Endpoint
	err := s.get(ctx, &e, readEndpoint+`WHERE id = ? AND partner_id = ?`, id, partnerID)
	return e, s.readError(err, "endpoint %.40q", id)
}

// EndpointByID reads an endpoint of anybody, for who delivers to it.
func (s *Store) EndpointByID(ctx context.Context, id string) (Endpoint, error) {
	var e Endpoint
	err := s.get(ctx, &e, readEndpoint+`WHERE id = ?`, id)
	return e, s.readError(err, "endpoint %.40q", id)
}

const endpointsOf = readEndpoint + `WHERE partner_id = ?
ORDER BY id`

// Endpoints lists a partner's endpoints, the deleted too, oldest first.
func (s *Store) Endpoints(ctx context.Context, partnerID string) ([]Endpoint, error) {
	var rows []Endpoint
	err := s.all(ctx, &rows, endpointsOf, partnerID)
	return rows, s.readError(err, "endpoints of %.40q", partnerID)
}

const activeEndpoints = readEndpoint + `WHERE state = 'active'
ORDER BY partner_id, id`

// ActiveEndpoints lists the active endpoints of all partners.
func (s *Store) ActiveEndpoints(ctx context.Context) ([]Endpoint, error) {
	var rows []Endpoint
	err := s.all(ctx, &rows, activeEndpoints)
	return rows, s.readError(err, "active endpoints")
}

const attemptColumns = `item_id, number, receiver, result, detail, actor, at`

// keepAttempt counts on from the last row of the item when the number is 0 or taken.
func (t tx) keepAttempt(ctx context.Context, a *Attempt) error {
	last, err := t.number(ctx, `
SELECT COALESCE(MAX(number), 0)
FROM attempts
WHERE item_id = ?`, a.ItemID)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO attempts (`+attemptColumns+`)
VALUES (?, ?, ?, ?, ?, ?, ?)`, a.ItemID, max(a.Number, last+1), a.Receiver, a.Result, a.Detail, a.Actor, a.At)
	if err != nil {
		return fmt.Errorf("insert into attempts: %w", t.s.d.rowError(err, "attempts"))
	}
	return nil
}

// Attempts lists the tries of an item that did not simply succeed at first,
// and what persons did to it, the first one first.
func (s *Store) Attempts(ctx context.Context, itemID string) ([]Attempt, error) {
	var rows []Attempt
	err := s.all(ctx, &rows, `
SELECT item_id, number, receiver, result, detail, actor, at
FROM attempts
WHERE item_id = ?
ORDER BY number`, itemID)
	return rows, s.readError(err, "attempts of %.40q", itemID)
}
