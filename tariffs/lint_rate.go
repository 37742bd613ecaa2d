package tariffs

import (
	"cmp"
	"slices"
)

// Judge holds rates that a collector stated against the rules of prices, in
// whatever form they came: a row of the table of rates passes no price list.
type Judge struct{ lint *lint }

// NewJudge judges by the rows of a catalogue.
func NewJudge(c *Catalogue) Judge {
	l := newLint(c)
	for i, column := range SheetColumns {
		l.at[column] = i
	}
	return Judge{l}
}

// rateChecks are the rules that do not depend on the form of a list.
var rateChecks = []func(*lintRow){
	(*lintRow).choices, (*lintRow).basis, (*lintRow).inForce, (*lintRow).notSeparate, (*lintRow).prices, (*lintRow).sources,
}

// Rate finds what stands against a rate; columns are those of the table.
func (j Judge) Rate(r *Rate) []Finding {
	j.lint.findings = nil
	row := lintRow{lint: j.lint, SheetRow: SheetRow{Cells: r.sheetCells()}, item: j.lint.c.items[r.Item]}
	for _, check := range rateChecks {
		check(&row)
	}
	found := slices.Clone(j.lint.findings)
	for i := range found {
		found[i].Column = cmp.Or(map[string]string{"item_code": "item", "legal_basis": "instrument"}[found[i].Column], found[i].Column)
	}
	return found
}

// sheetCells are the cells of a rate as a price list has them.
func (r *Rate) sheetCells() []string {
	s := &r.Stated
	given := map[string]string{"item_code": r.Item, "component": r.Component, "collector_zh": s.Collector, "schedule_kind": string(r.Kind), "trade": r.Trade, "cargo_class": r.CargoClass,
		"container_size": r.ContainerSize, "load_state": r.LoadState, "direction": r.Direction, "ship_type": r.ShipType, "basis_zh": s.Basis, "unit": r.Unit, "reason_zh": s.Reason,
		"when_how_paid_zh": s.Payment, "legal_basis": cmp.Or(r.Instrument, s.LegalBasis), "article": s.Article, "valid_from": string(r.Valid.From), "valid_to": string(r.Valid.To),
		"attachment": s.Attachment, "note": r.Note}
	given["nt_from"], given["nt_to"] = r.NT.texts()
	given["loa_from"], given["loa_to"] = r.LOA.texts()
	given["distance_from_nm"], given["distance_to_nm"] = r.Distance.texts()
	if r.Amount != nil {
		given["amount"] = r.figure()
	}
	cells := make([]string, len(SheetColumns))
	for i, column := range SheetColumns {
		cells[i] = given[column]
	}
	return cells
}
