package api

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
)

// Words that stand in alice's data and must never be seen by anybody else.
const (
	canaryReference = "CANARYREF0001"
	canaryContract  = "CANARY-CONTRACT-7"
)

// target is a route with its path filled in and a body that would be right.
func target(t *testing.T, rt *route, id string) (path string, body []byte, headers []string) {
	path = strings.NewReplacer("{id}", id, "{n}", "1").Replace(rt.path)
	if rt.method != http.MethodGet {
		headers = []string{"Content-Type", typeJSON, "If-Match", `"1"`}
		body = jsonOf(t, "EX9")
	}
	if rt.act == auth.HearReceipt {
		headers[1], body = typeXML, importResponse("EX9", "I20260000999900009", "0")
	}
	return path, body, headers
}

// TestNobodySeesAnothersThings runs the whole table of routes for everybody
// who must not get in.
func TestNobodySeesAnothersThings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, canaryReference, contract(canaryContract)), "Idempotency-Key", "CANARYKEY"), http.StatusCreated)
	before := b.rows(t)
	canaries := []string{canaryReference, canaryContract, "CANARYKEY", d.ID, b.partner["alice"], "NAME-alice"}
	seen := func(what string, text []byte) {
		for _, c := range canaries {
			if bytes.Contains(text, []byte(c)) {
				t.Errorf("%s shows %s", what, c)
			}
		}
	}
	guarded := 0
	for i := range routes {
		rt := &routes[i]
		if rt.act == "" {
			seen(rt.path, b.ask(t, "", rt.method, rt.path, nil).body)
			continue
		}
		guarded++
		name := rt.method + " " + rt.path
		path, body, headers := target(t, rt, d.ID)
		ask := func(who string) answer { return b.ask(t, who, rt.method, path, body, headers...) }

		a := ask("")
		refused(t, a, http.StatusUnauthorized, "denied")
		if a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("%s: WWW-Authenticate %q", name, a.header.Get("WWW-Authenticate"))
		}
		refused(t, ask("revoked"), http.StatusUnauthorized, "denied")
		for _, key := range []string{"Bearer kouan_wrong", "Bearer ", "Basic eDp5", "bearer " + b.keys["alice"]} {
			refused(t, b.ask(t, "", rt.method, path, body, append(headers, "Authorization", key)...), http.StatusUnauthorized, "denied")
		}
		for _, role := range auth.Partners {
			if !(auth.Principal{Role: role}).May(rt.act) {
				a := ask(string(role))
				refused(t, a, http.StatusForbidden, "forbidden_role")
				seen(name+" as "+string(role), a.body)
			}
		}
		if !strings.Contains(rt.path, "{id}") {
			continue
		}
		other, _, _ := target(t, rt, newID())
		mine := ask("bob")
		nothing := b.ask(t, "bob", rt.method, other, body, headers...)
		refused(t, mine, http.StatusNotFound, "not_found")
		if diff := cmp.Diff(string(nothing.body), string(mine.body)); diff != "" {
			t.Errorf("%s: what is not yours differs from what does not exist (-nothing +yours):\n%s", name, diff)
		}
		if diff := cmp.Diff(nothing.header, mine.header); diff != "" {
			t.Errorf("%s: headers tell a difference:\n%s", name, diff)
		}
	}
	if guarded < 10 {
		t.Errorf("only %d guarded routes", guarded)
	}
	seen("bob's list", b.ask(t, "bob", http.MethodGet, all, nil).body)
	seen("bob's list by reference", b.ask(t, "bob", http.MethodGet, all+"?reference="+canaryReference, nil).body)
	seen("metrics", b.ask(t, "", http.MethodGet, "/metrics", nil).body)
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}

	canaries = []string{canaryContract, "NAME-alice", "示例"}
	for _, key := range b.keys {
		canaries = append(canaries, key)
	}
	b.postJSON(t, "alice", all, []byte(`{"declaration":{"client_reference":"EX1","contract_number":"`+canaryContract+`"`))
	seen("the log", []byte(b.logs.String()))
}

// TestCanaryIsSeenByItsOwner keeps the test above honest: the words it looks
// for are there to be seen.
func TestCanaryIsSeenByItsOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, canaryReference, contract(canaryContract))), http.StatusCreated)
	a := b.ask(t, "alice", http.MethodGet, all+"/"+d.ID, nil)
	for _, c := range []string{canaryReference, canaryContract, d.ID} {
		if !bytes.Contains(a.body, []byte(c)) {
			t.Errorf("the owner does not see %s", c)
		}
	}
}

func TestNoRouteOfTheInterfaceIsOpen(t *testing.T) {
	t.Parallel()
	open := []string{"/api/v1/codes", "/api/v1/codes/{table}"} // for everybody on purpose: they say nothing of anybody
	for i := range routes {
		if routes[i].public != slices.Contains(open, routes[i].path) || routes[i].public && routes[i].act != "" {
			t.Errorf("%s: public %v, act %q", routes[i].path, routes[i].public, routes[i].act)
		}
		if routes[i].act == "" && !routes[i].public && strings.HasPrefix(routes[i].path, "/api/") {
			t.Errorf("%s is open to everybody", routes[i].path)
		}
	}
}

func TestUnguardedPatternsPanic(t *testing.T) {
	t.Parallel()
	b := setup(t)
	defer func() {
		if recover() == nil {
			t.Error("a handler outside the table of routes was registered")
		}
	}()
	b.HandleFunc("GET /api/v1/secret", func(http.ResponseWriter, *http.Request) {})
}

func TestSafeHeadersEverywhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/livez", "/docs", "/nowhere", all} {
		w := httptest.NewRecorder()
		b.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		h := w.Header()
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}
