package two

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// subjects is how many declarations of each kind the processes race about.
const subjects = 24

// TestTwoProcessesRaceAboutWhatFollows: the same facts, different amendments,
// opposite decisions and two completions of the same declarations, handed in
// at both processes at the same moment: of each there is one winner. Both run
// the reminder rounds: each reminder is said once.
func TestTwoProcessesRaceAboutWhatFollows(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
	d := program.New(t, program.MariaDB(t), customs)
	carrier, err := d.Partner(ctx, "carrier")
	if err != nil {
		t.Fatal(err)
	}
	before := d.MustServe(t, "before", "")
	reminded := nearDeadlines(ctx, t, d, before.URL, carrier)
	if err := before.Stop(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	first, second := d.MustServe(t, "first", ""), d.MustServe(t, "second", "127.0.0.1:0")
	r := &rivals{d: d, carrier: carrier, bases: [2]string{first.URL, second.URL}}
	messages := map[string]int{}
	for i := range subjects {
		r.amended(ctx, t, fmt.Sprintf("RA%08d", i), i)
		r.completed(ctx, t, fmt.Sprintf("RS%08d", i), 100+i)
		messages[fmt.Sprintf("RA%08d", i)], messages[fmt.Sprintf("RS%08d", i)] = 1, 2
	}
	for id, kind := range reminded {
		saidOnce(ctx, t, d, second.URL, id, kind)
	}
	settled(t, d)
	for _, p := range []*program.Process{first, second} {
		if err := p.Stop(30 * time.Second); err != nil {
			t.Errorf("graceful stop: %v", err)
		}
	}
	for _, name := range []string{"first", "second"} {
		lines, err := d.LoggedErrors(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			t.Errorf("log of %s: %s", name, line)
		}
	}
	got := map[string]int{}
	for _, m := range customs.Customs.Deliveries() {
		got[m.ClientReference]++
	}
	for ref, n := range messages {
		if got[ref] != n {
			t.Errorf("%s reached customs as %d messages, want %d", ref, got[ref], n)
		}
	}
	for _, v := range customs.Customs.Violations() {
		t.Errorf("violation: %+v", v)
	}
	if err := d.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// nearDeadlines makes summaries whose full declaration is due in 7, 3 and 1
// days or was due: entry so many days ago, the fourteenth day after it.
func nearDeadlines(ctx context.Context, t *testing.T, d *program.Deployment, base, carrier string) map[string]string {
	t.Helper()
	reminded := map[string]string{}
	for n, row := range []struct {
		ago  int
		kind string
	}{{7, "deadline_7"}, {11, "deadline_3"}, {13, "deadline_1"}, {20, "deadline_overdue"}} {
		for i := range 3 {
			ref := fmt.Sprintf("RD%d%07d", n, i)
			id, err := d.Standing(ctx, base, ref, program.Summary, 200+n*10+i, "SpK")
			if err != nil {
				t.Fatal(err)
			}
			arrival := fmt.Appendf(nil, `{"kind":"ship_arrival","vessel_name":"SHIP %s","voyage_number":"026E","occurred_at":%q,"reference":%q}`,
				ref, time.Now().AddDate(0, 0, -row.ago).Format(time.RFC3339), ref)
			if _, err := program.Report(ctx, base, carrier, arrival); err != nil {
				t.Fatal(err)
			}
			reminded[id] = row.kind
		}
	}
	return reminded
}

// saidOnce waits for a reminder and looks again: there is one, of one kind.
func saidOnce(ctx context.Context, t *testing.T, d *program.Deployment, base, id, kind string) {
	t.Helper()
	reminders := func() (all int, of int) {
		entries, err := d.Entries(ctx, base, id)
		if err != nil {
			t.Fatal(err)
		}
		for k, n := range entries {
			if strings.HasPrefix(k, "deadline_") && k != "deadline_set" {
				all += n
			}
		}
		return all, entries[kind]
	}
	for deadline := time.Now().Add(takeover); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if all, _ := reminders(); all > 0 {
			break
		}
	}
	time.Sleep(50 * time.Millisecond)
	if all, of := reminders(); all != 1 || of != 1 {
		t.Errorf("declaration %s has %d reminders, %d of them %s, want that one", id, all, of, kind)
	}
}

// rivals are two processes that are told the same at the same time.
type rivals struct {
	d       *program.Deployment
	carrier string
	bases   [2]string
}

// race does it at both; what each returned or was refused with, in order.
func (r *rivals) race(t *testing.T, do func(base string, side int) (string, error)) (results []string, won string, side int) {
	t.Helper()
	results = make([]string, 2)
	side = -1
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i, base := range r.bases {
		wg.Go(func() {
			got, err := do(base, i)
			mu.Lock()
			defer mu.Unlock()
			var refusal *program.Refusal
			switch {
			case errors.As(err, &refusal):
				results[i] = fmt.Sprint(refusal.Status)
			case err != nil:
				results[i] = err.Error()
			default:
				results[i], won, side = "ok", got, i
			}
		})
	}
	wg.Wait()
	results = append([]string{}, results...)
	sort.Strings(results)
	return results, won, side
}

func oneWinner(t *testing.T, what string, results []string) {
	t.Helper()
	if results[0] != fmt.Sprint(http.StatusConflict) || results[1] != "ok" {
		t.Errorf("%s at both processes: %v, want one winner and one 409", what, results)
	}
}

// amended: the same facts, two amendments, two opposite decisions.
func (r *rivals) amended(ctx context.Context, t *testing.T, ref string, number int) {
	t.Helper()
	id, err := r.d.Standing(ctx, r.bases[0], ref, program.Plain, number, "J")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		var ids [2]string
		results, _, _ := r.race(t, func(base string, side int) (got string, err error) {
			ids[side], err = program.Report(ctx, base, r.carrier, program.Fact(ref, fmt.Sprintf("%s-%d", ref, i)))
			return ids[side], err
		})
		if results[0] != "ok" || ids[0] != ids[1] {
			t.Errorf("one fact at both processes: %v, ids %v", results, ids)
		}
	}
	results, request, side := r.race(t, func(base string, side int) (string, error) {
		return r.d.Asked(ctx, base, id, "amendments?reason=voyage", fmt.Sprintf("%s-%d", ref, side), program.Amended(ref, fmt.Sprintf("03%dE", side)))
	})
	oneWinner(t, "amendments", results)
	results, state, _ := r.race(t, func(base string, side int) (string, error) {
		return r.d.Decide(ctx, base, request, []string{"approved", "refused"}[side])
	})
	oneWinner(t, "decisions", results)
	entries, err := r.d.Entries(ctx, r.bases[1], id)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"fact_carrier_release": 5, "amendment_requested": 1, "amendment_" + state: 1}
	for kind, n := range want {
		if entries[kind] != n {
			t.Errorf("%s has %d entries %s, want %d: %v", ref, entries[kind], kind, n, entries)
		}
	}
	a, err := program.Call(ctx, http.MethodGet, r.bases[1]+"/api/v1/declarations/"+id, r.d.Forwarder, nil)
	if err != nil {
		t.Fatal(err)
	}
	voyage := "026E"
	if state == "approved" {
		voyage = fmt.Sprintf("03%dE", side)
	}
	if !strings.Contains(string(a.Body), `"voyage_number":"`+voyage+`"`) {
		t.Errorf("%s was %s, want voyage %s: %s", ref, state, voyage, a.Body)
	}
}

// completed: two full declarations of one summary.
func (r *rivals) completed(ctx context.Context, t *testing.T, ref string, number int) {
	t.Helper()
	id, err := r.d.Standing(ctx, r.bases[1], ref, program.Summary, number, "SpK")
	if err != nil {
		t.Fatal(err)
	}
	results, _, _ := r.race(t, func(base string, side int) (string, error) {
		_, err := r.d.Complete(ctx, base, id, ref, fmt.Sprintf("%s-%d", ref, side))
		return "", err
	})
	oneWinner(t, "completions", results)
	entries, err := r.d.Entries(ctx, r.bases[0], id)
	if err != nil {
		t.Fatal(err)
	}
	if entries["completion"] != 1 {
		t.Errorf("%s was completed %d times: %v", ref, entries["completion"], entries)
	}
}
