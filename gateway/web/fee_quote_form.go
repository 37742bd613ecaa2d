package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/strictjson"
	"kouan/tariffs"
)

// Faults that only the form of a call can have.
const (
	codeFormTime  = "FEE-1150" // no time as the form takes it; args: value
	codeFormWhole = "FEE-1151" // no whole number, or too large; args: value, limit
	codeFormOther = "FEE-1152" // a comparison without another day or terminal
	codeFormDay   = "FEE-1153" // no day by which rates could be chosen
	codeFormEmpty = "FEE-1154" // nothing chosen where a choice is needed
)

const (
	mostWhole  = 100 // tugs, shifts: no call has more
	mostCount  = 100_000
	boxLines   = 4   // of the empty form
	mostBoxes  = 40  // that a form takes
	mostYearly = 366 // calls in a year
)

// callForm reads the form of a call. What cannot be read is a fault at its
// field; what is left out stays unknown.
type callForm struct {
	v      *visit
	form   url.Values
	faults []Fault

	free     *int // free days in the yard, once they are read
	freeRead bool
}

func (f *callForm) get(name string) string { return strings.TrimSpace(f.form.Get(name)) }

func (f *callForm) on(name string) bool { return f.get(name) != "" }

func (f *callForm) fault(code, name string, pairs ...string) {
	f.faults = append(f.faults, fault(f.v, code, name, pairs...))
}

