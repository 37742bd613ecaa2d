package clearance_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/clearance"
)

func TestFlagsAreReadOffTheDocument(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"valid-08-two-step-summary-no-inspection":   "000",
		"valid-25-two-step-summary-with-inspection": "010",
		"valid-06-licence-documents":                "100",
	} {
		if got := clearance.FlagsOf(sample(t, name)); got.Value[:2] != want[:2] {
			t.Errorf("%s: flags %s, want %s (%+v)", name, got.Value, want, got)
		}
	}
	d := sample(t, "valid-08-two-step-summary-no-inspection")
	d.Header.GuaranteeReleaseFlag = "1"
	f := clearance.FlagsOf(d)
	if diff := cmp.Diff([]string{"declaration.guarantee_release_flag"}, f.Duty.Why); diff != "" || f.Value != "001" {
		t.Errorf("%s, why (-want +got):\n%s", f.Value, diff)
	}
	d.Items[0].PurposeCode = "99" // six digits: no inspection, whatever else stands there
	if f := clearance.FlagsOf(d); f.Inspection.Set {
		t.Errorf("a line of six digits is inspected: %+v", f)
	}
}

func TestSummaryAsksForTheFieldsOfItsFlags(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-08-two-step-summary-no-inspection")
	missing := func() []string {
		paths := []string{}
		for _, f := range clearance.MissingInSummary(d, clearance.FlagsOf(d)) {
			paths = append(paths, f.When+" "+f.Path)
		}
		return paths
	}
	if got := missing(); len(got) > 0 {
		t.Errorf("the sample misses %v", got)
	}
	d.Transport.TransportDocumentNumber, d.Items[0].TransactionQuantity = "", ""
	d.Parties.Owner = declarations.Owner{}
	d.Documents = []declarations.Document{{TypeCode: "7", Number: "X"}}
	want := []string{"always transport.transport_document_number", "licence parties.owner.unified_social_credit_code",
		"licence parties.owner.customs_code", "licence parties.owner.name", "always items[0].transaction_quantity"}
	if diff := cmp.Diff(want, missing()); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	i := sample(t, "valid-25-two-step-summary-with-inspection")
	i.Items[0].PurposeCode, i.Parties.Trader.InspectionCode = "", ""
	i.Items[0].GoodsAttributeCodes = "11"
	var got []string
	for _, f := range clearance.MissingInSummary(i, clearance.FlagsOf(i)) {
		got = append(got, f.Element)
	}
	for _, element := range []string{"TradeCiqCode", "Purpose"} {
		if !strings.Contains(strings.Join(got, " "), element) {
			t.Errorf("a summary under inspection does not ask for %s: %v", element, got)
		}
	}
}

