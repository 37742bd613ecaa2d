package desk_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// duty is a notification about duties; due is empty or a time of format 304.
func duty(function, id, ref, at, due string) []byte {
	if due != "" {
		due = `<DueDateTime><DateTimeString formatCode="304">` + due + `</DateTimeString></DueDateTime>`
	}
	return fmt.Appendf(nil, `<Response><FunctionCode>%s</FunctionCode><FunctionalReferenceID>%s</FunctionalReferenceID>`+
		`<IssueDateTime><DateTimeString formatCode="304">%s</DateTimeString></IssueDateTime>`+
		`<Declaration><FunctionalReferenceID>%s</FunctionalReferenceID><ID>26GB1</ID><DutyTaxFee><Payment>%s`+
		`<PaymentAmount currencyID="GBP">384.60</PaymentAmount></Payment></DutyTaxFee></Declaration></Response>`, function, id, at, ref, due)
}

// payment is the row of the deadline, the zero row when there is none.
func (b *bundle) payment(t *testing.T, id string) store.Deadline {
	t.Helper()
	rows, err := b.store.Deadlines(t.Context(), "alice", id)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Kind == clearance.PaymentKind {
			return r
		}
	}
	return store.Deadline{}
}

func TestTaxBillBecomesADeadlineWithRemindersOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	b.Clock = func() time.Time { return noon(t, "2026-06-17") }
	b.hear(t, duty("13", "n1", "EX1", "20260616153159Z", "20260630170000Z")) // 01:00 of 1 July at the port
	b.hear(t, duty("13", "n1", "EX1", "20260616153159Z", "20260630170000Z"))
	want := []string{"submitted", "receipt", "duty_deadline_set"}
	first, second := *b.twin(b.store), *b.twin(b.store)
	for _, step := range []struct{ day, added string }{
		{"2026-06-23", ""}, {"2026-06-24", "duty_deadline_7"}, {"2026-06-25", ""}, {"2026-06-28", "duty_deadline_3"},
		{"2026-06-30", "duty_deadline_1"}, {"2026-07-01", ""}, {"2026-07-02", "duty_deadline_overdue"}, {"2026-07-09", ""},
	} {
		now := func() time.Time { return noon(t, step.day) }
		first.Clock, second.Clock = now, now
		var wg sync.WaitGroup
		for _, d := range []*desk.Desk{&first, &second} {
			wg.Go(func() {
				if _, err := d.RemindDeadlines(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if step.added != "" {
			want = append(want, step.added)
		}
		if diff := cmp.Diff(want, b.kinds(t, "alice", a.ID)); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", step.day, diff)
		}
	}
	if p := b.payment(t, a.ID); p.State != "overdue" || p.DueDay != "2026-07-01" || p.Source != "receipt" || p.EntryDay != "" {
		t.Errorf("deadline %+v", p)
	}
	list, err := first.Countdowns(t.Context(), b.alice, a.ID)
	if err != nil || len(list) != 1 || list[0].State != clearance.Overdue || *list[0].DaysLeft != -8 {
		t.Errorf("countdowns %+v, %v", list, err)
	}
	if list, err := first.Countdowns(t.Context(), b.bob, a.ID); err != nil || len(list) != 0 {
		t.Errorf("another partner sees %+v, %v", list, err)
	}
}

// TestPaymentDeadlineSaysWhatReceiptsSay hears notifications in the order
// given; the deadline must follow the last of them by their own dates.
func TestPaymentDeadlineSaysWhatReceiptsSay(t *testing.T) {
	t.Parallel()
	bill := func(id string) []byte { return duty("13", id, "EX1", "20260616100000Z", "20260701000000Z") }
	reminder := duty("15", "n3", "EX1", "20260618100000Z", "20260705000000Z")
	undated := duty("14", "n4", "EX1", "20260619100000Z", "")
	released := duty("08", "n5", "EX1", "20260620100000Z", "")
	rejected := duty("03", "n6", "EX1", "20260620100000Z", "")
	for name, row := range map[string]struct {
		heard      [][]byte
		state, due string
	}{
		"a demand without a date sets none":             {[][]byte{undated}, "", ""},
		"a release without a demand sets none":          {[][]byte{released}, "", ""},
		"a bill with a date":                            {[][]byte{bill("n1")}, "open", "2026-07-01"},
		"a reminder moves it":                           {[][]byte{bill("n1"), reminder}, "open", "2026-07-05"},
		"a reminder that was heard first still counts":  {[][]byte{reminder, bill("n1")}, "open", "2026-07-05"},
		"a newer demand without a date takes it away":   {[][]byte{bill("n1"), undated}, "void", ""},
		"released: nothing is waited for":               {[][]byte{bill("n1"), released}, "met", "2026-07-01"},
		"a bill that is heard after the release it had": {[][]byte{released, bill("n1")}, "met", "2026-07-01"},
		"rejected": {[][]byte{bill("n1"), rejected}, "void", "2026-07-01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.Clock = func() time.Time { return noon(t, "2026-06-21") }
			a := b.mustSubmit(t, b.alice, "EX1")
			for _, body := range row.heard {
				b.hear(t, body)
			}
			p := b.payment(t, a.ID)
			if p.State != row.state || p.DueDay != row.due {
				t.Errorf("deadline %+v, want %s of %q", p, row.state, row.due)
			}
			if wantMet := millisOf("2026-06-20T10:00:00Z"); row.state == "met" && p.MetAt != wantMet {
				t.Errorf("met at %d, want %d", p.MetAt, wantMet)
			}
			_, d, err := b.Duties(t.Context(), b.alice, a.ID)
			if err != nil || row.state == "met" && d.State != declarations.DutyReleasedSince {
				t.Errorf("duties %s, %v: a release is no payment", d.State, err)
			}
		})
	}
}

func millisOf(text string) int64 {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at.UnixMilli()
}
