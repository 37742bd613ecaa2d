package api

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/gateway/auth"
)

const statisticsPath = "/api/v1/statistics"

// inJanuary holds all clocks at the noon of 6 January 2026, UTC.
func inJanuary(c *Config) {
	c.Clock = func() time.Time { return time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC) }
	c.Desk.Clock = c.Clock
}

func (b *bundle) submittedBy(t *testing.T, who, ref string, edit ...func(*declarations.Declaration)) {
	t.Helper()
	read[Accepted](t, b.postJSON(t, who, all, jsonOf(t, ref, edit...)), http.StatusCreated)
}

func (b *bundle) hears(t *testing.T, bodies ...[]byte) {
	t.Helper()
	for _, body := range bodies {
		if h := read[Hearing](t, b.postXML(t, "customs", receipts, body), http.StatusAccepted); !h.Matched {
			t.Fatalf("receipt %s did not match", body)
		}
	}
}

// busy is a port with three declarations of alice and one of bob; two of
// alice's are released, after 5 and after 65 minutes.
func busy(t *testing.T) *bundle {
	t.Helper()
	b := setup(t, inJanuary)
	b.submittedBy(t, "alice", "A1")
	b.submittedBy(t, "alice", "A2")
	b.submittedBy(t, "alice", "A3")
	b.submittedBy(t, "bob", "B1")
	read[Accepted](t, b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "DRAFT")), http.StatusCreated)
	one, two := "I20260000000000001", "I20260000000000002"
	b.hears(t, importResponse("A1", one, "0"), importResponse("A2", two, "0"),
		customsResult(one, "P", "2026-01-05T10:20:00", ""), customsResult(one, "J", "2026-01-05T10:15:00", ""),
		customsResult(two, "J", "2026-01-05T11:00:00", ""), customsResult(two, "P", "2026-01-05T12:05:00", ""))
	return b
}

func (b *bundle) figuresOf(t *testing.T, who, query string) Statistics {
	t.Helper()
	return read[Statistics](t, b.ask(t, who, http.MethodGet, statisticsPath+query, nil), http.StatusOK)
}

func TestStatisticsOfThePortAndOfAPartner(t *testing.T) {
	t.Parallel()
	b := busy(t)
	to := time.Date(2026, 1, 6, 12, 0, 0, 1e6, time.UTC)
	took := func(median, p90 time.Duration) ReleaseTimes {
		return ReleaseTimes{Released: 2, Measured: 2, MedianMs: new(median.Milliseconds()), P90Ms: new(p90.Milliseconds())}
	}
	port := Statistics{From: to.AddDate(0, 0, -30), To: to, Scope: "port", Submitted: 4,
		ByStatus:    []Tally{{"queued", "queued", 2}, {"released", "released", 2}},
		ByMode:      []Tally{{"ordinary", "ordinary declaration", 4}},
		ByOffice:    []Tally{{"0900", "Dalian Customs", 4}},
		ByDirection: []Tally{{"import", "import", 4}},
		Release:     took(5*time.Minute, 65*time.Minute),
		ReleaseMode: []ReleaseTally{{"ordinary", "ordinary declaration", took(5*time.Minute, 65*time.Minute)}}}
	got := b.figuresOf(t, "authority", "")
	if diff := cmp.Diff(port, got); diff != "" {
		t.Errorf("of the port (-want +got):\n%s", diff)
	}
	own := b.figuresOf(t, "alice", "")
	if own.Scope != "own" || own.Submitted != 3 || own.Release.Released != 2 || own.ByStatus[0] != (Tally{"released", "released", 2}) {
		t.Errorf("of alice: %+v", own)
	}
}

// P8, and unknown is never zero: bob sees nothing of alice's releases, and
// where nothing was released there is no time.
func TestStatisticsOfAnotherShowNothing(t *testing.T) {
	t.Parallel()
	b := busy(t)
	a := b.ask(t, "bob", http.MethodGet, statisticsPath, nil)
	got := read[Statistics](t, a, http.StatusOK)
	if got.Submitted != 1 || len(got.ByStatus) != 1 || got.Release != (ReleaseTimes{}) || len(got.ReleaseMode) != 0 {
		t.Errorf("of bob: %s", a.body)
	}
	for _, word := range []string{"median_ms", "p90_ms"} {
		if bytes.Contains(a.body, []byte(word)) {
			t.Errorf("%s stands where nothing was released: %s", word, a.body)
		}
	}
	if full := b.ask(t, "alice", http.MethodGet, statisticsPath, nil); !bytes.Contains(full.body, []byte("median_ms")) {
		t.Errorf("the words that are looked for do not occur at all: %s", full.body)
	}
	for _, role := range []auth.Role{auth.Customs, auth.Terminal, auth.Carrier} {
		refused(t, b.ask(t, string(role), http.MethodGet, statisticsPath, nil), http.StatusForbidden, "forbidden_role")
	}
}

func TestStatisticsOfAPeriod(t *testing.T) {
	t.Parallel()
	b := busy(t)
	for query, want := range map[string][2]int64{ // submitted, released
		"?from=2026-01-05&to=2026-01-05": {0, 2},
		"?from=2026-01-06&to=2026-01-06": {4, 0},
		"?from=2026-01-01&to=2026-01-31": {4, 2},
		"?from=" + url.QueryEscape("2026-01-05T10:20:00+08:00") + "&to=" + url.QueryEscape("2026-01-05T12:05:00+08:00"): {0, 1},
		"?from=2026-01-05T02:20:01Z&to=2026-01-05T04:05:01Z":                                                            {0, 1},
		"?to=2026-01-04": {0, 0},
	} {
		got := b.figuresOf(t, "authority", query)
		if got.Submitted != want[0] || got.Release.Released != want[1] {
			t.Errorf("%s: %d submitted, %d released, want %v", query, got.Submitted, got.Release.Released, want)
		}
	}
	day := b.figuresOf(t, "authority", "?from=2026-01-05&to=2026-01-05")
	if day.From.Format(time.RFC3339) != "2026-01-04T16:00:00Z" || day.To.Format(time.RFC3339) != "2026-01-05T16:00:00Z" {
		t.Errorf("a day at the port is from %v to %v", day.From, day.To)
	}
	for _, query := range []string{"?from=2026-01-07", "?from=yesterday", "?to=2026-02-30", "?from=2024-01-01&to=2026-01-01", "?from=2026-01-05T10:20:00", "?mode=transit", "?from=1900-01-01&to=1900-01-02"} {
		refused(t, b.ask(t, "authority", http.MethodGet, statisticsPath+query, nil), http.StatusUnprocessableEntity, "invalid")
	}
}

func TestStatisticsByMode(t *testing.T) {
	t.Parallel()
	b := setup(t, inJanuary)
	b.submittedBy(t, "alice", "A1", func(d *declarations.Declaration) { d.Header.FormType = "CL" })
	b.submittedBy(t, "alice", "A2")
	b.submittedBy(t, "bob", "B1")
	got := read[Statistics](t, b.ask(t, "authority", http.MethodGet, statisticsPath, nil, "Accept-Language", "zh-CN"), http.StatusOK)
	want := []Tally{{"ordinary", "一般申报", 2}, {"consolidated_duty", "汇总征税", 1}}
	if diff := cmp.Diff(want, got.ByMode); diff != "" {
		t.Errorf("by mode (-want +got):\n%s", diff)
	}
}
