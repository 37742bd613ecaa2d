package storetest

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// cleared is an accepted declaration with its row for the figures.
func cleared(tenant string, i int, c store.Clearance, status string) store.Change {
	change := accept(tenant, number("C", i))
	change.Insert.Status, change.Insert.Office, change.Insert.Direction = status, c.Office, c.Direction
	c.Tenant, c.DeclarationID, c.Attempt = tenant, change.Insert.ID, 1
	change.Clearance = &c
	return change
}

// byHand is what the figures must be, made the slow way.
func byHand(rows []store.Change, f store.StatisticsFilter) store.Statistics {
	var out store.Statistics
	counts, times, released := map[store.ClearanceCount]int64{}, map[string][]int64{}, map[string]int64{}
	for i := range rows {
		c, d := rows[i].Clearance, rows[i].Insert
		if !f.WholePort && c.Tenant != f.Tenant {
			continue
		}
		if c.SubmittedAt >= f.From && c.SubmittedAt < f.To {
			counts[store.ClearanceCount{Status: d.Status, Mode: c.Mode, Office: c.Office, Direction: c.Direction}]++
		}
		if c.ReleasedAt == 0 || c.ReleasedAt < f.From || c.ReleasedAt >= f.To {
			continue
		}
		released[c.Mode]++
		if c.AcceptedAt > 0 && c.AcceptedAt <= c.ReleasedAt {
			times[c.Mode] = append(times[c.Mode], c.ReleasedAt-c.AcceptedAt)
		}
	}
	for k, n := range counts {
		k.Count = n
		out.Counts = append(out.Counts, k)
	}
	slices.SortFunc(out.Counts, func(a, b store.ClearanceCount) int {
		return cmp.Or(cmp.Compare(a.Status, b.Status), cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Office, b.Office), cmp.Compare(a.Direction, b.Direction))
	})
	var all []int64
	for mode, n := range released {
		out.ByMode = append(out.ByMode, ranks(mode, n, times[mode]))
		out.Total.Released += n
		all = append(all, times[mode]...)
	}
	slices.SortFunc(out.ByMode, func(a, b store.ReleaseTimes) int { return cmp.Compare(a.Mode, b.Mode) })
	out.Total = ranks("", out.Total.Released, all)
	return out
}

// ranks are by nearest rank: the p-th percentile of n is at ⌈p n / 100⌉.
func ranks(mode string, released int64, took []int64) store.ReleaseTimes {
	out := store.ReleaseTimes{Mode: mode, Released: released, Measured: int64(len(took))}
	if n := len(took); n > 0 {
		slices.Sort(took)
		out.MedianMs, out.P90Ms = took[(50*n+99)/100-1], took[(90*n+99)/100-1]
	}
	return out
}

