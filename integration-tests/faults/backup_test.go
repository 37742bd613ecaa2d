package faults

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// TestBackupUnderLoadResendsUnderTheSameIDs takes a backup of a gateway at
// work, restores it into an empty database and lets that one work on: what
// it sends again, customs knows by its id and its bytes.
func TestBackupUnderLoadResendsUnderTheSameIDs(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		other := program.SQLite(t)
		if t.Name() == "TestBackupUnderLoadResendsUnderTheSameIDs/mariadb" {
			other = program.MariaDB(t)
		}
		customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
		d := program.New(t, database, customs)
		p := d.MustServe(t, "gateway", "")
		early := submitAll(t, d, p.URL, "BKE", 20)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var load sync.WaitGroup
		for c := range 8 {
			load.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					if _, err := d.Submit(ctx, p.URL, fmt.Sprintf("BKL%02d%06d", c, i)); err != nil && ctx.Err() == nil {
						t.Errorf("submit under load: %v", err)
						return
					}
				}
			})
		}
		file := filepath.Join(t.TempDir(), "kouan.backup")
		_, err := d.Do(t.Context(), "backup", file)
		cancel()
		load.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Settled(t.Context(), settle); err != nil {
			t.Fatal(err)
		}
		stopAndVerify(t, d, p)

		restored := *d
		restored.Database = other
		for _, args := range [][]string{{"migrate"}, {"restore", file}, {"doctor"}, {"audit", "verify"}} {
			if _, err := restored.Do(t.Context(), args...); err != nil {
				t.Fatal(err)
			}
		}
		again := restored.MustServe(t, "restored", "127.0.0.1:0")
		if err := restored.Settled(t.Context(), settle); err != nil {
			t.Fatal(err)
		}
		replayOne(t, &restored)
		if err := restored.Settled(t.Context(), settle); err != nil {
			t.Fatal(err)
		}
		for _, ref := range early {
			rows, err := restored.Find(t.Context(), again.URL, ref)
			if err != nil || len(rows) != 1 {
				t.Errorf("%s after the restore: %+v, %v", ref, rows, err)
			}
		}
		oneID(t, customs.Customs, early)
		doubled := 0
		for _, got := range customs.Customs.Deliveries() {
			if got.Times > 1 {
				doubled++
			}
		}
		if doubled == 0 {
			t.Error("nothing was sent again: the test did not test")
		}
		stopAndVerify(t, &restored, again)
	})
}

// replayOne sends a delivered message of the restored database again.
func replayOne(t *testing.T, d *program.Deployment) {
	t.Helper()
	list, err := d.Do(t.Context(), "outbox", "list", "--state", "delivered")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if len(lines) < 2 {
		t.Fatalf("nothing delivered in the restored database:\n%s", list)
	}
	if _, err := d.Do(t.Context(), "outbox", "replay", strings.Fields(lines[1])[0]); err != nil {
		t.Fatal(err)
	}
}
