package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/declarations/wcoxml"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

const seqOfAmend = "I20260000000000077"

// accepted is a declaration of alice that customs accepted.
func (b *bundle) accepted(t *testing.T, ref string) desk.Accepted {
	t.Helper()
	a := b.mustSubmit(t, b.alice, ref)
	b.hear(t, importResponse(ref, seqOfAmend, "0", ""))
	b.hear(t, result(seqOfAmend, "J", "2026-01-05T10:00:00"))
	if got := b.status(t, b.alice, a.ID); got != "accepted" {
		t.Fatalf("status %s", got)
	}
	return a
}

func ask(body []byte, key, reason string) desk.Ask {
	s := submission(body, key)
	s.Render = nil
	return desk.Ask{Submission: s, Reason: desk.Reason{Text: reason, Evidence: []string{"INV-1"}}, Render: func(a desk.Asked) desk.Replayed {
		return desk.Replayed{Status: 202, ContentType: "application/json", Body: []byte(a.Request.ID + " " + a.Status)}
	}}
}

func moon(body []byte) []byte {
	return bytes.Replace(body, []byte("EXAMPLE STAR"), []byte("EXAMPLE MOON"), 1)
}

func decision(request string, approved bool) desk.Decision {
	return desk.Decision{Submission: desk.Submission{Body: fmt.Appendf(nil, `{"request":%q,"approved":%v}`, request, approved), ContentType: "application/json"},
		Request: request, Approved: approved, Text: "seen"}
}

func (b *bundle) ownActs(t *testing.T, id string) []string {
	t.Helper()
	_, events, err := b.Timeline(t.Context(), b.alice, id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range events {
		if e.Kind != "receipt" {
			out = append(out, e.Kind)
		}
	}
	return out
}

func (b *bundle) versionKinds(t *testing.T, id string) string {
	t.Helper()
	all, err := b.Versions(t.Context(), b.alice, id)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range all {
		out = append(out, v.Kind)
	}
	return strings.Join(out, " ")
}

func TestAmendmentWaitsForApprovalAndThenIsTheDocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	a := b.accepted(t, "EX1")
	before, err := b.Declaration(ctx, b.alice, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "k1", "wrong vessel"))
	if err != nil {
		t.Fatal(err)
	}
	q := asked.Request
	if q.State != "requested" || q.Message != "" || q.Base != 1 || !strings.Contains(string(q.Changes), `"path":"transport.means_name","old":"EXAMPLE STAR","new":"EXAMPLE MOON"`) {
		t.Errorf("request %+v", q)
	}
	waiting, err := b.Declaration(ctx, b.alice, a.ID)
	if err != nil || !bytes.Equal(waiting.Document, before.Document) || waiting.Status != "accepted" {
		t.Errorf("the declaration changed before customs decided: %v", err)
	}
	again, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "k1", "wrong vessel"))
	if err != nil || !again.Repeated || string(again.Answer.Body) != q.ID+" accepted" {
		t.Errorf("same key: %+v, %v", again, err)
	}
	same, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "k2", "wrong vessel"))
	if err != nil || !same.Existing || same.Request.ID != q.ID {
		t.Errorf("same content under another key: %+v, %v", same, err)
	}
	var open *desk.RequestError
	other := bytes.Replace(b.xml("EX1"), []byte("EXAMPLE STAR"), []byte("EXAMPLE SUN"), 1)
	if _, err := b.Amend(ctx, b.alice, a.ID, ask(other, "k3", "wrong again")); !errors.As(err, &open) || open.ID != q.ID || open.State != "requested" {
		t.Errorf("second amendment: %v", err)
	}
	if list, _, err := b.Undecided(ctx, b.duty, "", 10); err != nil || len(list) != 1 || list[0].ID != q.ID {
		t.Errorf("customs sees %+v, %v", list, err)
	}
	decided, err := b.Decide(ctx, b.duty, decision(q.ID, true))
	if err != nil || decided.Request.State != "approved" || decided.Duplicate {
		t.Fatalf("decision %+v, %v", decided, err)
	}
	after, err := b.Declaration(ctx, b.alice, a.ID)
	if err != nil || !bytes.Contains(after.Document, []byte("EXAMPLE MOON")) || after.Status != "accepted" || after.Attempt != 1 {
		t.Errorf("after approval: %+v, %v", after, err)
	}
	if diff := cmp.Diff([]string{"submitted", "amendment_requested", "amendment_approved"}, b.ownActs(t, a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	if got := b.versionKinds(t, a.ID); got != "submission amendment" {
		t.Errorf("versions %s", got)
	}
	changes, err := b.Difference(ctx, b.alice, a.ID, 1, 2)
	if err != nil || len(changes) != 1 || changes[0].Path != "transport.means_name" {
		t.Errorf("difference %v, %v", changes, err)
	}
	twice, err := b.Decide(ctx, b.duty, decision(q.ID, true))
	if err != nil || !twice.Duplicate {
		t.Errorf("same decision again: %+v, %v", twice, err)
	}
	if _, err := b.Decide(ctx, b.duty, decision(q.ID, false)); !errors.As(err, &open) || open.State != "approved" {
		t.Errorf("contrary decision: %v", err)
	}
	b.sound(t)
}

func (b *bundle) sound(t *testing.T) {
	t.Helper()
	findings, err := b.store.DoctorAll(t.Context(), nil)
	if err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
}

func TestRefusedAmendmentLeavesTheDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	a := b.accepted(t, "EX1")
	asked, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "wrong vessel"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Decide(ctx, b.duty, decision(asked.Request.ID, false)); err != nil {
		t.Fatal(err)
	}
	row, err := b.Declaration(ctx, b.alice, a.ID)
	if err != nil || bytes.Contains(row.Document, []byte("EXAMPLE MOON")) {
		t.Errorf("a refused amendment is in force, %v", err)
	}
	if diff := cmp.Diff([]string{"submitted", "amendment_requested", "amendment_refused"}, b.ownActs(t, a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	if got := b.versionKinds(t, a.ID); got != "submission" {
		t.Errorf("versions %s", got)
	}
	if _, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "once more")); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
	b.sound(t)
}

