package edifact

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/declarations/testfacts"
)

var heard = time.Date(2026, 11, 25, 2, 0, 0, 0, time.UTC)

func codesOf(faults []declarations.Fault) string {
	var list []string
	for _, f := range faults {
		list = append(list, f.Code+" "+f.Path)
	}
	return strings.Join(list, "; ")
}

// TestWhatMessagesMean: facts, events, orders and places of each sample.
func TestWhatMessagesMean(t *testing.T) {
	t.Parallel()
	ship := clearance.Fact{VoyageNumber: "612W", VesselName: "QIZHONG STAR", VesselIMO: "9990014", ContainerNumber: "QZZU4001741", BillNumber: "QZLDLC26110107", GrossWeightKg: "24180", Place: "CNDLCT01"}
	with := func(f clearance.Fact, change func(*clearance.Fact)) clearance.Fact { change(&f); return f }
	for _, c := range []struct {
		file string
		want Reading
	}{
		{"CODECO_D00B_gate_out.edi", Reading{
			Facts: []clearance.Fact{with(ship, func(f *clearance.Fact) {
				f.Kind, f.OccurredAt, f.Reference = clearance.GateOut, local("2026-11-24 22:01"), "T2611242/GT0001/1"
			})},
			Places: []Place{{Container: "QZZU4001741", At: local("2026-11-24 22:01")}},
		}},
		{"CODECO_D00B_gate_in.edi", Reading{
			Facts: []clearance.Fact{{Kind: clearance.GateIn, VoyageNumber: "613E", VesselName: "QIZHONG STAR", VesselIMO: "9990014", ContainerNumber: "QZZU4002481", GrossWeightKg: "19710",
				Place: "CNDLCT01", OccurredAt: local("2026-11-25 09:09"), Reference: "T2611251/GT0002/1"}},
			Places: []Place{{Container: "QZZU4002481", Terminal: "CNDLCT01", At: local("2026-11-25 09:09")}},
		}},
		{"COARRI_D00B_discharge_report.edi", Reading{
			Facts: []clearance.Fact{with(ship, func(f *clearance.Fact) {
				f.Kind, f.OccurredAt, f.Reference = clearance.BoxDischarged, local("2026-11-24 21:39"), "T2611241/AR0001/1"
			})},
			Places: []Place{{Container: "QZZU4001741", Terminal: "CNDLCT01", At: local("2026-11-24 21:39")}},
		}},
		{"COREOR_D00B_release.edi", Reading{Facts: []clearance.Fact{
			with(ship, func(f *clearance.Fact) {
				f.Kind, f.OccurredAt, f.Reference, f.Note = clearance.CarrierRelease, local("2026-11-23 08:00"), "QZL26112301/RO0001/1", "DO26112300455"
			}),
			with(ship, func(f *clearance.Fact) {
				f.Kind, f.OccurredAt, f.Reference, f.Note, f.ContainerNumber, f.GrossWeightKg = clearance.CarrierRelease, local("2026-11-23 08:00"), "QZL26112301/RO0001/2", "DO26112300455", "QZZU4002115", "18400"
			}),
		}}},
		{"IFTSTA_D00B_milestones.edi", Reading{Facts: []clearance.Fact{with(ship, func(f *clearance.Fact) {
			f.Kind, f.OccurredAt, f.Reference, f.Place, f.GrossWeightKg = clearance.BoxDischarged, local("2026-11-24 21:39"), "SW2611240020/ST0001/1", "CNDLC", ""
		})}}},
		{"CUSRES_D00B_hold.edi", Reading{Faults: []declarations.Fault{{Code: CodeExamination, Severity: warn, Path: "CR0001/7/GIS/1:1", Line: 8, Column: 5,
			Args: map[string]string{"value": "QI090220261123000017", "octet": "252"}}}}},
		{"CUSRES_D00B_release.edi", Reading{Events: []inspection.Event{{Kind: inspection.Released, Box: "QZZU4001000", OccurredAt: local("2026-11-24 14:30"), Reference: "CUS26112414/CR0002/1", Text: "QI090220261123000017"}}}},
		{"CONTRL_D3_accept.edi", Reading{Events: []inspection.Event{{Kind: inspection.TransportAck, AnswersID: "SW2611230001", OccurredAt: local("2026-11-23 09:16").Add(59 * time.Second), Reference: "T2611230A/CT0001"}}}},
		{"CONTRL_D3_reject.edi", Reading{Faults: []declarations.Fault{{Code: CodeSentBack, Severity: warn, Path: "CT0002/2/UCI/4:1", Line: 3, Column: 35,
			Args: map[string]string{"value": "SW2611230001", "error": "39", "octet": "111"}}}}},
		{"APERAK_D00B_accept.edi", Reading{Events: []inspection.Event{{Kind: inspection.Accepted, NoticeNumber: "CYTZ2026112300017", AnswersID: "CH0001", OccurredAt: local("2026-11-23 09:21").Add(59 * time.Second), Reference: "T2611230C/AP0001"}}}},
		{"APERAK_D00B_reject.edi", Reading{Events: []inspection.Event{{Kind: inspection.Rejected, Box: "QZZU4001377", Reason: inspection.BoxGone, Text: "BOX LEFT BY GATE 4 AT 0840", AnswersID: "CH0001",
			OccurredAt: local("2026-11-23 09:22").Add(59 * time.Second), Reference: "T2611230D/AP0002"}}}},
		{"COPARN_D00B_booking.edi", Reading{}},
		{"BAPLIE_D95B_SMDG22_arrival.edi", Reading{}},
		{"VERMAS_D16A_SMDG10.edi", Reading{}},
		{"BAD_container_check_digit.edi", Reading{
			Facts: []clearance.Fact{with(ship, func(f *clearance.Fact) {
				f.Kind, f.OccurredAt, f.Reference, f.ContainerNumber = clearance.GateOut, local("2026-11-24 22:01"), "T2611242/GT0001/1", "QZZU4001742"
			})},
			Places: []Place{{Container: "QZZU4001742", At: local("2026-11-24 22:01")}},
			Faults: []declarations.Fault{{Code: CodeCheckDigit, Severity: warn, Path: "GT0001/8/EQD/2:1", Line: 9, Column: 8, Args: map[string]string{"value": "QZZU4001742", "octet": "264"}}},
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			got := (&Profile{}).Read(sampleText(t, c.file), heard)
			ignore := cmpopts.IgnoreFields(Reading{}, "Reports", "Controls", "Answer", "Reference")
			if d := cmp.Diff(c.want, got, ignore, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			control := strings.HasPrefix(c.file, "CONTRL")
			if control != (len(got.Answer) == 0) || got.Reference == "" {
				t.Errorf("answer %q, reference %q", got.Answer, got.Reference)
			}
			for _, a := range Parse(got.Answer, Options{Strict: true}) {
				if a.Verdict() != Accept {
					t.Errorf("answer: %s", told(findings([]*Interchange{a})))
				}
			}
		})
	}
}

// TestReports: the plain values of the messages that make no facts.
func TestReports(t *testing.T) {
	t.Parallel()
	report := func(file string) *Report {
		got := (&Profile{}).Read(sampleText(t, file), heard)
		if len(got.Reports) != 1 {
			t.Fatalf("%s: %+v", file, got.Faults)
		}
		return got.Reports[0]
	}
	unseen := cmpopts.IgnoreUnexported(ReportBox{})

	booking := report("COPARN_D00B_booking.edi")
	if d := cmp.Diff([]ReportBox{{Number: "QZZU4002481", SizeType: "45G1", Direction: "2", Fill: "5", Booking: "BN26DLC00871", LoadPort: "CNDLC", UnloadPort: "DEHAM", Destination: "DEHAM", GrossKg: "19710", Direct: true}},
		booking.Boxes, unseen); d != "" || booking.Booking != "BN26DLC00871" || booking.Order != "AO26DLC00871" || !booking.Closing.Equal(local("2026-11-25 18:00")) || booking.Terminal != "CNDLCT01" {
		t.Errorf("%+v (-want +got):\n%s", booking, d)
	}
	list := report("COPRAR_D00B_discharge_order.edi")
	if d := cmp.Diff(ReportBox{Number: "QZZU4001741", SizeType: "45R1", Direction: "3", Fill: "5", Bill: "QZLDLC26110107", Cell: "0180482", LoadPort: "CLSAI", UnloadPort: "CNDLC", VGMKg: "24180", SetPoint: "-18.0", Seals: []string{"QZ778812"}, Direct: true},
		list.Boxes[0], unseen); d != "" || len(list.Boxes) != 3 || list.Document != "43" || list.Boxes[2].Fill != "4" {
		t.Errorf("(-want +got):\n%s", d)
	}
	stowage := report("BAPLIE_D95B_SMDG22_arrival.edi")
	if d := cmp.Diff(ReportBox{Number: "QZZU4003220", SizeType: "22T6", Fill: "5", Cell: "0020182", GrossKg: "14000", LoadPort: "CLSAI", UnloadPort: "KRPUS", UNNumbers: []string{"1263"}, Bill: "1"},
		stowage.Boxes[3], unseen); d != "" || len(stowage.Boxes) != 4 || stowage.Boxes[0].VGMKg != "24180" || stowage.Voyage != "612W" {
		t.Errorf("(-want +got):\n%s", d)
	}
	mass := report("VERMAS_D16A_SMDG10.edi")
	if d := cmp.Diff([]ReportBox{{Number: "QZZU4002481", SizeType: "45G1", Booking: "BN26DLC00871", Seals: []string{"QZ900121"}, VGMKg: "19710", Weighed: "SM1", At: local("2026-11-24 08:45")}}, mass.Boxes, unseen, cmpopts.EquateApproxTime(0)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	truck := report("COPINO_D00B_truck_pickup.edi")
	if b := truck.Boxes[0]; b.Release != "7Q4P9K" || !b.Direct || b.GrossKg != "24180" || truck.Terminal != "CNDLCT01" {
		t.Errorf("%+v", truck)
	}
	if b := report("COARRI_D00B_discharge_report.edi").Boxes[0]; b.Plate != "LB00017" || b.Cell != "0180482" || b.SetPoint != "-18.0" {
		t.Errorf("%+v", b)
	}
}

// TestWhatIsNotTaken: nothing is assumed, and everything is said.
func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	gate := string(sampleText(t, "CODECO_D00B_gate_out.edi"))
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(gate) }
	for _, c := range []struct {
		name, text string
		p          Profile
		code       string
		refused    bool
	}{
		{"nothing", "", Profile{}, declarations.CodeEmpty, true},
		{"no EDIFACT", "hello", Profile{}, CodeNoHeader, true},
		{"a code that is neither in nor out", swap("BGM+36", "BGM+777"), Profile{}, CodeMeaning, false},
		{"a gate without a time", swap("DTM+7:202611242201:203'\n", "", "UNT+17", "UNT+16"), Profile{}, CodeNoTime, false},
		{"a time that is none", swap("DTM+7:202611242201:203", "DTM+7:202613242201:203"), Profile{}, CodeTime, false},
		{"a box without its number", swap("EQD+CN+QZZU4001741:6346:5+", "EQD+CN++"), Profile{}, CodeNoBoxNumber, false},
		{"a test", swap("+T2611242'\nUNH", "+T2611242++++++1'\nUNH"), Profile{}, CodeTest, false},
		{"a count that lies, strictly", swap("CNT+16:1", "CNT+16:2"), Profile{Strict: true}, CodeBoxes, false},
		{"a mandatory value that is missing", swap("NAD+CF+", "NAD++"), Profile{}, CodeQuarantined, false},
		{"a message that is not taken here", gate, Profile{Supports: func(string, string, string) bool { return false }}, CodeUnsupported, true},
		{"an edition without layout", swap("D:00B", "D:99Z"), Profile{}, CodeUnchecked, false},
		{"a cancelled release", strings.Replace(string(sampleText(t, "COREOR_D00B_release.edi")), "DO26112300455+9", "DO26112300455+1", 1), Profile{}, CodeWithdrawn, false},
		{"an answer without a decision", strings.Replace(string(sampleText(t, "APERAK_D00B_accept.edi")), "BGM+312+APK0001+29", "BGM+777+APK0001+9", 1), Profile{}, CodeUndecided, false},
		{"an indicator of customs that is not known", strings.Replace(string(sampleText(t, "CUSRES_D00B_release.edi")), "GIS+4", "GIS+99", 1), Profile{}, CodeMeaning, false},
		{"a weight in pounds", swap("KGM:24180", "LBR:24180"), Profile{}, CodeMeaning, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.p.Read([]byte(c.text), heard)
			if !strings.Contains(codesOf(got.Faults), c.code) || got.Refused != c.refused {
				t.Errorf("refused %v, faults %s", got.Refused, codesOf(got.Faults))
			}
			if c.name == "a weight in pounds" {
				if len(got.Facts) != 1 || got.Facts[0].GrossWeightKg != "" {
					t.Errorf("%+v", got.Facts)
				}
				return
			}
			if len(got.Facts)+len(got.Events)+len(got.Places) > 0 {
				t.Errorf("taken: %+v %+v %+v", got.Facts, got.Events, got.Places)
			}
		})
	}
}

