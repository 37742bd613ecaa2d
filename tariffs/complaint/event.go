package complaint

import (
	"errors"
	"fmt"
	"time"
)

// Event is one thing that happened to a complaint.
type Event struct {
	Act       Act
	By        Actor
	Who       string // id of the person or key; never shown to the other sides
	At        time.Time
	Collector string // of a forward: the body that has to answer
	Reason    string
	Text      string
	Due       time.Time // until when the next side has to act, as the rules were; zero: not known
}

// Case is where a complaint stands: the fold of its events.
type Case struct {
	State       State
	Collector   string
	ReceivedAt  time.Time
	ForwardedAt time.Time // first, for the reply time
	AnsweredAt  time.Time // first
	ClosedAt    time.Time
	Due         time.Time // of the side that has to act; zero: none, or not known
	Verdict     State     // accepted or rejected, the last word of the complainant; empty: none
	Reason      string    // of the close
	Escalated   bool
}

// Late reports whether the side that has to act has let its time go by.
func (c *Case) Late(now time.Time) bool { return !c.Due.IsZero() && now.After(c.Due) }

// Over reports whether nothing more happens.
func (c *Case) Over() bool { return c.State == Closed }

// Turn is the side that has to act next; empty when the complaint is over.
func (c *Case) Turn() Actor {
	switch c.State {
	case Forwarded:
		return Collector
	case Answered:
		return Complainant
	case Received, Accepted, Rejected, Escalated:
		return Authority
	}
	return ""
}

// Admit says whether an event may be added now; nil: it may.
func (c *Case) Admit(e *Event) *Refusal {
	_, refusal := admit(c.State, c.Late(e.At), e.Act, e.By)
	return refusal
}

// Next is the state after an act that is admitted.
func (c *Case) Next(e *Event) State {
	m, refusal := admit(c.State, c.Late(e.At), e.Act, e.By)
	if refusal != nil || m.to == "" {
		return c.State
	}
	return m.to
}

// errFold says that stored events are no history of a complaint.
var errFold = errors.New("events are no complaint")

// Fold is where the events lead. The first one is Submit, and no other is.
func Fold(events []Event) (Case, error) {
	if len(events) == 0 || events[0].Act != Submit {
		return Case{}, fmt.Errorf("%w: they do not begin with %s", errFold, Submit)
	}
	first := &events[0]
	c := Case{State: Received, Collector: first.Collector, ReceivedAt: first.At, Due: first.Due}
	for i := range events[1:] {
		e := &events[1+i]
		if refusal := c.Admit(e); refusal != nil {
			return c, fmt.Errorf("%w: %s by %s in state %s", errFold, e.Act, e.By, c.State)
		}
		c.add(e)
	}
	return c, nil
}

// add is one step of the fold; e is admitted.
func (c *Case) add(e *Event) {
	if e.Act == Add {
		return
	}
	c.State, c.Due = c.Next(e), e.Due
	switch e.Act {
	case Forward:
		c.Collector = e.Collector
		if c.ForwardedAt.IsZero() {
			c.ForwardedAt = e.At
		}
	case Answer:
		if c.AnsweredAt.IsZero() {
			c.AnsweredAt = e.At
		}
	case Accept:
		c.Verdict = Accepted
	case Reject:
		c.Verdict = Rejected
	case Escalate:
		c.Escalated = true
	case Withdraw:
		c.Reason, c.ClosedAt = Withdrawn, e.At
	case Close:
		c.Reason, c.ClosedAt = e.Reason, e.At
	}
}

// After is the case with one event more, which must be admitted.
func (c Case) After(e *Event) Case {
	c.add(e)
	return c
}
