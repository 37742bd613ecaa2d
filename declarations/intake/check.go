package intake

import "kouan/declarations"

// Check is CheckBy the built-in code tables, on any day.
func (r *Row) Check() []declarations.Fault { return r.CheckBy(declarations.Judge{}) }

// CheckBy is every fault of the row: those of its form and those of the rules
// as judge knows them, each at its place in the document as the user wrote it.
func (r *Row) CheckBy(judge declarations.Judge) []declarations.Fault {
	rules := judge.Validate(&r.Declaration)
	if len(rules) == 0 {
		return r.Faults
	}
	faults := append(make([]declarations.Fault, 0, len(r.Faults)+len(rules)), r.Faults...)
	for _, f := range rules {
		f.Path, f.Line, f.Column = r.Locate(f.Path)
		faults = append(faults, f)
	}
	return faults
}
