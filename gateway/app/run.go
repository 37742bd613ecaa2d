package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// run works until ctx ends or a part of the house fails, then stops in order:
// no new request, the requests at work are finished, the outbox and the
// pumps record what is under way, the database is closed. The whole stop is
// bounded by StopWithin.
func (h *house) run(ctx context.Context, ready func() error) error {
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	failed := make(chan error, 3)
	var workers sync.WaitGroup
	start := func(name string, part func(context.Context) error) {
		workers.Go(func() {
			if err := part(work); err != nil {
				err = fmt.Errorf("%s: %w", name, err)
				select {
				case failed <- err:
				default: // another part failed first and is stopping the house
					h.logger.Error("part of the gateway failed", "error", err)
				}
			}
		})
	}
	start("outbox", h.engine.Run)
	start("rematch", h.rematch)
	start("facts", h.rematchFacts)
	start("deadlines", h.remindDeadlines)
	start("notices", h.roundNotices)
	start("documents", h.rematchNotices)
	start("codes", h.followCodes)
	start("port charges", h.desk.FollowFees)
	for _, p := range h.pumps {
		start("inbox", p.Run)
	}
	start("inboxes of endpoints", h.endpointPumps.Run)
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := h.serve(); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("api: %w", err)
		}
	}()
	err := ready()
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
		}
	}
	h.logger.Info("stopping")
	stopped := make(chan error, 1)
	go func() { stopped <- h.stop(stopWork, &workers, served, failed) }()
	timer := time.NewTimer(h.cfg.StopWithin)
	defer timer.Stop()
	select {
	case stopErr := <-stopped:
		h.logger.Info("stopped")
		return errors.Join(err, stopErr)
	case <-timer.C:
		return errors.Join(err, fmt.Errorf("stop took longer than %s; nothing accepted is lost, the leases end by themselves", h.cfg.StopWithin))
	}
}

func (h *house) serve() error {
	if h.cfg.TLSCert != "" {
		return h.server.ServeTLS(h.listener, h.cfg.TLSCert, h.cfg.TLSKey)
	}
	return h.server.Serve(h.listener)
}

// stop goes through the house from the street to the cellar.
func (h *house) stop(stopWork func(), workers *sync.WaitGroup, served <-chan struct{}, failed <-chan error) error {
	finish, cancel := context.WithTimeout(context.Background(), h.cfg.StopWithin*3/10)
	defer cancel()
	if err := h.server.Shutdown(finish); err != nil {
		h.logger.Warn("requests cut off", "error", errors.Join(err, h.server.Close()))
	}
	<-served
	stopWork()
	workers.Wait()
	h.transport.CloseIdleConnections()
	h.endpoints.close()
	var err error
	select {
	case err = <-failed:
	default:
	}
	return errors.Join(err, h.store.Close(), h.freeOwner())
}

// version is of the module, or of the commit that the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return info.Main.Version
}

// rematchEvery is how often kept receipts are tried again; what a receipt
// brings is matched at once, this is for what a crash left between two commits.
const rematchEvery = 30 * time.Second

// rematch works until ctx ends; a failure is only logged, the next round comes.
func (h *house) rematch(ctx context.Context) error {
	for {
		n, err := h.desk.Rematch(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			h.logger.Warn("kept receipts were not tried again", "error", err)
		case n > 0:
			h.logger.Info("kept receipts found their declaration", "declarations", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(rematchEvery):
		}
	}
}
