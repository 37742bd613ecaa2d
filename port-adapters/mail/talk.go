package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"time"

	portadapters "kouan/port-adapters"
)

// talk is one session over conn: greeting, encryption, login, letter. It
// returns what the server said when it took the letter.
func (a *Adapter) talk(ctx context.Context, conn *portadapters.Bounded, r *route, letter []byte) (string, error) {
	c, err := a.greet(ctx, conn, r)
	if err != nil {
		return "", err
	}
	if err := a.login(c, r.host); err != nil {
		return "", err
	}
	refused, err := envelope(c, r, len(letter))
	if err != nil {
		return "", err
	}
	// The last moment at which a lost lease can stop it.
	if err := ctx.Err(); err != nil {
		return "", err
	}
	answer, err := hand(c, letter)
	if err != nil {
		return "", err
	}
	// The letter is taken, whatever becomes of the farewell.
	late := time.AfterFunc(farewell, conn.Cut)
	defer late.Stop()
	if err := c.Quit(); err != nil {
		answer += " (no farewell)"
	}
	if len(refused) > 0 {
		answer += fmt.Sprintf("; refused %d of %d: %s", len(refused), len(r.to), strings.Join(refused, "; "))
	}
	return answer, nil
}

// errPlain says that letters would leave readable.
var errPlain = errors.New("server offers no encryption")

// greet begins the session, encrypted unless the operator allowed this host
// without. A server that does not offer it is a temporary failure, as broken
// TLS is: somebody on the way may have taken the offer away (RFC 3207 section 6).
func (a *Adapter) greet(ctx context.Context, conn net.Conn, r *route) (*smtp.Client, error) {
	if a.Implicit {
		secured := tls.Client(conn, a.tls(r.host))
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, fmt.Errorf("encrypt: %w", err)
		}
		conn = secured
	}
	c, err := smtp.NewClient(conn, r.host)
	if err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	_, domain, _ := strings.Cut(r.from.Address, "@")
	if err := c.Hello(domain); err != nil {
		return nil, fmt.Errorf("greeting: %w", err)
	}
	if a.Implicit {
		return c, nil
	}
	if offered, _ := c.Extension("STARTTLS"); !offered {
		if a.PlainHost != "" && strings.EqualFold(a.PlainHost, r.host) {
			return c, nil
		}
		return nil, errPlain
	}
	if err := c.StartTLS(a.tls(r.host)); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return c, nil
}

func (a *Adapter) tls(host string) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.TLS != nil {
		config = a.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	return config
}

// login says who we are, over an encrypted connection alone.
func (a *Adapter) login(c *smtp.Client, host string) error {
	if a.User == "" {
		return nil
	}
	if _, encrypted := c.TLSConnectionState(); !encrypted {
		return fmt.Errorf("a password over a readable connection: %w", portadapters.ErrPermanent)
	}
	_, offered := c.Extension("AUTH")
	var how smtp.Auth
	for mechanism := range strings.FieldsSeq(strings.ToUpper(offered)) {
		switch {
		case mechanism == "PLAIN":
			how = smtp.PlainAuth("", a.User, a.Password, host)
		case mechanism == "LOGIN" && how == nil:
			how = &loginAuth{user: a.User, password: a.Password}
		}
	}
	if how == nil {
		return fmt.Errorf("login: server offers %q, neither PLAIN nor LOGIN: %w", portadapters.Words(offered), portadapters.ErrPermanent)
	}
	if err := c.Auth(how); err != nil {
		return fmt.Errorf("login: %w", err)
	}
	return nil
}

// loginAuth is the mechanism LOGIN, which has no standard and many servers:
// two questions, whatever their words, for user and password.
type loginAuth struct {
	user, password string
	asked          int
}

func (l *loginAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	if !server.TLS {
		return "", nil, errPlain
	}
	return "LOGIN", nil, nil
}

func (l *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	l.asked++
	switch l.asked {
	case 1:
		return []byte(l.user), nil
	case 2:
		return []byte(l.password), nil
	}
	return nil, errors.New("a third question")
}

// envelope names sender and recipients. It returns what was said of those who
// were refused, when at least one was not. A letter for nobody is permanent
// only when no recipient may be taken later.
func envelope(c *smtp.Client, r *route, size int) (refused []string, err error) {
	if _, most := c.Extension("SIZE"); most != "" {
		if limit, err := strconv.ParseInt(most, 10, 64); err == nil && limit > 0 && int64(size) > limit { // 0: no limit (RFC 1870)
			return nil, fmt.Errorf("letter of %d bytes, the server takes %d: %w", size, limit, portadapters.ErrPermanent)
		}
	}
	if err := c.Mail(r.from.Address); err != nil {
		return nil, fmt.Errorf("sender %s: %w", r.from.Address, err)
	}
	var faults []error
	for _, to := range r.to {
		err := c.Rcpt(to.Address)
		if err == nil {
			continue
		}
		if !answered(err) {
			return nil, fmt.Errorf("recipient %s: %w", to.Address, err)
		}
		faults = append(faults, fmt.Errorf("recipient %s: %w", to.Address, roomLater(err)))
		refused = append(refused, portadapters.Words(to.Address+" "+err.Error()))
	}
	if len(faults) == len(r.to) {
		return nil, softest(faults)
	}
	return refused, nil
}

// hand sends the letter. Until its last dot is sent the server must forget it
// (RFC 5321 section 4.1.1.4); from then on only an answer tells what it did.
func hand(c *smtp.Client, letter []byte) (string, error) {
	id, err := c.Text.Cmd("DATA")
	if err != nil {
		return "", fmt.Errorf("letter: %w", err)
	}
	c.Text.StartResponse(id)
	defer c.Text.EndResponse(id)
	if _, _, err := c.Text.ReadResponse(354); err != nil {
		return "", fmt.Errorf("letter: %w", err)
	}
	w := c.Text.DotWriter()
	if _, err := w.Write(letter); err != nil {
		return "", fmt.Errorf("letter: %w", err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("end of letter: %w: %w", portadapters.ErrUnknown, err)
	}
	code, said, err := c.Text.ReadResponse(250)
	if err != nil && !answered(err) {
		return "", fmt.Errorf("end of letter: %w: %w", portadapters.ErrUnknown, err)
	}
	if err != nil {
		return "", fmt.Errorf("letter: %w", err)
	}
	return portadapters.Words(strconv.Itoa(code) + " " + said), nil
}
