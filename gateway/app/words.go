package app

import (
	"strings"

	"kouan/i18n"
)

// words are the texts of one language.
type words struct{ i18n.Printer }

// chooseWords takes the language from --lang, else from the environment. For
// a language that is not kept the complaint is in the environment's.
func chooseWords(args []string, env map[string]string) (words, error) {
	fallback := i18n.FromEnvironment(func(name string) string { return env[name] })
	tag := languageFlag(args)
	if tag == "" {
		return words{i18n.For(fallback)}, nil
	}
	if lang, ok := i18n.Parse(tag); ok {
		return words{i18n.For(lang)}, nil
	}
	return words{i18n.For(fallback)}, &usageError{key: "cli.error.lang", args: arguments{"value": tag, "known": languageList()}}
}

func languageList() string {
	var tags []string
	for _, lang := range i18n.Languages() {
		tags = append(tags, string(lang))
	}
	return strings.Join(tags, ", ")
}

func (w words) text(key string, args arguments) string { return w.Text(key, args) }
