package desk

import (
	"context"
	"fmt"

	"kouan/gateway/store"
)

// Down says which of some endpoints count as down, by id: nothing is sent to
// them but one message now and then, to see.
func (d *Desk) Down(ctx context.Context, list []store.Endpoint) (map[string]store.Breaker, error) {
	rows, err := d.Store.Breakers(ctx)
	if err != nil {
		return nil, fmt.Errorf("read which endpoints are down: %w", err)
	}
	by := make(map[string]store.Breaker, len(rows))
	for _, b := range rows {
		by[b.Receiver] = b
	}
	down := map[string]store.Breaker{}
	for i := range list {
		if b, ok := by[store.ReceiverOf(list[i].ID)]; ok {
			down[list[i].ID] = b
		}
	}
	return down, nil
}

// declareWell adds to a change that an endpoint counts as well again; false
// when it does already. The engines see it within seconds.
func (d *Desk) declareWell(ctx context.Context, c *store.Change, e *store.Endpoint) (bool, error) {
	down, err := d.Down(ctx, []store.Endpoint{*e})
	if err != nil || len(down) == 0 {
		return false, err
	}
	c.ResetBreakers = append(c.ResetBreakers, store.ReceiverOf(e.ID))
	return true, nil
}
