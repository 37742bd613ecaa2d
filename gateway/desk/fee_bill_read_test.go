package desk_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/declarations"
	"kouan/declarations/testfacts"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// sheet is a workbook of the given cells; an fmt.Stringer is a formula.
func sheet(t testing.TB, edit func(*excelize.File), rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for r, row := range rows {
		for c, v := range row {
			name, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue("Sheet1", name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if edit != nil {
		edit(f)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func placed(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, strings.TrimSpace(f.Code+" "+f.Path+" "+f.Args["now"]+f.Args["value"]))
	}
	return out
}

func refused(t testing.TB, body []byte) []string {
	t.Helper()
	_, err := desk.ReadAccount(tariffs.BuiltIn(), body, nil)
	var faults *desk.FaultsError
	if !errors.As(err, &faults) {
		t.Fatalf("read: %v, want faults", err)
	}
	return placed(faults.Faults)
}

var heading = []any{"账单号", "船名", "IMO", "净吨", "船长", "ship_type", "码头", "抵港时间", "离港时间", "序号", "费目", "数量", "单位", "单价", "金额", "币种"}

// TestAWorkbookOfAnAgentIsRead: Chinese headings, dates as numbers, digits
// that the binary form of a number adds, full-width digits.
func TestAWorkbookOfAnAgentIsRead(t *testing.T) {
	t.Parallel()
	arrival := time.Date(2026, 9, 14, 22, 40, 0, 0, time.UTC)
	body := sheet(t, nil, heading,
		[]any{"DA-1", "SYNTHETIC TWO", "9000015", 15872, 182.3, "bulk_general_other", "CNDLC-12", arrival, "2026-09-18T06:10:00+08:00", 1, "引航费(进)", "15872", "NTT", math.Nextafter(0.405, 1), "6428.16", "cny"},
		[]any{"DA-1", "SYNTHETIC TWO", "9000015", 15872, 182.3, "bulk_general_other", "CNDLC-12", arrival, "2026-09-18T06:10:00+08:00", 2, "拖轮费", 3, "C62", 11000, "３３，０００．００", "CNY"},
		[]any{"", "", "", nil, nil, nil, "", nil, nil, "合计", "", nil, nil, nil, 39428.16})
	got, err := desk.ReadAccount(tariffs.BuiltIn(), body, nil)
	if err != nil {
		t.Fatalf("read: %v %v", err, refused(t, body))
	}
	if got.Format != "xlsx" || got.Account.Currency != "CNY" || got.Account.Total != "39428.16" || len(got.Account.Lines) != 2 {
		t.Errorf("account %+v", got.Account)
	}
	if at := got.Account.Call.Arrival; !at.Equal(arrival.Add(-8 * time.Hour)) {
		t.Errorf("arrival %s, want 22:40 at the port", at)
	}
	if l := got.Account.Lines[0]; l.Rate != "0.405" {
		t.Errorf("rate %q, want 0.405 without the dust of its binary form", l.Rate)
	}
	if l := got.Account.Lines[1]; l.Amount != "33,000.00" {
		t.Errorf("amount %q", l.Amount)
	}
	want := []string{"FEE-1204 Sheet1!N2 0.405", "FEE-1203 Sheet1!H2 2026-09-14T22:40:00+08:00", "FEE-1204 Sheet1!O3 33,000.00"}
	if diff := cmp.Diff(want, placed(got.Notes)); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
}

func TestCellsThatWouldBeMisreadAreFaults(t *testing.T) {
	t.Parallel()
	first := []any{"DA-1", "S", "9000015", 15872, 182.3, "", "CNDLC-12", "2026-09-14T22:40:00+08:00", "", 1, "引航费(进)", "15872", "NTT", "0.405", "6428.16", "CNY"}
	for _, c := range []struct {
		name string
		body []byte
		want []string
	}{
		{"a formula", sheet(t, func(f *excelize.File) {
			if err := f.SetCellFormula("Sheet1", "O2", "=L2*N2"); err != nil {
				t.Fatal(err)
			}
		}, heading, first), []string{"FEE-1202 Sheet1!O2", "FEE-1001 Sheet1!O2"}},
		{"merged cells", sheet(t, func(f *excelize.File) {
			if err := f.MergeCell("Sheet1", "A2", "A3"); err != nil {
				t.Fatal(err)
			}
		}, heading, first), []string{"FEE-1201 Sheet1!A2"}},
		{"a German decimal comma", []byte("line,text_zh,amount,arrival,currency\n1,引航费,\"7142,40\",2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1001 row 2, column 3 7142,40"}},
		{"dollars", []byte("line,text_zh,amount,arrival,currency\n1,引航费,10,2026-09-14T22:40:00+08:00,USD\n"), []string{"FEE-1207 row 2, column 5 USD"}},
		{"a line twice", []byte("line,text_zh,amount,arrival,currency\n1,引航费,10,2026-09-14T22:40:00+08:00,CNY\n1,拖轮费,10,2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1206 row 3, column 1 1"}},
		{"an amount beyond any account", []byte("line,text_zh,amount,arrival,currency\n1,引航费,99999999999999999999,2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1001 row 2, column 3 99999999999999999999"}},
		{"a quantity beyond any account", []byte("line,text_zh,quantity,amount,arrival,currency\n1,拖轮费,9999999999999 x 3,1,2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1001 row 2, column 3 9999999999999 x 3"}},
		{"a sign of currency", []byte("line,text_zh,amount,arrival,currency\n1,引航费,¥10,2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1001 row 2, column 3 ¥10"}},
		{"JSON in another currency", []byte(`{"currency":"EUR","call":{"arrival":"2026-09-14T22:40:00+08:00"},"lines":[{"line":1,"text_zh":"引航费","amount":"1"}]}`), []string{"FEE-1207 currency EUR"}},
		{"JSON lines of one number", []byte(`{"currency":"CNY","call":{"arrival":"2026-09-14T22:40:00+08:00"},"lines":[{"line":1,"text_zh":"a","amount":"1"},{"line":1,"text_zh":"b","amount":"1"}]}`), []string{"FEE-1206 lines[1].line 1"}},
		{"nothing", nil, []string{"DEC-1007"}},
		{"a text without an end", []byte("line,text_zh,amount,arrival,currency\n1," + strings.Repeat("费", 501) + ",1,2026-09-14T22:40:00+08:00,CNY\n"), []string{"FEE-1220 row 2, column 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := refused(t, c.body)
			if len(got) == 0 || !strings.HasPrefix(got[0], c.want[0]) || len(got) < len(c.want) {
				t.Errorf("refused by %q, want %q", got, c.want)
			}
		})
	}
}

// TestHostileFilesAreRefused: what grows when it is opened, and what never
// ends, is refused by the guard that keeps it from being read to its end.
func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	rows.WriteString("line,text_zh,amount,arrival,currency\n")
	for i := range 100_000 {
		fmt.Fprintf(&rows, "%d,引航费,1,2026-09-14T22:40:00+08:00,CNY\n", i+1)
	}
	for _, c := range []struct {
		name, want string
		body       []byte
	}{
		{"ten megabytes", "DEC-1010", bytes.Repeat([]byte("a,b\n"), 10<<18)},
		{"rows without end", "FEE-1010", []byte(rows.String()[:desk.MaxBill])},
		{"a workbook that unpacks a thousandfold", "CSV-1019", bomb(t, 32<<20)},
		{"a workbook of empty rows", "FEE-1010", emptyRows(t)},
		{"a workbook that is cut", "CSV-1019", sheet(t, nil, heading)[:2000]},
		{"NUL", "", append([]byte("line,text_zh,amount\n1,"), 0, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := refused(t, c.body); !strings.HasPrefix(strings.Join(got, "; "), c.want) {
				t.Errorf("refused by %.200q, want %s", got, c.want)
			}
		})
	}
}

// bomb is a workbook whose sheet unpacks to so many bytes.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	return repacked(t, func(w *bytes.Buffer) {
		w.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c t="inlineStr"><is><t>`)
		w.Write(bytes.Repeat([]byte("a"), size/8))
	}, 8)
}

// emptyRows is one of a million rows without a cell.
func emptyRows(t *testing.T) []byte {
	t.Helper()
	return repacked(t, func(w *bytes.Buffer) {
		w.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>text_zh</t></is></c><c r="B1" t="inlineStr"><is><t>amount</t></is></c><c r="C1" t="inlineStr"><is><t>line</t></is></c></row>`)
		for i := range 200_000 {
			fmt.Fprintf(w, `<row r="%d"/>`, i+2)
		}
		w.WriteString(`</sheetData></worksheet>`)
	}, 1)
}

