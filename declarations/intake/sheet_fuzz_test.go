package intake

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/intake/cells"
)

// throughTheTable writes what a table gave as a table and reads it back: the
// same declarations, without a fault or a change.
func throughTheTable(t *testing.T, rows []Row) {
	t.Helper()
	seen := map[string]bool{}
	for i := range rows {
		row := &rows[i]
		row.Locate("items[0].hs_code")
		row.Locate("containers[1].number")
		if len(row.Faults) > maxFaults+1 {
			t.Errorf("%d faults", len(row.Faults))
		}
		reference := row.Declaration.Header.ClientReference
		if declarations.Rejected(row.Faults) || row.Source == nil || seen[reference] {
			continue
		}
		seen[reference] = true
		body, _ := row.Part()
		again := Read(body, CSV)
		if len(again) != 1 || declarations.Rejected(again[0].Faults) {
			t.Fatalf("its own part reads as %d rows, %v\n%q", len(again), said(again[0].Faults), body)
		}
		if diff := cmp.Diff(row.Declaration, again[0].Declaration); diff != "" {
			t.Fatalf("its own part is another declaration (-first +again):\n%s\n%q", diff, body)
		}
		samePlaces(t, row, &Kept(body, CSV)[0])
	}
}

// samePlaces: what was kept has the places of the table that it was a part of;
// where a cell was empty, its row.
func samePlaces(t *testing.T, row, kept *Row) {
	t.Helper()
	if len(row.Source.filled()) >= cells.MaxColumns {
		return
	}
	for _, path := range []string{"items[0].hs_code", "items[1].name", "containers[1].number", "declaration.client_reference", "declaration.contract_number"} {
		place, line, column := row.Locate(path)
		p, l, c := kept.Locate(path)
		if l != line || c != column && c != 0 || c == column && p != place {
			t.Errorf("%s stood at %s (%d, %d) and is kept at %s (%d, %d)", path, place, line, column, p, l, c)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, s := range []string{
		"ClientSeqNo,CodeTS,DeclPrice,IEDate\nA,1,1.5,2026-01-05\nA,２,\"1,5\",\n", "sep=;\nClientSeqNo;GName\nA;'=1\n", "\ufeffClient reference\tContainerId\nA\tX;Y\n",
		"ClientSeqNo,ContrNo\nA,1\nA,2\n,3\nB,\"4\n5\"\n", "客户端报关单编号,商品名称\r\nA,零件\u00a0\r\n", "\xbf\xcd\xbb\xa7", "ClientSeqNo,Type,PromiseItmes,SpecDeclFlag\nA,\"  5   Z\",01900,1000000\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { throughTheTable(t, Read(data, CSV)) })
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(aWorkbook(header1("Client reference", "HS code")+`<row r="2"><c t="s"><v>0</v></c><c s="2"><v>1</v></c></row>`, `<mergeCells><mergeCell ref="A9:B9"/></mergeCells>`).zip(f))
	f.Add(aWorkbook("", "").zip(f))
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
	f.Fuzz(func(t *testing.T, data []byte) { throughTheTable(t, Read(data, XLSX)) })
}

// The zip around a sheet hides it from the fuzzer: here it writes the sheet itself.
func FuzzReadSheet(f *testing.F) {
	f.Add(header1("Client reference", "HS code")+`<row r="2"><c t="s"><v>0</v></c><c s="2"><v>1</v></c></row>`, `<mergeCells><mergeCell ref="A9:B9"/></mergeCells>`)
	f.Add(header1("ClientSeqNo", "DeclPrice", "IEDate")+`<row><c t="s"><v>0</v></c><c><v>5.0000000000000001E-3</v></c><c s="1"><v>46027.25</v></c></row>`, "")
	f.Add(header1("ClientSeqNo", "GName")+`<row><c t="s"><v>0</v></c><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c></row>`, "")
	f.Fuzz(func(t *testing.T, rows, tail string) { throughTheTable(t, Read(aWorkbook(rows, tail).zip(t), XLSX)) })
}

func FuzzReadZIP(f *testing.F) {
	f.Add(packageOf(f, entry{"d.xml", withAttachments(f, named("a.pdf", "16"))}, entry{"a.pdf", pdf}))
	f.Add(packageOf(f, entry{"t.csv", "ClientSeqNo,EdocCopId\nA,a.pdf\n"}, entry{"a.pdf", pdf}))
	f.Add(packageOf(f, entry{"d.json", `[{"declaration":{"client_reference":"A"}}]`}))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, row := range Read(data, ZIP) {
			row.Locate("items[0].hs_code")
			row.Part()
		}
	})
}

// Any values that a field can hold come back from either kind of table.
func TestTablesGiveBackWhatWasWritten(t *testing.T) {
	t.Parallel()
	template := templateOf(t, XLSX, "en")
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		var buffer bytes.Buffer
		if rapid.Bool().Draw(t, "workbook") {
			buffer.Write(fillRapid(t, template, d))
			same(t, d, Read(buffer.Bytes(), XLSX))
			return
		}
		w, err := newCSV(&buffer)
		if err != nil {
			t.Fatal(err)
		}
		header, rows := Lines(d, rapid.Bool().Draw(t, "chinese"))
		if err := writeCSV(w, append([][]string{header}, rows...)); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		same(t, d, Read(buffer.Bytes(), CSV))
	})
}

