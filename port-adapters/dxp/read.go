package dxp

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Forms of CreatTime: full is what Write makes; seen without the fraction and without the zone.
const (
	creatTimeFull  = "2006-01-02T15:04:05.000-07:00"
	creatTimeZone  = "2006-01-02T15:04:05Z07:00" // takes a fraction as well
	creatTimePlain = "2006-01-02T15:04:05"
)

// maxEnvelope is the largest envelope that can hold MaxData, with room for
// line breaks inside the Base64 text.
const maxEnvelope = MaxData/3*4 + MaxData/16 + 64<<10

// Read reads an envelope from outside. The document in Data is returned as
// bytes and stays untrusted. Faults name an XPath-like place; with any fault
// of severity reject the envelope is not to be used.
func Read(data []byte) (Envelope, []declarations.Fault) {
	if e, ok := readSplit(data); ok {
		return e, nil
	}
	root, faults := strictxml.Read(data, strictxml.Limits{Bytes: maxEnvelope})
	if declarations.Rejected(faults) {
		return Envelope{}, faults
	}
	e, more := readTree(root, readData)
	return e, append(faults, more...)
}

// readSplit reads the usual envelope four times as fast: the text of <Data>
// is decoded beside the strict reader instead of passing through it byte by
// byte. What decodes as Base64 holds no markup, so the document without it is
// well-formed if and only if the whole is. ok is false for everything that is
// not usual or has a fault; then the whole is read, with exact places.
func readSplit(data []byte) (e Envelope, ok bool) {
	const open, end = "<Data>", "</Data>"
	start := bytes.Index(data, []byte(open))
	if start < 0 || len(data) > maxEnvelope {
		return e, false
	}
	head, tail := data[:start+len(open)], data[start+len(open):]
	length := bytes.Index(tail, []byte(end))
	if length < 0 || base64.StdEncoding.DecodedLen(length) > MaxData+2 {
		return e, false
	}
	document := make([]byte, base64.StdEncoding.DecodedLen(length))
	n, err := base64.StdEncoding.Strict().Decode(document, tail[:length])
	if err != nil {
		return e, false
	}
	root, faults := strictxml.Read(slices.Concat(head, tail[length:]), strictxml.Limits{})
	if len(faults) > 0 || !isEmptyAt(root.Child("Data"), int64(start)) {
		return e, false
	}
	e, faults = readTree(root, func(_ *strictxml.Element, e *Envelope) []declarations.Fault {
		e.Data = document[:n]
		return nil
	})
	return e, len(faults) == 0
}

// isEmptyAt is false when what was cut out stood elsewhere, in a comment for example.
func isEmptyAt(data *strictxml.Element, start int64) bool {
	return data != nil && data.Start == start && data.Text == "" && len(data.Children) == 0
}

// readTree reads the elements of an envelope; data fills Envelope.Data.
func readTree(root *strictxml.Element, data func(*strictxml.Element, *Envelope) []declarations.Fault) (Envelope, []declarations.Fault) {
	if root.Local != "DxpMsg" || root.Space != Namespace {
		return Envelope{}, []declarations.Fault{at(root, fault(CodeNotEnvelope, "/"+root.Local,
			map[string]string{"element": root.Local, "namespace": root.Space}))}
	}
	e := Envelope{ID: attribute(root, "Id")}
	faults := once(root, "/DxpMsg", "TransInfo", "Data", "AddInfo")
	faults = append(faults, once(root.Child("TransInfo"), "/DxpMsg/TransInfo", "CopMsgId", "SenderId", "ReceiverIds", "CreatTime", "MsgType")...)
	faults = append(faults, once(root.Child("AddInfo"), "/DxpMsg/AddInfo", "FileName", "BizKey")...)
	for _, read := range []func(*strictxml.Element, *Envelope) []declarations.Fault{readTransInfo, data, readAddInfo} {
		faults = append(faults, read(root, &e)...)
	}
	if !declarations.Rejected(faults) {
		faults = e.check()
	}
	return e, faults
}

