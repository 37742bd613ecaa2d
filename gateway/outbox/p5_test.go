//go:build !race

package outbox_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kouan/gateway/outbox"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

const p5Receivers, p5Dead = 50, "endpoint:r00"

// p5Answer is the time that a receiver takes: one on the other side of a
// port's network. What is measured is what he sees, from the commit to his
// answer's end; with receivers that take no time it would be the noise of the
// machine that is compared.
const p5Answer = 10 * time.Millisecond

// P5, not under the race detector, which makes the parts of the program slower
// by different amounts: one dead receiver among 50 does not raise the others' p99 by more than
// a tenth, also with thousands of its items waiting. The machine may be busy
// with other things: two gateways, one with and one without a dead receiver,
// take turns, and the medians of the p99 of their rounds are compared. More
// rounds are run until the answer is yes or patience ends.
func TestOneDeadReceiverAmong50DoesNotSlowTheOthers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	const backlog, fewest, most = 5000, 5, 25
	well, ill := newP5(t, false), newP5(t, true)
	defer run(t, well.engine)()
	defer run(t, ill.engine)()
	ill.pile(t, backlog)
	well.round(t) // connections, statements, lanes
	ill.round(t)
	ill.settle(t)
	var with, without []time.Duration
	ratio := 0.0
	for len(with) < most {
		without, with = append(without, well.round(t)), append(with, ill.round(t))
		ratio = float64(median(with)) / float64(median(without))
		if len(with) >= fewest && ratio <= 1.1 {
			break
		}
	}
	t.Logf("p99 %s with a dead one, %s without, ratio %.2f after %d rounds each", median(with), median(without), ratio, len(with))
	if ratio > 1.1 {
		t.Errorf("a dead receiver raised the others' p99 to %.2f of what it was, want at most 1.1", ratio)
	}
	rows, err := ill.store.Breakers(t.Context())
	if err != nil || len(rows) != 1 || rows[0].Receiver != p5Dead {
		t.Errorf("down: %+v, %v, want the dead one", rows, err)
	}
	ledger, err := ill.store.Ledger(t.Context())
	if err != nil || ledger.Difference() != 0 || ledger.Waiting+ledger.Sending < backlog {
		t.Errorf("ledger %+v, %v, want the dead one's items waiting", ledger, err)
	}
}

// p5 is a gateway and the clocks of what it delivers.
type p5 struct {
	store  *store.Store
	engine *outbox.Engine
	ill    bool

	mu      sync.Mutex
	arrived map[string]time.Time
}

func newP5(t *testing.T, ill bool) *p5 {
	t.Helper()
	p := &p5{store: open(t), ill: ill, arrived: map[string]time.Time{}}
	p.engine = &outbox.Engine{Store: p.store, Desk: clerk{p.store}, Owner: "a", DeliverTimeout: 300 * time.Millisecond,
		Resolve: func(string) (portadapters.Adapter, bool) { return p, true }}
	return p
}

// Deliver takes p5Answer; the dead receiver says nothing at all.
func (p *p5) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	if p.ill && m.Receiver == p5Dead {
		<-ctx.Done()
		return portadapters.Receipt{}, fmt.Errorf("read answer: %w: %w", portadapters.ErrUnknown, ctx.Err())
	}
	time.Sleep(p5Answer)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived[m.ID] = time.Now()
	return portadapters.Receipt{}, nil
}

func (p *p5) push(receiver, subject string) store.Push {
	return store.Push{ID: uuid.Must(uuid.NewV7()).String(), Tenant: "p", About: "d", Receiver: receiver, Subject: subject, Kind: "x",
		ContentType: "application/json", Head: []byte(`{"sequence":`), Tail: []byte("}" + strings.Repeat(" ", 500)), At: time.Now().UnixMilli()}
}

func (p *p5) pile(t *testing.T, n int) {
	t.Helper()
	for at := 0; at < n; {
		var c store.Change
		for ; at < n && len(c.Pushes) < 250; at++ {
			c.Pushes = append(c.Pushes, p.push(p5Dead, fmt.Sprint("declaration/", at)))
		}
		if err := p.store.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
}

// settle waits until the engine has put the pile out of the way.
func (p *p5) settle(t *testing.T) {
	t.Helper()
	for range 600 {
		leases, err := p.store.Lease(t.Context(), "a", 15*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		due, err := p.store.Overdue(t.Context(), leases, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if due < 300 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("what waits for the dead receiver is in the way of all others for a minute")
}

// round sends 6 messages to each receiver, 200 a second, and returns the p99
// from commit to arrival over all but the dead one.
func (p *p5) round(t *testing.T) time.Duration {
	t.Helper()
	committed := map[string]time.Time{}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n := range 6 * p5Receivers {
		<-tick.C
		m := p.push(fmt.Sprintf("endpoint:r%02d", n%p5Receivers), fmt.Sprint("declaration/", n))
		if err := p.store.Commit(t.Context(), store.Change{Pushes: []store.Push{m}}); err != nil {
			t.Fatal(err)
		}
		if m.Receiver != p5Dead {
			committed[m.ID] = time.Now()
		}
		p.engine.Wake()
	}
	var all []time.Duration
	for id, at := range committed {
		all = append(all, max(0, p.waitFor(t, id).Sub(at)))
	}
	slices.Sort(all)
	return all[len(all)*99/100]
}

func (p *p5) waitFor(t *testing.T, id string) time.Time {
	t.Helper()
	for range 20_000 {
		p.mu.Lock()
		at, ok := p.arrived[id]
		p.mu.Unlock()
		if ok {
			return at
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s did not arrive within 20 s", id)
	return time.Time{}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
