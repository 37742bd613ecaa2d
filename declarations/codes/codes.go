// Package codes holds the code tables of declarations: trade modes, units,
// countries, ports and the rest, with names in Chinese and English.
//
// Contract: a Set is immutable; a table is asked for a code on a day and
// answers with the entry in force, its names and how well it is borne out. No
// table is an official publication and several are incomplete: Complete tells
// whether a code that is missing may be called wrong. Days of validity stand
// only where a source gave them; a table without days is not a table that was
// always so.
//
// The tables stand beside this file as CSV and are built into the program. An
// operator's folder lies over them: TABLE.csv stands in for a whole table,
// TABLE.2026-01-01.csv for the table from that day on. A faulty file is
// refused whole, with every fault at its line, and what was in force stays.
// Source holds the set of the moment for many readers.
//
// The package does not know declarations, rules, or where a code is used, and
// says nothing in any language: faults and gaps leave it as data.
package codes

import (
	"slices"
	"strings"
)

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

// The status words: how well an entry is borne out (facts/README.md).
const (
	Confirmed  = "confirmed"  // the same in two independent sources or in real messages
	Secondary  = "secondary"  // one public source of a third party
	Unverified = "unverified" // no source was opened; never a reason to refuse
	Conflict   = "conflict"   // sources contradict each other
)

// In reports whether the entry is in force on a day; an empty day asks nothing.
func (e *Entry) In(day string) bool {
	return day == "" || (e.ValidFrom == "" || e.ValidFrom <= day) && (e.ValidTo == "" || day <= e.ValidTo)
}

// Name is the name for a reader of lang (a language tag): Chinese for zh, else
// English; the other one when that is missing.
func (e *Entry) Name(lang string) string {
	first, second := e.NameEn, e.NameZh
	if lang == "zh" || strings.HasPrefix(lang, "zh-") {
		first, second = second, first
	}
	if first == "" {
		return second
	}
	return first
}

// Standing says whether a code is still used, as far as a table tells without
// naming a day.
type Standing string

// The standings. Only some tables have the column; Believed is a guess of
// whoever collected the table (licence documents).
const (
	Unstated         Standing = ""
	Active           Standing = "active"
	Inactive         Standing = "inactive"
	BelievedActive   Standing = "believed_active"
	BelievedInactive Standing = "believed_inactive"
)

// Standing reads the columns active and believed_active.
func (e *Entry) Standing() Standing {
	switch {
	case e.Extra["active"] == "N":
		return Inactive
	case e.Extra["active"] == "Y":
		return Active
	case e.Extra["believed_active"] == "N":
		return BelievedInactive
	case e.Extra["believed_active"] == "Y":
		return BelievedActive
	}
	return Unstated
}

// Table is one code table, with the editions that take its place from a day
// on. A nil table is one that is not there: it has no code and is not complete.
type Table struct {
	Name    string
	Entries []Entry
	Edition Edition
	Gap     string // why codes are missing that exist; empty: none is known to be missing

	columns  []string
	codeSize int // length of every code when all have the same, else 0
	index    map[key][]int
	other    map[column][]int
	folded   *folded  // for Search
	editions []*Table // by day, oldest first
}

type key struct{ scope, code string }

type column struct{ name, value string }

// Edition says what a table was read from.
type Edition struct {
	Day    string `json:"day,omitzero"`  // from which it takes the table's place; empty: always
	File   string `json:"file,omitzero"` // of the operator; empty: built in
	Digest string `json:"digest"`        // SHA-256 of the bytes, the first 16 hex digits
}

// The gaps of the built-in tables. An operator's file may name one of these or
// say it in words of its own.
const (
	GapSample      = "sample"       // a handful of codes that were seen
	GapDistricts   = "districts"    // only some customs districts
	GapOtherList   = "other_list"   // collected from another list than the official one
	GapNotObtained = "not_obtained" // nobody could obtain the table
)

// Complete reports whether a code that the table does not have may be called
// wrong; Gap says why not.
func (t *Table) Complete() bool { return t != nil && t.Gap == "" }

// Columns are the columns in the order of the file.
func (t *Table) Columns() []string { return t.columns }

// On is the edition that is in force on a day: the newest that does not begin
// later. An empty day is after all of them.
func (t *Table) On(day string) *Table {
	if t == nil {
		return nil
	}
	for i := len(t.editions) - 1; i >= 0; i-- {
		if day == "" || t.editions[i].Edition.Day <= day {
			return t.editions[i]
		}
	}
	return t
}

// Editions are all editions, the one without a day first.
func (t *Table) Editions() []*Table { return append([]*Table{t}, t.editions...) }

// Find looks a code up on a day (2006-01-02; empty: any).
func (t *Table) Find(code, day string) (*Entry, bool) { return t.FindIn("", code, day) }

// FindIn looks a code up in one list of a table of several.
func (t *Table) FindIn(scope, code, day string) (*Entry, bool) {
	if t == nil {
		return nil, false
	}
	if day != "" {
		return t.On(day).findIn(scope, code, day)
	}
	for i := len(t.editions) - 1; i >= 0; i-- {
		if e, ok := t.editions[i].findIn(scope, code, ""); ok {
			return e, true
		}
	}
	return t.findIn(scope, code, "")
}

func (t *Table) findIn(scope, code, day string) (*Entry, bool) {
	rows := t.index[key{scope, code}]
	for _, i := range slices.Backward(rows) { // the later line is the newer one
		if t.Entries[i].In(day) {
			return &t.Entries[i], true
		}
	}
	return nil, false
}

// FindBy looks an entry up by a further column, for example old_numeric, on
// any day.
func (t *Table) FindBy(name, value string) (*Entry, bool) { return t.FindByOn(name, value, "") }

// FindByOn is FindBy on a day. Of several entries with the value it is the
// first; OnlyBy is for those who must not pick one.
func (t *Table) FindByOn(name, value, day string) (*Entry, bool) {
	if t == nil {
		return nil, false
	}
	if day != "" {
		return t.On(day).findBy(name, value, day)
	}
	for i := len(t.editions) - 1; i >= 0; i-- {
		if e, ok := t.editions[i].findBy(name, value, ""); ok {
			return e, true
		}
	}
	return t.findBy(name, value, "")
}

func (t *Table) findBy(name, value, day string) (*Entry, bool) {
	for _, i := range t.other[column{name, value}] {
		if t.Entries[i].In(day) {
			return &t.Entries[i], true
		}
	}
	return nil, false
}

// OnlyBy is FindByOn when exactly one entry in force has the value.
func (t *Table) OnlyBy(name, value, day string) (*Entry, bool) {
	if t = t.On(day); t == nil {
		return nil, false
	}
	var only *Entry
	for _, i := range t.other[column{name, value}] {
		switch {
		case !t.Entries[i].In(day):
		case only != nil:
			return nil, false
		default:
			only = &t.Entries[i]
		}
	}
	return only, only != nil
}

// Set is all tables of one edition.
type Set struct {
	tables  map[string]*Table
	names   []string
	edition string
}

// Table is a table by name; nil when there is none.
func (s *Set) Table(name string) *Table { return s.tables[name] }

// Names lists the tables in alphabetical order.
func (s *Set) Names() []string { return s.names }

// Edition identifies the content of all tables: equal sets have equal ones.
func (s *Set) Edition() string { return s.edition }
