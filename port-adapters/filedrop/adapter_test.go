package filedrop

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// client makes the folders of an import client, spelled as one site spells them.
func client(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, box := range []string{OutBox, SentBox, FailBox, InBox} {
		if err := os.MkdirAll(filepath.Join(root, "DECCUS001", box), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func box(root, name string) string { return filepath.Join(root, "DECCUS001", name) }

func TestConformanceZip(t *testing.T)  { conformance(t, false) }
func TestConformanceBare(t *testing.T) { conformance(t, true) }

func conformance(t *testing.T, bare bool) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		root := client(t)
		a := &Adapter{Root: root, Bare: bare, Clock: clock}
		return adaptertest.Harness{
			Adapter:            a,
			CarriesAttachments: !bare,
			Arrived:            func(t *testing.T) []adaptertest.Arrival { return arrivals(t, box(root, OutBox)) },
			Leftovers: func(t *testing.T) []string {
				return list(t, root, func(name string) bool { return strings.HasSuffix(name, ".temp") })
			},
			Down: func(t *testing.T) func() {
				gone := filepath.Join(root, "gone")
				rename(t, box(root, OutBox), gone)
				return func() { rename(t, gone, box(root, OutBox)) }
			},
			Refuse: func(t *testing.T, m portadapters.Message) {
				if _, err := a.Deliver(t.Context(), m); err != nil {
					t.Fatal(err)
				}
				for _, name := range list(t, box(root, OutBox), func(string) bool { return true }) {
					rename(t, name, filepath.Join(box(root, FailBox), filepath.Base(name)))
				}
			},
		}
	})
}

func TestTakenFileIsDoneAndOtherBytesAreRefusedInEveryBox(t *testing.T) {
	t.Parallel()
	root := client(t)
	a := &Adapter{Root: root, Clock: clock}
	m := adaptertest.Message(1)
	if _, err := a.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	name := m.FileName + ".zip"
	rename(t, filepath.Join(box(root, OutBox), name), filepath.Join(box(root, SentBox), name))
	receipt, err := a.Deliver(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	want := portadapters.Receipt{At: noon, Peer: filepath.Join("DECCUS001", OutBox), Detail: name, Duplicate: true}
	if diff := cmp.Diff(want, receipt); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	if left := list(t, box(root, OutBox), func(string) bool { return true }); len(left) > 0 {
		t.Errorf("written again: %v", left)
	}
	m.Body = append(m.Body, '\n')
	if _, err := a.Deliver(t.Context(), m); !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("got %v, want ErrPermanent", err)
	}
}

func TestZipHasFixedBytesAndTopLevelEntries(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	m.Attachments = []portadapters.Attachment{{Name: "箱单.pdf", Body: []byte("%PDF")}}
	_, first, err := pack(&m, false)
	if err != nil {
		t.Fatal(err)
	}
	_, second, err := pack(&m, false)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same message makes other bytes")
	}
	r, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		if f.Flags != 0x800 || f.Method != zip.Store || strings.Contains(f.Name, "/") {
			t.Errorf("entry %q: flags %#x, method %d", f.Name, f.Flags, f.Method)
		}
		if got := f.Modified.UTC().Year(); got != 1980 {
			t.Errorf("entry %q is of %d, want the fixed 1980", f.Name, got)
		}
	}
}

func TestEqualAttachmentNamesAreRefused(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	for _, name := range []string{"a.PDF", m.FileName + ".XML"} {
		m.Attachments = []portadapters.Attachment{{Name: "A.pdf"}, {Name: name}}
		if _, _, err := pack(&m, false); !errors.Is(err, portadapters.ErrPermanent) {
			t.Errorf("%s: got %v, want ErrPermanent", name, err)
		}
	}
}

func TestLeftoverOfACrashIsWrittenOver(t *testing.T) {
	t.Parallel()
	root := client(t)
	m := adaptertest.Message(1)
	half := filepath.Join(box(root, OutBox), m.FileName+".zip.temp")
	if err := os.WriteFile(half, bytes.Repeat([]byte("x"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Adapter{Root: root, Clock: clock}).Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := arrivals(t, box(root, OutBox))
	if diff := cmp.Diff([]adaptertest.Arrival{{FileName: m.FileName, Body: m.Body}}, got); diff != "" {
		t.Errorf("OutBox (-want +got):\n%s", diff)
	}
}

// cancelsLate is a context that ends between the first question and the last.
type cancelsLate struct {
	context.Context
	asked int
}

func (c *cancelsLate) Err() error {
	c.asked++
	if c.asked > 1 {
		return context.Canceled
	}
	return nil
}

func TestLeaseLostBeforeTheRenameLeavesNothing(t *testing.T) {
	t.Parallel()
	root := client(t)
	_, err := (&Adapter{Root: root}).Deliver(&cancelsLate{Context: t.Context()}, adaptertest.Message(1))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if left := list(t, root, func(string) bool { return true }); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTwoFoldersThatDifferInCaseOnlyAreAnError(t *testing.T) {
	t.Parallel()
	root := client(t)
	if err := os.MkdirAll(filepath.Join(root, "Deccus001", OutBox), 0o755); err != nil {
		t.Fatal(err)
	}
	if dir, err := Folder(root, "", OutBox); err == nil {
		t.Errorf("chose %s, want an error", dir)
	}
	if dir, err := Folder(root, "DECCUS001", OutBox); err != nil || dir != box(root, OutBox) {
		t.Errorf("exact spelling: got %s, %v", dir, err)
	}
}

func arrivals(t *testing.T, dir string) []adaptertest.Arrival {
	t.Helper()
	var out []adaptertest.Arrival
	for _, path := range list(t, dir, func(name string) bool { return !strings.HasSuffix(name, ".temp") }) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		if name, ok := strings.CutSuffix(base, ".xml"); ok {
			out = append(out, adaptertest.Arrival{FileName: name, Body: data})
			continue
		}
		out = append(out, unzip(t, strings.TrimSuffix(base, ".zip"), data))
	}
	return out
}

func unzip(t *testing.T, name string, data []byte) adaptertest.Arrival {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := adaptertest.Arrival{FileName: name}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		if err := rc.Close(); err != nil {
			t.Fatal(err)
		}
		if f.Name == name+".xml" {
			out.Body = body
		} else {
			out.Attachments = append(out.Attachments, portadapters.Attachment{Name: f.Name, Body: body})
		}
	}
	return out
}

// list is the paths of all files below dir whose name passes.
func list(t *testing.T, dir string, pass func(string) bool) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && pass(d.Name()) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
