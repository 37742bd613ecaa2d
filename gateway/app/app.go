// Package app is the program: its commands, its configuration, and the wiring
// of all other packages into one gateway.
//
// Contract: Main runs one command to its end and returns its exit code: 0
// done, 1 what was asked for is faulty or failed, 2 wrong usage. It reads
// nothing but its arguments: no global flag, no working directory besides the
// paths given, no environment but the one handed in, so tests run it beside
// each other. Keys and database passwords are never written to a log.
//
// It is the only package that knows all others. It holds no rule of the
// trade: what a command does to the database goes through desk or store, and
// words come from i18n.
package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// console is what a command gets from the outside: streams, environment,
// words, and the sources of time, randomness and ids.
type console struct {
	in       io.Reader
	out, err io.Writer
	env      map[string]string
	words    words
	clock    func() time.Time
	random   io.Reader
	newID    func() string
	jitter   func() float64 // in [0,1)
}

func newConsole(env []string, stdin io.Reader, stdout, stderr io.Writer) *console {
	c := &console{in: stdin, out: stdout, err: stderr, env: make(map[string]string, len(env)),
		clock: time.Now, random: rand.Reader, jitter: mathrand.Float64, newID: func() string { return uuid.Must(uuid.NewV7()).String() }}
	for _, pair := range env {
		if name, value, ok := strings.Cut(pair, "="); ok {
			c.env[name] = value
		}
	}
	return c
}

// Main runs the command in args and returns its exit code. env is a list of
// NAME=value. Cancelling ctx asks the command to stop in order.
func Main(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := newConsole(env, stdin, stdout, stderr)
	var err error
	if c.words, err = chooseWords(args, c.env); err != nil {
		return c.report(err)
	}
	var g grammar
	ended := false
	parser, err := c.parser(&g, func(int) { ended = true })
	if err != nil {
		return c.report(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if ended { // help was asked for and printed
		return exitDone
	}
	if err != nil {
		return c.report(&usageError{key: "cli.error.usage", args: arguments{"reason": err.Error()}})
	}
	command.BindTo(ctx, (*context.Context)(nil))
	return c.report(command.Run(c, &g.Common))
}

func (c *console) parser(g *grammar, exit func(int)) (*kong.Kong, error) {
	parser, err := kong.New(g, kong.Name("gateway"), kong.Description("cli.usage.program"),
		kong.Writers(c.out, c.err), kong.Exit(exit), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return nil, fmt.Errorf("command grammar: %w", err)
	}
	c.translate(parser.Model.Node)
	return parser, nil
}

// report prints what went wrong in the user's words and chooses the exit code.
func (c *console) report(err error) int {
	var faulty faultyError
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &faulty): // already told, line by line
		return exitFailed
	case errors.As(err, &usage):
		c.complain(c.words.text(usage.key, usage.args))
		return exitUsage
	}
	c.complain(c.explain(err))
	return exitFailed
}

// complain writes one line to the error stream. When that stream is gone
// there is nobody left to tell.
func (c *console) complain(line string) {
	fmt.Fprintf(c.err, "gateway: %s\n", line)
}

// say writes one translated line to the output.
func (c *console) say(key string, args arguments) error {
	return c.print("%s\n", c.words.text(key, args))
}

// print writes to the output; a reader that went away is an error, so that a
// half-written listing does not end with success.
func (c *console) print(format string, args ...any) error {
	if _, err := fmt.Fprintf(c.out, format, args...); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
