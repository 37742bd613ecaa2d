package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parts are the files of a workbook by hand: what programs write, and what
// nobody should.
type parts map[string]string

const (
	main    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	relType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// aWorkbook has one sheet with these rows of sheetData, behind them tail.
// Styles: 0 general, 1 date, 2 ten digits with zeros, 3 text, 4 yyyy"年"m"月"d"日".
func aWorkbook(rows, tail string) parts {
	return parts{
		"[Content_Types].xml": `<Types><Override PartName="/xl/workbook.xml" ContentType="` + main + `"/></Types>`,
		"xl/workbook.xml":     `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="` + relType + `worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + relType + `styles" Target="/xl/styles.xml"/><Relationship Id="rId3" Type="` + relType + `sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="49"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst><si><t>R1</t></si><si><r><t>零</t></r><r><t xml:space="preserve">件 </t></r><rPh><t>ling</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + rows + `</sheetData>` + tail + `</worksheet>`,
	}
}

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range p {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func header1(names ...string) string {
	var cells strings.Builder
	for _, n := range names {
		cells.WriteString(`<c t="inlineStr"><is><t>` + n + `</t></is></c>`)
	}
	return `<row r="1">` + cells.String() + `</row>`
}

// oneCell reads a sheet of a reference and one value under a column.
func oneCell(t *testing.T, column, cell string) Row {
	t.Helper()
	rows := Read(aWorkbook(header1("Client reference", column)+`<row r="2"><c r="A2" t="s"><v>0</v></c>`+cell+`</row>`, "").zip(t), XLSX)
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	return rows[0]
}

// Never a wrong number: each kind of cell is a fault, or a normalisation that
// is told with the old and the new value, or exactly what is stored.
func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, column, cell string
		value              string // canonical path is of the column
		faults             []string
	}{
		{"number as it is stored", "Unit price", `<c r="B2"><v>0.1</v></c>`, "0.1", nil},
		{"seventeen digits are noise", "Unit price", `<c r="B2"><v>1234.5600000000001</v></c>`, "1234.56", []string{"CSV-1013 Sheet1!B2 1234.5600000000001>1234.56 binary_noise"}},
		{"small number in scientific form", "Unit price", `<c r="B2"><v>5.0000000000000001E-3</v></c>`, "0.005", []string{"CSV-1013 Sheet1!B2 5.0000000000000001E-3>0.005 binary_noise"}},
		{"small and exact", "Unit price", `<c r="B2"><v>1E-3</v></c>`, "0.001", []string{"CSV-1013 Sheet1!B2 1E-3>0.001 small_number"}},
		{"large in scientific form", "Unit price", `<c r="B2"><v>1.2E+10</v></c>`, "", []string{"CSV-1012 Sheet1!B2 1.2E+10 exponent"}},
		{"sixteen digits", "Unit price", `<c r="B2"><v>1234567890123456</v></c>`, "", []string{"CSV-1012 Sheet1!B2 1234567890123456 digits_lost"}},
		{"number written as text", "Unit price", `<c r="B2" t="str"><v>12.50</v></c>`, "12.50", nil},
		{"thousands", "Unit price", `<c r="B2" t="str"><v>1,234.50</v></c>`, "", []string{"CSV-1012 Sheet1!B2 1,234.50 thousands"}},
		{"comma", "Unit price", `<c r="B2" t="str"><v>12,5</v></c>`, "", []string{"CSV-1012 Sheet1!B2 12,5 decimal_comma"}},
		{"unit", "Unit price", `<c r="B2" t="str"><v>12.5 kg</v></c>`, "", []string{"CSV-1012 Sheet1!B2 12.5 kg with_unit"}},
		{"unit in Chinese", "Unit price", `<c r="B2" t="str"><v>12.5千克</v></c>`, "", []string{"CSV-1012 Sheet1!B2 12.5千克 with_unit"}},
		{"plus", "Unit price", `<c r="B2" t="str"><v>+12</v></c>`, "", []string{"CSV-1012 Sheet1!B2 +12 no_number"}},
		{"full-width digits", "Unit price", `<c r="B2" t="str"><v>１２．５</v></c>`, "12.5", []string{"CSV-1013 Sheet1!B2 １２．５>12.5 full_width"}},
		{"no-break space", "HS code", "<c r=\"B2\" t=\"str\"><v>\u00a08431390000 </v></c>", "8431390000", []string{"CSV-1013 Sheet1!B2 \u00a08431390000 >8431390000 blanks"}},
		{"formula", "Unit price", `<c r="B2"><f>A1*2</f><v>4</v></c>`, "", []string{"CSV-1009 Sheet1!B2  "}},
		{"shared formula without its text", "Unit price", `<c r="B2"><f t="shared" si="0"/><v>4</v></c>`, "", []string{"CSV-1009 Sheet1!B2  "}},
		{"formula of a text", "Goods name", `<c r="B2" t="str"><f>A1</f><v>零件</v></c>`, "", []string{"CSV-1009 Sheet1!B2  "}},
		{"error", "Goods name", `<c r="B2" t="e"><v>#N/A</v></c>`, "", []string{"CSV-1010 Sheet1!B2 #N/A "}},
		{"error as text", "Goods name", `<c r="B2" t="str"><v>#REF!</v></c>`, "", []string{"CSV-1010 Sheet1!B2 #REF! "}},
		{"truth value", "Not dangerous", `<c r="B2" t="b"><v>1</v></c>`, "", []string{"CSV-1015 Sheet1!B2 TRUE truth_value"}},
		{"code that lost its zero", "HS code", `<c r="B2"><v>101210010</v></c>`, "", []string{"CSV-1014 Sheet1!B2 101210010 "}},
		{"code as a whole number", "HS code", `<c r="B2"><v>8431390000</v></c>`, "8431390000", nil},
		{"code with shown zeros", "HS code", `<c r="B2" s="2"><v>101210010</v></c>`, "0101210010", []string{"CSV-1013 Sheet1!B2 101210010>0101210010 shown_zeros"}},
		{"number of free length", "Batch numbers", `<c r="B2"><v>42</v></c>`, "42", []string{"CSV-1013 Sheet1!B2 42>42 number_as_text"}},
		{"fraction in a code", "HS code", `<c r="B2"><v>8431.39</v></c>`, "", []string{"CSV-1015 Sheet1!B2 8431.39 number_for_text"}},
		{"shared text with runs", "Goods name", `<c r="B2" t="s"><v>1</v></c>`, "零件", []string{"CSV-1013 Sheet1!B2 零件 >零件 blanks"}},
		{"escaped tab", "Goods name", `<c r="B2" t="inlineStr"><is><t>a_x0009_b</t></is></c>`, "a\tb", nil},
		{"escaped character that XML has not", "Goods name", `<c r="B2" t="inlineStr"><is><t>a_x0001_b</t></is></c>`, "", []string{"CSV-1020 Sheet1!B2  "}},
		{"full-width in a name stays", "Goods name", `<c r="B2" t="str"><v>零件（Ａ）</v></c>`, "零件（Ａ）", nil},
		{"date in a price", "Unit price", `<c r="B2" s="1"><v>46027</v></c>`, "", []string{"CSV-1015 Sheet1!B2 2026-01-05 date_elsewhere"}},
		{"formula in text begins nothing", "Goods name", `<c r="B2" t="str"><v>=1+1</v></c>`, "=1+1", nil},
		{"our own apostrophe", "Goods name", `<c r="B2" t="str"><v>'=1+1</v></c>`, "=1+1", []string{"CSV-1013 Sheet1!B2 '=1+1>=1+1 apostrophe"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			row := oneCell(t, tc.column, tc.cell)
			checkCell(t, row, tc.column, tc.value, tc.faults)
		})
	}
}

