package wcoxml

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMapAgreesWithTheFacts(t *testing.T) {
	t.Parallel()
	var want []Pair
	for _, r := range facts(t, "formats", "field-map.csv") {
		if strings.HasPrefix(r["wco_path"], "/Declaration") {
			want = append(want, Pair{Canonical: r["canonical_field"], DecElement: r["dec_element"], Path: r["wco_path"], ID: r["wco_id"], Scope: r["scope"],
				Status: r["status"], Direction: r["direction"], ExportPath: r["wco_path_export"], ReadTarget: r["wco_read_target"] == "yes", Selector: r["wco_selector"]})
		}
	}
	if diff := cmp.Diff(want, Pairs()); diff != "" {
		t.Errorf("(-facts +ours):\n%s", diff)
	}
}

// unhandled are fields that both sides have, with a read target, that no rule
// converts, and why.
var unhandled = map[string]string{
	"declaration.goods_item_count":            "derived, no field",
	"declaration.containerised_indicator":     "derived, no field",
	"declaration.acceptance_time":             "known from receipts, no field of the form",
	"declaration.invoice_total_amount":        "written from supplementary forms; none is filed by reading",
	"declaration.invoice_currency":            "written from supplementary forms; none is filed by reading",
	"parties.declarant.address_line":          "of supplementary forms, one line that is not safe to split",
	"parties.declarant.postcode":              "of supplementary forms, goes with the address",
	"parties.buyer.name":                      "written from supplementary forms; none is filed by reading",
	"parties.buyer.address":                   "written from supplementary forms; none is filed by reading",
	"parties.buyer.contact_name":              "written from supplementary forms; none is filed by reading",
	"parties.buyer.phone":                     "written from supplementary forms; none is filed by reading",
	"parties.seller.name":                     "written from supplementary forms; none is filed by reading",
	"parties.seller.address":                  "written from supplementary forms; none is filed by reading",
	"parties.seller.contact_name":             "written from supplementary forms; none is filed by reading",
	"parties.seller.phone":                    "written from supplementary forms; none is filed by reading",
	"invoice.number":                          "written from supplementary forms; none is filed by reading",
	"invoice.date":                            "written from supplementary forms; none is filed by reading",
	"transport.means_id_type_code":            "derived, no field",
	"transport.arrival_means_id":              "derived, no field",
	"transport.arrival_means_id_type_code":    "derived, no field",
	"transport.departure_means_id":            "derived, no field",
	"transport.departure_means_id_type_code":  "derived, no field",
	"items[].classification_type_code":        "derived, no field",
	"items[].net_weight_kg":                   "derived, no field",
	"items[].origin_type_code":                "derived, no field",
	"items[].additional_procedure_codes[]":    "derived, no field",
	"items[].documents[].category_code":       "derived, no field",
	"containers[].sequence":                   "derived, no field",
	"containers[].seals[].sequence":           "derived, no field",
	"containers[].seals[].number":             "only on transit; how several stand in one text is unverified",
	"items[].licences[].type_code":            "by the rule of licences",
	"items[].licences[].number":               "by the rule of licences",
	"items[].licences[].writeoff_quantity":    "by the rule of licences",
	"items[].licences[].writeoff_unit_code":   "by the rule of licences",
	"items[].documents[].type_code":           "by the rule of documents",
	"items[].documents[].number":              "by the rule of documents",
	"items[].packages[].count":                "by the rule of packaging",
	"items[].packages[].kind_code":            "by the rule of packaging",
	"declaration.previous_documents[].number": "by the rule of the related declaration",
	"items[].container_numbers[]":             "by the rule of containers",
}

func TestEveryPairOfBothSidesHasARuleOrAReason(t *testing.T) {
	t.Parallel()
	s := rules()
	for _, p := range Pairs() {
		if p.Scope != "both" || !p.ReadTarget {
			continue
		}
		_, excused := unhandled[p.Canonical]
		switch handled := s.handled[p.Canonical]; {
		case handled && excused:
			t.Errorf("%s has a rule and an excuse", p.Canonical)
		case !handled && !excused:
			t.Errorf("%s has no rule", p.Canonical)
		}
	}
	for name := range s.handled {
		if !slices.ContainsFunc(Pairs(), func(p Pair) bool { return p.Canonical == name }) && !slices.Contains([]string{
			"declaration.related_declaration_number", "containers[].item_numbers", "items[].licences", "documents", "other_packages", "valuation.freight.kind_code"}, name) && !strings.HasPrefix(name, "supplements[]") {
			t.Errorf("a rule answers for %s, which the map does not have", name)
		}
	}
}

func TestBrokenMapIsRefused(t *testing.T) {
	t.Parallel()
	head := strings.Join(mapColumns, ",") + "\n"
	for name, table := range map[string]string{
		"no columns": "canonical,wco_path\n",
		"no place":   head + "x,y,/Declaration/Nowhere,,both,confirmed,both,,yes,\n",
	} {
		if _, err := readMap(table); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
