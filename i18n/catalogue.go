package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

//go:embed locales/*.json locales/status.csv
var locales embed.FS

// Files are the catalogues as they are written, and what is said of their
// translations (package status).
func Files() fs.FS {
	dir, err := fs.Sub(locales, "locales")
	if err != nil {
		panic(fmt.Sprintf("i18n: embedded catalogue: %v", err)) // the name is well-formed
	}
	return dir
}

// catalogue is one language, ready to print: every key of all languages,
// parsed, with the fallbacks already in place.
type catalogue struct {
	texts    map[string]text
	signs    signs
	borrowed map[string]Lang // keys that the language lacks, and whose text they have
}

// catalogues reads the embedded files once, at the first use. They are part
// of the program, like its regular expressions: the tests read the same bytes,
// so a file that cannot be read never leaves the workshop.
var catalogues = sync.OnceValue(func() map[Lang]*catalogue {
	all, err := load(locales)
	if err != nil {
		panic(fmt.Sprintf("i18n: embedded catalogue: %v", err))
	}
	return all
})

// load makes the catalogues of all languages from locales/<lang>.json.
func load(files fs.FS) (map[Lang]*catalogue, error) {
	own := make(map[Lang]map[string]text)
	for _, lang := range Languages() {
		texts, err := loadFile(files, lang)
		if err != nil {
			return nil, err
		}
		own[lang] = texts
	}
	all := make(map[Lang]*catalogue, len(own))
	for _, lang := range Languages() {
		c := &catalogue{make(map[string]text, len(own[ZhHans])), signsOf(lang), map[string]Lang{}}
		for _, from := range []Lang{ZhHans, En, lang} { // later ones win
			for key, t := range own[from] {
				c.texts[key] = t
				if c.borrowed[key] = from; from == lang {
					delete(c.borrowed, key)
				}
			}
		}
		all[lang] = c
	}
	return all, nil
}

// loadFile reads one file: an object of texts, no key twice.
func loadFile(files fs.FS, lang Lang) (map[string]text, error) {
	path := "locales/" + string(lang) + ".json"
	data, err := fs.ReadFile(files, path)
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	// Not encoding/json: it takes the last of two equal keys in silence.
	strict := map[string]i18n.UnmarshalFunc{"json": func(b []byte, v any) error { return json.Unmarshal(b, v) }}
	file, err := i18n.ParseMessageFileBytes(data, path, strict)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", path, err)
	}
	texts, group := make(map[string]text, len(file.Messages)), signsOf(lang).group
	for _, m := range file.Messages {
		t, err := parseMessage(m, lang, group)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %s: %w", path, m.ID, err)
		}
		texts[m.ID] = t
	}
	return texts, nil
}

// parseMessage reads a text: a plain one is a JSON string, one that counts an
// object with a member for each category of its language. Where a language has
// one category the two are the same.
func parseMessage(m *i18n.Message, lang Lang, group string) (text, error) {
	if m.One+m.Few+m.Many+m.Zero+m.Two == "" {
		return parseText(m.Other)
	}
	return parseForms(m, lang, group)
}
