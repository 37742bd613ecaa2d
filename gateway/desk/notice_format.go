package desk

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/inspection"
	"kouan/gateway/store"
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
	Since time.Time        `json:"since,omitzero"`
}

func dataOf(l *inspection.Letter) *letterData {
	data := &letterData{Notice: l.Notice, Event: l.Event}
	if l.Overview != nil {
		data.State = l.Overview.State
		for i := range l.Overview.Boxes {
			b := &l.Overview.Boxes[i]
			data.Boxes = append(data.Boxes, letterBox{b.Box, b.State, b.Since})
		}
	}
	return data
}

// writeJSON adds a letter in the envelope of all our events, whose sequence
// the store knows first.
func (a *noticeAct) writeJSON(to *store.Endpoint, l *inspection.Letter) error {
	data, err := json.Marshal(dataOf(l), json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write letter %s: %w", l.ID, err)
	}
	a.d.push(a.c, to, l.Type, a.subject(), a.row.ID, l.ID, l.At, data)
	a.c.Pushes[len(a.c.Pushes)-1].FileName = letterName(l)
	return nil
}
