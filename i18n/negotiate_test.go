package i18n

import (
	"slices"
	"strings"
	"testing"
)

func TestNegotiate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, header string
		want         Lang
	}{
		{"no header is Chinese", "", ZhHans},
		{"any language is Chinese", "*", ZhHans},
		{"unreadable is Chinese", ";;;", ZhHans},
		{"Chinese without script", "zh", ZhHans},
		{"Chinese of China", "zh-CN", ZhHans},
		{"Chinese of Taiwan", "zh-TW", ZhHans},
		{"Chinese of Taiwan before English", "zh-TW,en;q=0.8", ZhHans},
		{"traditional script", "zh-Hant-HK", ZhHans},
		{"Mandarin by its own code", "cmn", ZhHans},
		{"Cantonese", "yue", ZhHans},
		{"a browser of Beijing", "zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7", ZhHans},
		{"a browser of Osaka", "ja,en-US;q=0.9,en;q=0.8", Ja},
		{"a browser of Seoul", "ko-KR,ko;q=0.9", Ko},
		{"a browser of Vladivostok", "ru-RU,ru;q=0.9", Ru},
		{"German of Switzerland", "de-CH", De},
		{"French of Canada", "fr-CA", Fr},
		{"weights decide, not the order", "en;q=0.3,fr;q=0.9", Fr},
		{"a refused language is not taken", "ja;q=0,de", De},
		{"the second wish when the first is not kept", "es,fr;q=0.8", Fr},
		{"only languages that are not kept: English", "es", En},
		{"Ukrainian is not answered in Russian", "uk", En},
		{"one unreadable entry does not spoil the others", "xx-$$,ja", Ja},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Negotiate(c.header); got != c.want {
				t.Errorf("Negotiate(%q) = %s, want %s", c.header, got, c.want)
			}
		})
	}
}

func TestALongHeaderCostsNoMoreThanAShortOne(t *testing.T) {
	cost := func(header string) float64 { return testing.AllocsPerRun(5, func() { Negotiate(header) }) }
	most := 20 * cost("xx-$$,ja,de;q=0.1,fr")
	for name, header := range map[string]string{
		"many languages":          strings.Repeat("en,", 300_000),
		"many unreadable ones":    strings.Repeat("$,", 300_000),
		"dashes (CVE-2022-32149)": "en" + strings.Repeat("-a", 300_000),
		"underscores":             strings.Repeat("_", 600_000),
		"one long word":           strings.Repeat("x", 600_000),
	} {
		if n := cost(header); n > most {
			t.Errorf("%s: %v allocations, at most %v", name, n, most)
		}
	}
	if got := Negotiate("ja," + strings.Repeat("fr-FR;q=0.5,", 1000)); got != Ja {
		t.Errorf("the first wish of a long list is %s", got)
	}
	if got := Negotiate(strings.Repeat("x", 600_000) + ",ja"); got != ZhHans {
		t.Errorf("a header without a readable beginning gives %s", got)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, path, cookie, header string
		want                       Lang
	}{
		{"the path first", "de", "ja", "fr", De},
		{"then the cookie", "", "ja", "fr", Ja},
		{"then the header", "", "", "fr", Fr},
		{"a cookie of nonsense is not given", "", "<script>", "ko", Ko},
		{"nothing at all is Chinese", "", "", "", ZhHans},
	} {
		if got := Choose(c.path, c.cookie, c.header); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestFromEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		env  map[string]string
		want Lang
	}{
		{"nothing set is English", nil, En},
		{"C with a charset is English", map[string]string{"LANG": "C.UTF-8"}, En},
		{"POSIX is English", map[string]string{"LANG": "POSIX"}, En},
		{"Chinese with charset", map[string]string{"LANG": "zh_CN.UTF-8"}, ZhHans},
		{"Chinese of Taiwan", map[string]string{"LANG": "zh_TW.UTF-8"}, ZhHans},
		{"a variant after @", map[string]string{"LANG": "de_DE@euro"}, De},
		{"LC_ALL before all", map[string]string{"LC_ALL": "ja_JP.UTF-8", "LC_MESSAGES": "fr_FR", "LANG": "zh_CN"}, Ja},
		{"LC_MESSAGES before LANG", map[string]string{"LC_MESSAGES": "fr_FR", "LANG": "zh_CN"}, Fr},
		{"an empty variable counts as unset", map[string]string{"LC_ALL": "", "LANG": "ko_KR"}, Ko},
		{"a language that is not kept", map[string]string{"LANG": "es_ES.UTF-8"}, En},
		{"nonsense", map[string]string{"LANG": "$$"}, En},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := FromEnvironment(func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("FromEnvironment(%v) = %s, want %s", c.env, got, c.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]Lang{"zh-Hans": ZhHans, "zh-hans": ZhHans, "FR": Fr, "zh": "", "": "", "es": ""} {
		if got, ok := Parse(tag); got != want || ok != (want != "") {
			t.Errorf("Parse(%q) = %q, %v; want %q", tag, got, ok, want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("zh-TW,zh;q=0.9")
	f.Add("*;q=0.5")
	f.Add("en;q=a,,;")
	f.Fuzz(func(t *testing.T, header string) {
		if got := Negotiate(header); !slices.Contains(Languages(), got) {
			t.Errorf("Negotiate(%q) = %q, which is not kept", header, got)
		}
	})
}
