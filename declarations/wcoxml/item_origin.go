package wcoxml

import (
	"slices"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Kinds of origin (WCO 501).
const (
	originPlain        = "1"
	originPreferential = "2"
)

// originBlock: WCO 063, one group per kind of origin, with the region of the
// origin (WCO 066); on export the region within China.
func originBlock() block[declarations.Item] {
	row := pair("items[].country_of_origin", goodsItem+"/Origin/CountryCode")
	domestic := pair("items[].domestic_region_code", goodsItem+"/Destination/RegionID")
	class := itemNode().Child("Origin")
	code, region, kind := class.Child("CountryCode"), class.Child("RegionID"), class.Child("TypeCode")
	find := func(e *element, want ...string) *element {
		for _, g := range e.all(class) {
			if slices.Contains(want, g.word(kind)) {
				return g
			}
		}
		return nil
	}
	inland := func(r *reader) bool { return r.dir == declarations.Export && r.unverified }
	read := func(r *reader, e *element, it *declarations.Item) {
		if g := find(e, "", originPlain); g != nil && r.open(row, g) {
			it.CountryOfOrigin, _ = country.read(r.codes, g.word(code))
			switch at := g.find(region, 1); {
			case at == nil:
			case inland(r):
				it.DomesticRegionCode = g.word(region)
			default:
				it.OriginRegionCode = g.word(region)
			}
		}
		if g := find(e, originPreferential); g != nil {
			it.PreferentialOriginCountry, _ = country.read(r.codes, g.word(code))
		}
	}
	group := func(w *writer, e *element, name, value, typeCode string) *element {
		text, reason := country.write(w.codes, value)
		if value != "" && reason != "" {
			w.lose(name, code.Path(), reason, value)
		}
		if text == "" {
			return nil
		}
		g := e.add(class)
		w.set(g.make(code, 1), name, text)
		w.set(g.make(kind, 1), name, typeCode)
		return g
	}
	return block[declarations.Item]{
		names: []string{"country_of_origin", "origin_region_code", "preferential_origin_country"}, read: read,
		write: func(w *writer, e *element, it *declarations.Item) {
			name, value := "origin_region_code", it.OriginRegionCode
			if w.dir == declarations.Export && it.DomesticRegionCode != "" {
				switch {
				case !w.unverified:
					w.lose("domestic_region_code", domestic.ExportPath, reasonUnverified, it.DomesticRegionCode)
				case value != "":
					w.lose(name, region.Path(), reasonNoRoom, value)
					fallthrough
				default:
					name, value = "domestic_region_code", it.DomesticRegionCode
				}
			} else if inland(&w.reader) && value != "" {
				w.lose(name, region.Path(), reasonNoRoom, value)
				value = ""
			}
			want := declarations.Item{CountryOfOrigin: it.CountryOfOrigin, PreferentialOriginCountry: it.PreferentialOriginCountry}
			if want.OriginRegionCode = value; inland(&w.reader) {
				want.OriginRegionCode, want.DomesticRegionCode = "", value
			}
			var now declarations.Item
			if read(&w.reader, e, &now); sameOrigin(&now, &want) {
				return
			}
			for _, g := range []*element{find(e, "", originPlain), find(e, originPreferential)} {
				if g != nil {
					e.remove(g)
				}
			}
			g := group(w, e, "country_of_origin", it.CountryOfOrigin, originPlain)
			if value != "" {
				if g == nil {
					g = e.add(class)
				}
				w.set(g.make(region, 1), name, value)
				if c := g.find(region, 1); c.text == "" {
					g.remove(c)
				}
				if len(g.children) == 0 {
					e.remove(g)
				}
			}
			group(w, e, "preferential_origin_country", it.PreferentialOriginCountry, originPreferential)
		},
	}
}

func sameOrigin(a, b *declarations.Item) bool {
	return a.CountryOfOrigin == b.CountryOfOrigin && a.OriginRegionCode == b.OriginRegionCode &&
		a.DomesticRegionCode == b.DomesticRegionCode && a.PreferentialOriginCountry == b.PreferentialOriginCountry
}

// licenceBlock: a licence of the line is a document with a writing-off; one
// without a quantity cannot be told from other documents.
func licenceBlock() block[declarations.Item] {
	class := itemNode().Child("AdditionalDocument")
	kind, id, off := class.Child("TypeCode"), class.Child("ID"), class.Child("WriteOff")
	quantity := off.Child("QuantityQuantity")
	row := pair("items[].licences[].number", class.Path()+"/ID")
	licence := func(r *reader, g *element) (declarations.Licence, bool) {
		o := g.find(off, 1)
		if o == nil || o.find(quantity, 1) == nil {
			return declarations.Licence{}, false
		}
		q := o.find(quantity, 1)
		l := declarations.Licence{TypeCode: g.word(kind), Number: g.word(id), WriteoffQuantity: trimmed(q.text)}
		l.WriteoffUnitCode, _ = unit.read(r.codes, q.attr(unitCode))
		return l, true
	}
	read := func(r *reader, e *element, it *declarations.Item) {
		for _, g := range e.all(class) {
			if l, ok := licence(r, g); ok && r.open(row, g) {
				l.ItemNumber = it.LineNumber // a licence names the line that it stands in (V069)
				it.Licences = append(it.Licences, l)
			}
		}
	}
	return block[declarations.Item]{names: []string{"licences"}, read: read, write: func(w *writer, e *element, it *declarations.Item) {
		var now declarations.Item
		read(&w.reader, e, &now)
		if slices.EqualFunc(now.Licences, it.Licences, sameLicence) {
			return
		}
		for _, g := range slices.Clone(e.all(class)) {
			if _, ok := licence(&w.reader, g); ok {
				e.remove(g)
			}
		}
		for i := range it.Licences {
			l := &it.Licences[i]
			at := func(name string) string { return declarations.IndexPath("licences", i, name) }
			if _, ok := declarations.Decimal(l.WriteoffQuantity).Number(); !ok {
				for _, x := range [][2]string{{"type_code", l.TypeCode}, {"number", l.Number}, {"writeoff_quantity", l.WriteoffQuantity}, {"writeoff_unit_code", l.WriteoffUnitCode}} {
					if x[1] != "" {
						w.lose(at(x[0]), class.Path(), reasonNoCode, x[1])
					}
				}
				continue
			}
			g := e.add(class)
			for _, x := range []struct {
				node        *Node
				name, value string
			}{{id, "number", l.Number}, {kind, "type_code", l.TypeCode}} {
				if x.value == "" {
					continue
				}
				w.set(g.make(x.node, 1), at(x.name), x.value)
				if c := g.find(x.node, 1); c.text == "" {
					g.remove(c)
				}
			}
			var attrs []strictxml.Attr
			if text, reason := unit.write(w.codes, l.WriteoffUnitCode); l.WriteoffUnitCode != "" {
				if reason != "" {
					w.lose(at("writeoff_unit_code"), quantity.Path()+"@"+unitCode, reason, l.WriteoffUnitCode)
				}
				if text != "" {
					attrs = []strictxml.Attr{{Local: unitCode, Value: text}}
				}
			}
			w.set(g.make(off, 1).make(quantity, 1), at("writeoff_quantity"), l.WriteoffQuantity, attrs...)
			if g.find(off, 1).find(quantity, 1).text == "" {
				g.remove(g.find(off, 1))
			}
		}
	}}
}

func sameLicence(a, b declarations.Licence) bool {
	return a.TypeCode == b.TypeCode && a.Number == b.Number && a.WriteoffQuantity == b.WriteoffQuantity && a.WriteoffUnitCode == b.WriteoffUnitCode
}
