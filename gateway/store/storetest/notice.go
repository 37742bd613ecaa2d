package storetest

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

// farAway is when the clock has nothing to say about a notice yet.
const farAway = int64(1) << 60

// noticeOf is a new notice of one box.
func noticeOf(number, terminal, container string) store.Change {
	id := ID()
	document := []byte(`{"notice_no":"` + number + `"}`)
	return store.Change{
		Notices: []store.Notice{{ID: id, Number: number, IssuedBy: "customs", Terminal: terminal, Tenant: "a", DeclarationID: "d-" + number,
			EntryNumber: "E" + number, Content: 1, State: "ISSUED", NextAt: farAway, Boxes: 1, CreatedAt: now, UpdatedAt: now}},
		NoticeVersions: []store.NoticeVersion{{NoticeID: id, Number: 1, Document: document, SHA256: digest(document), SourceID: "s", At: now}},
		NoticeBoxes: []store.NoticeBox{{NoticeID: id, Box: container, Container: container, State: "ISSUED",
			OpenKey: store.OpenBoxKey(container, "customs")}},
		NoticeEvents: []store.NoticeEvent{{NoticeID: id, ID: ID(), Identity: "issued/1", Kind: "issued", Actor: "customs", Source: "customs",
			ContentSHA: digest([]byte("{}")), Content: []byte("{}"), OccurredAt: now, HeardAt: now}},
		Audit: []store.AuditEntry{{At: now, Actor: "customs", Action: "notice.issue", Subject: id}},
	}
}

func (b *bundle) notice(t *testing.T, id string) store.Notice {
	t.Helper()
	n, err := b.Notice(t.Context(), id)
	if err != nil {
		t.Fatalf("notice: %v", err)
	}
	return n
}

// noticeKept: what is written of a notice is what is read, and what it is found by finds it.
func noticeKept(t *testing.T, b *bundle) {
	c := noticeOf("N1", "dct", "TEMU1234565")
	n := &c.Notices[0]
	n.Over, n.Person, n.Overdue, n.Visible, n.Channel = false, "unanswered", true, true, 1
	n.DeliveredAt, n.AcceptedAt, n.LockedAt, n.ReadyAt, n.StartedAt, n.FinishedAt, n.ReleasedAt, n.BackAt, n.Moves = 1, 2, 3, 4, 5, 6, 7, 8, 9
	b.commit(t, c)
	want := c.Notices[0]
	want.Version, want.Stamp = 1, 1
	byNumber, err := b.NoticeByNumber(t.Context(), "N1")
	if err != nil {
		t.Fatal(err)
	}
	open, err := b.OpenNoticeOf(t.Context(), "TEMU1234565", "customs")
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []store.Notice{b.notice(t, want.ID), byNumber, open} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("notice (-want +got):\n%s", diff)
		}
	}
	_, err = b.OpenNoticeOf(t.Context(), "TEMU1234565", "health")
	wantErr(t, "box of another purpose", err, store.ErrNotFound)
	boxes, err := b.NoticeBoxes(t.Context(), want.ID)
	if diff := cmp.Diff(c.NoticeBoxes, boxes); err != nil || diff != "" {
		t.Errorf("boxes (-want +got), %v:\n%s", err, diff)
	}
	versions, err := b.NoticeVersions(t.Context(), want.ID)
	if diff := cmp.Diff(c.NoticeVersions, versions); err != nil || diff != "" {
		t.Errorf("versions (-want +got), %v:\n%s", err, diff)
	}
	events, err := b.NoticeEvents(t.Context(), want.ID)
	if diff := cmp.Diff(c.NoticeEvents, events); err != nil || diff != "" {
		t.Errorf("events (-want +got), %v:\n%s", err, diff)
	}
	again := store.Change{NoticeEvents: []store.NoticeEvent{c.NoticeEvents[0]}}
	again.NoticeEvents[0].ID = ID()
	wantConflict(t, "an event heard again", b.Commit(t.Context(), again), "notice_event")
	other := noticeOf("N1", "dct", "TEMU0000000")
	wantConflict(t, "the same number", b.Commit(t.Context(), other), "notice")
	wantSound(t, b.Store)
}

