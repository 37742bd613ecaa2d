package desk_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"kouan/declarations/testfacts"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/complaint"
	"kouan/tariffs/rating"
)

// theAuthority is who sees over-charging and records replies.
var theAuthority = auth.Principal{PartnerID: "authority", KeyID: "k-authority", Role: auth.Authority}

// accounts is a desk whose clock stands in November 2026.
func accounts(t testing.TB) (*bundle, *atomic.Int64) {
	t.Helper()
	b := setup(t)
	now := &atomic.Int64{}
	now.Store(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC).UnixMilli())
	b.Desk.Clock = func() time.Time { return time.UnixMilli(now.Load()).UTC() }
	return b, now
}

// account is a small final account; number tells one from another.
func account(number, pilotage string) []byte {
	return fmt.Appendf(nil, "account_no,ship,imo,nt,terminal,arrival,departure,line,text_zh,quantity,unit,rate,amount,currency\n"+
		"%[1]s,SYNTHETIC TWO,9000015,15872,CNDLC-12,2026-09-14T22:40:00+08:00,2026-09-18T06:10:00+08:00,1,引航费(进),15872,NTT,0.405,%[2]s,CNY\n"+
		"%[1]s,SYNTHETIC TWO,9000015,15872,CNDLC-12,2026-09-14T22:40:00+08:00,2026-09-18T06:10:00+08:00,2,货物港务费代收手续费,1,C62,412.00,412.00,CNY\n", number, pilotage)
}

func checked(t testing.TB, b *bundle, in desk.BillUpload) desk.BillMade {
	t.Helper()
	if in.Peer == "" {
		in.Peer = uuid.NewString() // each from elsewhere: the pace is not in question
	}
	made, err := b.CheckBill(t.Context(), in)
	if err != nil {
		var faults *desk.FaultsError
		if errors.As(err, &faults) {
			t.Fatalf("check account: %v", placed(faults.Faults))
		}
		t.Fatalf("check account: %v", err)
	}
	return made
}

func wantFault(t *testing.T, what string, err error, want string) {
	t.Helper()
	var faults *desk.FaultsError
	if !errors.As(err, &faults) || !strings.HasPrefix(strings.Join(placed(faults.Faults), "; "), want) {
		t.Errorf("%s: %v, want %s", what, err, want)
		if faults != nil {
			t.Errorf("faults %v", placed(faults.Faults))
		}
	}
}

func TestAnAccountIsFoundByItsSecretAndSealed(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	b.Desk.Seal = sealWith(t, 1)
	body, err := os.ReadFile(testfacts.Path(t, "samples", "tariffs", "account-overcharged.csv"))
	if err != nil {
		t.Fatal(err)
	}
	made := checked(t, b, desk.BillUpload{Body: body, ContentType: "text/csv"})
	if len(made.Secret) != 43 {
		t.Errorf("the secret %q has not 256 bits", made.Secret)
	}
	got, err := b.FeeBill(t.Context(), made.Secret)
	if err != nil || got.SHA256 != fmt.Sprintf("%x", sha256.Sum256(body)) || len(got.Findings) != len(made.Bill.Findings) || got.Sums.All != made.Bill.Sums.All {
		t.Fatalf("account %+v, %v", got, err)
	}
	file, err := b.FeeBillFile(t.Context(), &got)
	if err != nil || !bytes.Equal(file, body) {
		t.Errorf("the file is not the bytes that came: %v", err)
	}
	row, err := b.store.FeeBillByID(t.Context(), got.ID)
	if err != nil || bytes.Contains(row.Body, []byte("SYNTHETIC")) || bytes.Contains(row.Document, []byte("SYNTHETIC")) || strings.Contains(row.SecretHash, made.Secret) {
		t.Errorf("the account stands in the open in the database: %v", err)
	}
	b.Desk.Seal = nil
	if _, err := b.FeeBill(t.Context(), made.Secret); !errors.Is(err, desk.ErrNoSeal) {
		t.Errorf("without the key: %v", err)
	}
	for _, secret := range []string{"", "x", strings.Repeat("x", 10_000), made.Secret + "x", got.ID} {
		if _, err := b.FeeBill(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("secret %.50q: %v", secret, err)
		}
	}
}

