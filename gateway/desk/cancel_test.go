package desk_test

import (
	"errors"
	"strings"
	"testing"

	"kouan/gateway/desk"
	"kouan/gateway/store"
)

func TestWhatHasNotLeftIsCancelledAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	s := submission(b.xml("EX1"), "")
	s.Draft = true
	draft, err := b.Submit(ctx, b.alice, s)
	if err != nil {
		t.Fatal(err)
	}
	queued := b.mustSubmit(t, b.alice, "EX2")
	for _, id := range []string{draft.ID, queued.ID} {
		for n := range 2 {
			out, err := b.Cancel(ctx, b.alice, id, ask([]byte("{}"), "key "+id, "not needed"))
			if err != nil || out.Status != "cancelled" && !out.Repeated || out.Repeated != (n == 1) {
				t.Errorf("cancel %d: %+v, %v", n, out, err)
			}
		}
		if out, err := b.Cancel(ctx, b.alice, id, ask([]byte("{}"), "", "not needed")); err != nil || !out.Existing {
			t.Errorf("without a key: %+v, %v", out, err)
		}
		if got := b.status(t, b.alice, id); got != "cancelled" {
			t.Errorf("status %s", got)
		}
	}
	l, err := b.store.Ledger(ctx)
	if err != nil || l.Cancelled != 1 || l.Waiting != 0 {
		t.Errorf("ledger %+v, %v", l, err)
	}
	var held *desk.ReferenceError
	if _, err := b.Submit(ctx, b.alice, submission(moon(b.xml("EX2")), "")); !errors.As(err, &held) {
		t.Errorf("a client reference was used again: %v", err)
	}
	var state *desk.StateError
	if _, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "")); !errors.As(err, &state) {
		t.Errorf("a cancelled draft was sent: %v", err)
	}
	b.sound(t)
}

func TestCancelledCorrectionShowsTheReturnAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	b.hear(t, importResponse("EX1", seqOfAmend, "0", ""))
	b.hear(t, result(seqOfAmend, "E", "2026-01-05T10:00:00"))
	var state *desk.StateError
	if _, err := b.Cancel(t.Context(), b.alice, a.ID, ask([]byte("{}"), "", "x")); !errors.As(err, &state) || state.Status != "returned" {
		t.Errorf("customs holds nothing of a returned declaration: %v", err)
	}
	if _, err := b.Submit(t.Context(), b.alice, submission(moon(b.xml("EX1")), "")); err != nil {
		t.Fatal(err)
	}
	out, err := b.Cancel(t.Context(), b.alice, a.ID, ask([]byte("{}"), "", "not needed"))
	if err != nil || out.Status != "returned" {
		t.Errorf("cancelled correction: %+v, %v", out, err)
	}
	b.sound(t)
}

func TestCancellationOfAnAcceptedDeclarationIsAsked(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"decision then receipt", "receipt alone", "refused"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ctx := t.Context()
			a := b.accepted(t, "EX1")
			asked, err := b.Cancel(ctx, b.alice, a.ID, ask([]byte("{}"), "", "sold to another"))
			if err != nil || asked.Request.State != "requested" || asked.Status != "accepted" {
				t.Fatalf("asked %+v, %v", asked, err)
			}
			if again, err := b.Cancel(ctx, b.alice, a.ID, ask([]byte("{}"), "", "sold to another")); err != nil || !again.Existing || again.Request.ID != asked.Request.ID {
				t.Errorf("asked again: %+v, %v", again, err)
			}
			var open *desk.RequestError
			if _, err := b.Amend(ctx, b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x")); !errors.As(err, &open) || open.Kind != "cancellation" {
				t.Errorf("amendment beside it: %v", err)
			}
			want, status := "approved", "deleted"
			switch how {
			case "refused":
				want, status = "refused", "accepted"
				if _, err := b.Decide(ctx, b.duty, decision(asked.Request.ID, false)); err != nil {
					t.Fatal(err)
				}
			case "decision then receipt":
				out, err := b.Decide(ctx, b.duty, decision(asked.Request.ID, true))
				if err != nil || out.Status != "accepted" {
					t.Errorf("a decision alone deletes nothing: %+v, %v", out, err)
				}
				fallthrough
			default:
				b.hear(t, result(seqOfAmend, "A", "2026-01-05T12:00:00"))
			}
			q, err := b.store.RequestByID(ctx, asked.Request.ID)
			if err != nil || q.State != want {
				t.Errorf("request %+v, %v, want %s", q, err, want)
			}
			if got := b.status(t, b.alice, a.ID); got != status {
				t.Errorf("status %s, want %s", got, status)
			}
			if kinds := strings.Join(b.ownActs(t, a.ID), " "); kinds != "submitted cancellation_requested cancellation_"+want {
				t.Errorf("timeline %s", kinds)
			}
			b.sound(t)
		})
	}
}

func TestDeletionEndsAnAmendment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.accepted(t, "EX1")
	asked, err := b.Amend(t.Context(), b.alice, a.ID, ask(moon(b.xml("EX1")), "", "x"))
	if err != nil {
		t.Fatal(err)
	}
	b.hear(t, result(seqOfAmend, "D", "2026-01-05T12:00:00"))
	if q, err := b.store.RequestByID(t.Context(), asked.Request.ID); err != nil || q.State != "lapsed" {
		t.Errorf("request %+v, %v", q, err)
	}
}

func TestMessageUnderWayIsNotCancelled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	if items := b.claimAll(t); len(items) != 1 {
		t.Fatalf("claimed %v", items)
	}
	if _, err := b.Cancel(t.Context(), b.alice, a.ID, ask([]byte("{}"), "", "x")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("cancel while it is handed over: %v", err)
	}
	if got := b.status(t, b.alice, a.ID); got != "queued" {
		t.Errorf("status %s", got)
	}
}
