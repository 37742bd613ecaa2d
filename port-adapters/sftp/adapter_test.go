package sftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/crypto/ssh"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
	"kouan/port-adapters/adaptertest/sshserver"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)

// account reaches s and nothing else.
func account(t testing.TB, s *sshserver.Server) *Host {
	t.Helper()
	h := &Host{
		Address: s.Address, User: sshserver.User, Password: sshserver.Password, HostKeys: []ssh.PublicKey{s.Key.PublicKey()},
		Dial: portadapters.Guard{Allow: []string{s.Address}}.Dialer(),
	}
	t.Cleanup(h.Close)
	return h
}

// pair is an adapter that writes into the directory "in" of a terminal.
func pair(t testing.TB, serve sshserver.Subsystem) (*sshserver.Server, *Adapter) {
	t.Helper()
	s := sshserver.New(t, serve)
	if err := os.Mkdir(filepath.Join(s.Dir, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	return s, &Adapter{Host: account(t, s), Directory: "in", Clock: func() time.Time { return noon }}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance(t, func(*testing.T) sshserver.Subsystem { return sshserver.InProcess })
}

func TestConformanceOpenSSH(t *testing.T) {
	t.Parallel()
	conformance(t, func(t *testing.T) sshserver.Subsystem { return sshserver.OpenSSH(t) })
}

func conformance(t *testing.T, subsystem func(*testing.T) sshserver.Subsystem) {
	t.Helper()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		s, a := pair(t, subsystem(t))
		return adaptertest.Harness{
			Adapter: a,
			Arrived: func(t *testing.T) []adaptertest.Arrival {
				var out []adaptertest.Arrival
				for name, body := range files(t, s) {
					if ending, ok := strings.CutSuffix(name, ".xml"); ok {
						out = append(out, adaptertest.Arrival{FileName: ending, Body: []byte(body)})
					}
				}
				return out
			},
			Leftovers: func(t *testing.T) []string {
				var out []string
				for name := range files(t, s) {
					if !strings.HasSuffix(name, ".xml") {
						out = append(out, name)
					}
				}
				return out
			},
			Down: func(*testing.T) func() {
				s.Down()
				return func() { s.Up(s.Address) }
			},
			Refuse: func(t *testing.T, m portadapters.Message) {
				place(t, s, m.FileName+".xml", "of somebody else")
			},
			Slow: func(*testing.T) <-chan struct{} { return s.Hang(sshserver.Renaming) },
		}
	})
}

// files is what stands in the directory, by name.
func files(t *testing.T, s *sshserver.Server) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.Dir, "in"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(s.Dir, "in", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(body)
	}
	return out
}

