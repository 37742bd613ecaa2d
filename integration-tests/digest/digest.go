package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// event is one line of go test -json; see go doc test2json.
type event struct {
	Action, Package, Test, Output, ImportPath string
}

// summary is what the events amount to.
type summary struct {
	tests   int      // that passed, failed or were skipped
	failed  []string // packages and tests
	skipped []string // package, test and reason
}

// verdict says why the run is not good, or nothing.
func (s *summary) verdict(strict bool) string {
	switch {
	case len(s.failed) > 0:
		return fmt.Sprintf("FAILED: %s", strings.Join(s.failed, ", "))
	case s.tests == 0:
		return "FAILED: no test was run"
	case strict && len(s.skipped) > 0:
		return fmt.Sprintf("FAILED: %d skipped, and nothing may be", len(s.skipped))
	}
	return ""
}

// reader keeps the output of each test until it is known whether it matters.
type reader struct {
	out    *bufio.Writer
	sum    summary
	output map[string][]string // by package and test
}

// digest reads events to the end and writes what people need to see. A line
// that is no event (a tool that speaks in between) is passed on.
func digest(in io.Reader, out io.Writer) (summary, error) {
	r := reader{out: bufio.NewWriter(out), output: make(map[string][]string)}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if flushErr := r.out.Flush(); flushErr != nil {
			return r.sum, fmt.Errorf("write digest: %w", flushErr)
		}
		if errors.Is(err, io.EOF) {
			return r.sum, nil
		}
		if err != nil {
			return r.sum, fmt.Errorf("read events: %w", err)
		}
	}
}

// write leaves its error to Flush, which repeats it.
func (r *reader) write(s string) {
	r.out.WriteString(s) //nolint:errcheck // bufio.Writer keeps the first error for Flush
}

func (r *reader) line(line string) {
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil || e.Action == "" {
		r.write(line)
		return
	}
	id := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		r.write(e.Output)
	case "build-fail":
		r.sum.failed = append(r.sum.failed, e.ImportPath+" (build)")
	case "output":
		r.output[id] = append(r.output[id], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.pack(e)
		} else {
			r.test(e, r.output[id])
		}
		delete(r.output, id)
	}
}

func (r *reader) test(e event, output []string) {
	r.sum.tests++
	switch e.Action {
	case "fail":
		r.sum.failed = append(r.sum.failed, e.Package+" "+e.Test)
		r.write(strings.Join(output, ""))
	case "skip":
		line := fmt.Sprintf("SKIP\t%s %s: %s", e.Package, e.Test, reason(output))
		r.sum.skipped = append(r.sum.skipped, line)
		r.write(line + "\n")
	}
}

// pack ends a package: its own last line when it passed, all that it said
// outside its tests (a panic, a failed TestMain, a time-out) when it did not.
func (r *reader) pack(e event) {
	output := r.output[e.Package+" "]
	if e.Action == "fail" {
		r.sum.failed = append(r.sum.failed, e.Package)
		r.unfinished(e.Package)
		r.write(strings.Join(output, ""))
		return
	}
	for _, line := range output {
		if strings.HasPrefix(line, "ok ") {
			r.write(line)
		}
	}
}

// unfinished shows the output of tests that a package took down with it.
func (r *reader) unfinished(pack string) {
	for id, output := range r.output {
		if strings.HasPrefix(id, pack+" ") && id != pack+" " {
			r.write(strings.Join(output, ""))
			delete(r.output, id)
		}
	}
}

// reason is what a skipped test said, without the frame that go test puts around it.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
			said = append(said, line)
		}
	}
	return strings.Join(said, " ")
}
