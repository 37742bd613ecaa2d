package i18n

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	t.Parallel()
	weights := map[string]string{"value": "1200", "net": "1250"}
	for _, c := range []struct {
		name, key, want string
		lang            Lang
		args            map[string]string
	}{
		{"a placeholder is filled each time it stands in the text", "fault.DEC-0030",
			"毛重 1200 小于净重 1250。填写不小于 1250 的毛重。", ZhHans, weights},
		{"the same arguments serve every language", "fault.DEC-0030",
			"Rohmasse 1200 ist kleiner als Eigenmasse 1250. Eine Rohmasse von mindestens 1250 angeben.", De, weights},
		{"a text without placeholders ignores arguments", "status.released", "released", En, weights},
		{"a missing argument shows and hides nothing else", "fault.DEC-0025",
			"商品共 (?) 项，每份报关单最多 50 项。拆分为多份报关单。", ZhHans, nil},
		{"an argument is data, not a template", "fault.DEC-0007",
			"{{.value}} is not a known element or attribute. It was kept and is sent as it is; check its name.", En, map[string]string{"element": "{{.value}}", "kept": "true"}},
		{"codes of receipts differ by case", "receipt.a", "certificates ready for collection", En, nil},
		{"a key that nobody has is shown as it is", "fault.DEC-9999", "fault.DEC-9999", Ru, nil},
		{"a language that is not kept is written in English", "status.released", "released", "tlh", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, For(c.lang).Text(c.key, c.args)); diff != "" {
				t.Errorf("Text(%s) (-want +got)\n%s", c.key, diff)
			}
		})
	}
}

func TestZeroPrinterShowsKeys(t *testing.T) {
	t.Parallel()
	var p Printer
	if got := p.Text("status.released", nil) + p.Number("1234"); got != "status.released1234" {
		t.Errorf("zero Printer wrote %q", got)
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	names, ok := Placeholders("fault.DEC-0030")
	if diff := cmp.Diff([]string{"net", "value"}, names); diff != "" || !ok {
		t.Errorf("Placeholders, ok %v (-want +got)\n%s", ok, diff)
	}
	if _, ok := Placeholders("fault.DEC-9999"); ok {
		t.Error("an unknown key has placeholders")
	}
}

// files makes a locales folder that has the given Chinese, English and
// Japanese file, and empty ones for the others.
func files(zh, en, ja string) fstest.MapFS {
	all := fstest.MapFS{}
	for _, lang := range Languages() {
		all["locales/"+string(lang)+".json"] = &fstest.MapFile{Data: []byte("{}")}
	}
	for lang, data := range map[Lang]string{ZhHans: zh, En: en, Ja: ja} {
		all["locales/"+string(lang)+".json"].Data = []byte(data)
	}
	return all
}

func TestMissingTextFallsBackToEnglishThenChinese(t *testing.T) {
	t.Parallel()
	all, err := load(files(`{"a":"甲","b":"乙","c":"丙"}`, `{"a":"A","b":"B"}`, `{"a":"ア"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := Printer{Ja, all[Ja]}
	got := []string{p.Text("a", nil), p.Text("b", nil), p.Text("c", nil), p.Text("d", nil)}
	if diff := cmp.Diff([]string{"ア", "B", "丙", "d"}, got); diff != "" {
		t.Errorf("fallback (-want +got)\n%s", diff)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]string{
		"a key that stands twice":        `{"a":"甲","a":"乙"}`,
		"a file that is not JSON":        `{"a":`,
		"an action in the braces":        `{"a":"{{printf .x}}"}`,
		"a name with other characters":   `{"a":"{{.X1}}"}`,
		"braces that do not close":       `{"a":"{{.x"}`,
		"braces that close what is open": `{"a":"x}} y"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(files(`{}`, `{}`, bad)); err == nil {
				t.Errorf("load took %s", bad)
			}
		})
	}
	incomplete := files(`{}`, `{}`, `{}`)
	delete(incomplete, "locales/fr.json")
	if _, err := load(incomplete); err == nil {
		t.Error("load took a folder without French")
	}
}

func FuzzText(f *testing.F) {
	f.Add("{{.a}} and {{.b}}", "x")
	f.Add("plain", "")
	f.Add("{{#.n}} of {{.all}}", "{{.a}}")
	f.Add("{{{{.a}}}}", "{{.a}}")
	f.Fuzz(func(t *testing.T, message, value string) {
		parsed, err := parseText(message)
		if err != nil {
			return
		}
		names := map[string]string{}
		for _, name := range parsed.names() {
			names[name] = "{{." + name + "}}"
		}
		if got := parsed.fill(names); got != strings.ReplaceAll(message, "{{#.", "{{.") {
			t.Errorf("filling with its own placeholders made %q of %q", got, message)
		}
		for name := range names {
			names[name] = value
		}
		if got := parsed.fill(names); len(parsed.args) == 0 && got != message {
			t.Errorf("text without placeholders changed from %q to %q", message, got)
		}
	})
}

func BenchmarkText(b *testing.B) {
	p := For(ZhHans)
	args := map[string]string{"element": "GrossWet", "length": "40", "limit": "32"}
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Text("status.released", nil)
		}
	})
	b.Run("filled", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p.Text("fault.DEC-0011", args)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(locales); err != nil {
			b.Fatal(err)
		}
	}
}

func TestPlainTextTakesNoMemory(t *testing.T) {
	p := For(Ru)
	if n := testing.AllocsPerRun(100, func() { p.Text("status.released", nil) }); n != 0 {
		t.Errorf("%v allocations for a text without placeholders", n)
	}
}

func TestLanguagesAreSeven(t *testing.T) {
	t.Parallel()
	want := []Lang{"zh-Hans", "en", "ja", "ko", "ru", "de", "fr"}
	if !slices.Equal(want, Languages()) {
		t.Errorf("Languages() = %v, want %v", Languages(), want)
	}
}
