package sandbox

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// TerminalMail reads the letters of a terminal that has only mail: the notice
// from an attachment of any format, else what a person would see in the text.
// It answers by the link in the text, when it may.
type TerminalMail struct {
	Terminal *Terminal
	Reply    TerminalReply // nil: nobody follows the link

	fails TLSFails
}

// maxParts bounds the parts of one letter.
const maxParts = 50

// letterText is what a letter says.
type letterText struct {
	id     string
	text   string
	opened *Opened
}

// receive takes one letter as it came.
func (m *TerminalMail) receive(raw []byte) handling {
	l, err := readMail(raw)
	if err != nil {
		m.Terminal.report("a letter that cannot be read", l.id, err.Error())
		return handling{outcome: conflict}
	}
	in := &incoming{wire: "mail", id: l.id, format: "mail", body: raw, reply: m.Reply}
	switch {
	case l.opened != nil:
		in.format, in.kind, in.notice, in.step, in.sequence, in.edi = l.opened.Format, l.opened.Type, l.opened.Notice, l.opened.Step, l.opened.Sequence, l.opened.edi
	default:
		in.notice = noticeOfText(l)
	}
	if in.link = linkIn(l.text); in.link == "" {
		in.reply = nil // a person would have to telephone
	}
	if in.notice != nil {
		in.subject = "notice/" + in.notice.Number
	}
	return m.Terminal.take(in)
}

var (
	boxInText  = regexp.MustCompile(`\b[A-Z]{3}[UJZ][0-9]{7}\b`)
	linkInText = regexp.MustCompile(`https?://[^\s<>"]+/answers/[A-Za-z0-9_-]+`)
)

func linkIn(text string) string { return linkInText.FindString(text) }

// noticeOfText is what a person at the desk makes of a letter: the boxes that
// it names. Its number is not looked for in words; the link stands for it.
func noticeOfText(l letterText) *inspection.Notice {
	n := &inspection.Notice{Number: l.id, Change: inspection.Issue}
	seen := map[string]bool{}
	for _, number := range boxInText.FindAllString(l.text, -1) {
		if declarations.CheckContainer(number) && !seen[number] {
			seen[number] = true
			n.Boxes = append(n.Boxes, inspection.Box{ContainerNumber: number})
		}
	}
	if len(n.Boxes) == 0 {
		return nil
	}
	return n
}

// readMail takes a letter apart. The id is the left side of its Message-ID,
// which must not change over the attempts.
func readMail(raw []byte) (letterText, error) {
	var l letterText
	msg, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return l, fmt.Errorf("header: %w", err)
	}
	l.id, _, _ = strings.Cut(strings.Trim(msg.Header.Get("Message-Id"), "<> "), "@")
	if l.id == "" {
		return l, errors.New("no Message-ID")
	}
	return l, l.part(textproto.MIMEHeader(msg.Header), msg.Body, new(int))
}

// part reads one part, and those inside it.
func (l *letterText) part(header textproto.MIMEHeader, body io.Reader, count *int) error {
	if *count++; *count > maxParts {
		return fmt.Errorf("more than %d parts", maxParts)
	}
	kind := header.Get("Content-Type")
	if kind == "" {
		kind = "text/plain; charset=us-ascii"
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return fmt.Errorf("content type %q: %w", kind, err)
	}
	if strings.HasPrefix(media, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("parts: %w", err)
			}
			if err := l.part(p.Header, p, count); err != nil {
				return err
			}
		}
	}
	data, err := io.ReadAll(transferred(header.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return fmt.Errorf("%s: %w", media, err)
	}
	if media == "text/plain" {
		l.text += string(data) + "\n"
		return nil
	}
	opened, err := Open(TerminalLetter{ContentType: kind, FileName: params["name"], Body: data})
	switch {
	case errors.Is(err, errContentType):
		return nil // a picture, a signature: not ours to read
	case err != nil:
		return fmt.Errorf("attachment %s: %w", media, err)
	case l.opened == nil:
		l.opened = &opened
	}
	return nil
}

func transferred(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}
