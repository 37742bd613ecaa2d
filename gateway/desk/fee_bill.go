package desk

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// Codes of faults of an upload.
const (
	codeBillEstimate = "FEE-1211" // the estimate is not found
	codeBillNoFile   = "FEE-1212" // no file, or an empty one
)

// The kinds of accounts: before the call and after it (PDA, FDA).
const (
	BillEstimate = "estimate"
	BillFinal    = "final"
)

// BillKinds are both.
var BillKinds = []string{BillFinal, BillEstimate}

// BillUpload is an account on its way in. Who hands it in need not be known.
type BillUpload struct {
	Body        []byte
	ContentType string
	Kind        string              // empty: final
	Estimate    string              // secret of the estimate that a final account is held against; empty: none
	Fill        func(*tariffs.Call) // what the file does not say; may be nil
	Partner     string              // empty: a stranger
	Actor       string              // key of the partner
	Peer        string              // address without port: strangers share the pace of theirs

	IdempotencyKey, RequestSHA string
	Render                     func(bill *FeeBill, secret string) Replayed // the answer, which is kept for the key
}

// BillMade is a checked account with the secret of its link, which is shown
// this once.
type BillMade struct {
	Bill     FeeBill
	Secret   string
	Answer   Replayed
	Repeated bool // Answer is the first one to the key; Bill and Secret are empty
}

// FeeBill is a checked account as its holder sees it.
type FeeBill struct {
	ID          string
	At          time.Time
	Kind        string
	Edition     int
	Catalogue   *tariffs.Catalogue // of the edition
	KnownOn     tariffs.Day
	Format      string
	ContentType string
	SHA256      string // of the file
	Size        int64
	Account     *tariffs.Account
	Findings    []tariffs.AccountFinding
	Notes       []declarations.Fault // what was written otherwise than it was read
	Sums        tariffs.AccountSums
	Variance    []tariffs.Variance // against the estimate; nil: none was named, or it is gone
	Ratings     []store.FeeRating
	Partner     bool // handed in with a partner's key

	row store.FeeBill
}

func (in *BillUpload) keyed() *keyed {
	return &keyed{"fee-bill", in.Partner, in.IdempotencyKey, in.RequestSHA}
}

// billDocument is what is kept of an account beside the file.
type billDocument struct {
	KnownOn  tariffs.Day              `json:"known_on"`
	Account  *tariffs.Account         `json:"account"`
	Findings []tariffs.AccountFinding `json:"findings"`
	Notes    []declarations.Fault     `json:"notes,omitempty"`
}

// aboutBill binds sealed bytes to their account.
func aboutBill(id, what string) string { return "fee-bill/" + id + "/" + what }

// CheckBill reads an account, judges it by the edition in force and keeps it.
// Errors: *FaultsError, ErrTooOften, ErrIdempotency.
func (d *Desk) CheckBill(ctx context.Context, in BillUpload) (BillMade, error) {
	key := in.keyed()
	if err := key.weak(); err != nil {
		return BillMade{}, err
	}
	first, err := d.replayKeyed(ctx, key)
	if err != nil || first != nil {
		return BillMade{Answer: answerOf(first), Repeated: first != nil}, err
	}
	if !d.bills.pace.allow(in.Partner, in.Peer, d.Clock()) {
		return BillMade{}, ErrTooOften
	}
	bill, err := d.judgeBill(ctx, &in)
	if err != nil {
		return BillMade{}, err
	}
	var b [32]byte // 256 bits: the link is the only right to the account
	if _, err := io.ReadFull(d.random(), b[:]); err != nil {
		return BillMade{}, fmt.Errorf("make the secret of an account: %w", err)
	}
	made := BillMade{Bill: *bill, Secret: base64.RawURLEncoding.EncodeToString(b[:])}
	c, err := d.keepBill(&in, &made)
	if err != nil {
		return BillMade{}, err
	}
	err = d.write(ctx, c)
	if store.IsConflict(err, "idempotency") {
		if first, err = d.replayKeyed(ctx, key); err == nil && first != nil {
			return BillMade{Answer: *first, Repeated: true}, nil
		}
	}
	if err != nil {
		return BillMade{}, fmt.Errorf("keep account: %w", err)
	}
	d.bills.forget()
	return made, nil
}

