package i18n

import (
	"testing"
	"time"
)

func TestMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lang     Lang
		minor    int64
		currency string
		want     string
	}{
		{En, 123456, "CNY", "CNY\u00a01,234.56"}, {De, 123456, "CNY", "CNY\u00a01.234,56"}, {Ru, 123456, "CNY", "CNY\u00a01\u00a0234,56"}, {Fr, 123456, "EUR", "EUR\u00a01\u00a0234,56"},
		{ZhHans, 5, "CNY", "CNY\u00a00.05"}, {Ja, 0, "CNY", "CNY\u00a00.00"}, {Ko, -7, "CNY", "CNY\u00a0-0.07"}, {En, -123, "CNY", "CNY\u00a0-1.23"},
		{Ja, 1234567, "JPY", "JPY\u00a01,234,567"}, {Ko, 0, "KRW", "KRW\u00a00"}, {En, 1, "KWD", "KWD\u00a00.001"}, {En, 100, "XXX", "XXX\u00a01.00"},
		{En, -9223372036854775808, "CNY", "CNY\u00a0-92,233,720,368,547,758.08"},
	} {
		if got := For(c.lang).Money(c.minor, c.currency); got != c.want {
			t.Errorf("%s, %d %s: %q, want %q", c.lang, c.minor, c.currency, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for lang, want := range map[Lang]string{ZhHans: "12.5%", En: "12.5%", Ja: "12.5%", Ko: "12.5%", De: "12,5\u00a0%", Fr: "12,5\u00a0%", Ru: "12,5\u00a0%"} {
		if got := For(lang).Percent("12.5"); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]map[Lang]string{
		30 * time.Hour:                  {En: "1 day 6 hours", ZhHans: "1天6小时", Ru: "1 день 6 часов", De: "1 Tag 6 Stunden"},
		0:                               {En: "0 minutes", Fr: "0 minute", Ja: "0分"},
		59 * time.Second:                {En: "0 minutes"},
		-90 * time.Minute:               {En: "1 hour 30 minutes", Ko: "1시간 30분"},
		2*24*time.Hour + 61*time.Second: {En: "2 days 1 minute", Ru: "2 дня 1 минута"},
		10_000*24*time.Hour + 1*time.Hour + time.Minute: {De: "10.000 Tage 1 Stunde 1 Minute"},
	} {
		for lang, text := range want {
			if got := For(lang).Duration(d); got != text {
				t.Errorf("%s in %s: %q, want %q", d, lang, got, text)
			}
		}
	}
}

func TestOrSaysWhichLanguageATextIsIn(t *testing.T) {
	t.Parallel()
	all, err := load(files(`{"a":"甲{{.x}}","b":"乙","c":"丙"}`, `{"a":"A{{.x}}","b":"B"}`, `{"a":"ア{{.x}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := Printer{Ja, all[Ja]}
	for key, want := range map[string]struct {
		text string
		lang Lang
		ok   bool
	}{"a": {"ア{{.x}}", Ja, true}, "b": {"B", En, true}, "c": {"丙", ZhHans, true}, "d": {"d", Ja, false}} {
		if text, lang, ok := p.Or(key); text != want.text || lang != want.lang || ok != want.ok {
			t.Errorf("%s: %q in %s, %v", key, text, lang, ok)
		}
	}
	if text, lang := First(De, map[Lang]string{ZhHans: "港", Ja: "港"}); text != "港" || lang != ZhHans {
		t.Errorf("First took %q in %s", text, lang)
	}
	if text, lang := First(De, map[Lang]string{ZhHans: "港", En: "port", De: "Hafen"}); text != "Hafen" || lang != De {
		t.Errorf("First took %q in %s", text, lang)
	}
	if text, _, ok := (Printer{}).Or("a"); text != "a" || ok {
		t.Errorf("the zero printer has %q", text)
	}
}
