package wcoxml

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func foreignImport(t testing.TB) Document {
	t.Helper()
	doc, faults := Parse(readFile(t, "testdata/foreign-import.xml"), Options{})
	if declarations.Rejected(faults) {
		t.Fatal(said(faults))
	}
	return doc
}

func TestForeignMessageIsReadIntoCanonicalFields(t *testing.T) {
	t.Parallel()
	d := foreignImport(t).Declaration
	extensions := slices.Clone(d.Extensions)
	d.Extensions = nil
	lines := d.Items
	d.Items = slices.Clone(lines)
	for i := range d.Items {
		d.Items[i].Extensions = nil
	}
	want := declarations.Declaration{
		Header: declarations.Header{TradeDirection: declarations.Import, ClientReference: "REF 1", TotalPackages: "10", Remarks: "IMPORTER",
			RelatedDeclarationNumber: "P1", ShippingMarks: "M1;M2"},
		Parties:    declarations.Parties{ForeignConsignor: declarations.ForeignConsignor{Name: "Maker", Address: "1 Rue"}},
		Transport:  declarations.Transport{BorderModeCode: "2", MeansName: "9074729"},
		Containers: []declarations.Container{{Number: "CSQU3054383", ItemNumbers: "1"}, {Number: "TOLU4734787"}},
		Items: []declarations.Item{
			{LineNumber: "1", HSCode: "731816", GoodsNameEnglish: "Screws", LineAmount: "9500", Currency: "EUR", CountryOfOrigin: "FRA",
				FirstStatutoryQuantity: "7", SecondStatutoryQuantity: "40.0", SecondStatutoryUnitCode: "035",
				Licences: []declarations.Licence{{ItemNumber: "1", TypeCode: "505", Number: "D1", WriteoffQuantity: "1.50"}}},
			{LineNumber: "2"},
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, x := range []declarations.Extension{
		{Path: "AcceptanceDateTime/DateTimeString", Value: "20260131120000Z", Attributes: map[string]string{"formatCode": "304"}},
		{Path: "FunctionalReferenceID", Value: "REF 1 "},
		{Path: "TypeCode", Value: "IMD"},
		{Path: "InvoiceAmount", Value: "1000.00", Attributes: map[string]string{"currencyID": "GBP"}},
		{Path: "BorderTransportMeans/ModeCode", Value: "6"},
		{Path: "BorderTransportMeans/ID", Attributes: map[string]string{nilAttribute: "true"}},
		{Path: "GoodsShipment/Consignment/TransportEquipment[1]/Seal[1]/ID", Value: "S1"},
		{Path: "GoodsShipment/ExportCountry/ID", Value: "ZG"},
	} {
		if !slices.ContainsFunc(extensions, func(y declarations.Extension) bool { return cmp.Equal(x, y) }) {
			t.Errorf("no extension %+v in\n%+v", x, extensions)
		}
	}
	if got := lines[0].Extensions[0]; got.Path != "AdditionalDocument[1]/CategoryCode" || got.Value != "C" {
		t.Errorf("first extension of line 1 is %+v", got)
	}
}

// edited writes the foreign message after an edit and gives the lines that
// left and came.
func edited(t *testing.T, edit func(*declarations.Declaration)) (gone, come []string, losses []Loss) {
	t.Helper()
	doc := foreignImport(t)
	before, _ := Write(&doc.Declaration, Options{})
	edit(&doc.Declaration)
	after, losses := Write(&doc.Declaration, Options{})
	a, b := leaves(t, before), leaves(t, after)
	for _, line := range a {
		if i := slices.Index(b, line); i >= 0 {
			b = slices.Delete(b, i, i+1)
		} else {
			gone = append(gone, short(line))
		}
	}
	for _, line := range b {
		come = append(come, short(line))
	}
	return gone, come, losses
}

func short(line string) string {
	return strings.NewReplacer(goodsItem, "ITEM", "/Declaration/GoodsShipment", "SHIP", "/Declaration", "D").Replace(line)
}

func TestAnEditOfAFieldTakesEffect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		edit       func(*declarations.Declaration)
		gone, come []string
		reasons    []string
	}{
		{"nothing", func(*declarations.Declaration) {}, nil, nil, nil},
		{"the same value in other words keeps the words", func(d *declarations.Declaration) { d.Header.ClientReference = "REF 1" }, nil, nil, nil},
		{"reference", func(d *declarations.Declaration) { d.Header.ClientReference = "REF 2" },
			[]string{"D/FunctionalReferenceID=REF 1"}, []string{"D/FunctionalReferenceID=REF 2"}, nil},
		{"mode: the foreign code goes, and a lorry has no IMO number", func(d *declarations.Declaration) { d.Transport.BorderModeCode = "4" },
			[]string{"D/BorderTransportMeans/ModeCode=6", "SHIP/Consignment/ArrivalTransportMeans/IdentificationTypeCode=10"}, []string{"D/BorderTransportMeans/ModeCode=3"}, nil},
		{"means: where the message had it", func(d *declarations.Declaration) { d.Transport.MeansName = "EXAMPLE STAR" },
			[]string{"SHIP/Consignment/ArrivalTransportMeans/ID=9074729", "SHIP/Consignment/ArrivalTransportMeans/IdentificationTypeCode=10"},
			[]string{"SHIP/Consignment/ArrivalTransportMeans/ID=EXAMPLE STAR", "SHIP/Consignment/ArrivalTransportMeans/IdentificationTypeCode=11"}, nil},
		{"field cleared", func(d *declarations.Declaration) { d.Parties.ForeignConsignor.Address = "" }, []string{"D/Exporter/Address/Line=1 Rue"}, nil, nil},
		{"code: the split of the old one goes, and is said", func(d *declarations.Declaration) { d.Items[0].HSCode = "7318163100" },
			[]string{"ITEM/Commodity/Classification/ID=00", "ITEM/Commodity/Classification/ID=73181631", "ITEM/Commodity/Classification/IdentificationTypeCode=TRC", "ITEM/Commodity/Classification/IdentificationTypeCode=TSP"},
			[]string{"ITEM/Commodity/Classification/ID=7318163100"}, []string{reasonStale, reasonStale, reasonReclassify}},
		{"marks on every line", func(d *declarations.Declaration) { d.Header.ShippingMarks = "N/M" },
			[]string{"ITEM/Packaging/MarksNumbersID=M1", "ITEM/Packaging/MarksNumbersID=M2"},
			[]string{"ITEM/Packaging/MarksNumbersID=N/M", "ITEM/Packaging/MarksNumbersID=N/M"}, nil},
		{"container deleted: its seal goes with it", func(d *declarations.Declaration) { d.Containers = d.Containers[1:] },
			[]string{"SHIP/Consignment/TransportEquipment/ID=CSQU3054383", "SHIP/Consignment/TransportEquipment/Seal/ID=S1",
				"SHIP/Consignment/TransportEquipment/Seal/SequenceNumeric=1", "SHIP/Consignment/TransportEquipment/SequenceNumeric=2",
				"ITEM/Commodity/TransportEquipment/ID=CSQU3054383", "ITEM/Commodity/TransportEquipment/SequenceNumeric=1"},
			nil, []string{reasonGone}},
		{"licence without a quantity", func(d *declarations.Declaration) { d.Items[0].Licences[0].WriteoffQuantity = "" },
			[]string{"ITEM/AdditionalDocument/CategoryCode=C", "ITEM/AdditionalDocument/ID=D1", "ITEM/AdditionalDocument/LPCOExemptionCode=AE", "ITEM/AdditionalDocument/TypeCode=505", "ITEM/AdditionalDocument/WriteOff/QuantityQuantity=1.50 @unitCode=KGM#G"},
			nil, []string{reasonNoCode, reasonNoCode}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			gone, come, losses := edited(t, tc.edit)
			if diff := cmp.Diff(tc.gone, gone); diff != "" {
				t.Errorf("gone (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.come, come); diff != "" {
				t.Errorf("come (-want +got):\n%s", diff)
			}
			var reasons []string
			for _, l := range losses {
				reasons = append(reasons, l.Reason)
			}
			if diff := cmp.Diff(tc.reasons, reasons); diff != "" {
				t.Errorf("losses (-want +got):\n%s\n%+v", diff, losses)
			}
		})
	}
}

