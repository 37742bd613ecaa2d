// Package wording puts the catalogue of port charges into the words of a
// language: items, units, parties, the steps of a quotation, verdicts on an
// account.
//
// Contract: For(printer, catalogue) answers with texts that may stand on a
// page, in a file or on a terminal alike. The words of the trade come from
// the term base (tables/terms.csv), sentences from i18n. Money always carries
// its ISO code, numbers are those of the language, and what is unknown is
// said to be unknown: it never becomes a zero or a blank. A slug without
// words is shown as it is.
//
// The package does not know who asks, and computes nothing.
package wording

import (
	"cmp"
	"strings"

	"kouan/i18n"
	"kouan/tariffs"
)

// Words are the texts of one language about one catalogue.
type Words struct {
	i18n.Printer
	c *tariffs.Catalogue
}

// For gives the words of a language.
func For(p i18n.Printer, c *tariffs.Catalogue) Words { return Words{p, c} }

// Term is a word of the term base; a key that it does not have is shown as it is.
func (w Words) Term(key string) string {
	if t := tariffs.Terms()[key]; t != nil {
		return cmp.Or(t.Texts[string(w.Lang())], t.Texts[string(i18n.ZhHans)])
	}
	return key
}

// slug is the text of a key that ends in a slug, or the slug itself.
func (w Words) slug(prefix, slug string, args map[string]string) string {
	if _, known := i18n.Placeholders(prefix + slug); !known {
		return slug
	}
	return w.Text(prefix+slug, args)
}

// Item is the name of a charge; in Chinese the one that prevails.
func (w Words) Item(code string) string {
	it := w.c.Item(code)
	switch {
	case it == nil:
		return code
	case w.Lang() == i18n.ZhHans:
		return it.NameZH
	}
	if t := it.Term(); t != nil {
		return t.Texts[string(w.Lang())]
	}
	return it.NameZH // the original, rather than a guess
}

// Translation says how sure the name of a charge is in the language; empty in Chinese.
func (w Words) Translation(code string) string { return w.Said(w.ItemName(code)) }

// unitKeys are the units whose text is not named by their code alone: a box
// by its size, and pieces by what is counted.
var unitKeys = map[string]string{
	"20": "BOX20", "21": "BOX40", "TOWAGE C62": "TUG", "BOOM C62": "USE",
	"CARGO_DUES MTQ": "MEASUREMENT_TON", "WINCHMAN MTQ": "MEASUREMENT_TON",
}

// Unit is what a rate is for: CNY per net ton and day.
func (w Words) Unit(item, code string) string {
	if code == "" {
		return ""
	}
	key := cmp.Or(unitKeys[item+" "+code], unitKeys[code], strings.ReplaceAll(code, ".", "_"))
	if _, known := i18n.Placeholders("fee_unit." + key); !known {
		return "CNY / " + code
	}
	return w.Text("fee_unit."+key, nil)
}

// Money is an amount with its ISO code.
func (w Words) Money(f tariffs.Fen) string { return w.Printer.Money(int64(f), "CNY") }

// Numbers writes each number of an expression as the language does: 60000 × 0.45.
func (w Words) Numbers(expression string) string {
	parts := strings.Split(expression, " ")
	for i := range parts {
		parts[i] = w.Number(parts[i])
	}
	return strings.Join(parts, " ")
}

// Party is a payer or a collector as the catalogue names it.
func (w Words) Party(name string) string {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '_'
		case r == ',':
			return -1
		}
		return r
	}, name)
	if _, known := i18n.Placeholders("fee_party." + slug); !known {
		return name
	}
	return w.Text("fee_party."+slug, nil)
}

// Sure is the word of verification.
func (w Words) Sure(word tariffs.Word) string {
	if word == "" {
		return ""
	}
	return w.Term("ui." + string(word))
}

// Basis is how a legal basis stands on a day.
func (w Words) Basis(status string) string {
	switch status {
	case "in_force", "superseded", "not_on_file":
		return w.Term("ui." + status)
	}
	return w.slug("fee_basis.", status, nil)
}

// signs are the marks between words of a language.
type signs struct{ comma, semicolon, colon string }

var marks = map[i18n.Lang]signs{
	i18n.ZhHans: {"，", "；", "："}, i18n.Ja: {"、", "；", "："},
	i18n.Fr: {", ", "\u00a0; ", "\u00a0: "},
}

func (w Words) marks() signs {
	if m, own := marks[w.Lang()]; own {
		return m
	}
	return signs{", ", "; ", ": "}
}

// Labelled is a label and what it says.
func (w Words) Labelled(label, text string) string { return label + w.marks().colon + text }

func (w Words) joined(parts []string) string { return strings.Join(parts, w.marks().semicolon) }
