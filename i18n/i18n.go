// Package i18n holds the words that people read, in the seven languages of
// the port, and says which language a reader gets.
//
// Contract: a text has a permanent key; For(lang).Text(key, args) is the text
// with its placeholders filled. Every language has every key (a test proves
// it), Chinese is authoritative. Text never fails and never panics: what is
// not there is shown in English, then in Chinese, then as the key itself.
// Looking a text up takes no lock, and without placeholders no memory.
//
// To add a text: write the key into all seven files of locales/, flat, beside
// its kin ("noun.word" or "fault.CODE"), with the same placeholders
// {{.name}} in each; nothing but a name may stand in the braces. A text that
// counts is an object instead of a string, with a member for each plural
// category of its language (Categories): {"one": "{{.count}} box", "other":
// "{{.count}} boxes"}; it counts by {{.count}}, or by the placeholder that it
// marks, {{#.boxes}}. Text chooses the form by that argument, Plural fills it in.
// Money, Amount, Percent and Duration write figures as CLDR has them for the
// language, from integers and exact decimals, never from a float.
//
// A text says what is wrong and what to do, plainly, without blame. The
// reason of a fault is data as well: a slug in its arguments, with the text
// reason.SLUG, a part of a sentence that Fault puts into the fault's own text
// (unit.SLUG, kind.SLUG and kept.SLUG likewise). Then run the tests of this
// package. A package that emits codes proves with
// Placeholders that each of them has a text and gets its arguments.
//
// The package does not know what the keys are about: faults, statuses, HTTP
// and pages belong to its callers, who turn data into words at the edge.
package i18n

// Lang is one of the languages that texts are kept in, as its BCP 47 tag.
type Lang string

// The seven languages.
const (
	ZhHans Lang = "zh-Hans"
	En     Lang = "en"
	Ja     Lang = "ja"
	Ko     Lang = "ko"
	Ru     Lang = "ru"
	De     Lang = "de"
	Fr     Lang = "fr"
)

// Languages lists the seven in the order in which pages offer them.
func Languages() []Lang { return []Lang{ZhHans, En, Ja, Ko, Ru, De, Fr} }

// Printer writes texts in one language. It is small, immutable and safe for
// concurrent use; the zero Printer knows no text and shows keys.
type Printer struct {
	lang  Lang
	words *catalogue
}

// For is the printer of a language; a Lang that is none of the seven gets English.
func For(lang Lang) Printer {
	if words, ok := catalogues()[lang]; ok {
		return Printer{lang, words}
	}
	return Printer{En, catalogues()[En]}
}

// Lang is the language that the printer writes, for a lang attribute or Content-Language.
func (p Printer) Lang() Lang { return p.lang }

// Text is the text of a key with args filled in. An argument that the text
// wants and args lacks is shown as "(?)".
func (p Printer) Text(key string, args map[string]string) string {
	if p.words == nil {
		return key
	}
	t, ok := p.words.texts[key]
	if !ok {
		return key
	}
	if isFault(key) {
		// Here and not in Fault alone: no way to a fault's text may show its slugs.
		args = p.inWords(args)
	}
	return t.fill(args)
}

// Placeholders names the arguments that the text of a key wants, sorted; ok
// is false when no language has the key.
func Placeholders(key string) (names []string, ok bool) {
	t, ok := catalogues()[ZhHans].texts[key]
	return t.names(), ok
}
