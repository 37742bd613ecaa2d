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
	canarySummary   = "CANARYREF0002"
	canaryRow       = "CANARYREF0003"
	canaryReason    = "CANARY-REASON"

	acceptedReference = "CANARYREF0004"

	canaryEndpoint = "canary-endpoint"
	canaryAddress  = "https://canary.example/hook"
)

// belongings are the ids of what alice has; each route is asked for one of them.
type belongings struct {
	declaration string // accepted by customs, with an open request and two messages
	accepted    string // by customs, nothing asked about it
	summary     string // of a two-step declaration, ready to be completed
	upload      string // with a refused row
	request     string // open
	fact        string // of the carrier
	endpoint    string // with messages that wait
	secret      string // that it signs with
	delivery    string // one of those messages
	notice      string // number, of the inspection of accepted
}

// belong gives alice something of everything that a route can name.
func (b *bundle) belong(t *testing.T) belongings {
	t.Helper()
	var own belongings
	made := read[EndpointMade](t, b.postJSON(t, "alice", endpointsPath, []byte(`{"name":"`+canaryEndpoint+`","address":"`+canaryAddress+`"}`)), http.StatusCreated)
	own.endpoint, own.secret = made.ID, made.Secret
	own.declaration = b.standing(t, canaryReference, contract(canaryContract)).ID
	asked := read[Asked](t, b.postJSON(t, "alice", all+"/"+own.declaration+"/amendments"+because(canaryReason),
		jsonOf(t, canaryReference, contract(canaryContract), voyage("027E")), "Idempotency-Key", "CANARYKEY"), http.StatusAccepted)
	own.request = asked.Request.ID
	own.accepted = b.standingAs(t, acceptedReference, "I20260000999900079").ID
	own.summary = read[Accepted](t, b.postJSON(t, "alice", all, jsonOf(t, canarySummary, twoSteps("5"))), http.StatusCreated).ID
	const seqNo = "I20260000999900078"
	for _, body := range [][]byte{importResponse(canarySummary, seqNo, "0"), customsResult(seqNo, "SpK", "2026-01-05T10:17:00", "提货放行")} {
		read[Hearing](t, b.postXML(t, "customs", receipts, body), http.StatusAccepted)
	}
	sheet := table(t, []string{canaryRow}, func(_ int, header, row []string) { set(header, row, "Gross weight (kg)", "many") })
	own.upload = read[Upload](t, b.ask(t, "alice", http.MethodPost, all, sheet, "Content-Type", typeCSV), http.StatusOK).ID
	own.delivery = read[DeliveryList](t, b.ask(t, "alice", http.MethodGet, "/api/v1/receivers/"+own.endpoint+"/deliveries", nil), http.StatusOK).Items[0].ID
	read[Hearing](t, b.postXML(t, "customs", receipts, customsResult("I20260000999900079", "C", "2026-01-05T11:00:00", "查验")), http.StatusAccepted)
	own.notice = read[NoticeList](t, b.ask(t, "alice", http.MethodGet, noticesPath, nil), http.StatusOK).Items[0].Number
	own.fact = read[FactAnswer](t, b.postJSON(t, "carrier", factsPath, []byte(carrierRelease)), http.StatusAccepted).ID
	return own
}

// of is the id that a route is asked for.
func (own *belongings) of(rt *route) string {
	switch {
	case strings.HasPrefix(rt.path, "/api/v1/uploads/"):
		return own.upload
	case strings.HasPrefix(rt.path, "/api/v1/endpoints/"), strings.HasPrefix(rt.path, "/api/v1/receivers/"):
		return own.endpoint
	case strings.HasPrefix(rt.path, "/api/v1/deliveries/"):
		return own.delivery
	case strings.HasPrefix(rt.path, noticesPath+"/"):
		return own.notice
	case rt.act == auth.CompleteDeclaration:
		return own.summary
	}
	return own.declaration
}

