package edifact

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

func local(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, port)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// order is the notice of the inspection order among the samples.
func order() *inspection.Letter {
	box := func(number, size string, method inspection.Method) inspection.Box {
		return inspection.Box{ContainerNumber: number, SizeType: size, Method: method, Site: "CNDLC-INSP2", SiteName: "No 2 Inspection Site",
			PlannedStart: local("2026-11-24 10:00"), AtSiteBy: local("2026-11-24 09:00")}
	}
	return &inspection.Letter{
		ID: "0197-letter-1", Type: inspection.LetterIssued, At: local("2026-11-23 09:15"), Sender: "CNDLCSW", Receiver: "CNDLCT01",
		Notice: &inspection.Notice{Number: "CYTZ2026112300017", Version: 1, Change: inspection.Issue, IssuedAt: local("2026-11-23 09:15"), CustomsOffice: "0902",
			InspectionNumber: "QI090220261123000017", DeclarationNumber: "090220261000123456", Direction: "import", ShipName: "Qizhong Star", ShipIMO: "9990014",
			Voyage: "612W", BillNumber: "QZLDLC26110042", Declarant: "QZ Customs Broker", Contact: "Duty Desk", Phone: "0411-5550100",
			Orders: []inspection.Work{inspection.Move, inspection.Lock},
			Boxes:  []inspection.Box{box("QZZU4001000", "45G1", inspection.MachineThenHands), box("QZZU4001377", "22G1", inspection.Manual)}},
	}
}

// body is what stands between UNH and UNT, one segment a line.
func body(t *testing.T, data []byte) string {
	t.Helper()
	lines := strings.Split(strings.ReplaceAll(strings.TrimSpace(string(data)), "'\n", "'"), "'")
	if len(lines) < 6 {
		t.Fatalf("%q", data)
	}
	return strings.Join(lines[2:len(lines)-3], "\n")
}

func readFile(name string) ([]byte, error) { return os.ReadFile("testdata/" + name) }