// judgeBill reads and judges; nothing is kept yet.
func (d *Desk) judgeBill(ctx context.Context, in *BillUpload) (*FeeBill, error) {
	var faults []declarations.Fault
	if in.Kind != "" && !slices.Contains(BillKinds, in.Kind) {
		faults = append(faults, strictjson.Reject(tariffs.CodeChoice, "kind", "value", strictjson.Shown(in.Kind), "known", BillFinal+", "+BillEstimate))
	}
	var estimate *FeeBill
	if in.Estimate != "" {
		e, err := d.FeeBill(ctx, in.Estimate)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && e.Kind != BillEstimate:
			faults = append(faults, strictjson.Reject(codeBillEstimate, "estimate"))
		case err != nil:
			return nil, err
		}
		estimate = &e
	}
	if len(in.Body) == 0 {
		faults = append(faults, strictjson.Reject(codeBillNoFile, "file"))
	}
	if faults != nil {
		return nil, &FaultsError{Faults: faults}
	}
	edition, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, fmt.Errorf("catalogue for an account: %w", err)
	}
	file, err := ReadAccount(edition.Catalogue, in.Body, in.Fill)
	if err != nil {
		return nil, err
	}
	if err := sameKind(in, file.Account); err != nil {
		return nil, err
	}
	bill := &FeeBill{ID: d.NewID(), At: time.UnixMilli(d.now()).UTC(), Kind: in.Kind, Edition: edition.Number, Catalogue: edition.Catalogue, KnownOn: tariffs.DayOf(d.Clock()),
		Format: file.Format, ContentType: in.ContentType, SHA256: digest(in.Body), Size: int64(len(in.Body)), Account: file.Account, Notes: file.Notes, Partner: in.Partner != ""}
	bill.Findings = tariffs.CheckAccount(edition.Catalogue, file.Account, bill.KnownOn)
	bill.Sums = tariffs.SumAccount(edition.Catalogue, file.Account, bill.Findings)
	if estimate != nil {
		bill.row.Estimate = estimate.ID
		bill.Variance = tariffs.CompareAccounts(edition.Catalogue, estimate.Account, file.Account)
	}
	return bill, nil
}

// sameKind settles whether an account is an estimate or final. Nothing said is
// final; a file that says otherwise than who hands it in is neither.
func sameKind(in *BillUpload, a *tariffs.Account) error {
	if in.Kind != "" && a.Kind != "" && in.Kind != a.Kind {
		return &FaultsError{[]declarations.Fault{strictjson.Reject(codeBillKind, "kind", "value", in.Kind, "known", a.Kind)}}
	}
	in.Kind = cmp.Or(in.Kind, a.Kind, BillFinal)
	return nil
}

// keepBill is the change that keeps an account.
func (d *Desk) keepBill(in *BillUpload, made *BillMade) (store.Change, error) {
	bill := &made.Bill
	document, err := json.Marshal(&billDocument{bill.KnownOn, bill.Account, bill.Findings, bill.Notes})
	if err != nil {
		return store.Change{}, fmt.Errorf("write account: %w", err)
	}
	day := bill.Account.Call.On
	if !bill.Account.Call.Arrival.IsZero() {
		day = tariffs.DayOf(bill.Account.Call.Arrival)
	}
	row := &bill.row
	*row = store.FeeBill{ID: bill.ID, SecretHash: digest([]byte(made.Secret)), Identity: bill.Account.Identity(), Partner: in.Partner, Kind: bill.Kind, Estimate: row.Estimate,
		Edition: bill.Edition, Format: bill.Format, ContentType: bill.ContentType, SHA256: bill.SHA256, Size: bill.Size, Body: in.Body, Document: document,
		Month: string(day[:len("2006-01")]), CreatedAt: bill.At.UnixMilli()}
	if d.Seal != nil {
		row.Sealed = true
		if row.Body, err = d.Seal.Seal(in.Body, aboutBill(bill.ID, "file")); err != nil {
			return store.Change{}, err
		}
		if row.Document, err = d.Seal.Seal(document, aboutBill(bill.ID, "findings")); err != nil {
			return store.Change{}, err
		}
	}
	row.StoredSHA = digest(row.Body)
	actor := in.Actor
	if actor == "" {
		actor = "public"
	}
	c := store.Change{FeeBill: row, Audit: []store.AuditEntry{d.audit(actor, "fee_bill.check", in.Partner, bill.ID, row.StoredSHA)}}
	for _, s := range bill.Sums.Shares {
		if bill.Account.Synthetic {
			break // figures about a body are of what it billed
		}
		c.FeeBillShares = append(c.FeeBillShares, store.FeeBillShare{BillID: bill.ID, Body: s.Body, Word: string(s.Word), Lines: s.Lines, Agreeing: s.Agreeing,
			Questioned: s.Questioned, BilledFen: int64(s.Billed), OverFen: int64(s.Over)})
	}
	if in.Render != nil {
		made.Answer = in.Render(bill, made.Secret)
	}
	if c.Idempotency, err = in.keyed().keep(&made.Answer, d.now(), d.random()); err != nil {
		return store.Change{}, err
	}
	if c.Idempotency != nil {
		row.IdemTenant, row.IdemKey = c.Idempotency.Tenant, c.Idempotency.Key
	}
	return c, nil
}

