package desk_test

import (
	"bytes"
	"errors"
	"testing"

	"kouan/declarations"
	"kouan/gateway/desk"
)

// refusing is a set of schemas that takes nothing with a word in it.
type refusing struct{ word string }

func (r refusing) Judge(doc []byte) ([]declarations.Fault, error) {
	if bytes.Contains(doc, []byte(r.word)) {
		return []declarations.Fault{{Code: "XSD-1003", Severity: declarations.Reject, Path: "/MetaData", Line: 1, Column: 1}}, nil
	}
	return nil, nil
}

func TestSchemasRefuseBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Schemas = refusing{"EXS1"}
	var faults *desk.FaultsError
	if _, err := b.Submit(t.Context(), b.alice, submission(b.xml("EXS1"), "")); !errors.As(err, &faults) || faults.Faults[0].Code != "XSD-1003" {
		t.Errorf("%v, want the schema's fault", err)
	}
	b.mustSubmit(t, b.alice, "EXS2")
}
