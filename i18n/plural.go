package i18n

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Category is a plural category of CLDR.
type Category string

// The categories that our languages have for numbers that count.
const (
	One   Category = "one"
	Few   Category = "few"
	Many  Category = "many"
	Other Category = "other"
)

// rule is the category of a number by its digits: i is its whole part (of a
// long one the end), decimals whether it shows any.
type rule func(i uint64, decimals bool) Category

// grammar is what a language does with numbers that count. The rules are
// those of CLDR 46, common/supplemental/plurals.xml, type cardinal; x/text has
// CLDR 32, before French got "many" (1 000 000 de lignes).
type grammar struct {
	categories []Category
	rule       rule
}

var grammars = map[Lang]grammar{
	ZhHans: uncounted, Ja: uncounted, Ko: uncounted,
	En: germanic, De: germanic,
	Fr: {[]Category{One, Many, Other}, french},
	Ru: {[]Category{One, Few, Many, Other}, russian},
}

var (
	uncounted = grammar{[]Category{Other}, func(uint64, bool) Category { return Other }}
	germanic  = grammar{[]Category{One, Other}, func(i uint64, decimals bool) Category {
		if i == 1 && !decimals {
			return One
		}
		return Other
	}}
)

// french: 0 and 1 with whatever decimals; full millions.
func french(i uint64, decimals bool) Category {
	switch {
	case i <= 1:
		return One
	case i%1_000_000 == 0 && !decimals:
		return Many
	}
	return Other
}

func russian(i uint64, decimals bool) Category {
	unit, teen := i%10, i%100 >= 11 && i%100 <= 14
	switch {
	case decimals:
		return Other
	case unit == 1 && !teen:
		return One
	case unit >= 2 && unit <= 4 && !teen:
		return Few
	}
	return Many
}

// Categories are the plural categories that a text with forms needs in a language.
func Categories(lang Lang) []Category { return grammars[lang].categories }

// forms are the texts of one key by category.
type forms struct {
	by    string // the argument that counts
	group string // sign between thousands, in case the number is already written out
	rule  rule
	texts map[Category]text
}

// counted is the name of the counting argument where a text marks none.
const counted = "count"

// parseForms reads the forms of a text: exactly those of its language, all
// with the same placeholders.
func parseForms(m *i18n.Message, lang Lang, group string) (text, error) {
	g := grammars[lang]
	given := map[Category]string{One: m.One, Few: m.Few, Many: m.Many, Other: m.Other}
	if m.Zero != "" || m.Two != "" {
		return text{}, fmt.Errorf("%s has no zero or two", lang)
	}
	f := &forms{by: counted, group: group, rule: g.rule, texts: map[Category]text{}}
	for _, c := range g.categories {
		if given[c] == "" {
			return text{}, fmt.Errorf("form %q is missing", c)
		}
		t, err := parseText(given[c])
		if err != nil {
			return text{}, err
		}
		if t.mark != "" {
			f.by = t.mark
		}
		f.texts[c] = t
		delete(given, c)
	}
	for c, message := range given {
		if message != "" {
			return text{}, fmt.Errorf("%s has no form %q", lang, c)
		}
	}
	whole := f.texts[Other]
	for c, t := range f.texts {
		if strings.Join(t.names(), " ") != strings.Join(whole.names(), " ") || t.mark != whole.mark {
			return text{}, fmt.Errorf("form %q has other placeholders than %q", c, Other)
		}
	}
	whole.forms = f
	return whole, nil
}

// of is the form for the number among the arguments; what is no number is Other.
func (f *forms) of(args map[string]string) text {
	number := strings.TrimPrefix(args[f.by], "-")
	if f.group != "" {
		number = strings.ReplaceAll(number, f.group, "")
	}
	whole, _, decimals := strings.Cut(number, ".")
	whole = strings.TrimLeft(whole, "0")
	if !allDigits(whole) || number == "" {
		return f.texts[Other]
	}
	big := uint64(0)
	if end := len(whole) - 12; end > 0 { // no rule looks further back
		whole, big = whole[end:], 1_000_000_000_000
	}
	i, err := strconv.ParseUint("0"+whole, 10, 64)
	if err != nil {
		return f.texts[Other]
	}
	return f.texts[f.rule(i+big, decimals)]
}

// Plural is a text that counts n things, in the form that the language has
// for n. The number itself fills the placeholder that counts, written as the
// language writes numbers.
func (p Printer) Plural(key string, n int64, args map[string]string) string {
	by := counted
	if p.words != nil {
		if t := p.words.texts[key]; t.forms != nil {
			by = t.forms.by
		}
	}
	all := make(map[string]string, len(args)+1)
	maps.Copy(all, args)
	all[by] = p.Number(strconv.FormatInt(n, 10))
	return p.Text(key, all)
}
