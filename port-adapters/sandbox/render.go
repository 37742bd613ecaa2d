package sandbox

import (
	"time"

	"kouan/declarations"
	"kouan/declarations/receipts"
)

// mark begins every text that a person will read.
const mark = "【沙箱 sandbox】"

// importResponse renders the answer of the import client.
func importResponse(p *plan, s step) ([]byte, error) {
	r := receipts.ImportResponse{ResponseCode: "0", ErrorMessage: mark + s.note, ClientSeqNo: p.facts.reference, SeqNo: p.seqNo}
	if s.code == declarations.CodeImportFailed {
		r.ResponseCode, r.SeqNo = "-1", ""
	}
	return receipts.WriteImportResponse(r)
}

// decResult renders a business receipt: without ENTRY_ID and D_DATE before
// customs has the declaration (receipts.md section 2.2).
func decResult(p *plan, s step, at time.Time) ([]byte, error) {
	r := receipts.DecResult{
		SeqNo:        p.seqNo,
		EntryID:      p.entryNo,
		NoticeDate:   at,
		Channel:      s.code,
		Note:         mark + s.note,
		CustomMaster: p.facts.officeCode(),
		IEDate:       p.facts.importExportDay(),
		DDate:        at.In(chinaTime).Format(time.DateOnly),
	}
	if s.code == "7" {
		r.EntryID, r.DDate = "", ""
	}
	return receipts.WriteDecResult(r)
}