func place(t *testing.T, s *sshserver.Server, name, body string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir, "in", name), []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFilesHaveTheEndingOfTheirContent(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	want := map[string]string{}
	for ending, contentType := range map[string]string{".xml": "application/xml", ".edi": "application/EDIFACT", ".json": "application/json; charset=utf-8"} {
		m := portadapters.Message{ID: "M", FileName: "N1", ContentType: contentType, Body: []byte("body of " + ending)}
		want["N1"+ending] = string(m.Body)
		got, err := a.Deliver(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(portadapters.Receipt{At: noon, Peer: s.Address, Detail: "in/N1" + ending}, got); diff != "" {
			t.Errorf("receipt (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(want, files(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLargeBodiesArriveOverBothServers(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]sshserver.Subsystem{"in process": sshserver.InProcess, "OpenSSH": sshserver.OpenSSH(t)} {
		s, a := pair(t, serve)
		m := adaptertest.Message(1)
		m.Body = bytes.Repeat([]byte("0123456789abcde\n"), 5<<16) // 5 MiB
		if _, err := a.Deliver(t.Context(), m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := a.Deliver(t.Context(), m)
		if err != nil || !again.Duplicate {
			t.Errorf("%s: second delivery: %+v, %v", name, again, err)
		}
		if got := files(t, s)[m.FileName+".xml"]; got != string(m.Body) {
			t.Errorf("%s: %d bytes arrived, want %d", name, len(got), len(m.Body))
		}
	}
}

func TestTakenFiles(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	name := m.FileName + ".xml"
	cases := []struct {
		name                 string
		ack                  string // "": none
		redelivery           bool
		duplicate, permanent bool
	}{
		{"acknowledged: not written again", string(portadapters.WriteAck(m.Body)), true, true, false},
		{"not acknowledged: written again", "", true, false, false},
		{"an acknowledgement that cannot be read proves nothing", "thank you", true, false, false},
		{"acknowledged with other content", string(portadapters.WriteAck(nil)), true, false, true},
		{"a first delivery does not ask", string(portadapters.WriteAck(nil)), false, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, a := pair(t, sshserver.InProcess)
			a.Answers = "answers"
			if err := os.Mkdir(filepath.Join(s.Dir, "answers"), 0o755); err != nil {
				t.Fatal(err)
			}
			if c.ack != "" {
				if err := os.WriteFile(filepath.Join(s.Dir, "answers", name+".ack"), []byte(c.ack), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			again := m
			again.Redelivery = c.redelivery
			got, err := a.Deliver(t.Context(), again)
			if errors.Is(err, portadapters.ErrPermanent) != c.permanent || (err != nil) != c.permanent || got.Duplicate != c.duplicate {
				t.Fatalf("got %+v, %v; want duplicate %t, permanent %t", got, err, c.duplicate, c.permanent)
			}
			if want := "answers/" + name + ".ack"; c.duplicate && got.Detail != want {
				t.Errorf("detail %s, want %s", got.Detail, want)
			}
			if there := len(files(t, s)); there == 0 == !(c.duplicate || c.permanent) {
				t.Errorf("%d files were written", there)
			}
		})
	}
}

func TestLeftoverOfACrashIsWrittenOver(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	m := adaptertest.Message(1)
	place(t, s, m.FileName+".xml.tmp", strings.Repeat("x", 1<<20))
	if _, err := a.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{m.FileName + ".xml": string(m.Body)}, files(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestServersWithoutTheRenameOfOpenSSH(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.OpenSSH(t))
	s.Set(func(s *sshserver.Server) { s.Old = true })
	m := adaptertest.Message(1)
	for attempt := range 2 {
		got, err := a.Deliver(t.Context(), m)
		if err != nil || got.Duplicate != (attempt == 1) {
			t.Errorf("attempt %d: %+v, %v", attempt, got, err)
		}
	}
	if diff := cmp.Diff(map[string]string{m.FileName + ".xml": string(m.Body)}, files(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A file that appears between the look and the rename, as when an attempt
// that was given up on this side is carried out after all.
func TestFileThatAppearsBeforeTheRename(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	for name, c := range map[string]struct {
		body      string
		duplicate bool
	}{
		"it is ours":       {string(m.Body), true},
		"it is another":    {"other", false},
		"it is only begun": {string(m.Body[:20]), false},
	} {
		s, a := pair(t, sshserver.OpenSSH(t))
		s.Set(func(s *sshserver.Server) { s.Old = true })
		final := "in/" + m.FileName + ".xml"
		var found bool
		err := a.Host.with(t.Context(), answerLimit, func(ctx context.Context, l *link) (err error) {
			place(t, s, m.FileName+".xml", c.body)
			found, err = l.put(ctx, final, m.Body)
			return err
		})
		if found != c.duplicate || c.duplicate != (err == nil) || !c.duplicate && !errors.Is(err, portadapters.ErrPermanent) {
			t.Errorf("%s: duplicate %t, %v", name, found, err)
		}
		if diff := cmp.Diff(map[string]string{m.FileName + ".xml": c.body}, files(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestConnectionsAreSharedByParallelDeliveries(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	a.Host.Connections = 3
	var wait sync.WaitGroup
	for n := range 48 {
		wait.Go(func() {
			if _, err := a.Deliver(t.Context(), adaptertest.Message(n)); err != nil {
				t.Errorf("message %d: %v", n, err)
			}
		})
	}
	wait.Wait()
	if made := s.Connections(); made > 3 {
		t.Errorf("%d connections, want at most 3", made)
	}
	if got := len(files(t, s)); got != 48 {
		t.Errorf("%d files, want 48", got)
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	a.Host.Idle = time.Millisecond
	for n := range 2 {
		if _, err := a.Deliver(t.Context(), adaptertest.Message(n)); err != nil {
			t.Fatal(err)
		}
		for open := true; open; {
			a.Host.mu.Lock()
			open = len(a.Host.idle) > 0
			a.Host.mu.Unlock()
		}
	}
	if made := s.Connections(); made != 2 {
		t.Errorf("%d connections, want one for each delivery", made)
	}
}

func TestConnectionsThatTheServerEndedAreReplaced(t *testing.T) {
	t.Parallel()
	s, a := pair(t, sshserver.InProcess)
	for n := range 3 {
		if _, err := a.Deliver(t.Context(), adaptertest.Message(n)); err != nil {
			t.Fatalf("delivery %d: %v", n, err)
		}
		s.Down()
		s.Up(s.Address)
	}
}

func TestSilenceIsLeftInTimeAndKnownBeforeTheRename(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request sshserver.Request
		unknown bool
	}{
		"before anything was said": {sshserver.Asking, false},
		"while the bytes go":       {sshserver.Writing, false},
		"at the rename":            {sshserver.Renaming, true},
	} {
		s, a := pair(t, sshserver.InProcess)
		a.Host.Timeout = 300 * time.Millisecond
		s.Hang(c.request)
		_, err := a.Deliver(t.Context(), adaptertest.Message(1))
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrUnknown) != c.unknown {
			t.Errorf("%s: got %v, want a time-out, unknown %t", name, err, c.unknown)
		}
	}
}

// failing puts a program between the test and what OpenSSH can write.
func failing(t *testing.T, script string) sshserver.Subsystem {
	t.Helper()
	return sshserver.OpenSSH(t, "/bin/sh", "-c", script+`; exec "$0" "$@"`)
}

func TestFullDiskAndMissingRightsAreTemporaryAndLeaveNothing(t *testing.T) {
	t.Parallel()
	t.Run("the disk is full", func(t *testing.T) {
		// A limit of the size of files, in blocks of 512 bytes, answers as a full disk does.
		s, a := pair(t, failing(t, "trap '' XFSZ; ulimit -f 8"))
		m := adaptertest.Message(1)
		m.Body = bytes.Repeat([]byte("x"), 1<<20)
		temporary(t, a, m)
		if diff := cmp.Diff(map[string]string{}, files(t, s)); diff != "" {
			t.Errorf("left behind (-want +got):\n%s", diff)
		}
		if _, err := a.Deliver(t.Context(), adaptertest.Message(2)); err != nil {
			t.Errorf("a small message on the same connection: %v", err)
		}
		if made := s.Connections(); made != 1 {
			t.Errorf("%d connections, want the one that is well", made)
		}
	})
	t.Run("the quota is used up and the server says nothing", func(t *testing.T) {
		s, a := pair(t, sshserver.InProcess)
		s.Set(func(s *sshserver.Server) { s.Full = true })
		temporary(t, a, adaptertest.Message(1))
		if diff := cmp.Diff(map[string]string{}, files(t, s)); diff != "" {
			t.Errorf("left behind (-want +got):\n%s", diff)
		}
	})
	t.Run("the server says it in many words", func(t *testing.T) {
		_, a := pair(t, sshserver.Wordy)
		temporary(t, a, adaptertest.Message(1))
		_, err := a.Deliver(t.Context(), adaptertest.Message(1))
		if text := err.Error(); len(text) > 500 || strings.ContainsAny(text, "\r\n") || !strings.Contains(text, "no room") {
			t.Errorf("told in %d bytes: %s", len(text), text)
		}
	})
	t.Run("the account may only read", func(t *testing.T) {
		serve := sshserver.OpenSSH(t, "/bin/sh", "-c", `exec "$0" -R "$@"`)
		_, a := pair(t, serve)
		temporary(t, a, adaptertest.Message(1))
	})
	t.Run("the directory is not there", func(t *testing.T) {
		_, a := pair(t, sshserver.InProcess)
		a.Directory = "elsewhere"
		temporary(t, a, adaptertest.Message(1))
	})
}

func temporary(t *testing.T, a *Adapter, m portadapters.Message) {
	t.Helper()
	_, err := a.Deliver(t.Context(), m)
	if err == nil || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrUnknown) {
		t.Errorf("got %v, want a temporary error with a known outcome", err)
	}
}

func TestPasswordIsNotPrinted(t *testing.T) {
	t.Parallel()
	h := &Host{Address: "sftp.example:22", User: "kouan", Password: "secret"}
	for _, text := range []string{fmt.Sprint(h), fmt.Sprintf("%v %+v %#v", h, h, h)} {
		if strings.Contains(text, "secret") || !strings.Contains(text, "kouan@sftp.example:22") {
			t.Errorf("printed as %s", text)
		}
	}
}
