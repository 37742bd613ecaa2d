package tariffs

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples is the folder of shared facts; tests without it are skipped.
func samples(t *testing.T, file string) [][]string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "samples", "tariffs", file)
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("%s is needed", path)
		}
		t.Skipf("%s is not there", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func sheet(rows [][]string) *Sheet {
	s := &Sheet{Columns: rows[0]}
	for i, row := range rows[1:] {
		s.Rows = append(s.Rows, SheetRow{Line: i + 2, Cells: row})
	}
	return s
}

func TestLintFindsEveryPlantedFault(t *testing.T) {
	t.Parallel()
	found := map[string][]Finding{}
	for i, row := range samples(t, "index.csv") {
		if i == 0 {
			continue
		}
		file, column, code, severity := row[0], row[3], row[4], Severity(row[5])
		line, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		if found[file] == nil {
			found[file] = Lint(BuiltIn(), sheet(samples(t, file)))
		}
		ok := false
		for _, f := range found[file] {
			if f.Line == line && f.Code == code && f.Severity == severity && strings.Contains("|"+f.Column+"|", "|"+column+"|") || f.Column == column && f.Line == line && f.Code == code {
				ok = true
			}
		}
		if !ok {
			t.Errorf("%s:%d: %s at %s not found: %s", file, line, code, column, row[6])
			for _, f := range found[file] {
				if f.Line == line {
					t.Logf("  there: %s %s %s", f.Code, f.Severity, f.Column)
				}
			}
		}
	}
	if len(found) != 2 {
		t.Errorf("%d files in the index", len(found))
	}
}

func TestLintLetsACleanListPass(t *testing.T) {
	t.Parallel()
	for _, f := range Lint(BuiltIn(), sheet(samples(t, "catalogue-clean.csv"))) {
		if f.Severity == Reject {
			t.Errorf("line %d: %s at %s %v", f.Line, f.Code, f.Column, f.Args)
		}
	}
}

func TestLintReportsNothingElseOnRowsWithoutAPlantedFault(t *testing.T) {
	t.Parallel()
	planted := map[string]bool{}
	for _, row := range samples(t, "index.csv")[1:] {
		planted[row[0]+":"+row[1]] = true
	}
	var also []string
	for _, file := range []string{"catalogue-faulty-1.csv", "catalogue-faulty-2.csv"} {
		for _, f := range Lint(BuiltIn(), sheet(samples(t, file))) {
			if place := file + ":" + strconv.Itoa(f.Line); f.Severity == Reject && !planted[place] {
				also = append(also, place+" "+f.Code+" "+f.Column)
			}
		}
	}
	// The earlier row of the planted overlap: which of the two is wrong is not ours to say.
	if diff := cmp.Diff([]string{"catalogue-faulty-1.csv:16 FEE-L08 valid_to"}, also); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkLint(b *testing.B) {
	s := &Sheet{Columns: SheetColumns}
	for n := range 10_000 {
		from := n % 400 * 100
		row := make([]string, len(SheetColumns))
		for column, v := range map[string]string{"item_code": "BOOM", "item_zh": "围油栏使用费", "regime": "government_guided", "collector_zh": "示例 " + strconv.Itoa(n/400), "payer_zh": "船方",
			"schedule_kind": "slab", "trade": "both", "nt_from": strconv.Itoa(from), "nt_to": strconv.Itoa(from + 100), "basis_zh": "次", "amount": "3000", "currency": "CNY", "unit": "C62",
			"reason_zh": "防污染", "when_how_paid_zh": "月结", "legal_basis": "MOT-2019-2", "valid_from": "2026-01-01", "published_at": "2025-11-01", "complaint_channel": "CH-12345-DL", "verification": "unverified"} {
			row[slices.Index(SheetColumns, column)] = v
		}
		s.Rows = append(s.Rows, SheetRow{Line: n + 2, Cells: row})
	}
	c := BuiltIn()
	b.ReportAllocs()
	for b.Loop() {
		if findings := Lint(c, s); Rejected(findings) {
			b.Fatal(findings[0])
		}
	}
}
