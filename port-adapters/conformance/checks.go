package conformance

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"kouan/declarations/inspection"
)

// check is one thing that is played.
type check struct {
	id    string
	needs func(*player) bool
	play  func(context.Context, *player) finding
}

func always(*player) bool   { return true }
func signed(p *player) bool { return p.o.Secret != "" }
func asJSON(p *player) bool { return p.write.format == "json" }

// checks are played in this order. The ids are keys of texts and public.
var checks = []check{
	{"encrypted", always, encrypted},
	{"valid", always, valid},
	{"prompt", always, prompt},
	{"duplicate", always, duplicate},
	{"conflict", always, conflicting},
	{"change", always, change},
	{"order", always, order},
	{"cancel", always, cancel},
	{"release", always, release},
	{"unknown_cancel", always, unknownCancel},
	{"unicode", always, foreignWords},
	{"large", always, large},
	{"concurrent", always, concurrent},
	{"slow_body", always, slowBody},
	{"new_type", asJSON, newType},
	{"unsigned", signed, unsigned},
	{"foreign_signature", signed, foreignSignature},
	{"altered_body", signed, alteredBody},
	{"altered_id", signed, alteredID},
	{"altered_time", signed, alteredTime},
	{"old", signed, old},
	{"early", signed, early},
	{"rotation", signed, rotation},
}

// Checks are the ids of all checks, in their order.
func Checks() []string {
	var ids []string
	for _, c := range checks {
		ids = append(ids, c.id)
	}
	return ids
}

// unwritten is what a check says when its own letter cannot be written.
func unwritten(err error) finding {
	return finding{Red, "no_answer", map[string]string{"reason": err.Error()}}
}

// taken plays letters one after the other, each of which must be taken.
func (p *player) taken(ctx context.Context, otherwise Grade, letters ...func() (*letter, error)) finding {
	f := finding{}
	for _, write := range letters {
		l, err := write()
		if err != nil {
			return unwritten(err)
		}
		a := p.send(ctx, l)
		if f = a.judged(a.taken(), otherwise); f.grade != Green {
			return f
		}
	}
	return f
}

// told is one letter about a version of a notice.
func (p *player) told(kind string, n inspection.Notice, version int, act inspection.Action) func() (*letter, error) {
	n.Version, n.Change = version, act
	return func() (*letter, error) { return p.letter(kind, &n, int64(version)) }
}

// encrypted: notices travel over TLS, unless nobody is between.
func encrypted(_ context.Context, p *player) finding {
	u, err := url.Parse(p.o.URL)
	if err != nil {
		return unwritten(err)
	}
	ip := net.ParseIP(u.Hostname())
	switch {
	case u.Scheme == "https":
		return finding{Green, "https", nil}
	case ip != nil && ip.IsLoopback() || u.Hostname() == "localhost":
		return finding{Green, "loopback", nil}
	}
	return finding{Red, "plain", nil}
}

func valid(ctx context.Context, p *player) finding {
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, *p.notice(2), 1, inspection.Issue))
}

// prompt: the slowest of five answers (push-and-errors REQ-14).
func prompt(ctx context.Context, p *player) finding {
	slowest := time.Duration(0)
	for range 5 {
		l, err := p.told(inspection.LetterIssued, *p.notice(1), 1, inspection.Issue)()
		if err != nil {
			return unwritten(err)
		}
		a := p.send(ctx, l)
		if !a.taken() {
			return a.judged(false, Red)
		}
		slowest = max(slowest, a.took)
	}
	f := finding{Green, "slowest", map[string]string{"millis": strconv.FormatInt(slowest.Milliseconds(), 10)}}
	if slowest > slowAnswer {
		f.grade = Yellow
	}
	return f
}

