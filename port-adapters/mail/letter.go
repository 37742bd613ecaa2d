package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	portadapters "kouan/port-adapters"
)

// ContentType of a message whose body is a text for people, made by Text.
const ContentType = "text/plain; charset=utf-8"

// maxSubject is the length in characters that mail programs show, and more; a
// line of a header has room for 998 bytes (RFC 5322 section 2.1.1).
const maxSubject = 120

// Text makes the body of a message: its first line is the subject of the
// letter, an empty line follows, then the text. The subject becomes one line.
func Text(subject, text string) []byte {
	return []byte(strings.Join(strings.Fields(subject), " ") + "\n\n" + text)
}

// letter is m as RFC 5322 and MIME have it, every line ended by CR LF. It
// depends on m and the addresses alone. Every error is permanent.
func (a *Adapter) letter(m *portadapters.Message, r *route) ([]byte, error) {
	l, err := a.compose(m, r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", portadapters.ErrPermanent, err)
	}
	return l, nil
}

func (a *Adapter) compose(m *portadapters.Message, r *route) ([]byte, error) {
	subject, text, files, err := a.contents(m)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := head(&out, m, r, subject); err != nil {
		return nil, err
	}
	if len(files) == 0 {
		err := part(&out, text)
		return out.Bytes(), err
	}
	// The boundary has =_, which neither encoding of ours can produce.
	boundary := "=_kouan_" + m.ID
	fmt.Fprintf(&out, "Content-Type: multipart/mixed;\r\n boundary=%q\r\n\r\n--%s\r\n", boundary, boundary)
	if err := part(&out, text); err != nil {
		return nil, err
	}
	for i := range files {
		fmt.Fprintf(&out, "\r\n--%s\r\n", boundary)
		attach(&out, &files[i])
	}
	fmt.Fprintf(&out, "\r\n--%s--\r\n", boundary)
	return out.Bytes(), nil
}

// file is an attachment.
type file struct {
	name, contentType string
	body              []byte
}

// contents says what goes into the text and what is attached.
func (a *Adapter) contents(m *portadapters.Message) (subject, text string, files []file, err error) {
	if err := portadapters.CheckName(m.FileName); err != nil {
		return "", "", nil, err
	}
	if media, params, err := mime.ParseMediaType(m.ContentType); err == nil && media == "text/plain" {
		if charset := params["charset"]; !strings.EqualFold(charset, "utf-8") {
			return "", "", nil, fmt.Errorf("text in the character set %q", charset)
		}
		if subject, text, err = parseText(string(m.Body)); err != nil {
			return "", "", nil, err
		}
	} else if subject, text, files, err = a.covered(m); err != nil {
		return "", "", nil, err
	}
	taken := map[string]bool{}
	for i := range files {
		taken[strings.ToLower(files[i].name)] = true
	}
	for _, f := range m.Attachments {
		if err := portadapters.CheckName(f.Name); err != nil {
			return "", "", nil, err
		}
		key := strings.ToLower(f.Name)
		if taken[key] {
			return "", "", nil, fmt.Errorf("attachment %q twice", f.Name)
		}
		taken[key] = true
		files = append(files, file{f.Name, typeOf(f.Name), f.Body})
	}
	return subject, text, files, nil
}

// covered puts a body that is no text into a file of its own.
func (a *Adapter) covered(m *portadapters.Message) (subject, text string, files []file, err error) {
	ending, err := portadapters.Extension(m.ContentType)
	if err != nil {
		return "", "", nil, err
	}
	name := m.FileName + ending
	subject, text = m.FileName, name+"\n"
	if a.Cover != nil {
		if subject, text, err = parseText(a.Cover(m)); err != nil {
			return "", "", nil, fmt.Errorf("cover: %w", err)
		}
	}
	return subject, text, []file{{name, m.ContentType, m.Body}}, nil
}

// parseText takes apart what Text made.
func parseText(body string) (subject, text string, err error) {
	if !utf8.ValidString(body) {
		return "", "", errors.New("text is not UTF-8")
	}
	subject, text, _ = strings.Cut(body, "\n")
	subject = strings.TrimSuffix(subject, "\r")
	switch {
	case strings.TrimSpace(subject) == "":
		return "", "", errors.New("text has no subject in its first line")
	case strings.ContainsFunc(subject, unprintable):
		return "", "", errors.New("subject has control characters")
	}
	text = strings.ReplaceAll(strings.TrimLeft(text, "\r\n"), "\r\n", "\n")
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }); i >= 0 {
		return "", "", fmt.Errorf("text has the control character %q", text[i])
	}
	if text == "" {
		text = subject
	}
	return subject, strings.TrimRight(text, "\n") + "\n", nil
}

// safe are values that may stand in a header as they are: printable ASCII
// without the brackets of an id.
var safe = regexp.MustCompile(`^[^\x00-\x20<>\x7f-\x{10ffff}]{1,200}$`)

