package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"kouan/declarations/inspection"
	portadapters "kouan/port-adapters"
)

// TerminalReply hands an answer to the gateway. An error that wraps
// portadapters.ErrPermanent says that the gateway refused it; any other means
// that it has to be tried again.
type TerminalReply func(ctx context.Context, a TerminalAnswer) error

// course is what the terminal still has to say to one letter.
type course struct {
	at     time.Time // of the next step
	base   time.Time // the steps count from here
	in     *incoming
	number int // of the plan: see yard.current
	steps  []said
	step   int
	copy   int
	tries  int
}

func (c *course) due() time.Time { return c.at }

// begin must be called under the lock.
func (t *Terminal) begin(in *incoming, now time.Time) {
	y := t.yards[in.notice.Number]
	if y == nil {
		y = &yard{site: make(map[string]string), did: make(map[string]map[inspection.Kind]bool)}
		t.yards[in.notice.Number] = y
	}
	if in.notice.Version < y.version || in.kind == inspection.LetterReminder {
		return // answered already, or the answer is on its way
	}
	y.version = in.notice.Version
	y.current++
	steps := y.plan(in, t.scriptOf(in.notice))
	if in.link != "" { // a link takes the business answer alone
		steps = slices.DeleteFunc(steps, func(s said) bool { return s.kind != inspection.Accepted && s.kind != inspection.Rejected })
	}
	if len(steps) == 0 {
		return
	}
	c := &course{base: now, in: in, number: y.current, steps: steps}
	c.at = c.sendAt(t.delay())
	t.running++
	t.schedule.add(c)
}

func (c *course) sendAt(unit time.Duration) time.Time {
	return c.base.Add(time.Duration(c.steps[c.step].at) * unit)
}

// perform says one thing. The next one waits for it, so that a story is heard
// in the order that it is told in.
func (t *Terminal) perform(ctx context.Context, c *course) {
	if t.dropped(c) {
		return
	}
	a := t.answer(c)
	err := c.in.reply(ctx, a)
	if ctx.Err() != nil {
		return
	}
	final := err == nil || errors.Is(err, portadapters.ErrPermanent)
	if !final && c.tries+1 < maxTries {
		c.tries++
		c.at = t.now().Add(min(firstBackoff<<min(c.tries-1, 10), maxBackoff))
		t.schedule.add(c)
		return
	}
	a.At, a.Outcome = t.now().UTC(), answerHeard
	if err != nil {
		a.Outcome, a.Detail = answerRefused, err.Error()
	}
	if !final {
		a.Outcome = answerGivenUp
	}
	t.proceed(c, a)
}

// dropped ends a course that a newer version of its notice replaced.
func (t *Terminal) dropped(c *course) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.yards[c.in.notice.Number].current == c.number {
		return false
	}
	t.running--
	return true
}

// proceed keeps what was said and schedules what comes next.
func (t *Terminal) proceed(c *course, a TerminalAnswer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.answers = append(t.answers, a)
	if a.Outcome == answerGivenUp {
		t.unheard++
		t.log().Warn("sandbox terminal: answer given up", "notice", c.in.notice.Number, "event", string(a.Event.Kind), "detail", a.Detail)
	}
	t.yards[c.in.notice.Number].note(a.Event.Box, a.Event.Kind)
	next := &course{at: c.at, base: c.base, in: c.in, number: c.number, steps: c.steps, step: c.step, copy: c.copy + 1}
	if next.copy >= max(1, c.steps[c.step].copies) {
		next.step, next.copy = c.step+1, 0
	}
	if next.step >= len(next.steps) {
		t.running--
		return
	}
	if next.copy == 0 {
		next.at = next.sendAt(t.delay())
	}
	t.schedule.add(next)
}

// answer renders one step.
func (t *Terminal) answer(c *course) TerminalAnswer {
	s, n := c.steps[c.step], c.in.notice
	happened := c.base.Add(time.Duration(or(s.dated, s.at)) * t.delay()).UTC().Truncate(time.Millisecond)
	e := inspection.Event{
		NoticeNumber: n.Number, Kind: s.kind, Box: s.box, Version: n.Version, OccurredAt: happened,
		Reference: t.reference(c), AnswersID: c.in.id, Reason: s.reason, Text: mark + s.text,
	}
	if s.later {
		e.Earliest = happened.Add(24 * time.Hour).Truncate(time.Minute)
	}
	for i := range n.Boxes {
		if box := &n.Boxes[i]; box.Key() == s.box {
			describe(&e, box, happened)
		}
	}
	return TerminalAnswer{Reference: e.Reference, MessageID: c.in.id, Format: c.in.format, Door: c.in.door, Link: c.in.link, edi: c.in.edi, Event: e, Copy: c.copy}
}

// describe adds what a step says about its box.
func describe(e *inspection.Event, box *inspection.Box, at time.Time) {
	switch e.Kind {
	case inspection.MoveDone, inspection.Ready:
		e.Site = box.Site
		if e.Kind == inspection.Ready && box.SetPointCelsius != "" {
			e.UnpluggedAt = at // a reefer is unplugged when it is presented
		}
	case inspection.Locked, inspection.MovedBack:
		e.YardPlace = box.YardPlace
	}
}

// reference is the terminal's own number of a report: the same for both copies
// and for a version that comes over a second channel, and no UUID, so that
// nobody takes it for an id of the gateway.
func (t *Terminal) reference(c *course) string {
	s, n := &c.steps[c.step], c.in.notice
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%d/%s/%s", t.Seed, n.Number, n.Version, s.box, s.kind))
	return "SANDBOX-" + hex.EncodeToString(sum[:12])
}

func (t *Terminal) delay() time.Duration { return or(t.Delay, DefaultDelay) }
