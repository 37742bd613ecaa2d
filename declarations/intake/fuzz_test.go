package intake

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/customsxml"
)

// throughTheMessage writes an accepted declaration as a message and as JSON
// and reads both back: nothing may be lost on the way.
func throughTheMessage(t *testing.T, d *declarations.Declaration) {
	t.Helper()
	out, err := Marshal(d)
	if err != nil {
		t.Fatalf("canonical JSON: %v", err)
	}
	row := Read(out, JSON)[0]
	if declarations.Rejected(row.Faults) {
		t.Fatalf("canonical JSON is refused: %v\n%s", said(row.Faults), out)
	}
	again, err := Marshal(&row.Declaration)
	if err != nil || !bytes.Equal(out, again) {
		t.Fatalf("canonical JSON is not stable (-first +again), %v:\n%s", err, cmp.Diff(string(out), string(again)))
	}
	message := customsxml.Write(d, customsxml.Options{})
	doc, faults := customsxml.Parse(message)
	for _, f := range faults {
		if f.Severity == declarations.Reject && f.Code != "DEC-0005" {
			t.Fatalf("written message is refused: %v\n%s", said(faults), message)
		}
	}
	if twice := customsxml.Write(&doc.Declaration, customsxml.Options{}); !bytes.Equal(message, twice) {
		t.Fatalf("message is not stable (-first +again):\n%s", cmp.Diff(string(message), string(twice)))
	}
}

func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"items":[{"hs_code":"8431390000","unit_price":15.0,"production_dates":["20260101"]}]}`,
		`{"declaration":{"form_type":"CL","special_business_flags":["transit"]},"x":[{}]}`,
		`{"items":[],"items":[]}`, `{"carried":[{"element":"DecHead/Foo","xml":"<Foo a=\"1\">b</Foo>"}]}`, `[[[`, "{\"a\":\"\\ud800\\u0000\"}",
		`{"declaration":{"remarks":"<&>\r\n\t]]>"},"valuation":{"promises_as_read":"009"}}`,
	} {
		f.Add([]byte(s))
	}
	for _, data := range samples(f, "valid-0[1267]*.xml") {
		row := Read(data, XML)[0]
		out, err := Marshal(&row.Declaration)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(out)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		row := Read(data, JSON)[0]
		row.Locate("items[0].hs_code")
		if !declarations.Rejected(row.Faults) {
			throughTheMessage(t, &row.Declaration)
		}
	})
}

func FuzzReadXML(f *testing.F) {
	for _, data := range samples(f, "*.xml") {
		if len(data) < 10_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		row := Read(data, XML)[0]
		row.Locate("items[0].hs_code")
		if !declarations.Rejected(row.Faults) {
			throughTheMessage(t, &row.Declaration)
		}
	})
}
