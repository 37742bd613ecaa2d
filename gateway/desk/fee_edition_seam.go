package desk

import (
	"context"
	"fmt"

	"kouan/gateway/store"
	"kouan/tariffs"
)

// This file stands in for the published editions (fee_edition.go) that are
// made beside it: one edition, the built-in tables. It goes when they come.

// FeeEdition is a published catalogue.
type FeeEdition struct {
	Number    int
	Catalogue *tariffs.Catalogue
}

// FeeEdition is the edition in force.
func (d *Desk) FeeEdition(context.Context) (*FeeEdition, error) {
	return &FeeEdition{Number: 1, Catalogue: tariffs.BuiltIn()}, nil
}

// FeeEditionNumber is one edition.
func (d *Desk) FeeEditionNumber(_ context.Context, n int) (*FeeEdition, error) {
	if n != 1 {
		return nil, fmt.Errorf("edition %d: %w", n, store.ErrNotFound)
	}
	return &FeeEdition{Number: 1, Catalogue: tariffs.BuiltIn()}, nil
}
