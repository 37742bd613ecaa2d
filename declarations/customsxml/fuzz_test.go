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
		if len(data) < 10_000 {
			f.Add(data)
		}
	}
	f.Add([]byte(message("<DecHead><Foo>&lt;]]&gt;&#13;</Foo><Type>  5</Type></DecHead>", emptyLine, emptySign, "<Bar a='&#9;'/>", "<TrnHead>x</TrnHead>")))
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
		if second := Write(&again.Declaration, Options{}); !bytes.Equal(first, second) {
			t.Fatalf("(-written +written again):\n%s", cmp.Diff(string(first), string(second)))
		}
		if faults := CheckCarried(&again.Declaration); faults != nil {
			t.Fatalf("carried XML does not pass its own check: %v", said(faults))
		}
	})
}