func sampleText(t *testing.T, name string) []byte {
	t.Helper()
	data, err := readFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestOrderIsTheSample: what the notice knows is written as in the profile;
// the carrier's code and the broker's number it does not know.
func TestOrderIsTheSample(t *testing.T) {
	t.Parallel()
	got, faults := (&Profile{}).Letter(order())
	if len(faults) > 0 {
		t.Fatalf("%+v", faults)
	}
	want := body(t, sampleText(t, "COHAOR_D00B_inspection_order.edi"))
	want = strings.NewReplacer("TDT+20+612W+1++QZL:172:20+++", "TDT+20+612W+1+++++", "NAD+CB+210298000X:160:ZZZ++", "NAD+CB+++",
		"RFF+ALW:QI090220261123000018", "RFF+ALW:QI090220261123000017").Replace(want)
	if d := cmp.Diff(want, body(t, got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	ref := Reference("0197-letter-1")
	if head := "UNB+UNOA:2+CNDLCSW+CNDLCT01+261123:0915+" + ref + "'UNH+" + ref + "+COHAOR:D:00B:UN:DLC10'"; !strings.HasPrefix(string(got), head) || len(ref) != 13 {
		t.Errorf("head %q, want %q", got[:len(head)], head)
	}
}

func TestLettersOfOtherKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(l *inspection.Letter)
		want   []string // lines that stand in it
		not    []string
	}{
		{"a change of site", func(l *inspection.Letter) {
			l.Type, l.Notice.Version, l.Notice.Change = inspection.LetterChanged, 2, inspection.TransferSite
		}, []string{"BGM+127+CYTZ2026112300017-2+5+AB", "FTX+ACD++SITE_CHANGED:ZZZ:ZZZ", "RFF+ACW:CYTZ2026112300017", "CNT+16:2"}, []string{"HAN+UNL:ZZZ:ZZZ:LIFT BLOCK"}},
		{"a cancelled box", func(l *inspection.Letter) {
			l.Type, l.Notice.Version, l.Notice.Change, l.Notice.Cancelled = inspection.LetterCancelled, 3, inspection.Cancel, []string{"QZZU4001377"}
		}, []string{"BGM+127+CYTZ2026112300017-3+1+AB", "FTX+ACD++CANCELLED:ZZZ:ZZZ", "EQD+CN+QZZU4001377:6346:5+22G1:6346:5++3+5", "HAN+UNL:ZZZ:ZZZ:LIFT BLOCK", "CNT+16:1"},
			[]string{"EQD+CN+QZZU4001000:6346:5+45G1:6346:5++3+5", "HAN+LCK:ZZZ:ZZZ:BLOCK RELEASE"}},
		{"a released box", func(l *inspection.Letter) {
			l.Type = inspection.LetterReleased
			l.Overview = &inspection.Overview{Boxes: []inspection.BoxStatus{{Box: "QZZU4001000", At: map[inspection.Kind]time.Time{inspection.Released: l.At}}, {Box: "QZZU4001377"}}}
		}, []string{"BGM+127+CYTZ2026112300017+5+AB", "FTX+ACD++RELEASED:ZZZ:ZZZ", "EQD+CN+QZZU4001000:6346:5+45G1:6346:5++3+5", "HAN+UNL:ZZZ:ZZZ:LIFT BLOCK", "CNT+16:1"},
			[]string{"EQD+CN+QZZU4001377:6346:5+22G1:6346:5++3+5"}},
		{"a reminder", func(l *inspection.Letter) { l.Type = inspection.LetterReminder },
			[]string{"BGM+127+CYTZ2026112300017+7+AB", "FTX+ACD++REMINDER:ZZZ:ZZZ", "HAN+LCK:ZZZ:ZZZ:BLOCK RELEASE"}, nil},
		{"dangerous and cold", func(l *inspection.Letter) {
			l.Notice.Boxes[0].UNNumbers, l.Notice.Boxes[0].SetPointCelsius, l.Notice.Boxes[0].Depth = []string{"UN1263"}, "-18.0", inspection.Door
		}, []string{"DGS+IMD++1263", "TMP+2+-18.0:CEL", "FTX+AAI++MACH_THEN_MAN:ZZZ:ZZZ+DOOR"}, nil},
		{"separators in data", func(l *inspection.Letter) { l.Notice.Declarant = "A+B: 'C?'" }, []string{"NAD+CB+++A?+B?: ?'C???'"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := order()
			c.change(l)
			data, faults := (&Profile{PerLine: true}).Letter(l)
			if len(faults) > 0 {
				t.Fatalf("%+v", faults)
			}
			lines := "\n" + string(data)
			for _, want := range c.want {
				if !strings.Contains(lines, "\n"+want+"'\n") {
					t.Errorf("no %q in\n%s", want, data)
				}
			}
			for _, not := range c.not {
				if strings.Contains(lines, "\n"+not+"'\n") {
					t.Errorf("%q in\n%s", not, data)
				}
			}
		})
	}
}

// TestUnpackingIsTheSample: half and full unpacking is ordered by COSTOR beside.
func TestUnpackingIsTheSample(t *testing.T) {
	t.Parallel()
	l := order()
	l.Type, l.At, l.Notice.Change = inspection.LetterChanged, local("2026-11-24 11:05"), inspection.FollowUp
	l.Notice.Boxes = l.Notice.Boxes[:1]
	b := &l.Notice.Boxes[0]
	b.Depth, b.Pieces, b.PlannedStart = inspection.Half, "420", local("2026-11-24 11:30")
	data, faults := (&Profile{}).Letter(l)
	if len(faults) > 0 {
		t.Fatalf("%+v", faults)
	}
	ic := Parse(data, Options{Strict: true})[0]
	if len(ic.Messages) != 2 || ic.Messages[1].Type != "COSTOR" || ic.Messages[1].Reference != Reference(l.ID)+"U" || referenceOf(ic.Messages[1].Reference) != Reference(l.ID) {
		t.Fatalf("%s", data)
	}
	var got, want []Line
	for i := range ic.Messages[1].Segments {
		got = append(got, ic.Messages[1].Segments[i].Line())
	}
	sample := Parse(sampleText(t, "COSTOR_D00B_unstuff_for_inspection.edi"), Options{})[0].Messages[0]
	for i := range sample.Segments {
		want = append(want, sample.Segments[i].Line())
	}
	want[4].Elements[4] = nil       // the carrier's code
	want[14].Elements[1] = E("420") // the kind of package
	if d := cmp.Diff(want[1:len(want)-1], got[1:len(got)-1]); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestWhatALetterCannotSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		p      Profile
		change func(l *inspection.Letter)
		code   string
		refuse bool
		not    string
	}{
		{"a Chinese name", Profile{}, func(l *inspection.Letter) { l.Notice.ShipName = "启中之星" }, CodeLeftOut, false, "?"},
		{"a name as it is in UTF-8", Profile{Syntax: "UNOY", SyntaxVersion: "4"}, func(l *inspection.Letter) { l.Notice.ShipName = "启中之星" }, "", false, "?"},
		{"a name by agreement in GB 18030", Profile{Charset: "GB18030"}, func(l *inspection.Letter) { l.Notice.ShipName = "启中之星" }, "", false, "?"},
		{"a name that the partner's table has", Profile{Latin: func(s string) string { return strings.ReplaceAll(s, "启中之星", "Qi Zhong Zhi Xing") }}, func(l *inspection.Letter) { l.Notice.ShipName = "启中之星" }, "", false, "?"},
		{"accents and full-width letters", Profile{}, func(l *inspection.Letter) { l.Notice.ShipName = "Ｅtoile d’Été"[:len("Ｅtoile d")] + " Été" }, "", false, "?"},
		{"no office", Profile{}, func(l *inspection.Letter) { l.Notice.CustomsOffice = "" }, CodeUnsaid, false, "CNDLCCUS"},
		{"break-bulk", Profile{}, func(l *inspection.Letter) { l.Notice.Boxes[1] = inspection.Box{Mark: "N/M 1-40"} }, CodeNoBox, true, ""},
		{"a step", Profile{}, func(l *inspection.Letter) { l.Type = inspection.LetterStep }, CodeNoForm, true, ""},
		{"a number that is too long", Profile{}, func(l *inspection.Letter) { l.Notice.Number = strings.Repeat("N", 36) }, CodeTooLong, true, ""},
		{"an unknown repertoire", Profile{Syntax: "UNOX"}, func(l *inspection.Letter) {}, CodeCharset, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := order()
			c.change(l)
			data, faults := c.p.Letter(l)
			if declarations.Rejected(faults) != c.refuse || c.refuse != (data == nil) {
				t.Fatalf("%q %+v", data, faults)
			}
			found := c.code == ""
			for _, f := range faults {
				found = found || f.Code == c.code
			}
			if !found || c.code == "" && len(faults) > 0 {
				t.Errorf("faults %+v", faults)
			}
			if c.not != "" && strings.Contains(string(data), c.not) {
				t.Errorf("%q in %s", c.not, data)
			}
		})
	}
}

