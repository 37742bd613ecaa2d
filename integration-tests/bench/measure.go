package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// result is the least that a benchmark took.
type result struct{ ns, bytes, allocs float64 }

// measure runs the benchmarks of one package.
func measure(ctx context.Context, pkg, time string, count int, all map[string]result) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", pattern(pkg), "-benchmem", //nolint:gosec // arguments of this command line
		"-benchtime", time, "-count", strconv.Itoa(count), "kouan/"+pkg)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("benchmarks of %s: %w\n%s", pkg, err, out.Bytes())
	}
	return collect(&out, pkg, all)
}

// collect reads lines such as
//
//	BenchmarkWrite-2   1125   242503 ns/op   91.56 MB/s   98028 B/op   139 allocs/op
func collect(out *bytes.Buffer, pkg string, all map[string]result) error {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		var r result
		for i := 2; i+1 < len(words); i += 2 {
			v, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				return fmt.Errorf("line %q: %w", lines.Text(), err)
			}
			switch words[i+1] {
			case "ns/op":
				r.ns = v
			case "B/op":
				r.bytes = v
			case "allocs/op":
				r.allocs = v
			}
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(words[0], "Benchmark"), "-")
		key := pkg + "/" + name
		if before, known := all[key]; known {
			r = result{min(r.ns, before.ns), min(r.bytes, before.bytes), min(r.allocs, before.allocs)}
		}
		all[key] = r
	}
	return lines.Err()
}
