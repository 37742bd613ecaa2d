package desk

// A seam: the smallest form of what the publication of the catalogue brings,
// so that complaints can look up what they refer to. It knows the built-in
// tables as edition 1 and no quotes. The publication replaces this file.

import (
	"context"
	"time"

	"kouan/gateway/store"
	"kouan/tariffs"
)

// FeeEdition is one published state of the catalogue.
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

// FeeQuote is a quotation that was kept.
type FeeQuote struct {
	Number    string
	At        time.Time
	Edition   int
	Call      tariffs.Call
	Quotation tariffs.Quotation
	Body      []byte
}

// FeeEdition is the edition in force.
func (d *Desk) FeeEdition(context.Context) (*FeeEdition, error) {
	return &FeeEdition{Number: 1, Catalogue: tariffs.BuiltIn(), State: "published"}, nil
}

// FeeEditionNumber is an edition by its number.
func (d *Desk) FeeEditionNumber(ctx context.Context, n int) (*FeeEdition, error) {
	if n != 1 {
		return nil, store.ErrNotFound
	}
	return d.FeeEdition(ctx)
}

// FeeQuote is a quote by its number.
func (d *Desk) FeeQuote(context.Context, string) (FeeQuote, error) {
	return FeeQuote{}, store.ErrNotFound
}
