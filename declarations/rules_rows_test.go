package declarations

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// one is a single fault of code at path and element, with arguments.
func one(code, path, element, args string) []string {
	return []string{fmt.Sprintf("%s %s %s [%s]", code, path, element, args)}
}

func tableRows() map[string]ruleRow {
	return map[string]ruleRow{
		"V017 a letter":             {func(d *Declaration) { d.Header.DeclarationOfficeCode = "09O0" }, one("DEC-0017", "declaration.declaration_office_code", "CustomMaster", "reason:office_form value:09O0")},
		"V017 five digits":          {func(d *Declaration) { d.Header.BorderOfficeCode = "090" }, one("DEC-0017", "declaration.border_office_code", "IEPort", "reason:office_form value:090")},
		"V017 an office beyond":     {func(d *Declaration) { d.Header.DestinationOfficeCode = "2200" }, one("DEC-0017", "declaration.destination_office_code", "PurpOrgCode", "reason:office_unknown value:2200")},
		"V017 an office of Dalian":  {func(d *Declaration) { d.Header.DestinationOfficeCode = "0906" }, nil},
		"V018 a void mode":          {func(d *Declaration) { d.Header.TradeModeCode = "3039" }, one("DEC-0018", "declaration.trade_mode_code", "TradeMode", "value:3039")},
		"V018 no mode":              {func(d *Declaration) { d.Header.TradeModeCode = "9999" }, one("DEC-0018", "declaration.trade_mode_code", "TradeMode", "value:9999")},
		"V018 a recent mode":        {func(d *Declaration) { d.Header.TradeModeCode = "9710" }, nil},
		"V019 no levy nature":       {func(d *Declaration) { d.Header.LevyNatureCode = "100" }, one("DEC-0019", "declaration.levy_nature_code", "CutMode", "value:100")},
		"V019 without levy nature":  {func(d *Declaration) { d.Header.LevyNatureCode = "" }, nil},
		"V020 no country":           {func(d *Declaration) { d.Items[1].CountryOfOrigin = "QQQ" }, one("DEC-0020", "items[1].country_of_origin", "OriginCountry", "value:QQQ")},
		"V020 two letters":          {func(d *Declaration) { d.Transport.TradingCountry = "JP" }, one("DEC-0020", "transport.trading_country", "TradeAreaCode", "value:JP")},
		"V020 old numbers":          {func(d *Declaration) { d.Transport.TradingCountry, d.Items[0].CountryOfDestination = "116", "142" }, nil},
		"V020 no old number":        {func(d *Declaration) { d.Items[0].PreferentialOriginCountry = "998" }, one("DEC-0020", "items[0].preferential_origin_country", "RcepOrigPlaceCode", "value:998")},
		"V020 on export":            {func(d *Declaration) { export(d); d.Items[1].CountryOfOrigin = "qqq" }, []string{"DEC-0020 items[1].country_of_origin DestinationCountry [value:qqq]", "DEC-0078 items[1].country_of_origin DestinationCountry [value:qqq]"}},
		"V020 in a supplement":      {func(d *Declaration) { d.Supplements = []Supplement{{OriginCountry: "QQQ"}} }, one("DEC-0020", "supplements[0].origin_country", "OriginCountry", "value:QQQ")},
		"V021 the German mark":      {func(d *Declaration) { d.Items[1].Currency = "DEM" }, one("DEC-0021", "items[1].currency", "TradeCurr", "value:DEM")},
		"V021 the German mark, old": {func(d *Declaration) { d.Items[1].Currency = "304" }, one("DEC-0021", "items[1].currency", "TradeCurr", "value:304")},
		"V021 the dollar, old":      {func(d *Declaration) { d.Items[1].Currency = "502" }, nil},
		"V021 no currency": {func(d *Declaration) {
			d.Valuation.OtherCharges = Charge{Currency: "XYZ", KindCode: "3", Value: "1"}
		}, one("DEC-0021", "valuation.other_charges.currency", "OtherCurr", "value:XYZ")},
		"V021 in the groups": {func(d *Declaration) {
			d.Supplements = []Supplement{{}, {Invoice: SupplementInvoice{Currency: "usd"}}}
			d.Royalty = royalty()
			d.Royalty.Currency = "DEM"
			d.TaxReturn = taxReturn()
			d.TaxReturn.InsuranceCurrency = "DEM"
		}, []string{
			"DEC-0021 supplements[1].invoice.currency Curr [value:usd]",
			"DEC-0021 royalty.currency Curr [value:DEM]",
			"DEC-0021 tax_return.insurance_currency InsurCurr [value:DEM]",
		}},
		"V022 five letters":          {func(d *Declaration) { d.Transport.LoadingPortCode = "JPTYO" }, one("DEC-0022", "transport.loading_port_code", "DespPortCode", "value:JPTYO")},
		"V022 a sign":                {func(d *Declaration) { d.Transport.TransitOrDestinationPortCode = "JPN-00" }, one("DEC-0022", "transport.transit_or_destination_port_code", "DistinatePort", "value:JPN-00")},
		"V022 letters at entry":      {func(d *Declaration) { d.Transport.EntryExitPortCode = "CNDLC0" }, one("DEC-0022", "transport.entry_exit_port_code", "EntyPortCode", "value:CNDLC0")},
		"V022 other ports":           {func(d *Declaration) { d.Transport.LoadingPortCode = "KOR003" }, nil},
		"V023 no package":            {func(d *Declaration) { d.Header.PackageKindCode = "77" }, one("DEC-0023", "declaration.package_kind_code", "WrapType", "reason:package_type_unknown value:77")},
		"V023 a package before 2018": {func(d *Declaration) { d.Header.PackageKindCode = "2" }, one("DEC-0023", "declaration.package_kind_code", "WrapType", "reason:package_type_old value:2")},
		"V023 a pallet":              {func(d *Declaration) { d.Header.PackageKindCode = "93" }, nil},
		"V075 no unit":               {func(d *Declaration) { d.Items[1].TransactionUnitCode = "999" }, one("DEC-0075", "items[1].transaction_unit_code", "GUnit", "value:999")},
		"V075 a unit by its name":    {func(d *Declaration) { d.Items[0].FirstStatutoryUnitCode = "KG" }, one("DEC-0075", "items[0].first_statutory_unit_code", "FirstUnit", "value:KG")},
		"V075 in a licence": {func(d *Declaration) {
			d.Items[1].Licences = []Licence{licence("2"), licence("2")}
			d.Items[1].Licences[1].WriteoffUnitCode = "35"
		}, one("DEC-0075", "items[1].licences[1].writeoff_unit_code", "LicWrtofQtyUnit", "value:35")},
		"V075 litres":            {func(d *Declaration) { d.Items[1].TransactionUnitCode = "095" }, nil},
		"V076 eleven characters": {func(d *Declaration) { d.Header.BondedManualNumber = "B0999900000" }, one("DEC-0076", "declaration.bonded_manual_number", "ManualNo", "value:B0999900000")},
		"V076 a digit first":     {func(d *Declaration) { d.Header.BondedManualNumber = "909999000001" }, one("DEC-0076", "declaration.bonded_manual_number", "ManualNo", "value:909999000001")},
		"V076 a manual":          {func(d *Declaration) { d.Header.BondedManualNumber = "B09999000001" }, nil},
	}
}

