package codes_test

import (
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
	"kouan/declarations/testfacts"
)

// elsewhere are facts that are code in another package.
var elsewhere = []string{"receipt_codes", "validation_rules"}

// renamed are columns of the facts that have another name in the tables.
var renamed = map[string]string{"type_position": "scope", "field": "scope", "group": "scope", "id": "code", "note_zh": "name_zh", "note_en": "name_en"}

// TestTablesAreTheFacts: the same rows in the same order with the same values,
// as many as facts/README.md counts. The column source stays with the facts.
func TestTablesAreTheFacts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "facts"), "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	counts := readmeCounts(t)
	var names []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		if slices.Contains(elsewhere, name) {
			continue
		}
		names = append(names, name)
		table := codes.Default().Table(name)
		if table == nil {
			t.Errorf("there is no table %s", name)
			continue
		}
		want, got := factRows(t, file), tableRows(table)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-facts +table):\n%s", name, diff)
		}
		if n, ok := counts[name]; !ok || n["rows"] != len(table.Entries) {
			t.Errorf("%s: %d rows, README says %d", name, len(table.Entries), n["rows"])
		}
		byStatus := map[string]int{}
		for i := range table.Entries {
			byStatus[table.Entries[i].Status]++
		}
		for _, status := range []string{codes.Confirmed, codes.Secondary, codes.Unverified, codes.Conflict} {
			if byStatus[status] != counts[name][status] {
				t.Errorf("%s: %d %s, README says %d", name, byStatus[status], status, counts[name][status])
			}
		}
	}
	if diff := cmp.Diff(names, codes.Default().Names()); diff != "" {
		t.Errorf("tables (-facts +built in):\n%s", diff)
	}
}

func factRows(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			if as, ok := renamed[name]; ok {
				name = as
			}
			if line[i] != "" && name != "source" {
				row[name] = line[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func tableRows(table *codes.Table) []map[string]string {
	var rows []map[string]string
	for i := range table.Entries {
		e := &table.Entries[i]
		row := map[string]string{"scope": e.Scope, "code": e.Code, "name_zh": e.NameZh, "name_en": e.NameEn, "status": e.Status, "note": e.Note, "valid_from": e.ValidFrom, "valid_to": e.ValidTo}
		maps.Copy(row, e.Extra)
		maps.DeleteFunc(row, func(_, v string) bool { return v == "" })
		rows = append(rows, row)
	}
	return rows
}

var countLine = regexp.MustCompile(`(?m)^\| ([a-z_]+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|`)

func readmeCounts(t *testing.T) map[string]map[string]int {
	t.Helper()
	text, err := os.ReadFile(testfacts.Path(t, "facts", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]int{}
	for _, m := range countLine.FindAllStringSubmatch(string(text), -1) {
		out[m[1]] = map[string]int{}
		for i, what := range []string{"rows", codes.Confirmed, codes.Secondary, codes.Unverified, codes.Conflict} {
			n, err := strconv.Atoi(m[i+2])
			if err != nil {
				t.Fatal(err)
			}
			out[m[1]][what] = n
		}
	}
	if len(out) < 15 {
		t.Fatalf("README counts %d tables", len(out))
	}
	return out
}
