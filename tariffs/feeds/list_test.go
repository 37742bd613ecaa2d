package feeds

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/tariffs"
)

var noon = time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)

func listOf(day tariffs.Day) *List {
	c := tariffs.BuiltIn()
	return &List{Edition: 1, Catalogue: c.Version, Day: day, PublishedAt: noon, Prevails: "zh-Hans", Rows: c.Rows(day, tariffs.RowFilter{})}
}

func written(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func bookCells(t *testing.T, body []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for i := range cells { // GetRows leaves empty cells at the end out
		cells[i] = append(cells[i], make([]string, len(tariffs.ListColumns())-len(cells[i]))...)
	}
	return cells
}

func TestEachFormHasTheSameRowsInTheSameOrder(t *testing.T) {
	t.Parallel()
	for _, day := range []tariffs.Day{"2015-01-01", "2021-05-01", "2026-11-25"} {
		l := listOf(day)
		l.Rows[0].Article, l.Rows[1].Article, l.Rows[2].Article = "=1+1", "@x", "'-5" // what an operator may write
		table := written(t, func(w *bytes.Buffer) error { return l.CSV(w) })
		version, rows, err := tariffs.ReadRows(bytes.NewReader(table))
		if err != nil || version != l.Catalogue {
			t.Fatalf("%s: version %q, %v", day, version, err)
		}
		if diff := cmp.Diff(l.Rows, rows); diff != "" {
			t.Errorf("%s: CSV (-want +got):\n%s", day, diff)
		}
		var asJSON List
		if err := json.Unmarshal(written(t, func(w *bytes.Buffer) error { return l.JSON(w) }), &asJSON, json.RejectUnknownMembers(true)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(l, &asJSON); diff != "" {
			t.Errorf("%s: JSON (-want +got):\n%s", day, diff)
		}
		lines, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cells := bookCells(t, written(t, func(w *bytes.Buffer) error { return l.Book(w) }))
		if diff := cmp.Diff(lines, cells); diff != "" {
			t.Errorf("%s: workbook, cells as in CSV (-want +got):\n%s", day, diff)
		}
		for i, line := range cells {
			for n, cell := range line {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("%s: cell %d of row %d is calculated: %q", day, n+1, i+1, cell)
				}
			}
		}
	}
}

func TestTheSameListIsTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*List, *bytes.Buffer) error{
		"csv": func(l *List, w *bytes.Buffer) error { return l.CSV(w) }, "json": func(l *List, w *bytes.Buffer) error { return l.JSON(w) },
		"xlsx": func(l *List, w *bytes.Buffer) error { return l.Book(w) }, "csvw": func(l *List, w *bytes.Buffer) error { return l.Metadata(w, "fees.csv") },
	} {
		first := written(t, func(w *bytes.Buffer) error { return write(listOf("2026-11-25"), w) })
		for range 5 {
			if !bytes.Equal(first, written(t, func(w *bytes.Buffer) error { return write(listOf("2026-11-25"), w) })) {
				t.Errorf("%s: two writings differ", name)
				break
			}
		}
	}
}

func TestAnEmptyListIsAList(t *testing.T) {
	t.Parallel()
	l := &List{Catalogue: "v", Day: "2026-11-25"}
	if got := string(written(t, func(w *bytes.Buffer) error { return l.JSON(w) })); !strings.Contains(got, `"rows": []`) {
		t.Errorf("no rows are written as %s", got)
	}
	if cells := bookCells(t, written(t, func(w *bytes.Buffer) error { return l.Book(w) })); len(cells) != 1 {
		t.Errorf("%d lines, want the heading", len(cells))
	}
}