// target is a route with its path filled in and a body that would be right
// for what alice has.
func target(t *testing.T, rt *route, id string) (path string, body []byte, headers []string) {
	path = strings.NewReplacer("{id}", id, "{n}", "1", "{m}", "1").Replace(rt.path)
	if rt.method == http.MethodGet {
		return path, nil, nil
	}
	headers = []string{"Content-Type", typeJSON, "If-Match", `"1"`}
	body = jsonOf(t, canaryReference)
	switch rt.act {
	case auth.AmendDeclaration:
		if rt.limit == ofDeclaration {
			path += because("weight")
		}
	case auth.CancelDeclaration:
		body = []byte(`{"reason":"sold to another"}`)
	case auth.CompleteDeclaration:
		path += "?confirm=1"
		body = jsonOf(t, canarySummary, twoSteps("6"))
	case auth.HearDecision:
		body = []byte(`{"request":"` + id + `","decision":"refused"}`)
	case auth.HearReceipt:
		headers[1], body = typeXML, importResponse("EX9", "I20260000999900009", "0")
	case auth.ManageEndpoints:
		body = map[string][]byte{"add-endpoint": []byte(`{"name":"other","address":"` + canaryAddress + `"}`), "rotate-endpoint": []byte(`{}`),
			"set-endpoint-state": []byte(`{"state":"active"}`)}[rt.name]
	case auth.ReplayDeliveries:
		body = []byte(`{"subject":"declaration/x","dry_run":true}`)
	case auth.ReadDeliveries:
		body = nil
	case auth.OrderInspection:
		body = []byte(`{"action":"cancel","notice_no":"` + id + `","source_message_id":"X1"}`)
	case auth.ReportNotice:
		body = []byte(`{"kind":"attendance_waived","person":"示例","occurred_at":"2026-11-25T02:00:00Z"}`)
	case auth.SendTerminalMessage:
		body = []byte(`{"kind":"accepted","notice_no":"` + id + `","occurred_at":"2026-11-25T02:00:00Z"}`)
	case auth.PublishFees:
		body = map[string][]byte{"draft-fees": []byte(`{"full":["nothing"]}`), "check-fees": nil, "publish-fees": []byte(`{}`), "withdraw-fees": []byte(`{"why":"x"}`)}[rt.name]
	case auth.PublishFeeServices:
		body = feeServiceList(t, feeService("A", "1"))
	case auth.ReportFact:
		body = []byte(strings.Replace(carrierRelease, "R1", "R9", 1))
	}
	return path, body, headers
}

// TestNobodySeesAnothersThings runs the whole table of routes for everybody
// who must not get in.
func TestNobodySeesAnothersThings(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := b.belong(t)
	if _, err := b.Desk.FeeEdition(t.Context()); err != nil { // the first asker publishes the built-in tables
		t.Fatal(err)
	}
	before := b.rows(t)
	canaries := []string{canaryReference, canaryContract, canarySummary, canaryRow, canaryReason, "CANARYKEY",
		own.declaration, own.summary, own.upload, own.request, own.notice, b.partner["alice"], "NAME-alice",
		canaryEndpoint, canaryAddress, own.endpoint, own.secret, own.delivery}
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
		path, body, headers := target(t, rt, own.of(rt))
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
	for _, id := range []string{own.declaration, own.upload, own.request} {
		for _, query := range []string{"?cursor=", "?status=accepted&cursor="} {
			seen("bob's list behind "+id, b.ask(t, "bob", http.MethodGet, all+query+id, nil).body)
		}
	}
	seen("bob's endpoints", b.ask(t, "bob", http.MethodGet, endpointsPath, nil).body)
	for _, who := range []string{"bob", "terminal", "haulier"} { // the receipt told no terminal
		seen(who+"'s notices", b.ask(t, who, http.MethodGet, noticesPath, nil).body)
		if who != "bob" {
			refused(t, b.ask(t, who, http.MethodGet, noticesPath+"/"+own.notice, nil), http.StatusNotFound, "not_found")
		}
	}
	seen("bob's figures", b.ask(t, "bob", http.MethodGet, "/api/v1/statistics", nil).body)
	if figures := read[Statistics](t, b.ask(t, "bob", http.MethodGet, "/api/v1/statistics", nil), http.StatusOK); figures.Submitted != 0 {
		t.Errorf("bob's figures count %d", figures.Submitted)
	}
	seen("metrics", b.ask(t, "", http.MethodGet, "/metrics", nil).body)
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused request wrote (-before +after):\n%s", diff)
	}

	canaries = []string{canaryContract, canaryReason, "NAME-alice", "示例", own.secret, canaryAddress}
	for _, key := range b.keys {
		canaries = append(canaries, key)
	}
	b.postJSON(t, "alice", all, []byte(`{"declaration":{"client_reference":"EX1","contract_number":"`+canaryContract+`"`))
	seen("the log", []byte(b.logs.String()))
}

