package services

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/i18n"
	"kouan/tariffs"
)

func good() Service {
	return Service{Number: "S-1", Name: "报关服务", NameEN: "customs brokerage", Provider: "样例报关行", Price: "300.00", Currency: "CNY", Unit: "C62", Direction: "import",
		Counted: true, ValidFrom: "2026-01-01", ValidTo: "2026-12-31", ChooseOther: "向海关备案的任何报关企业均可办理", Source: "价目表", Word: tariffs.Secondary, Sample: true}
}

func sheet(rows ...Service) *tariffs.Sheet {
	s := &tariffs.Sheet{Columns: Columns}
	for i := range rows {
		s.Rows = append(s.Rows, tariffs.SheetRow{Line: i + 2, Cells: rows[i].Cells()})
	}
	return s
}

func TestASheetIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	other := good()
	other.Number, other.Price, other.Currency, other.Counted, other.Sample = "S-2", "", "", false, false
	got, faults := Read(tariffs.BuiltIn(), sheet(good(), other))
	if diff := cmp.Diff([]Service{good(), other}, got); diff != "" || faults != nil {
		t.Errorf("faults %v (-want +got)\n%s", faults, diff)
	}
}

func TestEachFaultIsFoundAtItsPlace(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Service)
		want   string
	}{
		{"no number", func(s *Service) { s.Number = "" }, "FEE-1302 service_no"},
		{"no provider", func(s *Service) { s.Provider = " " }, "FEE-1302 provider"},
		{"nobody is told how to choose another", func(s *Service) { s.ChooseOther = "" }, "FEE-1302 choose_another_zh"},
		{"no source", func(s *Service) { s.Source = "" }, "FEE-1302 source"},
		{"a price in words", func(s *Service) { s.Price = "面议" }, "FEE-1303 price"},
		{"a price with three places", func(s *Service) { s.Price = "1.005" }, "FEE-1303 price"},
		{"a price with an exponent", func(s *Service) { s.Price = "1e5" }, "FEE-1303 price"},
		{"a price below nothing", func(s *Service) { s.Price = "-1" }, "FEE-1303 price"},
		{"full-width digits", func(s *Service) { s.Price = "１００" }, "FEE-1303 price"},
		{"a sign for a currency", func(s *Service) { s.Currency = "¥" }, "FEE-1304 currency"},
		{"another currency", func(s *Service) { s.Currency = "USD" }, "FEE-1304 currency"},
		{"a unit of nobody", func(s *Service) { s.Unit = "票" }, "FEE-1305 unit"},
		{"a direction of nobody", func(s *Service) { s.Direction = "both" }, "FEE-1305 direction"},
		{"45 ft has no price of its own", func(s *Service) { s.Size = "45" }, "FEE-1305 container_size"},
		{"no such day", func(s *Service) { s.ValidFrom = "2026-02-30" }, "FEE-1306 valid_from"},
		{"ends before it begins", func(s *Service) { s.ValidTo = "2025-12-31" }, "FEE-1306 valid_to"},
		{"no such charge", func(s *Service) { s.Item = "TALLEY" }, "FEE-1307 item_code"},
		{"official without a document", func(s *Service) { s.Word = tariffs.OfficialText }, "FEE-1309 source_sha256"},
		{"no word of verification", func(s *Service) { s.Word = "sure" }, "FEE-1305 verification"},
		{"what the government prices is nobody's offer", func(s *Service) { s.Item = "CARGO_DUES" }, "FEE-1310 item_code"},
		{"a very long name", func(s *Service) { s.Name = strings.Repeat("长", 501) }, "FEE-1311 service_zh"},
		{"a text that turns its direction", func(s *Service) { s.Contact = "a\u202eb" }, "FEE-1314 contact"},
		{"a formula", func(s *Service) { s.Contact = "=1+1" }, "FEE-1315 contact"},
	} {
		bad := good()
		tc.change(&bad)
		got, faults := Read(tariffs.BuiltIn(), sheet(good0("S-0"), bad))
		if len(faults) != 1 || got != nil || faults[0].Code+" "+faults[0].Column != tc.want || faults[0].Line != 3 || faults[0].Position != 1+slices.Index(Columns, faults[0].Column) {
			t.Errorf("%s: %+v, want %s", tc.name, faults, tc.want)
			continue
		}
		wanted, known := i18n.Placeholders("fault." + faults[0].Code)
		for _, name := range wanted {
			if _, given := faults[0].Args[name]; !given {
				t.Errorf("%s lacks the argument %s", faults[0].Code, name)
			}
		}
		if !known {
			t.Errorf("%s has no words", faults[0].Code)
		}
	}
}