// TestAnUploadIsAnsweredOnce: the same key gets the first answer, another body
// a conflict, and the answer is of no use to who reads the database.
func TestAnUploadIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	key := uuid.NewString()
	in := desk.BillUpload{Body: account("A1", "6428.16"), IdempotencyKey: key, RequestSHA: "request 1",
		Render: func(_ *desk.FeeBill, secret string) desk.Replayed {
			return desk.Replayed{Status: 201, ContentType: "x", Body: []byte("secret=" + secret)}
		}}
	first := checked(t, b, in)
	again := checked(t, b, in)
	if !again.Repeated || string(again.Answer.Body) != string(first.Answer.Body) || again.Answer.Status != 201 {
		t.Errorf("repeated: %+v", again)
	}
	row, err := b.store.FeeBillByID(t.Context(), first.Bill.ID)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := b.store.IdempotencyRow(t.Context(), row.IdemTenant, row.IdemKey)
	if err != nil || bytes.Contains(kept.Body, []byte(first.Secret)) || strings.Contains(kept.Key, key) {
		t.Errorf("the secret or the key stands in the open: %+v, %v", kept, err)
	}
	in.RequestSHA = "request 2"
	if _, err := b.CheckBill(t.Context(), in); !errors.Is(err, desk.ErrIdempotency) {
		t.Errorf("another body under the key: %v", err)
	}
	in.RequestSHA = "request 1"
	if err := b.DeleteFeeBill(t.Context(), first.Secret); err != nil {
		t.Fatal(err)
	}
	if _, err := b.CheckBill(t.Context(), in); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the key of a deleted account: %v", err)
	}
	_, err = b.CheckBill(t.Context(), desk.BillUpload{Body: in.Body, IdempotencyKey: "1", RequestSHA: "x"})
	wantFault(t, "a key that anybody guesses", err, "FEE-1210 header.Idempotency-Key")
	checked(t, b, desk.BillUpload{Body: in.Body, IdempotencyKey: "1", RequestSHA: "x", Partner: "alice"})
}

func TestRacersOnOneKeyMakeOneAccount(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	in := desk.BillUpload{Body: account("A1", "6428.16"), IdempotencyKey: uuid.NewString(), RequestSHA: "r", Peer: "p",
		Render: func(_ *desk.FeeBill, secret string) desk.Replayed {
			return desk.Replayed{Status: 201, Body: []byte(secret)}
		}}
	answers := make(chan string, 8)
	for range cap(answers) {
		go func() {
			made, err := b.CheckBill(context.WithoutCancel(t.Context()), in)
			if err != nil {
				answers <- err.Error()
				return
			}
			answers <- string(made.Answer.Body)
		}()
	}
	first := <-answers
	for range cap(answers) - 1 {
		if other := <-answers; other != first {
			t.Errorf("two answers to one key: %s, %s", first, other)
		}
	}
}

func TestADeletedAccountIsGoneWithItsRating(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	made := checked(t, b, desk.BillUpload{Body: account("A1", "6428.16")})
	if _, _, err := b.RateBody(t.Context(), desk.RatingOrder{Secret: made.Secret, Body: "pilot-station", Clarity: 4, Answer: rating.SameDay, Words: "清楚"}); err != nil {
		t.Fatal(err)
	}
	body, err := b.FeeBody(t.Context(), "pilot-station")
	if err != nil || body.Ratings.Count != 1 || len(body.Said) != 1 {
		t.Fatalf("body %+v, %v", body, err)
	}
	if err := b.DeleteFeeBill(t.Context(), made.Secret); err != nil {
		t.Fatal(err)
	}
	if _, err := b.FeeBill(t.Context(), made.Secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("deleted: %v", err)
	}
	if err := b.DeleteFeeBill(t.Context(), made.Secret); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if body, err = b.FeeBody(t.Context(), "pilot-station"); err != nil || body.Ratings.Count != 0 || body.Said != nil || len(body.Months) != 0 {
		t.Errorf("body after the deletion: %+v, %v", body, err)
	}
}

