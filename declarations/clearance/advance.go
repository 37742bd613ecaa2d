package clearance

import (
	"slices"
	"strings"
	"time"

	"kouan/declarations"
)

// Moment is an instant in an answer; the zero one is left out.
type Moment = time.Time

func moment(t time.Time) Moment { return t.UTC() }

// AdvanceState says whether the declaration was made in advance. It is a fact
// of time: nothing in the message tells it (clearance-modes.md §2).
type AdvanceState string

// Expected: earlier than an entry that is itself only expected. Unknown: not
// declared yet, or no entry has been reported.
const (
	InAdvance       AdvanceState = "in_advance"
	AfterArrival    AdvanceState = "after_arrival"
	InAdvanceSoFar  AdvanceState = "expected"
	AdvanceNotKnown AdvanceState = "unknown"
)

// Advance is a declaration in advance (提前申报) against the facts of its voyage.
type Advance struct {
	State      AdvanceState `json:"state" enum:"in_advance,after_arrival,expected,unknown"`
	DeclaredAt Moment       `json:"declared_at,omitzero"`
	Against    Kind         `json:"against" doc:"Import: ship_arrival. Export: cargo_arrival"`
	ArrivedAt  Moment       `json:"arrived_at,omitzero"`
	Manifest   Manifest     `json:"manifest"`
	Estimates  []Estimate   `json:"estimates" doc:"What was declared or expected beside what was seen"`
	MayChange  []string     `json:"may_change" doc:"Places whose value may still change before arrival; afterwards only by amendment"`
	Text       string       `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// Estimate keeps all values of one field: nothing is written over.
type Estimate struct {
	Path     string `json:"path" example:"transport.voyage_number"`
	Declared string `json:"declared,omitzero"`
	Expected string `json:"expected,omitzero"`
	Actual   string `json:"actual,omitzero"`
	Source   string `json:"source,omitzero" doc:"Partner of the actual value, else of the expected one"`
	Differs  bool   `json:"differs"`
}

// AdvanceOf holds the time of declaration against the entry of the conveyance
// (import) or the arrival of the goods at the site (export).
func AdvanceOf(d *declarations.Declaration, c *Course, facts []Known) Advance {
	a := Advance{State: AdvanceNotKnown, Against: ShipArrival, Manifest: ManifestOf(d, facts),
		Evidence: declarations.Unverified, Basis: "own rule"}
	if d.IsExport() {
		a.Against = CargoArrival
	}
	declared, _ := c.declaredAt()
	a.DeclaredAt = moment(declared)
	arrived := last(facts, a.Against)
	switch {
	case arrived != nil:
		a.ArrivedAt = moment(arrived.At())
		switch {
		case declared.IsZero():
		case declared.Before(arrived.At()):
			a.State = InAdvance
		default:
			a.State = AfterArrival
		}
	case !declared.IsZero():
		for _, f := range standing(facts, a.Against) {
			if declared.Before(f.At()) {
				a.State = InAdvanceSoFar
			}
		}
	}
	a.Estimates = estimates(d, facts)
	a.MayChange = mayChange(d, arrived != nil)
	return a
}

// mayChange are the data that can be missing or change until arrival.
func mayChange(d *declarations.Declaration, arrived bool) []string {
	if arrived {
		return []string{}
	}
	paths := []string{"transport.import_export_date", "transport.voyage_number", "transport.means_name",
		"declaration.total_gross_weight_kg", "declaration.total_net_weight_kg"}
	for i := range d.Containers {
		paths = append(paths, declarations.IndexPath("containers", i, "number"))
	}
	return paths
}

// reports are the fields of which facts tell a value.
var reports = []struct {
	path     string
	number   bool
	kinds    []Kind // nil: any
	declared func(*declarations.Declaration) string
	told     func(*Known) string
}{
	{"transport.import_export_date", false, []Kind{ShipArrival}, declaredDate, func(f *Known) string { return string(DayOf(f.At())) }},
	{"transport.voyage_number", false, nil, func(d *declarations.Declaration) string { return d.Transport.VoyageNumber }, func(f *Known) string { return f.VoyageNumber }},
	{"transport.means_name", false, nil, func(d *declarations.Declaration) string { return d.Transport.MeansName }, func(f *Known) string { return f.VesselName }},
	{"declaration.total_packages", true, []Kind{ManifestAccepted, CargoArrival}, func(d *declarations.Declaration) string { return string(d.Header.TotalPackages) }, ofBill(func(f *Known) string { return string(f.Packages) })},
	{"declaration.total_gross_weight_kg", true, []Kind{ManifestAccepted, CargoArrival}, func(d *declarations.Declaration) string { return string(d.Header.TotalGrossWeightKg) }, ofBill(func(f *Known) string { return string(f.GrossWeightKg) })},
}

// ofBill leaves out what a report says about one box: it is no total.
func ofBill(value func(*Known) string) func(*Known) string {
	return func(f *Known) string {
		if f.ContainerNumber != "" {
			return ""
		}
		return value(f)
	}
}

func declaredDate(d *declarations.Declaration) string {
	if day, ok := ParseDay(d.Transport.ImportExportDate); ok {
		return string(day)
	}
	return d.Transport.ImportExportDate
}

func estimates(d *declarations.Declaration, facts []Known) []Estimate {
	out := []Estimate{}
	for _, r := range reports {
		e := Estimate{Path: r.path, Declared: r.declared(d)}
		var expected, actual *Known
		for i := range facts {
			f := &facts[i]
			if f.Withdrawn || f.Withdraws != "" || r.told(f) == "" || r.kinds != nil && !slices.Contains(r.kinds, f.Kind) {
				continue
			}
			to := &actual
			if f.Estimated {
				to = &expected
			}
			if *to == nil || !f.HeardAt.Before((*to).HeardAt) {
				*to = f
			}
		}
		if expected != nil {
			e.Expected, e.Source = r.told(expected), expected.Source
		}
		if actual != nil {
			e.Actual, e.Source = r.told(actual), actual.Source
		}
		if expected == nil && actual == nil {
			continue
		}
		e.Differs = actual != nil && e.Declared != "" && !equal(e.Declared, e.Actual, r.number)
		out = append(out, e)
	}
	return append(out, boxes(d, facts)...)
}

// boxes compares the declared box numbers with those that were reported for
// the bill; only a report of the bill itself can bring a box that is not declared.
func boxes(d *declarations.Declaration, facts []Known) []Estimate {
	var declared, seen []string
	source := ""
	for i := range d.Containers {
		declared = append(declared, plain(d.Containers[i].Number))
	}
	for i := range facts {
		f := &facts[i]
		if n := plain(f.ContainerNumber); n != "" && !f.Withdrawn && f.Withdraws == "" && !f.Estimated && !slices.Contains(seen, n) {
			seen, source = append(seen, n), f.Source
		}
	}
	if len(seen) == 0 {
		return nil
	}
	slices.Sort(declared)
	slices.Sort(seen)
	differs := slices.ContainsFunc(seen, func(n string) bool { return !slices.Contains(declared, n) })
	return []Estimate{{Path: "containers", Declared: strings.Join(declared, ", "), Actual: strings.Join(seen, ", "), Source: source, Differs: differs}}
}
