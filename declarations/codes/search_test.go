package codes_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

func found(table, query string, langs ...string) []string {
	var out []string
	for _, m := range codes.Default().Table(table).Search(query, langs...) {
		out = append(out, m.Code)
	}
	return out
}

func TestSearchRanksTheBestFirst(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, table, query string
		langs              []string
		first              string
	}{
		{"the code itself", "trade_modes", "0110", nil, "0110"},
		{"beginning of a code", "trade_modes", "971", nil, "9710"},
		{"whole Chinese name", "countries", "中国", nil, "CHN"},
		{"English name in another case", "countries", "jAPAN", nil, "JPN"},
		{"full-width letters and digits", "trade_modes", "０１１０", nil, "0110"},
		{"full-width name", "countries", "Ｊａｐａｎ", nil, "JPN"},
		{"old number", "countries", "142", nil, "CHN"},
		{"alpha-2 before names with these letters", "countries", "de", nil, "DEU"},
		{"UN/ECE code", "units", "kgm", nil, "035"},
		{"words in any order", "countries", "kong hong", nil, "HKG"},
		{"blanks around", "countries", "  Hong   Kong ", nil, "HKG"},
	} {
		got := found(tc.table, tc.query, tc.langs...)
		if len(got) == 0 || got[0] != tc.first {
			t.Errorf("%s: %q finds %v, want %s first", tc.name, tc.query, got, tc.first)
		}
	}
}

func TestOneChineseCharacterIsEnough(t *testing.T) {
	t.Parallel()
	var want []string
	for _, e := range codes.Default().Table("currencies").Entries {
		if slices.Contains([]rune(e.NameZh), '元') {
			want = append(want, e.Code)
		}
	}
	got := found("currencies", "元")
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 5 {
		t.Errorf("currencies with 元 (-want +got):\n%s", diff)
	}
}

func TestSearchInOneLanguage(t *testing.T) {
	t.Parallel()
	if got := found("countries", "Japan", "zh-Hans"); got != nil {
		t.Errorf("an English name among the Chinese ones: %v", got)
	}
	if got := found("countries", "日本", "en"); got != nil {
		t.Errorf("a Chinese name among the English ones: %v", got)
	}
	if got := found("countries", "JPN", "zh"); !slices.Equal(got, []string{"JPN"}) {
		t.Errorf("codes have no language: %v", got)
	}
}

func TestSearchFindsNothing(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "  ", "zzzz", "\xff", "中国日本", "china japan"} {
		if got := found("countries", query); got != nil {
			t.Errorf("%q finds %v", query, got)
		}
	}
}

func TestSearchIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	first := found("ports", "a")
	ranks := codes.Default().Table("ports").Search("a")
	if !slices.IsSortedFunc(ranks, func(a, b codes.Match) int { return a.Rank - b.Rank }) {
		t.Error("ranks are not in order")
	}
	for range 20 {
		if !slices.Equal(first, found("ports", "a")) {
			t.Fatal("another order")
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	table := codes.Default().Table("ports")
	b.ReportAllocs()
	for b.Loop() {
		if len(table.Search("连")) == 0 {
			b.Fatal("nothing found")
		}
	}
}
