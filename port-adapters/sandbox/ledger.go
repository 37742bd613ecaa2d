package sandbox

import (
	"slices"
	"time"
)

// Delivery is what is known about one message.
type Delivery struct {
	MessageID       string    `json:"message_id"`
	ClientReference string    `json:"client_reference"`
	FileName        string    `json:"file_name"`
	SHA256          string    `json:"sha256"`                // hex, of the business document
	WireSHA256      string    `json:"wire_sha256,omitempty"` // hex, of the envelope around it
	Times           int       `json:"times"`                 // deliveries taken; refused ones do not count
	FirstAt         time.Time `json:"first_at"`
}

// Violation is something that a gateway must not do.
type Violation struct {
	At        time.Time `json:"at"`
	Kind      string    `json:"kind"`
	MessageID string    `json:"message_id"`
	Detail    string    `json:"detail"`
}

// Faults is misbehaviour towards every message, whatever its story. Rates are
// between 0 and 1 and decided by the seed, the message id and the number of
// the delivery.
type Faults struct {
	FailRate       float64       // refused without being stored
	DropAnswerRate float64       // stored, then the connection is closed without an answer
	DuplicateRate  float64       // every answer of the message is sent twice
	Delay          time.Duration // stored at once, answered so much later
}

// Deliveries lists all messages in the order of their first arrival.
func (c *Customs) Deliveries() []Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Delivery, 0, len(c.order))
	for _, r := range c.order {
		out = append(out, r.Delivery)
	}
	return out
}

// Violations lists what was done wrong, in order.
func (c *Customs) Violations() []Violation {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Violation{}, slices.Clone(c.violations)...)
}

// Unheard counts answers that were given up because nobody took them.
func (c *Customs) Unheard() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unheard
}

// Idle reports whether no answer waits to be sent.
func (c *Customs) Idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.order {
		if r.plan != nil && r.plan.active {
			return false
		}
	}
	return true
}

// Misbehave replaces the faults from now on; the zero value ends them.
func (c *Customs) Misbehave(f Faults) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = f
}

// violate must be called under the lock.
func (c *Customs) violate(at time.Time, kind, id, detail string) {
	c.violations = append(c.violations, Violation{At: at.UTC(), Kind: kind, MessageID: id, Detail: detail})
	c.log().Warn("sandbox: violation", "kind", kind, "message", id)
}