// mostSecret bounds what is looked up; a secret has 43 characters.
const mostSecret = 64

// FeeBill is an account by the secret of its link. One that was deleted and
// one that never was look the same: store.ErrNotFound.
func (d *Desk) FeeBill(ctx context.Context, secret string) (FeeBill, error) {
	if secret == "" || len(secret) > mostSecret {
		return FeeBill{}, store.ErrNotFound
	}
	row, err := d.Store.FeeBill(ctx, digest([]byte(secret)))
	if err != nil {
		return FeeBill{}, err
	}
	bill, err := d.openBill(ctx, &row)
	if err != nil {
		return FeeBill{}, err
	}
	if bill.Ratings, err = d.Store.FeeRatingsOfBill(ctx, row.ID); err != nil {
		return FeeBill{}, err
	}
	if row.Estimate == "" {
		return bill, nil
	}
	other, err := d.Store.FeeBillByID(ctx, row.Estimate)
	if errors.Is(err, store.ErrNotFound) { // its holder deleted it
		return bill, nil
	}
	if err != nil {
		return FeeBill{}, err
	}
	estimate, err := d.openBill(ctx, &other)
	if err != nil {
		return FeeBill{}, err
	}
	bill.Variance = tariffs.CompareAccounts(bill.Catalogue, estimate.Account, bill.Account)
	return bill, nil
}

// openBill reads what is kept of an account.
func (d *Desk) openBill(ctx context.Context, row *store.FeeBill) (FeeBill, error) {
	plain, err := d.unsealBill(row, row.Document, "findings")
	if err != nil {
		return FeeBill{}, err
	}
	var doc billDocument
	if err := json.Unmarshal(plain, &doc); err != nil {
		return FeeBill{}, fmt.Errorf("read account %s: %w", row.ID, err)
	}
	edition, err := d.FeeEditionNumber(ctx, row.Edition)
	if err != nil {
		return FeeBill{}, fmt.Errorf("catalogue of account %s: %w", row.ID, err)
	}
	return FeeBill{ID: row.ID, At: time.UnixMilli(row.CreatedAt).UTC(), Kind: row.Kind, Edition: row.Edition, Catalogue: edition.Catalogue, KnownOn: doc.KnownOn,
		Format: row.Format, ContentType: row.ContentType, SHA256: row.SHA256, Size: row.Size, Account: doc.Account, Findings: doc.Findings, Notes: doc.Notes,
		Sums: tariffs.SumAccount(edition.Catalogue, doc.Account, doc.Findings), Partner: row.Partner != "", row: *row}, nil
}

func (d *Desk) unsealBill(row *store.FeeBill, kept []byte, what string) ([]byte, error) {
	if !row.Sealed {
		return kept, nil
	}
	if d.Seal == nil {
		return nil, ErrNoSeal
	}
	plain, err := d.Seal.Open(kept, aboutBill(row.ID, what))
	if err != nil {
		return nil, fmt.Errorf("open account %s: %w", row.ID, err)
	}
	return plain, nil
}

// FeeBillFile is the file of an account, the bytes that came.
func (d *Desk) FeeBillFile(_ context.Context, bill *FeeBill) ([]byte, error) {
	return d.unsealBill(&bill.row, bill.row.Body, "file")
}

// DeleteFeeBill takes an account away with everything that came of it.
func (d *Desk) DeleteFeeBill(ctx context.Context, secret string) error {
	if secret == "" || len(secret) > mostSecret {
		return store.ErrNotFound
	}
	row, err := d.Store.FeeBill(ctx, digest([]byte(secret)))
	if err != nil {
		return err
	}
	err = d.write(ctx, store.Change{DeleteFeeBill: &store.FeeBillDeletion{ID: row.ID, At: d.now()},
		Audit: []store.AuditEntry{d.audit("holder", "fee_bill.delete", row.Partner, row.ID, "")}})
	if err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	d.bills.forget()
	return nil
}

// Complainable reports whether a line gives reason to ask or to complain: more
// than the catalogue gives, or nothing that it has.
func (b *FeeBill) Complainable(f *tariffs.AccountFinding) bool {
	switch f.Standing() {
	case tariffs.StandsDiffers, tariffs.StandsAsked:
		return true
	}
	return slices.Contains(f.Verdicts, tariffs.NotListed)
}
