package program

import (
	"fmt"
	"strings"
)

// lines is the size of a realistic declaration.
const lines = 20

// JSONDocument is a declaration of 20 lines as a forwarder's system sends it.
// All data are invented; the unified social credit codes use a region that is not assigned.
func JSONDocument(ref string) []byte {
	var b strings.Builder
	b.Grow(8 << 10)
	b.WriteString(`{"declaration":{"trade_direction":"import","declaration_office_code":"0900","levy_nature_code":"101",` +
		`"border_office_code":"0901","total_gross_weight_kg":"25000.5","total_net_weight_kg":"24000","total_packages":"400",` +
		`"trade_mode_code":"0110","package_kind_code":"22","edi_flag":"1","entry_type_code":"M","transit_relation_code":"0",` +
		`"contract_number":"EX-2026-001","shipping_marks":"N/M","remarks":"示例报文，非真实业务","function_code":"C","client_reference":"` + ref + `"},` +
		`"parties":{"declarant":{"unified_social_credit_code":"9121029999990002XG","customs_code":"2199980002","name":"大连示例报关有限公司","person_name":"示例员乙","phone":"0411-00000000"},` +
		`"submitter":{"name":"大连示例报关有限公司","organisation_code":"219998002","unified_social_credit_code":"9121029999990002XG","operator_card_number":"9999000000001","operator_name":"示例员甲"},` +
		`"trader":{"unified_social_credit_code":"91210299999900011Q","customs_code":"2199960001","name":"大连示例贸易有限公司"},` +
		`"owner":{"unified_social_credit_code":"91210299999900038G","customs_code":"2199960003","name":"大连示例制造有限公司"}},` +
		`"transport":{"border_mode_code":"2","means_name":"EXAMPLE STAR","voyage_number":"026E","transport_document_number":"EXBL2026000001","import_export_date":"20260105",` +
		`"loading_port_code":"JPN000","transit_or_destination_port_code":"JPN000","entry_exit_port_code":"210999","goods_location":"大连示例码头一号堆场","country_of_dispatch":"JPN","trading_country":"JPN"},` +
		`"terms":{"delivery_terms_code":"1"},` +
		`"valuation":{"special_relationship":"0","price_influenced":"0","royalties_paid":"9","formula_pricing":"9","provisional_price":"9"},"items":[`)
	for i := range lines {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"line_number":"%d","hs_code":"8431390000","goods_name":"示例零件%d","specification":"1|3|示例用途|示例品牌|型号A%d",`+
			`"transaction_quantity":"100","transaction_unit_code":"011","first_statutory_quantity":"100","first_statutory_unit_code":"011",`+
			`"unit_price":"15","line_amount":"1500","currency":"USD","duty_mode_code":"1","country_of_origin":"JPN","country_of_destination":"CHN",`+
			`"domestic_region_code":"21029","destination_place_code":"210200"}`, i+1, i+1, i+1)
	}
	b.WriteString(`],"containers":[{"number":"ZZZU0000010","size_type_code":"11","item_numbers":"1","lcl_flag":"0","cargo_weight_kg":"24000","tare_weight_kg":"2200"}],` +
		`"signature":{"card_number":"9999000000001","organisation_code":"219998002","operator_name":"示例员甲","value":"EXAMPLE-SIGNATURE-NOT-VALID","time":"2026010509300000","certificate_number":"EXAMPLE01","signer_kind":"2"}}`)
	return []byte(b.String())
}

// XMLDocument is the same declaration as DecMessage 4.8, filled elements only.
func XMLDocument(ref string) []byte {
	var b strings.Builder
	b.Grow(20 << 10)
	leaf := func(name, value string) { fmt.Fprintf(&b, "<%s>%s</%s>\n", name, value, name) }
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DecMessage Version=\"4.8\" xmlns=\"http://www.chinaport.gov.cn/dec\">\n<DecHead>\n")
	for _, f := range [][2]string{{"IEFlag", "I"}, {"AgentCode", "2199980002"}, {"AgentName", "大连示例报关有限公司"}, {"BillNo", "EXBL2026000001"},
		{"ContrNo", "EX-2026-001"}, {"CustomMaster", "0900"}, {"CutMode", "101"}, {"DistinatePort", "JPN000"}, {"GrossWet", "25000.5"},
		{"IEDate", "20260105"}, {"IEPort", "0901"}, {"NetWt", "24000"}, {"NoteS", "示例报文，非真实业务"}, {"OwnerCode", "2199960003"},
		{"OwnerName", "大连示例制造有限公司"}, {"PackNo", "400"}, {"TradeCode", "2199960001"}, {"TradeCountry", "JPN"}, {"TradeMode", "0110"},
		{"TradeName", "大连示例贸易有限公司"}, {"TrafMode", "2"}, {"TrafName", "EXAMPLE STAR"}, {"TransMode", "1"}, {"WrapType", "22"}, {"EdiId", "1"},
		{"CopName", "大连示例报关有限公司"}, {"CopCode", "219998002"}, {"EntryType", "M"}, {"TypistNo", "9999000000001"}, {"InputerName", "示例员甲"},
		{"DeclTrnRel", "0"}, {"CopCodeScc", "9121029999990002XG"}, {"OwnerCodeScc", "91210299999900038G"}, {"AgentCodeScc", "9121029999990002XG"},
		{"TradeCoScc", "91210299999900011Q"}, {"PromiseItmes", "00999"}, {"TradeAreaCode", "JPN"}, {"MarkNo", "N/M"}, {"DespPortCode", "JPN000"},
		{"EntyPortCode", "210999"}, {"GoodsPlace", "大连示例码头一号堆场"}, {"DeclareName", "示例员乙"}} {
		leaf(f[0], f[1])
	}
	b.WriteString("</DecHead>\n<DecLists>\n")
	for i := range lines {
		b.WriteString("<DecList>\n")
		for _, f := range [][2]string{{"CodeTS", "8431390000"}, {"DeclPrice", "15"}, {"DutyMode", "1"}, {"GModel", fmt.Sprintf("1|3|示例用途|示例品牌|型号A%d", i+1)},
			{"GName", fmt.Sprintf("示例零件%d", i+1)}, {"GNo", fmt.Sprint(i + 1)}, {"OriginCountry", "JPN"}, {"TradeCurr", "USD"}, {"DeclTotal", "1500"},
			{"GQty", "100"}, {"FirstQty", "100"}, {"GUnit", "011"}, {"FirstUnit", "011"}, {"DestinationCountry", "CHN"}, {"DestCode", "210200"}, {"DistrictCode", "21029"}} {
			leaf(f[0], f[1])
		}
		b.WriteString("</DecList>\n")
	}
	b.WriteString("</DecLists>\n<DecContainers>\n<Container>\n")
	for _, f := range [][2]string{{"ContainerId", "ZZZU0000010"}, {"ContainerMd", "11"}, {"GoodsNo", "1"}, {"LclFlag", "0"}, {"GoodsContaWt", "24000"}, {"ContainerWt", "2200"}} {
		leaf(f[0], f[1])
	}
	b.WriteString("</Container>\n</DecContainers>\n<DecFreeTxt>\n<VoyNo>026E</VoyNo>\n<DecBpNo>0411-00000000</DecBpNo>\n</DecFreeTxt>\n<DecSign>\n")
	for _, f := range [][2]string{{"OperType", "C"}, {"ICCode", "9999000000001"}, {"CopCode", "219998002"}, {"OperName", "示例员甲"}, {"ClientSeqNo", ref},
		{"Sign", "EXAMPLE-SIGNATURE-NOT-VALID"}, {"SignDate", "2026010509300000"}, {"Certificate", "EXAMPLE01"}, {"DomainId", "2"}} {
		leaf(f[0], f[1])
	}
	b.WriteString("</DecSign>\n</DecMessage>\n")
	return []byte(b.String())
}
