package depotxml

import (
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/declarations/strictjson"
	"kouan/declarations/strictxml"
)

// Read reads a message of the family. Elements that are not understood are
// warnings; the bytes are kept by whoever took them in.
func Read(data []byte) (*Message, []declarations.Fault) {
	root, faults := strictxml.Read(data, strictxml.Limits{})
	if declarations.Rejected(faults) {
		return nil, faults
	}
	r := &reader{e: root, path: "/" + root.Local, faults: &faults, seen: map[string]bool{}}
	m := &Message{}
	if root.Local == TypeAnswer { // without a head
		m.Head.Type = TypeAnswer
		m.Answer = readAnswer(r)
		return r.done(m)
	}
	if root.Local != "MESSAGE" || root.Child("MESSAGE_HEAD") == nil {
		r.add(CodeForm, "", "type", strictjson.Shown(root.Local), "known", known)
		return r.done(nil)
	}
	h := r.into("MESSAGE_HEAD", root.Child("MESSAGE_HEAD"))
	head(h, &m.Head)
	h.rest()
	content, path := root.Child("MESSAGE_LIST"), "MESSAGE_LIST"
	switch {
	case content == nil && root.Child(TypeAnswer) != nil:
		content, path = root, ""
	case content == nil:
		r.add(CodeMissing, "MESSAGE_LIST", "element", "MESSAGE_LIST")
		return r.done(nil)
	}
	list := r.into(path, content)
	list.seen["MESSAGE_HEAD"] = true
	list.message(m)
	list.rest()
	return r.done(m)
}

// message reads the content that the type names; an answer is known by its element.
func (r *reader) message(m *Message) {
	switch {
	case r.e.Child(TypeAnswer) != nil:
		r.seen[TypeAnswer] = true
		m.Answer = readAnswer(r.into(TypeAnswer, r.e.Child(TypeAnswer)))
		m.Answer.Rows = append(m.Answer.Rows, r.rows()...)
	case m.Head.Type == TypeNotice:
		m.Notice = &Notice{}
		notice(r, m.Notice)
		if m.Notice.Number == "" {
			r.add(CodeMissing, "NOTICE_NO", "element", "NOTICE_NO")
		}
	case m.Head.Type == TypeRelease:
		m.Release = &Release{}
		release(r, m.Release)
	case m.Head.Type == TypeEvents:
		r.each("EVENT_INFO", 0, func(n int) { m.Events = make([]inspection.Event, n) }, func(c codec, i int) { readEvent(c.(*reader), &m.Events[i]) })
		if len(m.Events) == 0 || len(m.Events) > inspection.MaxEvents {
			r.add(inspection.CodeEvents, "", "limit", strconv.Itoa(inspection.MaxEvents))
		}
	default:
		r.add(CodeForm, "", "type", strictjson.Shown(m.Head.Type), "known", known)
	}
}

func readAnswer(r *reader) *Answer {
	a := &Answer{}
	answer(r, a)
	if a.MessageID == "" {
		r.add(CodeMissing, "MSGID", "element", "MSGID")
	}
	a.Rows = r.rows()
	r.rest()
	return a
}

// rows reads the elements that carry a verdict of their own, whatever they are called.
func (r *reader) rows() []Row {
	var rows []Row
	for _, e := range r.e.Children {
		if e.Local == TypeAnswer || e.Child("CHK_FLAG") == nil {
			continue
		}
		r.seen[e.Local] = true
		in := r.into(e.Local, e)
		var one Row
		row(in, &one)
		if one.ContainerNumber == "" && one.BillNumber == "" {
			in.add(CodeMissing, "BILL_NO", "element", "BILL_NO")
		}
		in.rest()
		rows = append(rows, one)
	}
	return rows
}

// readEvent reads one report and judges it as if it had come as JSON.
func readEvent(r *reader, e *inspection.Event) {
	event(r, e)
	for _, f := range inspection.CheckEvent(e) {
		name := f.Path
		if element, ok := eventElements[name]; ok {
			name = element
		}
		f.Path, f.Line, f.Column = r.path+"/"+name, r.e.Line, r.e.Column
		if _, ok := f.Args["name"]; ok {
			f.Args["name"] = name
		}
		if at := r.e.Child(name); at != nil {
			f.Line, f.Column = at.Line, at.Column
		}
		*r.faults = append(*r.faults, f)
	}
}

