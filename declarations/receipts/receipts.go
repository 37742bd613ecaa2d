// Package receipts reads what customs and the platform answer, in every shape
// that receipts have, into events of a declaration; and writes the two shapes
// that a customs sandbox answers with.
//
// Contract: one document is one event, but for the envelope of notifications
// (MetaData), which may hold several. The events come with warnings at most,
// or there are faults and no event. Content decides; a file name only tells which of our own files
// is answered. Nothing is looked up and nothing is guessed: a code outside
// the table is an event like any other, and a document that says neither what
// happened nor to whom is a fault.
//
// The package does not know declarations that exist, their status, folders or
// the database.
package receipts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// MaxSize is the largest receipt that is read, in bytes: 3 MiB, the limit of
// one client companion program (receipts.md §7).
const MaxSize = 3 << 20

// Codes of faults of receipts. All but CodeTruncated mean: put aside at once.
const (
	CodeUnknown      = "RCP-1001" // well-formed, but no shape of a receipt; args: root, namespace
	CodeTruncated    = "RCP-1002" // ends in the middle: may still be being written
	CodeNoCode       = "RCP-1003" // does not say what happened; args: element
	CodeBadDate      = "RCP-1004" // time of the event missing or not to be ordered; args: element, value
	CodeNamesNothing = "RCP-1005" // does not say what it is about; args: elements
	CodeBadBase64    = "RCP-1006" // data of an envelope cannot be decoded; args: reason (slug)
	CodeTwice        = "RCP-1007" // an element that may stand once stands more often; args: element
	CodeTooLong      = "RCP-1008" // a value is longer than it can be; args: element, limit
	CodeBadJSON      = "RCP-1009" // JSON that is not the receipt form; args: reason (slug)
	CodeBadID        = "RCP-1010" // message id is no UUID; args: value
	CodeNotReceipt   = "RCP-1011" // neither XML nor JSON
	CodeSeveral      = "RCP-1012" // several events where one is expected; args: count
)

// Truncated tells a document that stopped in the middle, and may be complete
// when it is read again, from one that never will be a receipt.
func Truncated(faults []declarations.Fault) bool {
	for i := range faults {
		if faults[i].Code == CodeTruncated {
			return true
		}
	}
	return false
}

// Parse reads a document that is one receipt; one that holds several has the
// fault CodeSeveral. fileName is the name under which it came, empty when it
// came without one. A temporary name (.tmp, .temp) is the business of whoever
// scans the folder.
func Parse(data []byte, fileName string) (declarations.Event, []declarations.Fault) {
	events, faults := ParseAll(data, fileName)
	if len(events) > 1 {
		return declarations.Event{}, []declarations.Fault{fault(CodeSeveral, "/", nil, "count", strconv.Itoa(len(events)))}
	}
	if declarations.Rejected(faults) {
		return declarations.Event{}, faults
	}
	return events[0], faults
}

// ParseAll reads every receipt of a document, in the order of the document:
// at least one, or faults of which one at least rejects. A document with one
// receipt that cannot be read gives none, so that all of it is put aside.
func ParseAll(data []byte, fileName string) ([]declarations.Event, []declarations.Fault) {
	p := &parser{name: ownName(fileName)}
	events, faults := p.document(data)
	if declarations.Rejected(faults) {
		return nil, faults
	}
	return events, faults
}

// parser holds what the transport told about the document.
type parser struct {
	name    string // our own file that it answers, empty when not told
	message string // our own message id, when an envelope told it
	wrapped bool   // inside an envelope
	faults  []declarations.Fault
}

func (p *parser) document(data []byte) ([]declarations.Event, []declarations.Fault) {
	if len(data) > MaxSize {
		return refuse(declarations.CodeTooLarge, "/", nil, "limit", strconv.Itoa(MaxSize), "unit", "bytes")
	}
	switch first := firstByte(data); first {
	case '{':
		return p.json(data)
	case '<', 0: // nothing at all is strictxml's fault as well
		return p.xml(data)
	default:
		return refuse(CodeNotReceipt, "/", nil)
	}
}

// firstByte is the first byte that is not white space, after a byte order mark; 0 when there is none.
func firstByte(data []byte) byte {
	data = bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(data) == 0 {
		return 0
	}
	return data[0]
}

// shape is one form of receipt: its root and how it is read.
type shape struct {
	local string
	space func(uri string) bool
	read  func(p *parser, root *strictxml.Element) []declarations.Event
}

// single is the reader of a shape that holds one event.
func single(read func(*parser, *strictxml.Element) declarations.Event) func(*parser, *strictxml.Element) []declarations.Event {
	return func(p *parser, root *strictxml.Element) []declarations.Event {
		return []declarations.Event{read(p, root)}
	}
}

