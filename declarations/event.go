package declarations

import "time"

// Event is what one receipt says about one declaration, in any of the shapes
// that receipts have. Who it belongs to is found later: by FileName, by
// ClientReference or by SequenceNumber, whichever the shape carries.
type Event struct {
	Code            string    // CHANNEL, or CodeImported, CodeImportFailed for an import response
	At              time.Time // NOTICE_DATE; zero for an import response, which has none
	SequenceNumber  string    // SeqNo (统一编号), CUS_CIQ_NO
	ClientReference string    // ClientSeqNo; import responses only
	FileName        string    // name of our own file that it answers, when the name or envelope tells
	MessageID       string    // our own message id that it answers, when the envelope tells
	EntryNumber     string    // ENTRY_ID (海关编号)
	Office          string    // CUSTOM_MASTER
	Text            string    // NOTE or ErrorMessage, whole
	Family          string    // DEC, or the bonded and manifest families SAS, INV, NPTS, NEMS, MFT
	Hash            string    // SHA-256 (hex) of the normalised content
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
// file, code, hash).
func (e *Event) Identity() string {
	at := ""
	if !e.At.IsZero() {
		at = e.At.UTC().Format(time.RFC3339)
	}
	subject := e.SequenceNumber
	if e.IsImportResponse() {
		subject = e.ClientReference + "/" + e.MessageID + e.FileName
	}
	return e.Family + "|" + subject + "|" + e.Code + "|" + at + "|" + e.Hash
}
