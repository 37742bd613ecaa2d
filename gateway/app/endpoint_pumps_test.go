package app

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/desk"
	"kouan/gateway/inbox"
	"kouan/gateway/store"
	"kouan/port-adapters/filedrop"
)

// heardFiles is a desk that remembers what it heard, and no ledger.
type heardFiles struct {
	mu    sync.Mutex
	files map[string]string // name: channel
}

func (h *heardFiles) HearFile(_ context.Context, f inbox.File) (inbox.Outcome, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files[f.Name] = f.Channel
	return inbox.Outcome{State: inbox.Matched}, nil
}

func (h *heardFiles) InboxFile(context.Context, string, string) (store.InboxFile, error) {
	return store.InboxFile{}, store.ErrNotFound
}

func (h *heardFiles) names() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(maps.Keys(h.files))
}

// Folders are heard from when their endpoint is made until it is disabled or
// deleted, without a restart; a folder that is missing is nobody else's matter.
func TestPumpsFollowTheEndpoints(t *testing.T) {
	t.Parallel()
	w := wiresOf(t)
	ctx, stop := context.WithCancel(t.Context())
	h := &heardFiles{files: map[string]string{}}
	p := &endpointPumps{wires: w, every: 10 * time.Millisecond, pump: func(channel string, every time.Duration, s inbox.Scanner) *inbox.Pump {
		return &inbox.Pump{Channel: channel, Scanner: s, Desk: h, Ledger: h, Interval: every}
	}}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	made := map[string]string{}
	root := t.TempDir()
	add := func(name string, folders bool) {
		t.Helper()
		dir := filepath.Join(root, name)
		for _, sub := range []string{filedrop.In, filedrop.Out} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); folders && err != nil {
				t.Fatal(err)
			}
		}
		if !folders {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
		e, err := w.desk.AddEndpointFor(t.Context(), "test", "quay", desk.NewEndpoint{Name: name, Wire: desk.WireFiledrop, Format: "json", Address: dir})
		if err != nil {
			t.Fatal(err)
		}
		made[name] = e.ID
	}
	write := func(name, file string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(root, name, filedrop.In, file), []byte(file), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hears := func(want ...string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			diff := cmp.Diff(want, h.names())
			if diff == "" {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("heard (-want +got):\n%s", diff)
			}
		}
	}
	add("gone", false)
	add("one", true)
	add("two", true)
	write("one", "a.json")
	write("two", "b.json")
	hears("a.json", "b.json")
	if h.files["a.json"] != store.ReceiverOf(made["one"]) || h.files["b.json"] != store.ReceiverOf(made["two"]) {
		t.Errorf("channels %v", h.files)
	}
	if _, err := w.desk.SetEndpointStateFor(t.Context(), "test", made["one"], desk.EndpointDisabled); err != nil {
		t.Fatal(err)
	}
	if err := w.desk.DeleteEndpointFor(t.Context(), "test", made["two"]); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * followChange) // what is heard no more cannot be waited for
	write("one", "c.json")
	write("two", "d.json")
	time.Sleep(10 * p.every)
	hears("a.json", "b.json")
	if _, err := w.desk.SetEndpointStateFor(t.Context(), "test", made["one"], desk.EndpointActive); err != nil {
		t.Fatal(err)
	}
	hears("a.json", "b.json", "c.json")
}

func TestAFolderThatCannotBeReadRestsAndRecovers(t *testing.T) {
	t.Parallel()
	w := wiresOf(t)
	dir := filepath.Join(t.TempDir(), "later")
	e, err := w.desk.AddEndpointFor(t.Context(), "test", "quay", desk.NewEndpoint{Name: "later", Wire: desk.WireFiledrop, Format: "json", Address: dir})
	if err != nil {
		t.Fatal(err)
	}
	s := &endpointFolder{restingScanner: restingScanner{wires: w, id: e.ID}}
	if _, err := s.Scan(t.Context()); !errors.Is(err, os.ErrNotExist) || s.failed != 1 {
		t.Errorf("a folder that is missing: %v, failed %d", err, s.failed)
	}
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	if _, err := s.Scan(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it does not rest: %v", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, filedrop.In), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Scan(t.Context()); err != nil || s.failed != 0 {
		t.Errorf("a folder that is there again: %v, failed %d", err, s.failed)
	}
}

func TestOnlyWiresWithFilesAreHeard(t *testing.T) {
	t.Parallel()
	p := &endpointPumps{every: time.Second}
	for name, c := range map[string]struct {
		e     store.Endpoint
		every time.Duration
	}{
		"a folder":            {store.Endpoint{Wire: desk.WireFiledrop}, time.Second},
		"a webhook":           {store.Endpoint{Wire: desk.WireWebhook}, 0},
		"mail":                {store.Endpoint{Wire: desk.WireMail}, 0},
		"SFTP with answers":   {store.Endpoint{Wire: desk.WireSFTP, Settings: []byte(`{"user":"u","host_keys":"k","answers":"/in"}`)}, remoteScans * time.Second},
		"SFTP that is silent": {store.Endpoint{Wire: desk.WireSFTP, Settings: []byte(`{"user":"u","host_keys":"k"}`)}, 0},
	} {
		if s, every := p.scanner(&c.e); every != c.every || (s == nil) != (c.every == 0) {
			t.Errorf("%s: every %s, want %s", name, every, c.every)
		}
	}
}
