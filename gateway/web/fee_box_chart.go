package web

import (
	"strconv"
	"strings"

	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/wording"
)

// feeBoxChart is a step line of what is known of the cost, over the months.
// Its floor is zero; where nothing is known there is no line.
type feeBoxChart struct {
	Path   string
	Gap    string // ground where nothing is on file; empty: none
	GapAt  int
	Steps  []feeBoxStep
	Years  []feeBoxStep
	Bottom int
}

type feeBoxStep struct {
	X, Y  int
	Text  string
	Right bool // the text ends at X
}

// the ground of the drawing, in its own units.
const (
	chartLeft, chartRight = 8, 352
	chartTop, chartFloor  = 34, 170
	chartYears            = 192
	chartYearEvery        = 2 // years between two labels
	chartAbove            = 8
	chartLabelWidth       = 60
)

// chartOf draws the months; nil when nothing ever moved.
func chartOf(w wording.Words, months []boxcost.Month) *feeBoxChart {
	highest, steps := tariffs.Fen(0), 0
	for i := range months {
		highest = max(highest, months[i].Known)
		if i > 0 && months[i].Known != months[i-1].Known {
			steps++
		}
	}
	if highest == 0 || steps == 0 {
		return nil
	}
	x := func(i int) int { return chartLeft + i*(chartRight-chartLeft)/len(months) }
	y := func(f tariffs.Fen) int { return chartFloor - int(int64(f)*int64(chartFloor-chartTop)/int64(highest)) }
	c := &feeBoxChart{Bottom: chartFloor}
	var path strings.Builder
	drawn, last := false, -1000 // last: where the label before ends
	for i := range months {
		m := &months[i]
		if m.Known == 0 && !m.Whole { // nothing on file: a gap and not a zero
			drawn = false
			continue
		}
		switch {
		case !drawn:
			path.WriteString("M" + strconv.Itoa(x(i)) + " " + strconv.Itoa(y(m.Known)))
			if i > 0 && c.Gap == "" {
				c.Gap, c.GapAt = "M"+strconv.Itoa(x(0))+" "+strconv.Itoa(chartFloor)+"H"+strconv.Itoa(x(i)), x(0)
			}
		case months[i-1].Known != m.Known:
			path.WriteString("V" + strconv.Itoa(y(m.Known)))
		}
		if !drawn || months[i-1].Known != m.Known {
			s := feeBoxStep{X: x(i), Y: y(m.Known), Text: w.Number(m.Known.String())}
			if s.X-last < chartLabelWidth { // two close together: the figure stands in the list
				s.Text = ""
			} else {
				last = s.X
			}
			s.Right = s.X > chartRight-chartLabelWidth
			c.Steps = append(c.Steps, s)
		}
		drawn = true
		path.WriteString("H" + strconv.Itoa(x(i+1)))
	}
	c.Path = path.String()
	for i := range months {
		if year, month, _ := strings.Cut(months[i].Month, "-"); month == "01" {
			if n, err := strconv.Atoi(year); err == nil && n%chartYearEvery == 0 {
				c.Years = append(c.Years, feeBoxStep{X: x(i), Y: chartYears, Text: year})
			}
		}
	}
	return c
}
