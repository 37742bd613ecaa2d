package publication

import (
	"slices"

	"kouan/tariffs"
)

// What became of a row between two editions.
const (
	Added   = "added"
	Changed = "changed"
	Ended   = "ended"
)

// Change is a row that two editions do not have alike.
type Change struct {
	Kind   string       `json:"table"`
	Key    string       `json:"row"`
	What   string       `json:"what"`                // added, changed, ended
	Before int          `json:"before,omitzero"`     // version in the first edition
	After  int          `json:"after,omitzero"`      // version in the second
	Cells  []CellChange `json:"cells,omitempty"`     // of a changed row; of an added one all that are not empty
	Item   string       `json:"item,omitzero"`       // charge that the row is about; empty: none in particular
	From   string       `json:"valid_from,omitzero"` // of the row as it is now, or was
}

// CellChange is one cell of it.
type CellChange struct {
	Column string `json:"column"`
	From   string `json:"from,omitzero"`
	To     string `json:"to,omitzero"`
}

// Differ tells what a second edition has otherwise than a first one: in the
// order of the second, then what ended in the order of the first. An edition
// compared with itself shows nothing.
func Differ(before, after []tariffs.Record) []Change {
	old := make(map[[2]string]*tariffs.Record, len(before))
	for i := range before {
		old[[2]string{before[i].Kind, before[i].Key}] = &before[i]
	}
	kept := make(map[[2]string]bool, len(after))
	var out []Change
	for i := range after {
		r := &after[i]
		id := [2]string{r.Kind, r.Key}
		kept[id] = true
		o := old[id]
		switch {
		case o == nil:
			out = append(out, change(Added, nil, r))
		case o.Version != r.Version:
			out = append(out, change(Changed, o, r))
		}
	}
	for i := range before {
		if r := &before[i]; !kept[[2]string{r.Kind, r.Key}] {
			out = append(out, change(Ended, r, nil))
		}
	}
	return out
}

func change(what string, before, after *tariffs.Record) Change {
	some := after
	if some == nil {
		some = before
	}
	ch := Change{Kind: some.Kind, Key: some.Key, What: what}
	from, to := map[string]string{}, map[string]string{}
	if before != nil {
		ch.Before, from = before.Version, cellsOf(before)
	}
	if after != nil {
		ch.After, to = after.Version, cellsOf(after)
	}
	cells := to
	if after == nil {
		cells = from
	}
	ch.Item = itemOf(some.Kind, cells)
	ch.From, _ = tariffs.ValidityOf(cells)
	if what == Ended {
		return ch
	}
	for _, column := range tariffs.ColumnsOf(some.Kind) {
		if from[column] != to[column] {
			ch.Cells = append(ch.Cells, CellChange{column, from[column], to[column]})
		}
	}
	return ch
}

// cellsOf reads a record that a catalogue was made from.
func cellsOf(r *tariffs.Record) map[string]string {
	cells, err := r.Cells()
	if err != nil {
		return map[string]string{}
	}
	return cells
}

// itemOf is the charge that a row of a table is about.
func itemOf(kind string, cells map[string]string) string {
	switch kind {
	case "items":
		return cells["code"]
	case rates, "modifiers":
		return cells["item"]
	case "tonnage_dues":
		return "TONNAGE_DUES"
	case "special_port_fee":
		return "SPECIAL_PORT_FEE"
	}
	return ""
}

// ForItem are the changes that concern a charge: its own, those of its rows,
// and those of modifiers that act on it.
func ForItem(changes []Change, item string) []Change {
	return slices.DeleteFunc(slices.Clone(changes), func(c Change) bool { return !concerns(&c, item) })
}

func concerns(c *Change, item string) bool {
	if c.Kind != "modifiers" {
		return c.Item == item
	}
	return slices.Contains(splitItems(c.Item), item) || c.Item == "*"
}
