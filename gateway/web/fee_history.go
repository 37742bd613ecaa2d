package web

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"kouan/tariffs"
)

// feeHistory is one cell of a charge through all times: a step line, and the
// list beneath it that says the same.
type feeHistory struct {
	Cell    string // whose rates are drawn
	Unit    string
	Periods []feePeriod
	Draw    bool // one step alone is no drawing
	Line    string
	Gap     string // path where nothing is on file
	Points  []feePoint
	Labels  []feeLabel
	Ticks   []feeLabel
}

// feePeriod is a stretch of time with one rate.
type feePeriod struct {
	From, To    tariffs.Day
	Now, Coming bool
	Rate        feeRate
	Factor      string
	Bases       []feeBasis
	On          tariffs.Day // a day of the period, for the page of that day
}

// feePoint is where a step begins, with the shape of how sure it is.
type feePoint struct {
	X, Y        int
	Icon, Class string
}

type feeLabel struct {
	X, Y int
	Text string
	End  bool // it ends at X, near the right edge
}

// the ground of the drawing, in its own units.
const (
	drawLeft, drawRight  = 46, 352
	drawTop, drawFloor   = 30, 170
	drawDates, drawDown  = 188, 14 // three rows of dates, by turns, so that neighbours do not meet
	drawMark             = 18
	drawLast             = 280 // a label that begins after it would run out of the picture
	drawAbove, drawAside = 8, 12
)

// history follows the first priced cell of the day through the periods.
func (p *feePage) history(it *tariffs.Item) {
	periods := p.Edition.Catalogue.Periods(it.Code)
	lead := leadOf(periods, p.Day)
	if lead == nil {
		return
	}
	h := &feeHistory{Cell: p.conditions(without(lead)), Unit: p.words.Unit(lead.Item, lead.Unit)}
	values := make([]*decimal.Decimal, 0, len(periods))
	for _, one := range periods {
		r := cellLike(one.Rows, lead)
		fp := feePeriod{From: one.From, To: one.To, Now: one.Holds(p.Day), Coming: one.From > p.Day, On: cmp.Or(one.From, one.To)}
		var value *decimal.Decimal
		if r == nil {
			r = &tariffs.Row{Item: it.Code, Status: tariffs.NoRow, Word: tariffs.Unverified}
			if len(one.Rows) > 0 && one.Rows[0].Status == tariffs.NotOnFile {
				r.Status = tariffs.NotOnFile
			}
		} else {
			fp.Bases = p.bases(r.LegalBasis, fp.On)
		}
		fp.Rate = p.rate(r)
		if r.Amount != "" && r.Status == tariffs.Priced {
			d := amountOf(r)
			if f, err := decimal.NewFromString(r.Factor); err == nil {
				d, fp.Factor = d.Mul(f), p.words.Number(r.Factor)
			}
			value = &d
		}
		values = append(values, value)
		h.Periods = append(h.Periods, fp)
	}
	h.draw(p, values)
	p.History = h
}

// leadOf is the first priced cell of the day, or of the newest period that has one.
func leadOf(periods []tariffs.Period, day tariffs.Day) *tariffs.Row {
	var lead *tariffs.Row
	for i := range periods {
		for j := range periods[i].Rows {
			if r := &periods[i].Rows[j]; r.Amount != "" {
				if periods[i].Holds(day) {
					return r
				}
				lead = r
				break
			}
		}
	}
	return lead
}

// without is the cell without what does not name it: its factor.
func without(r *tariffs.Row) *tariffs.Row {
	one := *r
	one.Factor, one.PartOf = "", ""
	return &one
}

// cellLike is the row that a ship or a box of the cell fell under at another
// time: the same in all but its bands, and its bands hold those of the cell.
func cellLike(rows []tariffs.Row, cell *tariffs.Row) *tariffs.Row {
	for i := range rows {
		r := &rows[i]
		if r.Unit == cell.Unit && r.CargoClass == cell.CargoClass && r.ContainerSize == cell.ContainerSize && r.LoadState == cell.LoadState &&
			(r.Component == cell.Component || r.Component == "" || cell.Component == "") && r.Direction == cell.Direction && r.ShipType == cell.ShipType && r.RateKind == cell.RateKind &&
			r.Term == cell.Term && r.Trade == cell.Trade && within(r.NTFrom, r.NTTo, cell.NTFrom) && within(r.LOAFrom, r.LOATo, cell.LOAFrom) {
			return r
		}
	}
	return nil
}

