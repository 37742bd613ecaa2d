package integration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bad is a small repository that breaks each rule of the linter's house once.
// It is linted with our own .golangci.yml.
var bad = map[string]string{
	"go.mod": "module kouan\n\ngo 1.26.0\n",
	"declarations/declarations.go": `// Package declarations imports upwards.
package declarations

import (
	"database/sql"

	"kouan/gateway/store"
)

// Uses of what must not be here.
var (
	Row  store.Row
	Rows sql.NullString
)
`,
	"gateway/store/store.go": `// Package store is imported by others.
package store

// Row is a row.
type Row struct{}
`,
	"gateway/desk/desk.go": `// Package desk does what a use case must not do.
package desk

import (
	"fmt"
	"os"
	"time"
)

// Do prints, asks the clock and ends the process.
func Do() {
	fmt.Println("done")
	if time.Now().IsZero() {
		os.Exit(1)
	}
}
`,
	"gateway/outbox/outbox.go": `// Package outbox knows HTTP and its neighbour.
package outbox

import (
	"net/http"

	"kouan/gateway/web"
)

// Uses of what must not be here.
var (
	Client http.Client
	Page   web.Page
)
`,
	"gateway/web/web.go": `// Package web drops an error and takes its clock as a field.
package web

import (
	"os"
	"time"
)

// Page has a clock.
type Page struct{ Clock func() time.Time }

// Default sets the clock where it is allowed, and drops an error.
func Default(p *Page) {
	if p.Clock == nil {
		p.Clock = time.Now
	}
	_ = os.Remove("page")
}
`,
}

func TestLintBites(t *testing.T) {
	t.Parallel()
	linter := os.Getenv("KOUAN_LINT")
	if linter == "" {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatal("KOUAN_LINT names no linter: run ./integration-tests/run")
		}
		t.Skip("SKIPPED, the linter was not tried: KOUAN_LINT names no golangci-lint; ./integration-tests/run sets it")
	}
	dir := t.TempDir()
	config, err := os.ReadFile(filepath.Join(root(t), ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{".golangci.yml": string(config)}
	maps.Copy(files, bad)
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"declarations/declarations.go depguard database/sql",
		"declarations/declarations.go depguard kouan/gateway/store",
		"gateway/desk/desk.go forbidigo fmt.Println",
		"gateway/desk/desk.go forbidigo os.Exit",
		"gateway/desk/desk.go forbidigo time.Now",
		"gateway/outbox/outbox.go depguard kouan/gateway/web",
		"gateway/outbox/outbox.go depguard net/http",
		"gateway/web/web.go errcheck os.Remove",
	}
	if diff := cmp.Diff(want, lint(t, linter, dir)); diff != "" {
		t.Errorf("findings in a bad repository (-want +got)\n%s", diff)
	}
}

// lint runs the linter over a repository and says, sorted, which linter found
// what in which file.
func lint(t *testing.T, linter, dir string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), linter, "run", "--output.json.path=stdout", "--show-stats=false", "--allow-parallel-runners", "./...")
	cmd.Dir = dir
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit == nil || exit.ExitCode() != 1 { // 1: there are findings
		t.Fatalf("golangci-lint: %v, want exit status 1\n%s", err, out)
	}
	var report struct {
		Issues []struct {
			FromLinter, Text string
			Pos              struct{ Filename string }
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("golangci-lint wrote no report: %v\n%s\n%s", err, out, exit.Stderr)
	}
	var found []string
	for _, issue := range report.Issues {
		found = append(found, fmt.Sprintf("%s %s %s", filepath.ToSlash(issue.Pos.Filename), issue.FromLinter, subject(issue.Text)))
	}
	slices.Sort(found)
	return found
}

// subject is the name between the first quotes of a finding.
func subject(text string) string {
	for _, quote := range []string{"`", "'"} {
		if _, rest, ok := strings.Cut(text, quote); ok {
			name, _, _ := strings.Cut(rest, quote)
			return name
		}
	}
	return text
}
