package feeds

import (
	"bytes"
	"encoding/xml"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
	"kouan/tariffs"
)

// atom is a feed as RFC 4287 has it, read without our writer's types.
type atom struct {
	XMLName xml.Name
	Lang    string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      []string `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []struct {
		Name []string `xml:"http://www.w3.org/2005/Atom name"`
	} `xml:"http://www.w3.org/2005/Atom author"`
	Links   []atomRead  `xml:"http://www.w3.org/2005/Atom link"`
	Entries []entryRead `xml:"http://www.w3.org/2005/Atom entry"`
}

type entryRead struct {
	ID         []string   `xml:"http://www.w3.org/2005/Atom id"`
	Title      []string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated    []string   `xml:"http://www.w3.org/2005/Atom updated"`
	Content    []string   `xml:"http://www.w3.org/2005/Atom content"`
	Links      []atomRead `xml:"http://www.w3.org/2005/Atom link"`
	Categories []struct {
		Term   string `xml:"term,attr"`
		Scheme string `xml:"scheme,attr"`
	} `xml:"http://www.w3.org/2005/Atom category"`
}

type atomRead struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)

// readAtom reads a page and holds it against the rules of RFC 4287.
func readAtom(t *testing.T, f *Feed) *atom {
	t.Helper()
	var out bytes.Buffer
	if has, err := f.Atom(&out); err != nil || !has {
		t.Fatalf("page %d: %t %v", f.Page, has, err)
	}
	var a atom
	if err := xml.Unmarshal(out.Bytes(), &a); err != nil {
		t.Fatalf("%v\n%s", err, out.Bytes())
	}
	if a.XMLName.Space != "http://www.w3.org/2005/Atom" || a.XMLName.Local != "feed" || a.Lang != string(f.Lang) {
		t.Errorf("root %v, language %s", a.XMLName, a.Lang)
	}
	// 4.1.1: exactly one id, title and updated; an author, since entries have none.
	one := func(what string, values []string) string {
		if len(values) != 1 || values[0] == "" {
			t.Errorf("%s: %q", what, values)
			return ""
		}
		return values[0]
	}
	absolute := func(what, iri string) {
		if u, err := url.Parse(iri); err != nil || u.Scheme == "" { // 4.2.6: an id is absolute
			t.Errorf("%s %q is not absolute", what, iri)
		}
	}
	absolute("id", one("id", a.ID))
	one("title", a.Title)
	if len(a.Author) != 1 || len(a.Author[0].Name) != 1 {
		t.Errorf("authors %v", a.Author)
	}
	self, seen := 0, map[string]bool{}
	for _, l := range a.Links {
		if l.Rel == "self" {
			self++
		}
	}
	if self != 1 {
		t.Errorf("%d links to itself", self)
	}
	stamps := []string{one("updated", a.Updated)}
	for i := range a.Entries {
		e := &a.Entries[i]
		key := one("entry id", e.ID)
		absolute("entry id", key)
		if seen[key] {
			t.Errorf("id %s stands twice: %v", key, e.Title)
		}
		seen[key] = true
		one("entry title", e.Title)
		one("entry content", e.Content)
		stamps = append(stamps, one("entry updated", e.Updated))
		if len(e.Links) != 1 || e.Links[0].Rel != "alternate" || len(e.Categories) != 2 {
			t.Errorf("entry %v: %v %v", e.Title, e.Links, e.Categories)
		}
		for _, text := range []string{e.Title[0], e.Content[0]} {
			for _, bad := range []string{"fee_", "ui.", "(?)", "{{"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: entry says %q", f.Lang, text)
				}
			}
		}
	}
	for i, s := range stamps { // 3.3, and the newest first as readers expect
		if !rfc3339.MatchString(s) || s > stamps[0] || i > 1 && s > stamps[i-1] {
			t.Errorf("time %q after %q", s, stamps[max(0, i-1)])
		}
	}
	return &a
}

// edited is the built-in catalogue with cells of its rates written otherwise.
func edited(t *testing.T, pairs ...string) *tariffs.Catalogue {
	t.Helper()
	files := fstest.MapFS{}
	names, err := os.ReadDir("../tables")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		body, err := os.ReadFile("../tables/" + n.Name())
		if err != nil {
			t.Fatal(err)
		}
		if n.Name() == "rates.csv" {
			text := string(body)
			for i := 0; i+1 < len(pairs); i += 2 {
				if !strings.Contains(text, pairs[i]) {
					t.Fatalf("no %q in the rates", pairs[i])
				}
				text = strings.Replace(text, pairs[i], pairs[i+1], 1)
			}
			body = []byte(text)
		}
		files[n.Name()] = &fstest.MapFile{Data: body}
	}
	c, err := tariffs.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func editions(t *testing.T) []Edition {
	t.Helper()
	first, second := tariffs.BuiltIn(), edited(t, ",0,40000,,10,0.45,CNY,NTT", ",0,40000,,10,0.44,CNY,NTT")
	return []Edition{
		{Number: 1, Catalogue: first, Digest: first.Version, Published: noon, Effective: noon},
		{Number: 2, Catalogue: second, Digest: second.Version, Published: noon.Add(24 * time.Hour), Effective: noon.Add(48 * time.Hour)},
	}
}

func TestTheFeedIsAtom(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		f := &Feed{Editions: editions(t), InForce: 2, Lang: lang, Origin: "https://port.example", Path: "/fees/changes.atom", Page: 1}
		entries := 0
		for f.Page = 1; ; f.Page++ {
			a := readAtom(t, f)
			entries += len(a.Entries)
			if !slices.ContainsFunc(a.Links, func(l atomRead) bool { return l.Rel == "next" }) {
				break
			}
		}
		if want := len(f.entries()); entries != want || f.Page < 2 {
			t.Errorf("%s: %d entries on %d pages, want %d", lang, entries, f.Page, want)
		}
		f.Page++
		if has, err := f.Atom(&bytes.Buffer{}); has || err != nil {
			t.Errorf("a page after the last: %t %v", has, err)
		}
	}
}

func TestAnEntryTellsWhatWasAndWhatIs(t *testing.T) {
	t.Parallel()
	f := &Feed{Editions: editions(t), InForce: 2, Lang: i18n.En, Item: "PILOTAGE", Path: "/fees/changes.atom", Page: 1}
	a := readAtom(t, f)
	var told []string
	for _, e := range a.Entries {
		if strings.HasPrefix(e.Updated[0], "2026-11-26") && strings.Contains(e.Title[0], " → ") && !strings.Contains(e.Title[0], "From ") {
			told = append(told, e.Title[0]+"\n"+e.Content[0])
		}
		if e.Categories[0].Term != "PILOTAGE" {
			t.Errorf("an entry about %s", e.Categories[0].Term)
		}
	}
	want := "pilotage 1A: at most 0.45 × 0.90 · CNY per net ton → at most 0.44 × 0.90 · CNY per net ton"
	if len(told) != 1 || !strings.HasPrefix(told[0], want+"\n") {
		t.Fatalf("edition 2 changed %q, want %s", told, want)
	}
	for _, part := range []string{"effective date: ", "交水规〔2019〕2号", "verification status: ", "Edition 2 of the catalogue, published on 2026-11-26"} {
		if !strings.Contains(told[0], part) {
			t.Errorf("the entry does not say %q:\n%s", part, told[0])
		}
	}
	f.Lang = i18n.De
	if a := readAtom(t, f); !slices.ContainsFunc(a.Entries, func(e entryRead) bool {
		return strings.Contains(e.Title[0], "höchstens 0,45")
	}) {
		t.Error("numbers are not those of German")
	}
}

func TestComingExpiredAndWithdrawn(t *testing.T) {
	t.Parallel()
	titles := func(f *Feed) []string {
		var out []string
		for _, e := range f.entries() {
			out = append(out, e.Title)
		}
		return out
	}
	all := &Feed{Editions: editions(t), InForce: 2, Lang: i18n.En, Page: 1}
	second := edited(t, ",0,40000,,10,0.45,CNY,NTT", ",0,40000,,10,0.44,CNY,NTT", "0.004,CNY,NTT.NMI,true,2019-04-01,,", "0.004,CNY,NTT.NMI,true,2019-04-01,2027-04-16,")
	all.Editions[1].Catalogue, all.Editions[1].Digest = second, second.Version
	has := func(list []string, part string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
	}
	if list := titles(all); !has(list, "From 2027-04-17, pilotage 1B") || !has(list, "its stated term ended on 2024-03-31") || has(list, "Withdrawn") {
		t.Errorf("%q", list[:min(12, len(list))])
	}
	all.InForce, all.Item, all.Editions[1].Withdrawn = 1, "PILOTAGE", noon.Add(72*time.Hour)
	if list := titles(all); !has(list, "Withdrawn: pilotage 1A goes back from at most 0.44") {
		t.Errorf("edition 2 was withdrawn: %q", list)
	}
	if list := readAtom(t, all).Entries; !strings.HasPrefix(list[0].Updated[0], "2026-11-28") {
		t.Errorf("the withdrawal is not the newest: %v", list[0])
	}
	all.Editions[1].Withdrawn = time.Time{}
	if list := titles(all); !has(list, "From 2026-11-27, pilotage 1A: at most 0.45 × 0.90 · CNY per net ton → at most 0.44") || has(list, "Withdrawn") {
		t.Errorf("edition 2 is to come: %q", list)
	}
	all.Item, all.Collector = "", "customs"
	for i, e := range all.entries() {
		if e.Categories[1].Term != "customs" {
			t.Errorf("entry %d of the customs is of %s", i, e.Categories[1].Term)
		}
	}
	if len(all.entries()) < 24 { // the table of tonnage dues
		t.Errorf("%d entries of the customs", len(all.entries()))
	}
}

func TestAnEntryKeepsItsID(t *testing.T) {
	t.Parallel()
	ids := func(f *Feed) map[string]bool {
		out := map[string]bool{}
		for _, e := range f.entries() {
			out[e.ID] = true
		}
		return out
	}
	both := editions(t)
	before, after := ids(&Feed{Editions: both[:1], InForce: 1, Lang: i18n.En}), ids(&Feed{Editions: both, InForce: 2, Lang: i18n.Ru, Origin: "https://elsewhere.example"})
	lost := 0
	for id := range before {
		if !after[id] {
			lost++
		}
	}
	if lost > 0 || len(after) != len(before)+1 {
		t.Errorf("%d of %d entries have another id after the next edition, %d in all", lost, len(before), len(after))
	}
}

func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	c := edited(t, "PILOTAGE-2019-010,CN,PILOTAGE,1A,", "PILOTAGE-2019-010,CN,PILOTAGE,<b>]]>&\x0b\u2028,")
	f := &Feed{Editions: []Edition{{Number: 1, Catalogue: c, Digest: c.Version, Published: noon, Effective: noon}}, InForce: 1, Lang: i18n.En, Item: "PILOTAGE", Page: 1}
	a := readAtom(t, f)
	if !slices.ContainsFunc(a.Entries, func(e entryRead) bool { return strings.Contains(e.Title[0], "pilotage <b>]]>&\ufffd") }) {
		t.Errorf("the text is lost: %q", a.Entries[0].Title)
	}
}

func TestTheSitemap(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	pages := append(PagesOf(tariffs.BuiltIn(), "/", "/fees"), Page{"/fees/NEW", []i18n.Lang{i18n.ZhHans}})
	if err := Sitemap(&out, "https://port.example", pages, noon, func(path string) string { return "/choose?page=" + path }); err != nil {
		t.Fatal(err)
	}
	var m struct {
		URLs []struct {
			Loc   string `xml:"loc"`
			Mod   string `xml:"lastmod"`
			Links []struct {
				Rel  string `xml:"rel,attr"`
				Lang string `xml:"hreflang,attr"`
				Href string `xml:"href,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	if err := xml.Unmarshal(out.Bytes(), &m); err != nil {
		t.Fatal(err)
	}
	if want := 7*(2+len(tariffs.BuiltIn().Items)) + 1; len(m.URLs) != want {
		t.Errorf("%d addresses, want %d", len(m.URLs), want)
	}
	others := map[string][]string{}
	for _, u := range m.URLs {
		if !strings.HasPrefix(u.Loc, "https://port.example/") || u.Mod == "" {
			t.Errorf("address %q, changed %q", u.Loc, u.Mod)
		}
		for _, l := range u.Links {
			others[u.Loc] = append(others[u.Loc], l.Lang+" "+l.Href)
		}
	}
	for loc, list := range others { // reciprocal: each names the same group, itself included
		for _, one := range list {
			lang, href, _ := strings.Cut(one, " ")
			if lang == "x-default" {
				continue
			}
			if diff := cmp.Diff(list, others[href]); diff != "" {
				t.Errorf("%s and %s do not name each other (-want +got):\n%s", loc, href, diff)
			}
		}
	}
	if got := others["https://port.example/zh-Hans/fees/NEW"]; len(got) != 2 {
		t.Errorf("a page without translation is offered as %q", got)
	}
	if got := others["https://port.example/en/fees/PILOTAGE"]; len(got) != 8 || got[7] != "x-default https://port.example/choose?page=/fees/PILOTAGE" {
		t.Errorf("%q", got)
	}
}

func TestRobots(t *testing.T) {
	t.Parallel()
	if got := Robots("https://port.example"); !strings.HasSuffix(got, "Sitemap: https://port.example/sitemap.xml\n") || !strings.Contains(got, "Disallow: /*/answers/\n") || strings.Contains(got, "Disallow: /*/fees\n") {
		t.Errorf("%s", got)
	}
	if got := Robots(""); strings.Contains(got, "Sitemap") {
		t.Errorf("a map without an address: %s", got)
	}
}

// BenchmarkAtom writes the first page of the feed of two editions.
func BenchmarkAtom(b *testing.B) {
	c := tariffs.BuiltIn()
	f := &Feed{Editions: []Edition{{Number: 1, Catalogue: c, Digest: c.Version, Published: noon, Effective: noon}}, InForce: 1, Lang: i18n.De, Page: 1}
	b.ReportAllocs()
	for b.Loop() {
		if has, err := f.Atom(&bytes.Buffer{}); err != nil || !has {
			b.Fatal(has, err)
		}
	}
}
