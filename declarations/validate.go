package declarations

import (
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// Validate judges a declaration by every rule of stage validate and returns
// all faults of one pass, warnings included, in the order of the rules, at most
// 200 of each; nil when there is none. Paths are canonical; lines and columns are unknown here.
// The declaration is not changed.
func Validate(d *Declaration) []Fault {
	c := checks.Get().(*check)
	*c = check{d: d, unchecked: d.Header.FunctionCode == "E"}
	for i := range Rules {
		r := &Rules[i]
		if r.Check == nil || !r.Applies.to(d) || r.Logic && c.unchecked {
			continue
		}
		c.rule, c.found = r, 0
		r.Check(c)
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
	rule      *Rule
	found     int  // faults of the current rule
	unchecked bool // OperType E: no null and no logic checks
	faults    []Fault
}

// maxFaults bounds the faults of one rule: more say nothing new to the author,
// and a document of a hundred thousand empty lines must not ask for a million.
const maxFaults = 200

// fault reports the current rule broken at path; args are pairs of name and value.
func (c *check) fault(path, element string, args ...string) {
	if c.found++; c.found > maxFaults {
		return
	}
	named := make(map[string]string, 1+len(args)/2)
	named["element"] = element
	for i := 0; i+1 < len(args); i += 2 {
		named[args[i]] = args[i+1]
	}
	c.faults = append(c.faults, Fault{Code: c.rule.Code(), Severity: c.rule.Severity, Path: path, Args: named})
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
func blank(v string) bool { return v == "" || strings.TrimSpace(v) == "" }

// at is where a group stands: a list and an index, or the document itself.
type at struct {
	list  string
	index int
}

func (p at) path(field string) string {
	if p.list == "" {
		return field
	}
	return IndexPath(p.list, p.index, field)
}

func number(n int) string { return strconv.Itoa(n) }
