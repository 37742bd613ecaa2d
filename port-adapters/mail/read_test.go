package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
)

// read is a letter as a mail program reads it.
type read struct {
	header mail.Header
	text   string
	files  []readFile
}

type readFile struct{ name, kind, body string }

func readLetter(t *testing.T, raw string) read {
	t.Helper()
	for i, line := range strings.Split(raw, "\n") {
		if len(line) > 998 || len(line) > 78 && !strings.Contains(line, "filename") && !strings.Contains(line, "name") && !strings.Contains(line, "X-") {
			t.Errorf("line %d has %d characters: %s", i+1, len(line), line)
		}
	}
	msg, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := read{header: msg.Header}
	media, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if media == "text/plain" {
		out.text = decode(t, textproto.MIMEHeader(msg.Header), msg.Body)
		return out
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, params, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		body := decode(t, p.Header, p)
		if kind == "text/plain" {
			out.text += body
			continue
		}
		_, disposition, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if err != nil || disposition["filename"] != params["name"] {
			t.Errorf("names %q and %q, %v", disposition["filename"], params["name"], err)
		}
		out.files = append(out.files, readFile{disposition["filename"], kind, body})
	}
}

func decode(t *testing.T, header textproto.MIMEHeader, body io.Reader) string {
	t.Helper()
	switch encoding := header.Get("Content-Transfer-Encoding"); encoding {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	default:
		t.Errorf("encoding %q", encoding)
	}
	var out bytes.Buffer
	if _, err := io.Copy(&out, body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
