package sftp

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
	"kouan/port-adapters/adaptertest/sshserver"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	ours, other := sshserver.NewKey(t), sshserver.NewKey(t)
	cases := []struct {
		name      string
		server    func(*ssh.ServerConfig)
		change    func(*Host)
		permanent bool
		says      string // "": it works
	}{
		{"a password", nil, func(*Host) {}, false, ""},
		{"a key", func(c *ssh.ServerConfig) { *c = keys(c, ours.PublicKey()) },
			func(h *Host) { h.Password, h.Signers = "", []ssh.Signer{other, ours} }, false, ""},
		{"a password that is asked for", func(c *ssh.ServerConfig) { *c = asks(c, "Password: ") }, func(*Host) {}, false, ""},
		{"questions that are not a password", func(c *ssh.ServerConfig) { *c = asks(c, "Password: ", "Code: ") }, func(*Host) {}, true, "2 questions"},
		{"a wrong password", nil, func(h *Host) { h.Password = "guess" }, true, "authenticate"},
		{"a wrong key", func(c *ssh.ServerConfig) { *c = keys(c, ours.PublicKey()) },
			func(h *Host) { h.Password, h.Signers = "", []ssh.Signer{other} }, true, "authenticate"},
		{"neither key nor password", nil, func(h *Host) { h.Password = "" }, true, "neither key nor password"},
		{"another host key", nil, func(h *Host) { h.HostKeys = []ssh.PublicKey{other.PublicKey()} }, true, "not the pinned one"},
		{"one of several host keys", nil, func(h *Host) { h.HostKeys = append([]ssh.PublicKey{other.PublicKey()}, h.HostKeys...) }, false, ""},
		{"no host key pinned", nil, func(h *Host) { h.HostKeys = nil }, true, "no host key is pinned"},
		{"a host key of a kind that the server has not", nil, func(h *Host) { h.HostKeys = []ssh.PublicKey{rsaKey(t).PublicKey()} }, true, "no common algorithm"},
		{"the kind that is pinned, though the server prefers another", func(c *ssh.ServerConfig) { c.AddHostKey(rsaKey(t)) }, func(*Host) {}, false, ""},
		{"a special address that nobody allowed", nil, func(h *Host) { h.Dial = nil }, true, "loopback"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, a := pair(t, sshserver.InProcess)
			if c.server != nil {
				s.Set(func(s *sshserver.Server) { c.server(s.Config) })
			}
			c.change(a.Host)
			_, err := a.Deliver(t.Context(), adaptertest.Message(1))
			if (err == nil) != (c.says == "") || errors.Is(err, portadapters.ErrPermanent) != c.permanent {
				t.Fatalf("got %v, want permanent %t", err, c.permanent)
			}
			if err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want it to say %q", err, c.says)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

func rsaKey(t *testing.T) ssh.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keys(c *ssh.ServerConfig, allowed ssh.PublicKey) ssh.ServerConfig {
	next := *c
	next.PasswordCallback = nil
	next.PublicKeyCallback = func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(allowed.Marshal()) {
			return nil, errors.New("no")
		}
		return &ssh.Permissions{}, nil
	}
	return next
}

func asks(c *ssh.ServerConfig, questions ...string) ssh.ServerConfig {
	next := *c
	next.PasswordCallback = nil
	next.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		answers, err := ask("", "", questions, make([]bool, len(questions)))
		if err != nil || answers[0] != "secret" {
			return nil, errors.New("no")
		}
		return &ssh.Permissions{}, nil
	}
	return next
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	adaptertest.Strangers(t, func(t *testing.T, address string) portadapters.Adapter {
		return &Adapter{Host: &Host{Address: address, User: "kouan", Password: "secret", HostKeys: []ssh.PublicKey{sshserver.NewKey(t).PublicKey()},
			Dial: portadapters.Guard{Allow: []string{address}}.Dialer(), Timeout: time.Hour}}
	})
}

func TestHalfOpenConnectionIsReplacedAfterItsProbe(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	if _, err := a.Deliver(t.Context(), adaptertest.Message(1)); err != nil {
		t.Fatal(err)
	}
	hung := s.Hang(sshserver.Probing)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	result := make(chan error, 1)
	go func() {
		_, err := a.Deliver(ctx, adaptertest.Message(2))
		result <- err
	}()
	<-hung
	s.Hang(sshserver.Nothing)
	if err := <-result; err != nil { // after probeTimeout
		t.Error(err)
	}
	if made := s.Connections(); made != 2 {
		t.Errorf("%d connections, want a second one", made)
	}
}
