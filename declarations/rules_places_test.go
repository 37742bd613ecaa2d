package declarations_test

import (
	"testing"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/intake"
)

// Whatever a rule finds has its place in the message and in the JSON of the
// user, and in the message it is the element that the fault names.
func TestEveryFaultHasItsPlaceInEveryForm(t *testing.T) {
	t.Parallel()
	judged := map[string]int{}
	for name, d := range declarations.Faulty() {
		if doc, faults := customsxml.Parse(customsxml.Write(d, customsxml.Options{})); !declarations.Rejected(faults) {
			for _, f := range declarations.Validate(&doc.Declaration) {
				at := doc.Locate(f.Path)
				if at.Line == 0 || lastElement(at.Path) != f.Args["element"] {
					t.Errorf("%s: %s of %s is at %s line %d", name, f.Code, f.Path, at.Path, at.Line)
				}
				judged[f.Code] |= 1
			}
		}
		body, err := intake.MarshalIndent(d)
		if err != nil {
			continue // not UTF-8
		}
		row := intake.Read(body, intake.JSON)[0]
		if declarations.Rejected(row.Faults) {
			continue
		}
		for _, f := range declarations.Validate(&row.Declaration) {
			if path, line, column := row.Locate(f.Path); path != f.Path || line == 0 || column == 0 {
				t.Errorf("%s: %s of %s is at %s %d:%d in JSON", name, f.Code, f.Path, path, line, column)
			}
			judged[f.Code] |= 2
		}
	}
	for _, r := range declarations.Rules {
		want := 3
		if r.ID == "V065" {
			want = 2 // what is abolished is never written to a message
		}
		if r.Stage == declarations.StageValidate && judged[r.Code()] != want {
			t.Errorf("%s was placed in %b, want %b", r.ID, judged[r.Code()], want)
		}
	}
}
