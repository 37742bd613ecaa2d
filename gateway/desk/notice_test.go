package desk_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
	portadapters "kouan/port-adapters"
)

const (
	entryNo = "090020261000123456"
	box     = "ZZZU0000010" // of the sample
)

// quay is a bundle with customs, a terminal and a clock that moves by hand.
type quay struct {
	*bundle
	now      time.Time
	terminal auth.Principal
}

func pier(t *testing.T) *quay {
	t.Helper()
	q := &quay{bundle: setup(t), now: time.Now().Add(-4 * time.Hour).Truncate(time.Second), terminal: auth.Principal{PartnerID: "t01", KeyID: "k-t01", Role: auth.Terminal}}
	q.Clock = func() time.Time { return q.now }
	q.Formats = map[string]desk.Format{"mail": desk.MailFormat(i18n.ZhHans, i18n.En)}
	q.Answers = "https://pages.example/zh-Hans/answers/"
	for id, role := range map[string]auth.Role{"t01": auth.Terminal, "t02": auth.Terminal, "customs": auth.Customs, "alice": auth.Forwarder} {
		if err := q.AddPartner(t.Context(), "test", id, id, role); err != nil {
			t.Fatalf("add %s: %v", id, err)
		}
	}
	return q
}

// able gives a terminal a row of the capability table and the endpoints that it names.
func (q *quay) able(t *testing.T, terminal string, channels ...string) {
	t.Helper()
	row := inspection.Capability{Terminal: terminal, ValidFrom: "2026-01-01", Interface: inspection.InterfaceAPI, CanLock: inspection.LockYes, AcksTransport: true,
		Answers: true, Sends: []inspection.Kind{inspection.Locked, inspection.MoveDone}, Verification: "unverified", TestedOn: "2026-01-01"}
	c := store.Change{}
	for _, ch := range channels {
		wire, format, _ := strings.Cut(ch, "/")
		row.Channels = append(row.Channels, wire)
		c.Endpoints = append(c.Endpoints, store.Endpoint{ID: q.NewID(), PartnerID: terminal, Name: wire, Wire: wire, Format: format, Types: "notice.*",
			Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1})
	}
	body, err := json.Marshal([]inspection.Capability{row})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.SetCapabilities(t.Context(), "test", body); err != nil {
		t.Fatalf("set capability: %v", err)
	}
	if len(c.Endpoints) > 0 {
		if err := q.store.Commit(t.Context(), c); err != nil {
			t.Fatalf("add endpoints: %v", err)
		}
	}
}

func order(id, terminal string, boxes ...string) inspection.Order {
	o := inspection.Order{Action: inspection.Issue, Notice: inspection.Notice{SourceMessageID: id, CustomsOffice: "0900", InspectionNumber: "QI-" + id,
		DeclarationNumber: entryNo, Direction: "import", Terminal: terminal, Attendance: inspection.AttendanceRequired, Contact: "值班", Phone: "0411-1",
		Orders: []inspection.Work{inspection.Lock, inspection.Move}}}
	for _, b := range boxes {
		o.Boxes = append(o.Boxes, inspection.Box{ContainerNumber: b, Method: inspection.Manual, Site: "H1"})
	}
	return o
}

