package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"kouan/i18n"
	"kouan/i18n/status"
	"kouan/tariffs"
)

// i18nCommand looks after the texts and their translations. Without --dir it
// judges those that the program carries; what changes something needs the
// folder.
type i18nCommand struct {
	Check  i18nCheck  `cmd:"" help:"cli.usage.i18n_check"`
	Record i18nRecord `cmd:"" help:"cli.usage.i18n_record"`
	Stale  i18nStale  `cmd:"" help:"cli.usage.i18n_stale"`
	Review i18nReview `cmd:"" help:"cli.usage.i18n_review"`
}

// catalogues reads the texts and their book of a folder; of the program when
// dir is empty. A folder without a book has an empty one.
func (c *console) catalogues(dir string) (status.Texts, *status.Book, error) {
	if dir == "" {
		texts, book := status.BuiltIn()
		return texts, book, nil
	}
	texts, err := status.ReadTexts(os.DirFS(dir))
	if err != nil {
		return nil, nil, &toldError{key: "cli.error.i18n_folder", args: arguments{"folder": dir}, err: err}
	}
	book, err := status.ReadFile(os.DirFS(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return texts, &status.Book{}, nil
	}
	if err != nil {
		return nil, nil, &toldError{key: "cli.error.i18n_folder", args: arguments{"folder": dir}, err: err}
	}
	return texts, book, nil
}

// keepBook writes the book of a folder, whole or not at all.
func keepBook(dir string, book *status.Book) error {
	return writeFile(filepath.Join(dir, status.File), 0o644, book.Write)
}

// i18nCheck finds what is wrong with texts and translations.
type i18nCheck struct {
	Dir  string `help:"cli.flag.i18n_dir" placeholder:"DIR"`
	JSON bool   `name:"json" help:"cli.flag.i18n_json"`
}

// i18nCounts are the statuses of one language.
type i18nCounts struct {
	Language i18n.Lang             `json:"language"`
	Texts    map[status.Status]int `json:"texts"`
	Terms    map[string]int        `json:"terms"`
}

// i18nReport is what check prints for programs.
type i18nReport struct {
	Keys      int              `json:"keys"`
	Findings  []status.Finding `json:"findings"`
	Languages []i18nCounts     `json:"languages"`
}

// Run prints CODE KEY text for each finding and the counts of each language,
// and exits 1 when something is broken. What is stale is a warning.
func (cmd *i18nCheck) Run(c *console) error {
	texts, book, err := c.catalogues(cmd.Dir)
	if err != nil {
		return err
	}
	report := i18nReport{Keys: len(texts.Keys()), Findings: append(status.Check(texts, book), falseFriends(texts)...)}
	for _, lang := range status.Translations() {
		report.Languages = append(report.Languages, i18nCounts{lang, book.Count(texts, lang), termCounts(lang)})
	}
	if cmd.JSON {
		err = c.printJSON(&report)
	} else {
		err = c.tellTexts(&report)
	}
	if err != nil {
		return err
	}
	for i := range report.Findings {
		if !report.Findings[i].Warning() {
			return faultyError{}
		}
	}
	return nil
}

func (c *console) tellTexts(r *i18nReport) error {
	for i := range r.Findings {
		f := &r.Findings[i]
		if err := c.print("%s %s %s\n", f.Code, f.Key, c.words.Fault(f.Code, f.Args)); err != nil {
			return err
		}
	}
	head := []string{c.words.text("cli.i18n.language", nil)}
	for _, s := range status.All {
		head = append(head, c.words.text("i18n_status."+string(s), nil))
	}
	grid := [][]string{append(head, c.words.text("cli.i18n.terms_seen", nil), c.words.text("cli.i18n.terms_proposed", nil))}
	for _, n := range r.Languages {
		line := []string{string(n.Language)}
		for _, s := range status.All {
			line = append(line, strconv.Itoa(n.Texts[s]))
		}
		grid = append(grid, append(line, strconv.Itoa(n.Terms["seen"]), strconv.Itoa(n.Terms["proposed"])))
	}
	if err := c.printGrid(grid); err != nil {
		return err
	}
	return c.print("%s\n", c.words.Plural("cli.i18n.checked", int64(r.Keys), arguments{"findings": strconv.Itoa(len(r.Findings))}))
}

// falseFriends finds renderings that say something else in all texts and in
// the terms of the catalogue of charges (FEE-L27).
func falseFriends(texts status.Texts) []status.Finding {
	var out []status.Finding
	add := func(key string, lang i18n.Lang, text string, f *tariffs.FalseFriend) {
		if f != nil {
			out = append(out, status.Finding{Code: "FEE-L27", Key: key, Lang: lang, Args: arguments{"name": f.Rendering, "value": text, "reason": "false_friend"}})
		}
	}
	for _, lang := range i18n.Languages() {
		for _, key := range texts.Keys() {
			text := texts[lang][key].String()
			add(key, lang, text, tariffs.FalseFriendIn(string(lang), text))
		}
		for key, term := range tariffs.Terms() {
			add(key, lang, term.Texts[string(lang)], term.FalseFriendOf(string(lang)))
		}
	}
	return out
}

// termCounts are the statuses of the terms of charges in a language.
func termCounts(lang i18n.Lang) map[string]int {
	n := map[string]int{}
	for _, t := range tariffs.Terms() {
		if t.Stale() {
			n[string(status.Stale)]++
			continue
		}
		n[t.Status[string(lang)]]++
	}
	return n
}
