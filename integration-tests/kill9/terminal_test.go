package kill9

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// The same for inspection notices: a gateway that is killed while a terminal
// is told and answers loses no order, no answer and no release; each notice is
// told in its order, and no message comes with other bytes under its id.

func TestKilledGatewayKeepsNoticesOnSQLite(t *testing.T) {
	t.Parallel()
	inspect(t, program.SQLite(t))
}

func TestKilledGatewayKeepsNoticesOnMariaDB(t *testing.T) {
	t.Parallel()
	inspect(t, program.MariaDB(t))
}

// notices are under way in each round when the gateway is killed, once while
// they are ordered and once while they are released.
const notices = 20

func inspect(t *testing.T, database string) {
	ctx := t.Context()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 11))
	d := program.New(t, database, program.Sandbox(t, &sandbox.Customs{Silent: true, Seed: seed}))
	must(t, d.AllowTerminals(ctx))
	key, err := d.AddTerminal(ctx, "T01", "api")
	must(t, err)
	terminal := program.Terminal(t, sandbox.TerminalConfig{Terminal: &sandbox.Terminal{Name: "T01", Delay: 20 * time.Millisecond, Seed: seed}})
	base := "http://" + d.Addr
	must(t, terminal.Gateway.To(base, key))
	p := d.MustServe(t, "gateway", "")
	secret, err := program.Hook(ctx, base, key, "json", terminal.URL)
	must(t, err)
	must(t, terminal.Webhook.Trust(secret))

	n, cut := max(1, cycles(t)/60), 0
	numbers := map[string]bool{}
	for round := range n {
		ordered := make([]string, notices)
		orders := acts(notices, func(ctx context.Context, i int) (err error) {
			ordered[i], err = order(ctx, base, d.Customs, round*notices+i)
			return err
		})
		cut += killed(t, d, &p, orders, time.Duration(20+rng.IntN(250))*time.Millisecond)
		for _, number := range ordered {
			if number == "" || numbers[number] {
				t.Fatalf("LOST: an order got no notice of its own: %v", ordered)
			}
			numbers[number] = true
			must(t, awaitState(ctx, base, d.Customs, number, "READY"))
		}
		at := time.Now().UTC().Format(time.RFC3339Nano)
		releases := acts(notices, func(ctx context.Context, i int) error {
			return released(ctx, base, d.Customs, ordered[i], at)
		})
		cut += killed(t, d, &p, releases, time.Duration(20+rng.IntN(250))*time.Millisecond)
		for _, number := range ordered {
			must(t, awaitState(ctx, base, d.Customs, number, "CLOSED"))
		}
	}
	must(t, d.Settled(ctx, time.Minute))
	if err := p.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
	doubled := toldOnce(t, terminal, numbers)
	t.Logf("kill -9: %d rounds, %d notices from order to closed, %d acts cut off by a kill, %d messages at the terminal, %d of them told again under the same id",
		n, len(numbers), cut, len(terminal.Deliveries()), doubled)
	if cut == 0 && n > 1 {
		t.Error("no act was cut off: the test did not test")
	}
}

// step is something that is asked until it stands.
type step struct {
	do   func(ctx context.Context) error
	done bool
}

func acts(n int, do func(ctx context.Context, i int) error) []*step {
	list := make([]*step, n)
	for i := range list {
		list[i] = &step{do: func(ctx context.Context) error { return do(ctx, i) }}
	}
	return list
}

// killed begins all acts at once, kills the gateway after a while, starts it
// again and asks again for what was cut off; it returns how many were.
func killed(t *testing.T, d *program.Deployment, p **program.Process, list []*step, after time.Duration) (cut int) {
	t.Helper()
	work, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	free := make(chan struct{}, 4)
	for _, s := range list {
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			s.done = s.do(work) == nil
		})
	}
	time.Sleep(after)
	must(t, (*p).Kill())
	stop()
	wg.Wait()
	*p = d.MustServe(t, "gateway", "")
	for _, s := range list {
		if s.done {
			continue
		}
		cut++
		must(t, s.do(t.Context()))
	}
	return cut
}

// order asks for an inspection of a box under its own key; the same again is
// the same notice.
func order(ctx context.Context, base, key string, i int) (number string, err error) {
	var got struct {
		Notices []struct {
			Number string `json:"notice_no"`
		} `json:"notices"`
	}
	id := fmt.Sprintf("O%04d", i)
	err = program.Ask(ctx, http.MethodPost, base+"/api/v1/inspection-orders", key, program.InspectionOrder(id, "T01", program.Box(i)), &got,
		"Content-Type", "application/json", "Idempotency-Key", id)
	if err == nil && len(got.Notices) != 1 {
		err = fmt.Errorf("order %s became %d notices", id, len(got.Notices))
	}
	if err != nil {
		return "", err
	}
	return got.Notices[0].Number, nil
}

// released reports what customs did, under references, so that it may be said again.
func released(ctx context.Context, base, key, number, at string) error {
	body := fmt.Appendf(nil, `[{"kind":"started","reference":"S","occurred_at":%q},{"kind":"finished","reference":"F","result":"PASS","occurred_at":%q},{"kind":"released","reference":"R","occurred_at":%q}]`, at, at, at)
	return program.Ask(ctx, http.MethodPost, base+"/api/v1/notices/"+number+"/events", key, body, nil)
}

func awaitState(ctx context.Context, base, key, number, state string) error {
	var got struct {
		State string `json:"state"`
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := program.Ask(ctx, http.MethodGet, base+"/api/v1/notices/"+number, key, nil, &got)
		if err == nil && got.State == state {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("LOST: notice %s is %s and does not become %s: %w", number, got.State, state, errors.Join(err, context.DeadlineExceeded))
		}
	}
}

// toldOnce checks what the terminal saw: the order and the release of every
// notice under one id each, nothing that it must not see, nothing given up.
func toldOnce(t *testing.T, terminal *sandbox.RunningTerminal, numbers map[string]bool) (doubled int) {
	t.Helper()
	type told struct{ notice, kind string }
	ids := map[told]int{}
	for _, got := range terminal.Deliveries() {
		ids[told{got.Notice, got.Type}]++
		if got.Times > 1 {
			doubled++
		}
		if !numbers[got.Notice] {
			t.Errorf("a message about notice %s, which nobody ordered", got.Notice)
		}
	}
	for number := range numbers {
		for _, kind := range []string{"notice.issued", "notice.released"} {
			if n := ids[told{number, kind}]; n != 1 {
				t.Errorf("%s of %s reached the terminal under %d ids", kind, number, n)
			}
		}
	}
	for _, v := range terminal.Violations() {
		t.Errorf("violation: %+v", v)
	}
	for _, a := range terminal.Answers() {
		if a.Outcome != "heard" {
			t.Errorf("the terminal's %s about %s was %s: %s", a.Event.Kind, a.Event.NoticeNumber, a.Outcome, a.Detail)
		}
	}
	return doubled
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
