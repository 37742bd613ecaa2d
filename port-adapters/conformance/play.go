package conformance

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	portadapters "kouan/port-adapters"
)

// letter is one message, ready to be sent.
type letter struct {
	id, kind, subject string
	sequence          int64
	contentType       string
	body              []byte
}

// signer signs with a secret; without one with a random one, because a
// receiver that verifies nothing must be told apart by its owner.
func signer(secret string, random io.Reader) (func(string, time.Time, []byte) (string, error), error) {
	if secret == "" {
		raw := make([]byte, 32)
		if random == nil {
			random = rand.Reader
		}
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("make a secret: %w", err)
		}
		secret = base64.StdEncoding.EncodeToString(raw)
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, ErrSecret
	}
	return hook.Sign, nil
}

// ErrSecret says that a secret is not whsec_ and Base64; it does not repeat it.
var ErrSecret = errors.New("the secret is not whsec_ and Base64")

// headers of a delivery (Standard Webhooks, push-and-errors.md 2.1).
func (p *player) headers(l *letter, at time.Time) (map[string]string, error) {
	signature, err := p.sign(l.id, at, l.body)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", l.id, err)
	}
	sum := sha256.Sum256(l.body)
	return map[string]string{
		"Content-Type":                          l.contentType,
		"Content-Digest":                        "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":",
		standardwebhooks.HeaderWebhookID:        l.id,
		standardwebhooks.HeaderWebhookTimestamp: strconv.FormatInt(at.Unix(), 10),
		standardwebhooks.HeaderWebhookSignature: signature,
		"X-Notification-Id":                     l.id,
		"X-Notification-Type":                   l.kind,
		"X-Sequence":                            strconv.FormatInt(l.sequence, 10),
		"X-Subject":                             l.subject,
		"X-Conformance-Test":                    "true",
	}, nil
}

// answer is what came of one call.
type answer struct {
	status int // 0: none
	took   time.Duration
	err    error
}

func (a *answer) taken() bool { return a.status >= 200 && a.status <= 299 }

// refused is an answer that blames the message: any other 4xx than those that
// ask to come again.
func (a *answer) refused() bool {
	switch a.status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	}
	return a.status >= 400 && a.status <= 499
}

// send delivers a letter; twist changes what is wrong with it, if anything.
func (p *player) send(ctx context.Context, l *letter, twist ...func(map[string]string)) answer {
	return p.sendAt(ctx, l, p.o.Clock(), twist...)
}

func (p *player) sendAt(ctx context.Context, l *letter, at time.Time, twist ...func(map[string]string)) answer {
	headers, err := p.headers(l, at)
	if err != nil {
		return answer{err: err}
	}
	for _, t := range twist {
		t(headers)
	}
	begun := p.o.Clock()
	resp, err := portadapters.Call(ctx, p.client.R().SetHeaders(headers).SetBody(l.body), http.MethodPost, p.o.URL)
	a := answer{took: p.o.Clock().Sub(begun), err: err}
	if resp != nil && resp.RawResponse != nil {
		a.status = resp.StatusCode()
	}
	return a
}

// sendSlowly gives the body in small pieces. It does not go through the
// client of the wires, which takes a body into memory before it sends it.
func (p *player) sendSlowly(ctx context.Context, l *letter, long time.Duration) answer {
	headers, err := p.headers(l, p.o.Clock())
	if err != nil {
		return answer{err: err}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.o.URL, &dripping{ctx: ctx, body: bytes.NewReader(l.body), pieces: 20, wait: long / 20, size: len(l.body)/20 + 1})
	if err != nil {
		return answer{err: err}
	}
	request.ContentLength = int64(len(l.body))
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	client := &http.Client{Transport: p.o.Transport, Timeout: long + portadapters.DefaultTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	begun := p.o.Clock()
	resp, err := client.Do(request)
	a := answer{took: p.o.Clock().Sub(begun) - long, err: err}
	if err != nil {
		return a
	}
	defer resp.Body.Close()
	a.status = resp.StatusCode
	return a
}

// dripping is a body that takes its time.
type dripping struct {
	ctx    context.Context
	body   *bytes.Reader
	pieces int
	size   int
	wait   time.Duration
}

// Read gives one piece.
func (d *dripping) Read(into []byte) (int, error) {
	if d.body.Len() == 0 {
		return 0, io.EOF
	}
	timer := time.NewTimer(d.wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
	return d.body.Read(into[:min(len(into), d.size)])
}

// found describes an answer to people: its status, or why there was none.
func (a *answer) found() (string, map[string]string) {
	if a.status != 0 {
		return "status", map[string]string{"status": strconv.Itoa(a.status) + " " + http.StatusText(a.status)}
	}
	return "no_answer", map[string]string{"reason": strings.ReplaceAll(a.err.Error(), "\n", "; ")}
}

// judged is green when good, else the grade, with what was found.
func (a *answer) judged(good bool, otherwise Grade) finding {
	f := finding{grade: Green}
	if !good {
		f.grade = otherwise
	}
	f.found, f.args = a.found()
	return f
}
