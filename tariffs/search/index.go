package search

import (
	"cmp"
	"slices"
	"strings"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// What a text weighs: a code says most, then a name, and least what many
// charges have in common.
const (
	byCode   = 40
	byName   = 20
	byPart   = 8 // component
	byParent = 3
	byLaw    = 2
	byParty  = 2
	byCargo  = 2
)

// Index is a catalogue to search in. It does not change and may be used by
// many at once.
type Index struct {
	codes []string
	rows  map[string]int // code of a row as it is typed: the item
	words []word         // sorted, each once
	runs  []run
}

// word is a word of one language and the charges that have it.
type word struct {
	text, stem string
	lang       i18n.Lang
	at         []place
}

// run is a text in characters without blanks; a query of several characters
// is found inside it.
type run struct {
	text  string
	lang  i18n.Lang
	at    place
	alone bool // the text has nothing else
}

type place struct {
	item, weight int
}

// builder gathers the words of a catalogue.
type builder struct {
	x     *Index
	words map[[2]string]map[int]int // text and language; item: weight
	item  int
}

// New reads a catalogue.
func New(c *tariffs.Catalogue) *Index {
	b := &builder{x: &Index{rows: map[string]int{}}, words: map[[2]string]map[int]int{}}
	all := make([]wording.Words, 0, len(i18n.Languages()))
	for _, lang := range i18n.Languages() {
		all = append(all, wording.For(i18n.For(lang), c))
	}
	for i := range c.Items {
		b.item = i
		b.x.codes = append(b.x.codes, c.Items[i].Code)
		b.add(&c.Items[i], c, all)
	}
	for key, at := range b.words {
		w := word{text: key[0], lang: i18n.Lang(key[1])}
		w.stem = stem(w.text, w.lang)
		for item, weight := range at {
			w.at = append(w.at, place{item, weight})
		}
		slices.SortFunc(w.at, func(a, b place) int { return a.item - b.item })
		b.x.words = append(b.x.words, w)
	}
	slices.SortFunc(b.x.words, func(a, b word) int { return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.lang, b.lang)) })
	return b.x
}

// add gathers what one charge is found by.
func (b *builder) add(it *tariffs.Item, c *tariffs.Catalogue, all []wording.Words) {
	b.text(it.Code, "", byCode)
	b.text(it.NameZH, i18n.ZhHans, byName)
	b.text(it.NameEN, i18n.En, byName)
	var classes, laws []string
	for _, r := range c.RatesOf(it.Code) {
		b.text(r.Component, "", byPart)
		for _, class := range []string{r.CargoClass, r.ShipType} {
			if class != "" && !slices.Contains(classes, class) {
				classes = append(classes, class)
			}
		}
		laws = append(laws, r.Instrument)
		b.row(r.ID)
		if r.Stated.Collector != "" {
			b.text(r.Stated.Collector, i18n.ZhHans, byParty)
		}
	}
	switch it.Code {
	case "TONNAGE_DUES":
		for i := range c.Dues {
			b.row(c.Dues[i].ID)
		}
	case "SPECIAL_PORT_FEE":
		for i := range c.Special.Rates {
			b.row(c.Special.Rates[i].ID)
		}
	}
	for _, w := range all {
		lang := w.Lang()
		b.text(w.Item(it.Code), lang, byName)
		if it.Parent != "" {
			b.text(w.Item(it.Parent), lang, byParent)
		}
		b.text(w.Party(it.Collector), lang, byParty)
		b.text(w.Party(it.Payer), lang, byParty)
		for _, class := range classes {
			b.text(w.Conditions(&tariffs.Row{CargoClass: class}), lang, byCargo)
		}
	}
	b.text(it.Parent, "", byParent)
	laws = append(laws, strings.Split(it.LegalBasis, ";")...)
	for i, id := range laws {
		if n := c.Instrument(strings.TrimSpace(id)); n != nil && !slices.Contains(laws[:i], id) {
			b.text(n.ID, "", byLaw)
			b.text(n.Number, "", byLaw)
			b.text(n.TitleZH, i18n.ZhHans, byLaw)
			b.text(n.TitleEN, i18n.En, byLaw)
		}
	}
}

// row notes the code of a row of the charge.
func (b *builder) row(id string) { b.x.rows[strings.ToLower(id)] = b.item }

// text gathers the words of a text; without a language: of none.
func (b *builder) text(s string, lang i18n.Lang, weight int) {
	all := tokens(fold(s))
	for _, t := range all {
		if t.packed {
			b.x.runs = append(b.x.runs, run{t.text, lang, place{b.item, weight}, len(all) == 1})
			continue
		}
		b.word(t.text, lang, weight)
	}
	if lang == i18n.De { // Gebuehr is how one types Gebühr
		if typed := umlauts.Replace(strings.ToLower(s)); typed != strings.ToLower(s) {
			for _, t := range tokens(fold(typed)) {
				b.word(t.text, lang, weight)
			}
		}
	}
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

func (b *builder) word(text string, lang i18n.Lang, weight int) {
	key := [2]string{text, string(lang)}
	if b.words[key] == nil {
		b.words[key] = map[int]int{}
	}
	b.words[key][b.item] = max(b.words[key][b.item], weight)
}
