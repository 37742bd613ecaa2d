// Package faults proves from outside what happens when the other side is
// down, slow or lying, and when an answer or the process itself is cut off.
package faults

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

const settle = time.Minute

// databases runs a test on both.
func databases(t *testing.T, run func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); run(t, program.SQLite(t)) })
	t.Run("mariadb", func(t *testing.T) { t.Parallel(); run(t, program.MariaDB(t)) })
}

func TestLyingCustomsGetsEveryMessageUnderOneID(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		customs := program.Sandbox(t, &sandbox.Customs{Delay: 10 * time.Millisecond, Seed: 7})
		customs.Customs.Misbehave(sandbox.Faults{FailRate: 0.1, DropAnswerRate: 0.1, DuplicateRate: 0.3, Delay: 5 * time.Millisecond})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		refs := submitAll(t, d, p.URL, "LIE", 100)
		for _, ref := range refs {
			if err := d.AwaitStatus(t.Context(), p.URL, ref, "closed", settle); err != nil {
				t.Fatal(err)
			}
		}
		again := 0
		for _, got := range customs.Customs.Deliveries() {
			if got.Times > 1 {
				again++
			}
		}
		if again == 0 {
			t.Error("no answer was lost: the test did not test")
		}
		oneID(t, customs.Customs, refs)
		stopAndVerify(t, d, p)
	})
}

// Over dxp the envelope of a business receipt names the message that it
// answers, so a lost import response (SBXLOS) leaves no orphan.
func TestEveryStoryEndsAsItShould(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		customs := program.Sandbox(t, &sandbox.Customs{Delay: 20 * time.Millisecond, LateBy: 12 * time.Second, Refusals: 2})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		want := map[string]string{"SBXREL": "closed", "SBXINS": "closed", "SBXRET": "returned", "SBXSUS": "closed",
			"SBXLOS": "closed", "SBXREV": "closed", "SBXTWI": "closed", "SBXLAT": "closed", "SBXDWN": "closed"}
		var refs []string
		for story := range want {
			ref := story + "000001"
			if _, err := d.Submit(t.Context(), p.URL, ref); err != nil {
				t.Fatal(err)
			}
			refs = append(refs, ref)
		}
		for story, status := range want {
			if err := d.AwaitStatus(t.Context(), p.URL, story+"000001", status, settle); err != nil {
				t.Error(err)
			}
		}
		oneID(t, customs.Customs, refs)
		stopAndVerify(t, d, p)
	})
}

func TestCustomsThatIsDownIsVisibleAndLosesNothing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		ctx := t.Context()
		customs := program.Sandbox(t, &sandbox.Customs{Delay: 10 * time.Millisecond})
		proxy := between(t, strings.TrimPrefix(strings.TrimSuffix(customs.URL, "/dxp"), "http://"))
		d := program.New(t, database, customs)
		if err := d.WriteChannel("http://" + proxy.Listen + "/dxp"); err != nil {
			t.Fatal(err)
		}
		proxy.Stop()
		p := d.MustServe(t, "gateway", "")
		refs := submitAll(t, d, p.URL, "DWN", 20)
		within(t, "outbox list shows every waiting message", func() bool {
			list, err := d.Do(ctx, "outbox", "list", "--state", "waiting")
			return err == nil && strings.Count(list, "waiting") == len(refs)
		})
		within(t, "metrics show the depth", func() bool {
			n, err := d.Metric(ctx, p.URL, "kouan_outbox_items")
			return err == nil && int(n) == len(refs)
		})
		if out, err := d.Do(ctx, "doctor"); err != nil || !strings.Contains(out, "customs") {
			t.Errorf("doctor does not name the channel: %v\n%s", err, out)
		}
		if err := proxy.Start(); err != nil {
			t.Fatal(err)
		}
		for _, ref := range refs {
			if err := d.AwaitStatus(ctx, p.URL, ref, "closed", settle); err != nil {
				t.Fatal(err)
			}
		}
		oneID(t, customs.Customs, refs)
		stopAndVerify(t, d, p)
	})
}

