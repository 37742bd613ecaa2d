package clearance

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
)

// Paper is one statement on supporting documents: what this declaration must
// have, and what it need not. Only what a source says is stated.
type Paper struct {
	Rule  string   `json:"rule" example:"licence_k"`
	Need  string   `json:"need" enum:"required,not_required,limit,unknown"`
	State string   `json:"state" enum:"present,missing,exceeded,not_applicable,unknown"`
	Paths []string `json:"paths,omitempty" doc:"Where it is, or where it is missing"`
	Text  string   `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
	args     map[string]string
}

// maxPDF is the size that one vendor takes (V058): 4 MB.
const maxPDF = 4 << 20

// PapersOf says what must be attached for this trade mode and what need not.
func PapersOf(d *declarations.Declaration, attempt int) []Paper {
	papers := []Paper{licenceK(d), filesOfY(d), sizes(d)}
	if attempt > 1 && len(d.Attachments) > 0 {
		papers = append(papers, resend(d))
	}
	if d.IsSummary() {
		papers = append(papers, Paper{Rule: "summary_files", Need: "not_required", State: "not_applicable", Evidence: declarations.Secondary, Basis: "fight1991/my-project2.0"})
	}
	return append(papers, Paper{Rule: "others", Need: "unknown", State: "unknown", Evidence: declarations.Unverified, Basis: "own rule"})
}

// licenceK: trade modes 0255 and 0654 require document K (V047).
func licenceK(d *declarations.Declaration) Paper {
	p := Paper{Rule: "licence_k", Need: "required", Evidence: declarations.Secondary, Basis: "V047", args: map[string]string{"mode": d.Header.TradeModeCode}}
	if d.Header.TradeModeCode != "0255" && d.Header.TradeModeCode != "0654" {
		p.Need, p.State = "not_required", "not_applicable"
		return p
	}
	p.State, p.Paths = "missing", []string{"documents"}
	if i := document(d, "K"); i >= 0 {
		p.State, p.Paths = "present", []string{declarations.IndexPath("documents", i, "type_code")}
	}
	return p
}

// filesOfY: on import document Y requires the files 00000001 and 00000003 (V029).
func filesOfY(d *declarations.Declaration) Paper {
	p := Paper{Rule: "files_of_y", Need: "required", Evidence: declarations.Secondary, Basis: "V029"}
	if d.IsExport() || document(d, "Y") < 0 {
		p.Need, p.State = "not_required", "not_applicable"
		return p
	}
	p.State = "present"
	for _, code := range []string{"00000001", "00000003"} {
		i := slices.IndexFunc(d.Attachments, func(a declarations.Attachment) bool { return a.DocumentTypeCode == code })
		if i < 0 {
			p.State, p.Paths = "missing", append(p.Paths, "attachments")
			continue
		}
		p.Paths = append(p.Paths, declarations.IndexPath("attachments", i, "document_type_code"))
	}
	return p
}

func document(d *declarations.Declaration, code string) int {
	return slices.IndexFunc(d.Documents, func(x declarations.Document) bool { return x.TypeCode == code }) // codes are case-sensitive
}

// sizes: a PDF has at most 4 MB (V058, a warning). A size that is not stated is not known.
func sizes(d *declarations.Declaration) Paper {
	p := Paper{Rule: "pdf_size", Need: "limit", State: "not_applicable", Evidence: declarations.Secondary, Basis: "V058"}
	for i := range d.Attachments {
		a := &d.Attachments[i]
		if a.FormatCode != "US" && !strings.HasSuffix(strings.ToLower(a.FileName), ".pdf") {
			continue
		}
		path := declarations.IndexPath("attachments", i, "size_bytes")
		n, err := strconv.ParseInt(a.SizeBytes, 10, 64)
		switch {
		case err == nil && n > maxPDF:
			p.State, p.Paths = "exceeded", append(p.Paths, path)
		case err != nil && p.State != "exceeded":
			p.State, p.Paths = "unknown", append(p.Paths, path)
		case p.State == "not_applicable":
			p.State = "present"
		}
	}
	return p
}

// resend: a file that is sent again needs its reason (OpNote).
func resend(d *declarations.Declaration) Paper {
	p := Paper{Rule: "resend_reason", Need: "required", State: "present", Evidence: declarations.Unverified, Basis: "kennard520/JeecgBoot"}
	for i := range d.Attachments {
		if d.Attachments[i].ResendReason == "" {
			p.State, p.Paths = "missing", append(p.Paths, declarations.IndexPath("attachments", i, "resend_reason"))
		}
	}
	return p
}
