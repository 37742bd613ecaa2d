package edifact

import (
	"maps"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Level says who judges: the syntax is answered by CONTRL, the content by APERAK.
type Level string

// The two levels of findings.
const (
	Syntax   Level = "syntax"
	Business Level = "business"
)

// Finding is one thing wrong, and where: the octet in what was read, the
// segment (UNH = 1, 0 outside messages), the element after the tag and the
// component, both from 1; 0 means the whole segment or element.
type Finding struct {
	Code       string // EDI-1nnn
	Error      int    // 0085; 0: nothing that CONTRL reports
	Level      Level
	Severity   declarations.Severity
	Quarantine bool // readable, but a person must look before anything is done
	Offset     int64
	Segment    int
	Tag        string
	Element    int
	Repetition int // 0 or 1: the first
	Component  int
	Args       map[string]string
}

// Fault is the finding for people. Its path is segment/TAG/element:component
// behind the reference of the message.
func (f *Finding) Fault(message string) declarations.Fault {
	path := message
	add := func(s string) {
		if path != "" {
			path += "/"
		}
		path += s
	}
	if f.Segment > 0 {
		add(strconv.Itoa(f.Segment))
	}
	if f.Tag != "" {
		add(shown(f.Tag))
	}
	if f.Element > 0 {
		at := strconv.Itoa(f.Element)
		if f.Component > 0 {
			at += ":" + strconv.Itoa(f.Component)
		}
		add(at)
	}
	args := maps.Clone(f.Args)
	if args == nil {
		args = map[string]string{}
	}
	args["octet"] = strconv.FormatInt(f.Offset, 10)
	return declarations.Fault{Code: f.Code, Severity: f.Severity, Path: path, Args: args}
}

// Faults are all findings of an interchange for people, in the order of the
// text; with the text that was read they have line and column.
func (ic *Interchange) Faults(text string) []declarations.Fault {
	var out []declarations.Fault
	cursor := strictxml.NewCursor(text)
	add := func(fs []Finding, message string) {
		for i := range fs {
			f := fs[i].Fault(message)
			if text != "" {
				f.Line, f.Column = cursor.Place(int(fs[i].Offset))
			}
			out = append(out, f)
		}
	}
	add(ic.Findings, "")
	for _, m := range ic.Messages {
		add(m.Findings, shown(m.Reference))
	}
	return out
}

// Findings of one severity that one message or envelope may have: more say
// nothing new, and a hostile sender must not be able to ask for a million.
const maxFindings = 200

// judged is what the findings come to, those beyond the bound included.
type judged struct {
	rejects, warns int
	quarantined    bool
	refused        bool // by its content
	doubted        bool // by its content
}

// add keeps a finding and counts it. What the mode does not mind is dropped.
func (j *judged) add(list *[]Finding, f Finding) {
	switch {
	case f.Severity == declarations.Off:
		return
	case f.Level == Business && f.Severity == declarations.Reject:
		j.refused = true
	case f.Level == Business:
		j.doubted = true
	case f.Severity == declarations.Reject:
		j.rejects++
	default:
		j.warns++
	}
	j.quarantined = j.quarantined || f.Quarantine
	if len(*list) < maxFindings || f.Severity == declarations.Reject && len(*list) < 2*maxFindings {
		*list = append(*list, f)
	}
}

// shown bounds what is repeated of a sender's own octets.
func shown(s string) string {
	const most = 60
	out := make([]rune, 0, most)
	for _, r := range s {
		if len(out) == most {
			return string(out) + "…"
		}
		if r < ' ' || r == 0x7f {
			r = '\uFFFD'
		}
		out = append(out, r)
	}
	return string(out)
}
