package portadapters

import "testing"

func TestTimeOf(t *testing.T) {
	t.Parallel()
	at, err := TimeOf("019b8a3f-0000-7000-8000-000000000001")
	if got := at.Format("2006-01-02T15:04:05.000Z07:00"); err != nil || got != "2026-01-04T18:22:23.232Z" {
		t.Errorf("got %s, %v", got, err)
	}
	for _, id := range []string{"", "M1", "2b1f0c52-53a8-4b53-9c1e-2f7d1c0b7a10"} {
		if at, err := TimeOf(id); err == nil {
			t.Errorf("%q: got %v, want an error", id, at)
		}
	}
}
