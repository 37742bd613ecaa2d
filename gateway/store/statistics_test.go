package store

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// What was submitted before the table was there is counted, its mode unknown.
func TestEarlierDeclarationsAreCounted(t *testing.T) {
	dialects(t, func(t *testing.T, url string) {
		s := openTest(t, url, Options{})
		exec := raw(t, s)
		old := draft("old")
		old.Insert.Attempt, old.Insert.Reference, old.Insert.CreatedAt = 1, "OLD", 5
		old.Insert.OwnState, old.Insert.Status = "sent", "released"
		for _, c := range []Change{old, draft("never sent")} {
			if err := s.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
		step, err := fs.ReadFile(s.d.steps, "00031_clearances_rows.sql")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // it may be interrupted and run again
			exec(strings.TrimSuffix(strings.TrimSpace(string(step)), ";"))
		}
		got, err := s.Statistics(t.Context(), StatisticsFilter{WholePort: true, To: 10})
		if err != nil || len(got.Counts) != 1 || got.Counts[0].Status != "released" || got.Counts[0].Mode != "" || got.Counts[0].Count != 1 || got.Total != (ReleaseTimes{}) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// The figures of a period do not read what lies outside of it.
func TestStatisticsUseTheirIndex(t *testing.T) {
	t.Parallel()
	s := openTest(t, "sqlite:"+filepath.Join(t.TempDir(), "k.db"), Options{})
	for _, c := range []struct{ name, query, want string }{
		{"counts of the port", countClearances, "clearances_submitted (submitted_at>? AND submitted_at<?)"},
		{"their declarations", countClearances, "d USING INDEX sqlite_autoindex_declarations_1 (tenant=? AND id=?)"},
		{"counts of a partner", countClearancesOf, "(tenant=?"},
		{"releases of the port", countReleases, "COVERING INDEX clearances_released (released_at>? AND released_at<?)"},
		{"times of the port", rankReleases, "COVERING INDEX clearances_released (released_at>? AND released_at<?)"},
		{"releases of a partner", countReleasesOf, "clearances"},
	} {
		plan := planOf(t, s, c.query)
		if !strings.Contains(plan, c.want) || strings.Contains(plan, "SCAN clearances\n") || strings.Contains(plan, "SCAN d\n") {
			t.Errorf("%s: plan without %q:\n%s", c.name, c.want, plan)
		}
	}
}

// BenchmarkStatistics is a year of a busy port: 200,000 attempts.
func BenchmarkStatistics(b *testing.B) {
	s := openTest(b, "sqlite:"+filepath.Join(b.TempDir(), "k.db"), Options{})
	exec := raw(b, s)
	exec(`
INSERT INTO declarations (tenant, id, reference, attempt, own_state, status, version, direction, office, summary, content_sha, sequence_number, entry_number, out_sequence, created_at, updated_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
SELECT 't' || (i % 50), printf('%08d', i), printf('%08d', i), 1, 'sent', 'released', 1, 'import', '09' || (i % 20), 0, '', '', '', 1, i, i FROM n`)
	exec(`
INSERT INTO clearances (tenant, declaration_id, attempt, mode, office, direction, submitted_at, accepted_at, released_at)
SELECT tenant, id, 1, 'm' || (created_at % 7), office, direction, created_at, created_at + 1, created_at + 1 + (created_at * 7919) % 100000 FROM declarations`)
	for name, f := range map[string]StatisticsFilter{"port": {WholePort: true, To: 1 << 40}, "partner": {Tenant: "t7", To: 1 << 40}, "month": {WholePort: true, From: 100_000, To: 116_000}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				got, err := s.Statistics(b.Context(), f)
				if err != nil || got.Total.Measured == 0 {
					b.Fatal(fmt.Sprintf("%+v", got.Total), err)
				}
			}
		})
	}
}
