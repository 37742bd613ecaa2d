package wording

import (
	"strings"

	"kouan/i18n"
	"kouan/tariffs"
)

// Name is a word of the catalogue's rows as a page shows it: in the reader's
// language where there is a translation, else the original, with the language
// that it is in for a lang attribute.
type Name struct {
	Text     string
	Lang     i18n.Lang
	Original string // the Chinese one, which prevails
	// Status of the translation: proposed, seen, reviewed, official, or stale
	// when the original has changed since; empty for an original.
	Status string
}

// Foreign reports that the text is in another language than the page's.
func (n Name) Foreign(page i18n.Lang) bool { return n.Lang != page }

// Stale is the computed status of a translation whose original has changed.
const Stale = "stale"

// ItemName is the name of a charge.
func (w Words) ItemName(code string) Name {
	it := w.c.Item(code)
	if it == nil {
		return Name{Text: code, Lang: w.Lang()}
	}
	n := w.named(it.Term(), it.NameZH)
	if built := tariffs.BuiltIn().Item(code); n.Status != "" && built != nil && built.NameZH != it.NameZH {
		n.Status = Stale // an edition gave the charge another name
	}
	return n
}

// TermName is a word of the term base: a ship's type, a state, a heading.
func (w Words) TermName(key string) Name {
	t := tariffs.Terms()[key]
	if t == nil {
		return Name{Text: key, Lang: w.Lang()}
	}
	return w.named(t, t.Texts[string(i18n.ZhHans)])
}

// ChoiceName is the word for what a cell of a row says: import, laden, a ship's type.
func (w Words) ChoiceName(value string) Name {
	if key := choices[value]; key != "" {
		return w.TermName(key)
	}
	return Name{Text: w.choice(value), Lang: w.Lang()}
}

// ComponentName is the part of a charge. 1A is the number of a table and the
// same everywhere; some parts are described.
func (w Words) ComponentName(component string) Name {
	if strings.Contains(component, " ") {
		return w.Remark(component)
	}
	return Name{Text: component, Lang: w.Lang()}
}

// InstrumentName is the title of a legal text. Every translation of a title is
// ours.
func (w Words) InstrumentName(id string) Name {
	in := w.c.Instrument(id)
	if in == nil {
		return Name{Text: id, Lang: w.Lang()}
	}
	return w.bilingual(in.TitleZH, in.TitleEN)
}

// named is a term in the language of the words; without a term, or without a
// translation, the original stands for itself.
func (w Words) named(t *tariffs.Term, original string) Name {
	text := ""
	if t != nil {
		text = t.Texts[string(w.Lang())]
	}
	if w.Lang() == i18n.ZhHans || text == "" {
		return Name{Text: original, Lang: i18n.ZhHans, Original: original}
	}
	n := Name{Text: text, Lang: w.Lang(), Original: original, Status: t.Status[string(w.Lang())]}
	if t.Stale() {
		n.Status = Stale
	}
	return n
}

// Said is the status of a name in words; for an original that stands in for a
// missing translation it says so.
func (w Words) Said(n Name) string {
	switch {
	case n.Status != "":
		return w.slug("fee_translation.", n.Status, nil)
	case n.Original != "" && n.Lang != w.Lang():
		return w.Text("fee_translation.none", nil)
	}
	return ""
}
