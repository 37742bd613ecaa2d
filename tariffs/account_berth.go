package tariffs

import (
	"github.com/shopspring/decimal"
)

// berth: the days that fit into the stay, by started periods of 24 hours up
// to the trigger; what comes after it belongs to the hourly rate.
func (j *judge) berth(m *matched) AccountFinding {
	s := j.a.Call.Berth
	if s == nil || s.From.IsZero() || s.To.IsZero() {
		return j.berthWithoutTimes(m)
	}
	work, idle := j.expected("BERTH_WORKING", ""), j.expected("BERTH_IDLE", "")
	if j.forIdleTime(m, work, idle) {
		m.item = j.c.items["BERTH_IDLE"]
	}
	mine := work
	if m.item.Code == "BERTH_IDLE" {
		if mine = idle; len(idle) == 0 && s.IdleReason == "" {
			return unknown("berth.idle_reason")
		}
	}
	if len(mine) == 0 { // the stay has no such part
		f := held(m.billed, 0, true, Unverified, "")
		f.Verdicts[0] = QuantityWrong
		return f
	}
	l := mine[0]
	if l.Amount == nil {
		return unknown(l.Needs...)
	}
	if l.Zero != "" { // caused by the port
		return m.against(l)
	}
	// A stay may be billed in several lines: each has its part of it.
	all, units, stated := berthed(l), decimal.Zero, false
	if j.timed(m) {
		units, stated = j.berthUnits(m)
	}
	left := all.Sub(j.taken[l])
	switch {
	case !left.IsPositive():
		return billedAgain(m, l)
	case !stated && m.billed > *l.Amount && j.inOneLine(m, idle):
		j.taken[l] = all
		return m.againstBoth(l, idle[0])
	case !stated:
		j.taken[l] = all
		return held(m.billed, round(decimal.New(int64(*l.Amount), -2).Mul(left).Div(all)), l.AtMost, l.Word, l.Row)
	case units.LessThanOrEqual(left):
		j.taken[l] = j.taken[l].Add(units)
		return held(m.billed, round(decimal.New(int64(*l.Amount), -2).Mul(units).Div(all)), l.AtMost, l.Word, l.Row)
	}
	j.taken[l] = all
	// More days, or hours, than the part has: both parts stand beside it.
	f := held(m.billed, round(decimal.New(int64(*l.Amount), -2).Mul(left).Div(all)), true, l.Word, l.Row)
	if left.Equal(all) && j.inOneLine(m, idle) && idle[0].Amount != nil {
		f = m.againstBoth(l, idle[0])
	}
	f.Verdicts[0] = QuantityWrong
	return f
}

// forIdleTime reports a line that says berth only and is for the idle part:
// working or idle is judged by the stay. It has no other part, or another line
// is for the days, or this one asks for more than they are.
func (j *judge) forIdleTime(m *matched, work, idle []*Line) bool {
	switch {
	case m.item.Code != "BERTH_WORKING" || len(idle) == 0 || j.bills("BERTH_IDLE"):
		return false
	case len(work) == 0:
		return true
	case j.alone(m) || work[0].Amount == nil || m.line.Unit == "DAY" || m.line.Unit == "NTT.DAY":
		return false
	}
	return j.taken[work[0]].GreaterThanOrEqual(berthed(work[0])) || m.billed > *work[0].Amount
}

// inOneLine reports a line that is the only one of a stay with idle time.
func (j *judge) inOneLine(m *matched, idle []*Line) bool {
	return m.item.Code == "BERTH_WORKING" && len(idle) > 0 && j.alone(m) && !j.bills("BERTH_IDLE")
}

// againstBoth holds a line against both parts of a stay.
func (m *matched) againstBoth(work, idle *Line) AccountFinding {
	if idle.Amount == nil {
		return unknown(idle.Needs...)
	}
	f := held(m.billed, *work.Amount+*idle.Amount, work.AtMost || idle.AtMost, weaker(work.Word, idle.Word), work.Row)
	f.Items = []string{"BERTH_WORKING", "BERTH_IDLE"}
	return f
}

// timed reports a line whose quantity is a time: by its unit, or as a factor
// beside the tons. A lump sum of one is none.
func (j *judge) timed(m *matched) bool {
	switch m.line.Unit {
	case "DAY", "HUR", "NTT.DAY", "NTT.HUR":
		return true
	}
	return len(m.quantity) > 1
}

// bills reports an account that has a line of an item.
func (j *judge) bills(item string) bool {
	for i := range j.lines {
		if it := j.lines[i].item; it != nil && it.Code == item {
			return true
		}
	}
	return false
}

// berthed is the days or hours of a quoted line, the last factor of its quantity.
func berthed(l *Line) decimal.Decimal {
	m := matched{line: &AccountLine{Quantity: l.Quantity}}
	m.figures()
	if len(m.quantity) == 0 {
		return decimal.Zero
	}
	return m.quantity[len(m.quantity)-1]
}

// berthUnits are the days or hours that a line bills: 2, or 27435 x 2, or both
// multiplied.
func (j *judge) berthUnits(m *matched) (decimal.Decimal, bool) {
	all, ok := m.product()
	if !ok {
		return decimal.Decimal{}, false
	}
	n, known := ParseMeasure(j.a.Call.Ship.NT)
	tons := n.Ceil().Decimal()
	switch {
	case known && m.quantity[0].Equal(tons) && (len(m.quantity) > 1 || m.line.Unit != "DAY" && m.line.Unit != "HUR"):
		return all.Div(tons), true
	case known && tons.IsPositive() && (m.line.Unit == "NTT.DAY" || m.line.Unit == "NTT.HUR"):
		return all.Div(tons), all.Mod(tons).IsZero() || m.line.Unit == "NTT.HUR"
	}
	return all, true
}

// berthWithoutTimes: nobody said how long the ship lay alongside, but it was
// in port from arrival to departure, and no longer alongside than that.
func (j *judge) berthWithoutTimes(m *matched) AccountFinding {
	call := &j.a.Call
	unasked := unknown("berth.from", "berth.to")
	n, ok := ParseMeasure(call.Ship.NT)
	cells := j.b.cells("BERTH_WORKING", "", StartedDays, nil)
	if m.item.Code != "BERTH_WORKING" || !ok || call.Arrival.IsZero() || !call.Leaving.After(call.Arrival) || len(cells) != 1 || cells[0].Amount == nil {
		return unasked
	}
	most := decimal.NewFromInt(startedDays(call.Leaving.Sub(call.Arrival)))
	day := n.Ceil().Decimal().Mul(*cells[0].Amount)
	days, stated := j.berthUnits(m)
	f := held(m.billed, round(day.Mul(most)), true, cells[0].Word, cells[0].ID)
	switch {
	case stated && days.GreaterThan(most):
		f.Verdicts[0] = QuantityWrong
		return f
	case f.Difference != nil:
		return f
	case stated:
		if f = held(m.billed, round(day.Mul(days)), true, cells[0].Word, cells[0].ID); f.Difference != nil {
			return f
		}
	}
	return unasked
}