func TestDeadlineCountsDaysOfThePort(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-08-two-step-summary-no-inspection")
	d.Transport.ImportExportDate = ""
	seen := known(t, clearance.ShipArrival, "2026-01-31 00:30") // the 30th in UTC
	expected := known(t, clearance.ShipArrival, "2026-02-02 12:00", func(k *clearance.Known) { k.Estimated = true })
	customs := known(t, clearance.ShipArrival, "2026-02-01 08:00", func(k *clearance.Known) { k.Role = "customs" })
	for _, row := range []struct {
		name     string
		declared string
		facts    []clearance.Known
		now      string
		due      clearance.Day
		left     int
		state    clearance.DeadlineState
		source   string
	}{
		{"nothing known", "", nil, "2026-02-01 00:00", "", 0, clearance.Open, ""},
		{"the declarant's date", "20260131", nil, "2026-01-31 23:59", "2026-02-14", 14, clearance.Open, "declared"},
		{"a date that is none", "20260231", nil, "2026-01-31 23:59", "", 0, clearance.Open, ""},
		{"an expected entry", "", []clearance.Known{expected}, "2026-02-02 12:00", "2026-02-16", 14, clearance.Open, "estimate"},
		{"a date before an expected entry", "20260131", []clearance.Known{expected}, "2026-02-02 12:00", "2026-02-14", 12, clearance.Open, "declared"},
		{"a seen entry before the date", "20260101", []clearance.Known{seen, expected}, "2026-02-13 23:59", "2026-02-14", 1, clearance.Open, "fact"},
		{"the last day", "", []clearance.Known{seen}, "2026-02-14 23:59", "2026-02-14", 0, clearance.Open, "fact"},
		{"the day after", "", []clearance.Known{seen}, "2026-02-15 00:00", "2026-02-14", -1, clearance.Overdue, "fact"},
		{"customs before the carrier", "", []clearance.Known{customs, seen}, "2026-02-01 09:00", "2026-02-15", 14, clearance.Open, "fact"},
		{"a withdrawn entry", "", []clearance.Known{func() clearance.Known { k := seen; k.Withdrawn = true; return k }()}, "2026-02-01 09:00", "", 0, clearance.Open, ""},
		{"over the 29th of February", "20280220", nil, "2028-03-05 10:00", "2028-03-05", 0, clearance.Open, "declared"},
	} {
		d.Transport.ImportExportDate = row.declared
		got := clearance.DeadlineOf(d, heard(t, d), row.facts, at(t, row.now))
		if got.Due != row.due || got.State != row.state || got.Source != row.source {
			t.Errorf("%s: %+v", row.name, got)
		}
		switch {
		case row.due == "" && got.DaysLeft != nil:
			t.Errorf("%s: %d days left of an unknown time", row.name, *got.DaysLeft)
		case row.due != "" && (got.DaysLeft == nil || *got.DaysLeft != row.left):
			t.Errorf("%s: days left %v, want %d", row.name, got.DaysLeft, row.left)
		}
	}
	got := clearance.DeadlineOf(d, heard(t, d), []clearance.Known{seen}, at(t, "2026-02-01 09:00"))
	if diff := cmp.Diff([]clearance.Day{"2026-02-07", "2026-02-11", "2026-02-13"}, got.Remind); diff != "" {
		t.Errorf("reminders (-want +got):\n%s", diff)
	}
}

func TestReminderIsTheSmallestStepReached(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]int{14: 0, 8: 0, 7: 7, 6: 7, 4: 7, 3: 3, 2: 3, 1: 1, 0: 1, -1: -1, -30: -1} {
		if got := clearance.ReminderFor(left); got != want {
			t.Errorf("%d days left: reminder %d, want %d", left, got, want)
		}
	}
	seen := map[int64]bool{}
	for _, r := range append([]int{-1}, clearance.Reminders...) {
		if bit := clearance.ReminderBit(r); seen[bit] || bit&(bit-1) != 0 {
			t.Errorf("reminder %d has bit %b", r, bit)
		} else {
			seen[bit] = true
		}
	}
}

func TestStatesOfATwoStepDeclaration(t *testing.T) {
	t.Parallel()
	summary, full := sample(t, "valid-08-two-step-summary-no-inspection"), sample(t, "valid-09-two-step-full")
	for _, row := range []struct {
		d        *declarations.Declaration
		want     clearance.TwoStepState
		receipts []receipt
	}{
		{summary, clearance.SummarySent, nil},
		{summary, clearance.SummarySent, []receipt{{"7", "2026-01-05 10:00"}}},
		{summary, clearance.SummaryReceived, []receipt{{"SpL", "2026-01-05 10:00"}}},
		{summary, clearance.SummaryReceived, []receipt{{"L", "2026-01-05 10:00"}}}, // a plain code in the summary stage
		{summary, clearance.SummaryInspection, []receipt{{"SpL", "2026-01-05 10:00"}, {"SpC", "2026-01-05 11:00"}}},
		{summary, clearance.SummaryAccepted, []receipt{{"SpL", "2026-01-05 10:00"}, {"SpJ", "2026-01-05 11:00"}}},
		{summary, clearance.PickedUp, []receipt{{"SpJ", "2026-01-05 10:00"}, {"SpK", "2026-01-05 11:00"}}},
		{summary, clearance.SummaryDraft, []receipt{{"SpL", "2026-01-05 10:00"}, {"SpE", "2026-01-05 11:00"}}},
		{full, clearance.FullSent, nil},
		{full, clearance.FullReceived, []receipt{{"L", "2026-01-09 10:00"}}},
		{full, clearance.FullDraft, []receipt{{"L", "2026-01-09 10:00"}, {"E", "2026-01-09 11:00"}}},
		{full, clearance.FullAccepted, []receipt{{"L", "2026-01-09 10:00"}, {"J", "2026-01-09 11:00"}}},
		{full, clearance.FullReleased, []receipt{{"J", "2026-01-09 10:00"}, {"P", "2026-01-09 11:00"}}},
		{full, clearance.TwoStepClosed, []receipt{{"P", "2026-01-09 11:00"}, {"R", "2026-01-09 11:00"}}},
		{full, clearance.TwoStepDeleted, []receipt{{"L", "2026-01-09 11:00"}, {"A", "2026-01-09 12:00"}}},
	} {
		if got := clearance.StateOf(row.d, heard(t, row.d, row.receipts...)); got != row.want {
			t.Errorf("after %v: %s, want %s", row.receipts, got, row.want)
		}
	}
}

