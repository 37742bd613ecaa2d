package app

import (
	"bytes"
	"slices"
	"strconv"

	"kouan/declarations"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/edifact/describe"
)

// edifactCommand looks at the messages of ports and carriers. It needs no
// server and no database, and changes nothing.
type edifactCommand struct {
	Describe edifactDescribe `cmd:"" help:"cli.usage.edifact_describe"`
	Check    edifactCheck    `cmd:"" help:"cli.usage.edifact_check"`
}

// edifactReading says how interchanges are read.
type edifactReading struct {
	Tolerant bool   `help:"cli.flag.edifact_tolerant"`
	Charset  string `help:"cli.flag.edifact_charset" placeholder:"NAME"`
}

func (r *edifactReading) options(strict bool) (edifact.Options, error) {
	if r.Charset != "" && !edifact.KnownCharset(r.Charset) {
		return edifact.Options{}, &usageError{key: "cli.error.edifact_charset", args: arguments{"value": r.Charset}}
	}
	return edifact.Options{Strict: strict, Charset: r.Charset}, nil
}

// verdicts are those of the reader, from good to bad.
var verdicts = []edifact.Verdict{edifact.Accept, edifact.AcceptWithFindings, edifact.Quarantine, edifact.Reject}

// worst is the verdict of somebody whom syntax and content must both please.
func worst(all ...edifact.Verdict) edifact.Verdict {
	return slices.MaxFunc(all, func(a, b edifact.Verdict) int {
		return slices.Index(verdicts, a) - slices.Index(verdicts, b)
	})
}

// stands reports whether a program may act on what got this verdict.
func stands(v edifact.Verdict) bool {
	return v == edifact.Accept || v == edifact.AcceptWithFindings
}

// unreadable are the faults of a file in which no interchange can be looked
// for: there is nothing in it, or only a part of it was read.
func unreadable(body []byte) []declarations.Fault {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		nothing := edifact.Finding{Code: edifact.CodeNoHeader, Severity: declarations.Reject}
		return []declarations.Fault{nothing.Fault("")}
	case len(body) > maxDocument:
		return []declarations.Fault{{
			Code: declarations.CodeTooLarge, Severity: declarations.Reject,
			Args: map[string]string{"limit": strconv.Itoa(maxDocument), "unit": "bytes"},
		}}
	}
	return nil
}

// edifactDescribe puts the interchanges of one file into words.
type edifactDescribe struct {
	edifactReading `embed:""`
	File           string `arg:"" name:"file" help:"cli.arg.file_or_stdin"`
}

// Run shows everything, whatever is wrong with it, and exits 1 when some
// interchange does not stand.
func (cmd *edifactDescribe) Run(c *console) error {
	options, err := cmd.options(!cmd.Tolerant)
	if err != nil {
		return err
	}
	body, err := c.readDocument(cmd.File)
	if err != nil {
		return err
	}
	if faults := unreadable(body); faults != nil {
		if err := c.tellFaults(cmd.File, faults); err != nil {
			return err
		}
		return faultyError{}
	}
	all := edifact.Parse(body, options)
	if err := describe.Write(c.out, c.words.Printer, all); err != nil {
		return err
	}
	for _, ic := range all {
		if !stands(worst(ic.Verdict(), ic.Content())) {
			return faultyError{}
		}
	}
	return nil
}
