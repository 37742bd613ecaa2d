package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		s := newOffice(t)
		return adaptertest.Harness{
			Adapter:            s.adapter(),
			Forgets:            true,
			CarriesAttachments: true,
			Arrived: func(t *testing.T) []adaptertest.Arrival {
				var out []adaptertest.Arrival
				for _, l := range s.got() {
					files := readLetter(t, l.raw).files
					a := adaptertest.Arrival{FileName: strings.TrimSuffix(files[0].name, ".xml"), Body: []byte(files[0].body)}
					for _, f := range files[1:] {
						a.Attachments = append(a.Attachments, portadapters.Attachment{Name: f.name, Body: []byte(f.body)})
					}
					out = append(out, a)
				}
				return out
			},
			Down: func(*testing.T) func() {
				s.down()
				return func() { s.up(s.address) }
			},
			Refuse: func(*testing.T, portadapters.Message) {
				s.tell(func(s *office) { s.answers["MAIL"] = "550 5.7.1 not from you" })
			},
			Slow: func(*testing.T) <-chan struct{} {
				slow := make(chan struct{})
				s.tell(func(s *office) { s.slow = slow })
				return slow
			},
		}
	})
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	for _, implicit := range []bool{false, true} {
		t.Run(map[bool]string{false: "STARTTLS", true: "TLS at once"}[implicit], func(t *testing.T) {
			t.Parallel()
			adaptertest.Strangers(t, func(_ *testing.T, address string) portadapters.Adapter {
				return &Adapter{Address: address, From: "port@kouan.example", To: []string{"desk@t04.example"}, Implicit: implicit,
					Dial: portadapters.Guard{Allow: []string{address}}.Dialer(), Timeout: time.Hour}
			})
		})
	}
}

