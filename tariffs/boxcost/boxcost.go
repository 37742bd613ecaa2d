// Package boxcost says what one import or export container costs at the port
// by the published rows, month by month, and what moved it (进出口环节单箱合规成本).
//
// Contract: a pure function of a catalogue, the offers of third parties and a
// span of months. Each month counts the rows of its last day, the running one
// those of today. A component without a figure is unknown: the total of the
// month is then "at least" what is known, and never a number that looks whole.
// Each change against the month before names the rows on both sides, and the
// day on which the new one begins.
//
// Which charges belong to the cost of a box is Parts: our own choice, which no
// instrument states (unverified); a page says so.
//
// The package computes nothing itself that the calculator computes: port
// charges are a quotation of one box.
package boxcost

import (
	"cmp"
	"slices"
	"time"

	"kouan/tariffs"
	"kouan/tariffs/services"
)

// Box is one container, laden with general cargo.
type Box struct {
	Direction string `json:"direction"` // import, export
	Size      string `json:"size"`      // 20, 40
}

// Boxes are the four that are published.
var Boxes = []Box{{"import", "20"}, {"import", "40"}, {"export", "20"}, {"export", "40"}}

// Part is a charge that belongs to the cost of a box.
type Part struct {
	Item      string
	Direction string // empty: both
	Group     string // port, carrier
}

// Parts of the cost. Storage (YARD) is not among them: a box that leaves in
// free time has none. Telex release is a choice of the parties. Everything
// else that a service row names comes on top.
var Parts = []Part{
	{"CARGO_DUES", "", "port"}, {"SECURITY", "", "port"}, {"HANDLING_ALL_IN", "", "port"}, {"TALLY", "", "port"},
	{"CARRIER_THC", "", "carrier"}, {"CARRIER_DOC", "", "carrier"}, {"CARRIER_EIR", "", "carrier"},
	{"CARRIER_SEAL", "export", "carrier"}, {"CARRIER_DO", "import", "carrier"},
}

// Component is one part of the cost on a day.
type Component struct {
	Item       string       `json:"item,omitzero"`
	Name       string       `json:"service_zh,omitzero"`                  // of a service that is no charge of the list
	Service    string       `json:"service_no,omitzero"`                  // of a third party, in place of or beside an item
	Group      string       `json:"group"`                                // port, carrier, service
	Amount     *tariffs.Fen `json:"amount_fen,omitzero" nullable:"false"` // nil: unknown; of several offers the lowest
	UpTo       *tariffs.Fen `json:"up_to_fen,omitzero" nullable:"false"`  // the highest offer, when it is another
	AtMost     bool         `json:"at_most,omitzero"`
	Row        string       `json:"row,omitzero"`
	Instrument string       `json:"instrument,omitzero"`
	From       tariffs.Day  `json:"valid_from,omitzero"` // of the row or offer
	Word       tariffs.Word `json:"verification,omitzero"`
	Unknown    string       `json:"unknown,omitzero"` // slug: why there is no amount
	About      []string     `json:"about,omitempty"`  // what Unknown speaks of
	Inside     string       `json:"inside,omitzero"`  // the charge that holds it: it costs nothing of its own
	By         string       `json:"by,omitzero"`      // factors that acted
}

// Month is the cost in one month.
type Month struct {
	Month      string      `json:"month"` // 2026-11
	On         tariffs.Day `json:"on"`    // the day whose rows counted
	Components []Component `json:"components"`
	Known      tariffs.Fen `json:"known_fen"` // the sum of what is known: at least this
	Whole      bool        `json:"whole"`     // nothing is unknown
	Plain      bool        `json:"plain"`     // every figure was read in its instrument
	Unknown    []string    `json:"unknown,omitempty"`
	Moves      []Move      `json:"moves,omitempty"` // against the month before
}

// Of is the cost of a box on the last day of each month from the first day's
// month to the one of today. Offers are those that hold on that day.
func Of(c *tariffs.Catalogue, offers []services.Service, box Box, from, today tariffs.Day) []Month {
	var out []Month
	for _, day := range lastDays(from, today) {
		m := on(c, offers, box, day, today)
		if len(out) > 0 {
			m.Moves = moves(out[len(out)-1].Components, m.Components)
		}
		out = append(out, m)
	}
	return out
}

// lastDays are the last days of the months, and today.
func lastDays(from, today tariffs.Day) []tariffs.Day {
	begin, err := time.Parse(time.DateOnly, string(from))
	if err != nil {
		return nil
	}
	var out []tariffs.Day
	for month := time.Date(begin.Year(), begin.Month(), 1, 0, 0, 0, 0, time.UTC); ; month = month.AddDate(0, 1, 0) {
		first, last := tariffs.Day(month.Format(time.DateOnly)), tariffs.Day(month.AddDate(0, 1, -1).Format(time.DateOnly))
		switch {
		case first > today:
			return out
		case last >= today:
			return append(out, today)
		}
		out = append(out, last)
	}
}

