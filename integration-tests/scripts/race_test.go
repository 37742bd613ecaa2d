package scripts_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

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
