package declarations

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/codes"
)

func TestParseOverride(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"V067=warn": "V067 warn", "V044=off": "V044 off", "V078=reject": "V078 reject",
		"V001=off": "", "V005=off": "", "V060=warn": "", "V099=off": "", "V067": "", "V067=": "", "V067=WARN": "", "67=off": "", "": "",
	} {
		id, s, err := ParseOverride(text)
		if got := strings.TrimSpace(id + " " + string(s)); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseOverride(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestTheOperatorTurnsRules(t *testing.T) {
	t.Parallel()
	d := filled(2)
	d.Items[0].LineAmount, d.Items[1].CountryOfDestination, d.Header.Remarks = "0", "KOR", " x"
	judged := func(turned map[string]Severity) string {
		var out []string
		for _, f := range (Judge{Overrides: turned}).Validate(d) {
			out = append(out, f.Code+" "+string(f.Severity))
		}
		return strings.Join(out, ", ")
	}
	for _, row := range []struct {
		turned map[string]Severity
		want   string
	}{
		{nil, "DEC-0033 warn, DEC-0066 warn, DEC-0067 reject, DEC-0078 warn"},
		{map[string]Severity{"V067": Warn, "V078": Reject, "V066": Off}, "DEC-0033 warn, DEC-0067 warn, DEC-0078 reject"},
		{map[string]Severity{"V033": Off, "V067": Off, "V011": Off}, "DEC-0066 warn, DEC-0078 warn"}, // V066 looks for itself
	} {
		if diff := cmp.Diff(row.want, judged(row.turned)); diff != "" {
			t.Errorf("%v: -want +got\n%s", row.turned, diff)
		}
	}
}

func TestWhatIsToleratedStaysAWarning(t *testing.T) {
	t.Parallel()
	d := filled(1)
	d.Header.DestinationOfficeCode, d.Header.PackageKindCode = "2200", "2"
	wireType.Set(d, "ML1000")
	for _, f := range Validate(d) {
		if f.Severity != Warn {
			t.Errorf("%s is %s, want a warning", f.Code, f.Severity)
		}
	}
	if n := len(Validate(d)); n != 3 {
		t.Errorf("%d faults, want those of V017, V023 and V062", n)
	}
}

// An operator's folder changes what a code is worth, from its day on.
func TestRulesFollowTheOperatorsTables(t *testing.T) {
	t.Parallel()
	set, err := codes.Open(fstest.MapFS{
		"customs_offices.csv":        {Data: []byte("# complete\ncode,name_zh,name_en,status,full_name_zh,district\n0900,大连海关,Dalian Customs,confirmed,,\n0901,大连港湾,Dalian Harbour Customs,confirmed,,\n")},
		"units.csv":                  {Data: []byte("# incomplete: some\ncode,name_zh,name_en,status,unece_rec20\n035,千克,kilogram,confirmed,KGM\n")},
		"trade_modes.2027-01-01.csv": {Data: []byte("code,name_zh,name_en,status,active\n0110,一般贸易,general trade,confirmed,N\n9999,新,new,confirmed,Y\n")},
		"trade_mode_levy_combinations.2027-01-01.csv": {Data: []byte("code,name_zh,name_en,status,direction,trade_mode,levy_nature,manual_no_initials,kind,severity\n" +
			"TL01,,new,confirmed,I,9999,,H,manual_initial,reject\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ day, mode, manual, office, want string }{
		{"2026-12-31", "0110", "", "0900", "DEC-0075 warn, DEC-0075 warn"},
		{"2027-01-01", "0110", "", "0900", "DEC-0018 reject, DEC-0075 warn, DEC-0075 warn"},
		{"2027-01-01", "9999", "", "0902", "DEC-0017 reject, DEC-0075 warn, DEC-0075 warn"},
		{"2027-01-01", "9999", "B09999000001", "0900", "DEC-0043 reject, DEC-0075 warn, DEC-0075 warn"},
		{"2027-01-01", "9999", "H09999000001", "0900", "DEC-0075 warn, DEC-0075 warn"},
		{"2026-12-31", "9999", "B09999000001", "0900", "DEC-0018 reject, DEC-0075 warn, DEC-0075 warn"},
	} {
		d := filled(1)
		d.Header.TradeModeCode, d.Header.BondedManualNumber, d.Header.DeclarationOfficeCode = row.mode, row.manual, row.office
		var got []string
		for _, f := range (Judge{Codes: set, Day: row.day}).Validate(d) {
			got = append(got, f.Code+" "+string(f.Severity))
		}
		if diff := cmp.Diff(row.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%+v: -want +got\n%s", row, diff)
		}
	}
	if faults := Validate(filled(1)); len(faults) > 0 {
		t.Errorf("the built-in set after another one: %v", faults)
	}
}
