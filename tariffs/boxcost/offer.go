package boxcost

import (
	"cmp"
	"slices"

	"kouan/tariffs"
	"kouan/tariffs/services"
)

// fits reports whether an offer is a price for this box on this day. A price
// per day or hour is none: how long is not known. Nor is a sample: no figure
// that somebody made up is in a published cost.
func fits(s *services.Service, box Box, day tariffs.Day) bool {
	return s.Counted && !s.Sample && s.Holds(day) && anyOr(s.Direction, box.Direction) && anyOr(s.Size, box.Size) && (s.Unit == "C62" || s.Unit == boxUnit[box.Size])
}

// offers puts the lowest and the highest price of alike offers into a
// component. One of unknown price takes no part: there are others to choose.
func (out *Component) offers(all []services.Service, alike func(*services.Service) bool) {
	var low, high tariffs.Fen
	for i := range all {
		s := &all[i]
		if !alike(s) {
			continue
		}
		fen, ok := s.Fen()
		if !ok {
			if out.Amount == nil && (out.Service == "" || s.Number < out.Service) {
				out.Service, out.Word = s.Number, s.Word
			}
			continue
		}
		if out.Amount == nil || fen < low || fen == low && s.Number < out.Service { // equals by their numbers, not by the order given
			low = fen
			out.Service, out.Word, out.From = s.Number, s.Word, s.ValidFrom
			out.Row, out.Instrument = "", ""
		}
		high = max(high, fen)
		out.Amount, out.Unknown = &low, ""
	}
	if out.Amount != nil && high > low {
		out.UpTo = &high
	}
}

// others are the offers that stand for no part of the list, by their names:
// several providers of one service are one component.
func others(all []services.Service, box Box, day tariffs.Day) []Component {
	var out []Component
	for i := range all {
		s := &all[i]
		part := slices.ContainsFunc(Parts, func(p Part) bool { return p.Item == s.Item })
		if part || !fits(s, box, day) || slices.ContainsFunc(out, func(o Component) bool { return o.Name == s.Name }) {
			continue
		}
		c := Component{Name: s.Name, Group: "service", Unknown: tariffs.NotOnFile}
		c.offers(all, func(o *services.Service) bool { return o.Name == s.Name && fits(o, box, day) })
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Component) int { // not by the order in which rows were given
		return cmp.Compare(a.Name, b.Name)
	})
	return out
}