// TestControlIsTheSample: accepted, and rejected with the place.
func TestControlIsTheSample(t *testing.T) {
	t.Parallel()
	data := sampleText(t, "COHAOR_D00B_inspection_order.edi")
	for _, c := range []struct{ name, sample, from, to string }{
		{"accepted", "CONTRL_D3_accept.edi", "", ""},
		{"rejected", "CONTRL_D3_reject.edi", "EQD+CN+QZZU4001000:", "EQD+CN+QZZU40010000000000:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ic := Parse([]byte(strings.Replace(string(data), c.from, c.to, 1)), Options{Strict: true})[0]
			o, ok := ic.Control("T1", prepared)
			if !ok {
				t.Fatal("no CONTRL")
			}
			out, refused := Write(o)
			if d := cmp.Diff(body(t, sampleText(t, c.sample)), body(t, out)); d != "" || refused != nil {
				t.Errorf("%s(-want +got):\n%s", told(refused), d)
			}
			answer := Parse(out, Options{Strict: true})[0]
			if answer.Verdict() != Accept {
				t.Errorf("%s", told(findings([]*Interchange{answer})))
			}
			if _, again := answer.Control("T2", prepared); again {
				t.Error("a CONTRL was answered")
			}
			read, ok := ReadControl(answer.Messages[0])
			if !ok || read.Reference != "SW2611230001" || read.Accepted() != (c.from == "") || len(read.Messages) != 1 {
				t.Fatalf("%+v", read)
			}
			if c.from != "" {
				if d := cmp.Diff([]Controlling{{Error: 39, Segment: 12, Element: 2, Component: 1}}, read.Messages[0].Faults); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			}
		})
	}
}

