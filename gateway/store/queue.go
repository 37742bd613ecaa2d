package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// job is one change, or one internal act, that waits for the writer.
type job struct {
	change *Change
	act    func(context.Context, tx) error // may run several times: it starts from nothing each time
	size   int64
	late   bool // it may wait a moment for others to share their commit
	done   chan error
	state  atomic.Int32
}

const (
	jobWaits int32 = iota
	jobPicked
	jobLeft // the caller went away before the writer came
)

// queue is bounded in number and in bytes. A full queue refuses at once:
// overload is answered, not stored up.
type queue struct {
	jobs     chan *job
	bytes    atomic.Int64
	maxBytes int64

	mu   sync.RWMutex
	over bool

	lateMu sync.Mutex
	late   []*job
}

// lateBy is how long a job that may be late waits for company.
const (
	lateBy   = 8 * time.Millisecond
	lateMost = batchJobs / 2
)

func newQueue(length int, bytes int64) *queue {
	return &queue{jobs: make(chan *job, length), maxBytes: bytes}
}

func (q *queue) put(j *job) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.over {
		return false
	}
	if q.bytes.Add(j.size) > q.maxBytes && len(q.jobs) > 0 { // one large change alone always fits
		q.bytes.Add(-j.size)
		return false
	}
	select {
	case q.jobs <- j:
		return true
	default:
		q.bytes.Add(-j.size)
		return false
	}
}

// putLate keeps a job until others come or its time is over.
func (q *queue) putLate(j *job) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.over {
		return false
	}
	q.bytes.Add(j.size)
	q.lateMu.Lock()
	defer q.lateMu.Unlock()
	q.late = append(q.late, j)
	switch len(q.late) {
	case 1:
		time.AfterFunc(lateBy, q.flush)
	case lateMost:
		go q.flush()
	}
	return true
}

// flush lets the late jobs wait like all others.
func (q *queue) flush() {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if !q.over { // else shut has done so
		q.send(q.takeLate())
	}
}

func (q *queue) send(late []*job) {
	for _, j := range late {
		q.jobs <- j // the writers make room
	}
}

func (q *queue) takeLate() []*job {
	q.lateMu.Lock()
	defer q.lateMu.Unlock()
	late := q.late
	q.late = nil
	return late
}

// take waits for work and returns what is there, up to the limits of one
// batch; it adds no wait of its own. Late jobs come along. Nil means that the queue is shut and empty.
func (q *queue) take(jobs int, bytes int64) []*job {
	var batch []*job
	for {
		j, ok := <-q.jobs
		if !ok {
			return nil
		}
		if batch = q.pick(batch, j, &bytes); len(batch) > 0 {
			break
		}
	}
	for _, j := range q.takeLate() {
		batch = q.pick(batch, j, &bytes)
	}
	for len(batch) < jobs && bytes > 0 {
		select {
		case j, ok := <-q.jobs:
			if !ok {
				return batch
			}
			batch = q.pick(batch, j, &bytes)
		default:
			return batch
		}
	}
	return batch
}

func (q *queue) pick(batch []*job, j *job, bytes *int64) []*job {
	q.bytes.Add(-j.size)
	if !j.state.CompareAndSwap(jobWaits, jobPicked) {
		return batch
	}
	*bytes -= j.size
	return append(batch, j)
}

func (q *queue) shut() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over = true
	q.send(q.takeLate())
	close(q.jobs)
}
