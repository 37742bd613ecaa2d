package search

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/russian"

	"kouan/i18n"
)

// stemmers cut the endings of inflected words; the other languages have none
// that matter for names of charges.
var stemmers = map[i18n.Lang]func(*snowballstem.Env) bool{
	i18n.En: english.Stem, i18n.De: german.Stem, i18n.Fr: french.Stem, i18n.Ru: russian.Stem,
}

// inflected are these languages in a fixed order.
var inflected = []i18n.Lang{i18n.En, i18n.De, i18n.Fr, i18n.Ru}

// longestWord is what is worth stemming; nothing in a catalogue is longer.
const longestWord = 60

// stem is a folded word without its ending; a word of another language as it is.
func stem(word string, lang i18n.Lang) string {
	cut := stemmers[lang]
	if cut == nil || len(word) > longestWord {
		return word
	}
	env := snowballstem.NewEnv(word)
	cut(env)
	if s := env.Current(); s != "" {
		return s
	}
	return word
}
