package search

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/i18n"
	"kouan/tariffs"
)

var built = New(tariffs.BuiltIn())

func TestWhatPeopleType(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, query string
		lang        i18n.Lang
		first       string   // found before all others
		also        []string // found as well
	}{
		{"a name in Chinese", "引航费", i18n.ZhHans, "PILOTAGE", nil},
		{"a single Chinese character", "拖", i18n.ZhHans, "TOWAGE", nil},
		{"a character that several names have", "停", i18n.ZhHans, "", []string{"BERTH_DUES", "BERTH_WORKING", "BERTH_IDLE", "ANCHORAGE", "BUOY"}},
		{"Traditional writing", "貨物港務費", i18n.ZhHans, "CARGO_DUES", nil},
		{"Traditional writing of a rare character", "圍油欄", i18n.ZhHans, "BOOM", nil},
		{"another one", "繫解纜費", i18n.ZhHans, "MOORING", nil},
		{"tonnage dues in Traditional", "船舶噸稅", i18n.ZhHans, "TONNAGE_DUES", nil},
		{"a name in Japanese", "曳船料", i18n.Ja, "TOWAGE", nil},
		{"Hiragana and Katakana", "トン税", i18n.Ja, "TONNAGE_DUES", nil},
		{"half-width Katakana", "ｵｲﾙﾌｪﾝｽ", i18n.Ja, "BOOM", nil},
		{"a part of a Korean name", "도선", i18n.Ko, "PILOTAGE", nil},
		{"a Russian inflection", "лоцманского сбора", i18n.Ru, "PILOTAGE", nil},
		{"a Russian plural", "лоцманские сборы", i18n.Ru, "PILOTAGE", nil},
		{"a Russian instrumental, whose й is no и", "буксировкой", i18n.Ru, "TOWAGE", nil},
		{"the stem of a Russian word", "буксир", i18n.Ru, "TOWAGE", nil},
		{"ё and е", "отменен", i18n.Ru, "PORT_CONSTRUCTION", []string{"VESSEL_PORT_DUES"}},
		{"a German compound", "Schleppgebühr", i18n.De, "TOWAGE", nil},
		{"its plural", "Schleppgebühren", i18n.De, "TOWAGE", nil},
		{"its beginning", "schlepp", i18n.De, "TOWAGE", nil},
		{"a part from its middle", "Abfall", i18n.De, "WASTE_RECEPTION", nil},
		{"the end of one", "sperren", i18n.De, "BOOM", nil},
		{"without umlauts", "Schleppgebuehr", i18n.De, "TOWAGE", nil},
		{"with the dots left out", "schleppgebuhr", i18n.De, "TOWAGE", nil},
		{"French with and without accents", "dechets", i18n.Fr, "WASTE_RECEPTION", nil},
		{"a French plural", "droits de mouillage", i18n.Fr, "BERTH_DUES", []string{"ANCHORAGE"}},
		{"an English word in another number", "tugs", i18n.En, "TOWAGE", nil},
		{"two words", "tonnage dues", i18n.En, "TONNAGE_DUES", nil},
		{"a code", "BERTH_WORKING", i18n.En, "BERTH_WORKING", nil},
		{"a code in small letters", "carrier_thc", i18n.En, "CARRIER_THC", nil},
		{"the code of a row", "PILOTAGE-2019-010", i18n.En, "PILOTAGE", nil},
		{"that of a row of tonnage dues", "TD-MAX-pref-P1Y", i18n.De, "TONNAGE_DUES", nil},
		{"that of a row of the special port fee, in small letters", "spf-2", i18n.Ja, "SPECIAL_PORT_FEE", nil},
		{"in full width", "ＰＩＬＯＴＡＧＥ", i18n.ZhHans, "PILOTAGE", nil},
		{"an abbreviation", "thc", i18n.En, "CARRIER_THC", nil},
		{"a component", "1B", i18n.En, "PILOTAGE", nil},
		{"a legal text", "2018-77", i18n.En, "", []string{"BARGE_SHUTTLE", "SPECIAL_TRIMMING"}},
		{"its number", "交水规〔2019〕2号", i18n.ZhHans, "", []string{"TOWAGE", "BERTH_WORKING"}},
		{"a law by its title", "吨税法", i18n.ZhHans, "TONNAGE_DUES", nil},
		{"a charging body", "引航机构", i18n.ZhHans, "", []string{"PILOTAGE", "SHIFTING"}},
		{"a cargo", "уголь", i18n.Ru, "CARGO_DUES", nil},
		{"a name of another language than the page's", "Lotsgeld", i18n.Ko, "PILOTAGE", nil},
		{"words of two languages", "pilotage 引航", i18n.Fr, "PILOTAGE", nil},
	} {
		got := built.Find(tc.query, tc.lang)
		if tc.first != "" && (len(got) == 0 || got[0] != tc.first) {
			t.Errorf("%s: %q finds %v, want %s first", tc.name, tc.query, got, tc.first)
		}
		for _, code := range tc.also {
			if !slices.Contains(got, code) {
				t.Errorf("%s: %q finds %v, without %s", tc.name, tc.query, got, code)
			}
		}
		if len(got) > 30 {
			t.Errorf("%s: %q finds nearly everything", tc.name, tc.query)
		}
	}
	for _, nothing := range []string{"", "  ", "、。・", "qqqq", "蘋", "☃", "\xff\xfe", "😀"} {
		if got := built.Find(nothing, i18n.En); got != nil {
			t.Errorf("%q finds %v", nothing, got)
		}
	}
}

