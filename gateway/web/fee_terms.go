package web

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"kouan/i18n"
	"kouan/tariffs"
)

// termsPage are the words of the trade in all languages with the status of each.
type termsPage struct {
	feeBase
	Tabs   []termsTab
	Own    language // whose column stands beside the Chinese one
	Terms  []termRow
	Status []feeStatus // of the reader's language, in the part that is shown
}

type termsTab struct {
	Name string
	Here bool
}

type termRow struct {
	Key    string
	Origin termText
	Own    termText // in the reader's language; on the Chinese page in English
	Others []termText
	Not    string // renderings that say something else
}

type termText struct {
	Lang               i18n.Lang
	Name, Text, Status string
}

// partsOfTerms are the tabs, and what the keys of their terms begin with.
var partsOfTerms = []struct{ name, prefixes string }{
	{"charges", "item."}, {"calls", "ship. place. cargo. trade. dir."}, {"catalogue", "ui. regime. law."},
}

func (s *server) showTerms(w http.ResponseWriter, v *visit) error {
	base, err := s.feeBase(v)
	if err != nil {
		return err
	}
	p := &termsPage{feeBase: base}
	chosen := 0
	for i, part := range partsOfTerms {
		if part.name == v.FormValue("part") {
			chosen = i
		}
	}
	for i, part := range partsOfTerms {
		p.Tabs = append(p.Tabs, termsTab{part.name, i == chosen})
	}
	own := v.lang
	if own == i18n.ZhHans {
		own = i18n.En
	}
	p.Own = language{own, endonyms[own], true}
	status := map[string]int{}
	terms := tariffs.Terms()
	for _, key := range slices.Sorted(maps.Keys(terms)) {
		prefix, _, _ := strings.Cut(key, ".")
		if !slices.Contains(strings.Fields(partsOfTerms[chosen].prefixes), prefix+".") {
			continue
		}
		t := terms[key]
		row := termRow{Key: key, Not: t.FalseFriends}
		for _, lang := range i18n.Languages() {
			text := termText{lang, endonyms[lang], t.Texts[string(lang)], v.words.Text("fee_translation."+t.Status[string(lang)], nil)}
			switch lang {
			case i18n.ZhHans:
				row.Origin = text
			case own:
				row.Own = text
			default:
				row.Others = append(row.Others, text)
			}
		}
		status[t.Status[string(v.lang)]]++
		p.Terms = append(p.Terms, row)
	}
	for _, slug := range []string{"official", "reviewed", "seen", "proposed"} {
		p.Status = append(p.Status, feeStatus{v.words.Text("fee_translation."+slug, nil), status[slug]})
	}
	return s.renderFees(w, v, http.StatusOK, "fee-terms", v.words.Text("page.fees.terms", nil), p, nil)
}