// TestAnswersAreStable: the same document has the same answers; asked or
// refused, the content is answered too, and an answer is never answered.
func TestAnswersAreStable(t *testing.T) {
	t.Parallel()
	lies := sampleText(t, "BAD_cnt_mismatch.edi")
	p := Profile{Strict: true}
	first := p.Read(lies, heard)
	if again := p.Read(lies, heard); string(again.Answer) != string(first.Answer) {
		t.Error("two answers")
	}
	all := Parse(first.Answer, Options{Strict: true})
	if len(all) != 2 || all[0].Messages[0].Type != "CONTRL" || all[1].Messages[0].Type != "APERAK" {
		t.Fatalf("%s", first.Answer)
	}
	a, _ := ReadAnswer(all[1].Messages[0])
	if a.Decision != DecisionRefused || a.Subject != "GT0001" || a.Document != "GOUT2611240881" || len(a.Faults) != 1 || a.Faults[0].Code != CodeBoxes {
		t.Errorf("%+v", a)
	}
	var business []byte
	for _, part := range strings.SplitAfter(string(first.Answer), "UNZ+1+") { // the second interchange
		business = []byte(part)
		if strings.Contains(part, "APERAK") {
			break
		}
	}
	business = first.Answer[strings.Index(string(first.Answer), string(business)):]
	business = business[strings.Index(string(business), "UNB"):]
	for _, ic := range Parse((&Profile{}).Read(business, heard).Answer, Options{}) {
		if ic.Messages[0].Type != "CONTRL" {
			t.Errorf("an APERAK was answered by %s", ic.Messages[0].Type)
		}
	}
	order := (&Profile{}).Read(sampleText(t, "COHAOR_D00B_inspection_order.edi"), heard) // asks by AB
	if all := Parse(order.Answer, Options{}); len(all) != 2 || all[1].Messages[0].Type != "APERAK" {
		t.Errorf("%s", order.Answer)
	}
}

