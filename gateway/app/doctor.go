package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"

	"kouan/gateway/store"
)

// doctorCommand checks every invariant and changes nothing.
type doctorCommand struct {
	Database `embed:""`
	JSON     bool `name:"json" help:"cli.flag.doctor_json"`
	All      bool `help:"cli.flag.doctor_all"`
}

// examination is what doctor --json prints.
type examination struct {
	OK        bool             `json:"ok"`
	Findings  []foundProblem   `json:"findings"`
	Ledger    map[string]int64 `json:"ledger"`
	Channels  []channelState   `json:"channels"`
	Unmatched int              `json:"unmatched_receipts"` // at most 500 are counted
}

type foundProblem struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	Subject string `json:"subject"`
}

// channelState is how much of one state waits for one receiver.
type channelState struct {
	Receiver string `json:"receiver"`
	State    string `json:"state"`
	Count    int64  `json:"count"`
	Oldest   string `json:"oldest"` // RFC 3339
}

// Run exits 1 when an invariant is broken. A channel that is down breaks
// none: it shows as the age of its oldest waiting message.
func (cmd *doctorCommand) Run(ctx context.Context, c *console, common *Common) error {
	return cmd.with(ctx, c, common, func(s *store.Store) error {
		e, err := cmd.examine(ctx, c, s)
		if err != nil {
			return err
		}
		if cmd.JSON {
			line, err := json.Marshal(e, json.Deterministic(true))
			if err != nil {
				return fmt.Errorf("write findings: %w", err)
			}
			err = c.print("%s\n", line)
			return errors.Join(err, e.verdict())
		}
		return errors.Join(c.printExamination(e), e.verdict())
	})
}

func (e *examination) verdict() error {
	if e.OK {
		return nil
	}
	return faultyError{}
}

func (cmd *doctorCommand) examine(ctx context.Context, c *console, s *store.Store) (*examination, error) {
	findings, err := cmd.invariants(ctx, c, s)
	if err != nil {
		return nil, err
	}
	statuses, err := wrongStatuses(ctx, s)
	if err != nil {
		return nil, err
	}
	e := &examination{Findings: []foundProblem{}, Channels: []channelState{}}
	for _, f := range append(findings, statuses...) {
		e.Findings = append(e.Findings, foundProblem(f))
	}
	e.OK = len(e.Findings) == 0
	backlog, err := s.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range backlog {
		e.Channels = append(e.Channels, channelState{b.Receiver, b.State, b.Count, instant(b.OldestAt)})
	}
	l, err := s.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	e.Ledger = map[string]int64{"accepted": l.Accepted, "waiting": l.Waiting, "sending": l.Sending,
		"delivered": l.Delivered, "dead": l.Dead, "cancelled": l.Cancelled, "difference": l.Difference()}
	unmatched, err := s.UnmatchedReceipts(ctx, store.UnmatchedFilter{Limit: 500})
	e.Unmatched = len(unmatched)
	return e, err
}

func (cmd *doctorCommand) invariants(ctx context.Context, c *console, s *store.Store) ([]store.Finding, error) {
	if !cmd.All {
		return s.Doctor(ctx)
	}
	bar := c.progress("cli.doctor.progress")
	findings, err := s.DoctorAll(ctx, func(done int64) { bar.of(done, -1) })
	return findings, errors.Join(err, bar.end())
}

func (c *console) printExamination(e *examination) error {
	for _, f := range e.Findings {
		if err := c.print("%s: %s: %s\n", f.Code, f.Text, f.Subject); err != nil {
			return err
		}
	}
	for _, ch := range e.Channels {
		if err := c.say("cli.doctor.channel", arguments{"receiver": ch.Receiver, "state": ch.State,
			"count": strconv.FormatInt(ch.Count, 10), "oldest": ch.Oldest}); err != nil {
			return err
		}
	}
	if err := c.say("cli.doctor.ledger", arguments{"accepted": strconv.FormatInt(e.Ledger["accepted"], 10),
		"waiting": strconv.FormatInt(e.Ledger["waiting"], 10), "sending": strconv.FormatInt(e.Ledger["sending"], 10),
		"delivered": strconv.FormatInt(e.Ledger["delivered"], 10), "dead": strconv.FormatInt(e.Ledger["dead"], 10),
		"cancelled": strconv.FormatInt(e.Ledger["cancelled"], 10), "unmatched": strconv.Itoa(e.Unmatched)}); err != nil {
		return err
	}
	if e.OK {
		return c.say("cli.doctor.ok", nil)
	}
	return c.say("cli.doctor.broken", arguments{"count": strconv.Itoa(len(e.Findings))})
}
