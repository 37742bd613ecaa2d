package describe_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
	"kouan/i18n"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/edifact/describe"
	"kouan/port-adapters/edifact/directory"
)

var update = flag.Bool("update", false, "write the goldens anew")

func sample(t *testing.T, path ...string) []byte {
	t.Helper()
	body, err := os.ReadFile(testfacts.Path(t, append([]string{"samples", "edifact"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func described(t *testing.T, lang i18n.Lang, body []byte, options edifact.Options) string {
	t.Helper()
	var out strings.Builder
	if err := describe.Write(&out, i18n.For(lang), edifact.Parse(body, options)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// TestGoldens: one file a message in English, COPARN also in Chinese and Korean.
func TestGoldens(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		file string
		lang i18n.Lang
	}{
		{"COPARN_D00B_booking.edi", i18n.ZhHans},
		{"COPARN_D00B_booking.edi", i18n.Ko},
		{"COPARN_D00B_booking.edi", i18n.En},
		{"APERAK_D00B_reject.edi", i18n.En},
		{"BAPLIE_D95B_SMDG22_arrival.edi", i18n.En},
		{"COARRI_D00B_discharge_report.edi", i18n.En},
		{"CODECO_D00B_gate_out.edi", i18n.En},
		{"COHAOR_D00B_inspection_order.edi", i18n.En},
		{"CONTRL_D3_reject.edi", i18n.En},
		{"COPINO_D00B_truck_pickup.edi", i18n.En},
		{"COPRAR_D00B_loading_order.edi", i18n.En},
		{"COREOR_D00B_release.edi", i18n.En},
		{"COSTOR_D00B_unstuff_for_inspection.edi", i18n.En},
		{"CUSRES_D00B_hold.edi", i18n.En},
		{"IFTSTA_D00B_milestones.edi", i18n.En},
		{"VERMAS_D16A_SMDG10.edi", i18n.En},
		{"SYNTAX_functional_group.edi", i18n.En},
		{"SYNTAX_utf8_v4.edi", i18n.ZhHans},
		{"BAD_element_too_long.edi", i18n.En},
		{"BAD_unz_reference.edi", i18n.En},
	} {
		name := strings.TrimSuffix(row.file, ".edi") + "." + string(row.lang) + ".txt"
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, described(t, row.lang, sample(t, "synthetic", row.file), edifact.Options{Strict: true}))
		})
	}
}

// TestNothingIsDropped: every value of every sample stands in its
// description, whatever is wrong with the file.
func TestNothingIsDropped(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"synthetic", "real"} {
		files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "edifact", dir), "*.edi"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no samples in %s: %v", dir, err)
		}
		for _, file := range files {
			all := edifact.Parse(sample(t, dir, filepath.Base(file)), edifact.Options{})
			segments, findings := 0, 0
			for _, ic := range all {
				lines := slices.Collect(describe.Lines(i18n.For(i18n.Ru), ic))
				for _, m := range ic.Messages {
					findings += len(m.Findings)
					for i := range m.Segments {
						segments++
						want := values(&m.Segments[i])
						if !slices.ContainsFunc(lines, func(l describe.Line) bool {
							return l.Tag == m.Segments[i].Tag() && l.Number == m.Segments[i].Number() && slices.Equal(want, shown(l))
						}) {
							t.Errorf("%s: segment %d %s is not there with %q", filepath.Base(file), i+1, m.Segments[i].Tag(), want)
						}
					}
				}
				findings += len(ic.Findings)
				for _, l := range lines {
					findings -= len(l.Faults)
				}
			}
			if findings != 0 {
				t.Errorf("%s: %d findings more than are shown", filepath.Base(file), findings)
			}
			if segments == 0 && !strings.HasPrefix(filepath.Base(file), "BAD_") {
				t.Errorf("%s: no segments", filepath.Base(file))
			}
		}
	}
}