// duplicate: the same id with the same bytes gets the same answer (notices.md section 4).
func duplicate(ctx context.Context, p *player) finding {
	l, err := p.told(inspection.LetterIssued, *p.notice(1), 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	same := func() (*letter, error) { return l, nil }
	return p.taken(ctx, Red, same, same, same)
}

// conflicting: the same id with other bytes is refused, DUP_CONFLICT.
func conflicting(ctx context.Context, p *player) finding {
	n := p.notice(1)
	first, err := p.told(inspection.LetterIssued, *n, 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	n.ShipName = "OTHER SHIP"
	second, err := p.told(inspection.LetterIssued, *n, 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	if a := p.send(ctx, first); !a.taken() {
		return a.judged(false, Red)
	}
	renamed, err := p.again(second, first.id)
	if err != nil {
		return unwritten(err)
	}
	a := p.send(ctx, renamed)
	return a.judged(a.refused(), Yellow)
}

// change: a second version after the first.
func change(ctx context.Context, p *player) finding {
	n := *p.notice(1)
	moved := n
	moved.Boxes = append([]inspection.Box{}, n.Boxes...)
	moved.Boxes[0].Site, moved.ChangeReason = "TEST-SITE-2", "site"
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, n, 1, inspection.Issue), p.told(inspection.LetterChanged, moved, 2, inspection.Change))
}

// order: version 3 comes before version 2, and version 1 never. An older one
// that arrives later is stored, never applied (notices.md section 2).
func order(ctx context.Context, p *player) finding {
	n := *p.notice(1)
	return p.taken(ctx, Red, p.told(inspection.LetterChanged, n, 3, inspection.Change), p.told(inspection.LetterChanged, n, 2, inspection.Change))
}

func cancel(ctx context.Context, p *player) finding {
	n := *p.notice(1)
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, n, 1, inspection.Issue), p.told(inspection.LetterCancelled, n, 2, inspection.Cancel))
}

// release: the unlock order.
func release(ctx context.Context, p *player) finding {
	n := *p.notice(1)
	unlock := n
	unlock.Orders = []inspection.Work{inspection.Unlock}
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, n, 1, inspection.Issue), p.told(inspection.LetterReleased, unlock, 2, inspection.ReleaseBoxes))
}

// unknownCancel: the notice itself went over another channel.
func unknownCancel(ctx context.Context, p *player) finding {
	return p.taken(ctx, Red, p.told(inspection.LetterCancelled, *p.notice(1), 2, inspection.Cancel))
}

// foreignWords: Chinese, letters beyond the first plane, right to left,
// combining marks, and what markup would take for its own.
func foreignWords(ctx context.Context, p *player) finding {
	n := *p.notice(1)
	n.Declarant, n.ShipName = "大连示例报关有限公司 𠮷野", "МОРЯК «Ёж»"
	n.Note = testNote + " 冷冻章鱼 ＡＢＣ א ب e\u0301 👩‍🔬 <&>\"'\\ {{x}} %s"
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, n, 1, inspection.Issue))
}

// largeBoxes is more than one ship's worth for one declaration.
const largeBoxes = 400

func large(ctx context.Context, p *player) finding {
	return p.taken(ctx, Red, p.told(inspection.LetterIssued, *p.notice(largeBoxes), 1, inspection.Issue))
}

// concurrent: different subjects do not wait for each other.
func concurrent(ctx context.Context, p *player) finding {
	const callers = 16
	letters := make([]*letter, callers)
	for i := range letters {
		var err error
		if letters[i], err = p.told(inspection.LetterIssued, *p.notice(1), 1, inspection.Issue)(); err != nil {
			return unwritten(err)
		}
	}
	answers := make([]answer, callers)
	var wait sync.WaitGroup
	for i, l := range letters {
		wait.Go(func() { answers[i] = p.send(ctx, l) })
	}
	wait.Wait()
	taken := 0
	for i := range answers {
		if answers[i].taken() {
			taken++
		}
	}
	f := finding{Green, "some", map[string]string{"count": strconv.Itoa(taken), "all": strconv.Itoa(callers)}}
	if taken < callers {
		f.grade = Red
	}
	return f
}

// slowBody: a line that loses packets.
func slowBody(ctx context.Context, p *player) finding {
	l, err := p.told(inspection.LetterIssued, *p.notice(5), 1, inspection.Issue)()
	if err != nil {
		return unwritten(err)
	}
	long := p.o.Slow
	if long == 0 {
		long = 3 * time.Second
	}
	a := p.sendSlowly(ctx, l, long)
	return a.judged(a.taken(), Yellow)
}

// newType: a type and members that come later must not stop a receiver.
func newType(ctx context.Context, p *player) finding {
	return p.taken(ctx, Yellow, p.told(newTypeName, *p.notice(1), 1, inspection.Issue))
}

// again is a letter under another id.
func (p *player) again(l *letter, id string) (*letter, error) {
	renamed := *l
	renamed.id = id
	renamed.body = replaceID(l.body, l.id, id)
	if p.write.format == "json" && string(renamed.body) == string(l.body) {
		return nil, fmt.Errorf("the letter %s does not name its id", l.id)
	}
	return &renamed, nil
}
