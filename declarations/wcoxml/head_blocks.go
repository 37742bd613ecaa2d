package wcoxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

var kilograms = strictxml.Attr{Local: unitCode, Value: "KGM"}

// headBlocks are the rules of the declaration that need more than one leaf.
func headBlocks() []block[declaration] {
	return []block[declaration]{
		typeBlock(), phoneBlock(), traderNameBlock(), meansBlock(), destinationBlock(), freightBlock(),
		firstGroup("declaration.remarks", "declaration.remarks", "AdditionalInformation", "StatementDescription", notAmendment, func(d *declaration) *string { return &d.Header.Remarks }),
		firstGroup("declaration.related_declaration_number", "declaration.previous_documents[].number", shipment+"PreviousDocument", "ID", anyGroup, func(d *declaration) *string { return &d.Header.RelatedDeclarationNumber }),
		contractBlock(), authorisationBlock(),
	}
}

// typeBlock: WCO D013, two letters of direction and one of the kind of
// declaration. CO (special territories), COR, GPR and INV name no direction.
func typeBlock() block[declaration] {
	p, filing := below(Root(), "TypeCode"), pair("declaration.filing_step", "/Declaration/TypeCode")
	read := func(r *reader, e *element, d *declaration) {
		t := e.at(p)
		if t == nil || t.absent || len(t.text) != 3 && len(t.text) != 2 {
			return
		}
		switch t.text[:2] {
		case "IM":
			d.Header.TradeDirection = declarations.Import
		case "EX":
			d.Header.TradeDirection = declarations.Export
		default:
			return
		}
		if len(t.text) == 3 && r.open(filing, t) {
			d.Header.FilingStep = stepOfKind[t.text[2]]
		}
	}
	return block[declaration]{
		names: []string{"declaration.trade_direction", "declaration.filing_step"}, read: read,
		write: func(w *writer, e *element, d *declaration) {
			step := d.Header.FilingStep
			if step == "0" { // 0 and blank are both one step
				step = ""
			}
			if !w.unverified && step != "" {
				w.lose("declaration.filing_step", p.leaf().Path(), reasonUnverified, step)
			}
			var now declaration
			if read(&w.reader, e, &now); now.Header.TradeDirection == d.Header.TradeDirection && (!w.unverified || now.Header.FilingStep == step) && e.at(p) != nil {
				return
			}
			text := map[declarations.Direction]string{declarations.Import: "IM", declarations.Export: "EX"}[d.Header.TradeDirection]
			if text == "" {
				if d.Header.TradeDirection != "" {
					w.lose("declaration.trade_direction", p.leaf().Path(), reasonNoCode, string(d.Header.TradeDirection))
				}
				return
			}
			if w.unverified {
				kind, ok := map[string]string{"": "A", "5": "B", "6": "Y"}[step]
				if !ok {
					w.lose("declaration.filing_step", p.leaf().Path(), reasonNoCode, step)
				}
				text += kind
			}
			w.set(e.put(p), "declaration.trade_direction", text)
		},
	}
}

// stepOfKind: B, C, E, F simplified are like a summary, Y, Z, Q supplementary
// like the full declaration; an analogy of the field map, not an agreed code.
var stepOfKind = map[byte]string{'B': "5", 'C': "5", 'E': "5", 'F': "5", 'Y': "6", 'Z': "6", 'Q': "6"}

// phoneBlock: WCO 240 with the kind of number beside it, TE telephone.
func phoneBlock() block[declaration] {
	const name = "parties.declarant.phone"
	group := pair(name, "/Declaration/Declarant/Communication/ID")
	p := below(Root(), "Declarant/Communication/ID")
	kind := below(Root(), "Declarant/Communication/TypeCode")
	read := func(r *reader, e *element, d *declaration) {
		id := e.at(p)
		if t := e.at(kind); id == nil || id.absent || t != nil && !t.absent && t.text != "TE" || !r.open(group, id) {
			return
		}
		d.Parties.Declarant.Phone = trimmed(id.text)
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := d.Parties.Declarant.Phone
		var now declaration
		if read(&w.reader, e, &now); now.Parties.Declarant.Phone == v {
			return
		}
		e.take(p)
		if t := e.at(kind); t != nil && !t.absent {
			e.take(kind)
		}
		if v == "" {
			return
		}
		w.set(e.put(p), name, v)
		if settled(e, p); e.at(p) != nil {
			w.set(e.put(kind), name, "TE")
		}
	}}
}

