package intake

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
)

// read gives, for each row: line, reference, number of goods lines; then its faults.
func readTable(data string, o Options) []string {
	var out []string
	for row, err := range Stream(strings.NewReader(data), int64(len(data)), CSV, o) {
		if err != nil {
			return append(out, err.Error())
		}
		line := []string{row.Declaration.Header.ClientReference}
		for _, item := range row.Declaration.Items {
			line = append(line, string(item.LineNumber)+"="+item.HSCode+item.GoodsName)
		}
		out = append(out, strings.Join(line, " "))
		out = append(out, said(row.Faults)...)
	}
	return out
}

func gb18030(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCSV(t *testing.T) {
	t.Parallel()
	const chinese = "客户端报关单编号,商品名称\r\nA,零件\r\n"
	for _, tc := range []struct {
		name, in string
		o        Options
		want     []string
	}{
		{"groups", "ClientSeqNo,CodeTS\nA,1\nA,2\nB,3\n", Options{}, []string{"A 1=1 2=2", "B 1=3"}},
		{"UTF-8 with its mark", "\ufeff" + chinese, Options{}, []string{"A 1=零件"}},
		{"GB18030 is found", gb18030(t, chinese), Options{}, []string{"A 1=零件"}},
		{"GBK is declared", gb18030(t, chinese), Options{Charset: "gbk"}, []string{"A 1=零件"}},
		{"UTF-8 is declared and is not", gb18030(t, chinese), Options{Charset: "utf-8"}, []string{"", "DEC-1006  1:1 map[encoding:UTF-8]"}},
		{"bytes of no encoding", gb18030(t, chinese) + "B,a\xff\xff\r\n", Options{}, []string{"A 1=零件", "B", "DEC-1006 row 3, column 2 3:2 map[encoding:GB18030]"}},
		{"UTF-16", "\xff\xfea\x00", Options{}, []string{"", "DEC-1006  0:0 map[encoding:UTF-8]"}},
		{"semicolons", "ClientSeqNo;CodeTS\nA;1\n", Options{}, []string{"A 1=1"}},
		{"tabs", "ClientSeqNo\tCodeTS\tGName\nA\t1\ta,b\n", Options{}, []string{"A 1=1a,b"}},
		{"sep line", "sep=;\r\nClientSeqNo;CodeTS\r\nA;1\r\n", Options{}, []string{"A 1=1"}},
		{"header case, blanks and width", " Client\u00a0REFERENCE *,ｈｓ code\nA,1\n", Options{}, []string{"A 1=1"}},
		{"canonical paths", "declaration.client_reference,items[].hs_code\nA,1\n", Options{}, []string{"A 1=1"}},
		{"saved mapping", "Our no.,Tariff\nA,1\n", Options{Mapping: map[string]string{"Our no.": "declaration.client_reference", "Tariff": "items[].hs_code"}}, []string{"A 1=1"}},
		{"mapping to nothing", "a\n", Options{Mapping: map[string]string{"a": "items[].colour"}}, []string{"", "CSV-1023  0:0 map[name:a value:items[].colour]"}},
		{"unknown column", "ClientSeqNo,颜色\nA,red\n", Options{}, []string{"A 1=", "CSV-1003 row 1, column 2 1:2 map[name:颜色]"}},
		{"no reference", "CodeTS\n1\n", Options{}, []string{"", "CSV-1002 row 1 1:0 map[name:客户端报关单编号, Client reference, ClientSeqNo]"}},
		{"header on the first row only", "ClientSeqNo,ContrNo,CodeTS\nA,C1,1\nA,,2\n", Options{}, []string{"A 1=1 2=2"}},
		{"header differs", "ClientSeqNo,ContrNo,CodeTS\nA,C1,1\nA,C2,2\nB,,3\n", Options{}, []string{"A", "CSV-1006 row 3, column 2 3:2 map[first:row 2, column 2 name:ContrNo value:C2]", "B 1=3"}},
		{"reference again", "ClientSeqNo,CodeTS\nA,1\nB,2\nA,3\n", Options{}, []string{"A 1=1", "B 1=2", "A", "CSV-1007 row 4, column 1 4:1 map[first:row 2, column 1 value:A]"}},
		{"row without a reference holds both neighbours", "ClientSeqNo,CodeTS\nA,1\n,2\nB,3\nC,4\n", Options{}, []string{
			"A", "CSV-1008 row 3, column 1 3:1 map[row:3]", "B", "CSV-1008 row 3, column 1 3:1 map[row:3]", "C 1=4"}},
		{"first row without a reference", "ClientSeqNo,CodeTS\n,1\nB,3\nC,4\n", Options{}, []string{
			"", "CSV-1008 row 2, column 1 2:1 map[row:2]", "B", "CSV-1008 row 2, column 1 2:1 map[row:2]", "C 1=4"}},
		{"quotes, line breaks and empty lines count as a spreadsheet counts", "ClientSeqNo,GName,CodeTS\n\nA,\"a\nb\",1\n\n\nB,c,2,x\n", Options{}, []string{
			"A 1=1a\nb", "B", "CSV-1016 row 6, column 4 6:4 map[value:x]"}},
		{"quote that is not closed", "ClientSeqNo,CodeTS\nA,1\nB,2\nB,\"3\nB,4\n", Options{}, []string{"A 1=1", "B", "CSV-1001 row 4 4:0 map[reason:csv_quote]"}},
		{"quote in the middle", "ClientSeqNo,CodeTS\nA,1\"\n", Options{}, []string{"", "CSV-1001 row 2 2:0 map[reason:csv_bare_quote]"}},
		{"control character", "ClientSeqNo,GName\nA,a\x01\n", Options{}, []string{"A", "CSV-1020 row 2, column 2 2:2 map[character:U+0001 name:GName]"}},
		{"code in scientific form", "ClientSeqNo,AgentCodeScc\nA,9.12103E+17\n", Options{}, []string{"A", "CSV-1012 row 2, column 2 2:2 map[name:AgentCodeScc reason:exponent value:9.12103E+17]"}},
		{"a code that only looks scientific", "ClientSeqNo,AgentCodeScc\n0E0000,1E10\n", Options{}, []string{"0E0000 1="}},
		{"containers of two lengths", "ClientSeqNo,ContainerId,ContainerMd\nA,X;Y,11\n", Options{}, []string{"A", "CSV-1021 row 2, column 3 2:3 map[count:1 limit:2 name:ContainerMd]"}},
		{"line numbers as written", "ClientSeqNo,GNo,CodeTS\nA,7,1\nA,,2\n", Options{}, []string{"A 7=1 =2"}},
		{"reference with blanks", "ClientSeqNo,CodeTS\n A,1\nA ,2\n", Options{}, []string{"A 1=1 2=2",
			"CSV-1013 row 2, column 1 2:1 map[name:ClientSeqNo new:A reason:blanks value: A]", "CSV-1013 row 3, column 1 3:1 map[name:ClientSeqNo new:A reason:blanks value:A ]"}},
		{"no rows", "ClientSeqNo,CodeTS\n\n,\n", Options{}, []string{"", "CSV-1005 row 1 1:0 map[]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, readTable(tc.in, tc.o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// On export the message's OriginCountry is the country of final destination;
// a column that says country of origin means it.
func TestCountriesOfAnExport(t *testing.T) {
	t.Parallel()
	const in = "ClientSeqNo,IEFlag,OriginCountry,DestinationCountry,TradeCountry\nA,E,JPN,CHN,KOR\nB,I,JPN,CHN,KOR\n"
	rows := Read([]byte(in), CSV)
	a, b := &rows[0].Declaration, &rows[1].Declaration
	got := []string{a.Items[0].CountryOfDestination, a.Items[0].CountryOfOrigin, a.Transport.CountryOfDestination, b.Items[0].CountryOfOrigin, b.Items[0].CountryOfDestination, b.Transport.CountryOfDispatch}
	if diff := cmp.Diff([]string{"JPN", "CHN", "KOR", "JPN", "CHN", "KOR"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for path, want := range map[string]string{"items[0].country_of_destination": "row 2, column 3", "items[0].country_of_origin": "row 2, column 4", "transport.country_of_destination": "row 2, column 5"} {
		if place, _, _ := rows[0].Locate(path); place != want {
			t.Errorf("%s of the export is at %s, want %s", path, place, want)
		}
	}
	means := Read([]byte("ClientSeqNo,IEFlag,Country of origin\nA,E,CHN\n"), CSV)[0].Declaration
	if means.Items[0].CountryOfOrigin != "CHN" {
		t.Errorf("country of origin %+v", means.Items[0])
	}
}

// Faults of rules stand at the cells of their values.
func TestTableLocates(t *testing.T) {
	t.Parallel()
	row := Read([]byte("ClientSeqNo,ContrNo,CodeTS,ContainerId,PromiseItmes\nA,,1,,\nA,C,2,X;Y,0\n"), CSV)[0]
	for path, want := range map[string]string{
		"declaration.contract_number": "row 3, column 2", "items[1].hs_code": "row 3, column 3", "items[0].hs_code": "row 2, column 3",
		"items[1].goods_name": "row 3", "containers[1].number": "row 3, column 4", "containers[1].size_type_code": "row 2",
		"valuation.royalties_paid": "row 3, column 5", "declaration.client_reference": "row 2, column 1", "risk.note": "row 2", "items[9].hs_code": "row 2, column 3", "": "row 2",
	} {
		if place, _, _ := row.Locate(path); place != want {
			t.Errorf("%s is at %s, want %s", path, place, want)
		}
	}
}

// A row is given when its last line is read, not at the end of the file.
func TestStreamDoesNotWait(t *testing.T) {
	t.Parallel()
	good := "ClientSeqNo,CodeTS\n" + strings.Repeat("A,1\n", 10) + "B,2\n" + strings.Repeat("C,3\n", 100_000)
	r := &counting{ReaderAt: strings.NewReader(good)}
	for row, err := range Stream(r, int64(len(good)), CSV, Options{Charset: "gb18030"}) { // declared: no look at the whole
		if err != nil || row.Declaration.Header.ClientReference != "A" {
			t.Fatal(row, err)
		}
		break
	}
	if r.n > 300_000 {
		t.Errorf("%d bytes were read for the first row", r.n)
	}
	broken := errors.New("disk")
	var last error
	for _, err := range Stream(failing{broken}, 100, CSV, Options{}) {
		last = err
	}
	if !errors.Is(last, broken) {
		t.Errorf("error of reading: %v", last)
	}
}

type counting struct {
	io.ReaderAt
	n int
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(b, at)
	c.n += n
	return n, err
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// Rows that were refused come back with their faults, and read as before.
func TestRefusedRowsAreReadAgain(t *testing.T) {
	t.Parallel()
	const in = "ClientSeqNo,GName,GrossWet\r\nA,=SUM(A1),1 kg\r\nA,-x,\r\nB,b,2\r\n"
	for _, format := range []Format{CSV, XLSX} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w, err := NewRefusedWriter(&out, format)
			if err != nil {
				t.Fatal(err)
			}
			first := Read([]byte(in), CSV)[0]
			if _, err := w.Add(&first, first.Faults, func(f *declarations.Fault) string { return "=words" }); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if format == CSV && !strings.Contains(out.String(), `'=SUM(A1)`) {
				t.Errorf("a formula is left in the file:\n%s", out.String())
			}
			again := Read(out.Bytes(), format)
			if len(again) != 1 || len(again[0].Source.Lines) != 2 {
				t.Fatalf("%d rows", len(again))
			}
			codes := []string{}
			for _, f := range again[0].Faults {
				codes = append(codes, f.Code+" "+f.Args["new"])
			}
			want := []string{"CSV-1012 "}
			if format == CSV {
				want = []string{"CSV-1013 =SUM(A1)", "CSV-1012 ", "CSV-1013 -x"}
			}
			if diff := cmp.Diff(want, codes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