// reader is the codec that reads elements.
type reader struct {
	e      *strictxml.Element
	path   string
	faults *[]declarations.Fault
	seen   map[string]bool // elements that were asked for
}

func (r *reader) into(name string, e *strictxml.Element) *reader {
	path := r.path
	if name != "" {
		path += "/" + name
	}
	return &reader{e: e, path: path, faults: r.faults, seen: map[string]bool{}}
}

func (r *reader) done(m *Message) (*Message, []declarations.Fault) {
	if declarations.Rejected(*r.faults) {
		return nil, *r.faults
	}
	return m, *r.faults
}

// add notes a fault at an element of the present one, or at the present one.
func (r *reader) add(code, name string, pairs ...string) {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: r.path, Line: r.e.Line, Column: r.e.Column, Args: strictxml.Args(pairs...)}
	if name != "" {
		f.Path += "/" + name
		if at := r.e.Child(name); at != nil {
			f.Line, f.Column = at.Line, at.Column
		}
	}
	*r.faults = append(*r.faults, f)
}

// rest warns of elements that nobody asked for.
func (r *reader) rest() {
	for _, e := range r.e.Children {
		if !r.seen[e.Local] {
			r.seen[e.Local] = true
			*r.faults = append(*r.faults, declarations.Fault{Code: CodeUnknown, Severity: declarations.Warn, Path: r.path + "/" + e.Local,
				Line: e.Line, Column: e.Column, Args: map[string]string{"element": strictjson.Shown(e.Local)}})
		}
	}
}

func (r *reader) get(name string) string {
	r.seen[name] = true
	return strings.TrimSpace(r.e.ChildText(name))
}

func (r *reader) text(name string, s *string) { *s = r.get(name) }

func (r *reader) texts(name string, list *[]string) {
	r.seen[name] = true
	*list = nil
	for _, e := range r.e.All(name) {
		if t := strings.TrimSpace(e.Text); t != "" {
			*list = append(*list, t)
		}
	}
}

func (r *reader) number(name string, n *int) {
	v := r.get(name)
	if v == "" {
		return
	}
	var err error
	if *n, err = strconv.Atoi(v); err != nil || *n < 0 {
		r.add(CodeValue, name, "element", name, "value", strictjson.Shown(v), "reason", "version_number")
	}
}

func (r *reader) flag(name string, b *bool) { *b = r.get(name) == "1" }

func (r *reader) instant(name string, t *time.Time) { r.stamp(name, t) }

func (r *reader) stamp(name string, t *time.Time) {
	v := r.get(name)
	if v == "" {
		return
	}
	var ok bool
	if *t, ok = clearance.MessageTime(v); !ok {
		r.add(CodeValue, name, "element", name, "value", strictjson.Shown(v), "reason", "fact_time")
	}
}

func (r *reader) passed(name string, b *bool) {
	switch v := r.get(name); v {
	case "01", "03":
		*b = v == "01"
	case "":
		r.add(CodeMissing, name, "element", name)
	default:
		r.add(CodeValue, name, "element", name, "value", strictjson.Shown(v), "reason", "chk_flag")
	}
}

func (r *reader) direction(name string, s *string) {
	switch r.get(name) {
	case "I":
		*s = "import"
	case "E":
		*s = "export"
	default:
		r.text("DIRECTION", s)
	}
}

func (r *reader) group(name string, f func(codec)) {
	r.seen[name] = true
	if e := r.e.Child(name); e != nil {
		in := r.into(name, e)
		f(in)
		in.rest()
	}
}

func (r *reader) each(name string, _ int, grow func(int), f func(codec, int)) {
	r.seen[name] = true
	all := r.e.All(name)
	if len(all) == 0 {
		return
	}
	grow(len(all))
	for i, e := range all {
		in := r.into(name+"["+strconv.Itoa(i+1)+"]", e)
		f(in, i)
		in.rest()
	}
}

func (r *reader) known(name string) { r.seen[name] = true }