func weightRows() map[string]ruleRow {
	kilograms := func(d *Declaration, first, second Decimal) {
		for i, q := range []Decimal{first, second} {
			d.Items[i].FirstStatutoryQuantity, d.Items[i].FirstStatutoryUnitCode = q, kilogram
		}
	}
	return map[string]ruleRow{
		"V031 below one kilogram": {func(d *Declaration) { d.Header.TotalNetWeightKg = "0.99999" }, one("DEC-0031", "declaration.total_net_weight_kg", "NetWt", "value:0.99999")},
		"V031 no weight at all": {func(d *Declaration) { d.Header.TotalGrossWeightKg, d.Header.TotalNetWeightKg = "0", "0.0" }, []string{
			"DEC-0031 declaration.total_gross_weight_kg GrossWet [value:0]", "DEC-0031 declaration.total_net_weight_kg NetWt [value:0.0]"}},
		"V031 one kilogram":      {func(d *Declaration) { d.Header.TotalNetWeightKg = "1.000" }, nil},
		"V032 a gram too much":   {func(d *Declaration) { kilograms(d, "600", "600.00001") }, one("DEC-0032", "items[1]", "DecList", "net:1200 value:1200.00001")},
		"V032 the first line":    {func(d *Declaration) { kilograms(d, "1200.5", "1") }, one("DEC-0032", "items[0]", "DecList", "net:1200 value:1201.5")},
		"V032 grams":             {func(d *Declaration) { kilograms(d, "600", "600000"); d.Items[1].FirstStatutoryUnitCode = gram }, nil},
		"V032 grams too much":    {func(d *Declaration) { kilograms(d, "600", "600000.00001"); d.Items[1].FirstStatutoryUnitCode = gram }, one("DEC-0032", "items[1]", "DecList", "net:1200 value:1200.00000001")},
		"V032 all of it":         {func(d *Declaration) { kilograms(d, "600", "600") }, nil},
		"V032 not in a summary":  {func(d *Declaration) { summary(d); kilograms(d, "600", "6000") }, nil},
		"V032 other units":       {func(d *Declaration) { d.Items[0].TransactionUnitCode = "095" }, nil},
		"V032 the transaction's": {func(d *Declaration) { d.Items[0].TransactionUnitCode, d.Header.TotalNetWeightKg = kilogram, "99.99999" }, one("DEC-0032", "items[0]", "DecList", "net:99.99999 value:100")},
		"V033 a wrong product":   {func(d *Declaration) { d.Items[0].LineAmount = "1500.02" }, one("DEC-0033", "items[0].line_amount", "DeclTotal", "value:1500.02")},
		"V033 a product too low": {func(d *Declaration) { d.Items[0].LineAmount = "1499.98" }, one("DEC-0033", "items[0].line_amount", "DeclTotal", "value:1499.98")},
		"V033 rounded":           {func(d *Declaration) { d.Items[0].LineAmount = "1500.015" }, nil},
		"V033 a rounded price":   {func(d *Declaration) { lineOf(d, "0.3333", "100000", "33333.33") }, nil},
		"V033 beyond rounding":   {func(d *Declaration) { lineOf(d, "0.3333", "100000", "33335.0101") }, one("DEC-0033", "items[0].line_amount", "DeclTotal", "value:33335.0101")},
		"V033 the largest":       {func(d *Declaration) { lineOf(d, "999999999999999.9999", "1", "999999999999999.9999") }, nil},
		"V033 a product too long": {func(d *Declaration) {
			lineOf(d, "999999999999999.9999", "99999999999999.99999", "999999999999999.9999")
		}, one("DEC-0033", "items[0].line_amount", "DeclTotal", "value:999999999999999.9999")},
		"V034 a unit alone":     {func(d *Declaration) { d.Items[1].SecondStatutoryUnitCode = "035" }, one("DEC-0034", "items[1].second_statutory_quantity", "SecondQty", "")},
		"V034 a quantity alone": {func(d *Declaration) { d.Items[1].SecondStatutoryQuantity = "5" }, one("DEC-0034", "items[1].second_statutory_unit_code", "SecondUnit", "")},
		"V034 both": {func(d *Declaration) {
			d.Items[1].SecondStatutoryQuantity, d.Items[1].SecondStatutoryUnitCode = "5", "035"
		}, nil},
		"V034 not in a draft": {func(d *Declaration) { d.Header.FunctionCode = "G"; d.Items[1].SecondStatutoryQuantity = "5" }, nil},
		"V067 nothing": {func(d *Declaration) {
			d.Items[1].TransactionQuantity, d.Items[1].FirstStatutoryQuantity, d.Items[1].LineAmount = "0", "0.00", "000.0000"
		}, []string{"DEC-0067 items[1].transaction_quantity GQty [value:0]", "DEC-0067 items[1].first_statutory_quantity FirstQty [value:0.00]", "DEC-0067 items[1].line_amount DeclTotal [value:000.0000]"}},
		"V067 hardly anything": {func(d *Declaration) { lineOf(d, "0.0001", "0.00001", "0.0001") }, nil},
		"V067 not in a draft":  {func(d *Declaration) { d.Header.FunctionCode = "G"; lineOf(d, "0", "0", "0") }, nil},

		"V035 insurance per unit": {func(d *Declaration) { fob(d); d.Valuation.Insurance = Charge{"USD", "2", "5"} }, one("DEC-0035", "valuation.insurance.kind_code", "InsurMark", "value:2")},
		"V035 freight of a kind":  {func(d *Declaration) { fob(d); d.Valuation.Freight.KindCode = "4" }, one("DEC-0035", "valuation.freight.kind_code", "FeeMark", "value:4")},
		"V035 freight per unit":   {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"USD", "2", "5"} }, nil},
		"V036 a rate in dollars":  {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"USD", "1", "5"} }, one("DEC-0036", "valuation.freight.currency", "FeeCurr", "value:USD")},
		"V036 a rate":             {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"", "1", "5"} }, nil},
		"V037 above":              {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"", "1", "99.0001"} }, one("DEC-0037", "valuation.freight.value", "FeeRate", "value:99.0001")},
		"V037 below":              {func(d *Declaration) { fob(d); d.Valuation.Insurance = Charge{"", "1", "0.0000"} }, one("DEC-0037", "valuation.insurance.value", "InsurRate", "value:0.0000")},
		"V037 five decimals":      {func(d *Declaration) { fob(d); d.Valuation.Insurance = Charge{"", "1", "0.30000"} }, one("DEC-0037", "valuation.insurance.value", "InsurRate", "value:0.30000")},
		"V037 no rate":            {func(d *Declaration) { fob(d); d.Valuation.Insurance = Charge{"", "1", ""} }, one("DEC-0037", "valuation.insurance.value", "InsurRate", "value:")},
		"V037 a deduction":        {func(d *Declaration) { d.Valuation.OtherCharges = Charge{"", "1", "-99"} }, nil},
		"V037 a deduction beyond": {func(d *Declaration) { d.Valuation.OtherCharges = Charge{"", "1", "-99.5"} }, one("DEC-0037", "valuation.other_charges.value", "OtherRate", "value:-99.5")},
		"V038 no currency":        {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"", "3", "5"} }, one("DEC-0038", "valuation.freight.currency", "FeeCurr", "")},
		"V038 no amount":          {func(d *Declaration) { d.Valuation.OtherCharges = Charge{"CNY", "3", ""} }, one("DEC-0038", "valuation.other_charges.value", "OtherRate", "")},
		"V038 a total":            {func(d *Declaration) { d.Valuation.OtherCharges = Charge{"CNY", "3", "-12.5"} }, nil},
		"V039 CIF with both": {func(d *Declaration) {
			d.Valuation.Freight, d.Valuation.Insurance = Charge{"USD", "3", "5"}, Charge{"", "1", "0.3"}
		}, []string{"DEC-0039 valuation.freight.kind_code FeeMark [value:3]", "DEC-0039 valuation.insurance.kind_code InsurMark [value:1]"}},
		"V039 a currency alone": {func(d *Declaration) { d.Valuation.Freight.Currency = "USD" }, one("DEC-0039", "valuation.freight.currency", "FeeCurr", "value:USD")},
		"V039 FOB":              {func(d *Declaration) { fob(d); d.Valuation.Insurance = Charge{"", "1", "0.3"} }, nil},
		"V039 not on export":    {func(d *Declaration) { export(d); d.Valuation.Freight = Charge{"USD", "3", "5"} }, nil},
		"V040 C&F with freight": {func(d *Declaration) { d.Terms.DeliveryTermsCode = "2"; d.Valuation.Freight = Charge{"USD", "3", "5"} }, one("DEC-0040", "valuation.freight.kind_code", "FeeMark", "value:3")},
		"V040 C&F, insured":     {func(d *Declaration) { d.Terms.DeliveryTermsCode = "2"; d.Valuation.Insurance = Charge{"", "1", "0.3"} }, nil},
		"V041 C&I, insured":     {func(d *Declaration) { d.Terms.DeliveryTermsCode = "4"; d.Valuation.Insurance = Charge{"", "1", "0.3"} }, one("DEC-0041", "valuation.insurance.kind_code", "InsurMark", "value:1")},
		"V041 C&I with freight": {func(d *Declaration) { d.Terms.DeliveryTermsCode = "4"; d.Valuation.Freight = Charge{"USD", "3", "5"} }, nil},
		"V042 FOB with freight": {func(d *Declaration) { export(d); fob(d); d.Valuation.Freight = Charge{"USD", "3", "5"} }, one("DEC-0042", "valuation.freight.kind_code", "FeeMark", "value:3")},
		"V042 FOB":              {func(d *Declaration) { export(d); fob(d) }, nil},
		"V042 FOB on an import": {func(d *Declaration) { fob(d); d.Valuation.Freight = Charge{"USD", "3", "5"} }, nil},
		"V042 not for operation": {func(d *Declaration) {
			export(d)
			fob(d)
			d.Header.FunctionCode = "E"
			d.Valuation.Freight = Charge{"USD", "3", "5"}
		}, nil},
	}
}

