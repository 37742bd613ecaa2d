package customsxml

import (
	"kouan/declarations/strictxml"
)

// envelopeHead is what SWImpHead must say when it says it (V079). The interface
// has no other message type, format or compression under ImportMessage;
// FunctionCode is not judged, 0 and G were seen (decmessage.md section 1.2).
var envelopeHead = map[string]string{"MsgType": "SWDEC001", "Format": "xml", "Compress": "0"}

// importMessage opens the envelope of 2017-2018. Its head (SWImpHead) is
// transport data of its time and ends here.
func (p *parser) importMessage(root *strictxml.Element) *strictxml.Element {
	var message *strictxml.Element
	wrong := 0
	for _, c := range root.Children {
		switch {
		case c.Local == "SWImpHead" && c.Space == "":
			p.envelopeHead(c)
		case c.Local == "SWImpData" && c.Space == "":
			for _, m := range c.Children {
				switch {
				case m.Local != "DecMessage" || m.Space != "" && !known(m.Space):
					p.reject(codeRoot, m, "element", m.Local, "namespace", m.Space)
					wrong++
				case message != nil:
					p.reject(codeDuplicate, m, "element", m.Local)
				default:
					message = m
				}
			}
		default:
			p.warn(codeUnknown, c, "element", c.Local, "kept", "false")
		}
	}
	if message == nil && wrong == 0 {
		at := root
		if data := root.Child("SWImpData"); data != nil {
			at = data
		}
		p.reject(codeNoMessage, at)
	}
	return message
}

// envelopeHead judges the three elements that say what the envelope holds.
func (p *parser) envelopeHead(head *strictxml.Element) {
	for _, c := range head.Children {
		if want, judged := envelopeHead[c.Local]; judged && c.Space == "" && c.Text != want {
			p.reject(codeEnvelope, c, "element", c.Local, "value", short(c.Text))
		}
	}
}

// short cuts a value for a fault: 40 characters.
func short(v string) string {
	n := 0
	for i := range v {
		if n == 40 {
			return v[:i] + "…"
		}
		n++
	}
	return v
}