func (q *quay) order(t *testing.T, o inspection.Order) ([]desk.OrderedNotice, error) {
	t.Helper()
	body, err := json.Marshal(&o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.OrderInspection(t.Context(), q.duty, desk.InspectionOrder{Body: body, Render: func(o desk.Ordered) desk.Replayed {
		b, err := json.Marshal(o.Notices)
		if err != nil {
			t.Error(err)
		}
		return desk.Replayed{Status: 201, ContentType: "application/json", Body: b}
	}})
	if err != nil {
		return nil, err
	}
	var list []desk.OrderedNotice
	if err := json.Unmarshal(out.Answer.Body, &list); err != nil {
		t.Fatal(err)
	}
	return list, nil
}

func (q *quay) ordered(t *testing.T, o inspection.Order) desk.OrderedNotice {
	t.Helper()
	list, err := q.order(t, o)
	if err != nil || len(list) != 1 {
		t.Fatalf("order: %d notices, %v", len(list), err)
	}
	return list[0]
}

func (q *quay) row(t *testing.T, number string) store.Notice {
	t.Helper()
	row, err := q.store.NoticeByNumber(t.Context(), number)
	if err != nil {
		t.Fatalf("read notice: %v", err)
	}
	return row
}

// says reports one event and must be heard.
func (q *quay) says(t *testing.T, p auth.Principal, number string, e inspection.Event) desk.NoticeOutcome {
	t.Helper()
	if e.OccurredAt.IsZero() {
		e.OccurredAt = q.now
	}
	body, err := json.Marshal(&e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.ReportNotice(t.Context(), p, number, desk.NoticeReport{Body: body})
	if err != nil || out[0].Refusal != nil {
		t.Fatalf("%s says %s: %v %+v", p.PartnerID, e.Kind, err, out)
	}
	return out[0]
}

// letters are what was pushed about a notice, as receiver's wire, type and state.
func (q *quay) letters(t *testing.T, number string) []string {
	t.Helper()
	rows, err := q.store.Deliveries(t.Context(), store.DeliveryFilter{Subject: "notice/" + number})
	if err != nil {
		t.Fatalf("read deliveries: %v", err)
	}
	slices.SortFunc(rows, func(a, b store.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	var out []string
	for _, r := range rows {
		id, _ := store.EndpointOf(r.Receiver)
		e, err := q.store.EndpointByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Wire+" "+strings.TrimPrefix(r.Kind, "notice.")+" "+r.State)
	}
	return out
}

// claim takes the next item of the outbox, as its engine does.
func (q *quay) claim(t *testing.T) store.OutboxItem {
	t.Helper()
	leases, err := q.store.Lease(t.Context(), "test", time.Minute)
	if err != nil {
		t.Fatalf("lease: %v", err)
	}
	items, err := q.store.Claim(t.Context(), leases, []string{"customs"}, 1)
	if err != nil || len(items) != 1 {
		t.Fatalf("claim: %d items, %v", len(items), err)
	}
	return items[0]
}

func (q *quay) round(t *testing.T, later time.Duration) {
	t.Helper()
	q.now = q.now.Add(later)
	if _, err := q.RoundNotices(t.Context()); err != nil {
		t.Fatalf("round: %v", err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

func TestDeliveredLetterIsTransportAckAndNoMore(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	n := q.ordered(t, order("O1", "t01", box))
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting"})
	it := q.claim(t)
	m, err := q.store.PushBody(t.Context(), it.Receiver, it.MessageID)
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct {
		Type, ID string
		Sequence int
		Data     struct{ Notice inspection.Notice }
	}
	if err := json.Unmarshal(m.Body, &envelope); err != nil || envelope.Type != "notice.issued" || envelope.ID != it.MessageID || envelope.Sequence != 1 || envelope.Data.Notice.Number != n.Number {
		t.Errorf("body %s: %v", m.Body, err)
	}
	if err := q.Delivered(t.Context(), it, portadapters.Receipt{At: q.now, Peer: "t.example:443"}); err != nil {
		t.Fatalf("delivered: %v", err)
	}
	row := q.row(t, n.Number)
	if row.State != "DELIVERED" || row.DeliveredAt != q.now.UnixMilli() || row.AcceptedAt != 0 {
		t.Errorf("after the delivery: %+v", row)
	}
}

func TestChannelAfterChannelThenAPerson(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "sftp/json", "mail/mail")
	n := q.ordered(t, order("O1", "t01", box))
	it := q.claim(t)
	if err := q.Delivered(t.Context(), it, portadapters.Receipt{At: q.now}); err != nil { // the file lies there, nobody said that it was read
		t.Fatal(err)
	}
	same(t, "state", q.row(t, n.Number).State, "ISSUED")
	q.round(t, 4*time.Minute)
	same(t, "too early", q.letters(t, n.Number), []string{"sftp issued delivered"})
	q.round(t, time.Minute+time.Second)
	same(t, "again under its id", q.letters(t, n.Number), []string{"sftp issued waiting"})
	if again := q.claim(t); again.ID != it.ID {
		t.Errorf("sent again as %s, want %s", again.ID, it.ID)
	} else if err := q.Delivered(t.Context(), again, portadapters.Receipt{At: q.now}); err != nil {
		t.Fatal(err)
	}
	q.round(t, 5*time.Minute)
	q.round(t, 5*time.Minute)
	same(t, "second channel", q.letters(t, n.Number), []string{"sftp issued cancelled", "mail issued waiting"})
	mail := q.claim(t)
	m, err := q.store.PushBody(t.Context(), mail.Receiver, mail.MessageID)
	if err != nil || !strings.Contains(string(m.Body), q.Answers) || !strings.Contains(string(m.Body), box) || strings.Contains(string(m.Body), "mail.") {
		t.Errorf("mail %v:\n%s", err, m.Body)
	}
	if err := q.Deferred(t.Context(), mail, q.now.Add(time.Hour), errors.New("no answer")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		q.round(t, 5*time.Minute+time.Second)
	}
	row := q.row(t, n.Number)
	if row.Person == "" || row.State != "UNDELIVERED" || row.Channel != 2 {
		t.Errorf("with no channel left: %+v", row)
	}
	list, err := q.NoticesForPersons(t.Context(), true, 10)
	if err != nil || len(list) != 1 || list[0].Number != n.Number {
		t.Errorf("human list: %v %+v", err, list)
	}
	if _, err := q.HandOverNotice(t.Context(), "operator", n.Number, "王（示例）", q.now); err != nil {
		t.Fatalf("hand over: %v", err)
	}
	if row := q.row(t, n.Number); row.State != "MANUAL" || row.Person != "" {
		t.Errorf("after the handover: %+v", row)
	}
}

func TestSilenceIsNeverAcceptance(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	n := q.ordered(t, order("O1", "t01", box))
	if err := q.Delivered(t.Context(), q.claim(t), portadapters.Receipt{At: q.now}); err != nil {
		t.Fatal(err)
	}
	q.round(t, 15*time.Minute+time.Second)
	same(t, "at half of the time", q.letters(t, n.Number), []string{"webhook issued delivered", "webhook reminder waiting"})
	same(t, "person", q.row(t, n.Number).Person, "")
	q.round(t, 15*time.Minute)
	same(t, "at the end of the time", q.letters(t, n.Number), []string{"webhook issued delivered", "webhook reminder waiting", "webhook reminder waiting"})
	row := q.row(t, n.Number)
	if row.Person != "unanswered" || row.State != "DELIVERED" || !row.Overdue {
		t.Errorf("unanswered: %+v", row)
	}
	for range 5 {
		q.round(t, 20*time.Minute)
	}
	same(t, "reminders do not go on", len(q.letters(t, n.Number)), 3)
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	same(t, "reminders are taken back", q.letters(t, n.Number), []string{"webhook issued delivered", "webhook reminder cancelled", "webhook reminder cancelled"})
	same(t, "state", q.row(t, n.Number).State, "ACCEPTED")
}

func TestFetchedNoticeIsNotPushedAnyMore(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	n := q.ordered(t, order("O1", "t01", box))
	if _, err := q.Notice(t.Context(), auth.Principal{PartnerID: "t02", Role: auth.Terminal}, n.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another terminal: %v", err)
	}
	v, err := q.Notice(t.Context(), q.terminal, n.Number)
	if err != nil || v.Overview.State != inspection.StateDelivered {
		t.Fatalf("fetch: %v %s", err, v.Overview.State)
	}
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued cancelled"})
	for range 4 {
		q.round(t, 5*time.Minute)
	}
	if l := q.letters(t, n.Number); slices.ContainsFunc(l[1:], func(s string) bool { return strings.Contains(s, "issued") }) {
		t.Errorf("pushed again: %v", l)
	}
}

func TestRefusedChannelGoesOverAtOnce(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json", "mail/mail")
	n := q.ordered(t, order("O1", "t01", box))
	if err := q.Buried(t.Context(), q.claim(t), portadapters.ErrPermanent); err != nil {
		t.Fatalf("bury: %v", err)
	}
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued cancelled", "mail issued waiting"})
}

// TestReceiptOpensANoticeAndAnOrderTakesItOver: receipt C makes the notice in
// its own transaction, without method; the order is its second version.
func TestReceiptOpensANoticeAndAnOrderTakesItOver(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	a := q.mustSubmit(t, q.alice, "REF1")
	const seqNo = "I20260000000000001"
	q.hear(t, importResponse("REF1", seqNo, "0", ""))
	q.hear(t, []byte(strings.Replace(string(result(seqNo, "J", "2026-01-05T10:00:00")), "<ENTRY_ID></ENTRY_ID>", "<ENTRY_ID>"+entryNo+"</ENTRY_ID>", 1)))
	q.hear(t, result(seqNo, "C", "2026-01-05T11:00:00"))
	rows, err := q.store.Notices(t.Context(), store.NoticeFilter{DeclarationID: a.ID})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d notices, %v", len(rows), err)
	}
	first := rows[0]
	if !first.Visible || first.Person != "no_terminal" || first.Terminal != "" || first.EntryNumber != entryNo || first.IssuedBy != "customs" {
		t.Errorf("from the receipt: %+v", first)
	}
	q.hear(t, result(seqNo, "C", "2026-01-05T12:00:00")) // told again: the box is in an open notice
	n := q.ordered(t, order("O1", "t01", box))
	if n.Number != first.Number || n.Version != 2 || n.Terminal != "t01" {
		t.Errorf("the order made %+v of %s", n, first.Number)
	}
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting"})
	_, events, err := q.Timeline(t.Context(), q.alice, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range events {
		if desk.IsInspection(e.Kind) {
			kinds = append(kinds, e.Kind+" "+e.Code)
		}
	}
	same(t, "timeline", kinds, []string{"inspection_issued " + n.Number, "inspection_changed " + n.Number})
	_, err = q.order(t, order("O2", "t01", box))
	var conflict *desk.NoticeConflictError
	if !errors.As(err, &conflict) || conflict.Number != n.Number || conflict.Why != "box_open" {
		t.Errorf("a second order for the box: %v", err)
	}
}

// TestReleasedDeclarationOpensNothing: a receipt C that is heard behind the
// release was overtaken.
func TestReleasedDeclarationOpensNothing(t *testing.T) {
	t.Parallel()
	q := pier(t)
	a := q.mustSubmit(t, q.alice, "REF1")
	const seqNo = "I20260000000000001"
	q.hear(t, importResponse("REF1", seqNo, "0", ""))
	q.hear(t, result(seqNo, "P", "2026-01-05T12:00:00"))
	q.hear(t, result(seqNo, "C", "2026-01-05T11:00:00"))
	if rows, err := q.store.Notices(t.Context(), store.NoticeFilter{DeclarationID: a.ID}); err != nil || len(rows) != 0 {
		t.Errorf("%d notices, %v", len(rows), err)
	}
}

func TestHiddenUntilTheBoxIsLocked(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	a := q.mustSubmit(t, q.alice, "REF1")
	const seqNo = "I20260000000000001"
	q.hear(t, importResponse("REF1", seqNo, "0", ""))
	q.hear(t, []byte(strings.Replace(string(result(seqNo, "J", "2026-01-05T10:00:00")), "<ENTRY_ID></ENTRY_ID>", "<ENTRY_ID>"+entryNo+"</ENTRY_ID>", 1)))
	n := q.ordered(t, order("O1", "t01", box))
	kinds := func() (out []string) {
		_, events, err := q.Timeline(t.Context(), q.alice, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if desk.IsInspection(e.Kind) {
				out = append(out, strings.TrimPrefix(e.Kind, "inspection_"))
			}
		}
		return out
	}
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	same(t, "before the lock", kinds(), []string{})
	if _, err := q.Notice(t.Context(), q.alice, n.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the declarant reads it before the lock: %v", err)
	}
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Locked, Box: box, Reference: "A2"})
	same(t, "after the lock", kinds(), []string{"issued", "accepted", "box_locked"})
	v, err := q.Notice(t.Context(), q.alice, n.Number)
	if err != nil || v.Notice.ReasonClass != "" {
		t.Errorf("the declarant reads %v %+v", err, v.Notice)
	}
}

func TestBoxesAtTwoTerminalsBecomeTwoNotices(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	q.able(t, "t02", "webhook/json")
	const other, third = "TEMU1234565", "TEMU1234570"
	report := func(p auth.Principal, kind clearance.Kind, number string, at time.Time, place string) {
		body, err := json.Marshal(clearance.Fact{Kind: kind, ContainerNumber: number, VoyageNumber: "1", Place: place, OccurredAt: at})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.ReportFacts(t.Context(), p, desk.FactReport{Body: body}); err != nil {
			t.Fatalf("report %s: %v", kind, err)
		}
	}
	t02 := auth.Principal{PartnerID: "t02", KeyID: "k", Role: auth.Terminal}
	report(q.terminal, clearance.GateIn, box, q.now.Add(-time.Hour), "")
	report(t02, clearance.BoxDischarged, other, q.now.Add(-time.Hour), "")
	report(q.terminal, clearance.GateIn, other, q.now.Add(-2*time.Hour), "") // older: it changes nothing
	if err := q.SetAliases(t.Context(), "test", map[string]string{" 大窑湾　一期 ": "t01"}); err != nil {
		t.Fatal(err)
	}
	o := order("O1", "", box, other, third)
	o.GoodsPlace = "大窑湾 一期"
	list, err := q.order(t, o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range list {
		got = append(got, n.Terminal+" "+strings.Join(n.Boxes, "+"))
	}
	same(t, "notices", got, []string{"t01 " + box + "+" + third, "t02 " + other})
	report(t02, clearance.GateOut, other, q.now, "")
	if place, err := q.store.BoxPlaceOf(t.Context(), other); err != nil || place.Terminal != "" {
		t.Errorf("after gate out the box is at %+v, %v", place, err)
	}
}

func TestUnknownPlaceIsForAPersonNeverAGuess(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	o := order("O1", "", box)
	o.GoodsPlace = "某码头"
	n := q.ordered(t, o)
	if n.Terminal != "" || n.Person != "no_terminal" {
		t.Errorf("%+v", n)
	}
	change := order("O2", "t01", box)
	change.Action, change.Number = inspection.Change, n.Number
	if n = q.ordered(t, change); n.Terminal != "t01" || n.Version != 2 {
		t.Errorf("after customs named it: %+v", n)
	}
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting"})
}

// TestFiftyCallersOneNotice: the same order from fifty connections at once.
func TestFiftyCallersOneNotice(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	numbers := make([]string, 50)
	var all sync.WaitGroup
	for i := range numbers {
		all.Go(func() {
			if list, err := q.order(t, order("O1", "t01", box)); err == nil && len(list) == 1 {
				numbers[i] = list[0].Number
			} else {
				t.Errorf("caller %d: %v", i, err)
			}
		})
	}
	all.Wait()
	slices.Sort(numbers)
	if got := slices.Compact(numbers); len(got) != 1 {
		t.Errorf("numbers %v", got)
	}
	same(t, "letters", len(q.letters(t, numbers[0])), 1)
}

// TestAnswerByLinkOnce: a link answers once, its look changes nothing, and of
// its token the hash alone is kept.
func TestAnswerByLinkOnce(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "mail/mail")
	n := q.ordered(t, order("O1", "t01", box))
	it := q.claim(t)
	m, err := q.store.PushBody(t.Context(), it.Receiver, it.MessageID)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(m.Body), q.Answers)
	token, _, _ := strings.Cut(rest, "\n")
	if err := q.Delivered(t.Context(), it, portadapters.Receipt{At: q.now}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if v, err := q.NoticeByLink(t.Context(), token); err != nil || v.Row.Number != n.Number {
			t.Fatalf("look: %v %+v", err, v.Row)
		}
	}
	if _, err := q.NoticeByLink(t.Context(), token+"x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a wrong token: %v", err)
	}
	if out, err := q.AnswerByLink(t.Context(), token, inspection.Event{Kind: inspection.Rejected}); err != nil || out.Refusal == nil || out.Refusal.Why != "reason_missing" {
		t.Errorf("a rejection without reason: %v %+v", err, out)
	}
	if out, err := q.AnswerByLink(t.Context(), token, inspection.Event{Kind: inspection.Accepted}); err != nil || out.State != inspection.StateAccepted {
		t.Fatalf("answer: %v %+v", err, out)
	}
	if _, err := q.AnswerByLink(t.Context(), token, inspection.Event{Kind: inspection.Rejected, Reason: inspection.SiteFull}); !errors.Is(err, desk.ErrLinkUsed) {
		t.Errorf("a second answer: %v", err)
	}
}

func TestDocumentBeforeItsNotice(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	body := fmt.Appendf(nil, `{"notice_no":"CK1","kind":"accepted","occurred_at":%q,"reference":"R1"}`, q.now.Format(time.RFC3339))
	hear := func(p auth.Principal) desk.TerminalHearing {
		h, err := q.HearTerminalMessage(t.Context(), p, desk.TerminalDocument{Body: body, ContentType: "application/json", Format: "json"})
		if err != nil {
			t.Fatalf("hear: %v", err)
		}
		return h
	}
	first := hear(q.terminal)
	if first.State != "unmatched" || first.Duplicate {
		t.Errorf("before: %+v", first)
	}
	hear(auth.Principal{PartnerID: "t02", KeyID: "k", Role: auth.Terminal}) // another terminal says it, too: never matched
	o := order("O1", "t01", box)
	o.Number = "CK1"
	q.ordered(t, o)
	same(t, "state", q.row(t, "CK1").State, "ACCEPTED")
	if again := hear(q.terminal); !again.Duplicate || again.ID != first.ID || again.State != "matched" {
		t.Errorf("again: %+v", again)
	}
	kept, err := q.store.UnmatchedTerminalMessages(t.Context(), "CK1")
	if err != nil || len(kept) != 1 || kept[0].Source != "t02" {
		t.Errorf("kept: %v %+v", err, kept)
	}
}

// TestOlderVersionIsKeptAndNotApplied: version 3 before version 2.
func TestOlderVersionIsKeptAndNotApplied(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	n := q.ordered(t, order("O1", "t01", box))
	third := order("O3", "t01", box)
	third.Action, third.Number, third.Version, third.Boxes[0].Site = inspection.Change, n.Number, 3, "H3"
	if got := q.ordered(t, third); got.Version != 3 || !got.Applied {
		t.Errorf("version 3: %+v", got)
	}
	second := third
	second.SourceMessageID, second.Version, second.Boxes = "O2", 2, []inspection.Box{{ContainerNumber: box, Method: inspection.Manual, Site: "H2"}}
	if got := q.ordered(t, second); got.Version != 3 || got.Applied {
		t.Errorf("version 2 behind it: %+v", got)
	}
	v, err := q.Notice(t.Context(), q.duty, n.Number)
	if err != nil || v.Notice.Boxes[0].Site != "H3" {
		t.Errorf("in force: %v %+v", err, v.Notice.Boxes)
	}
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting", "webhook changed waiting"})
}

// TestReleaseIsAFactForThePickup: what customs let go is recorded for those who fetch it.
func TestReleaseIsAFactForThePickup(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	a := q.mustSubmit(t, q.alice, "REF1")
	const seqNo = "I20260000000000001"
	q.hear(t, importResponse("REF1", seqNo, "0", ""))
	q.hear(t, []byte(strings.Replace(string(result(seqNo, "J", "2026-01-05T10:00:00")), "<ENTRY_ID></ENTRY_ID>", "<ENTRY_ID>"+entryNo+"</ENTRY_ID>", 1)))
	n := q.ordered(t, order("O1", "t01", box))
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	q.says(t, q.duty, n.Number, inspection.Event{Kind: inspection.Finished, Result: inspection.Pass, Reference: "C1"})
	q.says(t, q.duty, n.Number, inspection.Event{Kind: inspection.Released, Reference: "C2"})
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting", "webhook step waiting", "webhook released waiting"})
	facts, err := q.store.FactsOf(t.Context(), "alice", a.ID)
	if err != nil || len(facts) != 1 || facts[0].Kind != string(clearance.InspectionReleased) || facts[0].Source != "customs" {
		t.Errorf("facts: %v %+v", err, facts)
	}
}

// saying is a reader whose documents say one event.
type saying struct{ desk.Reading }

func (s saying) Read([]byte, string) desk.Reading { return s.Reading }

// TestReceiptOfAFileAcknowledgesItsVersion: a file that lies in a folder has
// arrived when the terminal says so, by the number that the format made of our id.
func TestReceiptOfAFileAcknowledgesItsVersion(t *testing.T) {
	t.Parallel()
	q := pier(t)
	number := func(id string) string { return "R" + id[len(id)-12:] }
	q.Formats["edifact"] = desk.Format{Reference: number, Write: func(l *inspection.Letter) (desk.Document, []declarations.Fault) {
		return desk.Document{Body: []byte("UNB " + l.ID + " replaces " + l.Previous), ContentType: "application/EDIFACT"}, nil
	}}
	q.able(t, "t01", "sftp/edifact")
	n := q.ordered(t, order("O1", "t01", box))
	it := q.claim(t)
	if err := q.Delivered(t.Context(), it, portadapters.Receipt{At: q.now}); err != nil {
		t.Fatal(err)
	}
	same(t, "state", q.row(t, n.Number).State, "ISSUED")
	q.Readers = map[string]desk.DocumentReader{"edifact": saying{desk.Reading{Reference: "I1", Answer: []byte("UNB+CONTRL"), AnswerType: "application/EDIFACT",
		Events: []inspection.Event{{Kind: inspection.TransportAck, AnswersID: number(it.ID), Reference: "I1/1"}}}}}
	hear := func(p auth.Principal) desk.TerminalHearing {
		h, err := q.HearTerminalMessage(t.Context(), p, desk.TerminalDocument{Body: []byte("UNB " + p.PartnerID), Format: "edifact"})
		if err != nil {
			t.Fatalf("hear: %v", err)
		}
		return h
	}
	if h := hear(auth.Principal{PartnerID: "t02", KeyID: "k", Role: auth.Terminal}); h.State != "unmatched" {
		t.Errorf("another terminal acknowledges: %+v", h)
	}
	same(t, "another terminal acknowledges", q.row(t, n.Number).State, "ISSUED")
	if h := hear(q.terminal); h.State != "matched" || string(h.Answer) != "UNB+CONTRL" {
		t.Errorf("acknowledged: %+v", h)
	}
	same(t, "acknowledged", q.row(t, n.Number).State, "DELIVERED")
	change := order("O2", "t01", box)
	change.Action, change.Number = inspection.Change, n.Number
	q.ordered(t, change)
	next := q.claim(t)
	m, err := q.store.PushBody(t.Context(), next.Receiver, next.MessageID)
	if err != nil || string(m.Body) != "UNB "+next.ID+" replaces "+it.ID {
		t.Errorf("the change says %q, %v", m.Body, err)
	}
}