// noticeVersionRace: of many who write the next version one wins, and nothing of the others is kept.
func noticeVersionRace(t *testing.T, b *bundle) {
	c := noticeOf("N1", "dct", "TEMU1234565")
	b.commit(t, c)
	read := b.notice(t, c.Notices[0].ID)
	won := 0
	for i, err := range together(16, func(i int) error {
		next := read
		next.State, next.UpdatedAt = "ACCEPTED", now+int64(i)
		change := store.Change{Notices: []store.Notice{next}, NoticeEvents: []store.NoticeEvent{{NoticeID: read.ID, ID: ID(), Identity: number("e", i),
			Kind: "accepted", Actor: "terminal", Source: "dct", Content: []byte("{}")}}}
		if i%2 == 0 { // those that write content, too, collide on its number first
			document := []byte(number("doc", i))
			next.Content = 2
			change.Notices[0] = next
			change.NoticeVersions = []store.NoticeVersion{{NoticeID: read.ID, Number: 2, Document: document, SHA256: digest(document), At: now}}
		}
		return b.Commit(t.Context(), change)
	}) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "notice"):
			t.Errorf("racer %d: %v, want conflict on notice", i, err)
		}
	}
	events, err := b.NoticeEvents(t.Context(), read.ID)
	if got := b.notice(t, read.ID); err != nil || won != 1 || got.Version != 2 || got.State != "ACCEPTED" || len(events) != 2 {
		t.Errorf("%d won, version %d, %d events, %v", won, got.Version, len(events), err)
	}
	wantSound(t, b.Store)
}

// boxRace: a box is in one open notice per purpose, and free once that is closed.
func boxRace(t *testing.T, b *bundle) {
	const box = "TEMU1234565"
	won := 0
	for i, err := range together(16, func(i int) error { return b.Commit(t.Context(), noticeOf(number("N", i), "dct", box)) }) {
		switch {
		case err == nil:
			won++
		case !store.IsConflict(err, "box"):
			t.Errorf("racer %d: %v, want conflict on box", i, err)
		}
	}
	n, err := b.OpenNoticeOf(t.Context(), box, "customs")
	if err != nil || won != 1 {
		t.Fatalf("%d won, %v", won, err)
	}
	// A follow-up takes the box over in one change, whatever the order of its rows.
	closed := store.NoticeBox{NoticeID: n.ID, Box: box, Container: box, State: "CLOSED", OpenKey: store.ClosedBoxKey(n.ID, box)}
	next := noticeOf("NEXT", "dct", box)
	n.State, n.Over, n.NextAt = "CLOSED", true, 0
	next.Notices = append(next.Notices, n)
	next.NoticeBoxes = append(next.NoticeBoxes, closed)
	b.commit(t, next)
	if got, err := b.OpenNoticeOf(t.Context(), box, "customs"); err != nil || got.Number != "NEXT" {
		t.Errorf("open notice %q, %v", got.Number, err)
	}
	// An upsert must not write over the row of the notice that holds the key.
	reopened := closed
	reopened.OpenKey, reopened.State = store.OpenBoxKey(box, "customs"), "READY"
	wantConflict(t, "reopened", b.Commit(t.Context(), store.Change{NoticeBoxes: []store.NoticeBox{reopened}}), "box")
	if got, err := b.OpenNoticeOf(t.Context(), box, "customs"); err != nil || got.Number != "NEXT" {
		t.Errorf("open notice after the conflict %q, %v", got.Number, err)
	}
	wantSound(t, b.Store)
}

