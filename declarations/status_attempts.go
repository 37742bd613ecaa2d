package declarations

import (
	"cmp"
	"maps"
	"slices"
)

// This file finds out which submission (attempt) each receipt is about. An
// import response mostly tells it by file name or message id; a business
// receipt has only its SeqNo, so the SeqNo's receipts are cut into segments,
// one per attempt (receipts.md §4 rules 2 and 5).

// attempts is what is known of the attempts of one declaration.
type attempts struct {
	newest     int
	cancelled  map[int]bool
	stored     map[int]bool            // an import response said so
	failed     map[int]bool            // likewise
	numbers    map[int]map[string]bool // SeqNo that an attempt was given
	firstGiven map[string]int          // first attempt that was given a SeqNo
	used       map[int]bool            // business receipts were placed there
}

func assignAttempts(own OwnRecord, entries []*entry) {
	a := &attempts{
		newest: max(1, own.Attempt), cancelled: map[int]bool{}, stored: map[int]bool{}, failed: map[int]bool{},
		numbers: map[int]map[string]bool{}, firstGiven: map[string]int{}, used: map[int]bool{},
	}
	for _, n := range own.Cancelled {
		a.cancelled[n] = true
	}
	var responses, business []*entry
	for _, e := range entries {
		a.newest = max(a.newest, e.Attempt)
		if e.IsImportResponse() {
			responses = append(responses, e)
		} else {
			business = append(business, e)
		}
	}
	a.placeResponses(responses)
	for _, g := range a.groups(business) {
		a.placeSegments(g)
	}
}

// placeResponses gives each import response its attempt. One that does not
// tell is a copy of one that does, if there is such; the rest are dealt to
// the earliest attempts without an answer, failures first, because an attempt
// that failed is followed by another.
func (a *attempts) placeResponses(responses []*entry) {
	answered := map[int]bool{}
	var untold []*entry
	for _, e := range responses {
		if e.Attempt > 0 {
			a.answer(e, e.Attempt)
			answered[e.Attempt] = true
		}
	}
	for _, e := range responses {
		if e.Attempt > 0 {
			continue
		}
		for _, t := range responses {
			if t.Attempt > 0 && t.Code == e.Code && t.Hash == e.Hash && t.number == e.number && (e.attempt == 0 || t.Attempt < e.attempt) {
				e.attempt = t.Attempt
			}
		}
		if e.attempt == 0 {
			untold = append(untold, e)
		}
	}
	slices.SortFunc(untold, inAttempt)
	next := 1
	for _, e := range untold {
		for next < a.newest && (answered[next] || a.cancelled[next]) {
			next++
		}
		a.answer(e, next)
		answered[next] = true
	}
}

func (a *attempts) answer(e *entry, attempt int) {
	e.attempt = attempt
	if e.Code == CodeImported {
		a.stored[attempt] = true
	} else {
		a.failed[attempt] = true
	}
	if e.number == "" {
		return
	}
	if a.numbers[attempt] == nil {
		a.numbers[attempt] = map[string]bool{}
	}
	a.numbers[attempt][e.number] = true
	if first := a.firstGiven[e.number]; first == 0 || attempt < first {
		a.firstGiven[e.number] = attempt
	}
}

// groups sorts the business receipts by SeqNo, each group in order of time and
// the groups by their first receipt. A receipt without a number counts under
// the only number there is.
func (a *attempts) groups(business []*entry) [][]*entry {
	known := map[string]bool{}
	for _, e := range business {
		known[e.number] = true
	}
	for number := range a.firstGiven {
		known[number] = true
	}
	delete(known, "")
	byNumber := map[string][]*entry{}
	for _, e := range business {
		if e.number == "" && len(known) == 1 {
			for only := range known {
				e.number = only
			}
		}
		byNumber[e.number] = append(byNumber[e.number], e)
	}
	groups := slices.Collect(maps.Values(byNumber))
	for _, g := range groups {
		slices.SortFunc(g, inAttempt)
	}
	slices.SortFunc(groups, func(x, y []*entry) int {
		return cmp.Or(x[0].At.Compare(y[0].At), cmp.Compare(x[0].number, y[0].number))
	})
	return groups
}

