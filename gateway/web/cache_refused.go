package web

import (
	"maps"
	"net/http"
)

// refusedError is the answer to a question that cannot be read: a page with
// its faults beside their fields, for whoever asked, kept for nobody.
type refusedError struct{ rec *recorder }

func (e *refusedError) Error() string { return http.StatusText(e.rec.status) }

func (e *refusedError) write(w http.ResponseWriter) error {
	maps.Copy(w.Header(), e.rec.header)
	w.WriteHeader(e.rec.status)
	_, err := w.Write(e.rec.body.Bytes())
	return err
}
