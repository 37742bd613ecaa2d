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

	"kouan/declarations/clearance"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

var (
	carrier  = auth.Principal{PartnerID: "carrier", KeyID: "k-carrier", Role: auth.Carrier}
	terminal = auth.Principal{PartnerID: "terminal", KeyID: "k-terminal", Role: auth.Terminal}
)

func (b *bundle) report(t *testing.T, p auth.Principal, body string) []desk.FactAnswer {
	t.Helper()
	a, err := b.ReportFacts(t.Context(), p, desk.FactReport{Body: []byte(body), ContentType: "application/json"})
	if err != nil {
		t.Fatalf("report %s: %v", body, err)
	}
	return a
}

// twoStep is the sample as a two-step summary of its own bill.
func (b *bundle) twoStep(ref, bill string) []byte {
	x := bytes.Replace(b.xml(ref), []byte("<Type></Type>"), nil, 1)
	x = bytes.Replace(x, []byte("<Type/>"), nil, 1)
	x = bytes.Replace(x, []byte("EXBL2026000001"), []byte(bill), 1)
	return bytes.Replace(x, []byte("</DecHead>"), []byte("<Type>  5</Type></DecHead>"), 1)
}

func (b *bundle) submitTwoStep(t *testing.T, p auth.Principal, ref, bill string) desk.Accepted {
	t.Helper()
	a, err := b.Submit(t.Context(), p, submission(b.twoStep(ref, bill), ""))
	if err != nil {
		var faults *desk.FaultsError
		if errors.As(err, &faults) {
			t.Fatalf("submit: %+v", faults.Faults)
		}
		t.Fatalf("submit: %v", err)
	}
	return a
}

