package publication

import (
	"maps"
	"slices"
	"time"

	"kouan/tariffs"
)

// priceBook finds the prices of a cell and a collector among the rates of an
// edition: some ten thousand collectors may price one cell.
type priceBook map[pricePlace][]bookedPrice

type pricePlace struct{ cell, collector string }

type bookedPrice struct {
	key       string
	collector string
	valid     tariffs.Span
	cells     map[string]string
}

func newPriceBook(c *tariffs.Catalogue) priceBook {
	b := priceBook{}
	records := c.Records()
	for i := range records {
		r := &records[i]
		if r.Kind != rates {
			continue
		}
		cells, err := r.Cells()
		if err != nil {
			continue // the catalogue was made from it: it can be read
		}
		b.add(tariffs.CellOf(cells), booked(r.Key, cells))
	}
	return b
}

func (b priceBook) add(cell string, p bookedPrice) {
	at := pricePlace{cell, p.collector}
	b[at] = append(b[at], p)
}

// of are the prices of a cell that a collector's own follows: his, and those
// that nobody in particular collects.
func (b priceBook) of(cell, collector string) []*bookedPrice {
	var out []*bookedPrice
	for _, of := range slices.Compact([]string{collector, ""}) {
		prices := b[pricePlace{cell, of}]
		for i := range prices {
			out = append(out, &prices[i])
		}
	}
	return out
}

func booked(key string, cells map[string]string) bookedPrice {
	return bookedPrice{key, cells["collector_zh"], tariffs.Span{From: tariffs.Day(cells["valid_from"]), To: tariffs.Day(cells["valid_to"])}, cells}
}

// price sets a rate that has no key. A price of the same cell and collector
// with the same first day is corrected; one that began before and holds on is
// ended on the day before. A price that nobody in particular collects (a row
// of the tables that the project carries) is followed by any collector's.
func (a *applying) price(book priceBook, s *Setting) {
	cell, collector := tariffs.CellOf(s.Cells), s.Cells["collector_zh"]
	from, to := tariffs.Day(s.Cells["valid_from"]), tariffs.Day(s.Cells["valid_to"])
	key := ""
	for _, p := range book.of(cell, collector) {
		if !p.valid.Overlaps(tariffs.Span{From: from, To: to}) {
			continue
		}
		switch {
		case p.valid.From == from && p.collector == collector:
			key = p.key
		case p.valid.From >= from && p.valid.From != "":
			a.findings = append(a.findings, s.find(CodeOverlap, tariffs.Reject, "valid_to", "row", p.key))
		default:
			if to != "" && (p.valid.To == "" || to < p.valid.To) {
				a.findings = append(a.findings, s.find(CodeGap, tariffs.Warn, "valid_to", "row", p.key, "day", string(to)))
			}
			a.close(p, from, s)
		}
	}
	s.Cells = maps.Clone(s.Cells)
	if key == "" {
		key = tariffs.NewRateID(s.Cells)
	}
	s.Cells["rate_id"] = key
	a.set1(s)
	book.add(cell, booked(key, s.Cells))
}

// close ends a price on the day before another begins.
func (a *applying) close(p *bookedPrice, from tariffs.Day, by *Setting) {
	begin, ok := from.Begin()
	if !ok {
		return // the first day cannot be read: the row itself is refused
	}
	last := string(tariffs.DayOf(begin.Add(-time.Hour)))
	cells := maps.Clone(p.cells)
	cells["valid_to"] = last
	a.set1(&Setting{Kind: rates, Cells: cells, File: by.File, Line: by.Line})
	p.valid.To, p.cells = tariffs.Day(last), cells
}