func statistics(t *testing.T, b *bundle) {
	const seed = 7
	random := rand.New(rand.NewPCG(seed, seed))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	var rows []store.Change
	for i := range 200 {
		c := store.Clearance{Mode: pick("ordinary", "transit", "two_step_full", ""), Office: pick("0908", "0901"), Direction: pick("import", "export"),
			SubmittedAt: now + int64(random.IntN(1000))}
		status := "queued"
		if random.IntN(3) > 0 {
			status, c.AcceptedAt = "accepted", c.SubmittedAt+int64(random.IntN(50))
			if random.IntN(3) > 0 {
				status, c.ReleasedAt = "released", c.AcceptedAt+int64(random.IntN(20)) // many alike, some 0
			}
			if random.IntN(10) == 0 {
				c.AcceptedAt = 0 // nobody said so
			}
		}
		rows = append(rows, cleared(pick("a", "b"), i, c, status))
	}
	for _, err := range together(len(rows), func(i int) error { return b.Commit(t.Context(), rows[i]) }) {
		if err != nil {
			t.Fatal(err)
		}
	}
	draft := accept("a", "DRAFT")
	draft.Insert.Attempt, draft.Insert.OwnState, draft.Insert.Status = 0, "draft", "draft"
	draft.Outbox, draft.Messages = nil, nil
	b.commit(t, draft)
	for _, span := range [][2]int64{{now, now + 2000}, {0, now + 2000}, {now + 200, now + 700}, {now + 300, now + 301}} {
		for _, f := range []store.StatisticsFilter{{WholePort: true}, {Tenant: "a"}, {Tenant: "b"}, {Tenant: "c"}} {
			f.From, f.To = span[0], span[1]
			got, err := b.Statistics(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(byHand(rows, f), got); diff != "" {
				t.Errorf("seed %d, %+v (-by hand +got):\n%s", seed, f, diff)
			}
		}
	}
}

// everything is a filter of the whole port and all time.
var everything = store.StatisticsFilter{WholePort: true, To: now * 2}

func statisticsFollow(t *testing.T, b *bundle) {
	c := cleared("a", 1, store.Clearance{Mode: "ordinary", Office: "0908", Direction: "import", SubmittedAt: now}, "sent")
	b.commit(t, c)
	id := c.Insert.ID
	reach := func(attempt int, accepted, released int64) {
		b.commit(t, store.Change{Reached: []store.Clearance{{Tenant: "a", DeclarationID: id, Attempt: attempt, SubmittedAt: now, AcceptedAt: accepted, ReleasedAt: released}}})
	}
	look := func(what, counts string, total store.ReleaseTimes) {
		t.Helper()
		got, err := b.Statistics(t.Context(), everything)
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		for _, n := range got.Counts {
			said.WriteString(fmt.Sprintf("%s %s %s %d;", n.Status, n.Mode, n.Office, n.Count))
		}
		if said.String() != counts || got.Total != total {
			t.Errorf("%s: %s %+v, want %s %+v", what, said.String(), got.Total, counts, total)
		}
	}
	look("submitted", "sent ordinary 0908 1;", store.ReleaseTimes{})
	reach(1, now+10, 0)
	reach(1, now+10, 0)
	look("accepted", "sent ordinary 0908 1;", store.ReleaseTimes{})

	row := *c.Insert
	row.Attempt, row.Status, row.Office, row.Document = 2, "queued", "0901", nil
	b.commit(t, store.Change{Update: &row, Clearance: &store.Clearance{Tenant: "a", DeclarationID: id, Attempt: 2, Mode: "transit", Office: "0901", Direction: "import", SubmittedAt: now + 20}})
	look("corrected: the newest attempt counts, once", "queued transit 0901 1;", store.ReleaseTimes{})
	reach(2, 0, now+100)
	look("released, nobody said accepted", "queued transit 0901 1;", store.ReleaseTimes{Released: 1})
	reach(2, now+30, now+100)
	look("the acceptance was heard late", "queued transit 0901 1;", store.ReleaseTimes{Released: 1, Measured: 1, MedianMs: 70, P90Ms: 70})
	reach(2, now+30, 0)
	look("the release was another one's", "queued transit 0901 1;", store.ReleaseTimes{})

	// A program that does not know the table submitted it; its receipts came here.
	old := accept("b", "OLD")
	b.commit(t, old)
	b.commit(t, store.Change{Reached: []store.Clearance{{Tenant: "b", DeclarationID: old.Insert.ID, Attempt: 1, Office: "0908", Direction: "import", SubmittedAt: now, AcceptedAt: now + 1, ReleasedAt: now + 8}}})
	look("one of an older program", "queued  0908 1;queued transit 0901 1;", store.ReleaseTimes{Released: 1, Measured: 1, MedianMs: 7, P90Ms: 7})
}

func statisticsOfNothing(t *testing.T, b *bundle) {
	got, err := b.Statistics(t.Context(), everything)
	if diff := gocmp.Diff(store.Statistics{}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, f := range []store.StatisticsFilter{{To: now}, {Tenant: "a", WholePort: true, To: now}, {WholePort: true, From: 2, To: 1}} {
		_, err := b.Statistics(t.Context(), f)
		wantErr(t, fmt.Sprintf("%+v", f), err, store.ErrInvalid)
	}
}

func statisticsRestored(t *testing.T, b *bundle) {
	b.commit(t, cleared("a", 1, store.Clearance{Mode: "transit", Office: "0908", Direction: "export", SubmittedAt: now, AcceptedAt: now + 1, ReleasedAt: now + 9}, "released"))
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	into := setup(t, b.fresh)
	if err := into.Restore(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	want, err := b.Statistics(t.Context(), everything)
	got, err2 := into.Statistics(t.Context(), everything)
	if diff := gocmp.Diff(want, got); diff != "" || err != nil || err2 != nil || got.Total.MedianMs != 8 {
		t.Errorf("%v, %v (-before +restored):\n%s", err, err2, diff)
	}
}
