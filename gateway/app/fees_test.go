package app

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
	"kouan/declarations/testfacts"
	"kouan/i18n"
	"kouan/tariffs"
)

var update = flag.Bool("update", false, "write the goldens anew")

// containerShip is the call of the issue: 60,000 net tons at the container
// terminal of Dayao Bay, two tugs each way, 30 hours alongside.
const containerShip = `{"terminal":"CNDLC-12","arrival":"2026-11-24T06:00:00+08:00","departure":"2026-11-25T16:00:00+08:00",
 "ship":{"type":"container_roro_passenger","net_tonnage":"60000","length_overall_m":"299.9"},
 "pilotage":{"in":true,"out":true},"tugs":{"in":2,"out":2},
 "berth":{"from":"2026-11-24T08:00:00+08:00","to":"2026-11-25T14:00:00+08:00"},
 "special_port_fee":{"us_owner":false,"us_operator":false,"us_equity_25":false,"us_flag":false,"built_in_us":false}}`

// feeConsole answers on a fixed day, in a language.
func feeConsole(lang i18n.Lang, in string) (c *console, out, errs *bytes.Buffer) {
	out, errs = &bytes.Buffer{}, &bytes.Buffer{}
	c = newConsole(nil, strings.NewReader(in), out, errs)
	c.words = words{i18n.For(lang)}
	c.clock = func() time.Time { return time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC) }
	return c, out, errs
}

func feeGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "fees", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestTheShipOfTheIssueInSevenLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		c, out, _ := feeConsole(lang, containerShip)
		if err := (&feesQuote{File: "-", Path: true, CompareDay: "2022-03-31", CompareTerminal: "CNDLC-13", Terms: 12}).Run(t.Context(), c, &Common{}); err != nil {
			t.Fatal(err)
		}
		feeGolden(t, "quote."+string(lang)+".txt", out.Bytes())
	}
}

func TestTheListInSevenLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		var all bytes.Buffer
		for _, item := range []string{"PILOTAGE", "HANDLING_ALL_IN", "SPECIAL_PORT_FEE", "PORT_CONSTRUCTION"} {
			c, out, _ := feeConsole(lang, "")
			if err := (&feesList{feeRows{Item: item}}).Run(t.Context(), c, &Common{}); err != nil {
				t.Fatal(err)
			}
			all.Write(out.Bytes())
		}
		feeGolden(t, "list."+string(lang)+".txt", all.Bytes())
	}
}

func TestACallThatCannotBeUsedSaysWhere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"no text at all", ``, "-:0:0 DEC-1007 - "},
		{"not JSON", `{"on":`, "-:1:7 DEC-1001 on "},
		{"a list", `[{}]`, "-:0:0 DEC-1004 - "},
		{"an unknown member", `{"on":"2026-11-25","ship":{"nett":"1"}}`, "-:0:0 DEC-1002 ship.nett "},
		{"a member twice", `{"on":"2026-11-25","on":"2026-11-26"}`, "-:1:20 DEC-1003 on "},
		{"a number where a text belongs", `{"on":"2026-11-25","ship":{"net_tonnage":60000}}`, "-:0:0 DEC-1004 ship.net_tonnage "},
		{"no number", `{"on":"2026-11-25","ship":{"net_tonnage":"60,000"}}`, "-:0:0 FEE-1001 ship.net_tonnage “60,000” is no plain number"},
		{"none of the choices", `{"on":"2026-11-25","ship":{"type":"yacht"}}`, "-:0:0 FEE-1002 ship.type “yacht” is none of the choices. Use one of: container_roro_passenger, "},
		{"out of bounds", `{"on":"2026-11-25","tugs":{"in":-1}}`, "-:0:0 FEE-1003 tugs.in "},
		{"out of order", `{"on":"2026-11-25","berth":{"from":"2026-11-25T00:00:00Z","to":"2026-11-24T00:00:00Z"}}`, "-:0:0 FEE-1004 berth.to "},
		{"no day", `{"on":"2026-02-30"}`, "-:0:0 FEE-1005 on “2026-02-30” is not a day"},
		{"no day given", `{}`, "-:0:0 FEE-1006 arrival "},
		{"no such terminal", `{"on":"2026-11-25","terminal":"CNDLC-99"}`, "-:0:0 FEE-1007 terminal The terminal “CNDLC-99” is not"},
		{"no such modifier", `{"on":"2026-11-25","enabled_modifiers":["M-NONE"]}`, "-:0:0 FEE-1008 enabled_modifiers[0] There is no modifier “M-NONE”"},
		{"no instant", `{"arrival":"25.11.2026"}`, "-:0:0 FEE-1009 arrival “25.11.2026” is not a time"},
	} {
		c, out, errs := feeConsole(i18n.En, tc.body)
		err := (&feesQuote{File: "-"}).Run(t.Context(), c, &Common{})
		if code := c.report(err); code != exitFailed || !strings.HasPrefix(errs.String(), tc.want) || out.Len() > 0 {
			t.Errorf("%s: exit code %d, %q, want %q", tc.name, code, errs, tc.want)
		}
	}
}

