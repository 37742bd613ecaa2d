package sandbox

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations/receipts"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/filedrop"
)

// office is an import client with both ends of a gateway, under a false clock.
type office struct {
	*FileClient
	adapter *filedrop.Adapter
	scanner *filedrop.Scanner
}

func inOffice(t *testing.T, play func(*testing.T, *office)) {
	t.Helper()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		o := &office{
			FileClient: &FileClient{Customs: &Customs{}, Root: root},
			adapter:    &filedrop.Adapter{Root: root},
			scanner:    &filedrop.Scanner{Root: root},
		}
		if err := o.MakeFolders(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		o.Customs.Start(ctx)
		play(t, o)
		cancel()
		o.Customs.Wait()
	})
}

func (o *office) deliver(t *testing.T, m portadapters.Message) {
	t.Helper()
	if _, err := o.adapter.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func (o *office) look(t *testing.T) {
	t.Helper()
	if err := o.Look(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
}

// in lists a box.
func (o *office) in(t *testing.T, box string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(o.Root, filedrop.DefaultBusiness, box))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestImportClientTakesFilesAndAnswersIntoInBox(t *testing.T) {
	t.Parallel()
	inOffice(t, func(t *testing.T, o *office) {
		m := message(1, "SBXTWI0000000001")
		m.Attachments = []portadapters.Attachment{{Name: "invoice.pdf", Body: []byte("%PDF")}}
		o.deliver(t, m)
		o.look(t)
		if diff := cmp.Diff([]string{m.FileName + ".zip"}, o.in(t, filedrop.SentBox)); diff != "" {
			t.Errorf("SentBox (-want +got):\n%s", diff)
		}
		var codes []string
		for range 2 {
			files, err := o.scanner.Scan(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				event, faults := receipts.Parse(f.Body, f.Name)
				if len(faults) > 0 {
					t.Fatalf("%s: %+v", f.Name, faults)
				}
				codes = append(codes, event.Code)
				if event.IsImportResponse() && (event.MessageID != m.ID || event.FileName != m.FileName) {
					t.Errorf("%s answers %s %s, want %s %s", f.Name, event.MessageID, event.FileName, m.ID, m.FileName)
				}
			}
		}
		slices.Sort(codes)
		if diff := cmp.Diff("7 7 J J L L P P R R imported imported", strings.Join(codes, " ")); diff != "" {
			t.Errorf("InBox (-want +got):\n%s", diff)
		}
		if d := o.Customs.Deliveries(); len(d) != 1 || d[0].MessageID != m.ID || d[0].SHA256 != m.SHA256 {
			t.Errorf("deliveries %+v, want message %s with hash %s", d, m.ID, m.SHA256)
		}
	})
}

func TestImportClientPutsWhatItCannotTakeIntoFailBox(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		file  string
		body  string
		inbox int
	}{
		{"bytes that are no zip", "x.zip", "PK no zip", 0},
		{"an XML that is no declaration gets a Failed_ answer", "I_1.xml", "<DecMessage/>", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			inOffice(t, func(t *testing.T, o *office) {
				if err := os.WriteFile(filepath.Join(o.Root, filedrop.DefaultBusiness, filedrop.OutBox, c.file), []byte(c.body), 0o600); err != nil {
					t.Fatal(err)
				}
				o.look(t)
				if diff := cmp.Diff([]string{c.file}, o.in(t, filedrop.FailBox)); diff != "" {
					t.Errorf("FailBox (-want +got):\n%s", diff)
				}
				answers := o.in(t, filedrop.InBox)
				if len(answers) != c.inbox || c.inbox > 0 && !strings.HasPrefix(answers[0], "Failed_I_1_") {
					t.Errorf("InBox %v, want %d Failed_ answer", answers, c.inbox)
				}
			})
		})
	}
}

func TestOtherBytesUnderOneNameGoToFailBox(t *testing.T) {
	t.Parallel()
	inOffice(t, func(t *testing.T, o *office) {
		first := message(1, "SBXREL1")
		o.deliver(t, first)
		o.look(t)
		if err := os.Remove(filepath.Join(o.Root, filedrop.DefaultBusiness, filedrop.SentBox, first.FileName+".zip")); err != nil {
			t.Fatal(err)
		}
		other := message(1, "SBXREL2")
		o.deliver(t, other)
		o.look(t)
		if got := o.in(t, filedrop.FailBox); len(got) != 1 {
			t.Errorf("FailBox %v, want one file", got)
		}
		if v := o.Customs.Violations(); len(v) != 1 || v[0].MessageID != first.ID {
			t.Errorf("violations %+v, want one of %s", v, first.ID)
		}
	})
}

func TestRefusedFileStaysInOutBoxForAWhile(t *testing.T) {
	t.Parallel()
	inOffice(t, func(t *testing.T, o *office) {
		m := message(1, "SBXDWN1")
		o.deliver(t, m)
		var got []int
		for range DefaultRefusals + 1 {
			o.look(t)
			got = append(got, len(o.in(t, filedrop.OutBox)))
		}
		if diff := cmp.Diff([]int{1, 1, 1, 0}, got); diff != "" {
			t.Errorf("files in OutBox after each look (-want +got):\n%s", diff)
		}
	})
}

func TestUnfinishedFilesAreLeftAlone(t *testing.T) {
	t.Parallel()
	inOffice(t, func(t *testing.T, o *office) {
		half := filepath.Join(o.Root, filedrop.DefaultBusiness, filedrop.OutBox, "a.zip.temp")
		if err := os.WriteFile(half, []byte("PK"), 0o600); err != nil {
			t.Fatal(err)
		}
		o.look(t)
		if _, err := os.Stat(half); err != nil || len(o.Customs.Violations()) > 0 {
			t.Errorf("%v, violations %+v", err, o.Customs.Violations())
		}
	})
}

func TestRunningClientPollsUntilItsContextEnds(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		f := &FileClient{Customs: &Customs{Silent: true}, Root: root}
		ended := make(chan error)
		go func() { ended <- f.Run(ctx) }()
		synctest.Wait()
		if _, err := (&filedrop.Adapter{Root: root}).Deliver(t.Context(), message(1, "SBXREL1")); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * DefaultPoll)
		synctest.Wait()
		if got := len(f.Customs.Deliveries()); got != 1 {
			t.Errorf("%d deliveries, want 1", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
	})
}
