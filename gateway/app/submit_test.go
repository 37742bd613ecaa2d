package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
)

func TestSubmitStateSurvivesACrash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	const here, elsewhere = "http://a/api", "http://b/api"
	s, err := openSubmitState(path, here)
	if err != nil {
		t.Fatal(err)
	}
	first := submitRecord{SHA256: "1", Row: "one.xml", ID: "id-1", Reference: "R1"}
	if err := s.keep(first); err != nil {
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	appendTo(t, path, `{"url":"http://a/api","sha256":"2","row":"half`)

	s, err = openSubmitState(path, here)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.keep(submitRecord{SHA256: "3"}); err != nil {
		t.Fatal(err)
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]map[string]bool{
		here:      {"1": true, "2": false, "3": true},
		elsewhere: {"1": false, "2": false, "3": false},
	} {
		s, err := openSubmitState(path, url)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for sha := range want {
			_, got[sha] = s.accepted(sha)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("accepted at %s (-want +got):\n%s", url, diff)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	}
}

func TestSubmitStateRefusesAStrangersFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "declaration.xml")
	const text = "<DecMessage>\n</DecMessage>\n"
	appendTo(t, path, text)
	if _, err := openSubmitState(path, "http://a"); err == nil {
		t.Error("a document was taken for a state file")
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != text {
		t.Errorf("the document was changed to %q, %v", got, err)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestLineRowsAreReadWhereTheyStand(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	long := `{"x":"` + strings.Repeat("y", 3<<20) + `"}`
	appendTo(t, path, "{\"a\":1}\n\n  \r\n"+long+"\r\n{\"c\":3}")
	rows, err := lineRows(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		body, err := r.load()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.Base(r.name)+" "+string(body))
	}
	want := []string{`rows.jsonl:1 {"a":1}`, "rows.jsonl:4 " + long, `rows.jsonl:5 {"c":3}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%.500s", diff)
	}
}

func TestRetryDelayGrowsIsBoundedAndHonoursWishes(t *testing.T) {
	t.Parallel()
	plain := errors.New("refused")
	wish := func(d time.Duration) error {
		return errors.Join(&portadapters.RetryAfterError{After: d, Err: plain})
	}
	for name, tc := range map[string]struct {
		try    int
		err    error
		jitter float64
		want   time.Duration
	}{
		"first":                          {0, plain, 0, 500 * time.Millisecond},
		"doubles":                        {3, plain, 0, 4 * time.Second},
		"jitter adds a fifth at most":    {0, plain, 1, 600 * time.Millisecond},
		"bounded":                        {60, plain, 0, 30 * time.Second},
		"a longer wish is honoured":      {0, wish(7 * time.Second), 0, 7 * time.Second},
		"a shorter wish changes nothing": {6, wish(time.Second), 0, 30 * time.Second},
		"a wrong wish is capped":         {0, wish(1000 * time.Hour), 0, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := retryDelay(tc.try, tc.err, tc.jitter); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
