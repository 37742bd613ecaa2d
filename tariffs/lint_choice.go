package tariffs

import "slices"

// vocabulary are the words that the catalogue's own rows and a call choose
// cells by. What a collector stated himself is no vocabulary.
type vocabulary struct {
	dims       [6][]string
	components map[string][]string // by item: what is a part of one charge is none of another
}

func (c *Catalogue) vocabulary() *vocabulary {
	v := &vocabulary{components: map[string][]string{}}
	v.dims[2], v.dims[3], v.dims[4], v.dims[5] = slices.Clone(boxSizes), slices.Clone(loadStates), slices.Clone(directions), slices.Clone(ShipTypes)
	add := func(to *[]string, word string) {
		if word != "" && !slices.Contains(*to, word) {
			*to = append(*to, word)
		}
	}
	for i := range c.Rates {
		r := &c.Rates[i]
		if r.Stated.Collector != "" {
			continue
		}
		for k, word := range [6]string{"", r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.ShipType} {
			add(&v.dims[k], word)
		}
		parts := v.components[r.Item]
		add(&parts, r.Component)
		v.components[r.Item] = parts
	}
	return v
}

// scheduleKinds are all kinds, as the table of rates takes them.
var scheduleKinds = []string{string(Flat), string(Progressive), string(Slab), string(FixedAbove), string(StartedDays), string(HalfHours), string(Matrix)}

// choices refuses what chooses no cell: a word that nobody quotes by loses the
// rate in silence.
func (r *lintRow) choices() {
	one := func(column string, blank bool, known ...string) {
		if s := r.text(column); (s != "" || !blank) && !slices.Contains(known, s) {
			r.find(column, CodeChoice, Reject, "value", clipped(s), "known", enumerated(slices.Clone(known)))
		}
	}
	one("schedule_kind", false, scheduleKinds...)
	one("trade", false, international, domestic, "both", "foreign")
	one("urgent", true, "yes", "no")
	v := r.words()
	for i, column := range dimensions {
		switch {
		case i > 0:
			one(column, true, v.dims[i]...)
		case r.item != nil:
			one(column, true, v.components[r.item.Code]...)
		}
	}
	for _, bounds := range [][2]string{{"nt_from", "nt_to"}, {"loa_from", "loa_to"}, {"distance_from_nm", "distance_to_nm"}} {
		r.bounds(bounds[0], bounds[1])
	}
}

// words is the vocabulary of the catalogue, gathered once.
func (l *lint) words() *vocabulary {
	if l.vocabulary == nil {
		l.vocabulary = l.c.vocabulary()
	}
	return l.vocabulary
}

// bounds: what is no measure, and a band that holds nothing.
func (r *lintRow) bounds(from, to string) {
	readable := true
	for _, column := range []string{from, to} {
		if s := r.text(column); s != "" {
			if _, ok := ParseMeasure(s); !ok {
				r.find(column, CodeNumber, Reject, "value", clipped(s))
				readable = false
			}
		}
	}
	if b := r.band(from, to); readable && b.HasFrom && b.HasTo && b.To <= b.From {
		r.find(to, "FEE-L09", Reject, "value", r.text(from), "limit", r.text(to), "reason", "band_reversed")
	}
}
