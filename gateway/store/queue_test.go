package store

import "testing"

func TestQueueIsBoundedInNumberAndBytes(t *testing.T) {
	t.Parallel()
	q := newQueue(3, 100)
	for i, c := range []struct {
		size int64
		want bool
	}{{250, true}, {1, false}} { // one large change alone fits
		if got := q.put(&job{size: c.size}); got != c.want {
			t.Errorf("put %d of %d bytes: %v, want %v", i, c.size, got, c.want)
		}
	}
	if got := q.take(10, 1000); len(got) != 1 || q.bytes.Load() != 0 {
		t.Errorf("took %d, %d bytes left", len(got), q.bytes.Load())
	}
	for i, want := range []bool{true, true, true, false} {
		if got := q.put(&job{size: 10}); got != want {
			t.Errorf("put %d: %v, want %v", i, got, want)
		}
	}
	if got := q.take(2, 1000); len(got) != 2 {
		t.Errorf("took %d, want the limit of 2", len(got))
	}
}

func TestBatchEndsAtItsBytes(t *testing.T) {
	t.Parallel()
	q := newQueue(10, 1000)
	for range 5 {
		q.put(&job{size: 40})
	}
	if got := q.take(10, 100); len(got) != 3 {
		t.Errorf("took %d jobs, want 3 of 40 bytes for a limit of 100", len(got))
	}
}

func TestAbandonedJobIsPassedOver(t *testing.T) {
	t.Parallel()
	q := newQueue(10, 1000)
	gone, here := &job{size: 1}, &job{size: 1}
	gone.state.Store(jobLeft)
	q.put(gone)
	q.put(here)
	q.shut()
	if got := q.take(10, 100); len(got) != 1 || got[0] != here {
		t.Errorf("took %v, want the one whose caller is there", got)
	}
	if got := q.take(10, 100); got != nil {
		t.Errorf("took %v from an empty, shut queue", got)
	}
	if q.put(&job{}) {
		t.Error("a shut queue takes more")
	}
}
