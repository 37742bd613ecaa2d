package i18n

import (
	"fmt"
	"slices"
	"strings"
)

// text is a message cut at its placeholders: words[0] args[0] words[1] … ;
// one more word than arguments. forms is nil for a text that does not count.
type text struct {
	words []string
	args  []string
	mark  string // the placeholder that counts, where the text says which
	forms *forms
}

// parseText cuts a message. Only {{.name}} is a placeholder, and {{#.name}}
// the one that counts: a message is data written by translators and must not
// be able to do more.
func parseText(message string) (text, error) {
	var t text
	rest := message
	for {
		word, after, found := strings.Cut(rest, "{{")
		t.words = append(t.words, word)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}}")
		name, marked := strings.CutPrefix(name, "#")
		if !closed || !isPlaceholder(name) || marked && t.mark != "" && t.mark != name[1:] {
			return text{}, fmt.Errorf("placeholder after %q: want {{.name}}, or {{#.name}} for the one that counts", word)
		}
		if marked {
			t.mark = name[1:]
		}
		t.args = append(t.args, name[1:])
		rest = tail
	}
	if strings.Contains(strings.Join(t.words, ""), "}}") {
		return text{}, fmt.Errorf("closing braces without a placeholder in %q", message)
	}
	return t, nil
}

func isPlaceholder(s string) bool {
	if len(s) < 2 || s[0] != '.' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] != '_' && (s[i] < 'a' || s[i] > 'z') {
			return false
		}
	}
	return true
}

// missing stands for an argument that the caller did not give. No catalogue
// uses it, so that a test can look for it.
const missing = "(?)"

func (t text) fill(args map[string]string) string {
	if t.forms != nil {
		t = t.forms.of(args)
	}
	if len(t.args) == 0 {
		return t.words[0]
	}
	var b strings.Builder
	size := len(t.words[0])
	for i, name := range t.args {
		size += len(args[name]) + len(t.words[i+1])
	}
	b.Grow(size)
	b.WriteString(t.words[0])
	for i, name := range t.args {
		value, ok := args[name]
		if !ok {
			value = missing
		}
		b.WriteString(value)
		b.WriteString(t.words[i+1])
	}
	return b.String()
}

func (t text) names() []string {
	names := slices.Clone(t.args)
	slices.Sort(names)
	return slices.Compact(names)
}

// message is the text as a translator wrote it, without marks.
func (t text) message() string {
	if t.forms != nil {
		t = t.forms.texts[Other]
	}
	var b strings.Builder
	b.WriteString(t.words[0])
	for i, name := range t.args {
		b.WriteString("{{." + name + "}}" + t.words[i+1])
	}
	return b.String()
}