// traderNameBlock: the importer on import, the exporter on export; the English
// name stands there, marked as such, when there is no other.
func traderNameBlock() block[declaration] {
	const name, english = "parties.trader.name", "parties.trader.name_english"
	row := pair(name, "/Declaration/GoodsShipment/Importer/Name")
	places := map[declarations.Direction]place{
		declarations.Import: below(Root(), shipment+"Importer/Name"), declarations.Export: below(Root(), "Exporter/Name"),
	}
	read := func(r *reader, e *element, d *declaration) {
		p := places[r.dir]
		if p == nil {
			return
		}
		n := e.at(p)
		switch {
		case n == nil || n.absent || !r.open(row, n):
		case strings.HasPrefix(n.attr(languageID), "en"):
			d.Parties.Trader.NameEnglish = trimmed(n.text)
		default:
			d.Parties.Trader.Name = trimmed(n.text)
		}
	}
	return block[declaration]{names: []string{name, english}, read: read, write: func(w *writer, e *element, d *declaration) {
		t, p := &d.Parties.Trader, places[w.dir]
		if p == nil {
			w.loseAll(reasonNoPlace, name, t.Name, english, t.NameEnglish)
			return
		}
		if t.Name != "" && t.NameEnglish != "" {
			w.lose(english, p.leaf().Path(), reasonNoRoom, t.NameEnglish)
		}
		want := declaration{}
		if want.Parties.Trader.Name = t.Name; t.Name == "" {
			want.Parties.Trader.NameEnglish = t.NameEnglish
		}
		var now declaration
		if read(&w.reader, e, &now); now.Parties.Trader == want.Parties.Trader {
			return
		}
		e.take(p)
		switch {
		case t.Name != "":
			w.set(e.put(p), name, t.Name)
		case t.NameEnglish != "":
			w.set(e.put(p), english, t.NameEnglish, strictxml.Attr{Local: languageID, Value: "en"})
		}
		settled(e, p)
	}}
}

// loseAll loses the pairs of name and value that have a value.
func (w *writer) loseAll(reason string, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.lose(pairs[i], "", reason, pairs[i+1])
		}
	}
}

// destinationBlock: WCO 465 at the shipment; on import it is China.
func destinationBlock() block[declaration] {
	const name = "transport.country_of_destination"
	row := pair(name, "/Declaration/GoodsShipment/Destination/CountryCode")
	p := below(Root(), shipment+"Destination/CountryCode")
	const china = "CHN"
	read := func(r *reader, e *element, d *declaration) {
		c := e.at(p)
		if c == nil || c.absent || !r.open(row, c) {
			return
		}
		if v, ok := country.read(r.codes, c.text); ok && (v != china || r.dir != declarations.Import) {
			d.Transport.CountryOfDestination = v
		}
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := d.Transport.CountryOfDestination
		var now declaration
		if read(&w.reader, e, &now); now.Transport.CountryOfDestination == v && (e.at(p) != nil || w.dir != declarations.Import) {
			return
		}
		if c := e.at(p); c != nil && !c.absent {
			e.take(p)
		}
		if v == "" && w.dir == declarations.Import {
			v = china
		}
		if v == "" {
			return
		}
		text, reason := country.write(w.codes, v)
		if reason != "" {
			w.lose(name, p.leaf().Path(), reason, v)
			return
		}
		w.set(e.put(p), name, text)
	}}
}

