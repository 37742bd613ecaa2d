package publication

import (
	"maps"
	"time"

	"kouan/tariffs"
)

// priceBook finds the prices of a cell among the rates of an edition.
type priceBook map[string][]bookedPrice

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
		b[tariffs.CellOf(cells)] = append(b[tariffs.CellOf(cells)], booked(r.Key, cells))
	}
	return b
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
	for i := range book[cell] {
		p := &book[cell][i]
		if p.collector != "" && p.collector != collector || !p.valid.Overlaps(tariffs.Span{From: from, To: to}) {
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
	book[cell] = append(book[cell], booked(key, s.Cells))
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
