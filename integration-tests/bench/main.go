// Command bench runs the benchmarks of every format and direction one after
// another and prints one table: the least of several runs, beside its floor
// and its aim.
//
//	go run ./integration-tests/bench [--strict] [--time 200ms] [--count 3]
//
// A floor is a benchmark of the same package on the same message, measured in
// the same run, so a busy machine moves both. Without --strict nothing here is
// a pass or fail. A benchmark whose samples are not there is said to be missing.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"text/tabwriter"
)

func main() {
	var (
		strict = flag.Bool("strict", false, "fail when an aim is missed or a benchmark is missing")
		time   = flag.String("time", "200ms", "time of each run, as go test -benchtime")
		count  = flag.Int("count", 3, "runs of each benchmark; the least counts")
	)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	met, err := run(ctx, *time, *count)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	case *strict && !met:
		os.Exit(1)
	}
}

// run measures everything and reports whether all aims are met.
func run(ctx context.Context, time string, count int) (bool, error) {
	all := map[string]result{}
	for _, pkg := range packages() {
		fmt.Fprintf(os.Stderr, "measuring %s …\n", pkg)
		if err := measure(ctx, pkg, time, count, all); err != nil {
			return false, err
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "benchmark\tns/op\tallocs/op\tB/op\tfloor ns\tratio\taim\tmet\t")
	met := true
	for _, r := range table {
		ok := r.print(w, all)
		met = met && ok
	}
	return met, w.Flush()
}

// print writes one line and reports whether its aim is met; a row without an
// aim always meets it.
func (r *row) print(w *tabwriter.Writer, all map[string]result) bool {
	got, measured := all[r.pkg+"/"+r.bench]
	if !measured {
		fmt.Fprintf(w, "%s\tmissing\t\t\t\t\t%s\tno\t\n", r.name, r.aim())
		return false
	}
	floor, ratio, met := "–", "–", true
	if base, known := all[r.pkg+"/"+r.floor]; known {
		times := got.ns / base.ns
		floor, ratio = strconv.FormatFloat(base.ns, 'f', 0, 64), strconv.FormatFloat(times, 'f', 1, 64)
		met = r.times == 0 || times <= r.times
	} else if r.floor != "" {
		floor, met = "missing", false
	}
	met = met && (r.ns == 0 || got.ns <= r.ns) && (r.allocs < 0 || got.allocs <= r.allocs)
	said := map[bool]string{true: "yes", false: "no"}[met]
	if r.aim() == "–" {
		said = "–"
	}
	fmt.Fprintf(w, "%s\t%.0f\t%.0f\t%.0f\t%s\t%s\t%s\t%s\t\n", r.name, got.ns, got.allocs, got.bytes, floor, ratio, r.aim(), said)
	return met
}