func TestAmendmentIsRefusedWhenItCannotBe(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	a := b.accepted(t, "EX1")
	faulty := bytes.Replace(b.xml("EX1"), []byte("<EntryType>M"), []byte("<EntryType>Q"), 1)
	export := bytes.Replace(b.xml("EX1"), []byte("<IEFlag>I"), []byte("<IEFlag>E"), 1)
	for _, row := range []struct {
		name string
		in   desk.Ask
		code string
	}{
		{"nothing changed", ask(b.xml("EX1"), "", "x"), "AMD-1001"},
		{"another operator signs", ask(bytes.Replace(b.xml("EX1"), []byte("<OperName>"), []byte("<OperName>X"), 1), "", "x"), "AMD-1001"},
		{"no reason", ask(moon(b.xml("EX1")), "", " "), "AMD-1002"},
		{"a reason too long", ask(moon(b.xml("EX1")), "", strings.Repeat("示", 501)), "AMD-1002"},
		{"another reference", ask(moon(b.xml("EX2")), "", "x"), "AMD-1003"},
		{"a rule broken", ask(faulty, "", "x"), "DEC-0014"},
		{"the other direction", ask(export, "", "x"), ""},
	} {
		_, err := b.Amend(ctx, b.alice, a.ID, row.in)
		var faults *desk.FaultsError
		if !errors.As(err, &faults) || row.code != "" && faults.Faults[0].Code != row.code {
			t.Errorf("%s: %v %+v", row.name, err, faults)
		}
	}
	var state *desk.StateError
	fresh := b.mustSubmit(t, b.alice, "EX3")
	if _, err := b.Amend(ctx, b.alice, fresh.ID, ask(moon(b.xml("EX3")), "", "x")); !errors.As(err, &state) || state.Status != "queued" || !strings.Contains(state.Allowed, "accepted") {
		t.Errorf("before acceptance: %v", err)
	}
	if _, err := b.Amend(ctx, b.bob, a.ID, ask(moon(b.xml("EX1")), "", "x")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another partner's: %v", err)
	}
	for who, err := range map[string]error{"customs amends": third(b.Amend(ctx, b.duty, a.ID, ask(moon(b.xml("EX1")), "", "x"))), "a forwarder decides": third(b.Decide(ctx, b.alice, decision("x", true)))} {
		if !errors.Is(err, auth.ErrForbidden) {
			t.Errorf("%s: %v", who, err)
		}
	}
	if list, err := b.store.Requests(ctx, "alice", a.ID); err != nil || len(list) > 0 {
		t.Errorf("a refused amendment left %v, %v", list, err)
	}
}

