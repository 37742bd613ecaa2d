package sftp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

// pair is an adapter that writes into the directory "in" of a terminal.
func pair(t *testing.T, serve func(io.ReadWriteCloser, string) error) (*terminal, *Adapter) {
	t.Helper()
	s := newTerminal(t, serve)
	if err := os.Mkdir(filepath.Join(s.dir, "in"), 0o755); err != nil {
		t.Fatal(err)
	}
	return s, &Adapter{Host: s.host(), Directory: "in", Clock: func() time.Time { return noon }}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance(t, func(*testing.T) func(io.ReadWriteCloser, string) error { return inProcess })
}

func TestConformanceOpenSSH(t *testing.T) {
	t.Parallel()
	conformance(t, func(t *testing.T) func(io.ReadWriteCloser, string) error { return openSSH(t) })
}

func conformance(t *testing.T, subsystem func(*testing.T) func(io.ReadWriteCloser, string) error) {
	t.Helper()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		s, a := pair(t, subsystem(t))
		return adaptertest.Harness{
			Adapter: a,
			Arrived: func(t *testing.T) []adaptertest.Arrival {
				var out []adaptertest.Arrival
				for name, body := range s.files(t) {
					if ending, ok := strings.CutSuffix(name, ".xml"); ok {
						out = append(out, adaptertest.Arrival{FileName: ending, Body: []byte(body)})
					}
				}
				return out
			},
			Leftovers: func(t *testing.T) []string {
				var out []string
				for name := range s.files(t) {
					if !strings.HasSuffix(name, ".xml") {
						out = append(out, name)
					}
				}
				return out
			},
			Down: func(*testing.T) func() {
				s.down()
				return func() { s.up(s.address) }
			},
			Refuse: func(t *testing.T, m portadapters.Message) {
				s.place(t, m.FileName+".xml", "of somebody else")
			},
			Slow: func(*testing.T) <-chan struct{} { return s.hang(renaming) },
		}
	})
}

