package web

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/feeds"
)

// feedFiles are all files of the publication with their types.
var feedFiles = map[string]string{
	"/fees.csv": "text/csv; charset=utf-8; header=present", "/fees.json": "application/json", "/fees.csv-metadata.json": "application/csvm+json",
	"/fees.xlsx":   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"/fees.jsonld": "application/ld+json", "/fees/changes.atom": "application/atom+xml; charset=utf-8",
	"/sitemap.xml": "application/xml; charset=utf-8", "/robots.txt": "text/plain; charset=utf-8",
}

func feedSite(t testing.TB) *bundle {
	t.Helper()
	b := setup(t)
	b.handler.(*server).Public = func() string { return far }
	return b
}

func TestFilesOfThePublication(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	for path, kind := range feedFiles {
		head := b.ask(t, "HEAD", far+path)
		a := b.ask(t, "GET", far+path)
		h := a.Header()
		if a.Code != http.StatusOK || h.Get("Content-Type") != kind || h.Get("Etag") == "" || h.Get("Vary") != "Accept-Encoding" || a.Body.Len() == 0 ||
			!strings.Contains(h.Get("Cache-Control"), "must-revalidate") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, a.Code, h)
		}
		if diff := cmp.Diff(h, head.Header()); diff != "" || head.Body.Len() > 0 {
			t.Errorf("%s: HEAD differs: %s", path, diff)
		}
		if again := b.ask(t, "GET", far+path, "If-None-Match", h.Get("Etag")); again.Code != http.StatusNotModified {
			t.Errorf("%s: asked again: %d", path, again.Code)
		}
		for _, other := range []*httptest.ResponseRecorder{
			b.ask(t, "GET", "https://evil.example"+path+"?evil=1", "Accept-Language", "ru", "X-Forwarded-Host", "evil.example"),
			b.browser(t, "terminal").get(t, path), // who is signed in gets the same
		} {
			if !bytes.Equal(other.Body.Bytes(), a.Body.Bytes()) || bytes.Contains(other.Body.Bytes(), []byte("evil")) {
				t.Errorf("%s differs by who asks", path)
			}
		}
		if a := b.ask(t, "POST", far+path, "Sec-Fetch-Site", "same-origin"); a.Code < 400 {
			t.Errorf("%s takes a POST: %d", path, a.Code)
		}
		if packed := b.ask(t, "GET", far+path, "Accept-Encoding", "gzip"); packed.Body.Len() > budget {
			t.Errorf("%s weighs %d bytes packed", path, packed.Body.Len())
		}
	}
}

