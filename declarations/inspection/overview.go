package inspection

// overview puts the records together.
func (c *course) overview() Overview {
	o := Overview{Delivered: c.arrived, Boxes: []BoxStatus{}}
	if c.newest == nil {
		return o // events may wait for their notice
	}
	o.Number, o.Version = c.newest.Number, c.newest.Version
	c.close()
	for _, r := range c.inOrder() {
		o.Boxes = append(o.Boxes, r.status)
	}
	c.whole(&o)
	c.person(&o)
	c.deadlines(&o)
	c.alarm(&o)
	for _, h := range c.events {
		if h.isRefused() && h.ID != "" {
			o.Refused = append(o.Refused, h.ID)
		}
	}
	return o
}

// inOrder are the records as the newest version lists them; those that only
// older versions have come last.
func (c *course) inOrder() []*record {
	list := make([]*record, 0, len(c.records))
	taken := make(map[*record]bool, len(c.records))
	for i := range c.newest.Boxes {
		if r := c.find(c.newest.Boxes[i].Key()); r != nil && !taken[r] {
			list, taken[r] = append(list, r), true
		}
	}
	for _, r := range c.records {
		if !taken[r] {
			list = append(list, r)
		}
	}
	return list
}

// close makes CLOSED of the boxes that are back, once all boxes are over (transition 17).
func (c *course) close() {
	for _, r := range c.records {
		if !r.status.Over {
			return
		}
	}
	for _, r := range c.records {
		if r.status.State == StateMovedBack {
			r.status.State = StateClosed
		}
	}
}

// whole is the state of the notice: of its least advanced box among those
// that go on; rejected ones are told by a flag as long as others go on.
func (c *course) whole(o *Overview) {
	var open, rejected, over *BoxStatus
	less := func(a, b *BoxStatus) bool { return b == nil || rank[a.State] < rank[b.State] }
	counted := 0
	o.Confirmed = true
	for _, r := range c.records {
		s := &r.status
		if r.followed {
			continue
		}
		if !r.cancelled {
			counted++
			o.Confirmed = o.Confirmed && r.decision != nil && r.decision.Kind == Accepted
		}
		switch {
		case s.State == StateRejected:
			rejected = s
		case s.Over && (over == nil || over.State != StateClosed && (s.State == StateClosed || s.State == StateSeized)):
			over = s
		case !s.Over && less(s, open):
			open = s
		}
	}
	o.Confirmed = o.Confirmed && counted > 0
	o.PartlyRejected = rejected != nil && (open != nil || over != nil)
	switch {
	case open != nil:
		o.State = open.State
	case rejected != nil && (over == nil || !rejected.Over):
		o.State, o.Over = rejected.State, rejected.Over
	case over != nil:
		o.State, o.Over = over.State, true
	}
	if rejected != nil && o.Over { // one that customs has not confirmed keeps the notice open
		for _, r := range c.records {
			o.Over = o.Over && r.status.Over
		}
	}
}

// person says why the human list has the notice, the most pressing reason.
func (c *course) person(o *Overview) {
	locked, excepted, rejected := false, false, false
	for _, r := range c.records {
		s := &r.status
		locked = locked || r.cancelled && s.Locked && r.lock.at.After(r.cancelledAt)
		excepted = excepted || s.State == StateException
		rejected = rejected || s.State == StateRejected && !s.Over
	}
	_, _, told := c.told(c.newest.Version)
	quiet := told || c.answered(c.newest.Version)
	switch {
	case o.Over:
	case c.newest.Terminal == "":
		o.Person = "no_terminal"
	case !quiet && c.byHandOnly():
		o.Person = "no_interface" // notices.md section 6: clerk list at once
	case locked:
		o.Person = "locked_after_cancel"
	case excepted:
		o.Person = "exception"
	case rejected:
		o.Person = "rejected"
	}
	if o.Person == "" && !quiet && c.lost(c.newest.Version) >= timeoutsBeforeSecond && (!o.Over || c.everKnown()) {
		o.Person = "undelivered"
	}
}

// alarm adds what the deadlines say to a person.
func (c *course) alarm(o *Overview) {
	if o.Person != "" && o.Person != "unanswered" {
		return
	}
	late := func(kind DeadlineKind) bool {
		for _, d := range o.Deadlines {
			if d.Kind == kind && d.Late && d.MetAt.IsZero() {
				return true
			}
		}
		return false
	}
	switch {
	case late(DueSecond):
		o.Person = "undelivered"
	case o.Person != "":
	case late(DueLock):
		o.Person = "not_locked"
	case c.lockNotAssured():
		o.Person = "lock_not_assured"
	}
}

// lockNotAssured tells customs that nobody will hold the box: the terminal
// cannot lock (notices.md section 6).
func (c *course) lockNotAssured() bool {
	if !c.ordered(Lock) || c.in.Capability.CanLock != LockNo {
		return false
	}
	for _, r := range c.records {
		if !r.status.Over && !r.cancelled && r.lock == nil && r.begun().IsZero() {
			return true
		}
	}
	return false
}
