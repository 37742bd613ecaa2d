package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	mathrand "math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/customsxml"
)

// entry is a file of a package; entries keep their order.
type entry struct{ name, text string }

func packageOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.Create(e.name)
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const pdf = "%PDF-1.7\nexample"

// withAttachments is the sample as a message that names files.
func withAttachments(t testing.TB, attachments ...declarations.Attachment) string {
	t.Helper()
	d := Read(samples(t, "valid-01*.xml")["valid-01-import-one-line.xml"], XML)[0].Declaration
	d.Attachments = attachments
	return string(customsxml.Write(&d, customsxml.Options{}))
}

func named(file, size string) declarations.Attachment {
	return declarations.Attachment{DocumentNumber: "I0900A01.pdf", DocumentTypeCode: "00000001", FormatCode: "US", FileName: file, SizeBytes: size}
}

func TestPackage(t *testing.T) {
	t.Parallel()
	const table = "ClientSeqNo,EdocCopId\nA,a.pdf\nB,\n"
	one := withAttachments(t, named("发票.pdf", "16"))
	for _, tc := range []struct {
		name    string
		entries []entry
		want    []string // files and faults
	}{
		{"a message and its file", []entry{{"d.xml", one}, {"发票.pdf", pdf}}, []string{"发票.pdf 16"}},
		{"by document number", []entry{{"d.xml", withAttachments(t, named("", ""))}, {"i0900a01.PDF", pdf}}, []string{"i0900a01.PDF 16"}},
		{"a table", []entry{{"t.csv", table}, {"a.pdf", pdf}}, []string{"a.pdf 16"}},
		{"file that did not come", []entry{{"d.xml", one}}, []string{"CSV-1026 /DecMessage/EdocRealation[1]/EdocCopId map[name:发票.pdf]"}},
		{"file that is not named", []entry{{"d.xml", one}, {"发票.pdf", pdf}, {"x.pdf", pdf}}, []string{"发票.pdf 16", "DEC-0082  map[reason:not_named value:x.pdf]"}},
		{"no PDF", []entry{{"d.xml", one}, {"发票.pdf", "MZ"}}, []string{"CSV-1024 /DecMessage/EdocRealation[1]/EdocCopId map[name:发票.pdf]"}},
		{"other size", []entry{{"d.xml", withAttachments(t, named("发票.pdf", "17"))}, {"发票.pdf", pdf}}, []string{"发票.pdf 16", "CSV-1025 /DecMessage/EdocRealation[1]/EdocSize map[count:16 name:发票.pdf value:17]"}},
		{"above 4 MB", []entry{{"d.xml", withAttachments(t, named("发票.pdf", ""))}, {"发票.pdf", pdf + random(5<<20)}}, []string{"发票.pdf 5242896", "DEC-0058 /DecMessage/EdocRealation[1]/EdocCopId map[element:EdocRealation value:发票.pdf]"}},
		{"above 8 MB", []entry{{"d.xml", one}, {"发票.pdf", pdf + random(9<<20)}}, []string{"DEC-0082  map[reason:bomb value:发票.pdf]"}},
		{"path", []entry{{"d.xml", one}, {"../发票.pdf", pdf}}, []string{"DEC-0082  map[reason:path_parts value:../发票.pdf]"}},
		{"folder of Windows", []entry{{"d.xml", one}, {`a\b.pdf`, pdf}}, []string{`DEC-0082  map[reason:path_parts value:a\b.pdf]`}},
		{"nested", []entry{{"d.xml", one}, {"a.zip", ""}}, []string{"DEC-0082  map[reason:nested value:a.zip]"}},
		{"two messages", []entry{{"d.xml", one}, {"e.xml", one}}, []string{"DEC-0082  map[reason:two_documents value:e.xml]"}},
		{"no message", []entry{{"a.pdf", pdf}}, []string{"DEC-0082  map[reason:no_document value:]"}},
		{"program", []entry{{"d.xml", one}, {"a.exe", ""}}, []string{"DEC-0082  map[reason:unexpected_file value:a.exe]"}},
		{"bomb", []entry{{"d.xml", strings.Repeat(" ", 65<<20)}}, []string{"DEC-0082  map[reason:bomb value:d.xml]"}},
		{"one name twice", []entry{{"d.xml", one}, {"发票.pdf", pdf}, {"发票.pdf", "x"}}, []string{"DEC-0082  map[reason:broken value:发票.pdf]"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, row := range Read(packageOf(t, tc.entries...), ZIP) {
				for _, f := range row.Files {
					got = append(got, f.Name+" "+itoa(f.Size))
				}
				for _, f := range row.Faults {
					got = append(got, f.Code+" "+f.Path+" "+argsOf(f.Args))
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPackageKeepsTheWholeMessage(t *testing.T) {
	t.Parallel()
	text := withAttachments(t, named("a.pdf", ""))
	row := Read(packageOf(t, entry{"d.xml", text}, entry{"a.pdf", pdf}), ZIP)[0]
	if body, media := row.Part(); string(body) != text || media != "application/xml" {
		t.Errorf("part of %d bytes, %s", len(body), media)
	}
	if string(row.Files[0].Data) != pdf || len(row.Files[0].SHA256) != 64 {
		t.Errorf("file %+v", row.Files[0])
	}
}

func TestPackageInGBK(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range []entry{{"d.xml", withAttachments(t, named("发票.pdf", ""))}, {gb18030(t, "发票.pdf"), pdf}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, NonUTF8: true, Method: zip.Deflate})
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	row := Read(out.Bytes(), ZIP)[0]
	if len(row.Files) != 1 || row.Files[0].Name != "发票.pdf" {
		t.Errorf("files %v, faults %v", row.Files, said(row.Faults))
	}
}

func TestArray(t *testing.T) {
	t.Parallel()
	d := `{"declaration":{"client_reference":"A"},"items":[{"hs_code":"1"}]}`
	rows := Read([]byte("[\n"+d+",\n "+d[:len(d)-1]+",\"x\":1}]"), JSON)
	if len(rows) != 2 || rows[0].Line != 2 || rows[1].Line != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	if path, line, column := rows[0].Locate("items[0].hs_code"); path != "[0].items[0].hs_code" || line != 2 || column != 61 {
		t.Errorf("%s %d:%d", path, line, column)
	}
	if diff := cmp.Diff([]string{"DEC-1002 [1].x 3:68 map[name:x]"}, said(rows[1].Faults)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for in, want := range map[string]string{
		"[{}": "DEC-1001 [1] 1:4 map[reason:json_ends_early]", "[{}] x": "DEC-1011  1:6 map[]", "[{},]": "DEC-1001 [1] 1:4 map[reason:json_syntax]",
	} {
		rows := Read([]byte(in), JSON)
		last := rows[len(rows)-1]
		if got := said(last.Faults); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v, want %s", in, got, want)
		}
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func argsOf(m map[string]string) string { return fmt.Sprint(m) }

// random does not pack.
func random(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(mathrand.Uint32())
	}
	return string(b)
}
