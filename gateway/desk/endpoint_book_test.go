package desk

import (
	"testing"
	"time"
)

// A page that was read before a change must not be remembered after it.
func TestAPageReadBeforeAChangeIsNotKept(t *testing.T) {
	t.Parallel()
	var b endpointBook
	now := time.Now()
	_, _, changes := b.look("alice", now)
	b.forget("alice")
	b.keep("alice", bookPage{until: now.Add(bookFresh)}, changes)
	if _, known, _ := b.look("alice", now); known {
		t.Error("an old page is believed")
	}
	_, _, changes = b.look("alice", now)
	b.keep("alice", bookPage{until: now.Add(bookFresh)}, changes)
	if _, known, _ := b.look("alice", now); !known {
		t.Error("a page is not kept")
	}
	if _, known, _ := b.look("alice", now.Add(bookFresh)); known {
		t.Error("a page is kept for too long")
	}
}
