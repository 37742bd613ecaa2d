package edifact

import "strconv"

// Controlled is what a CONTRL says about one interchange of ours.
type Controlled struct {
	Reference string // 0020 of the interchange
	Action    string // 4, 7, 8
	Error     int    // 0085; 0: none
	Messages  []ControlledMessage
}

// ControlledMessage is what it says about one message.
type ControlledMessage struct {
	Reference string
	Action    string
	Faults    []Controlling
}

// Controlling is one place that the other side found wrong.
type Controlling struct {
	Error              int
	Tag                string // of UNH or UNT
	Segment            int    // UNH = 1
	Element, Component int    // after the tag, from 1; 0: the segment
}

// Accepted says that the interchange arrived and can be read.
func (c *Controlled) Accepted() bool {
	return c.Action == ActionAcknowledged || c.Action == ActionReceived
}

// ReadControl reads a CONTRL; false when the message is none.
func ReadControl(m *Message) (*Controlled, bool) {
	if m.Type != typeControl {
		return nil, false
	}
	c := &Controlled{}
	segment := 0
	for i := range m.Segments {
		s := &m.Segments[i]
		last := len(c.Messages) - 1
		switch s.Tag() {
		case "UCI":
			c.Reference, c.Action, c.Error = s.Value(1, 1), s.Value(4, 1), whole(s.Value(5, 1))
		case "UCM":
			cm := ControlledMessage{Reference: s.Value(1, 1), Action: s.Value(3, 1)}
			if n := whole(s.Value(4, 1)); n != 0 {
				cm.Faults = append(cm.Faults, Controlling{Error: n, Tag: s.Value(5, 1), Element: max(0, whole(s.Value(6, 1))-1), Component: whole(s.Value(6, 2))})
			}
			c.Messages = append(c.Messages, cm)
		case "UCS":
			segment = whole(s.Value(1, 1))
			if n := whole(s.Value(2, 1)); n != 0 && last >= 0 {
				c.Messages[last].Faults = append(c.Messages[last].Faults, Controlling{Error: n, Segment: segment})
			}
		case "UCD":
			if last >= 0 {
				c.Messages[last].Faults = append(c.Messages[last].Faults, Controlling{Error: whole(s.Value(1, 1)), Segment: segment,
					Element: max(0, whole(s.Value(2, 1))-1), Component: whole(s.Value(2, 2))})
			}
		}
	}
	return c, true
}

// whole is a number of the service segments; 0 when it is none.
func whole(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
