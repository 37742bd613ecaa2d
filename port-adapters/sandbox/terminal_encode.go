package sandbox

import (
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
	case formatJSON:
		body, err := json.Marshal(a.Event, json.Deterministic(true))
		if err != nil {
			return document{}, fmt.Errorf("answer %s: %w", a.Reference, err)
		}
		return document{"application/json", body}, nil
	case formatEDIFACT:
		return encodeEDIFACT(a)
	}
	return document{}, fmt.Errorf("answer %s in format %q: %w", a.Reference, a.Format, portadapters.ErrPermanent)
}
