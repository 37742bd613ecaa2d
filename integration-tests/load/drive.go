package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// driver is C clients that each send one document after the other for a while.
type driver struct {
	url, key, contentType string
	clients               int
	duration              time.Duration
	document              func(ref string) []byte
	prefix                string // of the client references, unique per run
}

type driven struct {
	accepted, refused, failed int
	perSecond                 float64
	p50, p99, longest         time.Duration
	firstError                string
}

func drive(ctx context.Context, d driver) driven {
	transport := &http.Transport{MaxIdleConnsPerHost: d.clients, MaxConnsPerHost: d.clients}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	var (
		mu    sync.Mutex
		all   []time.Duration
		total driven
		wg    sync.WaitGroup
	)
	start := time.Now()
	deadline := start.Add(d.duration)
	for c := range d.clients {
		wg.Go(func() {
			var mine driven
			var times []time.Duration
			for n := 0; time.Now().Before(deadline); n++ {
				ref := fmt.Sprintf("%s%03d%06d", d.prefix, c, n)
				began := time.Now()
				status, err := d.send(ctx, client, ref)
				times = append(times, time.Since(began))
				switch {
				case err != nil:
					mine.failed++
					mine.firstError = err.Error()
				case status == http.StatusCreated:
					mine.accepted++
				default:
					mine.refused++
					mine.firstError = fmt.Sprintf("status %d", status)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, times...)
			total.accepted += mine.accepted
			total.refused += mine.refused
			total.failed += mine.failed
			if mine.firstError != "" {
				total.firstError = mine.firstError
			}
		})
	}
	wg.Wait()
	total.perSecond = float64(total.accepted) / time.Since(start).Seconds()
	if len(all) > 0 {
		slices.Sort(all)
		total.p50, total.p99, total.longest = all[len(all)/2], all[len(all)*99/100], all[len(all)-1]
	}
	return total
}

func (d driver) send(ctx context.Context, client *http.Client, ref string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(d.document(ref)))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", d.contentType)
	if d.key != "" {
		req.Header.Set("Authorization", "Bearer "+d.key)
		req.Header.Set("Idempotency-Key", ref)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}
