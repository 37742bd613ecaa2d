package app

import (
	"log/slog"

	"kouan/declarations"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// newDesk is the one place where the front office gets its clock, ids and profiles.
func newDesk(c *console, s *store.Store, routes declarations.Table, wake func()) *desk.Desk {
	return &desk.Desk{
		Store: s, Routes: routes, Profiles: desk.Profiles(),
		Clock: c.clock, NewID: c.newID, Wake: wake, Logger: slog.New(slog.DiscardHandler), Random: c.random,
		Formats: letterFormats(), Readers: documentReaders(c.clock),
	}
}

// desk serves a command that is not a running gateway: the outbox of
// one that runs finds by itself what the command leaves waiting.
func (c *console) desk(s *store.Store) *desk.Desk { return newDesk(c, s, nil, func() {}) }
