package conformance

import (
	"context"
	"strings"

	"kouan/declarations/inspection"
)

// delivered: the bytes arrived, by whatever acknowledgement the wire has.
func delivered(ctx context.Context, t *trial) finding {
	f, _ := t.judge(ctx, Red, func(s *standing) *inspection.Event { return s.heard(1, inspection.TransportAck) })
	return f
}

// answered: accepted or rejected. Which of them is the terminal's to decide; a
// box that does not exist may well be rejected.
func answered(ctx context.Context, t *trial) finding {
	f, e := t.judge(ctx, Red, func(s *standing) *inspection.Event {
		return s.heard(1, inspection.Accepted, inspection.Rejected)
	})
	if e == nil {
		return f
	}
	t.refused = e.Kind == inspection.Rejected
	f.found, f.args["answer"] = "answered_as", strings.TrimSpace(string(e.Kind)+" "+string(e.Reason))
	return f
}

// locked: what was accepted is locked, when the terminal's system can say so.
func locked(ctx context.Context, t *trial) finding {
	if t.refused {
		return finding{Skipped, "not_played", nil}
	}
	f, _ := t.judge(ctx, Yellow, func(s *standing) *inspection.Event { return s.heard(1, inspection.Locked) })
	return f
}

// changed: another site needs another answer (notices.md, transition 19).
func changed(ctx context.Context, t *trial) finding {
	t.order.Boxes[0].Site, t.order.ChangeReason = "TEST-SITE-2", "site"
	if err := t.send(ctx, inspection.Change, nil); err != nil {
		return unwritten(err)
	}
	f, e := t.judge(ctx, Red, func(s *standing) *inspection.Event {
		for i := range s.Events {
			if e := &s.Events[i]; e.Refused == "" && e.Version >= 2 && (e.Kind == inspection.Accepted || e.Kind == inspection.Rejected) {
				return &e.Event
			}
		}
		return nil
	})
	if e != nil {
		f.found, f.args["answer"] = "answered_as", strings.TrimSpace(string(e.Kind)+" "+string(e.Reason))
	}
	return f
}

// cancelledNotice: the cancellation arrives, and a lock is lifted. A notice
// without a lock is over at once, and nothing more is heard about it.
func cancelledNotice(ctx context.Context, t *trial) finding {
	if err := t.send(ctx, inspection.Cancel, nil); err != nil {
		return unwritten(err)
	}
	f, e := t.judge(ctx, Red, func(s *standing) *inspection.Event {
		if s.Over && s.State == inspection.StateCancelled {
			return &inspection.Event{}
		}
		for i := range s.Events {
			if e := &s.Events[i]; e.Kind == inspection.TransportAck && e.Version >= 3 {
				return &e.Event
			}
		}
		return nil
	})
	if e == nil {
		return f
	}
	held, _ := t.judge(ctx, Yellow, func(s *standing) *inspection.Event {
		if s.heard(1, inspection.Locked) == nil {
			return &inspection.Event{} // nothing to lift
		}
		return s.heard(1, inspection.Unlocked)
	})
	return held
}

// counts: every report of the terminal counts. One that was refused tells of a
// system that goes ahead of the order, or repeats itself otherwise.
func counts(ctx context.Context, t *trial) finding {
	refused, all := 0, 0
	f, _ := t.judge(ctx, Red, func(s *standing) *inspection.Event {
		for i := range s.Events {
			if s.Events[i].Actor != inspection.ByTerminal {
				continue
			}
			all++
			if s.Events[i].Refused != "" {
				refused++
			}
		}
		return &inspection.Event{}
	})
	if f.grade != Green {
		return f
	}
	f.found, f.args = "counted", countsOf(all-refused, all)
	if refused > 0 {
		f.grade = Yellow
	}
	return f
}
