package tariffs

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Call is what a quotation is asked for: a ship's call, a shipment of boxes,
// or both. What is left out is unknown; a line that needs it says so and the
// others are still computed.
type Call struct {
	On       Day       `json:"on,omitzero"`       // day whose rows count; empty: the day of arrival
	Port     string    `json:"port,omitzero"`     // UN/LOCODE; empty: CNDLC
	Trade    string    `json:"trade,omitzero"`    // international (the default), domestic
	Terminal string    `json:"terminal,omitzero"` // code of the catalogue's terminal
	Arrival  time.Time `json:"arrival,omitzero"`
	Leaving  time.Time `json:"departure,omitzero"`

	Ship     Ship      `json:"ship,omitzero"`
	Pilotage *Pilotage `json:"pilotage,omitzero"`
	Tugs     *Tugs     `json:"tugs,omitzero"`
	Berth    *Berth    `json:"berth,omitzero"`
	Boxes    []Boxes   `json:"boxes,omitempty"`
	Volumes  Volumes45 `json:"volumes_45,omitzero"`
	Cargo    []Cargo   `json:"cargo,omitempty"` // that is not in boxes
	Boom     int       `json:"boom_uses,omitzero"`
	Dues     *DuesAsk  `json:"tonnage_dues,omitzero"`
	Special  *Special  `json:"special_port_fee,omitzero"`

	// Collectors are the charging bodies, by item, where several have prices of
	// their own: the tug company that serves the ship.
	Collectors map[string]string `json:"collectors,omitempty"`

	// Enabled are modifiers that are off by default and that whoever asks wants
	// to have counted: their words mark the total.
	Enabled []string `json:"enabled_modifiers,omitempty"`
}

// Ship is the ship of a call. Numbers are plain decimals.
type Ship struct {
	Name   string `json:"name,omitzero"`
	IMO    string `json:"imo,omitzero"`
	Type   string `json:"type,omitzero"` // container_roro_passenger, oil_chemical_gas, bulk_general_other
	NT     string `json:"net_tonnage,omitzero"`
	GT     string `json:"gross_tonnage,omitzero"`
	DWT    string `json:"deadweight,omitzero"`
	LOA    string `json:"length_overall_m,omitzero"`
	Flag   string `json:"flag,omitzero"`
	NoTons bool   `json:"without_tonnage,omitzero"` // a ship that has none of the three
}

// ShipTypes are the groups of the tug table.
var ShipTypes = []string{"container_roro_passenger", "oil_chemical_gas", "bulk_general_other"}

// Pilotage says what pilots do.
type Pilotage struct {
	In      bool `json:"in,omitzero"`
	Out     bool `json:"out,omitzero"`
	Shifts  int  `json:"shifts,omitzero"`
	Locks   int  `json:"locks,omitzero"`
	Night   bool `json:"night,omitzero"`   // a job at night
	Holiday bool `json:"holiday,omitzero"` // or on a public holiday
}

// Tugs are those that the user orders: their number is set locally and never
// guessed. Nil is not stated.
type Tugs struct {
	In  *int `json:"in,omitzero"`
	Out *int `json:"out,omitzero"`
}

// Berth is a stay alongside.
type Berth struct {
	From       time.Time `json:"from,omitzero"`
	To         time.Time `json:"to,omitzero"`
	CargoDone  time.Time `json:"cargo_completed,omitzero"` // completion and hand-over
	IdleReason string    `json:"idle_reason,omitzero"`     // ship, repair, bunkers, own_labour, cruise; empty: none
	PortCaused bool      `json:"caused_by_port,omitzero"`
	Anchorage  string    `json:"anchorage_hours,omitzero"`
}

// IdleReasons are the five cases of idle time (1997/2001 rules art. 23).
var IdleReasons = []string{"ship", "repair", "bunkers", "own_labour", "cruise"}

// DuesAsk asks for tonnage dues.
type DuesAsk struct {
	RateKind     string `json:"rate_kind,omitzero"`     // preferential, ordinary: by the flag; empty: not known
	Term         string `json:"licence_term,omitzero"`  // P30D, P90D, P1Y
	LicenceUntil Day    `json:"licence_until,omitzero"` // last day of a licence on board
}

