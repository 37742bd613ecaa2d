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
	db, dir, to := f.String("db", "", "database"), f.String("dir", "", "folder of the name for leases"), f.String("to", "", "address of the endpoints")
	events, rate := f.Int("events", 0, "pushes to commit"), f.Int("rate", 0, "a second; 0: as fast as it goes")
	endpoints, subjects := f.Int("endpoints", 20, "endpoints"), f.Int("subjects", 50, "subjects of each")
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
	w := &committer{store: s, endpoints: *endpoints, subjects: *subjects, out: json.NewEncoder(os.Stdout)}
	if err := w.register(ctx, *to); err != nil {
		return err
	}
	engine, err := newEngine(s, who.Name, *to, log)
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
func newEngine(s *store.Store, owner, to string, log *slog.Logger) (*outbox.Engine, error) {
	at, err := url.Parse(to)
	if err != nil {
		return nil, fmt.Errorf("address of the endpoints: %w", err)
	}
	client := portadapters.NewClient(portadapters.Options{Transport: portadapters.NewTransport(portadapters.Guard{Allow: []string{at.Host}})})
	secrets := []webhook.Secret{{Key: bytes.Repeat([]byte("k"), 32)}}
	var known sync.Map
	e := &outbox.Engine{Store: s, Owner: owner, Logger: log}
	e.Resolve = func(receiver string) (portadapters.Adapter, bool) {
		id, ok := store.EndpointOf(receiver)
		if !ok {
			return nil, false
		}
		a, _ := known.LoadOrStore(id, &webhook.Adapter{Client: client, URL: to + "/" + id, Secrets: secrets, NewID: uuid.NewString})
		return a.(portadapters.Adapter), true
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

func (w *committer) register(ctx context.Context, to string) error {
	there, err := w.store.Endpoints(ctx, loadPartner)
	if err != nil || len(there) > 0 {
		return err
	}
	var c store.Change
	for n := range w.endpoints {
		c.Endpoints = append(c.Endpoints, store.Endpoint{ID: endpointName(n), PartnerID: loadPartner, Name: endpointName(n), Wire: "webhook", Format: "json",
			Address: to + "/" + endpointName(n), Types: "declaration.*", Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1})
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
