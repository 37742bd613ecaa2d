package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/publication"
)

var (
	anna  = desk.FeeStep{By: "authority/k1", Actor: "authority"}
	boris = desk.FeeStep{By: "authority/k2", Actor: "authority"}
)

// prices is a price list of storage prices, one a line: size, amount, first day.
func prices(lines ...[3]string) desk.FeeFile {
	var b bytes.Buffer
	fmt.Fprintln(&b, strings.Join(tariffs.SheetColumns, ","))
	for i, l := range lines {
		unit := map[string]string{"20": "20.DAY", "40": "21.DAY"}[l[0]]
		fmt.Fprintf(&b, "%d,YARD,,库场使用费,,market,示范码头(虚构),货方,flat,foreign,,%s,laden,,,,,,,,,箱·日历日,%s,exact,CNY,%s,超期堆存,离港前,企业定价公示,,%s,,,no,CH-12345-DL,,unverified,\n", i+1, l[0], l[1], unit, l[2])
	}
	return desk.FeeFile{Name: "prices.csv", ContentType: "text/csv", Body: b.Bytes()}
}

func (b *bundle) draft(t *testing.T, files ...desk.FeeFile) int {
	t.Helper()
	out, err := b.DraftFees(t.Context(), desk.FeeDrafting{By: anna.By, Actor: anna.Actor, Files: files, Reason: "更正"})
	if err != nil {
		t.Fatalf("draft: %s", toldFee(err))
	}
	return out.Head.Number
}

// toldFee shows the faults of an error.
func toldFee(err error) string {
	var faults *desk.FaultsError
	if errors.As(err, &faults) {
		return fmt.Sprint(faults.Faults)
	}
	return fmt.Sprint(err)
}

func (b *bundle) publish(t *testing.T, n int, day tariffs.Day) {
	t.Helper()
	if _, err := b.CheckFees(t.Context(), n, boris); err != nil {
		t.Fatalf("check: %v", err)
	}
	if _, _, err := b.PublishFees(t.Context(), n, desk.FeePublication{FeeStep: anna, Effective: day}); err != nil {
		t.Fatalf("publish: %s", toldFee(err))
	}
}

