package codes

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"
)

// Match is an entry that a search found. Rank says how well, 0 best.
type Match struct {
	*Entry
	Rank int
}

// The ranks of a search, best first.
const (
	RankCode   = iota // the code itself
	RankAlias         // another code of the entry: alpha-2, old number, Recommendation 20
	RankName          // a whole name
	RankPrefix        // beginning of a code
	RankBegins        // beginning of a name
	RankWithin        // anywhere in a name
	RankWords         // every word of the query somewhere, in any order
	rankNothing
)

// aliases are the columns that hold other codes of the entry.
var aliases = []string{"old_numeric", "alpha2", "unece_rec20"}

// folded are the codes and names of all entries as Search compares them, made
// at the first search.
type folded struct {
	once sync.Once
	rows []foldedEntry
}

type foldedEntry struct {
	code    string
	aliases []string
	zh, en  string
}

// fold makes texts comparable: full-width forms and case do not matter
// (NFKC), nor how many blanks there are.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

func (t *Table) foldedEntries() []foldedEntry {
	t.folded.once.Do(func() {
		t.folded.rows = make([]foldedEntry, len(t.Entries))
		for i := range t.Entries {
			e := &t.Entries[i]
			f := foldedEntry{code: fold(e.Code), zh: fold(e.NameZh), en: fold(e.NameEn)}
			for _, name := range aliases {
				if v := e.Extra[name]; v != "" {
					f.aliases = append(f.aliases, fold(v))
				}
			}
			t.folded.rows[i] = f
		}
	})
	return t.folded.rows
}

// Search finds entries of this edition by the beginning of a code, by another
// code, or by a part of a name, however short: one Chinese character is enough.
// langs (zh, en) narrow the names that are looked at; none means both. The
// best come first, equal ones in the order of the table. Entries out of force
// are among them.
func (t *Table) Search(query string, langs ...string) []Match {
	q := fold(query)
	if q == "" || t == nil || t.folded == nil {
		return nil
	}
	zh, en := len(langs) == 0, len(langs) == 0
	for _, lang := range langs {
		isZh := lang == "zh" || strings.HasPrefix(lang, "zh-")
		zh, en = zh || isZh, en || !isZh
	}
	words := strings.Fields(q)
	var found []Match
	for i, f := range t.foldedEntries() {
		if !zh {
			f.zh = ""
		}
		if !en {
			f.en = ""
		}
		if rank := f.rank(q, words); rank < rankNothing {
			found = append(found, Match{&t.Entries[i], rank})
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(a.Rank, b.Rank) })
	return found
}

func (f *foldedEntry) rank(q string, words []string) int {
	switch {
	case f.code == q:
		return RankCode
	case slices.Contains(f.aliases, q):
		return RankAlias
	case f.zh == q || f.en == q:
		return RankName
	case strings.HasPrefix(f.code, q):
		return RankPrefix
	case strings.HasPrefix(f.zh, q) || strings.HasPrefix(f.en, q):
		return RankBegins
	case strings.Contains(f.zh, q) || strings.Contains(f.en, q):
		return RankWithin
	}
	for _, w := range words {
		if !strings.HasPrefix(f.code, w) && !strings.Contains(f.zh, w) && !strings.Contains(f.en, w) {
			return rankNothing
		}
	}
	return RankWords
}
