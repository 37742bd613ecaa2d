package tariffs

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Codes of prices that cannot be held against the catalogue.
const (
	CodeNoLimit      = "FEE-1330" // other unit, kind or cell than every row on file; args: value, known, reason
	CodeLimitUnknown = "FEE-1331" // the row on file has no figure, or none is on file for the days or the cell; args: item, from
)

// scope is where a price holds. An empty member holds for all.
type scope struct {
	trade             string
	dims              [6]string // dimensions, in their order
	nt, loa, distance Band
	valid             Span
}

// dimensions are the columns that choose a cell by a word.
var dimensions = [6]string{"component", "cargo_class", "container_size", "load_state", "direction", "ship_type"}

// anyTrade is empty for a trade that covers all; cargo rows say foreign for international.
func anyTrade(s string) string {
	switch s {
	case "both":
		return ""
	case "foreign":
		return international
	}
	return s
}

// meets reports whether some call is in both scopes: whoever leaves a
// dimension blank prices all of it.
func (s *scope) meets(o *scope) bool {
	return s.valid.Overlaps(o.valid) && s.covers(o)
}

// covers is meets for all days.
func (s *scope) covers(o *scope) bool {
	if s.trade != "" && o.trade != "" && s.trade != o.trade {
		return false
	}
	for i := range s.dims {
		if s.dims[i] != "" && o.dims[i] != "" && s.dims[i] != o.dims[i] {
			return false
		}
	}
	return s.nt.overlaps(o.nt) && s.loa.overlaps(o.loa) && s.distance.overlaps(o.distance)
}

// overlaps reports whether some measure is in both bands.
func (b Band) overlaps(o Band) bool {
	before := func(a, b Band) bool { return a.HasTo && b.HasFrom && a.To <= b.From }
	return !before(b, o) && !before(o, b)
}

// within reports whether a span lies in another one.
func (s Span) within(o Span) bool {
	return (o.From == "" || s.From != "" && o.From <= s.From) && (o.To == "" || s.To != "" && s.To <= o.To)
}

// both is what two spans share.
func (s Span) both(o Span) Span {
	out := Span{max(s.From, o.From), s.To}
	if out.To == "" || o.To != "" && o.To < out.To {
		out.To = o.To
	}
	return out
}

// scope is where the price of a row would hold. What cannot be read is told
// elsewhere and holds for all.
func (r *lintRow) scope() scope {
	s := scope{trade: anyTrade(r.text("trade")), nt: r.band("nt_from", "nt_to"), loa: r.band("loa_from", "loa_to"), distance: r.band("distance_from_nm", "distance_to_nm")}
	for i, column := range dimensions {
		s.dims[i] = r.text(column)
	}
	s.valid.From, _ = ParseDay(r.text("valid_from"))
	s.valid.To, _ = ParseDay(r.text("valid_to"))
	return s
}

func (r *lintRow) band(from, to string) Band {
	var b Band
	b.From, b.HasFrom = ParseMeasure(r.text(from))
	b.To, b.HasTo = ParseMeasure(r.text(to))
	return b
}

// limit is a row of the catalogue that a price is held against: a ceiling, or
// a price that the government sets.
type limit struct {
	scope
	id      string
	place   string
	kind    ScheduleKind
	unit    string
	amount  *decimal.Decimal // nil: not on file
	ceiling bool
	set     bool // by an instrument, to that very figure
}

// limitsOf are those of an item, at all places and times. What a collector
// stated himself binds nobody.
func (c *Catalogue) limitsOf(item string) []limit {
	var out []limit
	for _, r := range c.rates[item] {
		if r.Stated.Collector == "" {
			words := [6]string{r.Component, r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.ShipType}
			out = append(out, limit{scope{anyTrade(r.Trade), words, r.NT, r.LOA, r.Distance, r.Valid},
				r.ID, r.Place, r.Kind, r.Unit, r.Amount, r.Ceiling, !r.Ceiling && r.Instrument != ""})
			if slices.Contains(directions, r.CargoClass) { // the table writes transit as a class, a call as the way that cargo goes
				way := out[len(out)-1]
				way.dims[1], way.dims[4] = "", r.CargoClass
				out = append(out, way)
			}
		}
	}
	switch item {
	case "TONNAGE_DUES":
		for i := range c.Dues {
			d := &c.Dues[i]
			out = append(out, limit{scope: scope{nt: d.NT, valid: d.Valid}, id: d.ID, place: "CN", kind: Slab, unit: "NTT", amount: &d.Amount, set: true})
		}
	case "SPECIAL_PORT_FEE":
		for i := range c.Special.Rates {
			out = append(out, c.Special.Rates[i].limit())
		}
	}
	return out
}

func (r *SpecialRow) limit() limit {
	l := limit{id: r.ID, place: "CN", kind: Flat, unit: "NTT", amount: r.Amount, set: true}
	if !r.From.IsZero() {
		l.valid.From = DayOf(r.From)
	}
	if !r.To.IsZero() {
		l.valid.To = DayOf(r.To.Add(-1))
	}
	return l
}

