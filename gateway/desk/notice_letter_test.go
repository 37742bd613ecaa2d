package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

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

type saying struct{ desk.Reading }

func (s saying) Read([]byte, string) desk.Reading { return s.Reading }

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

func TestCustomsFollowsByItsEndpoint(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	if err := q.store.Commit(t.Context(), store.Change{Endpoints: []store.Endpoint{{ID: q.NewID(), PartnerID: "customs", Name: "c", Wire: "webhook", Format: "json", Types: "*",
		Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1}}}); err != nil {
		t.Fatal(err)
	}
	n := q.ordered(t, order("O1", "t01", box))
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	same(t, "letters", q.letters(t, n.Number), []string{"webhook issued waiting", "webhook step waiting", "webhook step waiting"})
	feed, err := q.Feed(t.Context(), q.duty, "", 100)
	if err != nil || len(feed) != 2 || feed[1].Kind != "inspection_accepted" || feed[1].Code != n.Number {
		t.Errorf("feed of customs: %v %+v", err, feed)
	}
	if feed, err = q.Feed(t.Context(), q.terminal, "", 100); err != nil || len(feed) != 2 {
		t.Errorf("feed of the terminal: %v %+v", err, feed)
	}
	if feed, err = q.Feed(t.Context(), auth.Principal{PartnerID: "t02", Role: auth.Terminal}, "", 100); err != nil || len(feed) != 0 {
		t.Errorf("feed of another terminal: %v %+v", err, feed)
	}
}
