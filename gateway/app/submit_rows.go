package app

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// submitRow is one declaration to send: a file, or one line of a .jsonl file.
type submitRow struct {
	name string // FILE or FILE:LINE
	load func() ([]byte, error)
}

// submitRows lists what files hold. Bodies are read when their turn comes, so
// that memory does not grow with the number of rows; lines are remembered by
// where they stand.
func (c *console) submitRows(files []string) ([]submitRow, error) {
	var rows []submitRow
	for _, file := range files {
		if !isLines(file) {
			if _, err := os.Stat(file); err != nil {
				return nil, err
			}
			rows = append(rows, submitRow{file, func() ([]byte, error) { return c.readDocument(file) }})
			continue
		}
		lines, err := lineRows(file)
		if err != nil {
			return nil, err
		}
		rows = append(rows, lines...)
	}
	return rows, nil
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
			rows = append(rows, submitRow{fmt.Sprintf("%s:%d", file, n), func() ([]byte, error) { return readSection(file, start, length) }})
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