// LicenceTerms are the terms of tonnage dues that the payer may choose from.
var LicenceTerms = []string{"P30D", "P90D", "P1Y"}

// Special answers the questions of the special port fee. A nil answer is not
// stated; nothing is assumed.
type Special struct {
	Owner     *bool `json:"us_owner,omitzero"`     // C1
	Operator  *bool `json:"us_operator,omitzero"`  // C2
	Equity    *bool `json:"us_equity_25,omitzero"` // C3
	Flag      *bool `json:"us_flag,omitzero"`      // C4
	BuiltUS   *bool `json:"built_in_us,omitzero"`  // C5
	BuiltCN   *bool `json:"built_in_cn,omitzero"`  // exempts from C1 to C4
	Repair    *bool `json:"ballast_to_yard,omitzero"`
	Exempted  *bool `json:"exempted,omitzero"` // by a recorded decision
	FirstPort *bool `json:"first_chinese_port,omitzero"`
	Voyages   *int  `json:"charged_voyages,omitzero"` // of the ship in the fee year so far
}

// InputFault is something in a call that cannot be read, as data.
type InputFault struct {
	Path   string
	Reason string // slug: see codeOf
	Value  string
	Known  string // what may be chosen, when that is the fault
	Limit  string // the most that is taken, when that is the fault
}

// Check finds everything in a call that cannot be used.
func (c *Catalogue) Check(call *Call) []InputFault {
	var out []InputFault
	add := func(bad bool, path, reason, value string) {
		if bad {
			out = append(out, InputFault{Path: path, Reason: reason, Value: value})
		}
	}
	choice := func(path, value string, allowed ...string) {
		if value != "" && !slices.Contains(allowed, value) {
			out = append(out, chosen(path, value, allowed))
		}
	}
	number := func(path, value string) {
		_, ok := ParseMeasure(value)
		add(value != "" && !ok, path, "number", value)
	}
	if call.On != "" {
		_, ok := ParseDay(string(call.On))
		add(!ok, "on", "day", string(call.On))
	}
	add(call.On == "" && call.Arrival.IsZero(), "arrival", "needed", "")
	choice("port", call.Port, homePort)
	choice("trade", call.Trade, international, domestic)
	add(call.Terminal != "" && c.Terminal(call.Terminal) == nil, "terminal", "terminal", call.Terminal)
	add(!call.Leaving.IsZero() && call.Leaving.Before(call.Arrival), "departure", "order", "")
	for _, size := range []struct{ path, value string }{{"ship.net_tonnage", call.Ship.NT}, {"ship.gross_tonnage", call.Ship.GT},
		{"ship.deadweight", call.Ship.DWT}, {"ship.length_overall_m", call.Ship.LOA}} {
		n, ok := ParseMeasure(size.value)
		add(size.value != "" && !ok, size.path, "number", size.value)
		add(ok && n == 0, size.path, "no_size", "") // unknown is never zero
	}
	choice("ship.type", call.Ship.Type, ShipTypes...)
	if p := call.Pilotage; p != nil {
		add(p.Shifts < 0 || p.Shifts > mostJobs, "pilotage.shifts", "negative", "")
		add(p.Locks < 0 || p.Locks > mostJobs, "pilotage.locks", "negative", "")
	}
	if t := call.Tugs; t != nil {
		add(t.In != nil && (*t.In < 0 || *t.In > mostJobs), "tugs.in", "negative", "")
		add(t.Out != nil && (*t.Out < 0 || *t.Out > mostJobs), "tugs.out", "negative", "")
	}
	if s := call.Berth; s != nil {
		out = append(out, s.order()...)
		choice("berth.idle_reason", s.IdleReason, IdleReasons...)
		number("berth.anchorage_hours", s.Anchorage)
	}
	for i := range call.Boxes {
		out = append(out, call.Boxes[i].check("boxes["+strconv.Itoa(i)+"].")...)
	}
	out = append(out, call.Volumes.check("volumes_45.")...)
	classes := c.CargoClasses()
	for i := range call.Cargo {
		out = append(out, call.Cargo[i].check("cargo["+strconv.Itoa(i)+"].", classes)...)
	}
	add(call.Boom < 0 || call.Boom > mostJobs, "boom_uses", "negative", "")
	if d := call.Dues; d != nil {
		choice("tonnage_dues.rate_kind", d.RateKind, "preferential", "ordinary")
		choice("tonnage_dues.licence_term", d.Term, LicenceTerms...)
		_, ok := ParseDay(string(d.LicenceUntil))
		add(d.LicenceUntil != "" && !ok, "tonnage_dues.licence_until", "day", string(d.LicenceUntil))
	}
	if s := call.Special; s != nil {
		add(s.Voyages != nil && (*s.Voyages < 0 || *s.Voyages > mostJobs), "special_port_fee.charged_voyages", "negative", "")
	}
	out = append(out, c.checkCollectors(call.Collectors)...)
	return append(out, c.checkEnabled(call.Enabled)...)
}

