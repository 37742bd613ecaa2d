package app

import (
	"context"
	"time"
)

const (
	remindEvery       = time.Minute
	rematchFactsEvery = 5 * time.Minute
)

// remindDeadlines writes reminders until ctx ends. Every process does it: each
// reminder has one identity, so it is written once.
func (h *house) remindDeadlines(ctx context.Context) error {
	return h.every(ctx, remindEvery, "reminders of deadlines", h.desk.RemindDeadlines)
}

// rematchFacts tries kept facts again; what a fact or a declaration brings is
// matched at once, this is for what a crash left between two commits.
func (h *house) rematchFacts(ctx context.Context) error {
	return h.every(ctx, rematchFactsEvery, "kept facts", h.desk.RematchFacts)
}

// every repeats an act until ctx ends; a failure is only logged, the next round comes.
func (h *house) every(ctx context.Context, pause time.Duration, what string, act func(context.Context) (int, error)) error {
	for {
		n, err := act(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			h.logger.Warn("a round failed", "of", what, "done", n, "error", err)
		case n > 0:
			h.logger.Debug("a round is done", "of", what, "done", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}
