package app

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
	"kouan/port-adapters/edifact"
	"kouan/port-adapters/edifact/describe"
)

// edifactCheck says which messages a strict and a tolerant reader would take.
type edifactCheck struct {
	edifactReading `embed:""`
	JSON           bool     `name:"json" help:"cli.flag.check_json"`
	Files          []string `arg:"" name:"file" help:"cli.arg.files"`
}

// edifactFile is one line of edifact check --json.
type edifactFile struct {
	File         string               `json:"file"`
	OK           bool                 `json:"ok"`
	Faults       []shownFault         `json:"faults"` // of the file itself
	Interchanges []edifactInterchange `json:"interchanges"`
}

// edifactVerdicts are what both readers say. The faults are those of the
// reading that was asked for.
type edifactVerdicts struct {
	Strict   edifact.Verdict `json:"strict"`
	Tolerant edifact.Verdict `json:"tolerant"`
	Faults   []shownFault    `json:"faults"`
}

type edifactInterchange struct {
	Reference string `json:"reference"`
	Sender    string `json:"sender"`
	Recipient string `json:"recipient"`
	edifactVerdicts
	Messages []edifactMessage `json:"messages"`
}

type edifactMessage struct {
	Reference string `json:"reference"`
	Type      string `json:"type"`
	Edition   string `json:"edition"`
	edifactVerdicts
}

// Run exits 0 when every interchange stands in the reading that was asked
// for. A file that cannot be read does not stop the others and ends as wrong
// usage.
func (cmd *edifactCheck) Run(c *console) error {
	if _, err := cmd.options(true); err != nil {
		return err
	}
	grid := [][]string{{
		c.words.text("cli.edifact.file", nil), c.words.text("cli.edifact.message", nil), c.words.text("cli.edifact.strict", nil),
		c.words.text("cli.edifact.tolerant", nil), c.words.text("cli.edifact.first_fault", nil),
	}}
	faulty := 0
	var unread error
	for _, file := range cmd.Files {
		checked, err := cmd.check(c, file)
		if err != nil {
			c.complain(c.explain(err))
			unread = &usageError{key: "cli.error.unread"}
			continue
		}
		if !checked.OK {
			faulty++
		}
		if cmd.JSON {
			if err := c.printJSON(checked); err != nil {
				return err
			}
			continue
		}
		grid = append(grid, c.edifactRows(checked)...)
	}
	if err := cmd.conclude(c, grid, faulty); err != nil {
		return err
	}
	if faulty > 0 && unread == nil {
		return faultyError{}
	}
	return unread
}

func (cmd *edifactCheck) conclude(c *console, grid [][]string, faulty int) error {
	if cmd.JSON {
		return nil
	}
	if len(grid) > 1 {
		if err := c.printGrid(grid); err != nil {
			return err
		}
	}
	return c.say("cli.check.summary", arguments{"files": strconv.Itoa(len(cmd.Files)), "faulty": strconv.Itoa(faulty)})
}

func (cmd *edifactCheck) check(c *console, file string) (*edifactFile, error) {
	strictly, err := cmd.options(true)
	if err != nil {
		return nil, err
	}
	body, err := c.readDocument(file)
	if err != nil {
		return nil, err
	}
	checked := &edifactFile{File: file, OK: true, Faults: []shownFault{}, Interchanges: []edifactInterchange{}}
	for _, f := range unreadable(body) {
		checked.OK = false
		checked.Faults = append(checked.Faults, shownFault{f, c.words.Fault(f.Code, f.Args)})
	}
	if !checked.OK {
		return checked, nil
	}
	tolerantly := strictly
	tolerantly.Strict = false
	r := &edifactReport{c: c, tolerant: cmd.Tolerant, cursor: strictxml.NewCursor(string(body))}
	interchanges := pairUp(edifact.Parse(body, strictly), edifact.Parse(body, tolerantly), func(ic *edifact.Interchange) int64 { return ic.Offset })
	for _, both := range interchanges {
		shown := r.interchange(both)
		checked.OK = checked.OK && stands(r.asked(&shown.edifactVerdicts))
		checked.Interchanges = append(checked.Interchanges, shown)
	}
	return checked, nil
}

// twoReadings is the same thing as both readers have it; what one of them
// does not come to is nil there.
type twoReadings[T any] struct{ strict, tolerant *T }

// pairUp finds what begins at the same octet.
func pairUp[T any](strict, tolerant []*T, at func(*T) int64) []twoReadings[T] {
	pairs := make(map[int64]*twoReadings[T], len(strict))
	var order []int64
	pair := func(x *T) *twoReadings[T] {
		p := pairs[at(x)]
		if p == nil {
			p = &twoReadings[T]{}
			pairs[at(x)] = p
			order = append(order, at(x))
		}
		return p
	}
	for _, x := range strict {
		pair(x).strict = x
	}
	for _, x := range tolerant {
		pair(x).tolerant = x
	}
	slices.Sort(order)
	out := make([]twoReadings[T], 0, len(order))
	for _, o := range order {
		out = append(out, *pairs[o])
	}
	return out
}

