package api

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kouan/gateway/store"
)

// Message is one exact document about a declaration.
type Message struct {
	N           int       `json:"n" doc:"From 1, in the order of time"`
	Direction   string    `json:"direction" enum:"in,out"`
	Kind        string    `json:"kind" example:"decmessage" doc:"submission, draft, decmessage, receipt"`
	SHA256      string    `json:"sha256" doc:"Of the bytes, hex"`
	Size        int64     `json:"size" doc:"Number of bytes"`
	At          time.Time `json:"at"`
	ContentType string    `json:"content_type"`
	FileName    string    `json:"file_name,omitzero"`
	Peer        string    `json:"peer,omitzero" doc:"Where it came from or went"`
	Attempt     int       `json:"attempt,omitzero"`
	Href        string    `json:"href" doc:"Where the bytes are"`
}

// MessageList is every document of one declaration.
type MessageList struct {
	Items []Message `json:"items"`
}

type messagesOutput struct{ Body MessageList }

func (s *server) listMessages(ctx context.Context, in *idInput) (*messagesOutput, error) {
	rows, err := s.Desk.Messages(ctx, callOf(ctx).principal, in.ID)
	if err != nil {
		return nil, err
	}
	out := &messagesOutput{Body: MessageList{Items: make([]Message, 0, len(rows))}}
	for i := range rows {
		m := &rows[i]
		out.Body.Items = append(out.Body.Items, Message{N: i + 1, Direction: m.Direction, Kind: m.Kind, SHA256: m.SHA256, Size: m.Size,
			At: instant(m.At), ContentType: m.ContentType, FileName: m.FileName, Peer: m.Peer, Attempt: m.Attempt,
			Href: fmt.Sprintf("/api/v1/declarations/%s/messages/%d", m.DeclarationID, i+1)})
	}
	return out, nil
}

// message is GET /api/v1/declarations/{id}/messages/{n}: evidence, byte for byte.
func (s *server) message(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return store.ErrNotFound
	}
	m, err := s.Desk.MessageBody(r.Context(), callOf(r.Context()).principal, r.PathValue("id"), n)
	if err != nil {
		return err
	}
	sum, err := hex.DecodeString(m.SHA256)
	if err != nil {
		return fmt.Errorf("digest of message %s: %w", m.ID, err)
	}
	contentType := "application/octet-stream"
	if known[m.ContentType] {
		contentType = m.ContentType
	}
	h := w.Header()
	h.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": downloadName(&m, n)}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	s.write(w, r, http.StatusOK, contentType, m.Body)
	return nil
}

// known are the media types that a download is labelled with; others are
// bytes, because a label may have come from outside.
var known = map[string]bool{typeJSON: true, typeXML: true, typeTextXML: true}

// maxName bounds the name of a download; file systems take 255 bytes.
const maxName = 120

// downloadName is a name without path parts, controls or leading dots, with
// the extension of its type.
func downloadName(m *store.Message, n int) string {
	name := m.FileName
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("-_.", c) {
			return c
		}
		return '_'
	}, strings.ToValidUTF8(name, "_"))
	name = strings.TrimLeft(name, ".")
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	if name == "" {
		name = fmt.Sprintf("%s-%s-%d", m.Kind, m.DeclarationID, n)
	}
	ext := map[string]string{typeJSON: ".json", typeXML: ".xml", typeTextXML: ".xml"}[m.ContentType]
	if ext != "" && !strings.HasSuffix(strings.ToLower(name), ext) {
		name += ext
	}
	return name
}
