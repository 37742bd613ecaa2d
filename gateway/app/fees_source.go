package app

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// feeSource says by which rows a command answers: those of an edition that a
// gateway published, when its database is named by --db or KOUAN_DB, else the
// tables that the program carries. The two may differ, so that the user is
// told which it was.
type feeSource struct {
	Database `embed:""`
	Edition  int `help:"cli.flag.fee_edition" placeholder:"N"`
}

// feeAnswer is a catalogue with where it is from. Number is 0 for the tables
// that the program carries.
type feeAnswer struct {
	*tariffs.Catalogue
	Number    int
	Published time.Time
}

// catalogue reads it. Without an edition's number the one in force counts, as
// on the pages of the gateway.
func (f *feeSource) catalogue(ctx context.Context, c *console, common *Common) (*feeAnswer, error) {
	if f.Edition < 0 {
		return nil, &usageError{key: "cli.error.fee_edition", args: arguments{"number": strconv.Itoa(f.Edition)}}
	}
	if f.DB == "" && c.env["KOUAN_DB"] == "" && f.Edition == 0 {
		return &feeAnswer{Catalogue: tariffs.BuiltIn()}, nil
	}
	var out *feeAnswer
	err := f.with(ctx, c, common, func(s *store.Store) error {
		d := c.desk(s)
		e, err := d.FeeEdition(ctx) // the first start publishes the tables that the program carries
		if err == nil && f.Edition > 0 {
			e, err = d.FeeEditionNumber(ctx, f.Edition)
		}
		switch {
		case errors.Is(err, store.ErrNotFound):
			return &toldError{key: "cli.error.fee_edition", args: arguments{"number": strconv.Itoa(f.Edition)}}
		case err != nil:
			return fmt.Errorf("read the catalogue of port charges: %w", err)
		}
		out = answerOf(e)
		return nil
	})
	return out, err
}

func answerOf(e *desk.FeeEdition) *feeAnswer {
	return &feeAnswer{e.Catalogue, e.Number, e.PublishedAt}
}

// tellSource says, beside the answer, by which rows it was made: the answer
// itself may be read by a program.
func (c *console) tellSource(a *feeAnswer) error {
	text := c.words.text("cli.fees.built_in", nil)
	if a.Number > 0 {
		text = c.words.text("cli.fees.of_edition", arguments{"number": strconv.Itoa(a.Number), "day": string(tariffs.DayOf(a.Published))})
	}
	if _, err := fmt.Fprintln(c.err, text); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
