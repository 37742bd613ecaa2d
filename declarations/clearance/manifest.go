package clearance

import "kouan/declarations"

// ManifestState says how the declaration stands to the manifest.
type ManifestState string

// The states of the match.
const (
	ManifestMissing  ManifestState = "missing"
	ManifestMismatch ManifestState = "mismatch"
	ManifestMatched  ManifestState = "matched"
	ManifestReturned ManifestState = "returned" // customs returned it after or without acceptance
)

// Manifest is the match of a declaration with its manifest.
type Manifest struct {
	State       ManifestState        `json:"state" enum:"missing,mismatch,matched,returned"`
	At          Moment               `json:"at,omitzero"`
	Source      string               `json:"source,omitzero" doc:"Partner that reported it"`
	Differences []ManifestDifference `json:"differences,omitempty"`
	Unchecked   []string             `json:"unchecked,omitempty" doc:"What the report does not tell"`
	Text        string               `json:"text"`
}

// ManifestDifference is one value that differs between declaration and report.
type ManifestDifference struct {
	Path     string `json:"path" example:"declaration.total_packages"`
	Declared string `json:"declared"`
	Reported string `json:"reported"`
}

// manifestFields must agree: bill number, voyage, packages, weight (clearance-modes.md §2).
var manifestFields = []struct {
	path     string
	number   bool
	declared func(*declarations.Declaration) string
	reported func(*Known) string
}{
	{"transport.transport_document_number", false, func(d *declarations.Declaration) string { return d.Transport.TransportDocumentNumber }, func(f *Known) string { return f.BillNumber }},
	{"transport.voyage_number", false, func(d *declarations.Declaration) string { return d.Transport.VoyageNumber }, func(f *Known) string { return f.VoyageNumber }},
	{"declaration.total_packages", true, func(d *declarations.Declaration) string { return string(d.Header.TotalPackages) }, func(f *Known) string { return string(f.Packages) }},
	{"declaration.total_gross_weight_kg", true, func(d *declarations.Declaration) string { return string(d.Header.TotalGrossWeightKg) }, func(f *Known) string { return string(f.GrossWeightKg) }},
}

// ManifestOf matches a declaration with the newest word about its manifest.
func ManifestOf(d *declarations.Declaration, facts []Known) Manifest {
	accepted := last(facts, ManifestAccepted)
	if r := lastReturned(facts); r != nil && (accepted == nil || r.At().After(accepted.At())) {
		return Manifest{State: ManifestReturned, At: moment(r.At()), Source: r.Source}
	}
	if accepted == nil {
		return Manifest{State: ManifestMissing}
	}
	m := Manifest{State: ManifestMatched, At: moment(accepted.At()), Source: accepted.Source}
	for _, f := range manifestFields {
		declared, reported := f.declared(d), f.reported(accepted)
		switch {
		case reported == "":
			m.Unchecked = append(m.Unchecked, f.path)
		case !equal(declared, reported, f.number):
			m.Differences = append(m.Differences, ManifestDifference{f.path, declared, reported})
			m.State = ManifestMismatch
		}
	}
	return m
}

// lastReturned is the newest answer 03 (海关退单) about the manifest.
func lastReturned(facts []Known) *Known {
	var found *Known
	for _, f := range standing(facts, ManifestReceipt) {
		if f.Code == "03" && (found == nil || f.At().After(found.At())) {
			found = f
		}
	}
	return found
}
