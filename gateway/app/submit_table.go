package app

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/declarations/intake"
)

// isTable reports a file that is read here row by row; what other programs
// call a workbook is, too, to be refused by name.
func isTable(file string) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb":
		return true
	}
	return false
}

// tableRows reads a table as its rows are wanted. Each declaration goes as
// canonical JSON, so that it is the same content however the table looks.
func tableRows(file string, mapping map[string]string) iter.Seq2[submitRow, error] {
	return func(yield func(submitRow, error) bool) {
		for row, err := range fileRows(file, mapping) {
			out := submitRow{name: file + ":" + strconv.Itoa(row.Line), file: file, sheet: &row,
				load: func() ([]byte, error) { return intake.Marshal(&row.Declaration) }}
			if err != nil {
				out = submitRow{name: file}
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// fileRows is a table as its rows are wanted.
func fileRows(file string, mapping map[string]string) iter.Seq2[intake.Row, error] {
	return func(yield func(intake.Row, error) bool) {
		f, err := os.Open(file)
		if err != nil {
			yield(intake.Row{}, err)
			return
		}
		wanted := yieldRows(f, file, mapping, yield)
		if err := f.Close(); err != nil && wanted {
			yield(intake.Row{}, fmt.Errorf("read %s: %w", file, err))
		}
	}
}

// yieldRows reports whether more is wanted.
func yieldRows(f *os.File, file string, mapping map[string]string, yield func(intake.Row, error) bool) bool {
	info, err := f.Stat()
	if err != nil {
		return yield(intake.Row{}, err)
	}
	for row, err := range intake.Stream(f, info.Size(), tableFormat(file, f, info.Size()), intake.Options{Mapping: mapping}) {
		if !yield(row, err) {
			return false
		}
	}
	return true
}

func tableFormat(file string, r io.ReaderAt, size int64) intake.Format {
	if format := intake.Sniff(r, size, ""); format != "" {
		return format
	}
	if ext := strings.ToLower(filepath.Ext(file)); ext == ".csv" || ext == ".tsv" {
		return intake.CSV
	}
	return intake.XLSX
}

// place is what stands before the place of a fault: a table counts its own rows.
func (r *submitRow) place() string {
	if r.sheet != nil {
		return r.file
	}
	return r.name
}

// refusal is the answer to a row that cannot be sent: its own faults.
func (r *submitRow) refusal(w words) answer {
	a := answer{Status: 422, Reference: r.sheet.Declaration.Header.ClientReference}
	for i := range r.sheet.Faults {
		f := &r.sheet.Faults[i]
		a.Faults = append(a.Faults, answerFault{Code: f.Code, Severity: string(f.Severity), Path: f.Path, Line: f.Line, Column: f.Column, Message: w.Fault(f.Code, f.Args)})
	}
	return a
}

// placed translates the places of an answer into those of the table, and adds
// what the reading of the row had to say.
func (r *submitRow) placed(a *answer) {
	if r.sheet == nil {
		return
	}
	for _, faults := range [][]answerFault{a.Faults, a.Warnings} {
		for i := range faults {
			f := &faults[i]
			f.Path, f.Line, f.Column = r.sheet.Locate(f.Path)
		}
	}
	if a.Reference == "" {
		a.Reference = r.sheet.Declaration.Header.ClientReference
	}
}

// tellMany prints the results of a file that the gateway took apart.
func (s *submission) tellMany(o *outcome) error {
	for _, r := range o.answer.Results {
		name := o.row.name + ":" + strconv.Itoa(r.Line)
		if r.Status == "accepted" {
			s.counts.accepted++
		} else {
			s.counts.refused++
		}
		if err := s.printFaults(o.row.name, r.Faults); err != nil {
			return err
		}
		if err := s.c.print("%s %s %s %s\n", name, r.Status, dash(r.ID), dash(r.Reference)); err != nil {
			return err
		}
	}
	return nil
}

// refusedFile collects the rows that were not accepted.
type refusedFile struct {
	w     *intake.RefusedWriter
	count int
}

// withRefused runs send and writes the rows that it refuses to a file, when
// one is wanted; without a refused row there is none.
func (s *submission) withRefused(path string, send func() error) error {
	if path == "" {
		return send()
	}
	format := intake.CSV
	if strings.EqualFold(filepath.Ext(path), ".xlsx") {
		format = intake.XLSX
	}
	var sent error
	err := writeFile(path, 0o644, func(out io.Writer) (err error) {
		w, err := intake.NewRefusedWriter(out, format)
		if err != nil {
			return err
		}
		s.refused = &refusedFile{w: w}
		sent = send()
		return w.Close()
	})
	if err != nil {
		return errors.Join(sent, err)
	}
	if s.refused.count == 0 {
		return errors.Join(sent, removeIfThere(path))
	}
	s.c.complain(s.c.words.text("cli.submit.refused", arguments{"file": path, "count": strconv.Itoa(s.refused.count)}))
	return sent
}

// add keeps a row that was refused, or that got no answer.
func (f *refusedFile) add(o *outcome) error {
	if f == nil || o.row.sheet == nil {
		return nil
	}
	faults := make([]declarations.Fault, 0, len(o.answer.Faults))
	for _, a := range o.answer.Faults {
		faults = append(faults, declarations.Fault{Code: a.Code, Severity: declarations.Severity(a.Severity), Path: a.Path, Args: map[string]string{"text": a.Message}})
	}
	if len(faults) == 0 && o.answer.Title != "" {
		faults = append(faults, declarations.Fault{Severity: declarations.Reject, Args: map[string]string{"text": o.answer.Title + " " + o.answer.Detail}})
	}
	written, err := f.w.Add(o.row.sheet, faults, func(f *declarations.Fault) string { return f.Args["text"] })
	if written {
		f.count++
	}
	return err
}

// mappingFlag stands on every command that reads tables.
type mappingFlag struct {
	Mapping string `help:"cli.flag.mapping" placeholder:"FILE"`
}

// saved reads a saved mapping of columns; none without a name.
func (f mappingFlag) saved() (map[string]string, error) {
	file := f.Mapping
	if file == "" {
		return nil, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read mapping: %w", err)
	}
	mapping := map[string]string{}
	if err := json.Unmarshal(body, &mapping); err != nil {
		return nil, &usageError{key: "cli.error.mapping", args: arguments{"file": file, "reason": oneLine(err)}}
	}
	return mapping, nil
}