// head writes the fields of the letter. Whoever answers letters by program
// must not answer this one (RFC 3834 section 5). The X- fields are those of
// push-and-errors section 2.1, without the ones that differ between attempts.
func head(out *bytes.Buffer, m *portadapters.Message, r *route, subject string) error {
	made, err := portadapters.TimeOf(m.ID)
	if err != nil {
		return err
	}
	if len(m.ID) != len("019b8a3f-0000-7000-8000-000000000001") { // other forms of a UUID have other characters
		return fmt.Errorf("message id %q: not in the plain form", portadapters.Words(m.ID))
	}
	for _, value := range []string{m.ID, m.Kind, m.Subject} {
		if value != "" && !safe.MatchString(value) {
			return fmt.Errorf("%q cannot stand in a header", portadapters.Words(value))
		}
	}
	_, domain, _ := strings.Cut(r.from.Address, "@")
	var to []string
	for _, box := range r.to {
		to = append(to, box.header())
	}
	field := func(name, value string) {
		if value != "" {
			out.WriteString(name + ": " + value + "\r\n")
		}
	}
	field("Date", made.Format(time.RFC1123Z))
	field("From", r.from.header())
	field("To", strings.Join(to, ",\r\n "))
	field("Subject", encoded(clipped(subject), line))
	field("Message-ID", "<"+m.ID+"@"+domain+">")
	field("Auto-Submitted", "auto-generated")
	field("X-Notification-Id", m.ID)
	field("X-Notification-Type", m.Kind)
	field("X-Subject", m.Subject)
	if m.Sequence > 0 {
		field("X-Sequence", strconv.FormatInt(m.Sequence, 10))
	}
	field("MIME-Version", "1.0")
	return nil
}

// header is the mailbox as it stands in a field.
func (m Mailbox) header() string {
	if m.Name == "" {
		return "<" + m.Address + ">"
	}
	return encoded(m.Name, atoms) + "\r\n <" + m.Address + ">"
}

var (
	// atoms are words that may stand in front of an address as they are.
	atoms = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/?^_`{|}~-]+)*$")
	// line is what may stand in a field of free text; = could begin an encoded word.
	line = regexp.MustCompile(`^[^\x00-\x20=\x7f-\x{10ffff}]+(?: [^\x00-\x20=\x7f-\x{10ffff}]+)*$`)
)

// encoded makes encoded words (RFC 2047) of what is not plain, one a line: a
// line with one may have 76 characters. Base64 is the shorter form for Chinese
// and Cyrillic letters.
func encoded(s string, plain *regexp.Regexp) string {
	const (
		most  = 39 // bytes of a word; 64 characters encoded, behind the name of a field
		whole = 64 // characters that fit behind the name of a field (RFC 5322 section 2.1.1)
	)
	if len(s) <= whole && plain.MatchString(s) {
		return s
	}
	var words []string
	for len(s) > 0 {
		n := min(most, len(s))
		for n < len(s) && !utf8.RuneStart(s[n]) {
			n--
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		s = s[n:]
	}
	return strings.Join(words, "\r\n ")
}

func clipped(s string) string {
	if runes := []rune(s); len(runes) > maxSubject {
		return string(runes[:maxSubject-1]) + "…" // the text has it whole
	}
	return s
}

// part writes the text with its own fields, encoded by what is shorter. Base64
// has no line that a server could change.
func part(out *bytes.Buffer, text string) error {
	other := 0
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			other++
		}
	}
	out.WriteString("Content-Type: " + ContentType + "\r\n")
	if 2*other > len(text)/3 { // three bytes for one against four for three
		out.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
		lines(out, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
		return nil
	}
	out.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(out)
	if _, err := w.Write([]byte(text)); err != nil {
		return err
	}
	return w.Close()
}

// attach writes a file with its fields. Its name stands in both of them: old
// programs look at the first.
func attach(out *bytes.Buffer, f *file) {
	media, params, err := mime.ParseMediaType(f.contentType)
	if err != nil {
		media, params = "application/octet-stream", map[string]string{}
	}
	params["name"] = f.name
	fmt.Fprintf(out, "Content-Type: %s\r\n", folded(media, params))
	fmt.Fprintf(out, "Content-Disposition: %s\r\n", folded("attachment", map[string]string{"filename": f.name}))
	out.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	lines(out, f.body)
}

// folded is a field value with one parameter a line.
func folded(value string, params map[string]string) string {
	return strings.ReplaceAll(mime.FormatMediaType(value, params), "; ", ";\r\n ")
}

// lines writes base64 in lines of 76 characters (RFC 2045 section 6.8).
func lines(out *bytes.Buffer, body []byte) {
	const most = 57 // bytes that make 76 characters
	for len(body) > 0 {
		n := min(most, len(body))
		out.WriteString(base64.StdEncoding.EncodeToString(body[:n]) + "\r\n")
		body = body[n:]
	}
}

func typeOf(name string) string {
	if strings.HasSuffix(strings.ToLower(name), ".pdf") {
		return "application/pdf"
	}
	return "application/octet-stream"
}
