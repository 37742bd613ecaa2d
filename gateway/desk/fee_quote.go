package desk

import (
	"context"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// FeeQuote is a quotation that was given, under its permanent number.
type FeeQuote struct {
	Number    string
	At        time.Time
	Edition   int
	Call      tariffs.Call
	Quotation tariffs.Quotation
	Beside    *FeeBeside // what was asked for beside it; nil: nothing
	Body      []byte     // the exact JSON of all this, the same bytes for ever
}

// FeeBeside is a second quotation of the same call, for another day or
// terminal, and what differs.
type FeeBeside struct {
	Edition   int               `json:"edition"`
	On        tariffs.Day       `json:"on,omitzero"`       // the other day, as asked
	Terminal  string            `json:"terminal,omitzero"` // the other terminal
	Quotation tariffs.Quotation `json:"quotation"`
	Changes   []tariffs.Change  `json:"changes"`
}

// FeeAsk is what a quotation is asked for.
type FeeAsk struct {
	Call           tariffs.Call
	OtherDay       tariffs.Day // beside the call's own; empty: none
	OtherTerminal  string
	IdempotencyKey string // optional
	RequestSHA     string // of everything that the key stands for
	// Render makes the answer that the key repeats.
	Render func(FeeQuote) Replayed
}

// FeeQuoteDocument is a quotation as it is kept and answered, for ever.
type FeeQuoteDocument struct {
	Number    string            `json:"number"`
	At        time.Time         `json:"at"`
	Edition   int               `json:"edition"`
	Call      tariffs.Call      `json:"call"`
	Quotation tariffs.Quotation `json:"quotation"`
	Compared  *FeeBeside        `json:"compared,omitzero"`
}

// ReadFee fills a call or another document about port charges from one JSON
// object, strictly: a member that is not known or stands twice is refused with
// its place.
func ReadFee(body []byte, into any) []declarations.Fault {
	values, isList, fault := strictjson.Split(body)
	if fault != nil {
		return []declarations.Fault{*fault}
	}
	if isList {
		return []declarations.Fault{strictjson.Reject(declarations.CodeWrongType, "", "want", "object", "got", "array")}
	}
	f, badTime := strictjson.Read(values[0], into)
	switch {
	case f == nil:
		return nil
	case badTime != "":
		return []declarations.Fault{strictjson.Reject(tariffs.CodeInstant, f.Path, "value", badTime)}
	}
	return []declarations.Fault{*f}
}

// public is who owns what anybody may ask for.
const public = "public"

// QuoteFees computes a call by the edition that is in force on its day, or in
// force today when that day has passed, and keeps the answer for ever.
// *FaultsError for what cannot be used in the call.
func (d *Desk) QuoteFees(ctx context.Context, call tariffs.Call) (FeeQuote, error) {
	q, _, err := d.AnswerFees(ctx, FeeAsk{Call: call})
	return q, err
}

// AnswerFees is the same with what may be asked for beside it. A repeated key
// gets the first answer, and no quotation. Errors also: ErrIdempotency.
func (d *Desk) AnswerFees(ctx context.Context, ask FeeAsk) (FeeQuote, *Replayed, error) {
	first, err := d.replay(ctx, public, ask.IdempotencyKey, ask.RequestSHA)
	if err != nil || first != nil {
		return FeeQuote{}, first, err
	}
	q, err := d.computeFees(ctx, &ask)
	if err != nil {
		return FeeQuote{}, nil, err
	}
	call, err := json.Marshal(&q.Call, json.Deterministic(true))
	if err != nil {
		return FeeQuote{}, nil, fmt.Errorf("write call: %w", err)
	}
	c := store.Change{Fees: &store.FeeChange{Quotes: []store.FeeQuote{{Number: q.Number, At: q.At.UnixMilli(), Edition: q.Edition, Engine: q.Quotation.Engine,
		Request: call, SHA256: digest(q.Body), Body: q.Body}}}}
	if ask.IdempotencyKey != "" && ask.Render != nil {
		answer := ask.Render(q)
		c.Idempotency = &store.Idempotency{Tenant: public, Key: ask.IdempotencyKey, RequestSHA: ask.RequestSHA, Status: answer.Status,
			ContentType: answer.ContentType, Body: answer.Body, CreatedAt: q.At.UnixMilli()}
	}
	switch err := d.Store.Commit(ctx, c); {
	case err == nil:
		d.fees.quotes.Add(1)
		return q, nil, nil
	case store.IsConflict(err, "idempotency"): // another request with the key was first
		first, err := d.replay(ctx, public, ask.IdempotencyKey, ask.RequestSHA)
		return FeeQuote{}, first, err
	case errors.Is(err, store.ErrUnknown):
		if _, lookErr := d.Store.FeeQuote(ctx, q.Number); lookErr == nil {
			return q, nil, nil
		}
		return FeeQuote{}, nil, fmt.Errorf("quotation did not stand: %w", store.ErrUnavailable)
	default:
		return FeeQuote{}, nil, fmt.Errorf("keep quotation: %w", err)
	}
}

// computeFees is the quotation without the keeping.
func (d *Desk) computeFees(ctx context.Context, ask *FeeAsk) (FeeQuote, error) {
	now := d.Clock().UTC().Truncate(time.Millisecond)
	q := FeeQuote{At: now, Call: ask.Call}
	var err error
	var faults []declarations.Fault
	if q.Edition, q.Quotation, faults, err = d.quoteOnce(ctx, &q.Call, now); err != nil {
		return FeeQuote{}, err
	}
	if ask.OtherDay != "" || ask.OtherTerminal != "" {
		beside := &FeeBeside{On: ask.OtherDay, Terminal: ask.OtherTerminal}
		second := q.Call
		if ask.OtherDay != "" {
			second.On = ask.OtherDay
		}
		if ask.OtherTerminal != "" {
			second.Terminal = ask.OtherTerminal
		}
		var more []declarations.Fault
		if beside.Edition, beside.Quotation, more, err = d.quoteOnce(ctx, &second, now); err != nil {
			return FeeQuote{}, err
		}
		for _, f := range more { // what is wrong with the call was said; here only what is other
			if f.Path == "on" && ask.OtherDay != "" || f.Path == "terminal" && ask.OtherTerminal != "" {
				f.Path = "compare." + f.Path
				faults = append(faults, f)
			}
		}
		beside.Changes = tariffs.Compare(&q.Quotation, &beside.Quotation)
		q.Beside = beside
	}
	if len(faults) > 0 {
		return FeeQuote{}, &FaultsError{faults}
	}
	if q.Number, err = d.newQuoteNumber(); err != nil {
		return FeeQuote{}, err
	}
	if q.Body, err = json.Marshal(&FeeQuoteDocument{q.Number, q.At, q.Edition, q.Call, q.Quotation, q.Beside}, json.Deterministic(true)); err != nil {
		return FeeQuote{}, fmt.Errorf("write quotation: %w", err)
	}
	return q, nil
}

// quoteOnce computes a call, or says what is wrong with it.
func (d *Desk) quoteOnce(ctx context.Context, call *tariffs.Call, now time.Time) (int, tariffs.Quotation, []declarations.Fault, error) {
	e, err := d.feeEditionFor(ctx, call, now)
	if err != nil {
		return 0, tariffs.Quotation{}, nil, err
	}
	if faults := FeeCallFaults(e.Catalogue, call); len(faults) > 0 {
		return 0, tariffs.Quotation{}, faults, nil
	}
	return e.Number, tariffs.Quote(e.Catalogue, call, tariffs.DayOf(now)), nil, nil
}

// feeEditionFor is the edition that a call is quoted by: for a day to come the
// one that will be in force then, as far as it is published.
func (d *Desk) feeEditionFor(ctx context.Context, call *tariffs.Call, now time.Time) (*FeeEdition, error) {
	e, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, err
	}
	at := call.Arrival
	if call.On != "" {
		begin, ok := call.On.Begin()
		if !ok {
			return e, nil // Check says so
		}
		at = begin
	}
	if !at.After(now) {
		return e, nil
	}
	return d.FeeEditionAt(ctx, at)
}

