// Package integration_test looks at the whole repository from outside: who
// imports whom, what stands where, and that the linter bites.
package integration_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	module   = "kouan"
	maxLines = 600
)

// arrows is the house, from top to bottom: each layer with the layers that it
// may import. A package belongs to the longest layer that its path begins
// with; a layer may always import itself and what is below it.
var arrows = map[string][]string{
	"gateway":           {"gateway/app"},
	"gateway/app":       append([]string{"gateway/api", "gateway/web", "gateway/inbox", "gateway/outbox", "gateway/desk"}, belowDesk...),
	"gateway/api":       append([]string{"gateway/desk"}, belowDesk...),
	"gateway/web":       append([]string{"gateway/desk"}, belowDesk...),
	"gateway/inbox":     append([]string{"gateway/desk"}, belowDesk...),
	"gateway/outbox":    append([]string{"gateway/desk"}, belowDesk...),
	"gateway/desk":      belowDesk,
	"gateway/store":     domain,
	"gateway/schedule":  domain,
	"gateway/auth":      append([]string{"gateway/store"}, domain...), // keys are read from the store, which knows no right
	"port-adapters":     {"declarations", "i18n"},
	"declarations":      {"i18n"},
	"tariffs":           {"i18n"},
	"i18n":              {},
	"integration-tests": append([]string{"gateway/app", "gateway/api", "gateway/web", "gateway/inbox", "gateway/outbox", "gateway/desk"}, belowDesk...),
}

var (
	belowDesk = append([]string{"gateway/store", "gateway/schedule", "gateway/auth"}, domain...)
	domain    = []string{"declarations", "port-adapters", "tariffs", "i18n"}
)

// kits are test suites in packages of their own; they alone may import testing.
var kits = []string{"gateway/store/storetest", "port-adapters/adaptertest", "port-adapters/adaptertest/sshserver"}

// guests are packages whose tests may import a helper of integration-tests:
// a database of their own, realistic documents to measure with.
var guests = map[string]string{
	"gateway/store": "integration-tests/mariadb",
	"gateway/desk":  "integration-tests/program",
	"gateway/api":   "integration-tests/program",
}

// tables are folders of code tables, which may be long.
var tables = []string{"declarations/codes/"}

// top is everything that may stand in the first folder, beside names that begin with a dot.
var top = []string{"gateway", "declarations", "port-adapters", "tariffs", "i18n", "integration-tests",
	"go.mod", "go.sum", "README.md", "CHANGELOG.md"}

// goPackage is what go list says of one package.
type goPackage struct {
	ImportPath, Name                   string
	Imports, TestImports, XTestImports []string
}

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, v := range violations(list(t)) {
		t.Error(v)
	}
}

// TestImportsControl is the negative control: a graph that breaks each rule
// once. If a rule is lost, its line is missing here.
func TestImportsControl(t *testing.T) {
	t.Parallel()
	graph := []goPackage{
		{ImportPath: "kouan/declarations", Name: "declarations", Imports: []string{"kouan/i18n", "kouan/port-adapters", "strings"}},
		{ImportPath: "kouan/declarations/intake", Name: "intake", Imports: []string{"kouan/declarations", "testing"}},
		{ImportPath: "kouan/i18n", Name: "i18n", Imports: []string{"kouan/declarations"}, TestImports: []string{"kouan/integration-tests/program"}},
		{ImportPath: "kouan/tariffs", Name: "tariffs", Imports: []string{"kouan/declarations"}},
		{ImportPath: "kouan/port-adapters/dxp", Name: "dxp", Imports: []string{"kouan/declarations", "kouan/gateway/outbox"}},
		{ImportPath: "kouan/port-adapters/adaptertest", Name: "adaptertest", Imports: []string{"testing", "kouan/port-adapters"}},
		{ImportPath: "kouan/gateway/store", Name: "store", Imports: []string{"kouan/gateway/auth"}, XTestImports: []string{"kouan/integration-tests/mariadb"}},
		{ImportPath: "kouan/gateway/desk", Name: "desk", Imports: []string{"kouan/gateway/api", "kouan/gateway/store"}},
		{ImportPath: "kouan/gateway/api", Name: "api", Imports: []string{"kouan/gateway/web", "kouan/gateway/desk", "kouan/integration-tests/program"}},
		{ImportPath: "kouan/gateway", Name: "main", Imports: []string{"kouan/gateway/app", "kouan/gateway/desk"}},
		{ImportPath: "kouan/helpers", Name: "helpers"},
	}
	want := []string{
		"declarations imports port-adapters: against the arrows",
		"declarations/intake imports testing outside a test",
		"gateway imports gateway/desk: against the arrows",
		"gateway/api imports gateway/web: against the arrows",
		"gateway/api imports integration-tests/program: against the arrows",
		"gateway/desk imports gateway/api: against the arrows",
		"gateway/store imports gateway/auth: against the arrows",
		"helpers belongs to no layer",
		"i18n imports declarations: against the arrows",
		"port-adapters/dxp imports gateway/outbox: against the arrows",
		"tariffs imports declarations: against the arrows",
		"tests of i18n import integration-tests/program, which is for tests from outside",
	}
	if diff := cmp.Diff(want, violations(graph)); diff != "" {
		t.Errorf("violations of a bad graph (-want +got)\n%s", diff)
	}
}

