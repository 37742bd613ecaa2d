package feeds

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/shopspring/decimal"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// Linked data by schema.org: an item is a Service with an Offer, each of its
// cells a UnitPriceSpecification. price is a set price, maxPrice a ceiling,
// and what is unknown has neither. Words of ours stand under a name of ours.

// space names what schema.org has no word for.
const space = "urn:kouan:fees:"

type service struct {
	Context    []any      `json:"@context"`
	Type       string     `json:"@type"`
	ID         string     `json:"@id"`
	Identifier string     `json:"identifier"`
	Name       []langText `json:"name"`
	Provider   party      `json:"provider"`
	Version    string     `json:"kouan:catalogue"`
	Offers     offer      `json:"offers"`
}

type party struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type offer struct {
	Type   string  `json:"@type"`
	Prices []price `json:"priceSpecification"`
}

type price struct {
	Type        string         `json:"@type"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Price       jsontext.Value `json:"price,omitempty"`
	MaxPrice    jsontext.Value `json:"maxPrice,omitempty"`
	Currency    string         `json:"priceCurrency,omitzero"`
	UnitCode    string         `json:"unitCode,omitzero"`
	UnitText    string         `json:"unitText,omitzero"`
	Reference   []quantity     `json:"referenceQuantity,omitempty"`
	Eligible    []quantity     `json:"eligibleQuantity,omitempty"`
	ValidFrom   string         `json:"validFrom,omitzero"`
	Through     string         `json:"validThrough,omitzero"`
	Row         string         `json:"kouan:row,omitzero"`
	RowVersion  string         `json:"kouan:row_version,omitzero"`
	Status      string         `json:"kouan:status"`
	LegalBasis  string         `json:"kouan:legal_basis,omitzero"`
	Collector   string         `json:"kouan:collector,omitzero"` // of a price of its own; else the provider's
	Sure        tariffs.Word   `json:"kouan:verification"`
}

type quantity struct {
	Type     string         `json:"@type"`
	Name     string         `json:"name,omitzero"`
	Value    jsontext.Value `json:"value,omitempty"`
	Min      jsontext.Value `json:"minValue,omitempty"`
	Max      jsontext.Value `json:"maxValue,omitempty"`
	UnitCode string         `json:"unitCode,omitzero"`
}

// Linked is an item of the list as JSON-LD, in the words of a language; safe
// to stand in a script element. id is the item's address.
func (l *List) Linked(c *tariffs.Catalogue, item, id string, lang i18n.Lang) ([]byte, error) {
	it := c.Item(item)
	if it == nil {
		return nil, fmt.Errorf("linked data: no item %s", item)
	}
	w := wording.For(i18n.For(lang), c)
	s := service{Context: []any{"https://schema.org", map[string]string{"kouan": space}}, Type: "Service", ID: id, Identifier: item,
		Provider: party{"Organization", w.Party(it.Collector)}, Version: l.Catalogue, Offers: offer{Type: "Offer", Prices: []price{}}}
	for _, of := range Translated(it) {
		s.Name = append(s.Name, langText{wording.For(i18n.For(of), c).Item(item), string(of)})
	}
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Item == item {
			one := priceOf(w, r)
			if r.Collector != it.Collector {
				one.Collector = r.Collector
			}
			s.Offers.Prices = append(s.Offers.Prices, one)
		}
	}
	var out bytes.Buffer
	if err := json.MarshalWrite(&out, &s, jsontext.EscapeForHTML(true), json.Deterministic(true)); err != nil {
		return nil, fmt.Errorf("write linked data of %s: %w", item, err)
	}
	return out.Bytes(), nil
}

// Translated are the languages in which an item has a name of its own; in all
// others its page shows the Chinese one, and search engines are not told of it.
func Translated(it *tariffs.Item) []i18n.Lang {
	if it.Term() == nil {
		return []i18n.Lang{i18n.ZhHans}
	}
	return i18n.Languages()
}

func priceOf(w wording.Words, r *tariffs.Row) price {
	p := price{Type: "UnitPriceSpecification", Name: w.Line(r.Item, r.Component, ""), Description: said(w, r), Row: r.ID, RowVersion: r.Version, Status: r.Status,
		LegalBasis: r.LegalBasis, Sure: r.Word, ValidFrom: r.ValidFrom, Through: r.ValidTo, UnitCode: r.Unit, UnitText: w.Unit(r.Item, r.Unit), Eligible: eligible(w, r)}
	for code := range strings.SplitSeq(r.Unit, ".") { // NTT.DAY: for one net ton and one day
		if code != "" {
			p.Reference = append(p.Reference, quantity{Type: "QuantitativeValue", Value: jsontext.Value("1"), UnitCode: code})
		}
	}
	amount := effective(r)
	switch {
	case amount == nil:
		return p
	case r.AtMost != "":
		p.MaxPrice = amount
	default:
		p.Price = amount
	}
	p.Currency = r.Currency
	return p
}

// said is what a price alone does not tell: its conditions and how sure it is.
func said(w wording.Words, r *tariffs.Row) string {
	parts := make([]string, 0, 3)
	for _, part := range []string{w.Amount(r), w.Conditions(r), w.Sure(r.Word)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ")
}

// effective is what the row comes to at this port: the factor of the port
// times its amount, exactly. A rate that is not collected, or of which that is
// not known, is no price.
func effective(r *tariffs.Row) jsontext.Value {
	if r.Status != tariffs.Priced || r.Amount == "" {
		return nil
	}
	if r.Factor == "" && jsontext.Value(r.Amount).Kind() == '0' && jsontext.Value(r.Amount).IsValid() {
		return jsontext.Value(r.Amount) // as the table writes it: 34.00
	}
	d, err := decimal.NewFromString(r.Amount)
	if err != nil {
		return nil
	}
	if r.Factor != "" {
		f, err := decimal.NewFromString(r.Factor)
		if err != nil {
			return nil
		}
		d = d.Mul(f)
	}
	return jsontext.Value(d.String())
}

// eligible are the bands of a row. A lower bound is exclusive; net tonnage is
// a whole number after rounding (§3), so that the next ton is the least.
func eligible(w wording.Words, r *tariffs.Row) []quantity {
	var out []quantity
	for _, b := range []struct{ term, from, to, unit string }{
		{"ship.nt", r.NTFrom, r.NTTo, "NTT"}, {"ship.loa", r.LOAFrom, r.LOATo, "MTR"}, {"place.distance", r.DistanceFrom, r.DistanceTo, "NMI"},
	} {
		if b.from == "" && b.to == "" {
			continue
		}
		q := quantity{Type: "QuantitativeValue", Name: w.Term(b.term), UnitCode: b.unit, Max: number(b.to)}
		if q.Min = number(b.from); b.unit == "NTT" && b.from != "" && b.from != "0" {
			if d, err := decimal.NewFromString(b.from); err == nil {
				q.Min = jsontext.Value(d.Floor().Add(decimal.NewFromInt(1)).String())
			}
		}
		out = append(out, q)
	}
	return out
}

func number(s string) jsontext.Value {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return nil
	}
	return jsontext.Value(d.String())
}
