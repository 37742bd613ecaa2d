package inspection

import "slices"

// View is what a party may see of a notice (notices.md section 2). Why goods
// were selected is for customs alone; a haulier sees the move and its time;
// a declarant sees his boxes, and only once VisibleToDeclarant says so.
func View(n Notice, actor Actor) Notice {
	if actor == ByCustoms {
		return n
	}
	n.ReasonClass = ""
	switch actor {
	case ByTerminal, BySite, ByGateway, ByClerk:
		return n
	case ByDeclarant:
		n.Note = "" // between customs and the terminal
		return n
	}
	return moveOnly(n)
}

// moveOnly is what a haulier, and anybody else, may see.
func moveOnly(n Notice) Notice {
	v := Notice{Number: n.Number, Version: n.Version, Change: n.Change, IssuedAt: n.IssuedAt, Purpose: n.Purpose,
		Terminal: n.Terminal, Boxes: make([]Box, len(n.Boxes)), Cancelled: n.Cancelled, Escort: n.Escort}
	if slices.Contains(n.Orders, Move) {
		v.Orders = []Work{Move}
	}
	for i := range n.Boxes {
		b := &n.Boxes[i]
		v.Boxes[i] = Box{ContainerNumber: b.ContainerNumber, Mark: b.Mark, SizeType: b.SizeType, Site: b.Site, SiteName: b.SiteName,
			OffSite: b.OffSite, YardPlace: b.YardPlace, AtSiteBy: b.AtSiteBy, Parent: b.Parent}
	}
	return v
}

// VisibleToDeclarant says whether the declarant may learn of the notice. A
// selection must not leak before the lock of boxes in the yard is confirmed
// (notices.md section 2), unless he knows already from customs itself. Where
// no lock can be confirmed, a box that is at the site gives nothing away.
func VisibleToDeclarant(o Overview, newest *Notice, known bool) bool {
	if known {
		return true
	}
	if newest == nil || len(o.Boxes) == 0 {
		return false
	}
	locks := slices.Contains(newest.Orders, Lock)
	held := 0
	for i := range o.Boxes {
		s := &o.Boxes[i]
		b, has := newest.box(s.Box)
		if !has || s.State == StateCancelled && s.At[Locked].IsZero() {
			continue // taken back before it was held: he need not know
		}
		_, locked := s.At[Locked]
		_, accepted := s.At[Accepted]
		switch {
		case locked, b.OnShip, rank[s.State] >= rank[StateAtSite] && s.State != StateCancelled, s.State == StateRejected && s.Over:
		case !locks && accepted: // nothing is to be held, and the terminal is preparing it
		default:
			return false
		}
		held++
	}
	return held > 0
}
