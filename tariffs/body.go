package tariffs

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Body is a charging body (收费主体) as the catalogue knows it: a kind, such as
// the pilot station or a terminal operator, that an item names, or a company
// that published prices of its own. No other company is in the catalogue, and
// none is invented here.
type Body struct {
	Code  string // of its address: pilot-station
	Name  string // as the catalogue writes it
	Own   bool   // of published rows: a name in Chinese, which has no translation
	Items []*Item
}

// NoBody is the code of charges that nobody may collect: abolished ones.
const NoBody = "none"

// nobody is how tables and price lists write it.
var nobody = []string{NoBody, "无"}

// BodyCode is the code of a collector. Kinds are written in small letters and
// are their own code; the name of a company is none, so that two companies
// never share one: its code is made from all of the name, in any writing of
// its signs (NFKC) and blanks the same.
func BodyCode(collector string) string {
	name := strings.Join(strings.Fields(norm.NFKC.String(collector)), " ")
	switch {
	case name == "":
		return ""
	case slices.Contains(nobody, name):
		return NoBody
	case strings.Trim(name, "abcdefghijklmnopqrstuvwxyz ,") == "":
		return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == ',' }), "-")
	}
	sum := sha256.Sum256([]byte(name))
	return "b-" + hex.EncodeToString(sum[:6])
}

// Bodies are all charging bodies with what they collect, in the order of the
// catalogue: those that items name, then those that published rows do; not the
// one that stands for abolished charges.
// The list must not be changed.
func (c *Catalogue) Bodies() []Body { return c.bodies }

func (c *Catalogue) listBodies() []Body {
	var out []Body
	add := func(name string, own bool, it *Item) {
		code := BodyCode(name)
		if code == "" || code == NoBody {
			return
		}
		at := slices.IndexFunc(out, func(b Body) bool { return b.Code == code })
		if at < 0 {
			at, out = len(out), append(out, Body{Code: code, Name: name, Own: own})
		}
		if !slices.Contains(out[at].Items, it) {
			out[at].Items = append(out[at].Items, it)
		}
	}
	for i := range c.Items {
		add(c.Items[i].Collector, false, &c.Items[i])
	}
	for i := range c.Rates {
		if r := &c.Rates[i]; r.Stated.Collector != "" {
			add(r.Stated.Collector, true, c.items[r.Item])
		}
	}
	return out
}

// Body finds a charging body by its code; nil when the catalogue has none.
func (c *Catalogue) Body(code string) *Body {
	i := slices.IndexFunc(c.bodies, func(b Body) bool { return b.Code == code })
	if i < 0 {
		return nil
	}
	return &c.bodies[i]
}

// CollectorOf is who charges by a row, or, for a code of an item or a row that
// is not there, by the item; as the catalogue writes it.
func (c *Catalogue) CollectorOf(item, row string) string {
	it := c.items[item]
	if it == nil {
		return ""
	}
	for _, r := range c.rates[item] {
		if r.ID == row {
			return cmp.Or(r.Stated.Collector, it.Collector)
		}
	}
	return it.Collector
}

// RowsOf are the rows of a day that a body charges by.
func (c *Catalogue) RowsOf(b *Body, day Day) []Row {
	var out []Row
	for _, it := range b.Items {
		for _, r := range c.rowsOf(it, day) {
			if BodyCode(r.Collector) == b.Code {
				out = append(out, r)
			}
		}
	}
	return out
}

// FirstDay is the first day from a day on, on which the body charges by a row;
// the day itself when there is none.
func (c *Catalogue) FirstDay(b *Body, from Day) Day {
	var first Day
	for i := range c.Rates {
		r := &c.Rates[i]
		if BodyCode(cmp.Or(r.Stated.Collector, c.items[r.Item].Collector)) != b.Code {
			continue
		}
		if r.Valid.Holds(from) {
			return from
		}
		if r.Valid.From > from && (first == "" || r.Valid.From < first) {
			first = r.Valid.From
		}
	}
	return cmp.Or(first, from)
}
