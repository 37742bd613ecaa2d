package wording

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"kouan/i18n"
	"kouan/tariffs"
)

func TestNamesSayTheirLanguageAndHowSureTheyAre(t *testing.T) {
	t.Parallel()
	c := tariffs.BuiltIn()
	de, zh, ru := For(i18n.For(i18n.De), c), For(i18n.For(i18n.ZhHans), c), For(i18n.For(i18n.Ru), c)
	for _, tc := range []struct {
		what string
		got  Name
		want Name
	}{
		{"a charge", de.ItemName("PILOTAGE"), Name{"Lotsgeld", i18n.De, "引航费", "proposed"}},
		{"seen in use", ru.ItemName("PILOTAGE"), Name{"лоцманский сбор", i18n.Ru, "引航费", "seen"}},
		{"the original", zh.ItemName("PILOTAGE"), Name{"引航费", i18n.ZhHans, "引航费", ""}},
		{"a code that is none", de.ItemName("NONE"), Name{"NONE", i18n.De, "", ""}},
		{"a legal text", de.InstrumentName("PRICE-LAW"), Name{"Preisgesetz der Volksrepublik China", i18n.De, "中华人民共和国价格法", "proposed"}},
		{"a legal text in Chinese", zh.InstrumentName("PRICE-LAW"), Name{"中华人民共和国价格法", i18n.ZhHans, "中华人民共和国价格法", ""}},
		{"a number of a table", de.ComponentName("1A"), Name{"1A", i18n.De, "", ""}},
		{"a described part", de.ComponentName("A wharf"), Name{"A Kai", i18n.De, "A wharf", "proposed"}},
		{"a term that is none", de.TermName("no.such"), Name{"no.such", i18n.De, "", ""}},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.what, tc.got, tc.want)
		}
	}
	if n := de.ChoiceName("laden"); n.Text == "laden" || n.Lang != i18n.De || n.Status == "" {
		t.Errorf("a choice: %+v", n)
	}
	if n := de.ItemName("PILOTAGE"); n.Foreign(i18n.De) || !de.Remark("never said before").Foreign(i18n.De) {
		t.Error("foreign is what is in another language than the page")
	}
}

func TestEveryNameOfTheCatalogueSaysItsStatus(t *testing.T) {
	t.Parallel()
	c := tariffs.BuiltIn()
	for _, lang := range i18n.Languages() {
		w := For(i18n.For(lang), c)
		for i := range c.Items {
			if n := w.ItemName(c.Items[i].Code); lang != i18n.ZhHans && (w.Said(n) == "" || lang != i18n.En && w.Said(n) == n.Status) {
				t.Errorf("%s in %s: %+v says %q", c.Items[i].Code, lang, n, w.Said(n))
			}
		}
	}
}

func TestANameWithoutTranslationIsTheOriginalAndSaysSo(t *testing.T) {
	t.Parallel()
	w := For(i18n.For(i18n.Fr), tariffs.BuiltIn())
	n := w.named(nil, "新收费")
	if n.Text != "新收费" || n.Lang != i18n.ZhHans || w.Said(n) == "" {
		t.Errorf("%+v says %q", n, w.Said(n))
	}
}

func TestATranslationIsStaleWhenItsOriginalChanged(t *testing.T) {
	t.Parallel()
	w := For(i18n.For(i18n.Fr), tariffs.BuiltIn())
	changed := *tariffs.Terms()["item.pilotage"]
	changed.Texts = map[string]string{"zh-Hans": "引航服务费", "fr": "pilotage"}
	if n := w.named(&changed, "引航服务费"); n.Status != Stale || w.Said(n) == Stale {
		t.Errorf("%+v says %q", n, w.Said(n))
	}
	changed.Texts["zh-Hans"] = " 引航费\n" // blanks around it are no change
	if n := w.named(&changed, "引航费"); n.Status == Stale {
		t.Errorf("%+v", n)
	}
	for key, term := range tariffs.Terms() {
		if term.Stale() {
			t.Errorf("%s: the Chinese text changed; look at its translations, then record it anew: gateway i18n record", key)
		}
	}
	if n := For(i18n.For(i18n.De), renamed(t, "引航费", "引航服务费")).ItemName("PILOTAGE"); n.Status != Stale || n.Original != "引航服务费" {
		t.Errorf("after an edition renamed the charge: %+v", n)
	}
}

// renamed is the built-in catalogue with another name of a charge.
func renamed(t *testing.T, from, to string) *tariffs.Catalogue {
	t.Helper()
	dir := fstest.MapFS{}
	files, err := filepath.Glob("../tables/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d tables: %v", len(files), err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(f) == "items.csv" {
			body = bytes.Replace(body, []byte(","+from+","), []byte(","+to+","), 1)
		}
		dir[filepath.Base(f)] = &fstest.MapFile{Data: body}
	}
	c, err := tariffs.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
