// Package testfacts finds the collection of facts and samples that stands
// beside the checkout for developers and CI. Who clones the project does not
// have it: tests that read it are skipped, under KOUAN_STRICT=1 they fail.
//
// The package serves tests only and does not know what the facts say.
package testfacts

import (
	"os"
	"path/filepath"
)

// TB is what it needs of a test.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// Path is a file or folder of the collection.
func Path(t TB, parts ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the facts: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatalf("find the facts: no go.mod above the test")
		}
		dir = parent
	}
	path := filepath.Join(append([]string{filepath.Dir(dir), "shared"}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatalf("facts and samples: %v", err)
		}
		t.Skipf("facts and samples are not beside the checkout: %v", err)
	}
	return path
}
