package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

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
func TestBoxThatLeavesUnderANotice(t *testing.T) {
	t.Parallel()
	for _, released := range []bool{false, true} {
		q := pier(t)
		q.able(t, "t01", "webhook/json")
		n := q.ordered(t, order("O1", "t01", box))
		q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
		want := "EXCEPTION exception"
		if released {
			q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Locked, Reference: "A2"})
			q.says(t, q.duty, n.Number, inspection.Event{Kind: inspection.Finished, Result: inspection.Pass, Reference: "C1"})
			q.says(t, q.duty, n.Number, inspection.Event{Kind: inspection.Released, Reference: "C2"})
			want = "CLOSED "
		}
		q.now = q.now.Add(time.Minute)
		body, err := json.Marshal(clearance.Fact{Kind: clearance.GateOut, ContainerNumber: box, OccurredAt: q.now})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := q.ReportFacts(t.Context(), q.terminal, desk.FactReport{Body: body}); err != nil {
				t.Fatalf("report: %v", err)
			}
		}
		row := q.row(t, n.Number)
		same(t, fmt.Sprintf("released %v", released), row.State+" "+row.Person, want)
	}
}

func TestCancelRacesLock(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	n := q.ordered(t, order("O1", "t01", box))
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	var both sync.WaitGroup
	both.Go(func() {
		o := order("O2", "", box)
		o.Action, o.Number = inspection.Cancel, n.Number
		if _, err := q.order(t, o); err != nil {
			t.Errorf("cancel: %v", err)
		}
	})
	both.Go(func() {
		body, err := json.Marshal(inspection.Event{Kind: inspection.Locked, Box: box, OccurredAt: q.now, Reference: "A2"})
		if err != nil {
			t.Error(err)
		}
		if _, err := q.ReportNotice(t.Context(), q.terminal, n.Number, desk.NoticeReport{Body: body}); err != nil {
			t.Errorf("lock: %v", err)
		}
	})
	both.Wait()
	row := q.row(t, n.Number)
	if row.State != "CANCELLED" || row.Over {
		t.Errorf("locked and cancelled: %+v", row)
	}
	l := q.letters(t, n.Number)
	same(t, "the last letter", l[len(l)-1], "webhook cancelled waiting")
	q.now = q.now.Add(time.Minute)
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Unlocked, Reference: "A3"})
	if row := q.row(t, n.Number); !row.Over {
		t.Errorf("after the unlock: %+v", row)
	}
}

func TestHaulierSeesTheMoveAlone(t *testing.T) {
	t.Parallel()
	q := pier(t)
	q.able(t, "t01", "webhook/json")
	o := order("O1", "t01", box)
	o.Haulier, o.ReasonClass = "h1", "risk"
	n := q.ordered(t, o)
	h1 := auth.Principal{PartnerID: "h1", KeyID: "k", Role: auth.Haulier}
	v, err := q.Notice(t.Context(), h1, n.Number)
	if err != nil || v.Notice.ReasonClass != "" || v.Notice.DeclarationNumber != "" || len(v.Notice.Boxes) != 1 || v.Notice.Boxes[0].Method != "" || v.Notice.Boxes[0].Site != "H1" {
		t.Errorf("the haulier sees %v %+v", err, v.Notice)
	}
	for _, e := range v.Events {
		if e.Kind == inspection.Accepted {
			t.Errorf("the haulier sees %+v", e)
		}
	}
	if _, err := q.Notice(t.Context(), auth.Principal{PartnerID: "h2", Role: auth.Haulier}, n.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another haulier: %v", err)
	}
	q.says(t, q.terminal, n.Number, inspection.Event{Kind: inspection.Accepted, Reference: "A1"})
	q.says(t, h1, n.Number, inspection.Event{Kind: inspection.MoveStarted, Box: box, Reference: "H1"})
	if v, err = q.Notice(t.Context(), h1, n.Number); err != nil || len(v.Events) != 1 || v.Row.EntryNumber != "" || v.Overview.Boxes[0].At != nil {
		t.Errorf("the haulier sees %v %+v", err, v)
	}
}
