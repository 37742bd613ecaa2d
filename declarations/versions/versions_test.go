package versions_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/codes"
	"kouan/declarations/intake"
	"kouan/declarations/versions"
)

func sample(t testing.TB, name string) *declarations.Declaration {
	t.Helper()
	body, err := os.ReadFile("../customsxml/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	rows := intake.Read(body, intake.XML)
	if declarations.Rejected(rows[0].Faults) {
		t.Fatalf("%s: %v", name, rows[0].Faults)
	}
	return &rows[0].Declaration
}

// lines is the one-line sample with n lines that differ.
func lines(t testing.TB, n int) *declarations.Declaration {
	t.Helper()
	d := sample(t, "valid-01-import-one-line.xml")
	line := d.Items[0]
	d.Items = nil
	for i := range n {
		line.LineNumber = declarations.Decimal(strconv.Itoa(i + 1))
		line.GoodsName = "GOODS " + strconv.Itoa(i+1)
		line.LineAmount = declarations.Decimal(strconv.Itoa(1000 + i))
		d.Items = append(d.Items, line)
	}
	return d
}

// without deletes line i and counts the others anew, as a declarant does.
func without(d *declarations.Declaration, i int) {
	d.Items = append(append([]declarations.Item{}, d.Items[:i]...), d.Items[i+1:]...)
	for n := range d.Items {
		d.Items[n].LineNumber = declarations.Decimal(strconv.Itoa(n + 1))
	}
}

func TestDiffReadsAsAPersonWouldSayIt(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		edit func(*declarations.Declaration)
		want []string
	}{
		{"nothing", func(*declarations.Declaration) {}, nil},
		{"a value", func(d *declarations.Declaration) { d.Transport.VoyageNumber = "999W" },
			[]string{"changed transport.voyage_number 026E>999W"}},
		{"a value that was empty", func(d *declarations.Declaration) { d.Header.ShippingMarks = "N/M 2" },
			[]string{"changed declaration.shipping_marks N/M>N/M 2"}},
		{"line 3 of 20 deleted", func(d *declarations.Declaration) { without(d, 2) },
			[]string{"removed items[2] 3 8431390000 GOODS 3>"}},
		{"line 3 deleted and line 8 changed", func(d *declarations.Declaration) { without(d, 2); d.Items[6].TransactionQuantity = "77" },
			[]string{"removed items[2] 3 8431390000 GOODS 3>", "changed items[6].transaction_quantity 100>77"}},
		{"two neighbours changed, one between deleted", func(d *declarations.Declaration) {
			d.Items[2].TransactionQuantity, d.Items[4].TransactionQuantity = "71", "72"
			without(d, 3)
		}, []string{"removed items[3] 4 8431390000 GOODS 4>", "changed items[2].transaction_quantity 100>71", "changed items[3].transaction_quantity 100>72"}},
		{"a line before all others", func(d *declarations.Declaration) {
			first := d.Items[0]
			first.GoodsName = "NEW"
			d.Items = append([]declarations.Item{first}, d.Items...)
			for n := range d.Items {
				d.Items[n].LineNumber = declarations.Decimal(strconv.Itoa(n + 1))
			}
		}, []string{"added items[0] >1 8431390000 NEW"}},
		{"a line number of its own", func(d *declarations.Declaration) { d.Items[19].LineNumber = "25" },
			[]string{"changed items[19].line_number 20>25"}},
		{"a line that became another", func(d *declarations.Declaration) {
			d.Items[1] = declarations.Item{LineNumber: "2", HSCode: "0101210010", GoodsName: "HORSE"}
		}, nil /* many values of items[1], checked below */},
		{"a container and a document", func(d *declarations.Declaration) {
			d.Containers = []declarations.Container{{Number: "CSQU3054383", LCLFlag: "0"}}
			d.Documents = []declarations.Document{{TypeCode: "A", Number: "1"}}
		}, []string{"removed containers[0] ZZZU0000010>", "added containers[0] >CSQU3054383", "added documents[0] >A 1"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a, b := lines(t, 20), lines(t, 20)
			row.edit(b)
			changes := versions.Diff(a, b)
			var got []string
			for _, c := range changes {
				before, after := c.Old, c.New
				if c.IsRow() {
					before, after = brief(c, c.Old), brief(c, c.New)
				}
				got = append(got, fmt.Sprintf("%s %s %s>%s", c.Kind, c.Path, before, after))
			}
			if row.name == "a line that became another" {
				for _, c := range changes {
					if c.IsRow() || c.Path[:9] != "items[1]." {
						t.Errorf("%+v is about another line", c)
					}
				}
			} else if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			applies(t, a, b, changes)
		})
	}
}