func checkCell(t *testing.T, row Row, column, value string, faults []string) {
	t.Helper()
	var got []string
	for _, f := range row.Faults {
		words := f.Args["value"]
		if f.Args["new"] != "" {
			words += ">" + f.Args["new"]
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", f.Code, f.Path, words, f.Args["reason"]))
	}
	if diff := cmp.Diff(faults, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	c := known(column, nil)
	read := ""
	switch {
	case c.item != nil && len(row.Declaration.Items) > 0:
		read = *c.item("import", &row.Declaration.Items[0])
	case c.item == nil:
		read = c.get(&row.Declaration)
	}
	if read != value {
		t.Errorf("read %q, want %q", read, value)
	}
}

func TestDatesOfAWorkbook(t *testing.T) {
	t.Parallel()
	const column = "Import or export date"
	for _, tc := range []struct {
		name, cell, value string
		faults            []string
	}{
		{"serial", `<c r="B2" s="1"><v>46027</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 46027>20260105 serial_date"}},
		{"Chinese format", `<c r="B2" s="4"><v>46027</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 46027>20260105 serial_date"}},
		{"with a time", `<c r="B2" s="1"><v>46027.5</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 46027.5>20260105 serial_date"}},
		{"first of March 1900", `<c r="B2" s="1"><v>61</v></c>`, "19000301", []string{"CSV-1013 Sheet1!B2 61>19000301 serial_date"}},
		{"first of January 1900", `<c r="B2" s="1"><v>1</v></c>`, "19000101", []string{"CSV-1013 Sheet1!B2 1>19000101 serial_date"}},
		{"29th of February 1900 never was", `<c r="B2" s="1"><v>60</v></c>`, "", []string{"CSV-1015 Sheet1!B2 60 no_date"}},
		{"below zero", `<c r="B2" s="1"><v>-1</v></c>`, "", []string{"CSV-1015 Sheet1!B2 -1 no_date"}},
		{"far away", `<c r="B2" s="1"><v>99999999</v></c>`, "", []string{"CSV-1015 Sheet1!B2 99999999 no_date"}},
		{"ISO", `<c r="B2" t="d"><v>2026-01-05T00:00:00</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 2026-01-05T00:00:00>20260105 serial_date"}},
		{"eight digits as a number", `<c r="B2"><v>20260105</v></c>`, "20260105", nil},
		{"dashes", `<c r="B2" t="str"><v>2026-1-5</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 2026-1-5>20260105 date_form"}},
		{"Chinese", `<c r="B2" t="str"><v>2026年1月5日</v></c>`, "20260105", []string{"CSV-1013 Sheet1!B2 2026年1月5日>20260105 date_form"}},
		{"day or month first is left to the rules", `<c r="B2" t="str"><v>05/01/2026</v></c>`, "05/01/2026", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			row := oneCell(t, column, tc.cell)
			checkCell(t, row, column, tc.value, tc.faults)
		})
	}
	t.Run("system of 1904", func(t *testing.T) {
		t.Parallel()
		w := aWorkbook(header1("Client reference", column)+`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>44565</v></c></row>`, "")
		w["xl/workbook.xml"] = strings.Replace(w["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
		checkCell(t, Read(w.zip(t), XLSX)[0], column, "20260105", []string{"CSV-1013 Sheet1!B2 44565>20260105 serial_date"})
	})
}

func TestShapeOfASheet(t *testing.T) {
	t.Parallel()
	two := header1("Client reference", "HS code") + `<row r="2"><c t="s"><v>0</v></c></row><row r="3"><c t="s"><v>0</v></c></row>`
	for _, tc := range []struct {
		name string
		book parts
		want []string
	}{
		{"merged over rows", aWorkbook(two, `<mergeCells><mergeCell ref="B2:B3"/></mergeCells>`), []string{"CSV-1011 Sheet1!B2:B3 2:2 map[range:B2:B3]"}},
		{"merged in the header", aWorkbook(two, `<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`), []string{"CSV-1011 Sheet1!A1 1:1 map[range:A1:B1]"}},
		{"merged elsewhere", aWorkbook(two, `<mergeCells><mergeCell ref="F9:G9"/></mergeCells>`), nil},
		{"hidden row", aWorkbook(strings.Replace(two, `<row r="3">`, `<row r="3" hidden="1">`, 1), ""), []string{"CSV-1017 Sheet1!3:3 3:0 map[name:3 reason:hidden_row]"}},
		{"beside the header", aWorkbook(strings.Replace(two, `</row><row r="3">`, `<c r="D2"><v>7</v></c></row><row r="3">`, 1), ""), []string{"CSV-1016 Sheet1!D2 2:4 map[value:7]"}},
		{"empty rows between", aWorkbook(strings.Replace(two, `r="3"`, `r="9"`, 1), ""), nil},
		{"header only", aWorkbook(header1("Client reference"), ""), []string{"CSV-1005 Sheet1!1:1 1:0 map[]"}},
		{"nothing", aWorkbook("", ""), []string{"DEC-1007  0:0 map[]"}},
		{"header twice", aWorkbook(two+`<row r="4"><c t="inlineStr"><is><t>客户端报关单编号</t></is></c></row>`, ""), []string{"CSV-1022 Sheet1!A4 4:1 map[]"}},
		{"duplicate column", aWorkbook(header1("Client reference", "HS code", "商品编号")+`<row r="2"><c t="s"><v>0</v></c></row>`, ""), []string{"CSV-1004 Sheet1!C1 1:3 map[first:Sheet1!B1 name:商品编号]"}},
		{"whole and part", aWorkbook(header1("Client reference", "PromiseItmes", "price influenced")+`<row r="2"><c t="s"><v>0</v></c></row>`, ""), []string{"CSV-1004 Sheet1!C1 1:3 map[first:Sheet1!B1 name:price influenced]"}},
		{"rows that go back", aWorkbook(strings.Replace(two, `r="3"`, `r="2"`, 1), ""), []string{"CSV-1019  0:0 map[name:Sheet1 reason:broken_workbook]"}},
		{"shared text that is not there", aWorkbook(strings.Replace(two, `<v>0</v>`, `<v>99</v>`, 1), ""), []string{"CSV-1019  0:0 map[name:Sheet1 reason:broken_workbook]"}},
		{"too many columns", aWorkbook(two+`<row r="4"><c r="SS4"><v>1</v></c></row>`, ""), []string{"DEC-1010 Sheet1!SS4 4:513 map[limit:512 unit:columns]"}},
		{"document type", aWorkbook("", "<!DOCTYPE a>"), []string{"CSV-1019  0:0 map[name:xl/worksheets/sheet1.xml reason:document_type]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, row := range Read(tc.book.zip(t), XLSX) {
				got = append(got, said(row.Faults)...)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What would run, reach out or grow is refused by name.
func TestHostileWorkbooks(t *testing.T) {
	t.Parallel()
	plainBook := func() parts {
		return aWorkbook(header1("Client reference")+`<row r="2"><c t="s"><v>0</v></c></row>`, "")
	}
	with := func(change func(parts)) []byte {
		p := plainBook()
		change(p)
		return p.zip(t)
	}
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"macros by type", with(func(p parts) {
			p["[Content_Types].xml"] = strings.Replace(p["[Content_Types].xml"], main, "application/vnd.ms-excel.sheet.macroEnabled.main+xml", 1)
		}), "macros"},
		{"macros by part", with(func(p parts) { p["xl/vbaProject.bin"] = "x" }), "macros"},
		{"binary", with(func(p parts) {
			p["[Content_Types].xml"] = strings.Replace(p["[Content_Types].xml"], main, "application/vnd.ms-excel.sheet.binary.macroEnabled.main", 1)
		}), "binary_workbook"},
		{"links to other books", with(func(p parts) { p["xl/externalLinks/externalLink1.xml"] = "<a/>" }), "external_links"},
		{"sheet elsewhere", with(func(p parts) {
			p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], `Target="worksheets`, `TargetMode="External" Target="worksheets`, 1)
		}), "external_links"},
		{"old", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 512)), "old_workbook"},
		{"encrypted", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), bytes.Join(bytes.Split([]byte("EncryptedPackage\x00"), nil), []byte{0})...), "encrypted_workbook"},
		{"entities", with(func(p parts) {
			p["xl/sharedStrings.xml"] = `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`
		}), "document_type"},
		{"zip bomb", with(func(p parts) {
			p["xl/worksheets/sheet1.xml"] = strings.Repeat(" ", 64<<20) + p["xl/worksheets/sheet1.xml"]
		}), "bomb"},
		{"thousands of parts", with(func(p parts) {
			for i := range 2_500 {
				p[fmt.Sprintf("xl/media/%d", i)] = ""
			}
		}), "too_many_parts"},
		{"no workbook", with(func(p parts) { delete(p, "xl/workbook.xml") }), "no_workbook"},
		{"cut short", plainBook().zip(t)[:300], "not_zip"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rows := Read(tc.data, XLSX)
			if len(rows) != 1 || len(rows[0].Faults) != 1 || rows[0].Faults[0].Code != "CSV-1019" || rows[0].Faults[0].Args["reason"] != tc.want {
				t.Errorf("got %v, want reason %s", said(rows[0].Faults), tc.want)
			}
		})
	}
}

func TestFurtherSheetsAreNamed(t *testing.T) {
	t.Parallel()
	p := aWorkbook(`<row r="1"><c><v>1</v></c></row>`, "")
	p["xl/workbook.xml"] = `<workbook xmlns:r="r"><sheets><sheet name="封面" r:id="rId1"/><sheet name="数据" state="hidden" r:id="rId9"/></sheets></workbook>`
	p["xl/_rels/workbook.xml.rels"] = strings.Replace(p["xl/_rels/workbook.xml.rels"], "</Relationships>", `<Relationship Id="rId9" Type="`+relType+`worksheet" Target="worksheets/sheet2.xml"/></Relationships>`, 1)
	p["xl/worksheets/sheet2.xml"] = `<x:worksheet xmlns:x="x"><x:sheetData><x:row r="1"><x:c t="inlineStr"><x:is><x:t>ClientSeqNo</x:t></x:is></x:c></x:row><x:row r="2"><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>`
	rows := Read(p.zip(t), XLSX)
	if diff := cmp.Diff([]string{"CSV-1018 数据 0:0 map[names:封面]", "CSV-1017 数据 0:0 map[name:数据 reason:hidden_sheet]"}, said(rows[0].Faults)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := rows[0].Declaration.Header.ClientReference; got != "R1" {
		t.Errorf("reference %q", got)
	}
}
