package xsd

import (
	"bytes"
	"testing"

	"kouan/declarations/strictxml"
)

func FuzzWithoutHints(f *testing.F) {
	for _, seed := range []string{
		`<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="b c"/>`,
		`<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:noNamespaceSchemaLocation = 'b>"c'
x:nil="true"><b x:schemaLocation="&lt;"/></a>`,
		"\xef\xbb\xbf<a xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:schemaLocation=''>schemaLocation=\"kept\"</a>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		root, faults := strictxml.Read(doc, strictxml.Limits{})
		if len(faults) > 0 {
			return
		}
		before := bytes.Clone(doc)
		out := withoutHints(doc, root)
		if !bytes.Equal(before, doc) || len(out) != len(doc) {
			t.Fatalf("the document was changed: %q", doc)
		}
		again, faults := strictxml.Read(out, strictxml.Limits{})
		if len(faults) > 0 {
			t.Fatalf("%v: %q became %q", faults, doc, out)
		}
		walk(again, func(e *strictxml.Element) {
			for _, a := range e.Attrs {
				if a.Space == instance && (a.Local == "schemaLocation" || a.Local == "noNamespaceSchemaLocation") {
					t.Fatalf("a hint is left: %q", out)
				}
			}
		})
		var texts [2][]string
		for i, r := range []*strictxml.Element{root, again} {
			walk(r, func(e *strictxml.Element) { texts[i] = append(texts[i], e.Local, e.Text) })
		}
		for i := range texts[0] {
			if texts[0][i] != texts[1][i] {
				t.Fatalf("%q became %q", texts[0][i], texts[1][i])
			}
		}
	})
}
