// Package api is the REST surface: it parses a request, calls the desk, and
// renders what the desk returns.
//
// Contract: one table (route.go) says which routes there are, who may call
// them, how large a body may be; registration, authorisation, the OpenAPI
// description and the tests all come from it. One function (problem.go) turns
// an error into an answer, in the caller's language. A 2xx to something that
// changes is written only after the desk said that the change is durable.
//
// The package does not know SQL, the rules of a declaration, the wires to
// customs or the pages for people.
package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"kouan/declarations/codes"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
)

// Config is what the surface stands on. Desk and Auth are needed; every other
// field has a default.
type Config struct {
	Desk *desk.Desk
	Auth *auth.Authenticator

	Codes *codes.Source // code tables in force; nil: those built in

	BehindProxy bool // the address of a caller is what the proxy in front says

	Store  func(context.Context) error // readiness: database writable, schema fits
	Outbox func(context.Context) error // readiness: the leases of the outbox turn
	// Changed returns a channel that is closed at the next change in this
	// process, so that event streams need not wait for their next poll.
	Changed func() <-chan struct{}

	Metrics *prometheus.Registry // default: one of its own
	Logger  *slog.Logger         // default: discards
	Clock   func() time.Time     // default: time.Now
	Version string               // of the program, shown in the API description

	MaxDeclaration int64         // bytes of a declaration; default 8 MiB
	MaxSheet       int64         // bytes of a table or package; default 64 MiB
	MaxReceipt     int64         // bytes of a receipt; default 3 MiB
	MaxBody        int64         // bytes of any other body; default 1 MiB
	MaxInFlight    int           // requests at once, half of them for one partner; default 512
	MaxStreams     int           // event streams at once, an eighth of them for one partner; default 512
	MaxBuffered    int64         // bytes of bodies held at once; default 64 MiB
	Deadline       time.Duration // of one request; default 30 s
}

func (c Config) withDefaults() (Config, error) {
	if c.Desk == nil || c.Auth == nil {
		return c, errors.New("api: Desk and Auth are needed")
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	orInt(&c.MaxDeclaration, 8<<20)
	orInt(&c.MaxSheet, 64<<20)
	orInt(&c.MaxReceipt, 3<<20)
	orInt(&c.MaxBody, 1<<20)
	orInt(&c.MaxInFlight, 512)
	orInt(&c.MaxStreams, 512)
	orInt(&c.MaxBuffered, 64<<20)
	orInt(&c.Deadline, 30*time.Second)
	return c, nil
}

func orInt[T int | int64 | time.Duration](v *T, normal T) {
	if *v <= 0 {
		*v = normal
	}
}

// server is the state that all requests share.
type server struct {
	Config
	api      huma.API
	mux      *http.ServeMux
	table    []route
	byPath   map[string]*route // "METHOD /path"
	metrics  *metrics
	requests *share // requests at work
	streams  *share // event streams open
	uploads  *share // tables on the disk
	buffered budget // bytes of bodies in memory
	pace     pace
	calm     calm // of replays and test messages
	docs     page
	spec     page
}

// New builds the surface. The handler answers every path: what is not in the
// table of routes gets a problem. It panics on a Config without Desk or Auth
// and on metrics that are registered twice, which are mistakes of wiring.
func New(c Config) (http.Handler, huma.API) {
	s := newServer(c)
	return s.outer(), s.api
}

func newServer(c Config) *server {
	c, err := c.withDefaults()
	if err != nil {
		panic(err)
	}
	s := &server{Config: c, mux: http.NewServeMux(), table: routes, byPath: make(map[string]*route, len(routes)),
		metrics:  newMetrics(c.Metrics),
		requests: newShare(c.MaxInFlight, max(1, c.MaxInFlight/2)),
		streams:  newShare(c.MaxStreams, max(1, c.MaxStreams/8)),
		uploads:  newShare(maxUploads, maxUploads/2),
		buffered: budget{limit: c.MaxBuffered},
		pace:     defaultPace}
	s.register()
	return s
}
