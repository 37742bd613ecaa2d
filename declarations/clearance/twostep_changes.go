package clearance

import (
	"strings"

	"kouan/declarations"
)

// Fault codes of a full declaration against its summary.
const (
	CodeOtherSequence = "CLR-1001" // the full declaration carries another SeqNo; args: got, want as given, summary
	CodeOtherHeading  = "CLR-1002" // CodeTS does not extend the digits of the summary; args: code, summary
	CodeLineAdded     = "CLR-1003" // a line that the summary does not have; args: line
	CodeLineLost      = "CLR-1004" // a line of the summary is gone; args: line
)

// SummaryDifference is a value of the full declaration that is not the one of the
// summary. It may be right; the declarant sees it before it is sent (own rule).
type SummaryDifference struct {
	Path    string `json:"path" example:"items[0].line_amount"`
	Line    string `json:"line" doc:"Number of the goods line"`
	Summary string `json:"summary"`
	Full    string `json:"full"`
}

// compared are the fields whose change is shown: quantity, value, origin (clearance-modes.md §3.3).
var compared = []struct {
	field  string
	number bool
	value  func(*declarations.Item) string
}{
	{"transaction_quantity", true, func(r *declarations.Item) string { return string(r.TransactionQuantity) }},
	{"transaction_unit_code", false, func(r *declarations.Item) string { return r.TransactionUnitCode }},
	{"line_amount", true, func(r *declarations.Item) string { return string(r.LineAmount) }},
	{"currency", false, func(r *declarations.Item) string { return r.Currency }},
	{"country_of_origin", false, func(r *declarations.Item) string { return r.CountryOfOrigin }},
}

// CompareWithSummary holds a full declaration against its summary: what must
// not differ comes back as faults, what may as differences. number is the
// SeqNo that customs knows the summary by, empty while it is not known.
// Lines meet by their number, and one without a number meets none.
func CompareWithSummary(summary, full *declarations.Declaration, number string) ([]SummaryDifference, []declarations.Fault) {
	var faults []declarations.Fault
	if got := full.Header.PlatformSequenceNumber; number != "" && got != number {
		f := reject(CodeOtherSequence, "declaration.platform_sequence_number", "number", shown(got), "summary", shown(number))
		f.Severity = declarations.Warn // V064: that both share one number is not verified
		faults = append(faults, f)
	}
	differences := []SummaryDifference{}
	lines := map[string]*declarations.Item{}
	for i := range summary.Items {
		lines[string(summary.Items[i].LineNumber)] = &summary.Items[i]
	}
	for i := range full.Items {
		now := &full.Items[i]
		line := string(now.LineNumber)
		before, ok := lines[line]
		if !ok {
			faults = append(faults, warn(CodeLineAdded, declarations.IndexPath("items", i, "line_number"), "line", shown(line)))
			continue
		}
		delete(lines, line)
		if !strings.HasPrefix(now.HSCode, before.HSCode) {
			faults = append(faults, reject(CodeOtherHeading, declarations.IndexPath("items", i, "hs_code"), "code", shown(now.HSCode), "summary", shown(before.HSCode)))
		}
		for _, c := range compared {
			if was, is := c.value(before), c.value(now); !equal(was, is, c.number) {
				differences = append(differences, SummaryDifference{declarations.IndexPath("items", i, c.field), line, was, is})
			}
		}
	}
	for i := range summary.Items {
		if line := string(summary.Items[i].LineNumber); lines[line] == &summary.Items[i] {
			faults = append(faults, warn(CodeLineLost, "items", "line", shown(line)))
		}
	}
	return differences, faults
}

func warn(code, path string, pairs ...string) declarations.Fault {
	f := reject(code, path, pairs...)
	f.Severity = declarations.Warn
	return f
}

// equal compares two values; 100 and 100.0 are one number. What is no number
// is compared as it is written.
func equal(a, b string, number bool) bool {
	if !number {
		return plain(a) == plain(b)
	}
	x, okX := declarations.Decimal(a).Number()
	y, okY := declarations.Decimal(b).Number()
	if !okX || !okY {
		return a == b
	}
	return x.Equal(y)
}
