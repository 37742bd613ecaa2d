package intake

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kouan/declarations"
	"kouan/declarations/intake/archive"
)

// File is a file that came with a declaration: an attachment that it names.
type File struct {
	Name   string // as the declaration has it
	SHA256 string
	Size   int64
	Data   []byte
}

// Rule V082: a zip holds exactly one document at top level plus the
// attachments that it names; no path parts, no nesting, bounded sizes.
const (
	codePackage    = "DEC-0082" // args: value, reason
	codeBigFile    = "DEC-0058" // rule V058; args: value
	codeNotPDF     = "CSV-1024" // attachment is no PDF; args: name
	codeFileSize   = "CSV-1025" // declared size differs from the file's; args: name, value, count
	codeFileAbsent = "CSV-1026" // a named file did not come with it; args: name
)

const (
	maxFiles      = 200
	maxFileName   = 200
	maxFile       = 8 << 20  // bytes of one attachment
	maxAllFiles   = 64 << 20 // of all together
	maxPDF        = 4 << 20  // rule V058
	maxFileRatio  = 200
	workbookTypes = "[Content_Types].xml"
)

// ofZip tells a workbook from a package.
func ofZip(r io.ReaderAt, size int64) Format {
	z, err := archive.Open(r, size, archive.Limits{Entries: 1 << 16, Ratio: 1 << 30})
	if err == nil && archive.Find(z, workbookTypes) != nil {
		return XLSX
	}
	return ZIP
}

// packageFault refuses a package; why is the reason as an argument and its slug.
func packageFault(value string, why ...string) declarations.Fault {
	return sheetFault(declarations.Reject, codePackage, append(why, "value", clip(value))...)
}

// streamPackage reads the one document of a package and gives its declaration
// the files that it names. A table has no files: which declaration they belong
// to would be a guess, so each row looks for the names in its own list.
func streamPackage(r io.ReaderAt, size int64, o Options, yield func(Row, error) bool) {
	z, err := archive.Open(r, size, archive.Limits{Entries: maxFiles, Ratio: maxFileRatio})
	if err != nil {
		giveArchive(err, yield)
		return
	}
	document, format, fault := contents(z)
	if fault != nil {
		give(refused(*fault), yield)
		return
	}
	data, err := archive.Bytes(document, maxWhole)
	if err != nil {
		giveArchive(err, yield)
		return
	}
	p := packageReader{zip: z, document: document, named: map[string]bool{}}
	if format == XML || format == JSON {
		rows := Read(data, format)
		for i := range rows {
			if rows[i].Raw == nil {
				rows[i].Raw, rows[i].RawType = data, "application/"+string(format)
			}
			if err := p.attach(&rows[i]); err != nil {
				giveArchive(err, yield)
				return
			}
		}
		rows[0].Faults = append(rows[0].Faults, p.unnamed()...)
		give(rows, yield)
		return
	}
	p.table(Stream(bytes.NewReader(data), int64(len(data)), format, o), yield)
}

// packageReader notes which files were named.
type packageReader struct {
	zip      *zip.Reader
	document *zip.File
	named    map[string]bool
	refused  bool // a declaration could not be read, so nobody knows what it names
}

// table gives the declarations of a table their files as they come; a file
// that none of them names is told behind the last.
func (p *packageReader) table(rows iter.Seq2[Row, error], yield func(Row, error) bool) {
	for row, err := range rows {
		if err == nil {
			err = p.attach(&row)
		}
		if err != nil {
			giveArchive(err, yield)
			return
		}
		if !yield(row, nil) {
			return
		}
	}
	if faults := p.unnamed(); faults != nil {
		yield(Row{Line: 1, Faults: faults, Locate: nowhere}, nil)
	}
}

func giveArchive(err error, yield func(Row, error) bool) {
	var refusal *archive.Error
	if errors.As(err, &refusal) {
		give(refused(packageFault(refusal.Name, refusal.Why...)), yield)
		return
	}
	yield(Row{}, fmt.Errorf("read package: %w", err))
}

