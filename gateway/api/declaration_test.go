package api

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
)

const all = "/api/v1/declarations"

func TestSubmitAnswersWhatWasAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, body := range map[string][]byte{typeJSON: jsonOf(t, "EX1"), typeXML: xmlOf("EX2"), typeTextXML: xmlOf("EX3"), "": xmlOf("EX4")} {
		a := b.ask(t, "alice", http.MethodPost, all, body, "Content-Type", name)
		got := read[Accepted](t, a, http.StatusCreated)
		if got.Status != "queued" || got.Attempt != 1 || got.ID == "" || !strings.HasPrefix(got.Reference, "EX") {
			t.Errorf("%s: %+v, want queued, attempt 1", name, got)
		}
		if loc := a.header.Get("Location"); loc != all+"/"+got.ID {
			t.Errorf("%s: Location %q", name, loc)
		}
		if a.header.Get("ETag") != `"1"` {
			t.Errorf("%s: ETag %s, want \"1\"", name, a.header.Get("ETag"))
		}
	}
}

func TestSameKeySameBodyGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := jsonOf(t, "EX1")
	first := b.postJSON(t, "alice", all, body, "Idempotency-Key", "k1")
	read[Accepted](t, first, http.StatusCreated)
	before := b.rows(t)
	again := b.postJSON(t, "alice", all, body, "Idempotency-Key", "k1", "Accept-Language", "zh")
	if again.status != first.status || !bytes.Equal(again.body, first.body) {
		t.Errorf("second answer %d %s, want %d %s", again.status, again.body, first.status, first.body)
	}
	if again.header.Get("Idempotency-Replayed") != "true" || first.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("Idempotency-Replayed %q then %q, want none then true", first.header.Get("Idempotency-Replayed"), again.header.Get("Idempotency-Replayed"))
	}
	if again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("Location %q, want %q", again.header.Get("Location"), first.header.Get("Location"))
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a repeated key wrote (-before +after):\n%s", diff)
	}
	other := read[Accepted](t, b.postJSON(t, "bob", all, body, "Idempotency-Key", "k1"), http.StatusCreated)
	if strings.Contains(string(first.body), other.ID) {
		t.Error("another partner's key got this partner's answer")
	}
}

func TestSameKeyOtherRequestIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1"), "Idempotency-Key", "k1"), http.StatusCreated)
	before := b.rows(t)
	for name, a := range map[string]answer{
		"other body":  b.postJSON(t, "alice", all, jsonOf(t, "EX2"), "Idempotency-Key", "k1"),
		"draft":       b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "EX1"), "Idempotency-Key", "k1"),
		"other type":  b.postXML(t, "alice", all, xmlOf("EX1"), "Idempotency-Key", "k1"),
		"other route": b.ask(t, "alice", http.MethodPost, all+"/x/submission", nil, "Idempotency-Key", "k1"),
	} {
		t.Log(name)
		refused(t, a, http.StatusConflict, "conflict_idempotency")
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused key wrote (-before +after):\n%s", diff)
	}
}

func TestBadIdempotencyKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, key := range []string{"", "with blank", "上海", strings.Repeat("k", 256), "tab\tin"} {
		a := b.postJSON(t, "alice", all, jsonOf(t, "EX1"), "Idempotency-Key", key)
		refused(t, a, http.StatusUnprocessableEntity, "idempotency_key")
	}
	read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1"), "Idempotency-Key", strings.Repeat("~", 255)), http.StatusCreated)
}

func TestSameReference(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.submitted(t, "EX1")
	same := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1"), "Idempotency-Key", "other"), http.StatusOK)
	if same.ID != first.ID {
		t.Errorf("same content got id %s, want %s", same.ID, first.ID)
	}
	p := refused(t, b.postJSON(t, "alice", all, jsonOf(t, "EX1", contract("OTHER"))), http.StatusConflict, "conflict_reference")
	if p.ID != first.ID || !strings.Contains(p.Detail, first.ID) {
		t.Errorf("conflict names %q in %q, want %s", p.ID, p.Detail, first.ID)
	}
	bob := read[Accepted](t, b.postJSON(t, "bob", all, jsonOf(t, "EX1", contract("OTHER"))), http.StatusCreated)
	if bob.ID == first.ID {
		t.Error("two partners share a declaration")
	}
}

func TestCorrectionAfterReturnIsTheNextAttempt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.submitted(t, "EX1")
	b.returned(t, "EX1", "I20260000999900001")
	second := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, "EX1", contract("BETTER"))), http.StatusCreated)
	if second.ID != first.ID || second.Attempt != 2 || second.Status != "queued" {
		t.Errorf("correction %+v, want attempt 2 of %s, queued", second, first.ID)
	}
}

func TestDraftIsKeptEditedAndSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.postJSON(t, "alice", all+"?draft=1", jsonOf(t, "EX1", noOffice))
	draft := read[Accepted](t, a, http.StatusCreated)
	if draft.Status != "draft" || draft.Attempt != 0 || len(draft.Faults) == 0 || draft.Faults[0].Message == "" {
		t.Fatalf("draft %+v, want status draft with its faults in words", draft)
	}
	path := all + "/" + draft.ID
	refused(t, b.ask(t, "alice", http.MethodPost, path+"/submission", nil), http.StatusUnprocessableEntity, "invalid")

	put := func(match string, body []byte) answer {
		return b.ask(t, "alice", http.MethodPut, path, body, "Content-Type", typeJSON, "If-Match", match)
	}
	refused(t, put("", jsonOf(t, "EX1")), http.StatusPreconditionRequired, "precondition")
	refused(t, put("*", jsonOf(t, "EX1")), http.StatusPreconditionRequired, "precondition")
	for _, match := range []string{`"7"`, `W/"1"`, `1`, `"x"`, `"01"`} {
		refused(t, put(match, jsonOf(t, "EX1")), http.StatusPreconditionFailed, "conflict_version")
	}
	edited := put(a.header.Get("ETag"), jsonOf(t, "EX1"))
	if got := read[Accepted](t, edited, http.StatusOK); len(got.Faults) != 0 || got.ID != draft.ID {
		t.Errorf("edited %+v, want no faults", got)
	}
	refused(t, put(a.header.Get("ETag"), jsonOf(t, "EX1")), http.StatusPreconditionFailed, "conflict_version")

	one := b.ask(t, "alice", http.MethodGet, path, nil)
	if one.header.Get("ETag") != edited.header.Get("ETag") {
		t.Errorf("ETag %s after the edit said %s", one.header.Get("ETag"), edited.header.Get("ETag"))
	}
	sent := b.ask(t, "alice", http.MethodPost, path+"/submission", nil, "Idempotency-Key", "send")
	if got := read[Accepted](t, sent, http.StatusCreated); got.Status != "queued" || got.Attempt != 1 {
		t.Errorf("sent %+v, want queued, attempt 1", got)
	}
	again := b.ask(t, "alice", http.MethodPost, path+"/submission", nil, "Idempotency-Key", "send")
	if again.status != http.StatusCreated || !bytes.Equal(again.body, sent.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("repeated %d %s, want the first answer", again.status, again.body)
	}
	p := refused(t, b.ask(t, "alice", http.MethodPost, path+"/submission", nil), http.StatusConflict, "conflict_state")
	if p.DeclarationStatus != "queued" || !slices.Contains(p.Allowed, "returned") {
		t.Errorf("state %q allowed %v, want queued and the statuses that allow it", p.DeclarationStatus, p.Allowed)
	}
	refused(t, put(sent.header.Get("ETag"), jsonOf(t, "EX1")), http.StatusConflict, "conflict_state")
}

func TestUnknownParametersDoNotSubmit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.rows(t)
	for _, q := range []string{"?darft=1", "?draft=yes", "?draft=1&draft=0", "?%zz", "?draft=1;x"} {
		p := refused(t, b.postJSON(t, "alice", all+q, jsonOf(t, "EX1")), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) != 1 || p.Faults[0].Code != CodeParameter {
			t.Errorf("%s: faults %v, want one %s", q, p.Faults, CodeParameter)
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}
}

func TestListPagesNewestFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, ref := range []string{"EX1", "EX2", "EX3"} {
		b.submitted(t, ref)
	}
	var refs []string
	path := all + "?limit=2"
	for range 3 {
		page := read[DeclarationList](t, b.ask(t, "alice", http.MethodGet, path, nil), http.StatusOK)
		for _, d := range page.Items {
			refs = append(refs, d.Reference)
			if d.StatusText == "" || strings.HasPrefix(d.StatusText, "status.") {
				t.Errorf("status text %q", d.StatusText)
			}
		}
		if page.Next == "" {
			break
		}
		path = all + "?limit=2&cursor=" + page.Next
	}
	if diff := cmp.Diff([]string{"EX3", "EX2", "EX1"}, refs); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	for query, want := range map[string]int{"?reference=EX2": 1, "?reference=NONE": 0, "?status=queued": 3, "?status=released": 0} {
		page := read[DeclarationList](t, b.ask(t, "alice", http.MethodGet, all+query, nil), http.StatusOK)
		if len(page.Items) != want {
			t.Errorf("%s: %d items, want %d", query, len(page.Items), want)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=501", "?limit=x", "?cursor=%21", "?colour=red", "?status=" + strings.Repeat("x", 41)} {
		p := refused(t, b.ask(t, "alice", http.MethodGet, all+query, nil), http.StatusUnprocessableEntity, "invalid")
		if len(p.Faults) == 0 || p.Faults[0].Code != CodeParameter {
			t.Errorf("%s: faults %v, want %s", query, p.Faults, CodeParameter)
		}
	}
}

func TestGetShowsTheCanonicalDocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.submitted(t, "EX1")
	a := b.ask(t, "alice", http.MethodGet, all+"/"+d.ID, nil)
	got := read[struct {
		ID          string                   `json:"id"`
		Status      string                   `json:"status"`
		Faults      []Fault                  `json:"faults"`
		Declaration declarations.Declaration `json:"declaration"`
	}](t, a, http.StatusOK)
	if got.ID != d.ID || got.Status != "queued" || got.Faults == nil || got.Declaration.Header.ClientReference != "EX1" {
		t.Errorf("got %+v", got)
	}
	if a.header.Get("Content-Language") != "en" {
		t.Errorf("Content-Language %q, want en", a.header.Get("Content-Language"))
	}
	if !bytes.Contains(a.body, jsonOf(t, "EX1")) {
		t.Error("the document is not the stored one, byte for byte")
	}
	refused(t, b.ask(t, "alice", http.MethodGet, all+"/"+newID(), nil), http.StatusNotFound, "not_found")
}
