// Package dxp is the data exchange platform wire: a DxpMsg envelope around
// one business document, handed over by HTTP POST.
//
// Contract: Write and Read turn an Envelope into the XML of envelopes.md
// section 1 and back; Read trusts nothing and answers faults with places.
// Adapter delivers a message in such an envelope; the same message always
// makes the same bytes, so a resend can be told from a change.
//
// The package does not know what the business document says, who sends it, or
// the queue that it comes from. An HTTP answer is transport only: what customs
// thinks of the document comes back later, by another way.
package dxp

import (
	"time"

	"kouan/declarations"
)

// Namespace of the envelope.
const Namespace = "http://www.chinaport.gov.cn/dxp"

// MsgTypeDeclaration is the MsgType of declarations and of their receipts.
const MsgTypeDeclaration = "DECMSG"

// Keys of AddInfo/BizKey.
const (
	KeyRetType  = "RetType"   // type of a receipt
	KeyDealFlag = "DealFlag"  // its result
	KeyOrigMsg  = "OrigMsgId" // message id that it answers; our own key, the sandbox writes it
)

// Limits of the envelope (envelopes.md section 1) and of its content.
const (
	MaxMsgID     = 255
	MaxSenderID  = 16
	MaxReceivers = 5
	MaxReceiver  = 18
	MaxMsgType   = 30
	MaxData      = 8 << 20 // bytes of the business document
)

// Codes of what is wrong with an envelope; the words come from i18n.
const (
	CodeNotEnvelope = "DXP-1001" // root is not DxpMsg of Namespace; args: element, namespace
	CodeMissing     = "DXP-1002" // element missing or empty, or not 1 to 5 receivers; args: element
	CodeTooLong     = "DXP-1003" // value longer than allowed; args: element, limit
	CodeBase64      = "DXP-1004" // Data is not Base64
	CodeDataSize    = "DXP-1005" // document in Data above the limit; args: limit, unit
	CodeCreatTime   = "DXP-1006" // CreatTime not readable; args: value
	CodeTwice       = "DXP-1007" // element that stands once at most stands again; args: element
)

// Envelope is one DxpMsg. MsgID and CopMsgID are unique per message.
type Envelope struct {
	ID          string // attribute Id
	CopMsgID    string // the sender's own message id; the receiver removes duplicates by it
	SenderID    string
	ReceiverIDs []string // 1 to 5
	CreatedAt   time.Time
	MsgType     string
	Data        []byte            // the business document itself, not Base64
	FileName    string            // AddInfo/FileName, may be empty
	BizKeys     map[string]string // AddInfo/BizKey, may be nil
}

// chinaTime is the zone of times without one. China has no summer time.
var chinaTime = time.FixedZone("CST", 8*60*60)

func fault(code, path string, args map[string]string) declarations.Fault {
	return declarations.Fault{Code: code, Severity: declarations.Reject, Path: path, Args: args}
}
