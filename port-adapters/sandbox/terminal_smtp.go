package sandbox

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"

	"kouan/port-adapters/sandbox/magic"
)

// Bounds of one SMTP session (RFC 5321 section 4.5.3, and less).
const (
	smtpIdle     = 30 * time.Second
	smtpLine     = 2048
	smtpCommands = 200
)

// TerminalSMTP is the mail server of a terminal that has nothing else. It
// takes letters for one address, over STARTTLS when it has a certificate, and
// tells by its answers what the scripts want.
type TerminalSMTP struct {
	Mail     *TerminalMail
	Address  string      // of the terminal; "": any
	TLS      *tls.Config // nil: STARTTLS is not offered
	User     string      // "": nobody needs to sign in
	Password string
	LateBy   time.Duration // 0: DefaultLateBy
}

// Listen serves connections of l until ctx ends; done waits for them.
func (s *TerminalSMTP) Listen(ctx context.Context, l net.Listener, done *sync.WaitGroup) {
	done.Go(func() {
		<-ctx.Done()
		if err := l.Close(); err != nil {
			s.log().Debug("sandbox terminal: smtp listener not closed", "error", err)
		}
	})
	done.Go(func() {
		var open sync.WaitGroup
		for {
			conn, err := l.Accept()
			if err != nil {
				break // closed with ctx
			}
			open.Go(func() {
				stop := context.AfterFunc(ctx, func() { s.Mail.Terminal.hangUp(conn) })
				defer stop()
				defer s.Mail.Terminal.hangUp(conn)
				c := &smtpSession{s: s, ctx: ctx}
				c.on(conn)
				if err := c.serve(); err != nil && !errors.Is(err, io.EOF) {
					s.log().Debug("sandbox terminal: smtp session ended", "error", err)
				}
			})
		}
		open.Wait()
	})
}

func (s *TerminalSMTP) log() *slog.Logger { return s.Mail.Terminal.log() }

// smtpSession is one connection.
type smtpSession struct {
	s         *TerminalSMTP
	ctx       context.Context
	conn      net.Conn
	text      *textproto.Reader
	out       *bufio.Writer
	encrypted bool
	signedIn  bool
	from      bool
	to        []string
}

// on reads and writes over conn from now on: what a client sent ahead of
// STARTTLS is forgotten (RFC 3207 section 4.2).
func (c *smtpSession) on(conn net.Conn) {
	c.conn = conn
	c.text = textproto.NewReader(bufio.NewReaderSize(io.LimitReader(conn, 64<<20), smtpLine))
	c.out = bufio.NewWriter(conn)
}

func (c *smtpSession) serve() error {
	if err := c.say("220 sandbox.invalid ESMTP " + smtpMark); err != nil {
		return err
	}
	for range smtpCommands {
		line, err := c.line()
		if err != nil {
			return err
		}
		verb, rest, _ := strings.Cut(line, " ")
		over, err := c.obey(strings.ToUpper(verb), strings.TrimSpace(rest))
		if err != nil || over {
			return err
		}
	}
	return c.say("421 4.7.0 " + smtpMark + " too many commands")
}

// obey carries out one command; over ends the session.
func (c *smtpSession) obey(verb, rest string) (over bool, err error) {
	switch verb {
	case "EHLO", "HELO":
		return false, c.hello(verb)
	case "STARTTLS":
		return false, c.encrypt()
	case "AUTH":
		return false, c.signIn(rest)
	case "MAIL":
		return false, c.mail()
	case "RCPT":
		return false, c.rcpt(rest)
	case "DATA":
		return c.data()
	case "RSET":
		c.from, c.to = false, nil
		return false, c.say("250 2.0.0 ok")
	case "NOOP":
		return false, c.say("250 2.0.0 ok")
	case "QUIT":
		return true, c.say("221 2.0.0 bye")
	}
	return false, c.say("502 5.5.1 not known here")
}

