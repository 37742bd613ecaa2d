package program

import (
	"context"
	"fmt"
	"os"

	"kouan/integration-tests/mariadb"
	"kouan/port-adapters/sandbox"
)

// TB is what the kit needs of a test.
type TB interface {
	Helper()
	Context() context.Context
	TempDir() string
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

var (
	server   mariadb.Lazy
	buildDir string
)

// Main runs the tests of a binary with one build of the gateway and at most
// one MariaDB for all of them, and returns the exit code.
func Main(m interface{ Run() int }) int {
	dir, err := os.MkdirTemp("", "kouan-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	buildDir = dir
	code := server.Main(m)
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// SQLite is the URL of an embedded database of the test's own.
func SQLite(t TB) string { return "sqlite:" + t.TempDir() + "/kouan.db" }

// Database is what KOUAN_TEST_DB asks for: mysql, or else an embedded one. The
// run script runs the suites that use it once for each.
func Database(t TB) string {
	t.Helper()
	if os.Getenv("KOUAN_TEST_DB") == "mysql" {
		return MariaDB(t)
	}
	return SQLite(t)
}

// MariaDB is the URL of an empty database on the binary's own server. Without
// the server's programs the test is skipped, under KOUAN_STRICT=1 it fails.
func MariaDB(t TB) string {
	t.Helper()
	if err := mariadb.Available(); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("MariaDB: %v", err)
		}
		t.Skipf("MariaDB is not installed: %v", err)
	}
	url, err := server.Database(t.Context())
	if err != nil {
		t.Fatalf("MariaDB: %v", err)
	}
	return url
}

// Sandbox starts a customs that lives as long as the test.
func Sandbox(t TB, customs *sandbox.Customs) *sandbox.Sandbox {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s, err := sandbox.Run(ctx, sandbox.Config{Customs: customs})
	if err != nil {
		cancel()
		t.Fatalf("sandbox: %v", err)
	}
	t.Cleanup(func() { cancel(); s.Wait() })
	return s
}

// Terminal starts a terminal that lives as long as the test. Its answers wait
// until Gateway.To tells where they go.
func Terminal(t TB, cfg sandbox.TerminalConfig) *sandbox.RunningTerminal {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	r, err := sandbox.RunTerminal(ctx, cfg)
	if err != nil {
		cancel()
		t.Fatalf("sandbox terminal: %v", err)
	}
	t.Cleanup(func() { cancel(); r.Wait() })
	return r
}

// New deploys a gateway on the database, with the sandbox as its customs and
// the receipts coming back.
func New(t TB, database string, customs *sandbox.Sandbox) *Deployment {
	t.Helper()
	g, err := Build(t.Context(), buildDir)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d, err := Deploy(t.Context(), g, t.TempDir(), database, customs.URL)
	if err != nil {
		t.Fatalf("deploy: %v", err)
	}
	if err := customs.Callback.To("http://"+d.Addr+"/api/v1/receipts", d.Customs); err != nil {
		t.Fatalf("callback: %v", err)
	}
	return d
}

// MustServe starts the gateway; it is killed at the end of the test should it still run.
func (d *Deployment) MustServe(t TB, name, addr string) *Process {
	t.Helper()
	p, err := d.Serve(t.Context(), name, addr)
	if err != nil {
		t.Fatalf("serve: %v", err)
	}
	t.Cleanup(func() {
		select {
		case <-p.exited:
		default:
			if err := p.Kill(); err != nil {
				t.Errorf("%v", err)
			}
		}
	})
	return p
}
