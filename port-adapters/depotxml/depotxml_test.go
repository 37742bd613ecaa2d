package depotxml

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

var update = flag.Bool("update", false, "write the golden files anew")

var t0 = time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)

func sample() inspection.Notice {
	return inspection.Notice{Number: "N261126-AB12CD34", Version: 2, Change: inspection.Change, ChangeReason: "换场地", IssuedAt: t0, SourceMessageID: "S-2",
		Purpose: "customs", CustomsOffice: "0901", InspectionNumber: "C20261126001", DeclarationNumber: "090120261000000001", Direction: "import",
		Terminal: "T03", ShipName: "EVER TRADE", ShipIMO: "9074729", Voyage: "0123E", BillNumber: "COSU6312345678", ReasonClass: "risk",
		Attendance: inspection.AttendanceRequired, Orders: []inspection.Work{inspection.Lock, inspection.Move, inspection.Present},
		Declarant: "大连示例报关有限公司", Contact: "李", Phone: "0411-1234", Note: "<门 & 封>", Cancelled: []string{"TEMU0000032"},
		Boxes: []inspection.Box{
			{ContainerNumber: "TEMU0000011", SizeType: "45G1", Seals: []string{"S1", "S2"}, GrossMassKg: "12000.5", UNNumbers: []string{"1263"},
				SetPointCelsius: "-18.5", Goods: "冻品", Method: inspection.Manual, Depth: inspection.Half, Site: "S1", OffSite: true, YardPlace: "A-03",
				AtSiteBy: t0.Add(6 * time.Hour), PlannedStart: t0.Add(8 * time.Hour)},
			{ContainerNumber: "TEMU0000027", OnShip: true}, {ContainerNumber: "TEMU0000032"}, {Mark: "N/M 钢卷", Pieces: "12", GrossMassKg: "30000"},
		}}
}

func letter(typ string) *inspection.Letter {
	n := sample()
	o := inspection.Fold(inspection.Input{Versions: []inspection.Notice{n}, Now: t0})
	if typ == inspection.LetterReleased {
		for i := range o.Boxes {
			o.Boxes[i].At[inspection.Released] = t0.Add(10 * time.Hour)
		}
		delete(o.Boxes[1].At, inspection.Released)
	}
	return &inspection.Letter{ID: "0193b000-0000-7000-8000-000000000001", Type: typ, At: t0, Sender: "KOUAN", Receiver: "T03", Notice: &n, Overview: &o,
		Answer: "https://gateway.example/zh-Hans/answers/tok"}
}

func TestLettersGolden(t *testing.T) {
	t.Parallel()
	for name, typ := range map[string]string{"issued": inspection.LetterIssued, "cancelled": inspection.LetterCancelled, "released": inspection.LetterReleased} {
		got, faults := Letter(letter(typ))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if strings.Contains(string(got), "risk") {
			t.Errorf("%s tells why goods were selected", name)
		}
		path := filepath.Join("testdata", name+".xml")
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		m, faults := Read(got)
		if len(faults) > 0 {
			t.Fatalf("%s: %v", name, faults)
		}
		if diff := cmp.Diff(MessageOf(letter(typ)), m); diff != "" {
			t.Errorf("%s read again (-want +got)\n%s", name, diff)
		}
	}
}

func TestReleaseOrderHoldsWhatCustomsReleased(t *testing.T) {
	t.Parallel()
	r := MessageOf(letter(inspection.LetterReleased)).Release
	if len(r.Containers) != 1 || r.Containers[0].ContainerNumber != "TEMU0000011" || len(r.Bills) != 1 || r.Bills[0].Packages != "12" {
		t.Errorf("%+v: the box that is not released and the one that was taken back stay", r)
	}
	l := letter(inspection.LetterReleased)
	l.Event = &inspection.Event{Kind: inspection.Released, Box: "TEMU0000027"}
	if r = MessageOf(l).Release; len(r.Containers)+len(r.Bills) != 0 {
		t.Errorf("%+v: the event names a box that is not released", r)
	}
}

