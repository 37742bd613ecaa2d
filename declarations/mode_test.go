package declarations_test

import (
	"strings"
	"testing"

	"kouan/declarations"
)

func TestModeIsReadFromTheMarks(t *testing.T) {
	t.Parallel()
	type header = declarations.Header
	for name, tc := range map[string]struct {
		h    header
		want declarations.Mode
	}{
		"nothing":                       {header{}, declarations.ModeOrdinary},
		"integrated, in one go":         {header{FilingStep: "0"}, declarations.ModeOrdinary},
		"home customs":                  {header{FormType: "SD"}, declarations.ModeOrdinary},
		"form that nobody knows":        {header{FormType: "QQ"}, declarations.ModeOrdinary},
		"summary":                       {header{FilingStep: "5"}, declarations.ModeTwoStepSummary},
		"full":                          {header{FilingStep: "6"}, declarations.ModeTwoStepFull},
		"summary of a record list, ML5": {header{FormType: "ML", FilingStep: "5"}, declarations.ModeTwoStepSummary},
		"summary in a combined port":    {header{FilingStep: "5", IsCombinedPort: true}, declarations.ModeTwoStepSummary},
		"combined port":                 {header{IsCombinedPort: true}, declarations.ModeCombinedPort},
		"combined port, record list":    {header{IsCombinedPort: true, FormType: "ML"}, declarations.ModeCombinedPort},
		"transit":                       {header{TransitRelationCode: "1"}, declarations.ModeTransit},
		"transit, consolidated duty":    {header{TransitRelationCode: "1", FormType: "CL"}, declarations.ModeTransit},
		"transit relation 0":            {header{TransitRelationCode: "0"}, declarations.ModeOrdinary},
		"consolidated duty":             {header{FormType: "CL"}, declarations.ModeConsolidatedDuty},
		"express, consolidated duty":    {header{FormType: "EC"}, declarations.ModeConsolidatedDuty},
		"record list":                   {header{FormType: "ML"}, declarations.ModeRecordList},
		"minimal record list":           {header{FormType: "AL"}, declarations.ModeRecordList},
	} {
		if got := declarations.ModeOf(&declarations.Declaration{Header: tc.h}); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// Every form that the facts call a record list or consolidated duty has that mode.
func TestModesAgreeWithTheFacts(t *testing.T) {
	t.Parallel()
	for _, row := range declarations.Rows(t, "facts", "declaration_types.csv") {
		if row["type_position"] != "1-2" {
			continue
		}
		want := declarations.ModeOrdinary
		switch {
		case strings.Contains(row["name_zh"], "备案清单"):
			want = declarations.ModeRecordList
		case strings.Contains(row["name_zh"], "汇总征税"):
			want = declarations.ModeConsolidatedDuty
		}
		d := declarations.Declaration{Header: declarations.Header{FormType: row["code"]}}
		if got := declarations.ModeOf(&d); got != want {
			t.Errorf("%s %s: %s, want %s", row["code"], row["name_zh"], got, want)
		}
	}
}
