package i18n

// Or is the text of a key as it stands in the catalogues, and the language
// that it is in: the printer's own, else English, else Chinese, which
// prevails. A page says so with a lang attribute. ok is false for a key that
// no language has. Placeholders are left open.
func (p Printer) Or(key string) (words string, lang Lang, ok bool) {
	if p.words == nil {
		return key, p.lang, false
	}
	t, ok := p.words.texts[key]
	if !ok {
		return key, p.lang, false
	}
	from := p.lang
	if l, other := p.words.borrowed[key]; other {
		from = l
	}
	return t.message(), from, true
}

// First is the first of some texts that is not empty, of the languages that a
// reader of lang is shown: exact, English, Chinese. It serves words that are
// data and stand in no catalogue: names of legal texts, of providers.
func First(lang Lang, texts map[Lang]string) (words string, in Lang) {
	for _, l := range []Lang{lang, En, ZhHans} {
		if texts[l] != "" {
			return texts[l], l
		}
	}
	return "", lang
}
