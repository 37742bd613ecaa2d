package wcoxml

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"

	"kouan/declarations"
)

// mapCSV pairs canonical fields with WCO places, one pair a row: which of them
// is sure (status), in which direction of trade it holds, where it stands on
// export when elsewhere, and which row receives the value when WCO is read.
//
//go:embed map.csv
var mapCSV string

var mapColumns = []string{"canonical", "dec_element", "wco_path", "wco_id", "scope", "status", "direction", "wco_path_export", "read", "selector"}

// Pair is one row of the map.
type Pair struct {
	Canonical  string // declaration.client_reference, items[].hs_code
	DecElement string // DecSign/ClientSeqNo
	Path       string // in the WCO message, without indices; @currencyID for an attribute
	ID         string // WCO data element
	Scope      string // both, only in CN, only in WCO
	Status     string // of the pairing: confirmed, secondary, unverified
	Direction  string // of trade in which it holds: both, import, export
	ExportPath string // on export, when not Path
	ReadTarget bool   // this field receives the value when WCO is read
	Selector   string // which of several groups, or which characters
}

// Unverified reports whether nobody has confirmed the pairing.
func (p *Pair) Unverified() bool { return p.Status == "unverified" }

// Pairs is the whole map, in its order.
func Pairs() []Pair { return fieldMap().pairs }

type pairs struct {
	pairs []Pair
	index map[[2]string]int
	first map[string]int // by canonical name
	read  map[leafPlace][]*Pair
}

// leafPlace is a leaf of the message in one direction of trade.
type leafPlace struct {
	path string
	dir  declarations.Direction
}

// of is the first pair of a field, nil when it has none.
func (m *pairs) of(canonical string) *Pair {
	if i, ok := m.first[canonical]; ok {
		return &m.pairs[i]
	}
	return nil
}

var fieldMap = sync.OnceValue(func() *pairs {
	p, err := readMap(mapCSV)
	if err != nil {
		panic("built-in field map of the WCO declaration: " + err.Error())
	}
	return p
})

func readMap(table string) (*pairs, error) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || !slices.Equal(rows[0], mapColumns) {
		return nil, fmt.Errorf("columns %v, want %v", rows[:min(1, len(rows))], mapColumns)
	}
	m := &pairs{pairs: make([]Pair, 0, len(rows)-1), index: map[[2]string]int{}, first: map[string]int{}}
	for _, r := range rows[1:] {
		path, _, _ := strings.Cut(r[2], "@")
		if At(path) == nil {
			return nil, fmt.Errorf("%s: no place %s in the layout", r[0], r[2])
		}
		if _, known := m.first[r[0]]; !known {
			m.first[r[0]] = len(m.pairs)
		}
		m.index[[2]string{r[0], r[2]}] = len(m.pairs)
		m.pairs = append(m.pairs, Pair{Canonical: r[0], DecElement: r[1], Path: r[2], ID: r[3], Scope: r[4], Status: r[5],
			Direction: r[6], ExportPath: r[7], ReadTarget: r[8] == "yes", Selector: r[9]})
	}
	m.places()
	return m, nil
}

// places notes which fields receive the value of each leaf: pointers of
// authorities are looked up by it.
func (m *pairs) places() {
	m.read = map[leafPlace][]*Pair{}
	for _, dir := range []declarations.Direction{declarations.Import, declarations.Export} {
		for i := range m.pairs {
			if p := &m.pairs[i]; p.reads(dir) && !p.Unverified() {
				at := leafPlace{p.pathIn(dir), dir}
				m.read[at] = append(m.read[at], p)
			}
		}
	}
}

// pair is the row of a field and a place; a rule that names none is a mistake
// of this package.
func pair(canonical, path string) *Pair {
	m := fieldMap()
	i, ok := m.index[[2]string{canonical, path}]
	if !ok {
		panic("the field map does not pair " + canonical + " with " + path)
	}
	return &m.pairs[i]
}
