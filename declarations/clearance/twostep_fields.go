package clearance

import "kouan/declarations"

// MissingField is a field that a summary must have and does not.
type MissingField struct {
	Path    string `json:"path" example:"items[0].goods_name"`
	Element string `json:"element" example:"GName" doc:"Of the standard message"`
	When    string `json:"when" enum:"always,licence,inspection" doc:"Which flag asks for it"`
}

// On what a field of the summary depends.
const (
	always         = "always"
	whenLicence    = "licence"
	whenInspection = "inspection"
)

// summaryHead are the head fields of a summary (概要申报), Type position 3 = 5
// (clearance-modes.md §3.2, secondary).
var summaryHead = []struct {
	path, element, when string
	value               func(*declarations.Declaration) string
}{
	{"declaration.declaration_office_code", "CustomMaster", always, func(d *declarations.Declaration) string { return d.Header.DeclarationOfficeCode }},
	{"declaration.border_office_code", "IEPort", always, func(d *declarations.Declaration) string { return d.Header.BorderOfficeCode }},
	{"parties.trader.unified_social_credit_code", "TradeCoScc", always, func(d *declarations.Declaration) string { return d.Parties.Trader.UnifiedSocialCreditCode }},
	{"parties.trader.customs_code", "TradeCode", always, func(d *declarations.Declaration) string { return d.Parties.Trader.CustomsCode }},
	{"parties.trader.name", "TradeName", always, func(d *declarations.Declaration) string { return d.Parties.Trader.Name }},
	{"parties.declarant.unified_social_credit_code", "AgentCodeScc", always, func(d *declarations.Declaration) string { return d.Parties.Declarant.UnifiedSocialCreditCode }},
	{"parties.declarant.customs_code", "AgentCode", always, func(d *declarations.Declaration) string { return d.Parties.Declarant.CustomsCode }},
	{"parties.declarant.name", "AgentName", always, func(d *declarations.Declaration) string { return d.Parties.Declarant.Name }},
	{"transport.border_mode_code", "TrafMode", always, func(d *declarations.Declaration) string { return d.Transport.BorderModeCode }},
	{"transport.means_name", "TrafName", always, func(d *declarations.Declaration) string { return d.Transport.MeansName }},
	{"transport.voyage_number", "VoyNo", always, func(d *declarations.Declaration) string { return d.Transport.VoyageNumber }},
	{"transport.transport_document_number", "BillNo", always, func(d *declarations.Declaration) string { return d.Transport.TransportDocumentNumber }},
	{"declaration.trade_mode_code", "TradeMode", always, func(d *declarations.Declaration) string { return d.Header.TradeModeCode }},
	{"declaration.total_gross_weight_kg", "GrossWet", always, func(d *declarations.Declaration) string { return string(d.Header.TotalGrossWeightKg) }},
	{"parties.owner.unified_social_credit_code", "OwnerCodeScc", whenLicence, func(d *declarations.Declaration) string { return d.Parties.Owner.UnifiedSocialCreditCode }},
	{"parties.owner.customs_code", "OwnerCode", whenLicence, func(d *declarations.Declaration) string { return d.Parties.Owner.CustomsCode }},
	{"parties.owner.name", "OwnerName", whenLicence, func(d *declarations.Declaration) string { return d.Parties.Owner.Name }},
	{"parties.trader.inspection_code", "TradeCiqCode", whenInspection, func(d *declarations.Declaration) string { return d.Parties.Trader.InspectionCode }},
	{"parties.owner.inspection_code", "OwnerCiqCode", whenInspection, func(d *declarations.Declaration) string { return d.Parties.Owner.InspectionCode }},
	{"parties.declarant.inspection_code", "DeclCiqCode", whenInspection, func(d *declarations.Declaration) string { return d.Parties.Declarant.InspectionCode }},
}

// summaryLine are the fields of each goods line.
var summaryLine = []struct {
	field, element, when string
	value                func(*declarations.Item) string
}{
	{"hs_code", "CodeTS", always, func(r *declarations.Item) string { return r.HSCode }},
	{"goods_name", "GName", always, func(r *declarations.Item) string { return r.GoodsName }},
	{"transaction_quantity", "GQty", always, func(r *declarations.Item) string { return string(r.TransactionQuantity) }},
	{"transaction_unit_code", "GUnit", always, func(r *declarations.Item) string { return r.TransactionUnitCode }},
	{"line_amount", "DeclTotal", always, func(r *declarations.Item) string { return string(r.LineAmount) }},
	{"currency", "TradeCurr", always, func(r *declarations.Item) string { return r.Currency }},
	{"country_of_origin", "OriginCountry", always, func(r *declarations.Item) string { return r.CountryOfOrigin }},
	{"inspection_category_code", "CiqCode", whenInspection, func(r *declarations.Item) string { return r.InspectionCategoryCode }},
	{"inspection_category_name", "CiqName", whenInspection, func(r *declarations.Item) string { return r.InspectionCategoryName }},
	{"goods_attribute_codes", "GoodsAttr", whenInspection, func(r *declarations.Item) string { return string(r.GoodsAttributeCodes) }},
	{"purpose_code", "Purpose", whenInspection, func(r *declarations.Item) string { return r.PurposeCode }},
}

// MissingInSummary lists the fields that a summary must have under its flags
// and has not. A licence number or a licence document answers 涉证; a guarantee
// (涉税) is on file with customs and asks for no field. Box numbers are asked
// for in every box that is there; whether the goods travel in boxes the
// message does not say.
func MissingInSummary(d *declarations.Declaration, flags Flags) []MissingField {
	asked := map[string]bool{always: true, whenLicence: flags.Licence.Set, whenInspection: flags.Inspection.Set}
	missing := []MissingField{}
	for _, f := range summaryHead {
		if asked[f.when] && f.value(d) == "" {
			missing = append(missing, MissingField{f.path, f.element, f.when})
		}
	}
	if len(d.Items) == 0 {
		missing = append(missing, MissingField{"items", "DecList", always})
	}
	for i := range d.Items {
		r := &d.Items[i]
		inspected := flags.Inspection.Set && len(r.HSCode) == 10 // lines of six digits are outside inspection
		for _, f := range summaryLine {
			if (f.when == always || f.when == whenInspection && inspected) && f.value(r) == "" {
				missing = append(missing, MissingField{declarations.IndexPath("items", i, f.field), f.element, f.when})
			}
		}
	}
	for i := range d.Containers {
		if d.Containers[i].Number == "" {
			missing = append(missing, MissingField{declarations.IndexPath("containers", i, "number"), "ContainerId", always})
		}
	}
	return missing
}
