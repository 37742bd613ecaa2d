package publication

import (
	"slices"

	"kouan/tariffs"
)

// FromSheet are the settings of a file: a price list, one of the catalogue's
// own tables, or the published list, told by its heading. A price list is
// looked over by the linter.
func FromSheet(c *tariffs.Catalogue, s *tariffs.Sheet) ([]Setting, []Finding) {
	if kind := TableOf(s.Columns); kind != "" {
		return fromTable(kind, s), nil
	}
	if tariffs.IsList(s.Columns) {
		rows, found := c.ReadBack(s)
		settings := make([]Setting, 0, len(rows))
		for _, r := range rows {
			settings = append(settings, Setting{Kind: r.Kind, Cells: r.Cells, Line: r.Line})
		}
		return settings, findingsOf(found)
	}
	found := tariffs.Lint(c, s)
	prices, more := tariffs.SheetRates(c, s)
	if len(prices) > 0 || len(s.Rows) == 0 { // else both said the same of the heading
		found = append(found, more...)
	}
	settings := make([]Setting, 0, len(prices))
	for _, p := range prices {
		settings = append(settings, Setting{Kind: rates, Cells: p.Cells, Line: p.Line})
	}
	return settings, findingsOf(found)
}

func findingsOf(found []tariffs.Finding) []Finding {
	out := make([]Finding, 0, len(found))
	for _, f := range found {
		out = append(out, Finding{Code: f.Code, Severity: f.Severity, Line: f.Line, Column: f.Column, Args: f.Args})
	}
	return out
}

// TableOf is the table whose columns a heading has; empty for a price list.
func TableOf(heading []string) string {
	for _, kind := range tariffs.Kinds() {
		known, missing := tariffs.ColumnsOf(kind), false
		for _, column := range tariffs.TableColumns(kind) {
			missing = missing || !slices.Contains(heading, column)
		}
		if !missing && !slices.ContainsFunc(heading, func(column string) bool { return !slices.Contains(known, column) }) {
			return kind
		}
	}
	return ""
}

func fromTable(kind string, s *tariffs.Sheet) []Setting {
	out := make([]Setting, 0, len(s.Rows))
	for _, row := range s.Rows {
		cells := map[string]string{}
		for i, column := range s.Columns {
			if i < len(row.Cells) && row.Cells[i] != "" {
				cells[column] = tariffs.Plain(row.Cells[i])
			}
		}
		out = append(out, Setting{Kind: kind, Cells: cells, Line: row.Line})
	}
	return out
}
