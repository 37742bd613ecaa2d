package receipts

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kouan/declarations"
	"kouan/declarations/testfacts"
)

const (
	ownFile = "I_EX1_0190f3c1a2b37c4d8e5f60718293a4b5"
	ownID   = "0190f3c1-a2b3-7c4d-8e5f-60718293a4b5"
	decOK   = `<DEC_RESULT><CUS_CIQ_NO>I1</CUS_CIQ_NO><NOTICE_DATE>2026-01-05T10:00:00</NOTICE_DATE><CHANNEL>P</CHANNEL></DEC_RESULT>`
)

func envelope(inner, add string) string {
	return `<d:DxpMsg xmlns:d="http://www.chinaport.gov.cn/dxp" ver="1.0"><d:TransInfo><d:CopMsgId>` + ownID + `</d:CopMsgId><d:MsgType>DECMSG</d:MsgType></d:TransInfo>` +
		"<d:Data>\n  " + base64.StdEncoding.EncodeToString([]byte(inner)) + "\n</d:Data>" + add + `</d:DxpMsg>`
}

func TestEachShapeGivesItsEvent(t *testing.T) {
	t.Parallel()
	ten := time.Date(2026, 1, 5, 2, 0, 0, 0, time.UTC)
	addInfo := `<d:AddInfo><d:FileName>Successed_` + ownFile + `_20260105093101.xml</d:FileName><d:BizKey><d:Key name="RetType">1</d:Key><d:Key name="DealFlag">0</d:Key></d:BizKey></d:AddInfo>`
	for name, row := range map[string]struct {
		data, file string
		want       declarations.Event
	}{
		"a time without zone is China Standard Time": {decOK, "Receipt_1.xml",
			declarations.Event{Code: "P", SequenceNumber: "I1", At: ten, Family: "DEC"}},
		"a zone is respected": {strings.Replace(decOK, "10:00:00", "02:00:00Z", 1), "",
			declarations.Event{Code: "P", SequenceNumber: "I1", At: ten, Family: "DEC"}},
		"an envelope tells our message id": {envelope(decOK, ""), "",
			declarations.Event{Code: "P", SequenceNumber: "I1", At: ten, Family: "DEC", MessageID: ownID}},
		"an envelope's file name tells our file": {envelope(`<Root><resultFlag>1</resultFlag><failInfo>x</failInfo></Root>`, addInfo), "",
			declarations.Event{Code: declarations.CodeImportFailed, Text: "x", Family: "DEC", FileName: ownFile, MessageID: ownID}},
		"a file name tells file and message id": {`<Root><resultFlag>0</resultFlag><failInfo/></Root>`, `C:\in\Failed_` + ownFile + `.xml_20260105093101.xml`,
			declarations.Event{Code: declarations.CodeImported, Family: "DEC", FileName: ownFile, MessageID: ownID}},
		"an approval of a bonded document": {`<Package><EnvelopInfo><message_type>INV201</message_type></EnvelopInfo><DataInfo><PocketInfo/><BussinessData><INV201><HdeApprResult><etpsPreentNo>E1</etpsPreentNo><businessId>B1</businessId><manageResult>1</manageResult><manageDate>2026-01-05 10:00:00</manageDate><rmk>ok</rmk></HdeApprResult></INV201></BussinessData></DataInfo></Package>`, "",
			declarations.Event{Code: "1", SequenceNumber: "B1", ClientReference: "E1", At: ten, Text: "ok", Family: "INV"}},
		"a bonded response whose name does not tell its family": {`<CommonResponeMessage><EtpsPreentNo>E1</EtpsPreentNo><DealFlag>0</DealFlag></CommonResponeMessage>`, "",
			declarations.Event{Code: declarations.CodeImported, ClientReference: "E1", Family: "BND"}},
		"our own JSON, business receipt": {` {"code":"C","sequence_number":"I1","entry_number":"0900","at":"2026-01-05T10:00:00+08:00","text":"查验"}`, "",
			declarations.Event{Code: "C", SequenceNumber: "I1", EntryNumber: "0900", At: ten, Text: "查验", Family: "DEC"}},
		"our own JSON, import response without a time": {`{"code":"imported","client_reference":"EX1","message_id":"` + strings.ToUpper(ownID) + `"}`, "",
			declarations.Event{Code: declarations.CodeImported, ClientReference: "EX1", Family: "DEC", MessageID: ownID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := Parse([]byte(row.data), row.file)
			if len(faults) > 0 {
				t.Fatalf("faults %v", faults)
			}
			if diff := cmp.Diff(row.want, got, cmpopts.IgnoreFields(declarations.Event{}, "Hash")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Reasons are slugs with words in i18n: what a parser says in its own language stays out.
func TestReasonsAreSlugs(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ data, reason, path string }{
		"data that is not Base64": {`<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"><Data>%%</Data></DxpMsg>`, "not_base64", "/DxpMsg/Data"},
		"JSON member twice":       {`{"code":"P","code":"R"}`, "json_duplicate", "/code"},
		"unknown JSON member":     {`{"code":"P","status":"released"}`, "receipt_form", "/status"},
		"JSON of another type":    {`{"code":7}`, "receipt_form", "/code"},
		"two JSON documents":      {`{"code":"imported"}{}`, "json_syntax", ""},
		"no JSON":                 {`{]`, "json_syntax", ""},
		"wrong nesting":           {"<Root><a></Root>", "unclosed_element", "/Root/a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, faults := Parse([]byte(row.data), "")
			if len(faults) != 1 || faults[0].Args["reason"] != row.reason || faults[0].Path != row.path {
				t.Errorf("got %+v, want one fault at %q because of %s", faults, row.path, row.reason)
			}
		})
	}
}

func TestWhatIsNoReceiptIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		data, code string
		truncated  bool
	}{
		"nothing":                            {"", declarations.CodeEmpty, false},
		"text":                               {"please sign in", CodeNotReceipt, false},
		"other root":                         {"<html/>", CodeUnknown, false},
		"root in another namespace":          {`<DecImportResponse xmlns="urn:x"/>`, CodeUnknown, false},
		"no channel":                         {strings.Replace(decOK, "<CHANNEL>P</CHANNEL>", "", 1), CodeNoCode, false},
		"our own word as a channel":          {strings.Replace(decOK, ">P<", ">imported<", 1), CodeNoCode, false},
		"two channels":                       {strings.Replace(decOK, "<CHANNEL>", "<CHANNEL>R</CHANNEL><CHANNEL>", 1), CodeTwice, false},
		"endless channel":                    {strings.Replace(decOK, ">P<", ">"+strings.Repeat("P", 17)+"<", 1), CodeTooLong, false},
		"no date":                            {strings.Replace(decOK, "2026-01-05T10:00:00", "", 1), CodeBadDate, false},
		"a day cannot be ordered":            {strings.Replace(decOK, "2026-01-05T10:00:00", "2026-01-05", 1), CodeBadDate, false},
		"30 February":                        {strings.Replace(decOK, "2026-01-05", "2026-02-30", 1), CodeBadDate, false},
		"nobody is meant":                    {strings.Replace(decOK, "I1", "", 1), CodeNamesNothing, false},
		"a root response without name":       {`<Root><failInfo>x</failInfo></Root>`, CodeNamesNothing, false},
		"two results":                        {"<DEC_DATA>" + decOK + decOK + "</DEC_DATA>", CodeTwice, false},
		"an empty wrapper":                   {"<DEC_DATA/>", CodeNoCode, false},
		"data that is not Base64":            {`<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"><Data>%%</Data></DxpMsg>`, CodeBadBase64, false},
		"an envelope in an envelope":         {envelope(envelope(decOK, ""), ""), CodeUnknown, false},
		"half a document inside an envelope": {envelope(decOK[:40], ""), "DEC-0001", false},
		"cut in a text":                      {decOK[:60], CodeTruncated, true},
		"cut in a tag":                       {decOK[:15], CodeTruncated, true},
		"cut in a character":                 {"<Root><failInfo>\xe6\x9f", CodeTruncated, true},
		"cut after the declaration":          {`<?xml version="1.0" encoding="UTF-8"?>` + "\n", CodeTruncated, true},
		"cut in JSON":                        {`{"code":"P","seq`, CodeTruncated, true},
		"wrong nesting":                      {"<Root><a></Root>", "DEC-0001", false},
		"JSON member twice":                  {`{"code":"P","code":"R"}`, CodeBadJSON, false},
		"unknown JSON member":                {`{"code":"P","status":"released"}`, CodeBadJSON, false},
		"JSON of another type":               {`{"code":7}`, CodeBadJSON, false},
		"two JSON documents":                 {`{"code":"imported","client_reference":"1"}{}`, CodeBadJSON, false},
		"JSON without time":                  {`{"code":"P","sequence_number":"I1"}`, CodeBadDate, false},
		"JSON with a bad message id":         {`{"code":"imported","message_id":"x"}`, CodeBadID, false},
		"document type":                      {`<!DOCTYPE DEC_RESULT []>` + decOK, "DEC-0002", false},
		"too large":                          {strings.Repeat(" ", MaxSize+1), declarations.CodeTooLarge, false},
		"deep nesting":                       {strings.Repeat("<a>", 100_000), declarations.CodeXMLDepth, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, faults := Parse([]byte(row.data), "")
			if len(faults) == 0 || faults[0].Code != row.code || Truncated(faults) != row.truncated {
				t.Fatalf("event %+v, faults %v: want %s, truncated %v", e, faults, row.code, row.truncated)
			}
			if e != (declarations.Event{}) {
				t.Errorf("event beside faults: %+v", e)
			}
		})
	}
}

