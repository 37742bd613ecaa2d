package receipts

import (
	"fmt"
	"unicode/utf8"

	"github.com/beevik/etree"
)

// ImportResponse is a DecImportResponse as it is written: ResponseCode 0 is
// stored, anything else failed. An empty SeqNo is left out, as real failures do.
type ImportResponse struct {
	ResponseCode string
	ErrorMessage string
	ClientSeqNo  string
	SeqNo        string
	TrnPreID     string
}

// WriteImportResponse writes the import response of receipts.md §2.1.
func WriteImportResponse(r ImportResponse) ([]byte, error) {
	root := etree.NewElement("DecImportResponse")
	root.CreateAttr("xmlns", decNamespace)
	w := writer{root: root}
	w.child("ResponseCode", r.ResponseCode)
	w.child("ErrorMessage", r.ErrorMessage)
	w.child("ClientSeqNo", r.ClientSeqNo)
	if r.SeqNo != "" {
		w.child("SeqNo", r.SeqNo)
	}
	w.child("TrnPreId", r.TrnPreID)
	return w.bytes()
}

// writer builds a document of one level.
type writer struct {
	root *etree.Element
	err  error
}

func (w *writer) child(name, value string) {
	if i := unwritable(value); i >= 0 && w.err == nil {
		w.err = fmt.Errorf("write %s: byte %d of %s is no character of XML", w.root.Tag, i, name)
	}
	w.root.CreateElement(name).SetText(value)
}

func (w *writer) bytes() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8" standalone="yes"`)
	doc.AddChild(w.root)
	doc.Indent(2)
	doc.WriteSettings.CanonicalText, doc.WriteSettings.CanonicalAttrVal = true, true
	out, err := doc.WriteToBytes()
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", w.root.Tag, err)
	}
	return out, nil
}

// unwritable is the place of the first character that XML 1.0 cannot hold; -1 without one.
func unwritable(s string) int {
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		case r == '\t', r == '\n', r == '\r':
		case r < ' ', r == '\uFFFE', r == '\uFFFF':
			return i
		}
	}
	return -1
}
