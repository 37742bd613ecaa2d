package scripts_test

import (
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // for sql
)

// lineenv sets a variable to a word of stdout: lineenv VAR LINE WORD, both from 1.
func cmdLineEnv(ts *testscript.TestScript, neg bool, args []string) {
	var line, word int
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lineenv VAR LINE WORD")
	}
	_, err := fmt.Sscan(args[1]+" "+args[2], &line, &word)
	ts.Check(err)
	lines := strings.Split(ts.ReadFile("stdout"), "\n")
	if line > len(lines) || word > len(strings.Fields(lines[line-1])) {
		ts.Fatalf("stdout has no line %d with a word %d", line, word)
	}
	ts.Setenv(args[0], strings.Fields(lines[line-1])[word-1])
}

// freeport sets a variable to a port that nobody listens on now. The script
// that needs it must know an address before the process that serves it.
func cmdFreePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport VAR")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], port)
}

// samples are valid declarations and the client reference in each.
var samples = map[string]struct{ file, reference string }{
	"import": {"valid-01-import-one-line.xml", "EX2026010500000001"},
	"export": {"valid-02-export.xml", "EX2026010500000002"},
}

// sample writes a valid declaration: sample import|export REFERENCE FILE.
func cmdSample(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: sample import|export REFERENCE FILE")
	}
	s, ok := samples[args[0]]
	if !ok {
		ts.Fatalf("no sample %s", args[0])
	}
	text := ts.ReadFile(filepath.Join(ts.Getenv("SAMPLES"), s.file))
	if strings.Count(text, s.reference) != 1 {
		ts.Fatalf("%s does not hold its reference %s once", s.file, s.reference)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Replace(text, s.reference, args[1], 1)), 0o600))
}

// sql changes an embedded database behind the program's back and fails when
// no row was changed.
func cmdSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	res, err := db.Exec(args[1])
	ts.Check(err)
	n, err := res.RowsAffected()
	ts.Check(err)
	if n == 0 {
		ts.Fatalf("no row was changed")
	}
}

// mode fails unless a file has these permissions: mode 0600 FILE.
func cmdMode(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: mode OCTAL FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%#o", info.Mode().Perm()); (got == args[0]) == neg {
		ts.Fatalf("%s has mode %s", args[1], got)
	}
}

// expand replaces $NAME in a file by the script's variables: expand FILE.
func cmdExpand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