// notice is a message whose body is a text for people.
func notice(n int) portadapters.Message {
	m := adaptertest.Message(n)
	m.ContentType, m.Kind, m.Subject, m.Sequence = ContentType, "notice.issued", "notice/N2026000001", 3
	m.Body = Text("查验通知 N2026000001 第 1 版", "请于 12:30 前答复。\nBox TEMU1234567: open, half.\n.\nhttps://kouan.example/zh-Hans/answers/abc=\n")
	return m
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	s := newOffice(t)
	got, err := s.adapter().Deliver(t.Context(), notice(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(portadapters.Receipt{At: noon, Peer: s.address, Detail: "250 2.0.0 queued as 1"}, got); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	letter := s.got()[0]
	if diff := cmp.Diff([]string{"TO:<desk@t04.example>", "TO:<night@t04.example>"}, letter.to); diff != "" || !strings.HasPrefix(letter.from, "FROM:<port@kouan.example>") {
		t.Errorf("envelope from %s (-want +got):\n%s", letter.from, diff)
	}
	if diff := cmp.Diff([]string{"kouan.example", "kouan.example"}, s.hellos); diff != "" {
		t.Errorf("greetings (-want +got):\n%s", diff)
	}
}

// result is what became of a delivery, in one word.
func result(err error) string {
	switch {
	case err == nil:
		return "delivered"
	case errors.Is(err, portadapters.ErrPermanent):
		return "permanent"
	case errors.Is(err, portadapters.ErrUnknown):
		return "unknown"
	}
	return "temporary"
}

func TestAnswersAreClassified(t *testing.T) {
	t.Parallel()
	const desk, night = "RCPT TO:<desk@t04.example>", "RCPT TO:<night@t04.example>"
	cases := []struct {
		name    string
		answers map[string]string
		want    string
		detail  string // part of the receipt or error
	}{
		{"busy at the door", map[string]string{"greeting": "421 4.3.2 come later"}, "temporary", "come later"},
		{"not open to us", map[string]string{"greeting": "554 5.7.1 no service for you"}, "permanent", "no service"},
		{"sender refused", map[string]string{"MAIL": "553 5.1.8 unknown sender"}, "permanent", "unknown sender"},
		{"sender deferred", map[string]string{"MAIL": "451 4.7.1 greylisted"}, "temporary", "greylisted"},
		{"one recipient refused", map[string]string{night: "550 5.1.1 nobody of that name"}, "delivered", "refused 1 of 2: night@t04.example 550 \"5.1.1 nobody of that name\""},
		{"one recipient deferred", map[string]string{desk: "450 4.2.1 later"}, "delivered", "refused 1 of 2: desk@t04.example 450"},
		{"all recipients refused", map[string]string{desk: "550 5.1.1 nobody", night: "550 5.1.1 nobody"}, "permanent", "desk@t04.example"},
		{"one refused, one deferred", map[string]string{desk: "550 5.1.1 nobody", night: "450 4.2.1 later"}, "temporary", "night@t04.example"},
		{"full mailboxes", map[string]string{desk: "552 5.2.2 full", night: "552 5.2.2 full"}, "temporary", "full"},
		{"too many recipients, as some servers say it", map[string]string{desk: "552 too many", night: "552 too many"}, "temporary", "too many"},
		{"letters not taken now", map[string]string{"DATA": "451 4.3.0 no room"}, "temporary", "no room"},
		{"letters not taken", map[string]string{"DATA": "554 5.5.1 no"}, "permanent", "554"},
		{"letter deferred", map[string]string{".": "452 4.3.1 disk full"}, "temporary", "disk full"},
		{"letter refused", map[string]string{".": "554 5.7.1 looks like spam"}, "permanent", "spam"},
		{"letter too large", map[string]string{".": "552 5.3.4 too large"}, "permanent", "too large"},
		{"mailbox full at the end", map[string]string{".": "552 5.2.2 mailbox full"}, "temporary", "full"},
		{"encryption refused", map[string]string{"STARTTLS": "454 4.7.0 not now"}, "temporary", "not now"},
		{"farewell refused", map[string]string{"QUIT": "500 what"}, "delivered", "no farewell"},
		{"an answer that is none", map[string]string{"MAIL": "ok"}, "temporary", "sender"},
		{"an answer without an end", map[string]string{"MAIL": strings.Repeat("250-more\r\n", 200_000) + "250 ok"}, "temporary", "more bytes"},
		{"an answer of many words", map[string]string{"MAIL": "550 " + strings.Repeat("no ", 1000)}, "permanent", "550"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOffice(t)
			s.tell(func(s *office) { s.answers = c.answers })
			got, err := s.adapter().Deliver(t.Context(), notice(1))
			if result(err) != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if said := got.Detail + fmt.Sprint(err); !strings.Contains(said, c.detail) || len(said) > 500 || strings.ContainsAny(said, "\r\n") {
				t.Errorf("said %q, want %q in it", said, c.detail)
			}
			if n := len(s.got()); (n == 1) != (c.want == "delivered") {
				t.Errorf("%d letters taken", n)
			}
		})
	}
}

func TestConnectionsThatEnd(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"greeting": "temporary", "EHLO": "temporary", "STARTTLS": "temporary", "MAIL": "temporary",
		"RCPT TO:<desk@t04.example>": "temporary", "DATA": "temporary", ".": "unknown", "QUIT": "delivered",
	} {
		s := newOffice(t)
		s.tell(func(s *office) { s.hangsUp = at })
		if _, err := s.adapter().Deliver(t.Context(), notice(1)); result(err) != want {
			t.Errorf("at %s: got %v, want %s", at, err, want)
		}
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		office func(*office)
		change func(*Adapter)
		want   string
		says   string
	}{
		{"not offered", func(s *office) { s.noTLS = true }, func(*Adapter) {}, "temporary", "offers no encryption"},
		{"not offered, and another host may do without", func(s *office) { s.noTLS = true }, func(a *Adapter) { a.PlainHost = "localhost" }, "temporary", "offers no encryption"},
		{"not offered by the host that may do without", func(s *office) { s.noTLS = true }, func(a *Adapter) { a.PlainHost = "127.0.0.1" }, "delivered", ""},
		{"a password never goes without", func(s *office) { s.noTLS = true; s.offers = []string{"AUTH PLAIN"} },
			func(a *Adapter) { a.PlainHost, a.User, a.Password = "127.0.0.1", "kouan", "secret" }, "permanent", "readable connection"},
		{"offered to the host that may do without: used", nil, func(a *Adapter) { a.PlainHost, a.TLS = "127.0.0.1", nil }, "temporary", "certificate"},
		{"a certificate that nobody vouches for", nil, func(a *Adapter) { a.TLS = nil }, "temporary", "certificate"},
		{"a certificate of another host", nil, func(a *Adapter) { a.TLS.ServerName = "mail.example" }, "temporary", "certificate"},
		{"TLS at once", func(s *office) { s.implicit = true }, func(a *Adapter) { a.Implicit = true }, "delivered", ""},
		{"TLS at once, not trusted", func(s *office) { s.implicit = true }, func(a *Adapter) { a.Implicit, a.TLS = true, nil }, "temporary", "certificate"},
		{"TLS too old", nil, func(a *Adapter) { a.TLS.MaxVersion = tls.VersionTLS11; a.TLS.MinVersion = tls.VersionTLS10 }, "temporary", "protocol version"},
		{"a special address that nobody allowed", nil, func(a *Adapter) { a.Dial = nil }, "permanent", "loopback"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newOffice(t)
			if c.office != nil {
				s.tell(c.office)
			}
			a := s.adapter()
			c.change(a)
			_, err := a.Deliver(t.Context(), notice(1))
			if result(err) != c.want || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want %s and %q", err, c.want, c.says)
			}
			if n := len(s.got()); (n == 1) != (c.want == "delivered") {
				t.Errorf("%d letters taken", n)
			}
		})
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		offer, password string
		implicit        bool
		want            string
		logins          []string
	}{
		{"AUTH PLAIN LOGIN", "secret", false, "delivered", []string{"PLAIN kouan secret"}},
		{"AUTH LOGIN PLAIN", "secret", true, "delivered", []string{"PLAIN kouan secret"}},
		{"AUTH LOGIN", "secret", false, "delivered", []string{"LOGIN kouan secret"}},
		{"AUTH LOGIN", "guess", false, "permanent", []string{"LOGIN kouan guess"}},
		{"AUTH PLAIN", "guess", false, "permanent", []string{"PLAIN kouan guess"}},
		{"AUTH CRAM-MD5 XOAUTH2", "secret", false, "permanent", nil},
		{"8BITMIME", "secret", false, "permanent", nil},
	}
	for _, c := range cases {
		s := newOffice(t)
		s.tell(func(s *office) { s.offers, s.implicit = []string{c.offer}, c.implicit })
		a := s.adapter()
		a.User, a.Password, a.Implicit = "kouan", c.password, c.implicit
		_, err := a.Deliver(t.Context(), notice(1))
		if result(err) != c.want {
			t.Errorf("%s with %s: got %v, want %s", c.offer, c.password, err, c.want)
		}
		if diff := cmp.Diff(c.logins, s.logins); diff != "" {
			t.Errorf("%s with %s (-want +got):\n%s", c.offer, c.password, diff)
		}
		if text := fmt.Sprint(err) + fmt.Sprintf("%v %+v %#v", a, a, a); strings.Contains(text, "secret") || strings.Contains(text, "guess") {
			t.Errorf("the password is printed: %s", text)
		}
	}
}

