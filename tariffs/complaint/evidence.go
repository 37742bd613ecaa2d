package complaint

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is a piece of evidence as it came. Its kind is judged by its content:
// what a browser or a name says about it counts for nothing.
type File struct {
	Name string
	Data []byte
}

// Limits of evidence.
const (
	MostFiles = 5
	MostFile  = 5 << 20
)

// Kinds of files by their content, which is also what they are served as.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// mostPixels bounds what a reader's program has to unpack.
const mostPixels = 100_000_000

// KindOf is the kind of a file, or the code of what is wrong with it.
func KindOf(data []byte) (kind, code string) {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		if !readablePDF(data) {
			return "", CodeFileBad
		}
		return PDF, ""
	case bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}):
		c, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || !bytes.Contains(data, []byte{0xff, 0xd9}) || large(c) {
			return "", CodeFileBad
		}
		return JPEG, ""
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		c, err := png.DecodeConfig(bytes.NewReader(data))
		if err != nil || !wholePNG(data) || large(c) {
			return "", CodeFileBad
		}
		return PNG, ""
	}
	return "", CodeFileKind
}

func large(c image.Config) bool {
	return c.Width <= 0 || c.Height <= 0 || c.Width > mostPixels/c.Height
}

// readablePDF: a version and an end, near where readers look for them
// (ISO 32000 Annex H), and nothing that asks a reader to run a program.
func readablePDF(data []byte) bool {
	if len(data) < 8 || data[5] != '1' && data[5] != '2' || data[6] != '.' {
		return false
	}
	tail := data[max(0, len(data)-1024):]
	return bytes.Contains(tail, []byte("%%EOF")) && !bytes.Contains(data, []byte("/Launch")) && !bytes.Contains(data, []byte("/JavaScript"))
}

// wholePNG walks the chunks to IEND, behind which nothing may stand: it would
// be another file inside this one.
func wholePNG(data []byte) bool {
	for rest := data[8:]; len(rest) >= 12; {
		n := int(rest[0])<<24 | int(rest[1])<<16 | int(rest[2])<<8 | int(rest[3])
		if n < 0 || n > len(rest)-12 {
			return false
		}
		kind := string(rest[4:8])
		rest = rest[12+n:]
		if kind == "IEND" {
			return len(rest) == 0
		}
	}
	return false
}

// extension of each kind, put on the names that files are served under.
var extension = map[string]string{PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}

// FileName is a name that can do no harm on the disk of a reader: the last
// part of the path, letters, digits and a few signs, with the extension of
// what it is.
func FileName(name, kind string, number int) string {
	base := path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	base = strings.TrimSuffix(base, path.Ext(base))
	base = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune("-_ ()+,#", r):
			return r
		}
		return -1
	}, base)
	base = strings.TrimSpace(base)
	for utf8.RuneCountInString(base) > 60 {
		_, size := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-size]
	}
	if base == "" {
		base = strconv.Itoa(number)
	}
	return base + extension[kind]
}

// Disposition is the header value under which a file is saved and not shown
// (RFC 6266): names of any language, by RFC 8187.
func Disposition(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || c == '-' || c == '_' || c == '.') {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return "attachment; filename*=UTF-8''" + b.String()
}

// CheckFiles finds what is wrong with files; before is how many the complaint
// has already.
func CheckFiles(files []File, before int) []Fault {
	var f faults
	if before+len(files) > MostFiles {
		f.add(CodeFiles, "files", "limit", strconv.Itoa(MostFiles))
		return f
	}
	for i := range files {
		at, name := fmt.Sprintf("files[%d]", i), shown(files[i].Name)
		if len(files[i].Data) > MostFile {
			f.add(CodeFileSize, at, "name", name, "limit", strconv.Itoa(MostFile>>20))
			continue
		}
		if _, code := KindOf(files[i].Data); code != "" {
			f.add(code, at, "name", name)
		}
	}
	return f
}