// once refuses a second element of a name: two readers could choose differently.
func once(parent *strictxml.Element, path string, names ...string) []declarations.Fault {
	for _, name := range names {
		if all := parent.All(name); len(all) > 1 {
			return []declarations.Fault{at(all[1], fault(CodeTwice, path+"/"+name, map[string]string{"element": name}))}
		}
	}
	return nil
}

func readTransInfo(root *strictxml.Element, e *Envelope) []declarations.Fault {
	info := root.Child("TransInfo")
	if info == nil {
		return []declarations.Fault{at(root, fault(CodeMissing, "/DxpMsg/TransInfo", map[string]string{"element": "TransInfo"}))}
	}
	e.CopMsgID = strings.TrimSpace(info.ChildText("CopMsgId"))
	e.SenderID = strings.TrimSpace(info.ChildText("SenderId"))
	e.MsgType = strings.TrimSpace(info.ChildText("MsgType"))
	if ids := info.Child("ReceiverIds"); ids != nil {
		for _, id := range ids.All("ReceiverId") {
			e.ReceiverIDs = append(e.ReceiverIDs, strings.TrimSpace(id.Text))
		}
	}
	value := strings.TrimSpace(info.ChildText("CreatTime"))
	created, ok := parseCreatTime(value)
	if !ok {
		place := info
		if c := info.Child("CreatTime"); c != nil {
			place = c
		}
		return []declarations.Fault{at(place, fault(CodeCreatTime, "/DxpMsg/TransInfo/CreatTime", map[string]string{"value": value}))}
	}
	e.CreatedAt = created
	return nil
}

func parseCreatTime(value string) (time.Time, bool) {
	if t, err := time.Parse(creatTimeZone, value); err == nil {
		return t.UTC(), true
	}
	t, err := time.ParseInLocation(creatTimePlain, value, chinaTime)
	return t.UTC(), err == nil
}

func readData(root *strictxml.Element, e *Envelope) []declarations.Fault {
	data := root.Child("Data")
	if data == nil {
		return []declarations.Fault{at(root, fault(CodeMissing, "/DxpMsg/Data", map[string]string{"element": "Data"}))}
	}
	text := data.Text
	if strings.ContainsAny(text, " \t\r\n") { // seen around and inside the text
		text = strings.Join(strings.Fields(text), "")
	}
	if base64.StdEncoding.DecodedLen(len(text)) > MaxData+2 {
		return []declarations.Fault{at(data, fault(CodeDataSize, "/DxpMsg/Data", map[string]string{"limit": strconv.Itoa(MaxData), "unit": "bytes"}))}
	}
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return []declarations.Fault{at(data, fault(CodeBase64, "/DxpMsg/Data", nil))}
	}
	e.Data = decoded
	return nil
}

func readAddInfo(root *strictxml.Element, e *Envelope) []declarations.Fault {
	info := root.Child("AddInfo")
	if info == nil {
		return nil
	}
	e.FileName = strings.TrimSpace(info.ChildText("FileName"))
	keys := info.Child("BizKey")
	if keys == nil {
		return nil
	}
	for _, key := range keys.All("Key") {
		name := attribute(key, "name")
		if name == "" {
			return []declarations.Fault{at(key, fault(CodeMissing, "/DxpMsg/AddInfo/BizKey/Key/@name", map[string]string{"element": "name"}))}
		}
		if e.BizKeys == nil {
			e.BizKeys = make(map[string]string)
		}
		e.BizKeys[name] = strings.TrimSpace(key.Text)
	}
	return nil
}

func at(e *strictxml.Element, f declarations.Fault) declarations.Fault {
	f.Line, f.Column = e.Line, e.Column
	return f
}

// attribute is the value of an attribute without namespace, "" without it.
func attribute(e *strictxml.Element, name string) string {
	for _, a := range e.Attrs {
		if a.Space == "" && a.Local == name {
			return a.Value
		}
	}
	return ""
}
