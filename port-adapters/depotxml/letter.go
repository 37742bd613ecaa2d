package depotxml

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// formVersion is the VERSION of our messages.
const formVersion = "1.0"

// Letter writes what a terminal is told: the release as WLJK_TREL, all else as KOUAN_INSN.
func Letter(l *inspection.Letter) ([]byte, []declarations.Fault) {
	return Write(MessageOf(l))
}

// MessageOf is the message of a letter.
func MessageOf(l *inspection.Letter) *Message {
	m := &Message{Head: Head{ID: l.ID, Function: functionOf(l.Type), Type: TypeNotice, At: l.At, Sender: l.Sender, Receiver: l.Receiver, Version: formVersion}}
	n := inspection.View(*l.Notice, inspection.ByTerminal)
	if l.Type == inspection.LetterReleased {
		m.Head.Type, m.Release = TypeRelease, releaseOf(l, &n)
		return m
	}
	m.Notice = &Notice{Notice: n, Letter: l.Type, Previous: l.Previous, Answer: l.Answer}
	return m
}

func functionOf(letter string) string {
	switch letter {
	case inspection.LetterChanged:
		return functionChange
	case inspection.LetterCancelled:
		return functionCancel
	}
	return functionNew
}

// releaseOf releases the box that the event names, or all that customs
// released. The notice is named in the notes: the form has no place for it.
func releaseOf(l *inspection.Letter, n *inspection.Notice) *Release {
	r := &Release{CustomsOffice: n.CustomsOffice, Direction: n.Direction, ShipID: n.ShipIMO, ShipName: n.ShipName, Voyage: n.Voyage}
	notes := n.Number + "/" + strconv.Itoa(n.Version)
	for i := range n.Boxes {
		b := &n.Boxes[i]
		at, ok := l.At, true
		if s := statusOf(l.Overview, b.Key()); s != nil {
			at, ok = s.At[inspection.Released], !s.At[inspection.Released].IsZero()
		}
		named := l.Event == nil || l.Event.Box == "" || l.Event.Box == b.Key() || l.Event.Box == b.ContainerNumber && b.ContainerNumber != ""
		if !ok || !named || slices.Contains(n.Cancelled, b.Key()) {
			continue
		}
		one := Released{ContainerNumber: b.ContainerNumber, At: at, Notes: notes}
		if b.ContainerNumber != "" {
			r.Containers = append(r.Containers, one)
			continue
		}
		one.BillNumber, one.Packages, one.GrossMassKg = n.BillNumber, b.Pieces, b.GrossMassKg
		one.FormNumber, one.Goods, one.Notes = n.DeclarationNumber, b.Goods, notes+" "+b.Mark
		r.Bills = append(r.Bills, one)
	}
	return r
}

func statusOf(o *inspection.Overview, key string) *inspection.BoxStatus {
	if o == nil {
		return nil
	}
	for i := range o.Boxes {
		if o.Boxes[i].Box == key {
			return &o.Boxes[i]
		}
	}
	return nil
}

// EventsOf are the business answers that a receipt gives to a version of a
// notice: row by row, and the head's verdict for boxes that no row names. A
// receipt to another letter (a release, a reminder) answers no order and gives none.
func (m *Message) EventsOf(n *inspection.Notice, letter string) []inspection.Event {
	a := m.Answer
	if a == nil || letter != inspection.LetterIssued && letter != inspection.LetterChanged {
		return nil
	}
	verdicts := make([]Row, len(n.Boxes))
	same := true
	for i := range n.Boxes {
		verdicts[i] = a.verdict(n, &n.Boxes[i])
		same = same && verdicts[i] == verdicts[0]
	}
	var events []inspection.Event
	for i := range a.Rows { // of a box that the notice does not have: whoever judges events says so
		if r := &a.Rows[i]; !r.meant(n) {
			events = append(events, m.event(n, r.ContainerNumber+r.BillNumber, r, len(n.Boxes)+i+1))
		}
	}
	if same && len(verdicts) > 0 {
		return append(events, m.event(n, "", &verdicts[0], 0))
	}
	for i := range verdicts {
		if key := n.Boxes[i].Key(); !slices.Contains(n.Cancelled, key) {
			events = append(events, m.event(n, key, &verdicts[i], i+1))
		}
	}
	return events
}

// meant says whether the row is about the notice.
func (r *Row) meant(n *inspection.Notice) bool {
	if r.ContainerNumber == "" {
		return r.BillNumber == n.BillNumber
	}
	return slices.ContainsFunc(n.Boxes, func(b inspection.Box) bool { return r.names(&b) })
}

func (r *Row) names(b *inspection.Box) bool {
	return r.ContainerNumber != "" && (r.ContainerNumber == b.Key() || r.ContainerNumber == b.ContainerNumber || r.ContainerNumber == b.Mark)
}

// verdict is what the answer says about one box: its own row, else the row of
// its bill, else the head.
func (a *Answer) verdict(n *inspection.Notice, b *inspection.Box) Row {
	head := Row{Passed: a.Passed, Notes: a.Notes}
	for _, r := range a.Rows {
		if r.names(b) {
			return Row{Passed: r.Passed, Notes: r.Notes}
		}
		if r.ContainerNumber == "" && r.BillNumber == n.BillNumber {
			head = Row{Passed: r.Passed, Notes: r.Notes}
		}
	}
	return head
}

func (m *Message) event(n *inspection.Notice, box string, r *Row, number int) inspection.Event {
	a := m.Answer
	e := inspection.Event{NoticeNumber: n.Number, Version: n.Version, Kind: inspection.Accepted, Box: box, OccurredAt: a.At, AnswersID: a.MessageID,
		Person: a.Person, Text: r.Notes}
	if m.Head.ID != "" {
		e.Reference = m.Head.ID
		if number > 0 {
			e.Reference += "/" + strconv.Itoa(number)
		}
	}
	if r.Passed {
		return e
	}
	e.Kind, e.Reason = inspection.Rejected, inspection.OtherReason
	word, _, _ := strings.Cut(r.Notes, " ")
	if reason, ok := inspection.ReasonOfWire(word); ok && (reason != inspection.OtherReason || r.Notes != word) {
		e.Reason = reason
	} else if r.Notes == "" {
		e.Text = "CHK_FLAG 03" // returned, and that is all that was said
	}
	return e
}
