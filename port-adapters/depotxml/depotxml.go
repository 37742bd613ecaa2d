// Package depotxml is a format of terminals that read XML files: the message
// family of depots (物流监控, WLJK) with MESSAGE, MESSAGE_HEAD and MESSAGE_LIST.
//
// Contract: Letter writes what a terminal is told about a notice; Write and
// Read are each other's inverse for every message of the package; faults name
// line, column and element. A release travels as the release order WLJK_TREL,
// an answer comes back as RESPONSE_INFO with CHK_FLAG 01 or 03, row by row.
//
// No inspection instruction to a terminal has been published, so the notice
// (KOUAN_INSN) and the reports about it (KOUAN_INSE) are our own, modelled on
// the release order and named so that nobody takes them for official ones.
// All WLJK forms are known from one rail depot system (envelopes.md section 4,
// secondary); values of REL_MODE and FORM_TYPE are not known, so they are not
// written. The arrival report WLJK_MT3101 is read by declarations/clearance.
//
// The package does not know wires, files, or who may say what.
package depotxml

import (
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// Types of messages.
const (
	TypeNotice  = "KOUAN_INSN" // ours: inspection notice
	TypeEvents  = "KOUAN_INSE" // ours: reports about notices
	TypeRelease = "WLJK_TREL"  // release order (放行指令)
	TypeAnswer  = "RESPONSE_INFO"
)

const known = TypeNotice + ", " + TypeEvents + ", " + TypeRelease + ", " + TypeAnswer

// Fault codes.
const (
	CodeForm    = "NOT-1401" // a message whose form is not documented; args: type, known
	CodeMissing = "NOT-1402" // an element that the message needs; args: element
	CodeValue   = "NOT-1403" // a value is not of its form; args: element, value, reason (a slug)
	CodeUnknown = "NOT-1404" // warning: an element that is not understood; args: element
	CodeText    = "NOT-1405" // a text that XML cannot hold; args: element
)

// Head is MESSAGE_HEAD.
type Head struct {
	ID       string // MESSAGE_ID
	Function string // FUNCTION_CODE: 9 new, 5 change, 3 cancel, as manifests use it (unverified here)
	Type     string // MESSAGE_TYPE
	At       time.Time
	Sender   string
	Receiver string
	Version  string // of the form
}

// FUNCTION_CODE (facts/manifest_codes.csv; that depots use the same codes is an inference).
const (
	functionNew    = "9"
	functionChange = "5"
	functionCancel = "3"
)

// Message is one message; exactly one of its parts is there, as its type says.
type Message struct {
	Head    Head
	Notice  *Notice
	Release *Release
	Answer  *Answer
	Events  []inspection.Event
}

// Notice is what KOUAN_INSN says: the notice as its terminal may see it.
type Notice struct {
	inspection.Notice
	Letter   string // type of the letter: notice.issued, notice.changed …
	Previous string // id of the message that this one replaces
	Answer   string // address at which a person can answer once
}

// Release is the release order: what may leave.
type Release struct {
	CustomsOffice string // CUSTOMS_CODE
	Direction     string // I_E_FLAG: import, export; empty: another
	Containers    []Released
	Bills         []Released
	ShipID        string
	ShipName      string
	Voyage        string
}

// Released is one container or one bill of a release order.
type Released struct {
	ContainerNumber string               // CONTA_NO
	BillNumber      string               // BILL_NO
	At              time.Time            // REL_TIME
	Packages        declarations.Decimal // PACK_NO
	GrossMassKg     declarations.Decimal // GROSS_WT
	FormNumber      string               // FORM_INFO/FORM_NO: of the declaration
	Goods           string               // FORM_INFO/TRADE_NAME
	Notes           string
}

// Answer is RESPONSE_INFO: what became of one message that we sent.
type Answer struct {
	MessageID string // MSGID: ours
	Passed    bool   // CHK_FLAG 01 passed, 03 returned
	At        time.Time
	Person    string // PER_OP
	Notes     string
	Rows      []Row
}

// Row is the verdict on one bill or container: a head that passed can hold
// rows that were returned, so each counts by itself.
type Row struct {
	ContainerNumber string
	BillNumber      string
	Passed          bool
	Notes           string
}

// port is the zone of times that name none.
var port = time.FixedZone("CST", 8*60*60)
