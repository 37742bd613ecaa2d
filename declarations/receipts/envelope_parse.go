package receipts

import (
	"encoding/base64"
	"strings"

	"github.com/google/uuid"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// envelope reads DxpMsg: the receipt is Base64 in Data. AddInfo repeats type
// and deal flag (BizKey RetType, DealFlag) of what Data says in full; Data
// decides. AddInfo/FileName tells our own file; without it CopMsgId is our own
// message id if it is a UUID at all.
func (p *parser) envelope(root *strictxml.Element) []declarations.Event {
	inner := &parser{name: p.name, message: p.message, wrapped: true}
	if inner.name == "" {
		inner.name = ownName(p.one(root.Child("AddInfo"), "FileName"))
	}
	if id, err := uuid.Parse(p.one(root.Child("TransInfo"), "CopMsgId")); err == nil {
		inner.message = id.String()
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(p.one(root, "Data")), ""))
	if err != nil {
		p.faults = append(p.faults, fault(CodeBadBase64, "/DxpMsg/Data", root.Child("Data"), "reason", "not_base64"))
		return nil
	}
	events, faults := inner.document(data)
	for _, f := range faults {
		if f.Code == CodeTruncated {
			continue // the envelope is whole: waiting does not help
		}
		// Lines inside Data are no lines of the document that came.
		f.Path, f.Line, f.Column = "/DxpMsg/Data"+strings.TrimSuffix(f.Path, "/"), root.Line, root.Column
		p.faults = append(p.faults, f)
	}
	if declarations.Rejected(faults) && !declarations.Rejected(p.faults) {
		p.faults = append(p.faults, fault(CodeNotReceipt, "/DxpMsg/Data", root))
	}
	return events
}
