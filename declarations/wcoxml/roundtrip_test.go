package wcoxml

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
)

// drawn is a declaration of mapped fields whose values WCO can say exactly.
func drawn(t *rapid.T) declarations.Declaration {
	text := func(name string, most int) string {
		return rapid.StringMatching(fmt.Sprintf(`([A-Za-z0-9大连<&"][A-Za-z0-9 大连<&"]{0,%d}[A-Z])?`, most-2)).Draw(t, name)
	}
	one := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
	number := func(name string) declarations.Decimal {
		return declarations.Decimal(rapid.StringMatching(`([1-9][0-9]{0,7}(\.[0-9]{1,3})?)?`).Draw(t, name))
	}
	var d declarations.Declaration
	d.Header.TradeDirection = rapid.SampledFrom([]declarations.Direction{declarations.Import, declarations.Export}).Draw(t, "direction")
	d.Header.FilingStep = one("step", "", "5", "6")
	d.Header.FunctionCode = "C"
	d.Header.ClientReference = text("reference", 35)
	d.Header.CustomsEntryNumber = text("entry", 18)
	d.Header.IssueDate = one("issued", "", "20260131")
	d.Header.DeclarationOfficeCode = one("office", "", "0900")
	d.Header.DestinationOfficeCode = one("destination office", "", "0901")
	d.Header.TotalPackages = declarations.Decimal(one("packages", "", "1", "250"))
	d.Header.TotalGrossWeightKg = number("gross")
	d.Header.Remarks = text("remarks", 200)
	d.Header.ContractNumber = text("contract", 32)
	d.Header.RelatedDeclarationNumber = text("related", 18)
	p := &d.Parties
	p.Declarant = declarations.Declarant{CustomsCode: text("declarant", 10), Name: text("declarant name", 70), PersonName: text("person", 50), Phone: text("phone", 32)}
	p.Submitter = declarations.Submitter{Name: text("submitter", 70), OrganisationCode: text("organisation", 17), OperatorName: text("operator", 32)}
	p.Trader = declarations.Trader{CustomsCode: text("trader", 10), Name: text("trader name", 70)}
	if d.IsExport() {
		p.ForeignConsignee = declarations.ForeignConsignee{Code: text("consignee", 17), Name: text("consignee name", 70)}
		d.Header.BorderOfficeCode = one("border office", "", "0901")
		d.Transport.ImportExportDate = one("date", "", "20260201")
		d.Transport.CountryOfDestination = one("destination", "", "USA", "JPN")
	} else {
		p.ForeignConsignor = declarations.ForeignConsignor{Code: text("consignor", 17), Name: text("consignor name", 70), Address: text("address", 70)}
		d.Transport.CountryOfDispatch = one("dispatch", "", "JPN", "DEU")
		d.Transport.InlandModeCode = one("inland", "", "4")
	}
	d.Transport.BorderModeCode = one("mode", "", "2", "5", "G")
	d.Transport.MeansName = text("means", 35)
	d.Transport.GoodsLocation = text("location", 100)
	d.Transport.WarehouseID = text("warehouse", 32)
	d.Terms.DeliveryTermsCode = one("terms", "", "1", "2", "3", "7")
	if v := number("freight"); v != "" {
		d.Valuation.Freight = declarations.Charge{KindCode: "3", Value: v, Currency: one("currency", "USD", "CNY")}
	}
	lines := rapid.IntRange(1, 50).Draw(t, "lines")
	boxes := rapid.IntRange(0, 3).Draw(t, "boxes")
	in := make([][]string, boxes)
	for i := range lines {
		n := strconv.Itoa(i + 1)
		it := declarations.Item{LineNumber: declarations.Decimal(n), HSCode: one("code", "", "84313900", "8431390000"),
			CountryOfOrigin: one("origin", "", "JPN", "USA"), CountryOfDestination: one("line destination", "", "CHN"), PreferentialOriginCountry: one("preferential", "", "KOR"),
			UNNumber: one("un", "", "1263")}
		it.GoodsNameEnglish = text("english", 100)
		if it.GoodsNameEnglish == "" {
			it.GoodsName = text("name", 100)
		}
		it.DomesticRegionCode = one("region", "", "21029")
		if v := number("amount"); v != "" {
			it.LineAmount, it.Currency = v, "USD"
		}
		if v := number("quantity"); v != "" {
			it.FirstStatutoryQuantity, it.FirstStatutoryUnitCode = v, one("unit", "035", "095", "006")
			if w := number("second"); w != "" && it.FirstStatutoryUnitCode != "035" {
				it.SecondStatutoryQuantity, it.SecondStatutoryUnitCode = w, one("second unit", "035", "070")
			}
		}
		if v := number("writeoff"); v != "" {
			it.Licences = []declarations.Licence{{ItemNumber: it.LineNumber, Number: text("licence", 40), TypeCode: one("kind", "", "911"), WriteoffQuantity: string(v), WriteoffUnitCode: "035"}}
		}
		d.Items = append(d.Items, it)
		for b := range boxes {
			if rapid.Bool().Draw(t, "in box") {
				in[b] = append(in[b], n)
			}
		}
	}
	d.Header.ShippingMarks = text("marks", 300)
	for b := range boxes {
		d.Containers = append(d.Containers, declarations.Container{Number: "CONT000000" + strconv.Itoa(b), ItemNumbers: strings.Join(in[b], ",")})
	}
	return d
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	opt := Options{Unverified: true}
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		out, losses := Write(&d, opt)
		for _, l := range losses {
			if l.Reason != reasonReclassify {
				t.Fatalf("lost %+v", l)
			}
		}
		doc, faults := Parse(out, opt)
		if declarations.Rejected(faults) {
			t.Fatalf("refused: %v\n%s", faults, out)
		}
		got := doc.Declaration
		if diff := cmp.Diff(d, got, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Extensions" }, cmp.Ignore())); diff != "" {
			t.Fatalf("(-written +read):\n%s\n%s", diff, out)
		}
		again, _ := Write(&got, opt)
		if !bytes.Equal(out, again) {
			t.Fatalf("written otherwise (-first +second):\n%s", cmp.Diff(string(out), string(again)))
		}
	})
}

