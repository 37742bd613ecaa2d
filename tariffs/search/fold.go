package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"kouan/tariffs/hanzi"
)

// fold makes writings alike that people take for the same: width and case,
// Traditional, Japanese and Simplified characters, accents of Latin and
// Cyrillic letters, Hiragana and Katakana. The breve of й stays: it is a letter
// of its own, and endings are known by it.
func fold(s string) string {
	s = cases.Fold().String(norm.NFKD.String(s))
	var out strings.Builder
	out.Grow(len(s))
	const breve = '\u0306'
	accented := false // whether the letter before may lose its marks
	before := rune(0)
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
			if accented && (before != 'и' || r != breve) {
				continue
			}
		case r >= 'ぁ' && r <= 'ゖ':
			r += 'ァ' - 'ぁ'
		default:
			r = hanzi.Simplified(r)
		}
		if !unicode.Is(unicode.Mn, r) {
			accented = unicode.In(r, unicode.Latin, unicode.Cyrillic)
		}
		before = r
		out.WriteRune(r)
	}
	return norm.NFC.String(out.String()) // Hangul and voiced Kana in one piece again
}

// script is how text is cut into words.
type script int

const (
	none   script = iota
	spaced        // letters and digits between blanks
	packed        // characters without blanks: Han, Kana, Hangul
)

func scriptOf(r rune) script {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー':
		return packed
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return spaced
	}
	return none
}

// token is a word of folded text, or a run of packed characters.
type token struct {
	text   string
	packed bool
}

// tokens cuts folded text.
func tokens(s string) []token {
	var out []token
	var run strings.Builder
	now := none
	end := func() {
		if run.Len() > 0 {
			out = append(out, token{run.String(), now == packed})
			run.Reset()
		}
	}
	for _, r := range s {
		of := scriptOf(r)
		if of != now {
			end()
			now = of
		}
		if of != none {
			run.WriteRune(r)
		}
	}
	end()
	return out
}
