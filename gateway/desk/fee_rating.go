package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/rating"
)

// Codes of faults of ratings.
const (
	codeRatingBounds = "FEE-1213" // clarity out of bounds
	codeRatingLong   = "FEE-1214" // words too long; args: limit
	codeRatingBody   = "FEE-1215" // the body is not on the account; args: value
	codeRatingBill   = "FEE-1216" // the account cannot carry a rating; args: reason
	codeReplyWords   = "FEE-1217" // a reply without words, or too long; args: limit
	codeReplyMany    = "FEE-1218" // too many replies; args: limit
	codeRatedBefore  = "FEE-1219" // the body was rated with this account; args: value
)

// mostReplies to one rating: the first and its corrections.
const mostReplies = 5

// RatingOrder is what the holder of an account says about a body on it.
type RatingOrder struct {
	Secret  string        `json:"bill"` // of the account
	Body    string        `json:"body"` // code of the body
	Clarity int           `json:"clarity"`
	Answer  rating.Answer `json:"answer"`
	Words   string        `json:"words,omitzero"`
}

// RatedError says that the body was rated with this account before, and otherwise.
type RatedError struct{ Fault declarations.Fault }

func (e *RatedError) Error() string { return "rated before: " + e.Fault.Args["value"] }

// RateBody takes a rating in. The same one again is the first one: repeated.
// Errors: *FaultsError, *RatedError, store.ErrNotFound.
func (d *Desk) RateBody(ctx context.Context, in RatingOrder) (r store.FeeRating, repeated bool, err error) {
	bill, err := d.FeeBill(ctx, in.Secret)
	if err != nil {
		return r, false, err
	}
	in.Words = strings.TrimSpace(in.Words)
	if faults := d.ratingFaults(&bill, &in); faults != nil {
		return r, false, &FaultsError{Faults: faults}
	}
	at := slices.IndexFunc(bill.Sums.ByBody, func(s tariffs.Sum) bool { return s.Of == in.Body })
	r = store.FeeRating{ID: d.NewID(), BillID: bill.ID, Body: in.Body, Identity: bill.row.Identity, Standing: string(bill.Sums.ByBody[at].Standing),
		Clarity: in.Clarity, Answer: string(in.Answer), Words: []byte(in.Words), CreatedAt: d.now()}
	err = d.write(ctx, store.Change{FeeRatings: []store.FeeRating{r},
		Audit: []store.AuditEntry{d.audit("holder", "fee_rating.give", "", r.ID, digest(r.Words))}})
	if !store.IsConflict(err, "fee_rating") {
		if err != nil {
			return r, false, fmt.Errorf("keep rating: %w", err)
		}
		d.bills.forget()
		return r, false, nil
	}
	mine, err := d.Store.FeeRatingsOfBill(ctx, bill.ID)
	if err != nil {
		return r, false, err
	}
	for _, first := range mine {
		if first.Body == r.Body && first.Clarity == r.Clarity && first.Answer == r.Answer && string(first.Words) == in.Words {
			return first, true, nil
		}
	}
	return r, false, &RatedError{strictjson.Reject(codeRatedBefore, "body", "value", in.Body)}
}

// ratingFaults: what is asked, whether the body is on the account, and whether
// the account can carry a rating at all.
func (d *Desk) ratingFaults(bill *FeeBill, in *RatingOrder) []declarations.Fault {
	var faults []declarations.Fault
	for _, f := range rating.Check(in.Clarity, in.Answer, in.Words) {
		switch f.Reason {
		case "bounds":
			faults = append(faults, strictjson.Reject(codeRatingBounds, f.Path))
		case "choice":
			faults = append(faults, strictjson.Reject(tariffs.CodeChoice, f.Path, "value", strictjson.Shown(f.Value), "known", f.Known))
		case "long":
			faults = append(faults, strictjson.Reject(codeRatingLong, f.Path, "limit", strconv.Itoa(rating.MostWords)))
		}
	}
	if !slices.Contains(bill.RatedBodies(), in.Body) {
		faults = append(faults, strictjson.Reject(codeRatingBody, "body", "value", strictjson.Shown(in.Body)))
	}
	if why := bill.Unratable(d.Clock()); why != nil {
		faults = append(faults, strictjson.Reject(codeRatingBill, "bill", "reason", why[1]))
	}
	return faults
}

