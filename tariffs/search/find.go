package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kouan/i18n"
)

// What is read of a query.
const (
	mostRunes = 200
	mostWords = 12
)

// How well a word fits, in tenths of the weight of what it was found in.
const (
	whole  = 10
	stemmd = 8
	start  = 5
	inside = 3
)

// ownLanguage is added for what is found in the language of the reader.
const ownLanguage = 2

// Find answers with the codes of the charges that a query means, the best
// first; charges that fit alike stand in the order of the catalogue. An empty
// query means none. The code of a row means its charge and no other: whoever
// types it reads it from a page, a quote or a bill.
func (x *Index) Find(query string, lang i18n.Lang) []string {
	var rows []string
	for text := range strings.FieldsSeq(firstRunes(query)) {
		if item, is := x.rows[strings.ToLower(text)]; is && !slices.Contains(rows, x.codes[item]) {
			rows = append(rows, x.codes[item])
		}
	}
	if rows != nil {
		return rows
	}
	words := tokens(fold(firstRunes(query)))
	words = words[:min(len(words), mostWords)]
	hits, scores := make([]int, len(x.codes)), make([]int, len(x.codes))
	best := 0
	found := make([]int, len(x.codes))
	for _, w := range words {
		clear(found)
		if w.packed {
			x.packed(w.text, lang, found)
		} else {
			x.spaced(w.text, lang, found)
		}
		for item, score := range found {
			if score > 0 {
				hits[item]++
				scores[item] += score
				best = max(best, hits[item])
			}
		}
	}
	if best == 0 {
		return nil
	}
	var items []int
	for item, n := range hits {
		if n == best {
			items = append(items, item)
		}
	}
	slices.SortStableFunc(items, func(a, b int) int { return scores[b] - scores[a] })
	codes := make([]string, len(items))
	for i, item := range items {
		codes[i] = x.codes[item]
	}
	return codes
}

func firstRunes(s string) string {
	n := 0
	for i := range s {
		if n == mostRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// packed looks a run of characters up inside the runs of the catalogue.
func (x *Index) packed(text string, lang i18n.Lang, found []int) {
	for i := range x.runs {
		r := &x.runs[i]
		fit := 0
		switch at := strings.Index(r.text, text); {
		case at < 0:
			continue
		case len(r.text) == len(text) && r.alone:
			fit = whole
		case at == 0:
			fit = stemmd
		default:
			fit = start
		}
		note(found, r.at, fit, r.lang == lang)
	}
}

// spaced looks a word up: whole, without its ending, as the beginning of a
// word, and from four letters on inside of one, as parts of German compounds
// stand.
func (x *Index) spaced(text string, lang i18n.Lang, found []int) {
	stems := map[i18n.Lang]string{}
	for _, l := range inflected {
		stems[l] = stem(text, l)
	}
	letters := utf8.RuneCountInString(text)
	for i := range x.words {
		w := &x.words[i]
		root, fit := stems[w.lang], 0
		if root == "" {
			root = text
		}
		switch {
		case w.text == text:
			fit = whole
		case w.stem == root:
			fit = stemmd
		case letters >= 2 && strings.HasPrefix(w.text, text), letters >= 3 && strings.HasPrefix(w.text, root) && len(root) >= 3:
			fit = start
		case letters >= 4 && utf8.RuneCountInString(root) >= 4 && strings.Contains(w.text, root):
			fit = inside
		default:
			continue
		}
		for _, at := range w.at {
			note(found, at, fit, w.lang == lang)
		}
	}
}

// note keeps the best that speaks for a charge.
func note(found []int, at place, fit int, own bool) {
	score := at.weight * fit
	if own {
		score += ownLanguage * fit
	}
	found[at.item] = max(found[at.item], score)
}