// on is the cost by the rows of one day.
func on(c *tariffs.Catalogue, offers []services.Service, box Box, day, knownOn tariffs.Day) Month {
	m := Month{Month: string(day)[:len("2026-11")], On: day, Whole: true, Plain: true}
	call := &tariffs.Call{On: day, Boxes: []tariffs.Boxes{{Count: 1, Size: box.Size, State: "laden", Direction: box.Direction}}}
	q := tariffs.Quote(c, call, knownOn)
	for _, p := range Parts {
		if p.Direction != "" && p.Direction != box.Direction {
			continue
		}
		m.add(component(c, &q, offers, p, box, day))
	}
	for _, o := range others(offers, box, day) {
		m.add(o)
	}
	return m
}

func (m *Month) add(component Component) {
	m.Components = append(m.Components, component)
	switch {
	case component.Inside != "":
	case component.Amount == nil:
		m.Whole = false
		m.Unknown = append(m.Unknown, cmp.Or(component.Item, component.Name))
	default:
		m.Known += *component.Amount
		m.Plain = m.Plain && component.Word.Plain()
	}
}

// component is one part: a line of the quotation, else a row of the list,
// else the offers that name the charge, else unknown.
func component(c *tariffs.Catalogue, q *tariffs.Quotation, offers []services.Service, p Part, box Box, day tariffs.Day) Component {
	out := Component{Item: p.Item, Group: p.Group}
	if i := slices.IndexFunc(q.Lines, func(l tariffs.Line) bool { return l.Item == p.Item }); i >= 0 {
		out.line(c, &q.Lines[i])
	} else {
		out.rows(c, box, day)
	}
	if out.Amount == nil && out.Inside == "" {
		out.offers(offers, func(s *services.Service) bool { return s.Item == p.Item && fits(s, box, day) })
	}
	return out
}

func (out *Component) line(c *tariffs.Catalogue, l *tariffs.Line) {
	out.Amount, out.AtMost, out.Row, out.Instrument, out.Word = l.Amount, l.AtMost, l.Row, l.Instrument, l.Word
	out.Unknown, out.About = l.Unknown, l.About
	if l.Row == "" {
		out.Word = "" // nothing was read
	}
	out.From = begins(c, l.Item, l.Row)
	for i := range l.Path {
		if s := &l.Path[i]; s.Step == "factor" || s.Step == "exemption" {
			out.By = s.By
		}
	}
}

// rows finds the one cell of a charge that the calculator has no line for.
func (out *Component) rows(c *tariffs.Catalogue, box Box, day tariffs.Day) {
	out.Unknown = "no_row"
	n := 0
	rows := c.Rows(day, tariffs.RowFilter{Item: out.Item, Trade: "international"})
	for i := range rows {
		r := &rows[i]
		if r.Item != out.Item || !anyOr(r.ContainerSize, box.Size) || !anyOr(r.Direction, box.Direction) || !anyOr(r.LoadState, "laden") || !anyOr(r.CargoClass, "general") {
			continue
		}
		if r.PartOf != "" { // its cap is no price of its own
			out.Inside, out.Unknown, out.Row, out.Instrument, out.Word, out.From = r.PartOf, "", r.ID, r.LegalBasis, r.Word, tariffs.Day(r.ValidFrom)
			return
		}
		if out.Unknown, out.Row = r.Status, r.ID; r.ID != "" {
			out.Word = r.Word
		}
		if r.Amount == "" || r.Status != tariffs.Priced || r.Unit != boxUnit[box.Size] && r.Unit != "C62" {
			continue
		}
		if n++; n > 1 {
			out.Amount, out.Unknown = nil, "several_rows"
			return
		}
		price := services.Service{Price: r.Amount}
		if fen, ok := price.Fen(); ok {
			out.Amount, out.Unknown, out.AtMost, out.Instrument, out.From = &fen, "", r.AtMost != "", r.LegalBasis, tariffs.Day(r.ValidFrom)
		}
	}
}

// boxUnit is the unit of a price per box, UNECE Recommendation 20.
var boxUnit = map[string]string{"20": "20", "40": "21"}

func anyOr(cell, want string) bool { return cell == "" || cell == want }

func begins(c *tariffs.Catalogue, item, row string) tariffs.Day {
	for _, r := range c.RatesOf(item) {
		if r.ID == row {
			return r.Valid.From
		}
	}
	return ""
}
