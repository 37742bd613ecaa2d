package api

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"kouan/gateway/desk"
	"kouan/i18n"
)

// refuseComplaint knows the errors of complaints and of what is tried too
// often; nil: it is none of them.
func refuseComplaint(err error) *refusal {
	var state *desk.FeeComplaintStateError
	var often *desk.TooOftenError
	switch {
	case errors.As(err, &state):
		allowed := make([]string, len(state.Allowed))
		for i, a := range state.Allowed {
			allowed[i] = string(a)
		}
		return &refusal{status: http.StatusConflict, word: "conflict_complaint",
			args: map[string]string{"number": state.Number, "state": state.State, "why": state.Why, "allowed": strings.Join(allowed, ", ")}}
	case errors.As(err, &often):
		seconds := int((often.After + time.Second - 1) / time.Second)
		return &refusal{status: http.StatusTooManyRequests, word: "too_often", wait: seconds}
	}
	return nil
}

// complaint puts a conflict about a complaint into the problem and gives the
// arguments of its words.
func (p *Problem) complaint(words i18n.Printer, e *refusal) map[string]string {
	p.ComplaintState, p.Why = e.args["state"], e.args["why"]
	args := map[string]string{"number": e.args["number"], "state": words.Text("complaint_state."+p.ComplaintState, nil),
		"why": words.Text("complaint_why."+p.Why, nil), "allowed": words.Text("complaint_why.nothing", nil)}
	if e.args["allowed"] != "" {
		p.Allowed = strings.Split(e.args["allowed"], ", ")
		names := make([]string, 0, len(p.Allowed))
		for _, a := range p.Allowed {
			names = append(names, words.Text("complaint_act."+a, nil))
		}
		args["allowed"] = strings.Join(names, "; ")
	}
	return args
}
