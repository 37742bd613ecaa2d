package wcoxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// goodsItem is the path of a line, itemNode its node.
const goodsItem = "/Declaration/GoodsShipment/GovernmentAgencyGoodsItem"

func itemNode() *Node { return layout().item }

// itemField is a field of a line at a place below GovernmentAgencyGoodsItem.
func itemField(name, path string, conv conversion, at func(*declarations.Item) *string) field[declarations.Item] {
	return field[declarations.Item]{name: name, at: at, pair: pair("items[]."+name, goodsItem+"/"+path), place: below(itemNode(), path), conv: conv}
}

// itemFields are the fields that stand at one leaf of a line.
func itemFields() []field[declarations.Item] {
	region := itemField("domestic_region_code", "Destination/RegionID", plain, func(r *declarations.Item) *string { return &r.DomesticRegionCode })
	imports := *region.pair
	imports.Direction, imports.ExportPath = string(declarations.Import), "" // on export it is the region of origin, see originBlock
	region.pair, region.elsewhere = &imports, true
	return []field[declarations.Item]{
		itemField("country_of_destination", "Destination/CountryCode", country, func(r *declarations.Item) *string { return &r.CountryOfDestination }), // WCO 465
		itemField("un_number", "Commodity/DangerousGoods/UNDGID", unNumber, func(r *declarations.Item) *string { return &r.UNNumber }),                 // WCO 506
		region,
	}
}

// itemBlocks are the rules of a line that need more than one leaf.
func itemBlocks() []block[declarations.Item] {
	return []block[declarations.Item]{
		lineNumberBlock(), commodityBlock(), descriptionBlock(), priceBlock(), quantityBlock(), originBlock(), licenceBlock(),
	}
}

// lineNumberBlock: WCO 006 must stand in every line; without a number the
// position is written.
func lineNumberBlock() block[declarations.Item] {
	const name = "line_number"
	row := pair("items[].line_number", goodsItem+"/SequenceNumeric")
	n := itemNode().Child("SequenceNumeric")
	read := func(r *reader, e *element, it *declarations.Item) {
		if v, ok := readNumber(nil, e.word(n)); ok && r.open(row, e) {
			it.LineNumber = declarations.Decimal(v)
		}
	}
	return block[declarations.Item]{names: []string{name}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		if !w.bare {
			var now declarations.Item
			if read(&w.reader, e, &now); now.LineNumber == it.LineNumber && it.LineNumber != "" {
				return
			}
		}
		c := e.make(n, 1)
		c.text = strconv.Itoa(w.item + 1)
		if it.LineNumber != "" {
			w.set(c, name, string(it.LineNumber))
		}
	}}
}

// commonDigits of a commodity code are those of the Harmonized System; what
// follows is national and has to be classified anew.
const commonDigits = 6

// commodityBlock: WCO 145. A code without a kind (WCO 337) is the declared one;
// of a tariff code of the profile (TSP) only the common digits are read.
func commodityBlock() block[declarations.Item] {
	const name = "hs_code"
	row := pair("items[].hs_code", goodsItem+"/Commodity/Classification/ID")
	commodity := below(itemNode(), "Commodity")
	class := commodity.leaf().Child("Classification")
	id, kind := class.Child("ID"), class.Child("IdentificationTypeCode")
	read := func(r *reader, e *element, it *declarations.Item) {
		c := e.at(commodity)
		if c == nil {
			return
		}
		for _, g := range c.all(class) {
			switch v := g.word(id); {
			case v == "" || !r.open(row, g):
			case g.word(kind) == "":
				it.HSCode = v
				return
			case g.word(kind) == "TSP" && len(v) >= commonDigits:
				it.HSCode = v[:commonDigits]
				return
			}
		}
	}
	return block[declarations.Item]{names: []string{name}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		if !w.bare {
			var now declarations.Item
			if read(&w.reader, e, &now); now.HSCode == it.HSCode {
				return
			}
		}
		if c := e.at(commodity); c != nil {
			for _, g := range append([]*element(nil), c.all(class)...) {
				w.lose(name, class.Path(), reasonStale, g.word(id)) // the split of another code
				c.remove(g)
			}
			if len(c.children) == 0 {
				e.take(commodity)
			}
		}
		if it.HSCode == "" {
			return
		}
		g := e.put(commodity).add(class)
		w.set(g.make(id, 1), name, it.HSCode)
		switch {
		case g.find(id, 1).text == "":
			c := e.at(commodity)
			if c.remove(g); len(c.children) == 0 {
				e.take(commodity)
			}
		case len(it.HSCode) > commonDigits:
			w.lose(name, id.Path(), reasonReclassify, it.HSCode)
		}
	}}
}

// descriptionBlock: WCO 137 is the English name; without one the Chinese name
// stands there, marked as such.
func descriptionBlock() block[declarations.Item] {
	const name, english = "goods_name", "goods_name_english"
	row := pair("items[]."+english, goodsItem+"/Commodity/Description")
	p := below(itemNode(), "Commodity/Description")
	read := func(r *reader, e *element, it *declarations.Item) {
		n := e.at(p)
		switch {
		case n == nil || n.absent || !r.open(row, n):
		case strings.HasPrefix(n.attr(languageID), "zh"):
			it.GoodsName = trimmed(n.text)
		default:
			it.GoodsNameEnglish = trimmed(n.text)
		}
	}
	return block[declarations.Item]{names: []string{name, english}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		want := declarations.Item{GoodsNameEnglish: it.GoodsNameEnglish}
		if it.GoodsNameEnglish == "" {
			want.GoodsName = it.GoodsName
		} else if it.GoodsName != "" {
			w.lose(name, row.Path, reasonNoRoom, it.GoodsName)
		}
		if !w.bare {
			var now declarations.Item
			if read(&w.reader, e, &now); now.GoodsName == want.GoodsName && now.GoodsNameEnglish == want.GoodsNameEnglish {
				return
			}
		}
		e.take(p)
		switch {
		case want.GoodsNameEnglish != "":
			w.set(e.put(p), english, want.GoodsNameEnglish)
		case want.GoodsName != "":
			w.set(e.put(p), name, want.GoodsName, strictxml.Attr{Local: languageID, Value: "zh"})
		}
		settled(e, p)
	}}
}

// priceBlock: WCO 112 with its currency.
func priceBlock() block[declarations.Item] {
	const value, currency = "line_amount", "currency"
	row := pair("items[].line_amount", goodsItem+"/Commodity/InvoiceLine/ItemChargeAmount")
	p := below(itemNode(), "Commodity/InvoiceLine/ItemChargeAmount")
	read := func(r *reader, e *element, it *declarations.Item) {
		a := e.at(p)
		if a == nil || a.absent || !r.open(row, a) {
			return
		}
		if v, ok := readNumber(nil, a.text); ok {
			it.LineAmount, it.Currency = declarations.Decimal(v), a.attr(currencyID)
		}
	}
	return block[declarations.Item]{names: []string{value, currency}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		if !w.bare {
			var now declarations.Item
			if read(&w.reader, e, &now); now.LineAmount == it.LineAmount && now.Currency == it.Currency {
				return
			}
		}
		e.take(p)
		if it.LineAmount == "" {
			if it.Currency != "" {
				w.lose(currency, row.Path, reasonNoPlace, it.Currency)
			}
			return
		}
		w.amount(e, p, value, currency, string(it.LineAmount), it.Currency)
	}}
}
