package wording

import (
	"slices"
	"strings"

	"kouan/tariffs"
)

// Verdicts are the findings on a billed line. Against a reference that was
// not read in its instrument nothing is called too high: the words are to ask
// for an explanation (§12). What more is known of the reason follows, and what
// would have to be stated.
func (w Words) Verdicts(f *tariffs.AccountFinding) string {
	var out []string
	ask := false
	for _, v := range f.Verdicts {
		ask = ask || tariffs.TooMuch(v) && !f.Word.Plain()
		switch {
		case v == tariffs.AboveCeiling && !f.Word.Plain():
			continue // the difference is shown; the word is not said
		case v == tariffs.StatusUnknown && len(f.Needs) > 0:
			out = append(out, w.Text("fee_verdict_needs", map[string]string{"facts": w.Facts(f.Needs)}))
		case v == tariffs.SumWrong && f.Line > 0:
			out = append(out, w.Text("fee_verdict.sum_wrong_line", nil))
		default:
			out = append(out, w.slug("fee_verdict.", string(v), nil))
		}
	}
	if f.Reason != "" {
		out = append(out, w.slug("fee_verdict_because.", f.Reason, nil))
	}
	if ask {
		out = append(out, w.Text("fee_verdict_ask", map[string]string{"word": w.Sure(f.Word)}))
	}
	return w.joined(out)
}

// factTerms and factKeys are how people call the facts of a call.
var (
	factTerms = map[string]string{"ship.net_tonnage": "ship.nt", "ship.type": "ship.type", "ship.length_overall_m": "ship.loa", "terminal": "place.terminal"}
	factKeys  = map[string]string{
		"berth.from": "fee_fact.alongside", "berth.to": "fee_fact.alongside", "tugs": "fee_fact.tugs", "pilotage": "fee_fact.pilotage", "pilotage.locks": "fee_fact.locks",
		"boxes": "fee_fact.boxes", "boom_uses": "fee_field.boom", "berth.idle_reason": "fee_field.idle", "berth.anchorage_hours": "fee_field.anchorage",
		"pilotage.in": "fee_field.pilot_in", "pilotage.out": "fee_field.pilot_out", "pilotage.shifts": "fee_field.shifts", "boxes.rule_45": "fee_field.box_as_40",
		"special_port_fee.us_owner": "fee_field.us_owner", "special_port_fee.us_operator": "fee_field.us_operator", "special_port_fee.us_equity_25": "fee_field.us_equity",
		"special_port_fee.us_flag": "fee_field.us_flag", "special_port_fee.built_in_us": "fee_field.built_us", "special_port_fee.built_in_cn": "fee_field.built_cn",
		"special_port_fee.first_chinese_port": "fee_field.first_port", "special_port_fee.charged_voyages": "fee_field.voyages",
	}
)

// Facts names facts of a call, each once; one without a name is its path.
func (w Words) Facts(paths []string) string {
	var out []string
	for _, path := range paths {
		name := path
		switch {
		case factTerms[path] != "":
			name = w.Term(factTerms[path])
		case factKeys[path] != "":
			name = w.Text(factKeys[path], nil)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, w.marks().comma)
}
