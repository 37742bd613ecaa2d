// Package mail is the wire of terminals that have nothing else: letters over
// SMTP with STARTTLS, in plain text, with attachments.
//
// Contract: Adapter hands one message to one mail server as one letter for one
// or more recipients, and returns what the server said. A message is written
// the same in every attempt, so that a letter which came twice can be known by
// its Message-ID. A letter never leaves over a connection without encryption
// unless the operator named the host, and a password never.
//
// The package does not know whether anybody reads a letter, nor an earlier
// delivery: SMTP cannot be asked (notices.md section 4: a read receipt is not
// an acknowledgement). It does not know what the text says: Text makes the
// body of a message whose content is a text for people; any other content
// travels as an attached file.
package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	portadapters "kouan/port-adapters"
)

// Limits of one delivery.
const (
	// DefaultTimeout is longer than that of other wires: mail servers let
	// strangers wait, and look into letters before they answer.
	DefaultTimeout = time.Minute
	answerLimit    = 1 << 20         // bytes that a server may send in all
	farewell       = 2 * time.Second // for the answer to QUIT, which changes nothing
)

// Adapter writes letters from one address to the recipients of one terminal.
// Address, From and To are required.
type Adapter struct {
	Address string   // host:port of the mail server that takes our letters
	From    string   // sender, as port@kouan.example or 口岸 <port@kouan.example>
	To      []string // recipients, in the same forms (ReadAddresses)

	User     string // "": the server does not ask who we are
	Password string

	// Implicit is for servers that speak TLS at once (port 465, RFC 8314).
	Implicit bool
	// PlainHost is the host of Address when the operator allows letters to
	// leave without encryption where that host does not offer it.
	PlainHost string
	TLS       *tls.Config // cloned; nil: the system's certificates, TLS 1.2 or newer

	// Cover makes the text above a message that is an attached file; nil: the
	// name of the file.
	Cover func(*portadapters.Message) string

	Dial    portadapters.DialFunc // nil: a Guard that allows no special address
	Timeout time.Duration         // of one delivery; 0: DefaultTimeout
	Clock   func() time.Time      // nil: the system's
}

var _ portadapters.Adapter = (*Adapter)(nil)

// String names the route of letters and no secret.
func (a *Adapter) String() string { return a.Address + " to " + strings.Join(a.To, ", ") }

// GoString is String, so that no verb prints the password.
func (a *Adapter) GoString() string { return a.String() }

// Deliver hands m over. It succeeds when the server takes the letter for at
// least one recipient; Detail then names those that it refused. Answers 4xx
// are temporary and 5xx permanent, except for a full mailbox; a connection
// that breaks after the letter's last dot, before the answer, is unknown.
func (a *Adapter) Deliver(ctx context.Context, m portadapters.Message) (portadapters.Receipt, error) {
	detail, err := a.deliver(ctx, &m)
	if err != nil {
		return portadapters.Receipt{}, fmt.Errorf("deliver message %s: %w", m.ID, err)
	}
	return portadapters.Receipt{At: portadapters.Now(a.Clock), Peer: a.Address, Detail: detail}, nil
}

func (a *Adapter) deliver(ctx context.Context, m *portadapters.Message) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	route, err := a.route()
	if err != nil {
		return "", err
	}
	letter, err := a.letter(m, route)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(a.Timeout, DefaultTimeout))
	defer cancel()
	dial := a.Dial
	if dial == nil {
		dial = portadapters.Guard{}.Dialer()
	}
	raw, err := dial(ctx, "tcp", a.Address)
	if err != nil {
		return "", told(ctx, err)
	}
	conn := &portadapters.Bounded{Conn: raw}
	conn.Allow(answerLimit)
	defer conn.Cut()
	defer context.AfterFunc(ctx, conn.Cut)()
	detail, err := a.talk(ctx, conn, route, letter)
	if err != nil {
		return "", fmt.Errorf("%s: %w", a.Address, told(ctx, errors.Join(err, conn.Why())))
	}
	return detail, nil
}

// route is the adapter's addresses, read.
type route struct {
	host string // of the mail server
	from Mailbox
	to   []Mailbox
}

// route judges the settings; every error is permanent.
func (a *Adapter) route() (*route, error) {
	host, _, err := net.SplitHostPort(a.Address)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w: %w", portadapters.ErrPermanent, err)
	}
	r := &route{host: host}
	if r.from, err = ParseMailbox(a.From); err != nil {
		return nil, fmt.Errorf("sender: %w: %w", portadapters.ErrPermanent, err)
	}
	for _, to := range a.To {
		box, err := ParseMailbox(to)
		if err != nil {
			return nil, fmt.Errorf("recipient: %w: %w", portadapters.ErrPermanent, err)
		}
		r.to = append(r.to, box)
	}
	if len(r.to) == 0 || len(r.to) > MaxRecipients {
		return nil, fmt.Errorf("%d recipients: %w", len(r.to), portadapters.ErrPermanent)
	}
	return r, nil
}
