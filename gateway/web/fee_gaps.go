package web

import (
	"net/http"
	"slices"
	"strings"

	"kouan/tariffs"
)

// feeGaps are the gaps of the catalogue that an operator has to close
// (formats/tariffs.md section 2), each with the question to the catalogue
// whether it is still open: a gap that was closed in an edition leaves the
// page with it.
var feeGaps = []struct {
	Key  string
	Open func(c *tariffs.Catalogue, day tariffs.Day) bool
}{
	{"measures_text", func(c *tariffs.Catalogue, _ tariffs.Day) bool {
		return slices.ContainsFunc(c.Rates, func(r tariffs.Rate) bool { return r.Instrument == "MOT-2019-2" && r.Word != tariffs.OfficialText })
	}},
	{"measures_term", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return c.Standing("MOT-2019-2", day) == "applied_after_stated_term"
	}},
	{"terminal_prices", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return anyRow(c, day, isGap, "HANDLING_ALL_IN", "YARD")
	}},
	{"special_fee", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return anyRow(c, day, func(r *tariffs.Row) bool { return r.Status == tariffs.UnknownStatus }, "SPECIAL_PORT_FEE")
	}},
	{"night_surcharge", func(c *tariffs.Catalogue, _ tariffs.Day) bool {
		return slices.ContainsFunc(c.Modifiers, func(m tariffs.Modifier) bool {
			return m.Kind == "surcharge" && !m.Enabled && slices.Contains(m.Items, "PILOTAGE")
		})
	}},
	{"other_rates", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return anyRow(c, day, func(r *tariffs.Row) bool { return isGap(r) || r.Word == tariffs.Unverified }, "ANCHORAGE", "TOWAGE", "CARGO_DUES", "BERTH_WORKING", "BOOM")
	}},
	{"pilotage_annex", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return c.Standing("DL-PILOT-2019", day) == "in_force_assumed"
	}},
	{"hotlines", func(c *tariffs.Catalogue, _ tariffs.Day) bool {
		return slices.ContainsFunc(c.Channels, func(ch tariffs.Channel) bool { return ch.Number != "" && ch.Word != tariffs.OfficialText })
	}},
	{"fixed_over_ten", func(c *tariffs.Catalogue, _ tariffs.Day) bool { return c.Modifier("M-FIX-OVER10") != nil }},
	{"idle_reading", func(c *tariffs.Catalogue, day tariffs.Day) bool {
		return anyRow(c, day, func(r *tariffs.Row) bool { return r.Word != tariffs.OfficialText }, "BERTH_IDLE")
	}},
}

func isGap(r *tariffs.Row) bool { return r.Status == tariffs.NotOnFile }

func anyRow(c *tariffs.Catalogue, day tariffs.Day, is func(*tariffs.Row) bool, items ...string) bool {
	for _, item := range items {
		rows := c.Rows(day, tariffs.RowFilter{Item: item})
		if slices.ContainsFunc(rows, func(r tariffs.Row) bool { return is(&r) }) {
			return true
		}
	}
	return false
}

// openGaps are the keys of those that are still open.
func openGaps(c *tariffs.Catalogue, day tariffs.Day) []string {
	var out []string
	for _, g := range feeGaps {
		if g.Open(c, day) {
			out = append(out, g.Key)
		}
	}
	return out
}

// gapPage is the page of what we do not know.
type gapPage struct {
	feeBase
	Day         tariffs.Day
	Gaps        []string
	Counts      feeCounts
	Items       []gapItem // charges with cells that are not on file
	Instruments []gapInstrument
	Channels    []gapInstrument
}

type gapItem struct {
	Code, Name, Orig string
	Missing, Unsure  int
}

// gapInstrument is a legal text, or a telephone line, that nobody read.
type gapInstrument struct {
	Basis feeBasis
	Sure  feeMark
}

func (s *server) showGaps(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	c := base.Edition.Catalogue
	p := &gapPage{feeBase: base, Day: base.Today, Gaps: openGaps(c, base.Today)}
	rows := c.Rows(p.Day, tariffs.RowFilter{})
	p.Counts = base.count(rows)
	for i := range c.Items {
		it := gapItem{Code: c.Items[i].Code, Name: base.name(c.Items[i].Code), Orig: base.original(c.Items[i].Code)}
		for j := range rows {
			switch r := &rows[j]; {
			case r.Item != it.Code:
			case r.Status == tariffs.NotOnFile || r.Status == tariffs.UnknownStatus:
				it.Missing++
			case r.Word == tariffs.Unverified && r.Amount != "":
				it.Unsure++
			}
		}
		if it.Missing+it.Unsure > 0 {
			p.Items = append(p.Items, it)
		}
	}
	for i := range c.Instruments {
		if n := &c.Instruments[i]; n.Word != tariffs.OfficialText || n.Number == "" || strings.Contains(n.Status, "unknown") || strings.Contains(n.Status, "assumed") {
			p.Instruments = append(p.Instruments, gapInstrument{base.basis(n.ID, p.Day), base.sure(n.Word)})
		}
	}
	return s.renderFees(w, v, http.StatusOK, "fee-unknown", v.words.Text("page.fees.unknown", nil), p, nil)
}