func TestCopiesOfOneReceiptHaveOneIdentity(t *testing.T) {
	t.Parallel()
	identity := func(data, file string) string {
		e, faults := Parse([]byte(data), file)
		if len(faults) > 0 {
			t.Fatalf("faults %v", faults)
		}
		return e.Identity()
	}
	first := identity(decOK, "Receipt_a.xml")
	for name, data := range map[string]string{
		"another layout":   strings.ReplaceAll(decOK, "><", ">\n  <"),
		"in a wrapper":     "<DEC_DATA>" + decOK + "</DEC_DATA>",
		"in an envelope":   envelope(decOK, ""),
		"another zone":     strings.Replace(decOK, "10:00:00", "02:00:00Z", 1),
		"byte order mark":  "\ufeff" + decOK,
		"our own JSON":     `{"code":"P","sequence_number":"I1","at":"2026-01-05T02:00:00Z"}`,
		"empty value told": strings.Replace(decOK, "<CHANNEL>", "<NOTE/><CHANNEL>", 1),
	} {
		if got := identity(data, "Receipt_b.xml"); got != first {
			t.Errorf("%s: identity %s, want %s", name, got, first)
		}
	}
	for name, data := range map[string]string{
		"another text":    strings.Replace(decOK, "<CHANNEL>", "<NOTE>x</NOTE><CHANNEL>", 1),
		"another entry":   strings.Replace(decOK, "<CHANNEL>", "<ENTRY_ID>1</ENTRY_ID><CHANNEL>", 1),
		"another case":    strings.Replace(decOK, ">P<", ">p<", 1),
		"a second later":  strings.Replace(decOK, "10:00:00", "10:00:01", 1),
		"another subject": strings.Replace(decOK, "I1", "I2", 1),
	} {
		if got := identity(data, ""); got == first {
			t.Errorf("%s: has the identity of another receipt", name)
		}
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ file, original, id string }{
		"success":               {"Successed_EX1_20260105093101.xml", "EX1", ""},
		"failure":               {"Failed_EX1_20260105093101.xml", "EX1", ""},
		"milliseconds":          {"Failed_EX1_20260105093101123.xml", "EX1", ""},
		"no time":               {"Successed_set-h_2_EX2026010500000211.xml", "set-h_2_EX2026010500000211", ""},
		"original extension":    {"Successed_EX1.zip_20260105093101.xml", "EX1", ""},
		"folders of both kinds": {`/in/box\Successed_EX1_20260105093101.xml`, "EX1", ""},
		"our own":               {"Successed_" + ownFile + "_20260105093101.xml", ownFile, ownID},
		"our own, direct":       {ownFile + ".xml", "", ownID},
		"our own in capitals":   {strings.ToUpper(ownFile) + ".XML", "", ownID},
		"business receipt":      {"Receipt_code01_7_20260105100000.xml", "", ""},
		"31 digits":             {"I_EX1_190f3c1a2b37c4d8e5f60718293a4b5.xml", "", ""},
		"no underscore":         {"X0190f3c1a2b37c4d8e5f60718293a4b5.xml", "", ""},
		"nothing":               {"", "", ""},
	} {
		if got := OriginalName(row.file); got != row.original {
			t.Errorf("%s: original %q, want %q", name, got, row.original)
		}
		if got := MessageIDFromName(row.file); got != row.id {
			t.Errorf("%s: message id %q, want %q", name, got, row.id)
		}
	}
}

