package desk

import (
	"context"
	"time"

	"kouan/tariffs"
)

// This file is a seam: the editions of the catalogue come with the store of
// the publication. Until then the built-in tables are the one edition.

// FeeEdition is a published catalogue.
type FeeEdition struct {
	Number                            int
	Catalogue                         *tariffs.Catalogue
	State                             string
	Digest                            string
	PublishedAt, EffectiveAt          time.Time
	Note, Urgent                      string
	DraftedBy, CheckedBy, PublishedBy string
	SupersededBy                      int
	WithdrawnWhy                      string
}

// FeeEditionHead is an edition without its rows.
type FeeEditionHead struct {
	Number                   int
	State, Digest            string
	PublishedAt, EffectiveAt time.Time
	SupersededBy             int
	WithdrawnWhy             string
}

var builtInSince = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)

// FeeEdition is the edition in force.
func (d *Desk) FeeEdition(context.Context) (*FeeEdition, error) {
	c := tariffs.BuiltIn()
	return &FeeEdition{Number: 1, Catalogue: c, State: "published", Digest: c.Version, PublishedAt: builtInSince, EffectiveAt: builtInSince}, nil
}

// FeeEditionNumber is any edition, in force or not.
func (d *Desk) FeeEditionNumber(ctx context.Context, _ int) (*FeeEdition, error) {
	return d.FeeEdition(ctx)
}

// FeeEditions are the heads of all editions, newest first.
func (d *Desk) FeeEditions(ctx context.Context) ([]FeeEditionHead, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, err
	}
	return []FeeEditionHead{{Number: e.Number, State: e.State, Digest: e.Digest, PublishedAt: e.PublishedAt, EffectiveAt: e.EffectiveAt}}, nil
}
