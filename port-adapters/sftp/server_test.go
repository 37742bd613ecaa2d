package sftp

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"go.uber.org/goleak"
	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)

// terminal is an SSH server of a terminal on loopback: SSH in this process,
// the subsystem either in this process or OpenSSH's own program.
type terminal struct {
	t       *testing.T
	dir     string // what the account sees as its home
	key     ssh.Signer
	config  *ssh.ServerConfig
	serve   func(channel io.ReadWriteCloser, dir string) error
	address string

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	made     int           // connections so far
	hangs    request       // at which the server stops answering; zero: none
	old      bool          // it does not know the rename of OpenSSH
	hung     chan struct{} // closed when it has
	running  sync.WaitGroup
}

// request is a kind of request (draft-ietf-secsh-filexfer-02 section 3).
type request struct {
	kind byte
	name string // of an extension
}

var (
	writing    = request{kind: 6}
	opening    = request{kind: 11} // of a directory
	asking     = request{kind: 17} // for the attributes of a file
	probing    = request{kind: 16} // for the path of the home
	renaming   = request{200, extRename}
	reading    = request{kind: 5}
	noQuestion request
)

func (r request) is(packet []byte) bool {
	return r != noQuestion && packet[4] == r.kind && (r.name == "" || bytes.Contains(packet, []byte(r.name)))
}

func signer(t *testing.T) ssh.Signer {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newTerminal serves a fresh directory to the account "kouan" with the password "secret".
func newTerminal(t *testing.T, serve func(io.ReadWriteCloser, string) error) *terminal {
	t.Helper()
	s := &terminal{t: t, dir: t.TempDir(), key: signer(t), serve: serve, hung: make(chan struct{})}
	s.config = &ssh.ServerConfig{PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if c.User() == "kouan" && string(password) == "secret" {
			return nil, nil //nolint:nilnil // x/crypto/ssh: no restriction
		}
		return nil, errors.New("no")
	}}
	s.config.AddHostKey(s.key)
	s.up("127.0.0.1:0")
	t.Cleanup(func() {
		s.down()
		s.running.Wait()
	})
	return s
}

func (s *terminal) up(address string) {
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
			s.made++
			s.mu.Unlock()
			s.running.Go(func() { s.talk(conn) })
		}
	})
}

// down closes the door and every connection.
func (s *terminal) down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listener.Close()
	for _, c := range s.conns {
		c.Close()
	}
	s.conns = nil
}

func (s *terminal) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made
}

func (s *terminal) talk(raw net.Conn) {
	defer raw.Close()
	conn, channels, requests, err := ssh.NewServerConn(raw, s.config)
	if err != nil {
		return
	}
	defer conn.Close()
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				r.Reply(r.Type == "subsystem" && string(r.Payload[4:]) == "sftp", nil)
			}
		}()
		s.running.Go(func() {
			defer channel.Close()
			if err := s.serve(&gate{Channel: channel, s: s}, s.dir); err != nil && !errors.Is(err, io.EOF) {
				s.t.Logf("subsystem: %v", err)
			}
		})
	}
}

// gate reads the requests of the other side one by one and stops at the one
// that the terminal hangs at.
type gate struct {
	ssh.Channel
	s    *terminal
	rest []byte
	in   []byte
}

func (g *gate) Read(p []byte) (int, error) {
	for len(g.rest) == 0 {
		var head [5]byte
		if _, err := io.ReadFull(g.Channel, head[:]); err != nil {
			return 0, err
		}
		g.in = slices.Grow(g.in[:0], int(binary.BigEndian.Uint32(head[:]))+4)
		g.in = append(g.in, head[:]...)
		g.in = g.in[:int(binary.BigEndian.Uint32(head[:]))+4]
		if _, err := io.ReadFull(g.Channel, g.in[5:]); err != nil {
			return 0, err
		}
		g.rest = g.in
		g.s.mu.Lock()
		hangs, hung := g.s.hangs, g.s.hung
		g.s.mu.Unlock()
		if hangs.is(g.in) {
			select {
			case <-hung:
			default:
				close(hung)
			}
			_, err := io.Copy(io.Discard, g.Channel) // until the other side has had enough
			return 0, errors.Join(err, io.EOF)
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// Write passes answers on; those of an old server do not offer its rename.
func (g *gate) Write(p []byte) (int, error) {
	if !g.s.old {
		return g.Channel.Write(p)
	}
	return g.Channel.Write(bytes.ReplaceAll(p, []byte(extRename), []byte("posix-rename@example.com")))
}

// hang makes the terminal go silent at a request.
func (s *terminal) hang(at request) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangs = at
	return s.hung
}

// inProcess is pkg/sftp's own server.
func inProcess(channel io.ReadWriteCloser, dir string) error {
	server, err := sftp.NewServer(channel, sftp.WithServerWorkingDirectory(dir))
	if err != nil {
		return err
	}
	return server.Serve()
}

// openSSH runs Debian's sftp-server as the subsystem. Options come before its own.
func openSSH(t *testing.T, before ...string) func(io.ReadWriteCloser, string) error {
	t.Helper()
	const program = "/usr/lib/openssh/sftp-server" // package openssh-sftp-server
	if _, err := os.Stat(program); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("%v: install openssh-sftp-server", err)
		}
		t.Skipf("%v: install openssh-sftp-server to run this test", err)
	}
	return func(channel io.ReadWriteCloser, dir string) error {
		line := slices.Concat(before, []string{program, "-d", dir, "-l", "QUIET"})
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, line[0], line[1:]...)
		cmd.Stdout = channel
		in, err := cmd.StdinPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		_, err = io.Copy(in, channel)
		in.Close() // it ends by itself at the end of its input
		return errors.Join(err, cmd.Wait())
	}
}

// host reaches s and nothing else.
func (s *terminal) host() *Host {
	h := &Host{
		Address: s.address, User: "kouan", Password: "secret", HostKeys: []ssh.PublicKey{s.key.PublicKey()},
		Dial: portadapters.Guard{Allow: []string{s.address}}.Dialer(),
	}
	s.t.Cleanup(h.Close)
	return h
}
