package api

import (
	"sync"
	"sync/atomic"
)

// share counts who uses how much of a bounded number of places: a total, and
// a part of it for one partner, so that one cannot take them all.
type share struct {
	total, each int

	mu   sync.Mutex
	used int
	by   map[string]int
}

func newShare(total, each int) *share { return &share{total: total, each: each, by: map[string]int{}} }

// enter takes a place in the whole; false when it is full.
func (s *share) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used >= s.total {
		return false
	}
	s.used++
	return true
}

func (s *share) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
}

// claim takes a place of a partner's part; false when that is used up.
func (s *share) claim(partner string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by[partner] >= s.each {
		return false
	}
	s.by[partner]++
	return true
}

func (s *share) release(partner string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.by[partner]--; s.by[partner] == 0 {
		delete(s.by, partner)
	}
}

// budget bounds bytes that are held at the same time.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int64) bool {
	if b.used.Add(n) > b.limit {
		b.used.Add(-n)
		return false
	}
	return true
}

func (b *budget) give(n int64) { b.used.Add(-n) }