func TestWrittenReceiptsAreRead(t *testing.T) {
	t.Parallel()
	text := "示例 <退单> & \"因\"\n第二行"
	b, err := WriteImportResponse(ImportResponse{ResponseCode: "-1", ErrorMessage: text, ClientSeqNo: "EX1"})
	if err != nil {
		t.Fatal(err)
	}
	got, faults := Parse(b, "")
	want := declarations.Event{Code: declarations.CodeImportFailed, ClientReference: "EX1", Text: text, Family: "DEC"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(declarations.Event{}, "Hash")); diff != "" || len(faults) > 0 {
		t.Errorf("faults %v, -want +got\n%s", faults, diff)
	}
	at := time.Date(2026, 1, 5, 17, 30, 1, 0, time.UTC) // the next day in China
	b, err = WriteDecResult(DecResult{SeqNo: "I1", EntryID: "0900", NoticeDate: at, Channel: "#", Note: text, CustomMaster: "0900", IEDate: "2026-01-05"})
	if err != nil {
		t.Fatal(err)
	}
	got, faults = Parse(b, "")
	want = declarations.Event{Code: "#", At: at, SequenceNumber: "I1", EntryNumber: "0900", Office: "0900", Text: text, Family: "DEC"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(declarations.Event{}, "Hash")); diff != "" || len(faults) > 0 {
		t.Errorf("faults %v, -want +got\n%s", faults, diff)
	}
	if !strings.Contains(string(b), "<NOTICE_DATE>2026-01-06T01:30:01</NOTICE_DATE>") {
		t.Errorf("NOTICE_DATE is not China Standard Time without zone:\n%s", b)
	}
}

