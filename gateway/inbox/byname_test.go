package inbox

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
	"kouan/port-adapters/filedrop"
)

// Where a second copy means something, a file counts by its name and content,
// and again when it was written again; a restart alone is no second copy.
func TestASecondCopyCountsWhereItMeansSomething(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, dir := range []string{filedrop.In, filedrop.Out} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now().Add(-time.Hour)
	write := func(name, content string, at time.Time) {
		t.Helper()
		file := filepath.Join(root, filedrop.In, name)
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	desk := &timedOffice{}
	pass := func(byName bool) {
		t.Helper()
		p := &Pump{Channel: "terminal", Scanner: &filedrop.Scanner{Root: root, Terminal: true}, Desk: desk, Ledger: desk, ByName: byName, Clock: func() time.Time { return desk.now }}
		p.setup()
		for range 3 {
			p.pass(t.Context())
		}
	}
	desk.now = began.Add(time.Minute)
	write("a.ack", "same", began)
	write("b.ack", "same", began) // one content, two things said
	pass(true)
	pass(true) // a restart
	want := []string{"a.ack same", "b.ack same"}
	if diff := cmp.Diff(want, desk.told()); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	desk.now = began.Add(10 * time.Minute)
	write("a.ack", "same", began.Add(5*time.Minute))
	pass(true)
	pass(true)
	if diff := cmp.Diff(append([]string{"a.ack same"}, want...), desk.told()); diff != "" {
		t.Errorf("heard after it was written again (-want +got):\n%s", diff)
	}

	// Receipts of customs count by their content alone.
	desk = &timedOffice{now: began.Add(time.Minute)}
	pass(false)
	write("a.ack", "same", began.Add(30*time.Minute))
	pass(false)
	if got := desk.told(); len(got) != 1 {
		t.Errorf("by content: %v", got)
	}
}

// timedOffice notes in its ledger when a file was heard, and knows it by its key.
type timedOffice struct {
	office
	now time.Time
}

func (o *timedOffice) HearFile(ctx context.Context, f File) (Outcome, error) {
	out, err := o.office.HearFile(ctx, f)
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.rows, f.Channel+"/"+f.SHA256)
	o.rows[f.Channel+"/"+f.Key] = store.InboxFile{State: out.State, At: o.now.UnixMilli()}
	return out, err
}
