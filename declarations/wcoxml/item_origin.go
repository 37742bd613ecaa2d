package wcoxml

import (
	"slices"

	"kouan/declarations"
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
			if !w.bare {
				var now declarations.Item
				if read(&w.reader, e, &now); sameOrigin(&now, &want) {
					return
				}
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
