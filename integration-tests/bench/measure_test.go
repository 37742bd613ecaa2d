package main

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheLeastOfSeveralRunsCounts(t *testing.T) {
	t.Parallel()
	all := map[string]result{}
	out := bytes.NewBufferString("goos: linux\nBenchmarkWrite-2 \t 10\t 300 ns/op\t 9.5 MB/s\t 20 B/op\t 3 allocs/op\n" +
		"BenchmarkWrite-2 \t 10\t 200.5 ns/op\t 9.5 MB/s\t 24 B/op\t 3 allocs/op\nPASS\n")
	if err := collect(out, "p", all); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]result{"p/Write": {200.5, 20, 3}}, all, cmp.AllowUnexported(result{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := collect(bytes.NewBufferString("BenchmarkWrite-2 10 x ns/op"), "p", all); err == nil {
		t.Error("a line that cannot be read is no error")
	}
}

func TestEveryFloorIsMeasuredWithItsBenchmark(t *testing.T) {
	t.Parallel()
	if got, want := pattern("declarations/wcoxml"), "^Benchmark(Write|WriteFloor|Parse|ParseFloor)$"; got != want {
		t.Errorf("pattern %s, want %s", got, want)
	}
}
