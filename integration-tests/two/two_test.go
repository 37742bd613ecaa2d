// Package two proves that gateway processes share one database: no message is
// delivered under two leases, order per declaration is kept, and when one
// process is killed the other takes its work over within the lease time.
package two

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// takeover is the lease time of the outbox (15 s) and a margin for a busy machine.
const takeover = 40 * time.Second

func TestTwoProcessesShareOneOutbox(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	customs := program.Sandbox(t, &sandbox.Customs{Delay: 20 * time.Millisecond})
	d := program.New(t, program.MariaDB(t), customs)
	first, second := d.MustServe(t, "first", ""), d.MustServe(t, "second", "127.0.0.1:0")

	accepted := &sync.Map{}
	submit(ctx, t, d, accepted, "A", 300, first.URL, second.URL)
	settled(t, d)
	once(t, customs.Customs, accepted)
	if n := leases(ctx, t, d, first.URL) + leases(ctx, t, d, second.URL); n != 32 {
		t.Errorf("the processes hold %d shards together, want all 32 once", n)
	}
	corrected(ctx, t, d, customs.Customs, first.URL, second.URL)

	go func() {
		time.Sleep(300 * time.Millisecond)
		if err := first.Kill(); err != nil {
			t.Errorf("kill: %v", err)
		}
	}()
	submit(ctx, t, d, accepted, "B", 300, second.URL)
	began := time.Now()
	if err := d.Settled(ctx, takeover); err != nil {
		t.Fatalf("the survivor did not take over: %v", err)
	}
	t.Logf("everything delivered %s after the last submission", time.Since(began).Round(time.Millisecond))
	if err := second.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	for _, v := range customs.Customs.Violations() {
		t.Errorf("violation: %+v", v)
	}
	all(t, customs.Customs, accepted)
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// submit sends n declarations to the bases in turn, eight at a time.
func submit(ctx context.Context, t *testing.T, d *program.Deployment, accepted *sync.Map, prefix string, n int, bases ...string) {
	t.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				ref := fmt.Sprintf("TWO%s%06d", prefix, i)
				id, err := d.Submit(ctx, bases[i%int64(len(bases))], ref)
				if err != nil {
					t.Errorf("submit %s: %v", ref, err)
					continue
				}
				accepted.Store(ref, id)
			}
		})
	}
	wg.Wait()
}

func settled(t *testing.T, d *program.Deployment) {
	t.Helper()
	if err := d.Settled(t.Context(), takeover); err != nil {
		t.Fatal(err)
	}
}

// once: while both processes live, every message is delivered a single time.
func once(t *testing.T, customs *sandbox.Customs, accepted *sync.Map) {
	t.Helper()
	for _, got := range customs.Deliveries() {
		if got.Times != 1 {
			t.Errorf("%s was delivered %d times", got.ClientReference, got.Times)
		}
	}
	all(t, customs, accepted)
}

// all: every accepted reference is at customs under one message id.
func all(t *testing.T, customs *sandbox.Customs, accepted *sync.Map) {
	t.Helper()
	seen := map[string]int{}
	for _, got := range customs.Deliveries() {
		seen[got.ClientReference]++
	}
	accepted.Range(func(ref, _ any) bool {
		if seen[ref.(string)] != 1 {
			t.Errorf("%s is at customs under %d message ids", ref, seen[ref.(string)])
		}
		return true
	})
}

// corrected: attempt after attempt of one declaration arrives in order, also
// when the attempts are handed in at different processes.
func corrected(ctx context.Context, t *testing.T, d *program.Deployment, customs *sandbox.Customs, first, second string) {
	t.Helper()
	for i := range 5 {
		ref := fmt.Sprintf("SBXRET%06d", i)
		if _, err := d.Submit(ctx, first, ref); err != nil {
			t.Fatal(err)
		}
		if err := d.AwaitStatus(ctx, second, ref, "returned", 20*time.Second); err != nil {
			t.Fatal(err)
		}
		if err := d.Correct(ctx, second, ref); err != nil {
			t.Fatal(err)
		}
		if err := d.AwaitStatus(ctx, first, ref, "closed", 20*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	order := map[string][]string{}
	for _, got := range customs.Deliveries() {
		order[got.ClientReference] = append(order[got.ClientReference], got.FileName)
	}
	for i := range 5 {
		ref := fmt.Sprintf("SBXRET%06d", i)
		if names := order[ref]; len(names) != 2 || names[0][:len(names[0])-33] != "I_"+ref+"_t-1" || names[1][:len(names[1])-33] != "I_"+ref+"_t-2" {
			t.Errorf("%s arrived as %v", ref, names)
		}
	}
}

// leases reads how many shards a process says it holds.
func leases(ctx context.Context, t *testing.T, d *program.Deployment, base string) int {
	t.Helper()
	n, err := d.Metric(ctx, base, "kouan_outbox_leases_held")
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}
