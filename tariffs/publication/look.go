package publication

import (
	"cmp"
	"slices"

	"kouan/tariffs"
)

// Look finds what would stand against keeping a price list as a draft on top
// of a catalogue, and keeps nothing: what the linter says, what setting its
// rows says, and the gate. What depends on the day of the publication is left
// to that day.
func Look(c *tariffs.Catalogue, s *tariffs.Sheet) []tariffs.Finding {
	found := tariffs.Lint(c, s)
	prices, more := tariffs.SheetRates(c, s)
	if len(prices) == 0 && len(s.Rows) > 0 && tariffs.Rejected(more) {
		return found // of the heading, or of every row
	}
	found = append(found, more...)
	var draft Draft
	for _, p := range prices {
		draft.Settings = append(draft.Settings, Setting{Kind: rates, Cells: p.Cells, Line: p.Line})
	}
	draft.Settings = sound(draft.Settings, found)
	for len(draft.Settings) > 0 {
		next, told := Apply(c, &draft, nil)
		if next != nil {
			found = append(found, inSheet(told, nil)...)
			if told = Gate(c, next.Catalogue, next.Changes, Terms{}); len(told) > 0 {
				found = append(found, untold(found, inSheet(told, linesOf(next, draft.Settings)))...)
			}
			return found
		}
		told = slices.DeleteFunc(told, func(f Finding) bool { return f.Severity != tariffs.Reject || f.Code == CodeNothing })
		found = append(found, inSheet(told, nil)...)
		rest := sound(draft.Settings, found)
		if len(rest) == len(draft.Settings) {
			break // what was told is about no row
		}
		draft.Settings = rest // without the rows that cannot be set the others can be looked at
	}
	return found
}

// untold leaves out what was told before: the gate holds prices against the
// rules by which the linter warned of them.
func untold(before, more []tariffs.Finding) []tariffs.Finding {
	return slices.DeleteFunc(more, func(f tariffs.Finding) bool {
		return slices.ContainsFunc(before, func(o tariffs.Finding) bool { return o.Code == f.Code && o.Line == f.Line && o.Column == f.Column })
	})
}

// sound are the settings against whose lines nothing stands.
func sound(settings []Setting, found []tariffs.Finding) []Setting {
	faulty := map[int]bool{}
	for i := range found {
		if found[i].Severity == tariffs.Reject {
			faulty[found[i].Line] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(settings), func(s Setting) bool { return faulty[s.Line] })
}

// linesOf are the lines of the rows that are new in a result, by their keys. A
// row that corrects another one has the key of that one.
func linesOf(next *Result, settings []Setting) map[string]int {
	lines, out := map[string]int{}, map[string]int{}
	for i := range settings {
		lines[tariffs.NewRateID(settings[i].Cells)] = settings[i].Line
	}
	for i := range next.Fresh {
		if cells, err := next.Fresh[i].Cells(); err == nil {
			out[next.Fresh[i].Key] = lines[tariffs.NewRateID(cells)]
		}
	}
	return out
}

// sheetColumn are the columns of a price list that the table of rates names otherwise.
var sheetColumn = map[string]string{"item": "item_code", "instrument": "legal_basis", "ceiling": "amount_kind"}

// inSheet puts findings to their place in the list.
func inSheet(found []Finding, lines map[string]int) []tariffs.Finding {
	var out []tariffs.Finding
	for i := range found {
		f := &found[i]
		column := cmp.Or(sheetColumn[f.Column], f.Column)
		out = append(out, tariffs.Finding{Code: f.Code, Severity: f.Severity, Line: cmp.Or(f.Line, lines[f.Key], 1), Column: column, Args: f.Args})
	}
	return out
}
