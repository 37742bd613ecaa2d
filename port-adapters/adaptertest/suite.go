package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	portadapters "kouan/port-adapters"
)

// Run holds the adapter of setup against the contract, each case with a fresh Harness.
func Run(t *testing.T, setup func(t *testing.T) Harness) {
	t.Helper()
	cases := []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"delivers exact bytes once", deliversOnce},
		{"a redelivery is reported and not doubled", redelivery},
		{"changed bytes under the same id are refused", changedBytes},
		{"different messages at the same time all arrive", concurrent},
		{"a cancelled delivery returns and leaves nothing", cancelled},
		{"an unreachable other side is temporary", unreachable},
		{"a refusal for good is permanent", refusal},
		{"a silent other side is left at the deadline with the outcome unknown", silent},
		{"attachments arrive or are refused, never dropped", attachments},
		{"names that could leave their folder are refused", trickyNames},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, setup(t))
		})
	}
}

func deliversOnce(t *testing.T, h Harness) {
	m := Message(1)
	receipt := deliver(t, h, m)
	if receipt.Duplicate {
		t.Error("the first delivery is reported as a duplicate")
	}
	if receipt.At.IsZero() || receipt.Peer == "" || receipt.Detail == "" {
		t.Errorf("receipt lacks time, peer or detail: %+v", receipt)
	}
	expect(t, h, m)
}

func redelivery(t *testing.T, h Harness) {
	m := Message(1)
	deliver(t, h, m)
	m.Attempt, m.Redelivery = 2, true
	if h.Forgets {
		if deliver(t, h, m).Duplicate {
			t.Error("a wire that cannot know it reports a duplicate")
		}
		expect(t, h, m, m)
		return
	}
	if !deliver(t, h, m).Duplicate {
		t.Error("the second delivery is not reported as a duplicate")
	}
	expect(t, h, m)
}

func changedBytes(t *testing.T, h Harness) {
	if h.Forgets {
		t.Log("this wire cannot know what it delivered before")
		return
	}
	first := Message(1)
	deliver(t, h, first)
	changed := first
	changed.Body = append(slices.Clone(first.Body), ' ')
	_, err := h.Adapter.Deliver(t.Context(), Sealed(changed))
	if !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("other bytes under the same id: got %v, want ErrPermanent", err)
	}
	expect(t, h, first)
}

func concurrent(t *testing.T, h Harness) {
	var want []portadapters.Message
	var wait sync.WaitGroup
	for n := range 32 {
		m := Message(n + 1)
		want = append(want, m)
		wait.Go(func() {
			if _, err := h.Adapter.Deliver(t.Context(), m); err != nil {
				t.Errorf("message %d: %v", n+1, err)
			}
		})
	}
	wait.Wait()
	expect(t, h, want...)
}

func cancelled(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := returns(t, func() (portadapters.Receipt, error) { return h.Adapter.Deliver(ctx, Message(1)) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("a cancelled delivery is permanent: %v", err)
	}
	expect(t, h)
}

func unreachable(t *testing.T, h Harness) {
	up := h.Down(t)
	m := Message(1)
	_, err := returns(t, func() (portadapters.Receipt, error) { return h.Adapter.Deliver(t.Context(), m) })
	switch {
	case err == nil:
		t.Error("delivered to nobody")
	case errors.Is(err, portadapters.ErrPermanent), errors.Is(err, portadapters.ErrUnknown):
		t.Errorf("got %v, want a temporary error with a known outcome", err)
	}
	up()
	deliver(t, h, m)
	expect(t, h, m)
}

func refusal(t *testing.T, h Harness) {
	if h.Refuse == nil {
		t.Log("this wire has no refusal of its own")
		return
	}
	m := Message(1)
	h.Refuse(t, m)
	if _, err := h.Adapter.Deliver(t.Context(), m); !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("got %v, want ErrPermanent", err)
	}
}

func silent(t *testing.T, h Harness) {
	if h.Slow == nil {
		t.Log("this wire has nobody who could be slow")
		return
	}
	ctx := expiring{t.Context(), h.Slow(t)}
	_, err := returns(t, func() (portadapters.Receipt, error) { return h.Adapter.Deliver(ctx, Message(1)) })
	if !errors.Is(err, portadapters.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want ErrUnknown and context.DeadlineExceeded", err)
	}
	if errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("a time-out is permanent: %v", err)
	}
}

// expiring is a context whose deadline passes at an event instead of a time.
type expiring struct {
	context.Context
	passed <-chan struct{}
}

func (e expiring) Done() <-chan struct{} { return e.passed }

func (e expiring) Err() error {
	select {
	case <-e.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func attachments(t *testing.T, h Harness) {
	m := Message(1)
	m.Attachments = []portadapters.Attachment{{Name: "invoice.pdf", Body: []byte("%PDF-1.7\n")}, {Name: "箱单.pdf", Body: []byte{0, 1, 2}}}
	if h.CarriesAttachments {
		deliver(t, h, m)
		expect(t, h, m)
		m.Attachments = []portadapters.Attachment{{Name: "../invoice.pdf", Body: []byte("x")}}
		m.ID, m.FileName = Message(2).ID, Message(2).FileName
	}
	if _, err := h.Adapter.Deliver(t.Context(), m); !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("got %v, want ErrPermanent", err)
	}
}

// TrickyNames are file names that no wire may use.
var TrickyNames = []string{
	"", ".", "..", "../up", "a/b", `a\b`, `..\up`, "/etc/passwd", `C:\x`, "a:stream", "nul", "COM1.x", "dot.", "space ", ".hidden",
	"a\x00b", "a\nb", "a\u202eb", "half.tmp", "half.TEMP", "star*", "bad\xff", strings.Repeat("x", 300),
}

func trickyNames(t *testing.T, h Harness) {
	for i, name := range TrickyNames {
		m := Message(i + 1)
		m.FileName = name
		if _, err := h.Adapter.Deliver(t.Context(), m); !errors.Is(err, portadapters.ErrPermanent) {
			t.Errorf("name %q: got %v, want ErrPermanent", name, err)
		}
	}
	expect(t, h)
}

func deliver(t *testing.T, h Harness, m portadapters.Message) portadapters.Receipt {
	t.Helper()
	receipt, err := h.Adapter.Deliver(t.Context(), m)
	if err != nil {
		t.Fatalf("deliver: %v", err)
	}
	return receipt
}

// expect compares what stands on the other side with the messages, in any order.
func expect(t *testing.T, h Harness, want ...portadapters.Message) {
	t.Helper()
	byName := func(a, b Arrival) int { return strings.Compare(a.FileName, b.FileName) }
	expected := make([]Arrival, 0, len(want))
	for i := range want {
		expected = append(expected, Arrival{want[i].FileName, want[i].Body, want[i].Attachments})
	}
	got := append([]Arrival{}, h.Arrived(t)...)
	slices.SortFunc(expected, byName)
	slices.SortFunc(got, byName)
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Errorf("on the other side (-want +got):\n%s", diff)
	}
	if h.Leftovers != nil {
		if left := h.Leftovers(t); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// returns fails the test when call does not come back by itself.
func returns(t *testing.T, call func() (portadapters.Receipt, error)) (portadapters.Receipt, error) {
	t.Helper()
	type result struct {
		receipt portadapters.Receipt
		err     error
	}
	done := make(chan result, 1)
	go func() {
		receipt, err := call()
		done <- result{receipt, err}
	}()
	select {
	case r := <-done:
		return r.receipt, r.err
	case <-time.After(patience):
		t.Fatal("the delivery does not return")
		return portadapters.Receipt{}, fmt.Errorf("unreachable")
	}
}