// TestAnswerToAnUnpackingOrderIsAnswerToItsLetter: COSTOR travels beside COHAOR under one letter.
func TestAnswerToAnUnpackingOrderIsAnswerToItsLetter(t *testing.T) {
	t.Parallel()
	ref := Reference("letter")
	text := strings.Replace(string(sampleText(t, "APERAK_D00B_accept.edi")), "ACW:CH0001", "ACW:"+ref+"U", 1)
	got := (&Profile{}).Read([]byte(text), heard)
	if len(got.Events) != 1 || got.Events[0].AnswersID != ref {
		t.Errorf("%+v %s", got.Events, codesOf(got.Faults))
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"CODECO_D00B_gate_out.edi", "CUSRES_D00B_hold.edi", "APERAK_D00B_reject.edi", "CONTRL_D3_reject.edi", "IFTSTA_D00B_milestones.edi", "BAPLIE_D95B_SMDG22_arrival.edi", "COREOR_D00B_release.edi"} {
		data, err := readFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := (&Profile{}).Read(data, heard)
		for _, e := range r.Events {
			if e.Kind == "" {
				t.Errorf("an event of no kind: %+v", e)
			}
		}
		for _, a := range Parse(r.Answer, Options{Strict: true}) {
			if !a.Complete {
				t.Errorf("answer %q", r.Answer)
			}
		}
	})
}

