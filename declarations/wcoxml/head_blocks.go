package wcoxml

import (
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
		contractBlock(), authorisationBlock(), supplementBlock(),
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
			if !w.bare {
				var now declaration
				if read(&w.reader, e, &now); now.Header.TradeDirection == d.Header.TradeDirection && (!w.unverified || now.Header.FilingStep == step) && e.at(p) != nil {
					return
				}
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
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); now.Transport.CountryOfDestination == v && (e.at(p) != nil || w.dir != declarations.Import) {
				return
			}
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
