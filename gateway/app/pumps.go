package app

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"kouan/gateway/desk"
	"kouan/gateway/inbox"
	"kouan/port-adapters/filedrop"
)

// newPumps watches the folder of every channel that answers by files.
func (h *house) newPumps(c *console, registry prometheus.Registerer) []*inbox.Pump {
	metrics := inbox.NewMetrics(registry)
	var pumps []*inbox.Pump
	for i := range h.cfg.Channels {
		ch := &h.cfg.Channels[i]
		if ch.Wire != wireFiledrop {
			continue
		}
		pumps = append(pumps, &inbox.Pump{
			Channel: ch.Name, Scanner: &filedrop.Scanner{Root: ch.Folder, Business: ch.Business},
			Desk: hearing{h.desk}, Ledger: h.store, Clock: h.clock, Rand: c.jitter,
			Interval: h.cfg.ScanEvery, Logger: h.logger, Metrics: metrics,
		})
	}
	return pumps
}

// hearing is the desk as the pumps see it.
type hearing struct{ desk *desk.Desk }

var _ inbox.Desk = hearing{}

// HearFile hands a file on.
func (h hearing) HearFile(ctx context.Context, f inbox.File) (inbox.Outcome, error) {
	out, err := h.desk.HearFile(ctx, desk.DropFile{Channel: f.Channel, Name: f.Name, SHA256: f.SHA256, Body: f.Body,
		Rejected: f.Rejected, Tries: f.Tries, RetryAt: f.RetryAt})
	return inbox.Outcome(out), err
}
