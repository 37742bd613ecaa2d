package wcoxml

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/i18n"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(readFile(t, path)), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// said are findings as lines, with their arguments in order.
func said(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		var line strings.Builder
		fmt.Fprintf(&line, "%s %s %d:%d %s", f.Severity, f.Code, f.Line, f.Column, f.Path)
		for _, name := range slices.Sorted(maps.Keys(f.Args)) {
			fmt.Fprintf(&line, " %s=%q", name, f.Args[name])
		}
		out = append(out, line.String())
	}
	return out
}

// worded fails for a finding whose words lack an argument in some language.
func worded(t *testing.T, faults []declarations.Fault) {
	t.Helper()
	for _, f := range faults {
		for _, lang := range i18n.Languages() {
			if words := i18n.For(lang).Fault(f.Code, f.Args); strings.Contains(words, "(?)") || strings.HasPrefix(words, "fault.") {
				t.Errorf("%s in %s: %s", f.Code, lang, words)
			}
		}
	}
}

func TestInvalidSamplesGetAStableList(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, file := range samples(t, "declarations-invalid") {
		data := readFile(t, file)
		_, faults := Parse(data, Options{})
		_, again := Parse(data, Options{})
		if diff := cmp.Diff(faults, again); diff != "" {
			t.Errorf("%s: two readings differ:\n%s", file, diff)
		}
		if !declarations.Rejected(faults) {
			t.Errorf("%s is not refused", file)
		}
		worded(t, faults)
		fmt.Fprintf(&out, "-- %s --\n%s\n", filepath.Base(file), strings.Join(said(faults), "\n"))
	}
	golden(t, "invalid_faults.txt", out.String())
}

// Where the layout and the schema judge a sample differently, it stands here
// with the reason. There is none.
var differs = map[string]string{}

func TestVerdictsAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	dir, count := filepath.Dir(filepath.Dir(samples(t, "declarations-valid")[0])), 0
	for _, row := range facts(t, "samples", "wco", "manifest.csv") {
		if row["kind"] != "declaration" {
			continue
		}
		count++
		_, faults := Parse(readFile(t, filepath.Join(dir, row["file"])), Options{})
		verdict := "valid"
		if declarations.Rejected(faults) {
			verdict = "invalid"
		}
		if _, known := differs[row["file"]]; known != (verdict != row["valid"]) {
			t.Errorf("%s: %s, the schema says %s: %v", row["file"], verdict, row["valid"], said(faults))
		}
	}
	if count != 115 {
		t.Errorf("%d samples, there are 115", count)
	}
}
