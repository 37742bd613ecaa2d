package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/conformance"
)

type conformanceCommand struct {
	Terminal conformanceTerminal `cmd:"" help:"cli.usage.conformance_terminal"`
}

// conformanceTerminal plays notices to the endpoint of a terminal's system.
type conformanceTerminal struct {
	URL    string `name:"url" help:"cli.flag.conformance_url" placeholder:"URL"`
	Secret secret `help:"cli.flag.conformance_secret" placeholder:"WHSEC"`
	Format string `help:"cli.flag.conformance_format" default:"json" placeholder:"FORMAT"`
	Name   string `name:"terminal" help:"cli.flag.conformance_terminal" default:"TEST" placeholder:"ID"`
	JSON   bool   `name:"json" help:"cli.flag.conformance_json"`

	Gateway string        `help:"cli.flag.conformance_gateway" placeholder:"URL"`
	Key     secret        `help:"cli.flag.conformance_key" placeholder:"KEY"`
	Within  time.Duration `help:"cli.flag.conformance_within" default:"2m"`
}

// gradeSigns stand before each line, so that nobody has to see colours.
var gradeSigns = map[conformance.Grade]string{
	conformance.Green: "✓", conformance.Yellow: "!", conformance.Red: "✗", conformance.Skipped: "·",
}

// Run prints one line a check as it ends, with what to do below it unless it
// is green: first those of the endpoint, then those of the answers, when a
// gateway is named. It exits 1 when a check is red.
func (cmd *conformanceTerminal) Run(ctx context.Context, c *console) error {
	if cmd.Secret == "" {
		cmd.Secret = secret(c.env["KOUAN_WEBHOOK_SECRET"])
	}
	if cmd.Key == "" {
		cmd.Key = secret(c.env["KOUAN_KEY"])
	}
	if cmd.URL == "" && cmd.Gateway == "" {
		return &usageError{key: "cli.error.conformance_nothing"}
	}
	counts := map[conformance.Grade]int{}
	tell := func(r conformance.Result) error {
		counts[r.Grade]++
		return cmd.show(c, &r)
	}
	for _, part := range []struct {
		address string
		play    func(context.Context, *console, *http.Transport, func(conformance.Result) error) error
	}{{cmd.URL, cmd.endpoint}, {cmd.Gateway, cmd.answers}} {
		if part.address == "" {
			continue
		}
		transport, err := namedHost(part.address)
		if err != nil {
			return err
		}
		err = part.play(ctx, c, transport, tell)
		transport.CloseIdleConnections()
		if err != nil {
			return err
		}
	}
	if !cmd.JSON {
		count := func(g conformance.Grade) string { return strconv.Itoa(counts[g]) }
		if err := c.say("cli.conformance.summary", arguments{"green": count(conformance.Green), "yellow": count(conformance.Yellow),
			"red": count(conformance.Red), "skipped": count(conformance.Skipped)}); err != nil {
			return err
		}
	}
	if counts[conformance.Red] > 0 {
		return faultyError{}
	}
	return nil
}

// namedHost reaches the host of an address, wherever it is: the person at the
// command line named it.
func namedHost(address string) (*http.Transport, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &usageError{key: "cli.error.url", args: arguments{"value": address}}
	}
	return portadapters.NewTransport(portadapters.Guard{Allow: []string{u.Host, u.Hostname()}}), nil
}

// endpoint plays notices to the terminal's own address.
func (cmd *conformanceTerminal) endpoint(ctx context.Context, c *console, transport *http.Transport, tell func(conformance.Result) error) error {
	err := conformance.Run(ctx, &conformance.Options{
		URL: cmd.URL, Secret: string(cmd.Secret), Format: cmd.Format, Terminal: cmd.Name, Transport: transport, Clock: c.clock, NewID: c.newID, Random: c.random,
	}, tell)
	switch {
	case errors.Is(err, conformance.ErrSecret):
		return &usageError{key: "cli.error.conformance_secret"}
	case errors.Is(err, conformance.ErrFormat):
		return &usageError{key: "cli.error.conformance_format", args: arguments{"value": cmd.Format, "known": strings.Join(conformance.Formats(), ", ")}}
	}
	return err
}

// answers orders a notice at a sandbox gateway and looks at what comes back.
func (cmd *conformanceTerminal) answers(ctx context.Context, c *console, transport *http.Transport, tell func(conformance.Result) error) error {
	if cmd.Key == "" {
		return &usageError{key: "cli.error.conformance_key"}
	}
	err := conformance.RunBusiness(ctx, &conformance.Business{
		Gateway: cmd.Gateway, Key: string(cmd.Key), Terminal: cmd.Name, Transport: transport, Clock: c.clock, NewID: c.newID, Within: cmd.Within,
	}, tell)
	if errors.Is(err, conformance.ErrOrder) {
		return &toldError{key: "cli.error.conformance_order", args: arguments{"reason": oneLine(err)}, err: err}
	}
	return err
}

// shownResult is a result with its words.
type shownResult struct {
	conformance.Result
	Millis int64  `json:"took_ms"`
	Text   string `json:"text"`
	Detail string `json:"detail"`
	ToDo   string `json:"todo,omitzero"`
}

func (cmd *conformanceTerminal) show(c *console, r *conformance.Result) error {
	s := shownResult{Result: *r, Millis: r.Took.Milliseconds(), Text: c.words.text("conformance.check."+r.Check, nil), Detail: c.words.text("conformance.found."+r.Found, r.Args)}
	if r.Grade == conformance.Yellow || r.Grade == conformance.Red {
		s.ToDo = c.words.text("conformance.todo."+r.Check, nil)
	}
	if cmd.JSON {
		line, err := json.Marshal(s, json.Deterministic(true))
		if err != nil {
			return fmt.Errorf("write %s as JSON: %w", r.Check, err)
		}
		return c.print("%s\n", line)
	}
	if err := c.print("%s %-9s %-18s %s — %s\n", gradeSigns[r.Grade], c.words.text("conformance.grade."+string(r.Grade), nil), r.Check, s.Text, s.Detail); err != nil {
		return err
	}
	if s.ToDo == "" {
		return nil
	}
	return c.print("    → %s\n", s.ToDo)
}
