package wcoxml

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

func TestSupplementaryFormsGiveBuyerSellerAndInvoice(t *testing.T) {
	t.Parallel()
	d := many(2)
	form := declarations.Supplement{ItemNumber: "1", KindCode: "1"}
	form.Buyer = declarations.SupplementParty{Name: "Buyer", ContactName: "B", Address: "Dalian", Phone: "1"}
	form.Seller = declarations.SupplementParty{Name: "Seller", ContactName: "S", Address: strings.Repeat("x", 71), Phone: "2"}
	form.Invoice.Number, form.Invoice.Date, form.Invoice.TotalAmount, form.Invoice.Currency = "INV-1", "20260131", "3001.00", "USD"
	other := form
	other.ItemNumber, other.Invoice.Number = "2", "INV-2"
	d.Supplements = []declarations.Supplement{form, other}
	out, losses := Write(&d, Options{Unverified: true})
	var lost []string
	for _, l := range losses {
		if strings.HasPrefix(l.Path, "supplements") {
			lost = append(lost, l.Path+" "+l.Reason)
		}
	}
	slices.Sort(lost)
	want := []string{
		"supplements[0].item_number wco_no_place", "supplements[0].kind_code wco_no_place", "supplements[0].seller.address wco_too_long",
		"supplements[1].invoice.number wco_no_room",
		"supplements[1].item_number wco_no_place", "supplements[1].kind_code wco_no_place", "supplements[1].seller.address wco_too_long",
	}
	if diff := cmp.Diff(want, lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
	all := strings.Join(leaves(t, out), "\n")
	for _, line := range []string{
		"/Declaration/InvoiceAmount=3001.00 @currencyID=USD", "/Buyer/Name=Buyer", "/Buyer/Address/Line=Dalian", "/Buyer/Contact/Name=B", "/Buyer/Communication/ID=1",
		"/Seller/Name=Seller", "/Invoice/ID=INV-1", "/Invoice/IssueDateTime/DateTimeString=20260131000000+08 @formatCode=304",
	} {
		if !strings.Contains(all, line) {
			t.Errorf("no %s in\n%s", line, all)
		}
	}
	xsdValid(t, map[string][]byte{"supplement.xml": out})
	again, faults := Parse(out, Options{Unverified: true})
	if declarations.Rejected(faults) || len(again.Declaration.Supplements) != 0 {
		t.Errorf("%v, %d forms are filed by reading", said(faults), len(again.Declaration.Supplements))
	}
}
