package sandbox

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/port-adapters/depotxml"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/sandbox/magic"
)

// writes are the gateway's own writers of letters.
func writes(t *testing.T, format string, l *inspection.Letter) []byte {
	t.Helper()
	write := depotxml.Letter
	if format == formatEDIFACT {
		write = (&edifact.Profile{}).Letter
	}
	body, faults := write(l)
	if declarations.Rejected(faults) {
		t.Fatalf("%s: %+v", l.Type, faults)
	}
	return body
}

func fullNotice(version int, act inspection.Action, boxes ...string) *inspection.Notice {
	n := notice(version, boxes...)
	day := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	n.Number, n.Change, n.IssuedAt, n.Purpose = "N261126-AB12CD34", act, day, "customs"
	n.CustomsOffice, n.InspectionNumber, n.DeclarationNumber, n.Direction = "0902", "QI1", "090220261000123456", "import"
	n.Orders = []inspection.Work{inspection.Lock, inspection.Move}
	for i := range n.Boxes {
		n.Boxes[i].SizeType, n.Boxes[i].Method, n.Boxes[i].AtSiteBy, n.Boxes[i].PlannedStart = "45G1", inspection.Manual, day.Add(4*time.Hour), day.Add(5*time.Hour)
	}
	return n
}

// TestTheGatewaysOwnLettersAreUnderstood: every letter of a life, in each
// format of terminals, leads to the same work.
func TestTheGatewaysOwnLettersAreUnderstood(t *testing.T) {
	t.Parallel()
	box := magic.Number(magic.Works, 3)
	for name, want := range map[string]string{
		formatDepotXML: "accepted box_locked move_started move_done ready" + " accepted move_started move_done ready" + " unlocked moved_back",
		formatEDIFACT:  "transport_ack accepted" + " transport_ack accepted" + " transport_ack" + " transport_ack",
		formatEDIFACT + " and steps": "transport_ack accepted box_locked move_started move_done ready" + " transport_ack accepted move_started move_done ready" +
			" transport_ack" + " transport_ack unlocked moved_back",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			format, _, steps := strings.Cut(name, " ")
			terminal := &Terminal{Name: "T01", Steps: steps}
			inPort(t, terminal, func(t *testing.T, g *gate) {
				moved := fullNotice(2, inspection.Change, box)
				moved.Boxes[0].Site, moved.ChangeReason = "S2", "site"
				for i, l := range []*inspection.Letter{
					{Type: inspection.LetterIssued, Notice: fullNotice(1, inspection.Issue, box)},
					{Type: inspection.LetterChanged, Notice: moved},
					{Type: inspection.LetterReminder, Notice: moved},
					{Type: inspection.LetterReleased, Notice: fullNotice(3, inspection.ReleaseBoxes, box)},
				} {
					l.ID, l.At, l.Sender, l.Receiver = "0193b000-0000-7000-8000-00000000000"+itoa(int64(i)), l.Notice.IssuedAt, "KOUAN", "T01"
					kinds := map[string]string{formatDepotXML: "application/xml", formatEDIFACT: "application/EDIFACT"}
					o, err := Open(TerminalLetter{ContentType: kinds[format], Body: writes(t, format, l)})
					if err != nil {
						t.Fatalf("%s: %v", l.Type, err)
					}
					terminal.take((&incoming{wire: "sftp", id: l.ID, body: []byte(l.ID), reply: g.hear}).of(&o))
					settle()
				}
				if diff := cmp.Diff(want, g.said()); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
				if v := terminal.Violations(); len(v) > 0 {
					t.Errorf("violations %+v", v)
				}
			})
		})
	}
}

// TestDepotAnswersAreReadByTheGateway: RESPONSE_INFO for the business answer,
// reports for the other steps.
func TestDepotAnswersAreReadByTheGateway(t *testing.T) {
	t.Parallel()
	n := fullNotice(1, inspection.Issue, "CSQU3054383")
	at := n.IssuedAt
	for kind, e := range map[inspection.Kind]inspection.Event{
		inspection.Accepted: {Kind: inspection.Accepted},
		inspection.Rejected: {Kind: inspection.Rejected, Reason: inspection.SiteFull},
		inspection.Locked:   {Kind: inspection.Locked, Box: "CSQU3054383"},
	} {
		e.NoticeNumber, e.Version, e.OccurredAt, e.Text = n.Number, 1, at, mark
		d, err := encode(&TerminalAnswer{Reference: "SANDBOX-1", MessageID: "L1", Format: formatDepotXML, Event: e})
		if err != nil {
			t.Fatal(err)
		}
		m, faults := depotxml.Read(d.Body)
		if declarations.Rejected(faults) {
			t.Fatalf("%s: %+v\n%s", kind, faults, d.Body)
		}
		events := m.Events
		if m.Answer != nil {
			events = m.EventsOf(n, inspection.LetterIssued)
		}
		if len(events) != 1 || events[0].Kind != kind || events[0].Reason != e.Reason || !events[0].OccurredAt.Equal(at) {
			t.Errorf("%s is read as %+v\n%s", kind, events, d.Body)
		}
	}
}
