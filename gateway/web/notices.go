package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
)

// tabs are the parts of the list, by state of the notice.
var tabs = []struct {
	name   string
	states []inspection.State
}{
	{"answer", []inspection.State{inspection.StateIssued, inspection.StateUndelivered, inspection.StateManual, inspection.StateDelivered}},
	{"work", []inspection.State{inspection.StateAccepted, inspection.StateLocked, inspection.StateMoving, inspection.StateAtSite, inspection.StatePostponed,
		inspection.StateReady, inspection.StateStarted, inspection.StateException, inspection.StateRejected, inspection.StateCancelled}},
	{"release", []inspection.State{inspection.StateHeld, inspection.StateSampled, inspection.StateFinished, inspection.StateReleased, inspection.StateMovedBack}},
	{"closed", nil}, // what is over
}

const (
	// mostOpen bounds how many open notices one page looks at; more are found by their number.
	mostOpen = 500
	// mostCards bounds a page (pages.md section 10).
	mostCards = 100
)

// list is what the page of notices shows.
type list struct {
	Tabs   []tab
	Find   string
	Cards  []card
	Total  int // of the tab
	Role   string
	Closed bool
}

type tab struct {
	Name   string
	Count  int
	Capped bool // there are more than were looked at
	Here   bool
	Closed bool // not counted
}

// card is one notice in the list.
type card struct {
	Number    string
	Version   int
	Boxes     []string
	More      int // boxes that are not named
	SizeType  string
	Method    string
	Depth     string
	Yard      string
	OnShip    bool
	Ship      string
	State     inspection.State
	Mark      mark
	Delivered time.Time
	Answered  time.Time
	Answer    string // accepted, rejected
	Due       *due
	Person    string
}

// listNotices is GET /{lang}/notices.
func (s *server) listNotices(w http.ResponseWriter, v *visit) error {
	now := s.Clock()
	open, closed := true, false
	views, _, err := s.Desk.NoticeViews(v.Context(), v.caller.Principal, desk.NoticeQuery{Open: &open, Limit: mostOpen})
	if err != nil {
		return err
	}
	page := list{Find: strings.TrimSpace(v.URL.Query().Get("q")), Role: string(v.caller.Role)}
	here := v.URL.Query().Get("tab")
	if !slices.ContainsFunc(tabs, func(t struct {
		name   string
		states []inspection.State
	}) bool {
		return t.name == here
	}) {
		here = tabs[0].name
	}
	byTab := map[string][]desk.NoticeView{}
	for i := range views {
		name := tabOf(inspection.State(views[i].Row.State))
		byTab[name] = append(byTab[name], views[i])
	}
	for _, t := range tabs {
		page.Tabs = append(page.Tabs, tab{Name: t.name, Count: len(byTab[t.name]), Capped: len(views) == mostOpen, Here: t.name == here && page.Find == "", Closed: t.states == nil})
	}
	shown := byTab[here]
	page.Closed = here == "closed"
	if page.Closed || page.Find != "" {
		over, _, err := s.Desk.NoticeViews(v.Context(), v.caller.Principal, desk.NoticeQuery{Open: &closed, Limit: mostOpen})
		if err != nil {
			return err
		}
		slices.Reverse(over)
		shown = over
		if page.Find != "" {
			shown = found(append(views, over...), page.Find)
		}
	}
	page.Total = len(shown)
	for i := range shown {
		page.Cards = append(page.Cards, cardOf(&shown[i], now))
	}
	if !page.Closed {
		slices.SortStableFunc(page.Cards, func(a, b card) int { return a.Due.compare(b.Due) }) // the most urgent first
	}
	page.Cards = page.Cards[:min(len(page.Cards), mostCards)]
	return s.render(w, v, http.StatusOK, "notices", "page.notices.title", page)
}

func tabOf(state inspection.State) string {
	for _, t := range tabs {
		if slices.Contains(t.states, state) {
			return t.name
		}
	}
	return tabs[0].name
}

// found are the notices whose number, or one of whose boxes, has what was
// looked for: a whole number, or the end of one.
func found(views []desk.NoticeView, q string) []desk.NoticeView {
	q = strings.ToUpper(strings.ReplaceAll(q, " ", ""))
	return slices.DeleteFunc(views, func(v desk.NoticeView) bool {
		if strings.HasSuffix(strings.ToUpper(v.Row.Number), q) {
			return false
		}
		return !slices.ContainsFunc(v.Notice.Boxes, func(b inspection.Box) bool {
			return strings.HasSuffix(strings.ToUpper(strings.ReplaceAll(b.Key(), " ", "")), q)
		})
	})
}

