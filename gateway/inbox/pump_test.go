package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"kouan/gateway/store"
	"kouan/port-adapters/filedrop"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office is a desk with its ledger, in memory: one receipt per content, one
// row per content, both written at once.
type office struct {
	answer func(f File) (Outcome, error) // nil: matched

	mu     sync.Mutex
	rows   map[string]store.InboxFile
	heard  []File
	looks  int
	broken bool // the ledger does not answer
}

func (o *office) InboxFile(_ context.Context, channel, sha string) (store.InboxFile, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.looks++
	if o.broken {
		return store.InboxFile{}, store.ErrUnavailable
	}
	row, ok := o.rows[channel+"/"+sha]
	if !ok {
		return row, fmt.Errorf("inbox file %s: %w", sha, store.ErrNotFound)
	}
	return row, nil
}

func (o *office) HearFile(_ context.Context, f File) (Outcome, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard = append(o.heard, f)
	out, err := Outcome{State: Matched}, error(nil)
	if o.answer != nil {
		out, err = o.answer(f)
	}
	if err != nil || out.State == "perhaps" {
		return out, err
	}
	row := store.InboxFile{Channel: f.Channel, SHA256: f.SHA256, Name: f.Name, State: out.State, Reason: out.Reason, Tries: f.Tries + 1}
	if out.State == Retry {
		row.NextAt = f.RetryAt.UnixMilli()
	}
	if o.rows == nil {
		o.rows = map[string]store.InboxFile{}
	}
	o.rows[f.Channel+"/"+f.SHA256] = row
	return out, nil
}

// told lists what the desk heard, name and content, sorted.
func (o *office) told() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []string
	for _, f := range o.heard {
		out = append(out, f.Name+" "+string(f.Body))
	}
	slices.Sort(out)
	return out
}

// ledger is name, state and tries of every row, by content.
func (o *office) ledger() map[string]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := map[string]string{}
	for _, row := range o.rows {
		out[row.SHA256] = fmt.Sprintf("%s %s %d %s", row.Name, row.State, row.Tries, row.Reason)
	}
	return out
}

func sha(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

type folder struct {
	t    *testing.T
	root string
	box  string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	root := t.TempDir()
	box := filepath.Join(root, filedrop.DefaultBusiness, filedrop.InBox)
	if err := os.MkdirAll(box, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder{t, root, box}
}

func (d folder) write(name, content string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.box, name), []byte(content), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d folder) pump(o *office) *Pump {
	return &Pump{Channel: "customs", Scanner: &filedrop.Scanner{Root: d.root}, Desk: o, Ledger: o,
		Rand: func() float64 { return 0 }}
}

// during runs pumps for a time.
func during(t *testing.T, d time.Duration, pumps ...*Pump) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var running sync.WaitGroup
	for _, p := range pumps {
		running.Go(func() {
			if err := p.Run(ctx); err != nil {
				t.Errorf("Run = %v, want nil", err)
			}
		})
	}
	running.Wait()
}

func TestFilesAreHeardOnceAlsoAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, o := newFolder(t), &office{}
		d.write("Receipt1.xml", "one")
		d.write("Receipt2.xml", "two")
		d.write("Receipt3.xml.tmp", "unfinished")
		during(t, 5*time.Second, d.pump(o))
		if o.looks != 2 {
			t.Errorf("the ledger was asked %d times about 2 files", o.looks)
		}
		d.write("Receipt4.xml", "four")
		d.write("Receipt5.xml", "one") // the same content under another name
		during(t, 5*time.Second, d.pump(o))
		during(t, 5*time.Second, d.pump(o))
		want := []string{"Receipt1.xml one", "Receipt2.xml two", "Receipt4.xml four"}
		if diff := cmp.Diff(want, o.told()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		left, err := os.ReadDir(d.box)
		if err != nil || len(left) != 5 {
			t.Errorf("%d files left in the folder (%v), want all 5", len(left), err)
		}
	})
}