func TestTheDayOfTheFlagTakesThePlaceOfTheCalls(t *testing.T) {
	t.Parallel()
	c, out, _ := feeConsole(i18n.En, `{"boxes":[{"count":2,"size":"20","state":"laden","direction":"import"}]}`)
	if err := (&feesQuote{File: "-", On: "2021-05-01", JSON: true}).Run(t.Context(), c, &Common{}); err != nil {
		t.Fatal(err)
	}
	var q tariffs.Quotation
	if err := json.Unmarshal(out.Bytes(), &q); err != nil {
		t.Fatal(err)
	}
	if q.On != "2021-05-01" || q.Total.Status != tariffs.TotalWithheld || q.Total.Amount != nil || q.Total.AtLeast == 0 {
		t.Errorf("on %s, total %+v", q.On, q.Total)
	}
}

// faultyFile is a price list of the samples.
func faultyFile(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(testfacts.Path(t, "samples", "tariffs", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestThePlantedFaultsAreFoundAsCSVInGB18030AndInAWorkbook(t *testing.T) {
	t.Parallel()
	index := testfacts.Rows(t, "samples", "tariffs", "index.csv")
	for _, file := range []string{"catalogue-faulty-1.csv", "catalogue-faulty-2.csv"} {
		body := faultyFile(t, file)
		plain := importSays(t, body)
		for _, row := range index {
			if row["file"] != file {
				continue
			}
			found := slices.ContainsFunc(strings.Split(plain, "\n"), func(line string) bool {
				return strings.HasPrefix(line, "-:"+row["file_line"]+":") && strings.Contains(line, " "+row["lint_code"]+" ")
			})
			if !found {
				t.Errorf("%s:%s: %s is not told", file, row["file_line"], row["lint_code"])
			}
		}
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plain, importSays(t, gb)); diff != "" {
			t.Errorf("%s in GB18030 (-UTF-8 +GB18030):\n%s", file, diff)
		}
		book := importSays(t, workbookOf(t, body))
		if n, m := strings.Count(plain, " FEE-L"), strings.Count(book, " FEE-L"); n != m || !strings.Contains(book, "price list!") {
			t.Errorf("%s: %d findings in the workbook, %d in CSV", file, m, n)
		}
	}
}

// importSays is what the linter prints for a file that it refuses.
func importSays(t *testing.T, body []byte) string {
	t.Helper()
	c, out, errs := feeConsole(i18n.En, string(body))
	if code := c.report((&feesImport{Files: []string{"-"}}).Run(t.Context(), c, &Common{})); code != exitFailed || errs.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	return out.String()
}

func workbookOf(t *testing.T, body []byte) []byte {
	t.Helper()
	in := csv.NewReader(bytes.NewReader(body))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "price list"); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		values := make([]any, len(row))
		for n := range row {
			values[n] = row[n]
		}
		if err := f.SetSheetRow("price list", "A"+strconv.Itoa(i+1), &values); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAFormulaInAWorkbookIsNoPrice(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	heading := make([]any, len(tariffs.SheetColumns))
	for i, name := range tariffs.SheetColumns {
		heading[i] = name
	}
	if err := f.SetSheetRow("Sheet1", "A1", &heading); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Sheet1", "B2", "TALLY"); err != nil {
		t.Fatal(err)
	}
	column, err := excelize.ColumnNumberToName(1 + slices.Index(tariffs.SheetColumns, "amount"))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("Sheet1", column+"2", "=20*2"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	if said := importSays(t, out.Bytes()); !strings.Contains(said, " FEE-L30 reject Sheet1!"+column+"2 amount ") {
		t.Errorf("the formula is not told:\n%s", said)
	}
}

func TestACleanListPassesAndNothingIsSaidToBeImported(t *testing.T) {
	t.Parallel()
	c, out, errs := feeConsole(i18n.En, string(faultyFile(t, "catalogue-clean.csv")))
	if code := c.report((&feesImport{Files: []string{"-"}}).Run(t.Context(), c, &Common{})); code != exitDone || !strings.Contains(out.String(), "rejects: 0") || !strings.Contains(out.String(), "Nothing was imported") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}

func TestWhatIsNoPriceListIsRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, body, want string }{
		{"nothing", "", "DEC-1007"},
		{"a broken workbook", "PK\x03\x04 no zip", "CSV-1019"},
		{"a quote that is never closed", "row_no,\"item_code\n", "CSV-1001"},
	} {
		c, _, errs := feeConsole(i18n.En, tc.body)
		if code := c.report((&feesImport{Files: []string{"-"}}).Run(t.Context(), c, &Common{})); code != exitFailed || !strings.Contains(errs.String(), tc.want) {
			t.Errorf("%s: exit code %d, %q", tc.name, code, errs)
		}
	}
	if said := importSays(t, []byte("row_no,price\n1,2\n")); !strings.Contains(said, "-:1:2 FEE-L36 reject price ") || !strings.Contains(said, " FEE-L37 reject amount ") {
		t.Errorf("unknown and missing columns:\n%s", said)
	}
}

