package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"kouan/gateway/store"
	"kouan/i18n"
)

// Event is one entry of the timeline of one of the caller's declarations, as
// it streams by.
type Event struct {
	ID            string `json:"id"`
	DeclarationID string `json:"declaration_id,omitzero" doc:"Absent for whoever has a part in a notice and not in its declaration"`
	Entry
}

// pace says how often a stream does what.
type pace struct {
	poll      time.Duration // look for events
	sweep     time.Duration // look again a little before the newest
	overlap   time.Duration // how much before
	heartbeat time.Duration // comment that keeps the connection open, and look at the key again
	write     time.Duration // deadline of one write: a slower reader is cut
}

var defaultPace = pace{poll: 500 * time.Millisecond, sweep: 2 * time.Second, overlap: 10 * time.Second, heartbeat: 15 * time.Second, write: 10 * time.Second}

// events is GET /api/v1/events.
func (s *server) events(w http.ResponseWriter, r *http.Request) error {
	if _, err := query(r); err != nil {
		return err
	}
	f, err := s.feed(r)
	if err != nil {
		return err
	}
	c := callOf(r.Context())
	st := &stream{pace: s.pace, clock: s.Clock, w: w, control: http.NewResponseController(w), words: i18n.For(c.language())}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy in front must not collect events
	h.Set("Content-Language", string(c.language()))
	h.Set("Vary", "Accept-Language")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	if err := s.follow(r, f, st); err != nil {
		s.Logger.DebugContext(r.Context(), "event stream ended", "error", err)
	}
	return nil // the answer has begun: nothing more can be said about it
}

// follow sends what the feed finds until the reader leaves, is too slow, has
// no key any more, or the server stops.
func (s *server) follow(r *http.Request, f *feed, st *stream) error {
	if err := st.control.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("lift read deadline: %w", err)
	}
	if err := st.send(": " + s.Version + "\n\n"); err != nil {
		return err
	}
	poll, beat := time.NewTicker(st.pace.poll), time.NewTicker(st.pace.heartbeat)
	defer poll.Stop()
	defer beat.Stop()
	stop := stopping(r.Context())
	for {
		changed := s.changed()
		if err := f.drain(r.Context(), st); err != nil {
			return err
		}
		select {
		case <-r.Context().Done():
			return r.Context().Err()
		case <-stop:
			return nil
		case <-poll.C:
		case <-changed:
		case <-beat.C:
			if _, err := s.authorise(r, callOf(r.Context()).route); err != nil {
				return err
			}
			if err := st.send(":\n\n"); err != nil {
				return err
			}
		}
	}
}

func (s *server) changed() <-chan struct{} {
	if s.Changed == nil {
		return nil
	}
	return s.Changed()
}

// feed reads a partner's events. Ids are made before the commit and by
// several processes, so an event may become visible behind one that was sent
// already: every sweep it reads again from a little before the newest and
// drops what it sent.
type feed struct {
	read   func(ctx context.Context, after string, limit int) ([]store.Event, error)
	clock  func() time.Time
	pace   pace
	start  string // nothing up to this id is sent
	newest string
	swept  time.Time
	sent   map[string]struct{} // ids after the start of the next sweep
}

// feedPage is how many events are read, and held, at once.
const feedPage = 500

// feed begins now, or with Last-Event-ID a little before that event: what
// became visible late must not be missed, so it is sent again instead. The
// event of that id itself is not.
func (s *server) feed(r *http.Request) (*feed, error) {
	p := callOf(r.Context()).principal
	f := &feed{clock: s.Clock, pace: s.pace, swept: s.Clock(), sent: map[string]struct{}{},
		read: func(ctx context.Context, after string, limit int) ([]store.Event, error) {
			return s.Desk.Feed(ctx, p, after, limit)
		}}
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		f.start = idAt(s.Clock())
		f.newest = f.start
		return f, nil
	}
	at, err := idTime(last)
	if err != nil {
		return nil, parameter("header", "Last-Event-ID")
	}
	f.start = idAt(at.Add(-s.pace.overlap))
	f.newest = f.start
	f.sent[last] = struct{}{}
	return f, nil
}

// drain sends everything that is there.
func (f *feed) drain(ctx context.Context, st *stream) error {
	from := f.newest
	if now := f.clock(); now.Sub(f.swept) >= f.pace.sweep {
		var err error
		if from, err = f.sweep(); err != nil {
			return err
		}
		f.swept = now
	}
	for {
		rows, err := f.read(ctx, from, feedPage)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		for i := range rows {
			e := &rows[i]
			if _, ok := f.sent[e.ID]; ok {
				continue
			}
			if err := st.event(e); err != nil {
				return err
			}
			f.sent[e.ID] = struct{}{}
		}
		if len(rows) > 0 {
			from = rows[len(rows)-1].ID
			f.newest = max(f.newest, from)
		}
		if len(rows) < feedPage {
			return nil
		}
	}
}

// sweep is where to read again from; it forgets the ids before that.
func (f *feed) sweep() (string, error) {
	at, err := idTime(f.newest)
	if err != nil {
		return "", err
	}
	from := max(f.start, idAt(at.Add(-f.pace.overlap)))
	for id := range f.sent {
		if id <= from {
			delete(f.sent, id)
		}
	}
	return from, nil
}

// idAt is the lowest UUIDv7 of an instant.
func idAt(t time.Time) string {
	var id uuid.UUID
	ms := t.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	id[6], id[8] = 0x70, 0x80
	return id.String()
}

// idTime is the instant in a UUIDv7.
func idTime(id string) (time.Time, error) {
	u, err := uuid.Parse(id)
	if err != nil || u.Version() != 7 || u.String() != id {
		return time.Time{}, fmt.Errorf("event id %.40q is no UUIDv7", id)
	}
	var ms int64
	for _, b := range u[:6] {
		ms = ms<<8 | int64(b)
	}
	return time.UnixMilli(ms), nil
}

// stream writes server-sent events.
type stream struct {
	pace    pace
	clock   func() time.Time
	w       http.ResponseWriter
	control *http.ResponseController
	words   i18n.Printer
}

func (st *stream) event(e *store.Event) error {
	told := Event{ID: e.ID, DeclarationID: e.DeclarationID, Entry: entry(e, st.words)}
	if told.Notice != "" && e.Attempt == 0 { // the feed of a terminal or of customs: it has the notice in the place of a declaration
		told.DeclarationID = ""
	}
	data := marshal(&told)
	return st.send("id: " + e.ID + "\nevent: " + e.Kind + "\ndata: " + string(data) + "\n\n")
}

// send writes and flushes under a deadline of its own, so that a reader that
// does not read holds nothing for long.
func (st *stream) send(text string) error {
	if err := st.control.SetWriteDeadline(st.clock().Add(st.pace.write)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if _, err := st.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return st.control.Flush()
}