// shapes is filled by a function because one of them, the envelope, holds the others.
func shapes() []shape {
	return []shape{
		{"DecImportResponse", decSpace, single((*parser).importResponse)},
		{"Root", noSpace, single((*parser).rootResponse)},
		{"DEC_RESULT", noSpace, single((*parser).decResult)},
		{"DEC_DATA", noSpace, single((*parser).decData)},
		{"CommonResponeMessage", noSpace, single((*parser).commonResponse)},
		{"Package", noSpace, single((*parser).approval)},
		{"Manifest", manifestSpace, single((*parser).manifest)},
		{"MetaData", wcoSpace, (*parser).metaData},
		{"Response", wcoSpace, (*parser).bareResponse},
		{"DxpMsg", dxpSpace, (*parser).envelope},
	}
}

func (p *parser) xml(data []byte) ([]declarations.Event, []declarations.Fault) {
	root, faults := strictxml.Read(data, strictxml.Limits{Bytes: MaxSize, GB18030: true})
	if len(faults) > 0 {
		if cutShort(data, faults) {
			faults = append([]declarations.Fault{{Code: CodeTruncated, Severity: declarations.Reject, Path: "/"}}, faults...)
		}
		return nil, faults
	}
	for _, s := range shapes() {
		if root.Local != s.local || !s.space(root.Space) || s.local == "DxpMsg" && p.wrapped {
			continue
		}
		events := s.read(p, root)
		for i := range events {
			p.limit(&events[i])
		}
		return events, p.faults
	}
	return refuse(CodeUnknown, "/"+root.Local, root, "root", root.Local, "namespace", root.Space)
}

// The namespaces of the shapes. Prefixes never matter.
const (
	decNamespace = "http://www.chinaport.gov.cn/dec"
	dxpNamespace = "http://www.chinaport.gov.cn/dxp"
)

func noSpace(uri string) bool  { return uri == "" }
func dxpSpace(uri string) bool { return uri == dxpNamespace }

func decSpace(uri string) bool {
	return uri == decNamespace || uri == decNamespace+"_3_1" || uri == ""
}

// manifestSpace: the namespace of a manifest carries the message type, and
// some traffic removes it (envelopes.md §3).
func manifestSpace(uri string) bool {
	return uri == "" || strings.HasPrefix(uri, "urn:Declaration:datamodel:standard:CN:")
}

func refuse(code, path string, at *strictxml.Element, args ...string) ([]declarations.Event, []declarations.Fault) {
	return nil, []declarations.Fault{fault(code, path, at, args...)}
}

func fault(code, path string, at *strictxml.Element, args ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: strictxml.Args(args...)}
	if at != nil {
		f.Line, f.Column = at.Line, at.Column
	}
	return f
}

// one is the text of the only child of that name, trimmed; empty without one,
// or without the parent.
func (p *parser) one(e *strictxml.Element, local string) string {
	all := e.All(local)
	if len(all) > 1 {
		p.faults = append(p.faults, fault(CodeTwice, "/"+e.Local+"/"+local, all[1], "element", local))
	}
	return strings.TrimSpace(e.ChildText(local))
}

// limits are wider than any form allows, so that only nonsense meets them.
// Texts are never cut and have no limit but the document's.
const (
	codeLimit = 16
	nameLimit = 64
	fileLimit = 255 // of the file systems that receipts come from
)

func (p *parser) limit(e *declarations.Event) {
	for _, v := range []struct {
		element, value string
		limit          int
	}{
		{"code", e.Code, codeLimit}, {"office", e.Office, codeLimit},
		{"sequence_number", e.SequenceNumber, nameLimit}, {"client_reference", e.ClientReference, nameLimit},
		{"entry_number", e.EntryNumber, nameLimit}, {"FileName", p.name, fileLimit}, {"FunctionalReferenceID", noticeID(e), nameLimit},
	} {
		if len(v.value) > v.limit {
			p.faults = append(p.faults, fault(CodeTooLong, "/", nil, "element", v.element, "limit", strconv.Itoa(v.limit)))
		}
	}
}

// event completes an event with what the transport told, and with its hash.
func (p *parser) event(e declarations.Event) declarations.Event {
	e.FileName, e.MessageID = p.name, p.message
	if id := MessageIDFromName(p.name); id != "" {
		e.MessageID = id
	}
	if e.Family == "" {
		e.Family = familyDeclaration
	}
	e.Hash = contentHash(e)
	return e
}

const familyDeclaration = "DEC"

// contentHash is the SHA-256 of what a receipt says, in fixed order and each
// value with its length. White space, prefixes, encoding and the file's name
// are no part of it: two copies of one receipt have one hash.
func contentHash(e declarations.Event) string {
	at := ""
	if !e.At.IsZero() {
		at = e.At.UTC().Format(time.RFC3339Nano)
	}
	subject := ""
	if e.SequenceNumber == "" && e.ClientReference == "" && e.EntryNumber == "" {
		subject = e.MessageID + "/" + e.FileName // all that ties it to anything
	}
	h := sha256.New()
	for _, v := range []string{e.Family, e.Code, at, e.SequenceNumber, e.ClientReference, e.EntryNumber, e.Office, e.Text, subject} {
		h.Write([]byte(strconv.Itoa(len(v)) + ":" + v))
	}
	return hex.EncodeToString(h.Sum(nil))
}
