package declarations

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"kouan/declarations/codes"
)

// Judge is what the rules know beside the declaration. The zero value judges
// by the built-in code tables, on any day, as the rule table says.
type Judge struct {
	Codes *codes.Set // nil: the built-in tables
	Day   string     // 2006-01-02, the day on which codes must be in force; empty: any
	// Overrides are the rules that the operator turned: by number (V067) to
	// Warn, Reject or Off. No source of a rule is official, so each can be turned.
	Overrides map[string]Severity
}

// Validate judges a declaration by the built-in code tables on any day.
func Validate(d *Declaration) []Fault { return Judge{}.Validate(d) }

// Validate judges a declaration by every rule of stage validate and returns
// all faults of one pass, warnings included, in the order of the rules, at most
// 200 of each; nil when there is none. Paths are canonical; lines and columns are unknown here.
// The declaration is not changed.
func (j Judge) Validate(d *Declaration) []Fault {
	c := checks.Get().(*check)
	c.d, c.day, c.facts = d, j.Day, factsOf(j.Codes)
	c.unchecked = d.Header.FunctionCode == "E"
	for i := range Rules {
		r := &Rules[i]
		if r.Check == nil || !r.judges(d) || r.Logic && c.unchecked {
			continue
		}
		c.rule, c.severity, c.found, c.known = r, j.Severity(r), 0, [2]string{}
		if c.severity != Off {
			r.Check(c)
		}
	}
	faults := c.faults
	if !d.CanBeHeld() && d.Header.ClientReference != "" {
		faults = append(faults, Fault{Code: CodeReferenceKey, Severity: Reject, Path: "declaration.client_reference",
			Args: map[string]string{"element": "ClientSeqNo", "limit": strconv.Itoa(maxReference)}})
	}
	*c = check{}
	checks.Put(c)
	return faults
}

// Severity is that of a rule under the operator's overrides.
func (j Judge) Severity(r *Rule) Severity {
	if len(j.Overrides) > 0 {
		if s, turned := j.Overrides[r.ID]; turned {
			return s
		}
	}
	return r.Severity
}

// maxReference is how long a client reference may be to serve as a key. V011
// judges what customs takes, which is less.
const maxReference = 64

// CanBeHeld reports whether the client reference can be the key under which a
// declaration is kept, as a draft as well: it is there, of bounded length, and
// has no blank at either end, which databases compare differently.
func (d *Declaration) CanBeHeld() bool {
	ref := d.Header.ClientReference
	return ref != "" && utf8.RuneCountInString(ref) <= maxReference && strings.TrimSpace(ref) == ref
}

// checks keeps the working state of Validate between calls: it is passed to
// functions of the table and would be allocated anew for each declaration.
var checks = sync.Pool{New: func() any { return new(check) }}

// check is one run of the rules over one declaration.
type check struct {
	d         *Declaration
	facts     *facts
	day       string
	rule      *Rule
	severity  Severity
	found     int   // faults of the current rule
	unchecked bool  // OperType E: no null and no logic checks
	place     place // of the group that is judged
	lines     map[int]bool
	texts     uint8     // what V011 saw of them
	known     [2]string // codes that the table of the current rule was found to have
	faults    []Fault
}

// maxFaults bounds the faults of one rule: more say nothing new to the author,
// and a document of a hundred thousand empty lines must not ask for a million.
const maxFaults = 200

// full tells that the current rule need not look further.
func (c *check) full() bool { return c.found > maxFaults }

// fault reports the current rule broken at path; args are pairs of name and value.
func (c *check) fault(path, element string, args ...string) {
	c.report(c.severity, path, element, args)
}

// warn reports what the current rule tolerates and yet shows.
func (c *check) warn(path, element string, args ...string) {
	c.report(Warn, path, element, args)
}

func (c *check) report(severity Severity, path, element string, args []string) {
	if c.found++; c.full() {
		return
	}
	named := make(map[string]string, 1+len(args)/2)
	named["element"] = element
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	c.faults = append(c.faults, Fault{Code: c.rule.Code(), Severity: severity, Path: path, Args: named})
}

// shown is a value cut for a message: 40 characters.
func shown(v string) string {
	const limit = 40
	n := 0
	for i := range v {
		if n == limit {
			return v[:i] + "…"
		}
		n++
	}
	return v
}

// blank is an absent value: nothing, or white space only.
func blank(v string) bool {
	return v == "" || (v[0] <= ' ' || v[0] >= utf8.RuneSelf) && strings.TrimSpace(v) == ""
}

// place is where a group stands: a list and an index, inside another at most
// twice (items[2].licences[0].vehicles[1]), or the document itself.
type place struct {
	steps [3]level
	depth int
}

type level struct {
	list  string
	index int
}

func (c *check) enter(list string, index int) {
	c.place.steps[c.place.depth] = level{list, index}
	c.place.depth++
}

func (c *check) leave() { c.place.depth-- }

// path is the canonical path of a field of the group that is judged.
func (c *check) path(field string) string {
	if c.place.depth == 0 {
		return field
	}
	var b strings.Builder
	for _, s := range c.place.steps[:c.place.depth] {
		b.WriteString(s.list)
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(s.index))
		b.WriteString("].")
	}
	b.WriteString(field)
	return strings.TrimSuffix(b.String(), ".")
}

func number(n int) string { return strconv.Itoa(n) }
