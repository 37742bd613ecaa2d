package edifact

import (
	"slices"
	"strconv"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// Functions of a message (1225).
const (
	functionCancel    = "1"
	functionReplace   = "5"
	functionDuplicate = "7" // the same again: a reminder
	functionOriginal  = "9"
)

// Letter writes what a terminal is told about a notice as COHAOR D.00B, and
// beside it COSTOR D.00B when goods are to be unpacked (edifact.md 4, 5.1,
// 5.2). With a reject among the faults there are no octets: the letter has no
// form here, or what would leave is not what a strict reader takes.
func (p *Profile) Letter(l *inspection.Letter) ([]byte, []declarations.Fault) {
	w := &letterWriter{p: p, l: l, n: l.Notice}
	function, ok := functionOf(l.Type)
	if !ok || l.Notice == nil {
		return nil, []declarations.Fault{{Code: CodeNoForm, Severity: reject, Args: map[string]string{"type": l.Type}}}
	}
	o := w.interchange()
	boxes := w.boxes()
	o.Messages = append(o.Messages, w.order(function, boxes))
	if unpack := unpacked(l.Type, boxes); len(unpack) > 0 {
		o.Messages = append(o.Messages, w.unpacking(unpack))
	}
	if declarations.Rejected(w.faults) {
		return nil, w.faults
	}
	data, refused := Write(o)
	for i := range refused {
		w.faults = append(w.faults, refused[i].Fault(""))
	}
	if len(refused) > 0 {
		return nil, w.faults
	}
	for _, ic := range Parse(data, Options{Strict: true, Charset: p.Charset}) {
		if ic.Verdict() == Reject || ic.Content() == Reject { // never sent: it would come back
			return nil, append(w.faults, ic.Faults("")...)
		}
	}
	return data, w.faults
}

func functionOf(letter string) (string, bool) {
	switch letter {
	case inspection.LetterIssued:
		return functionOriginal, true
	case inspection.LetterChanged, inspection.LetterReleased:
		return functionReplace, true
	case inspection.LetterCancelled:
		return functionCancel, true
	case inspection.LetterReminder:
		return functionDuplicate, true
	}
	return "", false // steps of others: terminals read those in the list
}

type letterWriter struct {
	p      *Profile
	l      *inspection.Letter
	n      *inspection.Notice
	faults []declarations.Fault
}

func (w *letterWriter) interchange() *Outgoing {
	id, version := w.p.syntax()
	o := &Outgoing{Syntax: id, SyntaxVersion: version, Charset: w.p.Charset, UNA: w.p.UNA, PerLine: w.p.PerLine, Test: w.p.Test,
		Sender: w.p.Sender, Recipient: w.p.Recipient, Prepared: w.l.At.In(port), Reference: Reference(w.l.ID)}
	if o.Sender.ID == "" {
		o.Sender.ID = address(w.l.Sender)
	}
	if o.Recipient.ID == "" {
		o.Recipient.ID = address(w.l.Receiver)
	}
	return o
}

// boxes are those that the letter is about: of a cancellation those that
// customs took back, of a release those that it released, else all that stand.
func (w *letterWriter) boxes() []inspection.Box {
	var list []inspection.Box
	for i := range w.n.Boxes {
		b := w.n.Boxes[i]
		if !w.about(&b) {
			continue
		}
		if b.ContainerNumber == "" {
			w.faults = append(w.faults, declarations.Fault{Code: CodeNoBox, Severity: reject, Path: declarations.IndexPath("boxes", i, "mark"), Args: map[string]string{"value": shown(b.Mark)}})
			continue
		}
		list = append(list, b)
	}
	if len(list) == 0 && !declarations.Rejected(w.faults) {
		w.faults = append(w.faults, declarations.Fault{Code: CodeNoForm, Severity: reject, Path: "boxes", Args: map[string]string{"type": w.l.Type}})
	}
	return list
}

func (w *letterWriter) about(b *inspection.Box) bool {
	cancelled := slices.Contains(w.n.Cancelled, b.Key())
	switch w.l.Type {
	case inspection.LetterCancelled:
		return cancelled || len(w.n.Cancelled) == 0
	case inspection.LetterReleased:
		if e := w.l.Event; e != nil && e.Box != "" && e.Box != b.Key() && e.Box != b.ContainerNumber {
			return false
		}
		return !cancelled && w.released(b.Key())
	}
	return !cancelled
}

// released says that customs released the box; a letter without an overview
// is about all of them.
func (w *letterWriter) released(key string) bool {
	if w.l.Overview == nil {
		return true
	}
	for i := range w.l.Overview.Boxes {
		if s := &w.l.Overview.Boxes[i]; s.Box == key {
			return !s.At[inspection.Released].IsZero()
		}
	}
	return false
}

// order is COHAOR.
func (w *letterWriter) order(function string, boxes []inspection.Box) Draft {
	n := w.n
	number := n.Number
	if n.Version > 1 {
		number += "-" + strconv.Itoa(n.Version)
	}
	lines := []Line{
		L("BGM", E("127"), E(number), E(function), E("AB")),
		at203("137", w.l.At),
		at203("203", latest(boxes)),
	}
	if reason := w.changeReason(function); reason != nil {
		lines = append(lines, L("FTX", E("ACD"), nil, E(reason[0], "ZZZ", "ZZZ"), E(reason[1:]...)))
	}
	lines = append(lines, L("RFF", E("ADO", n.Number)))
	if function == functionOriginal {
		lines = append(lines, at203("137", n.IssuedAt))
	} else {
		lines = append(lines, L("RFF", E("ACW", n.Number)))
	}
	lines = append(lines, w.parties()...)
	for i := range boxes {
		lines = append(lines, w.box(&boxes[i])...)
	}
	lines = append(lines, L("CNT", E("16", strconv.Itoa(len(boxes)))))
	return Draft{Reference: Reference(w.l.ID), Type: "COHAOR", Version: "D", Release: "00B", Agency: "UN", Association: association, Lines: lines}
}

// latest is the last planned start: the order is to be done by then.
func latest(boxes []inspection.Box) time.Time {
	var t time.Time
	for i := range boxes {
		if boxes[i].PlannedStart.After(t) {
			t = boxes[i].PlannedStart
		}
	}
	return t
}

// changeReason is the code of FTX ACD and, when it can be written, customs' own words.
func (w *letterWriter) changeReason(function string) []string {
	code := ""
	switch {
	case function == functionOriginal:
		return nil
	case w.l.Type == inspection.LetterReleased:
		code = "RELEASED"
	case function == functionCancel:
		code = "CANCELLED"
	case function == functionDuplicate:
		code = "REMINDER"
	case w.n.Change == inspection.TransferSite:
		code = "SITE_CHANGED"
	case w.n.Change == inspection.FollowUp:
		code = "FOLLOW_UP"
	default:
		code = "CHANGED"
	}
	if text := w.text("change_reason", w.n.ChangeReason, 512); text != "" {
		return []string{code, text}
	}
	return []string{code}
}

// text is one that the repertoire can hold, or empty with a warning.
func (w *letterWriter) text(name, value string, most int) string {
	if value == "" {
		return ""
	}
	text, ok := w.p.latin(value)
	if !ok {
		w.warn(CodeLeftOut, name, "name", name, "value", shown(value))
		return ""
	}
	return cut(text, most)
}

// warn tells once about a place.
func (w *letterWriter) warn(code, path string, pairs ...string) {
	if slices.ContainsFunc(w.faults, func(f declarations.Fault) bool { return f.Code == code && f.Path == path }) {
		return
	}
	w.faults = append(w.faults, warning(code, path, pairs...))
}

// wanted tells once what the profile asks for and the notice does not tell.
func (w *letterWriter) wanted(name string, missing bool) {
	if missing {
		w.warn(CodeUnsaid, name, "name", name)
	}
}