func TestAnAccountAsATableIsJudgedLineByLine(t *testing.T) {
	t.Parallel()
	c, out, errs := feeConsole(i18n.En, string(faultyFile(t, "account-overcharged.csv")))
	if code := c.report((&feesCheck{File: "-", JSON: true}).Run(t.Context(), c, &Common{})); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	var findings []tariffs.AccountFinding
	if err := json.Unmarshal(out.Bytes(), &findings); err != nil {
		t.Fatal(err)
	}
	got := map[int][]tariffs.Verdict{}
	for _, f := range findings {
		if f.Line > 0 {
			got[f.Line] = f.Verdicts
		}
	}
	// The table does not say the ship's type: the price of a tug lies between
	// those of two types, so it cannot be judged. It does not say the time
	// alongside either, but five days are more than the ship was in port.
	want := map[int][]tariffs.Verdict{1: {tariffs.AboveCeiling}, 2: {tariffs.QuantityWrong}, 3: {tariffs.WithinCeiling}, 4: {tariffs.StatusUnknown}, 5: {tariffs.QuantityWrong},
		6: {tariffs.NoSeparateCharge, tariffs.AboveCeiling}, 7: {tariffs.Abolished}, 8: {tariffs.AgentMargin}, 9: {tariffs.RateKindQuestion}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTheFormOfAgentsIsJudgedWhole: the JSON form says the ship's type and the
// time alongside, so nothing is left open.
func TestTheFormOfAgentsIsJudgedWhole(t *testing.T) {
	t.Parallel()
	c, out, errs := feeConsole(i18n.En, string(faultyFile(t, "account-overcharged.json")))
	if code := c.report((&feesCheck{File: "-"}).Run(t.Context(), c, &Common{})); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{"34,800.00", "33,000.00", "1,800.00", "the quantity does not fit", "144,342.62"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out)
		}
	}
	if strings.Contains(out.String(), "cannot be judged") || !strings.Contains(errs.String(), "FEE-1321") {
		t.Errorf("said:\n%s%s", out, errs)
	}
}