// TestRoundTrip: Read(Write(m)) == m for messages with whatever stands in them.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	word := rapid.StringMatching(`([!-~一-龥]( |\n)?[!-~一-龥])?`)
	decimal := rapid.StringMatching(`([1-9][0-9]{0,4}(\.[0-9])?)?`)
	instant := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "none") {
			return time.Time{}
		}
		return t0.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "ns")))
	})
	list := rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9<&]{1,6}`), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		s := func(name string) string { return word.Draw(t, name) }
		m := &Message{Head: Head{ID: s("id"), Function: "9", At: instant.Draw(t, "at").Truncate(time.Second), Sender: s("sender"), Version: "1.0"}}
		switch rapid.IntRange(0, 3).Draw(t, "part") {
		case 0:
			m.Head.Type = TypeNotice
			m.Notice = &Notice{Letter: s("letter"), Answer: s("answer"), Notice: inspection.Notice{Number: "N" + s("number"), Version: rapid.IntRange(0, 99).Draw(t, "version"),
				IssuedAt: instant.Draw(t, "issued"), Direction: rapid.SampledFrom([]string{"", "import", "export", "transhipment"}).Draw(t, "direction"), Note: s("note"),
				Cancelled: nonEmpty(list.Draw(t, "cancelled")), ShipName: s("ship"), Escort: rapid.Bool().Draw(t, "escort")}}
			for range rapid.IntRange(0, 3).Draw(t, "boxes") {
				m.Notice.Boxes = append(m.Notice.Boxes, inspection.Box{ContainerNumber: s("box"), Mark: s("mark"), Seals: nonEmpty(list.Draw(t, "seals")),
					GrossMassKg: declarations.Decimal(decimal.Draw(t, "mass")), Pieces: declarations.Decimal(decimal.Draw(t, "pieces")),
					OnShip: rapid.Bool().Draw(t, "ship"), AtSiteBy: instant.Draw(t, "by"), Goods: s("goods")})
			}
		case 1:
			m.Head.Type = TypeRelease
			m.Release = &Release{CustomsOffice: s("office"), ShipName: s("ship"), Direction: rapid.SampledFrom([]string{"", "import", "export"}).Draw(t, "direction")}
			for range rapid.IntRange(0, 3).Draw(t, "bills") {
				m.Release.Bills = append(m.Release.Bills, Released{BillNumber: s("bill"), At: instant.Draw(t, "at").Truncate(time.Second),
					Packages: declarations.Decimal(decimal.Draw(t, "pack")), FormNumber: s("form"), Goods: s("goods"), Notes: s("notes")})
			}
		case 2:
			m.Head.Type = TypeEvents
			for range rapid.IntRange(1, 3).Draw(t, "events") {
				m.Events = append(m.Events, inspection.Event{Kind: inspection.Locked, NoticeNumber: s("notice"), Box: s("box"), OccurredAt: t0.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "ns"))),
					Text: s("text"), NewSeals: nonEmpty(list.Draw(t, "seals")), Person: s("person"), Version: rapid.IntRange(0, 9).Draw(t, "version")})
			}
		default:
			m.Head.Type = TypeAnswer
			m.Answer = &Answer{MessageID: "M" + s("msgid"), Passed: rapid.Bool().Draw(t, "passed"), At: instant.Draw(t, "at").Truncate(time.Second), Person: s("person"), Notes: s("notes")}
			for range rapid.IntRange(0, 3).Draw(t, "rows") {
				m.Answer.Rows = append(m.Answer.Rows, Row{ContainerNumber: "B" + s("box"), Passed: rapid.Bool().Draw(t, "ok"), Notes: s("notes")})
			}
		}
		b, faults := Write(m)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		got, faults := Read(b)
		if len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, b)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Fatalf("(-written +read)\n%s\n%s", diff, b)
		}
	})
}

func nonEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

func TestTextThatXMLCannotHold(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a\x00b", "a\x0bb", "\xff", "a\uFFFEb"} {
		l := letter(inspection.LetterIssued)
		l.Notice.Boxes[0].Goods = bad
		if b, faults := Letter(l); b != nil || len(faults) != 1 || faults[0].Code != CodeText || faults[0].Path != "/MESSAGE/MESSAGE_LIST/CONTAINER_INFO[1]/TRADE_NAME" {
			t.Errorf("%q: %v", bad, faults)
		}
	}
}

const receipt = `<MESSAGE><MESSAGE_HEAD><MESSAGE_ID>R77</MESSAGE_ID><MESSAGE_TYPE>RESPONSE_INFO</MESSAGE_TYPE></MESSAGE_HEAD><MESSAGE_LIST>
<RESPONSE_INFO><MSGID>M1</MSGID><CHK_FLAG>01</CHK_FLAG><PER_TIME>20261126101500</PER_TIME><PER_OP>王</PER_OP>
 <BILL_INFO><BILL_NO>B9</BILL_NO><CHK_FLAG>03</CHK_FLAG><NOTES>SITEFULL 明日可</NOTES></BILL_INFO>
 <CONTAINER_INFO><CONTA_NO>TEMU0000027</CONTA_NO><CHK_FLAG>03</CHK_FLAG></CONTAINER_INFO>
