package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/conformance"
)

type conformanceCommand struct {
	Terminal conformanceTerminal `cmd:"" help:"cli.usage.conformance_terminal"`
}

// conformanceTerminal plays notices to the endpoint of a terminal's system.
type conformanceTerminal struct {
	URL    string `name:"url" required:"" help:"cli.flag.conformance_url" placeholder:"URL"`
	Secret secret `help:"cli.flag.conformance_secret" placeholder:"WHSEC"`
	Format string `help:"cli.flag.conformance_format" default:"json" placeholder:"FORMAT"`
	Name   string `name:"terminal" help:"cli.flag.conformance_terminal" default:"TEST" placeholder:"ID"`
	JSON   bool   `name:"json" help:"cli.flag.conformance_json"`
}

// gradeSigns stand before each line, so that nobody has to see colours.
var gradeSigns = map[conformance.Grade]string{
	conformance.Green: "✓", conformance.Yellow: "!", conformance.Red: "✗", conformance.Skipped: "·",
}

// Run prints one line a check as it ends, with what to do below it unless it
// is green. It exits 1 when a check is red.
func (cmd *conformanceTerminal) Run(ctx context.Context, c *console) error {
	u, err := url.Parse(cmd.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return &usageError{key: "cli.error.url", args: arguments{"value": cmd.URL}}
	}
	if cmd.Secret == "" {
		cmd.Secret = secret(c.env["KOUAN_WEBHOOK_SECRET"])
	}
	// The person at the command line named the host, wherever it is.
	transport := portadapters.NewTransport(portadapters.Guard{Allow: []string{u.Host, u.Hostname()}})
	defer transport.CloseIdleConnections()
	counts := map[conformance.Grade]int{}
	err = conformance.Run(ctx, &conformance.Options{
		URL: cmd.URL, Secret: string(cmd.Secret), Format: cmd.Format, Terminal: cmd.Name, Transport: transport, Clock: c.clock, NewID: c.newID, Random: c.random,
	}, func(r conformance.Result) error {
		counts[r.Grade]++
		return cmd.show(c, &r)
	})
	switch {
	case errors.Is(err, conformance.ErrSecret):
		return &usageError{key: "cli.error.conformance_secret"}
	case errors.Is(err, conformance.ErrFormat):
		return &usageError{key: "cli.error.conformance_format", args: arguments{"value": cmd.Format, "known": strings.Join(conformance.Formats(), ", ")}}
	case err != nil:
		return err
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
	if err := c.print("%s %-9s %-17s %s — %s\n", gradeSigns[r.Grade], c.words.text("conformance.grade."+string(r.Grade), nil), r.Check, s.Text, s.Detail); err != nil {
		return err
	}
	if s.ToDo == "" {
		return nil
	}
	return c.print("    → %s\n", s.ToDo)
}
