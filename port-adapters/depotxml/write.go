package depotxml

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beevik/etree"

	"kouan/declarations"
)

// Write makes the XML of a message: UTF-8, no indentation. Equal messages make
// equal bytes. A text that XML cannot hold is a fault, never changed in silence.
func Write(m *Message) ([]byte, []declarations.Fault) {
	doc := etree.NewDocument()
	doc.WriteSettings = etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("MESSAGE")
	w := &writer{faults: new([]declarations.Fault), to: root.CreateElement("MESSAGE_HEAD"), path: "/MESSAGE/MESSAGE_HEAD"}
	head(w, &m.Head)
	list := w.in(root.CreateElement("MESSAGE_LIST"), "/MESSAGE/MESSAGE_LIST")
	switch {
	case m.Notice != nil:
		n := *m.Notice
		notice(list, &n)
	case m.Release != nil:
		release(list, m.Release)
	case m.Answer != nil:
		list.group(TypeAnswer, func(c codec) {
			answer(c, m.Answer)
			for i := range m.Answer.Rows {
				name := "CONTAINER_INFO"
				if m.Answer.Rows[i].ContainerNumber == "" {
					name = "BILL_INFO"
				}
				c.group(name, func(c codec) { row(c, &m.Answer.Rows[i]) })
			}
		})
	default:
		list.each("EVENT_INFO", len(m.Events), nil, func(c codec, i int) { event(c, &m.Events[i]) })
	}
	if len(*w.faults) > 0 {
		return nil, *w.faults
	}
	b, err := doc.WriteToBytes()
	if err != nil { // into memory: only a text that was not seen could do it
		return nil, []declarations.Fault{w.fault("MESSAGE")}
	}
	return b, nil
}

// writer is the codec that makes elements.
type writer struct {
	to     *etree.Element
	path   string
	faults *[]declarations.Fault
}

func (w *writer) in(e *etree.Element, path string) *writer {
	return &writer{to: e, path: path, faults: w.faults}
}

func (w *writer) fault(name string) declarations.Fault {
	return declarations.Fault{Code: CodeText, Severity: declarations.Reject, Path: w.path + "/" + name, Args: map[string]string{"element": name}}
}

// text writes a text without the blanks at its ends, which mean nothing.
func (w *writer) text(name string, s *string) {
	t := strings.TrimSpace(*s)
	switch {
	case t == "":
	case !utf8.ValidString(t) || strings.ContainsFunc(t, notXML):
		*w.faults = append(*w.faults, w.fault(name))
	default:
		w.to.CreateElement(name).SetText(t)
	}
}

// notXML is the complement of production Char of XML 1.0, and the carriage
// return, which every reader makes a line feed.
func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
}

func (w *writer) texts(name string, list *[]string) {
	for i := range *list {
		w.text(name, &(*list)[i])
	}
}

func (w *writer) number(name string, n *int) {
	if *n != 0 {
		w.to.CreateElement(name).SetText(strconv.Itoa(*n))
	}
}

func (w *writer) flag(name string, b *bool) {
	if *b {
		w.to.CreateElement(name).SetText("1")
	}
}

func (w *writer) instant(name string, t *time.Time) {
	if !t.IsZero() {
		w.to.CreateElement(name).SetText(t.In(port).Format(time.RFC3339Nano))
	}
}

// stampLayout is the form of times in this family, at the port's clock.
const stampLayout = "20060102150405"

func (w *writer) stamp(name string, t *time.Time) {
	switch {
	case t.IsZero():
	case t.Nanosecond() != 0: // heard from somebody who tells more
		w.instant(name, t)
	default:
		w.to.CreateElement(name).SetText(t.In(port).Format(stampLayout))
	}
}

func (w *writer) passed(name string, b *bool) {
	w.to.CreateElement(name).SetText(map[bool]string{true: "01", false: "03"}[*b])
}

// direction writes I and E; what O stands for is not known, so another
// direction goes into an element of ours.
func (w *writer) direction(name string, s *string) {
	switch *s {
	case "import":
		w.to.CreateElement(name).SetText("I")
	case "export":
		w.to.CreateElement(name).SetText("E")
	default:
		w.text("DIRECTION", s)
	}
}

func (w *writer) group(name string, f func(codec)) {
	e := etree.NewElement(name)
	f(w.in(e, w.path+"/"+name))
	if len(e.ChildElements()) > 0 {
		w.to.AddChild(e)
	}
}

func (w *writer) each(name string, n int, _ func(int), f func(codec, int)) {
	for i := range n {
		f(w.in(w.to.CreateElement(name), w.path+"/"+name+"["+strconv.Itoa(i+1)+"]"), i)
	}
}

func (w *writer) known(string) {}