// TestARatingStandsOnACheckedAccount: what it needs, and once.
func TestARatingStandsOnACheckedAccount(t *testing.T) {
	t.Parallel()
	b, now := accounts(t)
	made := checked(t, b, desk.BillUpload{Body: account("A1", "6428.16")})
	good := desk.RatingOrder{Secret: made.Secret, Body: "pilot-station", Clarity: 2, Answer: rating.NotAsked}
	with := func(edit func(*desk.RatingOrder)) desk.RatingOrder { o := good; edit(&o); return o }
	for name, c := range map[string]struct {
		order desk.RatingOrder
		want  string
	}{
		"a body that is not on it": {with(func(o *desk.RatingOrder) { o.Body = "customs" }), "FEE-1215 body"},
		"nobody":                   {with(func(o *desk.RatingOrder) { o.Body = "" }), "FEE-1215 body"},
		"six stars":                {with(func(o *desk.RatingOrder) { o.Clarity = 6 }), "FEE-1213 clarity"},
		"an answer of one's own":   {with(func(o *desk.RatingOrder) { o.Answer = "never" }), "FEE-1002 answer"},
		"an essay":                 {with(func(o *desk.RatingOrder) { o.Words = strings.Repeat("字", 1001) }), "FEE-1214 words"},
		"an estimate": {with(func(o *desk.RatingOrder) {
			o.Secret = checked(t, b, desk.BillUpload{Body: account("A9", "6428.16"), Kind: desk.BillEstimate}).Secret
		}), "FEE-1216 bill"},
		"an account without a number": {with(func(o *desk.RatingOrder) {
			o.Secret = checked(t, b, desk.BillUpload{Body: account("", "6428.16")}).Secret
		}), "FEE-1216 bill"},
	} {
		_, _, err := b.RateBody(t.Context(), c.order)
		wantFault(t, name, err, c.want)
	}
	if _, _, err := b.RateBody(t.Context(), with(func(o *desk.RatingOrder) { o.Secret = "nobody's" })); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("without an account: %v", err)
	}
	r, repeated, err := b.RateBody(t.Context(), good)
	if err != nil || repeated || r.Standing != string(tariffs.StandsEqual) {
		t.Fatalf("rating %+v, %v", r, err)
	}
	again, repeated, err := b.RateBody(t.Context(), good)
	if err != nil || !repeated || again.ID != r.ID {
		t.Errorf("the same again: %+v %v, %v", again, repeated, err)
	}
	var before *desk.RatedError
	if _, _, err = b.RateBody(t.Context(), with(func(o *desk.RatingOrder) { o.Clarity = 5 })); !errors.As(err, &before) {
		t.Errorf("otherwise: %v", err)
	}
	copied := checked(t, b, desk.BillUpload{Body: account("A1", "\"6,428.160\"")})
	if _, _, err = b.RateBody(t.Context(), with(func(o *desk.RatingOrder) { o.Secret = copied.Secret })); !errors.As(err, &before) {
		t.Errorf("the same account in another file: %v", err)
	}
	if r, _, err = b.RateBody(t.Context(), with(func(o *desk.RatingOrder) { o.Body = "ship-agent" })); err != nil || r.Standing != string(tariffs.StandsDiffers) {
		t.Errorf("the agent's margin: %+v, %v", r, err)
	}
	late := checked(t, b, desk.BillUpload{Body: account("A2", "6428.16")})
	now.Add((365 * 24 * time.Hour).Milliseconds())
	_, _, err = b.RateBody(t.Context(), with(func(o *desk.RatingOrder) { o.Secret = late.Secret }))
	wantFault(t, "a call of last year", err, "FEE-1216 bill")
}

// TestTheBodyHasTheLastWord: a reply is there at once, by whom it may come.
func TestTheBodyHasTheLastWord(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	made := checked(t, b, desk.BillUpload{Body: account("A1", "6428.16")})
	r, _, err := b.RateBody(t.Context(), desk.RatingOrder{Secret: made.Secret, Body: "pilot-station", Clarity: 1, Answer: rating.Longer})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := b.FeeBody(t.Context(), "pilot-station"); err != nil || body.Said != nil || !body.Ratings.TooFew || body.Ratings.Mean != "" {
		t.Errorf("a rating without words: %+v, %v", body, err)
	}
	if err := b.ReplyToRating(t.Context(), b.alice, r.ID, "x"); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("a forwarder replies: %v", err)
	}
	wantFault(t, "an empty reply", b.ReplyToRating(t.Context(), theAuthority, r.ID, " \n"), "FEE-1217 words")
	if err := b.ReplyToRating(t.Context(), theAuthority, uuid.NewString(), "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reply to nothing: %v", err)
	}
	pilots := auth.Principal{User: "u-pilots", KeyID: "u-pilots", Role: auth.Collector, Body: "pilot station"}
	others := auth.Principal{User: "u-customs", KeyID: "u-customs", Role: auth.Collector, Body: "customs"}
	if err := b.ReplyToRating(t.Context(), others, r.ID, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another body replies: %v", err)
	}
	for i := range 5 {
		who := theAuthority
		if i > 0 {
			who = pilots
		}
		if err := b.ReplyToRating(t.Context(), who, r.ID, fmt.Sprint("答复 ", i)); err != nil {
			t.Fatal(err)
		}
	}
	wantFault(t, "the sixth", b.ReplyToRating(t.Context(), theAuthority, r.ID, "x"), "FEE-1218 words")
	body, err := b.FeeBody(t.Context(), "pilot-station")
	if err != nil || len(body.Said) != 1 || len(body.Said[0].Replies) != 5 || body.Said[0].Replies[0].Words != "答复 0" || body.Said[0].Replies[0].Role != "authority" {
		t.Errorf("said %+v, %v", body.Said, err)
	}
}

