package receipts

import (
	"time"

	"github.com/beevik/etree"
)

// DecResult is a business receipt as it is written.
type DecResult struct {
	SeqNo        string // CUS_CIQ_NO
	EntryID      string // ENTRY_ID, empty with CHANNEL 7
	NoticeDate   time.Time
	Channel      string
	Note         string
	CustomMaster string
	IEDate       string // I_E_DATE, yyyy-MM-dd or empty
	DDate        string // D_DATE, likewise
}

// WriteDecResult writes the business receipt of receipts.md §2.2; NOTICE_DATE
// has whole seconds of China Standard Time and no zone.
func WriteDecResult(r DecResult) ([]byte, error) {
	w := writer{root: etree.NewElement("DEC_RESULT")}
	w.child("CUS_CIQ_NO", r.SeqNo)
	w.child("ENTRY_ID", r.EntryID)
	w.child("NOTICE_DATE", r.NoticeDate.In(chinaStandard).Format("2006-01-02T15:04:05"))
	w.child("CHANNEL", r.Channel)
	w.child("NOTE", r.Note)
	w.child("CUSTOM_MASTER", r.CustomMaster)
	w.child("I_E_DATE", r.IEDate)
	w.child("D_DATE", r.DDate)
	return w.bytes()
}
