package sftp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/port-adapters/adaptertest/sshserver"
	"kouan/port-adapters/filedrop"
)

// watched is a scanner of the directory "in", and what moves its clock.
func watched(t *testing.T, serve sshserver.Subsystem) (*sshserver.Server, *Scanner, func(time.Duration)) {
	t.Helper()
	s, a := pair(t, serve)
	now := noon
	return s, &Scanner{Host: a.Host, Directory: "in", Clock: func() time.Time { return now }}, func(d time.Duration) { now = now.Add(d) }
}

func found(t *testing.T, s *Scanner) []string {
	t.Helper()
	files, err := s.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, f := range files {
		out = append(out, f.Name+"="+string(f.Body)+f.Rejected)
	}
	slices.Sort(out)
	return out
}

func TestScan(t *testing.T) {
	t.Parallel()
	type step struct {
		after  time.Duration
		before func(*testing.T, *sshserver.Server)
		want   []string
	}
	nothing := func(*testing.T, *sshserver.Server) {}
	write := func(name, body string) func(*testing.T, *sshserver.Server) {
		return func(t *testing.T, s *sshserver.Server) {
			place(t, s, name, body)
			if err := os.Chtimes(filepath.Join(s.Dir, "in", name), noon, noon); err != nil {
				t.Fatal(err)
			}
		}
	}
	cases := []struct {
		name  string
		steps []step
	}{
		{"a file is returned once, when it has settled", []step{
			{0, write("a.xml", "1"), []string{}},
			{time.Second, nothing, []string{}},
			{time.Second, nothing, []string{"a.xml=1"}},
			{time.Hour, nothing, []string{}},
		}},
		{"a growing file waits", []step{
			{0, write("a.xml", "1"), []string{}},
			{2 * time.Second, write("a.xml", "12"), []string{}},
			{2 * time.Second, nothing, []string{"a.xml=12"}},
		}},
		{"the same name with other content is a new file", []step{
			{0, write("a.xml", "1"), []string{}},
			{2 * time.Second, nothing, []string{"a.xml=1"}},
			{2 * time.Second, write("a.xml", "two"), []string{}},
			{2 * time.Second, nothing, []string{"a.xml=two"}},
		}},
		{"the same size in the same second: what was written last is read", []step{
			{0, write("a.xml", "1"), []string{}},
			{time.Second, write("a.xml", "2"), []string{}},
			{time.Second, nothing, []string{"a.xml=2"}},
		}},
		{"unfinished files, directories and links are left out", []step{
			{0, func(t *testing.T, s *sshserver.Server) {
				place(t, s, "a.xml.tmp", "1")
				place(t, s, "b.TEMP", "1")
				if err := errors.Join(os.Mkdir(filepath.Join(s.Dir, "in", "dir.xml"), 0o755), os.Symlink("/etc/passwd", filepath.Join(s.Dir, "in", "link.xml"))); err != nil {
					t.Fatal(err)
				}
			}, []string{}},
			{time.Minute, nothing, []string{}},
		}},
		{"a file above the limit is reported and not fetched", []step{
			{0, func(t *testing.T, s *sshserver.Server) {
				place(t, s, "big.xml", "12345")
				place(t, s, "ok.xml", "1234")
			}, []string{}},
			{time.Minute, nothing, []string{"big.xml=larger than 4 bytes", "ok.xml=1234"}},
			{time.Minute, nothing, []string{}},
		}},
		{"a file that went away is forgotten", []step{
			{0, write("a.xml", "1"), []string{}},
			{time.Minute, func(t *testing.T, s *sshserver.Server) {
				if err := os.Remove(filepath.Join(s.Dir, "in", "a.xml")); err != nil {
					t.Fatal(err)
				}
			}, []string{}},
			{0, write("a.xml", "1"), []string{}},
			{time.Minute, nothing, []string{"a.xml=1"}},
		}},
		{"a name that is not text is told as text", []step{
			{0, write("a\xff.xml", "1"), []string{}},
			{time.Minute, nothing, []string{"a\uFFFD.xml=1"}},
		}},
	}
	for name, serve := range map[string]sshserver.Subsystem{"in process": sshserver.InProcess, "OpenSSH": sshserver.OpenSSH(t)} {
		for _, c := range cases {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				server, s, wait := watched(t, serve)
				s.MaxSize = 4
				for i, step := range c.steps {
					wait(step.after)
					step.before(t, server)
					if diff := cmp.Diff(step.want, found(t, s)); diff != "" {
						t.Errorf("scan %d (-want +got):\n%s", i+1, diff)
					}
				}
			})
		}
	}
}

