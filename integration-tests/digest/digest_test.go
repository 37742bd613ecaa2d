package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines makes a stream of events.
func lines(l ...string) string { return strings.Join(l, "\n") + "\n" }

const (
	passTest  = `{"Action":"pass","Package":"kouan/x","Test":"TestA","Elapsed":0.1}`
	okLine    = `{"Action":"output","Package":"kouan/x","Output":"ok  \tkouan/x\t0.1s\n"}`
	passPack  = `{"Action":"pass","Package":"kouan/x","Elapsed":0.1}`
	okPrinted = "ok  \tkouan/x\t0.1s\n"
)

func TestDigest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, out, verdict, strict string
	}{
		{"a package that passes is one line", lines(
			`{"Action":"run","Package":"kouan/x","Test":"TestA"}`,
			`{"Action":"output","Package":"kouan/x","Test":"TestA","Output":"chatter\n"}`,
			passTest, okLine, passPack), okPrinted, "", ""},
		{"a failed test shows all it said", lines(
			`{"Action":"output","Package":"kouan/x","Test":"TestA","Output":"    x_test.go:1: want 1, got 2\n"}`,
			`{"Action":"output","Package":"kouan/x","Test":"TestA","Output":"--- FAIL: TestA (0.00s)\n"}`,
			`{"Action":"fail","Package":"kouan/x","Test":"TestA"}`,
			`{"Action":"output","Package":"kouan/x","Output":"FAIL\tkouan/x\t0.1s\n"}`,
			`{"Action":"fail","Package":"kouan/x"}`),
			"    x_test.go:1: want 1, got 2\n--- FAIL: TestA (0.00s)\nFAIL\tkouan/x\t0.1s\n",
			"FAILED: kouan/x TestA, kouan/x", "FAILED: kouan/x TestA, kouan/x"},
		{"a skipped test is named with its reason, and fails when nothing may be skipped", lines(
			`{"Action":"output","Package":"kouan/x","Test":"TestB","Output":"=== RUN   TestB\n"}`,
			`{"Action":"output","Package":"kouan/x","Test":"TestB","Output":"    x_test.go:3: SKIPPED, no database\n"}`,
			`{"Action":"output","Package":"kouan/x","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}`,
			`{"Action":"skip","Package":"kouan/x","Test":"TestB"}`,
			okLine, passPack),
			"SKIP\tkouan/x TestB: x_test.go:3: SKIPPED, no database\n" + okPrinted,
			"", "FAILED: 1 skipped, and nothing may be"},
		{"a package without tests is not a skipped test", lines(
			`{"Action":"output","Package":"kouan/y","Output":"?   \tkouan/y\t[no test files]\n"}`,
			`{"Action":"skip","Package":"kouan/y"}`,
			passTest, okLine, passPack), okPrinted, "", ""},
		{"a panic takes the running test down and shows it", lines(
			`{"Action":"output","Package":"kouan/x","Test":"TestA","Output":"before the panic\n"}`,
			`{"Action":"output","Package":"kouan/x","Output":"panic: boom\n"}`,
			`{"Action":"fail","Package":"kouan/x"}`),
			"before the panic\npanic: boom\n", "FAILED: kouan/x", "FAILED: kouan/x"},
		{"what does not compile is a failure", lines(
			`{"ImportPath":"kouan/x","Action":"build-output","Output":"x.go:1:1: syntax error\n"}`,
			`{"ImportPath":"kouan/x","Action":"build-fail"}`,
			passTest), "x.go:1:1: syntax error\n", "FAILED: kouan/x (build)", "FAILED: kouan/x (build)"},
		{"no test at all is a failure", "", "", "FAILED: no test was run", "FAILED: no test was run"},
		{"other lines are passed on", lines("go: downloading x", passTest, okLine, passPack), "go: downloading x\n" + okPrinted, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			sum, err := digest(strings.NewReader(c.in), &out)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{out.String(), sum.verdict(false), sum.verdict(true)}
			if diff := cmp.Diff([]string{c.out, c.verdict, c.strict}, got); diff != "" {
				t.Errorf("output, verdict, strict verdict (-want +got)\n%s", diff)
			}
		})
	}
}

func TestNoteAddsToTheFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "skips")
	for _, line := range []string{"one", "two"} {
		if err := note(name, []string{line}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("one\ntwo\n", string(got)); diff != "" {
		t.Errorf("file (-want +got)\n%s", diff)
	}
}
