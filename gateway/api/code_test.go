package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

const codesPath = "/api/v1/codes"

// onDay holds the clock at the evening of 31 March, which is 1 April at the port.
func onDay(c *Config) {
	c.Clock = func() time.Time { return time.Date(2026, 3, 31, 20, 0, 0, 0, time.UTC) }
}

// brought are tables of an operator.
func brought(t *testing.T, files map[string]string) (fstest.MapFS, func(*Config)) {
	t.Helper()
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	source, err := codes.NewSource(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, func(c *Config) { c.Codes = source }
}

func TestCodeTablesAreForEverybody(t *testing.T) {
	t.Parallel()
	b := setup(t, onDay)
	got := read[CodeTables](t, b.ask(t, "", http.MethodGet, codesPath, nil), http.StatusOK)
	if got.Edition != codes.Default().Edition() || got.Date != "2026-04-01" || len(got.Tables) != len(codes.Default().Names()) {
		t.Errorf("edition %s of %s with %d tables", got.Edition, got.Date, len(got.Tables))
	}
	for _, table := range got.Tables {
		if table.Count != len(codes.Default().Table(table.Table).Entries) || table.Title == "" || !table.BuiltIn || len(table.Digest) != 16 {
			t.Errorf("table %+v", table)
		}
		if table.Table == "ports" && (table.Complete || table.Gap != "taken from another list, not the official table") {
			t.Errorf("the ports are complete: %v, %q", table.Complete, table.Gap)
		}
	}
}

func TestCodesOfATableInTheCallersLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for lang, want := range map[string][3]string{"zh-CN": {"德国马克", "仅有一个第三方来源", "已停用"}, "en": {"German mark", "one third-party source only", "no longer used"}} {
		got := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+"/currencies?q=DEM", nil, "Accept-Language", lang), http.StatusOK)
		if len(got.Items) != 1 {
			t.Fatalf("%d codes", len(got.Items))
		}
		c := got.Items[0]
		if c.NameZh != "德国马克" || c.Status != codes.Secondary || c.Standing != "inactive" || c.Extra["old_numeric"] == "" {
			t.Errorf("DEM is %+v", c)
		}
		if diff := cmp.Diff(want, [3]string{c.Name, c.StatusText, c.StandingText}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

func TestCodesAreFoundAndNarrowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for query, want := range map[string]string{
		"/countries?q=142":  "CHN",
		"/currencies?q=142": "CNY",
		"/trade_modes?q=" + url.QueryEscape("０１１０"): "0110",
		"/enumerations?scope=IEFlag":                "I E",
		"/enumerations?scope=IEFlag&q=export":       "E",
		"/enumerations?scope=nothing":               "",
		"/countries?q=zzzz":                         "",
		"/duty_modes?limit=2":                       "1 2",
	} {
		got := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+query, nil), http.StatusOK)
		var found []string
		for _, c := range got.Items {
			found = append(found, c.Code)
		}
		if strings.Join(found, " ") != want {
			t.Errorf("%s finds %v, want %s", query, found, want)
		}
	}
}

func TestCodesInPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var got, want []string
	next, pages := "", 0
	for pages == 0 || next != "" {
		page := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+"/countries?limit=100&cursor="+next, nil), http.StatusOK)
		for _, c := range page.Items {
			got = append(got, c.NameEn)
		}
		next, pages = page.Next, pages+1
		if page.Found != 268 {
			t.Errorf("page %d says %d in all", pages, page.Found)
		}
	}
	for _, e := range codes.Default().Table("countries").Entries {
		want = append(want, e.NameEn)
	}
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}

func TestBadQueriesAboutCodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"?date=2026-02-30", "?date=tomorrow", "?q=x", "/countries?date=20260101", "/countries?limit=0", "/countries?limit=501", "/countries?limit=x",
		"/countries?cursor=%C2%A7", "/countries?cursor=bm9uc2Vuc2U", "/countries?colour=red", "/countries?q=" + strings.Repeat("x", 101)} {
		p := refused(t, b.ask(t, "", http.MethodGet, codesPath+path, nil), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Code != CodeParameter {
			t.Errorf("%s: %+v", path, p.Faults)
		}
	}
	for _, table := range []string{"colours", "countries.csv", "receipt_codes"} {
		refused(t, b.ask(t, "", http.MethodGet, codesPath+"/"+url.PathEscape(table), nil), http.StatusNotFound, "not_found")
	}
}

