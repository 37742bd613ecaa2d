package kill9

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// The same for what follows a declaration: sheets, facts, amendments,
// decisions, completions and cancellations are cut at random moments, asked
// again with the same words, and stand once.

func TestKilledGatewayKeepsWhatFollowsOnSQLite(t *testing.T) {
	t.Parallel()
	follow(t, program.SQLite(t))
}

func TestKilledGatewayKeepsWhatFollowsOnMariaDB(t *testing.T) {
	t.Parallel()
	follow(t, program.MariaDB(t))
}

// In each cycle so much is under way when the gateway is killed.
const (
	perKind = 6  // declarations to amend, to complete, to cancel
	perFact = 10 // facts about each of them
	perFile = 80 // rows of a sheet
)

// act is a request that may be sent again: do returns what names its result.
// first is what was acknowledged; empty when the answer was cut off.
type act struct {
	name  string
	do    func(ctx context.Context) (string, error)
	first string
	tried bool
}

// stage is what one cycle did.
type stage struct {
	chains                         [][]*act          // each in order, all at the same time
	amend, complete, cancel, sheet map[string]string // reference: id
}

func follow(t *testing.T, database string) {
	ctx := t.Context()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 10))
	customs := program.Sandbox(t, &sandbox.Customs{Silent: true, Seed: seed})
	d := program.New(t, database, customs)
	carrier, err := d.Partner(ctx, "carrier")
	if err != nil {
		t.Fatal(err)
	}
	var last *stage
	cut, done, messages := 0, 0, map[string]int{}
	n := max(2, cycles(t)/5)
	for cycle := range n {
		p := d.MustServe(t, "gateway", "")
		if last != nil {
			last.again(ctx, t)
			last.stands(ctx, t, d, messages)
		}
		last = prepare(ctx, t, d, carrier, cycle)
		c, a := last.cut(ctx, p, time.Duration(30+rng.IntN(700))*time.Millisecond)
		cut, done = cut+c, done+a
		if t.Failed() {
			t.FailNow()
		}
	}
	p := d.MustServe(t, "gateway", "")
	last.again(ctx, t)
	last.stands(ctx, t, d, messages)
	if err := d.Settled(ctx, 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
	arrived(t, customs.Customs, messages)
	t.Logf("kill -9: %d cycles, %d acts acknowledged before a kill, %d cut off by one", n, done, cut)
	if done < n || cut == 0 {
		t.Errorf("%d acknowledged, %d cut in %d cycles: the test did not test", done, cut, n)
	}
}

// prepare makes the declarations of a cycle, in peace, and plans what is done to them.
func prepare(ctx context.Context, t *testing.T, d *program.Deployment, carrier string, cycle int) *stage {
	t.Helper()
	base := "http://" + d.Addr
	s := &stage{amend: map[string]string{}, complete: map[string]string{}, cancel: map[string]string{}, sheet: map[string]string{}}
	standing := func(kind, step, channel string, k, i int, into map[string]string) (ref, id string) {
		ref = fmt.Sprintf("F%s%03d%03d", kind, cycle, i)
		id, err := d.Standing(ctx, base, ref, step, cycle*1000+k*100+i, channel)
		if err != nil {
			t.Fatal(err)
		}
		into[ref] = id
		return ref, id
	}
	for i := range perKind {
		ref, id := standing("A", program.Plain, "J", 0, i, s.amend)
		amend := &act{name: "amend " + ref, do: func(ctx context.Context) (string, error) {
			return d.Asked(ctx, base, id, "amendments?reason=voyage", "amend-"+ref, program.Amended(ref, "027E"))
		}}
		s.chains = append(s.chains, []*act{amend, {name: "decide " + ref, do: func(ctx context.Context) (string, error) {
			return d.Decide(ctx, base, amend.first, "approved")
		}}})
		facts := make([]*act, 0, perFact)
		for j := range perFact {
			body := program.Fact(ref, fmt.Sprintf("%s-%d", ref, j))
			facts = append(facts, &act{name: fmt.Sprintf("fact %d of %s", j, ref), do: func(ctx context.Context) (string, error) {
				return program.Report(ctx, base, carrier, body)
			}})
		}
		s.chains = append(s.chains, facts)

		full, fullID := standing("S", program.Summary, "SpK", 1, i, s.complete)
		s.chains = append(s.chains, []*act{{name: "complete " + full, do: func(ctx context.Context) (string, error) {
			attempt, err := d.Complete(ctx, base, fullID, full, "complete-"+full)
			return fmt.Sprintf("attempt %d", attempt), err
		}}})

		gone, goneID := standing("C", program.Plain, "J", 2, i, s.cancel)
		s.chains = append(s.chains, []*act{{name: "cancel " + gone, do: func(ctx context.Context) (string, error) {
			return d.Asked(ctx, base, goneID, "cancellation", "cancel-"+gone, []byte(`{"reason":"sold"}`))
		}}})
	}
	refs := make([]string, perFile)
	for i := range refs {
		refs[i] = fmt.Sprintf("FU%03d%03d", cycle, i)
		s.sheet[refs[i]] = ""
	}
	sheet, err := program.Sheet(refs)
	if err != nil {
		t.Fatal(err)
	}
	s.chains = append(s.chains, []*act{{name: "upload", do: func(ctx context.Context) (string, error) {
		ids, err := d.Upload(ctx, base, sheet)
		return strings.Join(ids, " "), err
	}}})
	return s
}