// whole is a number without decimals; nil when the field is empty.
func (f *callForm) whole(name string, limit int) *int {
	s := f.get(name)
	if s == "" {
		return nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > limit || s[0] == '+' {
		f.fault(codeFormWhole, name, "value", strictjson.Shown(s), "limit", strconv.Itoa(limit))
		return nil
	}
	return &n
}

func (f *callForm) count(name string, limit int) int {
	if n := f.whole(name, limit); n != nil {
		return *n
	}
	return 0
}

// formTimes are the ways in which a time at the port may be written.
var formTimes = []string{formTime, "2006-01-02 15:04", time.DateOnly}

func (f *callForm) time(name string) time.Time {
	s := f.get(name)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range formTimes {
		if t, err := time.ParseInLocation(layout, s, port); err == nil {
			return t
		}
	}
	f.fault(codeFormTime, name, "value", strictjson.Shown(s))
	return time.Time{}
}

// hours is a length of time in hours with at most three decimals; ok is false
// when the field is empty or cannot be read.
func (f *callForm) hours(name string) (time.Duration, bool) {
	s := f.get(name)
	if s == "" {
		return 0, false
	}
	m, ok := tariffs.ParseMeasure(s)
	if !ok || m > 1_000_000_000 { // a century; beyond it a duration would overflow
		f.fault(tariffs.CodeNumber, name, "value", strictjson.Shown(s))
		return 0, false
	}
	return time.Duration(m) * time.Hour / 1000, true
}

// yesNo is an answer to a question without a default.
func (f *callForm) yesNo(name string) *bool {
	switch f.get(name) {
	case "yes":
		return new(true)
	case "no":
		return new(false)
	}
	return nil
}

// call is the table of contents of the form.
func (f *callForm) call() tariffs.Call {
	call := tariffs.Call{On: tariffs.Day(f.get("on")), Trade: f.get("trade"), Terminal: f.get("terminal"), Arrival: f.time("arrival"), Boom: f.count("boom", mostWhole),
		Ship: tariffs.Ship{Name: f.get("name"), Type: f.get("type"), NT: f.get("nt"), GT: f.get("gt"), LOA: f.get("loa"), Flag: f.get("flag")}}
	if f.isShip() {
		f.pilots(&call)
		f.berth(&call)
		if call.Trade != "domestic" {
			call.Dues = &tariffs.DuesAsk{RateKind: f.get("kind"), Term: f.get("term"), LicenceUntil: tariffs.Day(f.get("licence"))}
			call.Special = f.special()
			if _, ok := tariffs.ParseDay(f.get("licence")); !ok && f.on("licence") {
				f.fault(tariffs.CodeDay, "licence", "value", strictjson.Shown(f.get("licence")))
			}
		}
	}
	call.Boxes, call.Cargo = f.boxes(), f.cargo()
	call.Volumes = tariffs.Volumes45{Box: f.get("inner_volume"), Listed: f.get("inner_volume_40")}
	call.Collectors = f.collectors()
	return call
}

// isShip reports whether the form asks about a ship's call, or about a
// shipment of boxes alone.
func (f *callForm) isShip() bool {
	return slices.ContainsFunc([]string{"nt", "gt", "loa", "type", "stay", "tugs_in", "tugs_out", "shifts", "anchorage"}, f.on)
}

func (f *callForm) pilots(call *tariffs.Call) {
	p := tariffs.Pilotage{In: f.on("pilot_in"), Out: f.on("pilot_out"), Shifts: f.count("shifts", mostWhole), Night: f.on("night"), Holiday: f.on("holiday")}
	if p.In || p.Out || p.Shifts > 0 {
		call.Pilotage = &p
	}
	call.Tugs = &tariffs.Tugs{In: f.whole("tugs_in", mostWhole), Out: f.whole("tugs_out", mostWhole)}
}

func (f *callForm) berth(call *tariffs.Call) {
	stay, stays := f.hours("stay")
	done, ends := f.hours("done")
	if !stays && !f.on("anchorage") {
		return
	}
	b := &tariffs.Berth{IdleReason: f.get("idle"), PortCaused: f.on("port_caused"), Anchorage: f.get("anchorage")}
	if stays && !call.Arrival.IsZero() {
		b.From, b.To = call.Arrival, call.Arrival.Add(stay)
		call.Leaving = b.To
		if ends {
			b.CargoDone = call.Arrival.Add(done)
		}
	} else if stays && len(f.faults) == 0 {
		f.fault(codeFormDay, "arrival")
	}
	call.Berth = b
}

// special: “no to all five” answers each of them; nothing is assumed else.
func (f *callForm) special() *tariffs.Special {
	s := &tariffs.Special{BuiltCN: f.yesNo("built_cn"), Repair: f.yesNo("repair"), Exempted: f.yesNo("exempted"), FirstPort: f.yesNo("first_port"), Voyages: f.whole("voyages", mostWhole)}
	if f.get("us") == "no" {
		s.Owner, s.Operator, s.Equity, s.Flag, s.BuiltUS = new(false), new(false), new(false), new(false), new(false)
		return s
	}
	s.Owner, s.Operator, s.Equity, s.Flag, s.BuiltUS = f.yesNo("us_owner"), f.yesNo("us_operator"), f.yesNo("us_equity"), f.yesNo("us_flag"), f.yesNo("built_us")
	return s
}

func (f *callForm) boxes() []tariffs.Boxes {
	var out []tariffs.Boxes
	for i := range mostBoxes {
		at := "b" + strconv.Itoa(i+1) + "_"
		n := f.whole(at+"count", mostCount)
		if n == nil || *n == 0 {
			continue
		}
		b := tariffs.Boxes{Count: *n, Size: f.get(at + "size"), State: f.get(at + "state"), Direction: f.get(at + "way"), Class: f.get(at + "class"), Rule45: f.get(at + "rule"), Yard: f.yardOf(at)}
		out = append(out, b)
	}
	return out
}

// fieldOf is the field that a member of a call came from; empty: none.
func fieldOf(path string) string {
	if field, ok := fieldOfCargo(path); ok {
		return field
	}
	if item, ok := strings.CutPrefix(path, "collectors."); ok {
		return collectorField + item
	}
	return fieldsOfCall[path]
}

// fieldsOfCall are the fields by the members of a call that they fill.
var fieldsOfCall = map[string]string{
	"on": "on", "trade": "trade", "terminal": "terminal", "arrival": "arrival", "departure": "stay",
	"ship.net_tonnage": "nt", "ship.gross_tonnage": "gt", "ship.length_overall_m": "loa", "ship.type": "type",
	"pilotage.shifts": "shifts", "tugs.in": "tugs_in", "tugs.out": "tugs_out",
	"berth.from": "stay", "berth.to": "stay", "berth.cargo_completed": "done", "berth.idle_reason": "idle", "berth.anchorage_hours": "anchorage",
	"boom_uses": "boom", "tonnage_dues.rate_kind": "kind", "tonnage_dues.licence_term": "term", "tonnage_dues.licence_until": "licence",
	"special_port_fee.us_owner": "us_owner", "special_port_fee.us_operator": "us_operator", "special_port_fee.us_equity_25": "us_equity",
	"special_port_fee.us_flag": "us_flag", "special_port_fee.built_in_us": "built_us", "special_port_fee.built_in_cn": "built_cn",
	"special_port_fee.first_chinese_port": "first_port", "special_port_fee.charged_voyages": "voyages",
}

// formOf fills the form from a call, so that a quotation can be changed.
func formOf(call *tariffs.Call) url.Values {
	f := url.Values{}
	set := func(name, value string) {
		if value != "" {
			f.Set(name, value)
		}
	}
	number := func(name string, n *int) {
		if n != nil {
			f.Set(name, strconv.Itoa(*n))
		}
	}
	answer := func(name string, b *bool) {
		if b != nil {
			f.Set(name, map[bool]string{true: "yes", false: "no"}[*b])
		}
	}
	tick := func(name string, on bool) {
		if on {
			f.Set(name, "1")
		}
	}
	set("on", string(call.On))
	set("trade", call.Trade)
	set("terminal", call.Terminal)
	set("name", call.Ship.Name)
	set("type", call.Ship.Type)
	set("nt", call.Ship.NT)
	set("gt", call.Ship.GT)
	set("loa", call.Ship.LOA)
	set("flag", call.Ship.Flag)
	if !call.Arrival.IsZero() {
		set("arrival", call.Arrival.In(port).Format(formTime))
	}
	if p := call.Pilotage; p != nil {
		tick("pilot_in", p.In)
		tick("pilot_out", p.Out)
		tick("night", p.Night)
		tick("holiday", p.Holiday)
		if p.Shifts > 0 {
			number("shifts", &p.Shifts)
		}
	}
	if t := call.Tugs; t != nil {
		number("tugs_in", t.In)
		number("tugs_out", t.Out)
	}
	if b := call.Berth; b != nil {
		if !b.From.IsZero() && !b.To.IsZero() {
			set("stay", hoursOf(b.To.Sub(b.From)))
		}
		if !b.CargoDone.IsZero() && !b.From.IsZero() {
			set("done", hoursOf(b.CargoDone.Sub(b.From)))
		}
		set("idle", b.IdleReason)
		set("anchorage", b.Anchorage)
		tick("port_caused", b.PortCaused)
	}
	for item, body := range call.Collectors {
		set(collectorField+item, body)
	}
	if call.Boom > 0 {
		number("boom", &call.Boom)
	}
	if d := call.Dues; d != nil {
		set("kind", d.RateKind)
		set("term", d.Term)
		set("licence", string(d.LicenceUntil))
	}
	if s := call.Special; s != nil {
		if isNo(s.Owner) && isNo(s.Operator) && isNo(s.Equity) && isNo(s.Flag) && isNo(s.BuiltUS) {
			set("us", "no")
		}
		for name, b := range map[string]*bool{"us_owner": s.Owner, "us_operator": s.Operator, "us_equity": s.Equity, "us_flag": s.Flag, "built_us": s.BuiltUS,
			"built_cn": s.BuiltCN, "repair": s.Repair, "exempted": s.Exempted, "first_port": s.FirstPort} {
			answer(name, b)
		}
		number("voyages", s.Voyages)
	}
	for i := range call.Boxes[:min(len(call.Boxes), mostBoxes)] {
		b, at := &call.Boxes[i], "b"+strconv.Itoa(i+1)+"_"
		number(at+"count", &b.Count)
		set(at+"size", b.Size)
		set(at+"state", b.State)
		set(at+"way", b.Direction)
		set(at+"class", b.Class)
	}
	formOfCargo(call, set)
	return f
}

// isWhole reports whether the form can say all that a call says: programs
// know more than it has fields.
func isWhole(v *visit, call *tariffs.Call) bool {
	f := &callForm{v: v, form: formOf(call)}
	again := f.call()
	before, err := json.Marshal(call, json.Deterministic(true))
	if err != nil {
		return false
	}
	after, err := json.Marshal(&again, json.Deterministic(true))
	return err == nil && len(f.faults) == 0 && string(before) == string(after)
}

func isNo(b *bool) bool { return b != nil && !*b }

// hoursOf writes a length of time as the form takes it.
func hoursOf(d time.Duration) string { return tariffs.Measure(d * 1000 / time.Hour).String() }
