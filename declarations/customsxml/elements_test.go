package customsxml

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

// limits are what the interface says of one element.
type limits struct {
	Name             string
	Kind             declarations.Kind
	Length, Decimals int
	Need             declarations.Need
}

// deviations are the places where the program is wider or narrower than the
// table of the interface, each for a reason of decmessage.md.
var deviations = map[string]limits{
	"DecHead/Type":              {"Type", declarations.Text, 10, 0, declarations.Optional},      // position 7 is defined; blank means ordinary
	"DecHead/CopCode":           {"CopCode", declarations.Text, 18, 0, declarations.Always},     // real data has 10 to 18 characters
	"DecSign/ClientSeqNo":       {"ClientSeqNo", declarations.Text, 24, 0, declarations.Always}, // up to 24 occur (V061)
	"DecList/SecondQty":         {"SecondQty", declarations.Number, 19, 5, declarations.Optional},
	"DecSupplement/ContrDate":   {"ContrDate", declarations.Day, 8, 0, declarations.Optional}, // the table gives yyyyMMdd and no length
	"DecSupplement/InvoiceDate": {"InvoiceDate", declarations.Day, 8, 0, declarations.Optional},
}

var kinds = map[string]declarations.Kind{"String": declarations.Text, "Decimal": declarations.Number, "Integer": declarations.Whole,
	"Date": declarations.Day, "DateTime": declarations.Instant, "BLOB": declarations.Text}

// Element by element, in order: name, kind, length, decimals and when it is required.
func TestElementsAreThoseOfTheInterface(t *testing.T) {
	t.Parallel()
	want, total := map[string][]limits{}, 0
	for _, r := range testfacts.Lines(t, "formats", "decmessage-fields.csv")[1:] {
		group, name := r[0], r[1]
		total++
		if group == "DecMessage@" { // the attribute Version
			continue
		}
		l := limits{Name: name, Kind: kinds[r[2]], Length: number(t, r[3]), Decimals: number(t, r[4])}
		switch {
		case strings.HasPrefix(r[5], "Y"):
			l.Need = declarations.Always
		case strings.HasPrefix(r[6], "Y"):
			l.Need = declarations.OnDeclare
		}
		if group == "DecRoyaltyFee" && strings.Contains(r[7], "yyyy-MM-dd") {
			l.Kind = declarations.DashedDay
		}
		if d, ok := deviations[group+"/"+name]; ok {
			l = d
		}
		want[group] = append(want[group], l)
	}
	if total != 408 {
		t.Errorf("the interface table has %d elements, want 408", total)
	}
	for _, dir := range []declarations.Direction{declarations.Import, declarations.Export} {
		got := map[string][]limits{}
		for _, e := range Elements(&declarations.Declaration{Header: declarations.Header{TradeDirection: dir}}) {
			got[e.Group] = append(got[e.Group], limits{e.Name, e.Kind, e.Length, e.Decimals, e.Need})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-interface +program):\n%s", dir, diff)
		}
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// No two elements share a place, and each comes back from the message it is written into.
func TestEveryElementKeepsItsOwnValue(t *testing.T) {
	t.Parallel()
	for _, dir := range []declarations.Direction{declarations.Import, declarations.Export} {
		d := declarations.Declaration{Header: declarations.Header{TradeDirection: dir}}
		values := map[string]string{"IEFlag": headPart.layout.fields[headPart.layout.index["IEFlag"]].Value(&d), "Type": "CL6", "PromiseItmes": "01901"}
		all := Elements(&d)
		want := make([]string, len(all))
		for i, e := range all {
			if want[i] = fmt.Sprintf("<v%d>", i); e.Group == "DecHead" && values[e.Name] != "" {
				want[i] = values[e.Name]
			}
			e.Set(want[i])
		}
		for i, e := range all {
			if got := e.Value(); got != want[i] {
				t.Errorf("%s %s/%s: set %q, has %q", dir, e.Group, e.Name, want[i], got)
			}
		}
		doc, faults := Parse(Write(&d, Options{}))
		if faults != nil {
			t.Errorf("%s: %v", dir, said(faults))
		}
		for i, e := range Elements(&doc.Declaration) {
			if e.Abolished {
				want[i] = ""
			}
			if got := e.Value(); got != want[i] {
				t.Errorf("%s %s/%s: wrote %q, read %q", dir, e.Group, e.Name, want[i], got)
			}
		}
	}
}
