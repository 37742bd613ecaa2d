package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// TestSlowCustomsKeepsTheOrderOfWhatFollows: the channel refuses everything
// while summaries, their completions, amendments and cancellations pile up;
// when it takes again, a completion is behind its summary, each once.
func TestSlowCustomsKeepsTheOrderOfWhatFollows(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		ctx := t.Context()
		customs := program.Sandbox(t, &sandbox.Customs{Silent: true, Seed: 3})
		customs.Customs.Misbehave(sandbox.Faults{FailRate: 1})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		const n = 10
		for i := range n {
			ref := fmt.Sprintf("SLOW%06d", i)
			id, err := d.Standing(ctx, p.URL, ref, program.Summary, i, "SpK")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Complete(ctx, p.URL, id, ref, ref); err != nil {
				t.Fatal(err)
			}
			plain := fmt.Sprintf("SLOW%06d", 100+i)
			id, err = d.Standing(ctx, p.URL, plain, program.Plain, 100+i, "J")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.Asked(ctx, p.URL, id, "amendments?reason=voyage", plain, program.Amended(plain, "027E")); err != nil {
				t.Fatal(err)
			}
		}
		if got := customs.Customs.Deliveries(); len(got) != 0 {
			t.Fatalf("customs took %d messages: the test does not test", len(got))
		}
		customs.Customs.Misbehave(sandbox.Faults{DropAnswerRate: 0.2}) // some are taken and sent again
		if err := d.Settled(ctx, settle); err != nil {                 // the channel is tried again ever more seldom
			t.Fatal(err)
		}
		names := map[string][]string{}
		for _, got := range customs.Customs.Deliveries() {
			names[got.ClientReference] = append(names[got.ClientReference], got.FileName)
		}
		for i := range n {
			two, one := names[fmt.Sprintf("SLOW%06d", i)], names[fmt.Sprintf("SLOW%06d", 100+i)]
			if len(two) != 2 || !strings.Contains(two[0], "_t-1") || !strings.Contains(two[1], "_t-2") || len(one) != 1 {
				t.Errorf("arrived as %v and %v", two, one)
			}
		}
		stopAndVerify(t, d, p)
	})
}

// TestBackupOfWhatFollowsRestoresIntoTheOtherDatabase: facts, uploads,
// versions, requests and deadlines answer the same from the other kind.
func TestBackupOfWhatFollowsRestoresIntoTheOtherDatabase(t *testing.T) {
	t.Parallel()
	for name, kinds := range map[string][2]func(program.TB) string{"to mariadb": {program.SQLite, program.MariaDB}, "to sqlite": {program.MariaDB, program.SQLite}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
			d := program.New(t, kinds[0](t), customs)
			carrier, err := d.Partner(ctx, "carrier")
			if err != nil {
				t.Fatal(err)
			}
			p := d.MustServe(t, "gateway", "")
			paths := belongings(t, d, p.URL, carrier)
			if err := d.Settled(ctx, settle); err != nil {
				t.Fatal(err)
			}
			before := answers(t, d, p.URL, paths)
			file := filepath.Join(t.TempDir(), "kouan.backup")
			if _, err := d.Do(ctx, "backup", file); err != nil {
				t.Fatal(err)
			}
			stopAndVerify(t, d, p)

			restored := *d
			restored.Database = kinds[1](t)
			for _, args := range [][]string{{"migrate"}, {"restore", file}, {"doctor"}, {"audit", "verify"}} {
				if _, err := restored.Do(ctx, args...); err != nil {
					t.Fatal(err)
				}
			}
			again := restored.MustServe(t, "restored", "127.0.0.1:0")
			if diff := cmp.Diff(before, answers(t, &restored, again.URL, paths)); diff != "" {
				t.Errorf("answers (-before +restored):\n%s", diff)
			}
			stopAndVerify(t, &restored, again)
		})
	}
}

// belongings makes one of everything and says where it is read.
func belongings(t *testing.T, d *program.Deployment, base, carrier string) (paths []string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	plain, err := d.Standing(ctx, base, "BAK0000001", program.Plain, 1, "J")
	must(err)
	summary, err := d.Standing(ctx, base, "BAK0000002", program.Summary, 2, "SpK")
	must(err)
	full, err := d.Standing(ctx, base, "BAK0000003", program.Summary, 3, "SpK")
	must(err)
	_, err = d.Complete(ctx, base, full, "BAK0000003", "k3")
	must(err)
	request, err := d.Asked(ctx, base, plain, "amendments?reason=voyage", "k1", program.Amended("BAK0000001", "027E"))
	must(err)
	_, err = d.Decide(ctx, base, request, "approved")
	must(err)
	_, err = d.Asked(ctx, base, plain, "cancellation", "k2", []byte(`{"reason":"sold"}`))
	must(err)
	for i := range 3 {
		_, err = program.Report(ctx, base, carrier, program.Fact("BAK0000002", fmt.Sprint("B", i)))
		must(err)
	}
	_, err = program.Report(ctx, base, carrier, program.Fact("NOBODY", "B9"))
	must(err)
	for _, ref := range []string{"BAK0000002", "BAK0000003"} { // due in a fortnight: no round of reminders speaks in between
		_, err = program.Report(ctx, base, carrier, fmt.Appendf(nil, `{"kind":"ship_arrival","vessel_name":"SHIP %s","voyage_number":"026E","occurred_at":%q,"reference":%q}`,
			ref, time.Now().Format(time.RFC3339), ref))
		must(err)
	}
	sheet, err := program.Sheet([]string{"BAK0000011", "BAK0000012"})
	must(err)
	var upload struct {
		ID      string `json:"id"`
		Refused int    `json:"refused"`
	}
	broken := strings.Replace(string(sheet), "25000.5", "many", 1)
	must(program.Ask(ctx, http.MethodPost, base+"/api/v1/declarations", d.Forwarder, []byte(broken), &upload, "Content-Type", "text/csv"))
	if upload.Refused != 1 {
		t.Fatalf("%d rows refused, want 1", upload.Refused)
	}
	paths = []string{"/api/v1/declarations", "/api/v1/uploads/" + upload.ID, "/api/v1/uploads/" + upload.ID + "/refused"}
	for _, id := range []string{plain, summary, full} {
		for _, what := range []string{"", "/timeline", "/versions", "/versions/1", "/amendments", "/clearance", "/duties", "/messages"} {
			paths = append(paths, "/api/v1/declarations/"+id+what)
		}
	}
	return append(paths, "/api/v1/declarations/"+plain+"/versions/1/difference/2", "/api/v1/declarations/"+full+"/versions/1/difference/2",
		"/api/v1/statistics?from="+time.Now().AddDate(0, 0, -3).Format(time.DateOnly)+"&to="+time.Now().AddDate(0, 0, 2).Format(time.DateOnly))
}

// answers reads every path; each must be there.
func answers(t *testing.T, d *program.Deployment, base string, paths []string) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, path := range paths {
		a, err := program.Call(t.Context(), http.MethodGet, base+path, d.Forwarder, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != http.StatusOK {
			t.Errorf("%s: status %d: %s", path, a.Status, a.Body)
		}
		if json.Valid(a.Body) || strings.HasSuffix(path, "/refused") {
			got[path] = string(a.Body)
		}
	}
	if len(got) != len(paths) {
		t.Errorf("%d answers of %d could be read", len(got), len(paths))
	}
	return got
}
