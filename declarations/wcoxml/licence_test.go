package wcoxml

import (
	"slices"
	"testing"

	"kouan/declarations"
)

// A licence stands in its line: the number of the line is not written again,
// comes back with the line, and is told as lost when it is another.
func TestTheLineOfALicence(t *testing.T) {
	t.Parallel()
	for _, number := range []declarations.Decimal{"1", "9"} {
		d := declarations.Declaration{Header: declarations.Header{TradeDirection: declarations.Import, FunctionCode: "C"}, Items: []declarations.Item{{
			LineNumber: "1", Licences: []declarations.Licence{{ItemNumber: number, Number: "L", WriteoffQuantity: "5", WriteoffUnitCode: "035"}},
		}}}
		out, losses := Write(&d, Options{Unverified: true})
		told := slices.ContainsFunc(losses, func(l Loss) bool { return l.Path == "items[0].licences[0].item_number" && l.Value == "9" })
		if told != (number == "9") {
			t.Errorf("number %s: losses %v", number, losses)
		}
		doc, faults := Parse(addFunctionCode(out), Options{Unverified: true})
		if declarations.Rejected(faults) {
			t.Fatal(said(faults))
		}
		if l := doc.Declaration.Items[0].Licences; len(l) != 1 || l[0].ItemNumber != "1" {
			t.Errorf("number %s: read %+v", number, l)
		}
	}
}
