package declarations

import (
	"strconv"
	"strings"
)

// V024: a commodity code of ten digits; six only in a two-step summary of
// goods that are not under inspection.
func commodityCode(c *check) {
	short := c.d.IsSummary() && !underInspection(c.d)
	for i := range c.d.Items {
		v := c.d.Items[i].HSCode
		if v == "" || digits(v) && (len(v) == 10 || short && len(v) == 6) {
			continue
		}
		limit := "10"
		if short {
			limit = "6, 10"
		}
		c.fault(IndexPath("items", i, "hs_code"), "CodeTS", "value", shown(v), "length", number(len(v)), "limit", limit)
	}
}

// underInspection is the flag 涉检 of a summary. It belongs to the form as a
// whole and has no element of its own (clearance-modes.md §3.1), so it is
// read off the fields that it brings in (§3.2): inspection codes of the
// parties, regulatory category, goods attributes, purpose.
func underInspection(d *Declaration) bool {
	p := &d.Parties
	if p.Trader.InspectionCode != "" || p.Owner.InspectionCode != "" || p.Declarant.InspectionCode != "" {
		return true
	}
	for i := range d.Items {
		r := &d.Items[i]
		if r.InspectionCategoryCode != "" || r.InspectionCategoryName != "" || r.GoodsAttributeCodes != "" || r.PurposeCode != "" {
			return true
		}
	}
	return false
}

// maxLines is the largest number of goods lines of one declaration (V025).
const maxLines = 50

// V005: at least one goods line. The reader of the standard message says so
// itself; the other forms are judged here.
func noLines(c *check) {
	if len(c.d.Items) == 0 {
		c.fault("items", "DecLists")
	}
}

// V025: at most 50 lines.
func lineCount(c *check) {
	if n := len(c.d.Items); n > maxLines {
		c.fault("items", "DecLists", "count", number(n), "limit", number(maxLines))
	}
}

// V026: line numbers are 1..n. Each line must follow the one before it, so
// one gap is one fault, whatever comes after it.
func lineNumbers(c *check) {
	before := 0
	for i := range c.d.Items {
		v := string(c.d.Items[i].LineNumber)
		n, ok := whole(v)
		if !ok { // empty or no number: V009 and V012 say so
			before++
			continue
		}
		if n != before+1 {
			c.fault(IndexPath("items", i, "line_number"), "GNo", "value", shown(v), "want", number(before+1))
		}
		before = n
	}
}

// whole is the value of an unsigned integer within the digits of an int.
func whole(v string) (int, bool) {
	if v == "" || len(v) > 18 || !digits(v) {
		return 0, false
	}
	n, err := strconv.Atoi(v)
	return n, err == nil
}

const packagesPath = "declaration.total_packages"

// V027: at least one package; nine digits are the limit of the field itself (V012).
func packageCount(c *check) {
	v := c.d.Header.TotalPackages
	if v.Fits(9, 0, false) && strings.Trim(string(v), "0") == "" {
		c.fault(packagesPath, "PackNo", "value", shown(string(v)), "least", "1", "most", "999999999")
	}
}

// V028: bulk (散装 00) and unpacked goods (裸装 01) count as one package.
func bulkPackages(c *check) {
	kind := c.d.Header.PackageKindCode
	if kind != "00" && kind != "01" {
		return
	}
	v := c.d.Header.TotalPackages
	n, ok := whole(string(v))
	if ok && n > 1 { // zero is V027
		c.fault(packagesPath, "PackNo", "value", shown(string(v)), "want", "1", "kind", kind)
	}
}

// originDocument is the origin certificate or declaration of a preferential
// agreement; with it go the invoice (发票) and the bill of lading or waybill
// (提/运单) as attached files.
const originDocument = "Y"

var originAttachments = [2]string{"00000001", "00000003"}

// V029: document Y on import requires its two attachments.
func originEvidence(c *check) {
	for i := range c.d.Documents {
		if c.d.Documents[i].TypeCode != originDocument {
			continue
		}
		var missing strings.Builder
		for _, want := range originAttachments {
			if !attached(c.d, want) {
				missing.WriteString(" " + want)
			}
		}
		if missing.String() != "" {
			c.fault(IndexPath("documents", i, ""), "LicenseDocu", "document", originDocument, "missing", missing.String()[1:])
		}
		return // the attachments belong to the declaration: one fault, whatever the number of documents
	}
}

func attached(d *Declaration, kind string) bool {
	for i := range d.Attachments {
		if d.Attachments[i].DocumentTypeCode == kind {
			return true
		}
	}
	return false
}

// V030: gross weight is not below net weight. Numbers out of form are V012.
func grossNotBelowNet(c *check) {
	gross, net := c.d.Header.TotalGrossWeightKg, c.d.Header.TotalNetWeightKg
	order, ok := compare(gross, net)
	if ok && order < 0 {
		c.fault("declaration.total_gross_weight_kg", "GrossWet",
			"value", shown(string(gross)), "net", shown(string(net)))
	}
}

// compare orders two unsigned plain decimals digit by digit, exactly and
// without making numbers of them; ok is false when one is not a plain decimal.
func compare(a, b Decimal) (order int, ok bool) {
	if !a.Fits(64, 32, false) || !b.Fits(64, 32, false) {
		return 0, false
	}
	aWhole, aFrac, _ := strings.Cut(string(a), ".")
	bWhole, bFrac, _ := strings.Cut(string(b), ".")
	aWhole, bWhole = strings.TrimLeft(aWhole, "0"), strings.TrimLeft(bWhole, "0")
	if len(aWhole) != len(bWhole) {
		return len(aWhole) - len(bWhole), true
	}
	if n := strings.Compare(aWhole, bWhole); n != 0 {
		return n, true
	}
	return strings.Compare(strings.TrimRight(aFrac, "0"), strings.TrimRight(bFrac, "0")), true
}