func fob(d *Declaration) { d.Terms.DeliveryTermsCode = "3" }

func lineOf(d *Declaration, price, quantity, total Decimal) {
	d.Items[0].UnitPrice, d.Items[0].TransactionQuantity, d.Items[0].LineAmount = price, quantity, total
}

func mode(tradeMode, levy, manual string) func(*Declaration) {
	return func(d *Declaration) {
		d.Header.TradeModeCode, d.Header.LevyNatureCode, d.Header.BondedManualNumber = tradeMode, levy, manual
	}
}

func exported(change func(*Declaration)) func(*Declaration) {
	return func(d *Declaration) { export(d); change(d) }
}

// home makes an export that stays in China, as the transfers do.
func home(change func(*Declaration)) func(*Declaration) {
	return func(d *Declaration) {
		export(d)
		d.Transport.CountryOfDestination = "CHN"
		for i := range d.Items {
			d.Items[i].CountryOfDestination = "CHN"
		}
		change(d)
	}
}

func modeRows() map[string]ruleRow {
	manual := func(args string) []string {
		return one("DEC-0043", "declaration.bonded_manual_number", "ManualNo", args)
	}
	withK := func(change func(*Declaration)) func(*Declaration) {
		return func(d *Declaration) { change(d); d.Documents[0].TypeCode = "K" }
	}
	return map[string]ruleRow{
		"V043 a pair":                 {mode("0110", "789", "C09999000002"), manual("initials:Z levy:789 mode:0110 value:C09999000002")},
		"V043 its letter":             {mode("0110", "789", "Z09999000002"), nil},
		"V043 its letter, small":      {mode("0110", "789", "z09999000002"), nil},
		"V043 another levy nature":    {mode("0110", "101", "C09999000002"), nil},
		"V043 every levy nature":      {withK(mode("0255", "502", "Z09999000002")), manual("initials:B E levy:502 mode:0255 value:Z09999000002")},
		"V043 one of several letters": {withK(mode("0255", "", "E09999000002")), nil},
		"V043 an import row":          {mode("0615", "503", "B09999000002"), manual("initials:C E levy:503 mode:0615 value:B09999000002")},
		"V043 without its levy":       {mode("0615", "101", "B09999000002"), nil},
		"V043 an export row":          {exported(mode("0615", "101", "B09999000002")), manual("initials:C E levy:101 mode:0615 value:B09999000002")},
		"V043 without a number":       {mode("0615", "503", ""), nil},
		"V044 another levy nature":    {mode("0110", "789", ""), one("DEC-0044", "declaration.levy_nature_code", "CutMode", "mode:0110 usual:101 value:789")},
		"V044 on export":              {exported(mode("1300", "101", "")), one("DEC-0044", "declaration.levy_nature_code", "CutMode", "mode:1300 usual:299 value:101")},
		"V044 the usual one":          {mode("1300", "299", ""), nil},
		"V044 none":                   {mode("1300", "", ""), nil},
		"V044 no usual one":           {mode("2025", "101", ""), nil},
		"V045 abroad": {home(func(d *Declaration) { mode("0657", "", "")(d); d.Items[1].CountryOfDestination = "JPN" }), []string{
			"DEC-0045 items[1].country_of_destination OriginCountry [value:JPN]", "DEC-0046 transport.country_of_destination TradeCountry [destination:JPN value:CHN]"}},
		"V045 at home":            {home(mode("0657", "", "")), nil},
		"V045 at home, by number": {home(func(d *Declaration) { mode("1427", "", "")(d); d.Items[1].CountryOfDestination = "142" }), nil},
		"V045 another mode":       {exported(mode("0664", "", "")), nil},
		"V046 elsewhere":          {exported(func(d *Declaration) { d.Transport.CountryOfDestination = "USA" }), one("DEC-0046", "transport.country_of_destination", "TradeCountry", "destination:JPN value:USA")},
		"V046 by number":          {exported(func(d *Declaration) { d.Transport.CountryOfDestination = "116" }), nil},
		"V047 without K":          {mode("0255", "502", ""), one("DEC-0047", "documents[1]", "LicenseDocu", "missing:K")},
		"V047 without anything":   {home(func(d *Declaration) { mode("0654", "", "")(d); d.Documents = nil }), one("DEC-0047", "documents[0]", "LicenseDocu", "missing:K")},
		"V047 with K":             {withK(mode("0255", "502", "")), nil},
		"V048 without hyphens":    {func(d *Declaration) { d.Header.LicenceNumber = "26AB000001" }, one("DEC-0048", "declaration.licence_number", "LicenseNo", "value:26AB000001")},
		"V048 nothing at the end": {func(d *Declaration) { d.Header.LicenceNumber = "26-AB-" }, one("DEC-0048", "declaration.licence_number", "LicenseNo", "value:26-AB-")},
		"V048 a third hyphen":     {func(d *Declaration) { d.Header.LicenceNumber = "26-AB-1-2" }, one("DEC-0048", "declaration.licence_number", "LicenseNo", "value:26-AB-1-2")},
		"V048 fourteen":           {func(d *Declaration) { d.Header.LicenceNumber = "26-AB-12345678901234" }, nil},
		"V048 fifteen": {func(d *Declaration) { d.Header.LicenceNumber = "26-AB-123456789012345" }, []string{
			"DEC-0011 declaration.licence_number LicenseNo [length:21 limit:20 value:26-AB-123456789012345]", "DEC-0048 declaration.licence_number LicenseNo [value:26-AB-123456789012345]"}},
		"V054 without the form":  {mode("9500", "", ""), one("DEC-0054", "royalty", "DecRoyaltyFee", "")},
		"V054 with the form":     {func(d *Declaration) { mode("9500", "", "")(d); d.Royalty = royalty() }, nil},
		"V054 not on an export":  {exported(mode("9500", "", "")), nil},
		"V055 no site":           {func(d *Declaration) { d.Access.TransferRequested = "1" }, one("DEC-0055", "two_step_access.transfer_site_code", "TransitionSite", "")},
		"V055 a site":            {func(d *Declaration) { d.Access = Access{TransferRequested: "1", TransferSiteCode: "DLC09990001"} }, nil},
		"V055 no transfer":       {func(d *Declaration) { d.Access.TransferRequested = "0" }, nil},
		"V056 a site for naught": {func(d *Declaration) { d.Access.TransferSiteCode = "DLC09990001" }, one("DEC-0056", "two_step_access.transfer_site_code", "TransitionSite", "value:DLC09990001")},
		"V056 a transfer":        {func(d *Declaration) { d.Access = Access{TransferRequested: "1", TransferSiteCode: "DLC09990001"} }, nil},
	}
}

