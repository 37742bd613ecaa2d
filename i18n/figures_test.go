package i18n

import (
	"strings"
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, want string
		lang           Lang
	}{
		{"thousands are grouped", "20300.00", "20,300.00", ZhHans},
		{"German signs", "1234567.5", "1.234.567,5", De},
		{"French groups by no-break spaces", "1234567.5", "1\u00a0234\u00a0567,5", Fr},
		{"Russian groups by no-break spaces", "-1234.50", "-1\u00a0234,50", Ru},
		{"three digits stay together", "-999", "-999", En},
		{"leading zeros are kept as written", "007", "007", En},
		{"more digits than any machine number has", "12345678901234567890.12345678901234567890",
			"12,345,678,901,234,567,890.12345678901234567890", En},
		{"an exponent comes back as it is", "1e5", "1e5", En},
		{"a grouped number comes back as it is", "1,234", "1,234", De},
		{"a point without decimals comes back as it is", "1234.", "1234.", En},
		{"nothing comes back as nothing", "", "", En},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := For(c.lang).Number(c.in); got != c.want {
				t.Errorf("Number(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzNumber(f *testing.F) {
	f.Add("1234567.89")
	f.Add("-0")
	f.Add("١٢٣")
	f.Fuzz(func(t *testing.T, in string) {
		got := For(En).Number(in)
		if strings.ReplaceAll(got, ",", "") != strings.ReplaceAll(in, ",", "") {
			t.Errorf("Number(%q) = %q changed more than the grouping", in, got)
		}
	})
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 20, 15, 59, 0, time.UTC)
	beijing := time.FixedZone("CST", 8*60*60)
	p := For(ZhHans)
	for _, c := range []struct{ name, got, want string }{
		{"the day is the day in the zone", p.Date(at, beijing), "2026-11-24"},
		{"the minute is cut, not rounded", p.DateTime(at, beijing), "2026-11-24 04:15"},
		{"whole hours", p.Zone(at, beijing), "UTC+8"},
		{"half hours", p.Zone(at, time.FixedZone("IST", 5*60*60+30*60)), "UTC+5:30"},
		{"west", p.Zone(at, time.FixedZone("HST", -10*60*60)), "UTC-10"},
		{"UTC itself", p.Zone(at, time.UTC), "UTC"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}