func brief(c versions.Change, row string) string {
	if row == "" {
		return ""
	}
	return versions.Brief(c.Generic(), row)
}

func applies(t interface{ Fatalf(string, ...any) }, a, b *declarations.Declaration, changes []versions.Change) {
	before := canonical(t, a)
	got, err := versions.Apply(a, changes)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	if diff := cmp.Diff(canonical(t, b), canonical(t, got)); diff != "" {
		t.Fatalf("applied (-want +got):\n%s\nchanges %v", diff, changes)
	}
	if canonical(t, a) != before {
		t.Fatalf("Apply changed the document that it was given")
	}
}

func canonical(t interface{ Fatalf(string, ...any) }, d *declarations.Declaration) string {
	b, err := intake.Marshal(d)
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	return string(b)
}

func TestSamplesAgainstEachOther(t *testing.T) {
	t.Parallel()
	names := []string{"valid-01-import-one-line.xml", "valid-02-export.xml", "valid-03-import-50-lines.xml", "valid-04-containers-fcl.xml",
		"valid-06-licence-documents.xml", "valid-07-dangerous-goods.xml", "valid-13-attachments.xml", "valid-27-tax-promise-and-other-pack.xml"}
	for _, x := range names {
		for _, y := range names {
			a, b := sample(t, x), sample(t, y)
			changes := versions.Diff(a, b)
			if same := x == y; same != (len(changes) == 0) {
				t.Errorf("%s to %s: %d changes", x, y, len(changes))
			}
			applies(t, a, b, changes)
		}
	}
}

// TestApplyOfDiffGivesTheOther is the property over generated documents: rows
// deleted, moved, added, renumbered or not, values changed, at random.
func TestApplyOfDiffGivesTheOther(t *testing.T) {
	t.Parallel()
	base := lines(t, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn(t, "a", base), drawn(t, "b", base)
		if rapid.Bool().Draw(t, "near") {
			b = near(t, a)
		}
		changes := versions.Diff(a, b)
		applies(t, a, b, changes)
		if canonical(t, a) == canonical(t, b) && len(changes) > 0 {
			t.Fatalf("equal documents differ: %v", changes)
		}
		if again := versions.Diff(a, b); !cmp.Equal(changes, again) {
			t.Fatalf("not the same list twice")
		}
	})
}

func drawn(t *rapid.T, label string, base *declarations.Declaration) *declarations.Declaration {
	d := *base
	d.Items = nil
	for i := range rapid.IntRange(0, 8).Draw(t, label+" lines") {
		item := base.Items[rapid.IntRange(0, len(base.Items)-1).Draw(t, label+" like")]
		item.LineNumber = declarations.Decimal(strconv.Itoa(i + 1))
		if rapid.IntRange(0, 9).Draw(t, label+" odd") == 0 {
			item.LineNumber = declarations.Decimal(rapid.StringMatching(`[0-9]{0,2}`).Draw(t, label+" number"))
		}
		for n := range rapid.IntRange(0, 2).Draw(t, label+" licences") {
			item.Licences = append(item.Licences, declarations.Licence{Number: strconv.Itoa(n), TypeCode: rapid.StringN(0, 2, 4).Draw(t, label+" type")})
		}
		d.Items = append(d.Items, item)
	}
	for range rapid.IntRange(0, 4).Draw(t, label+" boxes") {
		d.Containers = append(d.Containers, declarations.Container{Number: rapid.SampledFrom([]string{"A", "B", "C", ""}).Draw(t, label+" box")})
	}
	d.Extensions = nil
	if rapid.Bool().Draw(t, label+" extended") {
		d.Extensions = []declarations.Extension{{Path: "X", Value: "1", Attributes: map[string]string{"unit": rapid.StringN(0, 2, 4).Draw(t, label+" unit")}}}
	}
	d.Header.IsCombinedPort = rapid.Bool().Draw(t, label+" combined")
	d.Header.Remarks = rapid.StringN(0, 3, 9).Draw(t, label+" remarks")
	return &d
}

