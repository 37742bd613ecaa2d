package app

import (
	"slices"
	"strings"

	"kouan/i18n"
	"kouan/i18n/status"
)

// i18nRecord brings the book up to the catalogues.
type i18nRecord struct {
	Dir string `help:"cli.flag.i18n_dir" default:"i18n/locales" placeholder:"DIR"`
}

// Run notes new keys as proposed and lets keys that are gone go.
func (cmd *i18nRecord) Run(c *console) error {
	texts, book, err := c.catalogues(cmd.Dir)
	if err != nil {
		return err
	}
	added, dropped := book.Record(texts)
	if len(added)+len(dropped) > 0 {
		if err := keepBook(cmd.Dir, book); err != nil {
			return err
		}
	}
	if err := c.print("%s\n", c.words.Plural("cli.i18n.recorded", int64(len(added)), nil)); err != nil {
		return err
	}
	if len(dropped) == 0 {
		return nil
	}
	return c.print("%s\n", c.words.Plural("cli.i18n.dropped", int64(len(dropped)), nil))
}

// i18nChosen is a choice of translations.
type i18nChosen struct {
	Dir string   `help:"cli.flag.i18n_dir" default:"i18n/locales" placeholder:"DIR"`
	For []string `help:"cli.flag.i18n_for" placeholder:"LANG"`
}

// languages are those of --for; all translations without it.
func (cmd *i18nChosen) languages() ([]i18n.Lang, error) {
	if len(cmd.For) == 0 {
		return status.Translations(), nil
	}
	var langs []i18n.Lang
	for _, tag := range cmd.For {
		lang, ok := i18n.Parse(tag)
		if !ok || lang == i18n.ZhHans {
			return nil, &usageError{key: "cli.error.lang", args: arguments{"value": tag, "known": languageList()}}
		}
		langs = append(langs, lang)
	}
	return langs, nil
}

// set says a status of keys and keeps the book.
func (cmd *i18nChosen) set(c *console, keys []string, langs []i18n.Lang, word status.Status) error {
	texts, book, err := c.catalogues(cmd.Dir)
	if err != nil {
		return err
	}
	for _, key := range keys {
		for _, lang := range langs {
			if !book.Set(texts, key, lang, word) {
				return &usageError{key: "cli.error.i18n_key", args: arguments{"value": key}}
			}
		}
	}
	if err := keepBook(cmd.Dir, book); err != nil {
		return err
	}
	return c.print("%s\n", c.words.Plural("cli.i18n.set", int64(len(keys)*len(langs)), nil))
}

// i18nStale lists translations whose original has changed, or says that they
// were looked at and still fit.
type i18nStale struct {
	i18nChosen `embed:""`
	Accept     []string `help:"cli.flag.i18n_accept" placeholder:"KEY"`
}

// Run lists KEY LANG, or accepts. An accepted translation is proposed again:
// that somebody reviewed an earlier one says nothing about this.
func (cmd *i18nStale) Run(c *console) error {
	langs, err := cmd.languages()
	if err != nil {
		return err
	}
	if len(cmd.Accept) > 0 {
		return cmd.set(c, cmd.Accept, langs, status.Proposed)
	}
	texts, book, err := c.catalogues(cmd.Dir)
	if err != nil {
		return err
	}
	n := 0
	for _, key := range texts.Keys() {
		stale := slices.Collect(func(yield func(string) bool) {
			for _, lang := range langs {
				if s, ok := book.Of(texts, key, lang); ok && s == status.Stale && !yield(string(lang)) {
					return
				}
			}
		})
		if len(stale) == 0 {
			continue
		}
		n += len(stale)
		if err := c.print("%s %s %s\n", key, strings.Join(stale, ","), texts.Source(key)); err != nil {
			return err
		}
	}
	return c.print("%s\n", c.words.Plural("cli.i18n.stale", int64(n), nil))
}

// i18nReview says that somebody whose language it is has read translations.
type i18nReview struct {
	i18nChosen `embed:""`
	Official   bool     `help:"cli.flag.i18n_official"`
	Keys       []string `arg:"" name:"key" help:"cli.arg.i18n_keys"`
}

// Run needs --for: nobody reviews all languages at once.
func (cmd *i18nReview) Run(c *console) error {
	if len(cmd.For) == 0 {
		return &usageError{key: "cli.error.i18n_for"}
	}
	langs, err := cmd.languages()
	if err != nil {
		return err
	}
	word := status.Reviewed
	if cmd.Official {
		word = status.Official
	}
	return cmd.set(c, cmd.Keys, langs, word)
}
