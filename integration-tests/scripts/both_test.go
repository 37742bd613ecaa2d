package scripts_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"kouan/integration-tests/program"
)

// kit gives the scripts the one MariaDB of this binary.
type kit struct{ *testing.M }

func (k kit) Run() int { return program.Main(k.M) }

// TestScriptsOnBoth runs the scripts of testdata/both on an embedded database
// and on MariaDB: KOUAN_DB names it.
func TestScriptsOnBoth(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/both/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for name, database := range map[string]func(program.TB) string{"sqlite": program.SQLite, "mariadb": program.MariaDB} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, file := range files {
				url := database(t)
				testscript.Run(t, params(t, func(p *testscript.Params) {
					p.Files = []string{file}
				}, func(env *testscript.Env) { env.Setenv("KOUAN_DB", url) }))
			}
		})
	}
}

// race sends the same request with several bodies at the same time and prints
// the statuses, sorted: race METHOD URL … -body FILE -body FILE …
func cmdRace(ts *testscript.TestScript, neg bool, args []string) {
	var shared, bodies []string
	for i := 0; i < len(args); i++ {
		if args[i] == "-body" && i+1 < len(args) {
			bodies = append(bodies, args[i+1])
			i++
			continue
		}
		shared = append(shared, args[i])
	}
	if neg || len(bodies) < 2 {
		ts.Fatalf("usage: race METHOD URL … -body FILE -body FILE …")
	}
	calls := make([]call, len(bodies))
	for i, b := range bodies {
		calls[i] = parseCall(ts, append(slices.Clone(shared), "-body", b))
	}
	statuses := make([]string, len(calls))
	errs := make([]error, len(calls))
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), within)
			defer cancel()
			var resp *http.Response
			if resp, _, errs[i] = calls[i].do(ctx); errs[i] == nil {
				statuses[i] = fmt.Sprint(resp.StatusCode)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		ts.Check(err)
	}
	slices.Sort(statuses)
	_, err := fmt.Fprintln(ts.Stdout(), strings.Join(statuses, " "))
	ts.Check(err)
}
