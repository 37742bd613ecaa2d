package strictxml

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
)

const byteOrderMark = "\ufeff"

// text is a document in UTF-8. Its body begins behind the byte order mark and
// the XML declaration; cut is where reading must stop and why, or its end.
type text struct {
	src  string
	bom  int
	body int
	stop stop
}

// stop is the first thing found that no later check may pass: everything
// before at is read to learn the place, then the fault is reported.
type stop struct {
	at   int
	code string // empty: at is the end of the document
	args map[string]string
}

// The XML declaration as XML 1.0 writes it: version, then encoding, then standalone.
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>`)

// decode finds the encoding and gives the document in UTF-8.
func decode(data []byte, lim Limits) (text, *declarations.Fault) {
	var t text
	if name := wide(data); name != "" {
		return t, encodingFault(name)
	}
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		t.bom = len(byteOrderMark)
	}
	t.body = t.bom
	if len(bytes.Trim(data[t.bom:], " \t\r\n")) == 0 {
		return t, &declarations.Fault{Code: declarations.CodeEmpty, Severity: declarations.Reject, Path: "/"}
	}
	if !declares(data[t.bom:]) {
		t.src = string(data)
		t.scan(lim)
		return t, nil
	}
	m := declaration.FindSubmatchIndex(data[t.bom:])
	if m == nil {
		return t, &declarations.Fault{Code: codeMalformed, Severity: declarations.Reject, Path: "/", Line: 1, Column: 1,
			Args: map[string]string{"reason": "declaration_form"}}
	}
	t.body += m[1]
	name := "UTF-8"
	for _, g := range [2]int{2, 4} {
		if m[g] >= 0 {
			name = string(data[t.bom+m[g] : t.bom+m[g+1]])
		}
	}
	switch upper := strings.ToUpper(name); {
	case upper == "UTF-8":
		t.src = string(data)
		t.scan(lim)
		return t, nil
	case lim.GB18030 && t.bom == 0 && (upper == "GB18030" || upper == "GBK" || upper == "GB2312"):
		return t.transcode(data, name, lim)
	}
	return t, encodingFault(name)
}

// declares reports an XML declaration at the very start; <?xml-stylesheet is another target.
func declares(data []byte) bool {
	const begin = "<?xml"
	return bytes.HasPrefix(data, []byte(begin)) && len(data) > len(begin) && isSpace(data[len(begin)])
}

// transcode reads the document as GB18030, of which GBK and GB2312 are
// subsets. x/text turns bad bytes into U+FFFD without an error, so that
// character is where the document stops.
func (t text) transcode(data []byte, name string, lim Limits) (text, *declarations.Fault) {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return t, encodingFault(name)
	}
	t.src = string(out)
	t.scan(lim)
	if at := strings.IndexRune(t.src, utf8.RuneError); at >= 0 && at < t.stop.at {
		t.stop = malformed(at, "reason", "not_encoding", "encoding", name)
	}
	return t, nil
}

// wide names an encoding of two or four bytes a character by its first bytes.
func wide(data []byte) string {
	for _, w := range []struct{ prefix, name string }{
		{"\x00\x00\xfe\xff", "UTF-32"}, {"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\x00<", "UTF-32"}, {"<\x00\x00\x00", "UTF-32"},
		{"\xfe\xff", "UTF-16"}, {"\xff\xfe", "UTF-16"}, {"\x00<\x00", "UTF-16"}, {"<\x00", "UTF-16"},
	} {
		if bytes.HasPrefix(data, []byte(w.prefix)) {
			return w.name
		}
	}
	return ""
}

func encodingFault(name string) *declarations.Fault {
	return &declarations.Fault{Code: declarations.CodeXMLEncoding, Severity: declarations.Reject, Path: "/", Line: 1, Column: 1,
		Args: map[string]string{"encoding": name}}
}
