package wording

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kouan/i18n"
	"kouan/tariffs"
)

// said are the slugs that the engine gives, found in its source: the call
// that gives one, and what its key begins with.
var said = []struct {
	call   *regexp.Regexp
	prefix string
}{
	{regexp.MustCompile(`\.(?:step|rounding)\("([a-z0-9_]+)"`), "fee_step."},
	{regexp.MustCompile(`\.modifier\(\w+, "([a-z0-9_]+)"`), "fee_step."},
	{regexp.MustCompile(`\.unknown\("([a-z0-9_]+)"\)`), "fee_unknown."},
	{regexp.MustCompile(`\.Unknown = append\(l\.Needs, paths\.\.\.\), "([a-z_]+)"`), "fee_unknown."},
	{regexp.MustCompile(`\.(?:free|exempt)\((?:found, |b\.cells.*\}\), )?"([a-z0-9_]+)"\)`), "fee_zero."},
	{regexp.MustCompile(`\bnote\("([a-z0-9_]+)"`), "fee_note."},
	{regexp.MustCompile(`Note\{"([a-z0-9_]+)"`), "fee_note."},
	{regexp.MustCompile(`ch\.Why = "([a-z0-9_]+)"`), "fee_why."},
	{regexp.MustCompile(`Verdict = "([a-z0-9_]+)"`), "fee_verdict."},
	{regexp.MustCompile(`Total(?:Plain|Indicative|Withheld)\s*= "([a-z]+)"`), "fee_total."},
	{regexp.MustCompile(`"(FEE-(?:L\d\d|\d{4}))"`), "fault."},
}

func source(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	var all strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

func TestWhateverTheEngineSaysHasWords(t *testing.T) {
	t.Parallel()
	text := source(t)
	for _, s := range said {
		found := s.call.FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("nothing in the source is like %s: the search is broken", s.call)
		}
		for _, m := range found {
			if _, known := i18n.Placeholders(s.prefix + m[1]); !known {
				t.Errorf("%s%s has no words", s.prefix, m[1])
			}
		}
	}
}

func TestWhateverStandsInTheListHasWords(t *testing.T) {
	t.Parallel()
	c := tariffs.BuiltIn()
	w := For(i18n.For(i18n.En), c)
	german := For(i18n.For(i18n.De), c)
	for _, day := range []tariffs.Day{"2000-01-01", "2016-05-01", "2021-05-01", "2025-11-01", "2026-01-01", "2026-11-25"} {
		rows := c.Rows(day, tariffs.RowFilter{})
		for i := range rows {
			r := &rows[i]
			for what, pair := range map[string][2]string{
				"payer " + r.Payer:         {w.Party(r.Payer), german.Party(r.Payer)},
				"collector " + r.Collector: {w.Party(r.Collector), german.Party(r.Collector)},
				"unit " + r.Unit:           {w.Unit(r.Item, r.Unit), german.Unit(r.Item, r.Unit)},
				"item " + r.Item:           {w.Item(r.Item), german.Item(r.Item)},
				"basis " + r.BasisStatus:   {w.Basis(r.BasisStatus), german.Basis(r.BasisStatus)},
				"word " + string(r.Word):   {w.Sure(r.Word), german.Sure(r.Word)},
			} {
				if pair[0] == pair[1] && pair[0] != "" { // the slug itself, in both
					t.Errorf("%s %s: %s is %q in English and German", day, r.ID, what, pair[0])
				}
			}
			if text := w.Conditions(r); strings.Contains(text, "_") {
				t.Errorf("%s: conditions %q", r.ID, text)
			}
			if text := w.Amount(r); text == "" || strings.Contains(text, "_") || r.Amount == "" && strings.Contains(text, "0") {
				t.Errorf("%s %s: the rate is %q", day, r.Item, text)
			}
		}
	}
}

func TestNumbersAndMoneyAreThoseOfTheLanguage(t *testing.T) {
	t.Parallel()
	for lang, want := range map[i18n.Lang]string{i18n.ZhHans: "CNY\u00a01,234,567.05", i18n.En: "CNY\u00a01,234,567.05", i18n.Ja: "CNY\u00a01,234,567.05", i18n.Ko: "CNY\u00a01,234,567.05",
		i18n.De: "CNY\u00a01.234.567,05", i18n.Ru: "CNY\u00a01\u00a0234\u00a0567,05", i18n.Fr: "CNY\u00a01\u00a0234\u00a0567,05"} {
		w := For(i18n.For(lang), tariffs.BuiltIn())
		if got := w.Money(123456705); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	w := For(i18n.For(i18n.De), tariffs.BuiltIn())
	if got := w.Numbers("60000 × 0.25"); got != "60.000 × 0,25" {
		t.Errorf("an expression is %q", got)
	}
}

func TestStepsShowLengthsOfTimeAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	w := For(i18n.For(i18n.En), tariffs.BuiltIn())
	for in, want := range map[string]string{"30h0m0s": "30h", "30h10m0s": "30h10m", "1h0m30s": "1h0m30s", "60000 × 2": "60,000 × 2", "0": "0"} {
		if got := w.value(in); got != want {
			t.Errorf("%q is shown %q, want %q", in, got, want)
		}
	}
}

func TestNothingIsOverchargedAgainstWhatWasNotRead(t *testing.T) {
	t.Parallel()
	w := For(i18n.For(i18n.En), tariffs.BuiltIn())
	for _, tc := range []struct {
		word   tariffs.Word
		ask    bool
		accuse bool
	}{{tariffs.OfficialText, false, true}, {tariffs.Triangulated, true, false}, {tariffs.Secondary, true, false}, {tariffs.Unverified, true, false}} {
		text := w.Verdicts(&tariffs.AccountFinding{Verdicts: []tariffs.Verdict{tariffs.AboveCeiling}, Word: tc.word})
		if strings.Contains(text, "ask for an explanation") != tc.ask || strings.Contains(text, "above the ceiling") != tc.accuse {
			t.Errorf("%s: %q", tc.word, text)
		}
	}
	if text := w.Verdicts(&tariffs.AccountFinding{Verdicts: []tariffs.Verdict{tariffs.WithinCeiling}, Word: tariffs.Unverified}); text != "within the ceiling" {
		t.Errorf("a line within its ceiling: %q", text)
	}
}

func TestOurOwnTextsHaveNoFalseFriends(t *testing.T) {
	t.Parallel()
	for _, lang := range i18n.Languages() {
		body, err := os.ReadFile(filepath.Join("..", "..", "i18n", "locales", string(lang)+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(body, &texts); err != nil {
			t.Fatal(err)
		}
		n := 0
		for key, forms := range texts {
			text := fmt.Sprint(forms) // a text that counts has several
			n++
			if f := tariffs.FalseFriendIn(string(lang), text); f != nil {
				t.Errorf("%s in %s says %q: %s", key, lang, f.Rendering, text)
			}
		}
		if n < 150 {
			t.Errorf("%d texts about fees in %s: the search is broken", n, lang)
		}
		for key, term := range tariffs.Terms() {
			if f := term.FalseFriendOf(string(lang)); f != nil {
				t.Errorf("the term %s in %s says %q", key, lang, f.Rendering)
			}
		}
	}
	for _, f := range tariffs.FalseFriends {
		if _, ok := tariffs.Terms()[f.Term]; !ok {
			t.Errorf("%q points to no term: %s", f.Rendering, f.Term)
		}
		if tariffs.FalseFriendIn(f.Lang, "x "+strings.ToUpper(f.Rendering)) == nil {
			t.Errorf("%q passes", f.Rendering)
		}
	}
}
