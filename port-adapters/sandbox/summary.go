package sandbox

import "kouan/declarations"

// The steps of a two-step declaration, Type position 3 (clearance-modes.md §3).
const (
	stepSummary = '5' // 概要申报
	stepFull    = '6' // 完整申报
)

// filingStep is position 3 of Type; 0 when the declaration has no such position.
func filingStep(typ string) byte {
	if len(typ) < 3 {
		return 0
	}
	return typ[2]
}

// summaryNotes are the words of the receipts of a summary (receipts.md §6).
var summaryNotes = map[string]string{
	"SpL": "概要申报海关入库成功 summary received",
	"SpJ": "概要申报审结 summary review finished",
	"SpC": "概要申报查验通知：请于示例场地配合查验 summary inspection",
	"SpE": "概要申报退单：示例原因，第1项商品规格型号申报要素不完整 summary returned: goods line 1, declaration elements incomplete",
	"Sp1": "请在规定期限内补充完整申报 full declaration required",
	"SpK": "提货放行 released for pick-up",
}

// ofSummary is the same story as a summary hears it: receipts that have a
// summary code come under it, the release is one for pick-up (SpK) after the
// full declaration was asked for (Sp1), and what a summary cannot come to
// (suspended, closed) is left out.
func (s *story) ofSummary() *story {
	told := *s
	told.steps = nil
	for _, st := range s.steps {
		switch st.code {
		case declarations.CodeImported, declarations.CodeImportFailed, "7":
			told.steps = append(told.steps, st)
		case "P":
			told.steps = append(told.steps, st.as("Sp1", 0), st.as("SpK", 1))
		default:
			if code := "Sp" + st.code; summaryNotes[code] != "" {
				told.steps = append(told.steps, st.as(code, 0))
			}
		}
	}
	return &told
}

// as is the step under another code, so much later.
func (s step) as(code string, later int) step {
	s.code, s.note = code, summaryNotes[code]
	s.at += later
	if s.dated > 0 {
		s.dated += later
	}
	return s
}
