package sandbox

import (
	"errors"
	"fmt"
	"mime"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations/inspection"
)

// TerminalLetter is a document as a wire brought it.
type TerminalLetter struct {
	ContentType string
	FileName    string
	Body        []byte
}

// Opened is what stands in a letter.
type Opened struct {
	Format   string
	ID       string // of the message; "" when the format does not tell
	Type     string
	Sequence int64
	Notice   *inspection.Notice // nil for what is no notice
	Step     bool               // tells a step of a notice
	edi      *ediSubject        // what an EDIFACT answer refers to
}

const formatJSON = "json"

var errContentType = errors.New("a content type that this terminal does not read")

// pushEnvelope is the body of a JSON push (contract.md).
type pushEnvelope struct {
	Type       string    `json:"type"`
	ID         string    `json:"id"`
	Sequence   int64     `json:"sequence"`
	OccurredAt time.Time `json:"occurred_at"`
	Data       struct {
		Notice *inspection.Notice `json:"notice"`
		Event  *inspection.Event  `json:"event"`
	} `json:"data"`
}

// openJSON reads the JSON envelope of a push.
func openJSON(body []byte) (Opened, error) {
	var e pushEnvelope
	if err := json.Unmarshal(body, &e); err != nil {
		return Opened{}, fmt.Errorf("not the envelope of a push: %w", err)
	}
	switch {
	case e.Type == "", e.ID == "", e.Sequence < 1, e.OccurredAt.IsZero():
		return Opened{}, errors.New("the envelope lacks type, id, sequence or occurred_at")
	case strings.HasPrefix(e.Type, "notice.") && (e.Data.Notice == nil || e.Data.Notice.Number == ""):
		return Opened{}, errors.New("a notice without its number")
	}
	return Opened{Format: formatJSON, ID: e.ID, Type: e.Type, Sequence: e.Sequence, Notice: e.Data.Notice, Step: e.Data.Event != nil && e.Type == inspection.LetterStep}, nil
}

// Open reads a letter of any format, by its content type.
func Open(l TerminalLetter) (Opened, error) {
	kind, _, err := mime.ParseMediaType(l.ContentType)
	if err != nil {
		return Opened{}, fmt.Errorf("%w: %q", errContentType, l.ContentType)
	}
	switch kind {
	case "application/json":
		return openJSON(l.Body)
	case "application/edifact":
		return openEDIFACT(l.Body)
	}
	return Opened{}, fmt.Errorf("%w: %q", errContentType, l.ContentType)
}