// RatedBodies are the bodies on an account that may be rated: those that the
// catalogue knows.
func (b *FeeBill) RatedBodies() []string {
	var out []string
	for _, s := range b.Sums.ByBody {
		if b.Catalogue.Body(s.Of) != nil {
			out = append(out, s.Of)
		}
	}
	return out
}

// Unratable says why an account cannot carry a rating, as an argument and its
// slug; nil: it can. It must be a final account that says which one it is, of a
// call within the window of the figures.
func (b *FeeBill) Unratable(now time.Time) []string {
	call := &b.Account.Call
	switch {
	case b.Kind != BillFinal:
		return []string{"reason", "bill_estimate"}
	case b.Account.Synthetic:
		return []string{"reason", "bill_synthetic"}
	case b.Account.Number == "" || call.Ship.Name == "" && call.Ship.IMO == "" || call.Arrival.IsZero():
		return []string{"reason", "bill_unnamed"}
	case call.Arrival.After(now):
		return []string{"reason", "bill_ahead"}
	case call.Arrival.Before(rating.Since(now)):
		return []string{"reason", "bill_old"}
	}
	return nil
}

// ReplyToRating is the right of reply of a body; it is shown at once. The
// authority may record a reply on behalf of a body that has no user here.
func (d *Desk) ReplyToRating(ctx context.Context, p auth.Principal, ratingID, words string) error {
	if err := allow(p, auth.ReplyRating); err != nil {
		return err
	}
	words = strings.TrimSpace(words)
	if n := len([]rune(words)); n == 0 || n > rating.MostWords {
		return &FaultsError{[]declarations.Fault{strictjson.Reject(codeReplyWords, "words", "limit", strconv.Itoa(rating.MostWords))}}
	}
	r, err := d.Store.FeeRating(ctx, ratingID)
	if err != nil {
		return err
	}
	if p.Role == auth.Collector && tariffs.BodyCode(p.Body) != r.Body {
		return fmt.Errorf("rating of another body: %w", store.ErrNotFound)
	}
	for range versionRetries {
		n, err := d.Store.FeeRatingHeard(ctx, ratingID)
		if err != nil {
			return err
		}
		if n >= mostReplies {
			return &FaultsError{[]declarations.Fault{strictjson.Reject(codeReplyMany, "words", "limit", strconv.Itoa(mostReplies))}}
		}
		reply := store.FeeRatingReply{RatingID: ratingID, Number: n + 1, Words: []byte(words), Partner: cmp.Or(p.PartnerID, p.User), Role: string(p.Role), CreatedAt: d.now()}
		err = d.write(ctx, store.Change{FeeRatingReplies: []store.FeeRatingReply{reply},
			Audit: []store.AuditEntry{d.audit(p.KeyID, "fee_rating.reply", p.PartnerID, ratingID, digest(reply.Words))}})
		if store.IsConflict(err, "fee_rating_reply") {
			continue // another reply was faster
		}
		if err != nil {
			return fmt.Errorf("keep reply: %w", err)
		}
		d.bills.forget()
		return nil
	}
	return fmt.Errorf("reply to rating %s: too many writers at once: %w", ratingID, store.ErrUnavailable)
}

// ReplyOrder is a reply as a document.
type ReplyOrder struct {
	Words string `json:"words"`
}

// ReadRating reads a rating as JSON. Errors: *FaultsError.
func ReadRating(body []byte) (RatingOrder, error) {
	var in RatingOrder
	err := readOrder(body, &in)
	return in, err
}

// ReadReply reads a reply as JSON. Errors: *FaultsError.
func ReadReply(body []byte) (ReplyOrder, error) {
	var in ReplyOrder
	err := readOrder(body, &in)
	return in, err
}

func readOrder(body []byte, into any) error {
	if faults := readStrict(body, into); faults != nil {
		return &FaultsError{Faults: faults}
	}
	return nil
}
