package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

// tally collects what became of the rows of a file: the answer, and the
// refused rows on the disk until they are kept.
type tally struct {
	words  i18n.Printer
	answer Upload
	listed int // faults in the answer
	format intake.Format
	file   *os.File
	bad    *intake.RefusedWriter
	any    bool
	// document are the faults of what is no declaration: a workbook that is
	// encrypted, a header without the reference, JSON that is none.
	document []declarations.Fault
}

// begin opens the file of refused rows, in the format that came.
func (t *tally) begin(format intake.Format) error {
	t.format = intake.CSV
	if format == intake.XLSX || format == intake.JSON {
		t.format = format
	}
	f, err := os.CreateTemp("", "kouan-refused-*")
	if err != nil {
		return err
	}
	t.file = f
	t.bad, err = intake.NewRefusedWriter(f, t.format)
	if err != nil {
		return errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return nil
}

// add hears of one row.
func (t *tally) add(row *desk.BulkRow) error {
	out := UploadResult{Line: row.Row.Line, Status: "accepted", ID: row.Accepted.ID, Reference: row.Row.Declaration.Header.ClientReference}
	if out.ID == "" && row.Row.Source == nil && row.Row.Raw == nil {
		t.document = row.Faults
	}
	if out.ID == "" {
		out.Status = "refused"
		t.answer.Refused++
		written, err := t.bad.Add(row.Row, row.Faults, func(f *declarations.Fault) string { return t.words.Fault(f.Code, f.Args) })
		if err != nil {
			return errors.Join(store.ErrUnavailable, err)
		}
		t.any = t.any || written
	} else {
		t.answer.Accepted++
	}
	listed := row.Faults[:min(len(row.Faults), maxRowFaults, maxFileFaults-t.listed)]
	t.listed += len(listed)
	out.More = len(row.Faults) - len(listed)
	if out.Faults = faultsIn(t.words, listed); out.Faults == nil {
		out.Faults = []Fault{}
	}
	t.answer.Results = append(t.answer.Results, out)
	return nil
}

// parts is the file of refused rows; empty when no refused row came from a table.
func (t *tally) parts() ([][]byte, error) {
	if !t.any {
		return nil, nil
	}
	if err := t.bad.Close(); err != nil {
		return nil, err
	}
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var parts [][]byte
	for {
		part := make([]byte, store.UploadPart)
		n, err := io.ReadFull(t.file, part)
		if n > 0 {
			parts = append(parts, part[:n])
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (t *tally) discard(ctx context.Context, s *server) {
	if err := errors.Join(t.file.Close(), os.Remove(t.file.Name())); err != nil {
		s.Logger.WarnContext(ctx, "spooled rows were not removed", "error", err)
	}
}

// limited ends a file behind so many declarations, and says so.
func limited(rows iter.Seq2[intake.Row, error]) iter.Seq2[intake.Row, error] {
	return func(yield func(intake.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if n++; n > maxRows {
				row.Faults = []declarations.Fault{{Code: declarations.CodeTooLarge, Severity: declarations.Reject, Line: row.Line,
					Args: map[string]string{"unit": "rows", "limit": strconv.Itoa(maxRows)}}}
				yield(row, err)
				return
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