func TestATruncatedFileIsHeardAgainWhenItIsComplete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newFolder(t)
		o := &office{answer: func(f File) (Outcome, error) {
			if strings.HasSuffix(string(f.Body), "</R>") {
				return Outcome{State: Matched}, nil
			}
			if f.Tries+1 < 4 {
				return Outcome{State: Retry, Reason: "cut off"}, nil
			}
			return Outcome{State: Rejected, Reason: "cut off"}, nil
		}}
		p := d.pump(o)
		d.write("Receipt.xml", "<R>half")
		begin := time.Now()
		go func() {
			time.Sleep(2500 * time.Millisecond)
			d.write("Receipt.xml", "<R>half and half</R>")
		}()
		during(t, 40*time.Second, p)
		want := map[string]string{
			sha("<R>half"):              "Receipt.xml rejected 4 cut off",
			sha("<R>half and half</R>"): "Receipt.xml matched 1 ",
		}
		if diff := cmp.Diff(want, o.ledger()); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		var waits []time.Duration
		for _, f := range o.heard {
			if f.SHA256 == sha("<R>half") {
				waits = append(waits, f.HeardAt.Sub(begin))
			}
		}
		// Found by the second scan at 1 s, then 1, 2 and 4 s later.
		if diff := cmp.Diff([]time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}, waits); diff != "" {
			t.Errorf("heard at (-want +got):\n%s", diff)
		}
		if got := p.Status().Pending; got != 0 {
			t.Errorf("%d files pending, want none", got)
		}
	})
}

func TestARetryIsTakenUpAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newFolder(t)
		o := &office{}
		o.answer = func(f File) (Outcome, error) {
			if f.Tries < 1 {
				return Outcome{State: Retry}, nil
			}
			return Outcome{State: Unmatched}, nil
		}
		d.write("Receipt.xml", "one")
		during(t, 1500*time.Millisecond, d.pump(o))
		if got := len(o.told()); got != 1 {
			t.Fatalf("heard %d times before the restart, want once", got)
		}
		during(t, 20*time.Second, d.pump(o))
		if diff := cmp.Diff(map[string]string{sha("one"): "Receipt.xml unmatched 2 "}, o.ledger()); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
		if got := len(o.told()); got != 2 {
			t.Errorf("heard %d times, want twice: unmatched is settled", got)
		}
	})
}

func TestTheLedgerDecidesAfterARestart(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		state string
		want  []time.Duration // after the start at which the file is heard
	}{
		{Matched, nil}, {Unmatched, nil}, {Rejected, nil}, {Retry, []time.Duration{30 * time.Second}},
	} {
		t.Run(row.state, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, o := newFolder(t), &office{}
				d.write("Receipt.xml", "one")
				begin := time.Now()
				o.rows = map[string]store.InboxFile{"customs/" + sha("one"): {Channel: "customs", SHA256: sha("one"),
					State: row.state, Tries: 5, NextAt: begin.Add(30 * time.Second).UnixMilli()}}
				during(t, time.Minute, d.pump(o))
				var got []time.Duration
				for _, f := range o.heard {
					got = append(got, f.HeardAt.Sub(begin))
					if f.Tries != 5 || f.RetryAt.Sub(f.HeardAt) != 32*time.Second {
						t.Errorf("heard with %d tries, again after %s; want 5 and 32 s", f.Tries, f.RetryAt.Sub(f.HeardAt))
					}
				}
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("heard at (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestTheSameNameWithOtherContentIsASecondFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, o := newFolder(t), &office{}
		reg := prometheus.NewPedanticRegistry()
		p := d.pump(o)
		p.Metrics = NewMetrics(reg)
		d.write("Receipt.xml", "one")
		go func() {
			time.Sleep(4500 * time.Millisecond)
			d.write("Receipt.xml", "another")
		}()
		during(t, 10*time.Second, p)
		if diff := cmp.Diff([]string{"Receipt.xml another", "Receipt.xml one"}, o.told()); diff != "" {
			t.Errorf("heard (-want +got):\n%s", diff)
		}
		if got := gathered(t, reg)["kouan_inbox_names_reused_total customs"]; got != 1 {
			t.Errorf("names reused = %v, want 1", got)
		}
	})
}

