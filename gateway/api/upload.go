package api

import (
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kouan/gateway/store"
)

// readUpload is GET /api/v1/uploads/{id}: the answer again, as it was given.
func (s *server) readUpload(w http.ResponseWriter, r *http.Request) error {
	u, err := s.uploadOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("Vary", "Accept-Language")
	s.write(w, r, http.StatusOK, typeJSON, u.Results)
	return nil
}

// refusedRows is GET /api/v1/uploads/{id}/refused: the refused rows as a file.
func (s *server) refusedRows(w http.ResponseWriter, r *http.Request) error {
	u, err := s.uploadOf(r)
	if err != nil {
		return err
	}
	p := callOf(r.Context()).principal
	part, err := s.Desk.RefusedPart(r.Context(), p, u.ID, 0)
	if err != nil {
		return err
	}
	if part == nil {
		return errNoRoute // nothing was refused
	}
	h := w.Header()
	h.Set("Content-Type", typeCSV+"; charset=utf-8")
	switch u.Format {
	case "xlsx":
		h.Set("Content-Type", typeXLSX)
	case "json":
		h.Set("Content-Type", typeJSON)
	}
	h.Set("Content-Disposition", `attachment; filename="refused-`+u.ID+`.`+u.Format+`"`)
	w.WriteHeader(http.StatusOK)
	for n := 1; part != nil; n++ {
		if _, err := w.Write(part); err != nil {
			s.Logger.DebugContext(r.Context(), "client went away", "route", callOf(r.Context()).name(), "error", err)
			return nil
		}
		if part, err = s.Desk.RefusedPart(r.Context(), p, u.ID, n); err != nil {
			// The head is out: a cut connection is the only way to say that the file is not whole.
			s.Logger.ErrorContext(r.Context(), "refused rows cut off", "upload", u.ID, "error", err)
			panic(http.ErrAbortHandler)
		}
	}
	return nil
}

func (s *server) uploadOf(r *http.Request) (store.Upload, error) {
	if _, err := query(r); err != nil {
		return store.Upload{}, err
	}
	return s.Desk.Upload(r.Context(), callOf(r.Context()).principal, r.PathValue("id"))
}

func describeUpload(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "id", "Id of the upload", anyText))
	op.Responses["200"] = s.described("The answer that the upload got", typeJSON, s.schema(reflect.TypeFor[Upload]()))
}

func describeRefused(s *server, op *huma.Operation) {
	op.Parameters = append(op.Parameters, parameterOf("path", "id", "Id of the upload", anyText))
	op.Responses["200"] = s.described("The refused rows in the format that came, with a column more that says what is wrong; it is passed over when the file is sent again; of an array of JSON the refused elements as they stood", typeCSV, anyText)
	op.Responses["200"].Content[typeXLSX] = &huma.MediaType{Schema: anyBytes}
	op.Responses["200"].Content[typeJSON] = &huma.MediaType{Schema: anyText}
}