func wantFee(t *testing.T, what string, err error, code string) {
	t.Helper()
	var refused *desk.FeeEditionError
	var faults *desk.FaultsError
	switch {
	case errors.As(err, &refused):
		if refused.Fault.Code != code {
			t.Errorf("%s: %s, want %s", what, refused.Fault.Code, code)
		}
	case errors.As(err, &faults):
		if !slices.ContainsFunc(faults.Faults, func(f declarations.Fault) bool { return f.Code == code }) {
			t.Errorf("%s: %v, want %s", what, faults.Faults, code)
		}
	default:
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// A quotation stays what it was, byte for byte, when the catalogue goes on;
// computed anew it shows what has changed.
func TestAQuotationOutlivesItsEdition(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before, err := b.QuoteFees(t.Context(), aCall())
	if err != nil {
		t.Fatal(err)
	}
	e, err := b.FeeEdition(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(e.Catalogue.Records(), func(r tariffs.Record) bool { return r.Kind == "rates" && r.Key == "PILOTAGE-2019-010" })
	cells, err := e.Catalogue.Records()[i].Cells()
	if err != nil {
		t.Fatal(err)
	}
	cells["amount"], cells["reason_zh"], cells["when_how_paid_zh"], cells["complaint_channel"] = "0.41", "引领船舶", "离港前", "CH-12345-DL"
	out, err := b.DraftFees(t.Context(), desk.FeeDrafting{By: anna.By, Actor: "authority", Reason: "更正", Rows: publication.Draft{Settings: []publication.Setting{{Kind: "rates", Cells: cells}}}})
	if err != nil {
		t.Fatal(toldFee(err))
	}
	if len(out.Changes) != 1 || out.Changes[0].Before != 1 || out.Changes[0].After != 2 {
		t.Errorf("changes %+v", out.Changes)
	}
	b.publish(t, out.Head.Number, "")
	other := b.again(t, time.Now)
	for _, d := range []*desk.Desk{b.Desk, other} {
		kept, err := d.FeeQuote(t.Context(), before.Number)
		if err != nil || !bytes.Equal(kept.Body, before.Body) {
			t.Errorf("quotation after the publication: %v", err)
		}
		rerun, err := d.RerunFeeQuote(t.Context(), kept)
		if err != nil || rerun.Edition != 2 {
			t.Fatalf("computed anew by edition %d, %v", rerun.Edition, err)
		}
		if !slices.ContainsFunc(rerun.Changes, func(c tariffs.Change) bool { return c.Changed && c.Item == "PILOTAGE" }) {
			t.Errorf("the new rate changes nothing: %+v", rerun.Changes)
		}
		first, err := d.FeeEditionNumber(t.Context(), before.Edition)
		if err != nil {
			t.Fatal(err)
		}
		again := tariffs.Quote(first.Catalogue, &kept.Call, kept.Quotation.KnownOn)
		for _, ch := range tariffs.Compare(&kept.Quotation, &again) {
			if ch.Changed {
				t.Errorf("by the edition of then: %+v", ch)
			}
		}
	}
	versions, err := b.FeeRowVersions(t.Context(), "rates", "PILOTAGE-2019-010")
	if err != nil || len(versions) != 2 || versions[0].Version != 2 || versions[1].SupersededBy != 2 || !slices.Equal(versions[1].Editions, []int{1}) {
		t.Errorf("versions %+v, %v", versions, err)
	}
	wantSoundFees(t, b)
}

func wantSoundFees(t *testing.T, b *bundle) {
	t.Helper()
	if findings, err := b.store.DoctorAll(t.Context(), nil); err != nil || len(findings) > 0 {
		t.Errorf("doctor finds %v, %v", findings, err)
	}
}

// Each step follows from the one before, and each refusal says why.
func TestStepsOfAnEdition(t *testing.T) {
	t.Parallel()
	b := setup(t)
	n := b.draft(t, prices([3]string{"20", "4.10", "2027-06-01"}))
	_, _, err := b.PublishFees(t.Context(), n, desk.FeePublication{FeeStep: anna})
	wantFee(t, "published unchecked", err, desk.CodeFeeUnchecked)
	_, err = b.CheckFees(t.Context(), n, anna)
	wantFee(t, "checked by the drafter", err, desk.CodeFeeSelf)
	for _, name := range []string{"Authority/K1", " authority/k1 ", "authority/ k1", "ＡＵＴＨＯＲＩＴＹ／ｋ１", "authority/k1\u200b"} {
		_, err = b.CheckFees(t.Context(), n, desk.FeeStep{By: name, Actor: "authority"})
		wantFee(t, "checked by the drafter, written as "+name, err, desk.CodeFeeSelf)
	}
	if _, err := b.FeeEditionNumber(t.Context(), n); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a draft is shown to the public: %v", err)
	}
	stale := b.draft(t, prices([3]string{"20", "4.20", "2027-06-01"}))
	b.publish(t, n, "")
	_, err = b.CheckFees(t.Context(), n, boris)
	wantFee(t, "checked again", err, desk.CodeFeeNoDraft)
	if _, err := b.CheckFees(t.Context(), stale, boris); err != nil {
		t.Fatal(err)
	}
	_, _, err = b.PublishFees(t.Context(), stale, desk.FeePublication{FeeStep: anna})
	wantFee(t, "published although another was", err, desk.CodeFeeOvertaken)
	_, _, err = b.PublishFees(t.Context(), 99, desk.FeePublication{FeeStep: anna})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an edition that is not there: %v", err)
	}
	_, err = b.WithdrawFees(t.Context(), 1, anna, "x")
	wantFee(t, "withdrawn although followed", err, desk.CodeFeeFollowed)
	_, err = b.WithdrawFees(t.Context(), n, anna, " ")
	wantFee(t, "withdrawn without a reason", err, desk.CodeFeeReason)
	if head, err := b.WithdrawFees(t.Context(), n, anna, "figure misread"); err != nil || head.State != desk.FeeWithdrawn {
		t.Fatalf("withdraw: %+v, %v", head, err)
	}
	_, err = b.WithdrawFees(t.Context(), n, anna, "again")
	wantFee(t, "withdrawn twice", err, desk.CodeFeeWithdrawn)
	_, err = b.WithdrawFees(t.Context(), 1, anna, "x")
	wantFee(t, "the first one withdrawn", err, desk.CodeFeeFirst)
	if e, err := b.FeeEdition(t.Context()); err != nil || e.Number != 1 || e.State != desk.FeePublished {
		t.Errorf("in force after the withdrawal: %+v, %v", e, err)
	}
	if _, err := b.WithdrawFees(t.Context(), stale, anna, "drop"); err != nil {
		t.Errorf("drop a checked draft: %v", err)
	}
	wantSoundFees(t, b)
}

// An edition comes into force at the beginning of its day at the port, in
// every process, without anybody doing anything.
func TestAnEditionComesIntoForceAtItsInstant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var now atomic.Int64
	now.Store(time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC).UnixMilli())
	clock := func() time.Time { return time.UnixMilli(now.Load()) }
	b.Clock = clock
	n := b.draft(t, prices([3]string{"20", "4.10", "2027-01-15"}))
	if _, err := b.CheckFees(t.Context(), n, boris); err != nil {
		t.Fatal(err)
	}
	_, _, err := b.PublishFees(t.Context(), n, desk.FeePublication{FeeStep: anna, Effective: "2026-11-30"})
	wantFee(t, "in force before it was published", err, desk.CodeFeeEffective)
	_, _, err = b.PublishFees(t.Context(), n, desk.FeePublication{FeeStep: anna, Effective: "2026-02-30"})
	wantFee(t, "in force on no day", err, tariffs.CodeDay)
	head, _, err := b.PublishFees(t.Context(), n, desk.FeePublication{FeeStep: anna, Effective: "2027-01-15"})
	if err != nil || head.State != desk.FeeScheduled || !head.EffectiveAt.Equal(time.Date(2027, 1, 14, 16, 0, 0, 0, time.UTC)) {
		t.Fatalf("scheduled: %+v, %v", head, err)
	}
	other := b.again(t, clock)
	force := func() []int {
		var out []int
		for _, d := range []*desk.Desk{b.Desk, other} {
			e, err := d.FeeEdition(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, e.Number)
		}
		return out
	}
	call := aCall()
	call.On = "2027-02-01"
	if q, err := b.QuoteFees(t.Context(), call); err != nil || q.Edition != n {
		t.Errorf("a day to come is quoted by edition %d, %v", q.Edition, err)
	}
	now.Store(head.EffectiveAt.UnixMilli() - 1)
	if got := force(); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("a moment before: %v", got)
	}
	now.Store(head.EffectiveAt.UnixMilli())
	if got := force(); !slices.Equal(got, []int{n, n}) {
		t.Errorf("at its instant: %v", got)
	}
	heads, err := b.FeeEditions(t.Context())
	if err != nil || heads[0].State != desk.FeePublished || heads[1].State != desk.FeeSuperseded {
		t.Errorf("states %+v, %v", heads, err)
	}
	if e, err := b.FeeEditionAt(t.Context(), head.EffectiveAt.Add(-time.Hour)); err != nil || e.Number != 1 {
		t.Errorf("in force the hour before: %+v, %v", e, err)
	}
	wantSoundFees(t, b)
}

