package wording

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/i18n"
	"kouan/tariffs"
)

// remarks are what the built-in tables say in English alone.
func remarks() []string {
	c := tariffs.BuiltIn()
	var out []string
	for i := range c.Items {
		out = append(out, c.Items[i].Basis)
	}
	for i := range c.Rates {
		r := &c.Rates[i]
		out = append(out, r.Note)
		if strings.Contains(r.Component, " ") {
			out = append(out, r.Component)
		}
	}
	for i := range c.Modifiers {
		out = append(out, c.Modifiers[i].Condition)
	}
	for i := range c.Instruments {
		n := &c.Instruments[i]
		out = append(out, n.TitleEN, n.Changed, n.Note)
	}
	for i := range c.Channels {
		out = append(out, c.Channels[i].ScopeEN)
	}
	for _, r := range c.Rows("2026-11-26", tariffs.RowFilter{}) {
		out = append(out, r.Article)
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// TestEveryRemarkIsTranslated, and no translation is of a remark that is gone.
func TestEveryRemarkIsTranslated(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, text := range remarks() {
		used[RemarkKey(text)] = true
		for _, lang := range i18n.Languages() {
			n := For(i18n.For(lang), tariffs.BuiltIn()).Remark(text)
			if n.Lang != lang || n.Text == "" || n.Original != text || (n.Status == "") != (lang == i18n.En) || lang == i18n.En && n.Text != text {
				t.Errorf("%q in %s: %+v (%s)", text, lang, n, RemarkKey(text))
			}
		}
	}
	body, err := fs.ReadFile(i18n.Files(), "en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := json.Unmarshal(body, &texts); err != nil {
		t.Fatal(err)
	}
	for key := range texts {
		if strings.HasPrefix(key, "remark.") && !used[key] {
			t.Errorf("%s translates %q, which no row says", key, texts[key])
		}
	}
}

func TestARemarkOfAnOperatorStaysAsItIs(t *testing.T) {
	t.Parallel()
	w := For(i18n.For(i18n.Fr), tariffs.BuiltIn())
	for text, lang := range map[string]i18n.Lang{"夜间作业另加": i18n.ZhHans, "not in winter": i18n.En} {
		if n := w.Remark(text); n != (Name{Text: text, Lang: lang, Original: text}) {
			t.Errorf("%+v", n)
		}
	}
	if n := w.Remark(""); n.Text != "" {
		t.Errorf("%+v", n)
	}
}

func TestCitedNamesAreChinese(t *testing.T) {
	t.Parallel()
	n := Name{Text: "Suspends 公告2025年第54号, 交办水〔2025〕59号 for a year.", Lang: i18n.En}
	want := []Name{{Text: "Suspends ", Lang: i18n.En}, {Text: "公告2025年第54号", Lang: i18n.ZhHans}, {Text: ", ", Lang: i18n.En}, {Text: "交办水〔2025〕59号", Lang: i18n.ZhHans}, {Text: " for a year.", Lang: i18n.En}}
	if got := n.Runs(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	for _, whole := range []Name{{Text: "港口建设费不再征收。", Lang: i18n.ZhHans}, {Text: "no Chinese", Lang: i18n.Fr}} {
		if got := whole.Runs(); len(got) != 1 || got[0] != whole {
			t.Errorf("%+v", got)
		}
	}
}
