package desk

import (
	"context"
	"slices"
	"sync"

	"kouan/gateway/store"
)

// keptLook lets declarations that were committed at the same time share one
// look for facts that were kept before them. A fact is missed by nobody: it is
// held against the declarations that stand after its own commit, and every
// look begins after the commit of all who share it.
type keptLook struct {
	mu      sync.Mutex
	looking bool
	waiting []*keptAsk
}

// keptAsk is one declaration that waits for the next look.
type keptAsk struct {
	subjects []store.FactSubject
	known    bool
	err      error
	turn     chan bool // true: look yourself; false: it is answered
}

// keptFacts reports whether standing facts are kept under any of these numbers.
func (d *Desk) keptFacts(ctx context.Context, subjects []store.FactSubject) (bool, error) {
	if len(subjects) == 0 {
		return false, nil
	}
	k := &d.kept
	ask := &keptAsk{subjects: subjects, turn: make(chan bool, 1)}
	k.mu.Lock()
	k.waiting = append(k.waiting, ask)
	first := !k.looking
	k.looking = true
	k.mu.Unlock()
	if first || <-ask.turn {
		d.lookForAll(context.WithoutCancel(ctx), ask) // one caller's end is not that of the others
	}
	return ask.known, ask.err
}

// lookForAll answers everybody who waits by now, and gives the next look to
// the first of those who came meanwhile.
func (d *Desk) lookForAll(ctx context.Context, own *keptAsk) {
	k := &d.kept
	k.mu.Lock()
	round := k.waiting
	k.waiting = nil
	k.mu.Unlock()
	numbers := make([]string, 0, 4*len(round))
	for _, ask := range round {
		for i := range ask.subjects {
			numbers = append(numbers, ask.subjects[i].Subject)
		}
	}
	slices.Sort(numbers)
	known, err := d.Store.KnownSubjects(ctx, slices.Compact(numbers)...)
	for _, ask := range round {
		ask.err = err
		ask.known = slices.ContainsFunc(ask.subjects, func(s store.FactSubject) bool { return slices.Contains(known, s.Subject) })
		if ask != own {
			ask.turn <- false
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.looking = len(k.waiting) > 0; k.looking {
		k.waiting[0].turn <- true
	}
}
