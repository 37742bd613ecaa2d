package tariffs

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Term is a word of the trade in the languages of the catalogue. The Chinese
// one prevails; each other has a status: seen in a text of its language,
// proposed by us, reviewed, official.
type Term struct {
	Key          string
	Texts        map[string]string // by language tag
	Status       map[string]string
	FalseFriends string // renderings that say something else, in words
	Note         string
}

// TermLanguages are the tags that every term has.
var TermLanguages = columns("zh-Hans,en,ja,ko,ru,de,fr")

var termColumns = columns("key,zh-Hans,en,ja,ko,ru,de,fr,status_zh-Hans,status_en,status_ja,status_ko,status_ru,status_de,status_fr,false_friends,note")

// termStatuses are what may be said of a rendering.
var termStatuses = columns("proposed,seen,reviewed,official")

// Terms is the term base that the project carries, by key.
var Terms = sync.OnceValue(func() map[string]*Term {
	body, err := fs.ReadFile(tables, "tables/terms.csv")
	if err == nil {
		var terms map[string]*Term
		if terms, err = readTerms(string(body)); err == nil {
			return terms
		}
	}
	panic("built-in term base: " + err.Error()) // a mistake of this package
})

func readTerms(body string) (map[string]*Term, error) {
	terms := map[string]*Term{}
	err := readTable("terms.csv", strings.NewReader(body), termColumns, func(t *table) {
		term := &Term{Key: t.need("key"), Texts: map[string]string{}, Status: map[string]string{}, FalseFriends: t.text("false_friends"), Note: t.text("note")}
		if terms[term.Key] != nil {
			t.fail("key", fmt.Sprintf("%q stands twice", term.Key))
		}
		for _, tag := range TermLanguages {
			term.Texts[tag], term.Status[tag] = t.need(tag), t.one("status_"+tag, termStatuses...)
		}
		terms[term.Key] = term
	})
	return terms, err
}

// irregular are the items whose term is not named by their code.
var irregular = map[string]string{
	"HANDLING_ALL_IN": "all_in", "BARGE_SHUTTLE": "barge", "SPECIAL_TRIMMING": "trimming", "WASTE_RECEPTION": "waste",
	"CARRIER_THC": "thc", "CARRIER_DOC": "documentation", "CARRIER_EIR": "eir", "CARRIER_SEAL": "seal", "CARRIER_TELEX": "telex",
	"CARRIER_DO": "do", "CARRIER_DETENTION": "detention",
}

// Term is the item's own word; nil when the term base has none.
func (it *Item) Term() *Term {
	key := irregular[it.Code]
	if key == "" {
		key = strings.ToLower(it.Code)
	}
	return Terms()["item."+key]
}
