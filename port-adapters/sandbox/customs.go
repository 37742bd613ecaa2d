// Package sandbox plays the outside over the real wires and formats: customs,
// and a port terminal. Everything that it emits says that it comes from a
// sandbox.
//
// Customs takes declarations over dxp or from the import client's folders and
// answers with import responses and business receipts. The client reference
// chooses the story; a two-step summary hears it under the codes of
// summaries, its full declaration the ordinary way.
//
// Terminal takes notices over signed webhooks, folders, SFTP and mail, or
// fetches them; it reads JSON and EDIFACT, works through a notice and says so
// over the same wire or the API. A container number of package magic chooses
// what it does instead.
//
// Contract: a message is counted by its id. The same id with the same bytes
// is answered again with the first answers; with other bytes it is refused and
// recorded as a violation. Numbers that are given out are derived from the
// message, so a restart, which forgets everything, gives the same ones.
//
// The package does not know the gateway: it holds no declaration, checks no
// rule and remembers nothing on disk.
package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"time"

	portadapters "kouan/port-adapters"
)

// Defaults of Customs.
const (
	DefaultDelay    = 200 * time.Millisecond
	DefaultLateBy   = 20 * time.Second // beyond the 15 s that a client waits
	DefaultRefusals = 3
	workers         = 8
)

// Customs is the office behind the wires. Set the fields before the first
// message; the zero value works.
type Customs struct {
	Clock    func() time.Time // nil: the system's
	Delay    time.Duration    // unit of the stories' times; 0: DefaultDelay
	LateBy   time.Duration    // how late SBXLAT answers; 0: DefaultLateBy
	Refusals int              // how often SBXDWN refuses a message; 0: DefaultRefusals
	Silent   bool             // take and count messages, answer nothing and judge no document: for load tests
	Seed     uint64           // of the misbehaviour
	Logger   *slog.Logger     // nil: silent

	mu         sync.Mutex
	records    map[string]*record
	order      []*record
	refused    map[string]int // deliveries refused so far of messages not stored yet
	attempts   map[string]*attempts
	numbers    map[string]string // number given out -> message id
	violations []Violation
	unheard    int
	faults     Faults

	schedule scheduler[*task]
	running  sync.WaitGroup
}

// record is what is kept of one message.
type record struct {
	Delivery
	plan *plan // nil when nothing is answered
}

// attempts counts the messages of one declarant under one client reference.
type attempts struct {
	count int
	last  time.Time // date of the last notice of the newest attempt
}

// arrival is a message at the door, whichever wire brought it.
type arrival struct {
	id       string
	name     string // file name without extension
	sender   string // who answers go to, in the terms of the wire
	wireSHA  string // SHA-256 of the bytes on the wire around the document; "" when there is nothing around
	document []byte
	reply    Reply
}

// outcome is what the transport may say about an arrival.
type outcome int

const (
	stored outcome = iota
	duplicate
	conflict // same id, other bytes
	refused  // not stored; try again
)

// verdict is an outcome and how long its answer is held back.
type verdict struct {
	outcome outcome
	hold    time.Duration
	drop    bool // close the connection instead of answering
	failed  bool // taken, but the document is no declaration
}

// Start runs the scheduler and its senders until ctx ends; Wait waits for them.
func (c *Customs) Start(ctx context.Context) {
	work := make(chan *task)
	c.running.Go(func() {
		defer close(work)
		c.schedule.run(ctx, c.now, work)
	})
	for range workers {
		c.running.Go(func() {
			for t := range work {
				c.perform(ctx, t)
			}
		})
	}
}

// Wait returns when everything that Start began has ended.
func (c *Customs) Wait() { c.running.Wait() }

// take decides about one arrival and begins its story.
func (c *Customs) take(a arrival) verdict {
	sum := sha256.Sum256(a.document)
	sha := hex.EncodeToString(sum[:])
	f, unreadable := c.read(a.document)
	now := c.now()

	c.mu.Lock()
	defer c.mu.Unlock()
	c.init()
	r := c.records[a.id]
	tries := c.refused[a.id]
	if r != nil {
		tries += r.Times
	}
	if c.hits(c.faults.FailRate, "fail", a.id, tries) {
		c.refused[a.id]++
		return verdict{outcome: refused}
	}
	v := verdict{hold: c.faults.Delay, drop: c.hits(c.faults.DropAnswerRate, "drop", a.id, tries), failed: unreadable != ""}
	if r != nil {
		if r.SHA256 != sha || r.WireSHA256 != a.wireSHA {
			c.violate(now, "other bytes under the same id", a.id, "first "+r.SHA256+", now "+sha)
			return verdict{outcome: conflict}
		}
		r.Times++
		if r.plan != nil && !r.plan.active { // else its answers are still coming
			c.begin(r.plan)
		}
		v.outcome = duplicate
		return v
	}
	story := storyOf(f.reference, unreadable, c.attemptsOf(&f).count)
	if f.step == stepSummary {
		story = story.ofSummary()
	}
	if story.refuses && c.refused[a.id] < c.refusals() {
		c.refused[a.id]++
		return verdict{outcome: refused}
	}
	r = &record{Delivery: Delivery{
		MessageID: a.id, ClientReference: f.reference, FileName: a.name,
		SHA256: sha, WireSHA256: a.wireSHA, Times: 1, FirstAt: now.UTC(),
	}}
	c.records[a.id] = r
	c.order = append(c.order, r)
	if story.late {
		v.hold += c.lateBy()
	}
	if !c.Silent && a.reply != nil {
		r.plan = c.plan(&a, &f, story, now)
		c.begin(r.plan)
	}
	return v
}

// read costs more than all the rest of a delivery, so a silent office reads
// the client reference only.
func (c *Customs) read(document []byte) (f facts, unreadable string) {
	if c.Silent {
		return facts{reference: labelOf(document)}, ""
	}
	return readFacts(document)
}

func (c *Customs) init() {
	if c.records == nil {
		c.records = make(map[string]*record)
		c.refused = make(map[string]int)
		c.attempts = make(map[string]*attempts)
		c.numbers = make(map[string]string)
	}
}

// attemptsOf is keyed by declarant as well: a client reference is unique to its owner only.
func (c *Customs) attemptsOf(f *facts) *attempts {
	key := f.agent + "|" + f.reference
	found := c.attempts[key]
	if found == nil {
		found = &attempts{}
		if f.reference != "" && !c.Silent {
			c.attempts[key] = found
		}
	}
	return found
}

// hits throws a die that depends on the seed, the message and its delivery,
// and not on what other messages do at the same time.
func (c *Customs) hits(rate float64, what, id string, n int) bool {
	if rate <= 0 {
		return false
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s/%d", c.Seed, what, id, n))
	return float64(binary.BigEndian.Uint64(sum[:8])>>11)/(1<<53) < rate
}

func (c *Customs) now() time.Time { return portadapters.Now(c.Clock) }

func (c *Customs) delay() time.Duration {
	if c.Delay > 0 {
		return c.Delay
	}
	return DefaultDelay
}

func (c *Customs) lateBy() time.Duration {
	if c.LateBy > 0 {
		return c.LateBy
	}
	return DefaultLateBy
}

func (c *Customs) refusals() int {
	if c.Refusals > 0 {
		return c.Refusals
	}
	return DefaultRefusals
}

func (c *Customs) log() *slog.Logger {
	if c.Logger != nil {
		return c.Logger
	}
	return slog.New(slog.DiscardHandler)
}
