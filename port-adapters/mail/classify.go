package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	portadapters "kouan/port-adapters"
)

// Codes with a meaning of their own (RFC 5321 section 4.2, RFC 3463).
const (
	codeExceeded    = 552      // storage exceeded: the letter is too large, or a mailbox is full
	enhancedFull    = "5.2.2 " // the mailbox is full
	codeTooManyOnce = 452
)

// answered tells an answer of the server from a connection that failed.
func answered(err error) bool {
	var said *textproto.Error
	return errors.As(err, &said)
}

// permanent tells whether the same letter would get the same answer: 5xx. A
// full mailbox is emptied some day.
func permanent(err error) bool {
	var said *textproto.Error
	if !errors.As(err, &said) {
		return false
	}
	return said.Code >= 500 && !(said.Code == codeExceeded && strings.HasPrefix(said.Msg, enhancedFull))
}

// roomLater reads 552 to a recipient as 452: some servers say so when one
// letter has too many recipients or a mailbox is full (RFC 5321 section 4.5.3.1.10).
func roomLater(err error) error {
	var said *textproto.Error
	if errors.As(err, &said) && said.Code == codeExceeded {
		return &textproto.Error{Code: codeTooManyOnce, Msg: said.Msg}
	}
	return err
}

// softest is what to do when every recipient is refused: wait, if one of them
// may be taken later.
func softest(faults []error) error {
	for _, err := range faults {
		if !permanent(err) {
			return err
		}
	}
	return faults[0]
}

// told makes a failure fit for a delivery: with the reason that ended the
// call, with the server's words cut short, and permanent where its answer is.
func told(ctx context.Context, err error) error {
	short := portadapters.Shortened(err)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), short)
	case errors.Is(err, portadapters.ErrPermanent):
		return short
	case errors.Is(err, portadapters.ErrGuarded), permanent(err):
		return fmt.Errorf("%w: %w", portadapters.ErrPermanent, short)
	}
	return short
}
