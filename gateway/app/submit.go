package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// submitCommand sends many declarations to a gateway, and goes on where it
// was stopped.
type submitCommand struct {
	URL         string   `name:"url" help:"cli.flag.url" required:"" placeholder:"URL"`
	Key         secret   `help:"cli.flag.key" placeholder:"KEY"`
	State       string   `help:"cli.flag.submit_state" placeholder:"FILE"`
	Concurrency int      `help:"cli.flag.concurrency" default:"8"`
	Tries       int      `help:"cli.flag.tries" default:"10"`
	Files       []string `arg:"" name:"file" help:"cli.arg.files"`
}

// outcome of one row.
type outcome struct {
	answer answer
	before bool  // accepted by an earlier run
	err    error // no final answer came
	ready  chan struct{}
}

// Run exits 0 when every row was accepted and 1 when one was not.
func (cmd *submitCommand) Run(ctx context.Context, c *console) (err error) {
	key := cmd.Key
	if key == "" {
		key = secret(c.env["KOUAN_KEY"])
	}
	if key == "" || cmd.Concurrency < 1 || cmd.Tries < 1 {
		return &usageError{key: "cli.error.submit"}
	}
	client, err := newAPIClient(cmd.URL, key, string(c.words.Lang()))
	if err != nil {
		return err
	}
	rows, err := c.submitRows(cmd.Files)
	if err != nil {
		c.complain(c.explain(err))
		return &usageError{key: "cli.error.unread"}
	}
	state, err := openSubmitState(cmd.stateFile(), client.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, state.close()) }()
	run := &submission{c: c, client: client, state: state, tries: cmd.Tries, rows: rows, outcomes: make([]outcome, len(rows))}
	return run.all(ctx, min(cmd.Concurrency, 64))
}

// stateFile stands beside the first file unless the user chose a place.
func (cmd *submitCommand) stateFile() string {
	if cmd.State != "" {
		return cmd.State
	}
	return filepath.Join(filepath.Dir(cmd.Files[0]), ".kouan-submit.jsonl")
}

// submission is one run over all rows.
type submission struct {
	c        *console
	client   *apiClient
	state    *submitState
	tries    int
	rows     []submitRow
	outcomes []outcome
	next     atomic.Int64
}

// all sends rows with so many at once and prints their outcomes in the order
// of the files. A wrong key stops everything: it would refuse every row.
func (s *submission) all(ctx context.Context, workers int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	for i := range s.outcomes {
		s.outcomes[i].ready = make(chan struct{})
	}
	var running sync.WaitGroup
	for range workers {
		running.Go(func() { s.work(ctx, stop) })
	}
	defer running.Wait()
	bar := s.c.progress("cli.submit.progress")
	accepted, refused, before := 0, 0, 0
	for i := range s.rows {
		<-s.outcomes[i].ready
		if err := context.Cause(ctx); err != nil && errors.Is(s.outcomes[i].err, err) {
			return err // told once, not for every row that was left
		}
		ok, err := s.print(&s.rows[i], &s.outcomes[i])
		if err != nil {
			stop(err)
			return err
		}
		switch {
		case !ok:
			refused++
		case s.outcomes[i].before:
			before++
			fallthrough
		default:
			accepted++
		}
		bar.of(int64(i+1), int64(len(s.rows)))
	}
	if err := bar.end(); err != nil {
		return err
	}
	if before > 0 {
		s.c.complain(s.c.words.text("cli.submit.before", arguments{"count": strconv.Itoa(before)}))
	}
	err := s.c.say("cli.submit.summary", arguments{"accepted": strconv.Itoa(accepted), "refused": strconv.Itoa(refused), "total": strconv.Itoa(len(s.rows))})
	if err == nil && refused > 0 {
		return faultyError{}
	}
	return err
}

func (s *submission) work(ctx context.Context, stop context.CancelCauseFunc) {
	for {
		i := int(s.next.Add(1)) - 1
		if i >= len(s.rows) {
			return
		}
		o := &s.outcomes[i]
		o.answer, o.before, o.err = s.send(ctx, &s.rows[i])
		if o.answer.Status == http.StatusUnauthorized || o.answer.Status == http.StatusForbidden {
			stop(&toldError{key: "cli.submit.stopped", args: arguments{"reason": o.answer.Title}})
			o.err = context.Cause(ctx)
		}
		close(o.ready)
	}
}

// send brings one row to a final answer and, when accepted, into the state file.
func (s *submission) send(ctx context.Context, row *submitRow) (answer, bool, error) {
	if err := context.Cause(ctx); err != nil {
		return answer{}, false, err
	}
	body, err := row.load()
	if err != nil {
		return answer{}, false, err
	}
	sha := digest(body)
	if r, ok := s.state.accepted(sha); ok {
		return answer{Status: http.StatusOK, ID: r.ID, Reference: r.Reference}, true, nil
	}
	a, err := s.persist(ctx, body, sha)
	if err == nil && a.accepted() {
		err = s.state.keep(submitRecord{SHA256: sha, Row: row.name, ID: a.ID, Reference: a.Reference})
	}
	return a, false, err
}

// persist repeats a call that got no final answer.
func (s *submission) persist(ctx context.Context, body []byte, sha string) (answer, error) {
	for try := 0; ; try++ {
		a, err := s.client.submit(ctx, body, sha)
		if err == nil || try+1 >= s.tries {
			return a, err
		}
		timer := time.NewTimer(retryDelay(try, err, s.c.jitter()))
		select {
		case <-ctx.Done():
			timer.Stop()
			return answer{}, context.Cause(ctx)
		case <-timer.C:
		}
	}
}

// print writes the line of one row: FILE STATUS ID REFERENCE, and its faults
// on the error stream.
func (s *submission) print(row *submitRow, o *outcome) (accepted bool, err error) {
	if o.err != nil {
		s.c.complain(row.name + ": " + s.c.explain(o.err))
		return false, s.c.print("%s failed - -\n", row.name)
	}
	a := &o.answer
	word := "refused"
	if a.accepted() {
		word = "accepted"
	}
	for _, f := range append(a.Faults, a.Warnings...) {
		if _, err := fmt.Fprintf(s.c.err, "%s:%d:%d %s %s %s\n", row.name, f.Line, f.Column, f.Code, dash(f.Path), f.Message); err != nil {
			return false, fmt.Errorf("write faults: %w", err)
		}
	}
	if !a.accepted() && len(a.Faults) == 0 {
		s.c.complain(fmt.Sprintf("%s: %d %s %s", row.name, a.Status, a.Title, a.Detail))
	}
	return a.accepted(), s.c.print("%s %s %s %s\n", row.name, word, dash(a.ID), dash(a.Reference))
}

// dash keeps the columns of a line when a value is missing.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
