package testfacts

import (
	"encoding/csv"
	"os"
)

// Lines are the lines of a table of the collection, the header first.
func Lines(t TB, parts ...string) [][]string {
	t.Helper()
	path := Path(t, parts...)
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("open table: %v", err)
	}
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	if err := f.Close(); err != nil {
		t.Fatalf("close %s: %v", path, err)
	}
	return lines
}

// Rows are the data rows of a table, each by column name.
func Rows(t TB, parts ...string) []map[string]string {
	t.Helper()
	lines := Lines(t, parts...)
	rows := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
