package cells

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// byDecoder is what encoding/xml alone makes of a document.
func byDecoder(text string) (out []string) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		got, err := d.RawToken()
		if err != nil {
			return append(out, ending(err))
		}
		switch t := got.(type) {
		case xml.StartElement:
			var line strings.Builder
			line.WriteString("<" + t.Name.Local)
			for _, a := range t.Attr {
				line.WriteString(fmt.Sprintf(" %s=%q", a.Name.Local, a.Value))
			}
			out = append(out, line.String())
		case xml.EndElement:
			out = append(out, "/"+t.Name.Local)
		case xml.CharData:
			out = append(out, "="+string(t))
		case xml.Directive:
			out = append(out, "!")
		default:
			out = append(out, "?")
		}
	}
}

func byScanner(r io.Reader, size int) (out []string) {
	s := newScanner(r, size)
	for {
		t, err := s.next()
		if err != nil {
			return append(out, ending(err))
		}
		switch t.kind {
		case startToken:
			var line strings.Builder
			line.WriteString("<" + string(t.local))
			for _, a := range t.attrs {
				line.WriteString(fmt.Sprintf(" %s=%q", a.local, a.value))
			}
			out = append(out, line.String())
		case endToken:
			out = append(out, "/"+string(t.local))
		case textToken:
			out = append(out, "="+string(t.text))
		case directiveToken:
			out = append(out, "!")
		default:
			out = append(out, "?")
		}
	}
}

// ending tells the end of a document from a fault of it; the words and the
// line of a fault go nowhere.
func ending(err error) string {
	if errors.Is(err, io.EOF) {
		return "end"
	}
	return "fault"
}

func FuzzScanIsTheDecoder(f *testing.F) {
	for _, text := range []string{
		"", "<", "a", "<a", "<a/", "<a>", "<a/>", "<a />", "</a >", "<a b='1' c=\"2\"/>", "<a b='1'c='2'/>", "<a b = '1'>", "<a b>", "<a b=1/>", "<a b='/'>", "<r:a r:b='1'>x</r:a>",
		"<a:b:c/>", "<:a/>", "<a:/>", "<é/>", "<aé b='é'/>", "<a b='<'/>", "<a b='&lt;\n\r'/>", "x&amp;&lt;&gt;&quot;&apos;y<a/>", "&#65;<a/>", "&#xD800;<a/>", "&nbsp;<a/>", "& <a/>", "a]]>b<a/>",
		"<![CDATA[x<y]]><a/>", "<!-- c --><a/>", "<!DOCTYPE a><a/>", "<?xml version='1.0' encoding='UTF-8'?><a/>", "<?xml version='1.0' encoding='GBK'?><a/>", "\r\n<a>\r\n</a>", "<a>\x00</a>", "<a>\xff</a>",
		"<a>\uffff</a>", "<a b='\ufffe'/>", "<a/><!--x--><b/>z<!--y-->", "<a\n\tb='1'\r\nc='2' ></a\n>", "<a b='1' b='2'/>", "<1/>", "<-a/>", "<a></a", "<a b='\t'/>", "&amp",
	} {
		f.Add(text, uint8(3))
		f.Add(text, uint8(64))
	}
	f.Fuzz(func(t *testing.T, text string, size uint8) {
		want := byDecoder(text)
		for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
			if diff := cmp.Diff(want, byScanner(r, max(2, int(size)))); diff != "" {
				t.Fatalf("buffer of %d, %q (-decoder +scanner):\n%s", size, text, diff)
			}
		}
	})
}
