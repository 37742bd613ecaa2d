package dxp

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"

	"kouan/declarations"
)

// Write makes the XML of e: UTF-8, no indentation, CreatTime in China
// Standard Time with milliseconds. Equal envelopes make equal bytes. An
// envelope that Read would refuse is an error.
func Write(e Envelope) ([]byte, error) {
	if faults := e.check(); len(faults) > 0 {
		return nil, fmt.Errorf("write envelope %s: %s at %s", e.CopMsgID, faults[0].Code, faults[0].Path)
	}
	if text := e.unwritable(); text != "" {
		return nil, fmt.Errorf("write envelope %s: %q has a character that XML cannot hold", e.CopMsgID, text)
	}
	doc := etree.NewDocument()
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("DxpMsg")
	root.CreateAttr("xmlns", Namespace)
	root.CreateAttr("ver", "1.0")
	root.CreateAttr("Id", e.ID)
	writeTransInfo(root, &e)
	root.CreateElement("Data")
	writeAddInfo(root, &e)
	frame, err := doc.WriteToBytes()
	if err != nil {
		return nil, fmt.Errorf("write envelope %s: %w", e.CopMsgID, err)
	}
	return fill(frame, e.Data), nil
}

// fill puts the Base64 text into the empty Data of the frame: the text is most
// of the message and has nothing to escape. "<Data" as markup stands nowhere
// else, because a < in any text or attribute of the frame is escaped.
func fill(frame, data []byte) []byte {
	const empty, open, end = "<Data/>", "<Data>", "</Data>"
	before, after, _ := bytes.Cut(frame, []byte(empty))
	out := make([]byte, 0, len(frame)+len(end)+base64.StdEncoding.EncodedLen(len(data)))
	out = append(append(out, before...), open...)
	out = base64.StdEncoding.AppendEncode(out, data)
	return append(append(out, end...), after...)
}

func writeTransInfo(root *etree.Element, e *Envelope) {
	info := root.CreateElement("TransInfo")
	info.CreateElement("CopMsgId").SetText(e.CopMsgID)
	info.CreateElement("SenderId").SetText(e.SenderID)
	receivers := info.CreateElement("ReceiverIds")
	for _, id := range e.ReceiverIDs {
		receivers.CreateElement("ReceiverId").SetText(id)
	}
	// CreatTime is the standard's own spelling.
	info.CreateElement("CreatTime").SetText(e.CreatedAt.In(chinaTime).Format(creatTimeFull))
	info.CreateElement("MsgType").SetText(e.MsgType)
}

func writeAddInfo(root *etree.Element, e *Envelope) {
	if e.FileName == "" && len(e.BizKeys) == 0 {
		return
	}
	info := root.CreateElement("AddInfo")
	if e.FileName != "" {
		info.CreateElement("FileName").SetText(e.FileName)
	}
	if len(e.BizKeys) == 0 {
		return
	}
	keys := info.CreateElement("BizKey")
	for _, name := range slices.Sorted(maps.Keys(e.BizKeys)) {
		key := keys.CreateElement("Key")
		key.CreateAttr("name", name)
		key.SetText(e.BizKeys[name])
	}
}

// check applies the limits of the envelope to both directions.
func (e *Envelope) check() []declarations.Fault {
	var faults []declarations.Fault
	text := func(path, element, value string, limit int) {
		switch {
		case value == "":
			faults = append(faults, fault(CodeMissing, path, map[string]string{"element": element}))
		case len([]rune(value)) > limit:
			faults = append(faults, fault(CodeTooLong, path, map[string]string{"element": element, "limit": strconv.Itoa(limit)}))
		}
	}
	text("/DxpMsg/@Id", "Id", e.ID, MaxMsgID)
	text("/DxpMsg/TransInfo/CopMsgId", "CopMsgId", e.CopMsgID, MaxMsgID)
	text("/DxpMsg/TransInfo/SenderId", "SenderId", e.SenderID, MaxSenderID)
	if n := len(e.ReceiverIDs); n == 0 || n > MaxReceivers {
		faults = append(faults, fault(CodeMissing, "/DxpMsg/TransInfo/ReceiverIds", map[string]string{"element": "ReceiverId"}))
	}
	for i, id := range e.ReceiverIDs {
		text("/DxpMsg/TransInfo/ReceiverIds/ReceiverId["+strconv.Itoa(i+1)+"]", "ReceiverId", id, MaxReceiver)
	}
	text("/DxpMsg/TransInfo/MsgType", "MsgType", e.MsgType, MaxMsgType)
	if year := e.CreatedAt.In(chinaTime).Year(); year < 1 || year > 9999 {
		faults = append(faults, fault(CodeCreatTime, "/DxpMsg/TransInfo/CreatTime", map[string]string{"value": e.CreatedAt.String()}))
	}
	switch {
	case len(e.Data) == 0:
		faults = append(faults, fault(CodeMissing, "/DxpMsg/Data", map[string]string{"element": "Data"}))
	case len(e.Data) > MaxData:
		faults = append(faults, fault(CodeDataSize, "/DxpMsg/Data", map[string]string{"limit": strconv.Itoa(MaxData), "unit": "bytes"}))
	}
	return faults
}

// unwritable is the first text of e that is no XML text: etree would change it in silence.
func (e *Envelope) unwritable() string {
	texts := append([]string{e.ID, e.CopMsgID, e.SenderID, e.MsgType, e.FileName}, e.ReceiverIDs...)
	for name, value := range e.BizKeys {
		texts = append(texts, name, value)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsFunc(text, notXML) {
			return text
		}
	}
	return ""
}

// notXML is the complement of production Char of XML 1.0.
func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}
