package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

const amendSeq = "I20260000999900077"

// standing is a declaration of alice that customs accepted.
func (b *bundle) standing(t testing.TB, ref string, edit ...func(*declarations.Declaration)) Accepted {
	t.Helper()
	return b.standingAs(t, ref, amendSeq, edit...)
}

// standingAs is the same under a number of customs.
func (b *bundle) standingAs(t testing.TB, ref, seqNo string, edit ...func(*declarations.Declaration)) Accepted {
	t.Helper()
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, ref, edit...)), http.StatusCreated)
	for _, body := range [][]byte{importResponse(ref, seqNo, "0"), customsResult(seqNo, "J", "2026-01-05T10:17:00", "审结")} {
		read[Hearing](t, b.postXML(t, "customs", receipts, body), http.StatusAccepted)
	}
	return d
}

func voyage(number string) func(*declarations.Declaration) {
	return func(d *declarations.Declaration) { d.Transport.VoyageNumber = number }
}

func because(reason string) string {
	return "?reason=" + url.QueryEscape(reason) + "&evidence=BL-1,INV-2"
}

func TestAmendmentOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.standing(t, "EX1")
	path := all + "/" + d.ID
	refused(t, b.postJSON(t, "alice", path+"/amendments", jsonOf(t, "EX1", voyage("027E"))), http.StatusUnprocessableEntity, "invalid") // no reason
	first := b.postJSON(t, "alice", path+"/amendments"+because("vessel changed"), jsonOf(t, "EX1", voyage("027E")), "Idempotency-Key", "k1")
	asked := read[Asked](t, first, http.StatusAccepted)
	if asked.Request == nil || asked.Request.State != "requested" || asked.Request.Travels || asked.Status != "accepted" || asked.Request.StateText != "waiting for a decision" {
		t.Fatalf("asked %+v", asked)
	}
	if diff := cmp.Diff([]Change{{Path: "transport.voyage_number", Field: "VoyNo", Kind: "changed", Old: "026E", New: "027E", Text: "VoyNo: “026E” became “027E”"}}, asked.Request.Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"BL-1", "INV-2"}, asked.Request.Evidence); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	again := b.postJSON(t, "alice", path+"/amendments"+because("vessel changed"), jsonOf(t, "EX1", voyage("027E")), "Idempotency-Key", "k1")
	if string(again.body) != string(first.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("same key: %s", again.body)
	}
	refused(t, b.postJSON(t, "alice", path+"/amendments"+because("another reason"), jsonOf(t, "EX1", voyage("027E")), "Idempotency-Key", "k1"), http.StatusConflict, "conflict_idempotency")
	p := refused(t, b.postJSON(t, "alice", path+"/amendments"+because("x"), jsonOf(t, "EX1", voyage("028E"))), http.StatusConflict, "conflict_request")
	if p.Request != asked.Request.ID || p.RequestState != "requested" {
		t.Errorf("problem %+v", p)
	}
	waiting := read[ApplicationList](t, b.ask(t, "customs", http.MethodGet, "/api/v1/requests", nil), http.StatusOK)
	if len(waiting.Items) != 1 || waiting.Items[0].ID != asked.Request.ID {
		t.Errorf("customs sees %+v", waiting)
	}
	say := fmt.Appendf(nil, `{"request":%q,"decision":"approved","text":"同意"}`, asked.Request.ID)
	out := read[Decided](t, b.postJSON(t, "customs", "/api/v1/decisions", say), http.StatusAccepted)
	if out.State != "approved" || out.Duplicate {
		t.Errorf("decided %+v", out)
	}
	if twice := read[Decided](t, b.postJSON(t, "customs", "/api/v1/decisions", say), http.StatusOK); !twice.Duplicate {
		t.Errorf("decided twice %+v", twice)
	}
	refused(t, b.postJSON(t, "customs", "/api/v1/decisions", fmt.Appendf(nil, `{"request":%q,"decision":"refused"}`, asked.Request.ID)), http.StatusConflict, "conflict_request")
	if now := b.ask(t, "alice", http.MethodGet, path, nil); !strings.Contains(string(now.body), `"voyage_number":"027E"`) {
		t.Errorf("document %s", now.body)
	}
	line := read[Timeline](t, b.ask(t, "alice", http.MethodGet, path+"/timeline", nil), http.StatusOK)
	said := map[string]string{}
	for _, e := range line.Entries {
		said[e.Kind] = e.Note
	}
	if said["amendment_requested"] != "vessel changed" || said["amendment_approved"] != "同意" {
		t.Errorf("timeline %+v", line.Entries)
	}
	list := read[ApplicationList](t, b.ask(t, "alice", http.MethodGet, path+"/amendments", nil), http.StatusOK)
	if len(list.Items) != 1 || list.Items[0].State != "approved" || list.Items[0].Decision != "同意" || list.Items[0].DecidedAt == nil {
		t.Errorf("list %+v", list.Items)
	}
}

func TestDecisionBodies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, code := range map[string]string{
		`{"request":"x","decision":"maybe"}`: "API-1001", `{"decision":"approved"}`: "API-1001",
		`{"request":"x","decision":"approved","why":"x"}`: "DEC-1002", `{"request":1,"decision":"approved"}`: "DEC-1004",
		"{\n\"request\":": "DEC-1001", ``: "DEC-1001", `{"request":"x","decision":"approved","at":"yesterday"}`: "DEC-1004",
	} {
		p := refused(t, b.postJSON(t, "customs", "/api/v1/decisions", []byte(body)), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Code != code || p.Faults[0].Message == "" {
			t.Errorf("%s: %+v, want %s", body, p.Faults, code)
		}
	}
	refused(t, b.postJSON(t, "customs", "/api/v1/decisions", []byte(`{"request":"nothing","decision":"approved"}`)), http.StatusNotFound, "not_found")
}

