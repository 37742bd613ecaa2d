package wcoxml

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/declarations/testfacts"
)

// samples are the files of a folder of WCO samples, with its path.
func samples(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testfacts.Path(t, "samples", "wco", folder), "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples in %s: %v", folder, err)
	}
	return files
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// leaves are the leaves below Declaration with text and attributes, sorted.
// White space around a text does not count.
func leaves(t testing.TB, data []byte) []string {
	t.Helper()
	root, faults := strictxml.Read(data, strictxml.Limits{})
	if root == nil {
		t.Fatalf("read again: %v", faults)
	}
	var out []string
	var walk func(e *strictxml.Element, path string)
	walk = func(e *strictxml.Element, path string) {
		path += "/" + e.Local
		if len(e.Children) == 0 && strings.TrimSpace(e.Text) != "" {
			var line strings.Builder
			line.WriteString(path + "=" + strings.Join(strings.Fields(e.Text), " "))
			for _, a := range e.Attrs {
				if !a.IsNamespace() && a.Space == "" {
					line.WriteString(" @" + a.Local + "=" + a.Value)
				}
			}
			out = append(out, line.String())
		}
		for _, c := range e.Children {
			walk(c, path)
		}
	}
	walk(root.Child("Declaration"), "")
	slices.Sort(out)
	return out
}

// xsdValid validates documents with libxml2, the oracle of the samples.
func xsdValid(t *testing.T, docs map[string][]byte) {
	t.Helper()
	schema := testfacts.Path(t, "samples", "wco", "xsd", "v1.0", "customs", "wrapper_submit.xsd")
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("KOUAN_STRICT") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", schema}
	for name, doc := range docs {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, doc, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.CommandContext(t.Context(), lint, args...).CombinedOutput()
	if err != nil {
		var bad []string
		for line := range strings.SplitSeq(string(out), "\n") {
			if line != "" && !strings.HasSuffix(line, " validates") {
				bad = append(bad, strings.ReplaceAll(line, dir+"/", ""))
			}
		}
		t.Errorf("not valid by the schema: %v\n%s", err, strings.Join(bad, "\n"))
	}
}

func TestValidSamplesComeBackWithEveryLeaf(t *testing.T) {
	t.Parallel()
	for _, unverified := range []bool{false, true} {
		t.Run(fmt.Sprintf("unverified %v", unverified), func(t *testing.T) {
			t.Parallel()
			opt := Options{Unverified: unverified}
			written := map[string][]byte{}
			for _, file := range samples(t, "declarations-valid") {
				name := filepath.Base(file)
				data := readFile(t, file)
				doc, faults := Parse(data, opt)
				if declarations.Rejected(faults) {
					t.Errorf("%s: refused: %v", name, faults)
					continue
				}
				out, losses := Write(&doc.Declaration, opt)
				if diff := cmp.Diff(leaves(t, data), leaves(t, out)); diff != "" {
					t.Errorf("%s (-read +written):\n%s", name, diff)
				}
				for _, l := range losses {
					if l.Reason != reasonUnverified && l.Reason != reasonNoRoom {
						t.Errorf("%s: lost %+v", name, l)
					}
				}
				written[name] = out
				// The canonical JSON as intake writes and reads it; intake itself stands above this package.
				canonical, err := json.Marshal(&doc.Declaration, json.Deterministic(true))
				if err != nil {
					t.Fatal(err)
				}
				var again declarations.Declaration
				if err := json.Unmarshal(canonical, &again, json.RejectUnknownMembers(true)); err != nil {
					t.Fatalf("%s: canonical JSON: %v", name, err)
				}
				if diff := cmp.Diff(doc.Declaration, again); diff != "" {
					t.Errorf("%s: canonical JSON (-before +after):\n%s", name, diff)
				}
				second, _ := Write(&again, opt)
				if string(second) != string(out) {
					t.Errorf("%s: written otherwise from its canonical JSON", name)
				}
			}
			xsdValid(t, written)
		})
	}
}

// schemaVerdicts tells which documents libxml2 finds valid.
func schemaVerdicts(t *testing.T, lint, schema string, docs map[string][]byte) map[string]bool {
	t.Helper()
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", schema}
	for name, doc := range docs {
		if err := os.WriteFile(filepath.Join(dir, name), doc, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, filepath.Join(dir, name))
	}
	out, err := exec.CommandContext(t.Context(), lint, args...).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) { // some are invalid: the exit code says nothing
		t.Fatal(err)
	}
	verdicts := map[string]bool{}
	for line := range strings.SplitSeq(string(out), "\n") {
		if name, ok := strings.CutSuffix(line, " validates"); ok {
			verdicts[filepath.Base(name)] = true
		}
	}
	return verdicts
}