func TestSizeIsAskedBeforeTheLetterIsSent(t *testing.T) {
	t.Parallel()
	for offer, want := range map[string]string{"SIZE 500": "permanent", "SIZE 100000": "delivered", "SIZE 0": "delivered", "SIZE": "delivered", "SIZE many": "delivered"} {
		s := newOffice(t)
		s.tell(func(s *office) { s.offers = []string{offer} })
		if _, err := s.adapter().Deliver(t.Context(), notice(1)); result(err) != want {
			t.Errorf("%s: got %v, want %s", offer, err, want)
		}
	}
}

func TestSilenceIsLeftInTime(t *testing.T) {
	t.Parallel()
	s := newOffice(t)
	a := s.adapter()
	a.Timeout = 300 * time.Millisecond
	s.tell(func(s *office) { s.slow = make(chan struct{}) })
	_, err := a.Deliver(t.Context(), notice(1))
	if !errors.Is(err, context.DeadlineExceeded) || result(err) != "unknown" {
		t.Errorf("got %v, want a time-out with the outcome unknown", err)
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Adapter){
		"no port":   func(a *Adapter) { a.Address = "mail.example" },
		"no sender": func(a *Adapter) { a.From = "" },
		"nobody":    func(a *Adapter) { a.To = nil },
		"too many": func(a *Adapter) {
			a.To = strings.Split(strings.Repeat("a@b.example ", MaxRecipients+1), " ")[:MaxRecipients+1]
		},
		"a line end in a recipient": func(a *Adapter) { a.To = []string{"desk@t04.example\r\nBcc: x@y.example"} },
		"a line end in the sender":  func(a *Adapter) { a.From = "\"a\r\nBcc: x@y.example\" <port@kouan.example>" },
	} {
		s := newOffice(t)
		a := s.adapter()
		change(a)
		if _, err := a.Deliver(t.Context(), notice(1)); result(err) != "permanent" || len(s.hellos) > 0 {
			t.Errorf("%s: got %v after %d greetings, want permanent before any", name, err, len(s.hellos))
		}
	}
}