// repacked is a workbook with another sheet, whose tail is repeated.
func repacked(t *testing.T, write func(*bytes.Buffer), times int) []byte {
	t.Helper()
	whole := sheet(t, nil, heading)
	in, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var part, out bytes.Buffer
	write(&part)
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		w, err := z.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "xl/worksheets/sheet1.xml" {
			for range times {
				if _, err := w.Write(part.Bytes()); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestOneAccountHasOneIdentityInEveryFormat: the sample as CSV, as a workbook
// made of it, and as JSON.
func TestOneAccountHasOneIdentityInEveryFormat(t *testing.T) {
	t.Parallel()
	csvBody, err := os.ReadFile(testfacts.Path(t, "samples", "tariffs", "account-overcharged.csv"))
	if err != nil {
		t.Fatal(err)
	}
	first, err := desk.ReadAccount(tariffs.BuiltIn(), csvBody, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]any
	for _, line := range testfacts.Lines(t, "samples", "tariffs", "account-overcharged.csv") {
		row := make([]any, len(line))
		for i := range line {
			row[i] = line[i]
		}
		rows = append(rows, row)
	}
	second, err := desk.ReadAccount(tariffs.BuiltIn(), sheet(t, nil, rows...), nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Account.Identity() != second.Account.Identity() {
		t.Errorf("the workbook is another account:\n%+v\n%+v", first.Account, second.Account)
	}
	if diff := cmp.Diff(first.Account.Lines, second.Account.Lines); diff != "" {
		t.Errorf("lines (-csv +xlsx)\n%s", diff)
	}
}

// FuzzReadAccount: any bytes are an account that can be judged, or have a fault.
func FuzzReadAccount(f *testing.F) {
	f.Add([]byte("line,text_zh,amount,arrival\n1,引航费(进),10,2026-09-14T22:40:00+08:00\ntotal,,10,\n"))
	f.Add([]byte(`{"currency":"CNY","call":{"arrival":"2026-09-14T22:40:00+08:00","ship":{"net_tonnage":"15872"}},"lines":[{"line":1,"text_zh":"引航费","quantity":"3 x 4","rate":"1","amount":"1,000.5"}],"total":"3"}`))
	f.Add([]byte(`{"synthetic":true,"account_no":"A","kind":"final","currency":"CNY","ship":{"nt":"15872","gt":"27411","loa_m":"182.3","type":"container","terminal":"香炉礁及附近","distance_nm":12,"arrival":"2026-09-14T22:40:00+08:00","alongside":"2026-09-15T00:15:00+08:00/2026-09-18T05:20:00+08:00","cargo_completed":"2026-09-17T20:00:00+08:00"},"lines":[{"line":1,"text_en":"Tugs in, Circular No. 1/2020","quantity":"3 x 4","unit":"GRT","rate":"1","amount":"1,000.5"},{"line":2,"text_zh":"货物港务费(出口40)","amount":"1"}],"total":"3"}`))
	f.Add([]byte("No.,Description,Qty,Amount,arrival\n1,Pilotage in,2 x 3,10,2026-09-14T22:40:00+08:00\n"))
	f.Add([]byte("sep=;\n序号;费目;金额\n\"=1"))
	f.Add([]byte("PK\x03\x04"))
	c := tariffs.BuiltIn()
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := desk.ReadAccount(c, body, nil)
		var faults *desk.FaultsError
		switch {
		case errors.As(err, &faults) && declarations.Rejected(faults.Faults):
			return
		case err != nil:
			t.Fatal(err)
		}
		findings := tariffs.CheckAccount(c, got.Account, "2026-11-26")
		sums := tariffs.SumAccount(c, got.Account, findings)
		if sums.All.Lines > len(got.Account.Lines) || sums.All.Billed < 0 || sums.All.Over < 0 || sums.All.Question < 0 {
			t.Fatalf("sums %+v of %d lines", sums.All, len(got.Account.Lines))
		}
		tariffs.CompareAccounts(c, got.Account, got.Account)
	})
}
