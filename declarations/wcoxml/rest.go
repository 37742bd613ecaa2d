package wcoxml

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"kouan/declarations"
)

// leftFields are the fields of the form that no rule answers for. Positions of
// one field are not among them.
type leftFields struct {
	head []*declarations.Field[declaration]
	item []*declarations.Field[declarations.Item]
}

func (s *ruleSet) leftOn(dir declarations.Direction) *leftFields {
	left := &leftFields{}
	for _, fields := range [][]declarations.Field[declaration]{declarations.HeadFields, declarations.FreeTextFields, declarations.SignFields} {
		for i := range fields {
			if f := &fields[i]; f.At != nil && !s.handled[f.PathIn(dir)] {
				left.head = append(left.head, f)
			}
		}
	}
	items := declarations.ItemFields(dir)
	for i := range items {
		if f := &items[i]; f.At != nil && !s.handled["items[]."+f.Path] {
			left.item = append(left.item, f)
		}
	}
	return left
}

// rest loses every value that no rule answers for.
func (w *writer) rest(d *declarations.Declaration) {
	s := rules()
	left := s.left[w.dir]
	if left == nil {
		left = s.left[declarations.Import]
	}
	for _, f := range left.head {
		if v := *f.At(d); v != "" {
			w.unpaired(f.PathIn(w.dir), f.PathIn(w.dir), v)
		}
	}
	h, v := &d.Header, &d.Valuation
	w.positions("declaration.form_type", h.FormType, "declaration.type_as_read", h.TypeAsRead,
		"valuation.special_relationship", v.SpecialRelationship, "valuation.price_influenced", v.PriceInfluenced,
		"valuation.royalties_paid", v.RoyaltiesPaid, "valuation.formula_pricing", v.FormulaPricing,
		"valuation.provisional_price", v.ProvisionalPrice, "valuation.promises_as_read", v.PromisesAsRead)
	if h.IsCombinedPort {
		w.unpaired("declaration.is_combined_port", "declaration.is_combined_port", "true")
	}
	w.signature(d)
	for i := range d.Items {
		w.item = i
		w.restOfItem(&d.Items[i], left)
	}
	w.item = -1
	w.restOfRows(d)
}

func (w *writer) positions(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			w.unpaired(pairs[i], pairs[i], pairs[i+1])
		}
	}
}

// signature is never converted: it holds for the message it was made over.
func (w *writer) signature(d *declarations.Declaration) {
	if d.Signature.Value != "" {
		w.lose("signature.value", "/Declaration/Authentication/Authentication", reasonSignature, "***")
	}
}

func (w *writer) restOfItem(it *declarations.Item, left *leftFields) {
	for _, f := range left.item {
		if v := *f.At(it); v != "" {
			w.unpaired(f.Path, "items[]."+f.Path, v)
		}
	}
	for i := range it.Licences {
		l := &it.Licences[i]
		if l.ItemNumber != "" && l.ItemNumber != it.LineNumber {
			w.lose(declarations.IndexPath("licences", i, "item_number"), "", reasonNoPlace, string(l.ItemNumber))
		}
		if l.LineNumber != "" {
			w.lose(declarations.IndexPath("licences", i, "line_number"), "", reasonNoPlace, l.LineNumber)
		}
		if len(l.Vehicles) > 0 {
			w.walk(declarations.IndexPath("licences", i, "vehicles"), reflect.ValueOf(l.Vehicles))
		}
	}
	if len(it.ControlElements) > 0 {
		w.walk("control_elements", reflect.ValueOf(it.ControlElements))
	}
	w.carried(it.Carried)
}

// restOfRows: groups without a WCO counterpart, and what the rows of the others
// have beyond the map.
func (w *writer) restOfRows(d *declarations.Declaration) {
	for i := range d.Containers {
		c := &d.Containers[i]
		for _, x := range [...][2]string{{"size_type_code", c.SizeTypeCode}, {"lcl_flag", c.LCLFlag}, {"cargo_weight_kg", string(c.CargoWeightKg)}, {"tare_weight_kg", string(c.TareWeightKg)}} {
			if x[1] != "" {
				w.lose(declarations.IndexPath("containers", i, x[0]), "", reasonNoPlace, x[1])
			}
		}
	}
	for _, group := range []struct {
		name  string
		value any
		empty bool
	}{
		{"origin_links", d.OriginLinks, len(d.OriginLinks) == 0}, {"attachments", d.Attachments, len(d.Attachments) == 0},
		{"certificate_requests", d.CertificateRequests, len(d.CertificateRequests) == 0}, {"users", d.Users, len(d.Users) == 0},
		{"mark_images", d.MarkImages, len(d.MarkImages) == 0}, {"supplements", d.Supplements, len(d.Supplements) == 0},
		{"promises", d.Promises, len(d.Promises) == 0},
	} {
		if !group.empty {
			w.walk(group.name, reflect.ValueOf(group.value))
		}
	}
	w.carried(d.Carried)
	for _, group := range []struct {
		name  string
		value reflect.Value
	}{
		{"transit", reflect.ValueOf(&d.Transit).Elem()}, {"royalty", reflect.ValueOf(&d.Royalty).Elem()},
		{"two_step_access", reflect.ValueOf(&d.Access).Elem()}, {"tax_return", reflect.ValueOf(&d.TaxReturn).Elem()},
		{"risk", reflect.ValueOf(&d.Risk).Elem()},
	} {
		if !group.value.IsZero() {
			w.walk(group.name, group.value)
		}
	}
}

// carried groups of the form are lost whole.
func (w *writer) carried(groups []declarations.Carried) {
	for i := range groups {
		w.lose(declarations.IndexPath("carried", i, ""), "", reasonNoPlace, groups[i].Element)
	}
}

// walk loses every text below a value, under its JSON name.
func (w *writer) walk(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			w.walk(path+"."+name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.walk(path+"["+strconv.Itoa(i)+"]", v.Index(i))
		}
	case reflect.String:
		if v.String() == "" {
			return
		}
		if canonical := numbers.ReplaceAllString(path, "[]"); !rules().handled[canonical] {
			w.unpaired(path, canonical, v.String())
		}
	case reflect.Bool:
		if v.Bool() {
			w.lose(path, "", reasonNoPlace, "true")
		}
	}
}

// numbers of rows in a path, which the map leaves out.
var numbers = regexp.MustCompile(`\[\d+\]`)

// unpaired loses a field that the map gives no rule for: it has no pair, or
// one that cannot be converted without a table that nobody has.
func (w *writer) unpaired(name, canonical, value string) {
	reason, path := reasonNoPlace, ""
	if p := fieldMap().of(canonical); p != nil {
		path = p.Path
		switch {
		case strings.HasSuffix(canonical, ".unified_social_credit_code"):
			reason = reasonTooLong // 18 characters, an..17
		case p.Unverified() && !w.unverified:
			reason = reasonUnverified
		default:
			reason = reasonNoCode
		}
	}
	w.lose(name, path, reason, value)
}
