package tariffs

import (
	"regexp"
	"slices"
)

// Notes say what a price has and what it has not, and name the same thing for
// both. So a note is read by the clause: what takes away may stand before (不含
// 手续费, no margin) or behind what it takes away (手续费不收取, margin not charged).
var (
	// clauseEnd is a mark that ends a clause; the point of 0.90 is none.
	clauseEnd = regexp.MustCompile(`[，。；,;\n]|\.(\s|$)|\bbut\b|但`)

	// A bound of what is there takes nothing away, and neither does a number or
	// a condition: not less than, 不少于, No. 5, 无论.
	bounded = regexp.MustCompile(`(?i)\b(not|no)\s+(only|less|more|lower|higher|later|below|above|over|under|exceeding)\b|\bno\.?\s*\d+|不(仅|少于|低于|超过|高于|多于|足)|无论`)

	takenBefore = regexp.MustCompile(`(?i)(不(再|另|另行|予|得|应|可|能|会|单独|额外)*(加收|收取|收|计|包|含|加|适用)|不得|未(含|收|加|计|乘|包|另|按)|禁止|严禁|没有|无|免(收|征|除|付))[^()（）]{0,12}|\b(no|not|never|without|excluding|excludes?|excl\.?)\b[^()（）]*`)

	takenBehind = regexp.MustCompile(`(?i)^([\s\d.%:：(（元均也另都]|一律|\b(is|are|was|were|will|be|been|has|have|may|must|shall|should|do|does|to)\b)*(\bnot\s+(be\s+|been\s+)?(charged|incl|added|appl|levied|collected|payable|due|allowed|permitted|part)|\b(never|none|nil|excluded|forbidden|prohibited|waived)\b|(不|未)(再|另|另行|予|得|应|可|能|会|单独|额外)*(加收|收取|收|计|包含|包括|包含在内|含|含在内|加|适用)([\s)）]|$|于)|不得|免(收|征|除)|禁止|严禁|为零|无\s*$)`)
)

// clauses are the parts of a text, without what only looks like taking away.
func clauses(text string) []string { return clauseEnd.Split(bounded.ReplaceAllString(text, "…"), -1) }

// claims reports whether a text says that something is there.
func claims(text string, what *regexp.Regexp) bool {
	return slices.ContainsFunc(clauses(text), func(clause string) bool {
		gone := takenBefore.FindAllStringIndex(clause, -1)
		return slices.ContainsFunc(what.FindAllStringIndex(clause, -1), func(at []int) bool {
			inside := slices.ContainsFunc(gone, func(g []int) bool { return g[0] < at[1] && at[0] < g[1] })
			return !inside && !takenBehind.MatchString(clause[at[1]:])
		})
	})
}

// saying is what a note says of a factor: nothing of this row, that the price
// has it, or what could be either.
type saying int

const (
	unsaid saying = iota
	saidInDoubt
	saidApplied
)

var (
	componentNamed = regexp.MustCompile(`\b\d[A-D]\b`)
	onlySaid       = regexp.MustCompile(`(?i)\b(only|solely|except)\b|仅|只|除`)
	appliedSaid    = regexp.MustCompile(`(?i)乘|×|已(按|含|计)|含|计入|\b(applied|multiplied|times|incl\w*)\b`)
)

// saidOf reads a note for a factor or a surcharge, on the row of a component
// that it does not act on.
func saidOf(note string, factor *regexp.Regexp, component string) saying {
	most := unsaid
	for _, clause := range clauses(note) {
		others := componentNamed.FindAllString(clause, -1)
		if !factor.MatchString(clause) || len(others) > 0 && !slices.Contains(others, component) {
			continue // of another component: port factor 0.90 is for 1A only
		}
		denied := takenBefore.MatchString(clause) || onlySaid.MatchString(clause)
		switch applied := appliedSaid.MatchString(takenBefore.ReplaceAllString(clause, "…")); {
		case applied && !denied:
			return saidApplied
		case applied || !denied:
			most = saidInDoubt
		}
	}
	return most
}
