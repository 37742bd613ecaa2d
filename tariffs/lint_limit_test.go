package tariffs

import "testing"

// A price above a ceiling is found in whatever cell it is hidden: in a part
// of a band, under another kind of schedule, for all ships at once.
func TestAPriceIsHeldAgainstEveryCeilingThatItMeets(t *testing.T) {
	t.Parallel()
	lintCases(t, []lintCase{
		{"the cell itself", "TOWAGE", map[string]string{"amount": "8501"}, []string{"FEE-L20"}},
		{"at the ceiling", "TOWAGE", nil, nil},
		{"a part of a band", "TOWAGE", map[string]string{"loa_from": "180", "loa_to": "200", "amount": "99999"}, []string{"FEE-L20"}},
		{"a part of a band, below", "TOWAGE", map[string]string{"loa_from": "180", "loa_to": "200", "amount": "8500"}, nil},
		{"two bands at the price of the dearer", "TOWAGE", map[string]string{"loa_from": "150", "amount": "8500"}, []string{"FEE-L20"}},
		{"all lengths", "TOWAGE", map[string]string{"loa_from": "", "loa_to": "", "amount": "99999"}, []string{"FEE-L20"}},
		{"all ships", "TOWAGE", map[string]string{"ship_type": "", "amount": "8501"}, []string{"FEE-L20"}},
		{"both trades", "TOWAGE", map[string]string{"trade": "both", "amount": "8501"}, []string{"FEE-L20"}},
		{"another kind, above", "TOWAGE", map[string]string{"schedule_kind": "flat", "amount": "9999"}, []string{CodeNoLimit, "FEE-L20"}},
		{"another kind, below", "TOWAGE", map[string]string{"schedule_kind": "flat", "amount": "8000"}, []string{CodeNoLimit}},
		{"all components", "SHIFTING", map[string]string{"component": "", "amount": "9.99"}, []string{"FEE-L20"}},
		{"hours as a flat price", "BERTH_IDLE", map[string]string{"schedule_kind": "flat", "amount": "9.99"}, []string{CodeNoLimit, "FEE-L20"}},
		{"from a day on which another rule held", "SHIFTING", map[string]string{"valid_from": "2019-01-01", "published_at": "2018-06-01", "legal_basis": "MOT-2017-104", "amount": "0.21"}, []string{"FEE-L20"}},
		{"miles within the base", "PILOTAGE 1B", map[string]string{"distance_from_nm": "0", "distance_to_nm": "5"}, []string{CodeNoLimit}},
		{"a ceiling that is not on file", "TOWAGE", map[string]string{"trade": "domestic", "amount": "99"}, []string{CodeLimitUnknown}},
		{"a charge that no row prices", "BERTH_IDLE", map[string]string{"item_code": "BERTH_DUES", "unit": "NTT", "basis_zh": "净吨"}, []string{CodeNoLimit}},
		{"a charge without any row", "BERTH_WORKING", map[string]string{"item_code": "BUOY"}, []string{CodeLimitUnknown}},
		{"an amount that is not known", "TOWAGE", map[string]string{"schedule_kind": "flat", "amount": ""}, nil},
		{"the fixed sum of the port's own group", "PILOTAGE 1A", map[string]string{"schedule_kind": "fixed_above", "unit": "C62", "nt_from": "120000", "nt_to": "", "amount": "44100"}, nil},
		{"the fixed sum of other ports", "PILOTAGE 1A", map[string]string{"schedule_kind": "fixed_above", "unit": "C62", "nt_from": "120000", "nt_to": "", "amount": "49000"}, []string{"FEE-L20"}},
		{"only at other ports", "PILOTAGE 1A", map[string]string{"item_code": "PILOT_NONBASIC", "component": "", "schedule_kind": "flat", "nt_from": "", "nt_to": "", "distance_to_nm": "", "amount": "0.27"}, []string{CodeNoLimit}},
	})
}

// A price that the government sets is that price, in whatever cell it stands.
func TestASetPriceIsThatOfEveryRowThatItMeets(t *testing.T) {
	t.Parallel()
	dues := map[string]string{"item_code": "TONNAGE_DUES", "schedule_kind": "slab", "trade": "international", "cargo_class": "", "container_size": "", "load_state": "", "direction": "",
		"nt_from": "0", "nt_to": "2000", "basis_zh": "净吨", "unit": "NTT", "legal_basis": "TONNAGE-LAW-2018"}
	with := func(column, cell string) map[string]string {
		out := map[string]string{column: cell}
		for k, v := range dues {
			if k != column {
				out[k] = v
			}
		}
		return out
	}
	lintCases(t, []lintCase{
		{"the set price", "CARGO_DUES", nil, nil},
		{"the trade by its other name", "CARGO_DUES", map[string]string{"trade": "international", "amount": "34"}, nil},
		{"another price under it", "CARGO_DUES", map[string]string{"trade": "international", "amount": "99.00"}, []string{"FEE-L23"}},
		{"another kind", "CARGO_DUES", map[string]string{"schedule_kind": "flat", "amount": "99.00"}, []string{CodeNoLimit, "FEE-L23"}},
		{"another kind at the set price", "CARGO_DUES", map[string]string{"schedule_kind": "flat"}, []string{CodeNoLimit}},
		{"all classes of cargo at the price of one", "CARGO_DUES", map[string]string{"cargo_class": ""}, []string{"FEE-L23"}},
		{"all directions at the price of one", "CARGO_DUES", map[string]string{"direction": ""}, []string{"FEE-L23"}},
		{"a size without a row", "CARGO_DUES", map[string]string{"container_size": "45"}, []string{CodeLimitUnknown}},
		{"a cell without a figure", "CARGO_DUES", map[string]string{"cargo_class": "group2_unlisted", "container_size": "", "load_state": "", "unit": "TNE"}, []string{CodeLimitUnknown}},
		{"tonnage dues of no bracket", "CARGO_DUES", with("amount", "99"), []string{CodeNoLimit, "FEE-L23"}},
		{"tonnage dues of one term", "CARGO_DUES", with("amount", "9.0"), []string{CodeNoLimit}},
		{"the special port fee", "CARGO_DUES", map[string]string{"item_code": "SPECIAL_PORT_FEE", "schedule_kind": "flat", "trade": "international", "cargo_class": "", "container_size": "", "load_state": "", "direction": "",
			"basis_zh": "净吨", "unit": "NTT", "legal_basis": "MOT-ANN-2025-54", "amount": "1"}, []string{CodeNoLimit, "FEE-L23", "FEE-L32"}},
	})
}
