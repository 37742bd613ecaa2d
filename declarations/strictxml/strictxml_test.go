package strictxml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
	"kouan/i18n"
)

type want struct {
	Code, Path   string
	Line, Column int
	Args         map[string]string
}

// reason makes the arguments of a malformed document: the slug and pairs of name and value.
func reason(slug string, pairs ...string) map[string]string {
	return Args(append([]string{"reason", slug}, pairs...)...)
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		want     want
	}{
		{"nothing", "", want{"DEC-1007", "/", 0, 0, nil}},
		{"blanks only", "\ufeff \n", want{"DEC-1007", "/", 0, 0, nil}},
		{"no root", "<!-- c -->", want{"XML-1001", "/", 1, 11, nil}},
		{"text only", "hello", want{"XML-1001", "/", 1, 1, nil}},
		{"text before the root", "x<a/>", want{"XML-1001", "/", 1, 1, nil}},
		{"text behind the root", "<a/>\n x", want{"XML-1001", "/", 1, 5, nil}},
		{"blank as a reference behind the root", "<a/>&#32;", want{"XML-1001", "/", 1, 5, nil}},
		{"blank CDATA behind the root", "<a/><![CDATA[ ]]>", want{"XML-1001", "/", 1, 5, nil}},
		{"two roots", "<a/>\n<b/>", want{"XML-1001", "/", 2, 1, nil}},
		{"end tag missing: place is the open element", "<a>\n <b>1\n</a>", want{"DEC-0001", "/a/b", 2, 2, reason("unclosed_element", "open", "b", "end_tag", "a", "line", "3")}},
		{"end tag without start", "<a/></b>", want{"DEC-0001", "/", 1, 5, reason("stray_end_tag", "end_tag", "b")}},
		{"same local name, other prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, want{"DEC-0001", "/a", 1, 1, reason("unclosed_element", "open", "a", "end_tag", "a", "line", "1")}},
		{"cut short", "<a><b>", want{"DEC-0001", "/a/b", 1, 7, reason("ends_early", "open", "b")}},
		{"unknown entity", "<a>é&eacute;</a>", want{"DEC-0001", "/a", 1, 12, reason("bad_reference")}},
		{"half a surrogate pair", "<a>&#xD800;</a>", want{"DEC-0001", "/a", 1, 4, reason("half_surrogate")}},
		{"half a surrogate pair in an attribute, decimal with zeros", `<a b="x &amp; &#0055296;"/>`, want{"DEC-0001", "/", 1, 1, reason("half_surrogate")}},
		{"reference to a forbidden character", "<a>&#1;</a>", want{"DEC-0001", "/a", 1, 7, reason("forbidden_character", "character", "U+0001")}},
		{"control character", "<a>\n中\x01</a>", want{"DEC-0001", "/a", 2, 2, reason("forbidden_character", "character", "U+0001")}},
		{"control character in a comment", "<a><!-- \x01 --></a>", want{"DEC-0001", "/a", 1, 9, reason("forbidden_character", "character", "U+0001")}},
		{"U+FFFF", "<a>\uffff</a>", want{"DEC-0001", "/a", 1, 4, reason("forbidden_character", "character", "U+FFFF")}},
		{"bytes that are not UTF-8", "<a><b/><b>\xff</b></a>", want{"DEC-0001", "/a/b[2]", 1, 11, reason("not_utf8")}},
		{"no white space between attributes", `<a b="1"c="2"/>`, want{"DEC-0001", "/", 1, 9, reason("attribute_space")}},
		{"attribute without quotes", `<a b=1/>`, want{"DEC-0001", "/", 1, 6, reason("attribute_form")}},
		{"attribute without a value", `<a b/>`, want{"DEC-0001", "/", 1, 5, reason("attribute_form")}},
		{"attribute without a name", `<a ="1"/>`, want{"DEC-0001", "/", 1, 3, reason("attribute_form")}},
		{"ampersand as it is", "<a>A & B</a>", want{"DEC-0001", "/a", 1, 6, reason("bad_reference")}},
		{"less-than sign as it is", "<a>1 < 2</a>", want{"DEC-0001", "/a", 1, 6, reason("tag_form")}},
		{"name that begins with a digit", "<1a/>", want{"DEC-0001", "/", 1, 3, reason("tag_form")}},
		{"slash inside a tag", "<a / b='1'/>", want{"DEC-0001", "/", 1, 5, reason("tag_form")}},
		{"junk in an end tag", "<a></a b>", want{"DEC-0001", "/a", 1, 8, reason("tag_form")}},
		{"end tag without a name", "<a></>", want{"DEC-0001", "/a", 1, 5, reason("tag_form")}},
		{"less-than sign in an attribute", `<a b="<"/>`, want{"DEC-0001", "/", 1, 7, reason("less_in_attribute")}},
		{"end of CDATA without its begin", "<a>]]></a>", want{"DEC-0001", "/a", 1, 6, reason("cdata_end")}},
		{"two hyphens in a comment", "<a><!-- -- --></a>", want{"DEC-0001", "/a", 1, 11, reason("hyphens_in_comment")}},
		{"cut inside a tag", "<a><b", want{"DEC-0001", "/a", 1, 5, reason("ends_in_markup")}},
		{"cut inside a comment", "<a><!-- ", want{"DEC-0001", "/a", 1, 8, reason("ends_in_markup")}},
		{"cut inside CDATA", "<a><![CDATA[x", want{"DEC-0001", "/a", 1, 13, reason("ends_in_markup")}},
		{"version 1.1", `<?xml version="1.1"?><a/>`, want{"DEC-0001", "/", 1, 1, reason("declaration_form")}},
		{"declaration after a blank", ` <?xml version="1.0"?><a/>`, want{"DEC-0001", "/", 1, 2, reason("declaration_late")}},
		{"document type", "<!DOCTYPE a>\n<a/>", want{"DEC-0002", "/", 1, 1, nil}},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "yyyy"><!ENTITY z "&x;&x;">]><a>&z;</a>`, want{"DEC-0002", "/", 1, 22, nil}},
		{"directive inside", "<a><!ELEMENT b ANY></a>", want{"DEC-0002", "/a", 1, 4, nil}},
		{"processing instruction in the prolog", `<?xml-stylesheet href="x"?><a/>`, want{"XML-1007", "/", 1, 1, map[string]string{"target": "xml-stylesheet"}}},
		{"processing instruction inside", "<a><?php x?></a>", want{"XML-1007", "/a", 1, 4, map[string]string{"target": "php"}}},
		{"same attribute twice", `<a b="1" b="2"/>`, want{"XML-1002", "/a", 1, 1, map[string]string{"name": "b"}}},
		{"same attribute twice by two prefixes", `<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>`, want{"XML-1002", "/a", 1, 1, map[string]string{"name": "b"}}},
		{"same declaration twice", `<a xmlns:p="u" xmlns:p="u"/>`, want{"XML-1002", "/a", 1, 1, map[string]string{"name": "p"}}},
		{"undeclared prefix", "<a><p:b/></a>", want{"XML-1003", "/a/b", 1, 4, map[string]string{"prefix": "p"}}},
		{"undeclared prefix of an attribute", `<a p:b="1"/>`, want{"XML-1003", "/a", 1, 1, map[string]string{"prefix": "p"}}},
		{"prefix out of its scope", `<a><b xmlns:p="u"/><p:c/></a>`, want{"XML-1003", "/a/c", 1, 20, map[string]string{"prefix": "p"}}},
		{"reserved prefix declared", `<a xmlns:xml="u"/>`, want{"XML-1003", "/a", 1, 1, map[string]string{"prefix": "xml"}}},
		{"reserved prefix used", `<xmlns:a/>`, want{"XML-1003", "/a", 1, 1, map[string]string{"prefix": "xmlns"}}},
		{"prefix undeclared again", `<a xmlns:p=""/>`, want{"XML-1003", "/a", 1, 1, map[string]string{"prefix": "p"}}},
		{"colon first", `<:a/>`, want{"XML-1003", "/:a", 1, 1, map[string]string{"prefix": ":a"}}},
		{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00", want{"XML-1006", "/", 1, 1, map[string]string{"encoding": "UTF-16"}}},
		{"other encoding", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, want{"XML-1006", "/", 1, 1, map[string]string{"encoding": "ISO-8859-1"}}},
		{"GB18030 where it is not allowed", `<?xml version="1.0" encoding="GB18030"?><a/>`, want{"XML-1006", "/", 1, 1, map[string]string{"encoding": "GB18030"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			root, faults := Read([]byte(tc.in), Limits{})
			if root != nil || len(faults) != 1 {
				t.Fatalf("tree %v, faults %v; want one fault and no tree", root, faults)
			}
			f := faults[0]
			if diff := cmp.Diff(tc.want, want{f.Code, f.Path, f.Line, f.Column, f.Args}); diff != "" {
				t.Errorf("fault (-want +got):\n%s", diff)
			}
			for _, lang := range i18n.Languages() {
				if words := i18n.For(lang).Fault(f.Code, f.Args); strings.Contains(words, "(?)") {
					t.Errorf("words in %s lack an argument: %s", lang, words)
				}
			}
			if f.Severity != declarations.Reject {
				t.Errorf("severity %q, want reject", f.Severity)
			}
		})
	}
}

func TestReadBuildsTheTree(t *testing.T) {
	t.Parallel()
	const in = "\ufeff<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n" +
		"<!-- c --><p:a xmlns:p=\"u\" xmlns=\"v\" x=\"1\" xml:lang='zh'>\n" +
		"  <b>中文 &lt;<![CDATA[&]]>\r\n</b><c xmlns=''> </c>t<d/> u</p:a>\n"
	root, faults := Read([]byte(in), Limits{})
	if faults != nil {
		t.Fatal(faults)
	}
	at := func(s string) int64 { return int64(strings.Index(in, s)) }
	want := &Element{
		Space: "u", Local: "a", Text: "t u", Line: 2, Column: 11, Start: at("<p:a"), End: at("</p:a>") + 6,
		Attrs: []Attr{{"xmlns", "p", "u"}, {"", "xmlns", "v"}, {"", "x", "1"}, {xmlSpace, "lang", "zh"}},
		Children: []*Element{
			{Space: "v", Local: "b", Text: "中文 <&\n", Line: 3, Column: 3, Start: at("<b>"), End: at("</b>") + 4},
			{Local: "c", Text: " ", Attrs: []Attr{{"", "xmlns", ""}}, Line: 4, Column: 5, Start: at("<c"), End: at("</c>") + 4},
			{Space: "v", Local: "d", Line: 4, Column: 23, Start: at("<d/>"), End: at("<d/>") + 4},
		},
	}
	if diff := cmp.Diff(want, root); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
	if root.ChildText("b") != "中文 <&\n" || root.Child("z") != nil || len(root.All("d")) != 1 {
		t.Error("look-up helpers do not find the children")
	}
}

func TestReadTranscodesGB18030(t *testing.T) {
	t.Parallel()
	encode := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, name := range []string{"GB18030", "gbk", "GB2312"} {
		root, faults := Read([]byte(encode(`<?xml version="1.0" encoding="`+name+`"?><a><b>大连</b></a>`)), Limits{GB18030: true})
		if faults != nil || root.ChildText("b") != "大连" {
			t.Errorf("%s: %v, text %q", name, faults, root.ChildText("b"))
		}
	}
	bad := encode(`<?xml version="1.0" encoding="GB18030"?><a><b>大`) + "\xff\xff" + `</b></a>`
	_, faults := Read([]byte(bad), Limits{GB18030: true})
	if len(faults) != 1 || faults[0].Code != codeMalformed || faults[0].Path != "/a/b" || faults[0].Column != 48 {
		t.Errorf("bad bytes: got %v, want DEC-0001 at /a/b column 48", faults)
	}
	_, faults = Read([]byte("\ufeff"+`<?xml version="1.0" encoding="GB18030"?><a/>`), Limits{GB18030: true})
	if len(faults) != 1 || faults[0].Code != declarations.CodeXMLEncoding {
		t.Errorf("byte order mark against the declaration: got %v", faults)
	}
}

func TestReadIsBounded(t *testing.T) {
	t.Parallel()
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	for _, tc := range []struct{ name, in, code string }{
		{"100,000 levels", strings.Repeat("<a>", 100_000), declarations.CodeXMLDepth},
		{"50 MB", "<a>" + strings.Repeat(" ", 50<<20) + "</a>", declarations.CodeTooLarge},
		{"a million attributes", "<a" + strings.Repeat(" b=''", 800_000) + "/>", declarations.CodeXMLAttributes},
		{"a million attributes without white space", "<a" + strings.Repeat(" b=''", 1) + strings.Repeat("b=''", 1_000_000) + "/>", codeMalformed},
		{"a million elements", "<a>" + strings.Repeat("<b/>", 1_000_000) + "</a>", declarations.CodeTooLarge},
		{"a million references without an end", "<a>" + strings.Repeat("&#", 1_000_000) + "</a>", codeMalformed},
		{"a million open comments", "<a>" + strings.Repeat("<!--", 1_000_000), codeMalformed},
		{"a million runs of text", "<a>" + strings.Repeat("x<!---->", 500_000) + "</a>", ""},
		{"a million runs of white space", "<a><b/>" + strings.Repeat(" <!---->", 500_000) + "</a>", ""},
		{"many prefixes", "<a>" + strings.Repeat("<b"+many(200, func(i int) string { return " xmlns:p" + hex4(rune(i)) + "='u'" })+">", 60), codeMalformed},
		{"one long line", "<a>" + strings.Repeat("<b>中</b>", 90_000) + "</a>", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			root, faults := Read([]byte(tc.in), Limits{})
			switch {
			case tc.code == "" && (root == nil || faults != nil):
				t.Errorf("refused: %v", faults)
			case tc.code != "" && (len(faults) != 1 || faults[0].Code != tc.code):
				t.Errorf("got %v, want %s", faults, tc.code)
			case tc.code != "" && len(faults[0].Path) > 1000:
				t.Errorf("path of %d bytes", len(faults[0].Path))
			}
		})
	}
}

// The place of an offset is the same whether the offsets before it were asked for or not.
func TestCursorCountsLinesAndCharacters(t *testing.T) {
	t.Parallel()
	const src = "a\n\n中b\r\n\xff\xbf x\n"
	if l, c := (&Cursor{src: "\ufeffa", from: 3, at: 3, line: 1, column: 1}).Place(0); l != 1 || c != 1 {
		t.Errorf("before the first character: %d:%d", l, c)
	}
	line, column := 1, 1
	inTurn := NewCursor(src)
	for offset := range len(src) + 1 {
		if l, c := inTurn.Place(offset); l != line || c != column {
			t.Errorf("offset %d in turn: %d:%d, want %d:%d", offset, l, c, line, column)
		}
		at := NewCursor(src)
		if l, c := at.Place(offset); l != line || c != column {
			t.Errorf("offset %d at once: %d:%d, want %d:%d", offset, l, c, line, column)
		}
		at.Place(len(src))
		if l, c := at.Place(offset); l != line || c != column {
			t.Errorf("offset %d after the end: %d:%d, want %d:%d", offset, l, c, line, column)
		}
		if offset == len(src) {
			break
		}
		switch b := src[offset]; {
		case b == '\n':
			line, column = line+1, 1
		case b < 0x80 || b >= 0xc0:
			column++
		}
	}
}
