package conformance

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

// ErrFormat says that nobody writes notices in that format.
var ErrFormat = errors.New("no such format")

// writer makes the bytes of a letter.
type writer struct {
	format      string
	contentType string
	write       func(l *inspection.Letter, sequence int64) ([]byte, error)
}

var writers = []writer{
	{"json", "application/json", writeJSON},
}

// Formats are the names of the formats that can be played.
func Formats() []string {
	var names []string
	for _, w := range writers {
		names = append(names, w.format)
	}
	return names
}

func writerOf(format string) (writer, error) {
	for _, w := range writers {
		if w.format == format {
			return w, nil
		}
	}
	return writer{}, fmt.Errorf("%w: %q", ErrFormat, format)
}

// envelope is the body of a JSON push (contract.md).
type envelope struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"`
	Sequence   int64     `json:"sequence"`
	OccurredAt time.Time `json:"occurred_at"`
	Data       any       `json:"data"`
}

func writeJSON(l *inspection.Letter, sequence int64) ([]byte, error) {
	data := map[string]any{"notice": l.Notice}
	if l.Type == newTypeName {
		data["something_new"] = map[string]any{"since": "2027"}
	}
	return json.Marshal(envelope{l.Type, l.ID, sequence, l.At.UTC(), data}, json.Deterministic(true))
}

// newTypeName is a type that no receiver knows yet.
const newTypeName = "notice.something_new"

// testNote says in every notice that nothing is meant.
const testNote = "CONFORMANCE TEST 一致性测试，请勿执行 do not act on this notice"

// notice is a new notice with boxes that only a sandbox takes.
func (p *player) notice(boxes int) *inspection.Notice {
	p.count++
	now := p.o.Clock().UTC().Truncate(time.Second)
	n := &inspection.Notice{
		Number: "TEST-" + now.Format("20060102150405") + "-" + strconv.Itoa(p.count), Version: 1, Change: inspection.Issue, IssuedAt: now, Purpose: "customs",
		CustomsOffice: "0900", InspectionNumber: "TEST" + strconv.Itoa(p.count), DeclarationNumber: "090020260000000001", Direction: "import",
		Terminal: p.o.Terminal, ShipName: "TEST SHIP", Voyage: "001E", BillNumber: "TESTBL001", Attendance: inspection.AttendanceNotNeeded,
		Orders: []inspection.Work{inspection.Lock, inspection.Move, inspection.Present}, Note: testNote,
	}
	for i := range boxes {
		n.Boxes = append(n.Boxes, inspection.Box{
			ContainerNumber: magic.Number(magic.Works, p.count*100+i), SizeType: "45G1", Seals: []string{"TEST" + strconv.Itoa(i)}, GrossMassKg: declarations.Decimal("12345.6"),
			Method: inspection.Manual, Depth: inspection.Door, Site: "TEST-SITE", AtSiteBy: now.Add(4 * time.Hour), PlannedStart: now.Add(5 * time.Hour),
		})
	}
	return n
}

// letter is a message about a notice.
func (p *player) letter(kind string, n *inspection.Notice, sequence int64) (*letter, error) {
	id := p.o.NewID()
	body, err := p.write.write(&inspection.Letter{ID: id, Type: kind, At: p.o.Clock(), Sender: "KOUAN-TEST", Receiver: p.o.Terminal, Notice: n}, sequence)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", kind, err)
	}
	return &letter{id: id, kind: kind, subject: "notice/" + n.Number, sequence: sequence, contentType: p.write.contentType, body: body}, nil
}
