package versions

import (
	"maps"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
)

// Generic is the path of a change without the numbers of rows: items[].hs_code.
func (c *Change) Generic() string {
	var b strings.Builder
	for i := 0; i < len(c.Path); i++ {
		b.WriteByte(c.Path[i])
		if c.Path[i] == '[' {
			i += max(0, strings.IndexByte(c.Path[i:], ']')-1)
		}
	}
	return b.String()
}

// Element is the name of a field in the standard message (填制规范), by its
// path without numbers; empty for what has none.
func Element(generic string) string { return elements()[generic] }

var elements = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	name(m, "", declarations.TransitFields) // before the head, which has some of them too
	name(m, "transit.bills[].", declarations.TransitBillFields)
	name(m, "transit.containers[].", declarations.TransitContainerFields)
	name(m, "transit.container_goods[].", declarations.TransitContainerGoodsFields)
	name(m, "", declarations.HeadFields)
	name(m, "", declarations.FreeTextFields)
	name(m, "", declarations.SignFields)
	name(m, "", declarations.AccessFields)
	name(m, "", declarations.RiskFields)
	name(m, "", declarations.RoyaltyFields)
	name(m, "", declarations.TaxReturnFields)
	name(m, "items[].", declarations.ItemFields(declarations.Import))
	name(m, "items[].licences[].", declarations.LicenceFields)
	name(m, "items[].licences[].vehicles[].", declarations.LicensedVehicleFields)
	name(m, "items[].control_elements[].", declarations.ControlElementFields)
	name(m, "containers[].", declarations.ContainerFields)
	name(m, "documents[].", declarations.DocumentFields)
	name(m, "origin_links[].", declarations.OriginLinkFields)
	name(m, "attachments[].", declarations.AttachmentFields)
	name(m, "certificate_requests[].", declarations.CertificateRequestFields)
	name(m, "other_packages[].", declarations.OtherPackageFields)
	name(m, "authorisations[].", declarations.AuthorisationFields)
	name(m, "users[].", declarations.GoodsUserFields)
	name(m, "mark_images[].", declarations.MarkImageFields)
	name(m, "promises[].", declarations.PromiseFields)
	name(m, "supplements[].", declarations.SupplementFields)
	maps.Copy(m, positions)
	return m
})

// positions are fields that are places within one element.
var positions = map[string]string{
	"declaration.filing_step":          "Type",
	"declaration.is_combined_port":     "Type",
	"declaration.type_as_read":         "Type",
	"valuation.price_influenced":       "PromiseItmes",
	"valuation.royalties_paid":         "PromiseItmes",
	"valuation.formula_pricing":        "PromiseItmes",
	"valuation.provisional_price":      "PromiseItmes",
	"valuation.promises_as_read":       "PromiseItmes",
	"transport.country_of_destination": "TradeCountry",
}

func name[T any](m map[string]string, prefix string, fields []declarations.Field[T]) {
	for i := range fields {
		m[prefix+fields[i].Path] = fields[i].Element
	}
}

// Table is the code table whose names explain the values of a field; empty
// when there is none. The tables are those of declarations/codes.
func Table(generic string) string {
	if t, ok := tables[generic]; ok {
		return t
	}
	switch field := generic[strings.LastIndexByte(generic, '.')+1:]; {
	case strings.HasPrefix(generic, "items[].") && strings.HasSuffix(field, "_unit_code"):
		return "units"
	case strings.HasSuffix(field, "currency"):
		return "currencies"
	case strings.HasSuffix(field, "_port_code"):
		return "ports"
	case strings.HasSuffix(field, "_office_code"):
		return "customs_offices"
	case strings.HasPrefix(field, "country_of_"), strings.HasSuffix(field, "_country"):
		return "countries"
	}
	return ""
}

var tables = map[string]string{
	"declaration.levy_nature_code":     "levy_natures",
	"declaration.trade_mode_code":      "trade_modes",
	"declaration.package_kind_code":    "package_types",
	"terms.delivery_terms_code":        "transaction_terms",
	"transport.border_mode_code":       "transport_modes",
	"transport.inland_mode_code":       "transport_modes",
	"items[].duty_mode_code":           "duty_modes",
	"documents[].type_code":            "licence_documents",
	"attachments[].document_type_code": "attached_document_codes",
}

// Brief says in a few values which row it is: the line number, code and name
// of goods, the number of a container. generic is the path of the change.
func Brief(generic, row string) string {
	var values map[string]any
	if err := json.Unmarshal([]byte(row), &values); err != nil {
		return row
	}
	var said []string
	for _, field := range briefs[generic] {
		if v, ok := values[field].(string); ok && v != "" {
			said = append(said, v)
		}
	}
	if len(said) == 0 {
		return row
	}
	return strings.Join(said, " ")
}

var briefs = map[string][]string{
	"items[]":        {"line_number", "hs_code", "goods_name"},
	"containers[]":   {"number"},
	"documents[]":    {"type_code", "number"},
	"origin_links[]": {"certificate_type_code", "certificate_number", "item_number"},
	"attachments[]":  {"document_type_code", "file_name"},
}
