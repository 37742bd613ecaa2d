package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/tariffs"
)

const (
	cargoLines = 2  // of the empty form
	mostCargo  = 20 // that a form takes
	mostFree   = 3660
)

// yardOf is how long a line of boxes or cargo lies in the yard; nil when
// neither time is stated. The free time is agreed once for all lines.
func (f *callForm) yardOf(at string) *tariffs.Yard {
	if !f.on(at+"yard_from") && !f.on(at+"yard_to") {
		return nil
	}
	return &tariffs.Yard{From: f.time(at + "yard_from"), To: f.time(at + "yard_to"), FreeDays: f.freeDays()}
}

// freeDays is read once, that a fault in it is told once.
func (f *callForm) freeDays() *int {
	if !f.freeRead {
		f.free, f.freeRead = f.whole("free_days", mostFree), true
	}
	return f.free
}

func (f *callForm) cargo() []tariffs.Cargo {
	var out []tariffs.Cargo
	for i := range mostCargo {
		at := "c" + strconv.Itoa(i+1) + "_"
		if !slices.ContainsFunc([]string{"class", "way", "tonnes", "cubic"}, func(name string) bool { return f.on(at + name) }) {
			continue
		}
		out = append(out, tariffs.Cargo{Class: f.get(at + "class"), Direction: f.get(at + "way"), Tonnes: f.get(at + "tonnes"), Cubic: f.get(at + "cubic"), Yard: f.yardOf(at)})
	}
	return out
}

// formOfCargo fills the fields of storage, 45 ft and other cargo from a call.
func formOfCargo(call *tariffs.Call, set func(name, value string)) {
	yard := func(at string, y *tariffs.Yard) {
		if y == nil {
			return
		}
		for name, t := range map[string]time.Time{"yard_from": y.From, "yard_to": y.To} {
			if !t.IsZero() {
				set(at+name, t.In(port).Format(formTime))
			}
		}
		if y.FreeDays != nil {
			set("free_days", strconv.Itoa(*y.FreeDays))
		}
	}
	set("inner_volume", call.Volumes.Box)
	set("inner_volume_40", call.Volumes.Listed)
	for i := range call.Boxes[:min(len(call.Boxes), mostBoxes)] {
		b, at := &call.Boxes[i], "b"+strconv.Itoa(i+1)+"_"
		set(at+"rule", b.Rule45)
		yard(at, b.Yard)
	}
	for i := range call.Cargo[:min(len(call.Cargo), mostCargo)] {
		c, at := &call.Cargo[i], "c"+strconv.Itoa(i+1)+"_"
		set(at+"class", c.Class)
		set(at+"way", c.Direction)
		set(at+"tonnes", c.Tonnes)
		set(at+"cubic", c.Cubic)
		yard(at, c.Yard)
	}
}

// cargoNames are the fields of a line by the members of a call that they
// fill; those without a line of their own stand once in the form.
var cargoNames = map[string]string{
	"boxes.count": "count", "boxes.size": "size", "boxes.state": "state", "boxes.direction": "way", "boxes.cargo_class": "class", "boxes.rule_45": "rule",
	"cargo.cargo_class": "class", "cargo.direction": "way", "cargo.tonnes": "tonnes", "cargo.cubic_metres": "cubic", "yard.from": "yard_from", "yard.to": "yard_to",
}

var cargoOnce = map[string]string{"volumes_45.inner_volume_m3": "inner_volume", "volumes_45.inner_volume_40_m3": "inner_volume_40", "yard.free_days": "free_days"}

// fieldOfCargo is the field of a member of boxes or cargo, of one line
// (boxes[0].yard.to) or, in what a line of the estimate needs, of any (yard.to).
func fieldOfCargo(path string) (field string, ok bool) {
	list, member, ok := strings.Cut(path, ".")
	if !ok {
		return "", false
	}
	list, index, _ := strings.Cut(list, "[")
	n, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
	if err != nil {
		n = 0
	}
	letter := "b"
	if list == "cargo" {
		letter = "c"
	}
	name := list + "." + member
	if strings.HasPrefix(member, "yard.") {
		name = member
	}
	if once := cargoOnce[name]; once != "" {
		return once, true
	}
	of := cargoNames[name]
	return letter + strconv.Itoa(n+1) + "_" + of, of != ""
}