// noticeLists: filters, pages, the human list and the clock.
func noticeLists(t *testing.T, b *bundle) {
	yes, no := true, false
	var ids []string
	for i := range 7 {
		c := noticeOf(number("N", i), fmt.Sprintf("t%d", i%2), number("BOX", i))
		n := &c.Notices[0]
		n.NextAt = now + 5
		if i == 3 {
			n.Tenant, n.Person, n.State, n.NextAt = "b", "rejected", "REJECTED", 0
		}
		if i == 5 {
			n.Over, n.State, n.NextAt, n.Visible = true, "CLOSED", 0, true
			c.NoticeBoxes[0].OpenKey = store.ClosedBoxKey(n.ID, c.NoticeBoxes[0].Box)
		}
		b.commit(t, c)
		ids = append(ids, n.ID)
	}
	at := func(list []store.Notice, err error) (places []int) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for i := range list {
			places = append(places, slices.Index(ids, list[i].ID))
		}
		return places
	}
	for _, c := range []struct {
		name string
		f    store.NoticeFilter
		want []int
	}{
		{"all", store.NoticeFilter{}, []int{6, 5, 4, 3, 2, 1, 0}},
		{"terminal", store.NoticeFilter{Terminal: "t1"}, []int{5, 3, 1}},
		{"terminal, open", store.NoticeFilter{Terminal: "t1", Open: &yes}, []int{3, 1}},
		{"over", store.NoticeFilter{Open: &no}, []int{5}},
		{"tenant", store.NoticeFilter{Tenant: "b"}, []int{3}},
		{"tenant, other terminal", store.NoticeFilter{Tenant: "b", Terminal: "t0"}, nil},
		{"customs", store.NoticeFilter{IssuedBy: "customs", State: "ISSUED"}, []int{6, 4, 2, 1, 0}},
		{"other authority", store.NoticeFilter{IssuedBy: "x"}, nil},
		{"declaration", store.NoticeFilter{Tenant: "a", DeclarationID: "d-" + number("N", 2)}, []int{2}},
		{"declaration of another", store.NoticeFilter{Tenant: "b", DeclarationID: "d-" + number("N", 2)}, nil},
		{"persons", store.NoticeFilter{NeedsPerson: true}, []int{3}},
		{"visible", store.NoticeFilter{VisibleOnly: true, Tenant: "a"}, []int{5}},
		{"page", store.NoticeFilter{After: ids[4], Limit: 2}, []int{3, 2}},
		{"feed", store.NoticeFilter{Feed: true, Since: 5}, []int{5, 6}},
		{"feed of a terminal", store.NoticeFilter{Feed: true, Terminal: "t0"}, []int{0, 2, 4, 6}},
		{"feed of a tenant", store.NoticeFilter{Feed: true, Tenant: "a", Limit: 2}, []int{0, 1}},
	} {
		if diff := cmp.Diff(c.want, at(b.Notices(t.Context(), c.f))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got := at(b.NoticesDue(t.Context(), now+5, 10)); len(got) != 5 {
		t.Errorf("due now %v, want those with a time", got)
	}
	if got := at(b.NoticesDue(t.Context(), now+4, 10)); len(got) != 0 {
		t.Errorf("due before %v", got)
	}
	second := b.notice(t, ids[2])
	second.State = "DELIVERED"
	b.commit(t, store.Change{Notices: []store.Notice{second}}) // a notice that changes comes again
	if diff := cmp.Diff([]int{2}, at(b.Notices(t.Context(), store.NoticeFilter{Feed: true, Since: 7}))); diff != "" {
		t.Errorf("feed after a change (-want +got):\n%s", diff)
	}
}

// noticeFeed: readers that go on from the last stamp they saw miss no change,
// however many writers there are.
func noticeFeed(t *testing.T, b *bundle) {
	const writers, each = 8, 20
	stop := make(chan struct{})
	heard := map[string]int64{}
	since := int64(0)
	read := func() {
		list, err := b.Notices(t.Context(), store.NoticeFilter{Feed: true, Since: since})
		if err != nil {
			t.Error(err)
		}
		for i := range list {
			if list[i].Stamp <= since {
				t.Errorf("stamp %d after %d", list[i].Stamp, since)
			}
			since = list[i].Stamp
			heard[list[i].ID] = list[i].Version
		}
	}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for {
			select {
			case <-stop:
				return
			default:
				read()
			}
		}
	}()
	errs := together(writers, func(w int) error {
		c := noticeOf(number("N", w), "dct", number("BOX", w))
		if err := b.Commit(t.Context(), c); err != nil {
			return err
		}
		for range each {
			n, err := b.Notice(t.Context(), c.Notices[0].ID)
			if err != nil {
				return err
			}
			if err := b.Commit(t.Context(), store.Change{Notices: []store.Notice{n}}); err != nil {
				return err
			}
		}
		return nil
	})
	close(stop)
	<-finished
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	for read(); ; {
		before := since
		if read(); since == before {
			break
		}
	}
	if len(heard) != writers || since != writers*(each+1) {
		t.Errorf("%d notices heard up to stamp %d, want %d up to %d", len(heard), since, writers, writers*(each+1))
	}
	for id, version := range heard {
		if version != each+1 {
			t.Errorf("notice %s was last heard at version %d, want %d", id, version, each+1)
		}
	}
}

