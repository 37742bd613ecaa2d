package clearance_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/clearance"
)

func bill(packages, weight, voyage string) func(*clearance.Known) {
	return func(k *clearance.Known) {
		k.BillNumber, k.VoyageNumber = "EXBL2026000001", voyage
		k.Packages, k.GrossWeightKg = declarations.Decimal(packages), declarations.Decimal(weight)
	}
}

func TestManifestMatchNamesEveryDifference(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-01-import-one-line")
	d.Header.TotalPackages, d.Header.TotalGrossWeightKg = "20", "1050.5"
	returned := known(t, clearance.ManifestReceipt, "2026-01-04 12:00", func(k *clearance.Known) { k.Code = "03" })
	waiting := known(t, clearance.ManifestReceipt, "2026-01-04 13:00", func(k *clearance.Known) { k.Code = "02" })
	for _, row := range []struct {
		name      string
		facts     []clearance.Known
		state     clearance.ManifestState
		differs   []string
		unchecked int
	}{
		{"no report", nil, clearance.ManifestMissing, nil, 0},
		{"only expected", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", func(k *clearance.Known) { k.Estimated = true })}, clearance.ManifestMissing, nil, 0},
		{"equal, spelt otherwise", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", bill("20", "1050.50", "026e"))}, clearance.ManifestMatched, nil, 0},
		{"three differ", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", bill("21", "1051", "027E"))}, clearance.ManifestMismatch,
			[]string{"transport.voyage_number", "declaration.total_packages", "declaration.total_gross_weight_kg"}, 0},
		{"a bare answer", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", bill("", "", ""))}, clearance.ManifestMatched, nil, 3},
		{"returned after acceptance", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", bill("20", "", "")), returned, waiting}, clearance.ManifestReturned, nil, 0},
		{"under manual review after acceptance", []clearance.Known{known(t, clearance.ManifestAccepted, "2026-01-04 10:00", bill("20", "", "")), waiting}, clearance.ManifestMatched, nil, 2},
		{"accepted after a return", []clearance.Known{returned, known(t, clearance.ManifestAccepted, "2026-01-04 14:00", bill("20", "", ""))}, clearance.ManifestMatched, nil, 2},
	} {
		m := clearance.ManifestOf(d, row.facts)
		var differs []string
		for _, x := range m.Differences {
			differs = append(differs, x.Path)
		}
		if diff := cmp.Diff(row.differs, differs); diff != "" || m.State != row.state || len(m.Unchecked) != row.unchecked {
			t.Errorf("%s: %s, unchecked %v (-want +got):\n%s", row.name, m.State, m.Unchecked, diff)
		}
	}
}

func TestAdvanceIsAFactOfTime(t *testing.T) {
	t.Parallel()
	d, export := sample(t, "valid-01-import-one-line"), sample(t, "valid-02-export")
	declared := receipt{"7", "2026-01-05 10:00"}
	early, late := known(t, clearance.ShipArrival, "2026-01-05 09:59"), known(t, clearance.ShipArrival, "2026-01-05 10:01")
	expected := known(t, clearance.ShipArrival, "2026-01-06 10:00", func(k *clearance.Known) { k.Estimated = true })
	arrived := known(t, clearance.CargoArrival, "2026-01-06 10:00")
	for _, row := range []struct {
		name     string
		d        *declarations.Declaration
		receipts []receipt
		facts    []clearance.Known
		want     clearance.AdvanceState
	}{
		{"before the entry", d, []receipt{declared}, []clearance.Known{late}, clearance.InAdvance},
		{"after the entry", d, []receipt{declared}, []clearance.Known{early}, clearance.AfterArrival},
		{"no entry known", d, []receipt{declared}, nil, clearance.AdvanceNotKnown},
		{"before an expected entry", d, []receipt{declared}, []clearance.Known{expected}, clearance.InAdvanceSoFar},
		{"not declared", d, nil, []clearance.Known{early}, clearance.AdvanceNotKnown},
		{"export counts the arrival of the goods", export, []receipt{declared}, []clearance.Known{early, arrived}, clearance.InAdvance},
		{"export without 运抵", export, []receipt{declared}, []clearance.Known{early}, clearance.AdvanceNotKnown},
		{"returned: the attempt before does not count", d, []receipt{declared, {"L", "2026-01-05 10:02"}, {"E", "2026-01-05 10:03"}, {"7", "2026-01-05 11:00"}}, []clearance.Known{known(t, clearance.ShipArrival, "2026-01-05 10:30")}, clearance.AfterArrival},
	} {
		a := clearance.AdvanceOf(row.d, heard(t, row.d, row.receipts...), row.facts)
		if a.State != row.want {
			t.Errorf("%s: %s, want %s", row.name, a.State, row.want)
		}
	}
}

func TestExpectedAndActualStandSideBySide(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-04-containers-fcl")
	box := d.Containers[0].Number
	ship := func(name, voyage string, estimated bool) func(*clearance.Known) {
		return func(k *clearance.Known) { k.VesselName, k.VoyageNumber, k.Estimated = name, voyage, estimated }
	}
	facts := []clearance.Known{
		known(t, clearance.ShipArrival, "2026-01-05 08:00", ship("EXAMPLE STAR", "026E", true)),
		known(t, clearance.ShipArrival, "2026-01-07 08:00", ship("EXAMPLE MOON", "027E", false)),
		known(t, clearance.BoxDischarged, "2026-01-07 12:00", func(k *clearance.Known) { k.ContainerNumber, k.GrossWeightKg = "ZZZU9999990", "1" }),
		known(t, clearance.BoxDischarged, "2026-01-07 12:05", func(k *clearance.Known) { k.ContainerNumber = box }),
	}
	a := clearance.AdvanceOf(d, heard(t, d), facts)
	got := map[string]clearance.Estimate{}
	for _, e := range a.Estimates {
		got[e.Path] = e
	}
	if e := got["transport.import_export_date"]; e.Declared != "2026-01-05" || e.Expected != "2026-01-05" || e.Actual != "2026-01-07" || !e.Differs {
		t.Errorf("date %+v", e)
	}
	if e := got["transport.voyage_number"]; e.Expected != "026E" || e.Actual != "027E" || !e.Differs {
		t.Errorf("voyage %+v", e)
	}
	if e := got["transport.means_name"]; e.Actual != "EXAMPLE MOON" || !e.Differs {
		t.Errorf("ship %+v", e)
	}
	if e := got["containers"]; !e.Differs || !strings.Contains(e.Actual, "ZZZU9999990") || !strings.Contains(e.Declared, box) {
		t.Errorf("boxes %+v", e)
	}
	if _, ok := got["declaration.total_gross_weight_kg"]; ok {
		t.Error("the weight of one box is taken for the total")
	}
	if len(a.MayChange) != 0 {
		t.Errorf("after arrival %v may still change", a.MayChange)
	}
	if b := clearance.AdvanceOf(d, heard(t, d), facts[:1]); len(b.MayChange) != 5+len(d.Containers) {
		t.Errorf("before arrival %v may change", b.MayChange)
	}
}

func TestTwoStagesOfAdmission(t *testing.T) {
	t.Parallel()
	lift, move := sample(t, "valid-11-conditional-lift-off"), sample(t, "valid-12-transfer-and-merged-check")
	lift.Access = declarations.Access{ConditionalPickupRequested: "1"}
	move.Access = declarations.Access{TransferRequested: "1", TransferSiteCode: "0910", MergedCheckRequested: "1"}
	site := move.Access.TransferSiteCode
	out := known(t, clearance.GateOut, "2026-01-06 10:00", func(k *clearance.Known) { k.Place = site })
	elsewhere := known(t, clearance.GateOut, "2026-01-06 10:00", func(k *clearance.Known) { k.Place = "X" })
	arrived := known(t, clearance.TransferArrival, "2026-01-06 15:00")
	released := receipt{"P", "2026-01-07 10:00"}
	for _, row := range []struct {
		name     string
		d        *declarations.Declaration
		receipts []receipt
		facts    []clearance.Known
		port     clearance.StageState
		detail   string
		use      clearance.StageState
	}{
		{"asked for", lift, nil, nil, clearance.Waiting, "conditional_pickup", clearance.Blocked},
		{"left, not released", lift, nil, []clearance.Known{out}, clearance.Done, "conditional_pickup", clearance.Blocked},
		{"left and released", lift, []receipt{released}, []clearance.Known{out}, clearance.Done, "conditional_pickup", clearance.Done},
		{"released, not left", lift, []receipt{released}, nil, clearance.Allowed, "conditional_pickup", clearance.Done},
		{"released for pick-up", lift, []receipt{{"SpK", "2026-01-06 09:00"}}, nil, clearance.Allowed, "conditional_pickup", clearance.Blocked},
		{"inspected after release", lift, []receipt{released, {"C", "2026-01-08 10:00"}}, nil, clearance.Waiting, "conditional_pickup", clearance.Blocked},
		{"deleted after release", lift, []receipt{released, {"D", "2026-01-08 10:00"}}, nil, clearance.Waiting, "conditional_pickup", clearance.Blocked},
		{"transfer under way", move, nil, []clearance.Known{out}, clearance.UnderWay, "transfer_under_way", clearance.Blocked},
		{"transfer to another site", move, nil, []clearance.Known{elsewhere}, clearance.UnderWay, "transfer_other_site", clearance.Blocked},
		{"transfer arrived", move, nil, []clearance.Known{out, arrived}, clearance.Done, "transfer", clearance.Blocked},
	} {
		a := clearance.AdmissionOf(row.d, heard(t, row.d, row.receipts...), row.facts)
		if a.Port.State != row.port || a.Port.Key != row.detail || a.Use.State != row.use || a.SaleBlocked != (row.use != clearance.Done) {
			t.Errorf("%s: port %s (%s), use %s, sale blocked %v", row.name, a.Port.State, a.Port.Key, a.Use.State, a.SaleBlocked)
		}
	}
	if a := clearance.AdmissionOf(move, heard(t, move), nil); !a.Transfer || !a.MergedCheck || a.ConditionalPickup || a.TransferSite != site {
		t.Errorf("requests %+v", a)
	}
}

func TestCombinedPortNeedsAPairOfTheTable(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-10-combined-port")
	d.Header.DeclarationOfficeCode, d.Header.BorderOfficeCode = "0908", "0901"
	d.Header.TradeDirection = declarations.Export
	now := at(t, "2026-03-01 10:00")
	pairs, err := clearance.LoadPairs([]byte("\ufefffeeder,hub,direction,valid_from,valid_to,feeder_site\n0908,0901,export,2026-01-01,2026-02-28,YK1\n0908,0901,export,2026-03-01,,YK1\n"))
	if err != nil {
		t.Fatal(err)
	}
	facts := []clearance.Known{
		known(t, clearance.GateOut, "2026-03-01 08:00", func(k *clearance.Known) { k.Place = "yk1" }),
		known(t, clearance.GateIn, "2026-03-01 09:00", func(k *clearance.Known) { k.Place = "somewhere" }),
	}
	p := clearance.CombinedPortOf(d, facts, pairs, now)
	if !p.Known || p.From != "0908" || p.To != "0901" || p.Departed.State != clearance.Done || p.Arrived.State != clearance.Waiting || p.Second {
		t.Errorf("%+v", p)
	}
	if p := clearance.CombinedPortOf(d, facts, nil, now); p.Known || p.Departed.State != clearance.Unknown {
		t.Errorf("an empty table knows %+v", p)
	}
	if p := clearance.CombinedPortOf(d, facts, pairs, at(t, "2025-12-31 10:00")); p.Known {
		t.Error("a pair is known before it is valid")
	}
	d.Header.TradeDirection = declarations.Import
	if p := clearance.CombinedPortOf(d, facts, pairs, now); p.Known {
		t.Error("a pair of exports is known on import")
	}
	in, err := clearance.LoadPairs([]byte(`[{"feeder":"0908","hub":"0901","direction":"import","valid_from":"2026-01-01"}]`))
	if err != nil {
		t.Fatal(err)
	}
	if p := clearance.CombinedPortOf(d, nil, in, now); p.From != "0901" || p.To != "0908" {
		t.Errorf("import goes from hub to feeder: %+v", p)
	}
	for _, bad := range []string{`[{"feeder":"908","hub":"0901","direction":"import","valid_from":"2026-01-01"}]`, `[{"x":1}]`, "feeder,colour\n", "{",
		"feeder,hub,direction,valid_from\n0901,0901,import,2026-01-01", "feeder,hub,direction,valid_from\n0908,0901,both,2026-01-01", "feeder,hub,direction,valid_from\n0908,0901,import,soon",
		"feeder,hub,direction,valid_from,valid_to\n0908,0901,import,2026-01-02,2026-01-01",
		"feeder,hub,direction,valid_from\n0908,0901,import,2026-01-01\n0908,0901,import,2027-01-01"} {
		if p, err := clearance.LoadPairs([]byte(bad)); err == nil {
			t.Errorf("%s was read as %+v", bad, p)
		}
	}
	if p, err := clearance.LoadPairs(nil); err != nil || len(p) != 0 {
		t.Errorf("an empty file: %v, %v", p, err)
	}
}

func TestPapersSayOnlyWhatASourceSays(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-01-import-one-line")
	d.Header.TradeModeCode, d.Documents = "0255", []declarations.Document{{TypeCode: "k"}, {TypeCode: "Y"}}
	d.Attachments = []declarations.Attachment{{DocumentTypeCode: "00000001", FormatCode: "US", SizeBytes: "4194305"}}
	state := func(d *declarations.Declaration, attempt int) map[string]string {
		m := map[string]string{}
		for _, p := range clearance.PapersOf(d, attempt) {
			m[p.Rule] = p.State
			if p.Basis == "" || p.Evidence == "" {
				t.Errorf("%s has no basis", p.Rule)
			}
		}
		return m
	}
	want := map[string]string{"licence_k": "missing", "files_of_y": "missing", "pdf_size": "exceeded", "others": "unknown"}
	if diff := cmp.Diff(want, state(d, 1)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	d.Documents[0].TypeCode = "K"
	d.Attachments = []declarations.Attachment{{DocumentTypeCode: "00000001", FileName: "a.PDF"}, {DocumentTypeCode: "00000003", ResendReason: "x"}}
	want = map[string]string{"licence_k": "present", "files_of_y": "present", "pdf_size": "unknown", "resend_reason": "missing", "others": "unknown"}
	if diff := cmp.Diff(want, state(d, 2)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	summary := sample(t, "valid-08-two-step-summary-no-inspection")
	want = map[string]string{"licence_k": "not_applicable", "files_of_y": "not_applicable", "pdf_size": "not_applicable", "summary_files": "not_applicable", "others": "unknown"}
	if diff := cmp.Diff(want, state(summary, 1)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestShipSideIsDecidedAtItsMoment(t *testing.T) {
	t.Parallel()
	d, export := sample(t, "valid-01-import-one-line"), sample(t, "valid-02-export")
	declared, released := receipt{"7", "2026-01-05 08:00"}, receipt{"P", "2026-01-05 10:00"}
	discharged := known(t, clearance.BoxDischarged, "2026-01-05 09:00")
	arrived := known(t, clearance.CargoArrival, "2026-01-05 09:00")
	noon := "2026-01-05 12:00"
	for _, row := range []struct {
		name     string
		d        *declarations.Declaration
		receipts []receipt
		facts    []clearance.Known
		at       string
		reasons  string
		blocks   string
	}{
		{"released", d, []receipt{declared, released}, nil, noon, "", ""},
		{"the same, asked an hour before", d, []receipt{declared, released}, nil, "2026-01-05 09:30", "not_released", ""},
		{"not declared", d, nil, nil, noon, "not_declared not_released", ""},
		{"against guarantee", d, []receipt{declared, {"B", "2026-01-05 10:00"}}, nil, noon, "not_released", ""},
		{"inspected after release", d, []receipt{declared, released, {"C", "2026-01-05 11:00"}}, nil, noon, "blocked", "C"},
		{"inspected later than the moment", d, []receipt{declared, released, {"C", "2026-01-05 13:00"}}, nil, noon, "", ""},
		{"inspected, then released", d, []receipt{declared, {"C", "2026-01-05 09:00"}, released}, nil, noon, "", ""},
		{"inspected and suspended", d, []receipt{declared, {"C", "2026-01-05 09:00"}, {"H", "2026-01-05 09:30"}}, nil, noon, "not_released blocked", "C H"},
		{"deleted after release", d, []receipt{declared, released, {"D", "2026-01-05 11:00"}}, nil, noon, "not_released blocked", "D"},
		{"discharged before the release", d, []receipt{declared, released}, []clearance.Known{discharged}, noon, "released_late", ""},
		{"returned and declared anew", d, []receipt{declared, {"L", "2026-01-05 08:10"}, {"E", "2026-01-05 08:20"}, {"7", "2026-01-05 09:00"}, released}, nil, noon, "", ""},
		{"pick-up of a summary", d, []receipt{declared, {"SpK", "2026-01-05 10:00"}}, nil, noon, "", ""},
		{"export without 运抵", export, []receipt{declared, released}, nil, noon, "arrival_missing", ""},
		{"export", export, []receipt{declared, released}, []clearance.Known{arrived}, noon, "", ""},
	} {
		r := clearance.ReadyAt(row.d, heard(t, row.d, row.receipts...), row.facts, at(t, row.at))
		if got := strings.Join(r.Reasons, " "); got != row.reasons || strings.Join(r.Blocks, " ") != row.blocks || r.Ready != (row.reasons == "") || (r.Fallback == "yard") == r.Ready {
			t.Errorf("%s: %+v", row.name, r)
		}
	}
}

// TestOverviewHasWordsForEverything runs every valid sample through the
// receipts of a course and asks for the words of what comes out.
func TestOverviewHasWordsForEverything(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"valid-01-import-one-line", "valid-02-export", "valid-06-licence-documents", "valid-08-two-step-summary-no-inspection",
		"valid-09-two-step-full", "valid-10-combined-port", "valid-11-conditional-lift-off", "valid-12-transfer-and-merged-check", "valid-13-attachments",
		"valid-25-two-step-summary-with-inspection"} {
		d := sample(t, name)
		for n := range 5 {
			c := heard(t, d, []receipt{{"7", "2026-01-05 08:00"}, {"L", "2026-01-05 09:00"}, {"C", "2026-01-05 10:00"}, {"P", "2026-01-06 08:00"}}[:n]...)
			o := clearance.Of(d, c, []clearance.Known{known(t, clearance.ShipArrival, "2026-01-05 08:00")}, nil, time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC))
			o.Say(func(key string, args map[string]string) string {
				if strings.HasSuffix(key, ".") || strings.Contains(key, "..") {
					t.Errorf("%s: a key without its last part: %s", name, key)
				}
				for k, v := range args {
					if v == "" && k != "due" && k != "from" && k != "to" {
						t.Errorf("%s: %s has no %s", name, key, k)
					}
				}
				return key
			})
			for _, s := range o.Stages {
				if s.Text == "" || s.StateText == "" || s.Evidence == "" || s.Basis == "" {
					t.Errorf("%s: stage %+v", name, s)
				}
			}
		}
	}
}

// A receipt of the declaration itself may be lost. Once customs says what it
// says only of what was declared, the stage is over, on a day not known.
func TestLaterReceiptProvesTheDeclaration(t *testing.T) {
	t.Parallel()
	d := sample(t, "valid-01-import-one-line")
	for code, want := range map[string]clearance.StageState{"J": clearance.Done, "P": clearance.Done, "": clearance.UnderWay} {
		var receipts []receipt
		if code != "" {
			receipts = append(receipts, receipt{code, "2026-01-05 10:00"})
		}
		c := heard(t, d, receipts...)
		c.SentAt = at(t, "2026-01-05 09:00")
		o := clearance.Of(d, c, nil, clearance.Pairs{}, at(t, "2026-01-06 09:00"))
		s := o.Stages[0]
		if s.Stage != "declared" || s.State != want || want == clearance.Done && (!s.At.IsZero() || s.Key != "") {
			t.Errorf("after %q: %+v, want %s", code, s, want)
		}
	}
}