// What is refused leaves nothing: no edition, no version, no file.
func TestARefusedDraftLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.FeeEdition(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, err := b.store.FeeRowCounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		in         desk.FeeDrafting
	}{
		{"nothing", publication.CodeNothing, desk.FeeDrafting{}},
		{"an amount in words", "FEE-L16", desk.FeeDrafting{Files: []desk.FeeFile{prices([3]string{"20", "面议", "2027-06-01"})}}},
		{"one good file and one bad", "FEE-L33", desk.FeeDrafting{Files: []desk.FeeFile{prices([3]string{"20", "4.10", "2027-06-01"}), prices([3]string{"40", "8.10", "2027-6-1"})}}},
		{"no table", "FEE-L36", desk.FeeDrafting{Files: []desk.FeeFile{{Name: "x.csv", Body: []byte("a,b\n1,2\n")}}}},
		{"an empty file", "DEC-1007", desk.FeeDrafting{Files: []desk.FeeFile{{Name: "x.csv"}}}},
		{"a long note", desk.CodeFeeReason, desk.FeeDrafting{Note: strings.Repeat("长", 1001)}},
		{"a row without an instrument", publication.CodeBasis, desk.FeeDrafting{Rows: publication.Draft{Settings: []publication.Setting{{Kind: "rates", Cells: map[string]string{
			"rate_id": "X", "place": "CNDLC", "item": "TOWAGE", "schedule_kind": "matrix", "trade": "domestic", "currency": "CNY", "unit": "C62", "ceiling": "true", "valid_from": "2027-01-01",
			"verification": "unverified", "amount": "1", "reason_zh": "r", "when_how_paid_zh": "w", "complaint_channel": "CH-12345-DL"}}}}}},
	} {
		c.in.By, c.in.Actor = anna.By, anna.Actor
		_, err := b.DraftFees(t.Context(), c.in)
		wantFee(t, c.name, err, c.code)
	}
	if out, err := b.DraftFees(t.Context(), desk.FeeDrafting{By: anna.By, Files: []desk.FeeFile{prices([3]string{"20", "4.10", "2027-06-01"})}, DryRun: true}); err != nil || out.Head.Number != 0 || len(out.Changes) == 0 {
		t.Errorf("dry run: %+v, %v", out, err)
	}
	after, err := b.store.FeeRowCounts(t.Context())
	if err != nil || len(after) != len(before) {
		t.Errorf("%d rows, before %d, %v", len(after), len(before), err)
	}
	if heads, err := b.AllFeeEditions(t.Context()); err != nil || len(heads) != 1 {
		t.Errorf("editions %+v, %v", heads, err)
	}
	wantSoundFees(t, b)
}

