package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/go-resty/resty/v2"
)

// receivers are all endpoints, each with a server of its own. They answer 200
// at once and remember what came in which order.
type receivers struct {
	urls    []string
	servers []*http.Server

	mu     sync.Mutex
	seen   map[string]time.Time // first arrival by id
	last   map[string]int64     // sequence by path and subject
	double int
	wrong  []string
	latest time.Time
}

func receive(ctx context.Context, n int) (*receivers, error) {
	r := &receivers{last: map[string]int64{}}
	r.reset()
	for range n {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			r.close()
			return nil, fmt.Errorf("listen for endpoints: %w", err)
		}
		server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: r}
		r.urls, r.servers = append(r.urls, "http://"+l.Addr().String()), append(r.servers, server)
		go server.Serve(l) //nolint:errcheck // returns ErrServerClosed
	}
	return r, nil
}

func (r *receivers) close() {
	for _, server := range r.servers {
		server.Close() //nolint:errcheck // nothing is under way
	}
}

// reset forgets what came; the lines go on where they were.
func (r *receivers) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen, r.double, r.wrong = map[string]time.Time{}, 0, nil
}

// ServeHTTP takes a message. Of a line the next number is in order, one that
// was there before is a double, everything else is wrong.
func (r *receivers) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		http.Error(w, "read", http.StatusBadRequest)
		return
	}
	now := time.Now()
	id, line := req.Header.Get("webhook-id"), req.Host+" "+req.Header.Get("X-Subject")
	if id == "" { // of the bare loop
		return
	}
	n, err := strconv.ParseInt(req.Header.Get("X-Sequence"), 10, 64)
	if err != nil {
		http.Error(w, "sequence", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, again := r.seen[id]; again {
		r.double++
		return
	}
	if n != r.last[line]+1 {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: %d after %d", line, n, r.last[line]))
	}
	r.seen[id], r.last[line], r.latest = now, n, now
}

func (r *receivers) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen)
}

func (r *receivers) wait(ctx context.Context, n int, within time.Duration) error {
	deadline := time.Now().Add(within)
	for r.count() < n {
		if time.Now().After(deadline) {
			return fmt.Errorf("%d of %d arrived within %s", r.count(), n, within)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

type arrived struct {
	p50, p99, longest time.Duration
	last              time.Time
	disorder, doubles int
}

func (r *receivers) result(committed map[string]int64) arrived {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]time.Duration, 0, len(committed))
	for id, at := range committed {
		all = append(all, max(0, r.seen[id].Sub(time.Unix(0, at)))) // the engine may be faster than the one who committed
	}
	slices.Sort(all)
	return arrived{p50: all[len(all)/2], p99: all[len(all)*99/100], longest: all[len(all)-1], last: r.latest, disorder: len(r.wrong), doubles: r.double}
}

// postFloor is what a loop of POSTs with resty alone can do to the same
// servers: 16 callers, the same bytes, nothing stored.
func postFloor(ctx context.Context, urls []string, d time.Duration) (float64, error) {
	client := resty.New()
	client.SetTransport(&http.Transport{MaxIdleConnsPerHost: 16})
	body := make([]byte, eventBytes)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var failed error
	total := 0
	deadline := time.Now().Add(d)
	for c := range 16 {
		wg.Go(func() {
			n := c
			for time.Now().Before(deadline) {
				resp, err := client.R().SetContext(ctx).SetHeader("Content-Type", "application/json").SetBody(body).Post(urls[n%len(urls)])
				if err == nil && !resp.IsSuccess() {
					err = errors.New(resp.Status())
				}
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				n++
			}
			mu.Lock()
			total += n - c
			mu.Unlock()
		})
	}
	wg.Wait()
	if failed != nil {
		return 0, fmt.Errorf("post floor: %w", failed)
	}
	return float64(total) / d.Seconds(), nil
}
