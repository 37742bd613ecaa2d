package receipts

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Codes of warnings of notifications: the notice counts, and what is unusual
// about it is told.
const (
	CodeLenient  = "RCP-1013" // element in another namespace than that of the profile; args: element, namespace, want
	CodeNoTime   = "RCP-1014" // notice without a time: it goes by its rank alone
	CodeNoZone   = "RCP-1015" // time without a zone, read as UTC; args: element, value
	CodeSideDate = "RCP-1016" // a further date cannot be read and is left out; args: element, value
	CodeUnread   = "RCP-1017" // element that this program does not know; args: element
)

// The namespaces of the profile hmrc-cds/response (wco-dec.md section 2).
const (
	metaDataNamespace = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
	responseNamespace = "urn:wco:datamodel:WCO:RES-DMS:2"
	dateNamespace     = "urn:wco:datamodel:WCO:Response_DS:DMS:2"
)

// wcoSpace lets pass every WCO namespace and none at all: published
// notifications have none, and the customisation part of the name differs
// between authorities. The difference is a warning.
func wcoSpace(uri string) bool {
	return uri == "" || strings.HasPrefix(uri, "urn:wco:datamodel:WCO:")
}

// reserved tells codes that are ours and can be no code of the message that is read.
func reserved(e *declarations.Event) bool {
	return e.IsImportResponse() || declarations.IsResponse(e.Code)
}

func noticeID(e *declarations.Event) string {
	if e.Notice == nil {
		return ""
	}
	return e.Notice.ID
}

// metaData reads the envelope around one or several notifications.
func (p *parser) metaData(root *strictxml.Element) []declarations.Event {
	p.namespace(root, metaDataNamespace)
	responses := root.All("Response")
	if len(responses) == 0 {
		p.noCode(root, "Response")
		return nil
	}
	events := make([]declarations.Event, 0, len(responses))
	for i, r := range responses {
		path := "/MetaData/Response"
		if i > 0 {
			path += "[" + strconv.Itoa(i+1) + "]"
		}
		events = append(events, p.response(r, path))
	}
	return events
}

func (p *parser) bareResponse(root *strictxml.Element) []declarations.Event {
	return []declarations.Event{p.response(root, "/Response")}
}

// response reads one notification (RES): class 07B of wco-dec.md section 7.
// The order of children is not judged here; the schema does that.
func (p *parser) response(r *strictxml.Element, path string) declarations.Event {
	n := notice{parser: p, path: path}
	p.namespace(r, responseNamespace)
	function := n.text(r, "FunctionCode")
	if function == "" {
		p.faults = append(p.faults, fault(CodeNoCode, path+"/FunctionCode", r, "element", "FunctionCode"))
	}
	declaration := answered(r)
	e := declarations.Event{
		Code:            declarations.ResponseCode(function),
		ClientReference: n.text(declaration, "FunctionalReferenceID"), // LRN
		EntryNumber:     n.text(declaration, "ID"),                    // MRN
		Office:          n.text(r.Child("ContactOffice"), "ID"),
		Notice: &declarations.Notice{
			ID:          n.text(r, "FunctionalReferenceID"),
			Version:     n.text(declaration, "VersionID"),
			AcceptedAt:  n.date(declaration, "AcceptanceDateTime"),
			RejectedAt:  n.date(declaration, "RejectionDateTime"),
			CancelledAt: n.date(declaration, "CancellationDateTime"),
			Errors:      n.errors(r),
			Corrections: n.corrections(r),
			Statements:  n.statements(r),
			Statuses:    n.statuses(r),
			Taxes:       n.taxes(declaration),
			Payments:    n.payments(declaration),
			Bank:        declarations.Bank{Reference: n.text(r.Child("Bank"), "ReferenceID"), ID: n.text(r.Child("Bank"), "ID")},
		},
	}
	if e.ClientReference == "" && e.EntryNumber == "" && p.name == "" && p.message == "" {
		p.faults = append(p.faults, fault(CodeNamesNothing, path+"/Declaration", r, "elements", "Declaration/FunctionalReferenceID, Declaration/ID"))
	}
	n.issued(r, &e)
	e.Text = noticeText(e.Notice)
	n.unread(r)
	e = p.event(e)
	e.Hash = noticeHash(&e, r)
	return e
}

// answered is the Declaration that the notice is about. A notice of what
// customs changed holds a second one, of the declaration's own namespace; it
// comes last.
func answered(r *strictxml.Element) *strictxml.Element {
	all := r.All("Declaration")
	for _, d := range all {
		if d.Space == responseNamespace {
			return d
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// issued reads the time of the notice. The schema does not demand one: without
// it the notice stands first, and its rank alone says how far things are.
func (n *notice) issued(r *strictxml.Element, e *declarations.Event) {
	at, element, ok := n.instant(r, "IssueDateTime")
	switch {
	case element == nil:
		n.warn(CodeNoTime, r)
	case !ok:
		n.faults = append(n.faults, fault(CodeBadDate, n.path+"/IssueDateTime", element, "element", "IssueDateTime", "value", cut(strings.TrimSpace(element.Text))))
	}
	e.At = at
}

// noticeText is what the notice says in words, as it came: its statements and
// its errors with their codes. Customs repeats an error as a statement, so a
// sentence stands once.
func noticeText(n *declarations.Notice) string {
	var lines []string
	said := map[string]bool{}
	say := func(text, line string) {
		if line != "" && !said[text] {
			lines = append(lines, line)
		}
		said[text] = text != ""
	}
	for i := range n.Errors {
		say(n.Errors[i].Text, strings.TrimSpace(n.Errors[i].Code+" "+n.Errors[i].Text))
	}
	for i := range n.Statements {
		say(n.Statements[i].Text, n.Statements[i].Text)
	}
	return strings.Join(lines, "\n")
}

// noticeHash identifies a notice. One that has a number of its own is known by
// it, by its code and by the declaration it is about, so that a copy whose
// spelling differs is a copy (wco-dec.md section 7: use for dedupe). Without a
// number all that it says counts.
func noticeHash(e *declarations.Event, r *strictxml.Element) string {
	h := sha256.New()
	put := func(values ...string) {
		for _, v := range values {
			h.Write([]byte(strconv.Itoa(len(v)) + ":" + v))
		}
	}
	put("RES", e.Notice.ID, e.Code, e.ClientReference, e.EntryNumber)
	if e.ClientReference == "" && e.EntryNumber == "" {
		put(e.MessageID, e.FileName) // all that ties it to anything
	}
	if e.Notice.ID == "" {
		content(r, put)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// content writes a tree without prefixes, namespaces and white space.
func content(e *strictxml.Element, put func(...string)) {
	put(e.Local, strings.TrimSpace(e.Text), strconv.Itoa(len(e.Children)))
	for _, a := range e.Attrs {
		if !a.IsNamespace() && a.Space == "" {
			put(a.Local, a.Value)
		}
	}
	for _, c := range e.Children {
		content(c, put)
	}
}

// namespace warns once for each element name that stands in another namespace.
func (p *parser) namespace(e *strictxml.Element, want string) {
	if e.Space != want {
		p.warn(CodeLenient, "/"+e.Local, e, "element", e.Local, "namespace", e.Space, "want", want)
	}
}

// warn adds a warning, once for each code and element.
func (p *parser) warn(code, path string, at *strictxml.Element, args ...string) {
	f := fault(code, path, at, args...)
	f.Severity = declarations.Warn
	for i := range p.faults {
		if p.faults[i].Code == code && p.faults[i].Args["element"] == f.Args["element"] {
			return
		}
	}
	p.faults = append(p.faults, f)
}
