package api

import (
	"net/http"
	"strings"

	"kouan/gateway/desk"
	"kouan/i18n"
)

// refuseNotice is what stands in the way of an order or an event: the state,
// what would be allowed, and why.
func refuseNotice(e *desk.NoticeConflictError) *refusal {
	allowed := make([]string, len(e.Allowed))
	for i, k := range e.Allowed {
		allowed[i] = string(k)
	}
	return &refusal{status: http.StatusConflict, word: "conflict_notice",
		args: map[string]string{"number": shown(e.Number), "state": e.State, "why": e.Why, "box": shown(e.Box), "allowed": strings.Join(allowed, ", ")}}
}

// notice puts a conflict about a notice into the problem and gives the
// arguments of its words.
func (p *Problem) notice(words i18n.Printer, e *refusal) map[string]string {
	p.Notice, p.NoticeState, p.Why = e.args["number"], e.args["state"], e.args["why"]
	args := map[string]string{"number": p.Notice, "box": e.args["box"], "state": "", "allowed": words.Text("notice_allowed.nothing", nil)}
	if p.NoticeState != "" {
		args["state"] = words.Text("notice_state."+p.NoticeState, nil)
	}
	if e.args["allowed"] != "" {
		p.Allowed = strings.Split(e.args["allowed"], ", ")
		names := make([]string, 0, len(p.Allowed))
		for _, k := range p.Allowed {
			names = append(names, words.Text("event.inspection_"+k, nil))
		}
		args["allowed"] = strings.Join(names, "; ")
	}
	args["why"] = words.Text("notice_refusal."+p.Why, args)
	return args
}
