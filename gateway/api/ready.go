package api

import (
	"context"
	"net/http"
)

// Readiness tells which of the things that the gateway stands on work.
type Readiness struct {
	Status string            `json:"status" enum:"ready,unavailable"`
	Checks map[string]string `json:"checks" doc:"database, outbox: ok or failing; why stands in the log"`
}

// livez says that the process answers, and nothing about what it stands on:
// a restart does not mend a database.
func (s *server) livez(w http.ResponseWriter, r *http.Request) error {
	s.write(w, r, http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
	return nil
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) error {
	out := Readiness{Status: "ready", Checks: map[string]string{}}
	status := http.StatusOK
	for _, c := range []struct {
		name  string
		check func(context.Context) error
	}{{"database", s.Store}, {"outbox", s.Outbox}} {
		if c.check == nil {
			continue
		}
		out.Checks[c.name] = "ok"
		if err := c.check(r.Context()); err != nil {
			s.Logger.WarnContext(r.Context(), "not ready", "check", c.name, "error", err)
			out.Checks[c.name], out.Status, status = "failing", "unavailable", http.StatusServiceUnavailable
		}
	}
	s.write(w, r, status, typeJSON, marshal(&out))
	return nil
}
