package edifact

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kouan/declarations/testfacts"
)

// sample is a row of an index: what becomes of a file.
type sample struct{ file, strict, tolerant string }

func samples(t *testing.T, dir string) []sample {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []sample
	for _, r := range rows[1:] {
		if strings.HasSuffix(r[0], ".edi") {
			list = append(list, sample{r[0], r[4], r[5]})
		}
	}
	return list
}

// verdict is the worst of all interchanges of a file.
func verdict(all []*Interchange) (syntax, content Verdict) {
	syntax, content = Accept, Accept
	for _, ic := range all {
		syntax, content = worse(syntax, ic.Verdict()), worse(content, ic.Content())
	}
	return syntax, content
}

func TestPrintSamples(t *testing.T) {
	for _, dir := range []string{"testdata", testfacts.Path(t, "samples", "edifact", "real")} {
		for _, s := range samples(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, s.file))
			if err != nil {
				t.Fatal(err)
			}
			for _, strict := range []bool{true, false} {
				want := s.tolerant
				if strict {
					want = s.strict
				}
				all := Parse(data, Options{Strict: strict})
				v, c := verdict(all)
				t.Logf("%-45s strict=%v want %q got %s/%s", s.file, strict, want, v, c)
				for _, ic := range all {
					for _, f := range ic.Faults(string(data)) {
						t.Logf("      %+v", f)
					}
				}
			}
		}
	}
}
