package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"kouan/gateway/auth"
	"kouan/gateway/store"
	"kouan/tariffs"
	"kouan/tariffs/rating"
)

// FewBills is the number of accounts of a month below which a public page
// shows no figure of it: a single account must not be told from its month. It
// is our own threshold; no source sets one.
const FewBills = 5

// mostSaid bounds the ratings whose words a page shows, the newest.
const mostSaid = 50

// FeeBody is what is public about a charging body.
type FeeBody struct {
	tariffs.Body
	Edition int
	Ratings rating.Summary
	Said    []RatingSaid // ratings with words or replies, newest first
	Months  []FeeBodyMonth
}

// RatingSaid is what is shown of one rating: its words and the replies, not
// its points, so that few ratings cannot be reckoned back.
type RatingSaid struct {
	ID      string
	At      time.Time
	Words   string
	Replies []RatingReply
}

// RatingReply is one reply.
type RatingReply struct {
	At    time.Time
	Role  string // authority: recorded on behalf of the body
	Words string
}

// FeeBodyMonth are the figures of a body in a month. With Few only Month and
// the complaints are set. A nil complaint is not on file, which is not none.
type FeeBodyMonth struct {
	Month     string
	Few       bool
	Bills     int
	Judged    int
	Equal     int
	Partners  int    // of the accounts: handed in with a partner's key
	Share     string // percent of the judged accounts that equal the catalogue; empty: none was judged
	Billed    tariffs.Fen
	Words     []FeeBodyWord
	Complaint *FeeComplaintMonth
}

// FeeBodyWord is what is questioned against references of one word.
type FeeBodyWord struct {
	Word       tariffs.Word
	Lines      int
	Agreeing   int
	Questioned int
	Over       tariffs.Fen
}

// Over is what is above references that were read in their instrument.
func (m *FeeBodyMonth) Over() (lines int, amount tariffs.Fen) {
	for _, w := range m.Words {
		if w.Word.Plain() {
			lines, amount = lines+w.Questioned, amount+w.Over
		}
	}
	return lines, amount
}

// Asked is what is to be explained, above any other reference.
func (m *FeeBodyMonth) Asked() (lines int, amount tariffs.Fen) {
	for _, w := range m.Words {
		if !w.Word.Plain() {
			lines, amount = lines+w.Questioned, amount+w.Over
		}
	}
	return lines, amount
}

// billLook keeps the figures for a moment: public pages must not add up the
// same rows again for every reader.
type billLook struct {
	pace billPace

	mu     sync.Mutex
	months []store.FeeBodyMonth
	words  []store.FeeBodyWord
	until  time.Time

	bodies      []FeeBody
	bodiesUntil time.Time

	asked int // grows with every change by this process
}

// bodiesFresh bounds how long an account that another process deleted is
// still counted here.
const bodiesFresh = 5 * time.Second

// forget makes the next reader look again.
func (l *billLook) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.bodiesUntil = time.Time{}, time.Time{}
	l.asked++
}

