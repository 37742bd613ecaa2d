package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/sandbox/magic"
)

// Defaults of Terminal.
const (
	DefaultCalls      = 5 // that magic.FailsFive refuses
	DefaultRetryAfter = time.Second
	busyCalls         = 2 // that magic.Busy refuses
	tlsCalls          = 3 // that magic.BreaksTLS refuses
)

// Terminal is a port terminal behind the wires: it takes notices, does the
// work that they order, and says so. Set the fields before the first message;
// the zero value works. A container number of package magic chooses what it
// does with the notice that has the box.
//
// Contract: a message is counted by its id, whichever wire brings it. The
// same id with the same bytes is told to be a duplicate; with other bytes it
// is refused and recorded as a violation. What the terminal answers is derived
// from the message and the seed, so that a second telling is the same.
type Terminal struct {
	Name       string           // the partner that it plays; a notice of another is a violation. "": any
	Clock      func() time.Time // nil: the system's
	Delay      time.Duration    // unit of the steps' times; 0: DefaultDelay
	LateBy     time.Duration    // how late magic.Late answers; 0: DefaultLateBy
	Calls      int              // how often magic.FailsFive fails; 0: DefaultCalls
	RetryAfter time.Duration    // what magic.Busy asks for; 0: DefaultRetryAfter
	Silent     bool             // take and count, answer nothing: for load tests
	Seed       uint64           // of the references of answers
	Logger     *slog.Logger     // nil: silent

	mu         sync.Mutex
	letters    map[string]*letterRecord
	order      []*letterRecord
	tries      map[string]int // calls that were scripted not to be taken, by message
	queues     map[string]*queueRecord
	yards      map[string]*yard
	answers    []TerminalAnswer
	violations []Violation
	always     *magic.Script // for every message, whatever its boxes
	unheard    int
	running    int // courses that are not told to their end

	schedule scheduler[*course]
	done     sync.WaitGroup
}

// letterRecord is what is kept of one message.
type letterRecord struct {
	TerminalDelivery
}

// queueRecord is what is known about one (receiver, subject).
type queueRecord struct {
	last    int64 // highest sequence taken
	version int   // newest version of the notice
}

// incoming is a message at the terminal's door, whichever wire brought it.
type incoming struct {
	wire, door string // door: of several endpoints at one wire; order is kept for each
	id         string
	format     string
	kind       string // type of the letter; "" when the wire does not tell
	subject    string
	sequence   int64 // 0 when the wire does not tell
	body       []byte
	notice     *inspection.Notice // nil for what is no notice
	step       bool               // tells a step of a notice: nothing is to be done
	link       string             // at which a person answers
	edi        *ediSubject        // what an EDIFACT answer refers to
	reply      TerminalReply      // nil: cannot answer
}

// handling is what the wire must do with an incoming message.
type handling struct {
	outcome outcome
	script  magic.Script // of the wire; magic.Works: nothing special
	acks    bool         // a wire with acknowledgements of its own sends one
}

// Start runs the scheduler and its senders until ctx ends; Wait waits for them.
func (t *Terminal) Start(ctx context.Context) {
	work := make(chan *course)
	t.done.Go(func() {
		defer close(work)
		t.schedule.run(ctx, t.now, work)
	})
	for range workers {
		t.done.Go(func() {
			for c := range work {
				t.perform(ctx, c)
			}
		})
	}
}

// Wait returns when everything that Start began has ended.
func (t *Terminal) Wait() { t.done.Wait() }

// Misbehave makes every message meet one script from now on; Behave ends it.
func (t *Terminal) Misbehave(s magic.Script) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.always = &s
}

// Behave leaves the scripts to the container numbers again.
func (t *Terminal) Behave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.always = nil
}

// Follow is Misbehave by the name of a script; "" is Behave.
func (t *Terminal) Follow(slug string) error {
	if slug == "" {
		t.Behave()
		return nil
	}
	for _, s := range magic.Scripts() {
		if s.Slug() == slug {
			t.Misbehave(s)
			return nil
		}
	}
	return fmt.Errorf("no script %q", slug)
}

