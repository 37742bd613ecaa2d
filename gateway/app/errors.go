package app

import (
	"context"
	"errors"
	"io/fs"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// arguments fill the placeholders of a text.
type arguments = map[string]string

// usageError is a command given in a way that cannot be run.
type usageError struct {
	key  string // of the text
	args arguments
}

func (e *usageError) Error() string { return e.key }

// faultyError ends a command whose findings were printed already.
type faultyError struct{}

func (faultyError) Error() string { return "faults were found" }

// toldError is a failure that has words of its own, with what to do next.
type toldError struct {
	key  string
	args arguments
	err  error // what happened, for those who unwrap
}

func (e *toldError) Error() string {
	if e.err != nil {
		return e.key + ": " + e.err.Error()
	}
	return e.key
}

// Unwrap returns what happened.
func (e *toldError) Unwrap() error { return e.err }

// explain finds words for an error that ends a command. What has none is
// shown as it is: the reader is an operator, not a trader.
func (c *console) explain(err error) string {
	var told *toldError
	var path *fs.PathError
	var endpoint *desk.EndpointError
	var edition *desk.FeeEditionError
	switch {
	case errors.As(err, &endpoint):
		return endpoint.Fault.Code + ": " + c.words.Fault(endpoint.Fault.Code, endpoint.Fault.Args)
	case errors.As(err, &edition):
		return edition.Fault.Code + ": " + c.words.Fault(edition.Fault.Code, edition.Fault.Args)
	case errors.As(err, &told):
		return c.words.text(told.key, told.args)
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &path):
		return c.words.text("cli.error.no_file", arguments{"file": path.Path})
	case errors.Is(err, context.Canceled):
		return c.words.text("cli.error.interrupted", nil)
	case errors.Is(err, store.ErrNotFound):
		return c.words.text("cli.error.not_found", arguments{"what": err.Error()})
	case errors.Is(err, store.ErrUnavailable):
		return c.words.text("cli.error.unavailable", arguments{"reason": err.Error()})
	}
	return err.Error()
}
