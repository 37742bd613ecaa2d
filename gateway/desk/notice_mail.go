package desk

import (
	"strconv"
	"strings"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/i18n"
)

// MailFormat writes letters for a person at a terminal: plain text, the first
// line of which is the subject. It is the one place of the desk that has words,
// because here the letter itself is for people; the operator chooses the
// languages, and each follows the other.
func MailFormat(langs ...i18n.Lang) Format {
	return Format{Write: func(l *inspection.Letter) (Document, []declarations.Fault) {
		var b strings.Builder
		for i, lang := range langs {
			m := mailText{words: i18n.For(lang), letter: l}
			if i == 0 {
				b.WriteString(m.subject() + "\n")
			}
			b.WriteString("\n")
			m.write(&b)
		}
		return Document{Body: []byte(b.String()), ContentType: "text/plain; charset=utf-8"}, nil
	}}
}

// mailText is one letter in one language.
type mailText struct {
	words  i18n.Printer
	letter *inspection.Letter
}

func (m *mailText) text(key string, args map[string]string) string {
	return m.words.Text("mail."+key, args)
}

func (m *mailText) subject() string {
	n := m.letter.Notice
	return m.text("subject."+strings.TrimPrefix(m.letter.Type, "notice."), map[string]string{"number": n.Number, "version": strconv.Itoa(n.Version), "boxes": strconv.Itoa(len(n.Boxes))})
}

// write says first what is wanted, then the facts, then how to answer.
func (m *mailText) write(b *strings.Builder) {
	n := m.letter.Notice
	b.WriteString(m.subject() + "\n\n" + m.text("lead."+strings.TrimPrefix(m.letter.Type, "notice."), nil) + "\n\n")
	line := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			b.WriteString(m.text(key, nil) + ": " + value + "\n")
		}
	}
	line("number", n.Number+" / "+strconv.Itoa(n.Version))
	line("customs", strings.TrimSpace(n.CustomsOffice+" "+n.InspectionNumber))
	line("declaration", n.DeclarationNumber)
	line("bill", n.BillNumber)
	line("ship", strings.TrimSpace(n.ShipName+" "+n.Voyage))
	works := make([]string, 0, len(n.Orders))
	for _, w := range n.Orders {
		works = append(works, string(w))
	}
	line("orders", strings.Join(works, ", "))
	if e := m.letter.Event; e != nil {
		line("step", strings.TrimSpace(m.words.Text("event.inspection_"+string(e.Kind), nil)+" "+noteOf(e)))
	}
	for i := range n.Boxes {
		m.box(b, &n.Boxes[i])
	}
	b.WriteString("\n")
	line("contact", strings.TrimSpace(n.Contact+" "+n.Phone))
	if m.letter.Answer != "" {
		b.WriteString("\n" + m.text("answer", nil) + "\n" + m.letter.Answer + "\n")
	}
}

func (m *mailText) box(b *strings.Builder, box *inspection.Box) {
	parts := []string{box.SizeType, string(box.Method), string(box.Depth), box.YardPlace, strings.TrimSpace(box.Site + " " + box.SiteName)}
	if !box.AtSiteBy.IsZero() {
		parts = append(parts, m.text("at_site_by", map[string]string{"time": atPort(box.AtSiteBy)}))
	}
	if !box.PlannedStart.IsZero() {
		parts = append(parts, m.text("planned", map[string]string{"time": atPort(box.PlannedStart)}))
	}
	b.WriteString("  - " + box.Key())
	for _, p := range parts {
		if p != "" {
			b.WriteString(" · " + p)
		}
	}
	b.WriteString("\n")
}

// atPort is an instant as people at the port read it.
func atPort(t time.Time) string { return t.In(portTime).Format("2006-01-02 15:04") + " (UTC+8)" }
