package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"kouan/declarations/strictjson"
	"kouan/i18n"
	"kouan/tariffs"
)

// comparePage shows a quotation beside the same call on another day or at
// another terminal, by the rows of the same edition: what differs then comes
// from what was asked, not from what was learned since.
type comparePage struct {
	feeBase
	Number        string
	Form          compareForm
	Asked         bool
	Before, After compareSide
	Changes       []quoteChange
	Changed       int
}

type compareSide struct {
	On       tariffs.Day
	Terminal string
	Lang     i18n.Lang // of the terminal's name
	Total    quoteTotal
}

func (b *feeBase) side(call *tariffs.Call, q *tariffs.Quotation) compareSide {
	side := compareSide{On: q.On, Total: b.total(&q.Total)}
	side.Terminal, side.Lang = b.terminalName(call.Terminal)
	return side
}

func (s *server) compareQuote(w http.ResponseWriter, v *visit) error {
	q, err := s.quotation(v, v.PathValue("number"))
	if err != nil {
		return err
	}
	e, err := s.Desk.FeeEditionNumber(v.Context(), q.Edition)
	if err != nil {
		return err
	}
	on, terminal := strings.TrimSpace(v.FormValue("on")), strings.TrimSpace(v.FormValue("terminal"))
	p := &comparePage{feeBase: s.feeBaseOf(v, e), Number: q.Number}
	p.Form = p.compareForm(&q, on, terminal)
	second := q.Call
	if on != "" {
		second.On = tariffs.Day(on)
	}
	second.Terminal = cmp.Or(terminal, second.Terminal)
	switch {
	case !v.URL.Query().Has("on") && !v.URL.Query().Has("terminal"): // the form alone
	case on == "" && terminal == "":
		p.Form.Faults = []Fault{fault(v, codeFormOther, "on")}
	default:
		for _, f := range e.Catalogue.Check(&second) {
			name := fieldOf(f.Path)
			if name != "on" && name != "terminal" {
				continue // it was good enough for the quotation
			}
			args := f.Args()
			if value, has := args["value"]; has {
				args["value"] = strictjson.Shown(value)
			}
			p.Form.Faults = append(p.Form.Faults, Fault{Code: f.Code(), Path: name, Message: v.words.Fault(f.Code(), args)})
		}
		p.Asked = len(p.Form.Faults) == 0
	}
	status, title := http.StatusOK, v.words.Text("page.compare.title", nil)
	if len(p.Form.Faults) > 0 {
		status, title = http.StatusUnprocessableEntity, v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	if p.Asked {
		other := tariffs.Quote(e.Catalogue, &second, p.Today)
		changes := tariffs.Compare(&q.Quotation, &other)
		for i := range changes {
			p.Changes = append(p.Changes, p.change(&changes[i]))
			if changes[i].Changed {
				p.Changed++
			}
		}
		slices.SortStableFunc(p.Changes, func(a, b quoteChange) int { // what differs comes first
			return map[bool]int{true: 0, false: 1}[a.Changed] - map[bool]int{true: 0, false: 1}[b.Changed]
		})
		p.Before, p.After = p.side(&q.Call, &q.Quotation), p.side(&second, &other)
	}
	return s.renderFees(w, v, status, "fee-compare", title, p, nil)
}

// terminalName is that of a terminal: in Chinese, or as English writes it.
func (b *feeBase) terminalName(code string) (name string, lang i18n.Lang) {
	t := b.Edition.Catalogue.Terminal(code)
	switch {
	case t == nil:
		return "", b.words.Lang()
	case b.words.Lang() == i18n.ZhHans:
		return t.NameZH, i18n.ZhHans
	}
	return t.NameEN, i18n.En
}