// TestAPartOfAListIsKept: the rows that nothing stands against make the draft,
// the others are told, and a heading stands for all rows.
func TestAPartOfAListIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	list := prices([3]string{"20", "4.10", "2027-06-01"}, [3]string{"40", "面议", "2027-06-01"}, [3]string{"45", "9.10", "2027-6-1"})
	in := desk.FeeDrafting{By: anna.By, Actor: anna.Actor, Files: []desk.FeeFile{list}, Reason: "更正", Partial: true}
	out, err := b.DraftFees(t.Context(), in)
	if err != nil {
		t.Fatalf("%v %+v", err, faultsOf(err))
	}
	lines := map[int]bool{}
	for _, f := range out.LeftOut {
		lines[f.Line] = true
	}
	if out.Rows != 1 || len(out.Changes) != 1 || len(lines) != 2 || !lines[3] || !lines[4] {
		t.Errorf("%d rows, %d changes, left out %+v", out.Rows, len(out.Changes), out.LeftOut)
	}
	if head, err := b.FeeEditionDrafted(t.Context(), out.Head.Number); err != nil || head.Catalogue.Version == "" {
		t.Errorf("the draft: %+v, %v", head, err)
	}
	in.Files = []desk.FeeFile{prices([3]string{"40", "面议", "2027-06-01"})}
	_, err = b.DraftFees(t.Context(), in)
	wantFee(t, "a list of which nothing is left", err, "FEE-L16")
	in.Files = []desk.FeeFile{{Name: "x.csv", Body: []byte("a,b\n1,2\n")}}
	_, err = b.DraftFees(t.Context(), in)
	wantFee(t, "a heading that is none", err, "FEE-L36")
}

// Two processes that publish at once: one wins, the other hears that it was overtaken.
func TestOneOfTwoPublicationsWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.again(t, time.Now)
	for round := range 5 {
		amount := fmt.Sprintf("%d.00", 5+round)
		one := b.draft(t, prices([3]string{"20", amount, "2027-06-01"}))
		two := b.draft(t, prices([3]string{"40", amount, "2027-06-01"}))
		for _, n := range []int{one, two} {
			if _, err := b.CheckFees(t.Context(), n, boris); err != nil {
				t.Fatal(err)
			}
		}
		errs := make(chan error, 2)
		for i, d := range []*desk.Desk{b.Desk, other} {
			go func() {
				_, _, err := d.PublishFees(t.Context(), []int{one, two}[i], desk.FeePublication{FeeStep: anna})
				errs <- err
			}()
		}
		first, second := <-errs, <-errs
		if first != nil {
			first, second = second, first
		}
		if first != nil {
			t.Fatalf("nobody won: %v, %v", first, second)
		}
		wantFee(t, "who came second", second, desk.CodeFeeOvertaken)
	}
	wantSoundFees(t, b)
}
