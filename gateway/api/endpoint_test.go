package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hookOf registers a webhook of who.
func (b *bundle) hookOf(t *testing.T, who, name string) EndpointMade {
	t.Helper()
	return read[EndpointMade](t, b.postJSON(t, who, endpointsPath, []byte(`{"name":"`+name+`","address":"https://hooks.example/x"}`)), http.StatusCreated)
}

func TestAnEndpointFromItsBirthToItsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := []byte(`{"name":"erp","address":"https://hooks.example/x","types":["declaration.*"]}`)
	first := b.postJSON(t, "alice", endpointsPath, body, "Idempotency-Key", "k1")
	made := read[EndpointMade](t, first, http.StatusCreated)
	if !strings.HasPrefix(made.Secret, "whsec_") || made.State != "active" || len(made.Secrets) != 1 {
		t.Errorf("made %+v", made)
	}
	again := b.postJSON(t, "alice", endpointsPath, body, "Idempotency-Key", "k1")
	if diff := cmp.Diff(string(first.body), string(again.body)); diff != "" || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same key (-first +again):\n%s", diff)
	}
	refused(t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"other","address":"https://hooks.example/x"}`), "Idempotency-Key", "k1"), http.StatusConflict, "conflict_idempotency")
	same := read[EndpointMade](t, b.postJSON(t, "alice", endpointsPath, body), http.StatusOK)
	if same.ID != made.ID || same.Secret != "" {
		t.Errorf("the same endpoint without a key: %+v", same)
	}
	p := refused(t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"erp","address":"https://hooks.example/y"}`)), http.StatusConflict, "conflict_endpoint")
	if p.ID != made.ID || len(p.Faults) != 1 || p.Faults[0].Code != "NOT-1601" || p.Detail != p.Faults[0].Message {
		t.Errorf("another under its name: %+v", p)
	}
	list := b.ask(t, "alice", http.MethodGet, endpointsPath, nil)
	if got := read[EndpointList](t, list, http.StatusOK); len(got.Items) != 1 || bytes.Contains(list.body, []byte("whsec_")) {
		t.Errorf("list %s", list.body)
	}

	at := endpointsPath + "/" + made.ID
	turned := read[EndpointMade](t, b.postJSON(t, "alice", at+"/rotation", []byte(`{"keep_old_hours":1}`)), http.StatusCreated)
	if turned.Secret == made.Secret || len(turned.Secrets) != 2 || turned.Secrets[1].Until == nil {
		t.Errorf("rotated %+v", turned)
	}
	refused(t, b.ask(t, "alice", http.MethodPost, at+"/rotation", nil), http.StatusConflict, "conflict_endpoint")
	refused(t, b.postJSON(t, "alice", at+"/rotation", []byte(`{"keep_old_hours":169}`)), http.StatusUnprocessableEntity, "invalid")
	refused(t, b.postJSON(t, "alice", at+"/rotation", []byte(`{"keep_old_hours":"1"}`)), http.StatusUnprocessableEntity, "invalid")
	if off := read[Endpoint](t, b.postJSON(t, "alice", at+"/state", []byte(`{"state":"disabled"}`)), http.StatusOK); off.Reason != "owner" {
		t.Errorf("disabled %+v", off)
	}
	refused(t, b.ask(t, "alice", http.MethodPost, at+"/test", nil), http.StatusConflict, "conflict_endpoint")
	refused(t, b.postJSON(t, "alice", at+"/state", []byte(`{"state":"deleted"}`)), http.StatusUnprocessableEntity, "invalid")
	if a := b.ask(t, "alice", http.MethodDelete, at, nil); a.status != http.StatusNoContent || len(a.body) != 0 {
		t.Errorf("deleted: %d %s", a.status, a.body)
	}
	refused(t, b.ask(t, "alice", http.MethodDelete, at, nil), http.StatusNotFound, "not_found")
}

func TestEveryPartnerMayHaveEndpoints(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for who := range b.keys {
		if who != "revoked" {
			b.hookOf(t, who, "all")
		}
	}
}

