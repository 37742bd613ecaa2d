package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	portadapters "kouan/port-adapters"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)

// office is a mail server on loopback. Its fields may change between sessions.
type office struct {
	t       testing.TB
	address string
	roots   *x509.CertPool // that vouch for it
	cert    tls.Certificate

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	running  sync.WaitGroup

	offers   []string          // of EHLO, besides STARTTLS; AUTH only over TLS
	noTLS    bool              // STARTTLS is not offered
	implicit bool              // TLS at once
	answers  map[string]string // by command, as "RCPT TO:<x@y>" or "DATA" or "." or "greeting"
	slow     chan struct{}     // closed when a letter was taken; no answer comes then
	hangsUp  string            // command at which the connection ends; "." after the letter
	letters  []letterTaken
	logins   []string // mechanism user password
	hellos   []string
}

// letterTaken is a letter with its envelope.
type letterTaken struct {
	from string
	to   []string
	raw  string
}

func newOffice(t testing.TB) *office {
	t.Helper()
	s := &office{t: t, roots: x509.NewCertPool(), answers: map[string]string{}}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.roots.AddCert(parsed)
	s.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	s.up("127.0.0.1:0")
	t.Cleanup(func() {
		s.down()
		s.running.Wait()
	})
	return s
}

func (s *office) up(address string) {
	s.t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.listener, s.address = listener, listener.Addr().String()
	s.mu.Unlock()
	s.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.mu.Unlock()
			s.running.Go(func() {
				defer conn.Close()
				s.session(conn)
			})
		}
	})
}

func (s *office) down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener.Close()
	for _, c := range s.conns {
		c.Close()
	}
}

// adapter writes to two desks of a terminal by way of s.
func (s *office) adapter() *Adapter {
	return &Adapter{
		Address: s.address, From: "大连口岸 <port@kouan.example>", To: []string{"desk@t04.example", `"Night, desk" <night@t04.example>`},
		TLS: &tls.Config{RootCAs: s.roots, MinVersion: tls.VersionTLS12}, Dial: portadapters.Guard{Allow: []string{s.address}}.Dialer(),
		Clock: func() time.Time { return noon },
	}
}

// desk is one session of the office.
type desk struct {
	*office
	conn   net.Conn
	in     *textproto.Reader
	secure bool
	taken  letterTaken
}

func (s *office) session(conn net.Conn) {
	d := &desk{office: s, secure: s.implicit}
	if s.implicit {
		conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
	}
	d.over(conn)
	if !d.say("greeting", "220 mail.example ESMTP") {
		return
	}
	for {
		line, err := d.in.ReadLine()
		if err != nil || !d.obey(line) {
			return
		}
	}
}

func (d *desk) over(conn net.Conn) {
	d.conn, d.in = conn, textproto.NewReader(bufio.NewReader(conn))
}

// say answers a command, otherwise if so told; false ends the session.
func (d *desk) say(command, usual string) bool {
	d.mu.Lock()
	other, told := d.answers[command]
	ends := d.hangsUp == command
	d.mu.Unlock()
	if ends {
		return false
	}
	if told {
		usual = other
	}
	_, err := io.WriteString(d.conn, usual+"\r\n")
	return err == nil && !(told && strings.HasPrefix(other, "421"))
}

func (d *desk) good(command string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	other, told := d.answers[command]
	return !told || other[0] == '2' || other[0] == '3'
}

func (d *desk) obey(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		d.mu.Lock()
		d.hellos = append(d.hellos, rest)
		offers := slices.Clone(d.offers)
		d.mu.Unlock()
		if !d.noTLS && !d.secure {
			offers = append(offers, "STARTTLS")
		}
		if !d.secure {
			offers = slices.DeleteFunc(offers, func(o string) bool { return strings.HasPrefix(o, "AUTH") })
		}
		lines := append([]string{"mail.example"}, offers...)
		for i := range lines {
			lines[i] = "250" + map[bool]string{true: " ", false: "-"}[i == len(lines)-1] + lines[i]
		}
		return d.say("EHLO", strings.Join(lines, "\r\n"))
	case "STARTTLS":
		if !d.say("STARTTLS", "220 go ahead") {
			return false
		}
		if !d.good("STARTTLS") {
			return true
		}
		d.over(tls.Server(d.conn, &tls.Config{Certificates: []tls.Certificate{d.cert}}))
		d.secure = true
		return true
	case "AUTH":
		return d.auth(rest)
	case "MAIL":
		d.taken = letterTaken{from: rest}
		return d.say("MAIL", "250 ok")
	case "RCPT":
		if d.good(line) {
			d.taken.to = append(d.taken.to, rest)
		}
		return d.say(line, "250 ok")
	case "DATA":
		if !d.say("DATA", "354 go on") {
			return false
		}
		return !d.good("DATA") || d.letter()
	case "QUIT":
		d.say("QUIT", "221 bye")
		return false
	}
	return d.say(verb, "502 what")
}

func (d *desk) letter() bool {
	raw, err := io.ReadAll(d.in.DotReader())
	if err != nil {
		return false
	}
	if !d.good(".") {
		return d.say(".", "")
	}
	d.mu.Lock()
	d.taken.raw = string(raw)
	d.letters = append(d.letters, d.taken)
	slow := d.slow
	d.mu.Unlock()
	if slow != nil {
		close(slow)
		io.Copy(io.Discard, d.conn)
		return false
	}
	return d.say(".", fmt.Sprintf("250 2.0.0 queued as %d", len(d.letters)))
}

func (d *desk) auth(rest string) bool {
	mechanism, first, _ := strings.Cut(rest, " ")
	var words []string
	if mechanism == "LOGIN" {
		for _, question := range []string{"Username:", "Password:"} {
			if !d.say("AUTH "+question, "334 "+base64.StdEncoding.EncodeToString([]byte(question))) {
				return false
			}
			line, err := d.in.ReadLine()
			if err != nil {
				return false
			}
			words = append(words, unbase64(line))
		}
	} else {
		words = strings.Split(unbase64(first), "\x00")[1:]
	}
	d.mu.Lock()
	d.logins = append(d.logins, mechanism+" "+strings.Join(words, " "))
	d.mu.Unlock()
	if !slices.Equal(words, []string{"kouan", "secret"}) {
		return d.say("AUTH", "535 5.7.8 no")
	}
	return d.say("AUTH", "235 2.7.0 welcome")
}

func unbase64(s string) string {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "not base64: " + s
	}
	return string(raw)
}

// tell changes what the office does from now on.
func (s *office) tell(change func(*office)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = maps.Clone(s.answers)
	change(s)
}

func (s *office) got() []letterTaken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}