// freightBlock: WCO 117 holds a total only (kind 3); a rate or a price per unit
// would have to be calculated.
func freightBlock() block[declaration] {
	const value, currency, kind = "valuation.freight.value", "valuation.freight.currency", "valuation.freight.kind_code"
	row := pair(value, "/Declaration/GoodsShipment/CustomsValuation/FreightChargeAmount")
	p := below(Root(), shipment+"CustomsValuation/FreightChargeAmount")
	read := func(r *reader, e *element, d *declaration) {
		a := e.at(p)
		if a == nil || a.absent || !r.open(row, a) {
			return
		}
		if v, ok := readNumber(nil, a.text); ok {
			d.Valuation.Freight = declarations.Charge{KindCode: "3", Value: declarations.Decimal(v), Currency: a.attr(currencyID)}
		}
	}
	return block[declaration]{names: []string{value, currency, kind}, read: read, write: func(w *writer, e *element, d *declaration) {
		f := d.Valuation.Freight
		var now declaration
		if read(&w.reader, e, &now); now.Valuation.Freight == f {
			return
		}
		e.take(p)
		switch {
		case f.Value == "" || f.KindCode != "3":
			w.loseAll(reasonRate, value, string(f.Value), currency, f.Currency, kind, f.KindCode)
		default:
			w.amount(e, p, value, currency, string(f.Value), f.Currency)
		}
	}}
}

// amount writes an amount with its currency; without a currency that WCO
// knows the number would say another amount, so both are lost.
func (w *writer) amount(e *element, p place, name, currencyName, value, currency string) {
	text, reason := amount.write(w.codes, value)
	var attrs []strictxml.Attr
	if currency != "" {
		alpha, ok := currencyCode(w.codes, currency)
		if !ok {
			w.lose(name, p.leaf().Path(), reasonNoCode, value)
			w.lose(currencyName, p.leaf().Path(), reasonNoCode, currency)
			return
		}
		attrs = []strictxml.Attr{{Local: currencyID, Value: alpha}}
	}
	if text == "" && currency != "" {
		w.lose(currencyName, p.leaf().Path(), reason, currency)
	}
	if reason != "" {
		w.lose(name, p.leaf().Path(), reason, value)
	}
	if text != "" {
		w.set(e.put(p), name, text, attrs...)
		if el := e.at(p); el.text == "" {
			e.take(p)
			if currency != "" {
				w.lose(currencyName, p.leaf().Path(), reasonTooLong, currency)
			}
		}
	}
}

// meansBlock: the means of transport at the border and, with the same value,
// on arrival (import) or departure (export).
func meansBlock() block[declaration] {
	const name = "transport.means_name"
	row := pair(name, "/Declaration/BorderTransportMeans/ID")
	const own, kind = "/ID", "/IdentificationTypeCode"
	border, arrival, departure := "BorderTransportMeans", shipment+"Consignment/ArrivalTransportMeans", shipment+"Consignment/DepartureTransportMeans"
	type means struct{ id, kind place }
	at := func(class string) means { return means{below(Root(), class+own), below(Root(), class+kind)} }
	places := map[declarations.Direction][]means{
		declarations.Import: {at(border), at(arrival)}, declarations.Export: {at(border), at(departure)}, "": {at(border)},
	}
	read := func(r *reader, e *element, d *declaration) {
		for _, m := range places[r.dir] {
			if id := e.at(m.id); id != nil && !id.absent && r.open(row, id) {
				d.Transport.MeansName = trimmed(id.text)
				return
			}
		}
	}
	return block[declaration]{names: []string{name}, read: read, write: func(w *writer, e *element, d *declaration) {
		v := d.Transport.MeansName
		var now declaration
		if read(&w.reader, e, &now); now.Transport.MeansName == v {
			return
		}
		all := places[w.dir]
		if all == nil {
			all = places[""]
		}
		for i, m := range all {
			for _, p := range []place{m.id, m.kind} {
				if c := e.at(p); c != nil && !c.absent {
					e.take(p)
				}
			}
			if v == "" {
				continue
			}
			lost := len(w.losses)
			w.set(e.put(m.id), name, v)
			if i > 0 {
				w.losses = w.losses[:lost] // said once
			}
			id := e.at(m.id)
			if id.text == "" && !id.absent {
				e.take(m.id)
				continue
			}
			if kind := meansKind(d.Transport.BorderModeCode, v); kind != "" {
				w.set(e.put(m.kind), name, kind)
			}
		}
	}}
}

// meansKind: 10 IMO number, 11 name of a ship, 40 flight number; for a train or
// a lorry the map gives none.
func meansKind(mode, v string) string {
	imo := strings.TrimPrefix(v, "UN")
	_, err := strconv.ParseUint(imo, 10, 64)
	switch {
	case mode == "5":
		return "40"
	case mode != "2" && mode != "":
		return ""
	case err == nil && (imo != v || len(v) == 7):
		return "10"
	}
	return "11"
}