func TestWithoutAKeyForSecretsEndpointsAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *Config) { c.Desk.Seal = nil })
	refused(t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"erp","address":"https://hooks.example/x"}`)), http.StatusServiceUnavailable, "no_seal")
	read[EndpointMade](t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"fetch","wire":"pull"}`), "Idempotency-Key", "k"), http.StatusCreated) // it has none
	read[EndpointMade](t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"fetch","wire":"pull"}`), "Idempotency-Key", "k"), http.StatusCreated)
}

func TestTheLogOfDeliveries(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.hookOf(t, "alice", "erp")
	log := "/api/v1/receivers/" + e.ID + "/deliveries"
	d := b.submitted(t, "EX1")
	b.submitted(t, "EX2")
	b.submitted(t, "EX3")
	list := func(query string) DeliveryList {
		return read[DeliveryList](t, b.ask(t, "alice", http.MethodGet, log+query, nil), http.StatusOK)
	}
	one := list("?subject=declaration/" + d.ID).Items
	if len(one) != 1 || one[0].Type != "declaration.submitted" || one[0].Sequence != 1 || one[0].State != "waiting" || one[0].NextAt == nil {
		t.Fatalf("one declaration's: %+v", one)
	}
	var walked []string
	for cursor, n := "", 0; n < 5; n++ {
		page := list("?limit=1&cursor=" + cursor)
		for _, it := range page.Items {
			walked = append(walked, it.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(walked) != 3 || walked[2] != one[0].ID {
		t.Errorf("page by page: %v, want three, the first one last", walked)
	}
	soon := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	for query, want := range map[string]int{"?state=waiting": 3, "?state=dead": 0, "?from=" + soon: 0, "?to=" + soon: 3} {
		if got := len(list(query).Items); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	refused(t, b.ask(t, "alice", http.MethodGet, log+"?state=lost", nil), http.StatusUnprocessableEntity, "invalid")

	a := b.ask(t, "alice", http.MethodGet, one[0].Href, nil)
	sum := sha256.Sum256(a.body)
	if a.status != http.StatusOK || a.header.Get("Content-Type") != typeJSON || a.header.Get("Content-Digest") != "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":" ||
		int64(len(a.body)) != one[0].Size || !bytes.Contains(a.body, []byte(`"id":"`+one[0].ID+`","sequence":1,`)) {
		t.Errorf("bytes: %d %v %s", a.status, a.header, a.body)
	}
	read[Taken](t, b.ask(t, "alice", http.MethodPost, one[0].Href+"/acknowledgement", nil), http.StatusOK)
	if got := read[Taken](t, b.ask(t, "alice", http.MethodPost, one[0].Href+"/acknowledgement", nil), http.StatusOK); !got.Duplicate {
		t.Error("said twice, and not noticed")
	}
	tries := read[AttemptList](t, b.ask(t, "alice", http.MethodGet, one[0].Href+"/attempts", nil), http.StatusOK)
	if tries.State != "delivered" || len(tries.Items) != 1 || tries.Items[0].Result != "taken" {
		t.Errorf("attempts %+v", tries)
	}

	replay := "/api/v1/receivers/" + e.ID + "/replay"
	order := []byte(`{"subject":"declaration/` + d.ID + `","dry_run":true}`)
	if got := read[Replayed](t, b.postJSON(t, "alice", replay, order), http.StatusOK); got.Count != 1 || !got.DryRun {
		t.Errorf("dry %+v", got)
	}
	order = bytes.Replace(order, []byte("true"), []byte("false"), 1)
	if got := read[Replayed](t, b.postJSON(t, "alice", replay, order), http.StatusAccepted); got.Count != 1 || got.DryRun {
		t.Errorf("for good %+v", got)
	}
	if got := read[Replayed](t, b.postJSON(t, "alice", replay, order), http.StatusOK); got.Count != 0 {
		t.Errorf("what waits already: %+v", got)
	}
	for _, bad := range []string{`{}`, `{"state":"waiting","subject":"x"}`, `{"subject":"x","from_sequence":-1}`, `{"ids":[` + strings.Repeat(`"x",`, 500) + `"x"]}`, `{"all":true}`} {
		refused(t, b.postJSON(t, "alice", replay, []byte(bad)), http.StatusUnprocessableEntity, "invalid")
	}
}

// One partner who replays or tests without end is asked to wait, and others are not.
func TestReplaysAndTestsAreCalm(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := setup(t, func(c *Config) { c.Clock = func() time.Time { return now } })
	mine, theirs := b.hookOf(t, "alice", "a"), b.hookOf(t, "bob", "b")
	test := func(who, id string) answer { return b.ask(t, who, http.MethodPost, endpointsPath+"/"+id+"/test", nil) }
	for n := range calmBurst {
		if a := test("alice", mine.ID); a.status != http.StatusAccepted {
			t.Fatalf("test %d: %d %s", n+1, a.status, a.body)
		}
	}
	a := test("alice", mine.ID)
	refused(t, a, http.StatusTooManyRequests, "overload")
	if a.header.Get("Retry-After") != "6" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	refused(t, b.postJSON(t, "alice", "/api/v1/receivers/"+mine.ID+"/replay", []byte(`{"subject":"x"}`)), http.StatusTooManyRequests, "overload")
	read[Replayed](t, b.postJSON(t, "alice", "/api/v1/receivers/"+mine.ID+"/replay", []byte(`{"subject":"x","dry_run":true}`)), http.StatusOK)
	if a := test("bob", theirs.ID); a.status != http.StatusAccepted {
		t.Errorf("another has to wait: %d", a.status)
	}
	now = now.Add(calmEvery)
	if a := test("alice", mine.ID); a.status != http.StatusAccepted {
		t.Errorf("after the wait: %d", a.status)
	}
}