func third[T any](_ T, err error) error { return err }

func TestOneOfManyAmendmentsIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.accepted(t, "EX1")
	const racers = 12
	errs := make([]error, racers)
	var wg sync.WaitGroup
	for i := range racers {
		wg.Go(func() {
			body := bytes.Replace(b.xml("EX1"), []byte("EXAMPLE STAR"), fmt.Appendf(nil, "EXAMPLE %d", i), 1)
			_, errs[i] = b.Amend(t.Context(), b.alice, a.ID, ask(body, "", "race"))
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		var open *desk.RequestError
		switch {
		case err == nil:
			won++
		case !errors.As(err, &open):
			t.Errorf("loser got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d amendments taken", won)
	}
	b.sound(t)
}

func TestRequestTravelsWhereTheWireHasAMessageForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	var told *desk.Application
	b.Desk.Requests = map[string]desk.WriteRequest{"decmessage-4.8": func(a *desk.Application) ([]byte, string, error) {
		told = a
		return []byte("<COR/>"), "wco-cor", nil
	}}
	a := b.accepted(t, "EX1")
	b.deliver(t, b.out(t, "alice", a.ID))
	asked, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "wrong vessel"))
	if err != nil {
		t.Fatal(err)
	}
	if told.Kind != "amendment" || told.SequenceNumber != seqOfAmend || len(told.Changes) != 1 || told.After.Transport.MeansName != "EXAMPLE MOON" {
		t.Errorf("the writer was told %+v", told)
	}
	out := b.out(t, "alice", a.ID)
	if string(out.Body) != "<COR/>" || out.Kind != "wco-cor" || out.ID != asked.Request.Message {
		t.Errorf("message %+v", out)
	}
	b.deliver(t, out)
	q, err := b.store.RequestByID(ctx, asked.Request.ID)
	if err != nil || q.State != "sent" {
		t.Errorf("request after delivery %+v, %v", q, err)
	}
	if diff := cmp.Diff([]string{"submitted", "sent", "amendment_requested", "amendment_sent"}, b.ownActs(t, a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	var open *desk.RequestError
	if _, err := b.Withdraw(ctx, b.alice, a.ID, ask(nil, "", "")); !errors.As(err, &open) || open.State != "sent" {
		t.Errorf("withdrawn after it left: %v", err)
	}
	if _, err := b.Decide(ctx, b.duty, decision(q.ID, true)); err != nil {
		t.Errorf("decision: %v", err)
	}
	b.sound(t)
}

// claimAll takes everything that waits, as the outbox would.
func (b *bundle) claimAll(t *testing.T) []store.OutboxItem {
	t.Helper()
	leases, err := b.store.Lease(t.Context(), "desk-test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	items, err := b.store.Claim(t.Context(), leases, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// deliver records that the channel took a message, under a claim of its own.
func (b *bundle) deliver(t *testing.T, m store.Message) {
	t.Helper()
	items := b.claimAll(t)
	for _, it := range items {
		if it.ID == m.ID {
			if err := b.Delivered(t.Context(), it, portadapters.Receipt{Peer: "test"}); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("message %s is not among %d claimed", m.ID, len(items))
}

func TestWithdrawnRequestMakesRoomForAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	a := b.accepted(t, "EX1")
	var state *desk.StateError
	if _, err := b.Withdraw(ctx, b.alice, a.ID, ask(nil, "", "")); !errors.As(err, &state) {
		t.Errorf("nothing to withdraw: %v", err)
	}
	first, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		out, err := b.Withdraw(ctx, b.alice, a.ID, ask(nil, "", ""))
		if err != nil || out.Request.State != "withdrawn" || out.Request.ID != first.Request.ID {
			t.Errorf("withdrawal %+v, %v", out, err)
		}
	}
	var open *desk.RequestError
	if _, err := b.Decide(ctx, b.duty, decision(first.Request.ID, true)); !errors.As(err, &open) || open.State != "withdrawn" {
		t.Errorf("decision after withdrawal: %v", err)
	}
	if _, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x")); err != nil {
		t.Errorf("next amendment: %v", err)
	}
	b.sound(t)
}

func TestCorrectedAttemptEndsAnOpenRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	a := b.accepted(t, "EX1")
	asked, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x"))
	if err != nil {
		t.Fatal(err)
	}
	b.hear(t, result(seqOfAmend, "E", "2026-01-05T11:00:00"))
	if _, err := b.Submit(ctx, b.alice, submission(moon(b.xml("EX1")), "k2")); err != nil {
		t.Fatal(err)
	}
	q, err := b.store.RequestByID(ctx, asked.Request.ID)
	if err != nil || q.State != "lapsed" {
		t.Errorf("request %+v, %v", q, err)
	}
	if got := b.versionKinds(t, a.ID); got != "submission submission" {
		t.Errorf("versions %s", got)
	}
	b.sound(t)
}

func TestCanonicalDocumentOfARequestIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.accepted(t, "EX1")
	asked, err := b.Amend(t.Context(), b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := b.store.VersionDocument(t.Context(), "alice", a.ID, asked.Request.SHA)
	if err != nil {
		t.Fatal(err)
	}
	row := intake.Read(doc, intake.JSON)[0]
	if declarations.Rejected(row.Faults) || row.Declaration.Transport.MeansName != "EXAMPLE MOON" {
		t.Errorf("kept document %s", doc)
	}
	in, err := b.store.Message(t.Context(), "alice", asked.Request.ID)
	if err != nil || !bytes.Equal(in.Body, moon(b.xml("EX1"))) || in.Kind != "amendment" {
		t.Errorf("what came in: %+v, %v", in, err)
	}
}

func TestWCORequestsCarryPointersAndValues(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	b.Desk.Requests = map[string]desk.WriteRequest{"decmessage-4.8": desk.WCORequest(wcoxml.Options{})}
	a := b.accepted(t, "EX1")
	in := ask(moon(b.xml("EX1")), "", "wrong vessel")
	var faults *desk.FaultsError
	if _, err := b.Amend(ctx, b.alice, a.ID, in); !errors.As(err, &faults) || faults.Faults[0].Code != "WCO-1101" {
		t.Errorf("without a number of customs and a reason code: %v", err)
	}
	if list, err := b.store.Requests(ctx, "alice", a.ID); err != nil || len(list) > 0 {
		t.Errorf("what cannot travel is kept: %v, %v", list, err)
	}
	numbered := bytes.Replace(result(seqOfAmend, "P", "2026-01-05T10:30:00"), []byte("<ENTRY_ID></ENTRY_ID>"), []byte("<ENTRY_ID>26CN1</ENTRY_ID>"), 1)
	b.hear(t, numbered)
	in.Reason.Code = "21"
	asked, err := b.Amend(ctx, b.alice, a.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	out := b.out(t, "alice", a.ID)
	for _, want := range []string{">COR<", ">13<", ">26CN1<", ">21<", "EXAMPLE MOON", "wrong vessel"} {
		if !bytes.Contains(out.Body, []byte(want)) {
			t.Errorf("message lacks %s: %s", want, out.Body)
		}
	}
	if out.Kind != "wco-amendment" || asked.Request.Message != out.ID {
		t.Errorf("message %+v", out)
	}
	if _, err := b.Decide(ctx, b.duty, decision(asked.Request.ID, true)); err != nil {
		t.Fatal(err)
	}
	gone, err := b.Cancel(ctx, b.alice, a.ID, ask([]byte("{}"), "", "sold to another"))
	if err != nil {
		t.Fatal(err)
	}
	if out := b.out(t, "alice", a.ID); out.Kind != "wco-cancellation" || !bytes.Contains(out.Body, []byte(">INV<")) || out.ID != gone.Request.Message {
		t.Errorf("cancellation %+v", out)
	}
	b.sound(t)
}
