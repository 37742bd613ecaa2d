package customsxml

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/i18n"
)

const ns = ` xmlns="http://www.chinaport.gov.cn/dec"`

// message wraps groups into the current envelope; each stands on a line of its own from line 2 on.
func message(groups ...string) string {
	return `<DecMessage Version="4.8"` + ns + ">\n" + strings.Join(groups, "\n") + "\n</DecMessage>"
}

const (
	emptyHead  = "<DecHead/>"
	emptyLine  = "<DecLists><DecList/></DecLists>"
	emptySign  = "<DecSign/>"
	headOfLine = "<DecLists><DecList>"
	endOfLine  = "</DecList></DecLists>"
)

func said(faults []declarations.Fault) []string {
	var out []string
	for _, f := range faults {
		out = append(out, fmt.Sprintf("%s %s %s %s %v", f.Severity, f.Code, f.Path, place(f.Line, f.Column), f.Args))
	}
	return out
}

func TestStructuralFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		want     []string
	}{
		{"all that is missing, in one pass", message(), []string{
			"reject DEC-0005 /DecMessage/DecHead 1:1 map[element:DecHead]",
			"reject DEC-0005 /DecMessage/DecLists 1:1 map[element:DecLists]",
			"reject DEC-0005 /DecMessage/DecSign 1:1 map[element:DecSign]"}},
		{"two heads and two signatures", message(emptyHead, emptyHead, emptyLine, emptySign, emptySign), []string{
			"reject DEC-0005 /DecMessage/DecHead[2] 3:1 map[element:DecHead]",
			"reject DEC-0005 /DecMessage/DecSign[2] 6:1 map[element:DecSign]"}},
		{"wrapper twice", message(emptyHead, emptyLine, emptyLine, "<DecContainers/>", "<DecContainers/>", emptySign), []string{
			"reject DEC-0008 /DecMessage/DecLists[2] 4:1 map[element:DecLists]",
			"reject DEC-0008 /DecMessage/DecContainers[2] 6:1 map[element:DecContainers]"}},
		{"scalar twice in a row, in the second line", message(emptyHead, "<DecLists><DecList/>", "<DecList><GNo>1</GNo><GName/><GNo>1</GNo>"+endOfLine, emptySign), []string{
			"reject DEC-0008 /DecMessage/DecLists/DecList[2]/GNo[2] 4:30 map[element:GNo]"}},
		{"both names of one element", message("<DecHead><TradeCoScc/><TradeCodeScc/></DecHead>", emptyLine, emptySign), []string{
			"reject DEC-0008 /DecMessage/DecHead/TradeCodeScc 2:23 map[element:TradeCodeScc]"}},
		{"unknown elements are shown", message("<DecHead><Foo>1</Foo></DecHead>", emptyLine, emptySign, "<Bar/>"), []string{
			"warn DEC-0007 /DecMessage/DecHead/Foo 2:10 map[element:Foo kept:true]",
			"warn DEC-0007 /DecMessage/Bar 5:1 map[element:Bar kept:true]"}},
		{"case counts", message("<DecHead><ieflag>I</ieflag></DecHead>", emptyLine, emptySign), []string{
			"warn DEC-0007 /DecMessage/DecHead/ieflag 2:10 map[element:ieflag kept:true]"}},
		{"old head elements: shown when they say something", message("<DecHead><PayWay/><InRatio>5</InRatio></DecHead>", emptyLine, emptySign), []string{
			"warn DEC-0007 /DecMessage/DecHead/InRatio 2:19 map[element:InRatio kept:false]"}},
		{"element inside a value", message("<DecHead><GrossWet>1<NetWt>2</NetWt></GrossWet></DecHead>", emptyLine, emptySign), []string{
			"reject DEC-1004 /DecMessage/DecHead/GrossWet 2:10 map[child:NetWt got:child_element want:text]"}},
		{"text beside elements", message("<DecHead>x<IEFlag>I</IEFlag></DecHead>", emptyLine, emptySign), []string{
			"reject DEC-1004 /DecMessage/DecHead 2:1 map[got:text want:elements]"}},
		{"attributes that nobody reads", message(`<DecHead id="1"><IEFlag x="2">I</IEFlag></DecHead>`, emptyLine, emptySign), []string{
			"warn DEC-0007 /DecMessage/DecHead 2:1 map[element:@id kept:false]",
			"warn DEC-0007 /DecMessage/DecHead/IEFlag 2:17 map[element:@x kept:false]"}},
		{"another namespace inside", message(emptyHead, emptyLine, emptySign, `<s:Signature xmlns:s="urn:s"/>`), []string{
			"reject DEC-0003 /DecMessage/Signature 5:1 map[element:Signature namespace:urn:s]"}},
		{"another namespace inside a carried group", message(emptyHead, emptyLine, emptySign, `<TrnHead><a xmlns=""/></TrnHead>`), []string{
			"reject DEC-0003 /DecMessage/TrnHead/a 5:10 map[element:a namespace:]"}},
		{"no namespace outside ImportMessage", "<DecMessage/>", []string{
			"reject DEC-0003 /DecMessage 1:1 map[element:DecMessage namespace:]"}},
		{"another root", "<Foo" + ns + "/>", []string{
			"reject DEC-0003 /Foo 1:1 map[element:Foo namespace:http://www.chinaport.gov.cn/dec]"}},
		{"ImportMessage without a message", "<ImportMessage><SWImpHead/></ImportMessage>", []string{
			"reject DEC-1020 /ImportMessage 1:1 map[]"}},
		{"ImportMessage without a message in its data", "<ImportMessage><SWImpHead/>\n<SWImpData/></ImportMessage>", []string{
			"reject DEC-1020 /ImportMessage/SWImpData 2:1 map[]"}},
		{"ImportMessage with another message", "<ImportMessage><SWImpData><Foo/></SWImpData></ImportMessage>", []string{
			"reject DEC-0003 /ImportMessage/SWImpData/Foo 1:27 map[element:Foo namespace:]"}},
		{"old envelope of something else", "<ImportMessage><SWImpHead><MsgType>SWMFT001</MsgType><FunctionCode>G</FunctionCode><Format>XML</Format><Compress/></SWImpHead>" +
			"<SWImpData><DecMessage" + ns + ` Version="4.8">` + emptyHead + emptyLine + emptySign + "</DecMessage></SWImpData></ImportMessage>", []string{
			"reject DEC-0079 /ImportMessage/SWImpHead/MsgType 1:27 map[element:MsgType value:SWMFT001]",
			"reject DEC-0079 /ImportMessage/SWImpHead/Format 1:84 map[element:Format value:XML]",
			"reject DEC-0079 /ImportMessage/SWImpHead/Compress 1:104 map[element:Compress value:]"}},
		{"single group twice", message(emptyHead, emptyLine, emptySign, "<TrnHead/>", "<TrnHead/>"), []string{
			"reject DEC-0008 /DecMessage/TrnHead[2] 6:1 map[element:TrnHead]"}},
		{"licences of a line twice", message(emptyHead, "<DecLists><DecList><DecGoodsLimits/><DecGoodsLimits/></DecList></DecLists>", emptySign), []string{
			"reject DEC-0008 /DecMessage/DecLists/DecList[1]/DecGoodsLimits[2] 3:37 map[element:DecGoodsLimits]"}},
		{"lists without a wrapper repeat", message(emptyHead, emptyLine, emptySign, "<TrnList/><TrnList/><TrnContaGoodsList/><TrnContaGoodsList/>"), nil},
		{"group beside its place", message(emptyHead, emptyLine, emptySign, "<DecGoodsLimits/><DecControlModel/>"), []string{
			"warn DEC-0007 /DecMessage/DecGoodsLimits 5:1 map[element:DecGoodsLimits kept:true]",
			"warn DEC-0007 /DecMessage/DecControlModel[1] 5:18 map[element:DecControlModel kept:true]"}},
		{"rows in the wrong wrapper", message(emptyHead, emptyLine, "<DecUsers><DecCopLimit/></DecUsers>", emptySign), []string{
			"warn DEC-0007 /DecMessage/DecUsers/DecCopLimit[1] 4:11 map[element:DecCopLimit kept:true]"}},
		{"text beside the rows of a licence", message(emptyHead, "<DecLists><DecList><DecGoodsLimits>x<DecGoodsLimit/></DecGoodsLimits></DecList></DecLists>", emptySign), []string{
			"reject DEC-1004 /DecMessage/DecLists/DecList[1]/DecGoodsLimits 3:20 map[got:text want:elements]"}},
		{"old envelope: what stands beside the data is not kept", "<ImportMessage><Foo/><SWImpData><DecMessage" + ns + ` Version="4.8">` + emptyHead + emptyLine + emptySign + "</DecMessage></SWImpData></ImportMessage>", []string{
			"warn DEC-0007 /ImportMessage/Foo 1:16 map[element:Foo kept:false]"}},
		{"other version", `<DecMessage Version="5.0"` + ns + ">" + emptyHead + emptyLine + emptySign + "</DecMessage>", []string{
			"warn DEC-0004 /DecMessage/@Version 1:1 map[version:5.0]"}},
		{"foreign attributes of the root are ignored", `<DecMessage Version="4.8"` + ns +
			` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://127.0.0.1:1/x.xsd">` +
			emptyHead + emptyLine + emptySign + "</DecMessage>", nil},
		{"GB18030 is not this message's encoding", `<?xml version="1.0" encoding="GB18030"?>` + message(emptyHead, emptyLine, emptySign), []string{
			"reject XML-1006 / 1:1 map[encoding:GB18030]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, faults := Parse([]byte(tc.in))
			if diff := cmp.Diff(tc.want, said(faults)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	_, faults := Parse([]byte(message("<DecHead>"+strings.Repeat("<Foo/>", 90_000)+"<IEFlag/><IEFlag/></DecHead>", emptyLine, emptySign)))
	if len(faults) != maxFaults+1 || !declarations.Rejected(faults) {
		t.Errorf("%d faults, rejected %v; want %d warnings and the rejection behind them", len(faults), declarations.Rejected(faults), maxFaults)
	}
	doc, faults := Parse([]byte(message(emptyHead, "<DecLists>"+strings.Repeat("<DecList/>", 90_000)+"</DecLists>", emptySign)))
	if len(faults) != 1 || faults[0].Code != declarations.CodeTooLarge || len(doc.Declaration.Items) != maxRows {
		t.Errorf("90,000 lines: %v, %d kept", said(faults), len(doc.Declaration.Items))
	}
}

func TestCarriedGroupsAreKeptAndWrittenAtTheirPlace(t *testing.T) {
	t.Parallel()
	doc, faults := Parse([]byte(`<d:DecMessage Version="4.8" xmlns:d="http://www.chinaport.gov.cn/dec">
<d:Foo/>
<d:DecRisk><d:Risk>1</d:Risk><d:Baz/></d:DecRisk>
<d:DecOtherPacks/>
<d:DecUsers>
 <d:DecUser><!-- c --><d:UseOrgPersonCode>a &amp; b</d:UseOrgPersonCode><d:Baz><d:b>a &amp; b</d:b></d:Baz></d:DecUser>
</d:DecUsers>
<d:DecHead><d:Bar x="&#10;&quot;">1</d:Bar></d:DecHead>
<d:DecLists><d:DecList><d:Baz/><d:DecControlModel><d:ElementNo>1</d:ElementNo></d:DecControlModel><d:DecGoodsLimits><d:a/><d:DecGoodsLimit><d:DecGoodsLimitVins><d:DecGoodsLimitVin><d:VinCode>V</d:VinCode><d:c/></d:DecGoodsLimitVin></d:DecGoodsLimitVins></d:DecGoodsLimit></d:DecGoodsLimits><d:CiqName>x</d:CiqName><d:ControlExplainCode>y</d:ControlExplainCode></d:DecList><d:DecControlModel><d:ElementNo>2</d:ElementNo></d:DecControlModel></d:DecLists>
<d:DecSign/>
</d:DecMessage>`))
	want := []declarations.Carried{
		{Element: "DecHead/Bar", XML: `<Bar x="&#10;&quot;">1</Bar>`},
		{Element: "DecLists/DecControlModel", XML: "<DecControlModel><ElementNo>2</ElementNo></DecControlModel>"},
		{Element: "DecUsers/DecUser[1]/Baz", XML: "<Baz><b>a &amp; b</b></Baz>"},
		{Element: "DecRisk/Baz", XML: "<Baz/>"},
		{Element: "Foo", XML: "<Foo/>"},
	}
	if diff := cmp.Diff(want, doc.Declaration.Carried); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
	want = []declarations.Carried{
		{Element: "DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVin[1]/c", XML: "<c/>"},
		{Element: "DecGoodsLimits/a", XML: "<a/>"},
		{Element: "Baz", XML: "<Baz/>"},
	}
	if diff := cmp.Diff(want, doc.Declaration.Items[0].Carried); diff != "" {
		t.Errorf("carried by the line (-want +got):\n%s", diff)
	}
	for _, f := range faults {
		if f.Code != codeUnknown && f.Code != codeOrder {
			t.Errorf("fault %v", f)
		}
	}
	if len(faults) != 9 {
		t.Errorf("%d faults, want one for the order and one for each of 8 elements:\n%s", len(faults), strings.Join(said(faults), "\n"))
	}
	const written = `<?xml version="1.0" encoding="UTF-8"?>
<DecMessage Version="4.8" xmlns="http://www.chinaport.gov.cn/dec">
  <DecHead>
    <Bar x="&#10;&quot;">1</Bar>
  </DecHead>
  <DecLists>
    <DecList>
      <CiqName>x</CiqName>
      <DecGoodsLimits>
        <DecGoodsLimit>
          <DecGoodsLimitVin>
            <VinCode>V</VinCode>
            <c/>
          </DecGoodsLimitVin>
        </DecGoodsLimit>
        <a/>
      </DecGoodsLimits>
      <ControlExplainCode>y</ControlExplainCode>
      <DecControlModel>
        <ElementNo>1</ElementNo>
      </DecControlModel>
      <Baz/>
    </DecList>
    <DecControlModel><ElementNo>2</ElementNo></DecControlModel>
  </DecLists>
  <DecUsers>
    <DecUser>
      <UseOrgPersonCode>a &amp; b</UseOrgPersonCode>
      <Baz><b>a &amp; b</b></Baz>
    </DecUser>
  </DecUsers>
  <DecSign>
  </DecSign>
  <DecRisk>
    <Risk>1</Risk>
    <Baz/>
  </DecRisk>
  <Foo/>
</DecMessage>
`
	if diff := cmp.Diff(written, string(Write(&doc.Declaration, Options{}))); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
}

// Many groups that each ask for what is carried in them do not make writing slow.
func TestWritingIsLinear(t *testing.T) {
	t.Parallel()
	in := message("<DecHead>"+strings.Repeat("<Foo/>", 60_000)+"</DecHead>", emptyLine, "<DecContainers>"+strings.Repeat("<Container/>", maxRows)+"</DecContainers>",
		emptySign, strings.Repeat("<TrnList/>", maxRows), strings.Repeat("<EcoRelation/>", maxRows))
	doc, faults := Parse([]byte(in))
	if declarations.Rejected(faults) || len(doc.Declaration.Carried) != 60_000 {
		t.Fatalf("%d carried, %v", len(doc.Declaration.Carried), faults[len(faults)-1])
	}
	begin := time.Now()
	out := Write(&doc.Declaration, Options{})
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("writing %d bytes took %s", len(out), took)
	}
	if n := strings.Count(string(out), "<Foo/>"); n != 60_000 {
		t.Errorf("%d elements are written back, want 60,000", n)
	}
}

// Declarations that were stored when these groups had no types still go out whole, at the place of the group.
func TestGroupsCarriedByOlderDeclarationsAreWritten(t *testing.T) {
	t.Parallel()
	d := declarations.Declaration{
		Items:   []declarations.Item{{ProducerName: "p", Carried: []declarations.Carried{{Element: "DecGoodsLimits", XML: "<DecGoodsLimits><DecGoodsLimit><LicenceNo>L</LicenceNo></DecGoodsLimit></DecGoodsLimits>"}}}},
		Carried: []declarations.Carried{{Element: "TrnList", XML: "<TrnList><BillNo>B</BillNo></TrnList>"}, {Element: "DecRisk", XML: "<DecRisk><Note>n</Note></DecRisk>"}},
	}
	doc, faults := Parse(Write(&d, Options{}))
	if faults != nil {
		t.Error(said(faults))
	}
	want := declarations.Declaration{
		Items:   []declarations.Item{{ProducerName: "p", Licences: []declarations.Licence{{Number: "L"}}}},
		Transit: declarations.Transit{Bills: []declarations.TransitBill{{BillNumber: "B"}}},
		Risk:    declarations.Risk{Note: "n"},
	}
	if diff := cmp.Diff(want, doc.Declaration); diff != "" {
		t.Errorf("(-want +read):\n%s", diff)
	}
}

func TestAbolishedFieldsAreReadAndNeverWritten(t *testing.T) {
	t.Parallel()
	doc, _ := Parse([]byte(message("<DecHead><OrgCode>210000</OrgCode></DecHead>", emptyLine, "<DecSign><HostId>h</HostId></DecSign>")))
	if got := doc.Declaration.Deprecated; got.InspectionAcceptanceOffice != "210000" || got.MailboxHostID != "h" {
		t.Errorf("read %+v", got)
	}
	for _, empty := range []bool{false, true} {
		out := string(Write(&doc.Declaration, Options{EmptyElements: empty}))
		if strings.Contains(out, "210000") || strings.Contains(out, ">h<") || strings.Contains(out, "<OrgCode/>") != empty {
			t.Errorf("EmptyElements %v:\n%s", empty, out)
		}
	}
}

// The country swap of the export form is made here and nowhere else.
func TestExportSwapsTheCountries(t *testing.T) {
	t.Parallel()
	doc, _ := Parse([]byte(message("<DecHead><TradeCountry>USA</TradeCountry><IEFlag>E</IEFlag></DecHead>",
		headOfLine+"<OriginCountry>USA</OriginCountry><DestinationCountry>CHN</DestinationCountry>"+endOfLine, emptySign)))
	d := doc.Declaration
	if d.Items[0].CountryOfOrigin != "CHN" || d.Items[0].CountryOfDestination != "USA" || d.Transport.CountryOfDestination != "USA" || d.Transport.CountryOfDispatch != "" {
		t.Errorf("item %+v, transport %+v", d.Items[0], d.Transport)
	}
	if p := doc.Locate("items[0].country_of_origin"); p.Path != "/DecMessage/DecLists/DecList[1]/DestinationCountry" || p.Line != 3 {
		t.Errorf("country of origin is at %+v", p)
	}
}

func TestCheckCarried(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, element, xml string
		item               bool
		reason             []string // slug, then pairs of name and value
	}{
		{"beside the lines", "DecLists/DecControlModel", "<DecControlModel>\n<ElementNo>1</ElementNo></DecControlModel>", false, nil},
		{"unknown element", "Foo", "<Foo/>", false, nil},
		{"unknown in a group", "DecHead/Foo", "<Foo/>", false, nil},
		{"unknown in a row", "DecContainers/Container[1]/Foo", "<Foo/>", false, nil},
		{"unknown in a wrapper", "TrnContainers/Foo", "<Foo/>", false, nil},
		{"unknown in a line", "Foo", "<Foo/>", true, nil},
		{"unknown in a licence of a line", "DecGoodsLimits/DecGoodsLimit[1]/Foo", "<Foo/>", true, nil},
		{"unknown in a vehicle of a licence", "DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVin[1]/Foo", "<Foo/>", true, nil},
		{"modelled group", "DecHead", "<DecHead/>", false, []string{"modelled"}},
		{"group that is modelled now", "TrnHead", "<TrnHead/>", false, []string{"modelled"}},
		{"list that is modelled now", "DecOtherPacks", "<DecOtherPacks/>", false, []string{"modelled"}},
		{"field of a row that is modelled now", "DecContainers/Container[1]/LclFlag", "<LclFlag/>", false, []string{"modelled"}},
		{"row of a wrapper", "TrnContainers/TrnContainer", "<TrnContainer/>", false, []string{"modelled"}},
		{"group of a line that is modelled now", "DecGoodsLimits", "<DecGoodsLimits/>", true, []string{"modelled"}},
		{"older wrapper of vehicles", "DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVins", "<DecGoodsLimitVins/>", true, []string{"modelled"}},
		{"licence that is not there", "DecGoodsLimits/DecGoodsLimit[2]/Foo", "<Foo/>", true, []string{"not_in_line"}},
		{"vehicle that is not there", "DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVin[2]/Foo", "<Foo/>", true, []string{"not_in_line"}},
		{"place in a line from outside", "DecLists/DecList[1]/Foo", "<Foo/>", false, []string{"no_such_group"}},
		{"modelled list", "EdocRealation", "<EdocRealation/>", false, []string{"modelled"}},
		{"modelled field", "DecHead/GrossWet", "<GrossWet/>", false, []string{"modelled"}},
		{"older name of a modelled field", "DecHead/TradeCodeScc", "<TradeCodeScc/>", false, []string{"modelled"}},
		{"modelled row", "DecLists/DecList", "<DecList/>", false, []string{"modelled"}},
		{"row that is not there", "DecContainers/Container[2]/Foo", "<Foo/>", false, []string{"no_such_group"}},
		{"row in other words", "DecContainers/Container[01]/Foo", "<Foo/>", false, []string{"no_such_group"}},
		{"group that is not there", "DecBody/Foo", "<Foo/>", false, []string{"no_such_group"}},
		{"modelled field of a line", "GName", "<GName/>", true, []string{"modelled"}},
		{"group that no line has", "DecHead/Foo", "<Foo/>", true, []string{"not_in_line"}},
		{"other root", "Xyz", "<TrnList/>", false, []string{"other_root", "root", "TrnList"}},
		{"namespace", "Xyz", "<Xyz" + ns + "/>", false, []string{"has_namespace"}},
		{"namespace taken away", "Xyz", `<Xyz><a xmlns=""/></Xyz>`, false, []string{"has_namespace"}},
		{"foreign attribute", "Xyz", `<Xyz xml:lang="zh"/>`, false, []string{"has_namespace"}},
		{"two elements", "Xyz", "<Xyz/><DecHead/>", false, []string{"many_elements"}},
		{"XML declaration", "Xyz", `<?xml version="1.0"?><Xyz/>`, false, []string{"many_elements"}},
		{"comment before it", "Xyz", "<!-- --><Xyz/>", false, []string{"many_elements"}},
		{"end of the group around it", "Xyz", "<Xyz/></DecMessage>", false, []string{"stray_end_tag", "end_tag", "DecMessage"}},
		{"text_between", "Xyz", "<Xyz>a<b/></Xyz>", false, []string{"text_between"}},
		{"document type", "Xyz", "<!DOCTYPE a><Xyz/>", false, []string{"has_directive"}},
		{"processing instruction", "Xyz", "<?php x?><Xyz/>", false, []string{"has_instruction", "target", "php"}},
		{"prefix from nowhere", "Xyz", "<p:Xyz/>", false, []string{"bad_prefix", "prefix", "p"}},
		{"attribute twice", "Xyz", "<Xyz a='' a=''/>", false, []string{"attribute_twice", "name", "a"}},
		{"other encoding", "Xyz", `<?xml version="1.0" encoding="GBK"?><Xyz/>`, false, []string{"other_encoding", "encoding", "GBK"}},
		{"too deep", "Xyz", strings.Repeat("<Xyz>", 64), false, []string{"too_deep", "limit", "63"}},
		{"too deep in a row", "DecContainers/Container[1]/Xyz", strings.Repeat("<Xyz>", 62), false, []string{"too_deep", "limit", "61"}},
		{"too many attributes", "Xyz", "<Xyz" + strings.Repeat(" a=''", 257) + "/>", false, []string{"many_attributes", "limit", "256"}},
		{"too many elements", "Xyz", "<Xyz>" + strings.Repeat("<a/>", 100_000) + "</Xyz>", false, []string{"too_large", "limit", "100000", "unit", "elements"}},
		{"nothing", "Xyz", "", false, []string{"is_empty"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := declarations.Declaration{Items: make([]declarations.Item, 1), Containers: make([]declarations.Container, 1)}
			d.Items[0].Licences = []declarations.Licence{{Vehicles: make([]declarations.LicensedVehicle, 1)}}
			carried, path := []declarations.Carried{{Element: tc.element, XML: tc.xml}}, "carried[0]"
			if tc.item {
				d.Items[0].Carried, path = carried, "items[0].carried[0]"
			} else {
				d.Carried = carried
			}
			var want []declarations.Fault
			if tc.reason != nil {
				want = []declarations.Fault{{Code: declarations.CodeCarried, Severity: declarations.Reject, Path: path,
					Args: strictxml.Args(append([]string{"element", tc.element, "reason"}, tc.reason...)...)}}
			}
			got := CheckCarried(&d)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, f := range got {
				for _, lang := range i18n.Languages() {
					if words := i18n.For(lang).Fault(f.Code, f.Args); strings.Contains(words, "(?)") {
						t.Errorf("words in %s lack an argument: %s", lang, words)
					}
				}
			}
		})
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	doc, faults := parseSample(t, "valid-06-licence-documents.xml")
	if faults != nil {
		t.Fatal(said(faults))
	}
	old, _ := parseSample(t, "valid-19-old-importmessage-numeric-codes.xml")
	for _, tc := range []struct {
		doc        *Document
		path, want string
	}{
		{&doc, "declaration.total_gross_weight_kg", "/DecMessage/DecHead/GrossWet 13:5"},
		{&doc, "declaration.filing_step", "/DecMessage/DecHead/Type 5:5"},
		{&doc, "valuation.price_influenced", "/DecMessage/DecHead/PromiseItmes 42:5"},
		{&doc, "valuation.freight.currency", "/DecMessage/DecHead/FeeCurr 3:3"}, // missing
		{&doc, "parties.trader", "/DecMessage/DecHead 3:3"},
		{&doc, "transport.voyage_number", "/DecMessage/DecFreeTxt/VoyNo 93:5"},
		{&doc, "declaration.client_reference", "/DecMessage/DecSign/ClientSeqNo 101:5"},
		{&doc, "items", "/DecMessage/DecLists 50:3"},
		{&doc, "items[0].hs_code", "/DecMessage/DecLists/DecList[1]/CodeTS 52:7"},
		{&doc, "items[0].brand", "/DecMessage/DecLists/DecList[1]/GoodsBrand 51:5"},
		{&doc, "items[2].hs_code", "/DecMessage/DecLists/DecList[3]/CodeTS 50:3"},
		{&doc, "documents[1].number", "/DecMessage/DecLicenseDocus/LicenseDocu[2]/CertCode 89:7"},
		{&doc, "containers[0].item_numbers", "/DecMessage/DecContainers/Container[1]/GoodsNo 2:1"},
		{&doc, "attachments[1].document_type_code", "/DecMessage/EdocRealation[2]/EdocCode 121:5"},
		{&doc, "origin_links[0].item_number", "/DecMessage/EcoRelation[1]/DecGNo 133:5"},
		{&doc, "items[0].licences[0].number", "/DecMessage/DecLists/DecList[1]/DecGoodsLimits/DecGoodsLimit[1]/LicenceNo 74:11"},
		{&doc, "items[0].licences[0].vehicles[1].vin", "/DecMessage/DecLists/DecList[1]/DecGoodsLimits/DecGoodsLimit[1]/DecGoodsLimitVin[2]/VinCode 71:9"},
		{&doc, "transit.bills[0].bill_number", "/DecMessage/TrnList[1]/BillNo 2:1"},
		{&doc, "transit.containers", "/DecMessage/TrnContainers 2:1"},
		{&doc, "transit", "/DecMessage/TrnHead 2:1"},
		{&doc, "royalty", "/DecMessage/DecRoyaltyFee 2:1"},
		{&doc, "two_step_access.transfer_site_code", "/DecMessage/DecTpAccess/TransitionSite 2:1"},
		{&doc, "supplements[1].buyer.name", "/DecMessage/DecSupplementLists/DecSupplement[2]/Buyer 2:1"},
		{&doc, "", "/DecMessage 2:1"},
		{&doc, "no.such.path", "/DecMessage 2:1"},
		{&doc, "items[x].hs_code", "/DecMessage/DecLists 50:3"},
		{&old, "parties.trader.unified_social_credit_code", "/ImportMessage/SWImpData/DecMessage/DecHead/TradeCodeScc 50:9"},
	} {
		p := tc.doc.Locate(tc.path)
		if got := p.Path + " " + place(p.Line, p.Column); got != tc.want {
			t.Errorf("%q: got %s, want %s", tc.path, got, tc.want)
		}
	}
	if p := (Document{}).Locate("items"); p != (Place{Path: "items"}) {
		t.Errorf("nothing was read: %+v", p)
	}
}

// Every field of the tables has a place under its canonical path, in both directions.
func TestLocateKnowsEveryField(t *testing.T) {
	t.Parallel()
	doc, _ := parseSample(t, "valid-01-import-one-line.xml")
	n := 0
	for _, dir := range []declarations.Direction{declarations.Import, declarations.Export} {
		doc.Declaration.Header.TradeDirection = dir
		for _, e := range Elements(&declarations.Declaration{Header: declarations.Header{TradeDirection: dir}}) {
			n++
			p := doc.Locate(e.Path)
			place, name := splitCarried(p.Path)
			if group := place[strings.LastIndexByte(place, '/')+1:]; name != e.Name || strings.TrimSuffix(group, "[1]") != e.Group {
				t.Errorf("%s on %s: %s, want %s in %s", e.Path, dir, p.Path, e.Name, e.Group)
			}
		}
	}
	if n != 2*407 {
		t.Errorf("%d fields, want 407 in each direction", n)
	}
}
