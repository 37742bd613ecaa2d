package desk_test

import (
	"slices"
	"testing"

	"kouan/declarations"
	"kouan/declarations/wcoxml"
	"kouan/gateway/desk"
)

// A partner abroad gets the declaration as WCO XML; what that message does not
// carry is told to the declarant, each with its path.
func TestProfileOfTheRouteWritesTheMessage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Routes[0].Profile = desk.ProfileWCO
	a := b.mustSubmit(t, b.alice, "EX1")
	m := b.out(t, "alice", a.ID)
	if m.Kind != "wco-declaration" {
		t.Errorf("kind = %s", m.Kind)
	}
	doc, faults := wcoxml.Parse(m.Body, wcoxml.Options{})
	if declarations.Rejected(faults) {
		t.Fatalf("the message is no WCO declaration: %v", faults)
	}
	if got := doc.Declaration.Header.ClientReference; got != "EX1" {
		t.Errorf("reference = %q", got)
	}
	lost := func(f declarations.Fault) bool {
		return f.Severity == declarations.Warn && f.Path == "transport.voyage_number"
	}
	if !slices.ContainsFunc(a.Faults, lost) {
		t.Errorf("the voyage, which the message does not carry, is not among the warnings: %v", a.Faults)
	}
	row, err := b.store.Declaration(t.Context(), "alice", a.ID)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := desk.Faults(&row)
	if err != nil || !slices.ContainsFunc(kept, lost) {
		t.Errorf("the warnings are not kept: %v, %v", kept, err)
	}
}
