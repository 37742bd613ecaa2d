package wording

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kouan/i18n"
	"kouan/tariffs"
)

// RemarkKey is the key under which the translations of a remark stand in the
// catalogues of words: the remark itself, in English, has none in its row.
// Another text has another key, so that no translation outlives its original.
func RemarkKey(text string) string {
	sum := sha256.Sum256(norm.NFC.Bytes([]byte(text)))
	return "remark." + hex.EncodeToString(sum[:6])
}

// Remark is what a row says in the words of whoever entered it: its note, a
// condition, on what it is charged. The remarks of the built-in tables are
// English and have translations, all of them ours; any other is shown as it
// is.
func (w Words) Remark(text string) Name {
	if text == "" {
		return Name{Lang: w.Lang()}
	}
	words, in, ok := w.Or(RemarkKey(text))
	if !ok {
		return Name{Text: text, Lang: written(text), Original: text}
	}
	n := Name{Text: words, Lang: in, Original: text}
	if in != i18n.En {
		n.Status = "proposed"
	}
	return n
}

// Runs are the pieces of a text by their language: a text in letters may cite
// a name or a number in Chinese, which is read by another voice and drawn with
// other glyphs.
func (n Name) Runs() []Name {
	if n.Lang == i18n.ZhHans || n.Lang == i18n.Ja {
		return []Name{n}
	}
	var out []Name
	rest := n.Text
	for _, at := range cited.FindAllStringIndex(n.Text, -1) {
		from, to := at[0]-len(n.Text)+len(rest), at[1]-len(n.Text)+len(rest)
		if from > 0 {
			out = append(out, Name{Text: rest[:from], Lang: n.Lang})
		}
		out = append(out, Name{Text: rest[from:to], Lang: i18n.ZhHans})
		rest = rest[to:]
	}
	if rest != "" {
		out = append(out, Name{Text: rest, Lang: n.Lang})
	}
	return out
}

var cited = regexp.MustCompile(`\p{Han}(?:[\p{Han}〔〕、0-9]*[\p{Han}〕])?`)

// written is the language of a text, as far as its letters tell: who enters
// rows at a Chinese port writes Chinese or English.
func written(text string) i18n.Lang {
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return i18n.ZhHans
		}
	}
	return i18n.En
}

// ChannelScope is what a line for complaints is for.
func (w Words) ChannelScope(ch *tariffs.Channel) Name { return w.bilingual(ch.ScopeZH, ch.ScopeEN) }

// bilingual is a text that its row has in Chinese, which prevails, and in
// English, from which the others are translated.
func (w Words) bilingual(zh, en string) Name {
	if w.Lang() != i18n.ZhHans && en != "" {
		if n := w.Remark(en); n.Lang == w.Lang() {
			return Name{n.Text, n.Lang, zh, "proposed"}
		}
	}
	n := Name{Original: zh}
	n.Text, n.Lang = i18n.First(w.Lang(), map[i18n.Lang]string{i18n.ZhHans: zh, i18n.En: en})
	if n.Lang != i18n.ZhHans {
		n.Status = "proposed"
	}
	return n
}
