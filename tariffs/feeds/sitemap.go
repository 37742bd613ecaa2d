package feeds

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"kouan/i18n"
	"kouan/tariffs"
)

// Page is a public page without its language: /fees/PILOTAGE.
type Page struct {
	Path      string
	Languages []i18n.Lang // in which its body is really translated
}

// PagesOf are the pages of a catalogue: fixed ones, in all languages, then
// one for each item.
func PagesOf(c *tariffs.Catalogue, fixed ...string) []Page {
	pages := make([]Page, 0, len(fixed)+len(c.Items))
	for _, path := range fixed {
		pages = append(pages, Page{path, i18n.Languages()})
	}
	for i := range c.Items {
		pages = append(pages, Page{"/fees/" + c.Items[i].Code, Translated(&c.Items[i])})
	}
	return pages
}

type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc        string      `xml:"loc"`
	LastMod    string      `xml:"lastmod,omitempty"`
	Alternates []alternate `xml:"xhtml:link"`
}

type alternate struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

// Sitemap lists each page in each language that it is translated into, with
// all of them beside it and, for everybody else, the address where the
// language is chosen. origin is https://host, chooser makes that address of a
// path.
func Sitemap(w io.Writer, origin string, pages []Page, changed time.Time, chooser func(path string) string) error {
	m := sitemap{XHTML: "http://www.w3.org/1999/xhtml"}
	for _, p := range pages {
		var all []alternate
		for _, lang := range p.Languages {
			all = append(all, alternate{"alternate", string(lang), origin + "/" + string(lang) + p.Path})
		}
		all = append(all, alternate{"alternate", "x-default", origin + chooser(p.Path)})
		for _, lang := range p.Languages {
			u := sitemapURL{Loc: origin + "/" + string(lang) + p.Path, Alternates: all}
			if !changed.IsZero() {
				u.LastMod = changed.UTC().Format(time.RFC3339)
			}
			m.URLs = append(m.URLs, u)
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write sitemap: %w", err)
	}
	if err := xml.NewEncoder(w).Encode(&m); err != nil {
		return fmt.Errorf("write sitemap: %w", err)
	}
	return nil
}

// private are the pages that are nobody's to find: signed-in parts, links
// that are a right, forms.
var private = []string{"/api/", "/*/sign-in", "/*/answers/", "/*/notices", "/*/inbox", "/*/fees/complaint", "/*/fees/check", "/*/fees/quotes/"}

// Robots tells robots (RFC 9309) what not to ask for, and where the map is;
// an empty origin: no map.
func Robots(origin string) string {
	var out strings.Builder
	out.WriteString("User-agent: *\n")
	for _, path := range private {
		out.WriteString("Disallow: " + path + "\n")
	}
	if origin != "" {
		out.WriteString("Sitemap: " + origin + "/sitemap.xml\n")
	}
	return out.String()
}