func TestTheFactsOfTheCallMayStandInAFileOfTheirOwn(t *testing.T) {
	t.Parallel()
	call := filepath.Join(t.TempDir(), "call.json")
	if err := os.WriteFile(call, []byte(containerShip), 0o600); err != nil {
		t.Fatal(err)
	}
	account := "line,text_zh,quantity,unit,rate,amount\n1,引航费(进),60000,NTT,,\"23,400.00\"\n2,拖轮费(进),2,C62,11000,22000.00\n3,停泊费,2,DAY,,30000.00\n4,船岸协调费,1,C62,500,500.00\ntotal,,,,,75900.00\n"
	c, out, errs := feeConsole(i18n.En, account)
	if code := c.report((&feesCheck{File: "-", Call: call}).Run(t.Context(), c, &Common{})); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	feeGolden(t, "check.en.txt", out.Bytes())
}

func TestAnAccountThatCannotBeReadSaysWhere(t *testing.T) {
	t.Parallel()
	const head = "account_no,line,text_zh,amount,arrival,terminal\n"
	for _, tc := range []struct{ name, body, want string }{
		{"an unknown column", "line,text_zh,amount,price\n1,a,1,1\n", "-:1:4 FEE-1011 row 1, column 4 "},
		{"a missing column", "line,text_zh\n1,a\n", "-:1:0 FEE-1012 row 1 "},
		{"two accounts", head + "A,1,引航费,1,2026-11-24T06:00:00+08:00,\nB,2,引航费,1,,\n", "-:3:1 FEE-1013 row 3, column 1 “B” differs from the account_no"},
		{"a line without a number", head + "A,x,引航费,1,2026-11-24T06:00:00+08:00,\n", "-:2:2 FEE-1001 row 2, column 2 "},
		{"an amount in words", head + "A,1,引航费,面议,2026-11-24T06:00:00+08:00,\n", "-:2:4 FEE-1001 row 2, column 4 “面议”"},
		{"no amount", head + "A,1,引航费,,2026-11-24T06:00:00+08:00,\n", "-:2:4 FEE-1001 row 2, column 4 "},
		{"no instant", head + "A,1,引航费,1,yesterday,\n", "-:2:5 FEE-1009 row 2, column 5 "},
		{"no such terminal", head + "A,1,引航费,1,2026-11-24T06:00:00+08:00,上海\n", "-:2:6 FEE-1007 row 2, column 6 "},
		{"no lines", head + "A,total,合计,1,2026-11-24T06:00:00+08:00,\n", "-:0:0 FEE-1010 "},
		{"no day", "line,text_zh,amount\n1,引航费,1\n", "-:0:0 FEE-1006 arrival "},
		{"JSON with an unknown member", `{"lines":[{"line":1,"amount":"1","amt":"2"}]}`, "-:0:0 DEC-1002 lines[0].amt "},
		{"JSON without lines", `{"call":{"on":"2026-11-25"},"lines":[]}`, "-:0:0 FEE-1010 lines "},
		{"JSON with a bad call", `{"call":{"on":"2026-11-25","ship":{"type":"yacht"}},"lines":[{"line":1,"amount":"1"}]}`, "-:0:0 FEE-1002 call.ship.type "},
	} {
		c, out, errs := feeConsole(i18n.En, tc.body)
		if code := c.report((&feesCheck{File: "-"}).Run(t.Context(), c, &Common{})); code != exitFailed || !strings.HasPrefix(errs.String(), tc.want) || out.Len() > 0 {
			t.Errorf("%s: exit code %d, %q, want %q", tc.name, code, errs, tc.want)
		}
	}
}