func TestControlOfTheEnvelope(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, refuse string
		strict       bool
		want         string
	}{
		{"BAD_unz_count.edi", "", true, "UCI+T2611242+CNDLCT01+CNDLCSW+4+29+UNZ+2:1"},
		{"BAD_unz_count.edi", "", false, "UCI+T2611242+CNDLCT01+CNDLCSW+7\nUCM+GT0001+CODECO:D:00B:UN:SMDG20+7"},
		{"BAD_unt_count.edi", "", true, "UCI+T2611242+CNDLCT01+CNDLCSW+4\nUCM+GT0001+CODECO:D:00B:UN:SMDG20+4+29+UNT+2:1"},
		{"BAD_duplicate_message_ref.edi", "", false, "UCI+T2611242+CNDLCT01+CNDLCSW+7\nUCM+GT0001+CODECO:D:00B:UN:SMDG20+7\nUCM+GT0001+CODECO:D:00B:UN:SMDG20+4+26+UNH+2:1"},
		{"BAD_missing_mandatory_group.edi", "", false, "UCI+T2611242+CNDLCT01+CNDLCSW+4\nUCM+GT0001+CODECO:D:00B:UN:SMDG20+4\nUCS+5+13"},
		{"CODECO_D00B_gate_in.edi", CodeUnknownSender, false, "UCI+T2611251+CNDLCT01+CNDLCSW+4+23+UNB+3:1"},
		{"CODECO_D00B_gate_in.edi", CodeNotForUs, false, "UCI+T2611251+CNDLCT01+CNDLCSW+4+7+UNB+4:1"},
		{"CODECO_D00B_gate_in.edi", CodeSentBefore, false, "UCI+T2611251+CNDLCT01+CNDLCSW+4+26+UNB+6:1"},
	} {
		ic := Parse(sampleText(t, c.file), Options{Strict: c.strict})[0]
		if c.refuse != "" {
			ic.Refuse(c.refuse)
		}
		o, ok := ic.Control("T1", prepared)
		if !ok {
			t.Fatal("no CONTRL")
		}
		out, refused := Write(o)
		if d := cmp.Diff(c.want, body(t, out)); d != "" || refused != nil {
			t.Errorf("%s: %s(-want +got):\n%s", c.file, told(refused), d)
		}
		if a := Parse(out, Options{Strict: true})[0]; a.Verdict() != Accept {
			t.Errorf("%s: %s", c.file, told(findings([]*Interchange{a})))
		}
	}
	if _, ok := Parse([]byte("UNH+M1+X:D:00B:UN'UNT+2+M1'"), Options{})[0].Control("T1", prepared); ok {
		t.Error("nobody to answer, and answered")
	}
}

// TestAnswerIsTheSample: both APERAK of the samples, written and read.
func TestAnswerIsTheSample(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]*Answer{
		"APERAK_D00B_accept.edi": {Number: "APK0001", Decision: DecisionAccepted, At: local("2026-11-23 09:21").In(port), Document: "CYTZ2026112300017", Subject: "CH0001", Notice: "CYTZ2026112300017", Sender: "CNDLCT01", Recipient: "CNDLCSW"},
		"APERAK_D00B_reject.edi": {Number: "APK0002", Decision: DecisionRefused, At: local("2026-11-23 09:22").In(port), Document: "CYTZ2026112300017", Subject: "CH0001", Sender: "CNDLCT01", Recipient: "CNDLCSW",
			Faults: []AnswerFault{{Code: "BOX_GONE", Text: "BOX LEFT BY GATE 4 AT 0840", Box: "QZZU4001377"}}},
	} {
		o := &Outgoing{Syntax: "UNOA", SyntaxVersion: "2", Sender: Party{ID: "A"}, Recipient: Party{ID: "B"}, Prepared: prepared, Reference: "R1", Messages: []Draft{a.Draft("AP1")}}
		out, refused := Write(o)
		if d := cmp.Diff(body(t, sampleText(t, name)), body(t, out)); d != "" || refused != nil {
			t.Errorf("%s: %s(-want +got):\n%s", name, told(refused), d)
		}
		ic := Parse(out, Options{Strict: true})[0]
		read, ok := ReadAnswer(ic.Messages[0])
		if d := cmp.Diff(a, read); d != "" || !ok || ic.Verdict() != Accept {
			t.Errorf("%s: read (-want +got):\n%s", name, d)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, format, want string }{
		{"202611230915", "203", "2026-11-23T01:15:00Z"},
		{"2611230915", "201", "2026-11-23T01:15:00Z"},
		{"20261123", "102", "2026-11-22T16:00:00Z"},
		{"20261123091530", "204", "2026-11-23T01:15:30Z"},
		{"202611230915UTC", "303", "2026-11-23T09:15:00Z"},
		{"202611230915+08", "303", "2026-11-23T01:15:00Z"},
		{"20261123091530+0900", "304", "2026-11-23T00:15:30Z"},
		{"202611230915CST", "303", ""},
		{"202611310915", "203", ""},
		{"20261123", "203", ""},
		{"202611230915", "718", ""},
		{"", "203", ""},
	} {
		got, ok := readTime(c.value, c.format)
		if ok != (c.want != "") || ok && got.UTC().Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s: %v %v", c.value, c.format, got, ok)
		}
	}
}
