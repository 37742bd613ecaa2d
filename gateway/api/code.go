package api

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kouan/declarations/codes"
	"kouan/i18n"
)

// CodeTables is every table with what can be said of it as a whole.
type CodeTables struct {
	Edition string      `json:"edition" doc:"Changes when any table changes"`
	Date    string      `json:"date" format:"date" doc:"Day on which the codes are in force"`
	Tables  []CodeTable `json:"tables"`
}

// CodeTable is one table on a day.
type CodeTable struct {
	Table    string   `json:"table" example:"countries"`
	Title    string   `json:"title" doc:"In the caller's language"`
	Count    int      `json:"count" doc:"Codes in force on the day"`
	Complete bool     `json:"complete" doc:"Whether a code that is not in the table may be called wrong"`
	Gap      string   `json:"gap,omitzero" doc:"Why not, in the caller's language"`
	BuiltIn  bool     `json:"built_in" doc:"False for a table that the operator brought"`
	From     string   `json:"from,omitzero" format:"date" doc:"Day from which this edition of the table holds"`
	Digest   string   `json:"digest" doc:"First 16 hex digits of the SHA-256 of the edition"`
	Scopes   []string `json:"scopes,omitempty" doc:"The lists of a table of several"`
}

// Codes is one page of one table.
type Codes struct {
	CodeTable
	Edition string `json:"edition"`
	Date    string `json:"date" format:"date"`
	Found   int    `json:"found" doc:"Codes on all pages"`
	Items   []Code `json:"items"`
	Next    string `json:"next,omitzero" doc:"Cursor of the next page; absent on the last"`
}

// Code is one code with its names and how well it is borne out.
type Code struct {
	codes.Entry
	Name         string `json:"name" doc:"In the caller's language, as far as there is one"`
	StatusText   string `json:"status_text" doc:"In the caller's language"`
	Standing     string `json:"standing,omitzero" enum:"active,inactive,believed_active,believed_inactive" doc:"Whether the code is still used, where the table says so"`
	StandingText string `json:"standing_text,omitzero"`
}

// Codes on a page.
const (
	codesOnPage   = 100
	maxCodes      = 500
	maxCodesQuery = 100 // characters of a search
)

