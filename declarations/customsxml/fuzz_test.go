package customsxml

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// What is read without a rejection is written in a form that reads as the same.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 6_000 {
			f.Add(data)
		}
	}
	f.Add([]byte(message("<DecHead><Foo>&lt;]]&gt;&#13;</Foo><Type>  5</Type></DecHead>", emptyLine, emptySign, "<Bar a='&#9;'/>", "<TrnHead>x</TrnHead>")))
	f.Add([]byte(message(emptyHead, "<DecLists><DecList><DecGoodsLimits><DecGoodsLimit><GoodsNo>1</GoodsNo><DecGoodsLimitVins><DecGoodsLimitVin><VinCode>V</VinCode></DecGoodsLimitVin><x/></DecGoodsLimitVins></DecGoodsLimit></DecGoodsLimits>"+
		"<DecControlModel><ElementNo>1</ElementNo></DecControlModel><OriginCountry>142</OriginCountry></DecList><DecControlModel/></DecLists>", emptySign,
		"<DecUsers><DecUser/><x/></DecUsers><TrnList><BillNo>1</BillNo></TrnList><TrnList/><TrnContainers><TrnContainer><ContaNo>Z</ContaNo><x/></TrnContainer></TrnContainers>",
		"<DecSupplementLists><DecSupplement><Curr>502</Curr></DecSupplement></DecSupplementLists><DecRisk><Note>n</Note></DecRisk>")))
	f.Add([]byte("<ImportMessage><SWImpHead><MsgType>SWDEC001</MsgType><Compress>0</Compress></SWImpHead><SWImpData><DecMessage>" + emptyHead + emptyLine + emptySign + "</DecMessage></SWImpData></ImportMessage>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, faults := Parse(data)
		doc.Locate("items[0].hs_code")
		if declarations.Rejected(faults) {
			return
		}
		first := Write(&doc.Declaration, Options{})
		again, faults := Parse(first)
		if declarations.Rejected(faults) {
			t.Fatalf("written message is refused: %v\n%s", said(faults), first)
		}
		doc.Declaration.Deprecated = declarations.Deprecated{}
		if diff := cmp.Diff(doc.Declaration, again.Declaration); diff != "" {
			t.Fatalf("(-read +read again):\n%s\n%s", diff, first)
		}
		form := doc.Form.Options()
		inForm := Write(&doc.Declaration, form)
		same, faults := Parse(inForm)
		if declarations.Rejected(faults) || !cmp.Equal(same.Declaration, again.Declaration) {
			t.Fatalf("the form changes the message: %v\n%s", said(faults), inForm)
		}
		if again := Write(&same.Declaration, same.Form.Options()); !bytes.Equal(inForm, again) {
			t.Fatalf("the form is not kept (-written +written again):\n%s", cmp.Diff(string(inForm), string(again)))
		}
		if second := Write(&again.Declaration, Options{}); !bytes.Equal(first, second) {
			t.Fatalf("(-written +written again):\n%s", cmp.Diff(string(first), string(second)))
		}
		if faults := CheckCarried(&again.Declaration); faults != nil {
			t.Fatalf("carried XML does not pass its own check: %v", said(faults))
		}
	})
}
