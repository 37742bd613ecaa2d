package intake

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/declarations"
	"kouan/i18n"
)

func templateOf(t testing.TB, format Format, lang i18n.Lang) []byte {
	t.Helper()
	var out bytes.Buffer
	words := i18n.For(lang)
	err := Template(&out, TemplateOptions{Format: format, Chinese: lang == "zh-Hans",
		Words: func(key string) string { return words.Text(key, nil) }})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fill writes declarations into the template as a program would do it.
func fill(t testing.TB, template []byte, ds ...*declarations.Declaration) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetName(0)
	n := 2
	for _, d := range ds {
		for _, line := range lines(d, templateColumns()) {
			for i, v := range line {
				if v == "" {
					continue
				}
				at, err := excelize.CoordinatesToCellName(i+1, n)
				if err == nil {
					err = f.SetCellValue(sheet, at, v)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			n++
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A template in either language, filled by a program, gives the declaration.
func TestTemplateIsFilledAndRead(t *testing.T) {
	t.Parallel()
	want := Read(samples(t, "valid-04*.xml")["valid-04-containers-fcl.xml"], XML)[0].Declaration
	for _, lang := range []i18n.Lang{"zh-Hans", "en"} {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			rows := Read(fill(t, templateOf(t, XLSX, lang), &want), XLSX)
			if len(rows) != 1 || rows[0].Faults != nil {
				t.Fatalf("%d rows, %v", len(rows), said(rows[0].Faults))
			}
			if diff := cmp.Diff(want, rows[0].Declaration); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if rows[0].Line != 2 {
				t.Errorf("line %d", rows[0].Line)
			}
		})
	}
}

// Zeros in front survive a person's typing only in columns of text.
func TestTemplateColumnsAreText(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(templateOf(t, XLSX, "en")))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetName(0)
	for i := range templateColumns() {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			t.Fatal(err)
		}
		id, err := f.GetColStyle(sheet, name)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil || style.NumFmt != textFormat {
			t.Fatalf("column %s has format %v, %v", name, style, err)
		}
	}
	rows := Read(templateOf(t, CSV, "zh-Hans"), CSV)
	if diff := cmp.Diff([]string{"CSV-1005 row 1 1:0 map[]"}, said(rows[0].Faults)); diff != "" {
		t.Errorf("empty template (-want +got):\n%s", diff)
	}
}

// Every field of the groups that a sheet has, in both languages, under a name of its own.
func TestEveryFieldHasItsLabels(t *testing.T) {
	t.Parallel()
	s := columnsOfSheets()
	seen := map[string]string{}
	for key, c := range s.byPath {
		if c.labels.Zh == "" || c.labels.En == "" {
			t.Errorf("%s has no labels", key)
		}
	}
	for _, c := range s.all {
		for _, label := range []string{c.labels.Zh, c.labels.En} {
			k := headerKey(label)
			if other, taken := seen[k]; taken && other != c.key() {
				t.Errorf("%q names both %s and %s", label, other, c.key())
			}
			seen[k] = c.key()
			if s.byName[k] != c {
				t.Errorf("%q does not find %s", label, c.key())
			}
		}
		if c.path != "" && s.byName[headerKey(c.path)] != c {
			t.Errorf("%s is not found by its path", c.path)
		}
	}
	want := len(declarations.HeadFields) + len(declarations.ItemFields(declarations.Import)) + len(declarations.FreeTextFields) +
		len(declarations.SignFields) + len(declarations.ContainerFields) + len(declarations.DocumentFields) +
		len(declarations.OriginLinkFields) + len(declarations.AttachmentFields) + len(declarations.OtherPackageFields) +
		len(declarations.TransitFields) + len(declarations.AccessFields) + len(declarations.RoyaltyFields) + len(declarations.CertificateRequestFields) +
		len(declarations.AuthorisationFields) + len(declarations.GoodsUserFields) + len(declarations.PromiseFields) + len(declarations.LicenceFields) +
		len(declarations.ControlElementFields) + len(supplementFields())
	if got := len(templateColumns()); got != want {
		t.Errorf("the template has %d columns for %d fields", got, want)
	}
}
