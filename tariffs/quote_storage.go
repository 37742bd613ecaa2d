package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// stay is how much of a group lies in the yard for how long.
type stay struct {
	quantity Measure // boxes, tonnes or cubic metres
	yard     *Yard
}

// byDay ends the unit of a price for storage.
const byDay = ".DAY"

// boxYard is the line of boxes that lie in the yard.
func (b *builder) boxYard(g *boxGroup) {
	if len(g.stays) == 0 {
		return
	}
	l := b.boxes("YARD", g, byDay, g.fits)
	if sum, shown, ok := l.beyond(g.stays); ok {
		l.price(sum, shown)
	}
}

// bulkYard is that of other cargo.
func (b *builder) bulkYard(g *bulk) {
	if len(g.stays) == 0 {
		return
	}
	l := b.bulkLine("YARD", g, false)
	if sum, shown, ok := l.beyond(g.stays); ok {
		l.simple(b.cargoCells("YARD", func(r *Rate) bool { return g.fits(r, byDay) }), sum, shown)
	}
}

// beyond is quantity by calendar days beyond the free time, which is by
// agreement of the parties: where it is not stated, or no day is beyond it,
// the line is finished and ok is false.
func (l *drawn) beyond(stays []stay) (sum decimal.Decimal, shown string, ok bool) {
	slices.SortFunc(stays, func(a, b stay) int { // whatever the order they were given in
		return cmp.Or(a.yard.From.Compare(b.yard.From), a.yard.To.Compare(b.yard.To), cmp.Compare(a.yard.free(), b.yard.free()), cmp.Compare(a.quantity, b.quantity))
	})
	var parts []string
	for _, s := range stays {
		if !l.stated(s.yard) {
			continue
		}
		days := calendarDays(s.yard.From, s.yard.To)
		l.rounding("calendar_days", "R-DAY-CAL", portTime(s.yard.From)+" – "+portTime(s.yard.To), strconv.FormatInt(days, 10))
		charged := max(0, days-int64(*s.yard.FreeDays))
		l.step("free_days", "", strconv.FormatInt(days, 10)+" − "+strconv.Itoa(*s.yard.FreeDays), strconv.FormatInt(charged, 10), "", "")
		sum = sum.Add(s.quantity.Decimal().Mul(decimal.NewFromInt(charged)))
		parts = append(parts, s.quantity.String()+" × "+strconv.FormatInt(charged, 10))
	}
	shown = strings.Join(parts, " + ")
	if len(parts) > 1 {
		shown = "(" + shown + ")"
	}
	switch {
	case l.Unknown != "":
		l.finish()
	case sum.IsZero():
		l.Quantity = "0"
		l.free("free_time")
	default:
		return sum, shown, true
	}
	return sum, shown, false
}

func (y *Yard) free() int {
	if y.FreeDays == nil {
		return -1
	}
	return *y.FreeDays
}

// stated asks for what a stay lacks.
func (l *drawn) stated(y *Yard) bool {
	for _, need := range []struct {
		lacks bool
		path  string
	}{{y.From.IsZero(), "yard.from"}, {y.To.IsZero(), "yard.to"}, {y.FreeDays == nil, "yard.free_days"}} {
		if need.lacks && !slices.Contains(l.Needs, need.path) {
			l.needs(need.path)
		}
	}
	return !y.From.IsZero() && !y.To.IsZero() && y.FreeDays != nil
}

// calendarDays counts started calendar days of the port, the first one too
// (R-DAY-CAL): each midnight that passes in the yard begins another, where the
// berth counts periods of 24 hours. An end at midnight begins none.
func calendarDays(from, to time.Time) int64 {
	if to.After(from) {
		to = to.Add(-1)
	}
	midnight := func(t time.Time) int64 {
		_, offset := t.In(port).Zone()
		return (t.Unix() + int64(offset)) / (24 * 60 * 60)
	}
	return midnight(to) - midnight(from) + 1
}

// portTime is an instant by the clock of the port, to the minute.
func portTime(t time.Time) string { return t.In(port).Format("2006-01-02 15:04") }