func TestTheSameRowsInEachFile(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	const query = "?on=2021-05-01&payer=cargo"
	e, err := b.desk.FeeEdition(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := e.Catalogue.Rows("2021-05-01", tariffs.RowFilter{Payer: "cargo"})
	version, rows, err := tariffs.ReadRows(b.ask(t, "GET", far+"/fees.csv"+query).Body)
	if err != nil || version != tariffs.BuiltIn().Version {
		t.Fatalf("version %s, %v", version, err)
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	var l feeds.List
	if err := json.Unmarshal(b.ask(t, "GET", far+"/fees.json"+query).Body.Bytes(), &l, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, l.Rows); diff != "" || l.Catalogue != version || l.Day != "2021-05-01" || l.Edition != 1 {
		t.Errorf("JSON: %s %s %d (-want +got):\n%s", l.Catalogue, l.Day, l.Edition, diff)
	}
	f, err := excelize.OpenReader(b.ask(t, "GET", far+"/fees.xlsx"+query).Body)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(cells) != len(want)+1 || cells[1][0] != version || cells[1][1] != want[0].ID {
		t.Errorf("workbook: %d lines, %v", len(cells), err)
	}
	lines, err := csv.NewReader(b.ask(t, "GET", far+"/fees.csv").Body).ReadAll()
	if today := tariffs.BuiltIn().Rows("2026-11-26", tariffs.RowFilter{}); err != nil || len(lines) != len(today)+1 {
		t.Errorf("without a day: %d lines, want those of today: %d", len(lines), len(today)+1)
	}
}

func TestWrongQueriesOfFiles(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	for query, code := range map[string]string{
		"/fees.csv?on=2026-02-30": "FEE-1005", "/fees.json?on=tomorrow": "FEE-1005", "/fees.xlsx?item=NOPE": codeNoItem, "/fees.csv?trade=sea": "FEE-1002",
		"/fees.csv?payer=%3Cscript%3E": "FEE-1002", "/fees.jsonld?lang=xx": "FEE-1002", "/fees/changes.atom?lang=tlh": "FEE-1002",
		"/fees/changes.atom?collector=nobody": "FEE-1002", "/fees/changes.atom?item=nope": codeNoItem, "/fees/changes.atom?page=one": "FEE-1001",
		"/fees.csv-metadata.json?on=1": "FEE-1005", "/fees.csv?item=" + strings.Repeat("A", 5000): codeNoItem,
	} {
		a := b.ask(t, "GET", far+query, "Accept", "*/*", "Accept-Language", "fr")
		var p struct {
			Status int
			Faults []Fault `json:"faults"`
		}
		if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil {
			t.Errorf("%s: %v", query[:min(60, len(query))], err)
			continue
		}
		if a.Code != http.StatusUnprocessableEntity || len(p.Faults) != 1 || p.Faults[0].Code != code || len(p.Faults[0].Message) > 1500 || a.Header().Get("Cache-Control") != "no-store" || a.Header().Get("Etag") != "" {
			t.Errorf("%s: %d %+v %v", query[:min(60, len(query))], a.Code, p.Faults, a.Header())
		}
	}
	if body := b.ask(t, "GET", far+"/fees.csv?on=x").Body.String(); !strings.Contains(body, `"type":"urn:kouan:problem:invalid"`) || !strings.Contains(body, `"code":"invalid"`) {
		t.Errorf("a problem without its type: %s", body)
	}
	page := b.browser(t, "").get(t, "/fees.csv?on=x")
	if page.Code != http.StatusUnprocessableEntity || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
		t.Errorf("a browser: %d %s", page.Code, page.Header().Get("Content-Type"))
	}
	for _, path := range []string{"/fees/changes.atom?page=0", "/fees/changes.atom?page=99", "/fees.zip", "/feesx", "/fees/changes.atom/x"} {
		if a := b.ask(t, "GET", far+path); a.Code != http.StatusNotFound || a.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", path, a.Code, a.Header().Get("Content-Type"))
		}
	}
	if a := b.ask(t, "GET", far+"/fees.csv?on="+strings.Repeat("1", maxQuery)); a.Code != http.StatusRequestURITooLong {
		t.Errorf("a huge query: %d", a.Code)
	}
}

func TestFeedInALanguage(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	for _, lang := range i18n.Languages() {
		var f struct {
			Lang    string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Entries []struct {
				Link struct {
					Href string `xml:"href,attr"`
				} `xml:"link"`
			} `xml:"entry"`
		}
		a := b.ask(t, "GET", far+"/fees/changes.atom?item=TOWAGE&lang="+string(lang))
		if err := xml.Unmarshal(a.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if f.Lang != string(lang) || len(f.Entries) == 0 || f.Entries[len(f.Entries)-1].Link.Href != far+"/"+string(lang)+"/fees/TOWAGE" {
			t.Errorf("%s: %q, %d entries, %+v", lang, f.Lang, len(f.Entries), f.Entries[:1])
		}
	}
}

func TestWithoutAnAddressNothingNamesOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.handler.(*server).Public = func() string { return "" }
	if a := b.ask(t, "GET", far+"/sitemap.xml"); a.Code != http.StatusNotFound {
		t.Errorf("a sitemap of no address: %d", a.Code)
	}
	for _, path := range []string{"/robots.txt", "/fees/changes.atom", "/fees.jsonld"} {
		if body := b.ask(t, "GET", far+path).Body.String(); strings.Contains(body, "kouan.example") {
			t.Errorf("%s names the host that the request named", path)
		}
	}
}

func TestTheSitemapHasThePublicPages(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	s := b.handler.(*server)
	body := b.ask(t, "GET", far+"/sitemap.xml").Body.String()
	if len(s.fixed) == 0 {
		t.Error("no public page")
	}
	for _, path := range append(s.fixed, "/fees/PILOTAGE") {
		if a := b.ask(t, "GET", far+"/en"+path); a.Code != http.StatusOK {
			t.Errorf("/en%s: %d", path, a.Code)
		}
		for _, lang := range i18n.Languages() {
			if !strings.Contains(body, "<loc>"+far+"/"+string(lang)+path+"</loc>") {
				t.Errorf("no /%s%s", lang, path)
			}
		}
	}
}

func TestAFileIsOfItsDay(t *testing.T) {
	t.Parallel()
	b := feedSite(t)
	day := func() string { return b.ask(t, "GET", far+"/fees.csv").Header().Get("Content-Disposition") }
	if got := day(); !strings.Contains(got, "2026-11-26") {
		t.Errorf("%s", got)
	}
	b.later(14 * time.Hour) // midnight at the port
	if got := day(); !strings.Contains(got, "2026-11-27") {
		t.Errorf("the next day: %s", got)
	}
}
