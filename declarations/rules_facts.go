package declarations

import (
	"strings"
	"sync"
	"sync/atomic"

	"kouan/declarations/codes"
)

// facts are the code tables as rules ask for them, prepared once per set.
type facts struct {
	set                                                *codes.Set
	offices, tradeModes, levies, countries, currencies *codes.Table
	packages, types, units, combinations               *codes.Table
	manuals, usual                                     map[combination][]pairing
}

// combination is what the rows of trade_mode_levy_combinations are about, in
// one edition of the table.
type combination struct {
	edition              *codes.Table
	direction, tradeMode string
}

// pairing is one row of it: levy empty holds for every levy nature.
type pairing struct {
	levy     string
	initials string // B E H
	entry    *codes.Entry
}

var builtIn = sync.OnceValue(func() *facts { return prepare(codes.Default()) })

// prepared are the facts of the operator's own set: one at a time is in use,
// and a new edition replaces it.
var prepared atomic.Pointer[facts]

func factsOf(set *codes.Set) *facts {
	if set == nil || set == codes.Default() {
		return builtIn()
	}
	if f := prepared.Load(); f != nil && f.set == set {
		return f
	}
	f := prepare(set)
	prepared.Store(f)
	return f
}

func prepare(set *codes.Set) *facts {
	f := &facts{set: set,
		offices: set.Table("customs_offices"), tradeModes: set.Table("trade_modes"), levies: set.Table("levy_natures"),
		countries: set.Table("countries"), currencies: set.Table("currencies"),
		packages: set.Table("package_types"), types: set.Table("declaration_types"), units: set.Table("units"),
		combinations: set.Table("trade_mode_levy_combinations"),
		manuals:      map[combination][]pairing{}, usual: map[combination][]pairing{},
	}
	if f.combinations != nil {
		for _, edition := range f.combinations.Editions() {
			f.pair(edition)
		}
	}
	return f
}

// pair sorts one edition of the combinations by their kind.
func (f *facts) pair(edition *codes.Table) {
	for i := range edition.Entries {
		e := &edition.Entries[i]
		of := map[string]map[combination][]pairing{"manual_initial": f.manuals, "expected_levy": f.usual}[e.Extra["kind"]]
		if of == nil {
			continue // a kind of a later edition
		}
		key := combination{edition, e.Extra["direction"], e.Extra["trade_mode"]}
		of[key] = append(of[key], pairing{strings.TrimSpace(e.Extra["levy_nature"]), e.Extra["manual_no_initials"], e})
	}
}

// combination is that of the declaration.
func (c *check) combination() combination {
	key := combination{direction: "I", tradeMode: c.d.Header.TradeModeCode}
	if c.d.IsExport() {
		key.direction = "E"
	}
	if c.facts.combinations != nil {
		key.edition = c.facts.combinations.On(c.day)
	}
	return key
}

// knows reports a code of a table; a table that the set lacks knows them all,
// because nothing may be called wrong by it. A rule asks one table, and lines
// of one declaration have few codes, so the last two are remembered.
func (c *check) knows(t *codes.Table, code string) bool {
	if t == nil || code == c.known[0] || code == c.known[1] {
		return true
	}
	_, ok := t.Find(code, c.day)
	if ok {
		c.known[0], c.known[1] = code, c.known[0]
	}
	return ok
}

// active is a code that is in a table and not marked as void or historic.
func (c *check) active(t *codes.Table, code string) bool {
	if t == nil || code == c.known[0] || code == c.known[1] {
		return true
	}
	e, ok := t.Find(code, c.day)
	if ok = ok && e.Standing() != codes.Inactive; ok {
		c.known[0], c.known[1] = code, c.known[0]
	}
	return ok
}

// oldNumeric finds a country or currency by its code from before August 2018.
func (c *check) oldNumeric(t *codes.Table, code string) (*codes.Entry, bool) {
	if t == nil || !allDigits(code, 3) {
		return nil, false
	}
	return t.FindByOn("old_numeric", code, c.day)
}

// unknown reports a code that a table does not have, or that is not in force:
// refused when the table is complete, else only shown.
func (c *check) unknown(t *codes.Table, path, element string, args ...string) {
	if t.On(c.day).Complete() {
		c.fault(path, element, args...)
		return
	}
	c.warn(path, element, args...)
}

func allDigits(v string, length int) bool { return len(v) == length && digits(v) }

// china is the country of the declaration, by its old number as well.
const china = "CHN"

// alpha is the alpha-3 code of a country that is written by its old number;
// any other value as it is.
func (c *check) alpha(country string) string {
	if e, ok := c.oldNumeric(c.facts.countries, country); ok && e.Code != "" {
		return e.Code
	}
	return country
}
