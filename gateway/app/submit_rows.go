package app

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"kouan/declarations/intake"
)

// submitRow is one declaration to send: a file, one line of a .jsonl file, or
// the rows of a table.
type submitRow struct {
	name  string // FILE or FILE:LINE
	load  func() ([]byte, error)
	file  string      // of a table
	sheet *intake.Row // likewise
}

// submitRows lists what files hold. Bodies are read when their turn comes, so
// that memory does not grow with the number of rows; lines are remembered by
// where they stand, tables are read as they are sent. Files that are not there
// are found before anything is sent.
func (c *console) submitRows(files []string, mapping map[string]string) (iter.Seq2[submitRow, error], error) {
	var parts []iter.Seq2[submitRow, error]
	for _, file := range files {
		_, err := os.Stat(file)
		switch {
		case file == "-":
		case err != nil:
			return nil, err
		case isTable(file):
			parts = append(parts, tableRows(file, mapping))
			continue
		case isLines(file):
			lines, err := lineRows(file)
			if err != nil {
				return nil, err
			}
			parts = append(parts, each(lines))
			continue
		}
		parts = append(parts, each([]submitRow{{name: file, load: func() ([]byte, error) { return c.readDocument(file) }}}))
	}
	return func(yield func(submitRow, error) bool) {
		for _, part := range parts {
			for row, err := range part {
				if !yield(row, err) {
					return
				}
			}
		}
	}, nil
}

func each(rows []submitRow) iter.Seq2[submitRow, error] {
	return func(yield func(submitRow, error) bool) {
		for i := range rows {
			if !yield(rows[i], nil) {
				return
			}
		}
	}
}

func isLines(file string) bool {
	return strings.HasSuffix(file, ".jsonl") || strings.HasSuffix(file, ".ndjson")
}

func lineRows(file string) (rows []submitRow, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := bufio.NewReaderSize(f, 1<<20)
	at := int64(0)
	for n := 1; ; n++ {
		length, blank, err := skipLine(r)
		if length > 0 && !blank {
			start := at
			rows = append(rows, submitRow{name: fmt.Sprintf("%s:%d", file, n), load: func() ([]byte, error) { return readSection(file, start, length) }})
		}
		at += length
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
	}
}

// skipLine passes over one line and tells its length with its end.
func skipLine(r *bufio.Reader) (length int64, blank bool, err error) {
	blank = true
	for {
		part, err := r.ReadSlice('\n')
		length += int64(len(part))
		blank = blank && len(bytes.TrimSpace(part)) == 0
		if !errors.Is(err, bufio.ErrBufferFull) {
			return length, blank, err
		}
	}
}

func readSection(file string, at, length int64) (body []byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	body, err = readBounded(io.NewSectionReader(f, at, length), file)
	return bytes.TrimSpace(body), err
}
