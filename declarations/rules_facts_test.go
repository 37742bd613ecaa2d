package declarations

import (
	"strings"
	"testing"
)

// codesFound are the codes of the faults of a declaration, each once.
func codesFound(d *Declaration) map[string]bool {
	out := map[string]bool{}
	for _, f := range Validate(d) {
		out[f.Code] = true
	}
	return out
}

// Every code of the fact tables is taken, or refused when its row says that it is void.
func TestRulesTakeEveryCodeOfTheFacts(t *testing.T) {
	t.Parallel()
	for file, table := range map[string]struct {
		rule  string
		put   func(d *Declaration, code string)
		large int
	}{
		"customs_offices.csv": {"DEC-0017", func(d *Declaration, v string) { d.Header.DeclarationOfficeCode = v }, 24},
		"trade_modes.csv":     {"DEC-0018", func(d *Declaration, v string) { d.Header.TradeModeCode = v }, 109},
		"levy_natures.csv":    {"DEC-0019", func(d *Declaration, v string) { d.Header.LevyNatureCode = v }, 72},
		"countries.csv":       {"DEC-0020", func(d *Declaration, v string) { d.Items[0].CountryOfOrigin = v }, 268},
		"currencies.csv":      {"DEC-0021", func(d *Declaration, v string) { d.Items[0].Currency = v }, 60},
		"package_types.csv":   {"DEC-0023", func(d *Declaration, v string) { d.Header.PackageKindCode = v }, 17},
		"units.csv":           {"DEC-0075", func(d *Declaration, v string) { d.Items[0].SecondStatutoryUnitCode = v }, 123},
	} {
		facts := rows(t, "facts", file)
		if len(facts) != table.large {
			t.Errorf("%s has %d rows, want %d", file, len(facts), table.large)
		}
		for _, r := range facts {
			for _, code := range []string{r["code"], r["old_numeric"]} {
				if code == "" {
					continue
				}
				d := filled(1)
				table.put(d, code)
				if got, want := codesFound(d)[table.rule], r["active"] == "N"; got != want {
					t.Errorf("%s %s: refused %v, want %v", file, code, got, want)
				}
			}
		}
	}
	for _, r := range rows(t, "facts", "declaration_types.csv") {
		d := filled(1)
		typed := map[string]string{"1-2": r["code"], "3": "  " + r["code"], "7": "      " + r["code"]}[r["type_position"]]
		if wireType.Set(d, typed); codesFound(d)["DEC-0062"] {
			t.Errorf("type %q at %s is refused", r["code"], r["type_position"])
		}
	}
}

// Every row of the combinations judges its own combination and no other.
func TestEveryCombinationOfTheFacts(t *testing.T) {
	t.Parallel()
	judged := map[string]int{}
	for _, r := range rows(t, "facts", "trade_mode_levy_combinations.csv") {
		row := func(levy, manual string) map[string]bool {
			d := filled(1)
			if r["direction"] == "E" {
				export(d)
			}
			d.Header.TradeModeCode, d.Header.LevyNatureCode, d.Header.BondedManualNumber = r["trade_mode"], levy, manual
			return codesFound(d)
		}
		levy := r["levy_nature"]
		switch judged[r["kind"]]++; r["kind"] {
		case "manual_initial":
			if levy == "" {
				levy = "101" // any
			}
			for letter := range strings.SplitSeq("A B C D E F H L T Y Z", " ") {
				got, want := row(levy, letter+"09999000001")["DEC-0043"], !strings.Contains(r["manual_no_initials"], letter)
				if got != want {
					t.Errorf("%s %s with %s: refused %v, want %v", r["id"], r["note_en"], letter, got, want)
				}
			}
			if row(levy, "")["DEC-0043"] {
				t.Errorf("%s without a number is refused", r["id"])
			}
		case "expected_levy":
			for other, want := range map[string]bool{levy: false, "": false, "101": levy != "101", "299": levy != "299"} {
				if got := row(other, "")["DEC-0044"]; got != want {
					t.Errorf("%s with levy nature %q: warned %v, want %v", r["id"], other, got, want)
				}
			}
		}
	}
	if judged["manual_initial"] != 42 || judged["expected_levy"] != 10 {
		t.Errorf("rows by kind %v, want 42 and 10", judged)
	}
}

// The terms that shut out freight and insurance on import are those of the facts.
func TestChargesThatTheTermsHold(t *testing.T) {
	t.Parallel()
	for _, r := range rows(t, "facts", "transaction_terms.csv") {
		for column, put := range map[string]func(*Declaration){
			"import_freight":   func(d *Declaration) { d.Valuation.Freight = Charge{"USD", "3", "5"} },
			"import_insurance": func(d *Declaration) { d.Valuation.Insurance = Charge{"USD", "3", "5"} },
		} {
			d := filled(1)
			d.Terms.DeliveryTermsCode = r["code"]
			put(d)
			found := codesFound(d)
			got := found["DEC-0039"] || found["DEC-0040"] || found["DEC-0041"]
			if want := r[column] == "empty"; got != want {
				t.Errorf("terms %s: %s refused %v, want %v", r["code"], column, got, want)
			}
		}
	}
}
