package desk

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// This file stands in for the published editions and the kept quotes of the
// store (fee_edition.go, fee_quote.go), which are made beside it: one edition,
// the built-in tables, and quotes in memory. It goes when they come.

// FeeEdition is an edition with its catalogue.
type FeeEdition struct {
	FeeEditionHead
	Catalogue *tariffs.Catalogue
}

// FeeEditionHead is an edition without its rows.
type FeeEditionHead struct {
	Number                   int
	State                    string
	Digest                   string
	PublishedAt, EffectiveAt time.Time
	Note                     string
	SupersededBy             int
	WithdrawnWhy             string
}

// FeeQuote is a quotation that is kept for ever.
type FeeQuote struct {
	Number    string
	At        time.Time
	Edition   int
	Call      tariffs.Call
	Quotation tariffs.Quotation
	Body      []byte
}

// FeeEdition is the one in force.
func (d *Desk) FeeEdition(ctx context.Context) (*FeeEdition, error) {
	return d.FeeEditionNumber(ctx, 1)
}

// FeeEditionNumber is any that was published.
func (d *Desk) FeeEditionNumber(_ context.Context, n int) (*FeeEdition, error) {
	if n != 1 {
		return nil, store.ErrNotFound
	}
	since := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	return &FeeEdition{FeeEditionHead{Number: 1, State: "published", Digest: tariffs.BuiltIn().Version, PublishedAt: since, EffectiveAt: since}, tariffs.BuiltIn()}, nil
}

// FeeEditions are the heads of all, newest first.
func (d *Desk) FeeEditions(ctx context.Context) ([]FeeEditionHead, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, err
	}
	return []FeeEditionHead{e.FeeEditionHead}, nil
}

var seamQuotes sync.Map

// QuoteFees computes and keeps a quotation.
func (d *Desk) QuoteFees(ctx context.Context, call tariffs.Call) (FeeQuote, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return FeeQuote{}, err
	}
	var faults []declarations.Fault
	for _, f := range e.Catalogue.Check(&call) {
		faults = append(faults, declarations.Fault{Code: f.Code(), Severity: declarations.Reject, Path: f.Path, Args: f.Args()})
	}
	if len(faults) > 0 {
		return FeeQuote{}, &FaultsError{faults}
	}
	raw := make([]byte, 15)
	if _, err := rand.Read(raw); err != nil {
		return FeeQuote{}, fmt.Errorf("make a number: %w", err)
	}
	s := base32.StdEncoding.EncodeToString(raw)
	q := FeeQuote{Number: "Q-" + s[:6] + "-" + s[6:12] + "-" + s[12:18] + "-" + s[18:24], At: d.Clock(), Edition: e.Number, Call: call,
		Quotation: tariffs.Quote(e.Catalogue, &call, tariffs.DayOf(d.Clock()))}
	if q.Body, err = json.Marshal(q.Quotation); err != nil {
		return FeeQuote{}, fmt.Errorf("write a quotation: %w", err)
	}
	seamQuotes.Store(q.Number, q)
	return q, nil
}

// FeeQuote finds a kept quotation.
func (d *Desk) FeeQuote(_ context.Context, number string) (FeeQuote, error) {
	q, ok := seamQuotes.Load(number)
	if !ok {
		return FeeQuote{}, store.ErrNotFound
	}
	return q.(FeeQuote), nil //nolint:errcheck // only such are kept
}
