package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"kouan/gateway/auth"
	"kouan/i18n"
	"kouan/tariffs/wording"
)

//go:embed style.css
var styleCSS []byte

//go:embed templates/*.html
var templates embed.FS

// port is the zone of all times on pages; the foot names it once.
var port = time.FixedZone("CST", 8*60*60)

// asset is a file whose name changes with its content, so that it is kept for ever.
type asset struct {
	path, kind string
	body       []byte
}

func newAsset(name string, body []byte, kind string) asset {
	sum := sha256.Sum256(body)
	return asset{path: "/" + name + "-" + hex.EncodeToString(sum[:6]) + ".css", kind: kind, body: body}
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(a.body) //nolint:errcheck // the reader went away
}

// pages are the templates of one language by name.
type pages map[string]*template.Template

// parsePages reads every page once for each language: their words are
// functions of the language.
func parsePages(style string) (map[i18n.Lang]pages, error) {
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	out := map[i18n.Lang]pages{}
	for _, lang := range i18n.Languages() {
		out[lang] = pages{}
		for _, name := range names {
			base := strings.TrimSuffix(path.Base(name), ".html")
			if base == "shell" || strings.HasPrefix(base, "part-") {
				continue
			}
			t := template.New("shell.html").Funcs(functions(i18n.For(lang), style))
			if t, err = t.ParseFS(templates, "templates/shell.html", "templates/part-*.html", name); err != nil {
				return nil, fmt.Errorf("read page %s: %w", base, err)
			}
			out[lang][base] = t
		}
	}
	return out, nil
}

// shell is what every page has around its content.
type shell struct {
	Lang      i18n.Lang
	Title     string
	Path      string // without the language
	Query     template.URL
	Caller    *caller
	Sections  []section
	Languages []language
	Now       time.Time
	Shared    bool // the page is kept for everybody: it says its day, not its minute
	Sandbox   bool
	Page      any
	Head      *feeHead // of public pages
}

type section struct {
	Path, Key string
	Here      bool
}

type language struct {
	Lang i18n.Lang
	Name string
	Here bool
}

// endonyms are the languages in their own words, never translated.
var endonyms = map[i18n.Lang]string{i18n.ZhHans: "中文", i18n.En: "English", i18n.Ja: "日本語", i18n.Ko: "한국어", i18n.Ru: "Русский", i18n.De: "Deutsch", i18n.Fr: "Français"}

// render writes a page whose title is a text.
func (s *server) render(w http.ResponseWriter, v *visit, status int, name, title string, page any) error {
	return s.renderTitle(w, v, status, name, v.words.Text(title, nil), page)
}

// renderTitle writes a page whole, or nothing of it.
func (s *server) renderTitle(w http.ResponseWriter, v *visit, status int, name, title string, page any) error {
	return s.renderHead(w, v, status, name, title, page, nil)
}

// renderHead is renderTitle of a page that says something to machines.
func (s *server) renderHead(w http.ResponseWriter, v *visit, status int, name, title string, page any, head *feeHead) error {
	sh := shell{Lang: v.lang, Title: title, Path: v.page(), Caller: v.caller, Now: s.Clock(), Shared: v.shared, Sandbox: s.Sandbox, Page: page, Head: head}
	if sh.Path == v.URL.Path { // a page without a language in its address: its others are their starts
		sh.Path = "/"
	} else if v.Method == http.MethodGet && v.URL.RawQuery != "" {
		sh.Query = template.URL("?" + v.URL.Query().Encode()) //nolint:gosec // encoded by url.Values
	}
	sh.Sections = sections(v)
	for _, lang := range i18n.Languages() {
		sh.Languages = append(sh.Languages, language{lang, endonyms[lang], lang == v.lang})
	}
	var out bytes.Buffer
	if err := s.pages[v.lang][name].Execute(&out, &sh); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.lang))
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	w.WriteHeader(status)
	if v.Method == http.MethodHead {
		return nil
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		s.Logger.DebugContext(v.Context(), "reader went away", "path", v.URL.Path, "error", err)
	}
	return nil
}

// sections are those that the caller's role has; the fees are everybody's.
func sections(v *visit) []section {
	list := []section{{Path: "/fees", Key: "page.fees.section"}}
	if v.caller != nil && v.caller.May(auth.ReadNotice) {
		list = append(list, section{Path: "/notices", Key: "page.notices.title"})
	}
	if v.caller != nil && v.caller.May(auth.ReadFeeComplaints) {
		list = append(list, section{Path: "/inbox/complaints", Key: "page.complaints.section"})
	}
	if v.caller != nil && v.caller.May(auth.ReadOvercharging) {
		list = append(list, section{Path: "/inbox/over-charging", Key: "page.over.title"})
	}
	for i := range list {
		list[i].Here = strings.HasPrefix(v.URL.Path, v.to(list[i].Path))
	}
	return list
}

// functions are what templates call.
func functions(words i18n.Printer, style string) template.FuncMap {
	return template.FuncMap{
		"sep":   func() string { return separator(words.Lang()) },
		"style": func() string { return style },
		// t is a text with its arguments in pairs of name and value.
		"t": func(key string, pairs ...any) (string, error) { return text(words, key, pairs) },
		// word is the text of a code of the domain: notice_state, ACCEPTED.
		"word": func(noun string, code any) string {
			if noun == "event.inspection" { // their keys were there before the pages
				return words.Text(noun+"_"+fmt.Sprint(code), nil)
			}
			return words.Text(noun+"."+fmt.Sprint(code), nil)
		},
		"day":     func(t time.Time) string { return t.In(port).Format("01-02 15:04") },
		"date":    func(t time.Time) string { return t.In(port).Format(time.DateOnly) },
		"full":    func(t time.Time) string { return t.In(port).Format(time.RFC3339) },
		"slot":    func(t time.Time) string { return t.In(port).Format(formTime) },
		"refusal": func(why string) string { return words.Text("notice_refusal."+why, nil) },
		// term is a word of the trade, head the same as the beginning of a heading.
		"term":  wording.For(words, nil).Term,
		"head":  func(key string) string { return upper(wording.For(words, nil).Term(key)) },
		"upper": upper,
		// pair is several values for one template, by their names.
		"pair": func(pairs ...any) (map[string]any, error) {
			out := map[string]any{}
			for i := 0; i+1 < len(pairs); i += 2 {
				name, ok := pairs[i].(string)
				if !ok {
					return nil, fmt.Errorf("pair: %v is no name", pairs[i])
				}
				out[name] = pairs[i+1]
			}
			return out, nil
		},
		"kib":     func(n int64) string { return words.Number(strconv.FormatInt((n+1023)/1024, 10)) + "\u00a0KiB" },
		"portday": func(t time.Time) string { return t.In(port).Format(time.DateOnly) },
		"number":  func(n any) string { return words.Number(fmt.Sprint(n)) },
		"plural":  func(key string, n int) string { return words.Plural(key, int64(n), nil) },
	}
}

// separator stands between the things of a short list.
func separator(lang i18n.Lang) string {
	if lang == i18n.ZhHans || lang == i18n.Ja {
		return "、"
	}
	return ", "
}

func text(words i18n.Printer, key string, pairs []any) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("text %s: a name without a value", key)
	}
	var args map[string]string
	for i := 0; i < len(pairs); i += 2 {
		if args == nil {
			args = map[string]string{}
		}
		args[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	return words.Text(key, args), nil
}

// private keeps the address of a page to its reader: it is the right to read
// what stands there. No page that is opened from it is told it, nobody indexes it.
func private(w http.ResponseWriter) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex, nofollow")
}
