package sandbox

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// task is one answer that is due at a time.
type task struct {
	at         time.Time
	plan       *plan
	step, copy int
	tries      int
}

func (t *task) due() time.Time { return t.at }

// waiting is something that is done at a time.
type waiting interface {
	comparable
	due() time.Time
}

// scheduler holds all waiting answers in one heap with one timer, so a
// message costs no goroutine.
type scheduler[T waiting] struct {
	mu    sync.Mutex
	queue dueHeap[T]
	wake  chan struct{}
}

// add may be called before run; what was added waits.
func (s *scheduler[T]) add(t T) {
	s.mu.Lock()
	heap.Push(&s.queue, t)
	first := s.queue[0] == t
	wake := s.signal()
	s.mu.Unlock()
	if first {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// signal must be called under the lock.
func (s *scheduler[T]) signal() chan struct{} {
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	return s.wake
}

// run hands due tasks to work until ctx ends.
func (s *scheduler[T]) run(ctx context.Context, now func() time.Time, work chan<- T) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		due, ready, wait, wake := s.next(now())
		if ready {
			select {
			case work <- due:
				continue
			case <-ctx.Done():
				return
			}
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-wake:
		case <-ctx.Done():
			return
		}
	}
}

// next takes the first task that is due, or tells how long to wait for it.
func (s *scheduler[T]) next(now time.Time) (first T, ready bool, wait time.Duration, wake <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wake = s.signal()
	if len(s.queue) == 0 {
		return first, false, time.Hour, wake
	}
	if wait = s.queue[0].due().Sub(now); wait > 0 {
		return first, false, wait, wake
	}
	return heap.Pop(&s.queue).(T), true, 0, wake
}

// dueHeap orders by time.
type dueHeap[T waiting] []T

func (h dueHeap[T]) Len() int           { return len(h) }
func (h dueHeap[T]) Less(i, j int) bool { return h[i].due().Before(h[j].due()) }
func (h dueHeap[T]) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dueHeap[T]) Push(x any)        { *h = append(*h, x.(T)) }
func (h *dueHeap[T]) Pop() any {
	old := *h
	last := old[len(old)-1]
	var none T
	old[len(old)-1] = none
	*h = old[:len(old)-1]
	return last
}
