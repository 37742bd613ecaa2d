package wcoxml

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/strictxml"
)

const (
	envelopeStart = `<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">`
	smallest      = envelopeStart + `<Declaration><FunctionCode>9</FunctionCode></Declaration></md:MetaData>`
)

func TestOtherMessagesAreRefusedByName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"Danish: no envelope, foreign elements", `<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><ProcedureCategory>B1</ProcedureCategory></Declaration>`,
			`reject WCO-1001 1:1 /Declaration profile="hmrc-cds/submit/1.0" reason="wco_no_envelope"`},
		{"foreign elements in the envelope", envelopeStart + "<Declaration>\n<ProcedureCategory>B1</ProcedureCategory><Unknown/></Declaration></md:MetaData>",
			`reject WCO-1001 2:1 /MetaData/Declaration/ProcedureCategory element="ProcedureCategory" profile="hmrc-cds/submit/1.0" reason="wco_foreign_element"`},
		{"plain WCO namespace", strings.ReplaceAll(smallest, "DEC-DMS:2", "DEC:2"),
			`reject WCO-1001 1:106 /MetaData/Declaration profile="hmrc-cds/submit/1.0" reason="wco_other_namespace" value="urn:wco:datamodel:WCO:DEC:2"`},
		{"plain WCO envelope", strings.ReplaceAll(smallest, "DocumentMetaData-DMS:2", "DocumentMetaData:2"),
			`reject WCO-1001 1:1 /MetaData profile="hmrc-cds/submit/1.0" reason="wco_other_namespace" value="urn:wco:datamodel:WCO:DocumentMetaData:2"`},
		{"another country", strings.Replace(smallest, "<Declaration>", "<md:ResponsibleCountryCode>DK</md:ResponsibleCountryCode><Declaration>", 1),
			`reject WCO-1001 1:110 /MetaData/ResponsibleCountryCode element="ResponsibleCountryCode" profile="hmrc-cds/submit/1.0" reason="wco_other_value" value="DK"`},
		{"another customization", strings.Replace(smallest, "<Declaration>", "<md:AgencyAssignedCustomizationCode>X1</md:AgencyAssignedCustomizationCode><Declaration>", 1),
			`reject WCO-1001 1:110 /MetaData/AgencyAssignedCustomizationCode element="AgencyAssignedCustomizationCode" profile="hmrc-cds/submit/1.0" reason="wco_other_value" value="X1"`},
		{"wrapper", `<a:submitDeclarationRequest xmlns:a="urn:a">` + smallest + `</a:submitDeclarationRequest>`,
			`reject WCO-1002 1:1 /submitDeclarationRequest element="submitDeclarationRequest"`},
		{"response", envelopeStart + `<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"/></md:MetaData>`,
			`reject WCO-1014 1:110 /MetaData/Response element="Response" namespace="urn:wco:datamodel:WCO:RES-DMS:2"`},
		{"envelope without a declaration", envelopeStart + `</md:MetaData>`,
			`reject WCO-1005 1:1 /MetaData element="Declaration"`},
		{"something else", `<DecMessage xmlns="http://www.chinaport.gov.cn/dec"/>`,
			`reject WCO-1014 1:1 /DecMessage element="DecMessage" namespace="http://www.chinaport.gov.cn/dec"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc, faults := Parse([]byte(tc.in), Options{})
			if diff := cmp.Diff([]string{tc.want}, said(faults)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if doc.Locate("items").Path == "items" {
				t.Error("the place of a refused document is its root")
			}
			worded(t, faults)
		})
	}
}

func TestPrefixesDoNotCount(t *testing.T) {
	t.Parallel()
	other := `<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns:x="urn:wco:datamodel:WCO:DEC-DMS:2"><!-- c --><WCOTypeName>DEC
</WCOTypeName><x:Declaration><x:FunctionCode>9</x:FunctionCode><!-- c --><x:ID>A</x:ID></x:Declaration></MetaData>`
	doc, faults := Parse([]byte(other), Options{Unverified: true})
	if len(faults) != 0 || doc.Declaration.Header.CustomsEntryNumber != "A" || doc.Declaration.Header.FunctionCode != "C" {
		t.Errorf("%+v %v", doc.Declaration.Header, said(faults))
	}
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	in := strings.Replace(smallest, "</Declaration>", strings.Repeat("<Unknown/>", 40)+"</Declaration>", 1)
	_, faults := Parse([]byte(in), Options{})
	if len(faults) != maxFindings+1 || faults[maxFindings].Code != codeMore || faults[maxFindings].Args["count"] != "15" {
		t.Errorf("%d findings, last %+v", len(faults), faults[len(faults)-1])
	}
	worded(t, faults)
}

func TestTheEnvelopeIsSaidWhenItIsWrittenOtherwise(t *testing.T) {
	t.Parallel()
	in := strings.Replace(smallest, "<Declaration>", "<md:WCODataModelVersionCode>3.7</md:WCODataModelVersionCode><Declaration>", 1)
	_, faults := Parse([]byte(in), Options{Unverified: true})
	want := []string{`warn WCO-1015 1:110 /MetaData/WCODataModelVersionCode element="WCODataModelVersionCode" value="3.7" written="3.6"`}
	if diff := cmp.Diff(want, said(faults)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	worded(t, faults)
}

func TestACancellationIsNamed(t *testing.T) {
	t.Parallel()
	in := strings.Replace(smallest, "</FunctionCode>", "</FunctionCode><TypeCode>INV</TypeCode>", 1)
	_, faults := Parse([]byte(in), Options{Unverified: true})
	if len(faults) != 1 || faults[0].Code != codeCancel {
		t.Errorf("%v", said(faults))
	}
	worded(t, faults)
}

func TestLooks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		smallest: true,
		"\ufeff<?xml version='1.0'?>\n<!-- > -->\n" + smallest: true,
		"<MetaData>": true,
		"<v1:submitDeclarationRequest xmlns:v1='x'":             true,
		`<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">`: true,
		"<Declaration>": false,
		"<DecMessage/>": false,
		"<MetaDataX/>":  false,
		"":              false,
		"{}":            false,
		"<!-- ":         false,
		"<?xml ":        false,
		"<":             false,
	} {
		if Looks([]byte(in)) != want {
			t.Errorf("%q: want %v", in, want)
		}
	}
	root, _ := strictxml.Read([]byte(smallest), strictxml.Limits{})
	if !Is(root) || Is(nil) || Is(&strictxml.Element{Local: "DecMessage"}) {
		t.Error("Is does not tell roots apart")
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	doc := foreignImport(t)
	for path, want := range map[string]string{
		"declaration.client_reference": "/MetaData/Declaration/FunctionalReferenceID 7:5",
		"parties.declarant.name":       "/MetaData/Declaration/Declarant/Name 4:3",
		"items[0].hs_code":             "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1]/Commodity/Classification[1]/ID 29:27",
		"items[1].goods_name_english":  "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2]/Commodity/Description 39:7",
		"items[1]":                     "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[2] 39:7",
		"items[0].no_such_field":       "/MetaData/Declaration/GoodsShipment/GovernmentAgencyGoodsItem[1] 24:7",
		"declaration.no_such_field":    "/MetaData/Declaration 4:3",
		"items[x].hs_code":             "/MetaData/Declaration 4:3",
		"valuation.freight.currency":   "/MetaData/Declaration/GoodsShipment/CustomsValuation/FreightChargeAmount 16:5",
		"":                             "/MetaData/Declaration 4:3",
	} {
		p := doc.Locate(path)
		if got := fmt.Sprintf("%s %d:%d", p.Path, p.Line, p.Column); got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
		}
	}
	if p := (Document{}).Locate("items"); p != (Place{Path: "items"}) {
		t.Errorf("nothing was read: %+v", p)
	}
}

func TestBeyondNamesWhatNoFieldSays(t *testing.T) {
	t.Parallel()
	faults := foreignImport(t).Beyond(Options{})
	worded(t, faults)
	lines := strings.Join(said(faults), "\n")
	for _, want := range []string{"Seal[1]/ID", "/InvoiceAmount ", "WriteOff/QuantityQuantity", "BorderTransportMeans/ModeCode", "Classification[1]/ID", "AdditionalInformation[2]/Pointer[1]/DocumentSectionCode"} {
		if !strings.Contains(lines, want) {
			t.Errorf("no %s in\n%s", want, lines)
		}
	}
	for _, not := range []string{"TotalPackageQuantity", "Exporter/Name", "TariffQuantity", "NetNetWeightMeasure", "MarksNumbersID", "AdditionalDocument[1]/ID", "TransportEquipment[2]/ID", "SequenceNumeric value=\"2\""} {
		if strings.Contains(lines, not) {
			t.Errorf("%s is said by a field:\n%s", not, lines)
		}
	}
	if (Document{}).Beyond(Options{}) != nil {
		t.Error("nothing was read, and something is beyond it")
	}
}
