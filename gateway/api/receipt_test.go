package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

const receipts = "/api/v1/receipts"

func TestReceiptAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submitted(t, "EX1")
	const seqNo = "I20260000999900001"
	released := customsResult(seqNo, "P", "2026-01-05T10:17:00", "海关已放行")

	unknown := read[Hearing](t, b.postXML(t, "customs", receipts, released), http.StatusAccepted)
	if unknown.Matched || unknown.Duplicate || unknown.Reason != "unknown" || unknown.ID == "" {
		t.Errorf("about nothing known: %+v, want kept as unmatched", unknown)
	}
	first := read[Hearing](t, b.postXML(t, "customs", receipts, importResponse("EX1", seqNo, "0")), http.StatusAccepted)
	if !first.Matched || first.Duplicate || first.Status != "released" {
		t.Errorf("first time: %+v, want matched, and released by the receipt that waited", first)
	}
	again := read[Hearing](t, b.postXML(t, "customs", receipts, importResponse("EX1", seqNo, "0")), http.StatusOK)
	if diff := cmp.Diff(Hearing{ID: first.ID, Matched: true, Duplicate: true, Status: "released"}, again); diff != "" {
		t.Errorf("heard before (-want +got):\n%s", diff)
	}
}

func TestReceiptInEnvelopeAndJSON(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.submitted(t, "EX1")
	inner := base64.StdEncoding.EncodeToString(importResponse("EX1", "I20260000999900001", "0"))
	envelope := fmt.Appendf(nil, `<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"><TransInfo><CopMsgId>%s</CopMsgId><SenderId>S</SenderId><ReceiverIds><ReceiverId>R</ReceiverId></ReceiverIds><CreatTime>2026-01-05T10:17:00</CreatTime><MsgType>DECMSG</MsgType></TransInfo><Data>%s</Data></DxpMsg>`, newID(), inner)
	if h := read[Hearing](t, b.postXML(t, "customs", receipts, envelope), http.StatusAccepted); !h.Matched || h.Status != "imported" {
		t.Errorf("envelope: %+v, want matched, imported", h)
	}
	released := []byte(`{"code":"P","sequence_number":"I20260000999900001","at":"2026-01-05T10:17:00+08:00","text":"海关已放行"}`)
	if h := read[Hearing](t, b.postJSON(t, "customs", receipts, released), http.StatusAccepted); !h.Matched || h.Status != "released" {
		t.Errorf("JSON: %+v, want matched, released", h)
	}
}

func TestReceiptFileNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	body := importResponse("EX1", "I20260000999900001", "0")
	for _, name := range []string{"../../etc/passwd", `..\x.xml`, "a/b.xml", "a\x00b", "..", strings.Repeat("n", 256), "bad\xff"} {
		p := refused(t, b.postXML(t, "customs", receipts, body, "X-File-Name", name), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Path != "header.X-File-Name" {
			t.Errorf("%q: faults %v, want one at header.X-File-Name", name, p.Faults)
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused receipt wrote (-before +after):\n%s", diff)
	}
	read[Hearing](t, b.postXML(t, "customs", receipts, body, "X-File-Name", "Successed_示例_20260105.xml"), http.StatusAccepted)
}

func TestTimelineSpeaksTheCallersLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submitted(t, "EX1")
	const seqNo = "I20260000999900001"
	read[Hearing](t, b.postXML(t, "customs", receipts, importResponse("EX1", seqNo, "0")), http.StatusAccepted)
	read[Hearing](t, b.postXML(t, "customs", receipts, customsResult(seqNo, "P", "2026-01-05T10:17:00", "注意事项")), http.StatusAccepted)
	read[Hearing](t, b.postXML(t, "customs", receipts, customsResult(seqNo, "5", "2026-01-05T10:18:00", "未知代码")), http.StatusAccepted)
	for lang, words := range map[string]string{"en": "released by customs", "zh-CN": "海关已放行"} {
		a := b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/timeline", nil, "Accept-Language", lang)
		got := read[Timeline](t, a, http.StatusOK)
		if got.Status != "released" || len(got.Entries) != 4 {
			t.Fatalf("%s: status %s, %d entries, want released, 4: %s", lang, got.Status, len(got.Entries), a.body)
		}
		var kinds []string
		for _, e := range got.Entries {
			kinds = append(kinds, e.Kind+e.Code)
			if e.Text == "" || strings.HasPrefix(e.Text, "event.") || strings.HasPrefix(e.Text, "receipt.") || e.HeardAt.IsZero() || e.Source == "" {
				t.Errorf("%s: entry %+v", lang, e)
			}
		}
		if diff := cmp.Diff([]string{"submitted", "receiptimported", "receiptP", "receipt5"}, kinds); diff != "" {
			t.Errorf("%s: order (-want +got):\n%s", lang, diff)
		}
		p := got.Entries[2]
		if !strings.Contains(p.Text, words) || !strings.Contains(p.Text, "注意事项") || p.Note != "注意事项" || p.At == nil {
			t.Errorf("%s: release %+v, want %q and the note", lang, p, words)
		}
		if got.Entries[1].At != nil {
			t.Errorf("import response has a time of its own: %v", got.Entries[1].At)
		}
		if u := got.Entries[3]; !strings.Contains(u.Text, "未知代码") || u.Status != "released" {
			t.Errorf("unknown code: %+v, want its note, status unchanged", u)
		}
	}
}

