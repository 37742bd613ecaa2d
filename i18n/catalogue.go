package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

//go:embed locales/*.json
var locales embed.FS

// catalogue is one language, ready to print: every key of all languages,
// parsed, with the fallbacks already in place.
type catalogue struct {
	texts map[string]text
	signs signs
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
		texts := make(map[string]text, len(own[ZhHans]))
		for _, from := range []Lang{ZhHans, En, lang} { // later ones win
			maps.Copy(texts, own[from])
		}
		all[lang] = &catalogue{texts, signsOf(lang)}
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
	texts := make(map[string]text, len(file.Messages))
	for _, m := range file.Messages {
		t, err := parseText(m.Other)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %s: %w", path, m.ID, err)
		}
		texts[m.ID] = t
	}
	return texts, nil
}