// take decides about one message and begins the work that it orders.
func (t *Terminal) take(in *incoming) handling {
	sum := sha256.Sum256(in.body)
	sha := hex.EncodeToString(sum[:])
	now := t.now()

	t.mu.Lock()
	defer t.mu.Unlock()
	t.init()
	script := t.scriptOf(in.notice)
	record := t.letters[in.id]
	if record != nil && record.SHA256 != sha {
		t.violate(now, "other bytes under the same id", in.id, "first "+record.SHA256+", now "+sha)
		return handling{outcome: conflict}
	}
	if record == nil && t.turnsAway(script, in.id) {
		return handling{outcome: refused, script: script}
	}
	h := handling{acks: script != magic.Silent}
	if script.Wire() {
		h.script = script
	}
	if record != nil {
		record.Times++
		h.outcome = duplicate
		if script != magic.Huge { // the others misbehave once
			h.script = magic.Works
		}
		return h
	}
	t.inOrder(now, in)
	record = &letterRecord{TerminalDelivery{
		MessageID: in.id, Wire: in.wire, Door: in.door, Format: in.format, Type: in.kind, Subject: in.subject, Sequence: in.sequence,
		SHA256: sha, Size: len(in.body), Script: script.Slug(), Times: 1, FirstAt: now.UTC(),
	}}
	if in.notice != nil {
		record.Notice, record.Version = in.notice.Number, in.notice.Version
		t.inspect(now, in)
	}
	t.letters[in.id] = record
	t.order = append(t.order, record)
	if in.notice != nil && !in.step && in.reply != nil && !t.Silent && script != magic.Silent {
		t.begin(in, now)
	}
	return h
}

// scriptOf is the script of the first magic box; that of all messages wins.
func (t *Terminal) scriptOf(n *inspection.Notice) magic.Script {
	if t.always != nil {
		return *t.always
	}
	if n == nil {
		return magic.Works
	}
	for i := range n.Boxes {
		if s, ok := magic.ScriptOf(n.Boxes[i].Key()); ok && s != magic.Works {
			return s
		}
	}
	return magic.Works
}

// turnsAway reports a delivery that is scripted not to be taken.
func (t *Terminal) turnsAway(s magic.Script, id string) bool {
	times := 0
	switch s {
	case magic.Redirects, magic.Gone, magic.Down, magic.Refuses:
		return true
	case magic.FailsFive:
		times = or(t.Calls, DefaultCalls)
	case magic.Busy:
		times = busyCalls
	case magic.BreaksTLS:
		times = tlsCalls
	}
	if t.tries[id] >= times {
		return false
	}
	t.tries[id]++
	return true
}

// inOrder records a message that comes after one that it should precede. A gap
// is none: what was superseded never comes.
func (t *Terminal) inOrder(now time.Time, in *incoming) {
	if in.subject == "" || in.sequence == 0 {
		return
	}
	q := t.queues[in.door+"|"+in.wire+"|"+in.subject]
	if q == nil {
		q = &queueRecord{}
		t.queues[in.door+"|"+in.wire+"|"+in.subject] = q
	}
	if in.sequence <= q.last {
		t.violate(now, "order of a subject is broken", in.id, in.subject+": sequence "+itoa(in.sequence)+" after "+itoa(q.last))
		return
	}
	q.last = in.sequence
	if in.notice == nil || in.step {
		return
	}
	if in.notice.Version < q.version {
		t.violate(now, "an older version after a newer one", in.id, in.notice.Number+": "+itoa(int64(in.notice.Version))+" after "+itoa(int64(q.version)))
	}
	q.version = max(q.version, in.notice.Version)
}

// inspect records what a terminal must not be told (notices.md section 2).
func (t *Terminal) inspect(now time.Time, in *incoming) {
	if t.Name != "" && in.notice.Terminal != "" && in.notice.Terminal != t.Name {
		t.violate(now, "a notice of another terminal", in.id, in.notice.Number+" is for "+in.notice.Terminal)
	}
	if in.notice.ReasonClass != "" {
		t.violate(now, "why goods were selected is told to a terminal", in.id, in.notice.Number+": "+in.notice.ReasonClass)
	}
}

func (t *Terminal) init() {
	if t.letters == nil {
		t.letters = make(map[string]*letterRecord)
		t.tries = make(map[string]int)
		t.queues = make(map[string]*queueRecord)
		t.yards = make(map[string]*yard)
	}
}

// hangUp ends a connection; the other side may have done so before.
func (t *Terminal) hangUp(c io.Closer) {
	if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
		t.log().Debug("sandbox terminal: connection not closed", "error", err)
	}
}

func (t *Terminal) now() time.Time { return portadapters.Now(t.Clock) }

func (t *Terminal) log() *slog.Logger {
	if t.Logger != nil {
		return t.Logger
	}
	return slog.New(slog.DiscardHandler)
}
