package tariffs

import "testing"

// What is cited must be in force on the first day; that it is applied after
// its stated term is a note of its own.
func TestACitedInstrumentIsInForceOnTheFirstDay(t *testing.T) {
	t.Parallel()
	cites := func(basis, from string) map[string]string {
		return map[string]string{"legal_basis": basis, "valid_from": from, "published_at": ""}
	}
	superseded := []string{"FEE-L32"}
	lintCases(t, []lintCase{
		{"applied after its term", "SHIFTING", cites("MOT-2019-2", "2027-01-01"), nil},
		{"in force", "SHIFTING", cites("MOT-NDRC-2022", "2022-04-01"), nil},
		{"not yet", "SHIFTING", cites("MOT-NDRC-2022", "2020-01-01"), superseded},
		{"the day before it begins", "SHIFTING", cites("MOT-2019-2", "2019-03-31"), superseded},
		{"a reduction that ended", "SHIFTING", cites("MOT-NDRC-2020-03", "2027-01-01"), superseded},
		{"superseded, without a last day", "SHIFTING", cites("MOC-1997-3", "2027-01-01"), superseded},
		{"superseded, in its time", "SHIFTING", map[string]string{"legal_basis": "MOC-1997-3", "valid_from": "2015-01-01", "valid_to": "2016-02-29", "published_at": ""}, []string{CodeLimitUnknown}},
		{"superseded, with a last day", "SHIFTING", cites("交水发〔2017〕104号", "2027-01-01"), superseded},
		{"of another river", "SHIFTING", cites("MOC-YANGTZE-PILOT", "2027-01-01"), superseded},
		{"a suspension that ended", "SHIFTING", cites("MOT-ANN-2025-SUSP", "2027-01-01"), superseded},
		{"suspended", "SHIFTING", cites("MOT-ANN-2025-54", "2026-06-01"), superseded},
		{"of unknown status", "SHIFTING", cites("交办水〔2025〕59号", "2027-01-01"), superseded},
		{"before it was suspended", "SHIFTING", cites("MOT-ANN-2025-54", "2025-10-20"), nil},
	})
}
