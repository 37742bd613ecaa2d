package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/go-json-experiment/json"

	portadapters "kouan/port-adapters"
)

// document is an answer in a format.
type document struct {
	ContentType string
	Body        []byte
}

// encode writes an answer in the format of the message that it answers.
func encode(a *TerminalAnswer) (document, error) {
	switch a.Format {
	case "json":
		body, err := json.Marshal(a.Event, json.Deterministic(true))
		if err != nil {
			return document{}, fmt.Errorf("answer %s: %w", a.Reference, err)
		}
		return document{"application/json", body}, nil
	}
	return document{}, fmt.Errorf("answer %s in format %q: %w", a.Reference, a.Format, portadapters.ErrPermanent)
}

// acknowledgement is the content of an .ack file: the SHA-256 of what was
// received (notices.md section 4).
func acknowledgement(body []byte) []byte {
	sum := sha256.Sum256(body)
	return []byte(hex.EncodeToString(sum[:]) + "\n")
}
