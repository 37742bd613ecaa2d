package receipts

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// jsonReceipt is our own form for partners that send no XML. Code is a CHANNEL
// code, imported or import_failed, or RES- and the function code of a
// notification; at is RFC 3339 and may be missing for the
// latter two only.
type jsonReceipt struct {
	Code            string `json:"code"`
	SequenceNumber  string `json:"sequence_number"`
	ClientReference string `json:"client_reference"`
	EntryNumber     string `json:"entry_number"`
	At              string `json:"at"`
	Text            string `json:"text"`
	MessageID       string `json:"message_id"`
}

func (p *parser) json(data []byte) ([]declarations.Event, []declarations.Fault) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var r jsonReceipt
	if err := json.Unmarshal(data, &r, json.RejectUnknownMembers(true)); err != nil {
		return nil, badJSON(data, err)
	}
	for _, v := range []*string{&r.Code, &r.SequenceNumber, &r.ClientReference, &r.EntryNumber, &r.Text} {
		*v = strings.TrimSpace(*v) // as in XML, so that copies are copies
	}
	e := declarations.Event{
		Code: r.Code, SequenceNumber: r.SequenceNumber, ClientReference: r.ClientReference,
		EntryNumber: r.EntryNumber, Text: r.Text,
	}
	if e.Code == "" {
		p.faults = append(p.faults, fault(CodeNoCode, "code", nil, "element", "code"))
	}
	e.At = p.jsonTime(&e, r.At)
	if r.MessageID != "" {
		id, err := uuid.Parse(r.MessageID)
		if err != nil {
			p.faults = append(p.faults, fault(CodeBadID, "message_id", nil, "value", cut(r.MessageID)))
		}
		p.message = id.String()
	}
	if e.SequenceNumber == "" && e.ClientReference == "" && e.EntryNumber == "" && r.MessageID == "" {
		p.faults = append(p.faults, fault(CodeNamesNothing, "", nil, "elements", "sequence_number, client_reference, entry_number, message_id"))
	}
	p.limit(&e)
	return []declarations.Event{p.event(e)}, p.faults
}

func (p *parser) jsonTime(e *declarations.Event, v string) time.Time {
	if v == "" && e.IsImportResponse() {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil || !plausible(t) {
		p.faults = append(p.faults, fault(CodeBadDate, "at", nil, "element", "at", "value", cut(v)))
		return time.Time{}
	}
	return t.UTC()
}

// badJSON places what is wrong with a document in JSON form. The decoder's own
// words are English and go nowhere: the reason is a slug.
func badJSON(data []byte, err error) []declarations.Fault {
	f := fault(CodeBadJSON, "", nil, "reason", "receipt_form")
	var syntactic *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Code, f.Args = CodeTruncated, nil
	case errors.As(err, &syntactic):
		f = fault(CodeBadJSON, string(syntactic.JSONPointer), nil, "reason", "json_syntax")
		if errors.Is(err, jsontext.ErrDuplicateName) {
			f.Args = strictxml.Args("reason", "json_duplicate")
		}
		f.Line, f.Column = place(data, syntactic.ByteOffset)
	case errors.As(err, &semantic):
		f.Path = string(semantic.JSONPointer)
		f.Line, f.Column = place(data, semantic.ByteOffset)
	}
	return []declarations.Fault{f}
}

// place makes line and column, both from 1, of a byte offset.
func place(data []byte, offset int64) (line, column int) {
	before := data[:min(max(offset, 0), int64(len(data)))]
	return bytes.Count(before, []byte("\n")) + 1, len([]rune(string(before[bytes.LastIndexByte(before, '\n')+1:]))) + 1
}
