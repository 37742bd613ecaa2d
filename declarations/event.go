package declarations

import (
	"slices"
	"strings"
	"time"
)

// Event is what one receipt says about one declaration, in any of the shapes
// that receipts have. Who it belongs to is found later: by FileName, by
// ClientReference, by SequenceNumber or by EntryNumber, whichever the shape
// carries.
type Event struct {
	Code            string    // CHANNEL, CodeImported, CodeImportFailed, or RES- and a function code
	At              time.Time // NOTICE_DATE, IssueDateTime; zero for an import response, which has none
	SequenceNumber  string    // SeqNo (统一编号), CUS_CIQ_NO
	ClientReference string    // ClientSeqNo of an import response, LRN of a notification
	FileName        string    // name of our own file that it answers, when the name or envelope tells
	MessageID       string    // our own message id that it answers, when the envelope tells
	EntryNumber     string    // ENTRY_ID (海关编号), MRN
	Office          string    // CUSTOM_MASTER, ContactOffice
	Text            string    // NOTE or ErrorMessage, whole; of a notification what its statements and errors say
	Family          string    // DEC, or the bonded and manifest families SAS, INV, NPTS, NEMS, MFT
	Hash            string    // SHA-256 (hex) of the normalised content; of a numbered notification, of its numbers

	Notice *Notice // what only a notification (RES) says; nil for every other shape
}

// The import response takes part in the fold under these codes; they are no CHANNEL codes.
const (
	CodeImported     = "imported"
	CodeImportFailed = "import_failed"
)

// IsImportResponse tells the transport answer (导入响应) from a business receipt.
func (e *Event) IsImportResponse() bool { return e.Code == CodeImported || e.Code == CodeImportFailed }

// Identity is equal for two copies of the same receipt, however they came:
// (SeqNo, CHANNEL, NOTICE_DATE, hash), for an import response (ClientSeqNo or
// file, code, hash), for a notification with a number of its own (number,
// code, time, hash).
func (e *Event) Identity() string {
	at := ""
	if !e.At.IsZero() {
		at = e.At.UTC().Format(time.RFC3339)
	}
	subject := e.SequenceNumber
	switch {
	case e.IsImportResponse():
		subject = e.ClientReference + "/" + e.MessageID + e.FileName
	case e.Notice != nil && e.Notice.ID != "":
		subject = e.Notice.ID
	}
	return e.Family + "|" + subject + "|" + e.Code + "|" + at + "|" + e.Hash
}

// Notice is what a notification (WCO Response, RES) says beside its code. All
// of it is kept as it came: codes without a published list stay codes, amounts
// stay text, and what is not told stays empty.
type Notice struct {
	ID          string // FunctionalReferenceID of the notice itself
	Version     string // VersionID of the declaration at customs
	AcceptedAt  time.Time
	RejectedAt  time.Time
	CancelledAt time.Time
	Errors      []ErrorAt
	Corrections []ErrorAt // places that customs changed (function code 07); Code is the change reason
	Statements  []Statement
	Statuses    []NoticeStatus
	Taxes       []TaxLine
	Payments    []Payment
	Bank        Bank
}

// ErrorAt is one error of customs at its place. The place is told twice: as it
// came, and as the path of the canonical form, which is empty when the pointer
// names something that the canonical form does not have.
type ErrorAt struct {
	Code    string
	Text    string  // empty when customs sent none
	Pointer Pointer // as it came
	Path    string  // items[0].hs_code
}

// Statement is one AdditionalInformation.
type Statement struct {
	Code, Type, Text string
	LimitAt          time.Time // until when customs waits; zero when not told
	Pointer          Pointer
}

// NoticeStatus is one Status: its code has no published list and is kept raw.
type NoticeStatus struct {
	Name        string
	EffectiveAt time.Time
	ReleaseAt   time.Time
}

// LimitAt is the earliest date until which customs waits for an answer; zero
// when the notice sets none.
func (n *Notice) LimitAt() time.Time {
	if n == nil {
		return time.Time{}
	}
	var limit time.Time
	for i := range n.Statements {
		if at := n.Statements[i].LimitAt; !at.IsZero() && (limit.IsZero() || at.Before(limit)) {
			limit = at
		}
	}
	return limit
}

// Section is one step of a pointer (WCO class 97A): the id of a class, which
// of its occurrences, and at the end the id of a data element of it.
type Section struct {
	ID       string // DocumentSectionCode
	Sequence int    // SequenceNumeric, from 1; 0 when not told, which means 1
	Tag      string // TagID
}

// Pointer is the way from the root of a document to a place in it.
type Pointer []Section

// String writes a pointer for people: 42A/67A/68A[1]/23A/21A[3].145.
func (p Pointer) String() string {
	var out strings.Builder
	for i, s := range p {
		if i > 0 {
			out.WriteByte('/')
		}
		out.WriteString(s.ID)
		if s.Sequence > 0 {
			out.WriteString("[" + number(s.Sequence) + "]")
		}
		if s.Tag != "" {
			out.WriteString("." + s.Tag)
		}
	}
	return out.String()
}

// Equal tells whether two pointers name the same place in the same words.
func (p Pointer) Equal(other Pointer) bool { return slices.Equal(p, other) }