func noticeFigures(t *testing.T, b *bundle) {
	const minute = 60_000
	for i := range 10 {
		c := noticeOf(number("N", i), "dct", number("BOX", i))
		n := &c.Notices[0]
		n.DeliveredAt = now + int64(i+1)*minute
		n.Moves = 2
		if i < 3 {
			n.AcceptedAt, n.State = now+int64(i+10)*minute, "ACCEPTED"
			n.ReadyAt, n.StartedAt = now+30*minute, now+(31+int64(i))*minute
		}
		if i == 9 {
			n.Terminal, n.Overdue, n.Person = "", true, "no_terminal"
			n.DeliveredAt = now - 1 // of somebody's wrong clock
		}
		b.commit(t, c)
	}
	got, err := b.NoticeFigures(t.Context(), store.NoticeFigureFilter{From: now, To: now + 1})
	want := []store.NoticeFigures{
		{Notices: 1, Open: 1, Unanswered: 1, Overdue: 1, Person: 1, Boxes: 1, Moves: 2},
		{Terminal: "dct", Notices: 9, Open: 9, Unanswered: 6, Boxes: 9, Moves: 18,
			Delivered: store.Span{Measured: 9, MedianMs: 5 * minute, P90Ms: 9 * minute},
			Accepted:  store.Span{Measured: 3, MedianMs: 11 * minute, P90Ms: 12 * minute},
			Ready:     store.Span{Measured: 3, MedianMs: 30 * minute, P90Ms: 30 * minute},
			Waiting:   store.Span{Measured: 3, MedianMs: 2 * minute, P90Ms: 3 * minute}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("figures (-want +got), %v:\n%s", err, diff)
	}
	if got, err = b.NoticeFigures(t.Context(), store.NoticeFigureFilter{Tenant: "b"}); err != nil || len(got) > 0 {
		t.Errorf("figures of a stranger: %v, %v", got, err)
	}
	if got, err = b.NoticeFigures(t.Context(), store.NoticeFigureFilter{From: now + 1}); err != nil || len(got) > 0 {
		t.Errorf("figures of another time: %v, %v", got, err)
	}
}

// terminals: their messages are kept once, their table and places are written over.
func terminals(t *testing.T, b *bundle) {
	m := store.TerminalMessage{ID: ID(), Identity: "dct/1", Source: "dct", Format: "edifact", State: "unmatched", Reason: "no_notice", Notice: "N9",
		FileName: "f", ContentType: "application/edifact", SHA256: digest([]byte("UNB")), Body: []byte("UNB"), Answer: []byte("CONTRL"), At: now}
	b.commit(t, store.Change{TerminalMessages: []store.TerminalMessage{m}})
	copied := m
	copied.ID = ID()
	wantConflict(t, "a copy", b.Commit(t.Context(), store.Change{TerminalMessages: []store.TerminalMessage{copied}}), "terminal_message")
	b.commit(t, store.Change{TerminalCopies: []string{"dct/1"}})
	m.Copies = 1
	got, err := b.TerminalMessageByIdentity(t.Context(), "dct/1")
	if diff := cmp.Diff(m, got); err != nil || diff != "" {
		t.Errorf("message (-want +got), %v:\n%s", err, diff)
	}
	_, err = b.TerminalMessage(t.Context(), "other", m.ID)
	wantErr(t, "message of another", err, store.ErrNotFound)
	for number, want := range map[string]int{"N9": 1, "N8": 0, "": 1} {
		if list, err := b.UnmatchedTerminalMessages(t.Context(), number); err != nil || len(list) != want {
			t.Errorf("unmatched for %q: %d, %v, want %d", number, len(list), err, want)
		}
	}
	for _, c := range []struct {
		f    store.TerminalMessageFilter
		want int
	}{{store.TerminalMessageFilter{}, 1}, {store.TerminalMessageFilter{State: "unmatched"}, 1}, {store.TerminalMessageFilter{State: "refused"}, 0},
		{store.TerminalMessageFilter{Source: "dct"}, 1}, {store.TerminalMessageFilter{Source: "other"}, 0}, {store.TerminalMessageFilter{State: "unmatched", Source: "other"}, 0},
		{store.TerminalMessageFilter{Before: m.ID}, 0}} {
		if list, err := b.TerminalMessages(t.Context(), c.f); err != nil || len(list) != c.want {
			t.Errorf("messages %+v: %d, %v, want %d", c.f, len(list), err, c.want)
		}
	}
	matched := store.Change{TerminalStates: []store.TerminalState{{ID: m.ID, State: "matched"}}}
	b.commit(t, matched)
	wantConflict(t, "matched twice", b.Commit(t.Context(), matched), "terminal_message")
	if list, err := b.UnmatchedTerminalMessages(t.Context(), "N9"); err != nil || len(list) != 0 {
		t.Errorf("still unmatched: %v, %v", list, err)
	}

	rows := []store.Capability{{Terminal: "dct", Class: "inspection_notice", ValidFrom: "2026-01-01", Document: []byte("1"), UpdatedAt: 1},
		{Terminal: "dct", Class: "inspection_notice", ValidFrom: "2026-06-01", Document: []byte("2"), UpdatedAt: 1}}
	b.commit(t, store.Change{Capabilities: rows})
	rows[0].Document, rows[0].UpdatedAt = []byte("3"), 2
	b.commit(t, store.Change{Capabilities: rows[:1]})
	table, err := b.Capabilities(t.Context(), "dct", "inspection_notice")
	if diff := cmp.Diff([]store.Capability{rows[1], rows[0]}, table); err != nil || diff != "" {
		t.Errorf("capabilities (-want +got), %v:\n%s", err, diff)
	}
	if all, err := b.AllCapabilities(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("all capabilities %v, %v", all, err)
	}
	b.commit(t, store.Change{PlaceAliases: []store.PlaceAlias{{Alias: "大窑湾一期", Terminal: "x", UpdatedAt: 1}}})
	b.commit(t, store.Change{PlaceAliases: []store.PlaceAlias{{Alias: "大窑湾一期", Terminal: "dct", UpdatedAt: 2}}})
	if a, err := b.PlaceAlias(t.Context(), "大窑湾一期"); err != nil || a.Terminal != "dct" || a.UpdatedAt != 2 {
		t.Errorf("alias %+v, %v", a, err)
	}
	_, err = b.PlaceAlias(t.Context(), "大窑湾")
	wantErr(t, "unknown alias", err, store.ErrNotFound)
	if all, err := b.PlaceAliases(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("aliases %v, %v", all, err)
	}
}

// boxPlaces: the newest report by event time stands, in whatever order they come.
func boxPlaces(t *testing.T, b *bundle) {
	at := func(terminal, place string, when int64) store.BoxPlace {
		return store.BoxPlace{Container: "C1", Terminal: terminal, YardPlace: place, Source: "s" + place, At: when, HeardAt: now + when}
	}
	for _, step := range []struct {
		report []store.BoxPlace
		want   store.BoxPlace
	}{
		{[]store.BoxPlace{at("dct", "1", 10)}, at("dct", "1", 10)},
		{[]store.BoxPlace{at("old", "2", 9)}, at("dct", "1", 10)},
		{[]store.BoxPlace{at("", "3", 11), at("older", "4", 8)}, at("", "3", 11)},
		{[]store.BoxPlace{at("cmt", "5", 11)}, at("cmt", "5", 11)}, // of the same instant the one heard last
	} {
		b.commit(t, store.Change{BoxPlaces: step.report})
		got, err := b.BoxPlaceOf(t.Context(), "C1")
		if diff := cmp.Diff(step.want, got); err != nil || diff != "" {
			t.Errorf("after %v (-want +got), %v:\n%s", step.report, err, diff)
		}
	}
	for _, c := range []string{"C0", "C2", "C3"} {
		b.commit(t, store.Change{BoxPlaces: []store.BoxPlace{{Container: c, Terminal: "cmt", At: 1}}})
	}
	list, err := b.BoxesAt(t.Context(), "cmt", "C0", 2)
	if err != nil || len(list) != 2 || list[0].Container != "C1" || list[1].Container != "C2" {
		t.Errorf("boxes at cmt %v, %v", list, err)
	}
}

// links: one of many uses of a link counts.
func links(t *testing.T, b *bundle) {
	l := store.AnswerLink{Hash: digest([]byte("token")), NoticeID: ID(), Terminal: "dct", Content: 2, ExpiresAt: now + 100, CreatedAt: now}
	b.commit(t, store.Change{AnswerLinks: []store.AnswerLink{l}})
	late := store.Change{UseLink: &store.LinkUse{Hash: l.Hash, At: now + 100}}
	wantConflict(t, "an expired link", b.Commit(t.Context(), late), "link")
	won := 0
	for i, err := range together(20, func(i int) error {
		return b.Commit(t.Context(), store.Change{UseLink: &store.LinkUse{Hash: l.Hash, At: now + int64(i) + 1}})
	}) {
		switch {
		case err == nil:
			won++
			l.UsedAt = now + int64(i) + 1
		case !store.IsConflict(err, "link"):
			t.Errorf("%v, want conflict on link", err)
		}
	}
	got, err := b.AnswerLink(t.Context(), l.Hash)
	if diff := cmp.Diff(l, got); err != nil || diff != "" || won != 1 {
		t.Errorf("%d won, link (-want +got), %v:\n%s", won, err, diff)
	}
	wantConflict(t, "an unknown link", b.Commit(t.Context(), store.Change{UseLink: &store.LinkUse{Hash: "x", At: now}}), "link")
}

// noticeDoctor keeps the doctor honest about notices.
func noticeDoctor(t *testing.T, b *bundle) {
	bad := noticeOf("N1", "dct", "BOX1") // forgotten by the clock
	bad.Notices[0].NextAt = now
	bad.Notices[0].Content = 2 // whose version 2 is missing
	bad.NoticeVersions[0].SHA256 = digest([]byte("other"))
	over := noticeOf("N2", "dct", "BOX2")
	over.Notices[0].Over, over.Notices[0].NextAt = true, 0
	silent := noticeOf("N3", "dct", "BOX3")
	silent.Notices[0].NextAt = 0
	stray := noticeOf("N4", "dct", "BOX4")
	stray.Notices = nil
	stray.TerminalMessages = []store.TerminalMessage{{ID: ID(), Identity: "i", Source: "dct", Format: "json", State: "unmatched",
		SHA256: digest(nil), At: now}}
	for _, c := range []store.Change{bad, over, silent, stray} {
		b.commit(t, c)
	}
	findings, err := b.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.Code)
	}
	slices.Sort(got)
	want := []string{"box-held-by-closed-notice", "notice-digest", "notice-forgotten", "notice-stray",
		"notice-unattended", "notice-without-version", "terminal-message-old"}
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// noticesRestored: all of it goes through a backup, the counters too.
func noticesRestored(t *testing.T, b *bundle) {
	c := noticeOf("N1", "dct", "BOX1")
	e := endpoint("dct", "edi")
	c.Endpoints = []store.Endpoint{e}
	c.AnswerLinks = []store.AnswerLink{{Hash: "h", NoticeID: c.Notices[0].ID, ExpiresAt: now}}
	c.BoxPlaces = []store.BoxPlace{{Container: "BOX1", Terminal: "dct", At: now}}
	c.Pushes = []store.Push{push(e, "notice/N1", "notice.issued"), push(e, "notice/N1", "notice.changed")}
	c.Attempts = []store.Attempt{{ItemID: c.Pushes[0].ID, Receiver: store.ReceiverOf(e.ID), Result: "temporary", At: now}}
	b.commit(t, c)
	var file bytes.Buffer
	if err := b.Backup(t.Context(), &file, nil); err != nil {
		t.Fatalf("backup: %v", err)
	}
	other := setup(t, b.fresh)
	if err := other.Restore(t.Context(), &file, nil); err != nil {
		t.Fatalf("restore: %v", err)
	}
	other.commit(t, store.Change{Pushes: []store.Push{push(e, "notice/N1", "notice.step")}}) // the line goes on where it was
	n := other.notice(t, c.Notices[0].ID)
	other.commit(t, store.Change{Notices: []store.Notice{n}})
	if got := other.notice(t, n.ID); got.Stamp != 2 || got.Version != 2 {
		t.Errorf("stamp %d, version %d after a restore", got.Stamp, got.Version)
	}
	list, err := other.Deliveries(t.Context(), store.DeliveryFilter{Receiver: store.ReceiverOf(e.ID)})
	if err != nil || len(list) != 3 || list[0].Sequence != 3 {
		t.Errorf("deliveries %+v, %v", list, err)
	}
	if tries, err := other.Attempts(t.Context(), c.Pushes[0].ID); err != nil || len(tries) != 1 {
		t.Errorf("attempts %v, %v", tries, err)
	}
	wantSound(t, other.Store)
}
