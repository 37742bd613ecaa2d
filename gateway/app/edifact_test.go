package app

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/i18n"
	"kouan/port-adapters/edifact"
)

const edifactSamples = "../../port-adapters/edifact/testdata"

// edifactRun is a command on standard input, or on the files in args.
func edifactRun(t *testing.T, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), append([]string{"edifact"}, args...), nil, strings.NewReader(in), &o, &e)
	return o.String(), e.String(), code
}

// expectedVerdict reads a column of the index, which is written for people.
func expectedVerdict(t *testing.T, s string) edifact.Verdict {
	t.Helper()
	switch {
	case s == "reject second message": // the first one stands
		return edifact.AcceptWithFindings
	case strings.HasPrefix(s, "accept with finding"), strings.HasPrefix(s, "APERAK finding"):
		return edifact.AcceptWithFindings
	case s == "accept":
		return edifact.Accept
	case strings.HasPrefix(s, "reject"):
		return edifact.Reject
	}
	t.Fatalf("the index says %q", s)
	return ""
}

func TestEdifactCheckSaysOfTheSamplesWhatTheIndexSays(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(edifactSamples, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 30 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		file, strict, tolerant := row[column("file")], row[column("expected_strict")], row[column("expected_tolerant")]
		for _, reading := range []string{"--tolerant=false", "--tolerant"} {
			out, errs, code := edifactRun(t, "", "check", "--json", reading, filepath.Join(edifactSamples, file))
			var got edifactFile
			if err := json.Unmarshal([]byte(out), &got); err != nil || len(got.Interchanges) != 1 {
				t.Fatalf("%s: %v\n%s%s", file, err, out, errs)
			}
			ic := got.Interchanges[0]
			want := edifactVerdicts{Strict: expectedVerdict(t, strict), Tolerant: expectedVerdict(t, tolerant)}
			if ic.Strict != want.Strict || ic.Tolerant != want.Tolerant {
				t.Errorf("%s: %s and %s, want %q and %q", file, ic.Strict, ic.Tolerant, strict, tolerant)
			}
			asked := ic.Strict
			if reading == "--tolerant" {
				asked = ic.Tolerant
			}
			faults := len(ic.Faults)
			for _, m := range ic.Messages {
				faults += len(m.Faults)
			}
			if wrong := asked == edifact.Reject; wrong != (code == exitFailed) || wrong == got.OK || (asked != edifact.Accept) != (faults > 0) {
				t.Errorf("%s %s: %s, exit %d, ok %v, %d faults", file, reading, asked, code, got.OK, faults)
			}
		}
	}
}

func TestEdifactCheckNeedsAnInterchange(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", " \r\n", "GIF89a", "<DecMessage/>"} {
		out, errs, code := edifactRun(t, in, "check", "--tolerant", "--json", "-")
		if code != exitFailed || !strings.Contains(out, `"ok":false`) || !strings.Contains(out, edifact.CodeNoHeader) {
			t.Errorf("check of %q: exit %d\n%s%s", in, code, out, errs)
		}
		out, errs, code = edifactRun(t, in, "describe", "--tolerant", "-")
		if code != exitFailed || !strings.Contains(out+errs, edifact.CodeNoHeader) {
			t.Errorf("describe of %q: exit %d\n%s%s", in, code, out, errs)
		}
	}
	if faults := unreadable(make([]byte, maxDocument+1)); len(faults) != 1 || faults[0].Args["limit"] != "67108864" {
		t.Errorf("a file above the limit: %v", faults)
	}
	if faults := unreadable(make([]byte, maxDocument)); faults != nil {
		t.Errorf("a file at the limit: %v", faults)
	}
}

// A sender must not be able to write on the terminal of whoever looks.
func TestEdifactOutputKeepsTheTerminalAsItIs(t *testing.T) {
	t.Parallel()
	in := "UNB+UNOC:3+A+B+261124:2203+\x1b[31mX'UNH+\x1b]0;1+CO\x1bDECO:D:00B:UN'Q\x1bQ+\x1b[2J'UNT+3+9'UNZ+1+1'"
	for _, args := range [][]string{{"check", "-"}, {"check", "--tolerant", "-"}, {"describe", "-"}, {"describe", "--tolerant", "-"}} {
		out, errs, code := edifactRun(t, in, args...)
		if code != exitFailed || strings.ContainsRune(out+errs, '\x1b') || out == "" {
			t.Errorf("%v: exit %d\n%q%q", args, code, out, errs)
		}
	}
}

func TestEdifactTableIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(edifactSamples, "BAD_element_too_long.edi")
	for _, lang := range i18n.Languages() {
		out, _, code := edifactRun(t, "", "check", "--lang", string(lang), file)
		p := i18n.For(lang)
		lines := strings.Split(out, "\n")
		if code != exitFailed || len(lines) != 4 || !strings.HasPrefix(lines[1], file+"  GT0001 CODECO D.00B  "+p.Text("cli.edifact.reject", nil)) {
			t.Errorf("%s: exit %d\n%s", lang, code, out)
		}
		for _, want := range []string{p.Text("cli.edifact.accept_with_findings", nil), "3:8 EDI-1031 GT0001/2/BGM/2:1 " + p.Fault("EDI-1031", nil)[:4]} {
			if !strings.Contains(lines[1], want) {
				t.Errorf("%s without %q:\n%s", lang, want, out)
			}
		}
		if strings.Contains(out, "cli.") {
			t.Errorf("%s has a key:\n%s", lang, out)
		}
	}
}

func TestPairUpDropsNothing(t *testing.T) {
	t.Parallel()
	list := func(offsets ...int64) []*int64 {
		var out []*int64
		for _, o := range offsets {
			out = append(out, &o)
		}
		return out
	}
	var got []string
	for _, p := range pairUp(list(1, 5), list(5, 3), func(o *int64) int64 { return *o }) {
		side := ""
		if p.strict != nil {
			side += "s"
		}
		if p.tolerant != nil {
			side += "t"
		}
		got = append(got, side)
	}
	if want := []string{"s", "t", "st"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWorstIsTheWorst(t *testing.T) {
	t.Parallel()
	for i, better := range verdicts {
		for _, w := range verdicts[i:] {
			if worst(better, w) != w || worst(w, better) != w {
				t.Errorf("%s and %s: %s", better, w, worst(better, w))
			}
		}
		if stands(better) != (i < 2) {
			t.Errorf("%s stands: %v", better, stands(better))
		}
	}
}
