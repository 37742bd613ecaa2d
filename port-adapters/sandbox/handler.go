package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"kouan/declarations"
	"kouan/port-adapters/dxp"
)

// maxBody bounds an envelope; dxp.Read has the exact limits.
const maxBody = 12 << 20

// Handler is the HTTP side of customs. Answers of the messages that come in
// here go to reply.
//
//	POST /dxp                  one DxpMsg: 200 taken (X-Duplicate: true when known),
//	                           409 other bytes under the id, 413, 415, 422 not an
//	                           envelope, 503 with Retry-After not now
//	GET  /sandbox/deliveries   []Delivery as JSON
//	GET  /sandbox/violations   []Violation as JSON
func (c *Customs) Handler(reply Reply) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /dxp", func(w http.ResponseWriter, r *http.Request) { c.receive(w, r, reply) })
	mux.HandleFunc("GET /sandbox/deliveries", func(w http.ResponseWriter, r *http.Request) { c.list(w, r, c.Deliveries()) })
	mux.HandleFunc("GET /sandbox/violations", func(w http.ResponseWriter, r *http.Request) { c.list(w, r, c.Violations()) })
	return mux
}

func (c *Customs) receive(w http.ResponseWriter, r *http.Request, reply Reply) {
	w.Header().Set("X-Sandbox", "true")
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/xml" && kind != "text/xml" {
		c.say(w, http.StatusUnsupportedMediaType, "send application/xml")
		return
	}
	body, err := read(w, r)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.say(w, http.StatusRequestEntityTooLarge, "envelope too large")
		return
	case err != nil: // the client went away in the middle: nothing was taken
		c.say(w, http.StatusBadRequest, "body broke off")
		return
	}
	e, faults := dxp.Read(body)
	if declarations.Rejected(faults) {
		c.report("not an envelope", r.Header.Get(dxp.HeaderMessageID), faults[0].Code+" "+faults[0].Path)
		c.say(w, http.StatusUnprocessableEntity, "not a DxpMsg: "+faults[0].Code+" "+faults[0].Path)
		return
	}
	if id := r.Header.Get(dxp.HeaderMessageID); id != "" && id != e.CopMsgID {
		c.report("header and envelope name different messages", id, e.CopMsgID)
		c.say(w, http.StatusUnprocessableEntity, "X-Message-Id is not CopMsgId")
		return
	}
	sum := sha256.Sum256(body)
	c.conclude(w, r, c.take(arrival{
		id: e.CopMsgID, name: e.FileName, sender: e.SenderID, wireSHA: hex.EncodeToString(sum[:]), document: e.Data, reply: reply,
	}))
}

// conclude says what came of a message, late or never when it must be so.
func (c *Customs) conclude(w http.ResponseWriter, r *http.Request, v verdict) {
	if v.hold > 0 {
		timer := time.NewTimer(v.hold)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
		}
	}
	if v.drop {
		panic(http.ErrAbortHandler) // closes the connection, by the contract of net/http
	}
	switch v.outcome {
	case stored:
		c.say(w, http.StatusOK, "stored")
	case duplicate:
		w.Header().Set(dxp.HeaderDuplicate, "true")
		c.say(w, http.StatusOK, "stored before")
	case conflict:
		c.say(w, http.StatusConflict, "another document has this message id")
	case refused:
		w.Header().Set("Retry-After", "1")
		c.say(w, http.StatusServiceUnavailable, "not now")
	}
}

// read takes the body in one piece when its length is known and allowed.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limited := http.MaxBytesReader(w, r.Body, maxBody)
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		return io.ReadAll(limited)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(limited, body)
	return body, err
}

func (c *Customs) say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, mark+" "+text+"\n"); err != nil {
		c.log().Debug("sandbox: answer not written", "error", err)
	}
}

func (c *Customs) list(w http.ResponseWriter, _ *http.Request, rows any) {
	w.Header().Set("X-Sandbox", "true")
	w.Header().Set("Content-Type", "application/json")
	if err := json.MarshalWrite(w, rows); err != nil {
		c.log().Debug("sandbox: list not written", "error", err)
	}
}

func (c *Customs) report(kind, id, detail string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.violate(c.now(), kind, id, detail)
}