// cargo is the part of the form about cargo that is not in boxes.
func (m *fieldMaker) cargo() quoteSection {
	w := m.words
	s := quoteSection{Title: w.Text("page.quote.cargo", nil), Lede: w.Text("page.quote.cargo_lede", nil), Folded: true, Pairs: true}
	for i := range m.lines("c", cargoLines, mostCargo, "class", "way", "tonnes", "cubic") {
		at := "c" + strconv.Itoa(i+1) + "_"
		var classes []string
		for _, class := range m.Edition.Catalogue.CargoClasses() {
			classes = append(classes, class, w.Text("fee_class."+class, nil))
		}
		uses := lineUses(i, "CARGO_DUES", "HANDLING_ALL_IN", "YARD")
		class := m.list(at+"class", choices(m.was.Get(at+"class"), classes...), uses...)
		class.Label = strconv.Itoa(i+1) + ". " + class.Label
		s.Fields = append(s.Fields, class, m.ways(at, uses), m.field(at+"tonnes", "decimal", "", uses...), m.field(at+"cubic", "decimal", "", uses...),
			m.field(at+"yard_from", "time", "", lineUses(i, "YARD")...), m.field(at+"yard_to", "time", "", lineUses(i, "YARD")...))
	}
	return s
}

// storage is what is agreed or known once for all lines.
func (m *fieldMaker) storage() quoteSection {
	return quoteSection{Title: m.words.Text("page.quote.storage", nil), Folded: true, Fields: []quoteField{m.field("free_days", "number", "tiny", "YARD"),
		m.field("inner_volume", "decimal", "tiny", "CARGO_DUES", "HANDLING_ALL_IN", "YARD"), m.field("inner_volume_40", "decimal", "tiny", "CARGO_DUES", "HANDLING_ALL_IN", "YARD")}}
}

// lines is how many lines of a part the form shows: those of an empty form,
// or up to the last one that says something.
func (m *fieldMaker) lines(letter string, least, most int, names ...string) int {
	for i := most; i > least; i-- {
		if slices.ContainsFunc(names, func(name string) bool { return m.was.Get(letter+strconv.Itoa(i)+"_"+name) != "" }) {
			return i
		}
	}
	return least
}

func (m *fieldMaker) ways(at string, uses []string) quoteField {
	w := m.words
	return m.list(at+"way", choices(m.was.Get(at+"way"), "import", w.Term("trade.import"), "export", w.Term("trade.export"), "transit", w.Text("fee_class.transit", nil)), uses...)
}

// lineUses are the charges that a field serves, told at the first of lines
// that are alike: four times the same would hide it.
func lineUses(line int, charges ...string) []string {
	if line > 0 {
		return nil
	}
	return charges
}

// lineLabel is the label of a field of a line of boxes or cargo; empty: it is
// of neither.
func (b *feeBase) lineLabel(field string) string {
	line, member, ok := strings.Cut(field, "_")
	if !ok || len(line) < 2 || line[1] < '1' || line[1] > '9' {
		return ""
	}
	return b.maybe("fee_field." + map[byte]string{'b': "box_", 'c': "cargo_"}[line[0]] + member)
}

// acrossDay is a day in the stay on which lines begin to be charged otherwise.
type acrossDay struct {
	On      tariffs.Day
	Changes []quoteChange
}

func (p *quotePage) across() []acrossDay {
	var out []acrossDay
	for i := range p.Q.Across {
		a := &p.Q.Across[i]
		day := acrossDay{On: a.On}
		for j := range a.Changes {
			day.Changes = append(day.Changes, p.change(&a.Changes[j]))
		}
		out = append(out, day)
	}
	return out
}
