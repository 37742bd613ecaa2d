package app

import (
	"fmt"
	"io"
	"strconv"

	"kouan/declarations"
)

// faultLine is one finding in the form that editors and scripts read:
// FILE:LINE:COL CODE PATH text. A line and column of 0 mean that the finding
// has no place.
func (c *console) faultLine(file string, f *declarations.Fault) string {
	text := c.words.Fault(f.Code, f.Args)
	if f.Severity == declarations.Warn {
		text = c.words.text("cli.fault.warning", arguments{"text": text})
	}
	path := f.Path
	if path == "" {
		path = "-" // the columns of the line stay where they are
	}
	return file + ":" + strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column) + " " + f.Code + " " + path + " " + text
}

// tellFaults writes findings to the error stream, one per line.
func (c *console) tellFaults(file string, faults []declarations.Fault) error {
	for i := range faults {
		if _, err := io.WriteString(c.err, c.faultLine(file, &faults[i])+"\n"); err != nil {
			return fmt.Errorf("write faults: %w", err)
		}
	}
	return nil
}

// countFaults is how many findings refuse the document, and how many only warn.
func countFaults(faults []declarations.Fault) (rejects, warnings int) {
	for i := range faults {
		if faults[i].Severity == declarations.Reject {
			rejects++
		} else {
			warnings++
		}
	}
	return rejects, warnings
}