// placeSegments cuts one number's receipts and lays the segments over the
// attempts that can have business receipts.
func (a *attempts) placeSegments(group []*entry) {
	number := group[0].number
	first, announced := a.firstGiven[number]
	segments := cut(group)
	at := a.next(max(1, first), number, announced)
	if announced {
		at = a.earlier(at, segments)
	}
	for i, s := range segments {
		if i > 0 {
			at = a.next(at+1, number, announced)
		}
		at = max(at, s.told)
		a.used[at] = true
		for _, e := range s.entries {
			e.attempt = at
			if e.Attempt > 0 {
				e.attempt = e.Attempt
			}
		}
	}
}

// earlier steps back from the first attempt that a number was announced for:
// attempts before it whose import response was lost may have had the number
// already. Each of them ended, or there would have been no next one, so there
// are as many at most as there are segments that ended.
func (a *attempts) earlier(at int, segments []*segment) int {
	ended := 0
	for _, s := range segments {
		if len(s.failed) > 0 {
			ended++
		}
	}
	for n := at - 1; n >= 1 && ended > 0; n-- {
		switch {
		case a.cancelled[n], a.failed[n] && !a.stored[n]:
			continue
		case len(a.numbers[n]) > 0, a.used[n]:
			return at
		}
		at, ended = n, ended-1
	}
	return at
}

// next is the first attempt from n on that can have receipts under number:
// not cancelled, not refused at import, and not given another number. A
// number that nobody announced does not share an attempt with another.
func (a *attempts) next(n int, number string, announced bool) int {
	for {
		given := a.numbers[n]
		switch {
		case a.cancelled[n], a.failed[n] && !a.stored[n]:
		case len(given) > 0 && !given[number]:
		case !announced && a.used[n]:
		default:
			return n
		}
		n++
	}
}

// cut divides one number's receipts, in order of time, into attempts.
func cut(group []*entry) []*segment {
	s := &segment{failed: map[string]bool{}}
	segments := []*segment{s}
	for _, e := range group {
		if s.endedBy(e) {
			s = &segment{failed: map[string]bool{}}
			segments = append(segments, s)
		}
		s.take(e)
	}
	return segments
}

// segment is what was heard of one attempt.
type segment struct {
	entries  []*entry
	told     int             // newest attempt that one of them tells
	failed   map[string]bool // codes after which a new attempt is allowed
	returned bool            // one of them by customs
	summary  bool            // customs has the summary of a two-step declaration
}

// endedBy tells that a receipt cannot be about this attempt any more: 7 or L
// after a return or failure (receipts.md §4 rule 5), and by the same thought
// whatever else can only come from a new submission: the platform storing a
// file again after a failure, any word of the platform after customs returned
// the declaration, the same failure at a later time, the full declaration after
// its summary, a notification of a step after the rejection of what was
// declared, and of course a receipt that tells a later attempt.
func (s *segment) endedBy(e *entry) bool {
	platform := e.read.Layer == LayerPlatform || e.read.Layer == LayerClient
	switch {
	case e.Attempt > 0 && s.told > 0 && e.Attempt > s.told:
		return true
	case len(s.failed) > 0 && (e.read.Status == StatusDeclared || e.read.Status == StatusReceived ||
		e.read.Status == StatusSummaryReceived || e.read.Status == StatusUploaded):
		return true
	case s.returned && platform && e.read.Status != "":
		return true
	case s.failed[e.read.Code]:
		return true
	case s.returned && e.read.Layer == LayerResponse && e.read.Status != "" && e.read.Status != StatusDeleted:
		return true
	}
	return s.summary && (e.read.Status == StatusDeclared || fullStage(e))
}

func (s *segment) take(e *entry) {
	s.entries = append(s.entries, e)
	s.told = max(s.told, e.Attempt)
	if CanCorrect(e.read.Status) {
		s.failed[e.read.Code] = true
		s.returned = s.returned || e.read.Layer == LayerCustoms || e.read.Layer == LayerSummary || e.read.Layer == LayerResponse
	}
	s.summary = s.summary || e.read.Layer == LayerSummary
}
