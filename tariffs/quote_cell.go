package tariffs

import "slices"

// cargoCells are the rows of a charge on cargo that pass match. A price list
// may write its rows as flat or as a matrix: quantity by rate both.
func (b *builder) cargoCells(item string, match func(*Rate) bool) []*Rate {
	found := slices.Concat(b.cells(item, "", Flat, match), b.cells(item, "", Matrix, match))
	best := len(places)
	for _, r := range found {
		best = min(best, slices.Index(places, r.Place))
	}
	return closest(slices.DeleteFunc(found, func(r *Rate) bool { return r.Place != places[best] }))
}

// sizeUnits are the units of a price per box of a size, UNECE Rec 20; C62 is
// each.
var sizeUnits = map[string]string{"20": "20", "40": "21", "45": "21"}

// perBox reports a price for each box of a size, by the day where suffix says
// so. A row for the size by the ton is none, and one without a size counts
// boxes only when its unit does.
func (r *Rate) perBox(size, suffix string) bool {
	switch r.ContainerSize {
	case size:
		return r.counts(sizeUnits[size], suffix) || r.counts("C62", suffix)
	case "":
		return r.counts("C62", suffix)
	}
	return false
}

// counts reports whether the row's unit is that one. A row without a figure
// counts nothing yet: it need not say by what time.
func (r *Rate) counts(unit, suffix string) bool {
	return r.Unit == unit+suffix || r.Amount == nil && r.Unit == unit
}

// closest leaves out the rows that give way to another: of alike rows the one
// says how much that was written for the case. Two that are left are equally
// close, or of two collectors: which of them is charged is not ours to say.
func closest(rows []*Rate) []*Rate {
	if len(rows) < 2 {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(r *Rate) bool {
		return slices.ContainsFunc(rows, func(o *Rate) bool { return r.givesWay(o) })
	})
}

// givesWay: a row that was published by nobody and has no figure only says
// that none is on file; any figure that somebody published says more. Else a
// broader row gives way to a narrower one of the same collector, also to one
// without a figure: the case has a price of its own, which is not known.
func (r *Rate) givesWay(o *Rate) bool {
	nobody := r.Stated.Collector == ""
	if nobody && r.Amount == nil && o.Amount != nil {
		return o.Stated.Collector != "" || r.covers(o)
	}
	return (nobody || r.Stated.Collector == o.Stated.Collector) && r.covers(o) && !o.covers(r)
}

// covers reports whether a row holds for every cargo that another holds for.
func (r *Rate) covers(o *Rate) bool {
	trade := func(s string) string {
		switch s {
		case "foreign": // what cargo rows call international
			return international
		case "both":
			return ""
		}
		return s
	}
	for _, d := range [...][2]string{{trade(r.Trade), trade(o.Trade)}, {r.CargoClass, o.CargoClass}, {r.ContainerSize, o.ContainerSize},
		{r.LoadState, o.LoadState}, {r.Direction, o.Direction}} {
		if d[0] != "" && d[0] != d[1] {
			return false
		}
	}
	return true
}
