package tariffs

import (
	"io/fs"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"kouan/tariffs/hanzi"
)

// label is a name under which accounts print a charge, besides the
// catalogue's own. A name that is not in the table is not guessed.
type label struct {
	name, item string
	component  string  // base, over
	finding    Verdict // of a name that is no item
}

// denial is a rule of the deny list: what some guides print against the law.
type denial struct {
	id     string   // slug of its words
	names  []string // whole names
	words  []string // words in a name
	units  []string // also as a part of a product: GRT.DAY
	item   string   // the only item it is about; empty: any that is priced by the government, or none
	cites  bool     // it is a citation of a document that is not on file
	from   Day
	word   Word
	reason string
}

// accountTables are the labels and the deny list.
var accountTables = sync.OnceValues(func() ([]label, []denial) {
	var labels []label
	var denials []denial
	read := func(file, heading string, each func(*table)) {
		body, err := fs.ReadFile(tables, "tables/"+file)
		if err == nil {
			err = readTable(file, strings.NewReader(string(body)), columns(heading), each)
		}
		if err != nil {
			panic("built-in tables of accounts: " + err.Error()) // a mistake of this package
		}
	}
	read("account_labels.csv", "name,item,component,finding,note", func(t *table) {
		l := label{name: t.need("name"), item: t.text("item"), component: t.one("component", "", partBase, partOver), finding: Verdict(t.text("finding"))}
		if (l.item == "") == (l.finding == "") {
			t.fail("item", "either an item or a finding")
		}
		labels = append(labels, l)
	})
	list := func(s string) []string {
		return slices.DeleteFunc(strings.Split(s, "|"), func(s string) bool { return s == "" })
	}
	read("account_denied.csv", "id,names,words,units,item,cites,valid_from,verification,note", func(t *table) {
		denials = append(denials, denial{id: t.need("id"), names: list(t.text("names")), words: list(t.text("words")), units: list(t.text("units")), item: t.text("item"),
			cites: t.one("cites", "yes", "no") == "yes", from: t.day("valid_from"), word: t.word("verification"), reason: t.need("note")})
	})
	return labels, denials
})

// The parts of pilotage that accounts bill as lines of their own.
const (
	partBase = "base"
	partOver = "over"
)

// named is what a name stands for.
type named struct {
	item      *Item
	component string
	finding   Verdict
}

// names are the catalogue's items by what accounts may call them.
type names struct {
	c      *Catalogue
	zh, en map[string]named
}

// names builds the index: exact names before labels, labels before names
// without what stands in brackets. A name that two items share is none's.
func (c *Catalogue) names() *names {
	n := &names{c: c, zh: map[string]named{}, en: map[string]named{}}
	labels, _ := accountTables()
	for i := range c.Items {
		n.zh[wholeName(c.Items[i].NameZH)] = named{item: &c.Items[i]}
	}
	for _, l := range labels {
		of := named{c.items[l.item], l.component, l.finding}
		if of.item == nil && of.finding == "" {
			continue // an edition without the item
		}
		n.zh[plainName(l.name)] = of
		n.en[englishName(l.name)] = of
	}
	owned := map[string]int{}
	each := func(add func(it *Item, zh, en string)) {
		for i := range c.Items {
			it := &c.Items[i]
			add(it, plainName(it.NameZH), englishName(it.NameEN))
			if t := it.Term(); t != nil {
				add(it, plainName(t.Texts["zh-Hans"]), englishName(t.Texts["en"]))
			}
		}
	}
	owners := map[string]*Item{}
	each(func(it *Item, zh, en string) {
		for _, name := range []string{"zh " + zh, "en " + en} {
			if owners[name] != it {
				owned[name]++
				owners[name] = it
			}
		}
	})
	each(func(it *Item, zh, en string) {
		for _, k := range []struct {
			in   map[string]named
			tag  string
			name string
		}{{n.zh, "zh ", zh}, {n.en, "en ", en}} {
			if _, has := k.in[k.name]; !has && k.name != "" && owned[k.tag+k.name] == 1 {
				k.in[k.name] = named{item: it}
			}
		}
	})
	return n
}

// wholeName is a billed text as it is compared: compatibility forms and
// Traditional characters folded, all blanks taken away.
func wholeName(s string) string {
	return strings.Join(strings.Fields(strings.Map(hanzi.Simplified, norm.NFKC.String(s))), "")
}

// plainName is a whole name without what stands in brackets.
func plainName(s string) string { return strings.Join(strings.Fields(unbracketed(wholeName(s))), "") }

func unbracketed(s string) string {
	for {
		i := strings.IndexByte(s, '(')
		j := strings.IndexByte(s, ')')
		if i < 0 || j < i {
			return s
		}
		s = s[:i] + " " + s[j+1:]
	}
}

// genericWords end the English names of charges without telling them apart.
var genericWords = []string{"fee", "fees", "charge", "charges", "dues", "due"}

// englishName is an English text as it is compared: lower case, without what
// stands in brackets or behind a comma, without the way and the last generic
// word: Tugs in, Tug charge and TUG CHARGES (outward) are near each other.
func englishName(s string) string {
	s, _, _ = strings.Cut(strings.ToLower(unbracketed(norm.NFKC.String(s))), ",")
	s, _, _ = strings.Cut(s, " per ")
	words := slices.DeleteFunc(englishWords(s), func(w string) bool { return wayWords[w] != "" })
	if n := len(words); n > 1 && slices.Contains(genericWords, words[n-1]) {
		words = words[:n-1]
	}
	return strings.Join(words, " ")
}

func englishWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r < 0x80 })
}
