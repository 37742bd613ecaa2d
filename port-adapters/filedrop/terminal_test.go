package filedrop

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

// terminal makes the folders of a terminal, one of them spelled as one site spells it.
func terminal(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "T03")
	for _, folder := range []string{"OUT", In} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// answers puts a file into the in folder.
func answers(t *testing.T, root, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, In, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestConformanceTerminal(t *testing.T) {
	t.Parallel()
	adaptertest.Run(t, func(t *testing.T) adaptertest.Harness {
		root := terminal(t)
		return adaptertest.Harness{
			Adapter: &Terminal{Root: root, Clock: clock},
			Arrived: func(t *testing.T) []adaptertest.Arrival { return arrivals(t, filepath.Join(root, "OUT")) },
			Leftovers: func(t *testing.T) []string {
				return list(t, root, func(name string) bool { return strings.HasSuffix(name, ".temp") })
			},
			Down: func(t *testing.T) func() {
				gone := filepath.Join(root, "gone")
				rename(t, filepath.Join(root, "OUT"), gone)
				return func() { rename(t, gone, filepath.Join(root, "OUT")) }
			},
			Refuse: func(t *testing.T, m portadapters.Message) {
				answers(t, root, m.FileName+".xml.ack", string(portadapters.WriteAck([]byte("other content"))))
			},
		}
	})
}

func TestTerminalTakesAndAcknowledges(t *testing.T) {
	t.Parallel()
	m := adaptertest.Message(1)
	m.ContentType, m.Body = "application/EDIFACT", []byte("UNB+UNOA:4+KOUAN+T03+260105:1200+1'UNZ+0+1'")
	name := m.FileName + ".edi"
	ours := string(portadapters.WriteAck(m.Body))
	cases := []struct {
		name      string
		ack       string // "": none
		duplicate bool
		detail    string
		permanent bool
	}{
		{"taken and acknowledged: not written again", ours, true, name + ".ack", false},
		{"taken and not acknowledged: written again", "", false, name, false},
		{"an acknowledgement that cannot be read proves nothing", "thank you", false, name, false},
		{"one without an end proves nothing", strings.Repeat("x", 1<<20), false, name, false},
		{"acknowledged with other content", string(portadapters.WriteAck([]byte("x"))), false, "", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			root := terminal(t)
			a := &Terminal{Root: root, Clock: clock}
			if _, err := a.Deliver(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			rename(t, filepath.Join(root, "OUT", name), filepath.Join(root, "taken")) // by the terminal
			if c.ack != "" {
				answers(t, root, name+".ack", c.ack)
			}
			got, err := a.Deliver(t.Context(), m)
			if errors.Is(err, portadapters.ErrPermanent) != c.permanent || (err != nil) != c.permanent {
				t.Fatalf("got %v, want permanent %t", err, c.permanent)
			}
			if c.permanent {
				return
			}
			want := portadapters.Receipt{At: noon, Peer: filepath.Join("T03", "OUT"), Detail: c.detail, Duplicate: c.duplicate}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("receipt (-want +got):\n%s", diff)
			}
			if there := len(list(t, filepath.Join(root, "OUT"), func(string) bool { return true })); there != map[bool]int{true: 0, false: 1}[c.duplicate] {
				t.Errorf("%d files in OUT", there)
			}
		})
	}
}

func TestTerminalWithoutItsInFolderIsNotThere(t *testing.T) {
	t.Parallel()
	root := terminal(t)
	rename(t, filepath.Join(root, In), filepath.Join(root, "gone"))
	_, err := (&Terminal{Root: root}).Deliver(t.Context(), adaptertest.Message(1))
	if !errors.Is(err, os.ErrNotExist) || errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("got %v, want a temporary error", err)
	}
}

func TestScannerOfATerminal(t *testing.T) {
	t.Parallel()
	root := terminal(t)
	answers(t, root, "N1.edi.ack", helloAck)
	answers(t, root, "R1.json", "{}")
	answers(t, root, "R2.json.tmp", "{")
	s := &Scanner{Root: root, Terminal: true}
	if diff := cmp.Diff([]string{}, scan(t, s)); diff != "" {
		t.Errorf("first scan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"N1.edi.ack=" + helloAck, "R1.json={}"}, scan(t, s)); diff != "" {
		t.Errorf("second scan (-want +got):\n%s", diff)
	}
	if files, err := (&Scanner{Root: t.TempDir(), Terminal: true}).Scan(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without the folder: %v, %v", files, err)
	}
}

var helloAck = string(portadapters.WriteAck([]byte("hello\n")))