// files is what stands in the directory, by name.
func (s *terminal) files(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(s.dir, "in"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		body, err := os.ReadFile(filepath.Join(s.dir, "in", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(body)
	}
	return out
}

func (s *terminal) place(t *testing.T, name, body string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, "in", name), []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFilesHaveTheEndingOfTheirContent(t *testing.T) {
	t.Parallel()
	s, a := pair(t, inProcess)
	want := map[string]string{}
	for ending, contentType := range map[string]string{".xml": "application/xml", ".edi": "application/EDIFACT", ".json": "application/json; charset=utf-8"} {
		m := portadapters.Message{ID: "M", FileName: "N1", ContentType: contentType, Body: []byte("body of " + ending)}
		want["N1"+ending] = string(m.Body)
		got, err := a.Deliver(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(portadapters.Receipt{At: noon, Peer: s.address, Detail: "in/N1" + ending}, got); diff != "" {
			t.Errorf("receipt (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(want, s.files(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLargeBodiesArriveOverBothServers(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(io.ReadWriteCloser, string) error{"in process": inProcess, "OpenSSH": openSSH(t)} {
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
		if got := s.files(t)[m.FileName+".xml"]; got != string(m.Body) {
			t.Errorf("%s: %d bytes arrived, want %d", name, len(got), len(m.Body))
		}
	}
}

func TestLeftoverOfACrashIsWrittenOver(t *testing.T) {
	t.Parallel()
	s, a := pair(t, inProcess)
	m := adaptertest.Message(1)
	s.place(t, m.FileName+".xml.tmp", strings.Repeat("x", 1<<20))
	if _, err := a.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{m.FileName + ".xml": string(m.Body)}, s.files(t)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestServersWithoutTheRenameOfOpenSSH(t *testing.T) {
	t.Parallel()
	s, a := pair(t, openSSH(t))
	s.old = true
	m := adaptertest.Message(1)
	for attempt := range 2 {
		got, err := a.Deliver(t.Context(), m)
		if err != nil || got.Duplicate != (attempt == 1) {
			t.Errorf("attempt %d: %+v, %v", attempt, got, err)
		}
	}
	if diff := cmp.Diff(map[string]string{m.FileName + ".xml": string(m.Body)}, s.files(t)); diff != "" {
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
		s, a := pair(t, openSSH(t))
		s.old = true
		final := "in/" + m.FileName + ".xml"
		var found bool
		err := a.Host.with(t.Context(), answerLimit, func(ctx context.Context, l *link) (err error) {
			s.place(t, m.FileName+".xml", c.body)
			found, err = l.put(ctx, final, m.Body)
			return err
		})
		if found != c.duplicate || c.duplicate != (err == nil) || !c.duplicate && !errors.Is(err, portadapters.ErrPermanent) {
			t.Errorf("%s: duplicate %t, %v", name, found, err)
		}
		if diff := cmp.Diff(map[string]string{m.FileName + ".xml": c.body}, s.files(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestConnectionsAreSharedByParallelDeliveries(t *testing.T) {
	t.Parallel()
	s, a := pair(t, inProcess)
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
	if made := s.connections(); made > 3 {
		t.Errorf("%d connections, want at most 3", made)
	}
	if got := len(s.files(t)); got != 48 {
		t.Errorf("%d files, want 48", got)
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	s, a := pair(t, inProcess)
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
	if made := s.connections(); made != 2 {
		t.Errorf("%d connections, want one for each delivery", made)
	}
}

func TestConnectionsThatTheServerEndedAreReplaced(t *testing.T) {
	t.Parallel()
	s, a := pair(t, inProcess)
	for n := range 3 {
		if _, err := a.Deliver(t.Context(), adaptertest.Message(n)); err != nil {
			t.Fatalf("delivery %d: %v", n, err)
		}
		s.down()
		s.up(s.address)
	}
}

func TestSilenceIsLeftInTimeAndKnownBeforeTheRename(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request request
		unknown bool
	}{
		"before anything was said": {asking, false},
		"while the bytes go":       {writing, false},
		"at the rename":            {renaming, true},
	} {
		s, a := pair(t, inProcess)
		a.Host.Timeout = 300 * time.Millisecond
		s.hang(c.request)
		_, err := a.Deliver(t.Context(), adaptertest.Message(1))
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, portadapters.ErrPermanent) || errors.Is(err, portadapters.ErrUnknown) != c.unknown {
			t.Errorf("%s: got %v, want a time-out, unknown %t", name, err, c.unknown)
		}
	}
}

// failing puts a program between the test and what OpenSSH can write.
func failing(t *testing.T, script string) func(io.ReadWriteCloser, string) error {
	t.Helper()
	return openSSH(t, "/bin/sh", "-c", script+`; exec "$0" "$@"`)
}

func TestFullDiskAndMissingRightsAreTemporaryAndLeaveNothing(t *testing.T) {
	t.Parallel()
	t.Run("the disk is full", func(t *testing.T) {
		// A limit of the size of files, in blocks of 512 bytes, answers as a full disk does.
		s, a := pair(t, failing(t, "trap '' XFSZ; ulimit -f 8"))
		m := adaptertest.Message(1)
		m.Body = bytes.Repeat([]byte("x"), 1<<20)
		temporary(t, a, m)
		if diff := cmp.Diff(map[string]string{}, s.files(t)); diff != "" {
			t.Errorf("left behind (-want +got):\n%s", diff)
		}
		if _, err := a.Deliver(t.Context(), adaptertest.Message(2)); err != nil {
			t.Errorf("a small message on the same connection: %v", err)
		}
		if made := s.connections(); made != 1 {
			t.Errorf("%d connections, want the one that is well", made)
		}
	})
	t.Run("the account may only read", func(t *testing.T) {
		serve := openSSH(t, "/bin/sh", "-c", `exec "$0" -R "$@"`)
		_, a := pair(t, serve)
		temporary(t, a, adaptertest.Message(1))
	})
	t.Run("the directory is not there", func(t *testing.T) {
		_, a := pair(t, inProcess)
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
