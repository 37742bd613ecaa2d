package app

import (
	"bytes"
	"log/slog"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// Every declaration of the traffic must be accepted, also by rules that come
// later, and be one that was never sent before.
func TestTrafficIsValidAndNeverRepeats(t *testing.T) {
	t.Parallel()
	c := newConsole(nil, bytes.NewReader(nil), &bytes.Buffer{}, &bytes.Buffer{})
	now := time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)
	c.clock = func() time.Time { now = now.Add(time.Second); return now }
	g, err := newTraffic(c, "http://127.0.0.1:1", &demoFile{Keys: map[string]string{}}, time.Second, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	directions := map[declarations.Direction]map[string]bool{declarations.Import: {}, declarations.Export: {}}
	for range 4 * len(demoStories) {
		d := g.next()
		body, err := intake.Marshal(&d)
		if err != nil {
			t.Fatal(err)
		}
		ref := d.Header.ClientReference
		if faults := faultsBy(&intake.Read(body, intake.JSON)[0], declarations.Judge{}); len(faults) > 0 {
			t.Errorf("%s: %s at %s", ref, faults[0].Code, faults[0].Path)
		}
		if seen[ref] || len(ref) > 18 {
			t.Errorf("reference %s was used before or is too long", ref)
		}
		seen[ref] = true
		directions[d.Header.TradeDirection][ref[:6]] = true
	}
	for _, story := range demoStories {
		for direction, told := range directions {
			if !told[story] {
				t.Errorf("story %s is never told on the wire of %ss", story, direction)
			}
		}
	}
}
