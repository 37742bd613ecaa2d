package complaint

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// Samples of each kind that is taken.
var (
	samplePDF = []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
	samplePNG = encoded(func(b *bytes.Buffer) error { return png.Encode(b, image.NewGray(image.Rect(0, 0, 8, 8))) })
	sampleJPG = encoded(func(b *bytes.Buffer) error { return jpeg.Encode(b, image.NewGray(image.Rect(0, 0, 8, 8)), nil) })
)

func encoded(write func(*bytes.Buffer) error) []byte {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestFilesAreWhatTheyContain(t *testing.T) {
	t.Parallel()
	bomb := bytes.Clone(samplePNG)
	copy(bomb[16:24], []byte{0x00, 0x0f, 0xff, 0xff, 0x00, 0x0f, 0xff, 0xff}) // a million by a million; its check sum is wrong as well
	for _, c := range []struct {
		name       string
		data       []byte
		kind, code string
	}{
		{"a PDF", samplePDF, PDF, ""},
		{"a PNG", samplePNG, PNG, ""},
		{"a JPEG", sampleJPG, JPEG, ""},
		{"nothing", nil, "", CodeFileKind},
		{"a page", []byte("<html><script>alert(1)</script>"), "", CodeFileKind},
		{"a drawing with script", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), "", CodeFileKind},
		{"a program", []byte("MZ\x90\x00"), "", CodeFileKind},
		{"an archive", []byte("PK\x03\x04"), "", CodeFileKind},
		{"a page that begins as a PDF", []byte("%PDF-<html><script>"), "", CodeFileBad},
		{"a PDF without an end", []byte("%PDF-1.4\n1 0 obj"), "", CodeFileBad},
		{"a PDF behind other bytes", append([]byte("GIF89a"), samplePDF...), "", CodeFileKind},
		{"a PDF that starts a program", bytes.Replace(samplePDF, []byte("/Catalog"), []byte("/Catalog /OpenAction << /S /Launch >>"), 1), "", CodeFileBad},
		{"a PDF with script", bytes.Replace(samplePDF, []byte("/Catalog"), []byte("/Catalog /OpenAction << /S /JavaScript >>"), 1), "", CodeFileBad},
		{"a PNG with a page behind it", append(bytes.Clone(samplePNG), []byte("<script>")...), "", CodeFileBad},
		{"a PNG cut off", samplePNG[:len(samplePNG)-4], "", CodeFileBad},
		{"a PNG of a million by a million points", bomb, "", CodeFileBad},
		{"the first bytes of a JPEG", []byte{0xff, 0xd8, 0xff, 0xe0}, "", CodeFileBad},
	} {
		if kind, code := KindOf(c.data); kind != c.kind || code != c.code {
			t.Errorf("%s: %q %q", c.name, kind, code)
		}
	}
}

func TestTooManyAndTooLarge(t *testing.T) {
	t.Parallel()
	one := File{"a.pdf", samplePDF}
	if f := CheckFiles([]File{one, one, one, one, one}, 0); len(f) != 0 {
		t.Errorf("five files: %+v", f)
	}
	if f := CheckFiles([]File{one}, 5); len(f) != 1 || f[0].Code != CodeFiles {
		t.Errorf("a sixth file: %+v", f)
	}
	big := File{"big.pdf", append([]byte("%PDF-1.7"), bytes.Repeat([]byte(" "), MostFile)...)}
	if f := CheckFiles([]File{one, big}, 0); len(f) != 1 || f[0].Code != CodeFileSize || f[0].Path != "files[1]" {
		t.Errorf("a file too large: %+v", f)
	}
}

func TestFileNamesDoNoHarm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"bill.pdf": "bill.pdf", `C:\Users\x\账单 3.PDF`: "账单 3.pdf", "../../etc/passwd": "passwd.pdf", "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie x=1.pdf",
		"": "3.pdf", "\u202egnp.exe": "gnp.pdf", `"; rm -rf /.pdf`: "3.pdf", strings.Repeat("长", 300): strings.Repeat("长", 60) + ".pdf",
	} {
		got := FileName(in, PDF, 3)
		if in == "a\r\nSet-Cookie: x=1.pdf" {
			want = "aSet-Cookie x1.pdf"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzKindOf(f *testing.F) {
	for _, s := range [][]byte{samplePDF, samplePNG, sampleJPG, nil, []byte("%PDF-1."), samplePNG[:20]} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, code := KindOf(data)
		if (kind == "") == (code == "") {
			t.Fatalf("kind %q and code %q", kind, code)
		}
	})
}