// namedBoxes is how many boxes a card names.
const namedBoxes = 3

func cardOf(v *desk.NoticeView, now time.Time) card {
	n, o := &v.Notice, &v.Overview
	c := card{Number: n.Number, Version: n.Version, State: o.State, Person: o.Person, Ship: n.ShipName, Due: dueOf(o, now)}
	for i := range n.Boxes {
		b := &n.Boxes[i]
		if len(c.Boxes) == namedBoxes {
			c.More = len(n.Boxes) - namedBoxes
			break
		}
		c.Boxes = append(c.Boxes, b.Key())
	}
	if len(n.Boxes) > 0 {
		b := &n.Boxes[0]
		c.SizeType, c.Method, c.Depth, c.Yard, c.OnShip = b.SizeType, string(b.Method), string(b.Depth), b.YardPlace, b.OnShip
	}
	c.Mark = markOf(o, c.Due)
	c.Delivered, c.Answered, c.Answer = acks(o)
	return c
}

// acks are the two acknowledgements, which are never mixed: when the version
// in force arrived, and what the terminal answered to the order.
func acks(o *inspection.Overview) (delivered, answered time.Time, answer string) {
	for version, at := range o.Delivered {
		if version == o.Version {
			delivered = at
		}
	}
	all := len(o.Boxes) > 0
	for i := range o.Boxes {
		b := &o.Boxes[i]
		for _, k := range []inspection.Kind{inspection.Accepted, inspection.Rejected} {
			if at, ok := b.At[k]; ok && at.After(answered) {
				answered, answer = at, string(k)
			}
		}
		all = all && (!b.At[inspection.Accepted].IsZero() || !b.At[inspection.Rejected].IsZero() || b.State == inspection.StateCancelled)
	}
	if !all && answer != "" {
		answer = "partly"
	}
	return delivered, answered, answer
}

// due is the deadline that is nearest, or most overdue.
type due struct {
	inspection.Deadline
	Late  bool
	Hours int
	Mins  int
}

func (d *due) compare(other *due) int {
	switch {
	case d == nil && other == nil:
		return 0
	case d == nil:
		return 1
	case other == nil:
		return -1
	}
	return d.Deadline.Due.Compare(other.Deadline.Due)
}

// dueOf is the first deadline that is neither met nor void. Those of the
// gateway itself are its own concern.
func dueOf(o *inspection.Overview, now time.Time) *due {
	var first *due
	for _, d := range o.Deadlines {
		if d.Void || !d.MetAt.IsZero() || d.By == inspection.ByGateway {
			continue
		}
		if first == nil || d.Due.Before(first.Deadline.Due) {
			left := d.Due.Sub(now)
			first = &due{Deadline: d, Late: left <= 0}
			left = left.Abs()
			first.Hours, first.Mins = int(left/time.Hour), int(left%time.Hour/time.Minute)
		}
	}
	return first
}

// mark is how a state is shown: word, shape, then colour (pages.md section 4).
type mark struct{ Class, Icon string }

func markOf(o *inspection.Overview, d *due) mark {
	if !o.Over && (d != nil && d.Late) {
		return mark{"bad", "oct"}
	}
	return markOfState(o.State)
}

func markOfState(s inspection.State) mark {
	switch s {
	case inspection.StateRejected, inspection.StateException, inspection.StateUndelivered, inspection.StateSeized:
		return mark{"bad", "oct"}
	case inspection.StateIssued, inspection.StateDelivered, inspection.StateManual, inspection.StatePostponed:
		return mark{"warn", "clock"}
	case inspection.StateLocked, inspection.StateHeld, inspection.StateSampled:
		return mark{"hold", "lock"}
	case inspection.StateReleased, inspection.StateFinished:
		return mark{"ok", "ok"}
	case inspection.StateClosed, inspection.StateMovedBack:
		return mark{"idle", "square"}
	case inspection.StateCancelled:
		return mark{"idle", "struck"}
	}
	return mark{"run", "half"}
}
