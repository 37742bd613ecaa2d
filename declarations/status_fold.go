package declarations

import (
	"cmp"
	"slices"
)

// Fold says what all receipts of one declaration mean together with the
// gateway's own record. It is a function of the set of receipts: the order in
// which they were heard and how often each was heard change nothing
// (receipts.md §4).
//
// The canonical order is attempt, then import_failed, imported, and the
// business receipts by NOTICE_DATE, rank and code. Among them a notification
// (RES) moves the status forward only, whatever its time says (wco-dec.md
// section 7). Own words hold until the
// first receipt of the newest attempt that has a status; cancelled only as
// long as nothing was heard at all.
func Fold(own OwnRecord, events []Heard) Result {
	entries := distinct(own, events)
	assignAttempts(own, entries)
	slices.SortFunc(entries, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.attempt, b.attempt), inAttempt(a, b))
	})
	return run(own, entries)
}

// entry is one receipt while it is being folded.
type entry struct {
	Heard
	identity string
	read     ReceiptCode // how its code is read; zero Status for one without meaning
	known    bool
	number   string // SeqNo under which it counts
	attempt  int
}

// distinct keeps one of each receipt. Copies differ at most in what the
// transport told; a told attempt wins over none. The same import response
// told for two attempts is two: nothing in its content says which it answers.
func distinct(own OwnRecord, events []Heard) []*entry {
	sorted := make([]*entry, len(events))
	for i := range events {
		e := &entry{Heard: events[i], identity: events[i].Identity(), number: events[i].SequenceNumber}
		e.read, e.known = readCode(own, &e.Event)
		sorted[i] = e
	}
	slices.SortFunc(sorted, func(a, b *entry) int {
		return cmp.Or(
			cmp.Compare(a.identity, b.identity), cmp.Compare(b.Attempt, a.Attempt), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.SequenceNumber, b.SequenceNumber), cmp.Compare(a.ClientReference, b.ClientReference),
			cmp.Compare(a.FileName, b.FileName), cmp.Compare(a.MessageID, b.MessageID),
			cmp.Compare(a.EntryNumber, b.EntryNumber), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Office, b.Office),
		)
	})
	return slices.CompactFunc(sorted, func(a, b *entry) bool {
		return a.identity == b.identity && (a.Attempt == b.Attempt || a.Attempt == 0 || b.Attempt == 0 || !a.IsImportResponse())
	})
}

// readCode looks the code up as the stage means it. Families other than the
// declaration's have codes of their own, which say nothing here.
func readCode(own OwnRecord, e *Event) (ReceiptCode, bool) {
	if e.Family != "" && e.Family != "DEC" {
		return ReceiptCode{Code: e.Code}, true
	}
	code := e.Code
	if own.Summary {
		code = SummaryCode(code)
	}
	c, known := LookupReceiptCode(code)
	if !known {
		c.Code = e.Code
	}
	return c, known
}

// inAttempt orders two receipts of one attempt. An import response has no
// NOTICE_DATE and stands first, a failure before the success of a later try
// with the same file.
func inAttempt(a, b *entry) int {
	return cmp.Or(
		cmp.Compare(class(a), class(b)),
		a.At.Compare(b.At),
		cmp.Compare(a.read.Rank, b.read.Rank),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.identity, b.identity),
	)
}

func class(e *entry) int {
	switch e.Code {
	case CodeImportFailed:
		return 0
	case CodeImported:
		return 1
	}
	return 2
}

// course is the state of the fold.
type course struct {
	status Status
	final  Status // closed or deleted, once the number in force is
	full   bool   // a receipt of the full declaration was heard
	number string // SeqNo in force

	rank    int           // highest that set the status in this attempt
	pending []ReceiptCode // of this attempt: what somebody has to do, and nothing settled yet
}

func run(own OwnRecord, entries []*entry) Result {
	var c course
	var r Result
	spoken := false // our own word about the newest attempt
	speak := func() {
		if !spoken {
			c.own(own)
			spoken = true
		}
	}
	if own.Attempt == 0 {
		speak()
	}
	before := 0
	for _, e := range entries {
		if e.attempt >= own.Attempt {
			speak()
		}
		if e.attempt > before && e.number != "" && c.number != "" && e.number != c.number {
			c.final, c.full = "", false // what ended belonged to the number before
		}
		if e.attempt > before {
			c.rank, c.pending = 0, nil
		}
		before = e.attempt
		c.take(e)
		r.add(e, c.status)
	}
	speak()
	r.Status = c.status
	r.Attention = r.Attention || NeedsAttention(c.status) || len(c.pending) > 0
	return r
}

// own says the gateway's own word about its newest attempt. A cancelled
// attempt never left: what was heard of earlier ones stands.
func (c *course) own(own OwnRecord) {
	if own.State == "" || c.final != "" || Status(own.State) == StatusCancelled && c.status != "" {
		return
	}
	c.status = Status(own.State)
}

// take applies one receipt: closed accepts only deleted, deleted accepts
// nothing, and the full stage outranks the summary stage.
func (c *course) take(e *entry) {
	if e.number != "" {
		c.number = e.number
	}
	c.pending = slices.DeleteFunc(c.pending, func(d ReceiptCode) bool { return slices.Contains(d.SettledBy, e.read.Code) })
	if len(e.read.SettledBy) > 0 && c.final != StatusDeleted {
		c.pending = append(c.pending, e.read)
	}
	s := e.read.Status
	switch {
	case s == "", c.final == StatusDeleted, c.final == StatusClosed && s != StatusDeleted:
		return
	case e.read.Layer == LayerSummary && c.full:
		return
	case e.read.Layer == LayerResponse && e.read.Rank < c.rank:
		return
	}
	c.full = c.full || fullStage(e)
	c.rank = max(c.rank, e.read.Rank)
	c.status = s
	if e.read.Final {
		c.final = s
	}
}

// fullStage tells the receipts that a summary would carry with Sp, and those
// that release or close a declaration: the full one is under way.
func fullStage(e *entry) bool {
	if e.read.Layer != LayerCustoms {
		return false
	}
	return SummaryCode(e.read.Code) != e.read.Code || e.read.Release != "" || e.read.Status == StatusClosed
}

func (r *Result) add(e *entry, status Status) {
	r.History = append(r.History, e.Heard)
	r.Trail = append(r.Trail, Trace{Attempt: e.attempt, Code: e.read.Code, Status: status})
	if e.SequenceNumber != "" {
		r.SequenceNumber = e.SequenceNumber
	}
	if e.read.Status == StatusResendRequired {
		r.SequenceNumber = "" // N voids the number (receipts.md §4 rule 6)
	}
	if e.EntryNumber != "" {
		r.EntryNumber = e.EntryNumber
	}
	if e.read.Release != "" {
		r.Releases = append(r.Releases, Release{Heard: e.Heard, Kind: e.read.Release})
	}
	r.Attention = r.Attention || !e.known
}
