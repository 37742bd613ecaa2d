package wcoxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
)

// Codes of faults of additional messages (function 13).
const (
	codeRequest     = "WCO-1101" // what the message says about itself is missing or does not fit; args: element, value
	codeNoChange    = "WCO-1102" // the two declarations are the same in this message
	codeUnamendable = "WCO-1103" // a difference that no amendment can carry; args: wco_path, value
)

// Codes of messages, and of the reason that additional ones give (wco-dec.md
// sections 5 and 6).
const (
	functionOriginal = "9" // 284 of the samples
	functionAdded    = "13"
	typeAmendment    = "COR"
	typeCancellation = "INV"
	typeArrival      = "GPR"
	cancelReason     = "1"   // ChangeReasonCode of a cancellation
	freeText         = "AES" // StatementTypeCode: the reason in words
)

// Request is what an additional message says about itself. Change reason
// codes seen are 21, 22, 25, 28, 29, 30, 32 and 33; no list of their texts is
// published, so the declarant chooses.
type Request struct {
	Reference   string // LRN of this message, a new one
	EntryNumber string // MRN of the declaration that it is about
	Submitter   string // id of who submits; cancellations and arrivals must name it
	ReasonCode  string // ChangeReasonCode of an amendment
	ReasonText  string // in words; a cancellation must have it
}

// WriteCancellation writes the message that asks to cancel a declaration.
func WriteCancellation(r Request) ([]byte, []declarations.Fault) {
	m := newRequest(r, typeCancellation)
	m.required("Submitter/ID", r.Submitter)
	m.reason(r.ReasonText, 1, true)
	m.amendment(cancelReason, nil)
	return m.bytes()
}

// WriteArrival writes the message that the goods of a pre-lodged declaration
// have been presented.
func WriteArrival(r Request) ([]byte, []declarations.Fault) {
	m := newRequest(r, typeArrival)
	m.required("Submitter/ID", r.Submitter)
	return m.bytes()
}

// requestMessage is an additional message while it is being written.
type requestMessage struct {
	root   *element
	faults []declarations.Fault
}

func newRequest(r Request, typeCode string) *requestMessage {
	m := &requestMessage{root: root()}
	m.required("FunctionCode", functionAdded)
	m.required("FunctionalReferenceID", r.Reference)
	m.required("ID", r.EntryNumber)
	m.required("TypeCode", typeCode)
	return m
}

// required sets a leaf below Declaration; a value that is missing or does not
// fit is a fault.
func (m *requestMessage) required(path, value string) {
	p := below(Root(), path)
	m.set(m.root.put(p), value)
}

func (m *requestMessage) set(e *element, value string) {
	value = lexical(e.node, strings.TrimSpace(value))
	if value == "" || wrong(e.node, value) != "" || !xmlText(value) {
		m.fault(codeRequest, "element", e.node.Name, "value", shorten(value))
		return
	}
	e.text = value
}

func (m *requestMessage) fault(code string, args ...string) {
	path := "/"
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	m.faults = append(m.faults, f)
}

// reason writes the reason in words of the k-th amendment: pointers 42A and
// 06A with its number.
func (m *requestMessage) reason(text string, k int, required bool) {
	if text == "" && !required {
		return
	}
	e := m.root.add(Root().Child("AdditionalInformation"))
	m.set(e.make(e.node.Child("StatementDescription"), 1), text)
	m.set(e.make(e.node.Child("StatementTypeCode"), 1), freeText)
	amendment := Root().Child("Amendment")
	addPointer(e, declarations.Pointer{{ID: Root().ID, Sequence: 1}, {ID: amendment.ID, Sequence: k}})
}

// amendment adds one Amendment, whose number among them it returns.
func (m *requestMessage) amendment(code string, to declarations.Pointer) int {
	e := m.root.add(Root().Child("Amendment"))
	m.set(e.make(e.node.Child("ChangeReasonCode"), 1), code)
	addPointer(e, to)
	return e.nth
}

// addPointer writes a pointer below e, one element for each section.
func addPointer(e *element, to declarations.Pointer) {
	for _, s := range to {
		step := e.add(e.node.Child("Pointer"))
		for name, text := range map[string]string{"SequenceNumeric": sequence(s.Sequence), "DocumentSectionCode": s.ID, "TagID": s.Tag} {
			if text != "" {
				step.make(step.node.Child(name), 1).text = text
			}
		}
	}
}

func sequence(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (m *requestMessage) bytes() ([]byte, []declarations.Fault) {
	if declarations.Rejected(m.faults) {
		return nil, m.faults
	}
	out := encoder{}
	out.message(&Submit, m.root)
	return out.buf, m.faults
}
