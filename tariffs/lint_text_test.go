package tariffs

import (
	"strings"
	"testing"
)

func TestWhatALookerWouldSeeIsFound(t *testing.T) {
	t.Parallel()
	note := func(s string) map[string]string { return map[string]string{"note": s} }
	one := func(code string) []string { return []string{code} }
	lintCases(t, []lintCase{
		{"L02 in Chinese numerals", "YARD", map[string]string{"basis_zh": "四十英寸箱"}, one("FEE-L02")},
		{"L02 with a hyphen", "YARD", map[string]string{"item_en": "40-inch box"}, one("FEE-L02")},
		{"L02 the other way round", "YARD", note("inch: 40"), one("FEE-L02")},
		{"L02 in full width", "YARD", note("４０英寸"), one("FEE-L02")},
		{"L02 a sign", "YARD", map[string]string{"basis_zh": `每40" 箱`}, one("FEE-L02")},
		{"L02 feet", "YARD", note("40-foot box, 四十英尺"), nil},
		{"L02 another length", "YARD", note("140 inch, 12 inch: 4"), nil},
		{"L10 a code of the recommendation", "WASTE_RECEPTION", map[string]string{"unit": "KGM"}, nil},
		{"L10 no code", "WASTE_RECEPTION", map[string]string{"unit": "KILO"}, one("FEE-L10")},
		{"L17 two ideographic blanks", "YARD", note("合\u3000\u3000成"), one("FEE-L17")},
		{"L17 one of them", "YARD", note("合\u3000成"), nil},
		{"L17 a thin blank", "YARD", note("a\u2009b"), one("FEE-L17")},
		{"L17 a line separator", "YARD", note("a\u2028b"), one("FEE-L17")},
		{"L27 no rendering", "YARD", map[string]string{"item_en": ""}, one("FEE-L27")},
		{"L30 behind a blank", "YARD", note(" =1"), one("FEE-L30")},
		{"L30 in full width", "YARD", note("＝1+1"), one("FEE-L30")},
		{"L30 inside", "YARD", note("a = 1"), nil},
		{"L34 in a note", "YARD", note("1-7 days 4, 8-15 days 6"), one("FEE-L34")},
		{"L34 without marks", "YARD", map[string]string{"basis_zh": "第1至7天每天4元 第8至15天每天6元"}, one("FEE-L34")},
		{"L34 open above", "YARD", note("1-7天4元；8天以上6元"), one("FEE-L34")},
		{"L34 as the amount", "YARD", map[string]string{"amount": "1-7天4元；8天以上6元"}, one("FEE-L34")},
		{"L03 with its currency", "TALLY", map[string]string{"amount": "11~18元"}, one("FEE-L03")},
		{"L34 one range", "YARD", note("free for 1-7 days"), nil},
		{"L34 dates", "YARD", note("2026-01-01至2026-06-30，2026-07-01至2026-12-31"), nil},
		{"L34 places", "YARD", note("适用于 1-5 号泊位和 7-9 号泊位"), nil},
	})
}

// A source of the deny list makes no row, and no agent adds a margin to what
// the government sets.
func TestSourcesAndMarginsThatMakeNoRow(t *testing.T) {
	t.Parallel()
	note := func(s string) map[string]string { return map[string]string{"note": s} }
	found := []string{"FEE-L35"}
	lintCases(t, []lintCase{
		{"a margin", "CARGO_DUES", note("含代理手续费5%"), found},
		{"a margin in English", "CARGO_DUES", note("incl. 5% agency commission"), found},
		{"a guide", "CARGO_DUES", note("source: Dalian port disbursement guide (GT dues, light dues)"), found},
		{"a guide as the basis of a market price", "YARD", map[string]string{"legal_basis": "Port Disbursements Guide 2019"}, found},
		{"light dues", "YARD", note("light dues included"), found},
		{"none", "CARGO_DUES", note("不含手续费"), nil},
		{"none, said of who collects", "CARGO_DUES", note("代收不加收5%手续费"), nil},
		{"none, said behind it", "CARGO_DUES", note("手续费不另收"), nil},
		{"none, said behind it in English", "CARGO_DUES", note("agency commission is not charged"), nil},
		{"none, as an entry", "CARGO_DUES", note("手续费：无"), nil},
		{"a bound is no denial", "CARGO_DUES", note("手续费不低于5%"), found},
		{"a bound before it", "CARGO_DUES", note("not less than 5% commission"), found},
		{"something else is denied", "CARGO_DUES", note("不含税，含5%手续费"), found},
		{"a fee without its tax", "CARGO_DUES", note("代收手续费不含税"), found},
		{"light dues that are not there", "TOWAGE", note("light dues not included"), nil},
		{"light dues that are not there, in Chinese", "TOWAGE", note("不含灯塔费"), nil},
		{"light dues beside what is not there", "TOWAGE", note("VAT excluded, light dues included"), found},
		{"none in English", "CARGO_DUES", note("no agency margin may be added"), nil},
		{"the bank's", "CARGO_DUES", map[string]string{"when_how_paid_zh": "离港前，银行手续费由付款人承担"}, nil},
		{"the authority", "CARGO_DUES", note("National Development and Reform Commission 2022"), nil},
		{"of a market price", "YARD", note("含代理手续费5%"), nil},
	})
	rows := samples(t, "catalogue-clean.csv")
	f := Lint(BuiltIn(), sheet([][]string{rows[0], changedRow(t, rows, "CARGO_DUES", map[string]string{"amount": "35.70", "note": "含5%手续费"})}))
	if len(f) != 2 || f[0].Code != "FEE-L23" || f[1].Code != "FEE-L35" || f[1].Column != "note" || !strings.Contains(f[1].Args["value"], "手续费") {
		t.Errorf("a margin in the price: %+v", f)
	}
}