func near(t *rapid.T, a *declarations.Declaration) *declarations.Declaration {
	b := *a
	b.Items = append([]declarations.Item{}, a.Items...)
	for range rapid.IntRange(0, 3).Draw(t, "edits") {
		if len(b.Items) == 0 {
			break
		}
		i := rapid.IntRange(0, len(b.Items)-1).Draw(t, "at")
		switch rapid.IntRange(0, 2).Draw(t, "edit") {
		case 0:
			without(&b, i)
		case 1:
			b.Items[i].LineAmount = "5"
		default:
			j := rapid.IntRange(0, len(b.Items)-1).Draw(t, "with")
			b.Items[i], b.Items[j] = b.Items[j], b.Items[i]
		}
	}
	if len(b.Items) == 0 {
		b.Items = nil
	}
	return &b
}

func TestApplyRefusesWhatLeadsNowhere(t *testing.T) {
	t.Parallel()
	d := lines(t, 2)
	for _, c := range []versions.Change{
		{Path: "nothing", New: "1", Kind: versions.Added},
		{Path: "items[7].hs_code", New: "1", Kind: versions.Changed},
		{Path: "items[7]", Kind: versions.Removed},
		{Path: "items[9]", New: "{}", Kind: versions.Added},
		{Path: "items[0]", New: "{", Kind: versions.Added},
		{Path: "declaration", New: "x", Kind: versions.Changed},
		{Path: "declaration.remarks.more", New: "x", Kind: versions.Changed},
	} {
		if _, err := versions.Apply(d, []versions.Change{c}); err == nil {
			t.Errorf("%+v was applied", c)
		}
	}
}

func TestEveryFieldHasAPathAndItsTableExists(t *testing.T) {
	t.Parallel()
	paths := versions.Paths()
	if len(paths) < 300 {
		t.Errorf("only %d paths", len(paths))
	}
	named := 0
	for _, p := range paths {
		if versions.Element(p) != "" {
			named++
		}
		if table := versions.Table(p); table != "" && codes.Default().Table(table) == nil {
			t.Errorf("%s: no table %s", p, table)
		}
	}
	if named < 200 {
		t.Errorf("only %d of %d values have a name in the message", named, len(paths))
	}
	for path, want := range map[string]string{"items[].hs_code": "CodeTS", "transport.voyage_number": "VoyNo", "containers[].number": "ContainerId", "valuation.royalties_paid": "PromiseItmes"} {
		if got := versions.Element(path); got != want {
			t.Errorf("%s is %q, want %s", path, got, want)
		}
	}
}

func TestLargeDraftsAreComparedInBoundedTime(t *testing.T) {
	t.Parallel()
	a, b := lines(t, 5000), lines(t, 5000)
	for i := range b.Items {
		b.Items[i].GoodsName += "!"
	}
	without(b, 2)
	applies(t, a, b, versions.Diff(a, b))
}

func BenchmarkDiff50Lines(b *testing.B) {
	x, y := lines(b, 50), lines(b, 50)
	without(y, 2)
	y.Items[30].TransactionQuantity = "77"
	y.Transport.VoyageNumber = "999W"
	if n := len(versions.Diff(x, y)); n != 3 {
		b.Fatalf("%d changes", n)
	}
	b.ReportAllocs()
	for b.Loop() {
		versions.Diff(x, y)
	}
}
