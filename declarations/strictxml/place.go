package strictxml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kouan/declarations"
)

// Cursor turns byte offsets of a text into line and column, both from 1, the
// column in characters. Offsets that grow cost one pass over the text in all.
type Cursor struct {
	src          string
	from         int // first byte that counts; a byte order mark does not
	at           int
	line, column int
}

// NewCursor begins at the start of src.
func NewCursor(src string) *Cursor { return &Cursor{src: src, line: 1, column: 1} }

// Place is the line and column of the byte at offset.
func (c *Cursor) Place(offset int) (line, column int) {
	if offset < c.at {
		c.at, c.line, c.column = c.from, 1, 1
	}
	from := min(c.at, len(c.src))
	passed := c.src[from:max(from, min(offset, len(c.src)))]
	c.at += len(passed)
	if n := strings.LastIndexByte(passed, '\n'); n >= 0 {
		c.line += strings.Count(passed[:n+1], "\n")
		c.column, passed = 1, passed[n+1:]
	}
	for i := range len(passed) {
		if utf8.RuneStart(passed[i]) {
			c.column++
		}
	}
	return c.line, c.column
}

func (r *reader) malformed(at int, args ...string) *declarations.Fault {
	return r.fault(at, codeMalformed, Args(args...))
}

func (r *reader) fault(at int, code string, args map[string]string) *declarations.Fault {
	line, column := r.pos.Place(at)
	return &declarations.Fault{Code: code, Severity: declarations.Reject, Path: r.path(), Line: line, Column: column, Args: args}
}

// path names the open elements; a repeated one is counted from 1.
func (r *reader) path() string {
	var b strings.Builder
	for i := range r.open {
		if i == 8 && len(r.open) > 16 {
			// A place 64 levels down helps nobody; the ends do.
			b.WriteString("/…")
		}
		if i >= 8 && i < len(r.open)-8 {
			continue
		}
		el := r.open[i].el
		b.WriteByte('/')
		b.WriteString(clip(el.Local))
		if i == 0 {
			continue
		}
		nth := 1
		for _, earlier := range r.closed[r.open[i-1].children:r.open[i].children] {
			if earlier.Local == el.Local {
				nth++
			}
		}
		if nth > 1 {
			b.WriteString("[" + strconv.Itoa(nth) + "]")
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}
