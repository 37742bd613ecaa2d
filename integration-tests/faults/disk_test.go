package faults

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kouan/integration-tests/program"
	"kouan/port-adapters/sandbox"
)

// TestFullDiskRefusesAndLosesNothing fills a small file system of its own
// until the gateway refuses, frees space, and looks for everything accepted.
func TestFullDiskRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 24<<20)
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	customs := program.Sandbox(t, &sandbox.Customs{Silent: true})
	d := program.New(t, "sqlite:"+filepath.Join(dir, "kouan.db"), customs)
	p := d.MustServe(t, "gateway", "")
	accepted := map[string]string{}
	refused := 0
	submit := func(n int) int {
		ref := fmt.Sprintf("DSK%06d", n)
		a, err := program.Call(t.Context(), http.MethodPost, p.URL+"/api/v1/declarations", d.Forwarder, program.JSONDocument(ref),
			"Content-Type", "application/json", "Idempotency-Key", ref)
		if err != nil {
			t.Fatal(err)
		}
		var v program.Row
		if a.Status == http.StatusCreated {
			if err := a.Into(&v); err != nil {
				t.Fatal(err)
			}
			accepted[ref] = v.ID
		}
		return a.Status
	}
	n := 0
	for ; refused < 5; n++ {
		switch status := submit(n); {
		case status == http.StatusServiceUnavailable:
			refused++
		case status != http.StatusCreated || n > 5000:
			t.Fatalf("submission %d on a filling disk: status %d", n, status)
		}
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	within(t, "space was freed and submissions are accepted again", func() bool { n++; return submit(n) == http.StatusCreated })
	t.Logf("%d accepted, refused with 503 when the disk was full", len(accepted))
	for ref, id := range accepted {
		rows, err := d.Find(t.Context(), p.URL, ref)
		if err != nil || len(rows) != 1 || rows[0].ID != id {
			t.Errorf("LOST: %s as %s: %+v, %v", ref, id, rows, err)
		}
	}
	if err := p.Stop(30 * time.Second); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if err := d.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}