// licence is a licence of a line that breaks no rule.
func licence(line Decimal) Licence {
	return Licence{ItemNumber: line, TypeCode: "EX001", Number: "EX-26-000001", LineNumber: "1", WriteoffQuantity: "100", WriteoffUnitCode: "011"}
}

// royalty is a royalty form that breaks no rule.
func royalty() Royalty {
	return Royalty{ContractNumber: "EX-1", Licensor: "EXAMPLE INC", Licensee: "示例", PaymentKindCode: "0", PaymentDate: "2026-01-05",
		ContractStartDate: "2025-01-01", ContractEndDate: "2034-12-31", Amount: "100000.5", Currency: "USD", KindFlags: "01000", DocumentFlags: "01100000",
		Statement: "示例", ConfidentialFlag: "0", ContractSignedDate: "2024-12-31"}
}

// taxReturn is a tax return that breaks no rule.
func taxReturn() TaxReturn {
	return TaxReturn{FreightValue: "5", LegalLiabilityText: "示例", Signature: "EXAMPLE", SigningCertificateNumber: "EXAMPLE01"}
}

func referenceRows() map[string]ruleRow {
	second := func(number string) func(*Declaration) {
		return func(d *Declaration) {
			d.Containers = append(d.Containers, Container{Number: number, SizeTypeCode: "21", ItemNumbers: "1,2"})
		}
	}
	return map[string]ruleRow{
		"V049 a wrong digit":           {func(d *Declaration) { d.Containers[0].Number = "CSQU3054384" }, one("DEC-0049", "containers[0].number", "ContainerId", "value:CSQU3054384")},
		"V049 another box":             {second("TEXU3070079"), nil},
		"V050 no such line":            {func(d *Declaration) { d.Containers[0].ItemNumbers = "1,9" }, one("DEC-0050", "containers[0].item_numbers", "GoodsNo", "value:9")},
		"V050 full-width comma":        {func(d *Declaration) { d.Containers[0].ItemNumbers = "1，2" }, one("DEC-0050", "containers[0].item_numbers", "GoodsNo", "value:1，2")},
		"V050 line zero":               {func(d *Declaration) { d.Containers[0].ItemNumbers = "0" }, one("DEC-0050", "containers[0].item_numbers", "GoodsNo", "value:0")},
		"V050 both lines":              {func(d *Declaration) { d.Containers[0].ItemNumbers = "2,1" }, nil},
		"V050 a line out of place":     {func(d *Declaration) { d.Items[0].LineNumber = "7"; d.Containers[0].ItemNumbers = "7" }, []string{"DEC-0026 items[0].line_number GNo [value:7 want:1]", "DEC-0026 items[1].line_number GNo [value:2 want:8]"}},
		"V051 twice":                   {second("CSQU3054383"), one("DEC-0051", "containers[1].number", "ContainerId", "value:CSQU3054383")},
		"V051 two":                     {second("TEXU3070079"), nil},
		"V059 no such line":            {attachedTo("4"), one("DEC-0059", "attachments[0].item_numbers", "GNoStr", "value:4")},
		"V059 all lines":               {attachedTo("1,2"), nil},
		"V059 the declaration":         {attachedTo(""), nil},
		"V068 no such line":            {origin("3"), one("DEC-0068", "origin_links[0].item_number", "DecGNo", "value:3")},
		"V068 two lines":               {origin("1,2"), one("DEC-0068", "origin_links[0].item_number", "DecGNo", "value:1,2")},
		"V068 a line":                  {origin("2"), nil},
		"V069 another line":            {func(d *Declaration) { d.Items[1].Licences = []Licence{licence("2"), licence("1")} }, one("DEC-0069", "items[1].licences[1].item_number", "GoodsNo", "value:1 want:2")},
		"V069 its line":                {func(d *Declaration) { d.Items[1].Licences = []Licence{licence("02")} }, nil},
		"V080 boxes that go on":        {func(d *Declaration) { d.Containers, d.Transport.OriginalContainerFlag = nil, "1" }, one("DEC-0080", "containers", "DecContainers", "")},
		"V080 a box in the marks":      {func(d *Declaration) { d.Containers, d.Header.ShippingMarks = nil, "N/M 示例CSQU3054383" }, one("DEC-0080", "containers", "DecContainers", "")},
		"V080 part of a longer number": {func(d *Declaration) { d.Containers, d.Header.ShippingMarks = nil, "ACSQU30543831" }, nil},
		"V080 by air": {func(d *Declaration) {
			d.Containers, d.Transport.BorderModeCode, d.Transport.OriginalContainerFlag = nil, "5", "1"
		}, nil},
		"V080 goods without containers": {func(d *Declaration) { d.Containers = nil }, nil},
	}
}

