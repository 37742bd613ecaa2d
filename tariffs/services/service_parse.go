package services

import (
	"slices"
	"strconv"
	"strings"

	"kouan/tariffs"
)

// mostRows bounds a sheet: more services than any port has.
const mostRows = 5_000

// RowFault is a fault of a sheet with its place: the row as a person counts
// it, the column from 1; 0 where the fault is of the whole sheet.
type RowFault struct {
	Fault
	Line, Position int
}

// Read reads a sheet and checks each row against a catalogue. It gives the
// services only when nothing is wrong with any: a list that is half published
// would look whole.
func Read(c *tariffs.Catalogue, s *tariffs.Sheet) ([]Service, []RowFault) {
	var faults []RowFault
	at := map[string]int{}
	for i, name := range s.Columns {
		if _, twice := at[name]; twice || !slices.Contains(Columns, name) {
			faults = append(faults, RowFault{Fault{CodeColumn, name, map[string]string{"name": strconv.QuoteToGraphic(name)}}, 1, i + 1})
			continue
		}
		at[name] = i
	}
	for _, name := range needed {
		if _, there := at[name]; !there {
			faults = append(faults, RowFault{Fault{CodeNoColumn, name, map[string]string{"name": name}}, 1, 0})
		}
	}
	switch {
	case len(faults) > 0:
		return nil, faults
	case len(s.Rows) == 0:
		return nil, []RowFault{{Fault{CodeNoRows, "", nil}, 1, 0}}
	case len(s.Rows) > mostRows:
		return nil, []RowFault{{Fault{CodeMany, "", map[string]string{"limit": strconv.Itoa(mostRows)}}, 1, 0}}
	}
	var out []Service
	for _, row := range s.Rows {
		one := parse(func(column string) string {
			if i, there := at[column]; there && i < len(row.Cells) {
				return strings.TrimSpace(row.Cells[i])
			}
			return ""
		})
		found := one.Check(c)
		for _, column := range []string{"counted", "sample"} {
			i, there := at[column]
			if there && i < len(row.Cells) && !slices.Contains([]string{"", "yes", "no"}, strings.TrimSpace(row.Cells[i])) {
				found = append(found, Fault{CodeChoice, column, map[string]string{"name": column, "value": strings.TrimSpace(row.Cells[i]), "known": "yes, no"}})
			}
		}
		if one.Number != "" && slices.ContainsFunc(out, func(o Service) bool { return o.Number == one.Number }) {
			found = append(found, Fault{CodeTwice, "service_no", map[string]string{"value": one.Number}})
		}
		for _, f := range found {
			position := 0
			if i, there := at[f.Column]; there {
				position = i + 1
			}
			faults = append(faults, RowFault{f, row.Line, position})
		}
		out = append(out, one)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return out, nil
}

func parse(cell func(string) string) Service {
	return Service{
		Number: cell("service_no"), Name: cell("service_zh"), NameEN: cell("service_en"), Item: cell("item_code"),
		Provider: cell("provider"), Contact: cell("contact"), Price: cell("price"), Currency: cell("currency"), Unit: cell("unit"),
		Direction: cell("direction"), Size: cell("container_size"), ValidFrom: tariffs.Day(cell("valid_from")), ValidTo: tariffs.Day(cell("valid_to")),
		ChooseOther: cell("choose_another_zh"), ChooseOtherEN: cell("choose_another_en"), Source: cell("source"), SourceSHA256: cell("source_sha256"),
		Word: tariffs.Word(cell("verification")), Counted: cell("counted") == "yes", Sample: cell("sample") == "yes",
	}
}

// Cells are what Read reads, in the order of Columns.
func (s *Service) Cells() []string {
	cells := make([]string, len(Columns))
	for i, column := range Columns {
		cells[i] = s.text(column)
	}
	return cells
}
