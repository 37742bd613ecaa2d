package tariffs

import (
	"strings"
	"testing"
)

func TestANoteIsReadForWhatItSaysOfTheRow(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	const reject, warn = "FEE-L24 reject note", "FEE-L24 warn note"
	for _, tc := range []struct{ item, note, want string }{
		{"SHIFTING", "port factor 0.90 does not apply to shifting", ""},
		{"SHIFTING", "港口系数0.90不适用于移泊费", ""},
		{"PILOTAGE 1B", "port factor 0.90 is for 1A only", ""},
		{"PILOTAGE 1B", "港口系数0.90仅适用于1A", ""},
		{"TOWAGE", "port factor 0.90 does not apply", ""},
		{"PILOTAGE 1B", "未乘港口系数", ""},
		{"PILOTAGE 1B", "不含夜班附加费", ""},
		{"SHIFTING", "port factor 0.90 applied", reject},
		{"SHIFTING", "prices not rounded; port factor 0.95 applied", reject},
		{"PILOTAGE 1B", "已乘港口系数0.90", reject},
		{"PILOTAGE 1B", "含夜班附加费", reject},
		{"PILOTAGE 1B", "port factor 0.90", warn},
		{"SHIFTING", "port factor applied without rounding", warn},
		{"PILOTAGE 1B", "夜班附加费另计", warn},
	} {
		got := strings.Join(lintBrief(sheet([][]string{rows[0], changedRow(t, rows, tc.item, map[string]string{"note": tc.note})})), "|")
		if got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.item, tc.note, got, tc.want)
		}
	}
}

// Where the price stands in its own cell, words that send the reader away
// leave nothing out that is charged by.
func TestOnlyAPriceThatIsElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	rows := samples(t, "catalogue-clean.csv")
	for _, tc := range []struct {
		cells map[string]string
		want  string
	}{
		{map[string]string{"when_how_paid_zh": "提箱前付清，见附表"}, "FEE-L04 warn when_how_paid_zh"},
		{map[string]string{"basis_zh": "详见附件"}, "FEE-L04 warn basis_zh"},
		{map[string]string{"basis_zh": "详见附件", "amount": ""}, "FEE-L04 reject basis_zh"},
		{map[string]string{"amount": "详见附件"}, "FEE-L04 reject amount"},
	} {
		got := strings.Join(lintBrief(sheet([][]string{rows[0], changedRow(t, rows, "YARD", tc.cells)})), "|")
		if got != tc.want {
			t.Errorf("%v: %q, want %q", tc.cells, got, tc.want)
		}
	}
}
