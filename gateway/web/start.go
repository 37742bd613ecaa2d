package web

import "net/http"

func (s *server) start(w http.ResponseWriter, v *visit) error {
	return s.render(w, v, http.StatusOK, "start", "page.start.title", nil)
}