func TestAnswerCutOffOnItsWayIsRepeatedForTheSameKey(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		proxy := between(t, d.Addr)
		if _, err := proxy.Toxics.AddToxicJson(strings.NewReader(`{"name":"cut","type":"limit_data","stream":"downstream","attributes":{"bytes":20}}`)); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			ref := fmt.Sprintf("CUT%06d", i)
			if id, err := d.Submit(t.Context(), "http://"+proxy.Listen, ref); err == nil {
				t.Fatalf("the answer came through as %s: the test does not test", id)
			}
			before, err := d.Find(t.Context(), p.URL, ref)
			if err != nil || len(before) != 1 {
				t.Fatalf("%s: %+v, %v", ref, before, err)
			}
			a, err := program.Call(t.Context(), http.MethodPost, p.URL+"/api/v1/declarations", d.Forwarder, program.JSONDocument(ref),
				"Content-Type", "application/json", "Idempotency-Key", ref)
			if err != nil || a.Status != http.StatusCreated || a.Header.Get("Idempotency-Replayed") != "true" || !strings.Contains(string(a.Body), before[0].ID) {
				t.Errorf("%s again: %d %s %v", ref, a.Status, a.Body, err)
			}
		}
		stopAndVerify(t, d, p)
	})
}

func TestStopUnderLoadLosesNothingAndEnds(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var accepted sync.Map
		var n atomic.Int64
		var wg sync.WaitGroup
		for c := range 8 {
			wg.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					ref := fmt.Sprintf("STP%02d%06d", c, i)
					if id, err := d.Submit(ctx, "http://"+d.Addr, ref); err == nil {
						accepted.Store(ref, id)
						n.Add(1)
					}
				}
			})
		}
		time.Sleep(500 * time.Millisecond)
		began := time.Now()
		if err := p.Stop(30 * time.Second); err != nil {
			t.Errorf("graceful stop: %v", err)
		}
		t.Logf("stopped in %s with %d accepted", time.Since(began).Round(time.Millisecond), n.Load())
		cancel()
		wg.Wait()
		if err := d.Verify(t.Context()); err != nil {
			t.Error(err)
		}
		p = d.MustServe(t, "gateway", "")
		accepted.Range(func(ref, id any) bool {
			rows, err := d.Find(t.Context(), p.URL, ref.(string))
			if err != nil || len(rows) != 1 || rows[0].ID != id {
				t.Errorf("LOST: %s as %s: %+v, %v", ref, id, rows, err)
			}
			return true
		})
		if err := d.Settled(t.Context(), settle); err != nil {
			t.Error(err)
		}
		stopAndVerify(t, d, p)
	})
}

func submitAll(t *testing.T, d *program.Deployment, base, prefix string, n int) []string {
	t.Helper()
	refs := make([]string, n)
	for i := range refs {
		refs[i] = fmt.Sprintf("%s%06d", prefix, i)
		if _, err := d.Submit(t.Context(), base, refs[i]); err != nil {
			t.Fatal(err)
		}
	}
	return refs
}

// within polls until it holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(settle); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s: not so that %s", settle, what)
		}
	}
}

// oneID: every reference is at customs under exactly one message id, and
// customs saw no id with other bytes.
func oneID(t *testing.T, customs *sandbox.Customs, refs []string) {
	t.Helper()
	ids := map[string]int{}
	for _, got := range customs.Deliveries() {
		ids[got.ClientReference]++
	}
	for _, ref := range refs {
		if ids[ref] != 1 {
			t.Errorf("%s is at customs under %d message ids", ref, ids[ref])
		}
	}
	for _, v := range customs.Violations() {
		t.Errorf("violation: %+v", v)
	}
}

// stopAndVerify ends every test: the ledger balances and the chain holds.
func stopAndVerify(t *testing.T, d *program.Deployment, p *program.Process) {
	t.Helper()
	if err := p.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if err := d.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// between puts a proxy in front of an address.
func between(t *testing.T, upstream string) *toxiproxy.Proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	proxy := toxiproxy.NewProxy(server, "between", "127.0.0.1:0", upstream)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return proxy
}
