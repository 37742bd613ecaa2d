// Package kill9 proves P1 and P3 from outside: a gateway that is killed at
// random moments loses nothing that it accepted and sends nothing twice under
// another id, on both databases.
package kill9

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

const clients = 8

// cycles is 60 in CI; KOUAN_KILL9_CYCLES makes it a long run.
func cycles(t *testing.T) int {
	t.Helper()
	s := os.Getenv("KOUAN_KILL9_CYCLES")
	if s == "" {
		return 60
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("KOUAN_KILL9_CYCLES: %v", err)
	}
	return n
}

func TestKilledGatewayLosesNothingOnSQLite(t *testing.T) {
	t.Parallel()
	run(t, program.SQLite(t))
}

func TestKilledGatewayLosesNothingOnMariaDB(t *testing.T) {
	t.Parallel()
	run(t, program.MariaDB(t))
}

// witness is what the clients know: every reference that was sent, and the id
// of each one that was accepted.
type witness struct {
	sync.Mutex
	sent     map[string]bool
	accepted map[string]string
}

func run(t *testing.T, database string) {
	ctx := t.Context()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 9))
	customs := program.Sandbox(t, &sandbox.Customs{Seed: seed, Delay: 20 * time.Millisecond})
	d := program.New(t, database, customs)
	w := &witness{sent: map[string]bool{}, accepted: map[string]string{}}
	last := map[string]string{} // accepted in the cycle before
	n := cycles(t)
	var restart time.Duration
	for cycle := range n {
		began := time.Now()
		p := d.MustServe(t, "gateway", "")
		restart += time.Since(began)
		mustHold(t, d, last)
		last = load(ctx, d, w, cycle, p, time.Duration(30+rng.IntN(300))*time.Millisecond)
		if t.Failed() {
			t.FailNow()
		}
	}
	p := d.MustServe(t, "gateway", "")
	mustHold(t, d, w.accepted)
	if err := d.Settled(ctx, 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
	doubled := onceByID(t, customs.Customs, w)
	t.Logf("kill -9: %d cycles, %d sent, %d accepted, %d messages at customs, %d delivered again under the same id, mean restart %s",
		n, len(w.sent), len(w.accepted), len(customs.Customs.Deliveries()), doubled, (restart / time.Duration(n)).Round(time.Millisecond))
	if len(w.accepted) < n {
		t.Errorf("only %d accepted in %d cycles: the test did not test", len(w.accepted), n)
	}
}

// load lets the clients submit until the process is killed after a while.
func load(ctx context.Context, d *program.Deployment, w *witness, cycle int, p *program.Process, after time.Duration) map[string]string {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mine := map[string]string{}
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				ref := fmt.Sprintf("K%03d%02d%06d", cycle, c, i)
				w.Lock()
				w.sent[ref] = true
				w.Unlock()
				id, err := d.Submit(ctx, "http://"+d.Addr, ref)
				if err != nil {
					continue // killed under our feet: the outcome is unknown to us
				}
				w.Lock()
				w.accepted[ref], mine[ref] = id, id
				w.Unlock()
			}
		})
	}
	time.Sleep(after)
	err := p.Kill()
	cancel()
	wg.Wait()
	if err != nil {
		panic(err) // a process that cannot be killed makes every later cycle meaningless
	}
	return mine
}

// mustHold asks for every reference by name: the id must be the accepted one.
func mustHold(t *testing.T, d *program.Deployment, accepted map[string]string) {
	t.Helper()
	for ref, id := range accepted {
		rows, err := d.Find(t.Context(), "http://"+d.Addr, ref)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 || rows[0].ID != id {
			t.Errorf("LOST: %s was accepted as %s, now %+v", ref, id, rows)
		}
	}
}

// onceByID checks what customs saw: every accepted reference under exactly
// one message id, nothing that nobody sent, no id with other bytes.
func onceByID(t *testing.T, customs *sandbox.Customs, w *witness) (doubled int) {
	t.Helper()
	ids := map[string][]string{}
	for _, got := range customs.Deliveries() {
		ids[got.ClientReference] = append(ids[got.ClientReference], got.MessageID)
		if got.Times > 1 {
			doubled++
		}
	}
	for ref := range w.accepted {
		if len(ids[ref]) != 1 {
			t.Errorf("%s reached customs under %d message ids", ref, len(ids[ref]))
		}
	}
	for ref, list := range ids {
		if !w.sent[ref] || len(list) != 1 {
			t.Errorf("%s: sent %v, message ids %v", ref, w.sent[ref], list)
		}
	}
	for _, v := range customs.Violations() {
		t.Errorf("violation: %+v", v)
	}
	return doubled
}
