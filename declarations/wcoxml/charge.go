package wcoxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

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
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); now.Valuation.Freight == f {
				return
			}
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