func TestAllWordsOfAQueryMustFit(t *testing.T) {
	t.Parallel()
	if got := built.Find("berth idle", i18n.En); len(got) == 0 || got[0] != "BERTH_IDLE" || slices.Contains(got, "PILOTAGE") {
		t.Errorf("%v", got)
	}
	one, two := built.Find("tug", i18n.En), built.Find("tug zzzz", i18n.En)
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("a word that nothing has hides what the other finds (-want +got):\n%s", diff)
	}
}

func TestEveryNameAndCodeFindsItsItem(t *testing.T) {
	t.Parallel()
	c := tariffs.BuiltIn()
	for i := range c.Items {
		it := &c.Items[i]
		queries := map[string]i18n.Lang{it.Code: i18n.En, it.NameZH: i18n.ZhHans, strings.ToLower(it.Code): i18n.Ja}
		for tag, text := range it.Term().Texts {
			queries[text] = i18n.Lang(tag)
		}
		for query, lang := range queries {
			if got := built.Find(query, lang); !slices.Contains(got, it.Code) {
				t.Errorf("%q in %s does not find %s: %v", query, lang, it.Code, got)
			}
		}
		for _, r := range it.NameZH { // each single character of each name
			if unicode.Is(unicode.Han, r) && !slices.Contains(built.Find(string(r), i18n.ZhHans), it.Code) {
				t.Errorf("%c does not find %s", r, it.Code)
			}
		}
	}
}

func TestTheOrderIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	other := New(tariffs.BuiltIn())
	for _, q := range []string{"费", "сбор", "gebühr", "dues", "redevance", "料", "port", "2019"} {
		for _, lang := range i18n.Languages() {
			if diff := cmp.Diff(built.Find(q, lang), other.Find(q, lang)); diff != "" {
				t.Errorf("%q in %s (-want +got):\n%s", q, lang, diff)
			}
		}
	}
}

func TestFolding(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"ＡＢＣ１": "abc1", "Straße": "strasse", "déchets": "dechets", "ёлка": "елка", "引航費": "引航费", "ガス": "ガス", "ｶﾞｽ": "ガス",
		"とん": "トン", "도선료": "도선료", "Ü": "u", "й": "й", "ﬁ": "fi"} {
		if got := fold(in); got != want {
			t.Errorf("%q is folded to %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom(nil, unicode.Latin, unicode.Cyrillic, unicode.Han, unicode.Katakana, unicode.Hiragana, unicode.Hangul)).Draw(r, "s")
		if once := fold(s); fold(once) != once {
			r.Fatalf("folding %q twice gives another text", s)
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, q := range []string{"引航费", "лоцманского", "Schleppgebühren", "ＭＯＴ-2019-2", "ｵｲﾙ", "\u0301\u0301", "a\u0300é", "\xff"} {
		f.Add(q, "de")
	}
	f.Fuzz(func(t *testing.T, query, lang string) {
		got := built.Find(query, i18n.Lang(lang))
		if diff := cmp.Diff(got, built.Find(query, i18n.Lang(lang))); diff != "" {
			t.Errorf("two answers to %q: %s", query, diff)
		}
		seen := map[string]bool{}
		for _, code := range got {
			if seen[code] || tariffs.BuiltIn().Item(code) == nil {
				t.Errorf("%q finds %q, twice %t", query, code, seen[code])
			}
			seen[code] = true
		}
	})
}

// BenchmarkFind looks up a German compound, the dearest way.
func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if len(built.Find("Schleppgebühren", i18n.De)) == 0 {
			b.Fatal("nothing found")
		}
	}
}

func BenchmarkFindOneCharacter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if len(built.Find("费", i18n.ZhHans)) == 0 {
			b.Fatal("nothing found")
		}
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New(tariffs.BuiltIn())
	}
}
