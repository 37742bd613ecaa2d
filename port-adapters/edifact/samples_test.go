package edifact

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// meaning of the words of an index: the verdict on the syntax, the verdict on
// the content ("" when the words do not say), and what must be among the findings.
type meaning struct {
	syntax, content Verdict
	errors          []int
	code            string
}

var indexWords = map[string]meaning{
	"accept":               {syntax: Accept},
	"accept with finding":  {syntax: AcceptWithFindings},
	"accept with findings": {syntax: AcceptWithFindings},
	"accept with findings, quarantine for review": {syntax: Quarantine, code: CodeElementMissing},
	"reject":                             {syntax: Reject},
	"reject 13":                          {syntax: Reject, errors: []int{13}},
	"reject 15":                          {syntax: Reject, errors: []int{15}},
	"reject 19":                          {syntax: Reject, errors: []int{19}},
	"reject 21":                          {syntax: Reject, errors: []int{21}},
	"reject 22":                          {syntax: Reject, errors: []int{22}},
	"reject 26":                          {syntax: Reject, errors: []int{26}},
	"reject 28":                          {syntax: Reject, errors: []int{28}},
	"reject 29":                          {syntax: Reject, errors: []int{29}},
	"reject 30":                          {syntax: Reject, errors: []int{30}},
	"reject 39":                          {syntax: Reject, errors: []int{39}},
	"reject (control count)":             {syntax: Reject, errors: []int{29}},
	"reject (element too long)":          {syntax: Reject, errors: []int{39}},
	"reject (too many components)":       {syntax: Reject, errors: []int{16}},
	"reject (missing mandatory element)": {syntax: Reject, errors: []int{13}, code: CodeElementMissing},
	"reject (references do not match)":   {syntax: Reject, errors: []int{28}},
	"reject (no interchange header)":     {syntax: Reject, code: CodeNoHeader},
	"reject (no interchange trailer)":    {syntax: Reject, code: CodeNoTrailer},
	"reject (message semantics lost)":    {syntax: Reject, errors: []int{15}},
	"reject, keep as incomplete":         {syntax: Reject, code: CodeEndsEarly},
	"reject second message":              {syntax: AcceptWithFindings, errors: []int{26}},
	"reject as interchange; readable as bare message with findings": {syntax: Reject, code: CodeNoHeader},
	"reject at application level (APERAK)":                          {syntax: Accept, content: Reject, code: CodeBoxes},
	"APERAK finding, partner rule decides":                          {syntax: Accept, content: AcceptWithFindings, code: CodeCheckDigit},
}

// contents are the files whose "accept with finding" is about their content.
var contents = map[string]string{"BAD_cnt_mismatch.edi": CodeBoxes, "BAD_container_check_digit.edi": CodeCheckDigit}

func findings(all []*Interchange) []Finding {
	var list []Finding
	for _, ic := range all {
		list = append(list, ic.Findings...)
		for _, m := range ic.Messages {
			list = append(list, m.Findings...)
		}
	}
	return list
}

// TestSamplesGetTheirVerdicts holds every file to the words of its index. The
// verdicts of the real files are about syntax and structure; what the codec
// finds in their content (check digits of invented boxes) stands beside it.
func TestSamplesGetTheirVerdicts(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"testdata", testfacts.Path(t, "samples", "edifact", "real")} {
		for _, s := range samples(t, dir) {
			data, err := os.ReadFile(filepath.Join(dir, s.file))
			if err != nil {
				t.Fatal(err)
			}
			for _, mode := range []struct {
				name  string
				words string
			}{{"strict", s.strict}, {"tolerant", s.tolerant}} {
				t.Run(s.file+"/"+mode.name, func(t *testing.T) {
					t.Parallel()
					want, known := indexWords[mode.words]
					if !known {
						t.Fatalf("the index says %q, which this test does not know", mode.words)
					}
					if code := contents[s.file]; code != "" && mode.name == "tolerant" {
						want = meaning{syntax: Accept, content: AcceptWithFindings, code: code}
					}
					all := Parse(data, Options{Strict: mode.name == "strict"})
					syntax, content := verdict(all)
					list := findings(all)
					if syntax != want.syntax || want.content != "" && content != want.content {
						t.Errorf("%q: got %s, content %s\n%s", mode.words, syntax, content, told(list))
					}
					for _, n := range want.errors {
						if !slices.ContainsFunc(list, func(f Finding) bool { return f.Error == n }) {
							t.Errorf("no finding with error %d\n%s", n, told(list))
						}
					}
					if want.code != "" && !slices.ContainsFunc(list, func(f Finding) bool { return f.Code == want.code }) {
						t.Errorf("no %s\n%s", want.code, told(list))
					}
				})
			}
		}
	}
}