// billFigures of all bodies in the window.
func (d *Desk) billFigures(ctx context.Context) ([]store.FeeBodyMonth, []store.FeeBodyWord, error) {
	now := d.Clock()
	l := &d.bills
	l.mu.Lock()
	months, words, fresh, asked := l.months, l.words, now.Before(l.until), l.asked
	l.mu.Unlock()
	if fresh {
		return months, words, nil
	}
	from := string(tariffs.DayOf(rating.Since(now)))[:len("2006-01")]
	months, err := d.Store.FeeBodyMonths(ctx, from)
	if err != nil {
		return nil, nil, err
	}
	if words, err = d.Store.FeeBodyWords(ctx, from); err != nil {
		return nil, nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asked == asked { // else something changed while we read
		l.months, l.words, l.until = months, words, now.Add(bodiesFresh)
	}
	return months, words, nil
}

// FeeBodyViews are all charging bodies of the edition in force. They are kept for
// a moment: what this process changes is seen at once.
func (d *Desk) FeeBodyViews(ctx context.Context) ([]FeeBody, error) {
	now := d.Clock()
	l := &d.bills
	l.mu.Lock()
	kept, fresh, asked := l.bodies, now.Before(l.bodiesUntil), l.asked
	l.mu.Unlock()
	if fresh {
		return kept, nil
	}
	edition, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, fmt.Errorf("catalogue of charging bodies: %w", err)
	}
	var out []FeeBody
	for _, b := range edition.Catalogue.Bodies() {
		one, err := d.feeBody(ctx, edition.Number, &b)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asked == asked {
		l.bodies, l.bodiesUntil = out, now.Add(bodiesFresh)
	}
	return out, nil
}

// FeeBody is one of them. Error: store.ErrNotFound.
func (d *Desk) FeeBody(ctx context.Context, code string) (FeeBody, error) {
	all, err := d.FeeBodyViews(ctx)
	if err != nil {
		return FeeBody{}, err
	}
	at := slices.IndexFunc(all, func(b FeeBody) bool { return b.Code == code })
	if at < 0 {
		return FeeBody{}, fmt.Errorf("charging body %q: %w", code, store.ErrNotFound)
	}
	return all[at], nil
}

func (d *Desk) feeBody(ctx context.Context, edition int, b *tariffs.Body) (FeeBody, error) {
	out := FeeBody{Body: *b, Edition: edition}
	now := d.Clock()
	since := rating.Since(now).UnixMilli()
	rows, err := d.Store.FeeRatings(ctx, b.Code, since)
	if err != nil {
		return out, err
	}
	replies, err := d.Store.FeeRatingReplies(ctx, b.Code, since)
	if err != nil {
		return out, err
	}
	list := make([]rating.Rating, 0, len(rows))
	for i := range rows {
		r := &rows[i]
		list = append(list, rating.Rating{At: time.UnixMilli(r.CreatedAt), Standing: tariffs.Standing(r.Standing), Clarity: r.Clarity, Answer: rating.Answer(r.Answer)})
		said := RatingSaid{ID: r.ID, At: time.UnixMilli(r.CreatedAt), Words: string(r.Words)}
		for _, p := range replies {
			if p.RatingID == r.ID {
				said.Replies = append(said.Replies, RatingReply{At: time.UnixMilli(p.CreatedAt), Role: p.Role, Words: string(p.Words)})
			}
		}
		if len(out.Said) < mostSaid && (said.Words != "" || said.Replies != nil) {
			out.Said = append(out.Said, said)
		}
	}
	out.Ratings = rating.Summarise(list, now)
	out.Months, err = d.bodyMonths(ctx, b, true)
	return out, err
}

// bodyMonths are the months of a body, newest first; public hides those of few accounts.
func (d *Desk) bodyMonths(ctx context.Context, b *tariffs.Body, public bool) ([]FeeBodyMonth, error) {
	months, words, err := d.billFigures(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string]*FeeBodyMonth{}
	var out []*FeeBodyMonth
	of := func(month string) *FeeBodyMonth {
		if by[month] == nil {
			by[month] = &FeeBodyMonth{Month: month}
			out = append(out, by[month])
		}
		return by[month]
	}
	for i := range months {
		x := &months[i]
		if x.Body != b.Code {
			continue
		}
		m := of(x.Month)
		if m.Few = public && x.Bills < FewBills; m.Few {
			continue
		}
		m.Bills, m.Judged, m.Equal, m.Partners, m.Billed = x.Bills, x.Judged, x.Equal, x.Partners, tariffs.Fen(x.BilledFen)
		m.Share = rating.Percent(x.Equal, x.Judged)
	}
	for _, w := range words {
		if m := by[w.Month]; w.Body == b.Code && m != nil && !m.Few {
			m.Words = append(m.Words, FeeBodyWord{tariffs.Word(w.Word), w.Lines, w.Agreeing, w.Questions, tariffs.Fen(w.OverFen)})
		}
	}
	if b.Name != "" {
		complaints, err := d.FeeComplaintFigures(ctx, b.Name)
		if err != nil {
			return nil, fmt.Errorf("complaints about %s: %w", b.Code, err)
		}
		for i := range complaints {
			of(complaints[i].Month).Complaint = &complaints[i]
		}
	}
	list := make([]FeeBodyMonth, 0, len(out))
	for _, m := range out {
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b FeeBodyMonth) int { return cmp.Compare(b.Month, a.Month) })
	return list, nil
}

// Overcharging is the authority's view of one body: every month, however few
// its accounts, and never whose they were.
type Overcharging struct {
	Body   tariffs.Body // Code is empty: lines that the catalogue does not have; NoBody: abolished charges
	Months []FeeBodyMonth
}

// FeeOvercharging is the authority's view: all bodies with checked accounts or
// complaints in the window, those with the most over first.
func (d *Desk) FeeOvercharging(ctx context.Context, p auth.Principal) ([]Overcharging, error) {
	if err := allow(p, auth.ReadOvercharging); err != nil {
		return nil, err
	}
	edition, err := d.FeeEdition(ctx)
	if err != nil {
		return nil, fmt.Errorf("catalogue of charging bodies: %w", err)
	}
	bodies := append(edition.Catalogue.Bodies(), tariffs.Body{Code: tariffs.NoBody}, tariffs.Body{})
	months, _, err := d.billFigures(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range months { // of editions that had other bodies
		if !slices.ContainsFunc(bodies, func(b tariffs.Body) bool { return b.Code == m.Body }) {
			bodies = append(bodies, tariffs.Body{Code: m.Body})
		}
	}
	var out []Overcharging
	for i := range bodies {
		one := Overcharging{Body: bodies[i]}
		if one.Months, err = d.bodyMonths(ctx, &bodies[i], false); err != nil {
			return nil, err
		}
		if len(one.Months) > 0 {
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b Overcharging) int {
		_, overA := a.Sum().Over()
		_, overB := b.Sum().Over()
		_, askedA := a.Sum().Asked()
		_, askedB := b.Sum().Asked()
		return cmp.Or(cmp.Compare(overB, overA), cmp.Compare(askedB, askedA))
	})
	return out, nil
}

// Sum is all months together.
func (o *Overcharging) Sum() *FeeBodyMonth {
	var s FeeBodyMonth
	for i := range o.Months {
		m := &o.Months[i]
		s.Bills, s.Judged, s.Equal, s.Partners, s.Billed = s.Bills+m.Bills, s.Judged+m.Judged, s.Equal+m.Equal, s.Partners+m.Partners, s.Billed+m.Billed
		for _, w := range m.Words {
			at := slices.IndexFunc(s.Words, func(x FeeBodyWord) bool { return x.Word == w.Word })
			if at < 0 {
				s.Words = append(s.Words, w)
				continue
			}
			x := &s.Words[at]
			x.Lines, x.Agreeing, x.Questioned, x.Over = x.Lines+w.Lines, x.Agreeing+w.Agreeing, x.Questioned+w.Questioned, x.Over+w.Over
		}
		if m.Complaint != nil {
			if s.Complaint == nil {
				s.Complaint = &FeeComplaintMonth{}
			}
			s.Complaint.Received += m.Complaint.Received
			s.Complaint.Upheld += m.Complaint.Upheld
		}
	}
	s.Share = rating.Percent(s.Equal, s.Judged)
	return &s
}