// ownTables are the items whose figures stand in tables of their own, because
// a price list has no column for what decides: the kind and the term of a
// licence, the state of the fee.
var ownTables = map[string]string{"TONNAGE_DUES": "tonnage_dues", "SPECIAL_PORT_FEE": "special_port_fee"}

// limits are the rows of the catalogue that the scope of a row meets; some
// says whether any row of the item, wherever it holds, holds at its time.
// Of rows of one cell the most specific place counts (§3).
func (r *lintRow) limits() (met []limit, some bool) {
	all, cached := r.limitsBy[r.item.Code]
	if !cached {
		all = r.c.limitsOf(r.item.Code)
		r.limitsBy[r.item.Code] = all
	}
	s := r.scope()
	if s.dims[3] == "folded" {
		s.dims[3] = "laden" // folded empties are charged as laden boxes (R-BOX-FOLDED)
	}
	for i := range all {
		l := &all[i]
		if l.ceiling || r.item.Regime != GovernmentGuided {
			some = some || s.valid.Overlaps(l.valid)
			if slices.Contains(places, l.place) && s.meets(&l.scope) {
				met = append(met, *l)
			}
		}
	}
	return slices.DeleteFunc(met, func(l limit) bool {
		return slices.ContainsFunc(met, func(o limit) bool { return o.overrides(&l, s.valid) })
	}), some
}

// overrides reports a row of the same cell at a more specific place, for all
// days of the span on which the other holds.
func (l *limit) overrides(o *limit, days Span) bool {
	return slices.Index(places, l.place) < slices.Index(places, o.place) && l.kind == o.kind && l.trade == o.trade && l.dims == o.dims && l.nt == o.nt && l.loa == o.loa && l.distance == o.distance &&
		days.both(o.valid).within(l.valid)
}

// held holds a price against the rows that it meets: L20 and L23. A price of
// a charge that the government sets or guides, and that none of them can be
// compared with, is refused: nobody could say whether it may be asked for. One
// whose limit is not on file is told: it is what closes a gap (§2).
func (r *lintRow) held(amount decimal.Decimal, met []limit, some bool) {
	unit, kind := r.text("unit"), ScheduleKind(r.text("schedule_kind"))
	var over, differs *limit
	equal, known, alike := false, false, false
	for i := range met {
		l := &met[i]
		if l.unit != unit {
			continue
		}
		alike = alike || l.kind == kind
		if l.amount == nil {
			continue
		}
		known = true
		switch {
		case l.ceiling:
			if amount.GreaterThan(*l.amount) && (over == nil || l.amount.LessThan(*over.amount)) {
				over = l
			}
		case !l.set: // the security fee was set until 2022, and is a market price since
		case amount.Equal(*l.amount):
			equal = true
		case differs == nil:
			differs = l
		}
	}
	own := ownTables[r.item.Code]
	switch {
	case over != nil:
		r.find("amount", "FEE-L20", Reject, "value", amount.String(), "limit", over.amount.String(), "row", over.id)
	case differs != nil && (own == "" || !equal):
		f := r.find("amount", "FEE-L23", Reject, "value", amount.String(), "row", differs.id)
		if !equal && own == "" {
			f.Repair = differs.amount.String()
		}
	}
	if r.item.Regime == Market {
		return
	}
	switch {
	case own != "":
		r.find("item_code", CodeNoLimit, Reject, "value", r.item.Code, "known", own, "reason", "limit_own_table")
	case r.has(CodeChoice, CodeNumber, "FEE-L01", "FEE-L09", "FEE-L10", "FEE-L26", "FEE-L06", "FEE-L33"): // the cells that decide cannot be read
	case !some && !r.c.isHead(r.item), alike && !known, len(met) == 0 && r.isGap(): // the cell may be listed without an amount
		if !r.documented() {
			r.find("amount", CodeLimitUnknown, Warn, "item", r.item.Code, "from", r.text("valid_from"))
		}
	case len(met) == 0:
		r.find("item_code", CodeNoLimit, Reject, "value", r.item.Code, "reason", "limit_none_meets")
	case alike:
	default:
		r.incomparable(unit, kind, met)
	}
}

// incomparable says which of unit and kind is another one than all rows have.
func (r *lintRow) incomparable(unit string, kind ScheduleKind, met []limit) {
	var units, kinds []string
	for i := range met {
		units = append(units, met[i].unit)
		if met[i].unit == unit {
			kinds = append(kinds, string(met[i].kind))
		}
	}
	if len(kinds) == 0 {
		r.find("unit", CodeNoLimit, Reject, "value", clipped(unit), "known", enumerated(units), "reason", "limit_other_unit")
		return
	}
	r.find("schedule_kind", CodeNoLimit, Reject, "value", clipped(string(kind)), "known", enumerated(kinds), "reason", "limit_other_kind")
}

func enumerated(all []string) string {
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
