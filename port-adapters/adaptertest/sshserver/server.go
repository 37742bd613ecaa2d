// Package sshserver is a terminal that takes files over SFTP, for tests: SSH
// in this process on loopback, the subsystem either in this process or
// OpenSSH's own program. It can be made to go silent at a chosen request.
package sshserver

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
	"golang.org/x/crypto/ssh"
)

// Subsystem serves the requests of one channel; dir is the home of the account.
type Subsystem func(channel io.ReadWriteCloser, dir string) error

// The account that every server knows.
const (
	User     = "kouan"
	Password = "secret"
)

// Server is one terminal. Once it is there, its fields are changed with Set.
type Server struct {
	Dir     string // what the account sees as its home
	Key     ssh.Signer
	Config  *ssh.ServerConfig
	Address string
	Old     bool // it does not know the rename of OpenSSH
	Full    bool // it says yes to every write and keeps nothing

	t     testing.TB
	serve Subsystem

	mu       sync.Mutex
	listener net.Listener
	conns    []net.Conn
	made     int           // connections so far
	hangs    Request       // at which the server stops answering; zero: none
	hung     chan struct{} // closed when it has
	running  sync.WaitGroup
}

// Request is a kind of request (draft-ietf-secsh-filexfer-02 section 3).
type Request struct {
	kind byte
	name string // of an extension
}

// The requests at which a server can be made to hang.
var (
	Nothing  Request
	Reading  = Request{kind: 5}
	Writing  = Request{kind: 6}
	Listing  = Request{kind: 11}
	Probing  = Request{kind: 16} // for the path of the home
	Asking   = Request{kind: 17} // for the attributes of a file
	Renaming = Request{200, extRename}
)

const extRename = "posix-rename@openssh.com"

func (r Request) is(packet []byte) bool {
	return r != Nothing && packet[4] == r.kind && (r.name == "" || bytes.Contains(packet, []byte(r.name)))
}

// NewKey makes a key pair.
func NewKey(t testing.TB) ssh.Signer {
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

// New serves a fresh directory until the test ends.
func New(t testing.TB, serve Subsystem) *Server {
	t.Helper()
	s := &Server{t: t, Dir: t.TempDir(), Key: NewKey(t), serve: serve, hung: make(chan struct{})}
	s.Config = &ssh.ServerConfig{PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if c.User() == User && string(password) == Password {
			return &ssh.Permissions{}, nil
		}
		return nil, errors.New("no")
	}}
	s.Config.AddHostKey(s.Key)
	s.Up("127.0.0.1:0")
	t.Cleanup(func() {
		s.Down()
		s.running.Wait()
	})
	return s
}

// Up opens the door at an address.
func (s *Server) Up(address string) {
	s.t.Helper()
	listener, err := new(net.ListenConfig).Listen(s.t.Context(), "tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.listener, s.Address = listener, listener.Addr().String()
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

// Down closes the door and every connection.
func (s *Server) Down() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(s.listener)
	for _, c := range s.conns {
		s.shut(c)
	}
	s.conns = nil
}

// shut closes what the other side may have closed already.
func (s *Server) shut(c io.Closer) {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
		s.t.Logf("close: %v", err)
	}
}

// Connections counts those that were made.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made
}

func (s *Server) talk(raw net.Conn) {
	defer s.shut(raw)
	s.mu.Lock()
	config := s.Config
	s.mu.Unlock()
	conn, channels, requests, err := ssh.NewServerConn(raw, config)
	if err != nil {
		return
	}
	defer s.shut(conn)
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				if r.Reply(r.Type == "subsystem" && string(r.Payload[4:]) == "sftp", nil) != nil {
					return
				}
			}
		}()
		s.running.Go(func() {
			defer s.shut(channel)
			if err := s.serve(&gate{Channel: channel, s: s}, s.Dir); err != nil && !errors.Is(err, io.EOF) {
				s.t.Logf("subsystem: %v", err)
			}
		})
	}
}

// gate reads the requests of the other side one by one and stops at the one
// that the terminal hangs at.
type gate struct {
	ssh.Channel
	s    *Server
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
		hangs, hung, full := g.s.hangs, g.s.hung, g.s.Full
		g.s.mu.Unlock()
		if full && Writing.is(g.in) {
			g.rest = withoutData(g.in)
		}
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

// withoutData is a request to write nothing: length, type, id, handle and
// offset as they were.
func withoutData(packet []byte) []byte {
	const front = 4 + 1 + 4
	data := front + 4 + int(binary.BigEndian.Uint32(packet[front:])) + 8
	out := append(slices.Clone(packet[:data]), 0, 0, 0, 0)
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out
}

// Write passes answers on; those of an old server do not offer its rename.
func (g *gate) Write(p []byte) (int, error) {
	g.s.mu.Lock()
	old := g.s.Old
	g.s.mu.Unlock()
	if !old {
		return g.Channel.Write(p)
	}
	return g.Channel.Write(bytes.ReplaceAll(p, []byte(extRename), []byte("posix-rename@example.com")))
}

// Set changes the server for what comes from now on.
func (s *Server) Set(change func(*Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// Hang makes the terminal go silent at a request.
func (s *Server) Hang(at Request) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangs = at
	return s.hung
}

// InProcess is pkg/sftp's own server.
func InProcess(channel io.ReadWriteCloser, dir string) error {
	server, err := sftp.NewServer(channel, sftp.WithServerWorkingDirectory(dir))
	if err != nil {
		return err
	}
	return server.Serve()
}

// OpenSSH runs Debian's sftp-server as the subsystem. Options come before its own.
func OpenSSH(t testing.TB, before ...string) Subsystem {
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
		return errors.Join(err, in.Close(), cmd.Wait()) // it ends by itself at the end of its input
	}
}
