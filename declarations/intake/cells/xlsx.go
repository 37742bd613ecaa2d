package cells

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/intake/archive"
)

// Workbooks are read here by the tokens of their XML: the row iterator of
// excelize gives a formula's stored result and an error's text as if they were
// what somebody typed, and its other calls load the whole sheet.

// Bounds of a workbook.
const (
	maxParts  = 2_000
	maxRatio  = 300
	maxSheets = 64
	maxSheet  = 256 << 20 // bytes of a sheet, unpacked
	maxStyles = 8 << 20   // bytes of any other part, unpacked
)

// The content types that the main part of a workbook may have (ECMA-376 part 1, 12.3).
var mainTypes = map[string][]string{
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml":    nil,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": nil,
	"application/vnd.ms-excel.sheet.macroEnabled.main+xml":                          []string{"reason", "macros"},
	"application/vnd.ms-excel.template.macroEnabled.main+xml":                       []string{"reason", "macros"},
	"application/vnd.ms-excel.addin.macroEnabled.main+xml":                          []string{"reason", "macros"},
	"application/vnd.ms-excel.sheet.binary.macroEnabled.main":                       []string{"reason", "binary_workbook"},
}

// compound is how files of OLE begin: workbooks before 2007, and encrypted ones.
var compound = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

// Compound names a file that is no zip but that people take for a workbook:
// encrypted or old; nil for any other.
func Compound(r io.ReaderAt, size int64) (why []string) {
	head := make([]byte, min(size, 256<<10))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		head = head[:n]
	}
	if !bytes.HasPrefix(head, compound) {
		return nil
	}
	if bytes.Contains(head, utf16("EncryptedPackage")) {
		return []string{"reason", "encrypted_workbook"}
	}
	tail := make([]byte, min(size, 256<<10))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		tail = tail[:n]
	}
	if bytes.Contains(tail, utf16("EncryptedPackage")) {
		return []string{"reason", "encrypted_workbook"}
	}
	return []string{"reason", "old_workbook"}
}