func TestExtensionsMoveWithTheirLine(t *testing.T) {
	t.Parallel()
	doc := foreignImport(t)
	d := doc.Declaration
	slices.Reverse(d.Items)
	for i := range d.Items {
		d.Items[i].LineNumber = declarations.Decimal([]string{"1", "2"}[i])
	}
	d.Containers[0].ItemNumbers = "2"
	out, _ := Write(&d, Options{})
	again, faults := Parse(out, Options{})
	if declarations.Rejected(faults) {
		t.Fatal(said(faults))
	}
	if got := again.Declaration.Items[1]; got.HSCode != "731816" || len(got.Extensions) == 0 {
		t.Errorf("line 2 is %+v", got)
	}
}

func TestExtensionsThatDoNotFitAreSaid(t *testing.T) {
	t.Parallel()
	base := many(1)
	for _, tc := range []struct {
		x      declarations.Extension
		reason string
	}{
		{declarations.Extension{Path: "Nowhere/At/All", Value: "x"}, reasonNoPlace},
		{declarations.Extension{Path: "", Value: "x"}, reasonNoPlace},
		{declarations.Extension{Path: "TypeCode[1]", Value: "IMA"}, reasonNoPlace},
		{declarations.Extension{Path: "Amendment[0]/ChangeReasonCode", Value: "1"}, reasonNoPlace},
		{declarations.Extension{Path: "Amendment[1000000]/ChangeReasonCode", Value: "1"}, reasonNoPlace},
		{declarations.Extension{Path: "Amendment[1/ChangeReasonCode", Value: "1"}, reasonNoPlace},
		{declarations.Extension{Path: "GoodsShipment/GovernmentAgencyGoodsItem[1]/SequenceNumeric", Value: "1"}, reasonNoPlace},
		{declarations.Extension{Path: "Amendment[1]/ChangeReasonCode", Value: "1234"}, reasonNotValid},
		{declarations.Extension{Path: "Agent/Name", Value: "a\x01b"}, reasonNotValid},
		{declarations.Extension{Path: "Agent", Value: "x"}, reasonNotValid},
		{declarations.Extension{Path: "AcceptanceDateTime/DateTimeString", Value: "20260131"}, reasonNotValid},
		{declarations.Extension{Path: "InvoiceAmount", Value: "1", Attributes: map[string]string{"currencyID": "gbp"}}, reasonNotValid},
	} {
		d := base
		d.Extensions = []declarations.Extension{tc.x}
		out, losses := Write(&d, Options{Unverified: true})
		if !slices.ContainsFunc(losses, func(l Loss) bool { return l.Path == "extensions[0]" && l.Reason == tc.reason }) {
			t.Errorf("%+v: %+v", tc.x, losses)
		}
		if _, faults := Parse(out, Options{}); declarations.Rejected(faults) {
			t.Errorf("%+v: written message is refused: %v", tc.x, said(faults))
		}
	}
	d := base
	d.Extensions = []declarations.Extension{{Path: "Amendment[7]/ChangeReasonCode", Value: "21"}, {Path: "Agent"}}
	out, _ := Write(&d, Options{Unverified: true})
	root, _ := strictxml.Read(out, strictxml.Limits{})
	if dec := root.Child("Declaration"); dec.Child("Amendment").ChildText("ChangeReasonCode") != "21" || dec.Child("Agent") == nil {
		t.Errorf("good extensions are not written:\n%s", out)
	}
}
