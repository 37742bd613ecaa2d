package strictxml

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

// What is accepted must be what encoding/xml accepts too, and every element
// must stand where it says.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"", "<a/>", "<a><b>1</b><b/></a>", `<p:a xmlns:p="u" p:b='1'>x<![CDATA[y]]>&amp;</p:a>`,
		"<?xml version=\"1.0\" encoding=\"GB18030\"?><a>\xb4\xf3</a>", "<!DOCTYPE a><a/>", "<a>&#xD800;</a>", "\ufeff<a>\r\n</a>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, faults := Read(data, Limits{GB18030: true})
		if (root == nil) != (len(faults) == 1) {
			t.Fatalf("tree %v with faults %v", root, faults)
		}
		if root == nil {
			if faults[0].Severity != declarations.Reject || !strings.HasPrefix(faults[0].Path, "/") {
				t.Fatalf("fault without severity or path: %v", faults[0])
			}
			return
		}
		if _, faults := Read(data, Limits{}); faults != nil {
			return // transcoded: encoding/xml has no GB18030 and offsets are not those of data
		}
		d := xml.NewDecoder(strings.NewReader(string(data)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil && !strings.HasPrefix(string(data), "\ufeff") {
				t.Fatalf("accepted, but encoding/xml says %v", err)
			} else if err != nil {
				break
			}
		}
		check(t, data, root)
	})
}

// The quick tokens change nothing: with and without them a document has the
// same tree, or the same fault at the same place.
func FuzzQuickIsTheDecoder(f *testing.F) {
	for _, s := range []string{
		"<a/>", "<a>\n <b>1</b>\n <b/>x<!-- c --> y</a>", "<p:a xmlns:p='u'><p:b></p:b ><p:c />\t</p:a>", "<a>]]&gt;]]</a>", "<a>]]></a>",
		"<a><1b/></a>", "<a><b:c:d/></a>", "<a><:b/></a>", "<a><b:/></a>", "<a><é/></a>", "<a><bé></bé></a>", "<a>x<![CDATA[y]]>z</a>", "<a>\r\n<b/>\r</a>",
		"<a><!-- -- --></a>", "<a><!--></a>", "<a><!---></a>", "<a></a b>", "<a / b=''>", "<a", "<a><b/></c>", "x<a/>", "<a/>x", "<a/>&#32;", "<a><p:b/></a>",
		"<p:a xmlns:p='u' xmlns=\"v\" p:b = 'x>\"y' c='\n\t'/>", "<a b='1'c='2'/>", "<a b='1' b='2'/>", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
		"<a b='&lt;'/>", "<a b='<'/>", "<a b='x\ry'/>", "<a b=1/>", "<a b/>", "<a b=''", "<a b=' ]]> '>]]&gt;</a>", "<a :b='1'/>", "<a b:c:d='1'/>", "<a b='1' / >", "<a é='1'/>",
		"<a b0='' b1='' b2='' b3='' b4='' b5='' b6='' b7='' b8=''/>", "<a b0='' b1='' b2='' b3='' b4='' b5='' b6='' b7='' b0=''/>", "<a p:b='1'/>", "<a></a b=''>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := Limits{GB18030: true}.withDefaults()
		root, faults := read(data, lim, false)
		slowRoot, slowFaults := read(data, lim, true)
		if diff := cmp.Diff(slowFaults, faults); diff != "" {
			t.Fatalf("faults (-decoder +quick):\n%s", diff)
		}
		if diff := cmp.Diff(slowRoot, root); diff != "" {
			t.Fatalf("tree (-decoder +quick):\n%s", diff)
		}
	})
}

func check(t *testing.T, data []byte, e *Element) {
	t.Helper()
	own := string(data[e.Start:e.End])
	if !strings.HasPrefix(own, "<") || !strings.HasSuffix(own, ">") || !strings.Contains(own, e.Local) {
		t.Fatalf("element %s has the bytes %q", e.Local, own)
	}
	for _, c := range e.Children {
		if c.Start <= e.Start || c.End >= e.End || c.Line < e.Line {
			t.Fatalf("child %s is outside %s", c.Local, e.Local)
		}
		check(t, data, c)
	}
}
