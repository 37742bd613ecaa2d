// Package conformance plays the gateway to the endpoint of a partner's system
// and judges what comes back: the partner's engineers see, before they are
// connected, what their system does with notices that come twice, late, out of
// order, in bulk, or from somebody else.
//
// Contract: Run plays every check of Checks that the format allows, in order,
// and tells each Result as it comes. A check says green (as it should be),
// yellow (works, but will hurt), red (must be mended) or is left out. It
// judges transport: that an endpoint takes what a gateway sends and refuses
// what no gateway sends. Everything played is marked as a test, and its boxes
// have numbers that only a sandbox takes.
//
// The package does not know any language (words come from i18n by the id of
// the check), no gateway and no database.
package conformance

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/go-resty/resty/v2"

	portadapters "kouan/port-adapters"
)

// Grade is how a check ended.
type Grade string

// The grades.
const (
	Green   Grade = "green"
	Yellow  Grade = "yellow"
	Red     Grade = "red"
	Skipped Grade = "skipped" // the format has no such thing, or a secret was not given
)

// Result is one check, as data: the words are conformance.check.ID (what was
// done), conformance.found.FOUND with Args (what came), conformance.todo.ID
// (what to do when it is not green).
type Result struct {
	Check string            `json:"check"`
	Grade Grade             `json:"grade"`
	Found string            `json:"found"`
	Args  map[string]string `json:"args,omitempty"`
	Took  time.Duration     `json:"-"`
}

// Options of a run. URL, Transport, Clock and NewID must be given.
type Options struct {
	URL       string
	Secret    string // whsec_…; empty: signatures are sent by a random secret and not judged
	Format    string // json, edifact, depotxml
	Terminal  string // id of the partner, for the notices
	Transport *http.Transport
	Clock     func() time.Time
	NewID     func() string
	Random    io.Reader     // of secrets that nobody has; nil: the system's
	Limit     time.Duration // of one call; 0: portadapters.DefaultTimeout
	Slow      time.Duration // how long the slow body takes; 0: 3 s
}

// slowAnswer is the time above which an answer will hurt: a receiver should
// answer before doing work (push-and-errors REQ-14).
const slowAnswer = 5 * time.Second

// Run plays the checks and tells each result. The error says that the run
// itself could not go on: a wrong secret, a format that nobody writes.
func Run(ctx context.Context, o *Options, tell func(Result) error) error {
	p, err := newPlayer(o)
	if err != nil {
		return err
	}
	for _, c := range checks {
		begun := p.o.Clock()
		f := finding{Skipped, "not_played", nil}
		if c.needs(p) {
			f = c.play(ctx, p)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := tell(Result{Check: c.id, Grade: f.grade, Found: f.found, Args: f.args, Took: p.o.Clock().Sub(begun)}); err != nil {
			return err
		}
		if c.id == "valid" && f.grade == Red {
			return nil // nobody is there: every other check would only say so again
		}
	}
	return nil
}

// finding is what a check says.
type finding struct {
	grade Grade
	found string
	args  map[string]string
}

// player sends what a gateway sends, and what none does.
type player struct {
	o      *Options
	client *resty.Client
	sign   func(id string, at time.Time, body []byte) (string, error)
	write  writer
	count  int
}

func newPlayer(o *Options) (*player, error) {
	sign, err := signer(o.Secret, o.Random)
	if err != nil {
		return nil, err
	}
	write, err := writerOf(o.Format)
	if err != nil {
		return nil, err
	}
	limit := o.Limit
	if limit == 0 {
		limit = portadapters.DefaultTimeout
	}
	return &player{o: o, sign: sign, write: write, client: portadapters.NewClient(portadapters.Options{
		Transport: o.Transport, Timeout: limit, Retries: -1, UserAgent: "kouan-conformance"})}, nil
}
