package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Severity of a finding: a file with a reject is not imported; a warning is
// shown and changes nothing.
type Severity string

// The severities of findings.
const (
	Reject Severity = "reject"
	Warn   Severity = "warn"
)

// Finding is one thing wrong with a price list, as data: the words come from
// i18n by the code. Line counts from 1, the heading is 1.
type Finding struct {
	Code     string
	Severity Severity
	Line     int
	Column   string // both, when two cells together are wrong: amount|unit
	Args     map[string]string
	Repair   string // suggested value; never applied by itself
}

// SheetColumns are the columns of a price list, in order (samples of the
// catalogue have them; an importer refuses others).
var SheetColumns = columns("row_no,item_code,component,item_zh,item_en,regime,collector_zh,payer_zh,schedule_kind,trade,cargo_class,container_size,load_state,direction,ship_type,nt_from,nt_to,loa_from,loa_to,distance_from_nm,distance_to_nm,basis_zh,amount,amount_kind,currency,unit,reason_zh,when_how_paid_zh,legal_basis,article,valid_from,valid_to,published_at,urgent,complaint_channel,attachment,verification,note")

// SheetOptional are columns that a price list may have besides: the responsible
// authority (trade facilitation agreement art. 6.1).
var SheetOptional = columns("authority_zh")

// Sheet is a price list as it came: rows of cells in the order of its heading.
type Sheet struct {
	Columns []string
	Rows    []SheetRow
}

// SheetRow is one row with its place in the file.
type SheetRow struct {
	Line  int
	Cells []string
}

// lint is a sheet being looked at.
type lint struct {
	c          *Catalogue
	at         map[string]int
	rows       []lintRow
	findings   []Finding
	limitsBy   map[string][]limit     // by item
	unitsBy    map[[2]string][]string // by item and component
	vocabulary *vocabulary
}

func newLint(c *Catalogue) *lint {
	return &lint{c: c, at: map[string]int{}, limitsBy: map[string][]limit{}, unitsBy: map[[2]string][]string{}}
}

type lintRow struct {
	*lint
	SheetRow
	item  *Item // nil when the code is unknown or missing
	codes []string
}

// Lint finds what stands against publishing a price list. It changes nothing
// and suggests what it can.
func Lint(c *Catalogue, s *Sheet) []Finding {
	if IsList(s.Columns) { // what is published already is held against itself
		_, found := c.ReadBack(s)
		return found
	}
	l := newLint(c)
	if !l.heading(s.Columns) {
		return l.findings
	}
	for _, row := range s.Rows {
		r := lintRow{lint: l, SheetRow: row}
		r.item = c.items[r.text("item_code")]
		l.rows = append(l.rows, r)
	}
	for i := range l.rows {
		for _, check := range rowChecks {
			check(&l.rows[i])
		}
	}
	for _, check := range []func(*lint){(*lint).repeated, (*lint).numbers, (*lint).overlaps, (*lint).bands} {
		check(l)
	}
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Code, b.Code))
	})
	return l.findings
}

// rowChecks are the rules about one row. Prices come behind the cells that say
// what they are prices of.
var rowChecks = []func(*lintRow){
	(*lintRow).itemKnown, (*lintRow).choices, (*lintRow).amounts, (*lintRow).lengths, (*lintRow).attachment, (*lintRow).legalBasis, (*lintRow).inForce, (*lintRow).dates,
	(*lintRow).units, (*lintRow).parties, (*lintRow).channel, (*lintRow).currency, (*lintRow).characters, (*lintRow).basis, (*lintRow).notSeparate,
	(*lintRow).prices, (*lintRow).renderings, (*lintRow).verification, (*lintRow).tiersAsText, (*lintRow).sources,
}

// heading refuses unknown columns and missing ones (FEE-L36, ours): a
// misplaced key that is ignored in silence loses a rate.
func (l *lint) heading(given []string) bool {
	for i, name := range given {
		if _, twice := l.at[name]; twice || !slices.Contains(SheetColumns, name) && !slices.Contains(SheetOptional, name) {
			l.add(1, name, "FEE-L36", Reject, "name", name)
		}
		l.at[name] = i
	}
	for _, name := range SheetColumns {
		if _, ok := l.at[name]; !ok {
			l.add(1, name, "FEE-L37", Reject, "name", name)
		}
	}
	return len(l.findings) == 0
}

func (l *lint) add(line int, column, code string, s Severity, args ...string) *Finding {
	f := Finding{Code: code, Severity: s, Line: line, Column: column}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	l.findings = append(l.findings, f)
	return &l.findings[len(l.findings)-1]
}

func (r *lintRow) find(column, code string, s Severity, args ...string) *Finding {
	r.codes = append(r.codes, code)
	return r.add(r.Line, column, code, s, args...)
}

// has reports whether the row has a finding of a code already.
func (r *lintRow) has(codes ...string) bool {
	return slices.ContainsFunc(r.codes, func(code string) bool { return slices.Contains(codes, code) })
}

// text is a cell, trimmed; a short row has empty cells at its end.
func (r *lintRow) text(column string) string {
	i, has := r.at[column]
	if !has || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

// key is what makes two rows the same cell of the list.
func (r *lintRow) key(without ...string) string {
	var b strings.Builder
	for _, column := range []string{"item_code", "component", "collector_zh", "schedule_kind", "trade", "cargo_class", "container_size", "load_state", "direction", "ship_type",
		"nt_from", "nt_to", "loa_from", "loa_to", "distance_from_nm", "distance_to_nm"} {
		if slices.Contains(without, column) {
			continue
		}
		b.WriteString(strconv.Quote(r.text(column)))
	}
	return b.String()
}

func (r *lintRow) span() (Span, bool) {
	from, okFrom := ParseDay(r.text("valid_from"))
	to, okTo := ParseDay(r.text("valid_to"))
	if r.text("valid_to") == "" {
		to, okTo = "", true
	}
	return Span{from, to}, okFrom && okTo && (to == "" || from <= to)
}

// Rejected reports whether any finding is of severity reject.
func Rejected(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Reject })
}
