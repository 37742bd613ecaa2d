package declarations

import (
	"encoding/base64"
	"io"
	"strings"
)

const sitePath = "two_step_access.transfer_site_code"

// V055: a transfer (转场) names the site that it goes to.
func transferSite(c *check) {
	if a := &c.d.Access; a.TransferRequested == "1" && blank(a.TransferSiteCode) {
		c.fault(sitePath, "TransitionSite")
	}
}

// V056: a site without a transfer is an oversight.
func strayTransferSite(c *check) {
	if a := &c.d.Access; a.TransferRequested != "1" && !blank(a.TransferSiteCode) {
		c.fault(sitePath, "TransitionSite", "value", shown(a.TransferSiteCode))
	}
}

// maxMark is the largest picture of marks, decoded.
const maxMark = 1 << 20

// V057: a picture of marks is Base64 of at most 1 MB; an empty one is V009.
func markPictures(c *check) {
	for i := range c.d.MarkImages {
		v := c.d.MarkImages[i].ContentBase64
		if blank(v) {
			continue
		}
		switch size, err := pictureSize(v); {
		case size > maxMark:
			c.fault(IndexPath("mark_images", i, "content_base64"), "Attachment", "reason", "picture_large")
		case err != nil:
			c.fault(IndexPath("mark_images", i, "content_base64"), "Attachment", "reason", "picture_base64")
		}
		if c.full() {
			return
		}
	}
}

// pictureSize decodes no further than a picture may be long. XML wraps Base64
// at will, so white space in it says nothing.
func pictureSize(v string) (int64, error) {
	in := base64.NewDecoder(base64.StdEncoding, &withoutBlanks{strings.NewReader(v)})
	return io.Copy(io.Discard, io.LimitReader(in, maxMark+1))
}

// withoutBlanks leaves out the blanks and tabs; line breaks the decoder leaves out itself.
type withoutBlanks struct{ in io.Reader }

func (w *withoutBlanks) Read(p []byte) (int, error) {
	for {
		n, err := w.in.Read(p)
		kept := 0
		for _, b := range p[:n] {
			if b != ' ' && b != '\t' {
				p[kept] = b
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

// maxPDF is the limit of one vendor for an attached PDF.
const maxPDF = 4 << 20

// V058: PDF files of up to 4 MB. A size that is no number cannot be judged.
func attachmentSizes(c *check) {
	for i := range c.d.Attachments {
		a := &c.d.Attachments[i]
		if a.FormatCode != "US" && !strings.HasSuffix(strings.ToLower(a.DocumentNumber), ".pdf") {
			continue
		}
		if n, ok := whole(strings.TrimSpace(a.SizeBytes)); ok && n > maxPDF {
			name := a.FileName
			if name == "" {
				name = a.DocumentNumber
			}
			c.fault(IndexPath("attachments", i, "size_bytes"), "EdocSize", "value", shown(name), "size", number(n))
			if c.full() {
				return
			}
		}
	}
}

// V070: goods with a UN number (UN编码) are named and packed as dangerous
// goods, and not marked as not dangerous.
func dangerousGoods(c *check) {
	for i := range c.d.Items {
		r := &c.d.Items[i]
		if blank(r.UNNumber) {
			continue
		}
		un := shown(r.UNNumber)
		if r.NotDangerousFlag == "1" {
			c.fault(IndexPath("items", i, "not_dangerous_flag"), "NoDangFlag", "value", un)
		}
		if blank(r.DangerousGoodsName) {
			c.fault(IndexPath("items", i, "dangerous_goods_name"), "DangName", "value", un)
		}
		if blank(r.DangerousPackingGroup) {
			c.fault(IndexPath("items", i, "dangerous_packing_group"), "DangPackType", "value", un)
		}
		if c.full() {
			return
		}
	}
}

var (
	excludedByList     = append(named(HeadFields, "ContrNo", "ApprNo"), named(FreeTextFields, "BonNo", "DecBpNo")...)
	excludedLineByList = named(itemFields, "UseTo", "WorkUsd", "ExgNo")
)

// V071: a list type of a free trade zone (备案清单) shuts out the fields that
// belong to a declaration. One fault names them all, at the list type.
func listType(c *check) {
	v := c.d.Header.BondedListType
	if blank(v) {
		return
	}
	var filled strings.Builder
	add := func(c *check, f *spec, v string) {
		if blank(v) || filled.Len() > 200 {
			return
		}
		if filled.Len() > 0 {
			filled.WriteString(", ")
		}
		if c.place.depth > 0 {
			filled.WriteString("DecList[" + number(c.place.steps[0].index+1) + "]/")
		}
		filled.WriteString(f.element)
	}
	visit(c, excludedByList, c.d, add)
	visitRows(c, "items", c.d.Items, excludedLineByList, add)
	if filled.Len() > 0 {
		c.fault("declaration.bonded_list_type", "BillType", "value", shown(v), "filled", filled.String())
	}
}

// V072: the proof that follows has one code for imports and one for exports.
func promisedProof(c *check) {
	want := "101040"
	if c.d.IsExport() {
		want = "102053"
	}
	for i := range c.d.Promises {
		if v := c.d.Promises[i].MaterialCode; !blank(v) && v != want {
			c.fault(IndexPath("promises", i, "material_code"), "DeclaratioMaterialCode", "value", shown(v), "want", want)
			if c.full() {
				return
			}
		}
	}
}

// V073: a transit in advance (DeclTrnRel 1), or an operation that takes the
// transit along (B, D), comes with the transit: its head, and its bill.
func transitGroups(c *check) {
	h, t := &c.d.Header, &c.d.Transit
	if h.TransitRelationCode != "1" && h.FunctionCode != "B" && h.FunctionCode != "D" {
		return
	}
	switch {
	case !c.any(TransitFields):
		c.fault("transit", "TrnHead")
	case len(t.Bills) == 0:
		c.fault(IndexPath("transit.bills", 0, ""), "TrnList")
	}
}

// any tells that a group of the declaration exists: one of its fields has a value.
func (c *check) any(fields []Field[Declaration]) bool {
	for i := range fields {
		if fields[i].Value(c.d) != "" {
			return true
		}
	}
	return false
}
