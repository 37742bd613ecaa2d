package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config of a running sandbox.
type Config struct {
	Addr        string   // of the dxp wire; "": 127.0.0.1 with a free port
	Customs     *Customs // nil: the defaults
	CallbackURL string   // where dxp answers are posted; may be given later by Sandbox.Callback.To
	CallbackKey string   // bearer key
	FileRoot    string   // of the import client's folders; "": that wire is off
	Business    string   // folder below FileRoot
}

// Sandbox is customs on its wires.
type Sandbox struct {
	Customs  *Customs
	Callback *Callback
	Addr     string // host:port that is listened on
	URL      string // to deliver to over dxp

	done sync.WaitGroup
}

// Run starts customs on the wires of cfg and returns; everything ends with
// ctx. Wait waits until it has.
func Run(ctx context.Context, cfg Config) (*Sandbox, error) {
	s := &Sandbox{Customs: cfg.Customs, Callback: &Callback{}}
	if s.Customs == nil {
		s.Customs = &Customs{}
	}
	if cfg.CallbackURL != "" {
		if err := s.Callback.To(cfg.CallbackURL, cfg.CallbackKey); err != nil {
			return nil, err
		}
	}
	files := &FileClient{Customs: s.Customs, Root: cfg.FileRoot, Business: cfg.Business}
	if cfg.FileRoot != "" {
		if err := files.MakeFolders(); err != nil {
			return nil, err
		}
	}
	addr := cfg.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s.Addr = listener.Addr().String()
	s.URL = "http://" + s.Addr + "/dxp"
	s.Customs.Start(ctx)
	s.serve(ctx, listener)
	if cfg.FileRoot != "" {
		s.done.Go(func() {
			if err := files.Run(ctx); err != nil {
				s.Customs.log().Error("sandbox: import client ended", "error", err)
			}
		})
	}
	return s, nil
}

// serve ends held answers with ctx, because requests inherit it.
func (s *Sandbox) serve(ctx context.Context, listener net.Listener) {
	server := &http.Server{
		Handler:           s.Customs.Handler(s.Callback.Reply),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
	serve(ctx, &s.done, server, listener, s.Customs.log())
}

// serve runs server until ctx ends, then lets it finish for a moment.
func serve(ctx context.Context, done *sync.WaitGroup, server *http.Server, listener net.Listener, log *slog.Logger) {
	done.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("sandbox: server ended", "address", listener.Addr().String(), "error", err)
		}
	})
	done.Go(func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if err := server.Shutdown(grace); err != nil {
			log.Debug("sandbox: server closed hard", "error", errors.Join(err, server.Close()))
		}
	})
}

// Wait returns when the sandbox has ended.
func (s *Sandbox) Wait() {
	s.done.Wait()
	s.Customs.Wait()
	s.Callback.Close()
}