func TestWhatXMLCannotHoldIsNotWritten(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"a\x00b", "\x1b", "\xff", "\uffff"} {
		if b, err := WriteDecResult(DecResult{Note: bad}); err == nil {
			t.Errorf("%q was written: %s", bad, b)
		}
	}
}

func TestSampleShapeIsWhatIsWritten(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile(filepath.Join(testfacts.Path(t, "samples", "receipts"), "Receipt_code01_7_20260105100000.xml"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := WriteDecResult(DecResult{SeqNo: "I20260000999900101", NoticeDate: time.Date(2026, 1, 5, 10, 0, 0, 0, chinaStandard),
		Channel: "7", Note: "申报到海关预录入系统成功", CustomMaster: "0900", IEDate: "2026-01-05"})
	if err != nil {
		t.Fatal(err)
	}
	short := strings.NewReplacer("<ENTRY_ID></ENTRY_ID>", "<ENTRY_ID/>", "<D_DATE></D_DATE>", "<D_DATE/>")
	if diff := cmp.Diff(short.Replace(string(want)), short.Replace(string(got))); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{decOK, decOK[:60], envelope(decOK, ""), `{"code":"imported","client_reference":"1"}`,
		`<Root><failInfo>x</failInfo></Root>`, `<DecImportResponse><ResponseCode>0</ResponseCode><SeqNo>1</SeqNo></DecImportResponse>`,
		`<Manifest><Response><ID>1</ID><StatementCode>01</StatementCode></Response></Manifest>`, "\xef\xbb\xbf{", "<!DOCTYPE a>", bareNotice, `{"code":"RES-08","entry_number":"1","at":"2026-01-05T10:00:00Z"}`} {
		f.Add([]byte(seed), "Successed_x_20260105093101.xml")
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		e, faults := Parse(data, name)
		if declarations.Rejected(faults) {
			if e != (declarations.Event{}) {
				t.Fatalf("event %+v beside faults %v", e, faults)
			}
			return
		}
		if e.Code == "" || e.Hash == "" || e.Family == "" || len(e.Code) > codeLimit {
			t.Fatalf("incomplete event %+v", e)
		}
		if again, _ := Parse(data, name); !cmp.Equal(again, e) {
			t.Fatalf("read twice, two events: %+v and %+v", e, again)
		}
		if e.Family != familyDeclaration || e.IsImportResponse() || declarations.IsResponse(e.Code) || e.SequenceNumber == "" || e.At.Nanosecond() != 0 {
			return
		}
		b, err := WriteDecResult(DecResult{SeqNo: e.SequenceNumber, EntryID: e.EntryNumber, NoticeDate: e.At, Channel: e.Code, Note: e.Text, CustomMaster: e.Office})
		if err != nil {
			return // JSON holds characters that XML cannot
		}
		written, faults := Parse(b, name)
		if len(faults) > 0 {
			t.Fatalf("written receipt is refused: %v\n%s", faults, b)
		}
		if e.ClientReference == "" && strings.TrimSpace(e.Text) == e.Text && written.Identity() != e.Identity() {
			t.Fatalf("identity %s became %s", e.Identity(), written.Identity())
		}
	})
}
