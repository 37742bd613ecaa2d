package desk_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs"
)

// aCall is a container ship at the Dayaowan container terminal.
func aCall() tariffs.Call {
	two := 2
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.FixedZone("", 8*60*60))
	return tariffs.Call{Arrival: at, Leaving: at.Add(30 * time.Hour), Terminal: "CNDLC-12", Ship: tariffs.Ship{NT: "60000", GT: "99000", LOA: "336", Type: "container_roro_passenger"},
		Pilotage: &tariffs.Pilotage{In: true, Out: true}, Tugs: &tariffs.Tugs{In: &two, Out: &two}, Berth: &tariffs.Berth{From: at, To: at.Add(30 * time.Hour)}}
}

// What is given under a number is what is read under it, byte for byte.
func TestAQuotationIsKeptUnderItsNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	q, err := b.QuoteFees(t.Context(), aCall())
	if err != nil {
		t.Fatal(err)
	}
	if len(q.Number) != 27 || q.Edition != 1 || q.Quotation.Total.AtLeast == 0 || !bytes.Contains(q.Body, []byte(q.Number)) {
		t.Errorf("quotation %s of edition %d: %s", q.Number, q.Edition, q.Body)
	}
	for _, typed := range []string{q.Number, strings.ToLower(q.Number), strings.ReplaceAll(q.Number, "-", ""), strings.ReplaceAll(q.Number, "0", "o")} {
		got, err := b.FeeQuote(t.Context(), typed)
		if err != nil {
			t.Fatalf("%s: %v", typed, err)
		}
		if diff := cmp.Diff(q.Quotation, got.Quotation); diff != "" || !bytes.Equal(q.Body, got.Body) || !got.At.Equal(q.At) {
			t.Errorf("%s (-want +got):\n%s", typed, diff)
		}
	}
	for _, strange := range []string{"", "x", strings.Repeat("0", 24), strings.Repeat("0", 5000)} {
		if _, err := b.FeeQuote(t.Context(), strange); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("number %.30q: %v", strange, err)
		}
	}
	rerun, err := b.RerunFeeQuote(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, ch := range rerun.Changes {
		if ch.Changed {
			t.Errorf("computed again at once: %+v", ch)
		}
	}
}

func TestAQuotationBesideAnotherDayAndTerminal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	q, _, err := b.AnswerFees(t.Context(), desk.FeeAsk{Call: aCall(), OtherDay: "2021-05-01", OtherTerminal: "CNDLC-06"})
	if err != nil {
		t.Fatal(err)
	}
	if q.Beside == nil || q.Beside.Quotation.On != "2021-05-01" || len(q.Beside.Changes) == 0 {
		t.Fatalf("beside: %+v", q.Beside)
	}
	got, err := b.FeeQuote(t.Context(), q.Number)
	if diff := cmp.Diff(q.Beside, got.Beside); err != nil || diff != "" {
		t.Errorf("beside (-want +got), %v:\n%s", err, diff)
	}
	_, _, err = b.AnswerFees(t.Context(), desk.FeeAsk{Call: aCall(), OtherDay: "2021-15-01", OtherTerminal: "nowhere"})
	var faults *desk.FaultsError
	if !errors.As(err, &faults) || len(faults.Faults) != 2 || faults.Faults[0].Path != "compare.on" || faults.Faults[1].Path != "compare.terminal" {
		t.Errorf("another day and terminal that are none: %v", err)
	}
}

func TestACallThatCannotBeQuotedLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	call := aCall()
	call.Ship.NT, call.Terminal = "6e4", "nowhere"
	_, err := b.QuoteFees(t.Context(), call)
	var faults *desk.FaultsError
	if !errors.As(err, &faults) || len(faults.Faults) != 2 {
		t.Errorf("error %v", err)
	}
	if n, err := b.store.FeeQuoteCount(t.Context()); n != 0 || err != nil {
		t.Errorf("%d quotations are kept, %v", n, err)
	}
}
