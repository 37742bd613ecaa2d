package declarations

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

// shared is the folder of facts and samples beside the repository.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	path := filepath.Join(append([]string{dir, "..", "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("%s is missing and KOUAN_STRICT=1", path)
		}
		t.Skipf("%s is missing", path)
	}
	return path
}

// rows are the data rows of a table, each by column name.
func rows(t testing.TB, parts ...string) []map[string]string {
	t.Helper()
	f, err := os.Open(shared(t, parts...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = r[i]
		}
		out = append(out, row)
	}
	return out
}

// Shared and Rows serve the tests that stand outside the package.
var (
	Shared = shared
	Rows   = rows
)

// Filled is a declaration that breaks no rule, for the tests outside.
var Filled = filled
