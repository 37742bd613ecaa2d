package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"kouan/gateway/store"
)

// hear asks the ledger about one file and, unless it is settled, the desk.
// Another pump may watch the same folder, so the ledger is asked every time.
func (p *Pump) hear(ctx context.Context, e *entry) {
	// Not cut off by a stop: a commit that is cut off has an unknown outcome.
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), hearTimeout)
	defer done()
	now := p.Clock()
	tries := 0
	row, err := p.Ledger.InboxFile(ctx, p.Channel, e.SHA256)
	switch at := time.UnixMilli(row.NextAt); {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		p.fail(e, now, fmt.Errorf("look up in the ledger: %w", err))
		return
	case row.State != Retry:
		e.state = known
		return
	case at.After(now):
		e.due = at
		return
	default:
		tries = row.Tries
	}
	if err := e.load(ctx, p.Scanner); err != nil {
		p.fail(e, now, fmt.Errorf("read again: %w", err))
		return
	}
	f := File{Channel: p.Channel, Name: e.Name, SHA256: e.SHA256, Body: e.Body, Rejected: e.Rejected,
		Tries: tries, HeardAt: now, RetryAt: now.Add(backoff(tries+1, p.Rand()))}
	out, err := p.ask(ctx, f)
	switch {
	case err != nil:
		p.fail(e, now, err)
		return
	case out.State == Retry:
		e.due = f.RetryAt
	case out.State == Rejected:
		p.Logger.Warn("file rejected", "channel", p.Channel, "name", e.Name, "sha256", e.SHA256, "reason", out.Reason)
	}
	e.state, e.failures = out.State, 0
}

// ask calls the desk. A file that makes it panic is an error of that file.
func (p *Pump) ask(ctx context.Context, f File) (out Outcome, err error) {
	defer func() {
		if v := recover(); v != nil {
			p.Logger.Error("desk panicked over a file", "channel", f.Channel, "name", f.Name, "sha256", f.SHA256, "panic", v, "stack", string(debug.Stack()))
			err = errors.New("desk panicked")
		}
	}()
	out, err = p.Desk.HearFile(ctx, f)
	if err != nil {
		return out, err
	}
	switch out.State {
	case Matched, Unmatched, Retry, Rejected:
		return out, nil
	}
	return out, fmt.Errorf("desk answered with state %q", out.State)
}

func (p *Pump) fail(e *entry, now time.Time, err error) {
	e.failures++
	e.state, e.due = failed, now.Add(backoff(e.failures, p.Rand()))
	p.Logger.Warn("file not heard, will be tried again", "channel", p.Channel, "name", e.Name, "sha256", e.SHA256, "failures", e.failures, "error", err)
}

// load reads the content again if it was not kept. Content that is no longer
// there can not be heard any more; the scanner brings what replaced it.
func (e *entry) load(ctx context.Context, from Scanner) error {
	if e.Body != nil || e.Rejected != "" || e.Size == 0 {
		return nil
	}
	var body []byte
	var err error
	if remote, ok := from.(Fetcher); ok {
		body, err = remote.Fetch(ctx, e.File)
	} else {
		body, err = readAtMost(e.Path, e.Size)
	}
	sum := sha256.Sum256(body)
	switch {
	case errors.Is(err, os.ErrNotExist), err == nil && hex.EncodeToString(sum[:]) != e.SHA256:
		e.Rejected = "replaced or removed before it could be heard"
	case err != nil:
		return err
	default:
		e.Body = body
	}
	return nil
}

// readAtMost reads one byte more than limit, so that a file that grew is seen
// by its digest.
func readAtMost(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return body, nil
}