func good0(number string) Service {
	s := good()
	s.Number = number
	return s
}

func TestASheetThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sheet *tariffs.Sheet
		want  string
	}{
		"an unknown column": {&tariffs.Sheet{Columns: append(slices.Clone(Columns), "margin"), Rows: []tariffs.SheetRow{{Line: 2}}}, CodeColumn},
		"a column twice":    {&tariffs.Sheet{Columns: append(slices.Clone(Columns), "price"), Rows: []tariffs.SheetRow{{Line: 2}}}, CodeColumn},
		"a missing column":  {&tariffs.Sheet{Columns: Columns[1:], Rows: []tariffs.SheetRow{{Line: 2}}}, CodeNoColumn},
		"no rows":           {&tariffs.Sheet{Columns: Columns}, CodeNoRows},
		"too many rows":     {&tariffs.Sheet{Columns: Columns, Rows: make([]tariffs.SheetRow, mostRows+1)}, CodeMany},
		"a number twice":    {sheet(good(), good()), CodeTwice},
		"maybe counted": {&tariffs.Sheet{Columns: Columns, Rows: []tariffs.SheetRow{{Line: 2, Cells: func() []string {
			one := good0("S")
			c := one.Cells()
			c[slices.Index(Columns, "counted")] = "maybe"
			return c
		}()}}}, CodeChoice},
	} {
		if got, faults := Read(tariffs.BuiltIn(), tc.sheet); len(faults) != 1 || faults[0].Code != tc.want || got != nil {
			t.Errorf("%s: %+v", name, faults)
		}
	}
}

func TestThePriceIsExact(t *testing.T) {
	t.Parallel()
	for price, want := range map[string]tariffs.Fen{"0": 0, "0.1": 10, "1.05": 105, "999999999999.99": 99999999999999} {
		if got, ok := (&Service{Price: price}).Fen(); !ok || got != want {
			t.Errorf("%s is %d, %v", price, got, ok)
		}
	}
}

// FuzzRead: whatever stands in the cells, a sheet is read or has faults that
// have words; what is read is written as it was.
func FuzzRead(f *testing.F) {
	one := good()
	f.Add(strings.Join(one.Cells(), "|"))
	f.Add("S||=1+1|TALLY|p|\u202e|1e5|USD|20|in|45|x|0000-00-00||||||official_text|no")
	f.Fuzz(func(t *testing.T, row string) {
		s := &tariffs.Sheet{Columns: Columns, Rows: []tariffs.SheetRow{{Line: 2, Cells: strings.Split(row, "|")}}}
		list, faults := Read(tariffs.BuiltIn(), s)
		for _, fault := range faults {
			if _, known := i18n.Placeholders("fault." + fault.Code); !known {
				t.Fatalf("%s has no words", fault.Code)
			}
		}
		if (len(faults) == 0) != (len(list) == 1) {
			t.Fatalf("%d services, %d faults", len(list), len(faults))
		}
		for i := range list {
			again, faults := Read(tariffs.BuiltIn(), sheet(list[i]))
			if diff := cmp.Diff(list, again); diff != "" || faults != nil {
				t.Fatalf("%v\n%s", faults, diff)
			}
		}
	})
}
