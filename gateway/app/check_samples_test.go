package app

import (
	"bufio"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/testfacts"
)

// The command agrees with the index of the samples, file by file: severity,
// code, a line, and an exit code that says whether anything was refused.
func TestCheckAgreesWithEverySample(t *testing.T) {
	t.Parallel()
	dir := testfacts.Path(t, "samples", "decmessage")
	args, want := []string{"check", "--json"}, []string{}
	for _, r := range testfacts.Lines(t, "samples", "decmessage", "index.csv")[1:] { // file, valid, expected_fault, field, note
		args = append(args, filepath.Join(dir, r[0]))
		verdict := r[0] + ":"
		if r[2] != "" {
			severity := map[string]string{"Y": "warn", "N": "reject"}[r[1]]
			verdict += " DEC-0" + r[2][1:] + " " + severity
		}
		want = append(want, verdict)
	}
	code, out, errs := gatewaySays(t, args...)
	if code != exitFailed {
		t.Errorf("exit code %d, want %d: %s", code, exitFailed, errs)
	}
	var got []string
	for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
		var checked struct {
			File   string
			OK     bool
			Faults []struct {
				Code, Severity, Message string
				Line, Column            int
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &checked); err != nil {
			t.Fatal(err)
		}
		verdict, ok := filepath.Base(checked.File)+":", true
		for _, f := range checked.Faults {
			verdict += " " + f.Code + " " + f.Severity
			ok = ok && f.Severity == "warn"
			if f.Line == 0 || f.Column == 0 || strings.Contains(f.Message, "(?)") || strings.Contains(f.Message, "fault.") {
				t.Errorf("%s: %+v, want a place and words", checked.File, f)
			}
		}
		if ok != checked.OK {
			t.Errorf("%s: ok %v with %+v", checked.File, checked.OK, checked.Faults)
		}
		got = append(got, verdict)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 84 {
		t.Errorf("%d files: -want +got\n%s", len(got), diff)
	}
}
