package storetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kouan/gateway/store"
)

// Open opens a store of the newest schema that lives as long as the test.
func Open(t testing.TB, url string, o store.Options) *store.Store {
	t.Helper()
	lay(t, url)
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return s
}

// template is a migrated file of SQLite, made once by each test binary: all
// steps for every test would take longer than most tests.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kouan-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what stays is a temporary file
	path := filepath.Join(dir, "k.db")
	ctx := context.Background()
	s, err := store.Open(ctx, "sqlite:"+path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// lay puts the template where an embedded database is still to be made.
func lay(t testing.TB, url string) {
	t.Helper()
	path, embedded := strings.CutPrefix(url, "sqlite:")
	if !embedded {
		return
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return
	}
	whole, err := template()
	if err != nil {
		t.Fatalf("template: %v", err)
	}
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatalf("template: %v", err)
	}
}
