package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"kouan/tariffs"
)

// everyVerdict is one line for each finding of tariffs.md §12, of a call of
// 15,872 NT at a terminal two miles beyond the base distance; the total is
// wrong, and the miles outward are missing. Of the two dues an account has one.
var everyVerdict = []struct {
	zh, en, quantity, unit, rate, amount string
	want                                 tariffs.Verdict
}{
	{"引航费(进)", "Pilotage in", "15872", "NTT", "0.405", "6428.16", tariffs.WithinCeiling},
	{"引航费超程(进)", "Over-distance in", "15872 x 12", "NTT.NMI", "0.004", "761.86", tariffs.QuantityWrong},
	{"拖轮费(进)", "Tugs in", "1", "C62", "", "99999", tariffs.AboveCeiling},
	{"船舶吨税(30天优惠)", "Tonnage dues, 30 days preferential", "15872", "NTT", "3.3", "52377.60", tariffs.Equal},
	{"船舶吨税(30天普通)", "Tonnage dues, 30 days ordinary", "15872", "NTT", "4.6", "73011.20", tariffs.RateKindQuestion},
	{"港口设施保安费", "Security fee", "46", "21", "12", "552", tariffs.NoSeparateCharge},
	{"港口建设费", "Port construction fee", "1", "C62", "1280", "1280", tariffs.Abolished},
	{"货物港务费代收手续费", "Agent margin on cargo dues", "1", "C62", "412", "412", tariffs.AgentMargin},
	{"THC", "THC", "1", "21", "900", "900", tariffs.NotAPortCharge},
	{"航道秩序维护服务费", "Fairway order service fee", "1", "C62", "1850", "1850", tariffs.NotListed},
	{"船舶污染物接收处理服务费", "Waste reception", "3", "MTQ", "265", "795", tariffs.MarketPrice},
	{"移泊费", "Shifting", "15872", "NTT", "0.2", "3174.40", tariffs.StatusUnknown},
	{"灯塔费", "Light dues", "1", "C62", "412", "412", tariffs.BasisWrong},
	{"围油栏使用费", "Oil boom", "1", "C62", "3000", "3900", tariffs.SumWrong},
}

// TestEveryFindingCanCome: through the reader, as a table and as JSON, in
// Chinese and in English only.
func TestEveryFindingCanCome(t *testing.T) {
	t.Parallel()
	for _, english := range []bool{false, true} {
		seen := map[string]map[tariffs.Verdict]bool{"csv": {}, "json": {}}
		for _, without := range []tariffs.Verdict{tariffs.Equal, tariffs.RateKindQuestion} {
			table, form, want := verdictAccount(t, english, without)
			for format, body := range map[string][]byte{"csv": table, "json": form} {
				for _, f := range tariffs.CheckAccount(tariffs.BuiltIn(), accountOf(t, body, nil), "2026-11-26") {
					if v, has := want[f.Line]; has && !slices.Contains(f.Verdicts, v) {
						t.Errorf("%s, English %t, line %d: %v, want %s", format, english, f.Line, f.Verdicts, v)
					}
					for _, v := range f.Verdicts {
						seen[format][v] = true
					}
				}
			}
		}
		for format, came := range seen {
			for _, v := range []tariffs.Verdict{tariffs.Equal, tariffs.WithinCeiling, tariffs.AboveCeiling, tariffs.QuantityWrong, tariffs.RateKindQuestion, tariffs.NoSeparateCharge, tariffs.Abolished,
				tariffs.AgentMargin, tariffs.NotAPortCharge, tariffs.NotListed, tariffs.MarketPrice, tariffs.LineMissing, tariffs.SumWrong, tariffs.StatusUnknown, tariffs.BasisWrong} {
				if !came[v] {
					t.Errorf("%s, English %t: %s never came", format, english, v)
				}
			}
		}
	}
}

// verdictAccount is everyVerdict without the line of one of them, as a table
// and in the program's own form.
func verdictAccount(t *testing.T, english bool, without tariffs.Verdict) (table, form []byte, want map[int]tariffs.Verdict) {
	t.Helper()
	head := "account_no,ship,imo,nt,gt,loa_m,ship_type,terminal,arrival,departure,line,text_zh,text_en,quantity,unit,rate,amount,currency\n"
	if english {
		head = "Account No.,Vessel,IMO,Net tonnage,Gross tonnage,LOA,Ship type,terminal,arrival,departure,No.,Description,Qty,Unit,Unit price,Amount,Currency\n"
	}
	const facts = "A1,SYNTHETIC TWO,9000015,15872,27411,182.3,bulk_general_other,CNDLC-06,2026-09-14T22:40:00+08:00,2026-09-18T06:10:00+08:00,"
	var rows strings.Builder
	rows.WriteString(head)
	a := tariffs.Account{Number: "A1", Currency: "CNY", Total: "1"}
	want = map[int]tariffs.Verdict{}
	for _, l := range everyVerdict {
		if l.want == without {
			continue
		}
		n := len(a.Lines) + 1
		texts, zh := fmt.Sprintf("%s,%q", l.zh, l.en), l.zh
		if english {
			texts, zh = fmt.Sprintf("%q", l.en), ""
		}
		fmt.Fprintf(&rows, "%s%d,%s,%s,%s,%s,%s,CNY\n", facts, n, texts, l.quantity, l.unit, l.rate, l.amount)
		a.Lines = append(a.Lines, tariffs.AccountLine{Line: n, TextZH: zh, TextEN: l.en, Quantity: l.quantity, Unit: l.unit, Rate: l.rate, Amount: l.amount})
		want[n] = l.want
	}
	rows.WriteString(strings.Repeat(",", 10) + "total" + strings.Repeat(",", strings.Count(head, ",")-12) + ",1,CNY\n")
	table = []byte(rows.String())
	a.Call = accountOf(t, table, nil).Call
	form, err := json.Marshal(&a)
	if err != nil {
		t.Fatal(err)
	}
	return table, form, want
}
