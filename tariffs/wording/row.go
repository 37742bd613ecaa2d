package wording

import (
	"cmp"
	"strings"

	"kouan/tariffs"
)

// Amount is the rate of a row: "at most 0.45", or why there is none.
func (w Words) Amount(r *tariffs.Row) string {
	switch {
	case r.Status == tariffs.NotOnFile:
		return w.Term("ui.not_on_file")
	case r.Status == tariffs.UnknownStatus:
		return w.Term("ui.unknown")
	case r.Amount == "":
		return w.slug("fee_status.", r.Status, nil)
	}
	text := w.Number(r.Amount)
	if r.AtMost != "" {
		text = w.Text("fee_price.at_most", map[string]string{"amount": text})
	}
	if r.Status == tariffs.Suspended {
		text += " (" + w.Term("ui.suspended") + ")"
	}
	return text
}

// choices are what the cells of a row may say, and the term for it.
var choices = map[string]string{
	"international": "trade.intl_line", "foreign": "trade.foreign", "domestic": "trade.dom_line",
	"20": "cargo.container20", "40": "cargo.container40", "45": "cargo.container45", "laden": "cargo.laden", "empty": "cargo.empty",
	"import": "trade.import", "export": "trade.export", "in": "dir.inward", "out": "dir.outward",
	"container_roro_passenger": "ship.type.container", "oil_chemical_gas": "ship.type.tanker", "bulk_general_other": "ship.type.bulk",
	"preferential": "ui.preferential", "ordinary": "ui.ordinary",
}

// choice is the word for what a cell says.
func (w Words) choice(value string) string {
	switch {
	case choices[value] != "":
		return w.Term(choices[value])
	case strings.HasPrefix(value, "P") && strings.HasSuffix(value, "D"), value == "P1Y":
		return w.slug("fee_term.", value, nil)
	}
	return w.slug("fee_class.", value, nil)
}

// Conditions say for whom and what a row holds.
func (w Words) Conditions(r *tariffs.Row) string {
	var out []string
	trade := r.Trade
	if trade == "both" {
		trade = ""
	}
	for _, value := range []string{trade, r.ShipType, r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.RateKind, r.Term} {
		if value != "" {
			out = append(out, w.choice(value))
		}
	}
	for _, b := range []struct{ what, from, to string }{
		{w.Term("ship.nt"), r.NTFrom, r.NTTo}, {w.Term("ship.loa") + " (m)", r.LOAFrom, r.LOATo}, {w.Term("place.distance") + " (nm)", r.DistanceFrom, r.DistanceTo},
	} {
		if text := w.band(b.what, b.from, b.to); text != "" {
			out = append(out, text)
		}
	}
	if r.Factor != "" {
		out = append(out, w.Text("fee_if.factor", map[string]string{"factor": w.Number(r.Factor)})+" ("+r.FactorBy+")")
	}
	if r.PartOf != "" {
		out = append(out, w.Term("ui.no_separate")+" ("+w.Item(r.PartOf)+")")
	}
	return w.joined(out)
}

// band: the lower bound is exclusive, the upper one inclusive.
func (w Words) band(what, from, to string) string {
	args := map[string]string{"what": what, "from": w.Number(from), "to": w.Number(to)}
	switch {
	case from == "0" && to != "", from == "" && to != "":
		return w.Text("fee_if.upto", args)
	case from != "" && to != "":
		return w.Text("fee_if.between", args)
	case from != "" && from != "0":
		return w.Text("fee_if.over", args)
	}
	return ""
}

// Cited is the legal basis of a row with its article.
func (w Words) Cited(basis, article string) string {
	basis = cmp.Or(basis, w.Term("ui.not_on_file"))
	if article != "" {
		basis += ", " + w.Remark(article).Text
	}
	return basis
}

// Validity is from a day to a day, both inclusive; … is open.
func (w Words) Validity(r *tariffs.Row) string {
	if r.ValidFrom == "" && r.ValidTo == "" {
		return "…"
	}
	return cmp.Or(r.ValidFrom, "…") + " – " + cmp.Or(r.ValidTo, "…")
}
