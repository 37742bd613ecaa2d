package feeds

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kouan/i18n"
	"kouan/tariffs"
)

// Edition is one published catalogue.
type Edition struct {
	Number               int
	Catalogue            *tariffs.Catalogue
	Digest               string
	Published, Effective time.Time
	Withdrawn            time.Time // zero: it was not
}

// Feed is what a feed of changes is made from and chosen by.
type Feed struct {
	Editions  []Edition // that were published, in the order of their numbers, also withdrawn ones and those to come
	InForce   int       // number
	Lang      i18n.Lang
	Item      string // code; empty: all
	Collector string // as the catalogue names it; empty: all
	Origin    string // https://host, before the paths of pages; empty: not known, paths stand alone
	Path      string // of the feed itself
	Page      int    // from 1
}

// perPage bounds a feed; what is older stands on the pages after it (RFC 5005, 3).
const perPage = 100

// names is the namespace of entry ids: an entry has the same id in every
// process and at every address (RFC 4287, 4.2.6).
var names = uuid.NewSHA1(uuid.NameSpaceURL, []byte(space))

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Author   atomAuthor  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"hreflang,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomText       `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// entries of all editions, the newest first: what each changed or is going to
// change, what a withdrawal took back, and of the one in force what it has for
// days to come and the terms that ended.
func (f *Feed) entries() []atomEntry {
	var out []atomEntry
	var before *Edition // the last one that stands
	for i := range f.Editions {
		e := &f.Editions[i]
		why := "edition"
		if e.Number > f.InForce && e.Withdrawn.IsZero() {
			why = "coming"
		}
		out = append(out, f.step(before, e, e.Published, why)...)
		if !e.Withdrawn.IsZero() && before != nil {
			out = append(out, f.step(e, before, e.Withdrawn, "withdrawn")...)
			continue
		}
		before = e
	}
	if at := slices.IndexFunc(f.Editions, func(e Edition) bool { return e.Number == f.InForce }); at >= 0 {
		now := &f.Editions[at]
		out = append(out, f.coming(now)...)
		out = append(out, f.expired(now)...)
	}
	slices.SortStableFunc(out, func(a, b atomEntry) int { return strings.Compare(b.Updated, a.Updated) })
	return out
}

// step is what an edition changed, as of the day on which it takes effect.
func (f *Feed) step(before, e *Edition, at time.Time, why string) []atomEntry {
	day := e.day()
	if why == "withdrawn" {
		day = tariffs.DayOf(at)
	}
	var old []tariffs.Row
	if before != nil {
		old = before.Catalogue.Rows(day, tariffs.RowFilter{})
	}
	var out []atomEntry
	for _, ch := range Changes(old, e.Catalogue.Rows(day, tariffs.RowFilter{})) {
		if f.wants(ch.Row()) {
			out = append(out, f.changeEntry(e, &ch, at, day, why))
		}
	}
	return out
}

func (e *Edition) day() tariffs.Day {
	if e.Effective.IsZero() {
		return tariffs.DayOf(e.Published)
	}
	return tariffs.DayOf(e.Effective)
}

func (f *Feed) coming(e *Edition) []atomEntry {
	var out []atomEntry
	for _, c := range ComingOf(e.Catalogue, e.day()) {
		for i := range c.Changes {
			if f.wants(c.Changes[i].Row()) {
				out = append(out, f.changeEntry(e, &c.Changes[i], e.Published, c.Day, "coming"))
			}
		}
	}
	return out
}

func (f *Feed) expired(e *Edition) []atomEntry {
	var out []atomEntry
	all := e.Catalogue.Rows(e.day(), tariffs.RowFilter{})
	for _, n := range Expired(e.Catalogue, e.day()) {
		var rows []tariffs.Row
		for _, r := range all {
			if stands(&r, n.ID) && f.wants(&r) {
				rows = append(rows, r)
			}
		}
		if len(rows) > 0 {
			out = append(out, f.expiredEntry(e, n, rows))
		}
	}
	return out
}

func (f *Feed) wants(r *tariffs.Row) bool {
	return (f.Item == "" || r.Item == f.Item) && (f.Collector == "" || r.Collector == f.Collector)
}

// Pages is how many pages the feed has, at least one.
func pagesOf(entries int) int { return max(1, (entries+perPage-1)/perPage) }

// Atom writes a page of the feed (RFC 4287); false: there is no such page.
func (f *Feed) Atom(w io.Writer) (bool, error) {
	all := f.entries()
	pages := pagesOf(len(all))
	if f.Page < 1 || f.Page > pages {
		return false, nil
	}
	words := i18n.For(f.Lang)
	feed := atomFeed{Lang: string(f.Lang), ID: "urn:uuid:" + uuid.NewSHA1(names, []byte("feed\x00"+f.Item+"\x00"+f.Collector+"\x00"+string(f.Lang))).String(),
		Title: words.Text("fee_feed.title", nil), Subtitle: tariffs.Terms()["ui.prevails"].Texts[string(f.Lang)], Author: atomAuthor{"Kouan 口岸"},
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Lang: string(f.Lang), Href: f.page("/fees")}, {Rel: "self", Type: "application/atom+xml", Href: f.self(f.Page)}}}
	if pages > 1 {
		feed.Links = append(feed.Links, atomLink{Rel: "first", Href: f.self(1)}, atomLink{Rel: "last", Href: f.self(pages)})
	}
	if f.Page > 1 {
		feed.Links = append(feed.Links, atomLink{Rel: "previous", Href: f.self(f.Page - 1)})
	}
	if f.Page < pages {
		feed.Links = append(feed.Links, atomLink{Rel: "next", Href: f.self(f.Page + 1)})
	}
	updated := time.Time{}
	for i := range f.Editions {
		for _, at := range []time.Time{f.Editions[i].Published, f.Editions[i].Withdrawn} {
			if at.After(updated) {
				updated = at
			}
		}
	}
	feed.Updated = stamp(updated)
	feed.Entries = all[(f.Page-1)*perPage : min(len(all), f.Page*perPage)]
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return true, fmt.Errorf("write feed: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(&feed); err != nil {
		return true, fmt.Errorf("write feed: %w", err)
	}
	return true, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (f *Feed) page(path string) string { return f.Origin + "/" + string(f.Lang) + path }

func (f *Feed) self(page int) string {
	q := url.Values{"lang": {string(f.Lang)}}
	if f.Item != "" {
		q.Set("item", f.Item)
	}
	if f.Collector != "" {
		q.Set("collector", f.Collector)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	return f.Origin + f.Path + "?" + q.Encode()
}
