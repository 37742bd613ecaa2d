package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/desk"
	"kouan/gateway/inbox"
	"kouan/gateway/store"
	"kouan/port-adapters/filedrop"
)

// newPumps watches the folder of every channel that answers by files, and
// those of partners' endpoints.
func (h *house) newPumps(c *console, registry prometheus.Registerer) ([]*inbox.Pump, *endpointPumps) {
	metrics := inbox.NewMetrics(registry)
	pump := func(channel string, every time.Duration, s inbox.Scanner) *inbox.Pump {
		return &inbox.Pump{Channel: channel, Scanner: s, Desk: hearing{h.desk}, Ledger: h.store, Clock: h.clock, Rand: c.jitter,
			Interval: every, Logger: h.logger, Metrics: metrics}
	}
	var pumps []*inbox.Pump
	for i := range h.cfg.Channels {
		if ch := &h.cfg.Channels[i]; ch.Wire == wireFiledrop {
			pumps = append(pumps, pump(ch.Name, h.cfg.ScanEvery, &filedrop.Scanner{Root: ch.Folder, Business: ch.Business}))
		}
	}
	return pumps, &endpointPumps{wires: h.endpoints, every: h.cfg.ScanEvery, pump: func(channel string, every time.Duration, s inbox.Scanner) *inbox.Pump {
		p := pump(channel, every, s)
		p.ByName = true
		return p
	}}
}

// hearing is the desk as the pumps see it.
type hearing struct{ desk *desk.Desk }

var _ inbox.Desk = hearing{}

// HearFile hands a file on: receipts of customs, or what a partner wrote.
func (h hearing) HearFile(ctx context.Context, f inbox.File) (inbox.Outcome, error) {
	hear := h.desk.HearFile
	if _, ok := store.EndpointOf(f.Channel); ok {
		hear = h.desk.HearTerminalFile
	}
	out, err := hear(ctx, desk.DropFile{Channel: f.Channel, Name: f.Name, SHA256: f.SHA256, Key: f.Key, Body: f.Body,
		Modified: f.Modified, Rejected: f.Rejected, Tries: f.Tries, RetryAt: f.RetryAt})
	return inbox.Outcome(out), err
}
