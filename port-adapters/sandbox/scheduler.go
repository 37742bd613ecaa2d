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

// scheduler holds all waiting answers in one heap with one timer, so a
// message costs no goroutine.
type scheduler struct {
	mu    sync.Mutex
	queue taskHeap
	wake  chan struct{}
}

// add may be called before run; what was added waits.
func (s *scheduler) add(t *task) {
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
func (s *scheduler) signal() chan struct{} {
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	return s.wake
}

// run hands due tasks to work until ctx ends.
func (s *scheduler) run(ctx context.Context, now func() time.Time, work chan<- *task) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		due, wait, wake := s.next(now())
		if due != nil {
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
func (s *scheduler) next(now time.Time) (*task, time.Duration, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wake := s.signal()
	if len(s.queue) == 0 {
		return nil, time.Hour, wake
	}
	if wait := s.queue[0].at.Sub(now); wait > 0 {
		return nil, wait, wake
	}
	return heap.Pop(&s.queue).(*task), 0, wake
}

// taskHeap orders by time.
type taskHeap []*task

func (h taskHeap) Len() int           { return len(h) }
func (h taskHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h taskHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *taskHeap) Push(x any)        { *h = append(*h, x.(*task)) }
func (h *taskHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
