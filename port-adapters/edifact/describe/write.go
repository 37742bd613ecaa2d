package describe

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/i18n"
	"kouan/port-adapters/edifact"
)

// Write prints interchanges for a terminal.
func Write(w io.Writer, p i18n.Printer, all []*edifact.Interchange) error {
	for i, ic := range all {
		var text strings.Builder
		if i > 0 {
			text.WriteByte('\n')
		}
		for line := range Lines(p, ic) {
			show(&text, p, &line)
			if text.Len() < atOnce {
				continue
			}
			if err := flush(w, &text); err != nil {
				return err
			}
		}
		if err := flush(w, &text); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is how much text is kept before it is written.
const atOnce = 32 << 10

func flush(w io.Writer, text *strings.Builder) error {
	if _, err := io.WriteString(w, text.String()); err != nil {
		return fmt.Errorf("write a description: %w", err)
	}
	text.Reset()
	return nil
}

// margin is as wide as the number of a segment and the blank behind it.
const margin = 6

func show(out *strings.Builder, p i18n.Printer, line *Line) {
	if line.Tag != "" {
		number := ""
		if line.Number > 0 {
			number = strconv.Itoa(line.Number)
		}
		fmt.Fprintf(out, "%*s %s%s %s", margin-1, number, strings.Repeat("  ", line.Depth), line.Tag, line.Name)
		if line.Group > 0 {
			fmt.Fprintf(out, " [%s]", p.Text("edi.group", map[string]string{"number": strconv.Itoa(line.Group)}))
		}
		for i, part := range line.Parts {
			between := "; "
			if i == 0 {
				between = " - "
			}
			out.WriteString(between + part.Name + ": " + part.Value)
			if part.Words != "" {
				out.WriteString(" (" + part.Words + ")")
			}
		}
		out.WriteByte('\n')
	}
	for _, f := range line.Faults {
		mark := "!"
		if f.Severity != declarations.Reject {
			mark = "~"
		}
		at := ""
		if f.Element > 0 {
			at = " " + place(f.Element, f.Component)
		}
		fmt.Fprintf(out, "%*s%s %s%s - %s\n", margin, "", strings.Repeat("  ", line.Depth)+mark, f.Code, at, f.Words)
	}
}