// codeTables is GET /api/v1/codes.
func (s *server) codeTables(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "date")
	if err != nil {
		return err
	}
	day, err := s.codeDay(q.Get("date"))
	if err != nil {
		return err
	}
	set := s.Codes.Set()
	if s.codesUnchanged(w, r, set, day) {
		return nil
	}
	words := i18n.For(language(r))
	out := CodeTables{Edition: set.Edition(), Date: day, Tables: make([]CodeTable, 0, len(set.Names()))}
	for _, name := range set.Names() {
		out.Tables = append(out.Tables, codeTable(words, set.Table(name).On(day), day))
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// codesOf is GET /api/v1/codes/{table}.
func (s *server) codesOf(w http.ResponseWriter, r *http.Request) error {
	q, err := query(r, "q", "date", "scope", "limit", "cursor")
	if err != nil {
		return err
	}
	day, err := s.codeDay(q.Get("date"))
	if err != nil {
		return err
	}
	if len([]rune(q.Get("q"))) > maxCodesQuery {
		return parameter("query", "q")
	}
	limit, err := pageSize(q.Get("limit"), codesOnPage, maxCodes)
	if err != nil {
		return err
	}
	set := s.Codes.Set()
	begin, err := openCodeCursor(q.Get("cursor"), set.Edition(), day)
	if err != nil {
		return err
	}
	table := set.Table(r.PathValue("table"))
	if table == nil {
		return errNoRoute
	}
	if s.codesUnchanged(w, r, set, day) {
		return nil
	}
	table = table.On(day)
	words := i18n.For(language(r))
	out := Codes{CodeTable: codeTable(words, table, day), Edition: set.Edition(), Date: day, Items: []Code{}}
	var scope *string
	if q.Has("scope") {
		scope = new(q.Get("scope"))
	}
	found := codesFound(table, q.Get("q"), day, scope)
	out.Found = len(found)
	begin = min(begin, len(found))
	end := min(begin+limit, len(found))
	for _, e := range found[begin:end] {
		out.Items = append(out.Items, codeIn(words, e))
	}
	if end < len(found) {
		out.Next = codeCursor(set.Edition(), day, end)
	}
	s.write(w, r, http.StatusOK, typeJSON, marshal(&out))
	return nil
}

// codeDay is the day that was asked for, else today at the port.
func (s *server) codeDay(v string) (string, error) {
	if v == "" {
		return codes.DayOf(s.Clock()), nil
	}
	if !codes.IsDay(v) {
		return "", parameter("query", "date")
	}
	return v, nil
}

// codesUnchanged sets the headers of an answer about codes, and answers 304
// when the caller has it. What else decides about the answer, path and query,
// is part of the address.
func (s *server) codesUnchanged(w http.ResponseWriter, r *http.Request, set *codes.Set, day string) bool {
	tag := `"` + set.Edition() + "-" + day + "-" + string(language(r)) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "no-cache") // keep it, and ask whether it is still so
	h.Set("Content-Language", string(language(r)))
	h.Set("Vary", "Accept-Language")
	for held := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if held = strings.TrimPrefix(strings.TrimSpace(held), "W/"); held == tag || held == "*" {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

func codeTable(words i18n.Printer, t *codes.Table, day string) CodeTable {
	out := CodeTable{Table: t.Name, Title: words.Code("table", t.Name), Complete: t.Complete(), Gap: words.Code("gap", t.Gap),
		BuiltIn: t.Edition.File == "", From: t.Edition.Day, Digest: t.Edition.Digest}
	seen := map[string]bool{}
	for i := range t.Entries {
		e := &t.Entries[i]
		if !e.In(day) {
			continue
		}
		out.Count++
		if e.Scope != "" && !seen[e.Scope] {
			seen[e.Scope] = true
			out.Scopes = append(out.Scopes, e.Scope)
		}
	}
	return out
}

// codesFound are the entries in force, all or what a search finds.
func codesFound(t *codes.Table, search, day string, scope *string) []*codes.Entry {
	var out []*codes.Entry
	take := func(e *codes.Entry) {
		if e.In(day) && (scope == nil || e.Scope == *scope) {
			out = append(out, e)
		}
	}
	if search == "" {
		for i := range t.Entries {
			take(&t.Entries[i])
		}
		return out
	}
	for _, m := range t.Search(search) {
		take(m.Entry)
	}
	return out
}

func codeIn(words i18n.Printer, e *codes.Entry) Code {
	standing := string(e.Standing())
	return Code{Entry: *e, Name: e.Name(string(words.Lang())), StatusText: words.Code("status", e.Status),
		Standing: standing, StandingText: words.Code("standing", standing)}
}

// A cursor is a place in one edition on one day: in another the places differ,
// and the caller begins anew.
func codeCursor(edition, day string, at int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(edition + " " + day + " " + strconv.Itoa(at)))
}

func openCodeCursor(cursor, edition, day string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, parameter("query", "cursor")
	}
	place, ok := strings.CutPrefix(string(text), edition+" "+day+" ")
	at, err := strconv.Atoi(place)
	if !ok || err != nil || at < 0 {
		return 0, parameter("query", "cursor")
	}
	return at, nil
}

func pageSize(v string, normal, most int) (int, error) {
	if v == "" {
		return normal, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		return 0, parameter("query", "limit")
	}
	return n, nil
}

func codeDate() *huma.Param {
	return parameterOf("query", "date", "Day on which the codes are in force; by default today at the port", &huma.Schema{Type: huma.TypeString, Format: "date"})
}

func describeCodeTables(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, codeDate())
	op.Responses["200"] = s.described("With an ETag that changes with the edition", typeJSON, s.schema(reflect.TypeFor[CodeTables]()))
	op.Responses["304"] = &huma.Response{Description: "As the caller has it (If-None-Match)"}
}

func describeCodes(s *server, op *huma.Operation) {
	op.Description = "For everybody. No table is an official publication: status says how well a code is borne out."
	text := func(name, what string) *huma.Param { return parameterOf("query", name, what, anyText) }
	op.Parameters = append(op.Parameters, parameterOf("path", "table", "Name of the table", anyText),
		text("q", "Beginning of a code, an old code, or part of a Chinese or English name"), codeDate(),
		text("scope", "One list of a table of several"),
		parameterOf("query", "limit", "Codes on a page", &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0), Maximum: new(float64(maxCodes)), Default: codesOnPage}),
		text("cursor", "What the page before gave as next"))
	op.Responses["200"] = s.described("With an ETag that changes with the edition", typeJSON, s.schema(reflect.TypeFor[Codes]()))
	op.Responses["304"] = &huma.Response{Description: "As the caller has it (If-None-Match)"}
}
