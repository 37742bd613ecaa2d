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

// Every file of the index gets the verdict that it names: the valid ones no
// refusal and their one warning, if any; the invalid ones their one refusal,
// at its element and on a line of the document.
func TestSampleMessagesGetTheirFaultAndNoOther(t *testing.T) {
	t.Parallel()
	dir, byID := testfacts.Path(t, "samples", "decmessage"), rules()
	valid, invalid, warned := 0, 0, 0
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
		if named {
			place, other := elsewhere[r["file"]]
			if !other {
				place = r["field"]
			}
			want = []string{rule.Code() + " " + string(rule.Severity) + " at " + place}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", r["file"], diff)
		}
		if declarations.Rejected(faults) == (r["valid"] == "Y") {
			t.Errorf("%s: valid %s, faults %v", r["file"], r["valid"], got)
		}
		switch {
		case r["valid"] == "N":
			invalid++
		case named:
			warned++
			fallthrough
		default:
			valid++
		}
	}
	if valid != 27 || invalid != 57 || warned != 5 {
		t.Errorf("%d valid (%d with a warning) and %d invalid samples were judged, want 27 (5) and 57", valid, warned, invalid)
	}
}

// elsewhere are the places of the reader's faults that are not at the field of
// the index: where the bytes go wrong, and the attribute with its @.
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
