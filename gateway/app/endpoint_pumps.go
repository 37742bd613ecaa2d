package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"kouan/gateway/desk"
	"kouan/gateway/inbox"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/filedrop"
	"kouan/port-adapters/sftp"
)

// endpointPumps hears what partners write into the folders of their endpoints:
// one pump each, begun and ended as the endpoints are made, disabled and
// deleted. The channel of an endpoint in the ledger is its receiver.
type endpointPumps struct {
	wires *endpointWires
	pump  func(channel string, every time.Duration, s inbox.Scanner) *inbox.Pump
	every time.Duration // between two scans of a folder

	running map[string]context.CancelFunc // by endpoint
	work    sync.WaitGroup
}

const (
	followEvery  = 5 * time.Second        // endpoints that other processes changed
	followChange = 200 * time.Millisecond // those that this process changed
	// remoteScans is how much rarer a server of somebody else is asked than a
	// folder of this machine.
	remoteScans = 3
	scanRest    = time.Minute // longest pause after scans that failed
)

// Run follows the endpoints until ctx ends, and then waits for its pumps. It returns nil.
func (p *endpointPumps) Run(ctx context.Context) error {
	p.running = map[string]context.CancelFunc{}
	defer p.work.Wait()
	var next time.Time
	seen := int64(-1)
	ticker := time.NewTicker(followChange)
	defer ticker.Stop()
	for {
		if now, changes := p.wires.clock(), p.wires.desk.EndpointChanges(); changes != seen || !now.Before(next) {
			if err := p.follow(ctx); err != nil && ctx.Err() == nil {
				p.wires.logger.Warn("the endpoints whose folders are heard were not read", "error", err)
			}
			seen, next = changes, now.Add(followEvery)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// follow begins the pumps of endpoints that are new and ends those of
// endpoints that are gone.
func (p *endpointPumps) follow(ctx context.Context) error {
	rows, err := p.wires.store.ActiveEndpoints(ctx)
	if err != nil {
		return err
	}
	active := map[string]bool{}
	for i := range rows {
		e := &rows[i]
		scanner, every := p.scanner(e)
		if scanner == nil {
			continue
		}
		if active[e.ID] = true; p.running[e.ID] == nil {
			p.begin(ctx, e.ID, p.pump(store.ReceiverOf(e.ID), every, scanner))
		}
	}
	for id, stop := range p.running {
		if !active[id] {
			stop()
			delete(p.running, id)
		}
	}
	return nil
}

func (p *endpointPumps) begin(ctx context.Context, id string, pump *inbox.Pump) {
	work, stop := context.WithCancel(ctx)
	p.running[id] = stop
	p.work.Go(func() {
		defer stop()
		if err := pump.Run(work); err != nil {
			p.wires.logger.Error("the folder of an endpoint is no longer heard", "endpoint", id, "error", err)
		}
	})
}

// scanner looks into the folder of an endpoint, so often; nil: no files come over its wire.
func (p *endpointPumps) scanner(e *store.Endpoint) (inbox.Scanner, time.Duration) {
	one := restingScanner{wires: p.wires, id: e.ID}
	switch e.Wire {
	case desk.WireFiledrop:
		return &endpointFolder{restingScanner: one}, p.every
	case desk.WireSFTP:
		var s sftpSettings
		if settings(e, &s) == nil && s.Answers != "" {
			return &endpointServer{restingScanner: one}, remoteScans * p.every
		}
	}
	return nil, 0
}

// restingScanner looks into the folder of an endpoint, whatever its wire is by
// now. After a failure it rests, longer each time.
type restingScanner struct {
	wires  *endpointWires
	id     string
	failed int // in a row
}

func (s *restingScanner) look(ctx context.Context, scan func(portadapters.Adapter) ([]filedrop.File, error)) ([]filedrop.File, error) {
	if s.failed > 0 {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(time.Second<<min(s.failed-1, 6), scanRest)):
		}
	}
	s.failed++
	e, err := s.wires.find(ctx, s.id)
	if err != nil {
		return nil, err
	}
	var files []filedrop.File
	if e.adapter != nil { // nil: no longer active
		files, err = scan(e.adapter)
	}
	if err == nil {
		s.failed = 0
	}
	return files, err
}

// endpointFolder is a folder of this machine.
type endpointFolder struct {
	restingScanner
	files filedrop.Scanner
}

var _ inbox.Scanner = (*endpointFolder)(nil)

// Scan returns the finished files.
func (s *endpointFolder) Scan(ctx context.Context) ([]filedrop.File, error) {
	return s.look(ctx, func(to portadapters.Adapter) ([]filedrop.File, error) {
		a, ok := to.(*filedrop.Terminal)
		if !ok {
			return nil, fmt.Errorf("endpoint %s has no folder", s.id)
		}
		s.files.Root, s.files.Terminal = a.Root, true
		return s.files.Scan(ctx)
	})
}

// endpointServer is a directory of an SFTP server, over the same connections
// as the deliveries to it.
type endpointServer struct {
	restingScanner
	files sftp.Scanner
}

var (
	_ inbox.Scanner = (*endpointServer)(nil)
	_ inbox.Fetcher = (*endpointServer)(nil)
)

// Scan returns the finished files.
func (s *endpointServer) Scan(ctx context.Context) ([]filedrop.File, error) {
	return s.look(ctx, func(to portadapters.Adapter) ([]filedrop.File, error) {
		a, ok := to.(*sftp.Adapter)
		if !ok {
			return nil, fmt.Errorf("endpoint %s has no SFTP server", s.id)
		}
		s.files.Host, s.files.Directory, s.files.Clock = a.Host, a.Answers, s.wires.clock
		return s.files.Scan(ctx)
	})
}

// Fetch reads a file again. It is never called during a Scan.
func (s *endpointServer) Fetch(ctx context.Context, f filedrop.File) ([]byte, error) {
	return s.files.Fetch(ctx, f)
}