func told(list []Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "  %s %d %s %s octet %d segment %d %s %d:%d %v\n", f.Code, f.Error, f.Level, f.Severity, f.Offset, f.Segment, f.Tag, f.Element, f.Component, f.Args)
	}
	return b.String()
}

// TestFindingsSayWhere asserts the place of what is wrong in each faulty file.
func TestFindingsSayWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file                        string
		code                        string
		error                       int
		text                        string // that stands at the octet; empty: the end
		segment, element, component int
		tag                         string
		args                        map[string]string
	}{
		{"BAD_cnt_mismatch.edi", CodeBoxes, 0, "2'\nUNT", 16, 1, 2, "CNT", map[string]string{"value": "2", "counted": "1"}},
		{"BAD_container_check_digit.edi", CodeCheckDigit, 0, "QZZU4001742:", 8, 2, 1, "EQD", map[string]string{"value": "QZZU4001742"}},
		{"BAD_dangling_release.edi", CodeDangling, 22, "", 0, 2, 1, "UNZ", nil},
		{"BAD_decimal_mark_mixed.edi", CodeDecimal, 19, "1,234.5~", 8, 3, 2, "MEA", map[string]string{"id": "6314", "value": "1,234.5"}},
		{"BAD_duplicate_message_ref.edi", CodeDuplicate, 26, "GT0001+CODECO", 1, 1, 1, "UNH", map[string]string{"value": "GT0001"}},
		{"BAD_element_too_long.edi", CodeTooLong, 39, "GOUT9999", 2, 2, 1, "BGM", map[string]string{"id": "1004", "limit": "35", "length": "44"}},
		{"BAD_group_and_message_mixed.edi", CodeMixed, 30, "UNH+PN2", 1, 0, 0, "UNH", nil},
		{"BAD_lowercase_in_unoa.edi", CodeCharacter, 21, "z Haulage", 15, 5, 4, "TDT", map[string]string{"value": "z", "charset": "UNOA"}},
		{"BAD_missing_mandatory_group.edi", CodeMissing, 13, "CNT+16", 5, 0, 0, "CNT", map[string]string{"expected": "EQD (SG10)"}},
		{"BAD_truncated.edi", CodeEndsEarly, 13, "", 7, 2, 1, "NAD", nil},
		{"BAD_unt_count.edi", CodeCount, 29, "16+GT0001", 17, 1, 1, "UNT", map[string]string{"value": "16", "counted": "17"}},
		{"BAD_unt_reference.edi", CodeReference, 28, "GT0009'", 17, 2, 1, "UNT", map[string]string{"value": "GT0009", "expected": "GT0001"}},
		{"BAD_unz_count.edi", CodeCount, 29, "2+T2611242", 0, 1, 1, "UNZ", map[string]string{"value": "2", "counted": "1"}},
		{"BAD_unz_reference.edi", CodeReference, 28, "T2611243'", 0, 2, 1, "UNZ", map[string]string{"value": "T2611243", "expected": "T2611242"}},
		{"BAD_wrong_order.edi", CodePosition, 15, "EQD+CN", 3, 0, 0, "EQD", map[string]string{"expected": "NAD"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			at := len(data)
			if c.text != "" {
				at = strings.LastIndex(string(data), c.text)
			}
			want := found(true, c.code)
			want.Error, want.Offset, want.Segment, want.Tag, want.Element, want.Component, want.Args = c.error, int64(at), c.segment, c.tag, c.element, c.component, c.args
			list := findings(Parse(data, Options{Strict: true}))
			for _, f := range list {
				f.Repetition = 0
				if cmp.Equal(want, f) {
					return
				}
			}
			t.Errorf("not found:\n%sbut:\n%s", told([]Finding{want}), told(list))
		})
	}
}