func TestCodesAreSentOnceAnEdition(t *testing.T) {
	t.Parallel()
	dir, with := brought(t, map[string]string{"duty_modes.csv": "code,name_zh,name_en,status\n1,一,one,confirmed\n"})
	var source *codes.Source
	b := setup(t, with, func(c *Config) { source = c.Codes })
	for _, path := range []string{codesPath, codesPath + "/duty_modes"} {
		first := b.ask(t, "", http.MethodGet, path, nil)
		tag := first.header.Get("ETag")
		if first.status != http.StatusOK || tag == "" || first.header.Get("Cache-Control") != "no-cache" {
			t.Fatalf("%d, ETag %q, %s", first.status, tag, first.header.Get("Cache-Control"))
		}
		for _, held := range []string{tag, `"x", ` + tag, "W/" + tag, "*"} {
			again := b.ask(t, "", http.MethodGet, path, nil, "If-None-Match", held)
			if again.status != http.StatusNotModified || len(again.body) != 0 || again.header.Get("ETag") != tag {
				t.Errorf("If-None-Match %s: %d, %d bytes", held, again.status, len(again.body))
			}
		}
		for name, change := range map[string][2]string{"language": {"Accept-Language", "zh-CN"}, "another tag": {"If-None-Match", `"x"`}} {
			headers := append([]string{"If-None-Match", tag}, change[:]...)
			if again := b.ask(t, "", http.MethodGet, path, nil, headers...); again.status != http.StatusOK {
				t.Errorf("another %s: %d", name, again.status)
			}
		}
		if again := b.ask(t, "", http.MethodGet, path+"?date=2026-01-01", nil, "If-None-Match", tag); again.status != http.StatusOK {
			t.Errorf("another day: %d", again.status)
		}
	}
	held := b.ask(t, "", http.MethodGet, codesPath+"/duty_modes", nil).header.Get("ETag")
	dir["duty_modes.csv"] = &fstest.MapFile{Data: []byte("code,name_zh,name_en,status\n1,一,first,confirmed\n"), ModTime: time.Unix(1, 0)}
	for range 2 {
		if _, err := source.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	got := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+"/duty_modes", nil, "If-None-Match", held), http.StatusOK)
	if got.BuiltIn || got.Items[0].NameEn != "first" {
		t.Errorf("after the change: %+v", got)
	}
}

// A cursor of one edition is none in the next: rows would be missed or doubled.
func TestCursorOfAnotherEditionIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	next := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+"/countries?limit=1", nil), http.StatusOK).Next
	_, with := brought(t, map[string]string{"duty_modes.csv": "code,name_zh,name_en,status\n1,一,one,confirmed\n"})
	other := setup(t, with)
	refused(t, other.ask(t, "", http.MethodGet, codesPath+"/countries?cursor="+next, nil), http.StatusUnprocessableEntity, "invalid")
}

func TestEditionOfTheDay(t *testing.T) {
	t.Parallel()
	_, with := brought(t, map[string]string{
		"duty_modes.2026-04-01.csv": "# incomplete: only the first\ncode,name_zh,name_en,valid_to,status\n1,一,april,,confirmed\n2,二,gone,2026-04-30,confirmed\n"})
	b := setup(t, with, onDay)
	for query, want := range map[string]CodeTable{
		"":                 {Count: 2, From: "2026-04-01", Gap: "only the first"},
		"?date=2026-05-01": {Count: 1, From: "2026-04-01", Gap: "only the first"},
		"?date=2026-03-31": {Count: 9, Complete: true, BuiltIn: true},
	} {
		page := read[Codes](t, b.ask(t, "", http.MethodGet, codesPath+"/duty_modes"+query, nil), http.StatusOK)
		if page.Found != want.Count || len(page.Items) != want.Count {
			t.Errorf("%q: %d found, %d shown, want %d", query, page.Found, len(page.Items), want.Count)
		}
		got := page.CodeTable
		got.Table, got.Title, got.Digest = "", "", ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
}

// Strangers have half of the places together, so that partners get through.
func TestStrangersCannotTakeAllPlaces(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.MaxInFlight = 4 })
	for range 2 {
		if !b.requests.enter() || !b.requests.claim("") {
			t.Fatal("no place")
		}
	}
	refused(t, b.ask(t, "", http.MethodGet, codesPath, nil), http.StatusTooManyRequests, "overload")
	if a := b.ask(t, "alice", http.MethodGet, all, nil); a.status != http.StatusOK {
		t.Errorf("a partner gets %d", a.status)
	}
}