func same(t *rapid.T, want *declarations.Declaration, rows []Row) {
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, f := range rows[0].Faults {
		if f.Args["reason"] != "apostrophe" {
			t.Errorf("%v", f)
		}
	}
	if diff := cmp.Diff(*want, rows[0].Declaration); diff != "" {
		t.Fatalf("(-want +got):\n%s", diff)
	}
}

// drawn fills every column of the template with a value of its kind.
func drawn(t *rapid.T) *declarations.Declaration {
	d := &declarations.Declaration{Items: make([]declarations.Item, rapid.IntRange(1, 5).Draw(t, "lines"))}
	text := rapid.StringMatching(`[A-Za-z0-9零件（Ａ）=+@,"'. -]{0,20}`)
	value := func(c *column) string {
		switch {
		case c.path == referencePath:
			return rapid.StringMatching(`[A-Z0-9]{1,24}`).Draw(t, c.path)
		case c.path == "declaration.trade_direction":
			return rapid.SampledFrom([]string{"I", "E"}).Draw(t, c.path)
		case c.kind == declarations.Number, c.kind == declarations.Whole:
			return rapid.StringMatching(`(-?[0-9]{1,9}(\.[0-9]{1,5})?)?`).Draw(t, c.path)
		case c.kind != declarations.Text:
			return rapid.StringMatching(`([0-9]{8})?`).Draw(t, c.path)
		case c.isText():
			// In a workbook an apostrophe in front of a sign would be taken for ours.
			return strings.TrimLeft(trim(text.Draw(t, c.path)), "' ")
		case c.path == "declaration.type_as_read":
			return rapid.SampledFrom([]string{"", "CL", "  5", "CL5   Z"}).Draw(t, c.path)
		case c.path == "declaration.special_business_flags":
			return rapid.StringMatching(`([01]{7})?`).Draw(t, c.path)
		case c.path == "valuation.promises_as_read":
			return rapid.StringMatching(`[019]{0,6}`).Draw(t, c.path)
		}
		return rapid.StringMatching(`([A-DF-Z][A-DF-Z0-9]{0,8})?`).Draw(t, c.path) // no E: 1E5 is a number that lost digits
	}
	for _, c := range templateColumns() {
		part := func() string {
			if c.kind != declarations.Text {
				return "1"
			}
			return "V" + strings.TrimLeft(value(c), "-'=+@")
		}
		switch {
		case c.nth != nil:
			for i := range 2 {
				*c.nth(d, i) = part()
			}
		case c.itemNth != nil:
			for i := range 2 * len(d.Items) {
				*c.itemNth(&d.Items[i/2], i%2) = part()
			}
		case c.item != nil:
			for i := range d.Items {
				*c.item(d.Header.TradeDirection, &d.Items[i]) = value(c)
			}
		default:
			c.set(d, value(c))
		}
	}
	return d
}

func fillRapid(t *rapid.T, template []byte, d *declarations.Declaration) []byte {
	f, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range lines(d, templateColumns()) {
		for i, v := range line {
			at, err := excelize.CoordinatesToCellName(i+1, n+2)
			if err == nil && v != "" {
				err = f.SetCellStr(f.GetSheetName(0), at, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
