package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kouan/i18n"
	"kouan/i18n/status"
	"kouan/tariffs"
	"kouan/tariffs/wording"
)

// feeWordsPage is how sure each translation is: the counts of all languages,
// and the words of the chosen one.
type feeWordsPage struct {
	Counts   []feeWordsCount
	Statuses []feeWordsChoice
	Of       []feeWordsChoice // languages
	Kinds    []feeWordsChoice // what is listed
	Find     string
	Lang     i18n.Lang // whose words are listed
	LangName string
	Total    int
	Words    []feeWord
	// NoneReviewed: no translation of any language was read by a native.
	NoneReviewed bool
	Earlier      string // addresses of the neighbouring pages
	Later        string
}

// feeWordsCount is one language: how many texts and terms stand how.
type feeWordsCount struct {
	Lang        i18n.Lang
	Name        string
	Proposed    int
	Seen        int // terms only: read in a text of the language
	Reviewed    int
	Official    int
	Stale       int
	ReviewShare string // of all, in percent
}

type feeWordsChoice struct {
	Value, Text string
	Here        bool
}

// feeWord is one text or term.
type feeWord struct {
	Key, Source, Text string
	Said, Class       string
}

// What the page lists.
const (
	kindTerms = "terms" // of the trade, which have the weight of the catalogue
	kindTexts = "texts" // of pages, messages and faults
)

const (
	wordsOnPage   = 100
	longestSearch = 80
)

// seen is the status of a term that was read in a text of its language.
const seen = "seen"

// feeTranslations is GET /{lang}/fees/translations?of=ru&status=proposed&kind=terms&q=…&page=2.
func (s *server) feeTranslations(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	p := &feeWordsPage{Find: strings.TrimSpace(q.Get("q"))}
	if len(p.Find) > longestSearch {
		p.Find = strings.ToValidUTF8(p.Find[:longestSearch], "")
	}
	of, chosen := i18n.Parse(q.Get("of"))
	if !chosen || of == i18n.ZhHans {
		if of = v.lang; of == i18n.ZhHans {
			of = i18n.En
		}
	}
	p.Lang, p.LangName = of, endonyms[of]
	p.NoneReviewed = true
	for _, lang := range status.Translations() {
		p.Of = append(p.Of, feeWordsChoice{string(lang), endonyms[lang], lang == of})
		n := countsOf(v.words, lang)
		p.NoneReviewed = p.NoneReviewed && n.Reviewed+n.Official == 0
		p.Counts = append(p.Counts, n)
	}
	kind := knownOr(q.Get("kind"), kindTerms, kindTexts)
	for _, k := range []string{kindTerms, kindTexts} {
		p.Kinds = append(p.Kinds, feeWordsChoice{k, v.words.Text("page.translations.kind_"+k, nil), k == kind})
	}
	want := knownOr(q.Get("status"), "", seen, string(status.Proposed), string(status.Reviewed), string(status.Official), string(status.Stale))
	for _, one := range []string{"", seen, string(status.Proposed), string(status.Reviewed), string(status.Official), string(status.Stale)} {
		p.Statuses = append(p.Statuses, feeWordsChoice{one, statusText(v.words, one), one == want})
	}
	found := wordsOf(v.words, kind, of, want, p.Find)
	p.Total = len(found)
	page := 1
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && (n-1)*wordsOnPage < len(found) {
		page = n
	}
	first := (page - 1) * wordsOnPage
	p.Words = found[first:min(first+wordsOnPage, len(found))]
	address := func(n int) string {
		values := url.Values{"of": {string(of)}, "kind": {kind}, "page": {strconv.Itoa(n)}}
		for name, value := range map[string]string{"status": want, "q": p.Find} {
			if value != "" {
				values.Set(name, value)
			}
		}
		return v.to("/fees/translations") + "?" + values.Encode()
	}
	if page > 1 {
		p.Earlier = address(page - 1)
	}
	if first+wordsOnPage < len(found) {
		p.Later = address(page + 1)
	}
	return s.render(w, v, http.StatusOK, "fee-words", "page.translations.title", p)
}

// knownOr is a value among those that are known, else the first of them.
func knownOr(value string, known ...string) string {
	if slices.Contains(known, value) {
		return value
	}
	return known[0]
}

func statusText(words i18n.Printer, one string) string {
	switch one {
	case "":
		return words.Text("page.translations.any", nil)
	case seen:
		return words.Text("fee_translation.seen", nil)
	}
	return words.Text("i18n_status."+one, nil)
}

func countsOf(words i18n.Printer, lang i18n.Lang) feeWordsCount {
	texts, book := status.BuiltIn()
	n := book.Count(texts, lang)
	c := feeWordsCount{Lang: lang, Name: endonyms[lang], Proposed: n[status.Proposed], Reviewed: n[status.Reviewed], Official: n[status.Official], Stale: n[status.Stale]}
	for _, t := range tariffs.Terms() {
		switch one := termStatus(t, lang); one {
		case seen:
			c.Seen++
		case string(status.Reviewed):
			c.Reviewed++
		case string(status.Official):
			c.Official++
		case string(status.Stale):
			c.Stale++
		default:
			c.Proposed++
		}
	}
	all := c.Proposed + c.Seen + c.Reviewed + c.Official + c.Stale
	c.ReviewShare = words.Percent(strconv.Itoa((c.Reviewed + c.Official) * 100 / all))
	return c
}

func termStatus(t *tariffs.Term, lang i18n.Lang) string {
	if t.Stale() {
		return wording.Stale
	}
	return t.Status[string(lang)]
}

// wordsOf lists terms or texts of a language that have a status and hold what
// is looked for.
func wordsOf(words i18n.Printer, kind string, lang i18n.Lang, want, find string) []feeWord {
	var out []feeWord
	find = strings.ToLower(find)
	add := func(key, source, text, one string) {
		if want != "" && one != want {
			return
		}
		if find != "" && !strings.Contains(strings.ToLower(key+"\n"+source+"\n"+text), find) {
			return
		}
		out = append(out, feeWord{Key: key, Source: source, Text: text, Said: statusText(words, one), Class: wordClass[one]})
	}
	if kind == kindTerms {
		terms := tariffs.Terms()
		for _, key := range slices.Sorted(maps.Keys(terms)) {
			t := terms[key]
			add(key, t.Texts[string(i18n.ZhHans)], t.Texts[string(lang)], termStatus(t, lang))
		}
		return out
	}
	texts, book := status.BuiltIn()
	for _, key := range texts.Keys() {
		one, _ := book.Of(texts, key, lang)
		add(key, texts.Source(key), texts[lang][key].String(), string(one))
	}
	return out
}

// wordClass is the shape of a status beside its word.
var wordClass = map[string]string{string(status.Proposed): "warn", seen: "run", string(status.Reviewed): "ok", string(status.Official): "ok", string(status.Stale): "bad"}

// languageCookie keeps the language that a reader chose, for the address
// without a language.
const languageCookie = "lang"

// rememberLanguage is POST /{lang}/language: this language from now on.
func (s *server) rememberLanguage(w http.ResponseWriter, v *visit) error {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: string(v.lang), Path: "/", MaxAge: 365 * 24 * 60 * 60, HttpOnly: true,
		Secure: v.TLS != nil, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, v.Request, v.to("/"), http.StatusSeeOther)
	return nil
}

// rememberedLanguage is what the reader's cookie says, if anything.
func rememberedLanguage(r *http.Request) string {
	c, err := r.Cookie(languageCookie)
	if err != nil {
		return ""
	}
	return c.Value
}
