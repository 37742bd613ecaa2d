package wcoxml

import (
	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Customs units of weight.
const (
	unitKilogram = "035"
	unitGram     = "036"
)

// quantityPlaces are the leaves that the two statutory quantities share.
type quantityPlaces struct {
	tariff, net place // WCO 130 with its unit, WCO 128 in kilograms
	commodity   place
	fee         *Node // DutyTaxFee without a kind of duty
	base, kind  *Node
	row, second *Pair
}

func quantities() quantityPlaces {
	q := quantityPlaces{
		tariff:    below(itemNode(), "Commodity/GoodsMeasure/TariffQuantity"),
		net:       below(itemNode(), "Commodity/GoodsMeasure/NetNetWeightMeasure"),
		commodity: below(itemNode(), "Commodity"),
		row:       pair("items[].first_statutory_quantity", goodsItem+"/Commodity/GoodsMeasure/TariffQuantity"),
		second:    pair("items[].second_statutory_quantity", goodsItem+"/Commodity/DutyTaxFee/SpecificTaxBaseQuantity"),
	}
	q.fee = q.commodity.leaf().Child("DutyTaxFee")
	q.base, q.kind = q.fee.Child("SpecificTaxBaseQuantity"), q.fee.Child("TypeCode")
	return q
}

// read: the tariff quantity is the first statutory one, and the net weight is
// the other; without a tariff quantity the net weight is the first.
func (q *quantityPlaces) read(r *reader, e *element, it *declarations.Item) {
	tariff, net := e.at(q.tariff), e.at(q.net)
	if tariff != nil && !tariff.absent && r.open(q.row, tariff) {
		q.first(r, tariff, it)
	}
	if net != nil && !net.absent && (net.attr(unitCode) == "" || net.attr(unitCode) == kilograms.Value) {
		v, ok := readNumber(nil, net.text)
		kg, of := grams(it.FirstStatutoryQuantity)
		switch {
		case !ok, it.FirstStatutoryUnitCode == unitGram && of && kg == v:
		case it.FirstStatutoryQuantity == "":
			it.FirstStatutoryQuantity, it.FirstStatutoryUnitCode = declarations.Decimal(v), unitKilogram
		default:
			it.SecondStatutoryQuantity, it.SecondStatutoryUnitCode = declarations.Decimal(v), unitKilogram
		}
	}
	if g := q.untyped(e); g != nil && it.SecondStatutoryQuantity == "" && r.open(q.second, g) {
		base := g.find(q.base, 1)
		v, ok := readNumber(nil, base.text)
		if code, known := unit.read(r.codes, base.attr(unitCode)); ok && known {
			it.SecondStatutoryQuantity, it.SecondStatutoryUnitCode = declarations.Decimal(v), code
		}
	}
}

func (q *quantityPlaces) first(r *reader, tariff *element, it *declarations.Item) {
	v, ok := readNumber(nil, tariff.text)
	code, known := "", true
	if rec20 := tariff.attr(unitCode); rec20 != "" {
		code, known = unit.read(r.codes, rec20)
	}
	if ok && known {
		it.FirstStatutoryQuantity, it.FirstStatutoryUnitCode = declarations.Decimal(v), code
	}
}

// untyped is the tax base that stands for a statutory quantity: of no duty.
func (q *quantityPlaces) untyped(e *element) *element {
	c := e.at(q.commodity)
	if c == nil {
		return nil
	}
	for _, g := range c.all(q.fee) {
		if g.find(q.base, 1) != nil && g.find(q.kind, 1) == nil {
			return g
		}
	}
	return nil
}

// quantityBlock: the quantity in kilograms is the net weight of WCO, the other
// one its tariff quantity (field map, first_statutory_quantity, net_weight_kg).
func quantityBlock() block[declarations.Item] {
	q := quantities()
	return block[declarations.Item]{
		names: []string{"first_statutory_quantity", "first_statutory_unit_code", "second_statutory_quantity", "second_statutory_unit_code"},
		read:  q.read,
		write: func(w *writer, e *element, it *declarations.Item) {
			if !w.bare {
				var now declarations.Item
				if q.read(&w.reader, e, &now); sameQuantities(&now, it) {
					return
				}
			}
			for _, p := range []place{q.tariff, q.net} {
				if c := e.at(p); c != nil && !c.absent {
					e.take(p)
				}
			}
			q.write(w, e, it)
		},
	}
}

func sameQuantities(a, b *declarations.Item) bool {
	return a.FirstStatutoryQuantity == b.FirstStatutoryQuantity && a.FirstStatutoryUnitCode == b.FirstStatutoryUnitCode &&
		a.SecondStatutoryQuantity == b.SecondStatutoryQuantity && a.SecondStatutoryUnitCode == b.SecondStatutoryUnitCode
}

func (q *quantityPlaces) write(w *writer, e *element, it *declarations.Item) {
	first, second := string(it.FirstStatutoryQuantity), string(it.SecondStatutoryQuantity)
	switch it.FirstStatutoryUnitCode {
	case unitKilogram:
		w.quantity(e, q.net, "first_statutory_quantity", first, kilograms.Value)
	case unitGram:
		if kg, ok := grams(it.FirstStatutoryQuantity); ok && it.SecondStatutoryUnitCode != unitKilogram {
			w.quantity(e, q.net, "first_statutory_quantity", kg, kilograms.Value)
		}
		fallthrough
	default:
		w.inUnit(e, q.tariff, "first_statutory_quantity", "first_statutory_unit_code", first, it.FirstStatutoryUnitCode)
	}
	switch {
	case it.SecondStatutoryUnitCode == unitKilogram && it.FirstStatutoryUnitCode != unitKilogram && e.at(q.tariff) != nil:
		w.quantity(e, q.net, "second_statutory_quantity", second, kilograms.Value)
	case w.unverified && second != "":
		c := e.put(q.commodity)
		g := c.add(q.fee)
		w.inUnit(g, place{q.base}, "second_statutory_quantity", "second_statutory_unit_code", second, it.SecondStatutoryUnitCode)
		if len(g.children) > 0 {
			return
		}
		if c.remove(g); len(c.children) == 0 {
			e.take(q.commodity)
		}
	case second+it.SecondStatutoryUnitCode != "":
		for _, x := range [][2]string{{"second_statutory_quantity", second}, {"second_statutory_unit_code", it.SecondStatutoryUnitCode}} {
			if x[1] != "" {
				w.lose(x[0], q.second.Path, reasonUnverified, x[1])
			}
		}
	}
}

// inUnit writes a quantity with its unit; without a unit that WCO knows the
// number would say another quantity, so both are lost.
func (w *writer) inUnit(e *element, p place, name, unitName, value, code string) {
	if value+code == "" {
		return
	}
	text, reason := unit.write(w.codes, code)
	if reason != "" {
		w.lose(unitName, p.leaf().Path()+"@"+unitCode, reason, code)
	}
	switch {
	case value == "":
	case text == "":
		w.lose(name, p.leaf().Path(), reasonNoCode, value)
	default:
		w.quantity(e, p, name, value, text)
	}
}

func (w *writer) quantity(e *element, p place, name, value, rec20 string) {
	if value == "" {
		return
	}
	if c := e.at(p); c != nil && c.absent {
		return
	}
	text, reason := number.write(w.codes, value)
	if text == "" {
		w.lose(name, p.leaf().Path(), reason, value)
		return
	}
	w.set(e.put(p), name, text, strictxml.Attr{Local: unitCode, Value: rec20})
	settledText(e, p)
}

// settledText drops a leaf that set left without text.
func settledText(base *element, p place) {
	if e := base.at(p); e != nil && e.text == "" && !e.absent {
		base.take(p)
	}
}
