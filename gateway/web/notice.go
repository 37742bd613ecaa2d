package web

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
)

// noticePage is what the page of one notice shows.
type noticePage struct {
	N         *inspection.Notice
	O         *inspection.Overview
	Mark      mark
	Due       *due
	Delivered time.Time
	Answered  time.Time
	Answer    string
	Boxes     []boxRow
	Deadlines []inspection.Deadline
	Timeline  []entry
	Forms     forms
	Done      string // kind of the report that was just taken in
	Again     bool   // it had been heard before
	Link      bool   // shown by an answer link
}

// boxRow is a box with where it stands.
type boxRow struct {
	*inspection.Box
	Key    string
	Status inspection.BoxStatus
	Mark   mark
}

// entry is one event on the page, newest first.
type entry struct {
	desk.NoticeEvent
	Late bool // heard long after it happened
	Mark string
}

// forms are what the reader can do now.
type forms struct {
	Ref     string   // of the next report: a form sent twice is one report
	Boxes   []string // to choose from; none: the notice has one
	Answer  bool     // the terminal has to answer
	Kinds   []inspection.Kind
	Reasons []inspection.Reason
	Results []inspection.Result
	Hours   []string // of the terminal's inspection desk, for an appointment
	Slots   []inspection.Slot
	Faults  []Fault
	Title   string // of what went wrong
	Was     map[string]string
}

// lateAfter is the delay after which an entry says that it was heard late.
const lateAfter = 5 * time.Minute

// answering are the kinds of the answer form; all others are steps.
var answering = []inspection.Kind{inspection.Accepted, inspection.Rejected}

func pageOf(v *desk.NoticeView, now time.Time) noticePage {
	p := noticePage{N: &v.Notice, O: &v.Overview, Due: dueOf(&v.Overview, now)}
	p.Mark = markOf(p.O, p.Due)
	p.Delivered, p.Answered, p.Answer = acks(p.O)
	for i := range p.N.Boxes {
		b := &p.N.Boxes[i]
		row := boxRow{Box: b, Key: b.Key()}
		for _, s := range p.O.Boxes {
			if s.Box == row.Key {
				row.Status, row.Mark = s, markOfState(s.State)
			}
		}
		p.Boxes = append(p.Boxes, row)
	}
	for _, d := range p.O.Deadlines {
		if !d.Void && d.By != inspection.ByGateway {
			p.Deadlines = append(p.Deadlines, d)
		}
	}
	for i := range v.Events {
		e := entry{NoticeEvent: v.Events[i], Mark: "ok"}
		e.Late = !e.OccurredAt.IsZero() && e.HeardAt.Sub(e.OccurredAt) > lateAfter
		switch {
		case e.Refused != "", e.Kind == inspection.Rejected, e.Kind == inspection.ExceptionFound, e.Kind == inspection.TransportTimeout:
			e.Mark = "oct"
		case e.Kind == inspection.Locked:
			e.Mark = "lock"
		case e.Kind == inspection.Reminded, e.Kind == inspection.Postponed:
			e.Mark = "clock"
		}
		p.Timeline = append(p.Timeline, e)
	}
	slices.SortStableFunc(p.Timeline, func(a, b entry) int { return b.OccurredAt.Compare(a.OccurredAt) })
	return p
}

// showNotice is GET /{lang}/notices/{number}.
func (s *server) showNotice(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	done, again := q.Get("done"), q.Get("again") != ""
	if !slices.Contains(inspection.Kinds, inspection.Kind(done)) {
		done = ""
	}
	return s.notice(w, v, http.StatusOK, func(p *noticePage) { p.Done, p.Again = done, again })
}

// notice renders the page of a notice; add puts in what this request says.
func (s *server) notice(w http.ResponseWriter, v *visit, status int, add func(*noticePage)) error {
	view, err := s.Desk.NoticePage(v.Context(), v.caller.Principal, v.PathValue("number"))
	if err != nil {
		return err
	}
	now := s.Clock()
	p := pageOf(&view.NoticeView, now)
	if err := s.formsOf(&p, &view, now); err != nil {
		return err
	}
	add(&p)
	title := v.words.Text("page.notice.title", map[string]string{"number": p.N.Number})
	if p.Forms.Title != "" {
		title = v.words.Text("page.fault_title", map[string]string{"title": title})
	}
	return s.renderTitle(w, v, status, "notice", title, p)
}

// formsOf offers what would count now, to whoever reads.
func (s *server) formsOf(p *noticePage, view *desk.NoticePage, now time.Time) error {
	var err error
	f := &p.Forms
	if f.Ref, err = s.reference(); err != nil {
		return err
	}
	f.Reasons, f.Results, f.Was = inspection.Reasons(), inspection.Results, map[string]string{}
	allowed := slices.Clone(view.Allowed)
	for _, kinds := range view.ByBox {
		allowed = append(allowed, kinds...)
	}
	for _, k := range inspection.Kinds {
		switch {
		case !slices.Contains(allowed, k):
		case slices.Contains(answering, k):
			f.Answer = f.Answer || p.Answer == "" || p.Answer == "partly" || p.O.State == inspection.StateDelivered || p.O.State == inspection.StateManual
		case !ordering(k):
			f.Kinds = append(f.Kinds, k)
		}
	}
	if len(view.ByBox) > 1 {
		for i := range p.Boxes {
			if len(view.ByBox[p.Boxes[i].Key]) > 0 {
				f.Boxes = append(f.Boxes, p.Boxes[i].Key)
			}
		}
	}
	if slices.Contains(f.Kinds, inspection.Appointed) {
		f.Slots = slotsAhead(view.Capability, now)
	}
	return nil
}

// ordering tells the kinds that come from an order of customs, not from a form.
func ordering(k inspection.Kind) bool {
	switch k {
	case inspection.Issued, inspection.Changed, inspection.CancelOrdered, inspection.FollowUpOrdered, inspection.TransferOrdered:
		return true
	}
	return false
}

const (
	daysAhead = 7 // of slots that are offered
	mostSlots = 60
)

// slotsAhead are the slots of the next days that have not begun.
func slotsAhead(c inspection.Capability, now time.Time) []inspection.Slot {
	var out []inspection.Slot
	for day := range daysAhead {
		for _, slot := range inspection.SlotsFor(c, now.In(port).AddDate(0, 0, day).Format(time.DateOnly)) {
			if slot.From.After(now) && len(out) < mostSlots {
				out = append(out, slot)
			}
		}
	}
	return out
}

// reference is a number for one report that a form will make.
func (s *server) reference() (string, error) {
	var b [12]byte
	if _, err := io.ReadFull(s.Random, b[:]); err != nil {
		return "", fmt.Errorf("make a reference: %w", err)
	}
	return "page-" + hex.EncodeToString(b[:]), nil
}