func attachedTo(lines string) func(*Declaration) {
	return func(d *Declaration) { attach(d, "00000001"); d.Attachments[0].ItemNumbers = lines }
}

func origin(line string) func(*Declaration) {
	return func(d *Declaration) {
		d.OriginLinks = []OriginLink{{CertificateTypeCode: "Y03", CertificateNumber: "C1", ItemNumber: line, CertificateItemNumber: "1"}}
	}
}

func markRows() map[string]ruleRow {
	statements := func(v string) func(*Declaration) {
		return func(d *Declaration) { wirePromises.Set(d, v) }
	}
	faulty := func(code, args string) []string {
		return one(code, "valuation.special_relationship", "PromiseItmes", args)
	}
	asType := func(v string) func(*Declaration) { return func(d *Declaration) { wireType.Set(d, v) } }
	typed := func(args string) []string { return one("DEC-0062", "declaration.form_type", "Type", args) }
	remark := func(v string) func(*Declaration) { return func(d *Declaration) { d.Header.Remarks = v } }
	untidy := func(v string) []string { return one("DEC-0066", "declaration.remarks", "NoteS", "value:"+v) }
	return map[string]ruleRow{
		"V052 a letter":            {statements("00A99"), faulty("DEC-0052", "reason:promise_characters value:00A99")},
		"V052 a Chinese character": {statements("0是999"), faulty("DEC-0052", "reason:promise_characters value:0是999")},
		"V052 two":                 {statements("00"), faulty("DEC-0052", "reason:promise_count value:00")},
		"V052 seven":               {statements("0099999"), faulty("DEC-0052", "reason:promise_count value:0099999")},
		"V052 three":               {statements("009"), nil},
		"V052 six":                 {statements("110919"), nil},
		"V053 influenced":          {statements("01999"), faulty("DEC-0053", "value:01999")},
		"V053 six, influenced":     {statements("019999"), faulty("DEC-0053", "value:019999")},
		"V053 blank":               {statements("09999"), faulty("DEC-0053", "value:09999")},
		"V053 related":             {statements("11999"), nil},
		"V061 nineteen characters": {func(d *Declaration) { d.Header.ClientReference = "EX20260105000000001" }, one("DEC-0061", "declaration.client_reference", "ClientSeqNo", "value:EX20260105000000001")},
		"V061 eighteen characters": {func(*Declaration) {}, nil},
		"V062 a step":              {asType("  7"), typed("reason:type_wrong value:  7")},
		"V062 no family":           {asType("QQ"), typed("reason:type_wrong value:QQ")},
		"V062 a family too late":   {asType(" CL"), typed("reason:type_wrong value: CL")},
		"V062 another port":        {asType("      Y"), typed("reason:type_wrong value:      Y")},
		"V062 a Chinese character": {asType("组"), typed("reason:type_wrong value:组")},
		"V062 a test message":      {asType("ML1000"), typed("reason:type_tolerated value:ML1000")},
		"V062 beyond the end":      {asType("      Z1"), typed("reason:type_tolerated value:      Z1")},
		"V062 a record list":       {asType("ML"), nil},
		"V062 combined ports":      {asType("      Z"), nil},
		"V062 three letters in JSON": {func(d *Declaration) { d.Header.FormType = "MLX" },
			typed("reason:type_wrong value:MLX")},
		"V063 on an export":         {exported(asType("  6")), one("DEC-0063", "declaration.form_type", "Type", "value:  6")},
		"V063 an ordinary export":   {exported(asType("CL0")), nil},
		"V063 an import":            {asType("  5"), nil},
		"V064 without its number":   {asType("  6"), one("DEC-0064", "declaration.platform_sequence_number", "SeqNo", "value:")},
		"V064 with its number":      {func(d *Declaration) { asType("  6")(d); d.Header.PlatformSequenceNumber = "I20260000000000001" }, nil},
		"V065 two abolished fields": {func(d *Declaration) { d.Deprecated = Deprecated{PortInspectionOffice: "210000", MailboxHostID: "1"} }, []string{"DEC-0065 deprecated.port_inspection_office InspOrgCode [value:210000]", "DEC-0065 deprecated.mailbox_host_id HostId [value:1]"}},
		"V065 the new meaning":      {func(d *Declaration) { d.Header.DestinationOfficeCode = "0901" }, nil},
		"V066 a blank before":       {remark(" 示例"), untidy(" 示例")},
		"V066 a blank after":        {remark("示例\u3000"), untidy("示例\u3000")},
		"V066 a tab":                {remark("示\t例"), untidy("示\t例")},
		"V066 a C1 control":         {remark("示\u0085例"), untidy("示\u0085例")},
		"V066 delete":               {remark("a\x7fb"), untidy("a\x7fb")},
		"V066 lines":                {remark("示\r\n例 一"), nil},
		"V066 blanks in Type":       {asType("      Z"), nil},
		"V066 nothing but blanks where something must be": {func(d *Declaration) { d.Parties.Trader.Name = "  " }, []string{"DEC-0010 parties.trader.name TradeName []"}},
		"V066 in every group": {func(d *Declaration) {
			d.Items[1].Licences = []Licence{licence("2")}
			d.Items[1].Licences[0].Vehicles = []LicensedVehicle{{LicenceNumber: "1", LicenceTypeCode: "1"}, {LicenceNumber: "1", LicenceTypeCode: "1", VIN: "V "}}
			d.Items[1].ControlElements = []ControlElement{{Number: "1", CategoryCode: "A", Value: " a"}}
			d.Transit.Remarks = "a "
			d.Transit.Bills = []TransitBill{{MeansName: "a "}}
			d.Supplements = []Supplement{{}, {Buyer: SupplementParty{Name: " b"}}}
			d.Access.ConditionalPickupRequested = " 1"
			d.Risk.Note = "\tx"
		}, []string{
			"DEC-0011 two_step_access.conditional_pickup_requested ConditionalLiftoffApply [length:2 limit:1 value: 1]",
			"DEC-0066 items[1].licences[0].vehicles[1].vin VinCode [value:V ]",
			"DEC-0066 items[1].control_elements[0].value ElementValue [value: a]",
			"DEC-0066 transit.remarks Notes [value:a ]",
			"DEC-0066 transit.bills[0].means_name ShipNameEn [value:a ]",
			"DEC-0066 supplements[1].buyer.name Buyer [value: b]",
			"DEC-0066 two_step_access.conditional_pickup_requested ConditionalLiftoffApply [value: 1]",
			"DEC-0066 risk.note Note [value:\tx]",
		}},
		"V074 fourteen digits":    {func(d *Declaration) { d.Signature.Time = "20260105093000" }, one("DEC-0074", "signature.time", "SignDate", "value:20260105093000")},
		"V074 a day that is none": {func(d *Declaration) { d.Signature.Time = "2026023009300000" }, one("DEC-0074", "signature.time", "SignDate", "value:2026023009300000")},
		"V074 a late hour":        {func(d *Declaration) { d.Risk.SignedAt = "2026010524000000" }, one("DEC-0074", "risk.signed_at", "SignDate", "value:2026010524000000")},
		"V074 a time":             {func(d *Declaration) { d.Signature.Time = "2026010523595999" }, nil},
		"V077 six digits": {func(d *Declaration) { d.Items[1].DomesticRegionCode = "210200" }, []string{
			"DEC-0011 items[1].domestic_region_code DistrictCode [length:6 limit:5 value:210200]", "DEC-0077 items[1].domestic_region_code DistrictCode [value:210200]"}},
		"V077 a letter":         {func(d *Declaration) { d.Items[1].DomesticRegionCode = "2102A" }, one("DEC-0077", "items[1].domestic_region_code", "DistrictCode", "value:2102A")},
		"V077 not in a draft":   {func(d *Declaration) { d.Header.FunctionCode = "G"; d.Items[1].DomesticRegionCode = "2102A" }, nil},
		"V078 ends abroad":      {func(d *Declaration) { d.Items[1].CountryOfDestination = "KOR" }, one("DEC-0078", "items[1].country_of_destination", "DestinationCountry", "value:KOR")},
		"V078 made abroad":      {exported(func(d *Declaration) { d.Items[1].CountryOfOrigin = "KOR" }), one("DEC-0078", "items[1].country_of_origin", "DestinationCountry", "value:KOR")},
		"V078 China, by number": {exported(func(d *Declaration) { d.Items[1].CountryOfOrigin = "142" }), nil},
		"V081 eight characters": {func(d *Declaration) { d.Parties.Submitter.OrganisationCode = "21999800" }, one("DEC-0081", "parties.submitter.organisation_code", "CopCode", "value:21999800")},
		"V081 the signer's":     {func(d *Declaration) { d.Signature.OrganisationCode = "1" }, one("DEC-0081", "signature.organisation_code", "CopCode", "value:1")},
		"V081 ten characters":   {func(d *Declaration) { d.Parties.Submitter.OrganisationCode = "2199980002" }, nil},
	}
}

