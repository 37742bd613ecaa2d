package declarations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/testfacts"
)

// rules of the table by their number.
func rules() map[string]declarations.Rule {
	m := map[string]declarations.Rule{}
	for _, r := range declarations.Rules {
		m[r.ID] = r
	}
	return m
}

func TestSampleMessagesGetTheirFaultAndNoOther(t *testing.T) {
	t.Parallel()
	dir, byID := testfacts.Path(t, "samples", "decmessage"), rules()
	checked, later := 0, 0
	for _, r := range declarations.Rows(t, "samples", "decmessage", "index.csv") {
		rule, named := byID[r["expected_fault"]]
		data, err := os.ReadFile(filepath.Join(dir, r["file"]))
		if err != nil {
			t.Fatal(err)
		}
		doc, faults := customsxml.Parse(data)
		parsed := len(faults)
		if !declarations.Rejected(faults) {
			faults = append(faults, declarations.Validate(&doc.Declaration)...)
		}
		var got, want []string
		for i, f := range faults {
			place := f.Path
			if i >= parsed {
				at := doc.Locate(f.Path)
				place = at.Path
				if at.Line == 0 {
					t.Errorf("%s: %s has no line in the document", r["file"], f.Path)
				}
				if f.Args["element"] != r["field"] {
					t.Errorf("%s: fault names %s, want %s", r["file"], f.Args["element"], r["field"])
				}
			}
			got = append(got, f.Code+" "+string(f.Severity)+" at "+lastElement(place))
		}
		isLater := named && rule.Stage == declarations.StageValidate && rule.Check == nil
		if named && !isLater {
			place, other := elsewhere[r["file"]]
			if !other {
				place = r["field"]
			}
			want = []string{rule.Code() + " " + string(rule.Severity) + " at " + place}
			checked++
		}
		if isLater {
			t.Logf("%s: %s comes with the next issue", r["file"], rule.ID)
			later++
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", r["file"], diff)
		}
	}
	// 25 invalid files of V001-V016 and V024-V030, and four warnings of reading.
	if checked != 29 || later != 33 {
		t.Errorf("%d samples with a fault were checked and %d left to the next issue", checked, later)
	}
}

// elsewhere are the places of faults that are not at the field of the index.
var elsewhere = map[string]string{
	"invalid-01-not-well-formed.xml":               "GrossWet",
	"invalid-02-gbk-bytes.xml":                     "AgentName",
	"invalid-03-dtd-entity.xml":                    "",
	"valid-17-old-version-attribute.xml":           "@Version",
	"valid-18-namespace-dec-3-1.xml":               "@Version",
	"valid-19-old-importmessage-numeric-codes.xml": "@Version",
}

// lastElement is the last element of a place, without its row.
func lastElement(place string) string {
	name := place[strings.LastIndexByte(place, '/')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}