func TestEveryFormOfTheExportHasTheSameRows(t *testing.T) {
	t.Parallel()
	run := func(cmd feesExport) []byte {
		c, out, errs := feeConsole(i18n.En, "")
		cmd.On = "2026-11-25"
		if code := c.report(cmd.Run(t.Context(), c, &Common{})); code != exitDone {
			t.Fatalf("exit code %d: %s", code, errs)
		}
		return out.Bytes()
	}
	version, fromCSV, err := tariffs.ReadRows(bytes.NewReader(run(feesExport{feeRows: feeRows{CSV: true}})))
	if err != nil {
		t.Fatal(err)
	}
	var asJSON listed
	if err := json.Unmarshal(run(feesExport{feeRows: feeRows{JSON: true}}), &asJSON); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromCSV, asJSON.Rows); diff != "" || asJSON.Catalogue != version || version != tariffs.BuiltIn().Version {
		t.Errorf("CSV and JSON (-CSV +JSON):\n%s", diff)
	}
	book, err := excelize.OpenReader(bytes.NewReader(run(feesExport{XLSX: true})))
	if err != nil {
		t.Fatal(err)
	}
	cells, err := book.GetRows("fees 2026-11-25")
	if err != nil {
		t.Fatal(err)
	}
	if len(cells) != len(fromCSV)+1 || !slices.Equal(cells[0], tariffs.ListColumns()) {
		t.Fatalf("%d rows in the workbook, %d in CSV", len(cells), len(fromCSV)+1)
	}
	for i := range fromCSV {
		want := append([]string{version}, fromCSV[i].Cells()...)
		for n := range want {
			got := ""
			if n < len(cells[i+1]) {
				got = cells[i+1][n]
			}
			if tariffs.Plain(got) != want[n] {
				t.Errorf("row %d, %s: %q in the workbook, %q in CSV", i+2, cells[0][n], got, want[n])
			}
		}
	}
}

func TestFeesUsage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"fees list --on 2026-02-30":                     "“2026-02-30” is not a day",
		"fees list --item PILOTAG":                      "there is no charge “PILOTAG”",
		"fees list --trade coastal":                     "“coastal” is none of the choices: international, domestic",
		"fees list --payer s":                           "“s” is none of the choices: ship, cargo",
		"fees list --csv --json":                        "choose one form of output",
		"fees export":                                   "choose one form of output",
		"fees quote --compare-terminal X /nowhere":      "there is no terminal “X”",
		"fees quote --terms=-1 /nowhere":                "the calls a year must be 1 to 366",
		"fees quote --compare-day 2026-13-01 /nowhere":  "“2026-13-01” is not a day",
		"fees quote --on yesterday /nowhere/call.json":  "“yesterday” is not a day",
		"fees export --csv --json --on 2026-11-25":      "choose one form of output",
		"fees export --xlsx --payer both --on 20261125": "“20261125” is not a day",
	} {
		code, _, errs := gatewaySays(t, append(strings.Fields(args), "--lang", "en")...)
		if code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit code %d, %q, want %q", args, code, errs, want)
		}
	}
}

