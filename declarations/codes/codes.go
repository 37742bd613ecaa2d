// Package codes holds the code tables of declarations: trade modes, units,
// countries, ports and the rest, with names in Chinese and English.
//
// Contract: a Set is immutable; a table is asked for a code on a day and
// answers with the entry in force, its names and how well it is borne out. No
// table is an official publication and several are incomplete: Complete tells
// whether a code that is missing may be called wrong.
//
// The tables stand beside this file as CSV and are built into the program; an
// operator's folder replaces them one by one. The package does not know
// declarations, rules or where a code is used.
package codes

// Entry is one code. ValidFrom and ValidTo are days (2006-01-02), both
// inclusive; empty means unbounded.
type Entry struct {
	Scope     string            `json:"scope,omitzero"` // in tables of several lists: the field, position or group
	Code      string            `json:"code"`
	NameZh    string            `json:"name_zh,omitzero"`
	NameEn    string            `json:"name_en,omitzero"`
	ValidFrom string            `json:"valid_from,omitzero"`
	ValidTo   string            `json:"valid_to,omitzero"`
	Status    string            `json:"status"` // confirmed, secondary, unverified, conflict
	Note      string            `json:"note,omitzero"`
	Extra     map[string]string `json:"extra,omitempty"` // further columns that are not empty, by name
}

// In reports whether the entry is in force on a day; an empty day asks nothing.
func (e *Entry) In(day string) bool {
	return day == "" || (e.ValidFrom == "" || e.ValidFrom <= day) && (e.ValidTo == "" || day <= e.ValidTo)
}

// Table is one code table.
type Table struct {
	Name    string
	Entries []Entry
	index   map[string][]int // scope + "\x00" + code, newest first
	other   map[string]map[string]int
}

// Find looks a code up on a day (2006-01-02; empty: any).
func (t *Table) Find(code, day string) (*Entry, bool) { return t.FindIn("", code, day) }

// FindIn looks a code up in one list of a table of several.
func (t *Table) FindIn(scope, code, day string) (*Entry, bool) {
	for _, i := range t.index[scope+"\x00"+code] {
		if t.Entries[i].In(day) {
			return &t.Entries[i], true
		}
	}
	return nil, false
}

// FindBy looks an entry up by a further column, for example old_numeric.
func (t *Table) FindBy(column, value string) (*Entry, bool) {
	if i, ok := t.other[column][value]; ok {
		return &t.Entries[i], true
	}
	return nil, false
}

// Set is all tables of one edition.
type Set struct {
	tables map[string]*Table
	names  []string
}

// Table is a table by name; nil when there is none.
func (s *Set) Table(name string) *Table { return s.tables[name] }

// Names lists the tables in alphabetical order.
func (s *Set) Names() []string { return s.names }
