package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// Answer is an HTTP answer, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Into decodes the body.
func (a Answer) Into(v any) error {
	if err := json.Unmarshal(a.Body, v); err != nil {
		return fmt.Errorf("status %d, body %q: %w", a.Status, a.Body, err)
	}
	return nil
}

// Call sends one request with a bearer key; header pairs follow the body.
func Call(ctx context.Context, method, url, key string, body []byte, header ...string) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	got, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return Answer{}, err
	}
	return Answer{resp.StatusCode, resp.Header, got}, nil
}

// Submit sends a JSON declaration of the reference to base and returns its
// id; any answer but 201 and 200 is an error.
func (d *Deployment) Submit(ctx context.Context, base, ref string) (string, error) {
	a, err := Call(ctx, http.MethodPost, base+"/api/v1/declarations", d.Forwarder, JSONDocument(ref),
		"Content-Type", "application/json", "Idempotency-Key", ref)
	if err != nil {
		return "", err
	}
	if a.Status != http.StatusCreated && a.Status != http.StatusOK {
		return "", fmt.Errorf("submit %s: status %d: %s", ref, a.Status, a.Body)
	}
	var v struct {
		ID string `json:"id"`
	}
	return v.ID, a.Into(&v)
}

// Row is one declaration of a list.
type Row struct {
	ID        string `json:"id"`
	Reference string `json:"reference"`
	Status    string `json:"status"`
}

// Find asks for the declarations of a client reference.
func (d *Deployment) Find(ctx context.Context, base, ref string) ([]Row, error) {
	a, err := Call(ctx, http.MethodGet, base+"/api/v1/declarations?reference="+url.QueryEscape(ref), d.Forwarder, nil)
	if err != nil {
		return nil, err
	}
	if a.Status != http.StatusOK {
		return nil, fmt.Errorf("find %s: status %d: %s", ref, a.Status, a.Body)
	}
	var v struct {
		Items []Row `json:"items"`
	}
	return v.Items, a.Into(&v)
}

// AwaitStatus polls until the reference has the status.
func (d *Deployment) AwaitStatus(ctx context.Context, base, ref, status string, within time.Duration) error {
	deadline := time.Now().Add(within)
	for {
		rows, err := d.Find(ctx, base, ref)
		if err == nil && len(rows) == 1 && rows[0].Status == status {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is not %s after %s: %+v, %w", ref, status, within, rows, errors.Join(err, context.DeadlineExceeded))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Correct sends the reference again with other content, as its next attempt.
func (d *Deployment) Correct(ctx context.Context, base, ref string) error {
	body := bytes.Replace(JSONDocument(ref), []byte("EXAMPLE STAR"), []byte("EXAMPLE MOON"), 1)
	a, err := Call(ctx, http.MethodPost, base+"/api/v1/declarations", d.Forwarder, body, "Content-Type", "application/json")
	if err != nil {
		return err
	}
	if a.Status != http.StatusCreated {
		return fmt.Errorf("correct %s: status %d: %s", ref, a.Status, a.Body)
	}
	return nil
}

// Metric sums the samples of a metric of a running gateway.
func (d *Deployment) Metric(ctx context.Context, base, name string) (float64, error) {
	a, err := Call(ctx, http.MethodGet, base+"/metrics", d.Forwarder, nil)
	if err != nil {
		return 0, err
	}
	sum, found := 0.0, false
	for line := range strings.Lines(string(a.Body)) {
		rest, ok := strings.CutPrefix(line, name)
		if !ok || rest == "" || rest[0] != ' ' && rest[0] != '{' {
			continue
		}
		fields := strings.Fields(line)
		v, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		if err != nil {
			return 0, fmt.Errorf("metric %s: %w", name, err)
		}
		sum, found = sum+v, true
	}
	if !found {
		return 0, fmt.Errorf("no metric %s", name)
	}
	return sum, nil
}