// FuzzReadCall: whatever is read can be quoted, and the sums are those of the
// lines. What cannot be quoted has faults with codes that have words.
func FuzzReadCall(f *testing.F) {
	f.Add([]byte(containerShip))
	f.Add([]byte(`{"on":"2021-05-01","boxes":[{"count":100000,"size":"45","state":"folded","direction":"transit","rule_45":"as_40"}]}`))
	f.Add([]byte(`{"on":"0000-01-01","ship":{"net_tonnage":"999999999999.999"},"pilotage":{"in":true,"shifts":100,"locks":100},"terminal":"CNDLC-01","tonnage_dues":{"rate_kind":"ordinary","licence_term":"P1Y"}}`))
	f.Add([]byte(`{"arrival":"9999-12-31T23:59:59Z","berth":{"from":"9999-12-01T00:00:00Z","to":"9999-12-31T00:00:00Z","idle_reason":"repair","anchorage_hours":"0.001"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		call, faults := readCallOn(tariffs.BuiltIn(), body, "")
		for i := range faults {
			if _, known := i18n.Placeholders("fault." + faults[i].Code); !known {
				t.Fatalf("%s has no words", faults[i].Code)
			}
		}
		if len(faults) > 0 {
			return
		}
		q := tariffs.Quote(tariffs.BuiltIn(), call, "2026-11-25")
		sum := tariffs.Fen(0)
		for i := range q.Lines {
			switch l := &q.Lines[i]; {
			case l.Amount != nil && *l.Amount < 0:
				t.Fatalf("%s costs %s", l.Item, l.Amount)
			case l.Amount != nil:
				sum += *l.Amount
			case l.Unknown == "":
				t.Fatalf("%s has neither an amount nor a reason", l.Item)
			}
		}
		if sum != q.Total.AtLeast {
			t.Fatalf("the lines are %s, the total %s", sum, q.Total.AtLeast)
		}
		c, _, _ := feeConsole(i18n.Ru, "")
		if err := c.tellQuote(tariffs.BuiltIn(), &quoted{Quote: q}, true); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzReadFeeSheet: any bytes are a sheet or have a fault, and the linter
// never panics on a sheet.
func FuzzReadFeeSheet(f *testing.F) {
	f.Add([]byte(strings.Join(tariffs.SheetColumns, ",") + "\n1,PILOTAGE,1A,引航费,,government_guided,x,y,progressive,international,,,,,,0,40000,,,,10,净吨,0.45,at_most,CNY,NTT,r,w,MOT-2019-2,,2026-01-01,,2025-11-14,no,CH-12345-DL,,unverified,n\n"))
	f.Add([]byte("sep=;\na;b\n\"=1"))
	f.Add([]byte("\xff\xfea"))
	f.Fuzz(func(t *testing.T, body []byte) {
		sheet, place, faults, err := readFeeSheet(body)
		if err != nil {
			t.Fatal(err)
		}
		if declarations.Rejected(faults) {
			return
		}
		c, _, _ := feeConsole(i18n.En, "")
		if err := c.tellFindings("x.csv", sheet, place, tariffs.Lint(tariffs.BuiltIn(), sheet)); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkImportOfTenThousandRows reads and lints; the aim is 2 s.
func BenchmarkImportOfTenThousandRows(b *testing.B) {
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	write := func(row []string) {
		if err := w.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	write(tariffs.SheetColumns)
	for n := range 10_000 {
		from := n % 400 * 100
		row := make([]string, len(tariffs.SheetColumns))
		for column, v := range map[string]string{"row_no": strconv.Itoa(n + 1), "item_code": "BOOM", "item_zh": "围油栏使用费", "regime": "government_guided", "collector_zh": "示例 " + strconv.Itoa(n/400), "payer_zh": "船方",
			"schedule_kind": "slab", "trade": "both", "nt_from": strconv.Itoa(from), "nt_to": strconv.Itoa(from + 100), "basis_zh": "次", "amount": "3000", "amount_kind": "at_most", "currency": "CNY", "unit": "C62",
			"reason_zh": "防污染", "when_how_paid_zh": "月结", "legal_basis": "MOT-2019-2", "valid_from": "2026-01-01", "published_at": "2025-11-01", "complaint_channel": "CH-12345-DL", "verification": "unverified"} {
			row[slices.Index(tariffs.SheetColumns, column)] = v
		}
		write(row)
	}
	w.Flush()
	b.ReportAllocs()
	for b.Loop() {
		c, _, errs := feeConsole(i18n.En, body.String())
		if code := c.report((&feesImport{Files: []string{"-"}}).Run(b.Context(), c, &Common{})); code != exitDone {
			b.Fatalf("exit code %d: %s", code, errs)
		}
	}
}