// cut runs everything at the same time until the process is killed.
func (s *stage) cut(ctx context.Context, p *program.Process, after time.Duration) (cut, done int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var failed, acknowledged atomic.Int64
	var wg sync.WaitGroup
	for _, chain := range s.chains {
		wg.Go(func() {
			for _, a := range chain {
				a.tried = true
				got, err := a.do(ctx)
				if err != nil {
					failed.Add(1)
					return // killed under our feet: the outcome is unknown to us
				}
				a.first = got
				acknowledged.Add(1)
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
	return int(failed.Load()), int(acknowledged.Load())
}

// again asks everything a second time: what was acknowledged gets the same
// answer, what was cut off is done now.
func (s *stage) again(ctx context.Context, t *testing.T) {
	t.Helper()
	for _, chain := range s.chains {
		for _, a := range chain {
			got, err := a.do(ctx)
			switch {
			case err != nil:
				t.Errorf("%s again (tried %v, acknowledged as %q): %v", a.name, a.tried, a.first, err)
			case a.first != "" && got != a.first:
				t.Errorf("LOST: %s was acknowledged as %.80s, is %.80s now", a.name, a.first, got)
			}
			a.first = got
		}
	}
}

// stands checks that everything is there once.
func (s *stage) stands(ctx context.Context, t *testing.T, d *program.Deployment, messages map[string]int) {
	t.Helper()
	base := "http://" + d.Addr
	entries := func(id string, want map[string]int) {
		got, err := d.Entries(ctx, base, id)
		if err != nil {
			t.Fatal(err)
		}
		for kind, n := range want {
			if got[kind] != n {
				t.Errorf("declaration %s has %d entries %s, want %d: %v", id, got[kind], kind, n, got)
			}
		}
	}
	for ref, id := range s.amend {
		entries(id, map[string]int{"fact_carrier_release": perFact, "amendment_requested": 1, "amendment_approved": 1})
		messages[ref] = 1
	}
	for ref, id := range s.complete {
		entries(id, map[string]int{"completion": 1})
		messages[ref] = 2
	}
	for ref, id := range s.cancel {
		entries(id, map[string]int{"cancellation_requested": 1})
		messages[ref] = 1
	}
	for ref := range s.sheet {
		rows, err := d.Find(ctx, base, ref)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1 {
			t.Errorf("row %s is there %d times", ref, len(rows))
		}
		messages[ref] = 1
	}
}

// arrived: customs saw every declaration once and every completed one a
// second time, behind its summary.
func arrived(t *testing.T, customs *sandbox.Customs, messages map[string]int) {
	t.Helper()
	names := map[string][]string{}
	for _, got := range customs.Deliveries() {
		names[got.ClientReference] = append(names[got.ClientReference], got.FileName)
	}
	for ref, want := range messages {
		got := names[ref]
		if len(got) != want {
			t.Errorf("%s reached customs as %v, want %d messages", ref, got, want)
			continue
		}
		for i, name := range got {
			if !strings.Contains(name, fmt.Sprintf("_t-%d", i+1)) {
				t.Errorf("%s arrived out of order: %v", ref, got)
			}
		}
	}
	for _, v := range customs.Violations() {
		t.Errorf("violation: %+v", v)
	}
}
