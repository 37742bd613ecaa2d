package webhook

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	portadapters "kouan/port-adapters"
)

// Headers of Standard Webhooks. The id is that of the message, over all
// attempts and replays.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

// Headers of push-and-errors.md 2.1, for receivers that route or remove
// duplicates without opening the body.
const (
	HeaderNotificationID = "X-Notification-Id"
	HeaderType           = "X-Notification-Type"
	HeaderSchemaVersion  = "X-Schema-Version"
	HeaderSequence       = "X-Sequence"
	HeaderSubject        = "X-Subject"
	HeaderAttempt        = "X-Attempt"
	HeaderAttemptID      = "X-Attempt-Id"
	HeaderReplay         = "X-Replay"
	HeaderDigest         = "Content-Digest" // RFC 9530
	// HeaderDuplicate in an answer says "true" when the receiver had the message already.
	HeaderDuplicate = "X-Duplicate"
)

// headers of one attempt. They say the same at every attempt but for the
// attempt itself and the time of the signature.
func (a *Adapter) headers(m *portadapters.Message) (map[string]string, error) {
	now := portadapters.Now(a.Clock)
	signature := SignAll(a.Secrets, m.ID, now, m.Body)
	if signature == "" {
		// Unsigned bytes would teach the receiver to take unsigned bytes.
		return nil, fmt.Errorf("no valid signing secret: %w", portadapters.ErrPermanent)
	}
	digest, err := hex.DecodeString(m.SHA256)
	if err != nil || len(digest) == 0 {
		return nil, fmt.Errorf("digest %q of the message is not readable: %w", m.SHA256, portadapters.ErrPermanent)
	}
	h := map[string]string{
		HeaderID:              m.ID,
		HeaderTimestamp:       strconv.FormatInt(now.Unix(), 10),
		HeaderSignature:       signature,
		HeaderNotificationID:  m.ID,
		HeaderType:            printable(m.Kind),
		HeaderSequence:        strconv.FormatInt(m.Sequence, 10),
		HeaderSubject:         printable(m.Subject),
		HeaderAttempt:         strconv.Itoa(m.Attempt),
		HeaderReplay:          strconv.FormatBool(m.Replay),
		HeaderDigest:          "sha-256=:" + base64.StdEncoding.EncodeToString(digest) + ":",
		"Accept":              "*/*", // the answer's body is not read
		"Content-Type":        m.ContentType,
		"Content-Disposition": mime.FormatMediaType("attachment", map[string]string{"filename": m.FileName}),
	}
	if a.NewID != nil {
		h[HeaderAttemptID] = a.NewID()
	}
	if a.SchemaVersion != "" {
		h[HeaderSchemaVersion] = a.SchemaVersion
	}
	return h, nil
}

// printable percent-encodes what a header cannot carry: a subject holds a
// number that customs gave.
func printable(s string) string {
	clean := true
	for i := range len(s) {
		clean = clean && s[i] > ' ' && s[i] < 0x7f && s[i] != '%'
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < 0x7f && c != '%' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isDuplicate reads what the receiver said about earlier attempts.
func isDuplicate(h http.Header) bool { return strings.EqualFold(h.Get(HeaderDuplicate), "true") }
