package sandbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"kouan/declarations"
)

// Answer is one document that customs sends back.
type Answer struct {
	ID        string // id of the answer on the wire; a second copy has another
	OrigMsgID string // message that it answers
	OrigName  string // file name, without extension, that it answers
	Receiver  string // sender of that message
	Code      string // CHANNEL, or the code of an import response
	Name      string // file name of the answer, without extension
	At        time.Time
	Body      []byte
}

// Reply hands an answer to the other side; an error means that it has to be
// tried again.
type Reply func(ctx context.Context, a Answer) error

// Bounds of the attempts to hand over one answer: about half an hour.
const (
	firstBackoff = 200 * time.Millisecond
	maxBackoff   = 5 * time.Second
	maxTries     = 360
)

// plan is a story on its way through time.
type plan struct {
	story   *story
	facts   facts
	id      string
	name    string
	sender  string
	seqNo   string
	entryNo string
	base    time.Time // the steps count from here
	copies  int
	reply   Reply
	active  bool // under the lock of Customs
}

// plan fixes everything that the answers of a message say, so that a second
// telling is the same to the byte.
func (c *Customs) plan(a *arrival, f *facts, s *story, now time.Time) *plan {
	p := &plan{story: s, facts: *f, id: a.id, name: a.name, sender: a.sender, base: now, copies: max(1, s.copies), reply: a.reply}
	if s.late {
		p.base = p.base.Add(c.lateBy())
	}
	if c.hits(c.faults.DuplicateRate, "duplicate", a.id, 0) {
		p.copies = 2
	}
	// Notices have whole seconds. A new attempt must be dated after the last
	// notice of the one before, or the order of the two would be lost.
	earlier := c.attemptsOf(f)
	earlier.count++
	if next := earlier.last.Add(time.Second); p.base.Before(next) {
		p.base = next
	}
	earlier.last = p.dateOf(len(s.steps)-1, c.delay())
	p.seqNo = f.seqNo
	if p.seqNo == "" {
		p.seqNo = c.number(a.id, seqNoFrom(f, p.base))
	}
	owner := a.id
	if f.step == stepSummary || f.step == stepFull {
		owner = "SeqNo " + p.seqNo // both steps are one declaration to customs
	}
	p.entryNo = c.number(owner, entryNoFrom(f, p.base))
	return p
}

// begin must be called under the lock.
func (c *Customs) begin(p *plan) {
	p.active = true
	c.schedule.add(&task{at: p.sendAt(0, c.delay()), plan: p})
}

func (p *plan) sendAt(i int, unit time.Duration) time.Time {
	return p.base.Add(time.Duration(p.story.steps[i].at) * unit)
}

// dateOf is the NOTICE_DATE of a step, in whole seconds.
func (p *plan) dateOf(i int, unit time.Duration) time.Time {
	s := p.story.steps[i]
	at := s.at
	switch {
	case s.dated > 0:
		at = s.dated
	case s.sameSecond && i > 0 && evenID(p.id):
		at = p.story.steps[i-1].at
	}
	return p.base.Add(time.Duration(at) * unit).Truncate(time.Second)
}

// perform sends one answer. The next step of the message waits for it, so
// that a story is heard in the order that it is told in.
func (c *Customs) perform(ctx context.Context, t *task) {
	a, err := c.answer(t)
	if err == nil {
		err = t.plan.reply(ctx, a)
	}
	if ctx.Err() != nil {
		return
	}
	if err != nil && t.tries+1 < maxTries {
		t.tries++
		t.at = c.now().Add(min(firstBackoff<<min(t.tries-1, 10), maxBackoff))
		c.schedule.add(t)
		return
	}
	if err != nil {
		c.log().Warn("sandbox: answer given up", "message", a.OrigMsgID, "code", a.Code, "error", err)
		c.mu.Lock()
		c.unheard++
		c.mu.Unlock()
	}
	c.proceed(t)
}

// proceed schedules the next copy or the next step.
func (c *Customs) proceed(t *task) {
	next := &task{at: t.at, plan: t.plan, step: t.step, copy: t.copy + 1}
	if next.copy >= t.plan.copies {
		next.step, next.copy = t.step+1, 0
	}
	if next.step >= len(t.plan.story.steps) {
		c.mu.Lock()
		t.plan.active = false
		c.mu.Unlock()
		return
	}
	next.at = t.plan.sendAt(next.step, c.delay())
	c.schedule.add(next)
}

// answer renders one step.
func (c *Customs) answer(t *task) (Answer, error) {
	p, s := t.plan, t.plan.story.steps[t.step]
	a := Answer{
		ID:        answerID(p.id, t.step, t.copy),
		OrigMsgID: p.id, OrigName: p.name, Receiver: p.sender, Code: s.code,
		At: p.dateOf(t.step, c.delay()),
	}
	var err error
	switch s.code {
	case declarations.CodeImported, declarations.CodeImportFailed:
		a.Name = importWord(s.code) + "_" + p.name
		a.Body, err = importResponse(p, s)
	default:
		a.Name = "Receipt_" + p.seqNo + "_" + s.code
		a.Body, err = decResult(p, s, a.At)
	}
	a.Name += "_" + a.At.In(chinaTime).Format(nameTime)
	if t.copy > 0 { // a time of 17 digits, so that the name stays one of the client's
		a.Name += fmt.Sprintf("%03d", t.copy)
	}
	if err != nil {
		return a, fmt.Errorf("answer message %s with %s: %w", p.id, s.code, err)
	}
	return a, nil
}

// importWord keeps the misspelling of the real client (receipts.md section 2.1).
func importWord(code string) string {
	if code == declarations.CodeImportFailed {
		return "Failed"
	}
	return "Successed"
}

// answerID is no UUID: nobody can take it for the id of a message of the gateway.
func answerID(id string, step, repeat int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%d", id, step, repeat))
	return "SANDBOX-" + hex.EncodeToString(sum[:16])
}
