package customsxml

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

// parseSample reads a synthetic message that stands in testdata.
func parseSample(t *testing.T, name string) (Document, []declarations.Fault) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return Parse(data)
}

func validSamples(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/valid-*.xml")
	if err != nil || len(files) != 27 {
		t.Fatalf("%d valid samples, err %v; want 27", len(files), err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

func TestValidSamplesHaveOnlyTheirWarning(t *testing.T) {
	t.Parallel()
	warns := map[string][]string{
		"valid-17-old-version-attribute.xml":           {"DEC-0004 /DecMessage/@Version 2:1"},
		"valid-18-namespace-dec-3-1.xml":               {"DEC-0004 /DecMessage/@Version 2:1"},
		"valid-19-old-importmessage-numeric-codes.xml": {"DEC-0004 /ImportMessage/SWImpData/DecMessage/@Version 12:5"},
		"valid-21-different-child-order.xml":           {"DEC-0006 /DecMessage 77:3"},
	}
	for _, name := range validSamples(t) {
		_, faults := parseSample(t, name)
		if diff := cmp.Diff(warns[name], places(faults)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if declarations.Rejected(faults) {
			t.Errorf("%s is rejected", name)
		}
	}
}

func TestStructuralFaultsOfTheInvalidSamples(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"invalid-01-not-well-formed.xml":   "DEC-0001 /DecMessage/DecHead/GrossWet 13:5",
		"invalid-02-gbk-bytes.xml":         "DEC-0001 /DecMessage/DecHead/AgentName 7:16",
		"invalid-03-dtd-entity.xml":        "DEC-0002 / 2:1",
		"invalid-04-unknown-namespace.xml": "DEC-0003 /DecMessage 2:1",
		"invalid-05-no-head.xml":           "DEC-0005 /DecMessage/DecHead 2:1",
		"invalid-06-no-lines.xml":          "DEC-0005 /DecMessage/DecLists 49:3",
		"invalid-07-no-sign.xml":           "DEC-0005 /DecMessage/DecSign 2:1",
		"invalid-08-duplicate-element.xml": "DEC-0008 /DecMessage/DecHead/TradeMode[2] 24:5",
	} {
		_, faults := parseSample(t, name)
		if diff := cmp.Diff([]string{want}, places(faults)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !declarations.Rejected(faults) {
			t.Errorf("%s is not rejected", name)
		}
	}
}

// Samples whose fault is in a value have no structural fault.
func TestOtherInvalidSamplesAreWellBuilt(t *testing.T) {
	t.Parallel()
	dir := testfacts.Path(t, "samples", "decmessage")
	n := 0
	for _, row := range testfacts.Lines(t, "samples", "decmessage", "index.csv")[1:] {
		if row[1] != "N" || row[2] <= "V008" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, row[0]))
		if err != nil {
			t.Fatal(err)
		}
		if _, faults := Parse(data); len(faults) != 0 {
			t.Errorf("%s: %v", row[0], places(faults))
		}
		n++
	}
	if n != 49 {
		t.Errorf("%d samples read, want 49", n)
	}
}

// places prints faults as code, path, line and column.
func places(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, strings.Join([]string{f.Code, f.Path, place(f.Line, f.Column)}, " "))
	}
	return out
}
