package dxp

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

func sample() Envelope {
	return Envelope{
		ID: "M1", CopMsgID: "M1", SenderID: "DXPENT0000000001", ReceiverIDs: []string{"DXPEDCDEC0000001", "DXPEDCDEC0000002"},
		CreatedAt: time.Date(2026, 1, 5, 1, 30, 0, 250e6, time.UTC), MsgType: MsgTypeDeclaration,
		Data: []byte("<DecMessage>大连 \r\n</DecMessage>"), FileName: "I_EX<&>\"1",
		BizKeys: map[string]string{KeyRetType: "A & B", KeyDealFlag: "0"},
	}
}

func TestEnvelopeSurvivesWritingAndReading(t *testing.T) {
	t.Parallel()
	least := sample()
	least.FileName, least.BizKeys, least.ReceiverIDs = "", nil, least.ReceiverIDs[:1]
	for name, want := range map[string]Envelope{"full": sample(), "least": least} {
		data, err := Write(want)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Write(want)
		if err != nil || string(again) != string(data) {
			t.Errorf("%s: a second writing makes other bytes (%v)", name, err)
		}
		got, faults := Read(data)
		if len(faults) > 0 {
			t.Fatalf("%s: %+v\n%s", name, faults, data)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWrittenFormIsTheStandards(t *testing.T) {
	t.Parallel()
	e := sample()
	e.Data = []byte("x")
	data, err := Write(e)
	if err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?><DxpMsg xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0" Id="M1">` +
		`<TransInfo><CopMsgId>M1</CopMsgId><SenderId>DXPENT0000000001</SenderId>` +
		`<ReceiverIds><ReceiverId>DXPEDCDEC0000001</ReceiverId><ReceiverId>DXPEDCDEC0000002</ReceiverId></ReceiverIds>` +
		`<CreatTime>2026-01-05T09:30:00.250+08:00</CreatTime><MsgType>DECMSG</MsgType></TransInfo><Data>eA==</Data>` +
		`<AddInfo><FileName>I_EX&lt;&amp;&gt;"1</FileName><BizKey><Key name="DealFlag">0</Key><Key name="RetType">A &amp; B</Key></BizKey></AddInfo></DxpMsg>`
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadTakesWhatIsSeenOutside(t *testing.T) {
	t.Parallel()
	const tail = `<MsgType> DECMSG </MsgType></TransInfo><Data>
		eHl6 enp6
	</Data></p:DxpMsg>`
	head := `<p:DxpMsg xmlns:p="http://www.chinaport.gov.cn/dxp" ver="1.0" Id="a"><TransInfo><CopMsgId>a</CopMsgId><SenderId>s</SenderId>` +
		`<ReceiverIds><ReceiverId>r</ReceiverId></ReceiverIds><CreatTime>`
	for value, want := range map[string]string{
		"2026-01-05T09:30:00":           "2026-01-05T01:30:00Z",
		"2026-01-05T09:30:00.123+08:00": "2026-01-05T01:30:00.123Z",
		"2026-01-05T09:30:00+09:00":     "2026-01-05T00:30:00Z",
		"2026-01-05T01:30:00Z":          "2026-01-05T01:30:00Z",
	} {
		got, faults := Read([]byte(head + value + "</CreatTime>" + tail))
		if len(faults) > 0 {
			t.Errorf("%s: %+v", value, faults)
			continue
		}
		if string(got.Data) != "xyzzzz" || got.MsgType != "DECMSG" || got.CreatedAt.Format(time.RFC3339Nano) != want {
			t.Errorf("%s: got %+v, want data xyzzzz at %s", value, got, want)
		}
	}
}

func TestReadFaults(t *testing.T) {
	t.Parallel()
	good, err := Write(sample())
	if err != nil {
		t.Fatal(err)
	}
	encoded := base64.StdEncoding.EncodeToString(sample().Data)
	cases := []struct{ name, old, new, code, path string }{
		{"document type", `<DxpMsg`, `<!DOCTYPE x><DxpMsg`, "DEC-0002", ""},
		{"other namespace", Namespace, Namespace + "2", CodeNotEnvelope, "/DxpMsg"},
		{"no sender", "<SenderId>DXPENT0000000001</SenderId>", "", CodeMissing, "/DxpMsg/TransInfo/SenderId"},
		{"no receiver", "ReceiverId>", "Receiver>", CodeMissing, "/DxpMsg/TransInfo/ReceiverIds"},
		{"no message id", "<CopMsgId>M1</CopMsgId>", "<CopMsgId/>", CodeMissing, "/DxpMsg/TransInfo/CopMsgId"},
		{"long sender", "DXPENT0000000001", "DXPENT00000000012", CodeTooLong, "/DxpMsg/TransInfo/SenderId"},
		{"long receiver", "DXPEDCDEC0000002", "DXPEDCDEC0000002XXX", CodeTooLong, "/DxpMsg/TransInfo/ReceiverIds/ReceiverId[2]"},
		{"time", "2026-01-05T", "2026-13-05T", CodeCreatTime, "/DxpMsg/TransInfo/CreatTime"},
		{"no time", "CreatTime>", "CreateTime>", CodeCreatTime, "/DxpMsg/TransInfo/CreatTime"},
		{"not Base64", encoded, "####", CodeBase64, "/DxpMsg/Data"},
		{"broken Base64", encoded, encoded[:len(encoded)-1], CodeBase64, "/DxpMsg/Data"},
		{"empty data", encoded, " \n", CodeMissing, "/DxpMsg/Data"},
		{"data in a comment only", "<Data>" + encoded + "</Data>", "<!-- <Data>AAAA</Data> --><Data/>", CodeMissing, "/DxpMsg/Data"},
		{"no data", "Data>", "Date>", CodeMissing, "/DxpMsg/Data"},
		{"no head", "TransInfo>", "Trans>", CodeMissing, "/DxpMsg/TransInfo"},
		{"nameless key", `name="RetType"`, ``, CodeMissing, "/DxpMsg/AddInfo/BizKey/Key/@name"},
		{"two documents", "<Data>", "<Data>AAAA</Data><Data>", CodeTwice, "/DxpMsg/Data"},
		{"two message ids", "<CopMsgId>", "<CopMsgId>M0</CopMsgId><CopMsgId>", CodeTwice, "/DxpMsg/TransInfo/CopMsgId"},
		{"two file names", "<FileName>", "<FileName>x</FileName><FileName>", CodeTwice, "/DxpMsg/AddInfo/FileName"},
		{"document too large", encoded, strings.Repeat("AAAA", MaxData/3+2), CodeDataSize, "/DxpMsg/Data"},
		{"envelope too large", encoded, strings.Repeat("A", maxEnvelope), declarations.CodeTooLarge, "/"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, faults := Read([]byte(strings.ReplaceAll(string(good), c.old, c.new)))
			if !declarations.Rejected(faults) {
				t.Fatal("no fault")
			}
			if faults[0].Code != c.code || c.path != "" && faults[0].Path != c.path {
				t.Errorf("got %s at %s, want %s at %s", faults[0].Code, faults[0].Path, c.code, c.path)
			}
		})
	}
}

// TestQuickReadingSeesTheSame hides and moves Data in every way that could
// make the two ways of reading disagree.
func TestQuickReadingSeesTheSame(t *testing.T) {
	t.Parallel()
	plain, err := Write(sample())
	if err != nil {
		t.Fatal(err)
	}
	const data = "<Data>"
	cases := []struct {
		name, old, new string
		quick          bool
	}{
		{"as written", "", "", true},
		{"line breaks inside", "<Data>PERl", "<Data>\r\nPE\nRl", true},
		{"an earlier Data in a comment", data, "<!-- <Data>AAAA</Data> -->" + data, false},
		{"an earlier Data in another element", "<TransInfo>", "<Other><Data>AAAA</Data></Other><TransInfo>", false},
		{"an attribute", data, `<Data a="b">`, false},
		{"a blank", data, "<Data> ", false},
		{"a comment inside", data, "<Data><!-- x -->", false},
		{"a character reference inside", "<Data>PERl", "<Data>&#80;ERl", false},
		{"a byte order mark", "<?xml", "\ufeff<?xml", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(plain), c.old, c.new, 1)
			quick, ok := readSplit([]byte(text))
			if ok != c.quick {
				t.Errorf("quick reading: %v, want %v", ok, c.quick)
			}
			root, faults := strictxml.Read([]byte(text), strictxml.Limits{Bytes: maxEnvelope})
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			slow, faults := readTree(root, readData)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if diff := cmp.Diff(slow, quick); ok && diff != "" {
				t.Errorf("(-slow +quick):\n%s", diff)
			}
			got, _ := Read([]byte(text))
			if diff := cmp.Diff(slow, got); diff != "" {
				t.Errorf("(-slow +read):\n%s", diff)
			}
		})
	}
}

func TestWriteRefusesWhatReadWould(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Envelope){
		"no id":         func(e *Envelope) { e.ID = "" },
		"six receivers": func(e *Envelope) { e.ReceiverIDs = make([]string, 6) },
		"no data":       func(e *Envelope) { e.Data = nil },
		"long type":     func(e *Envelope) { e.MsgType = strings.Repeat("x", MaxMsgType+1) },
		"huge data":     func(e *Envelope) { e.Data = make([]byte, MaxData+1) },
		"control":       func(e *Envelope) { e.FileName = "a\x01b" },
	} {
		e := sample()
		spoil(&e)
		if data, err := Write(e); err == nil {
			t.Errorf("%s: wrote %.300s", name, data)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, e := range []Envelope{sample(), {}} {
		data, err := Write(e)
		if err != nil {
			data = []byte("<DxpMsg/>")
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, faults := Read(data)
		if root, strict := strictxml.Read(data, strictxml.Limits{Bytes: maxEnvelope}); len(strict) > 0 {
			if !declarations.Rejected(faults) {
				t.Fatalf("read what the strict reader refuses: %+v", strict)
			}
		} else if slow, more := readTree(root, readData); cmp.Diff(slow, e, cmpopts.EquateEmpty()) != "" || len(more) != len(faults) {
			t.Fatalf("two readings: %+v %+v and %+v %+v", e, faults, slow, more)
		}
		if declarations.Rejected(faults) {
			return
		}
		again, err := Write(e)
		if err != nil {
			t.Fatalf("read and not writable: %v", err)
		}
		back, faults := Read(again)
		if len(faults) > 0 {
			t.Fatalf("written and not readable: %+v", faults)
		}
		// CreatTime is written in milliseconds.
		e.CreatedAt, back.CreatedAt = e.CreatedAt.Truncate(time.Millisecond), back.CreatedAt.Truncate(time.Millisecond)
		if diff := cmp.Diff(e, back, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-read +again):\n%s", diff)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	e := sample()
	e.Data = []byte(strings.Repeat("<DecList><CodeTS>8431390000</CodeTS></DecList>", 350))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Write(e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	e := sample()
	e.Data = []byte(strings.Repeat("<DecList><CodeTS>8431390000</CodeTS></DecList>", 350))
	data, err := Write(e)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, faults := Read(data); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
