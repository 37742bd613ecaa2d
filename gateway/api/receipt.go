package api

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"kouan/gateway/desk"
)

// Hearing is what became of a receipt.
type Hearing struct {
	ID        string `json:"id" doc:"Of the kept receipt"`
	Matched   bool   `json:"matched" doc:"false: kept until a number tells which declaration it is about"`
	Duplicate bool   `json:"duplicate" doc:"Heard before"`
	Status    string `json:"status,omitzero" doc:"Of the declaration afterwards"`
	Reason    string `json:"reason,omitzero" doc:"Why it is unmatched: unknown, ambiguous"`
}

// hear is POST /api/v1/receipts.
func (s *server) hear(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	contentType, err := mediaType(r, typeXML, typeTextXML, typeJSON)
	if err != nil {
		return err
	}
	name, err := fileName(r)
	if err != nil {
		return err
	}
	body, err := s.body(r)
	if err != nil {
		return err
	}
	h, err := s.Desk.HearReceipt(r.Context(), callOf(r.Context()).principal, desk.Heard{Body: body, FileName: name, ContentType: contentType})
	if err != nil {
		return err
	}
	status := http.StatusAccepted
	if h.Duplicate {
		status = http.StatusOK
	}
	s.write(w, r, status, typeJSON, marshal(&Hearing{ID: h.ID, Matched: h.Matched, Duplicate: h.Duplicate, Status: h.Status, Reason: h.Reason}))
	return nil
}

// fileName is the base name in X-File-Name. A name with path parts or
// controls is refused: it is evidence, so it is not mended.
func fileName(r *http.Request) (string, error) {
	name := r.Header.Get("X-File-Name")
	if len(name) > 255 || !utf8.ValidString(name) || strings.ContainsAny(name, `/\`) || strings.ContainsFunc(name, unicode.IsControl) || name == "." || name == ".." {
		return "", parameter("header", "X-File-Name")
	}
	return name, nil
}
