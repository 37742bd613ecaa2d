package app

import (
	"strings"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/port-adapters/edifact"
)

func testLetter() *inspection.Letter {
	at := time.Date(2026, 11, 23, 1, 15, 0, 0, time.UTC)
	n := &inspection.Notice{Number: "N261123-ABCDEFGH", Version: 1, Change: inspection.Issue, IssuedAt: at, Purpose: "customs", CustomsOffice: "0902", InspectionNumber: "QI1",
		DeclarationNumber: "090220261000123456", Direction: "import", Terminal: "CNDLCT01", BillNumber: "QZLDLC26110042", ShipName: "QIZHONG STAR", ShipIMO: "9990014", Voyage: "612W",
		Contact: "DUTY DESK", Phone: "0411-5550100", Orders: []inspection.Work{inspection.Lock, inspection.Move}, Attendance: inspection.AttendanceRequired,
		Boxes: []inspection.Box{{ContainerNumber: "QZZU4001000", SizeType: "45G1", Method: inspection.Manual, Site: "CNDLC-INSP2", AtSiteBy: at.Add(2 * time.Hour), PlannedStart: at.Add(3 * time.Hour)}}}
	return &inspection.Letter{ID: "019b8a3f-0000-7000-8000-000000000001", Type: inspection.LetterIssued, At: at, Sender: "KOUAN", Receiver: "CNDLCT01", Notice: n, Overview: &inspection.Overview{}}
}

// TestControlComesBackToItsLetter: what a terminal answers to our interchange
// names the letter that it was made of.
func TestControlComesBackToItsLetter(t *testing.T) {
	t.Parallel()
	l := testLetter()
	format := letterFormats()["edifact"]
	doc, faults := format.Write(l)
	if declarations.Rejected(faults) {
		t.Fatalf("write: %+v", faults)
	}
	sent := edifact.Parse(doc.Body, edifact.Options{Strict: true})
	control, ok := sent[0].Control("C1", l.At.Add(time.Minute))
	if !ok {
		t.Fatal("no CONTRL")
	}
	body, refused := edifact.Write(control)
	if len(refused) > 0 {
		t.Fatalf("write CONTRL: %+v", refused)
	}
	read := documentReaders(time.Now)["edifact"].Read(body, "t01")
	if len(read.Events) != 1 || read.Events[0].Kind != inspection.TransportAck || read.Events[0].AnswersID != format.Reference(l.ID) || len(read.Answer) != 0 {
		t.Errorf("CONTRL means %+v, answered by %q", read.Events, read.Answer)
	}
}

func TestDepotReceiptAnswersRowByRow(t *testing.T) {
	t.Parallel()
	const receipt = `<RESPONSE_INFO><MSGID>M1</MSGID><CHK_FLAG>01</CHK_FLAG><PER_TIME>20261123101500</PER_TIME><PER_OP>王</PER_OP>
<ROW><CONTA_NO>QZZU4001000</CONTA_NO><CHK_FLAG>01</CHK_FLAG></ROW><ROW><CONTA_NO>QZZU4001377</CONTA_NO><CHK_FLAG>03</CHK_FLAG><NOTES>场地已满</NOTES></ROW></RESPONSE_INFO>`
	read := documentReaders(time.Now)["depotxml"].Read([]byte(receipt), "t01")
	var got []string
	for _, e := range read.Events {
		got = append(got, string(e.Kind)+" "+e.Box+" "+string(e.Reason)+" "+e.Text+" "+e.AnswersID)
	}
	want := "transport_ack    M1; accepted QZZU4001000   M1; rejected QZZU4001377 OTHER 场地已满 M1"
	if strings.Join(got, "; ") != want || read.Refused {
		t.Errorf("read %v, %+v\nwant %s", got, read.Faults, want)
	}
	own, _ := letterFormats()["depotxml"].Write(testLetter())
	if read := documentReaders(time.Now)["depotxml"].Read(own.Body, "t01"); !read.Refused {
		t.Error("our own message is taken for a terminal's")
	}
}