func utf16(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// workbook is what is known before rows are read.
type workbook struct {
	zip     *zip.Reader
	sheets  []sheet
	date904 bool // serial dates count from 1904-01-01
	strings texts
	formats []format // by style of a cell
}

type sheet struct {
	name   string
	id     string
	hidden bool
	part   *zip.File
}

// TemplateMark is the first cell of a sheet that explains and holds no data.
const TemplateMark = "kouan:template"

// XLSX opens a workbook and the first of its sheets whose first row with text
// is a header; when there is none, the first sheet.
func XLSX(r io.ReaderAt, size int64, isHeader func(Row) bool) (*Table, error) {
	w, err := openWorkbook(r, size)
	if err != nil {
		return nil, err
	}
	chosen := -1
	var others []string
	var names []Cell   // the header
	var hidden []Range // columns of the chosen sheet
	for i := range w.sheets {
		first, columns, err := w.firstRow(&w.sheets[i])
		switch {
		case err != nil:
			return nil, err
		case chosen < 0 && isHeader(first):
			chosen, names, hidden = i, first.Cells, columns
		case len(first.Cells) == 0, first.Cells[0].Text == TemplateMark:
		default:
			others = append(others, w.sheets[i].name)
		}
	}
	if chosen < 0 {
		chosen = 0
		others = slices.DeleteFunc(others, func(name string) bool { return name == w.sheets[0].name })
	}
	s := &w.sheets[chosen]
	t := &Table{Sheet: s.name}
	if len(others) > 0 {
		t.Warnings = append(t.Warnings, warn(CodeSheets, s.name, "names", strings.Join(others, ", ")))
	}
	if s.hidden {
		t.Warnings = append(t.Warnings, warn(CodeHidden, s.name, "reason", "hidden_sheet", "name", s.name))
	}
	if letters := hiddenColumns(names, hidden); letters != "" {
		t.Warnings = append(t.Warnings, warn(CodeHidden, s.name, "reason", "hidden_columns", "name", letters))
	}
	if t.Merged, err = w.merged(s); err != nil {
		return nil, err
	}
	t.Rows = w.rows(t, s)
	return t, nil
}

// hiddenColumns are the letters of the columns with a header that nobody
// sees: C, F:H. Programs hide all columns behind a table, which hold nothing.
func hiddenColumns(names []Cell, hidden []Range) string {
	unseen := func(n int) bool {
		return n < len(names) && strings.TrimSpace(names[n].Text) != "" &&
			slices.ContainsFunc(hidden, func(r Range) bool { return r.Left <= n+1 && n+1 <= r.Right })
	}
	var out []string
	for n := 0; n < len(names); n++ {
		if !unseen(n) {
			continue
		}
		first := n
		for unseen(n + 1) {
			n++
		}
		letters := ColumnName(first + 1)
		if n > first {
			letters += ":" + ColumnName(n+1)
		}
		out = append(out, letters)
	}
	return strings.Join(out, ", ")
}

func warn(code, place string, args ...string) declarations.Fault {
	return declarations.Fault{Code: code, Severity: declarations.Warn, Path: place, Args: pairs(args)}
}

func openWorkbook(r io.ReaderAt, size int64) (*workbook, error) {
	if why := Compound(r, size); why != nil {
		return nil, refuse(CodeWorkbook, append(why, "name", "")...)
	}
	z, err := archive.Open(r, size, archive.Limits{Entries: maxParts, Ratio: maxRatio})
	if err != nil {
		return nil, ofArchive(err)
	}
	w := &workbook{zip: z}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	if err := w.readBook(main); err != nil {
		return nil, err
	}
	if err := w.relations(main); err != nil {
		return nil, err
	}
	if len(w.sheets) == 0 {
		return nil, broken("workbook")
	}
	return w, nil
}

// ofArchive makes a refusal of what the archive refuses; other errors stay.
func ofArchive(err error) error {
	var refused *archive.Error
	if errors.As(err, &refused) {
		return refuse(CodeWorkbook, append(refused.Why, "name", clip(refused.Name))...)
	}
	return err
}

func broken(name string) *Refusal {
	return refuse(CodeWorkbook, "reason", "broken_workbook", "name", clip(name))
}

func clip(s string) string {
	s = strings.ToValidUTF8(s, "�")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// mainPart finds the workbook by its content type, and refuses what is none
// or would run: macros.
func (w *workbook) mainPart() (string, error) {
	main := ""
	err := w.elements("[Content_Types].xml", func(el *token) error {
		if string(el.local) != "Override" {
			return nil
		}
		why, known := mainTypes[attribute(el, "ContentType")]
		switch {
		case why != nil:
			return refuse(CodeWorkbook, append(slices.Clone(why), "name", "")...)
		case known:
			main = strings.TrimPrefix(attribute(el, "PartName"), "/")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	for _, f := range w.zip.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return "", refuse(CodeWorkbook, "reason", "macros", "name", "")
		case strings.HasPrefix(name, "xl/externallinks/"):
			return "", refuse(CodeWorkbook, "reason", "external_links", "name", clip(f.Name))
		}
	}
	if main == "" {
		return "", refuse(CodeWorkbook, "reason", "no_workbook", "name", "")
	}
	return main, nil
}

func (w *workbook) readBook(main string) error {
	return w.elements(main, func(el *token) error {
		switch string(el.local) {
		case "workbookPr":
			v := attribute(el, "date1904")
			w.date904 = v == "1" || v == "true"
		case "sheet":
			state := attribute(el, "state")
			w.sheets = append(w.sheets, sheet{name: attribute(el, "name"), id: attribute(el, "id"), hidden: state != "" && state != "visible"})
			if len(w.sheets) > maxSheets {
				return refuse(declarations.CodeTooLarge, "unit", "sheets", "limit", strconv.Itoa(maxSheets))
			}
		}
		return nil
	})
}

// relations finds the parts of the workbook: sheets, shared texts, styles. A
// part outside of the file is refused; nothing is ever fetched.
func (w *workbook) relations(main string) error {
	dir, file := path.Split(main)
	shared, styles := "", ""
	targets := map[string]string{}
	err := w.elements(dir+"_rels/"+file+".rels", func(el *token) error {
		if string(el.local) != "Relationship" {
			return nil
		}
		target := attribute(el, "Target")
		if strings.EqualFold(attribute(el, "TargetMode"), "External") {
			return refuse(CodeWorkbook, "reason", "external_links", "name", clip(target))
		}
		if strings.HasPrefix(target, "/") {
			target = target[1:]
		} else {
			target = path.Join(dir, target)
		}
		switch kind := path.Base(attribute(el, "Type")); kind {
		case "sharedStrings":
			shared = target
		case "styles":
			styles = target
		case "worksheet":
			targets[attribute(el, "Id")] = target
		}
		return nil
	})
	if err != nil {
		return err
	}
	kept := w.sheets[:0]
	for _, s := range w.sheets {
		target, known := targets[s.id]
		if !known {
			continue // a chart sheet has no cells
		}
		if s.part = archive.Find(w.zip, target); s.part == nil {
			return broken(s.name)
		}
		kept = append(kept, s)
	}
	w.sheets = kept
	if styles != "" {
		if err := w.readStyles(styles); err != nil {
			return err
		}
	}
	if shared != "" {
		return w.readStrings(shared)
	}
	return nil
}

// elements calls see with each start element of a small part.
func (w *workbook) elements(name string, see func(*token) error) error {
	f := archive.Find(w.zip, name)
	if f == nil {
		return refuse(CodeWorkbook, "reason", "no_workbook", "name", "")
	}
	return w.tokens(f, maxStyles, func(t *token) error {
		if t.kind == startToken {
			return see(t)
		}
		return nil
	})
}

// tokens reads a part strictly; an error of see ends it.
func (w *workbook) tokens(f *zip.File, limit int64, see func(*token) error) (err error) {
	r, err := archive.Part(f, limit)
	if err != nil {
		return ofArchive(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return tokensOf(newScanner(r, scanBuffer), f.Name, see)
}

func tokensOf(s *scanner, name string, see func(*token) error) error {
	for {
		t, err := s.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			var refused *archive.Error
			if errors.As(err, &refused) {
				return ofArchive(err)
			}
			return broken(name)
		case t.kind == directiveToken:
			return refuse(CodeWorkbook, "reason", "document_type", "name", clip(name))
		}
		if err := see(t); err != nil {
			return err
		}
	}
}

func attribute(t *token, local string) string {
	for i := range t.attrs {
		if string(t.attrs[i].local) == local {
			return string(t.attrs[i].value)
		}
	}
	return ""
}