// kinds of the timeline, in the order in which they were heard.
func (b *bundle) kinds(t *testing.T, tenant, id string) []string {
	t.Helper()
	events, err := b.store.Events(t.Context(), tenant, id)
	if err != nil {
		t.Fatal(err)
	}
	kinds := make([]string, 0, len(events))
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func arrival(ref, voyage, at string) string {
	return fmt.Sprintf(`{"kind":"ship_arrival","vessel_name":"EXAMPLE STAR","voyage_number":%q,"occurred_at":%q,"reference":%q}`, voyage, at, ref)
}

func TestFactBeforeAndAfterItsDeclarationIsJoinedAlike(t *testing.T) {
	t.Parallel()
	b := setup(t)
	bill := `{"kind":"manifest_accepted","bill_number":"EXBL2026000001","voyage_number":"026E","packages":"1","occurred_at":"2026-01-04T02:00:00Z","reference":"M1"}`
	before := b.report(t, carrier, bill)[0]
	if before.Matched != 0 || before.Reason != clearance.ReasonUnknown || before.Duplicate {
		t.Errorf("before the declaration: %+v", before)
	}
	a := b.mustSubmit(t, b.alice, "EX1")
	again := b.report(t, carrier, bill)[0]
	if again.ID != before.ID || !again.Duplicate || again.Matched != 1 || again.Reason != "" {
		t.Errorf("after the declaration: %+v", again)
	}
	after := b.report(t, carrier, arrival("S1", "026E", "2026-01-05T01:00:00Z"))[0]
	if after.Matched != 1 {
		t.Errorf("a fact after its declaration: %+v", after)
	}
	if diff := cmp.Diff([]string{"submitted", "fact_manifest_accepted", "fact_ship_arrival"}, b.kinds(t, "alice", a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	b.soundFacts(t)
}

func (b *bundle) soundFacts(t *testing.T) {
	t.Helper()
	findings, err := b.store.DoctorAll(t.Context(), nil)
	if err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
}

func TestReferenceIsOneFact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.report(t, carrier, arrival("S1", "026E", "2026-01-05T01:00:00Z"))[0]
	_, err := b.ReportFacts(t.Context(), carrier, desk.FactReport{Body: []byte(arrival("S1", "026E", "2026-01-06T01:00:00Z"))})
	var conflict *desk.FactConflictError
	if !errors.As(err, &conflict) || conflict.ID != first.ID {
		t.Errorf("other content under the reference: %v", err)
	}
	other := b.report(t, terminal, arrival("S1", "026E", "2026-01-06T01:00:00Z"))[0]
	if other.ID == first.ID || other.Duplicate {
		t.Errorf("another source's reference: %+v", other)
	}
	bare := strings.Replace(arrival("", "027E", "2026-01-06T01:00:00Z"), `,"reference":""`, "", 1)
	one, two := b.report(t, carrier, bare)[0], b.report(t, carrier, bare)[0]
	if one.ID != two.ID || !two.Duplicate {
		t.Errorf("the same content without a reference: %+v %+v", one, two)
	}
	if _, err := b.ReportFacts(t.Context(), b.alice, desk.FactReport{Body: []byte(bare)}); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("a forwarder reported a fact: %v", err)
	}
}

func TestWithdrawalReachesEveryDeclarationOfTheFact(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.submitTwoStep(t, b.alice, "EX1", "B1"), b.submitTwoStep(t, b.bob, "EX2", "B2")
	fact := b.report(t, carrier, arrival("S1", "026E", "2026-01-07T17:00:00Z"))[0] // the 8th at the port
	if fact.Matched != 2 {
		t.Fatalf("a fact of the ship: %+v", fact)
	}
	due := func(want string) {
		t.Helper()
		for _, at := range []struct{ tenant, id string }{{"alice", one.ID}, {"bob", two.ID}} {
			dl, err := b.store.Deadline(t.Context(), at.tenant, at.id, "two_step_full")
			if err != nil || dl.DueDay != want {
				t.Errorf("deadline of %s: %+v, %v, want %s", at.tenant, dl, err, want)
			}
		}
	}
	due("2026-01-22")
	take := fmt.Sprintf(`{"withdraws":%q,"reference":"W1"}`, fact.ID)
	var faults *desk.FaultsError
	if _, err := b.ReportFacts(t.Context(), terminal, desk.FactReport{Body: []byte(take)}); !errors.As(err, &faults) || faults.Faults[0].Code != clearance.CodeFactWithdraw {
		t.Errorf("another's fact was withdrawn: %v", err)
	}
	w := b.report(t, carrier, take)[0]
	if w.Matched != 2 || w.Kind != "ship_arrival" {
		t.Errorf("withdrawal: %+v", w)
	}
	due("2026-01-19") // IEDate of the document again, 20260105
	if again := b.report(t, carrier, take)[0]; !again.Duplicate || again.ID != w.ID {
		t.Errorf("withdrawn again: %+v", again)
	}
	twice := strings.Replace(take, "W1", "W2", 1)
	if _, err := b.ReportFacts(t.Context(), carrier, desk.FactReport{Body: []byte(twice)}); !errors.As(err, &faults) {
		t.Errorf("withdrawn by another report: %v", err)
	}
	if diff := cmp.Diff([]string{"submitted", "fact_ship_arrival", "deadline_set", "fact_withdrawn", "deadline_set"}, b.kinds(t, "bob", two.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	b.soundFacts(t)
}

func TestSameBillOfTwoDeclarantsIsNotGuessed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mustSubmit(t, b.alice, "EX1")
	b.mustSubmit(t, b.bob, "EX1")
	a := b.report(t, carrier, `{"kind":"carrier_release","bill_number":"EXBL2026000001","voyage_number":"026E","occurred_at":"2026-01-04T02:00:00Z"}`)[0]
	if a.Matched != 0 || a.Reason != clearance.ReasonAmbiguous {
		t.Errorf("%+v", a)
	}
}

func TestFactByEntryNumberWaitsForTheReceipt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EX1")
	f := b.report(t, b.duty, `{"kind":"gate_out","entry_number":"090020261000000001","occurred_at":"2026-01-06T02:00:00Z","reference":"G1"}`)[0]
	if f.Matched != 0 {
		t.Fatalf("before customs gave the number: %+v", f)
	}
	b.hear(t, importResponse("EX1", "I20260000000000001", "0", ""))
	b.hear(t, bytes.Replace(result("I20260000000000001", "L", "2026-01-05T10:00:00"), []byte("<ENTRY_ID></ENTRY_ID>"), []byte("<ENTRY_ID>090020261000000001</ENTRY_ID>"), 1))
	if diff := cmp.Diff([]string{"submitted", "receipt", "receipt", "fact_gate_out"}, b.kinds(t, "alice", a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	b.soundFacts(t)
}

func TestRacingReportsAndDeclarationsMissNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const n = 12
	ids := make([]string, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			a, err := b.Submit(t.Context(), b.alice, submission(b.twoStep(fmt.Sprintf("EX%d", i), fmt.Sprintf("B%d", i)), ""))
			if err != nil {
				t.Error(err)
			}
			ids[i] = a.ID
		})
		wg.Go(func() {
			body := arrival(fmt.Sprintf("S%d", i/3), "026E", "2026-01-07T00:00:00Z")
			if _, err := b.ReportFacts(t.Context(), carrier, desk.FactReport{Body: []byte(body)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		facts, err := b.store.FactsOf(t.Context(), "alice", id)
		if err != nil || len(facts) != 4 {
			t.Errorf("declaration %s has %d facts, %v, want 4", id, len(facts), err)
		}
		dl, err := b.store.Deadline(t.Context(), "alice", id, "two_step_full")
		if err != nil || dl.DueDay != "2026-01-21" {
			t.Errorf("deadline %+v, %v", dl, err)
		}
	}
	b.soundFacts(t)
}

// left is a fact that was kept by a process that died before it looked at the declarations.
func TestRematchFinishesWhatACrashLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.submitTwoStep(t, b.alice, "EX1", "B1")
	content := `{"kind":"gate_out","bill_number":"B1","occurred_at":"2026-01-06T02:00:00Z"}`
	doc := store.FactDocument{SHA256: fmt.Sprintf("%x", sha(content)), Body: []byte(content)}
	row := store.Fact{ID: b.NewID(), Identity: "x", State: "unmatched", Reason: "unknown", Kind: "gate_out", Subject: "bill:B1", Source: "terminal",
		Role: "terminal", DocumentSHA: doc.SHA256, Content: content, HeardAt: time.Now().UnixMilli()}
	if err := b.store.Commit(t.Context(), store.Change{Facts: []store.Fact{row}, FactDocuments: []store.FactDocument{doc}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := b.RematchFacts(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"submitted", "fact_gate_out", "deadline_set"}, b.kinds(t, "alice", a.ID)); diff != "" {
		t.Errorf("timeline (-want +got):\n%s", diff)
	}
	b.soundFacts(t)
}

func TestUnknownPairOfPortsIsAWarning(t *testing.T) {
	t.Parallel()
	b := setup(t)
	combined := bytes.Replace(b.xml("EX1"), []byte("<Type/>"), []byte("<Type>      Z</Type>"), 1)
	codes := func(key string) (found []string) {
		a, err := b.Submit(t.Context(), b.alice, submission(bytes.Replace(combined, []byte("EX1<"), []byte(key+"<"), 1), ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Faults {
			if f.Code == clearance.CodeUnknownPair {
				found = append(found, string(f.Severity)+" "+f.Path)
			}
		}
		return found
	}
	if diff := cmp.Diff([]string{"warn /DecMessage/DecHead/Type"}, codes("EX1")); diff != "" {
		t.Errorf("an empty table (-want +got):\n%s", diff)
	}
	b.Pairs = clearance.Pairs{{Feeder: "0900", Hub: "0901", Direction: "import", ValidFrom: "2026-01-01"}}
	if got := codes("EX2"); len(got) > 0 {
		t.Errorf("a pair of the table: %v", got)
	}
}