func TestTwoPumpsOnOneFolderHearEachContentOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, o := newFolder(t), &office{}
		for n := range 50 {
			d.write(fmt.Sprintf("Receipt%02d.xml", n), fmt.Sprint("content ", n))
		}
		first, second := d.pump(o), d.pump(o)
		second.Interval = 1300 * time.Millisecond // out of step: whoever comes later finds the ledger row
		during(t, 20*time.Second, first, second)
		if got := len(o.told()); got != 50 {
			t.Errorf("heard %d files, want 50", got)
		}
	})
}

func TestAPoisonedFileBlocksNoOther(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		answer func(f File) (Outcome, error)
	}{
		{"the desk fails over it", func(File) (Outcome, error) { return Outcome{}, errors.New("no such column") }},
		{"the desk panics over it", func(File) (Outcome, error) { panic("index out of range") }},
		{"the desk gives a strange answer", func(File) (Outcome, error) { return Outcome{State: "perhaps"}, nil }},
		{"it is heard for a long time", func(File) (Outcome, error) { return Outcome{State: Retry}, nil }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newFolder(t)
				o := &office{answer: func(f File) (Outcome, error) {
					if f.Name == "Bad.xml" {
						return row.answer(f)
					}
					return Outcome{State: Matched}, nil
				}}
				p := d.pump(o)
				p.Workers = 1
				d.write("Bad.xml", "poison")
				for n := range 20 {
					d.write(fmt.Sprintf("Receipt%02d.xml", n), fmt.Sprint("content ", n))
				}
				during(t, 10*time.Minute, p)
				bad, good := 0, 0
				for _, f := range o.heard {
					if f.Name == "Bad.xml" {
						bad++
					} else {
						good++
					}
				}
				// 1, 2, 4 … 32 s apart, then every 60 s.
				if good != 20 || bad < 10 || bad > 16 {
					t.Errorf("good files heard %d times, the bad one %d times; want 20, and 10 to 16", good, bad)
				}
				if got := p.Status().Pending; got != 1 {
					t.Errorf("%d files pending, want the bad one", got)
				}
			})
		})
	}
}

func TestFilesFoundWhileTheDatabaseIsAwayAreHeardLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, o := newFolder(t), &office{broken: true}
		for n := range 10 {
			d.write(fmt.Sprintf("Receipt%02d.xml", n), fmt.Sprint("content ", n))
		}
		go func() {
			time.Sleep(45 * time.Second)
			o.mu.Lock()
			defer o.mu.Unlock()
			o.broken = false
		}()
		during(t, 2*time.Minute, d.pump(o))
		if got := len(o.told()); got != 10 {
			t.Errorf("heard %d files, want 10", got)
		}
		if o.looks > 10*8 {
			t.Errorf("the ledger was asked %d times, want a growing wait", o.looks)
		}
	})
}

func TestWhatIsTooLargeIsRejectedUnread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newFolder(t)
		o := &office{answer: func(f File) (Outcome, error) {
			if f.Rejected == "" {
				return Outcome{State: Matched}, nil
			}
			return Outcome{State: Rejected, Reason: f.Rejected}, nil
		}}
		p := d.pump(o)
		p.Scanner = &filedrop.Scanner{Root: d.root, MaxSize: 8}
		d.write("Large.xml", "nine bytes")
		during(t, 30*time.Second, p)
		if diff := cmp.Diff(map[string]string{sha("nine bytes"): "Large.xml rejected 1 larger than 8 bytes"}, o.ledger()); diff != "" {
			t.Errorf("ledger (-want +got):\n%s", diff)
		}
	})
}

func TestContentThatWasNotKeptIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		change func(path string) error
		want   string // body or reason of rejection
	}{
		{"still there", func(string) error { return nil }, "one"},
		{"replaced", func(path string) error { return os.WriteFile(path, []byte("two"), 0o644) }, "replaced or removed before it could be heard"},
		{"grown", func(path string) error { return os.WriteFile(path, []byte("one and more"), 0o644) }, "replaced or removed before it could be heard"},
		{"removed", os.Remove, "replaced or removed before it could be heard"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "Receipt.xml")
			if err := os.WriteFile(path, []byte("one"), 0o644); err != nil {
				t.Fatal(err)
			}
			e := &entry{File: filedrop.File{Path: path, Size: 3, SHA256: sha("one")}}
			if err := row.change(path); err != nil {
				t.Fatal(err)
			}
			if err := e.load(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if got := string(e.Body) + e.Rejected; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestWaitingFilesDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	p := &Pump{}
	p.setup()
	const each = 1 << 20
	for n := range 100 {
		sum := fmt.Sprint(n)
		p.pending[sum] = &entry{File: filedrop.File{SHA256: sum, Size: each, Body: make([]byte, each)}}
	}
	p.settle(nil)
	kept := 0
	for _, e := range p.pending {
		kept += len(e.Body)
	}
	if len(p.pending) != 100 || kept != maxKept {
		t.Errorf("%d files wait with %d bytes, want 100 with %d", len(p.pending), kept, maxKept)
	}
}

// blind cannot read the folder.
type blind struct{}

func (blind) Scan(context.Context) ([]filedrop.File, error) { return nil, errors.New("no such folder") }

func TestStatusAndMetricsTellWhenTheLastResponseCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newFolder(t)
		o := &office{answer: func(f File) (Outcome, error) { return Outcome{State: Unmatched}, nil }}
		reg := prometheus.NewPedanticRegistry()
		p := d.pump(o)
		p.Metrics = NewMetrics(reg)
		d.write("Receipt.xml", "one")
		came := time.Now().Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(d.box, "Receipt.xml"), came, came); err != nil {
			t.Fatal(err)
		}
		off := &Pump{Channel: "other", Scanner: blind{}, Desk: o, Ledger: o, Metrics: p.Metrics}
		during(t, 10*time.Second-1, p, off)
		if got := p.Status(); !got.LastResponse.Equal(came) || got.LastScan.IsZero() {
			t.Errorf("status = %+v, want the last response at %s", got, came)
		}
		if got := off.Status(); !got.LastScan.IsZero() {
			t.Errorf("status of a folder that cannot be read = %+v", got)
		}
		want := map[string]float64{
			"kouan_inbox_files_total customs unmatched":     1,
			"kouan_inbox_last_response_age_seconds customs": 3609,
			"kouan_inbox_pending_files customs":             0,
			"kouan_inbox_pending_files other":               0,
			"kouan_inbox_scan_failures_total other":         10,
		}
		if diff := cmp.Diff(want, gathered(t, reg)); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	})
}

func TestBackoffDoublesToAMinuteAndSpreadsUpwards(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		n    int
		r    float64
		want time.Duration
	}{
		{0, 0, time.Second}, {1, 0, time.Second}, {2, 0, 2 * time.Second}, {6, 0, 32 * time.Second},
		{7, 0, time.Minute}, {1 << 40, 0, time.Minute}, {1, 1, 1200 * time.Millisecond}, {9, 1, 72 * time.Second},
	} {
		if got := backoff(row.n, row.r); got != row.want {
			t.Errorf("backoff(%d, %v) = %s, want %s", row.n, row.r, got, row.want)
		}
	}
}

// gathered flattens the metrics, name and labels to value.
func gathered(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			var name strings.Builder
			name.WriteString(family.GetName())
			for _, label := range m.GetLabel() {
				name.WriteString(" " + label.GetValue())
			}
			out[name.String()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return out
}
