package web

import (
	"net/url"
	"strconv"
	"strings"

	"kouan/tariffs"
)

// quoteField is one field of the form of a call: label, hint, fault, input,
// and which lines it serves, in this order.
type quoteField struct {
	Name, Label, Hint, Uses, Value string
	Kind                           string // text, decimal, number, time, day, list, tick
	Class                          string
	Empty                          string // first option of a list: nothing chosen
	Options                        []feeChoice
	Fault                          *Fault
}

// quoteSection is a part of the form. One that is folded opens when it holds
// a fault or an answer.
type quoteSection struct {
	Title, Lede string
	Fields      []quoteField
	Pairs       bool
	Folded      bool
	Open        bool
}

// fieldMaker builds fields in the words of the page.
type fieldMaker struct {
	*feeBase
	was    url.Values
	faults []Fault
}

// field makes a field; uses are the charges whose lines need it.
func (m *fieldMaker) field(name, kind, class string, uses ...string) quoteField {
	f := quoteField{Name: name, Kind: kind, Class: class, Value: m.was.Get(name), Label: m.label(name), Hint: m.maybe("fee_hint." + name)}
	for i, code := range uses {
		if i > 0 {
			f.Uses += separator(m.words.Lang())
		}
		f.Uses += m.words.Item(code)
	}
	for i := range m.faults {
		if m.faults[i].Path == name {
			f.Fault = &m.faults[i]
			break
		}
	}
	return f
}

func (m *fieldMaker) list(name string, options []feeChoice, uses ...string) quoteField {
	f := m.field(name, "list", "", uses...)
	f.Options, f.Empty = options, m.words.Text("page.quote.not_stated", nil)
	return f
}

func (m *fieldMaker) answers(name string, uses ...string) quoteField {
	return m.list(name, choices(m.was.Get(name), "yes", m.words.Text("page.yes", nil), "no", m.words.Text("page.no", nil)), uses...)
}

// labelTerms are the fields whose label is a word of the trade.
var labelTerms = map[string]string{"nt": "ship.nt", "gt": "ship.gt", "loa": "ship.loa", "type": "ship.type", "flag": "ship.flag", "name": "ship.name", "terminal": "place.terminal"}

// label is that of a field, also where a line says what it needs.
func (b *feeBase) label(field string) string {
	if key := labelTerms[field]; key != "" {
		text := upper(b.words.Term(key))
		if field == "loa" {
			text += " (m)"
		}
		return text
	}
	if item, ok := strings.CutPrefix(field, collectorField); ok {
		return b.words.Labelled(upper(b.words.Term("ui.collector")), b.words.Item(item))
	}
	if text := b.lineLabel(field); text != "" {
		return text
	}
	return b.words.Text("fee_field."+field, nil)
}

// maybe is a text that a field may have or not.
func (b *feeBase) maybe(key string) string {
	if text := b.words.Text(key, nil); text != key {
		return text
	}
	return ""
}

// sections is the form from top to bottom.
func (m *fieldMaker) sections() []quoteSection {
	w := m.words
	var terminals []feeChoice
	for i := range m.Edition.Catalogue.Terminals {
		t := &m.Edition.Catalogue.Terminals[i]
		name, lang := m.terminalName(t.Code)
		distance := w.Term("ui.not_on_file")
		if t.Known {
			distance = w.Number(t.Distance.String()) + "\u00a0nm"
		}
		terminals = append(terminals, feeChoice{t.Code, name + ", " + distance, t.Code == m.was.Get("terminal"), lang})
	}
	types := choices(m.was.Get("type"), tariffs.ShipTypes[0], w.Term("ship.type.container"), tariffs.ShipTypes[1], w.Term("ship.type.tanker"), tariffs.ShipTypes[2], w.Term("ship.type.bulk"))
	trades := choices(m.was.Get("trade"), "international", w.Term("trade.intl_line"), "domestic", w.Term("trade.dom_line"))
	trade := m.list("trade", trades)
	trade.Label, trade.Empty = w.Text("page.fees.trade", nil), ""
	tonnage := []string{"PILOTAGE", "SHIFTING", "BERTH_WORKING", "BERTH_IDLE", "TONNAGE_DUES", "SPECIAL_PORT_FEE"}
	list := []quoteSection{
		{Title: w.Text("page.quote.ship", nil), Fields: []quoteField{m.field("nt", "decimal", "short", tonnage...), m.field("loa", "decimal", "tiny", "TOWAGE"),
			m.list("type", types, "TOWAGE"), m.field("name", "text", "")}},
		{Title: w.Text("page.quote.call", nil), Fields: []quoteField{trade, m.list("terminal", terminals, "PILOTAGE"), m.field("arrival", "time", "", "BERTH_WORKING"), m.field("on", "day", "short")}},
		{Pairs: true, Fields: []quoteField{m.field("stay", "decimal", "", "BERTH_WORKING"), m.field("shifts", "number", "", "SHIFTING"), m.field("tugs_in", "number", "", "TOWAGE"), m.field("tugs_out", "number", "", "TOWAGE")}},
		{Fields: []quoteField{m.field("pilot_in", "tick", "", "PILOTAGE"), m.field("pilot_out", "tick", "", "PILOTAGE")}},
		m.dues(), m.special(), m.questions(), m.idle(), m.boxes(), m.cargo(), m.storage(),
	}
	list = append(list, m.collectors()...)
	for i := range list {
		for j := range list[i].Fields {
			f := &list[i].Fields[j]
			list[i].Open = list[i].Open || f.Fault != nil || f.Value != ""
		}
	}
	return list
}

