package intake

import (
	"slices"
	"strings"

	"kouan/declarations"
)

// groupColumns are the groups of the message that most declarations do not
// have, as far as they are flat: one value a declaration, or short lists.
func groupColumns() []*column {
	out := wholeColumns(declarations.TransitFields)
	out = append(out, wholeColumns(declarations.AccessFields)...)
	out = append(out, wholeColumns(declarations.RoyaltyFields)...)
	out = append(out, listColumns("certificate_requests", declarations.CertificateRequestFields, func(d *declarations.Declaration) *[]declarations.CertificateRequest { return &d.CertificateRequests })...)
	out = append(out, listColumns("authorisations", declarations.AuthorisationFields, func(d *declarations.Declaration) *[]declarations.Authorisation { return &d.Authorisations })...)
	out = append(out, listColumns("users", declarations.GoodsUserFields, func(d *declarations.Declaration) *[]declarations.GoodsUser { return &d.Users })...)
	out = append(out, listColumns("promises", declarations.PromiseFields, func(d *declarations.Declaration) *[]declarations.Promise { return &d.Promises })...)
	out = append(out, lineListColumns("licences", declarations.LicenceFields, func(r *declarations.Item) *[]declarations.Licence { return &r.Licences })...)
	out = append(out, lineListColumns("control_elements", declarations.ControlElementFields, func(r *declarations.Item) *[]declarations.ControlElement { return &r.ControlElements })...)
	out = append(out, listColumns("supplements", supplementFields(), func(d *declarations.Declaration) *[]declarations.Supplement { return &d.Supplements })...)
	for _, c := range out {
		c.grouped = true
	}
	return out
}

// wholeColumns are a group that a declaration has once.
func wholeColumns(table []declarations.Field[declarations.Declaration]) []*column {
	out := make([]*column, 0, len(table))
	for i := range table {
		f := &table[i]
		c := columnOf(f, f.Path)
		c.set, c.get = f.Set, f.Value
		out = append(out, c)
	}
	return out
}

// lineListColumns are a short list of a goods line.
func lineListColumns[T any](list string, table []declarations.Field[T], rows func(*declarations.Item) *[]T) []*column {
	var out []*column
	for i := range table {
		f := &table[i]
		c := columnOf(f, "items[]."+list+"[]."+f.Path)
		c.list = "items[]." + list
		c.itemRows = func(r *declarations.Item) int { return len(*rows(r)) }
		c.itemNth = func(r *declarations.Item, n int) *string {
			all := rows(r)
			for len(*all) <= n {
				*all = append(*all, *new(T))
			}
			return f.At(&(*all)[n])
		}
		out = append(out, c)
	}
	return out
}

// supplementFields are the part of a supplementary declaration that fits into
// a row: who, under which contract and invoice. Its three sets of questions on
// price, classification and origin are a form of their own.
func supplementFields() []declarations.Field[declarations.Supplement] {
	return slices.DeleteFunc(slices.Clone(declarations.SupplementFields), func(f declarations.Field[declarations.Supplement]) bool {
		group, _, nested := strings.Cut(f.Path, ".")
		if nested {
			return !slices.Contains([]string{"buyer", "seller", "manufacturer", "contract", "invoice", "declarant"}, group)
		}
		return !slices.Contains([]string{"item_number", "kind_code", "brand_chinese", "brand_english", "invoice_unit_price", "invoice_note", "other_remarks", "confidential_flag"}, f.Path)
	})
}

// beyond is a group that no table carries, for the explanation of the
// template: it is handed in as JSON or as the message.
type beyond struct {
	path string
	Labels
}

// beyondTables lists them all; a test compares it with the fields of a declaration.
var beyondTables = []beyond{
	{"transit.bills[]", Labels{"转关提单", "Bills of the transit"}},
	{"transit.containers[]", Labels{"转关集装箱", "Containers of the transit"}},
	{"transit.container_goods[]", Labels{"转关集装箱商品", "Goods in the containers of the transit"}},
	{"items[].licences[].vehicles[]", Labels{"许可证VIN信息", "Vehicles under a licence (VIN)"}},
	{"supplements[]", Labels{"补充申报单的价格、归类、原产地申报项", "Supplementary declaration: items on price, classification and origin"}},
	{"tax_return", Labels{"自报自缴", "Self-assessed tax return"}},
	{"risk", Labels{"风险评估信息", "Risk assessment"}},
	{"mark_images[]", Labels{"标记号码附件", "Images of shipping marks"}},
}