// edifactReport puts what two readers found into one.
type edifactReport struct {
	c        *console
	tolerant bool // the reading that was asked for
	cursor   *strictxml.Cursor
}

func (r *edifactReport) asked(v *edifactVerdicts) edifact.Verdict {
	if r.tolerant {
		return v.Tolerant
	}
	return v.Strict
}

// chosen is the reading that was asked for, and the other when it has nothing.
func chosen[T any](both twoReadings[T], tolerant bool) *T {
	if tolerant {
		return cmp.Or(both.tolerant, both.strict)
	}
	return cmp.Or(both.strict, both.tolerant)
}

func (r *edifactReport) interchange(both twoReadings[edifact.Interchange]) edifactInterchange {
	ic := chosen(both, r.tolerant)
	shown := edifactInterchange{
		Reference: ic.Reference, Sender: ic.Sender.ID, Recipient: ic.Recipient.ID, Messages: []edifactMessage{},
		edifactVerdicts: edifactVerdicts{Strict: edifact.Reject, Tolerant: edifact.Reject, Faults: r.faults(ic.Findings, "")},
	}
	var strict, tolerant []*edifact.Message
	if both.strict != nil {
		shown.Strict, strict = worst(both.strict.Verdict(), both.strict.Content()), both.strict.Messages
	}
	if both.tolerant != nil {
		shown.Tolerant, tolerant = worst(both.tolerant.Verdict(), both.tolerant.Content()), both.tolerant.Messages
	}
	for _, m := range pairUp(strict, tolerant, func(m *edifact.Message) int64 { return m.Offset }) {
		shown.Messages = append(shown.Messages, r.message(m))
	}
	return shown
}

func (r *edifactReport) message(both twoReadings[edifact.Message]) edifactMessage {
	m := chosen(both, r.tolerant)
	shown := edifactMessage{
		Reference: m.Reference, Type: m.Type, Edition: m.Edition(),
		edifactVerdicts: edifactVerdicts{Strict: edifact.Reject, Tolerant: edifact.Reject, Faults: r.faults(m.Findings, m.Reference)},
	}
	if both.strict != nil {
		shown.Strict = worst(both.strict.Verdict(), both.strict.Content())
	}
	if both.tolerant != nil {
		shown.Tolerant = worst(both.tolerant.Verdict(), both.tolerant.Content())
	}
	return shown
}

func (r *edifactReport) faults(findings []edifact.Finding, message string) []shownFault {
	shown := make([]shownFault, 0, len(findings))
	for i := range findings {
		f := findings[i].Fault(message)
		f.Line, f.Column = r.cursor.Place(int(findings[i].Offset))
		shown = append(shown, shownFault{f, r.c.words.Fault(f.Code, f.Args)})
	}
	return shown
}

// edifactRows are a line for each message. The interchange has one of its own
// when there is something to say of it that no message says.
func (c *console) edifactRows(checked *edifactFile) [][]string {
	var rows [][]string
	row := func(message string, v *edifactVerdicts) {
		first := ""
		if len(v.Faults) > 0 {
			first = placeOf(&firstFault(v.Faults).Fault) + firstFault(v.Faults).Message
		}
		rows = append(rows, []string{
			checked.File, describe.Visible(message), c.words.text("cli.edifact."+string(v.Strict), nil),
			c.words.text("cli.edifact."+string(v.Tolerant), nil), describe.Visible(first),
		})
	}
	if len(checked.Faults) > 0 {
		row("-", &edifactVerdicts{Strict: edifact.Reject, Tolerant: edifact.Reject, Faults: checked.Faults})
	}
	for i := range checked.Interchanges {
		ic := &checked.Interchanges[i]
		if len(ic.Faults) > 0 || len(ic.Messages) == 0 {
			row(strings.TrimSpace("UNB "+ic.Reference), &ic.edifactVerdicts)
		}
		for j := range ic.Messages {
			m := &ic.Messages[j]
			row(strings.Join(strings.Fields(m.Reference+" "+m.Type+" "+m.Edition), " "), &m.edifactVerdicts)
		}
	}
	return rows
}

// firstFault is the first that refuses, else the first.
func firstFault(faults []shownFault) *shownFault {
	for i := range faults {
		if faults[i].Severity == declarations.Reject {
			return &faults[i]
		}
	}
	return &faults[0]
}

func placeOf(f *declarations.Fault) string {
	place := strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column) + " " + f.Code + " "
	if f.Path != "" {
		place += f.Path + " "
	}
	return place
}
