package sandbox

import (
	"slices"
	"strconv"
	"time"

	"kouan/declarations/inspection"
)

// TerminalDelivery is what is known about one message to the terminal.
type TerminalDelivery struct {
	MessageID string    `json:"message_id"`
	Wire      string    `json:"wire"`
	Door      string    `json:"door,omitzero"` // endpoint, when a wire has several
	Format    string    `json:"format"`
	Type      string    `json:"type,omitzero"`
	Subject   string    `json:"subject,omitzero"`
	Sequence  int64     `json:"sequence,omitzero"`
	Notice    string    `json:"notice_no,omitzero"`
	Version   int       `json:"version,omitzero"`
	Script    string    `json:"script"`
	SHA256    string    `json:"sha256"` // hex, of the bytes
	Size      int       `json:"size"`
	Times     int       `json:"times"` // deliveries taken; those turned away do not count
	FirstAt   time.Time `json:"first_at"`
}

// TerminalAnswer is one thing that the terminal said to the gateway.
type TerminalAnswer struct {
	Reference string           `json:"reference"`
	MessageID string           `json:"message_id"` // that is answered
	Format    string           `json:"-"`          // of the message that is answered
	Door      string           `json:"-"`
	Link      string           `json:"-"`
	Event     inspection.Event `json:"event"`
	Copy      int              `json:"copy,omitzero"` // counts from 0
	Outcome   string           `json:"outcome"`       // heard, refused, given_up
	Detail    string           `json:"detail,omitzero"`
	At        time.Time        `json:"at"`

	edi *ediSubject
}

// What became of an answer.
const (
	answerHeard   = "heard"
	answerRefused = "refused"
	answerGivenUp = "given_up"
)

// Deliveries lists all messages in the order of their first arrival.
func (t *Terminal) Deliveries() []TerminalDelivery {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]TerminalDelivery, 0, len(t.order))
	for _, r := range t.order {
		out = append(out, r.TerminalDelivery)
	}
	return out
}

// Answers lists what the terminal said, in order, and what became of it.
func (t *Terminal) Answers() []TerminalAnswer {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]TerminalAnswer{}, t.answers...)
}

// Violations lists what was done wrong to the terminal, in order.
func (t *Terminal) Violations() []Violation {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Violation{}, slices.Clone(t.violations)...)
}

// Unheard counts answers that were given up because nobody took them.
func (t *Terminal) Unheard() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.unheard
}

// Idle reports whether no answer waits to be sent.
func (t *Terminal) Idle() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.running == 0
}

// violate must be called under the lock.
func (t *Terminal) violate(at time.Time, kind, id, detail string) {
	t.violations = append(t.violations, Violation{At: at.UTC(), Kind: kind, MessageID: id, Detail: detail})
	t.log().Warn("sandbox terminal: violation", "kind", kind, "message", id)
}

func (t *Terminal) report(kind, id, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.violate(t.now(), kind, id, detail)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// or is the first value that is not zero.
func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