</RESPONSE_INFO></MESSAGE_LIST></MESSAGE>`

func TestReceiptsAreAnswersRowByRow(t *testing.T) {
	t.Parallel()
	m, faults := Read([]byte(receipt))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	n := sample()
	n.Boxes = n.Boxes[:2]
	n.Cancelled = nil
	short := func(events []inspection.Event) []string {
		var out []string
		for _, e := range events {
			out = append(out, string(e.Kind)+" "+e.Box+" "+string(e.Reason)+" "+e.Text)
		}
		return out
	}
	events := m.EventsOf(&n, inspection.LetterIssued)
	want := []string{"rejected B9 SITE_FULL SITEFULL 明日可", "accepted TEMU0000011  ", "rejected TEMU0000027 OTHER CHK_FLAG 03"}
	if diff := cmp.Diff(want, short(events)); diff != "" {
		t.Errorf("a row of a foreign bill, a box by the head, a box by its row (-want +got)\n%s", diff)
	}
	if e := events[1]; !e.OccurredAt.Equal(t0.Add(15*time.Minute)) || e.Person != "王" || e.AnswersID != "M1" || e.Version != 2 || e.NoticeNumber != n.Number {
		t.Errorf("%+v", e)
	}
	if refs := []string{events[0].Reference, events[1].Reference, events[2].Reference}; len(slices.Compact(refs)) != 3 {
		t.Errorf("references %v are not different", refs)
	}
	n.BillNumber = "B9"
	if diff := cmp.Diff([]string{"rejected TEMU0000011 SITE_FULL SITEFULL 明日可", "rejected TEMU0000027 OTHER CHK_FLAG 03"}, short(m.EventsOf(&n, inspection.LetterChanged))); diff != "" {
		t.Errorf("the row of the bill is about all its boxes (-want +got)\n%s", diff)
	}
	for _, other := range []string{inspection.LetterReleased, inspection.LetterReminder, inspection.LetterCancelled} {
		if e := m.EventsOf(&n, other); e != nil {
			t.Errorf("a receipt to %s answers the order: %v", other, e)
		}
	}
	m.Answer.Rows = nil
	if diff := cmp.Diff([]string{"accepted   "}, short(m.EventsOf(&n, inspection.LetterIssued))); diff != "" {
		t.Error(diff)
	}
	in := inspection.Input{Versions: []inspection.Notice{n}, Now: t0.Add(time.Hour), Events: m.EventsOf(&n, inspection.LetterIssued)}
	in.Events[0].Actor = inspection.ByTerminal
	if o := inspection.Fold(in); o.State != inspection.StateAccepted {
		t.Errorf("the notice is %s", o.State)
	}
}

func TestFaultsHaveTheirPlace(t *testing.T) {
	t.Parallel()
	events := func(inner string) string {
		return "<MESSAGE><MESSAGE_HEAD><MESSAGE_TYPE>KOUAN_INSE</MESSAGE_TYPE></MESSAGE_HEAD>\n<MESSAGE_LIST>" + inner + "</MESSAGE_LIST></MESSAGE>"
	}
	one := "<EVENT_INFO><EVENT_TYPE>box_locked</EVENT_TYPE><EVENT_TIME>2026-11-26T10:00:00+08:00</EVENT_TIME></EVENT_INFO>"
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"not XML", "<MESSAGE>", []string{"DEC-0001"}},
		{"another root", "<Manifest/>", []string{"NOT-1401 /Manifest 1:1"}},
		{"a loading notice", "<MESSAGE><MESSAGE_HEAD><MESSAGE_TYPE>WLJK_TLN</MESSAGE_TYPE></MESSAGE_HEAD><MESSAGE_LIST/></MESSAGE>", []string{"NOT-1401 /MESSAGE/MESSAGE_LIST 1:76"}},
		{"no content", "<MESSAGE><MESSAGE_HEAD/></MESSAGE>", []string{"NOT-1402 /MESSAGE/MESSAGE_LIST 1:1"}},
		{"no events", events(""), []string{"NOT-1010 /MESSAGE/MESSAGE_LIST 2:1"}},
		{"an unknown kind", events("\n" + strings.Replace(one, "box_locked", "locked", 1)), []string{"NOT-1009 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/EVENT_TYPE 3:13"}},
		{"no time", events(strings.Replace(one, "EVENT_TIME>2026-11-26T10:00:00+08:00</EVENT_TIME", "NOTES>x</NOTES", 1)), []string{"NOT-1002 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/EVENT_TIME 2:15"}},
		{"a time that is none", events(strings.Replace(one, "2026-11-26", "26.11.", 1)), []string{"NOT-1403 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/EVENT_TIME 2:62", "NOT-1002 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/EVENT_TIME 2:62"}},
		{"a rejection without a reason", events(strings.Replace(one, "box_locked", "rejected", 1)), []string{"NOT-1002 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/REASON 2:15"}},
		{"an element more", events(strings.Replace(one, "</EVENT_INFO>", "<WEATHER>rain</WEATHER></EVENT_INFO>", 1)), []string{"NOT-1404 /MESSAGE/MESSAGE_LIST/EVENT_INFO[1]/WEATHER 2:112"}},
		{"a flag that is none", strings.Replace(receipt, "<CHK_FLAG>01", "<CHK_FLAG>02", 1), []string{"NOT-1403 /MESSAGE/MESSAGE_LIST/RESPONSE_INFO/CHK_FLAG 2:33"}},
		{"a row without a verdict", strings.Replace(receipt, "<CHK_FLAG>03</CHK_FLAG><NOTES>", "<CHK_FLAG/><NOTES>", 1), []string{"NOT-1402 /MESSAGE/MESSAGE_LIST/RESPONSE_INFO/BILL_INFO/CHK_FLAG 3:34"}},
		{"a receipt to nothing", strings.Replace(receipt, "<MSGID>M1</MSGID>", "", 1), []string{"NOT-1402 /MESSAGE/MESSAGE_LIST/RESPONSE_INFO/MSGID 2:1"}},
	} {
		m, faults := Read([]byte(c.body))
		var got []string
		for _, f := range faults {
			s := f.Code
			if f.Path != "" && len(c.want[0]) > 8 {
				s += " " + f.Path + " " + strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column)
			}
			got = append(got, s)
		}
		if len(c.want[0]) == 8 { // the XML reader's own
			if len(got) != 1 || !slices.Contains(c.want, got[0]) {
				t.Errorf("%s: %v", c.name, got)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
		if (m == nil) != declarations.Rejected(faults) {
			t.Errorf("%s: message %v beside %v", c.name, m, faults)
		}
	}
	if m, faults := Read([]byte("<RESPONSE_INFO><MSGID>M1</MSGID><CHK_FLAG>03</CHK_FLAG><NOTES>BOX_GONE 26.11.</NOTES></RESPONSE_INFO>")); len(faults) > 0 || m.Answer.Passed || m.Answer.MessageID != "M1" {
		t.Errorf("a receipt without a head: %+v %v", m, faults)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(receipt))
	for _, typ := range []string{inspection.LetterIssued, inspection.LetterReleased} {
		b, _ := Letter(letter(typ))
		f.Add(b)
	}
	f.Add([]byte("<MESSAGE><MESSAGE_HEAD><MESSAGE_TYPE>KOUAN_INSE</MESSAGE_TYPE></MESSAGE_HEAD><MESSAGE_LIST><EVENT_INFO><EVENT_TYPE>ready</EVENT_TYPE><EVENT_TIME>20261126100000</EVENT_TIME></EVENT_INFO></MESSAGE_LIST></MESSAGE>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, faults := Read(data)
		if (m == nil) != declarations.Rejected(faults) {
			t.Fatalf("message %v beside %v", m, faults)
		}
		if m == nil {
			return
		}
		n := sample()
		m.EventsOf(&n, inspection.LetterIssued)
		b, faults := Write(m)
		if len(faults) > 0 {
			t.Fatalf("what was read cannot be written: %v", faults)
		}
		again, faults := Read(b)
		if len(faults) > 0 {
			t.Fatalf("what was written cannot be read: %v\n%s", faults, b)
		}
		again.Head.Type, m.Head.Type = "", ""
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatalf("(-read +read again)\n%s", diff)
		}
	})
}
