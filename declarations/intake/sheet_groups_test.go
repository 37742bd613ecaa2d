package intake

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/declarations"
	"kouan/i18n"
)

// leaves are the canonical paths of everything that a declaration can hold.
func leaves(t reflect.Type, path string) []string {
	switch t.Kind() {
	case reflect.Slice:
		return leaves(t.Elem(), path+"[]")
	case reflect.Struct:
		var out []string
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if path != "" {
				name = path + "." + name
			}
			out = append(out, leaves(f.Type, name)...)
		}
		return out
	}
	return []string{path}
}

// What a declaration can hold has a column, or the explanation of the
// template names its group.
func TestEveryGroupIsInTheTableOrNamed(t *testing.T) {
	t.Parallel()
	s := columnsOfSheets()
	used := map[string]bool{}
	for _, path := range leaves(reflect.TypeFor[declarations.Declaration](), "") {
		if s.byPath[path] != nil || strings.HasSuffix(path, "_as_read") || strings.Contains(path, "carried[]") || strings.Contains(path, "extensions[]") {
			continue // carried and extensions are what is no field
		}
		i := slices.IndexFunc(beyondTables, func(b beyond) bool { return strings.HasPrefix(path, b.path) })
		if i < 0 {
			t.Errorf("%s has no column and is not named", path)
			continue
		}
		used[beyondTables[i].path] = true
	}
	for _, b := range beyondTables {
		if !used[b.path] {
			t.Errorf("%s is named and has its columns", b.path)
		}
	}
}

// The template says in its second sheet what it does not carry.
func TestExplanationNamesWhatIsBeyondATable(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(templateOf(t, XLSX, "zh-Hans")))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(i18n.For("zh-Hans").Text("template.explanation", nil))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	for _, row := range rows {
		if len(row) == 3 {
			said[row[2]] = true
		}
	}
	for _, b := range beyondTables {
		if !said[b.path] {
			t.Errorf("%s is not in the explanation", b.path)
		}
	}
}

// tableOf is a CSV of one declaration.
func tableOf(t *testing.T, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Lists of a line stand in its row; a licence without a line of its own is of
// the line in whose row it stands.
func TestListsOfALine(t *testing.T) {
	t.Parallel()
	row := Read(tableOf(t,
		[]string{"Client reference", "商品许可证类别代码", "Line licence number", "items[].control_elements[].number", "Conditional pick-up requested", "Royalty: payment date", "Supplement: invoice date"},
		[]string{"A", "411;325", "L1;L2", "１", "1", "2026/1/5", "2026-01-05;20260106"},
		[]string{"A", "411", "L3", "", "", "", ""}), CSV)[0]
	if declarations.Rejected(row.Faults) {
		t.Fatal(said(row.Faults))
	}
	d := row.Declaration
	want := [][]declarations.Licence{
		{{ItemNumber: "1", TypeCode: "411", Number: "L1"}, {ItemNumber: "1", TypeCode: "325", Number: "L2"}},
		{{ItemNumber: "2", TypeCode: "411", Number: "L3"}},
	}
	if diff := cmp.Diff(want, [][]declarations.Licence{d.Items[0].Licences, d.Items[1].Licences}); diff != "" {
		t.Errorf("licences (-want +got):\n%s", diff)
	}
	got := []string{d.Items[0].ControlElements[0].Number, d.Access.ConditionalPickupRequested, d.Royalty.PaymentDate, d.Supplements[0].Invoice.Date, d.Supplements[1].Invoice.Date}
	if diff := cmp.Diff([]string{"1", "1", "2026-01-05", "20260105", "20260106"}, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if place, line, column := row.Locate("items[1].licences[0].number"); place != "row 3, column 3" || line != 3 || column != 3 {
		t.Errorf("a licence stands at %s (%d, %d)", place, line, column)
	}
	uneven := Read(tableOf(t, []string{"Client reference", "Line licence type", "Line licence number"}, []string{"A", "411", "L0"}, []string{"A", "411;325", "L1"}), CSV)[0]
	if diff := cmp.Diff([]string{"CSV-1021 row 3, column 3 3:3 map[count:1 limit:2 name:Line licence number]"}, said(uneven.Faults)); diff != "" {
		t.Errorf("uneven lists (-want +got):\n%s", diff)
	}
}

// The element Curr stands in several groups: under that name nobody is meant.
func TestAnElementOfAGroupNamesNoColumn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Curr", "InvoiceNo", "ContractNo", "Buyer"} {
		if c := known(name, nil); c != nil {
			t.Errorf("%s is taken for %s", name, c.path)
		}
	}
}
