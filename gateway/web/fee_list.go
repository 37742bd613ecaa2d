package web

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"kouan/declarations/strictjson"
	"kouan/i18n"
	"kouan/tariffs"
)

// feeList is the page of the catalogue.
type feeList struct {
	feeBase
	On                   string // as it was asked
	Day                  tariffs.Day
	Find                 string
	Payers, Trades       []feeChoice
	Regimes, Collectors  []feeChoice
	Kinds                []feeChoice
	Groups               []feeGroup
	Items                int
	Counts               feeCounts
	Status               []feeStatus // of the translation of the names shown
	Faults               []Fault
	Gaps                 []string
	OpenGaps             int
	Same                 template.URL // the query of the same rows as a file
	Filtered, Translated bool
}

// feeStatus is how many names have a status of translation.
type feeStatus struct {
	Text  string
	Count int
}

// feeGroup are charges of one kind of price.
type feeGroup struct {
	Key   string
	Items []feeItem
}

// feeItem is a charge in the list.
type feeItem struct {
	Code, Name, Orig string
	Rates            []feeRate
	Payer            string
	Collectors       []feeParty // those of the rows, each once
	Bases            []feeBasis
	Inside           string // the charge that it is a part of
	Look             bool   // its status is unknown
}

// gapsInList is how many of the things that are not known the list names.
const gapsInList = 4

// groupsOfFees in their order on the page.
var groupsOfFees = []string{"guided", "set", "market", "inside", "others", "none", "unsure", "old"}

func (s *server) listFees(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBaseOn(v)
	if err != nil {
		return err
	}
	page := base.list(v, s.findFees)
	if len(page.Faults) > 0 {
		return s.renderFees(w, v, http.StatusUnprocessableEntity, "fee-list", v.words.Text("page.fault_title", map[string]string{"title": v.words.Text("page.fees.title", nil)}), page, nil)
	}
	return s.renderFees(w, v, http.StatusOK, "fee-list", v.words.Text("page.fees.title", nil), page, nil)
}

// list reads the filters from the address and fills the page.
func (b feeBase) list(v *visit, find func(*tariffs.Catalogue, string, i18n.Lang) []string) *feeList {
	get := func(name string) string { return strings.TrimSpace(v.FormValue(name)) }
	p := &feeList{feeBase: b, On: get("on"), Find: get("q")}
	w := b.words
	p.Payers = choices(get("payer"), "ship", w.Party("ship"), "cargo", w.Party("cargo"))
	p.Trades = choices(get("trade"), "international", w.Term("trade.intl_line"), "domestic", w.Term("trade.dom_line"))
	p.Regimes = choices(get("regime"), string(tariffs.GovernmentGuided), w.Term("regime.guided"), string(tariffs.GovernmentSet), w.Term("regime.set"), string(tariffs.Market), w.Term("regime.market"))
	p.Kinds = choices(get("for"), "container_roro_passenger", w.Term("ship.type.container"), "oil_chemical_gas", w.Term("ship.type.tanker"),
		"bulk_general_other", w.Term("ship.type.bulk"), "box", w.Text("page.fees.for_boxes", nil), "bulk", w.Text("page.fees.for_bulk", nil))
	for _, body := range b.Edition.Catalogue.Bodies() {
		name := w.PartyName(body.Name)
		choice := feeChoice{Value: body.Name, Text: upper(name.Text), Here: body.Name == get("collector")}
		if name.Foreign(v.lang) {
			choice.Lang = name.Lang
		}
		p.Collectors = append(p.Collectors, choice)
	}
	for name, list := range map[string][]feeChoice{"payer": p.Payers, "trade": p.Trades, "regime": p.Regimes, "for": p.Kinds, "collector": p.Collectors} {
		if value := get(name); !known(list, value) {
			var allowed []string
			for _, c := range list {
				allowed = append(allowed, c.Value)
			}
			p.Faults = append(p.Faults, fault(v, tariffs.CodeChoice, name, "value", strictjson.Shown(value), "known", strings.Join(allowed, ", ")))
		}
		p.Filtered = p.Filtered || get(name) != ""
	}
	slices.SortFunc(p.Faults, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	p.Filtered = p.Filtered || p.Find != "" || p.On != ""
	same := url.Values{}
	for _, name := range []string{"on", "trade", "payer"} { // files know no other filter
		if value := get(name); value != "" {
			same.Set(name, value)
		}
	}
	if len(same) > 0 {
		p.Same = template.URL("?" + same.Encode()) //nolint:gosec // encoded by url.Values
	}
	var ok bool
	if p.Day, ok = dayOf(p.On, b.Today); !ok {
		p.Faults = append(p.Faults, fault(v, tariffs.CodeDay, "on", "value", strictjson.Shown(p.On)))
	}
	if len(p.Faults) > 0 {
		return p
	}
	rows := b.Edition.Catalogue.Rows(p.Day, tariffs.RowFilter{Trade: get("trade"), Payer: get("payer")})
	rows = slices.DeleteFunc(rows, func(r tariffs.Row) bool {
		return get("regime") != "" && r.Regime != get("regime") || get("collector") != "" && r.Collector != get("collector") || !isFor(&r, get("for"))
	})
	if p.Find != "" {
		rows = ranked(rows, find(b.Edition.Catalogue, p.Find, v.lang))
	}
	p.fill(rows)
	return p
}

// isFor reports whether a row concerns a kind of ship or of cargo.
func isFor(r *tariffs.Row, kind string) bool {
	switch kind {
	case "":
		return true
	case "box":
		return r.ContainerSize != "" || r.CargoClass == "" && strings.Contains(r.Payer, "cargo") && r.Unit != "TNE" && r.Unit != "MTQ"
	case "bulk":
		return r.ContainerSize == "" && strings.Contains(r.Payer, "cargo") && r.Unit != "20" && r.Unit != "21"
	}
	return r.ShipType == kind || r.ShipType == "" && strings.Contains(r.Payer, "ship")
}

// ranked keeps the rows of the items that a search found, the best first.
func ranked(rows []tariffs.Row, items []string) []tariffs.Row {
	rows = slices.DeleteFunc(rows, func(r tariffs.Row) bool { return !slices.Contains(items, r.Item) })
	slices.SortStableFunc(rows, func(a, b tariffs.Row) int { return slices.Index(items, a.Item) - slices.Index(items, b.Item) })
	return rows
}

// fill groups rows by charge, and charges by kind of price.
func (p *feeList) fill(rows []tariffs.Row) {
	p.Counts = p.count(rows)
	groups := map[string][]feeItem{}
	status := map[string]int{}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Item == rows[0].Item {
			n++
		}
		key := groupOfFee(rows[:n])
		groups[key] = append(groups[key], p.item(rows[:n], p.Day))
		status[p.words.Translation(rows[0].Item)]++
		p.Items++
		rows = rows[n:]
	}
	for _, key := range groupsOfFees {
		if len(groups[key]) > 0 {
			p.Groups = append(p.Groups, feeGroup{key, groups[key]})
		}
	}
	for _, slug := range []string{"official", "reviewed", "seen", "proposed"} {
		text := p.words.Text("fee_translation."+slug, nil)
		if status[text] > 0 {
			p.Status = append(p.Status, feeStatus{text, status[text]})
		}
	}
	p.Translated = p.words.Lang() != i18n.ZhHans
	gaps := openGaps(p.Edition.Catalogue, p.Day)
	p.OpenGaps = len(gaps)
	for _, g := range gaps[:min(len(gaps), gapsInList)] {
		p.Gaps = append(p.Gaps, p.words.Text("fee_gap."+g, nil))
	}
}