func values(s *edifact.Segment) []string {
	var out []string
	for e := 1; e <= s.Elements(); e++ {
		for r := 1; r <= s.Repetitions(e); r++ {
			for c := 1; c <= s.Components(e, r); c++ {
				if v := s.At(e, r, c); v != "" {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

func shown(l describe.Line) []string {
	var out []string
	for _, p := range l.Parts {
		out = append(out, p.Value)
	}
	return out
}

// TestEveryNameOfTheDirectoryIsThere: all messages, segments and elements of
// the tables have a text.
func TestEveryNameOfTheDirectoryIsThere(t *testing.T) {
	t.Parallel()
	var keys []string
	add := func(s *directory.Segment) {
		keys = append(keys, "edi.segment."+s.Tag)
		for _, e := range s.Elements {
			for _, c := range e.Components {
				keys = append(keys, "edi.element."+c.ID)
			}
		}
	}
	var walk func(m *directory.Message, nodes []directory.Node)
	walk = func(m *directory.Message, nodes []directory.Node) {
		for _, n := range nodes {
			walk(m, n.Nodes)
			if s, ok := m.Segment(n.Tag); ok {
				add(s)
			}
		}
	}
	for _, m := range directory.Messages() {
		keys = append(keys, "edi.message."+m.Type)
		walk(m, m.Nodes)
	}
	for _, tag := range []string{"UNB", "UNZ", "UNG", "UNE", "UNH", "UNT", "UCI", "UCF", "UCM", "UCS", "UCD"} {
		for _, version := range []string{"1", "2", "3", "4"} {
			s, ok := directory.Service(tag, version)
			if !ok {
				t.Fatalf("no %s in syntax version %s", tag, version)
			}
			add(s)
		}
	}
	if len(keys) < 1000 {
		t.Fatalf("only %d names", len(keys))
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if _, ok := i18n.Placeholders(key); !ok {
			t.Errorf("%s has no text", key)
		}
	}
}

// TestWhatIsUnknown shows what no table knows, at its place.
func TestWhatIsUnknown(t *testing.T) {
	t.Parallel()
	const body = "UNB+UNOA:2+A+B+261123:0900+1'UNH+1+COHAOR:D:00B:UN'BGM+999+N1+77'QQQ+1+2:3'UNT+4+1'UNZ+1+1'"
	got := described(t, i18n.En, []byte(body), edifact.Options{})
	for _, want := range []string{
		"document name code: 999; document number: N1; message function: 77",
		"QQQ unknown segment - data at position 1: 1; data at position 2:1: 2; data at position 2:2: 3",
		"EDI-1024",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// TestRepetitions: syntax version 4 repeats an element; each of its values has
// the name, and what the layout does not allow is shown as well.
func TestRepetitions(t *testing.T) {
	t.Parallel()
	const body = "UNA:+.?*'UNB+UNOC:4+A+B+20261123:0900+1'UNH+1+COHAOR:D:00B:UN'BGM+270+N1+9'RFF+BM:B1*BM:B2'UNT+4+1'UNZ+1+1'"
	got := described(t, i18n.En, []byte(body), edifact.Options{})
	const one = "kind of reference: BM (bill of lading number); reference number: "
	if want := one + "B1; " + one + "B2\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

// TestMarks: what refuses looks different from what only warns.
func TestMarks(t *testing.T) {
	t.Parallel()
	body := sample(t, "synthetic", "BAD_element_too_long.edi")
	for mark, strict := range map[string]bool{"\n      ! EDI-1031 2:1 - ": true, "\n      ~ EDI-1031 2:1 - ": false} {
		if got := described(t, i18n.En, body, edifact.Options{Strict: strict}); strings.Count(got, mark) != 1 {
			t.Errorf("strict %v: %q is not in\n%s", strict, mark, got)
		}
	}
}

// TestWithoutLayout: a message whose structure nobody checked still gets the
// names of its segments, and of elements where its directory is here.
func TestWithoutLayout(t *testing.T) {
	t.Parallel()
	for file, wants := range map[string][]string{
		"CUSCAR_simple.edi":           {"UNH message header", "customs cargo report", "NAD name and address of a party - role of the party: MS (message sender)", "EDI-1022"},
		"IFTSAI_D99B_rotterdam_1.edi": {"schedule and availability information", "LOC place or location - data at position 1: 9", "EDI-1022"},
	} {
		got := described(t, i18n.En, sample(t, "real", file), edifact.Options{})
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in\n%s", file, want, got)
			}
		}
	}
}

func TestDatesAndQuantities(t *testing.T) {
	t.Parallel()
	head := "UNB+UNOA:2+A+B+261123:0900+1'UNH+1+COHAOR:D:00B:UN'BGM+127+N1+9'"
	for _, row := range []struct{ name, segment, want string }{
		{"minute", "DTM+137:202611230915:203'", "value: 202611230915 (2026-11-23 09:15)"},
		{"minute of a short year", "DTM+137:2611230915:201'", "value: 2611230915 (2026-11-23 09:15)"},
		{"day", "DTM+137:20261123:102'", "value: 20261123 (2026-11-23)"},
		{"second", "DTM+137:20261123091501:204'", "(2026-11-23 09:15:01)"},
		{"zone", "DTM+137:202611230915UTC:303'", "(2026-11-23 09:15 UTC)"},
		{"no such day", "DTM+137:202602300915:203'", "value: 202602300915; date format"},
		{"not what the format says", "DTM+137:26:203'", "value: 26; date format"},
		{"no format", "DTM+137:202611230915'", "value: 202611230915\n"},
		{"thousands", "CNT+7:1234567.5'", "control value: 1234567.5 (1,234,567.5)"},
		{"comma", "CNT+7:1234567,5'", "control value: 1234567,5 (1,234,567.5)"},
		{"small", "CNT+16:2'", "control value: 2\n"},
		{"a number that names", "DGS+IMD+3+1263'", "UN number: 1263\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got := described(t, i18n.En, []byte(head+row.segment+"UNT+4+1'UNZ+1+1'"), edifact.Options{})
			if !strings.Contains(got, row.want) {
				t.Errorf("%q is not in\n%s", row.want, got)
			}
		})
	}
}

// TestOneCodeInTwoMessages: 34 is a gate report in CODECO only.
func TestOneCodeInTwoMessages(t *testing.T) {
	t.Parallel()
	body := "UNB+UNOA:2+A+B+261123:0900+1'UNH+1+CODECO:D:00B:UN'BGM+34+N'UNT+3+1'UNH+2+COHAOR:D:00B:UN'BGM+34+N'UNT+3+2'UNZ+2+1'"
	got := described(t, i18n.En, []byte(body), edifact.Options{})
	if strings.Count(got, "34 (gate-in report)") != 1 {
		t.Errorf("34 in CODECO and COHAOR:\n%s", got)
	}
}

// TestFindingsWithoutASegment stand below the last line of their message.
func TestFindingsWithoutASegment(t *testing.T) {
	t.Parallel()
	ic := edifact.Parse(sample(t, "synthetic", "CODECO_D00B_gate_out.edi"), edifact.Options{})[0]
	m := ic.Messages[0]
	m.Findings = append(m.Findings, edifact.Finding{Code: edifact.CodeNoEnd}, edifact.Finding{Code: edifact.CodeLimit, Segment: len(m.Segments) + 1})
	var got []string
	for l := range describe.Lines(i18n.For(i18n.Fr), ic) {
		for _, f := range l.Faults {
			got = append(got, l.Tag+" "+f.Code)
		}
	}
	if want := []string{"UNT EDI-1044", "UNT EDI-1009"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestLinesEndWhereTheyAreLeft: nobody who has seen enough pays for the rest.
func TestLinesEndWhereTheyAreLeft(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"CODECO_D00B_gate_out.edi", "SYNTAX_functional_group.edi", "BAD_truncated.edi"} {
		ic := edifact.Parse(sample(t, "synthetic", file), edifact.Options{})[0]
		all := len(slices.Collect(describe.Lines(i18n.For(i18n.De), ic)))
		for wanted := 1; wanted <= all; wanted++ {
			seen := 0
			for range describe.Lines(i18n.For(i18n.De), ic) {
				if seen++; seen == wanted {
					break
				}
			}
			if seen != wanted {
				t.Errorf("%s: %d of %d lines", file, seen, all)
			}
		}
	}
}

var errGone = errors.New("the reader went away")

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errGone }

func TestAWriterThatGoesAwayIsAnError(t *testing.T) {
	t.Parallel()
	all := edifact.Parse(sample(t, "synthetic", "CODECO_D00B_gate_out.edi"), edifact.Options{})
	if err := describe.Write(gone{}, i18n.For(i18n.En), all); !errors.Is(err, errGone) {
		t.Errorf("got %v", err)
	}
}

var control = regexp.MustCompile(`[\x00-\x09\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]`)

// FuzzDescribe: no panic, one line a segment, nothing that a terminal obeys.
func FuzzDescribe(f *testing.F) {
	f.Add([]byte("UNB+UNOA:2+A+B+261123:0900+1'UNH+1+COHAOR:D:00B:UN'BGM+127+N1+9'UNT+3+1'UNZ+1+1'"), false)
	f.Add([]byte("UNB+UNOY:4+A+B+20261123:0900+1'UNG+X+A+B+20261123:0900+1+UN+D:00B'UNH+1+CODECO:D:00B:UN'BGM+34*35+\x1b[2J'UNT+3+1'UNE+1+1'UNZ+1+1'"), true)
	f.Add([]byte("UNH+1+BAPLIE:D:95B:UN'DTM+137:\u202e1:303'"), true)
	f.Fuzz(func(t *testing.T, body []byte, strict bool) {
		all := edifact.Parse(body, edifact.Options{Strict: strict})
		var out strings.Builder
		for _, lang := range i18n.Languages() {
			if err := describe.Write(&out, i18n.For(lang), all); err != nil {
				t.Fatal(err)
			}
		}
		if bad := control.FindString(out.String()); bad != "" {
			t.Errorf("%q in the description of %q", bad, body)
		}
		for _, ic := range all {
			lines, segments := 0, 0
			for l := range describe.Lines(i18n.For(i18n.ZhHans), ic) {
				if l.Number > 0 {
					lines++
				}
			}
			for _, m := range ic.Messages {
				segments += len(m.Segments)
			}
			if lines != segments {
				t.Errorf("%d lines for %d segments of %q", lines, segments, body)
			}
		}
	})
}