// contents finds the one document and refuses what has no place in a package.
func contents(z *zip.Reader) (document *zip.File, format Format, fault *declarations.Fault) {
	bad := func(f *zip.File, why ...string) *declarations.Fault {
		out := packageFault(f.Name, why...)
		return &out
	}
	var all uint64
	for _, f := range z.File {
		f.Name = nameOf(f)
		ext := strings.ToLower(path.Ext(f.Name))
		if all += f.UncompressedSize64; all > maxAllFiles+maxWhole {
			return nil, "", bad(f, "reason", "bomb")
		}
		switch {
		case f.Name == "" || len(f.Name) > maxFileName || !utf8.ValidString(f.Name) || strings.ContainsAny(f.Name, "/\\:\x00") || f.Name == ".." || f.FileInfo().IsDir():
			return nil, "", bad(f, "reason", "path_parts")
		case ext == ".zip" || ext == ".rar" || ext == ".7z" || ext == ".gz" || ext == ".tar":
			return nil, "", bad(f, "reason", "nested")
		case ext == ".pdf":
			continue
		}
		found, known := map[string]Format{".xml": XML, ".json": JSON, ".csv": CSV, ".xlsx": XLSX}[ext]
		switch {
		case !known:
			return nil, "", bad(f, "reason", "unexpected_file")
		case document != nil:
			return nil, "", bad(f, "reason", "two_documents")
		}
		document, format = f, found
	}
	if document == nil {
		out := packageFault("", "reason", "no_document")
		return nil, "", &out
	}
	return document, format, nil
}

// nameOf is the name of a file: programs in China write it in GBK.
func nameOf(f *zip.File) string {
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	name, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name)
	if err != nil || strings.ContainsRune(name, utf8.RuneError) {
		return f.Name
	}
	return name
}

// attach gives a row the files that its declaration names, and compares what
// it says about them.
func (p *packageReader) attach(row *Row) error {
	p.refused = p.refused || declarations.Rejected(row.Faults)
	total := int64(0)
	for i := range row.Declaration.Attachments {
		a := &row.Declaration.Attachments[i]
		at := declarations.IndexPath("attachments", i, "file_name")
		name, f := entryOf(p.zip, a)
		if f == nil {
			row.at(at, sheetFault(declarations.Warn, codeFileAbsent, "name", clip(name)))
			continue
		}
		p.named[f.Name] = true
		data, err := archive.Bytes(f, maxFile)
		if err != nil {
			return err
		}
		if total += int64(len(data)); total > maxAllFiles {
			return archive.Bomb(f.Name)
		}
		if !bytes.HasPrefix(data, []byte("%PDF-")) {
			row.at(at, sheetFault(declarations.Reject, codeNotPDF, "name", clip(name)))
			continue
		}
		if len(data) > maxPDF {
			row.at(at, sheetFault(declarations.Warn, codeBigFile, "element", "EdocRealation", "value", clip(name)))
		}
		if size := strconv.Itoa(len(data)); a.SizeBytes != "" && a.SizeBytes != size {
			row.at(declarations.IndexPath("attachments", i, "size_bytes"),
				sheetFault(declarations.Warn, codeFileSize, "name", clip(name), "value", clip(a.SizeBytes), "count", size))
		}
		sum := sha256.Sum256(data)
		row.Files = append(row.Files, File{Name: f.Name, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data)), Data: data})
	}
	return nil
}

// entryOf finds the file of an attachment: by its file name at the
// enterprise, or by its document number, which is a file name by its form.
func entryOf(z *zip.Reader, a *declarations.Attachment) (name string, f *zip.File) {
	for _, name := range []string{a.FileName, a.DocumentNumber, a.DocumentNumber + ".pdf"} {
		if name == "" || name == ".pdf" {
			continue
		}
		if f := archive.Find(z, name); f != nil {
			return name, f
		}
	}
	if a.FileName != "" {
		return a.FileName, nil
	}
	return a.DocumentNumber, nil
}

func (r *Row) at(canonical string, f declarations.Fault) {
	f.Path, f.Line, f.Column = r.Locate(canonical)
	r.Faults = append(r.Faults, f)
}

// unnamed are the files that no declaration names.
func (p *packageReader) unnamed() []declarations.Fault {
	if p.refused {
		return nil
	}
	var faults []declarations.Fault
	for _, f := range p.zip.File {
		if f != p.document && !p.named[f.Name] {
			faults = append(faults, packageFault(f.Name, "reason", "not_named"))
		}
	}
	return faults
}
