package api

import (
	"context"

	"kouan/declarations/clearance"
	"kouan/i18n"
)

// ClearanceBrief is what a list of declarations shows of the way through the port.
type ClearanceBrief struct {
	Mode     string `json:"mode" example:"two_step_summary"`
	State    string `json:"state" doc:"Of a two-step declaration its own state, else whether it was declared in advance"`
	Due      string `json:"due,omitzero" format:"date" doc:"Last day for the full declaration, at the port"`
	DaysLeft *int   `json:"days_left,omitempty" doc:"Negative when it is past"`
}

// Clearance is the whole overview; Faults are those of a full declaration
// against its summary.
type Clearance struct {
	ID string `json:"id"`
	clearance.Overview
	Faults []Fault `json:"faults"`
}

type clearanceOutput struct {
	Localised
	ETag string `header:"ETag"`
	Body Clearance
}

func (s *server) clearance(ctx context.Context, in *idInput) (*clearanceOutput, error) {
	c := callOf(ctx)
	row, overview, err := s.Desk.Clearance(ctx, c.principal, in.ID)
	if err != nil {
		return nil, err
	}
	words := i18n.For(c.language())
	overview.Say(words.Text)
	out := &clearanceOutput{Localised: inLanguage(words.Lang()), ETag: etag(row.Version), Body: Clearance{ID: row.ID, Overview: overview, Faults: []Fault{}}}
	if t := overview.TwoStep; t != nil && len(t.Faults) > 0 {
		out.Body.Faults = faultsIn(words, t.Faults)
	}
	return out, nil
}

func brief(o *clearance.Overview) ClearanceBrief {
	b := ClearanceBrief{Mode: string(o.Mode), State: string(o.Advance.State)}
	if t := o.TwoStep; t != nil {
		b.State, b.Due, b.DaysLeft = string(t.State), string(t.Deadline.Due), t.Deadline.DaysLeft
	}
	return b
}
