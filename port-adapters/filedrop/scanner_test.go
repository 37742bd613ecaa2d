package filedrop

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func scan(t *testing.T, s *Scanner) []string {
	t.Helper()
	files, err := s.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, f := range files {
		names = append(names, f.Name+"="+string(f.Body)+f.Rejected)
	}
	return names
}

func drop(t *testing.T, root, name, body string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(box(root, InBox), name), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestScan(t *testing.T) {
	t.Parallel()
	type step struct {
		before func(*testing.T, string)
		want   []string
	}
	nothing := func(*testing.T, string) {}
	cases := []struct {
		name  string
		steps []step
	}{
		{"a file is returned once, by the second scan", []step{
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "1") }, []string{}},
			{nothing, []string{"a.xml=1"}},
			{nothing, []string{}},
		}},
		{"a growing file waits until it is stable", []step{
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "1") }, []string{}},
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "12") }, []string{}},
			{nothing, []string{"a.xml=12"}},
		}},
		{"the same name with other content is a new file", []step{
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "1") }, []string{}},
			{nothing, []string{"a.xml=1"}},
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "two") }, []string{}},
			{nothing, []string{"a.xml=two"}},
		}},
		{"the same name, size and time in another file is a new file", []step{
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "1"); stamp(t, r, "a.xml") }, []string{}},
			{nothing, []string{"a.xml=1"}},
			{func(t *testing.T, r string) {
				drop(t, r, "b.tmp", "2")
				stamp(t, r, "b.tmp")
				rename(t, filepath.Join(box(r, InBox), "b.tmp"), filepath.Join(box(r, InBox), "a.xml"))
			}, []string{}},
			{nothing, []string{"a.xml=2"}},
		}},
		{"unfinished files, folders and links are left out", []step{
			{func(t *testing.T, r string) {
				drop(t, r, "a.xml.tmp", "1")
				drop(t, r, "b.TEMP", "1")
				if err := os.Mkdir(filepath.Join(box(r, InBox), "dir.xml"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(filepath.Join(r, "secret"), filepath.Join(box(r, InBox), "link.xml")); err != nil {
					t.Fatal(err)
				}
			}, []string{}},
			{nothing, []string{}},
		}},
		{"a file above the limit is reported and not read", []step{
			{func(t *testing.T, r string) { drop(t, r, "big.xml", "12345"); drop(t, r, "ok.xml", "1234") }, []string{}},
			{nothing, []string{"big.xml=larger than 4 bytes", "ok.xml=1234"}},
			{nothing, []string{}},
		}},
		{"a file that went away is forgotten", []step{
			{func(t *testing.T, r string) { drop(t, r, "a.xml", "1") }, []string{}},
			{func(t *testing.T, r string) { rename(t, filepath.Join(box(r, InBox), "a.xml"), filepath.Join(r, "x")) }, []string{}},
			{nothing, []string{}},
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := client(t)
			s := &Scanner{Root: root, MaxSize: 4}
			for i, step := range c.steps {
				step.before(t, root)
				if diff := cmp.Diff(step.want, scan(t, s)); diff != "" {
					t.Errorf("scan %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func stamp(t *testing.T, root, name string) {
	t.Helper()
	if err := os.Chtimes(filepath.Join(box(root, InBox), name), noon, noon.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
}

func TestScanHashesWholeContentOfRejectedFiles(t *testing.T) {
	t.Parallel()
	root := client(t)
	drop(t, root, "big.xml", "12345")
	s := &Scanner{Root: root, MaxSize: 4}
	scan(t, s)
	files, err := s.Scan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
	if len(files) != 1 || files[0].SHA256 != want || files[0].Body != nil {
		t.Errorf("got %+v, want hash %s and no body", files, want)
	}
}

func TestScanLeavesTheFolderAsItWas(t *testing.T) {
	t.Parallel()
	root := client(t)
	drop(t, root, "a.xml", "1")
	s := &Scanner{Root: root}
	scan(t, s)
	scan(t, s)
	got, err := os.ReadFile(filepath.Join(box(root, InBox), "a.xml"))
	if err != nil || !bytes.Equal(got, []byte("1")) {
		t.Errorf("after the scans: %q, %v", got, err)
	}
}

func TestScanOfMissingFolderIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := (&Scanner{Root: t.TempDir()}).Scan(t.Context()); err == nil {
		t.Error("no error for a folder that is not there")
	}
}
