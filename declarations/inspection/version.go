package inspection

import (
	"slices"
	"strconv"
	"time"

	"kouan/declarations"
	"kouan/declarations/strictjson"
)

// NextVersion is what an order makes of a notice; old is nil for issue. The
// order has passed CheckOrder. A version that is not newer than the one that
// stands is a fault: it is stored by whoever calls, never applied. Boxes that
// a change leaves out are taken back; they stay in the notice with their past.
func NextVersion(old *Notice, o *Order, at time.Time) (Notice, []declarations.Fault) {
	if old == nil {
		n := o.Notice
		n.Version, n.Boxes = max(o.Version, 1), slices.Clone(o.Boxes)
		n.made(o, at)
		return n, nil
	}
	if o.Version != 0 && o.Version <= old.Version {
		return Notice{}, []declarations.Fault{strictjson.Reject(CodeVersion, "version", "value", strconv.Itoa(o.Version), "want", strconv.Itoa(old.Version+1))}
	}
	var n Notice
	var faults []declarations.Fault
	switch o.Action {
	case Issue, Change:
		n = changed(old, o)
	default:
		n, faults = revised(old, o)
	}
	n.Version = old.Version + 1
	if o.Version != 0 {
		n.Version = o.Version
	}
	n.made(o, at)
	return n, faults
}

// made notes what made the version. IssuedAt is the gateway's time, from
// which deadlines run; what customs wrote stays beside it.
func (n *Notice) made(o *Order, at time.Time) {
	n.Change, n.ChangeReason, n.SourceMessageID = o.Action, o.ChangeReason, o.SourceMessageID
	n.OrderedAt, n.IssuedAt = o.IssuedAt, at
	if n.Purpose == "" {
		n.Purpose = PurposeCustoms
	}
}

// changed is the content of a change: whole and new, beside what is left out
// of the boxes.
func changed(old *Notice, o *Order) Notice {
	n := o.Notice
	n.Number, n.Boxes, n.Cancelled = old.Number, slices.Clone(o.Boxes), nil
	if n.Terminal == "" {
		n.Terminal = old.Terminal // where the boxes are does not change by not being said
	}
	for i := range old.Boxes {
		key := old.Boxes[i].Key()
		if _, has := n.box(key); !has {
			n.Boxes, n.Cancelled = append(n.Boxes, old.Boxes[i]), append(n.Cancelled, key)
		}
	}
	return n
}

// revised is the content after an order that names boxes of the notice, or none and means all.
func revised(old *Notice, o *Order) (Notice, []declarations.Fault) {
	n := *old
	n.Boxes, n.Cancelled = slices.Clone(old.Boxes), slices.Clone(old.Cancelled)
	targets, faults := targetsOf(&n, o)
	for _, t := range targets {
		b := &n.Boxes[t.box]
		switch o.Action {
		case Cancel:
			n.Cancelled = append(n.Cancelled, b.Key())
		case FollowUp:
			child := *b
			child.Parent = b.Key()
			child.OnShip, child.AtSiteBy, child.PlannedStart = false, time.Time{}, time.Time{} // of the first inspection
			child.take(t.said)
			n.Boxes = append(n.Boxes, child)
		case TransferSite:
			b.SiteName, b.OffSite = "", false // of the site before
			b.take(t.said)
		}
	}
	if o.Escort {
		n.Escort = true
	}
	if o.PaidBy != "" {
		n.PaidBy = o.PaidBy
	}
	if o.Note != "" {
		n.Note = o.Note
	}
	return n, faults
}

// target is a box of the notice with what the order says about it.
type target struct {
	box  int
	said *Box // nil: nothing
}

func targetsOf(n *Notice, o *Order) ([]target, []declarations.Fault) {
	var list []target
	if len(o.Boxes) == 0 {
		for i := range n.Boxes {
			if key := n.Boxes[i].Key(); !slices.Contains(n.Cancelled, key) && !n.followed(key) {
				list = append(list, target{box: i})
			}
		}
		return list, nil
	}
	var faults []declarations.Fault
	for i := range o.Boxes {
		at := n.last(&o.Boxes[i])
		if at < 0 {
			faults = append(faults, strictjson.Reject(CodeBoxNumber, declarations.IndexPath("boxes", i, ""), "value", strictjson.Shown(o.Boxes[i].Key())))
			continue
		}
		list = append(list, target{box: at, said: &o.Boxes[i]})
	}
	return list, faults
}

// last finds the record that an order means: the one that it names with its
// parent, else the last one of the container that stands. -1: none.
func (n *Notice) last(b *Box) int {
	found := -1
	for i := range n.Boxes {
		have := &n.Boxes[i]
		if slices.Contains(n.Cancelled, have.Key()) {
			continue
		}
		if b.Parent != "" && have.Key() == b.Key() || b.Parent == "" && have.root() == b.root() && !n.followed(have.Key()) {
			found = i
		}
	}
	return found
}

// followed says that a follow-up that stands goes on in the place of a record.
func (n *Notice) followed(key string) bool {
	return slices.ContainsFunc(n.Boxes, func(b Box) bool { return b.Parent == key && !slices.Contains(n.Cancelled, b.Key()) })
}

// take takes over what an order says about a box.
func (b *Box) take(said *Box) {
	if said == nil {
		return
	}
	set := func(to *string, v string) {
		if v != "" {
			*to = v
		}
	}
	set((*string)(&b.Method), string(said.Method))
	set((*string)(&b.Depth), string(said.Depth))
	set(&b.Site, said.Site)
	set(&b.SiteName, said.SiteName)
	set(&b.YardPlace, said.YardPlace)
	set(&b.Goods, said.Goods)
	if len(said.Seals) > 0 {
		b.Seals = said.Seals
	}
	if !said.AtSiteBy.IsZero() {
		b.AtSiteBy = said.AtSiteBy
	}
	if !said.PlannedStart.IsZero() {
		b.PlannedStart = said.PlannedStart
	}
	b.OffSite = b.OffSite || said.OffSite
}
