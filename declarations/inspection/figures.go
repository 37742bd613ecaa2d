package inspection

import (
	"slices"
	"time"
)

// Figures are the key figures of many notices (notices.md section 9). Clock
// pauses are shown by their events, not subtracted. What was never measured is absent.
type Figures struct {
	Notices        int             `json:"notices"`
	Boxes          int             `json:"boxes"`
	Spans          map[string]Span `json:"spans"`               // by name of the way, see spans
	LateTransport  int             `json:"late_transport"`      // notices acknowledged after their limit, or not yet and past it
	LateBusiness   int             `json:"late_business"`       //
	ByPerson       int             `json:"by_person"`           // notices that a person had to tell the terminal of
	Escaped        int             `json:"escaped"`             // boxes that left or were loaded under an open notice: target 0
	LateAttendance int             `json:"late_attendance"`     //
	Changes        int             `json:"changes"`             // versions beyond the first
	SiteMoves      int             `json:"site_moves"`          // changes of site, 转场
	Rejects        map[Reason]int  `json:"rejects,omitempty"`   // boxes by reason
	Wasted         int             `json:"wasted_moves"`        // boxes cancelled after they were moved
	ScannedOnly    int             `json:"scanned_only"`        // boxes finished that were only scanned
	WithoutOwner   int             `json:"without_consignee"`   // notices whose consignee need not come
	ByMethod       map[Method]Span `json:"by_method,omitempty"` // whole cycle, issue to end
	Unanswered     int             `json:"unanswered"`          // notices now without business answer
}

// Span says how long a way took, over all boxes that went it, in milliseconds.
type Span struct {
	Count int   `json:"count"`
	P50   int64 `json:"p50_ms"`
	P90   int64 `json:"p90_ms"`
	P95   int64 `json:"p95_ms"`
}

// spans are the ways that are measured, from one event to another of a box.
var spans = []struct {
	name     string
	from, to []Kind
}{
	{"issue_to_transport", []Kind{Issued}, []Kind{TransportAck, HandedOver}},
	{"transport_to_business", []Kind{TransportAck, HandedOver}, []Kind{Accepted, Rejected}},
	{"issue_to_lock", []Kind{Issued}, []Kind{Locked}},
	{"accept_to_ready", []Kind{Accepted}, []Kind{Ready}},
	{"ready_to_start", []Kind{Ready}, []Kind{Started}},
	{"start_to_finish", []Kind{Started}, []Kind{Finished}},
	{"finish_to_release", []Kind{Finished}, []Kind{Released}},
	{"release_to_out", []Kind{Released}, []Kind{MovedBack, DirectGateOut}},
	{"whole", []Kind{Issued}, []Kind{MovedBack, DirectGateOut}},
}

// Measured is one notice for the figures.
type Measured struct {
	Overview Overview
	Versions []Notice
}

// FiguresOf counts and measures.
func FiguresOf(list []Measured) Figures {
	f := Figures{Notices: len(list), Spans: map[string]Span{}, Rejects: map[Reason]int{}, ByMethod: map[Method]Span{}}
	ways, methods := map[string][]time.Duration{}, map[Method][]time.Duration{}
	for i := range list {
		f.notice(&list[i])
		o := &list[i].Overview
		for j := range o.Boxes {
			s := &o.Boxes[j]
			for _, way := range spans {
				if d, ok := between(s, way.from, way.to); ok {
					ways[way.name] = append(ways[way.name], d)
				}
			}
			b := list[i].box(s.Box)
			f.box(s, b)
			if d, ok := between(s, []Kind{Issued}, []Kind{MovedBack, DirectGateOut}); ok && b != nil && b.Method != "" {
				methods[b.Method] = append(methods[b.Method], d)
			}
		}
	}
	for name, d := range ways {
		f.Spans[name] = spanOf(d)
	}
	for m, d := range methods {
		f.ByMethod[m] = spanOf(d)
	}
	return f
}

func (m *Measured) newest() *Notice {
	var n *Notice
	for i := range m.Versions {
		if n == nil || m.Versions[i].Version > n.Version {
			n = &m.Versions[i]
		}
	}
	return n
}

func (m *Measured) box(key string) *Box {
	if n := m.newest(); n != nil {
		if b, ok := n.box(key); ok {
			return b
		}
	}
	return nil
}

func (f *Figures) notice(m *Measured) {
	o := &m.Overview
	for _, d := range o.Deadlines {
		switch {
		case !d.Late:
		case d.Kind == DueTransport:
			f.LateTransport++
		case d.Kind == DueBusiness:
			f.LateBusiness++
		case d.Kind == DueStart && d.By == ByDeclarant:
			f.LateAttendance++
		}
	}
	byPerson := false
	for i := range o.Boxes {
		_, told := o.Boxes[i].At[HandedOver]
		byPerson = byPerson || told
	}
	if byPerson {
		f.ByPerson++
	}
	switch o.State {
	case StateIssued, StateUndelivered, StateDelivered, StateManual:
		f.Unanswered++
	}
	n := m.newest()
	if n == nil {
		return
	}
	f.Changes += len(m.Versions) - 1
	for i := range m.Versions {
		if m.Versions[i].Change == TransferSite {
			f.SiteMoves++
		}
	}
	if n.Attendance == AttendanceWaived || n.Attendance == AttendanceNotNeeded {
		f.WithoutOwner++
	}
}

func (f *Figures) box(s *BoxStatus, b *Box) {
	f.Boxes++
	if s.Reason != "" && s.State == StateRejected {
		f.Rejects[s.Reason]++
	}
	if (s.State == StateRejected || s.State == StateException) && (s.Reason == BoxGone || s.Reason == AlreadyLoaded) {
		f.Escaped++
	}
	if s.State == StateCancelled && s.Moves > 0 {
		f.Wasted++
	}
	if b != nil && b.Method == Machine && s.Result != "" {
		f.ScannedOnly++
	}
}

// between is how long a box took from the first of some events to the first
// of others; a step heard before the one that it follows has no length.
func between(s *BoxStatus, from, to []Kind) (time.Duration, bool) {
	a, okA := firstAt(s, from)
	b, okB := firstAt(s, to)
	if !okA || !okB || b.Before(a) {
		return 0, false
	}
	return b.Sub(a), true
}

func firstAt(s *BoxStatus, kinds []Kind) (time.Time, bool) {
	for _, k := range kinds {
		if at, ok := s.At[k]; ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// spanOf are the nearest ranks of a list of durations.
func spanOf(d []time.Duration) Span {
	slices.Sort(d)
	at := func(percent int) int64 { return d[(len(d)*percent+99)/100-1].Milliseconds() }
	return Span{Count: len(d), P50: at(50), P90: at(90), P95: at(95)}
}