// TestOwnerFindsWhatOthersMustNot keeps the test above honest: the same
// request of every route with an id does something for its owner, so that the
// 404 of the others is about whose thing it is; and the words that it looks
// for are there to be seen.
func TestOwnerFindsWhatOthersMustNot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := b.belong(t)
	var said strings.Builder
	for i := range routes {
		rt := &routes[i]
		if !strings.Contains(rt.path, "{id}") {
			continue
		}
		path, body, headers := target(t, rt, own.of(rt))
		a := b.ask(t, "alice", rt.method, path, body, headers...)
		said.Write(a.body)
		name := rt.method + " " + rt.path
		switch {
		case rt.method == http.MethodGet && a.status != http.StatusOK:
			t.Errorf("%s: the owner gets %d %s", name, a.status, a.body)
		case a.status == http.StatusNotFound || a.status >= 500 || a.status == http.StatusUnprocessableEntity || a.status == http.StatusBadRequest:
			t.Errorf("%s: the owner gets %d %s", name, a.status, a.body)
		}
	}
	for _, c := range []string{canaryReference, canaryContract, canaryRow, canaryReason, own.declaration, own.summary, own.upload, own.request,
		canaryEndpoint, canaryAddress, own.endpoint, own.delivery} {
		if !strings.Contains(said.String(), c) {
			t.Errorf("the owner does not see %s", c)
		}
	}
}

// TestFactOfAnotherDoesNotExist: only its source takes a fact back; for
// everybody else its id is as good as none.
func TestFactOfAnotherDoesNotExist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := b.belong(t)
	before := b.rows(t)
	for _, who := range []string{"terminal", "agent", "customs"} {
		nothing := newID()
		theirs := b.postJSON(t, who, factsPath, []byte(`{"withdraws":"`+own.fact+`"}`))
		none := b.postJSON(t, who, factsPath, []byte(`{"withdraws":"`+nothing+`"}`))
		refused(t, theirs, http.StatusUnprocessableEntity, "invalid")
		if diff := cmp.Diff(strings.ReplaceAll(string(none.body), nothing, own.fact), string(theirs.body)); diff != "" {
			t.Errorf("%s: another's fact differs from none (-none +another's):\n%s", who, diff)
		}
	}
	if diff := cmp.Diff(before, b.rows(t)); diff != "" {
		t.Errorf("a refused withdrawal wrote (-before +after):\n%s", diff)
	}
	read[FactAnswer](t, b.postJSON(t, "carrier", factsPath, []byte(`{"withdraws":"`+own.fact+`"}`)), http.StatusAccepted)
}

func TestNoRouteOfTheInterfaceIsOpen(t *testing.T) {
	t.Parallel()
	open := []string{ // for everybody on purpose: they say nothing of anybody
		"GET /api/v1/codes", "GET /api/v1/codes/{table}", "GET /api/v1/rules",
		"GET /api/v1/fees", "GET /api/v1/fees/{code}", "GET /api/v1/fee-editions", "GET /api/v1/fee-editions/{n}/difference/{m}",
		"POST /api/v1/fee-quotes", "GET /api/v1/fee-quotes/{number}", // whoever has the number may see it
		"GET /api/v1/fee-bodies", "GET /api/v1/fee-bodies/{body}", "GET /api/v1/fee-services", "GET /api/v1/fee-boxes/{box}", "GET /api/v1/fee-complaints/figures",
		"POST /api/v1/fee-bills", "GET /api/v1/fee-bills/{secret}", "GET /api/v1/fee-bills/{secret}/file", "DELETE /api/v1/fee-bills/{secret}", // whoever has the secret
		"POST /api/v1/fee-ratings",
		"POST /api/v1/fee-complaints", "GET /api/v1/fee-complaints/{secret}", "POST /api/v1/fee-complaints/{secret}/acts", "GET /api/v1/fee-complaints/{secret}/files/{n}",
	}
	for i := range routes {
		if routes[i].public != slices.Contains(open, routes[i].method+" "+routes[i].path) || routes[i].public && routes[i].act != "" {
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