func TestDeadlineIsMetByTheFullDeclarationAlone(t *testing.T) {
	t.Parallel()
	full := sample(t, "valid-09-two-step-full")
	full.Transport.ImportExportDate = "20260105"
	now := at(t, "2026-01-25 10:00")
	for _, row := range []struct {
		name     string
		receipts []receipt
		want     clearance.DeadlineState
		late     bool
	}{
		{"received in time", []receipt{{"L", "2026-01-19 23:59"}}, clearance.Met, false},
		{"received a day late", []receipt{{"L", "2026-01-20 00:00"}}, clearance.Met, true},
		{"received in time, accepted late", []receipt{{"L", "2026-01-19 10:00"}, {"J", "2026-01-22 10:00"}}, clearance.Met, false},
		{"returned", []receipt{{"L", "2026-01-10 10:00"}, {"E", "2026-01-11 10:00"}}, clearance.Overdue, false},
		{"returned, received again late", []receipt{{"L", "2026-01-10 10:00"}, {"E", "2026-01-11 10:00"}, {"L", "2026-01-24 10:00"}}, clearance.Met, true},
		{"declared, nothing from customs", []receipt{{"7", "2026-01-10 10:00"}}, clearance.Overdue, false},
		{"deleted", []receipt{{"L", "2026-01-10 10:00"}, {"A", "2026-01-11 10:00"}}, clearance.Void, false},
	} {
		got := clearance.DeadlineOf(full, heard(t, full, row.receipts...), nil, now)
		if got.State != row.want || got.Late != row.late {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

func TestFullDeclarationAgainstItsSummary(t *testing.T) {
	t.Parallel()
	summary, full := sample(t, "valid-08-two-step-summary-no-inspection"), sample(t, "valid-09-two-step-full")
	number := full.Header.PlatformSequenceNumber
	differences, faults := clearance.CompareWithSummary(summary, full, number)
	if len(faults) > 0 {
		t.Errorf("the samples disagree: %+v", faults)
	}
	t.Logf("the samples differ in %v", differences)

	next := sample(t, "valid-09-two-step-full")
	next.Items[0].TransactionQuantity = summary.Items[0].TransactionQuantity + ".0" // another spelling of one number
	next.Items[0].LineAmount = "1.01"
	next.Items[0].CountryOfOrigin = "KOR"
	next.Items[0].HSCode = "9999999999"
	next.Items = append(next.Items, declarations.Item{LineNumber: "7"})
	differences, faults = clearance.CompareWithSummary(summary, next, "I20260000000000099")
	var paths, codes []string
	for _, d := range differences {
		paths = append(paths, d.Path)
	}
	for _, f := range faults {
		codes = append(codes, f.Code+" "+string(f.Severity))
	}
	if diff := cmp.Diff([]string{"items[0].line_amount", "items[0].country_of_origin"}, paths); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"CLR-1001 warn", "CLR-1002 reject", "CLR-1003 warn"}, codes); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	next.Items = nil
	if _, faults = clearance.CompareWithSummary(summary, next, ""); len(faults) != len(summary.Items) || faults[0].Code != clearance.CodeLineLost {
		t.Errorf("lost lines: %+v", faults)
	}
}