func TestMessagesAreExactBytes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := xmlOf("EX1")
	d := read[Accepted](t, b.postXML(t, "alice", all, body), http.StatusCreated)
	heard := importResponse("EX1", "I20260000999900001", "0")
	read[Hearing](t, b.postXML(t, "customs", receipts, heard, "X-File-Name", "Successed_EX1.xml"), http.StatusAccepted)

	list := read[MessageList](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/messages", nil), http.StatusOK)
	var kinds []string
	for i, m := range list.Items {
		kinds = append(kinds, m.Direction+" "+m.Kind)
		a := b.ask(t, "alice", http.MethodGet, m.Href, nil)
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d %s", m.Href, a.status, a.body)
		}
		sum := sha256.Sum256(a.body)
		if m.N != i+1 || m.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: sha256 %s, n %d, want those of the bytes, %d", m.Href, m.SHA256, m.N, i+1)
		}
		if got, want := a.header.Get("Content-Digest"), "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":"; got != want {
			t.Errorf("Content-Digest %s, want %s", got, want)
		}
		if cd := a.header.Get("Content-Disposition"); !strings.HasPrefix(cd, "attachment; filename=") || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("Content-Disposition %q, nosniff %q", cd, a.header.Get("X-Content-Type-Options"))
		}
	}
	if diff := cmp.Diff([]string{"in submission", "out decmessage", "in receipt"}, kinds); diff != "" {
		t.Fatalf("messages (-want +got):\n%s", diff)
	}
	if a := b.ask(t, "alice", http.MethodGet, list.Items[0].Href, nil); !bytes.Equal(a.body, body) {
		t.Error("the submission is not what was sent")
	}
	if a := b.ask(t, "alice", http.MethodGet, list.Items[2].Href, nil); !bytes.Equal(a.body, heard) {
		t.Error("the receipt is not what was heard")
	}
	for _, n := range []string{"0", "4", "-1", "x", "99999999999999999999"} {
		refused(t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/messages/"+n, nil), http.StatusNotFound, "not_found")
	}
}

func TestDownloadNamesAreSafe(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                       "decmessage-D-1.xml",
		"../../etc/passwd":       "passwd.xml",
		`C:\x\evil.exe`:          "evil.exe.xml",
		"...":                    "decmessage-D-1.xml",
		"a\r\nSet-Cookie: x=1":   "a__Set-Cookie__x_1.xml",
		"报关单.XML":                "报关单.XML",
		"I_EX1_t-1_0197":         "I_EX1_t-1_0197.xml",
		`"; filename="x.html`:    "___filename__x.html.xml",
		strings.Repeat("长", 300): strings.Repeat("长", 120) + ".xml",
		"bad\xffbyte":            "bad_byte.xml",
	} {
		m := &store.Message{FileName: name, Kind: "decmessage", DeclarationID: "D", ContentType: typeXML}
		if got := downloadName(m, 1); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
