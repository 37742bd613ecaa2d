package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/depotxml"
)

const formatDepotXML = "depotxml"

// openDepotXML reads a notice (KOUAN_INSN) or a release order (WLJK_TREL).
func openDepotXML(body []byte) (Opened, error) {
	m, faults := depotxml.Read(body)
	if declarations.Rejected(faults) {
		return Opened{}, fmt.Errorf("%s at %s, line %d", faults[0].Code, faults[0].Path, faults[0].Line)
	}
	o := Opened{Format: formatDepotXML, ID: m.Head.ID}
	switch {
	case m.Notice != nil:
		o.Type, o.Notice = m.Notice.Letter, &m.Notice.Notice
		o.Step = o.Type == inspection.LetterStep
	case m.Release != nil:
		o.Type = inspection.LetterReleased
		o.Notice = releasedNotice(m.Release)
	default:
		return Opened{}, errors.New("a message that no terminal is sent: " + m.Head.Type)
	}
	if o.Notice == nil || o.Notice.Number == "" {
		return Opened{}, errors.New("a message that names no notice")
	}
	return o, nil
}

// releasedNotice is the notice that a release order is about. The order has no
// place for its number, so the gateway writes it into the notes:
// NUMBER/VERSION, and the mark of goods without a container behind it.
func releasedNotice(r *depotxml.Release) *inspection.Notice {
	n := &inspection.Notice{Change: inspection.ReleaseBoxes}
	for _, one := range append(append([]depotxml.Released{}, r.Containers...), r.Bills...) {
		about, mark, _ := strings.Cut(one.Notes, " ")
		number, version, _ := strings.Cut(about, "/")
		v, err := strconv.Atoi(version)
		if err != nil {
			return nil
		}
		n.Number, n.Version = number, v
		box := inspection.Box{ContainerNumber: one.ContainerNumber}
		if box.ContainerNumber == "" {
			box.Mark = mark
		}
		n.Boxes = append(n.Boxes, box)
	}
	return n
}

// encodeDepotXML writes the business answer as RESPONSE_INFO, as depots do,
// and every other step as a report of ours.
func encodeDepotXML(a *TerminalAnswer) (document, error) {
	m := &depotxml.Message{Head: depotxml.Head{ID: a.Reference, Function: "9", At: a.Event.OccurredAt, Sender: "SANDBOX", Receiver: "KOUAN", Version: "1.0"}}
	switch a.Event.Kind {
	case inspection.Accepted, inspection.Rejected:
		m.Head.Type = depotxml.TypeAnswer
		m.Answer = &depotxml.Answer{MessageID: a.MessageID, Passed: a.Event.Kind == inspection.Accepted, At: a.Event.OccurredAt, Person: "SANDBOX",
			Notes: strings.TrimSpace(a.Event.Reason.Wire() + " " + a.Event.Text)}
	default:
		m.Head.Type = depotxml.TypeEvents
		m.Events = []inspection.Event{a.Event}
	}
	body, faults := depotxml.Write(m)
	if declarations.Rejected(faults) {
		return document{}, fmt.Errorf("answer %s: %s at %s: %w", a.Reference, faults[0].Code, faults[0].Path, portadapters.ErrPermanent)
	}
	return document{"application/xml", body}, nil
}
