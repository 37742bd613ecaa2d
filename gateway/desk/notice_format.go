package desk

import (
	"fmt"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// Formats of letters that the desk writes itself.
const (
	formatJSON = "json"
	formatMail = "mail"
)

// letterData is the data of a letter as JSON: the notice as the terminal may
// see it, the step that is told, and where the notice stands.
type letterData struct {
	Notice *inspection.Notice `json:"notice"`
	Event  *inspection.Event  `json:"event,omitzero"`
	State  inspection.State   `json:"state,omitzero"`
	Boxes  []letterBox        `json:"boxes,omitempty"`
}

// letterBox is where one box stands.
type letterBox struct {
	Box   string           `json:"box"`
	State inspection.State `json:"state"`
}

func dataOf(l *inspection.Letter) *letterData {
	data := &letterData{Notice: l.Notice, Event: l.Event}
	if l.Overview != nil {
		data.State = l.Overview.State
		for i := range l.Overview.Boxes {
			data.Boxes = append(data.Boxes, letterBox{l.Overview.Boxes[i].Box, l.Overview.Boxes[i].State})
		}
	}
	return data
}

// JSONFormat writes letters in the envelope of all our events.
type JSONFormat struct{}

var _ Format = JSONFormat{}

// Write never has faults: every notice can be written as JSON.
func (JSONFormat) Write(l *inspection.Letter) (Document, []declarations.Fault) {
	doc, err := envelope(l.Type, l.ID, l.At, dataOf(l))
	if err != nil { // only strings, times and integers
		panic(fmt.Sprintf("write letter: %v", err))
	}
	return doc, nil
}
