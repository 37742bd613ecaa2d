package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-resty/resty/v2"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
)

// Business says how a terminal's answers are looked for: through a sandbox
// gateway at which the partner is connected. Customs orders there, and what
// comes back is judged.
type Business struct {
	Gateway   string // base of its API
	Key       string // of customs there
	Terminal  string // id of the partner
	Transport *http.Transport
	Clock     func() time.Time
	NewID     func() string
	Within    time.Duration // for each answer; 0: 2 min
	Poll      time.Duration // between two looks; 0: 500 ms
}

// businessChecks are played in this order, on one notice.
var businessChecks = []struct {
	id   string
	play func(context.Context, *trial) finding
}{
	{"business_delivered", delivered},
	{"business_answered", answered},
	{"business_locked", locked},
	{"business_changed", changed},
	{"business_cancelled", cancelledNotice},
	{"business_counts", counts},
}

// BusinessChecks are the ids of the checks of answers, in their order.
func BusinessChecks() []string {
	var ids []string
	for _, c := range businessChecks {
		ids = append(ids, c.id)
	}
	return ids
}

// trial is one notice that customs ordered for the test.
type trial struct {
	o       *Business
	client  *resty.Client
	order   inspection.Order
	number  string
	refused bool // the terminal cannot do the order: nothing is done then
}

// RunBusiness orders one notice, looks at what the terminal says, changes and
// cancels it. The error says that the gateway did not take the order.
func RunBusiness(ctx context.Context, o *Business, tell func(Result) error) error {
	t := &trial{o: o, client: portadapters.NewClient(portadapters.Options{Transport: o.Transport, UserAgent: "kouan-conformance"})}
	if err := t.issue(ctx); err != nil {
		return err
	}
	for _, c := range businessChecks {
		begun := o.Clock()
		f := c.play(ctx, t)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := tell(Result{Check: c.id, Grade: f.grade, Found: f.found, Args: f.args, Took: o.Clock().Sub(begun)}); err != nil {
			return err
		}
	}
	return nil
}

// issue orders the notice of the trial.
func (t *trial) issue(ctx context.Context) error {
	p := &player{o: &Options{Clock: t.o.Clock, Terminal: t.o.Terminal}}
	n := p.notice(1)
	n.Number, n.Version, n.IssuedAt = "", 0, time.Time{}
	t.order = inspection.Order{Notice: *n}
	var made struct {
		Notices []struct {
			Number string `json:"notice_no"`
		} `json:"notices"`
	}
	if err := t.send(ctx, inspection.Issue, &made); err != nil {
		return err
	}
	if len(made.Notices) != 1 {
		return fmt.Errorf("order: %d notices were made", len(made.Notices))
	}
	t.number = made.Notices[0].Number
	t.order.Number = t.number
	return nil
}

// send posts an order of customs; into may be nil.
func (t *trial) send(ctx context.Context, act inspection.Action, into any) error {
	t.order.Action, t.order.Change, t.order.SourceMessageID = act, "", t.o.NewID()
	body, err := json.Marshal(&t.order)
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	r := t.client.R().SetAuthToken(t.o.Key).SetHeader("Content-Type", "application/json").SetHeader("Idempotency-Key", t.order.SourceMessageID).SetBody(body)
	resp, err := portadapters.Call(ctx, r, http.MethodPost, strings.TrimSuffix(t.o.Gateway, "/")+"/api/v1/inspection-orders")
	if err != nil {
		said := ""
		if resp != nil {
			said = ": " + strings.ToValidUTF8(string(resp.Body()[:min(len(resp.Body()), 400)]), "")
		}
		return fmt.Errorf("%w%s: %w", ErrOrder, said, err)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Body(), into); err != nil {
		return fmt.Errorf("order: %w", err)
	}
	return nil
}

// ErrOrder says that the gateway did not take the order of the trial.
var ErrOrder = errors.New("the gateway did not take the order")

// standing is the notice as customs sees it at the gateway.
type standing struct {
	Version int              `json:"version"`
	State   inspection.State `json:"state"`
	Over    bool             `json:"over"`
	Events  []struct {
		inspection.Event
		Refused string `json:"refused"`
	} `json:"events"`
}

// heard is the first event of one of the kinds that counts and is about a
// version, or nil.
func (s *standing) heard(version int, kinds ...inspection.Kind) *inspection.Event {
	for i := range s.Events {
		e := &s.Events[i]
		if e.Refused == "" && slices.Contains(kinds, e.Kind) && (e.Version == 0 || e.Version >= version) {
			return &e.Event
		}
	}
	return nil
}

// await looks until done, or until the time is over.
func (t *trial) await(ctx context.Context, done func(*standing) *inspection.Event) (e *inspection.Event, last *standing, took time.Duration, err error) {
	within, poll := t.o.Within, t.o.Poll
	if within == 0 {
		within = 2 * time.Minute
	}
	if poll == 0 {
		poll = 500 * time.Millisecond
	}
	begun := t.o.Clock()
	for {
		var s standing
		r := t.client.R().SetAuthToken(t.o.Key)
		resp, callErr := portadapters.Call(ctx, r, http.MethodGet, strings.TrimSuffix(t.o.Gateway, "/")+"/api/v1/notices/"+url.PathEscape(t.number))
		if callErr == nil {
			callErr = json.Unmarshal(resp.Body(), &s)
		}
		if callErr == nil {
			last = &s
			if e := done(&s); e != nil {
				return e, last, t.o.Clock().Sub(begun), nil
			}
		}
		took = t.o.Clock().Sub(begun)
		if took >= within || ctx.Err() != nil {
			return nil, last, took, callErr
		}
		timer := time.NewTimer(poll)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// judge waits for an event and says after how long it came, or that it did not.
func (t *trial) judge(ctx context.Context, otherwise Grade, done func(*standing) *inspection.Event) (finding, *inspection.Event) {
	e, _, took, err := t.await(ctx, done)
	seconds := map[string]string{"seconds": strconv.FormatFloat(took.Seconds(), 'f', 1, 64)}
	switch {
	case e != nil:
		return finding{Green, "after", seconds}, e
	case err != nil:
		return finding{Red, "no_answer", map[string]string{"reason": strings.ReplaceAll(err.Error(), "\n", "; ")}}, nil
	}
	return finding{otherwise, "not_within", seconds}, nil
}
