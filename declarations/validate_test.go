package declarations

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// filled is an import declaration that declares n lines and breaks no rule.
func filled(n int) *Declaration {
	d := &Declaration{
		Header: Header{
			TradeDirection: Import, DeclarationOfficeCode: "0900", LevyNatureCode: "101", TotalGrossWeightKg: "1250.5", BorderOfficeCode: "0901",
			TotalNetWeightKg: "1200", Remarks: "示例报文，非真实业务", TotalPackages: "20", TradeModeCode: "0110", PackageKindCode: "22",
			EDIFlag: "1", EntryTypeCode: "M", IssueDate: "20260104", TransitRelationCode: "0", ShippingMarks: "N/M",
			FunctionCode: "C", ClientReference: "EX2026010500000001",
		},
		Parties: Parties{
			Declarant: Declarant{CustomsCode: "2199980002", Name: "大连示例报关有限公司", UnifiedSocialCreditCode: "9121029999990002XG", PersonName: "示例员乙"},
			Owner:     Owner{CustomsCode: "2199960003", Name: "大连示例制造有限公司", UnifiedSocialCreditCode: "91210299999900038G"},
			Trader:    Trader{CustomsCode: "2199960001", Name: "大连示例贸易有限公司", UnifiedSocialCreditCode: "91210299999900011Q"},
			Submitter: Submitter{Name: "大连示例报关有限公司", OrganisationCode: "219998002", OperatorCardNumber: "9999000000001", OperatorName: "示例员甲", UnifiedSocialCreditCode: "9121029999990002XG"},
		},
		Transport: Transport{
			TransportDocumentNumber: "EXBL2026000001", TransitOrDestinationPortCode: "JPN000", ImportExportDate: "20260105", CountryOfDispatch: "JPN",
			BorderModeCode: "2", MeansName: "EXAMPLE STAR", TradingCountry: "JPN", LoadingPortCode: "JPN000", EntryExitPortCode: "210999",
			GoodsLocation: "大连示例码头一号堆场", VoyageNumber: "026E",
		},
		Terms:      Terms{DeliveryTermsCode: "1"},
		Valuation:  Valuation{SpecialRelationship: "0", PriceInfluenced: "0", RoyaltiesPaid: "9", FormulaPricing: "9", ProvisionalPrice: "9"},
		Containers: []Container{{Number: "CSQU3054383", SizeTypeCode: "21", ItemNumbers: "1"}},
		Documents:  []Document{{TypeCode: "7", Number: "EX-LIC-1"}},
		Signature:  Signature{CardNumber: "9999000000001", Value: "EXAMPLE-SIGNATURE-NOT-VALID", Time: "2026010509300000"},
	}
	for i := range n {
		d.Items = append(d.Items, Item{
			HSCode: "8431390000", UnitPrice: "15", DutyModeCode: "1", Specification: "1|3|示例用途|示例品牌|型号A1", GoodsName: "示例零件",
			LineNumber: Decimal(fmt.Sprint(i + 1)), CountryOfOrigin: "JPN", Currency: "USD", LineAmount: "1500", TransactionQuantity: "100",
			FirstStatutoryQuantity: "100", TransactionUnitCode: "011", FirstStatutoryUnitCode: "011", CountryOfDestination: "CHN",
			DestinationPlaceCode: "210200", DomesticRegionCode: "21029",
		})
	}
	return d
}

// found are the faults as code, path and arguments.
func found(d *Declaration) []string {
	var out []string
	for _, f := range Validate(d) {
		element := f.Args["element"]
		delete(f.Args, "element")
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Code, f.Path, element, strings.TrimPrefix(fmt.Sprint(f.Args), "map"))))
	}
	return out
}

func export(d *Declaration) {
	d.Header.TradeDirection = Export
	d.Transport.CountryOfDestination, d.Transport.CountryOfDispatch = "JPN", ""
	for i := range d.Items {
		d.Items[i].CountryOfDestination, d.Items[i].CountryOfOrigin = "JPN", "CHN"
	}
}

func summary(d *Declaration) { d.Header.FilingStep = "5" }

// ruleRow is a change of a declaration without fault, and what Validate then says.
type ruleRow struct {
	change func(d *Declaration)
	want   []string
}

