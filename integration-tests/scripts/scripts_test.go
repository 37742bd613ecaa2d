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
	testscript.Main(m, map[string]func(){"gateway": gateway})
}

// gateway does what main does.
func gateway() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	t.Parallel()
	root, err := program.Root()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Deadline:      time.Now().Add(4 * time.Minute),
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAMPLES", filepath.Join(root, "declarations", "customsxml", "testdata"))
			env.Setenv("WCO", filepath.Join(root, "declarations", "wcoxml", "testdata"))
			env.Setenv("LANG", "en_US.UTF-8")
			env.Setenv("LC_ALL", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"http": cmdHTTP, "await": cmdAwait, "jsonenv": cmdJSONEnv, "lineenv": cmdLineEnv, "readyenv": cmdReadyEnv,
			"freeport": cmdFreePort, "sample": cmdSample, "sql": cmdSQL, "mode": cmdMode, "expand": cmdExpand,
		},
	})
}