func (c *smtpSession) hello(verb string) error {
	c.from, c.to = false, nil
	if verb == "HELO" {
		return c.say("250 sandbox.invalid")
	}
	lines := []string{"sandbox.invalid", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE " + itoa(maxBody)}
	if c.s.TLS != nil && !c.encrypted {
		lines = append(lines, "STARTTLS")
	}
	if c.s.User != "" && c.encrypted {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	for i, l := range lines {
		sign := "-"
		if i == len(lines)-1 {
			sign = " "
		}
		if err := c.say("250" + sign + l); err != nil {
			return err
		}
	}
	return nil
}

// encrypt goes on over TLS; a script may break the handshake.
func (c *smtpSession) encrypt() error {
	if c.s.TLS == nil || c.encrypted {
		return c.say("502 5.5.1 not offered")
	}
	if err := c.say("220 2.0.0 go ahead"); err != nil {
		return err
	}
	conn := tls.Server(c.conn, c.s.Mail.fails.Wrap(c.s.TLS))
	if err := conn.HandshakeContext(c.ctx); err != nil {
		return err
	}
	c.on(conn)
	c.encrypted, c.from, c.to = true, false, nil
	return nil
}

// signIn takes PLAIN and LOGIN, over TLS alone (RFC 4954 section 4).
func (c *smtpSession) signIn(rest string) error {
	if c.s.User == "" || !c.encrypted {
		return c.say("502 5.5.1 not offered")
	}
	how, first, _ := strings.Cut(rest, " ")
	user, password := "", ""
	switch strings.ToUpper(how) {
	case "PLAIN":
		if first == "" {
			var err error
			if first, err = c.ask(""); err != nil {
				return err
			}
		}
		if parts := strings.Split(decoded(first), "\x00"); len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		var err error
		if user, err = c.ask("Username:"); err != nil {
			return err
		}
		if password, err = c.ask("Password:"); err != nil {
			return err
		}
		user, password = decoded(user), decoded(password)
	default:
		return c.say("504 5.5.4 not offered")
	}
	if user != c.s.User || password != c.s.Password {
		return c.say("535 5.7.8 not known here")
	}
	c.signedIn = true
	return c.say("235 2.7.0 ok")
}

func (c *smtpSession) ask(what string) (string, error) {
	if err := c.say("334 " + base64.StdEncoding.EncodeToString([]byte(what))); err != nil {
		return "", err
	}
	return c.line()
}

func decoded(s string) string {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	return string(b)
}

func (c *smtpSession) mail() error {
	switch {
	case c.s.TLS != nil && !c.encrypted:
		return c.say("530 5.7.0 STARTTLS first")
	case c.s.User != "" && !c.signedIn:
		return c.say("530 5.7.0 sign in first")
	}
	c.from, c.to = true, nil
	return c.say("250 2.1.0 ok")
}

func (c *smtpSession) rcpt(rest string) error {
	_, address, _ := strings.Cut(rest, "<")
	address, _, closed := strings.Cut(address, ">")
	switch {
	case !c.from:
		return c.say("503 5.5.1 MAIL first")
	case !closed || c.s.Address != "" && !strings.EqualFold(address, c.s.Address):
		return c.say("550 5.1.1 nobody of that name")
	}
	c.to = append(c.to, address)
	return c.say("250 2.1.5 ok")
}

// data takes a letter and says what the terminal makes of it.
func (c *smtpSession) data() (over bool, err error) {
	if len(c.to) == 0 {
		return false, c.say("503 5.5.1 RCPT first")
	}
	if err := c.say("354 end with a dot"); err != nil {
		return true, err
	}
	raw, err := io.ReadAll(io.LimitReader(c.text.DotReader(), maxBody+1))
	if err != nil {
		return true, err
	}
	if len(raw) > maxBody {
		return true, c.say("552 5.3.4 too large")
	}
	c.from, c.to = false, nil
	return c.conclude(c.s.Mail.receive(raw))
}

// conclude says what came of a letter, or misbehaves as its script says.
func (c *smtpSession) conclude(v handling) (over bool, err error) {
	switch v.outcome {
	case conflict:
		return false, c.say("554 5.6.0 " + smtpMark + " cannot be taken")
	case refused:
		switch v.script {
		case magic.Gone, magic.Refuses:
			return false, c.say("550 5.1.6 " + smtpMark + " the mailbox has moved")
		case magic.Busy:
			return true, c.say("421 4.7.0 " + smtpMark + " too busy")
		case magic.BreaksTLS:
			c.s.Mail.fails.Next(1)
			return true, nil
		}
		return false, c.say("451 4.3.0 " + smtpMark + " not now")
	}
	switch v.script {
	case magic.Late, magic.Drips:
		pause(c.ctx, or(c.s.LateBy, DefaultLateBy))
	case magic.HalfClose:
		return true, nil
	case magic.Huge:
		for range hugeLines {
			if err := c.say("250-" + strings.Repeat(smtpMark+" ", 40)); err != nil {
				return true, err // the gateway had enough
			}
		}
	}
	return false, c.say("250 2.0.0 " + smtpMark + " taken")
}

// hugeLines is how many lines magic.Huge answers to a letter.
const hugeLines = 20_000

// smtpMark says in ASCII that this is a sandbox.
const smtpMark = "SANDBOX"

// line reads one line within its time and size.
func (c *smtpSession) line() (string, error) {
	if err := c.conn.SetDeadline(time.Now().Add(smtpIdle)); err != nil { //nolint:forbidigo // the deadline of a socket is the system's time
		return "", err
	}
	return c.text.ReadLine()
}

func (c *smtpSession) say(line string) error {
	if _, err := c.out.WriteString(line + "\r\n"); err != nil {
		return err
	}
	return c.out.Flush()
}
