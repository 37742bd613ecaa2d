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
	"kouan/port-adapters/sandbox/magic"
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
	number int  // of the plan: see yard.current
	whole  bool // is told to its end whatever comes after
	steps  []said
	step   int
	copy   int
	tries  int
}

func (c *course) due() time.Time { return c.at }

// acknowledge answers an interchange by CONTRL, a known one by the first
// CONTRL again (edifact.md 1.4). It must be called under the lock.
func (t *Terminal) acknowledge(in *incoming, script magic.Script, at time.Time) {
	if in.edi == nil || in.reply == nil || t.Silent || script == magic.Silent {
		return
	}
	t.running++
	t.schedule.add(&course{at: t.now(), base: at, in: in, whole: true, steps: []said{{kind: inspection.TransportAck}}})
}

// begin plans what is said to a notice. It must be called under the lock.
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
	if !t.Steps {
		steps = slices.DeleteFunc(steps, func(s said) bool { return in.hasNoForm(s.kind) })
	}
	if len(steps) == 0 {
		return
	}
	c := &course{base: now, in: in, number: y.current, steps: steps}
	c.at = c.sendAt(t.delay())
	t.running++
	t.schedule.add(c)
}

// hasNoForm says that a step cannot be told the way that the letter came: a
// link and EDIFACT take the business answer alone.
func (in *incoming) hasNoForm(kind inspection.Kind) bool {
	switch kind {
	case inspection.Accepted, inspection.Rejected, inspection.TransportAck:
		return false
	}
	return in.edi != nil || in.wire == "mail"
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
	if c.whole || t.yards[c.in.notice.Number].current == c.number {
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
		t.log().Warn("sandbox terminal: answer given up", "notice", a.Event.NoticeNumber, "event", string(a.Event.Kind), "detail", a.Detail)
	}
	if y := t.yards[a.Event.NoticeNumber]; y != nil {
		y.note(a.Event.Box, a.Event.Kind)
	}
	next := &course{at: c.at, base: c.base, in: c.in, number: c.number, whole: c.whole, steps: c.steps, step: c.step, copy: c.copy + 1}
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
	s, n := c.steps[c.step], or(c.in.notice, &inspection.Notice{})
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
	format := c.in.format
	if c.in.hasNoForm(e.Kind) {
		format = formatJSON
	}
	return TerminalAnswer{Reference: e.Reference, MessageID: c.in.id, Format: format, Door: c.in.door, Link: c.in.link, edi: c.in.edi, Event: e, Copy: c.copy}
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
	s := &c.steps[c.step]
	about := c.in.id // a CONTRL belongs to its interchange
	if s.kind != inspection.TransportAck {
		about = fmt.Sprintf("%s/%d", c.in.notice.Number, c.in.notice.Version)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s/%s", t.Seed, about, s.box, s.kind))
	return "SANDBOX-" + hex.EncodeToString(sum[:12])
}

func (t *Terminal) delay() time.Duration { return or(t.Delay, DefaultDelay) }
