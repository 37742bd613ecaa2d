package app

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	portadapters "kouan/port-adapters"
	"kouan/port-adapters/dxp"
	"kouan/port-adapters/filedrop"
)

// adapters makes the wire of every channel. All HTTP goes over one guarded
// transport, whose exceptions are the hosts that the channels name.
func adapters(channels []Channel, clock func() time.Time, logger *slog.Logger) (map[string]portadapters.Adapter, *http.Transport, error) {
	var allow []string
	for i := range channels {
		allow = append(allow, channels[i].Allow...)
	}
	slices.Sort(allow)
	transport := portadapters.NewTransport(portadapters.Guard{Allow: slices.Compact(allow)})
	client := portadapters.NewClient(portadapters.Options{Transport: transport, Logger: logger})
	wires := make(map[string]portadapters.Adapter, len(channels))
	for i := range channels {
		switch ch := &channels[i]; ch.Wire {
		case wireDXP:
			wires[ch.Name] = &dxp.Adapter{Client: client, URL: ch.URL, SenderID: ch.SenderID, ReceiverID: ch.ReceiverID, Clock: clock}
		case wireFiledrop:
			wires[ch.Name] = &filedrop.Adapter{Root: ch.Folder, Business: ch.Business, Bare: ch.Bare, Clock: clock}
		default:
			return nil, nil, fmt.Errorf("channel %s: wire %q", ch.Name, ch.Wire)
		}
	}
	return wires, transport, nil
}

// changes lets event streams know that something may have happened in this
// process, so that they need not wait for their next look.
type changes struct {
	ch chan chan struct{} // holds the channel that is closed next
}

func newChanges() *changes {
	c := &changes{ch: make(chan chan struct{}, 1)}
	c.ch <- make(chan struct{})
	return c
}

// tell closes the channel that the streams wait on.
func (c *changes) tell() {
	old := <-c.ch
	c.ch <- make(chan struct{})
	close(old)
}

// next is closed by the next tell.
func (c *changes) next() <-chan struct{} {
	now := <-c.ch
	c.ch <- now
	return now
}