// formRows are the rows of presence, form and goods: V009 to V016, V024 to V030.
func formRows() map[string]ruleRow {
	return map[string]ruleRow{
		"a complete declaration":             {func(*Declaration) {}, nil},
		"a complete export":                  {export, nil},
		"V005 no line":                       {func(d *Declaration) { d.Items, d.Containers = nil, nil }, []string{"DEC-0005 items DecLists []"}},
		"V005 a line":                        {func(d *Declaration) { *d = *filled(1) }, nil},
		"V009 the office":                    {func(d *Declaration) { d.Header.DeclarationOfficeCode = " " }, []string{"DEC-0009 declaration.declaration_office_code CustomMaster []"}},
		"V009 the price statements":          {func(d *Declaration) { d.Valuation = Valuation{} }, []string{"DEC-0009 valuation.special_relationship PromiseItmes []"}},
		"V009 a statement beside blanks":     {func(d *Declaration) { d.Valuation = Valuation{RoyaltiesPaid: "1"} }, nil},
		"V009 a container without number":    {func(d *Declaration) { d.Containers[0].Number = "" }, []string{"DEC-0009 containers[0].number ContainerId []"}},
		"V009 on export the columns swap":    {func(d *Declaration) { export(d); d.Items[1].CountryOfOrigin = "" }, []string{"DEC-0009 items[1].country_of_origin DestinationCountry []"}},
		"V009 the direction":                 {func(d *Declaration) { d.Header.TradeDirection = "" }, []string{"DEC-0009 declaration.trade_direction IEFlag []"}},
		"V010 the trader's name":             {func(d *Declaration) { d.Parties.Trader.Name = "" }, []string{"DEC-0010 parties.trader.name TradeName []"}},
		"V010 not a group that is not there": {func(d *Declaration) { d.TaxReturn = TaxReturn{} }, nil},
		"V010 not in a draft":                {func(d *Declaration) { d.Header.FunctionCode = "G"; d.Parties.Trader.Name = "" }, nil},
		"V010 a line's price":                {func(d *Declaration) { d.Items[1].UnitPrice = "" }, []string{"DEC-0010 items[1].unit_price DeclPrice []"}},
		"V010 arrival country of export":     {func(d *Declaration) { export(d); d.Transport.CountryOfDestination = "" }, []string{"DEC-0010 transport.country_of_destination TradeCountry []"}},
		"V010 destination of export":         {func(d *Declaration) { export(d); d.Items[0].CountryOfDestination = "" }, []string{"DEC-0010 items[0].country_of_destination OriginCountry []"}},
		"V010 a summary declares less": {func(d *Declaration) {
			summary(d)
			d.Items[0].UnitPrice = ""
			d.Header.PackageKindCode = ""
			d.Header.TotalPackages = ""
		}, nil},
		"V010 a summary declares goods":  {func(d *Declaration) { summary(d); d.Items[0].GoodsName = "" }, []string{"DEC-0010 items[0].goods_name GName []"}},
		"V010 a summary with a licence":  {func(d *Declaration) { summary(d); d.Parties.Owner.Name = "" }, []string{"DEC-0010 parties.owner.name OwnerName []"}},
		"V010 a summary without licence": {func(d *Declaration) { summary(d); d.Parties.Owner = Owner{}; d.Documents = nil }, nil},
		"V010 a summary is signed":       {func(d *Declaration) { summary(d); d.Signature.Value = "" }, []string{"DEC-0010 signature.value Sign []"}},
		"V009 E is not null-checked": {func(d *Declaration) {
			*d = Declaration{Header: Header{FunctionCode: "E", TradeDirection: Import, ClientReference: "1"}, Items: []Item{{}}}
		}, nil},
		"V009 E needs its reference": {func(d *Declaration) {
			*d = Declaration{Header: Header{FunctionCode: "E", TradeDirection: Import}, Items: []Item{{}}}
		}, []string{"DEC-0009 declaration.client_reference ClientSeqNo []"}},
		"V030 E is not logic-checked": {func(d *Declaration) { d.Header.FunctionCode = "E"; d.Header.TotalNetWeightKg = "1300" }, nil},
		"V012 E keeps its forms":      {func(d *Declaration) { d.Header.FunctionCode = "E"; d.Header.TotalNetWeightKg = "x" }, []string{"DEC-0012 declaration.total_net_weight_kg NetWt [decimals:5 digits:14 value:x]"}},
		"V011 127 Chinese characters": {func(d *Declaration) { d.Header.Remarks = strings.Repeat("中", 127) }, nil},
		"V011 128 Chinese characters": {func(d *Declaration) { d.Header.Remarks = strings.Repeat("中", 128) }, []string{"DEC-0011 declaration.remarks NoteS [length:256 limit:255 value:" + strings.Repeat("中", 40) + "…]"}},
		"V011 line breaks":            {func(d *Declaration) { d.Header.Remarks = strings.Repeat("a\n", 86) }, []string{"DEC-0011 declaration.remarks NoteS [length:258 limit:255 value:" + strings.Repeat("a\n", 20) + "…]"}},
		"V011 price statements": {func(d *Declaration) { d.Valuation.SpecialRelationship = strings.Repeat("1", 30) }, []string{
			"DEC-0011 valuation.special_relationship PromiseItmes [length:34 limit:32 value:" + strings.Repeat("1", 30) + "0999]",
			"DEC-0052 valuation.special_relationship PromiseItmes [reason:promise_characters value:" + strings.Repeat("1", 30) + "0999]"}},
		"V012 five decimals in a total":    {func(d *Declaration) { d.Items[0].LineAmount = "1.00001" }, []string{"DEC-0012 items[0].line_amount DeclTotal [decimals:4 digits:15 value:1.00001]"}},
		"V012 thousands":                   {func(d *Declaration) { d.Header.TotalGrossWeightKg = "1,250.5" }, []string{"DEC-0012 declaration.total_gross_weight_kg GrossWet [decimals:5 digits:14 value:1,250.5]"}},
		"V012 exponent":                    {func(d *Declaration) { d.Items[0].UnitPrice = "1e3" }, []string{"DEC-0012 items[0].unit_price DeclPrice [decimals:4 digits:15 value:1e3]"}},
		"V012 a negative other charge":     {func(d *Declaration) { d.Valuation.OtherCharges.Value = "-5" }, nil},
		"V012 a negative freight":          {func(d *Declaration) { d.Terms.DeliveryTermsCode, d.Valuation.Freight.Value = "3", "-5" }, []string{"DEC-0012 valuation.freight.value FeeRate [decimals:5 digits:14 value:-5]"}},
		"V012 packages in halves":          {func(d *Declaration) { d.Header.TotalPackages = "1.5" }, []string{"DEC-0012 declaration.total_packages PackNo [decimals:0 digits:9 value:1.5]"}},
		"V013 29 February of a leap year":  {func(d *Declaration) { d.Transport.ImportExportDate = "20280229" }, nil},
		"V013 30 February":                 {func(d *Declaration) { d.Transport.ImportExportDate = "20260230" }, []string{"DEC-0013 transport.import_export_date IEDate [value:20260230]"}},
		"V013 dashes":                      {func(d *Declaration) { d.Header.IssueDate = "2026-01-05" }, []string{"DEC-0013 declaration.issue_date PDate [value:2026-01-05]"}},
		"V014 entry type":                  {func(d *Declaration) { d.Header.EntryTypeCode = "Q" }, []string{"DEC-0014 declaration.entry_type_code EntryType [codes:0 L W D M value:Q]"}},
		"V014 direction":                   {func(d *Declaration) { d.Header.TradeDirection = "X" }, []string{"DEC-0014 declaration.trade_direction IEFlag [codes:I E value:X]"}},
		"V014 duty mode":                   {func(d *Declaration) { d.Items[1].DutyModeCode = "0" }, []string{"DEC-0014 items[1].duty_mode_code DutyMode [codes:1 2 3 4 5 6 7 8 9 value:0]"}},
		"V014 operation":                   {func(d *Declaration) { d.Header.FunctionCode = "F" }, []string{"DEC-0014 declaration.function_code OperType [codes:A B C D E G value:F]"}},
		"V014 bonded transport":            {func(d *Declaration) { d.Transport.BorderModeCode = "Z" }, nil},
		"V014 two characters of one table": {func(d *Declaration) { d.Terms.DeliveryTermsCode = "12" }, []string{"DEC-0011 terms.delivery_terms_code TransMode [length:2 limit:1 value:12]", "DEC-0014 terms.delivery_terms_code TransMode [codes:1 2 3 4 5 6 7 value:12]"}},
		"V015 wrong check character":       {func(d *Declaration) { d.Parties.Trader.UnifiedSocialCreditCode = "91210299999900011P" }, []string{"DEC-0015 parties.trader.unified_social_credit_code TradeCoScc [value:91210299999900011P]"}},
		"V015 owner and trader NO": {func(d *Declaration) {
			d.Parties.Trader.UnifiedSocialCreditCode, d.Parties.Owner.UnifiedSocialCreditCode = "NO", "NO"
		}, nil},
		"V015 declarant NO":            {func(d *Declaration) { d.Parties.Declarant.UnifiedSocialCreditCode = "NO" }, []string{"DEC-0015 parties.declarant.unified_social_credit_code AgentCodeScc [value:NO]"}},
		"V016 nine characters":         {func(d *Declaration) { d.Parties.Declarant.CustomsCode = "219998000" }, []string{"DEC-0016 parties.declarant.customs_code AgentCode [length:9 limit:10 value:219998000]"}},
		"V016 an owner of nine":        {func(d *Declaration) { d.Parties.Owner.CustomsCode = "219998000" }, nil},
		"V016 an owner NO":             {func(d *Declaration) { d.Parties.Owner.CustomsCode = "NO" }, nil},
		"V016 an owner of eight":       {func(d *Declaration) { d.Parties.Owner.CustomsCode = "21999800" }, []string{"DEC-0016 parties.owner.customs_code OwnerCode [length:8 limit:9, 10 value:21999800]"}},
		"V016 a trader with a hyphen":  {func(d *Declaration) { d.Parties.Trader.CustomsCode = "21999-0001" }, []string{"DEC-0016 parties.trader.customs_code TradeCode [length:10 limit:10 value:21999-0001]"}},
		"V024 nine digits":             {func(d *Declaration) { d.Items[1].HSCode = "843139000" }, []string{"DEC-0024 items[1].hs_code CodeTS [length:9 limit:10 value:843139000]"}},
		"V024 six digits":              {func(d *Declaration) { d.Items[1].HSCode = "843139" }, []string{"DEC-0024 items[1].hs_code CodeTS [length:6 limit:10 value:843139]"}},
		"V024 six digits in a summary": {func(d *Declaration) { summary(d); d.Items[1].HSCode = "843139" }, nil},
		"V024 a summary under inspection": {func(d *Declaration) {
			summary(d)
			d.Items[1].HSCode, d.Items[0].InspectionCategoryCode = "843139", "101"
		}, []string{"DEC-0024 items[1].hs_code CodeTS [length:6 limit:10 value:843139]"}},
		"V025 51 lines": {func(d *Declaration) { *d = *filled(51) }, []string{"DEC-0025 items DecLists [count:51 limit:50]"}},
		"V025 50 lines": {func(d *Declaration) { *d = *filled(50) }, nil},
		"V026 a gap is one fault": {func(d *Declaration) {
			*d = *filled(4)
			d.Items[1].LineNumber, d.Items[2].LineNumber, d.Items[3].LineNumber = "3", "4", "5"
		}, []string{"DEC-0026 items[1].line_number GNo [value:3 want:2]"}},
		"V026 a repetition":          {func(d *Declaration) { d.Items[1].LineNumber = "1" }, []string{"DEC-0026 items[1].line_number GNo [value:1 want:2]"}},
		"V026 fifty lines":           {func(d *Declaration) { *d = *filled(50) }, nil},
		"V026 from zero":             {func(d *Declaration) { d.Items[0].LineNumber, d.Items[1].LineNumber = "0", "1" }, []string{"DEC-0026 items[0].line_number GNo [value:0 want:1]"}},
		"V027 no package":            {func(d *Declaration) { d.Header.TotalPackages = "0" }, []string{"DEC-0027 declaration.total_packages PackNo [least:1 most:999999999 value:0]"}},
		"V027 not in a draft":        {func(d *Declaration) { d.Header.FunctionCode = "G"; d.Header.TotalPackages = "0" }, nil},
		"V028 bulk of twenty":        {func(d *Declaration) { d.Header.PackageKindCode = "00" }, []string{"DEC-0028 declaration.total_packages PackNo [kind:00 value:20 want:1]"}},
		"V028 bulk of one":           {func(d *Declaration) { d.Header.PackageKindCode, d.Header.TotalPackages = "00", "1" }, nil},
		"V029 origin without files":  {func(d *Declaration) { d.Documents[0].TypeCode = "Y" }, []string{"DEC-0029 documents[0] LicenseDocu [document:Y missing:00000001 00000003]"}},
		"V029 origin with one file":  {func(d *Declaration) { d.Documents[0].TypeCode = "Y"; attach(d, "00000001") }, []string{"DEC-0029 documents[0] LicenseDocu [document:Y missing:00000003]"}},
		"V029 origin with its files": {func(d *Declaration) { d.Documents[0].TypeCode = "Y"; attach(d, "00000003", "00000001") }, nil},
		"V029 not on export":         {func(d *Declaration) { export(d); d.Documents[0].TypeCode = "Y" }, nil},
		"V030 gross below net":       {func(d *Declaration) { d.Header.TotalNetWeightKg = "1250.50001" }, []string{"DEC-0030 declaration.total_gross_weight_kg GrossWet [net:1250.50001 value:1250.5]"}},
		"V030 gross equal to net":    {func(d *Declaration) { d.Header.TotalNetWeightKg = "1250.500" }, nil},
		"all faults in one pass": {func(d *Declaration) {
			d.Header.EntryTypeCode, d.Header.TotalPackages, d.Items[0].HSCode = "Q", "0", "1"
		}, []string{
			"DEC-0014 declaration.entry_type_code EntryType [codes:0 L W D M value:Q]",
			"DEC-0024 items[0].hs_code CodeTS [length:1 limit:10 value:1]",
			"DEC-0027 declaration.total_packages PackNo [least:1 most:999999999 value:0]",
		}},
	}
}