// FeeCallFaults are what a catalogue finds in a call.
func FeeCallFaults(c *tariffs.Catalogue, call *tariffs.Call) []declarations.Fault {
	found := c.Check(call)
	faults := make([]declarations.Fault, 0, len(found))
	for i := range found {
		f := &found[i]
		args := f.Args()
		if v, has := args["value"]; has {
			args["value"] = strictjson.Shown(v)
		}
		faults = append(faults, declarations.Fault{Code: f.Code(), Severity: declarations.Reject, Path: f.Path, Args: args})
	}
	return faults
}

// FeeQuote reads a quotation by its number; store.ErrNotFound.
func (d *Desk) FeeQuote(ctx context.Context, number string) (FeeQuote, error) {
	row, err := d.Store.FeeQuote(ctx, plainNumber(number))
	if err != nil {
		return FeeQuote{}, err
	}
	var b FeeQuoteDocument
	if err := json.Unmarshal(row.Body, &b); err != nil {
		return FeeQuote{}, fmt.Errorf("read quotation %s: %w", row.Number, err)
	}
	return FeeQuote{Number: b.Number, At: b.At, Edition: b.Edition, Call: b.Call, Quotation: b.Quotation, Beside: b.Compared, Body: row.Body}, nil
}

// RerunFeeQuote computes a kept quotation anew, today, and what has changed
// since. Nothing is kept. A call that today's catalogue cannot quote any more,
// because a terminal or modifier is gone, is *FaultsError.
func (d *Desk) RerunFeeQuote(ctx context.Context, q FeeQuote) (FeeBeside, error) {
	now := d.Clock().UTC().Truncate(time.Millisecond)
	call := q.Call
	number, again, faults, err := d.quoteOnce(ctx, &call, now)
	switch {
	case err != nil:
		return FeeBeside{}, err
	case len(faults) > 0:
		return FeeBeside{}, &FaultsError{faults}
	}
	return FeeBeside{Edition: number, Quotation: again, Changes: tariffs.Compare(&q.Quotation, &again)}, nil
}

// quoteAlphabet has no letters that are taken for others (Crockford's base 32).
var quoteAlphabet = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newQuoteNumber is of 120 random bits, in groups that can be read out.
func (d *Desk) newQuoteNumber() (string, error) {
	var b [15]byte
	if _, err := io.ReadFull(d.random(), b[:]); err != nil {
		return "", fmt.Errorf("make a number of a quotation: %w", err)
	}
	s := quoteAlphabet.EncodeToString(b[:])
	return s[:6] + "-" + s[6:12] + "-" + s[12:18] + "-" + s[18:], nil
}

// plainNumber is a number as it is kept, from one that a person typed.
func plainNumber(s string) string {
	if len(s) > 64 {
		return s[:64]
	}
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "").Replace(strings.ToUpper(s))
	if len(s) != 24 {
		return s
	}
	return s[:6] + "-" + s[6:12] + "-" + s[12:18] + "-" + s[18:]
}
