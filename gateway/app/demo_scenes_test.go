package app

import (
	"bytes"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.uber.org/goleak"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/intake"
	portadapters "kouan/port-adapters"
)

// TestScenesReachTheirEnd starts the demo as a visitor does and looks through
// the API until each scene shows what it is for.
func TestScenesReachTheirEnd(t *testing.T) {
	leaks := goleak.IgnoreCurrent()
	dir := t.TempDir()
	g := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--traffic-every", "1h", "--delay", "100ms")
	file, err := readDemoFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := newAPIClient(g.url, file.key("forwarder"), "en")
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string, into any) {
		t.Helper()
		resp, err := portadapters.Call(t.Context(), client.http.R().SetAuthToken(string(client.key)), http.MethodGet, g.url+path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(resp.Body(), into); err != nil {
			t.Fatal(err)
		}
	}
	var missing map[string]bool
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		missing = map[string]bool{"countdown": true, "completed": true, "combined port": true, "in advance": true, "sheet": true, "amended": true, "inspected": true}
		var list struct {
			Items []struct {
				ID        string `json:"id"`
				Status    string `json:"status"`
				Reference string `json:"reference"`
			} `json:"items"`
		}
		get("/api/v1/declarations?limit=100", &list)
		for _, item := range list.Items {
			var o clearance.Overview
			get("/api/v1/declarations/"+item.ID+"/clearance", &o)
			var line struct {
				Entries []struct {
					Kind string `json:"kind"`
				} `json:"entries"`
			}
			get("/api/v1/declarations/"+item.ID+"/timeline", &line)
			kinds := map[string]bool{}
			for _, e := range line.Entries {
				kinds[e.Kind] = true
			}
			if kinds["inspection_issued"] && kinds["inspection_changed"] && kinds["inspection_box_locked"] && kinds["inspection_released"] && kinds["inspection_moved_back"] {
				delete(missing, "inspected")
			}
			switch two := o.TwoStep; {
			case two != nil && two.Deadline.State == clearance.Open && two.State == clearance.PickedUp && *two.Deadline.DaysLeft == 6 && two.Deadline.Source == "fact":
				delete(missing, "countdown")
			case two != nil && two.State == clearance.TwoStepClosed && two.Deadline.State == clearance.Met && kinds["deadline_met"]:
				delete(missing, "completed")
			case o.CombinedPort != nil && item.Status == "closed":
				delete(missing, "combined port")
			case o.Advance.State == clearance.InAdvance && o.Advance.Manifest.State == clearance.ManifestMatched && o.Advance.Against == clearance.CargoArrival:
				delete(missing, "in advance")
			case kinds["amendment_approved"]:
				delete(missing, "amended")
			case strings.HasPrefix(item.Reference, "SBXREL") && strings.HasSuffix(item.Reference, "5") && item.Status == "closed":
				delete(missing, "sheet")
			}
		}
		if len(missing) == 0 || time.Now().After(end) {
			break
		}
	}
	client.http.GetClient().CloseIdleConnections()
	if code := g.end(t); code != exitDone || len(missing) > 0 {
		t.Errorf("not seen: %v; exit code %d: %s", missing, code, g.errors)
	}
	goleak.VerifyNone(t, leaks)
}

// The sheet of the demo holds one declaration that is accepted and one that
// comes back with its fault.
func TestSheetOfTheDemoShowsBoth(t *testing.T) {
	t.Parallel()
	c := newConsole(nil, bytes.NewReader(nil), &bytes.Buffer{}, &bytes.Buffer{})
	g, err := newTraffic(c, "http://127.0.0.1:1", &demoFile{Keys: map[string]string{}}, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	table, err := g.stage(&demoFile{}, 5).table()
	if err != nil {
		t.Fatal(err)
	}
	var refused []bool
	for _, row := range intake.Read(table, intake.CSV) {
		refused = append(refused, declarations.Rejected(append(row.Faults, row.Check()...)))
	}
	if len(refused) != 2 || refused[0] || !refused[1] {
		t.Errorf("refused: %v", refused)
	}
}
