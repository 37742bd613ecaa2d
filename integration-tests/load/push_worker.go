package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"

	"kouan/gateway/desk"
	"kouan/gateway/outbox"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/webhook"
)

const (
	workerWord = "push-worker"
	eventBytes = 1024
	// committers are the callers that wait for a commit at once when there is no rate.
	committers = 64
)

// workerMain commits and delivers in a process of its own. It writes a line
// of JSON for each commit, and what it used when its standard input ends.
func workerMain(args []string) error {
	f := flag.NewFlagSet(workerWord, flag.ContinueOnError)
	db, dir, to := f.String("db", "", "database"), f.String("dir", "", "folder of the name for leases"), f.String("to", "", "addresses of the endpoints")
	events, rate := f.Int("events", 0, "pushes to commit"), f.Int("rate", 0, "a second; 0: as fast as it goes")
	subjects := f.Int("subjects", 50, "subjects of each endpoint")
	profile := f.String("profile", "", "CPU profile")
	if err := f.Parse(args); err != nil {
		return err
	}
	ctx := context.Background()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	who, err := outbox.TakeIdentity(*dir, uuid.NewString)
	if err != nil {
		return err
	}
	defer who.Release() //nolint:errcheck // the process ends
	s, err := store.Open(ctx, *db, store.Options{Owner: who.Name, Logger: log})
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // all is said by then
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	addresses := strings.Split(*to, ",")
	w := &committer{store: s, endpoints: len(addresses), subjects: *subjects, out: json.NewEncoder(os.Stdout)}
	if err := w.register(ctx, addresses); err != nil {
		return err
	}
	engine, err := newEngine(s, who.Name, addresses, log)
	if err != nil {
		return err
	}
	w.wake = engine.Wake
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(working) }()
	if *profile != "" {
		to, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer to.Close() //nolint:errcheck // a profile
		if err := pprof.StartCPUProfile(to); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	began := used()
	if err := w.say(said{Ready: true}); err != nil {
		return err
	}
	if err := w.commit(ctx, *events, *rate); err != nil {
		stop()
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil { // until the parent has seen enough
		return err
	}
	last := said{Committed: true, CPU: used() - began, RSS: peak()}
	stop()
	if err := <-ended; err != nil {
		return err
	}
	return w.say(last)
}

// newEngine wires what the gateway wires: the desk, one transport, an adapter
// for each endpoint, found anew for each delivery.
func newEngine(s *store.Store, owner string, to []string, log *slog.Logger) (*outbox.Engine, error) {
	allow, known := make([]string, len(to)), make(map[string]portadapters.Adapter, len(to))
	for i := range to {
		at, err := url.Parse(to[i])
		if err != nil {
			return nil, fmt.Errorf("address of an endpoint: %w", err)
		}
		allow[i] = at.Host
	}
	client := portadapters.NewClient(portadapters.Options{Transport: portadapters.NewTransport(portadapters.Guard{Allow: allow})})
	secrets := []webhook.Secret{{Key: bytes.Repeat([]byte("k"), 32)}}
	for i := range to {
		known[store.ReceiverOf(endpointName(i))] = &webhook.Adapter{Client: client, URL: to[i], Secrets: secrets, NewID: uuid.NewString}
	}
	e := &outbox.Engine{Store: s, Owner: owner, Logger: log}
	e.Resolve = func(receiver string) (portadapters.Adapter, bool) {
		a, ok := known[receiver]
		return a, ok
	}
	e.Desk = &desk.Desk{Store: s, Clock: time.Now, NewID: newID, Wake: e.Wake, Logger: log}
	return e, nil
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

type committer struct {
	store               *store.Store
	endpoints, subjects int
	wake                func()

	mu  sync.Mutex
	out *json.Encoder
}

func (w *committer) say(s said) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Encode(s)
}

const loadPartner = "load"

func endpointName(n int) string { return fmt.Sprintf("e%03d", n) }

func (w *committer) register(ctx context.Context, to []string) error {
	there, err := w.store.Endpoints(ctx, loadPartner)
	if err != nil || len(there) > 0 {
		return err
	}
	var c store.Change
	for n := range to {
		c.Endpoints = append(c.Endpoints, store.Endpoint{ID: endpointName(n), PartnerID: loadPartner, Name: endpointName(n), Wire: "webhook", Format: "json",
			Address: to[n], Types: "declaration.*", Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1})
	}
	return w.store.Commit(ctx, c)
}

var filler = strings.Repeat("x", eventBytes)

func (w *committer) one(ctx context.Context, n int) error {
	id := newID()
	subject := fmt.Sprintf("declaration/d%05d", n/w.endpoints%w.subjects)
	head := `{"type":"declaration.receipt","id":"` + id + `","sequence":`
	tail := `,"data":"` + filler[:eventBytes-len(head)-16] + `"}`
	err := w.store.Commit(ctx, store.Change{Pushes: []store.Push{{ID: id, Tenant: loadPartner, About: subject[len("declaration/"):],
		Receiver: store.ReceiverOf(endpointName(n % w.endpoints)), Subject: subject, Kind: "declaration.receipt", FileName: id,
		ContentType: "application/json", Head: []byte(head), Tail: []byte(tail), At: time.Now().UnixMilli()}}})
	if err != nil {
		return err
	}
	at := time.Now().UnixNano()
	w.wake()
	return w.say(said{ID: id, At: at})
}

func (w *committer) commit(ctx context.Context, events, rate int) error {
	var next atomic.Int64
	failed := make(chan error, committers)
	var wg sync.WaitGroup
	if rate > 0 {
		tick := time.NewTicker(time.Second / time.Duration(rate))
		defer tick.Stop()
		for n := range events {
			<-tick.C
			wg.Go(func() {
				if err := w.one(ctx, n); err != nil {
					select {
					case failed <- err:
					default: // one is enough
					}
				}
			})
		}
	} else {
		for range committers {
			wg.Go(func() {
				for {
					n := int(next.Add(1)) - 1
					if n >= events {
						return
					}
					if err := w.one(ctx, n); err != nil {
						failed <- err
						return
					}
				}
			})
		}
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// used is the CPU time of this process, peak its largest size in bytes.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func peak() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Maxrss << 10
}