// TestAnAnswerIsNotDatedBeforeItsOrder: a time to the minute is taken as its end, or as now.
func TestAnAnswerIsNotDatedBeforeItsOrder(t *testing.T) {
	t.Parallel()
	at := func(now time.Time) time.Time {
		return (&Profile{}).Read(sampleText(t, "APERAK_D00B_accept.edi"), now).Events[0].OccurredAt
	}
	minute := local("2026-11-23 09:21")
	for _, c := range []struct{ now, want time.Time }{
		{minute.Add(20 * time.Second), minute.Add(20 * time.Second)},
		{minute.Add(time.Hour), minute.Add(59 * time.Second)},
		{minute.Add(-5 * time.Minute), minute.Add(59 * time.Second)},
	} {
		if got := at(c.now); !got.Equal(c.want) {
			t.Errorf("heard at %v: %v, want %v", c.now, got, c.want)
		}
	}
}

// TestRealMessagesMean: files of other ports and years are understood as well,
// and none of them makes the reader say what is not in it.
func TestRealMessagesMean(t *testing.T) {
	t.Parallel()
	dir := testfacts.Path(t, "samples", "edifact", "real")
	for _, c := range []struct {
		file                  string
		facts, places, boxes  int
		kind                  clearance.Kind
		box, voyage, terminal string
	}{
		{"COARRI_D95B_ITG13_goa.edi", 2, 21, 21, clearance.BoxDischarged, "FCIU9908030", "031W", "VTE"}, // two discharged, the others loaded
		{"CODECO_D95B_SMDG16_huelva_truck.edi", 1, 1, 1, clearance.GateIn, "TESI1120274", "110823110823CCHRIB", "CONCHUV"},
		{"CODECO_D95B_UN_generated.edi", 1, 1, 1, clearance.GateIn, "CBHU1234567", "", ""},
		{"COPARN_D00B_SMDG20_generated.edi", 0, 0, 1, "", "", "", ""},
		{"BAPLIE_D95B_SMDG20_oocl.edi", 0, 0, 3, "", "", "", ""},
		{"BAPLIE_D04B_oneline.edi", 0, 0, 0, "", "", "", ""}, // marked as a test
		{"VERMAS_D16A_SMDG10_generated.edi", 0, 0, 1, "", "", "", ""},
		{"IFTSTA_D00B.edi", 0, 0, 1, "", "", "", ""},
		{"COHAOR_D17B_ITG12_generated.edi", 0, 0, 0, "", "", "", ""}, // for a person
		{"COPRAR_D95B_load.edi", 0, 0, 0, "", "", "", ""},            // no UNB: refused
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join(dir, c.file))
			if err != nil {
				t.Fatal(err)
			}
			got := (&Profile{}).Read(data, heard)
			boxes := 0
			for _, r := range got.Reports {
				boxes += len(r.Boxes)
			}
			if len(got.Facts) != c.facts || len(got.Places) != c.places || boxes != c.boxes || len(got.Events) > 0 {
				t.Fatalf("%d facts, %d places, %d boxes, %d events; %s", len(got.Facts), len(got.Places), boxes, len(got.Events), codesOf(got.Faults))
			}
			if c.facts > 0 {
				if f := got.Facts[0]; f.Kind != c.kind || f.ContainerNumber != c.box || f.VoyageNumber != c.voyage || f.Place != c.terminal {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}
