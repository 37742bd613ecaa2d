package inspection

import "slices"

// Admit says whether a new event may count, beside all that is known. Nil: it
// counts, now or when what it needs has come. An event of an order (changed,
// cancelled, follow_up, transfer_site) is judged before its version is made.
// One that tells no HeardAt is heard now.
func Admit(in Input, e *Event) *Refusal {
	now := Fold(in)
	if e.HeardAt.IsZero() {
		heard := *e
		heard.HeardAt = in.Now
		e = &heard
	}
	why, _ := verdict(in, now, e)
	if why == "" {
		return nil
	}
	return &Refusal{State: standing(now, e.Box), Allowed: allowed(in, now, e.Actor, e.Box), Why: why}
}

// Allowed are the kinds that an actor could report now, and that would count
// at once, about a box; without one about all boxes.
func Allowed(in Input, actor Actor, box string) []Kind {
	return allowed(in, Fold(in), actor, box)
}

func standing(o Overview, box string) State {
	for i := range o.Boxes {
		if o.Boxes[i].Box == box {
			return o.Boxes[i].State
		}
	}
	return o.State
}

// verdict says why an event cannot count, and, when it can, whether it waits
// for what it needs.
func verdict(in Input, now Overview, e *Event) (why string, early bool) {
	if why := faulty(e); why != "" {
		return why, false
	}
	if now.Version == 0 {
		return "", true // it waits for its notice
	}
	switch e.Kind {
	case Changed, CancelOrdered, FollowUpOrdered, TransferOrdered:
		return orderable(now, e), false
	}
	events := append(slices.Clip(in.Events), *e)
	in.Events = events
	c := newCourse(&in)
	for _, h := range c.events {
		if h.Event == &events[len(events)-1] && h.isRefused() {
			return h.why, false
		}
	}
	for _, r := range c.records {
		if (e.Box == "" || r.key == e.Box) && slices.Contains(r.status.Early, e.Kind) {
			return "", true
		}
	}
	return "", false
}

// orderable judges an order by the states of the boxes that it is about.
func orderable(now Overview, e *Event) string {
	if e.Version != 0 && e.Version < now.Version {
		return "old_version"
	}
	if now.Over {
		return "over"
	}
	about := aim(now, e)
	if len(about) == 0 {
		return "unknown_box"
	}
	open := 0
	for _, b := range about {
		if !b.Open() {
			if e.Box != "" {
				return "over"
			}
			continue
		}
		open++
		at := rank[b.State]
		switch e.Kind {
		case CancelOrdered: // transition 18: ISSUED…READY
			if at >= rank[StateStarted] {
				return "started_already"
			}
		case FollowUpOrdered: // transition 20; what is held or sampled is finished, too
			if at < rank[StateHeld] || at > rank[StateFinished] {
				if at > rank[StateFinished] {
					return "released_already"
				}
				return "not_finished"
			}
		case TransferOrdered: // transition 21: ISSUED…MOVING
			if at >= rank[StateStarted] {
				return "started_already"
			}
			if at > rank[StateMoving] {
				return "at_site_already"
			}
		case Changed:
		}
	}
	if open == 0 {
		return "over"
	}
	return ""
}

// aim are the records that an order is about: the one that it names, or the
// last one of the container that it names, or all that are open.
func aim(o Overview, e *Event) []*BoxStatus {
	next := map[string]*BoxStatus{} // the follow-up that goes on in the place of a record
	for i := range o.Boxes {
		if b := &o.Boxes[i]; b.Parent != "" && b.State != StateCancelled {
			next[b.Parent] = b
		}
	}
	var all []*BoxStatus
	for i := range o.Boxes {
		b := &o.Boxes[i]
		switch {
		case e.Box == "" && next[b.Box] == nil:
			all = append(all, b)
		case e.Box != "" && b.Box == e.Box:
			if b.Parent == "" { // the container means its last record
				b = lastOf(next, b)
			}
			return []*BoxStatus{b}
		}
	}
	return all
}

// lastOf is the end of a chain of follow-ups.
func lastOf(next map[string]*BoxStatus, b *BoxStatus) *BoxStatus {
	for range len(next) {
		if next[b.Box] == nil {
			break
		}
		b = next[b.Box]
	}
	return b
}

// allowed are the kinds that the same actor could report instead, and that
// would count at once: each is tried, so that the answer cannot disagree with
// the judgement.
func allowed(in Input, now Overview, actor Actor, box string) []Kind {
	list := []Kind{}
	if now.Over {
		return list
	}
	for _, k := range Kinds {
		try := Event{Kind: k, Box: box, Actor: actor, OccurredAt: in.Now, HeardAt: in.Now,
			Person: "-", Text: "-", Time: in.Now.AddDate(1, 0, 0)}
		switch k {
		case Issued, TransportAck, TransportTimeout, Reminded, Closed:
			continue // no answer to anybody
		case Rejected, ExceptionFound:
			try.Reason = OtherReason
		case Finished:
			try.Result = Pass
		}
		if !May(actor, k) || already(now, box, k) {
			continue
		}
		if why, early := verdict(in, now, &try); why == "" && !early {
			list = append(list, k)
		}
	}
	return list
}

// already says that every box that is meant has this behind it.
func already(o Overview, box string, k Kind) bool {
	switch k {
	case Accepted, Rejected, Locked, MoveStarted, MoveDone, Ready, Started, Released, Unlocked, MovedBack, DirectGateOut, RejectConfirmed:
	default:
		return false
	}
	for i := range o.Boxes {
		if b := &o.Boxes[i]; box == "" || b.Box == box {
			if _, has := b.At[k]; !has {
				return false
			}
		}
	}
	return true
}
