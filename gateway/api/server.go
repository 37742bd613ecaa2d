package api

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of a connection (promises.md). A request must come in within
// readLimit; the answer must be taken within writeLimit of its first byte,
// which is longer than the deadline of a request.
const (
	readHeaderLimit = 5 * time.Second
	readLimit       = 30 * time.Second
	writeLimit      = 75 * time.Second
	idleLimit       = 2 * time.Minute
	maxHeaderBytes  = 16 << 10
)

type stopKey struct{}

// Server is an http.Server with the limits of the surface. Event streams end
// when its Shutdown begins; everything else is finished.
func Server(handler http.Handler) *http.Server {
	stop := make(chan struct{})
	base := context.WithValue(context.Background(), stopKey{}, (<-chan struct{})(stop))
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderLimit,
		ReadTimeout:       readLimit,
		WriteTimeout:      writeLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    maxHeaderBytes,
		BaseContext:       func(net.Listener) context.Context { return base },
	}
	srv.RegisterOnShutdown(sync.OnceFunc(func() { close(stop) }))
	return srv
}

// stopping is closed when the server begins to stop; nil, which never is,
// under a server that Server did not make.
func stopping(ctx context.Context) <-chan struct{} {
	stop, ok := ctx.Value(stopKey{}).(<-chan struct{})
	if !ok {
		return nil
	}
	return stop
}
