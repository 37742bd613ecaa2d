package publication

import (
	"errors"
	"slices"
	"strings"

	"kouan/tariffs"
)

// Setting is a row as a draft wants it: all its cells by column. A rate
// without a key is a price: it gets the key of the price whose cell and first
// day it has, or a new one, and ends the price that it follows.
type Setting struct {
	Kind  string
	Cells map[string]string
	File  int // of the draft's files, from 0
	Line  int // of that file; 0: none

	key string
}

// Ending takes a row out of the catalogue. What was a price is better ended by
// its last day: then quotations for days before still find it.
type Ending struct{ Kind, Key string }

// Draft is what is to be different from the edition that it stands on.
type Draft struct {
	Settings []Setting
	Endings  []Ending
	Full     []string // tables that the settings replace as a whole: what is not set there ends
}

// Newest says which versions of rows were ever given, by kind and key.
type Newest map[[2]string]int

// Result is the next edition.
type Result struct {
	Records   []tariffs.Record
	Fresh     []tariffs.Record // those of them that are new versions
	Catalogue *tariffs.Catalogue
	Changes   []Change
}

// Apply makes the rows of the next edition. Findings of severity reject come
// without a result.
func Apply(base *tariffs.Catalogue, d *Draft, newest Newest) (*Result, []Finding) {
	a := &applying{base: base, newest: newest, at: map[[2]string]int{}, set: map[[2]string]bool{}}
	a.records = slices.Clone(base.Records())
	for i := range a.records {
		a.at[[2]string{a.records[i].Kind, a.records[i].Key}] = i
	}
	prices := newPriceBook(base)
	for i := range d.Settings {
		s := d.Settings[i]
		if s.Kind == rates && s.Cells["rate_id"] == "" {
			a.price(prices, &s)
			continue
		}
		a.set1(&s)
	}
	a.end(d)
	if Rejected(a.findings) {
		return nil, a.findings
	}
	return a.result()
}

const rates = "rates"

type applying struct {
	base     *tariffs.Catalogue
	newest   Newest
	records  []tariffs.Record
	at       map[[2]string]int // place of a row among the records
	set      map[[2]string]bool
	fresh    []int
	ended    map[int]bool
	findings []Finding
}

// set1 puts one row into its place.
func (a *applying) set1(s *Setting) {
	if tariffs.KeyColumn(s.Kind) == "" {
		a.findings = append(a.findings, s.find(CodeTable, tariffs.Reject, "", "value", shown(s.Kind), "known", strings.Join(tariffs.Kinds(), ", ")))
		return
	}
	s.key = s.Cells[tariffs.KeyColumn(s.Kind)]
	r, err := tariffs.NewRecord(s.Kind, s.Cells)
	if err != nil {
		a.findings = append(a.findings, s.unreadable(err))
		return
	}
	id := [2]string{r.Kind, r.Key}
	if a.set[id] {
		a.findings = append(a.findings, s.find(CodeTwice, tariffs.Reject, "", "value", shown(r.Key)))
		return
	}
	a.set[id] = true
	at, known := a.at[id]
	if known && string(a.records[at].Body) == string(r.Body) {
		return // as it stands
	}
	r.Version = a.newest[id] + 1
	if known {
		r.Replaces = a.records[at].Version
		r.Version = max(r.Version, r.Replaces+1)
		a.records[at] = r
	} else {
		at = len(a.records)
		a.at[id] = at
		a.records = append(a.records, r)
	}
	a.fresh = append(a.fresh, at)
}

// unreadable puts the error of a row into a finding.
func (s *Setting) unreadable(err error) Finding {
	var bad *tariffs.RowError
	if !errors.As(err, &bad) {
		return s.find(CodeCell, tariffs.Reject, "", "name", "", "value", "")
	}
	if s.Cells[bad.Column] == "" && slices.Contains(tariffs.ColumnsOf(s.Kind), bad.Column) {
		return s.find(CodeMissing, tariffs.Reject, bad.Column, "name", bad.Column)
	}
	return s.find(CodeCell, tariffs.Reject, shown(bad.Column), "name", shown(bad.Column), "value", shown(s.Cells[bad.Column]))
}

// end takes rows out.
func (a *applying) end(d *Draft) {
	a.ended = map[int]bool{}
	for _, e := range d.Endings {
		s := Setting{Kind: e.Kind, key: e.Key}
		at, known := a.at[[2]string{e.Kind, e.Key}]
		switch {
		case !known:
			a.findings = append(a.findings, s.find(CodeNoRow, tariffs.Reject, "", "value", shown(e.Kind+" "+e.Key)))
		case a.set[[2]string{e.Kind, e.Key}] || a.ended[at]:
			a.findings = append(a.findings, s.find(CodeTwice, tariffs.Reject, "", "value", shown(e.Key)))
		default:
			a.ended[at] = true
		}
	}
	for _, kind := range d.Full {
		for i := range a.records {
			if r := &a.records[i]; r.Kind == kind && !a.set[[2]string{r.Kind, r.Key}] {
				a.ended[i] = true
			}
		}
	}
}

// result orders the rows by table, and what is new at the end of its own.
func (a *applying) result() (*Result, []Finding) {
	out := &Result{}
	isFresh := make(map[int]bool, len(a.fresh))
	for _, at := range a.fresh {
		isFresh[at] = true
	}
	for _, kind := range tariffs.Kinds() {
		for i := range a.records {
			if a.records[i].Kind != kind || a.ended[i] {
				continue
			}
			out.Records = append(out.Records, a.records[i])
			if isFresh[i] {
				out.Fresh = append(out.Fresh, a.records[i])
			}
		}
	}
	if len(out.Fresh) == 0 && len(a.ended) == 0 {
		return nil, append(a.findings, Finding{Code: CodeNothing, Severity: tariffs.Reject})
	}
	var err error
	if out.Catalogue, err = tariffs.FromRecords(out.Records); err != nil {
		var points *tariffs.ReferenceError
		if errors.As(err, &points) {
			s := Setting{Kind: points.Kind, key: points.Key}
			return nil, append(a.findings, s.find(CodeReference, tariffs.Reject, points.Column, "name", points.Column, "value", shown(points.Value)))
		}
		return nil, append(a.findings, (&Setting{}).unreadable(err))
	}
	out.Changes = Differ(a.base.Records(), out.Records)
	return out, a.findings
}

// shown bounds what is repeated of a user's own words.
func shown(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