// allRows are the rows of every rule.
func allRows() map[string]ruleRow {
	rows := formRows()
	for _, more := range []map[string]ruleRow{tableRows(), weightRows(), modeRows(), referenceRows(), markRows(), groupRows()} {
		for name, row := range more {
			if _, twice := rows[name]; twice {
				panic(name + " stands twice")
			}
			rows[name] = row
		}
	}
	return rows
}

func TestEachRuleFindsItsFaultAndNoOther(t *testing.T) {
	t.Parallel()
	for name, row := range allRows() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := filled(2)
			row.change(d)
			if diff := cmp.Diff(row.want, found(d)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func attach(d *Declaration, kinds ...string) {
	for i, kind := range kinds {
		d.Attachments = append(d.Attachments, Attachment{DocumentNumber: fmt.Sprint("F", i), DocumentTypeCode: kind, FormatCode: "US"})
	}
}

// A rule of this stage has a check, a row that it breaks and a row of its own
// name that it lets pass; the rules of other stages have neither.
func TestEveryRuleIsCheckedWhereItSaysAndHasItsRows(t *testing.T) {
	t.Parallel()
	fires, passes := map[string]bool{}, map[string]bool{}
	for name, row := range allRows() {
		id, _, _ := strings.Cut(name, " ")
		named := false
		for _, fault := range row.want {
			code, _, _ := strings.Cut(fault, " ")
			fires[code] = true
			named = named || code == (Rule{ID: id}).Code()
		}
		if strings.HasPrefix(id, "V") && !named {
			passes[id] = true
		}
	}
	for _, r := range Rules {
		want := r.Stage == StageValidate || r.ID == "V005"
		if (r.Check != nil) != want || fires[r.Code()] != want || passes[r.ID] != want {
			t.Errorf("%s of stage %s: checked %v, a row that breaks it %v, a row that keeps it %v", r.ID, r.Stage, r.Check != nil, fires[r.Code()], passes[r.ID])
		}
	}
	stages := map[Stage]int{}
	for _, r := range Rules {
		stages[r.Stage]++
	}
	want := map[Stage]int{StageStrictXML: 2, StageMessage: 7, StageIntake: 1, StageStore: 1, StageValidate: 71}
	if diff := cmp.Diff(want, stages); diff != "" {
		t.Errorf("rules by stage: -want +got\n%s", diff)
	}
}

func TestFaultsOfOneRuleAreBounded(t *testing.T) {
	t.Parallel()
	d := filled(0)
	d.Items = make([]Item, 5000)
	n := map[string]int{}
	for _, f := range Validate(d) {
		n[f.Code]++
	}
	if n["DEC-0009"] != maxFaults || n["DEC-0025"] != 1 {
		t.Errorf("faults %v, want %d of DEC-0009 and the one of DEC-0025", n, maxFaults)
	}
}

func TestValidateDoesNotAllocateWithoutFault(t *testing.T) {
	d := filled(20)
	if faults := Validate(d); len(faults) > 0 {
		t.Fatal(faults)
	}
	if n := testing.AllocsPerRun(100, func() { Validate(d) }); n > 0.5 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkValidate20Lines(b *testing.B) {
	d := filled(20)
	b.ReportAllocs()
	for b.Loop() {
		Validate(d)
	}
}

func BenchmarkValidate20LinesEachWithAFault(b *testing.B) {
	d := filled(20)
	for i := range d.Items {
		d.Items[i].HSCode = "1"
	}
	b.ReportAllocs()
	for b.Loop() {
		Validate(d)
	}
}