// within reports whether a band holds what lies just above the lower bound of
// another one.
func within(from, to, low string) bool {
	f, _ := tariffs.ParseMeasure(cmp.Or(from, "0"))
	l, _ := tariffs.ParseMeasure(cmp.Or(low, "0"))
	t, closed := tariffs.ParseMeasure(to)
	return f <= l && (!closed || l < t)
}

// draw lays the line out: every period is as wide as the next, and the floor
// is zero, so that a small step looks small.
func (h *feeHistory) draw(p *feePage, values []*decimal.Decimal) {
	highest := decimal.Zero
	steps := 0
	for i, v := range values {
		if v != nil && v.GreaterThan(highest) {
			highest = *v
		}
		if i > 0 && (v == nil) != (values[i-1] == nil) || i > 0 && v != nil && values[i-1] != nil && !v.Equal(*values[i-1]) {
			steps++
		}
	}
	if steps == 0 || highest.IsZero() {
		return
	}
	h.Draw = true
	x := func(i int) int { return drawLeft + i*(drawRight-drawLeft)/len(values) }
	y := func(v decimal.Decimal) int {
		return drawFloor - int(v.Mul(decimal.New(drawFloor-drawTop, 0)).Div(highest).IntPart())
	}
	h.Ticks = []feeLabel{{X: drawLeft - drawAside, Y: drawTop + 4, Text: p.words.Number(highest.String())}, {X: drawLeft - drawAside, Y: drawFloor + 4, Text: "0"}}
	var line, gap strings.Builder
	open := false
	for i, v := range values {
		h.date(i, x(i))
		if v == nil {
			gap.WriteString("M" + strconv.Itoa(x(i)+4) + " " + strconv.Itoa(drawFloor-drawMark) + "H" + strconv.Itoa(x(i+1)-4))
			h.Labels = append(h.Labels, feeLabel{X: (x(i) + x(i+1)) / 2, Y: drawFloor - drawMark - drawAbove, Text: "?"})
			open = false
			continue
		}
		if open {
			line.WriteString("V" + strconv.Itoa(y(*v)) + "H" + strconv.Itoa(x(i+1)))
		} else {
			line.WriteString("M" + strconv.Itoa(x(i)) + " " + strconv.Itoa(y(*v)) + "H" + strconv.Itoa(x(i+1)))
		}
		if sure := h.Periods[i].Rate.Sure; !open || !v.Equal(*values[i-1]) || sure != h.Periods[i-1].Rate.Sure {
			h.Points = append(h.Points, feePoint{x(i) - drawMark/2, y(*v) - drawMark/2, sure.Icon, drawClass[sure.Class]})
			text := h.Periods[i].Rate.Figure
			if f := h.Periods[i].Factor; f != "" {
				text += " × " + f
			}
			h.label(feeLabel{X: x(i) + drawAside, Y: y(*v) - drawAbove, Text: text})
		}
		open = true
	}
	h.Line, h.Gap = line.String(), gap.String()
}

// date writes where a period begins; the first one has no beginning.
func (h *feeHistory) date(i, x int) {
	if from := h.Periods[i].From; from != "" {
		h.label(feeLabel{X: x, Y: drawDates + i%3*drawDown, Text: string(from)})
	}
}

func (h *feeHistory) label(l feeLabel) {
	if l.X > drawLast {
		l.X, l.End = drawRight, true
	}
	h.Labels = append(h.Labels, l)
}

// drawClass is the colour of a shape in a drawing.
var drawClass = map[string]string{"official": "c-ok", "triangulated": "c-run", "secondary": "c-warn", "unverified": "c-bad"}
