package tariffs

import (
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// towage is the one cell of length and type, times the tugs of each way. The
// number of tugs is set locally: without it the line is unknown.
func (b *builder) towage() {
	if b.call.Tugs == nil && b.call.Pilotage == nil {
		return
	}
	tugs := b.call.Tugs
	if tugs == nil {
		tugs = &Tugs{}
	}
	for _, way := range []struct {
		name  string
		count *int
		asked bool
	}{{"in", tugs.In, b.call.Pilotage != nil && b.call.Pilotage.In}, {"out", tugs.Out, b.call.Pilotage != nil && b.call.Pilotage.Out}} {
		if way.count == nil && !way.asked {
			continue
		}
		b.tugs(way.name, way.count)
	}
}

func (b *builder) tugs(way string, count *int) {
	l := b.line("TOWAGE", "", way)
	loa, ok := ParseMeasure(b.call.Ship.LOA)
	switch {
	case count == nil:
		l.needs("tugs." + way).finish()
		return
	case *count == 0:
		l.Quantity = "0"
		l.free("none_ordered")
		return
	case !ok:
		l.needs("ship.length_overall_m")
	}
	if b.call.Ship.Type == "" {
		l.needs("ship.type")
	}
	if l.Unknown != "" {
		l.finish()
		return
	}
	ofType := func(r *Rate) bool { return r.ShipType == "" || r.ShipType == b.call.Ship.Type }
	cells := b.towageCells(func(r *Rate) bool { return ofType(r) && r.LOA.Holds(loa) })
	if len(cells) == 0 && len(b.towageCells(ofType)) > 0 {
		l.gap("length_not_on_file", loa.String())
	}
	l.simple(cells, decimal.NewFromInt(int64(*count)), strconv.Itoa(*count))
}

// towageCells are those of the table; a company may write its own price list
// as flat rates for each tug as well.
func (b *builder) towageCells(match func(*Rate) bool) []*Rate {
	table, list := b.cells("TOWAGE", "", Matrix, match), b.cells("TOWAGE", "", Flat, match)
	switch {
	case len(list) == 0 || nearer(table, list):
		return table
	case len(table) == 0 || nearer(list, table):
		return list
	}
	return slices.Concat(table, list)
}

// berth splits a stay into the days at the daily rate and, after the trigger,
// the hours at the hourly one (§4.5). The reading that no time is charged
// twice is stated in the path.
func (b *builder) berth() {
	s := b.call.Berth
	if s == nil {
		return
	}
	if s.Anchorage != "" {
		b.anchorage(s.Anchorage)
	}
	if l := b.line("BERTH_WORKING", "", ""); s.From.IsZero() || s.To.IsZero() {
		if s.From.IsZero() {
			l.needs("berth.from")
		}
		if s.To.IsZero() {
			l.needs("berth.to")
		}
		if len(l.Needs) < 2 || s.Anchorage == "" { // a ship may stay at anchor only
			l.finish()
		}
		return
	}
	if b.freeStay("BERTH_WORKING") {
		return
	}
	if s.IdleReason == "ship" && s.CargoDone.IsZero() {
		for _, item := range []string{"BERTH_WORKING", "BERTH_IDLE"} {
			b.line(item, "", "").needs("berth.cargo_completed").finish()
		}
		return
	}
	trigger, by := b.trigger(s)
	work, idle := s.To.Sub(s.From), time.Duration(0)
	if !trigger.IsZero() && trigger.Before(s.To) {
		work, idle = trigger.Sub(s.From), s.To.Sub(trigger)
	}
	if work > 0 || idle > 0 && by == nil && s.IdleReason == "ship" {
		b.days(work, by, idle > 0)
	}
	if idle > 0 {
		b.halfHours(idle, by)
	}
}

// trigger is the instant from which a stay is idle for the ship's reasons,
// and the rule by which it is; zero when it never is. Where no rule is on file
// for the trade the time after the cargo is idle all the same: that the ship
// stays idle is what the call says, and the price of it is unknown.
func (b *builder) trigger(s *Berth) (time.Time, *Modifier) {
	if s.IdleReason == "" {
		return time.Time{}, nil
	}
	begin := s.From // cases 2 to 5 from the beginning, unless cargo was worked before
	if !s.CargoDone.IsZero() {
		begin = s.CargoDone
	}
	found := b.modifiers("trigger", "BERTH_IDLE", "")
	if len(found) == 0 {
		return begin, nil
	}
	if s.IdleReason != "ship" {
		return begin, found[0]
	}
	hours, ok := ParseMeasure(found[0].Value)
	if !ok || hours > mostGrace {
		return begin, nil
	}
	return begin.Add(time.Duration(hours) * time.Hour / thousandths), found[0]
}

// mostGrace is more than any rule leaves a ship after its cargo: a year.
const mostGrace = 366 * 24 * thousandths

func (b *builder) days(d time.Duration, by *Modifier, split bool) {
	l := b.line("BERTH_WORKING", "", "")
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	switch {
	case split && by != nil:
		l.modifier(by, "reading_until_trigger", "", d.String())
	case split && b.call.Berth.IdleReason == "ship": // how long it still counts as working is not on file
		l.unknown("idle_rule_not_on_file").finish()
		return
	}
	days := startedDays(d)
	l.rounding("started_24h", "R-DAY-24H", d.String(), strconv.FormatInt(days, 10))
	l.simple(l.berthCells("5A", StartedDays, n), n.Decimal().Mul(decimal.NewFromInt(days)), n.String()+" × "+strconv.FormatInt(days, 10))
}

// berthCells are those without a component, else those of the old tables.
func (l *drawn) berthCells(old string, kind ScheduleKind, n Measure) []*Rate {
	cells := l.inBand("", kind, n)
	if len(cells) == 0 && l.Unknown == "" {
		cells = l.inBand(old, kind, n)
	}
	return cells
}

func (b *builder) halfHours(d time.Duration, by *Modifier) {
	l := b.line("BERTH_IDLE", "", "")
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	if by != nil {
		l.modifier(by, "reading_after_trigger", "", d.String())
	}
	halves := startedHalves(d)
	hours := decimal.NewFromInt(halves).Div(decimal.NewFromInt(2))
	l.rounding("half_hours", "R-HOUR-HALF", d.String(), hours.String())
	l.cell(l.berthCells("5C", HalfHours, n), n.Decimal().Mul(hours), n.String()+" × "+hours.String())
	if l.Unknown == "" && by == nil {
		l.unknown("idle_rule_not_on_file")
	}
	l.finish()
}

// startedDays counts started periods of 24 hours from the beginning of a stay.
func startedDays(d time.Duration) int64 {
	const day = 24 * time.Hour
	return int64((d + day - 1) / day)
}

// startedHalves counts half hours: the started first hour is one hour, then a
// rest up to 30 minutes is a half, above it a whole (R-HOUR-HALF).
func startedHalves(d time.Duration) int64 {
	if d <= time.Hour {
		return 2
	}
	whole, rest := d/time.Hour, d%time.Hour
	halves := int64(whole) * 2
	switch {
	case rest == 0:
	case rest <= 30*time.Minute:
		halves++
	default:
		halves += 2
	}
	return halves
}

func (b *builder) anchorage(hours string) {
	if b.freeStay("ANCHORAGE") {
		return
	}
	l := b.line("ANCHORAGE", "", "")
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	m, ok := ParseMeasure(hours)
	if !ok {
		l.needs("berth.anchorage_hours").finish()
		return
	}
	const day = 24 * thousandths
	days := int64((m + day - 1) / day)
	l.rounding("started_24h", "R-DAY-24H", hours, strconv.FormatInt(days, 10))
	l.simple(l.berthCells("5B", StartedDays, n), n.Decimal().Mul(decimal.NewFromInt(days)), n.String()+" × "+strconv.FormatInt(days, 10))
}

// boom is the sum of the band that holds the tonnage, for each use.
func (b *builder) boom() {
	if b.call.Boom == 0 {
		return
	}
	l := b.line("BOOM", "", "")
	n, ok := l.netTons("")
	if !ok {
		l.needs("ship.net_tonnage").finish()
		return
	}
	l.simple(l.inBand("", Slab, n), decimal.NewFromInt(int64(b.call.Boom)), strconv.Itoa(b.call.Boom))
}