// TestFiguresHideWhatIsFew: a public month needs five accounts, a rating ten;
// the authority sees each.
func TestFiguresHideWhatIsFew(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	for i := range 10 {
		if i == 4 {
			body, err := b.FeeBody(t.Context(), "pilot-station")
			if err != nil || len(body.Months) != 1 || !body.Months[0].Few || body.Months[0].Bills != 0 || body.Months[0].Words != nil {
				t.Errorf("four accounts: %+v, %v", body.Months, err)
			}
		}
		pilotage := "6428.16"
		if i == 0 {
			pilotage = "7142.40" // 714.24 above a ceiling that fits the figures that were read, and was not read itself
		}
		made := checked(t, b, desk.BillUpload{Body: account(fmt.Sprint("A", i), pilotage)})
		if _, _, err := b.RateBody(t.Context(), desk.RatingOrder{Secret: made.Secret, Body: "pilot-station", Clarity: 1 + i%5, Answer: rating.NotAsked}); err != nil {
			t.Fatal(err)
		}
	}
	checked(t, b, desk.BillUpload{Body: account("A0", "7142.40"), Partner: "alice"}) // the first once more
	body, err := b.FeeBody(t.Context(), "pilot-station")
	if err != nil || body.Ratings.TooFew || body.Ratings.Mean != "3.0" || body.Ratings.Share != "90.0" {
		t.Errorf("ratings %+v, %v", body.Ratings, err)
	}
	m := body.Months[0]
	lines, fen := m.Asked()
	if m.Few || m.Month != "2026-09" || m.Bills != 10 || m.Equal != 9 || m.Share != "90.0" || lines != 1 || fen != 71424 {
		t.Errorf("month %+v", m)
	}
	if lines, fen := m.Over(); lines != 0 || fen != 0 {
		t.Errorf("over a reference that nobody read: %d lines, %s", lines, fen)
	}
	if _, err := b.FeeOvercharging(t.Context(), b.alice); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("a forwarder sees over-charging: %v", err)
	}
	view, err := b.FeeOvercharging(t.Context(), theAuthority)
	if err != nil || len(view) != 2 || view[0].Body.Code != "ship-agent" || view[1].Body.Code != "pilot-station" {
		t.Fatalf("view %+v, %v", view, err)
	}
	if lines, fen := view[0].Sum().Over(); lines != 10 || fen != 10*41200 {
		t.Errorf("margins of agents: %d lines, %s", lines, fen)
	}
}

func TestAFinalAccountIsHeldAgainstItsEstimate(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	estimate := checked(t, b, desk.BillUpload{Body: account("E1", "6000.00"), Kind: desk.BillEstimate})
	final := checked(t, b, desk.BillUpload{Body: account("A1", "6428.16"), Estimate: estimate.Secret})
	got, err := b.FeeBill(t.Context(), final.Secret)
	if err != nil || len(got.Variance) != 2 || got.Variance[0].Difference != 42816 || got.Variance[1].Difference != 0 {
		t.Errorf("variance %+v, %v", got.Variance, err)
	}
	_, err = b.CheckBill(t.Context(), desk.BillUpload{Body: account("A1", "1"), Estimate: final.Secret})
	wantFault(t, "a final one as estimate", err, "FEE-1211 estimate")
	_, err = b.CheckBill(t.Context(), desk.BillUpload{Body: nil, Estimate: "gone", Kind: "x"})
	wantFault(t, "nothing", err, "FEE-1002 kind x; FEE-1211 estimate; FEE-1212 file")
	if err := b.DeleteFeeBill(t.Context(), estimate.Secret); err != nil {
		t.Fatal(err)
	}
	if got, err = b.FeeBill(t.Context(), final.Secret); err != nil || got.Variance != nil {
		t.Errorf("the estimate is gone: %+v, %v", got.Variance, err)
	}
}

