package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"kouan/declarations"
)

// submitCommand sends many declarations to a gateway, and goes on where it
// was stopped.
type submitCommand struct {
	mappingFlag `embed:""`

	URL         string   `name:"url" help:"cli.flag.url" required:"" placeholder:"URL"`
	Key         secret   `help:"cli.flag.key" placeholder:"KEY"`
	State       string   `help:"cli.flag.submit_state" placeholder:"FILE"`
	Refused     string   `help:"cli.flag.refused" placeholder:"FILE"`
	Concurrency int      `help:"cli.flag.concurrency" default:"8"`
	Tries       int      `help:"cli.flag.tries" default:"10"`
	Files       []string `arg:"" name:"file" help:"cli.arg.files"`
}

// outcome of one row.
type outcome struct {
	row    *submitRow
	answer answer
	before bool  // accepted by an earlier run
	err    error // no final answer came
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
	mapping, err := cmd.saved()
	if err != nil {
		return err
	}
	rows, err := c.submitRows(cmd.Files, mapping)
	if err != nil {
		c.complain(c.explain(err))
		return &usageError{key: "cli.error.unread"}
	}
	state, err := openSubmitState(cmd.stateFile(), client.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, state.close()) }()
	run := &submission{c: c, client: client, state: state, tries: cmd.Tries, rows: rows}
	return run.withRefused(cmd.Refused, func() error { return run.all(ctx, min(cmd.Concurrency, 64)) })
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
	c       *console
	client  *apiClient
	state   *submitState
	tries   int
	rows    iter.Seq2[submitRow, error]
	refused *refusedFile // nil: nobody wants them
	counts  struct{ accepted, refused, before int }
}

// all sends rows with so many at once and prints their outcomes in the order
// of the files. A wrong key stops everything: it would refuse every row.
func (s *submission) all(ctx context.Context, workers int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Each row has a place in line for its outcome; the length of the line is
	// how many are at work.
	line := make(chan chan outcome, workers)
	var running sync.WaitGroup
	running.Go(func() { s.begin(ctx, stop, line, &running) })
	defer running.Wait()
	bar := s.c.progress("cli.submit.progress")
	done := int64(0)
	for place := range line {
		o := <-place
		if err := context.Cause(ctx); err != nil && errors.Is(o.err, err) {
			return err // told once, not for every row that was left
		}
		if err := s.tell(&o); err != nil {
			stop(err)
			return err
		}
		done++
		bar.of(done, done+int64(len(line)))
	}
	if err := context.Cause(ctx); err != nil {
		return err // rows were left without a place
	}
	if err := bar.end(); err != nil {
		return err
	}
	if s.counts.before > 0 {
		s.c.complain(s.c.words.text("cli.submit.before", arguments{"count": strconv.Itoa(s.counts.before)}))
	}
	total := s.counts.accepted + s.counts.refused
	err := s.c.say("cli.submit.summary", arguments{"accepted": strconv.Itoa(s.counts.accepted), "refused": strconv.Itoa(s.counts.refused), "total": strconv.Itoa(total)})
	if err == nil && s.counts.refused > 0 {
		return faultyError{}
	}
	return err
}

// begin gives each row a place in line and somebody who sends it.
func (s *submission) begin(ctx context.Context, stop context.CancelCauseFunc, line chan<- chan outcome, running *sync.WaitGroup) {
	defer close(line)
	for row, err := range s.rows {
		place := make(chan outcome, 1)
		select {
		case line <- place:
		case <-ctx.Done():
			return
		}
		if err != nil {
			place <- outcome{row: &row, err: err}
			continue
		}
		running.Go(func() {
			o := outcome{row: &row}
			o.answer, o.before, o.err = s.send(ctx, &row)
			if o.answer.Status == http.StatusUnauthorized || o.answer.Status == http.StatusForbidden {
				stop(&toldError{key: "cli.submit.stopped", args: arguments{"reason": o.answer.Title}})
				o.err = context.Cause(ctx)
			}
			place <- o
		})
	}
}

// tell prints one outcome, counts it and keeps what was refused.
func (s *submission) tell(o *outcome) error {
	if o.err == nil && o.answer.Results != nil {
		return s.tellMany(o)
	}
	ok, err := s.print(o.row, o)
	if err != nil {
		return err
	}
	if !ok {
		s.counts.refused++
		return s.refused.add(o)
	}
	s.counts.accepted++
	if o.before {
		s.counts.before++
	}
	return nil
}

// send brings one row to a final answer and, when accepted, into the state file.
func (s *submission) send(ctx context.Context, row *submitRow) (answer, bool, error) {
	if err := context.Cause(ctx); err != nil {
		return answer{}, false, err
	}
	if row.sheet != nil && declarations.Rejected(row.sheet.Faults) {
		return row.refusal(s.c.words), false, nil
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
	row.placed(&a)
	if err == nil && a.accepted() && a.Refused == 0 {
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
	if err := s.printFaults(row.place(), append(a.Faults, a.Warnings...)); err != nil {
		return false, err
	}
	if !a.accepted() && len(a.Faults) == 0 {
		s.c.complain(fmt.Sprintf("%s: %d %s %s", row.name, a.Status, a.Title, a.Detail))
	}
	return a.accepted(), s.c.print("%s %s %s %s\n", row.name, word, dash(a.ID), dash(a.Reference))
}

func (s *submission) printFaults(name string, faults []answerFault) error {
	for _, f := range faults {
		if _, err := fmt.Fprintf(s.c.err, "%s:%d:%d %s %s %s\n", name, f.Line, f.Column, f.Code, dash(f.Path), f.Message); err != nil {
			return fmt.Errorf("write faults: %w", err)
		}
	}
	return nil
}

// dash keeps the columns of a line when a value is missing.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
