package sandbox

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"kouan/port-adapters/sandbox/magic"
)

// hugeAnswer is how much magic.Huge answers: far above what a client reads.
const hugeAnswer = 64 << 20

// conclude says what came of a message, or misbehaves as its script says.
func (h *TerminalWebhook) conclude(w http.ResponseWriter, r *http.Request, v handling) {
	switch v.outcome {
	case conflict:
		h.say(w, http.StatusConflict, "another document has this id")
	case refused:
		h.turnAway(w, r, v.script)
	case duplicate:
		w.Header().Set(headerDuplicate, "true")
		if v.script == magic.Huge {
			h.flood(w)
			return
		}
		h.say(w, http.StatusOK, "taken before")
	default:
		h.confirm(w, r, v.script)
	}
}

// turnAway answers a message that is not taken.
func (h *TerminalWebhook) turnAway(w http.ResponseWriter, r *http.Request, s magic.Script) {
	switch s {
	case magic.Redirects:
		w.Header().Set("Location", "http://"+r.Host+"/sandbox/redirected")
		h.say(w, http.StatusFound, "elsewhere")
	case magic.Gone:
		h.say(w, http.StatusGone, "gone")
	case magic.Refuses:
		h.say(w, http.StatusNotFound, "nobody here")
	case magic.Busy:
		w.Header().Set("Retry-After", itoa(int64((or(h.Terminal.RetryAfter, DefaultRetryAfter)+time.Second-1)/time.Second)))
		h.say(w, http.StatusTooManyRequests, "too many")
	case magic.Down:
		h.say(w, http.StatusServiceUnavailable, "down")
	case magic.BreaksTLS:
		h.fails.Next(1)
		h.alert(w)
	default:
		h.say(w, http.StatusInternalServerError, "out of order")
	}
}

// confirm answers a message that was taken for the first time.
func (h *TerminalWebhook) confirm(w http.ResponseWriter, r *http.Request, s magic.Script) {
	late := or(h.Terminal.LateBy, DefaultLateBy)
	switch s {
	case magic.Late:
		pause(r.Context(), late)
		h.say(w, http.StatusOK, "taken")
	case magic.Drips:
		h.drip(w, r, late)
	case magic.Huge:
		h.flood(w)
	case magic.HalfClose:
		panic(http.ErrAbortHandler) // closes the connection, by the contract of net/http
	default:
		h.say(w, http.StatusOK, "taken")
	}
}

// drip gives one octet at a time, the status line first.
func (h *TerminalWebhook) drip(w http.ResponseWriter, r *http.Request, long time.Duration) {
	const octets = 40
	out := http.NewResponseController(w)
	w.Header().Set("X-Sandbox", "true")
	for range octets {
		if _, err := w.Write([]byte{'.'}); err != nil || out.Flush() != nil {
			return // the gateway had enough
		}
		if pause(r.Context(), long/octets); r.Context().Err() != nil {
			return
		}
	}
}

// flood answers more than anybody reads.
func (h *TerminalWebhook) flood(w http.ResponseWriter) {
	w.Header().Set("X-Sandbox", "true")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	line := bytes.Repeat([]byte(mark+" "), 4096)
	for sent := 0; sent < hugeAnswer; sent += len(line) {
		if _, err := w.Write(line); err != nil {
			return // the gateway had enough
		}
	}
}

// alert sends a fatal TLS alert (handshake_failure) where HTTP is expected: on
// a plain connection that is no answer, and on an encrypted one the next
// handshake fails as well.
func (h *TerminalWebhook) alert(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2 cannot be taken over
		panic(http.ErrAbortHandler)
	}
	_, err = conn.Write([]byte{21, 3, 3, 0, 2, 2, 40})
	if err = errors.Join(err, conn.Close()); err != nil {
		h.Terminal.log().Debug("sandbox terminal: alert not written", "error", err)
	}
}

// TLSFails makes the next handshakes of a server fail; Wrap puts it into the
// configuration of the server.
type TLSFails struct{ left atomic.Int32 }

// Next makes n handshakes fail.
func (f *TLSFails) Next(n int) { f.left.Store(int32(n)) }

var errHandshake = errors.New("sandbox: this handshake fails by script")

// Wrap returns a configuration whose handshakes fail while it is so.
func (f *TLSFails) Wrap(c *tls.Config) *tls.Config {
	c = c.Clone()
	c.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		for n := f.left.Load(); n > 0; n = f.left.Load() {
			if f.left.CompareAndSwap(n, n-1) {
				return nil, errHandshake
			}
		}
		return nil, nil // the configuration as it is
	}
	return c
}
