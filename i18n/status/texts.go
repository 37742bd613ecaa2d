package status

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kouan/i18n"
)

// Text is one text of a catalogue: its forms by plural category; a text that
// does not count has Other alone.
type Text map[i18n.Category]string

// String is the text, its forms in the order of the categories.
func (t Text) String() string {
	var forms []string
	for _, c := range []i18n.Category{i18n.One, i18n.Few, i18n.Many, i18n.Other} {
		if t[c] != "" {
			forms = append(forms, t[c])
		}
	}
	return strings.Join(forms, " / ")
}

// UnmarshalJSON reads a string, or an object of forms.
func (t *Text) UnmarshalJSON(b []byte) error {
	if jsontext.Value(b).Kind() == '"' {
		var s string
		err := json.Unmarshal(b, &s)
		*t = Text{i18n.Other: s}
		return err
	}
	return json.Unmarshal(b, (*map[i18n.Category]string)(t))
}

// Texts are the catalogues of all languages as they are written, before
// anything falls back to another language.
type Texts map[i18n.Lang]map[string]Text

// ReadTexts reads <lang>.json of each language.
func ReadTexts(dir fs.FS) (Texts, error) {
	all := Texts{}
	for _, lang := range i18n.Languages() {
		body, err := fs.ReadFile(dir, string(lang)+".json")
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		var texts map[string]Text
		if err := json.Unmarshal(body, &texts); err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", lang, err)
		}
		all[lang] = texts
	}
	return all, nil
}

// Source is the Chinese text of a key.
func (ts Texts) Source(key string) string { return ts[i18n.ZhHans][key].String() }

// Keys are those of the source, sorted.
func (ts Texts) Keys() []string { return slices.Sorted(maps.Keys(ts[i18n.ZhHans])) }

// Of is the status of a translation: what the book says, or Stale when the
// source is another one now. ok is false when the book says nothing.
func (b *Book) Of(ts Texts, key string, lang i18n.Lang) (status Status, ok bool) {
	s, ok := b.said[key][lang]
	switch {
	case !ok:
		return "", false
	case s.Source != Hash(ts.Source(key)):
		return Stale, true
	}
	return s.Status, true
}

// Count is how many translations of a language have each status.
func (b *Book) Count(ts Texts, lang i18n.Lang) map[Status]int {
	n := map[Status]int{}
	for key := range ts[i18n.ZhHans] {
		if s, ok := b.Of(ts, key, lang); ok {
			n[s]++
		}
	}
	return n
}

// Record brings a book up to the catalogues: a new key is proposed in all
// languages, from the text of today; a key that is gone leaves the book. What
// the book already says is not touched, so that a changed text stays stale.
func (b *Book) Record(ts Texts) (added, dropped []string) {
	if b.said == nil {
		b.said = map[string]map[i18n.Lang]Said{}
	}
	for _, key := range ts.Keys() {
		if b.said[key] != nil {
			continue
		}
		added = append(added, key)
		b.said[key] = map[i18n.Lang]Said{}
		for _, lang := range Translations() {
			b.said[key][lang] = Said{Proposed, Hash(ts.Source(key))}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b.said)) {
		if _, there := ts[i18n.ZhHans][key]; !there {
			dropped = append(dropped, key)
			delete(b.said, key)
		}
	}
	return added, dropped
}

// Set says of a translation that it was looked at against the text of today.
// ok is false for a key that the catalogues do not have.
func (b *Book) Set(ts Texts, key string, lang i18n.Lang, status Status) (ok bool) {
	if _, there := ts[i18n.ZhHans][key]; !there || b.said[key] == nil || lang == i18n.ZhHans || !slices.Contains(written, status) {
		return false
	}
	b.said[key][lang] = Said{status, Hash(ts.Source(key))}
	return true
}