func groupRows() map[string]ruleRow {
	picture := func(v string) func(*Declaration) {
		return func(d *Declaration) { d.MarkImages = []MarkImage{{FileName: "m.png", ContentBase64: v}} }
	}
	wrong := func(reason string) []string {
		return one("DEC-0057", "mark_images[0].content_base64", "Attachment", "reason:"+reason)
	}
	bytes := func(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	sized := func(size string) func(*Declaration) {
		return func(d *Declaration) { attach(d, "00000002"); d.Attachments[0].SizeBytes = size }
	}
	dangerous := func(change func(*Item)) func(*Declaration) {
		return func(d *Declaration) {
			d.Items[1].UNNumber, d.Items[1].DangerousGoodsName, d.Items[1].DangerousPackingGroup, d.Items[1].NotDangerousFlag = "1993", "示例", "II", "0"
			change(&d.Items[1])
		}
	}
	list := func(change func(*Declaration)) func(*Declaration) {
		return func(d *Declaration) { d.Header.BondedListType = "1"; change(d) }
	}
	listed := func(filled string) []string {
		return one("DEC-0071", "declaration.bonded_list_type", "BillType", "filled:"+filled+" value:1")
	}
	promise := func(v string) func(*Declaration) {
		return func(d *Declaration) { d.Promises = []Promise{{"101040"}, {v}} }
	}
	transit := func(change func(*Declaration)) func(*Declaration) {
		return func(d *Declaration) {
			d.Header.TransitRelationCode = "1"
			d.Transit = Transit{KindCode: "1", Bills: []TransitBill{{BillNumber: "1"}}}
			change(d)
		}
	}
	return map[string]ruleRow{
		"V057 no Base64":               {picture("示例"), wrong("picture_base64")},
		"V057 cut short":               {picture("QUJDR"), wrong("picture_base64")},
		"V057 larger than 1 MB":        {picture(bytes(1<<20 + 1)), wrong("picture_large")},
		"V057 1 MB":                    {picture(bytes(1 << 20)), nil},
		"V057 in lines":                {picture("QUJD\r\n  \tREVG\n"), nil},
		"V058 a large PDF":             {sized("4194305"), one("DEC-0058", "attachments[0].size_bytes", "EdocSize", "size:4194305 value:F0")},
		"V058 a PDF of 4 MB":           {sized("4194304"), nil},
		"V058 structured data":         {func(d *Declaration) { sized("9999999")(d); d.Attachments[0].FormatCode = "S" }, nil},
		"V070 marked not dangerous":    {dangerous(func(r *Item) { r.NotDangerousFlag = "1" }), one("DEC-0070", "items[1].not_dangerous_flag", "NoDangFlag", "value:1993")},
		"V070 without name":            {dangerous(func(r *Item) { r.DangerousGoodsName = "" }), one("DEC-0070", "items[1].dangerous_goods_name", "DangName", "value:1993")},
		"V070 without packing":         {dangerous(func(r *Item) { r.DangerousPackingGroup = " " }), []string{"DEC-0066 items[1].dangerous_packing_group DangPackType [value: ]", "DEC-0070 items[1].dangerous_packing_group DangPackType [value:1993]"}},
		"V070 dangerous":               {dangerous(func(*Item) {}), nil},
		"V070 not dangerous":           {func(d *Declaration) { d.Items[0].NotDangerousFlag = "1" }, nil},
		"V071 with a contract":         {list(func(d *Declaration) { d.Header.ContractNumber = "EX-1" }), listed("ContrNo")},
		"V071 with more":               {list(func(d *Declaration) { d.Parties.Declarant.Phone, d.Items[1].UseCode = "0411", "01" }), listed("DecBpNo, DecList[2]/UseTo")},
		"V071 a list":                  {list(func(*Declaration) {}), nil},
		"V071 a contract":              {func(d *Declaration) { d.Header.ContractNumber = "EX-1" }, nil},
		"V072 that of an export":       {promise("102053"), one("DEC-0072", "promises[1].material_code", "DeclaratioMaterialCode", "value:102053 want:101040")},
		"V072 that of an import":       {exported(promise("102053")), one("DEC-0072", "promises[0].material_code", "DeclaratioMaterialCode", "value:101040 want:102053")},
		"V072 its own":                 {promise("101040"), nil},
		"V073 no transit":              {transit(func(d *Declaration) { d.Transit = Transit{} }), one("DEC-0073", "transit", "TrnHead", "")},
		"V073 no transit, by OperType": {func(d *Declaration) { d.Header.FunctionCode = "D" }, one("DEC-0073", "transit", "TrnHead", "")},
		"V073 no bill":                 {transit(func(d *Declaration) { d.Transit.Bills = nil }), one("DEC-0073", "transit.bills[0]", "TrnList", "")},
		"V073 a transit":               {transit(func(*Declaration) {}), nil},
		"V073 no transit to declare":   {func(*Declaration) {}, nil},

		"V009 a royalty form": {func(d *Declaration) { d.Royalty = royalty(); d.Royalty.Licensor = "" }, []string{"DEC-0009 royalty.licensor Authorizer []"}},
		"V009 rows": {func(d *Declaration) {
			d.Items[1].Licences = []Licence{licence("2")}
			d.Items[1].Licences[0].Vehicles = []LicensedVehicle{{LicenceTypeCode: "1"}}
			d.Items[1].ControlElements = []ControlElement{{Number: "1"}}
			d.CertificateRequests = []CertificateRequest{{Originals: "1"}}
			d.MarkImages = []MarkImage{{ContentBase64: "QUJD"}}
			d.Transit.Containers = []TransitContainer{{}}
			d.Transit.ContainerGoods = []TransitContainerGoods{{ItemNumber: "1", PackageCount: "1", WeightKg: "1"}}
		}, []string{
			"DEC-0009 items[1].licences[0].vehicles[0].licence_number LicenceNo []",
			"DEC-0009 items[1].control_elements[0].category_code DeclarationCategoryCode []",
			"DEC-0009 certificate_requests[0].code AppCertCode []",
			"DEC-0009 mark_images[0].file_name AttachName []",
			"DEC-0009 transit.containers[0].number ContaNo []",
			"DEC-0009 transit.container_goods[0].container_number ContaNo []",
		}},
		"V010 groups": {func(d *Declaration) {
			d.TaxReturn = TaxReturn{FileName: "x"}
			d.OtherPackages = []OtherPackage{{Count: "1"}}
			d.Authorisations = []Authorisation{{Number: "1"}}
			d.Promises = []Promise{{}}
		}, []string{
			"DEC-0010 other_packages[0].kind_code PackType []",
			"DEC-0010 authorisations[0].type_code EntQualifTypeCode []",
			"DEC-0010 promises[0].material_code DeclaratioMaterialCode []",
			"DEC-0010 tax_return.legal_liability_text LegalLiability []",
			"DEC-0010 tax_return.signature Sign []",
			"DEC-0010 tax_return.signing_certificate_number CertSeqNo []",
		}},
		"V011 groups": {func(d *Declaration) {
			d.Users = []GoodsUser{{}, {Phone: strings.Repeat("1", 21)}}
			d.Supplements = []Supplement{{Contract: SupplementContract{Number: strings.Repeat("1", 76)}}}
		}, []string{
			"DEC-0011 users[1].phone UseOrgPersonTel [length:21 limit:20 value:111111111111111111111]",
			"DEC-0011 supplements[0].contract.number ContrNo [length:76 limit:75 value:" + strings.Repeat("1", 40) + "…]",
		}},
		"V011 a currency of the tax return has three letters": {func(d *Declaration) { d.TaxReturn = taxReturn(); d.TaxReturn.InsuranceCurrency = "USD" }, nil},
		"V012 groups": {func(d *Declaration) {
			d.Items[0].Licences = []Licence{licence("x")}
			d.Items[0].Licences[0].Vehicles = []LicensedVehicle{{LicenceNumber: "1", LicenceTypeCode: "1", InvoicedQuantity: "1,0"}}
			d.Royalty = royalty()
			d.Royalty.Amount = "1.005"
			d.TaxReturn = taxReturn()
			d.TaxReturn.GrossWeightKg = "1e3"
		}, []string{
			"DEC-0012 items[0].licences[0].item_number GoodsNo [decimals:0 digits:9 value:x]",
			"DEC-0012 items[0].licences[0].vehicles[0].invoiced_quantity InvoiceNum [decimals:5 digits:14 value:1,0]",
			"DEC-0012 royalty.amount RoyaltyAmount [decimals:2 digits:17 value:1.005]",
			"DEC-0012 tax_return.gross_weight_kg GrossWt [decimals:7 digits:14 value:1e3]",
		}},
		"V013 groups": {func(d *Declaration) {
			d.Transit.ExpectedArrivalDate = "20260230"
			d.Royalty = royalty()
			d.Royalty.PaymentDate, d.Royalty.PeriodEndDate = "20260105", "2026-02-30"
		}, []string{
			"DEC-0013 transit.expected_arrival_date ValidTime [value:20260230]",
			"DEC-0013 royalty.payment_date PayTime [value:20260105]",
			"DEC-0013 royalty.period_end_date PeriodEndDate [value:2026-02-30]",
		}},
	}
}
