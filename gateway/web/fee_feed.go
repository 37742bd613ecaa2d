package web

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/feeds"
)

// The publication for machines: the same rows in each form, without sign-in,
// from memory. Addresses of theirs have no language, their words come by ?lang=.

// codeNoItem: the catalogue has no such charge; args: value.
const codeNoItem = "FEE-1180"

// feeFeedRoutes is the table of these files.
func (s *server) feeFeedRoutes() {
	list := []string{"on", "item", "trade", "payer"}
	s.feeFile("GET /fees.csv", "text/csv; charset=utf-8; header=present", (*server).feesCSV, list...)
	s.feeFile("GET /fees.json", "application/json", (*server).feesJSON, list...)
	s.feeFile("GET /fees.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (*server).feesBook, list...)
	s.feeFile("GET /fees.csv-metadata.json", "application/csvm+json", (*server).feesMetadata, "on")
	s.feeFile("GET /fees.jsonld", "application/ld+json", (*server).feesLinked, "on", "item", "lang")
	s.feeFile("GET /fees/changes.atom", "application/atom+xml; charset=utf-8", (*server).feeChanges, "item", "collector", "lang", "page")
	s.feeFile("GET /sitemap.xml", "application/xml; charset=utf-8", (*server).sitemap)
	s.feeFile("GET /robots.txt", "text/plain; charset=utf-8", (*server).robots)
}

// isFeeFile reports paths without a language that belong to the publication.
func isFeeFile(path string) bool {
	return strings.HasPrefix(path, "/fees") || path == "/sitemap.xml" || path == "/robots.txt"
}

// feeFile registers a file. What is asked for wrongly gets a problem, or the
// error page in a browser.
func (s *server) feeFile(pattern, kind string, write func(*server, http.Header, io.Writer, *visit) error, params ...string) {
	s.publicFile(pattern, func(w http.ResponseWriter, v *visit) error {
		var out bytes.Buffer
		if err := write(s, w.Header(), &out, v); err != nil {
			return err
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Access-Control-Allow-Origin", "*") // open data: pages of others may read it
		_, err := w.Write(out.Bytes())
		return err
	}, params...)
}

// feeList is the list that a query chooses.
func (s *server) feeList(v *visit) (*feeds.List, error) {
	q, c := v.URL.Query(), v.edition.Catalogue
	var faults []declarations.Fault
	day := tariffs.DayOf(s.Clock())
	if on := q.Get("on"); on != "" {
		var isDay bool
		if day, isDay = tariffs.ParseDay(on); !isDay {
			faults = append(faults, strictjson.Reject(tariffs.CodeDay, "on", "value", strictjson.Shown(on)))
		}
	}
	f := tariffs.RowFilter{Item: q.Get("item"), Trade: q.Get("trade"), Payer: q.Get("payer")}
	if f.Item != "" && c.Item(f.Item) == nil {
		faults = append(faults, strictjson.Reject(codeNoItem, "item", "value", strictjson.Shown(f.Item)))
	}
	faults = append(faults, oneOf("trade", f.Trade, "international", "domestic")...)
	faults = append(faults, oneOf("payer", f.Payer, "ship", "cargo")...)
	if len(faults) > 0 {
		return nil, &desk.FaultsError{Faults: faults}
	}
	return &feeds.List{Edition: v.edition.Number, Catalogue: c.Version, Day: day, PublishedAt: v.edition.PublishedAt.UTC(), Prevails: string(i18n.ZhHans), Rows: c.Rows(day, f)}, nil
}

// oneOf is the fault of a value that is none of the choices; empty is no choice.
func oneOf(path, value string, known ...string) []declarations.Fault {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return []declarations.Fault{strictjson.Reject(tariffs.CodeChoice, path, "value", strictjson.Shown(value), "known", strings.Join(known, ", "))}
}

// feeLang is the language of a file's words; Chinese unless asked for.
func feeLang(v *visit) (i18n.Lang, error) {
	given := v.URL.Query().Get("lang")
	if given == "" {
		return i18n.ZhHans, nil
	}
	if lang, ok := i18n.Parse(given); ok {
		return lang, nil
	}
	var known []string
	for _, lang := range i18n.Languages() {
		known = append(known, string(lang))
	}
	return "", &desk.FaultsError{Faults: oneOf("lang", given, known...)}
}

func (s *server) feesCSV(h http.Header, w io.Writer, v *visit) error {
	l, err := s.feeList(v)
	if err != nil {
		return err
	}
	h.Set("Link", `</fees.csv-metadata.json>; rel="describedby"; type="application/csvm+json"`) // CSVW, 5.2
	h.Set("Content-Disposition", `attachment; filename="kouan-fees-`+string(l.Day)+`.csv"`)
	return l.CSV(w)
}

func (s *server) feesJSON(_ http.Header, w io.Writer, v *visit) error {
	l, err := s.feeList(v)
	if err != nil {
		return err
	}
	return l.JSON(w)
}

func (s *server) feesBook(h http.Header, w io.Writer, v *visit) error {
	l, err := s.feeList(v)
	if err != nil {
		return err
	}
	h.Set("Content-Disposition", `attachment; filename="kouan-fees-`+string(l.Day)+`.xlsx"`)
	return l.Book(w)
}

func (s *server) feesMetadata(_ http.Header, w io.Writer, v *visit) error {
	l, err := s.feeList(v)
	if err != nil {
		return err
	}
	return l.Metadata(w, "fees.csv")
}

// feesLinked is one item as linked data, or a list of all.
func (s *server) feesLinked(_ http.Header, w io.Writer, v *visit) error {
	l, err := s.feeList(v)
	if err != nil {
		return err
	}
	lang, err := feeLang(v)
	if err != nil {
		return err
	}
	codes := []string{v.URL.Query().Get("item")}
	if codes[0] == "" {
		codes = codes[:0]
		for i := range v.edition.Catalogue.Items {
			codes = append(codes, v.edition.Catalogue.Items[i].Code)
		}
	}
	for i, code := range codes {
		body, err := l.Linked(v.edition.Catalogue, code, s.Public()+"/fees/"+code, lang)
		if err != nil {
			return err
		}
		before, after := "", ""
		if len(codes) > 1 {
			before = ",\n"
			if i == 0 {
				before = "[\n"
			}
			if i == len(codes)-1 {
				after = "\n]"
			}
		}
		if _, err := io.WriteString(w, before+string(body)+after); err != nil {
			return err
		}
	}
	return nil
}

func (s *server) sitemap(_ http.Header, w io.Writer, v *visit) error {
	if s.Public() == "" { // a map names whole addresses (sitemaps.org)
		return errNoPage
	}
	return feeds.Sitemap(w, s.Public(), feeds.PagesOf(v.edition.Catalogue, s.fixed...), v.edition.PublishedAt, chooserOf)
}

func (s *server) robots(_ http.Header, w io.Writer, _ *visit) error {
	_, err := io.WriteString(w, feeds.Robots(s.Public()))
	return err
}
