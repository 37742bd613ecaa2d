package tariffs

import "testing"

func TestAFactorIsNamedWhereItDoesNotAct(t *testing.T) {
	t.Parallel()
	price := func(amount, note string) map[string]string { return map[string]string{"amount": amount, "note": note} }
	found := []string{"FEE-L24"}
	lintCases(t, []lintCase{
		{"shifting times the factor", "SHIFTING", price("0.18", ""), found},
		{"named in English", "SHIFTING", price("0.19", "port factor 0.95 applied"), found},
		{"named in Chinese", "PILOTAGE 1B", price("0.003", "已乘港口系数0.90"), found},
		{"miles times the factor", "PILOTAGE 1B", price("0.0036", ""), found},
		{"on tugs", "TOWAGE", price("7650", "已乘港口系数0.90"), found},
		{"a lower price", "SHIFTING", price("0.19", ""), nil},
		{"named as not applied", "SHIFTING", price("0.19", "port factor not applied"), nil},
		{"named as not applied, in Chinese", "PILOTAGE 1B", price("0.004", "未乘港口系数"), nil},
		{"on the base of pilotage", "PILOTAGE 1A", price("0.405", "已乘港口系数0.90"), nil},
		{"a surcharge on miles", "PILOTAGE 1B", price("0.004", "含夜班附加费"), found},
		{"a surcharge on the base", "PILOTAGE 1A", price("0.45", "night surcharge apart"), nil},
	})
}

// The unit is one of the charge's own: a price per hour in the row of a price
// per day is the dearest slip there is.
func TestTheUnitIsTheCharges(t *testing.T) {
	t.Parallel()
	found := []string{"FEE-L26"}
	lintCases(t, []lintCase{
		{"a day by the hour", "BERTH_WORKING", map[string]string{"unit": "NTT.HUR"}, found},
		{"an hour by the day", "BERTH_IDLE", map[string]string{"unit": "NTT.DAY"}, found},
		{"tons by the piece", "SHIFTING", map[string]string{"unit": "C62"}, found},
		{"miles by the ton", "PILOTAGE 1B", map[string]string{"unit": "NTT"}, []string{CodeNoLimit}},
		{"tugs by horsepower", "TOWAGE", map[string]string{"basis_zh": "马力小时"}, found},
		{"gross tons", "SHIFTING", map[string]string{"basis_zh": "总吨"}, found},
	})
}

// What is part of another charge may not be charged on any day of its row.
func TestAPartIsNoChargeOnAnyDay(t *testing.T) {
	t.Parallel()
	part := func(item, from, to string) map[string]string {
		return map[string]string{"item_code": item, "item_zh": "", "amount": "8.00", "valid_from": from, "valid_to": to, "published_at": "", "cargo_class": ""}
	}
	lintCases(t, []lintCase{
		{"runs on", "HANDLING_ALL_IN", part("SECURITY", "2020-01-01", "2023-12-31"), []string{"FEE-L22"}},
		{"runs on without end", "HANDLING_ALL_IN", part("SECURITY", "2020-01-01", ""), []string{"FEE-L22"}},
		{"ends before", "HANDLING_ALL_IN", part("SECURITY", "2020-01-01", "2022-03-31"), nil},
		{"ends on the day", "HANDLING_ALL_IN", part("SECURITY", "2020-01-01", "2022-04-01"), []string{"FEE-L22"}},
		{"another price than the set one, in its time", "HANDLING_ALL_IN", map[string]string{"item_code": "SECURITY", "item_zh": "", "amount": "99", "valid_from": "2020-01-01", "valid_to": "2022-03-31", "published_at": "", "cargo_class": ""}, []string{"FEE-L23"}},
		{"of unknown place", "HANDLING_ALL_IN", part("PASSENGER_HANDLING", "2026-01-01", ""), []string{CodePartUnknown}},
	})
}
