package wcoxml

import (
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

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
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); now.Parties.Declarant.Phone == v {
				return
			}
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
		if !w.bare {
			var now declaration
			if read(&w.reader, e, &now); now.Parties.Trader == want.Parties.Trader {
				return
			}
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
