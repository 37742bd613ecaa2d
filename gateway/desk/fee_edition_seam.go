package desk

import (
	"context"
	"fmt"

	"kouan/gateway/store"
	"kouan/tariffs"
)

// This file stands in for the editions of the catalogue until they are here:
// one edition, the rows that the program carries. It goes when they come.

// FeeEditionHead is an edition without its rows.
type FeeEditionHead struct{ Number int }

// FeeEdition is an edition with its catalogue.
type FeeEdition struct {
	FeeEditionHead
	Catalogue *tariffs.Catalogue
}

// FeeEdition is the edition in force.
func (d *Desk) FeeEdition(context.Context) (*FeeEdition, error) {
	return &FeeEdition{FeeEditionHead{1}, tariffs.BuiltIn()}, nil
}

// FeeEditionNumber is an edition by its number.
func (d *Desk) FeeEditionNumber(ctx context.Context, n int) (*FeeEdition, error) {
	if n != 1 {
		return nil, fmt.Errorf("edition %d of port charges: %w", n, store.ErrNotFound)
	}
	return d.FeeEdition(ctx)
}