func TestStrangersHaveAPace(t *testing.T) {
	t.Parallel()
	b, now := accounts(t)
	in := desk.BillUpload{Body: account("A1", "1.00"), Peer: "203.0.113.7"}
	for i := range 10 {
		if _, err := b.CheckBill(t.Context(), in); err != nil {
			t.Fatalf("account %d: %v", i, err)
		}
	}
	if _, err := b.CheckBill(t.Context(), in); !errors.Is(err, desk.ErrTooOften) {
		t.Errorf("the eleventh: %v", err)
	}
	checked(t, b, desk.BillUpload{Body: in.Body, Peer: "203.0.113.8"})
	now.Add(desk.BillWait.Milliseconds())
	if _, err := b.CheckBill(t.Context(), in); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// TestAComplaintAboutALineHidesTheAccount: the form is filled in from the
// line, and the secret of the account does not reach who handles the complaint.
func TestAComplaintAboutALineHidesTheAccount(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	made := checked(t, h.bundle, desk.BillUpload{Body: account("A1", "7142.40")})
	subject := complaint.Subject{Bill: made.Secret, BillLine: 1}
	begun, collector, err := h.BeginFeeComplaint(t.Context(), subject)
	if begun.Kind != "overcharge" || begun.Amount != "7142.40" || begun.Ship == "" {
		t.Errorf("filled in: %+v", begun)
	}
	got := begun.Subject
	if err != nil || got.Item != "PILOTAGE" || got.Quoted == nil || *got.Quoted != 642816 || !got.AtMost || collector != "pilot station" || got.Bill != made.Secret {
		t.Errorf("form: %+v %q, %v", got, collector, err)
	}
	in := grievance()
	in.Subject = subject
	m := h.complain(t, in)
	v, err := h.FeeComplaintBySecret(t.Context(), m.Secret)
	if err != nil || v.Complaint.Subject.Bill != made.Bill.ID || v.Complaint.Subject.Item != "PILOTAGE" || v.Complaint.Subject.Billed == nil || v.Complaint.Subject.Billed.Amount != "7142.40" {
		t.Errorf("complaint: %+v, %v", v.Complaint.Subject, err)
	}
	if bytes.Contains(v.Row.Document, []byte(made.Secret)) {
		t.Error("the complaint keeps the secret of the account")
	}
	for _, s := range []complaint.Subject{{Bill: "gone", BillLine: 1}, {Bill: made.Secret, BillLine: 99}} {
		in := grievance()
		in.Subject = s
		_, err = h.Complain(t.Context(), in)
		var faults *desk.FaultsError
		if !errors.As(err, &faults) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// TestAComplaintAboutADeniedChargeSaysThatItIsNotListed: light dues are no
// charge of the catalogue that is merely too high.
func TestAComplaintAboutADeniedChargeSaysThatItIsNotListed(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	made := checked(t, h.bundle, desk.BillUpload{Body: []byte("account_no,ship,line,text_en,amount,arrival,currency\nA1,S,1,Light dues,412,2026-09-14T22:40:00+08:00,CNY\n")})
	f := &made.Bill.Findings[0]
	if !made.Bill.Complainable(f) || f.Reason != "light_dues" || f.Questioned(41200) != 41200 {
		t.Errorf("found: %+v", f)
	}
	begun, _, err := h.BeginFeeComplaint(t.Context(), complaint.Subject{Bill: made.Secret, BillLine: 1})
	if err != nil || begun.Kind != "not_listed" || begun.Amount != "412.00" {
		t.Errorf("filled in: %+v, %v", begun, err)
	}
}

// TestAccountsAreSealedAnewWithANewKey: the old key can be dropped then.
func TestAccountsAreSealedAnewWithANewKey(t *testing.T) {
	t.Parallel()
	b, _ := accounts(t)
	b.Desk.Seal = sealWith(t, 1)
	var secrets []string
	for i := range 23 { // more than one page
		secrets = append(secrets, checked(t, b, desk.BillUpload{Body: account(fmt.Sprint("A", i), "6428.16")}).Secret)
	}
	both := sealWith(t, 2, 1)
	b.Desk.Seal = both
	for _, want := range []int{23, 0} {
		n, err := b.ResealFeeBills(t.Context(), "operator", both.Newest)
		if err != nil || n != want {
			t.Errorf("sealed anew: %d, %v", n, err)
		}
	}
	b.Desk.Seal = sealWith(t, 2)
	for _, secret := range secrets {
		bill, err := b.FeeBill(t.Context(), secret)
		if err != nil {
			t.Fatalf("after the old key was dropped: %v", err)
		}
		if file, err := b.FeeBillFile(t.Context(), &bill); err != nil || fmt.Sprintf("%x", sha256.Sum256(file)) != bill.SHA256 {
			t.Errorf("file: %v", err)
		}
	}
	if findings, err := b.store.DoctorAll(t.Context(), nil); err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
}
