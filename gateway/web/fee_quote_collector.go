package web

import (
	"strings"

	"kouan/i18n"
	"kouan/tariffs"
)

// collectorField is how the fields begin that name a charging body: the code
// of the charge follows.
const collectorField = "collector_"

// collectors are the bodies that the form names, by charge.
func (f *callForm) collectors() map[string]string {
	var out map[string]string
	for name := range f.form {
		item, ok := strings.CutPrefix(name, collectorField)
		if !ok || !f.on(name) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[item] = f.get(name)
	}
	return out
}

// collectors asks for the body of each charge for which several have prices
// of their own, or for none of them. Most lists have no such charge, and the
// form has no such part.
func (m *fieldMaker) collectors() []quoteSection {
	var s quoteSection
	for i := range m.Edition.Catalogue.Items {
		it := &m.Edition.Catalogue.Items[i]
		bodies := m.Edition.Catalogue.Collectors(it.Code)
		if len(bodies) < 2 && m.was.Get(collectorField+it.Code) == "" {
			continue
		}
		s.Fields = append(s.Fields, m.list(collectorField+it.Code, m.bodies(bodies, it, m.was.Get(collectorField+it.Code)), it.Code))
	}
	if len(s.Fields) == 0 {
		return nil
	}
	s.Title, s.Lede = upper(m.words.Term("ui.collector")), m.words.Text("page.quote.collectors", nil)
	return []quoteSection{s}
}

func (m *fieldMaker) bodies(names []string, of *tariffs.Item, chosen string) []feeChoice {
	out := make([]feeChoice, 0, len(names))
	for _, name := range names {
		c := feeChoice{Value: name, Text: m.words.Party(name), Here: name == chosen}
		if c.Text == name && name != of.Collector { // as its own list names it
			c.Lang = i18n.ZhHans
		}
		out = append(out, c)
	}
	return out
}
