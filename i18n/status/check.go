package status

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kouan/i18n"
)

// What Check finds.
const (
	CodeMissing     = "I18N-1001" // a language lacks a key
	CodeSurplus     = "I18N-1002" // a language has a key that the source lacks
	CodePlaceholder = "I18N-1003" // other placeholders than the source
	CodeForms       = "I18N-1004" // other plural categories than the language has
	CodeNoStatus    = "I18N-1005" // no line in the book
	CodeGone        = "I18N-1006" // a line of a key that is gone
	CodeStale       = "I18N-1007" // the source has changed; a warning
)

// Finding is one thing wrong with the catalogues or their book, as data.
type Finding struct {
	Code string            `json:"code"`
	Key  string            `json:"key"`
	Lang i18n.Lang         `json:"language,omitzero"` // empty: of all
	Args map[string]string `json:"args,omitempty"`
}

// Warning reports that nothing is broken: a reader is told.
func (f *Finding) Warning() bool { return f.Code == CodeStale }

var placeholder = regexp.MustCompile(`\{\{#?\.([a-z_]+)\}\}`)

// Check finds everything that is wrong, by key and language.
func Check(ts Texts, b *Book) []Finding {
	var out []Finding
	add := func(code, key string, lang i18n.Lang, args ...string) {
		f := Finding{Code: code, Key: key, Lang: lang, Args: map[string]string{}}
		for i := 0; i+1 < len(args); i += 2 {
			f.Args[args[i]] = args[i+1]
		}
		out = append(out, f)
	}
	for key, source := range ts[i18n.ZhHans] {
		counts := len(ts[i18n.Ru][key]) > 1
		for _, lang := range i18n.Languages() {
			text, there := ts[lang][key]
			if !there {
				add(CodeMissing, key, lang, "key", key, "language", string(lang))
				continue
			}
			if got, want := placeholders(text), placeholders(source); got != want {
				add(CodePlaceholder, key, lang, "key", key, "language", string(lang), "value", got, "want", want)
			}
			if got, want := categories(text), wanted(lang, counts); got != want {
				add(CodeForms, key, lang, "key", key, "language", string(lang), "value", got, "want", want)
			}
		}
		if b.said[key] == nil {
			add(CodeNoStatus, key, "", "key", key)
		}
		for _, lang := range Translations() {
			if s, ok := b.Of(ts, key, lang); ok && s == Stale {
				add(CodeStale, key, lang, "key", key, "language", string(lang))
			}
		}
	}
	for _, lang := range i18n.Languages() {
		for key := range ts[lang] {
			if _, there := ts[i18n.ZhHans][key]; !there {
				add(CodeSurplus, key, lang, "key", key, "language", string(lang))
			}
		}
	}
	for key := range b.said {
		if _, there := ts[i18n.ZhHans][key]; !there {
			add(CodeGone, key, "", "key", key)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// placeholders are the names in all forms, sorted. A form that lacks one of
// another form has an own list and so differs from the source.
func placeholders(t Text) string {
	var lists []string
	for _, form := range t {
		var names []string
		for _, m := range placeholder.FindAllStringSubmatch(form, -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		lists = append(lists, strings.Join(slices.Compact(names), " "))
	}
	slices.Sort(lists)
	return strings.Join(slices.Compact(lists), " | ")
}

func categories(t Text) string {
	var list []string
	for c := range t {
		list = append(list, string(c))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// wanted are the categories that a language needs for a text that counts, or
// for one that does not.
func wanted(lang i18n.Lang, counts bool) string {
	if !counts {
		return string(i18n.Other)
	}
	t := Text{}
	for _, c := range i18n.Categories(lang) {
		t[c] = ""
	}
	return categories(t)
}
