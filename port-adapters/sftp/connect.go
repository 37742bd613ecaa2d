package sftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
)

// connect makes a connection: TCP, SSH, subsystem. It ends when ctx does.
func (h *Host) connect(ctx context.Context) (*link, error) {
	config, checked, err := h.config()
	if err != nil {
		return nil, err
	}
	dial := h.Dial
	if dial == nil {
		dial = portadapters.Guard{}.Dialer()
	}
	raw, err := dial(ctx, "tcp", h.Address)
	if err != nil {
		return nil, err
	}
	conn := &portadapters.Bounded{Conn: raw}
	conn.Allow(answerLimit)
	stop := context.AfterFunc(ctx, conn.Cut)
	l, err := h.shake(conn, config)
	if cut := !stop(); err == nil && cut {
		l.cut()
		return nil, ctx.Err()
	}
	if err != nil {
		conn.Cut()
		return nil, refused(ctx, *checked, err)
	}
	return l, nil
}

// shake speaks SSH over conn and opens the subsystem.
func (h *Host) shake(conn *portadapters.Bounded, config *ssh.ClientConfig) (*link, error) {
	c, channels, requests, err := ssh.NewClientConn(conn, h.Address, config)
	if err != nil {
		return nil, err
	}
	client := ssh.NewClient(c, channels, requests)
	// Writes overlap: an error leaves holes, and then the file is not renamed.
	files, err := sftp.NewClient(client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return &link{Client: files, conn: conn}, nil
}

// errHostKey says that the server is not the one that was pinned.
var errHostKey = errors.New("host key is not the pinned one")

// config of a connection; checked turns true when the server has shown a pinned key.
func (h *Host) config() (config *ssh.ClientConfig, checked *bool, err error) {
	if len(h.HostKeys) == 0 {
		return nil, nil, fmt.Errorf("no host key is pinned: %w", portadapters.ErrPermanent)
	}
	checked = new(bool)
	config = &ssh.ClientConfig{
		User: h.User,
		HostKeyCallback: func(_ string, _ net.Addr, shown ssh.PublicKey) error {
			for _, pinned := range h.HostKeys {
				if bytes.Equal(pinned.Marshal(), shown.Marshal()) {
					*checked = true
					return nil
				}
			}
			return fmt.Errorf("%w: it is %s", errHostKey, ssh.FingerprintSHA256(shown))
		},
		// Only kinds that are pinned, or the server chooses one of its other keys.
		HostKeyAlgorithms: h.algorithms(),
		Timeout:           portadapters.ConnectTimeout,
	}
	if len(h.Signers) > 0 {
		config.Auth = append(config.Auth, ssh.PublicKeys(h.Signers...))
	}
	if h.Password != "" {
		config.Auth = append(config.Auth, ssh.Password(h.Password), ssh.KeyboardInteractive(h.answers))
	}
	if len(config.Auth) == 0 {
		return nil, nil, fmt.Errorf("neither key nor password: %w", portadapters.ErrPermanent)
	}
	return config, checked, nil
}

func (h *Host) algorithms() []string {
	var list []string
	for _, key := range h.HostKeys {
		if key.Type() == ssh.KeyAlgoRSA { // its signatures with SHA-1 are not taken
			list = append(list, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		} else {
			list = append(list, key.Type())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// answers gives the password to the one hidden question that servers with PAM
// ask instead of taking it, and to no other.
func (h *Host) answers(_, _ string, questions []string, echos []bool) ([]string, error) {
	switch {
	case len(questions) == 0:
		return nil, nil
	case len(questions) == 1 && !echos[0]:
		return []string{h.Password}, nil
	}
	return nil, fmt.Errorf("%d questions instead of a password: %w", len(questions), portadapters.ErrPermanent)
}

// refused tells what the same message will meet again from what may pass:
// another host key, no kind of key or cipher in common, a login that is not
// taken (as push-and-errors REQ-04 has it of 401 and 403).
func refused(ctx context.Context, checked bool, err error) error {
	var none *ssh.AlgorithmNegotiationError
	switch {
	case ctx.Err() != nil:
		return err
	case errors.Is(err, errHostKey), errors.As(err, &none):
		return fmt.Errorf("%w: %w", portadapters.ErrPermanent, err)
	case checked && strings.Contains(err.Error(), "unable to authenticate"): // x/crypto/ssh has no type for it
		return fmt.Errorf("%w: %w", portadapters.ErrPermanent, err)
	}
	return err
}