func TestScanTellsWhatTheFileIs(t *testing.T) {
	t.Parallel()
	server, s, wait := watched(t, sshserver.InProcess)
	place(t, server, "a.xml", "hello\n")
	at := time.Unix(1_767_585_600, 0)
	if err := os.Chtimes(filepath.Join(server.Dir, "in", "a.xml"), at, at); err != nil {
		t.Fatal(err)
	}
	found(t, s)
	wait(time.Minute)
	got, err := s.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []filedrop.File{{Name: "a.xml", Path: "in/a.xml", Size: 6, Modified: at, Body: []byte("hello\n"),
		SHA256: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"a.xml": "hello\n"}, files(t, server)); diff != "" {
		t.Errorf("the directory afterwards (-want +got):\n%s", diff)
	}
}

func TestScanGoesOnWhereItWasCutOff(t *testing.T) {
	t.Parallel()
	server, s, wait := watched(t, sshserver.InProcess)
	for n := range 5 {
		place(t, server, fmt.Sprintf("%d.xml", n), "body")
	}
	found(t, s)
	wait(time.Minute)
	hung := server.Hang(sshserver.Reading)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-hung; cancel() }()
	files, err := s.Scan(ctx)
	if !errors.Is(err, context.Canceled) || len(files) > 0 {
		t.Errorf("got %d files, %v; want context.Canceled", len(files), err)
	}
	server.Hang(sshserver.Nothing)
	if got := found(t, s); len(got) != 5 {
		t.Errorf("the next scan found %v, want all five", got)
	}
}

func TestScanOfManyFilesTakesThemInBatches(t *testing.T) {
	t.Parallel()
	server, s, wait := watched(t, sshserver.InProcess)
	s.Host.Timeout = time.Minute
	body := strings.Repeat("x", filedrop.MaxReceipt)
	want := map[string]bool{}
	for n := range 8 {
		place(t, server, fmt.Sprintf("%d.xml", n), body)
		want[fmt.Sprintf("%d.xml=%s", n, body)] = true
	}
	found(t, s)
	wait(time.Minute)
	first := found(t, s)
	if len(first) == 8 {
		t.Error("all files at once")
	}
	got := map[string]bool{}
	for _, f := range append(first, found(t, s)...) {
		got[f] = true
	}
	if !maps.Equal(want, got) {
		t.Errorf("%d files in two scans, want %d", len(got), len(want))
	}
}

func TestScanOfMissingDirectoryIsAnError(t *testing.T) {
	t.Parallel()
	_, s, _ := watched(t, sshserver.InProcess)
	s.Directory = "elsewhere"
	if files, err := s.Scan(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, %v; want that it does not exist", files, err)
	}
}

func TestListingWithoutAnEndIsLeft(t *testing.T) {
	t.Parallel()
	_, s, _ := watched(t, sshserver.Endless)
	s.Host.Timeout = time.Minute
	_, err := s.Scan(t.Context())
	if err == nil || !strings.Contains(err.Error(), "more bytes than the answer can have") {
		t.Errorf("got %v, want the limit of bytes as the reason", err)
	}
}

// claimed is a listed file that claims a size.
type claimed struct {
	os.FileInfo
	size int64
}

func (claimed) Name() string       { return "a.xml" }
func (c claimed) Size() int64      { return c.size }
func (claimed) ModTime() time.Time { return noon }

func TestSizesThatNoFileHasAreRejected(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{-1, -1 << 63, 1<<63 - 1} {
		got, err := (&Scanner{}).read(nil, claimed{size: size})
		if err != nil || got.Rejected == "" || got.Body != nil || got.SHA256 == "" {
			t.Errorf("size %d: %+v, %v", size, got, err)
		}
	}
}
