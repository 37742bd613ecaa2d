package i18n

import (
	"math/big"
	"strconv"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

func TestNumbersChooseTheirForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang Lang
		n    int64
		want string
	}{
		{Ru, 1, "1 день"}, {Ru, 2, "2 дня"}, {Ru, 4, "4 дня"}, {Ru, 5, "5 дней"}, {Ru, 0, "0 дней"}, {Ru, 11, "11 дней"}, {Ru, 12, "12 дней"}, {Ru, 14, "14 дней"},
		{Ru, 21, "21 день"}, {Ru, 22, "22 дня"}, {Ru, 111, "111 дней"}, {Ru, 1001, "1\u00a0001 день"}, {Ru, -3, "-3 дня"},
		{Fr, 0, "0 jour"}, {Fr, 1, "1 jour"}, {Fr, 2, "2 jours"}, {Fr, 1_000_000, "1\u00a0000\u00a0000 de jours"}, {Fr, 1_000_001, "1\u00a0000\u00a0001 jours"},
		{En, 0, "0 days"}, {En, 1, "1 day"}, {En, 1001, "1,001 days"}, {De, 1, "1 Tag"}, {De, 21, "21 Tage"},
		{ZhHans, 1, "1天"}, {Ja, 2, "2日"}, {Ko, 0, "0일"},
	} {
		if got := For(c.lang).Plural("length.days", c.n, nil); got != c.want {
			t.Errorf("%s, %d: %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestAnArgumentInDigitsChoosesTheForm(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{"1": "1 день", "1.5": "1.5 дня", "1\u00a0002": "1\u00a0002 дня", "many": "many дня", "": " дня",
		"100000000000000000000000000000001": "100000000000000000000000000000001 день", "007": "007 дней"} {
		if got := For(Ru).Text("length.days", map[string]string{"count": arg}); got != want {
			t.Errorf("%q gives %q, want %q", arg, got, want)
		}
	}
	if got := For(Ru).Text("length.days", nil); got != "(?) дня" {
		t.Errorf("no argument gives %q", got)
	}
}

// TestFormsAgreeWithTheLibrary: our rules against those of x/text, which has
// the same but for French "many".
func TestFormsAgreeWithTheLibrary(t *testing.T) {
	t.Parallel()
	names := map[plural.Form]Category{plural.One: One, plural.Few: Few, plural.Many: Many, plural.Other: Other}
	for _, lang := range Languages() {
		tag := language.MustParse(string(lang))
		check := func(n uint64, v, f int) {
			want := names[plural.Cardinal.MatchPlural(tag, int(n%10_000_000), v, v, f, f)] //nolint:gosec // below ten million
			if got := grammars[lang].rule(n, v > 0); got != want && got != Many {
				t.Errorf("%s, %d with %d decimals: %s, the library says %s", lang, n, v, got, want)
			}
		}
		for n := range uint64(2_000) {
			check(n, 0, 0)
			check(n, 1, 5)
		}
	}
}

func TestFormsThatDoNotFitAreRefused(t *testing.T) {
	t.Parallel()
	for name, en := range map[string]string{
		"a category too few":        `{"a":{"one":"{{.count}} box"}}`,
		"a category too many":       `{"a":{"one":"{{.count}} box","few":"{{.count}} boxes","other":"{{.count}} boxes"}}`,
		"a zero":                    `{"a":{"zero":"none","one":"{{.count}} box","other":"{{.count}} boxes"}}`,
		"other placeholders":        `{"a":{"one":"a box","other":"{{.count}} boxes"}}`,
		"another mark":              `{"a":{"one":"{{#.n}} of {{.all}}","other":"{{.n}} of {{#.all}}"}}`,
		"two marks in one text":     `{"a":{"one":"{{#.n}} of {{#.all}}","other":"{{#.n}} of {{#.all}}"}}`,
		"a mark without a name":     `{"a":{"one":"{{#}} x","other":"{{#}} y"}}`,
		"a form that cannot be cut": `{"a":{"one":"{{.n","other":"{{.n}}"}}`,
	} {
		if _, err := load(files(`{}`, en, `{}`)); err == nil {
			t.Errorf("%s: load took %s", name, en)
		}
	}
	all, err := load(files(`{}`, `{"a":{"one":"{{#.boxes}} box of {{.count}}","other":"{{#.boxes}} boxes of {{.count}}"}}`, `{}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := (Printer{En, all[En]}).Plural("a", 1, map[string]string{"count": "7"}); got != "1 box of 7" {
		t.Errorf("the marked placeholder counts: %q", got)
	}
}

// FuzzForms: whatever stands in the counting argument, a form is chosen, and
// by the rule for integers of any length.
func FuzzForms(f *testing.F) {
	f.Add("12345678901234567890")
	f.Add("1,5")
	f.Add("-")
	f.Fuzz(func(t *testing.T, arg string) {
		got := For(Ru).words.texts["length.days"].forms.of(map[string]string{"count": arg})
		n, ok := new(big.Int).SetString(arg, 10)
		if !ok || n.Sign() < 0 || strconv.Itoa(len(arg)) == "0" || arg[0] == '+' {
			return
		}
		hundred := new(big.Int).Mod(n, big.NewInt(100)).Uint64()
		if want := For(Ru).words.texts["length.days"].forms.texts[russian(hundred, false)]; want.words[1] != got.words[1] {
			t.Errorf("%s gets %q, want %q", arg, got.words, want.words)
		}
	})
}