// groupOfFee says with which charges one stands.
func groupOfFee(rows []tariffs.Row) string {
	r := &rows[0]
	switch {
	case r.Payer == "none" && r.Status == tariffs.UnknownStatus:
		return "unsure"
	case r.Payer == "none":
		return "none"
	case r.Status == tariffs.NoRow:
		return "old"
	case r.PartOf != "":
		return "inside"
	case r.Collector == "carrier" || r.Collector == "ship agent":
		return "others"
	}
	switch tariffs.Regime(r.Regime) {
	case tariffs.GovernmentGuided:
		return "guided"
	case tariffs.GovernmentSet:
		return "set"
	}
	return "market"
}

// mostShown is how many rates of one unit a charge shows one by one in the list.
const mostShown = 2

// item draws the rows of a charge together.
func (b *feeBase) item(rows []tariffs.Row, day tariffs.Day) feeItem {
	r := &rows[0]
	out := feeItem{Code: r.Item, Name: b.name(r.Item), Orig: b.original(r.Item), Payer: b.words.Party(r.Payer)}
	if r.PartOf != "" {
		out.Inside = b.words.Item(r.PartOf)
	}
	type kind struct{ component, unit, status string }
	var order []kind
	groups := map[kind][]*tariffs.Row{}
	for i := range rows {
		r := &rows[i]
		k := kind{r.Component, r.Unit, r.Status}
		if r.Amount == "" {
			k = kind{"", "", r.Status} // what is not on file is said once
		} else if isZero(r.Amount) {
			k = kind{"", "", "zero"}
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], r)
		out.Look = out.Look || r.Status == tariffs.UnknownStatus
		if who := b.party(r.Collector); !slices.Contains(out.Collectors, who) {
			out.Collectors = append(out.Collectors, who)
		}
		for id := range strings.SplitSeq(r.LegalBasis, ";") {
			if id = strings.TrimSpace(id); id != "" && !slices.ContainsFunc(out.Bases, func(o feeBasis) bool { return o.ID == id }) {
				out.Bases = append(out.Bases, b.basis(id, day))
			}
		}
	}
	for _, k := range order {
		list := groups[k]
		if len(list) <= mostShown {
			for _, r := range list {
				out.Rates = append(out.Rates, b.rate(r))
			}
			continue
		}
		out.Rates = append(out.Rates, b.together(list))
	}
	return out
}

// together is one entry for several rates: from the lowest to the highest.
func (b *feeBase) together(list []*tariffs.Row) feeRate {
	out := b.rate(list[0])
	out.ID, out.If, out.Who, out.Many, out.Sure = "", list[0].Component, nil, len(list), b.sure(weakest(list))
	if out.Figure == "" {
		out.Unit = "" // they may differ
		return out
	}
	low, high := list[0], list[0]
	for _, r := range list {
		if amountOf(r).LessThan(amountOf(low)) {
			low = r
		}
		if amountOf(r).GreaterThan(amountOf(high)) {
			high = r
		}
	}
	out.Figure = b.words.Number(low.Amount)
	if !amountOf(low).Equal(amountOf(high)) {
		out.Upto = b.words.Number(high.Amount)
	}
	return out
}

// amountOf is a row's figure, which the catalogue has read already.
func amountOf(r *tariffs.Row) decimal.Decimal {
	d, err := decimal.NewFromString(r.Amount)
	if err != nil {
		return decimal.Zero
	}
	return d
}
