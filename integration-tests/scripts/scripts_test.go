// Package scripts_test runs the program as a user does: one script per story,
// in testdata/*.txtar, through the real command line, processes and ports.
//
// Contract: every script starts what it needs on 127.0.0.1 with free ports
// and its own folder; processes are stopped by testscript when a script ends,
// whatever its outcome. The program is this test binary under another name,
// so the race detector and coverage see it. A script that fails prints its
// whole session.
//
// To run one: go test ./integration-tests/scripts -run 'TestScripts/submit'
package scripts_test

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kouan/gateway/app"
	"kouan/integration-tests/program"
)

var update = flag.Bool("update", false, "rewrite the expected files of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"gateway": gateway})
}

// withServer stops the MariaDB that a script may have asked for.
type withServer struct{ m *testing.M }

func (w withServer) Run() int { return program.Main(w.m) }

// gateway does what main does.
func gateway() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, params(t, "testdata", func(*testscript.Env) {}))
}

// TestScriptsOnBothDatabases runs the stories whose tables must behave alike,
// each on a database of its own.
func TestScriptsOnBothDatabases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/both/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for name, database := range map[string]func(program.TB) string{"sqlite": program.SQLite, "mysql": program.MariaDB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, file := range files {
				url := database(t)
				p := params(t, "", func(env *testscript.Env) { env.Setenv("KOUAN_DB", url) })
				p.Files = []string{file}
				testscript.Run(t, p)
			}
		})
	}
}

func params(t *testing.T, dir string, more func(*testscript.Env)) testscript.Params {
	t.Helper()
	root, err := program.Root()
	if err != nil {
		t.Fatal(err)
	}
	return testscript.Params{
		Dir:           dir,
		UpdateScripts: *update,
		Deadline:      time.Now().Add(15 * time.Minute), // of all scripts together, under the race detector, on a busy machine
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", filepath.Join(root, "declarations", "customsxml", "testdata"))
			env.Setenv("EDIFACT", filepath.Join(root, "port-adapters", "edifact", "testdata"))
			env.Setenv("WCO", filepath.Join(root, "declarations", "wcoxml", "testdata"))
			env.Setenv("LANG", "en_US.UTF-8")
			env.Setenv("LC_ALL", "")
			more(env)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"http": cmdHTTP, "await": cmdAwait, "awaitbody": cmdAwaitBody, "jsonenv": cmdJSONEnv, "lineenv": cmdLineEnv, "readyenv": cmdReadyEnv,
			"freeport": cmdFreePort, "sample": cmdSample, "sql": cmdSQL, "mode": cmdMode, "expand": cmdExpand, "race": cmdRace,
		},
	}
}