// TestRacingWritersOfOneDeclaration: two clients amend the same declaration,
// two edit the same draft; one of each wins, the other is told.
func TestRacingWritersOfOneDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.standing(t, "EX1")
	draft := read[Accepted](t, b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "EX2")), http.StatusCreated)
	const racers = 8
	var wg sync.WaitGroup
	amended, edited := make([]int, racers), make([]int, racers)
	for i := range racers {
		wg.Go(func() {
			amended[i] = b.postJSON(t, "alice", all+"/"+d.ID+"/amendments"+because("race"), jsonOf(t, "EX1", voyage(fmt.Sprintf("%03dE", 100+i)))).status
		})
		wg.Go(func() {
			edited[i] = b.ask(t, "alice", http.MethodPut, all+"/"+draft.ID, jsonOf(t, "EX2", voyage(fmt.Sprintf("%03dE", 100+i))), "Content-Type", typeJSON, "If-Match", `"1"`).status
		})
	}
	wg.Wait()
	for _, row := range []struct {
		name      string
		got       []int
		won, lost int
	}{{"amendments", amended, http.StatusAccepted, http.StatusConflict}, {"edits", edited, http.StatusOK, http.StatusPreconditionFailed}} {
		count := map[int]int{}
		for _, s := range row.got {
			count[s]++
		}
		if diff := cmp.Diff(map[int]int{row.won: 1, row.lost: racers - 1}, count); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	if v := read[VersionList](t, b.ask(t, "alice", http.MethodGet, all+"/"+draft.ID+"/versions", nil), http.StatusOK); len(v.Items) != 2 {
		t.Errorf("versions of the draft %+v", v)
	}
}

func TestCancellationOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	queued := b.submitted(t, "EX2")
	why := []byte(`{"reason":"sold to another","evidence":["CONTRACT-9"]}`)
	refused(t, b.postJSON(t, "alice", all+"/"+queued.ID+"/cancellation", []byte(`{"reason":""}`)), http.StatusUnprocessableEntity, "invalid")
	refused(t, b.postJSON(t, "alice", all+"/"+queued.ID+"/cancellation", []byte(`{"reasons":"x"}`)), http.StatusUnprocessableEntity, "invalid")
	for range 2 {
		if out := read[Asked](t, b.postJSON(t, "alice", all+"/"+queued.ID+"/cancellation", why), http.StatusOK); out.Status != "cancelled" || out.Request != nil {
			t.Errorf("cancelled %+v", out)
		}
	}
	d := b.standing(t, "EX1")
	out := read[Asked](t, b.postJSON(t, "alice", all+"/"+d.ID+"/cancellation", why), http.StatusAccepted)
	if out.Status != "accepted" || out.Request == nil || out.Request.Kind != "cancellation" {
		t.Fatalf("asked %+v", out)
	}
	back := read[Asked](t, b.postJSON(t, "alice", all+"/"+d.ID+"/withdrawal", nil), http.StatusAccepted)
	if back.Request.State != "withdrawn" {
		t.Errorf("withdrawn %+v", back)
	}
	read[Asked](t, b.postJSON(t, "alice", all+"/"+d.ID+"/cancellation", why), http.StatusAccepted)
	read[Hearing](t, b.postXML(t, "customs", receipts, customsResult(amendSeq, "D", "2026-01-06T10:00:00", "删单")), http.StatusAccepted)
	list := read[ApplicationList](t, b.ask(t, "alice", http.MethodGet, all+"/"+d.ID+"/amendments", nil), http.StatusOK)
	if len(list.Items) != 2 || list.Items[1].State != "approved" {
		t.Errorf("list %+v", list.Items)
	}
	p := refused(t, b.postJSON(t, "alice", all+"/"+d.ID+"/cancellation", why), http.StatusConflict, "conflict_state")
	if p.DeclarationStatus != "deleted" || len(p.Allowed) < 3 {
		t.Errorf("problem %+v", p)
	}
}

// twoSteps makes the sample a summary or a full declaration of a two-step one.
func twoSteps(step string) func(*declarations.Declaration) {
	return func(d *declarations.Declaration) {
		d.Header.FilingStep, d.Header.PlatformSequenceNumber = step, ""
		if step == "5" {
			d.Items[0].HSCode = d.Items[0].HSCode[:6]
		}
	}
}

func TestCompletionOverHTTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.standing(t, "EX1", twoSteps("5"))
	path := all + "/" + d.ID + "/completion"
	other := jsonOf(t, "EX1", twoSteps("6"), func(d *declarations.Declaration) { d.Items[0].CountryOfOrigin = "KOR" })
	p := refused(t, b.postJSON(t, "alice", path, other), http.StatusUnprocessableEntity, "confirmation")
	if len(p.Faults) != 1 || p.Faults[0].Code != "AMD-1005" || p.Faults[0].Path != "items[0].country_of_origin" || p.Faults[0].Line == 0 {
		t.Errorf("to confirm %+v", p.Faults)
	}
	a := b.postJSON(t, "alice", path+"?confirm=1", other, "Idempotency-Key", "k1")
	full := read[Accepted](t, a, http.StatusCreated)
	if full.Attempt != 2 || full.Status != "queued" || full.ID != d.ID {
		t.Errorf("completed %+v", full)
	}
	again := b.postJSON(t, "alice", path+"?confirm=1", other, "Idempotency-Key", "k1")
	if string(again.body) != string(a.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("same key: %s", again.body)
	}
	p = refused(t, b.postJSON(t, "alice", path, other), http.StatusConflict, "conflict_state")
	if p.DeclarationStatus != "queued" {
		t.Errorf("completed twice %+v", p)
	}
}
