// Command digest reads what go test -json writes and tells a person what
// happened: one line a package, the whole output of what failed, and every
// test that was skipped with its reason.
//
//	go test -json ./... | go run ./integration-tests/digest [--strict] [--skips FILE]
//
// It exits 1 when a test or a package failed, when nothing was tested at all,
// and with --strict when anything was skipped. Skipped tests are also added
// to FILE, one a line.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() { os.Exit(run()) }

func run() int {
	strict := flag.Bool("strict", false, "a skipped test is a failure")
	skips := flag.String("skips", "", "file to add the skipped tests to")
	flag.Parse()
	sum, err := digest(os.Stdin, os.Stdout)
	if err == nil {
		err = note(*skips, sum.skipped)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "digest:", err)
		return 1
	}
	if why := sum.verdict(*strict); why != "" {
		fmt.Println("digest:", why)
		return 1
	}
	return 0
}

// note adds lines to a file; an empty name keeps no note.
func note(name string, lines []string) (err error) {
	if name == "" || len(lines) == 0 {
		return nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("note skipped tests: %w", err)
	}
	for _, line := range lines {
		if _, err = fmt.Fprintln(f, line); err != nil {
			break
		}
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