// violations says, sorted, what a graph of packages does against the arrows.
func violations(graph []goPackage) []string {
	var found []string
	for _, p := range graph {
		path := strings.TrimPrefix(p.ImportPath, module+"/")
		layer := layerOf(path)
		if layer == "" {
			found = append(found, path+" belongs to no layer")
			continue
		}
		for _, i := range p.Imports {
			imported, ours := strings.CutPrefix(i, module+"/")
			switch {
			case i == "testing" && !slices.Contains(kits, path):
				found = append(found, path+" imports testing outside a test")
			case ours && layerOf(imported) != layer && !slices.Contains(arrows[layer], layerOf(imported)):
				found = append(found, path+" imports "+imported+": against the arrows")
			}
		}
		for _, i := range slices.Concat(p.TestImports, p.XTestImports) {
			imported, ours := strings.CutPrefix(i, module+"/")
			if ours && layerOf(imported) == "integration-tests" && layer != "integration-tests" && guests[path] != imported {
				found = append(found, "tests of "+path+" import "+imported+", which is for tests from outside")
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func layerOf(path string) string {
	longest := ""
	for layer := range arrows {
		if (path == layer || strings.HasPrefix(path, layer+"/")) && len(layer) > len(longest) {
			longest = layer
		}
	}
	if longest == "gateway" && path != "gateway" {
		return "" // everything in gateway has a layer of its own
	}
	return longest
}

func list(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Name,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var graph []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		graph = append(graph, p)
	}
	if len(graph) < 10 {
		t.Fatalf("go list found %d packages: the search is broken", len(graph))
	}
	return graph
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// tracked lists the files of the repository, also those not yet committed,
// without what is ignored; where there is no git, everything that is there.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root(t)
	if out, err := cmd.Output(); err == nil {
		return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
	}
	var files []string
	err := filepath.WalkDir(root(t), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root(t), path)
		files = append(files, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTopLevelIsFixed(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string(nil), strangers(tracked(t))); diff != "" {
		t.Errorf("names that do not belong in the first folder (-want +got)\n%s", diff)
	}
	got := strangers([]string{"go.mod", ".gitignore", "utils/x.go", "gateway/main.go", "notes.txt", "utils/y.go"})
	if diff := cmp.Diff([]string{"notes.txt", "utils"}, got); diff != "" {
		t.Errorf("control (-want +got)\n%s", diff)
	}
}

func strangers(files []string) []string {
	var found []string
	for _, file := range files {
		first, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(first, ".") && !slices.Contains(top, first) {
			found = append(found, first)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, file := range tracked(t) {
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		source, err := os.ReadFile(filepath.Join(root(t), file))
		if errors.Is(err, os.ErrNotExist) { // removed, and not yet told to git
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if what := tooLong(file, source); what != "" {
			t.Error(what)
		}
	}
	if seen < 50 {
		t.Errorf("%d Go files found: the search is broken", seen)
	}
	long := bytes.Repeat([]byte("\n"), maxLines+1)
	if tooLong("gateway/desk/x.go", long) == "" || tooLong("declarations/codes/x.go", long) != "" {
		t.Error("control: a long file passed, or a table did not")
	}
}

func tooLong(file string, source []byte) string {
	for _, folder := range tables {
		if strings.HasPrefix(file, folder) {
			return ""
		}
	}
	if n := bytes.Count(source, []byte("\n")); n > maxLines {
		return fmt.Sprintf("%s has %d lines, at most %d", file, n, maxLines)
	}
	return ""
}