// many is a declaration of n lines.
func many(n int) declarations.Declaration {
	d := declarations.Declaration{Header: declarations.Header{TradeDirection: declarations.Import, FunctionCode: "C", ClientReference: "R1", ShippingMarks: "N/M"}}
	for i := range n {
		d.Items = append(d.Items, declarations.Item{LineNumber: declarations.Decimal(strconv.Itoa(i + 1)), HSCode: "8431390000", GoodsName: "零件", GoodsNameEnglish: "parts",
			CountryOfOrigin: "JPN", CountryOfDestination: "CHN", LineAmount: "1500.50", Currency: "USD",
			FirstStatutoryQuantity: "12.5", FirstStatutoryUnitCode: "035", PreferentialOriginCountry: "JPN"})
	}
	return d
}

func TestNineHundredNinetyNineLines(t *testing.T) {
	t.Parallel()
	d := many(999)
	out, _ := Write(&d, Options{Unverified: true})
	doc, faults := Parse(out, Options{Unverified: true})
	if declarations.Rejected(faults) || len(doc.Declaration.Items) != 999 || doc.Declaration.Items[998].LineNumber != "999" {
		t.Fatalf("999 lines: %d read, %v", len(doc.Declaration.Items), said(faults))
	}
	xsdValid(t, map[string][]byte{"999.xml": out})

	d = many(1000)
	if out, losses := Write(&d, Options{}); out != nil || len(losses) != 1 || losses[0].Reason != reasonTooMany || losses[0].Fault().Severity != declarations.Reject {
		t.Errorf("1000 lines are written: %d bytes, %v", len(out), losses)
	}
	line := string(out[bytes.Index(out, []byte("<GovernmentAgencyGoodsItem>")):bytes.Index(out, []byte("</GovernmentAgencyGoodsItem>"))]) + "</GovernmentAgencyGoodsItem>"
	_, faults = Parse([]byte(strings.Replace(string(out), line, line+line+line, 1)), Options{})
	want := []string{`reject WCO-1004 ` + placeOf(faults) + ` /MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1000] element="GovernmentAgencyGoodsItem" limit="999"`}
	if diff := cmp.Diff(want, said(faults)); diff != "" {
		t.Errorf("1001 lines (-want +got):\n%s", diff)
	}
}

func placeOf(faults []declarations.Fault) string {
	if len(faults) == 0 || faults[0].Line < 25_000 {
		return "0:0"
	}
	return fmt.Sprintf("%d:%d", faults[0].Line, faults[0].Column)
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		f.Fatal("no messages", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
		f.Add(data, true)
	}
	f.Fuzz(func(t *testing.T, data []byte, unverified bool) {
		Looks(data)
		opt := Options{Unverified: unverified}
		doc, faults := Parse(data, opt)
		doc.Locate("items[0].hs_code")
		if len(faults) > maxFindings+1 {
			t.Fatalf("%d findings", len(faults))
		}
		if declarations.Rejected(faults) {
			return
		}
		first, _ := Write(&doc.Declaration, opt)
		if count, err := strconv.Atoi(doc.message.word(Root().Child("GoodsItemQuantity"))); err != nil || count != len(doc.Declaration.Items) {
			return // a number of lines that is not theirs is corrected
		}
		again, faults := Parse(first, opt)
		if declarations.Rejected(faults) {
			t.Fatalf("written message is refused: %v\n%s", said(faults), first)
		}
		if !doc.message.same(again.message) {
			t.Fatalf("the written message says something else:\n%s\n%s", data, first)
		}
		second, _ := Write(&again.Declaration, opt)
		if !bytes.Equal(first, second) {
			t.Fatalf("(-written +written again):\n%s", cmp.Diff(string(first), string(second)))
		}
	})
}
