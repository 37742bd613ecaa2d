package sandbox

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"kouan/port-adapters/sandbox/magic"
)

// handshakeTimeout bounds the time until a client is signed in.
const handshakeTimeout = 10 * time.Second

// TerminalSFTP is an SFTP server over the folders of a terminal. A client sees
// them and nothing else: every path is opened below the root. What a script
// says becomes of a file when it gets its final name.
type TerminalSFTP struct {
	Files    *TerminalFiles
	User     string   // "": terminal
	Password string   // "": no password is accepted
	Keys     []string // authorised keys, as a line of authorized_keys

	HostKey string // after Listen: the line by which a client knows this server

	config *ssh.ServerConfig
	root   *os.Root
}

// Listen makes folders and a host key and serves connections of l until ctx
// ends; done waits for them.
func (s *TerminalSFTP) Listen(ctx context.Context, l net.Listener, done *sync.WaitGroup) error {
	if err := s.prepare(); err != nil {
		return errors.Join(fmt.Errorf("sandbox terminal: sftp: %w", err), l.Close())
	}
	done.Go(func() {
		<-ctx.Done()
		if err := l.Close(); err != nil {
			s.log("listener not closed", err)
		}
	})
	done.Go(func() {
		var open sync.WaitGroup
		for {
			conn, err := l.Accept()
			if err != nil {
				break // closed with ctx
			}
			open.Go(func() { s.serve(ctx, conn) })
		}
		open.Wait()
		if err := s.root.Close(); err != nil {
			s.log("root not closed", err)
		}
	})
	return nil
}

func (s *TerminalSFTP) prepare() error {
	if err := s.Files.MakeFolders(); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.Files.Root)
	if err != nil {
		return err
	}
	s.root = root
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		return err
	}
	s.HostKey = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	s.config = &ssh.ServerConfig{ServerVersion: "SSH-2.0-sandbox"}
	s.config.AddHostKey(signer)
	if s.Password != "" {
		s.config.PasswordCallback = s.password
	}
	known := map[string]bool{}
	for i, line := range s.Keys {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err != nil {
			return fmt.Errorf("authorised key %d: %w", i+1, err)
		}
		known[string(key.Marshal())] = true
	}
	if len(known) > 0 {
		s.config.PublicKeyCallback = func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if c.User() != s.user() || !known[string(key.Marshal())] {
				return nil, errSignIn
			}
			return nil, nil
		}
	}
	return nil
}

var errSignIn = errors.New("not known here")

func (s *TerminalSFTP) user() string { return or(s.User, "terminal") }

func (s *TerminalSFTP) password(c ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
	user := subtle.ConstantTimeCompare([]byte(c.User()), []byte(s.user()))
	if user&subtle.ConstantTimeCompare(given, []byte(s.Password)) != 1 {
		return nil, errSignIn
	}
	return nil, nil
}

// serve is one connection.
func (s *TerminalSFTP) serve(ctx context.Context, raw net.Conn) {
	stop := context.AfterFunc(ctx, func() { s.hangUp(raw) })
	defer stop()
	defer s.hangUp(raw)
	if err := raw.SetDeadline(time.Now().Add(handshakeTimeout)); err != nil { //nolint:forbidigo // the deadline of a socket is the system's time
		return
	}
	conn, channels, requests, err := ssh.NewServerConn(raw, s.config)
	if err != nil {
		s.log("connection refused", err)
		return
	}
	defer s.hangUp(conn)
	if err := raw.SetDeadline(time.Time{}); err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	var open sync.WaitGroup
	for offered := range channels {
		if offered.ChannelType() != "session" {
			if err := offered.Reject(ssh.UnknownChannelType, "sessions only"); err != nil {
				break
			}
			continue
		}
		channel, asked, err := offered.Accept()
		if err != nil {
			break
		}
		open.Go(func() { s.session(ctx, raw, channel, asked) })
	}
	open.Wait()
}

// session takes the subsystem sftp and nothing else: no shell, no command.
func (s *TerminalSFTP) session(ctx context.Context, raw net.Conn, channel ssh.Channel, asked <-chan *ssh.Request) {
	defer s.hangUp(channel)
	for r := range asked {
		ok := r.Type == "subsystem" && len(r.Payload) > 4 && string(r.Payload[4:]) == "sftp"
		if r.WantReply {
			if err := r.Reply(ok, nil); err != nil {
				return
			}
		}
		if !ok {
			continue
		}
		go ssh.DiscardRequests(asked)
		h := &sftpHandler{s: s, ctx: ctx, raw: raw}
		server := sftp.NewRequestServer(channel, sftp.Handlers{FileGet: h, FilePut: h, FileCmd: h, FileList: h}, sftp.WithStartDirectory("/"))
		if err := server.Serve(); err != nil && !errors.Is(err, io.EOF) {
			s.log("session ended", err)
		}
		return
	}
}

func (s *TerminalSFTP) hangUp(c io.Closer) { s.Files.Terminal.hangUp(c) }

func (s *TerminalSFTP) log(what string, err error) {
	s.Files.Terminal.log().Debug("sandbox terminal: sftp: "+what, "error", err)
}

// arrived decides about a file of out/ that has its final name by now. The
// error is what the client is told: the file was not taken.
func (h *sftpHandler) arrived(name string, body []byte) (magic.Script, error) {
	f := h.s.Files
	v := f.judge(name, body)
	switch {
	case v.outcome == conflict, v.outcome == refused && (v.script == magic.Gone || v.script == magic.Refuses):
		return v.script, sftp.ErrSSHFxPermissionDenied
	case v.outcome == refused && v.script == magic.BreaksTLS:
		return v.script, errors.Join(sftp.ErrSSHFxConnectionLost, h.raw.Close())
	case v.outcome == refused:
		return v.script, sftp.ErrSSHFxFailure
	}
	_, err := f.settle(name, v, body)
	return v.script, err
}

// misbehave is what a script does after a file was taken.
func (h *sftpHandler) misbehave(s magic.Script) error {
	switch s {
	case magic.Late, magic.Drips:
		pause(h.ctx, or(h.s.Files.Terminal.LateBy, DefaultLateBy))
	case magic.HalfClose:
		return h.raw.Close()
	}
	return nil
}

// inOut is the name of a finished file of out/, if path is one.
func inOut(p string) (string, bool) {
	dir, name := path.Split(strings.TrimPrefix(path.Clean("/"+p), "/"))
	return name, strings.TrimSuffix(dir, "/") == folderOut && finished(name)
}
