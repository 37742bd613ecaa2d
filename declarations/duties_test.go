package declarations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/receipts"
	"kouan/declarations/testfacts"
)

func notice(t *testing.T, name string) declarations.Event {
	t.Helper()
	file := filepath.Join(testfacts.Path(t, "samples", "wco", "responses"), name)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e, faults := receipts.Parse(data, name)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return e
}

func TestDutiesAreShownAsTold(t *testing.T) {
	t.Parallel()
	e := notice(t, "FC13__TT_IM224a__03_DMSTAX.xml")
	d := declarations.DutiesOf([]declarations.Event{e})
	pounds := func(v declarations.Decimal) declarations.Amount {
		return declarations.Amount{Value: v, Currency: "GBP"}
	}
	want := declarations.TaxBill{
		Code: "RES-13", NoticeID: "0128ad3818f944e39bb796f578b05fbd", At: time.Date(2026, 6, 16, 15, 31, 59, 0, time.UTC), Version: "1", Names: []string{"4"},
		Bank:     declarations.Bank{Reference: "BARCGB22", ID: "GB16BARC20051723372545"},
		Payments: []declarations.Payment{{Reference: "ba6f6b4", Assessed: pounds("384.60"), Payable: pounds("384.60")}},
		Lines: []declarations.TaxLine{
			{Item: 1, Type: "B05", Regime: "100", Base: pounds("70.50"), Deducted: pounds("0.00"), Rate: "20.00", Assessed: pounds("14.10"), Payable: pounds("0.00")},
			{Item: 1, Type: "A50", Regime: "100", Base: pounds("1500.00"), Deducted: pounds("0.00"), Rate: "4.70", Assessed: pounds("70.50"), Payable: pounds("0.00")},
			{Item: 1, Type: "B00", Regime: "100", Base: pounds("1500.00"), Deducted: pounds("0.00"), Rate: "20.00", Assessed: pounds("300.00"), Payable: pounds("0.00")},
			{Item: 1, Type: "IPR", Assessed: pounds("14.10")},
			{Item: 1, Type: "IPR", Assessed: pounds("300.00")},
			{Item: 1, Type: "IPR", Assessed: pounds("70.50")},
		},
	}
	if diff := cmp.Diff([]declarations.TaxBill{want}, d.Bills); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if d.State != declarations.DutyNotified || !d.DueAt.IsZero() {
		t.Errorf("%s, due %v", d.State, d.DueAt)
	}
	if last := d.Bills[0].Lines[5]; !last.Payable.IsZero() || last.Rate != "" {
		t.Errorf("%+v: what was not told is no zero", last)
	}
}

func TestAPaymentWithoutCurrencyHasNone(t *testing.T) {
	t.Parallel()
	d := declarations.DutiesOf([]declarations.Event{notice(t, "FC15__Example_DMS_notifications__15_DMSCPR.xml")})
	want := []declarations.Payment{{Payable: declarations.Amount{Value: "226.40"}, Guarantees: []string{"1909241"}}}
	if diff := cmp.Diff(want, d.Bills[0].Payments); diff != "" || d.State != declarations.DutyPaymentRequired {
		t.Errorf("%s: -want +got\n%s", d.State, diff)
	}
}

func TestStateOfDuties(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		heard string
		state declarations.DutyState
		bills int
	}{
		"nothing was heard":                    {"", "none_heard", 0},
		"nothing about duties was heard":       {"7@1 L@2 J@3 P@4", "none_heard", 0},
		"a tax bill of customs":                {"7@1 L@2 T@3", "payment_required", 1},
		"released against a guarantee":         {"T@3 B@4", "guaranteed", 1},
		"a guarantee without a bill":           {"L@2 K@4", "guaranteed", 0},
		"released after the bill":              {"T@3 P@4", "released_since", 1},
		"guaranteed, then closed":              {"T@3 B@4 R@5", "guaranteed", 1},
		"deleted":                              {"T@3 A@4", "void", 1},
		"notified":                             {"RES-01@1 RES-13@2", "notified", 1},
		"notified, then demanded":              {"RES-13@2 RES-14@3", "payment_required", 2},
		"a notice does not take a demand back": {"RES-14@2 RES-13@3", "payment_required", 2},
		"cleared":                              {"RES-13@2 RES-14@3 RES-09@4", "released_since", 2},
		"a final notice after the clearance":   {"RES-13@2 RES-09@4 RES-13@5", "notified", 2},
		"rejected":                             {"RES-13@2 RES-03@4", "void", 1},
		"an answer to a request is no answer":  {"RES-13@2 RES-11@4", "notified", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var events []declarations.Event
			for _, h := range heard(row.heard) {
				events = append(events, h.Event)
			}
			want := declarations.DutiesOf(events)
			if want.State != row.state || len(want.Bills) != row.bills {
				t.Errorf("%s with %d bills, want %s with %d", want.State, len(want.Bills), row.state, row.bills)
			}
			for i := range events { // turned, and every receipt twice
				turned := append(append([]declarations.Event{}, events[i:]...), events...)
				if diff := cmp.Diff(want, declarations.DutiesOf(turned)); diff != "" {
					t.Errorf("in another order: -want +got\n%s", diff)
				}
			}
		})
	}
}

func TestDueDates(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	event := func(code string, at int, n declarations.Notice) declarations.Event {
		return declarations.Event{Code: code, At: day(at), Hash: code, Notice: &n}
	}
	pay := func(due int) declarations.Notice {
		return declarations.Notice{Payments: []declarations.Payment{{DueAt: day(due)}, {DueAt: day(due + 1)}}}
	}
	limit := declarations.Notice{Statements: []declarations.Statement{{LimitAt: day(20)}, {LimitAt: day(12)}}}
	for name, row := range map[string]struct {
		events []declarations.Event
		due    time.Time
	}{
		"the earliest payment":                        {[]declarations.Event{event("RES-13", 1, pay(9))}, day(9)},
		"the limit of a demand":                       {[]declarations.Event{event("RES-14", 1, limit)}, day(12)},
		"the limit of a notice is about other things": {[]declarations.Event{event("RES-13", 1, limit)}, time.Time{}},
		"a later notice without a date keeps it":      {[]declarations.Event{event("RES-14", 1, pay(9)), event("RES-13", 2, declarations.Notice{})}, day(9)},
		"a reminder sets another":                     {[]declarations.Event{event("RES-14", 1, pay(9)), event("RES-15", 2, pay(19))}, day(19)},
		"nothing is due after clearance":              {[]declarations.Event{event("RES-14", 1, pay(9)), event("RES-09", 2, declarations.Notice{})}, time.Time{}},
	} {
		if d := declarations.DutiesOf(row.events); !d.DueAt.Equal(row.due) {
			t.Errorf("%s: %v, want %v", name, d.DueAt, row.due)
		}
	}
}

func TestASentenceOfCustomsIsNoNumber(t *testing.T) {
	t.Parallel()
	e := declarations.Event{Code: "T", At: time.Unix(1, 0), Text: "应缴税款 1,234.50 元，缴款期限 15 日", Hash: "x"}
	d := declarations.DutiesOf([]declarations.Event{e})
	if len(d.Bills) != 1 || !strings.Contains(d.Bills[0].Text, "1,234.50") || len(d.Bills[0].Payments) != 0 || !d.DueAt.IsZero() {
		t.Errorf("%+v: the text is shown and nothing is read out of it", d)
	}
}