func (m *fieldMaker) dues() quoteSection {
	w := m.words
	var terms []string
	for _, t := range tariffs.LicenceTerms {
		terms = append(terms, t, w.Text("fee_term."+t, nil))
	}
	kinds := choices(m.was.Get("kind"), "preferential", w.Term("ui.preferential"), "ordinary", w.Term("ui.ordinary"))
	return quoteSection{Title: upper(w.Item("TONNAGE_DUES")), Fields: []quoteField{m.field("flag", "text", "short"), m.list("kind", kinds, "TONNAGE_DUES"), m.list("term", choices(m.was.Get("term"), terms...), "TONNAGE_DUES"), m.field("licence", "day", "short", "TONNAGE_DUES")}}
}

func (m *fieldMaker) special() quoteSection {
	w := m.words
	us := m.list("us", choices(m.was.Get("us"), "no", w.Text("page.quote.us_no", nil), "each", w.Text("page.quote.us_each", nil)), "SPECIAL_PORT_FEE")
	return quoteSection{Title: upper(w.Item("SPECIAL_PORT_FEE")), Lede: w.Text("page.quote.special", nil), Fields: []quoteField{us}}
}

// questions are those of the special port fee one by one, and its exemptions.
func (m *fieldMaker) questions() quoteSection {
	s := quoteSection{Title: m.words.Text("page.quote.special_each", nil), Folded: true}
	for _, name := range []string{"us_owner", "us_operator", "us_equity", "us_flag", "built_us", "built_cn", "repair", "exempted", "first_port"} {
		s.Fields = append(s.Fields, m.answers(name))
	}
	s.Fields = append(s.Fields, m.field("voyages", "number", "tiny"))
	return s
}

func (m *fieldMaker) idle() quoteSection {
	w := m.words
	var reasons []string
	for _, r := range tariffs.IdleReasons {
		reasons = append(reasons, r, w.Text("fee_idle."+r, nil))
	}
	return quoteSection{Title: w.Text("page.quote.idle", nil), Folded: true, Fields: []quoteField{m.list("idle", choices(m.was.Get("idle"), reasons...), "BERTH_IDLE"), m.field("done", "decimal", "tiny", "BERTH_IDLE"),
		m.field("port_caused", "tick", "", "BERTH_WORKING"), m.field("anchorage", "decimal", "tiny", "ANCHORAGE"), m.field("night", "tick", "", "PILOTAGE", "SHIFTING"), m.field("holiday", "tick", "", "PILOTAGE", "SHIFTING"),
		m.field("boom", "number", "tiny", "BOOM"), m.field("gt", "decimal", "short")}}
}

func (m *fieldMaker) boxes() quoteSection {
	w := m.words
	s := quoteSection{Title: w.Text("page.quote.boxes", nil), Lede: w.Text("page.quote.boxes_lede", nil), Folded: true, Pairs: true}
	for i := range m.lines("b", boxLines, mostBoxes, "count") {
		at := "b" + strconv.Itoa(i+1) + "_"
		uses := lineUses(i, "CARGO_DUES", "HANDLING_ALL_IN", "YARD")
		count := m.field(at+"count", "number", "", uses...)
		count.Label = strconv.Itoa(i+1) + ". " + count.Label
		s.Fields = append(s.Fields, count,
			m.list(at+"size", choices(m.was.Get(at+"size"), "20", w.Term("cargo.container20"), "40", w.Term("cargo.container40"), "45", w.Term("cargo.container45")), uses...),
			m.list(at+"state", choices(m.was.Get(at+"state"), "laden", w.Term("cargo.laden"), "empty", w.Term("cargo.empty"), "folded", w.Text("fee_class.folded", nil)), uses...),
			m.ways(at, uses),
			m.list(at+"class", choices(m.was.Get(at+"class"), "general", w.Text("fee_class.general", nil), "class1_dangerous_or_reefer", w.Text("fee_class.class1_dangerous_or_reefer", nil)), uses...),
			m.list(at+"rule", choices(m.was.Get(at+"rule"), "as_40", w.Text("fee_class.as_40", nil), "volume", w.Text("fee_class.by_volume", nil)), uses...),
			m.field(at+"yard_from", "time", "", lineUses(i, "YARD")...), m.field(at+"yard_to", "time", "", lineUses(i, "YARD")...))
	}
	return s
}
