package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/port-adapters/sandbox/magic"
)

// certificate is one for 127.0.0.1, and what trusts it.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	server, pem, err := SelfSigned(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate")
	}
	return server, &tls.Config{RootCAs: pool, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// postOffice is a mail server with those who trust it.
type postOffice struct {
	*TerminalSMTP
	addr  string
	trust *tls.Config
}

func newOffice(t *testing.T, reply TerminalReply) *postOffice {
	t.Helper()
	server, client := certificate(t)
	terminal := &Terminal{Delay: time.Millisecond}
	o := &postOffice{trust: client, TerminalSMTP: &TerminalSMTP{Mail: &TerminalMail{Terminal: terminal, Reply: reply}, Address: "desk@t04.example", TLS: server, User: "gateway", Password: "secret", LateBy: 50 * time.Millisecond}}
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.addr = listener.Addr().String()
	var done sync.WaitGroup
	o.Listen(ctx, listener, &done)
	terminal.Start(ctx)
	t.Cleanup(func() { cancel(); done.Wait(); terminal.Wait() })
	return o
}

// send is what the server said last: 250, another code, or 0 when the
// connection broke.
func (o *postOffice) send(to string, letter []byte) int {
	code := func(err error) int {
		var said *textproto.Error
		if errors.As(err, &said) {
			return said.Code
		}
		return 0
	}
	c, err := smtp.Dial(o.addr)
	if err != nil {
		return 0
	}
	defer c.Close()
	for _, step := range []func() error{
		func() error { return c.StartTLS(o.trust) },
		func() error { return c.Auth(smtp.PlainAuth("", "gateway", "secret", "127.0.0.1")) },
		func() error { return c.Mail("gateway@port.example") },
		func() error { return c.Rcpt(to) },
	} {
		if err := step(); err != nil {
			return code(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		return code(err)
	}
	if _, err := w.Write(letter); err != nil {
		return code(err)
	}
	if err := w.Close(); err != nil {
		return code(err)
	}
	return 250
}

func letter(id, text string, attachments ...[]byte) []byte {
	head := fmt.Sprintf("From: gateway@port.example\r\nTo: desk@t04.example\r\nMessage-ID: <%s@port.example>\r\nSubject: =?utf-8?B?%s?=\r\nMIME-Version: 1.0\r\n",
		id, base64.StdEncoding.EncodeToString([]byte("查验通知")))
	if len(attachments) == 0 {
		return []byte(head + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(text)) + "\r\n")
	}
	var out strings.Builder
	out.WriteString(head + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + text + "\r\n")
	for _, a := range attachments {
		out.WriteString("--x\r\nContent-Type: application/json; name=notice.json\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(a) + "\r\n")
	}
	return []byte(out.String() + "--x--\r\n")
}

func TestLetterIsReadByItsAttachmentOrItsText(t *testing.T) {
	t.Parallel()
	box := magic.Number(magic.Works, 1)
	for name, c := range map[string]struct {
		letter []byte
		want   TerminalDelivery
	}{
		"attachment": {letter("m1", "see the attachment", pushOf(t, "j1", notice(3, box)).body), TerminalDelivery{Format: "json", Type: "notice.issued", Subject: "notice/N1", Sequence: 3, Notice: "N1", Version: 3}},
		"text":       {letter("m1", "查验箱号 "+box+" ， "+box), TerminalDelivery{Format: "mail", Subject: "notice/m1", Notice: "m1"}},
		"no notice":  {letter("m1", "hello"), TerminalDelivery{Format: "mail"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, nil)
			for range 2 {
				if code := o.send("desk@t04.example", c.letter); code != 250 {
					t.Fatalf("answered %d", code)
				}
			}
			got := o.Mail.Terminal.Deliveries()
			if len(got) != 1 || got[0].MessageID != "m1" || got[0].Wire != "mail" || got[0].Times != 2 {
				t.Fatalf("deliveries %+v", got)
			}
			got[0] = TerminalDelivery{Format: got[0].Format, Type: got[0].Type, Subject: got[0].Subject, Sequence: got[0].Sequence, Notice: got[0].Notice, Version: got[0].Version}
			if diff := cmp.Diff(c.want, got[0]); diff != "" {
				t.Errorf("delivery (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMailScripts(t *testing.T) {
	t.Parallel()
	for script, want := range map[magic.Script]string{
		magic.Works:     "250",
		magic.FailsFive: "451 451 451 451 451 250",
		magic.Gone:      "550 550 550 550 550 550 550",
		magic.Busy:      "421 421 250",
		magic.Down:      "451 451 451 451 451 451 451",
		magic.BreaksTLS: "0 0 0 0 0 0 250", // every second handshake fails
		magic.HalfClose: "0 250",
		magic.Late:      "250",
	} {
		t.Run(script.Slug(), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t, nil)
			var got []string
			for len(got) < 7 {
				code := o.send("desk@t04.example", letter("m1", magic.Number(script, 1)))
				if got = append(got, strconv.Itoa(code)); code == 250 {
					break
				}
			}
			if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMailServerTakesNothingPlainNorForOthers(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	if code := o.send("other@t04.example", letter("m1", "x")); code != 550 {
		t.Errorf("a stranger's letter is answered %d", code)
	}
	if code := o.send("desk@t04.example", []byte("From: a@b\r\n\r\nx\r\n")); code != 554 {
		t.Errorf("a letter without a Message-ID is answered %d", code)
	}
	c, err := smtp.Dial(o.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var said *textproto.Error
	if err := c.Mail("gateway@port.example"); !errors.As(err, &said) || said.Code != 530 || !strings.Contains(said.Msg, "STARTTLS") {
		t.Errorf("a letter in the clear is answered %v", err)
	}
	if ok, _ := c.Extension("AUTH"); ok {
		t.Error("AUTH is offered in the clear")
	}
}

func TestLinkIsLookedAtAndThenAnswered(t *testing.T) {
	t.Parallel()
	calls := make(chan string, 10)
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls <- r.Method + " " + r.URL.Path + " " + r.FormValue("kind") + " " + r.FormValue("reason")
		if r.Method == http.MethodPost {
			http.Redirect(w, r, "/done", http.StatusSeeOther)
		}
	}))
	t.Cleanup(pages.Close)
	f := &LinkFollower{}
	f.Allow(strings.TrimPrefix(pages.URL, "http://"))
	o := newOffice(t, f.Answer)
	text := magic.Number(magic.SiteFull, 1) + " " + pages.URL + "/zh-Hans/answers/abc-DEF_1\r\n"
	if code := o.send("desk@t04.example", letter("m1", text)); code != 250 {
		t.Fatalf("answered %d", code)
	}
	got := []string{<-calls, <-calls}
	if diff := cmp.Diff([]string{"GET /zh-Hans/answers/abc-DEF_1  ", "POST /zh-Hans/answers/abc-DEF_1 rejected SITE_FULL"}, got); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	for len(o.Mail.Terminal.Answers()) == 0 {
		time.Sleep(time.Millisecond)
	}
	if a := o.Mail.Terminal.Answers(); a[0].Outcome != answerHeard {
		t.Errorf("answers %+v", a)
	}
}
