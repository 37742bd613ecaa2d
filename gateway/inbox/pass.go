package inbox

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"kouan/port-adapters/filedrop"
)

// entry is a file that was found and is not settled. Between passes only the
// pump touches it, in a pass only the worker that has it.
type entry struct {
	filedrop.File
	key      string
	due      time.Time
	failures int    // in a row
	state    string // of the last work on it: known, a state of the ledger, failed, or "" when it was not due
}

func (e *entry) settled() bool {
	switch e.state {
	case known, Matched, Unmatched, Rejected:
		return true
	}
	return false
}

// States of an entry besides those of the ledger.
const (
	known  = "known"  // settled before, by this process or another
	failed = "failed" // tried and not heard
)

// pass scans once and hears what is due.
func (p *Pump) pass(ctx context.Context) {
	files, err := p.Scanner.Scan(ctx)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		p.Metrics.scanFailures.WithLabelValues(p.Channel).Inc()
		p.Logger.Warn("drop folder not read whole", "channel", p.Channel, "error", err)
	}
	now := p.Clock()
	newest := p.admit(files, now)
	due := p.due(now)
	p.hearAll(ctx, due)
	p.settle(due)
	p.report(now, newest, err == nil)
}

// admit takes new content among the pending, and returns the time of the
// newest file.
func (p *Pump) admit(files []filedrop.File, now time.Time) (newest time.Time) {
	for _, f := range files {
		if f.Modified.After(newest) {
			newest = f.Modified
		}
		if before, ok := p.names[f.Name]; ok && before != f.SHA256 {
			p.Metrics.reused.WithLabelValues(p.Channel).Inc()
			p.Logger.Warn("file name used again with other content", "channel", p.Channel, "name", f.Name, "before", before, "now", f.SHA256)
		}
		if key := p.key(&f); p.pending[key] == nil {
			p.pending[key] = &entry{File: f, key: key, due: now}
		}
	}
	return newest
}

// key is under which the ledger knows a file.
func (p *Pump) key(f *filedrop.File) string {
	if !p.ByName {
		return f.SHA256
	}
	sum := sha256.Sum256([]byte(f.SHA256 + " " + f.Name))
	return hex.EncodeToString(sum[:])
}

// due lists what is to be heard now, what waits longest first.
func (p *Pump) due(now time.Time) []*entry {
	var due []*entry
	for _, e := range p.pending {
		if !e.due.After(now) {
			due = append(due, e)
		}
	}
	slices.SortFunc(due, func(a, b *entry) int {
		return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
	})
	return due
}

func (p *Pump) hearAll(ctx context.Context, due []*entry) {
	var workers sync.WaitGroup
	free := make(chan struct{}, p.Workers)
	for _, e := range due {
		free <- struct{}{}
		if ctx.Err() != nil {
			break // the rest is found again by the next process
		}
		workers.Go(func() {
			defer func() { <-free }()
			p.hear(ctx, e)
		})
	}
	workers.Wait()
}

// settle forgets what is done with and bounds what the rest keeps in memory.
func (p *Pump) settle(due []*entry) {
	for _, e := range due {
		if e.state != "" {
			p.Metrics.files.WithLabelValues(p.Channel, e.state).Inc()
		}
		if !e.settled() {
			e.state = ""
			continue
		}
		delete(p.pending, e.key)
		if len(p.names) >= maxNames {
			clear(p.names)
		}
		p.names[e.Name] = e.SHA256
	}
	kept := 0
	for _, e := range p.pending {
		if kept += len(e.Body); kept > maxKept {
			kept -= len(e.Body)
			e.Body = nil
		}
	}
}

func (p *Pump) report(now, newest time.Time, whole bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if whole {
		p.status.LastScan = now
	}
	if newest.After(p.status.LastResponse) {
		p.status.LastResponse = newest
	}
	p.status.Pending = len(p.pending)
	p.Metrics.pending.WithLabelValues(p.Channel).Set(float64(len(p.pending)))
	if !p.status.LastResponse.IsZero() {
		p.Metrics.age.WithLabelValues(p.Channel).Set(max(0, now.Sub(p.status.LastResponse).Seconds()))
	}
}
