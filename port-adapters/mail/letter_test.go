package mail

import (
	"errors"
	"mime"
	"net/mail"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

var sender = &Adapter{Address: "mail.example:587", From: "大连口岸 <port@kouan.example>", To: []string{"desk@t04.example", `"Night, desk" <night@t04.example>`}}

func written(t *testing.T, a *Adapter, m portadapters.Message) string {
	t.Helper()
	r, err := a.route()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := a.letter(&m, r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(strings.ReplaceAll(string(raw), "\r\n", ""), "\n") || !strings.HasSuffix(string(raw), "\r\n") {
		t.Error("not every line ends by CR LF")
	}
	return strings.ReplaceAll(string(raw), "\r\n", "\n") // as a server hands it on
}

func TestLetterForPeople(t *testing.T) {
	t.Parallel()
	raw := written(t, sender, notice(1))
	got := readLetter(t, raw)
	want := map[string]string{
		"Date": "Sun, 04 Jan 2026 18:22:23 +0000", "Subject": "查验通知 N2026000001 第 1 版",
		"Message-Id":     "<019b8a3f-0000-7000-8000-000000000001@kouan.example>",
		"Auto-Submitted": "auto-generated", "X-Notification-Id": "019b8a3f-0000-7000-8000-000000000001", "X-Notification-Type": "notice.issued",
		"X-Subject": "notice/N2026000001", "X-Sequence": "3", "Mime-Version": "1.0", "Content-Type": "text/plain; charset=utf-8",
	}
	have := map[string]string{}
	for name := range want {
		text, err := new(mime.WordDecoder).DecodeHeader(got.header.Get(name))
		if err != nil {
			t.Fatal(err)
		}
		have[name] = text
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{"From": `=?utf-8?q?=E5=A4=A7=E8=BF=9E=E5=8F=A3=E5=B2=B8?= <port@kouan.example>`, "To": `<desk@t04.example>;"Night, desk" <night@t04.example>`} {
		list, err := got.header.AddressList(name)
		if err != nil {
			t.Fatal(err)
		}
		var boxes []string
		for _, box := range list {
			boxes = append(boxes, box.String())
		}
		if joined := strings.Join(boxes, ";"); joined != want {
			t.Errorf("%s: got %s, want %s", name, joined, want)
		}
	}
	if text := strings.ReplaceAll(got.text, "\r\n", "\n"); text != "请于 12:30 前答复。\nBox TEMU1234567: open, half.\n.\nhttps://kouan.example/zh-Hans/answers/abc=\n" {
		t.Errorf("text %q", text)
	}
}

func TestSameMessageSameBytes(t *testing.T) {
	t.Parallel()
	m := notice(1)
	first := written(t, sender, m)
	m.Attempt, m.Redelivery = 7, true
	if diff := cmp.Diff(first, written(t, sender, m)); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestEncodingsByWhatIsShorter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Please answer before 12:30.\n":               "quoted-printable",
		"Bitte bis 12:30 Uhr antworten, früh genug\n": "quoted-printable",
		"请于 12:30 前答复\n":                              "base64",
		"Ответьте до 12:30\n":                         "base64",
	} {
		m := notice(1)
		m.Body = Text("x", text)
		got := readLetter(t, written(t, sender, m))
		if encoding := got.header.Get("Content-Transfer-Encoding"); encoding != want || strings.ReplaceAll(got.text, "\r\n", "\n") != text {
			t.Errorf("%q: %s, read as %q", text, encoding, got.text)
		}
	}
}

func TestFilesAreAttached(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	m.FileName, m.ContentType, m.Body = "N2026000001-1", "application/EDIFACT", []byte("UNB+UNOA:4+\x00\xff\r\n--=_kouan_\r\n'")
	m.Attachments = []portadapters.Attachment{{Name: "箱单 " + strings.Repeat("长", 40) + ".PDF", Body: []byte("%PDF-1.7\n")}, {Name: `a;b=c.txt`, Body: nil}}
	got := readLetter(t, written(t, sender, m))
	want := []readFile{
		{"N2026000001-1.edi", "application/edifact", string(m.Body)},
		{"箱单 " + strings.Repeat("长", 40) + ".PDF", "application/pdf", "%PDF-1.7\n"},
		{`a;b=c.txt`, "application/octet-stream", ""},
	}
	if diff := cmp.Diff(want, got.files, cmp.AllowUnexported(readFile{})); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got.header.Get("Subject") != "N2026000001-1" || got.text != "N2026000001-1.edi\n" {
		t.Errorf("without a cover: subject %q, text %q", got.header.Get("Subject"), got.text)
	}
	covered := *sender
	covered.Cover = func(m *portadapters.Message) string { return string(Text("Notice", "See "+m.FileName+".")) }
	got = readLetter(t, written(t, &covered, m))
	if got.header.Get("Subject") != "Notice" || got.text != "See N2026000001-1.\n" {
		t.Errorf("with a cover: subject %q, text %q", got.header.Get("Subject"), got.text)
	}
}

func TestMessagesThatCannotBeLetters(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*portadapters.Message){
		"an id with a line end":               func(m *portadapters.Message) { m.ID += "\r\nBcc: x@y.example" },
		"an id in another form":               func(m *portadapters.Message) { m.ID = "{" + m.ID + "}" },
		"an id without a time":                func(m *portadapters.Message) { m.ID = "M1" },
		"a kind with a line end":              func(m *portadapters.Message) { m.Kind += "\nBcc: x@y.example" },
		"a subject of order with a line end":  func(m *portadapters.Message) { m.Subject += "\r\n\r\nbody" },
		"a subject with a carriage return":    func(m *portadapters.Message) { m.Body = []byte("a\rBcc: x@y.example\n\ntext") },
		"a subject with a separator of lines": func(m *portadapters.Message) { m.Body = []byte("a\u2028b\n\ntext") },
		"no subject":                          func(m *portadapters.Message) { m.Body = []byte("\n\ntext") },
		"nothing":                             func(m *portadapters.Message) { m.Body = nil },
		"no UTF-8":                            func(m *portadapters.Message) { m.Body = []byte("a\n\n\xff") },
		"a control character":                 func(m *portadapters.Message) { m.Body = []byte("a\n\n\x00") },
		"a bare carriage return":              func(m *portadapters.Message) { m.Body = []byte("a\n\nb\rc") },
		"another character set":               func(m *portadapters.Message) { m.ContentType = "text/plain; charset=gb18030" },
		"no character set":                    func(m *portadapters.Message) { m.ContentType = "text/plain" },
		"HTML":                                func(m *portadapters.Message) { m.ContentType = "text/html; charset=utf-8" },
		"a file name with a path":             func(m *portadapters.Message) { m.FileName = "../x" },
		"an attachment twice": func(m *portadapters.Message) {
			m.Attachments = []portadapters.Attachment{{Name: "a.pdf"}, {Name: "A.PDF"}}
		},
		"an attachment named as the message": func(m *portadapters.Message) {
			m.ContentType = "application/xml"
			m.Attachments = []portadapters.Attachment{{Name: m.FileName + ".xml"}}
		},
	} {
		m := notice(1)
		change(&m)
		r, err := sender.route()
		if err != nil {
			t.Fatal(err)
		}
		if raw, err := sender.letter(&m, r); !errors.Is(err, portadapters.ErrPermanent) {
			t.Errorf("%s: got %v and %q", name, err, raw)
		}
	}
}

// FuzzLetter holds that no text and no name gets out of its place.
func FuzzLetter(f *testing.F) {
	f.Add("查验通知", "text\r\n.\r\n", "notice.issued", "notice/1", "a.pdf", "Name")
	f.Add("=?utf-8?Q?x?=", "--=_kouan_", "k", "s", "箱单.pdf", "A\" <x@y.example>, B")
	f.Add("a\r\nBcc: x", "\x00", "k\n", "s:", "a\nb", "\r\n")
	f.Fuzz(func(t *testing.T, subject, text, kind, about, attachment, name string) {
		m := notice(1)
		m.Kind, m.Subject, m.Body = kind, about, Text(subject, text)
		m.Attachments = []portadapters.Attachment{{Name: attachment, Body: []byte(text)}}
		r := &route{from: Mailbox{Address: "port@kouan.example"}, to: []Mailbox{{Address: "desk@t04.example"}}}
		if box, err := ParseMailbox(Mailbox{name, "desk@t04.example"}.String()); err == nil {
			r.to[0] = box
		}
		raw, err := sender.letter(&m, r)
		if err != nil {
			return
		}
		msg, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(msg.Header); n < 8 || n > 12 || msg.Header.Get("Bcc") != "" {
			t.Errorf("%d fields: %v", n, msg.Header)
		}
		to, err := msg.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "desk@t04.example" {
			t.Errorf("to %v, %v", to, err)
		}
		got := readLetter(t, strings.ReplaceAll(string(raw), "\r\n", "\n"))
		if len(got.files) != 1 || got.files[0].body != text || got.files[0].name != attachment {
			t.Errorf("files %q, want one with %q", got.files, text)
		}
	})
}