func chosen(path, value string, allowed []string) InputFault {
	known := slices.DeleteFunc(slices.Clone(allowed), func(s string) bool { return s == "" })
	return InputFault{Path: path, Reason: "choice", Value: value, Known: strings.Join(known, ", ")}
}

// isShip reports whether a ship calls: something is done for it, or it is
// described. The name of a ship beside boxes is where they are, no call.
func (c *Call) isShip() bool {
	ship := c.Ship
	ship.Name, ship.IMO = "", ""
	return c.Pilotage != nil || c.Tugs != nil || c.Berth != nil || c.Boom > 0 || c.Dues != nil || ship != Ship{}
}

// Collectors are the bodies that may be named for an item: those that have
// prices of their own, of all times, and last the one of the item, which
// stands for every other.
func (c *Catalogue) Collectors(item string) []string {
	var out []string
	for _, r := range c.rates[item] {
		if by := r.Stated.Collector; by != "" && !slices.Contains(out, by) {
			out = append(out, by)
		}
	}
	slices.Sort(out)
	if it := c.items[item]; it != nil && !slices.Contains(out, it.Collector) {
		out = append(out, it.Collector)
	}
	return out
}

func (c *Catalogue) checkCollectors(named map[string]string) []InputFault {
	var out []InputFault
	for _, item := range slices.Sorted(maps.Keys(named)) {
		switch known := c.Collectors(item); {
		case len(known) == 0:
			out = append(out, chosen("collectors", item, slices.Sorted(maps.Keys(c.rates))))
		case !slices.Contains(known, named[item]):
			out = append(out, chosen("collectors."+item, named[item], known))
		}
	}
	return out
}

// order compares the times of a stay that are stated; one that is not is what
// a line needs, not a fault.
func (s *Berth) order() []InputFault {
	var out []InputFault
	later := func(a, b time.Time) bool { return !a.IsZero() && !b.IsZero() && a.After(b) }
	if later(s.From, s.To) || !s.From.IsZero() && !s.To.IsZero() && s.To.Sub(s.From) > longestStay {
		out = append(out, InputFault{Path: "berth.to", Reason: "order"})
	}
	if later(s.From, s.CargoDone) || later(s.CargoDone, s.To) {
		out = append(out, InputFault{Path: "berth.cargo_completed", Reason: "order"})
	}
	return out
}

// Bounds that no call reaches; they keep arithmetic and answers small.
const (
	mostJobs    = 100
	mostBoxes   = 100_000
	longestStay = 10 * 366 * 24 * time.Hour
)

const (
	homePort          = "CNDLC"
	international     = "international"
	domestic          = "domestic"
	general           = "general"
	dangerousOrReefer = "class1_dangerous_or_reefer"
)

// covers reports whether the trade of a row covers the trade of a call; cargo
// rows say foreign for international.
func covers(row, trade string) bool {
	return row == "both" || row == "" || row == trade || row == "foreign" && trade == international
}
