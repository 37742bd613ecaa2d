package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

const (
	ordersPath  = "/api/v1/inspection-orders"
	noticesPath = "/api/v1/notices"
	boxNumber   = "ZZZU0000010" // the box of the sample
	entryNumber = "090020261000123456"
)

// terminalTable says what the terminal of the bundle can do.
func (b *bundle) terminalTable(t testing.TB, edit ...func(*inspection.Capability)) {
	t.Helper()
	c := inspection.Capability{Terminal: b.partner["terminal"], Class: "inspection_notice", ValidFrom: "2026-01-01", Interface: inspection.InterfaceAPI,
		Channels: []string{"main"}, CanLock: inspection.LockYes, Answers: true, AcksTransport: true, Verification: "unverified", TestedOn: "2026-01-01",
		Sends: []inspection.Kind{inspection.Locked, inspection.MoveStarted, inspection.MoveDone, inspection.Ready, inspection.Unlocked, inspection.MovedBack},
		Hours: []inspection.Hours{{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, From: "00:00", Until: "24:00"}}}
	for _, f := range edit {
		f(&c)
	}
	if _, err := b.Desk.SetCapabilities(t.Context(), "test", marshal([]inspection.Capability{c})); err != nil {
		t.Fatalf("set capability: %v", err)
	}
}

// endpoint registers an endpoint of the terminal, as its channel.
func (b *bundle) endpoint(t testing.TB, name, wire, format string) {
	t.Helper()
	e := store.Endpoint{ID: newID(), PartnerID: b.partner["terminal"], Name: name, Wire: wire, Format: format, Address: "https://t.example/", Types: "notice.*",
		Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1}
	if err := b.db.Commit(t.Context(), store.Change{Endpoints: []store.Endpoint{e}}); err != nil {
		t.Fatalf("add endpoint: %v", err)
	}
}

// order is an order of customs for the box of the sample at the bundle's terminal.
func (b *bundle) order(messageID string, edit ...func(*inspection.Order)) []byte {
	o := inspection.Order{Action: inspection.Issue, Notice: inspection.Notice{SourceMessageID: messageID, CustomsOffice: "0900", InspectionNumber: "QI1",
		DeclarationNumber: entryNumber, Direction: "import", Terminal: b.partner["terminal"], Attendance: inspection.AttendanceRequired,
		Orders: []inspection.Work{inspection.Lock, inspection.Move}, ReasonClass: "risk", Contact: "CANARY-DUTY", Phone: "0411-1",
		Boxes: []inspection.Box{{ContainerNumber: boxNumber, Method: inspection.Manual, Depth: inspection.Full, Site: "H1",
			AtSiteBy: time.Now().Add(4 * time.Hour).UTC().Truncate(time.Second), PlannedStart: time.Now().Add(5 * time.Hour).UTC().Truncate(time.Second)}}}}
	for _, f := range edit {
		f(&o)
	}
	return marshal(&o)
}

// declared is a declaration of alice that customs accepted under entryNumber.
func (b *bundle) declared(t testing.TB, ref string) string {
	t.Helper()
	id := b.submitted(t, ref).ID
	for _, body := range [][]byte{importResponse(ref, "I20260000999900091", "0"),
		[]byte(strings.Replace(string(customsResult("I20260000999900091", "J", "2026-01-05T10:17:00", "审结")), "<ENTRY_ID></ENTRY_ID>", "<ENTRY_ID>"+entryNumber+"</ENTRY_ID>", 1))} {
		if h := read[Hearing](t, b.postXML(t, "customs", receipts, body), http.StatusAccepted); !h.Matched {
			t.Fatalf("receipt did not match: %s", body)
		}
	}
	return id
}

func (b *bundle) report(t testing.TB, who, number, event string) answer {
	t.Helper()
	if !strings.Contains(event, "occurred_at") {
		event = strings.Replace(event, "{", fmt.Sprintf(`{"occurred_at":%q,`, time.Now().UTC().Format(time.RFC3339Nano)), 1)
	}
	return b.postJSON(t, who, noticesPath+"/"+number+"/events", []byte(event))
}

// must reports an event that counts, and gives the state afterwards.
func (b *bundle) must(t testing.TB, who, number, event string) string {
	t.Helper()
	return read[NoticeOutcome](t, b.report(t, who, number, event), http.StatusAccepted).State
}

func (b *bundle) kinds(t testing.TB, who, declaration string) string {
	t.Helper()
	line := read[Timeline](t, b.ask(t, who, http.MethodGet, all+"/"+declaration+"/timeline", nil), http.StatusOK)
	var kinds []string
	for _, e := range line.Entries {
		if desk.IsInspection(e.Kind) {
			kinds = append(kinds, strings.TrimPrefix(e.Kind, "inspection_"))
		}
	}
	return strings.Join(kinds, " ")
}

// TestNoticeFromOrderToRelease walks the whole way through the interface.
func TestNoticeFromOrderToRelease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.terminalTable(t)
	b.endpoint(t, "main", "webhook", "json")
	id := b.declared(t, "EXN1")

	order := b.order("ORD-1")
	made := b.postJSON(t, "customs", ordersPath, order, "Idempotency-Key", "k1")
	o := read[Ordered](t, made, http.StatusCreated)
	if len(o.Notices) != 1 || len(o.Warnings) != 0 || o.Notices[0].Terminal != b.partner["terminal"] || o.Notices[0].State != "ISSUED" {
		t.Fatalf("order: %s", made.body)
	}
	n := o.Notices[0].Number
	if again := b.postJSON(t, "customs", ordersPath, order, "Idempotency-Key", "k1"); again.header.Get("Idempotency-Replayed") != "true" || string(again.body) != string(made.body) {
		t.Errorf("again under the key: %d %s", again.status, again.body)
	}
	if again := b.postJSON(t, "customs", ordersPath, order); again.status != http.StatusOK || string(again.body) != string(made.body) {
		t.Errorf("again by its own number: %d %s", again.status, again.body)
	}
	defer func() {
		if t.Failed() {
			t.Log(b.logs.String())
		}
	}()
	a := b.ask(t, "alice", http.MethodGet, noticesPath+"/"+n, nil)
	refused(t, a, http.StatusNotFound, "not_found")

	list := read[NoticeList](t, b.ask(t, "terminal", http.MethodGet, noticesPath+"?open=1", nil), http.StatusOK)
	if len(list.Items) != 1 || list.Items[0].Number != n {
		t.Fatalf("the terminal's list: %+v", list)
	}
	got := read[Notice](t, b.ask(t, "terminal", http.MethodGet, noticesPath+"/"+n, nil), http.StatusOK)
	if got.State != "DELIVERED" || got.Content.ReasonClass != "" || got.Content.BillNumber == "" {
		t.Errorf("the terminal reads %s, %+v", got.State, got.Content)
	}
	if p := refused(t, b.report(t, "terminal", n, `{"kind":"unlocked","reference":"T0"}`), http.StatusConflict, "conflict_notice"); p.Why != "not_released" || len(p.Allowed) == 0 || p.NoticeState == "" {
		t.Errorf("unlock before release: %+v", p)
	}
	for _, step := range []struct{ who, event, state string }{
		{"terminal", `{"kind":"accepted","reference":"T1"}`, "ACCEPTED"},
		{"terminal", `{"kind":"box_locked","box":"` + boxNumber + `","reference":"T2"}`, "LOCKED"},
		{"terminal", `{"kind":"move_started","reference":"T3"}`, "MOVING"},
		{"terminal", `{"kind":"move_done","reference":"T4"}`, "AT_SITE"},
		{"alice", fmt.Sprintf(`{"kind":"appointed","time":%q,"reference":"A1"}`, time.Now().Add(26*time.Hour).UTC().Format(time.RFC3339)), "AT_SITE"},
		{"terminal", `{"kind":"ready","reference":"T5"}`, "READY"},
		{"customs", `{"kind":"started","reference":"C1"}`, "STARTED"},
		{"customs", `{"kind":"finished","result":"PASS","reference":"C2"}`, "FINISHED"},
		{"customs", `{"kind":"released","reference":"C3"}`, "RELEASED"},
		{"terminal", `{"kind":"unlocked","reference":"T6"}`, "RELEASED"},
		{"terminal", `{"kind":"moved_back","reference":"T7"}`, "CLOSED"},
	} {
		if state := b.must(t, step.who, n, step.event); state != step.state {
			t.Errorf("after %s: %s, want %s", step.event, state, step.state)
		}
	}
	if p := refused(t, b.report(t, "terminal", n, `{"kind":"ready","reference":"T2"}`), http.StatusConflict, "conflict_fact"); !strings.Contains(p.Detail, "T2") {
		t.Errorf("another event under T2: %s", p.Detail)
	}
	if got, want := b.kinds(t, "alice", id), "issued transport_ack accepted box_locked move_started move_done appointed ready started finished released unlocked moved_back"; got != want {
		t.Errorf("timeline of the declarant:\n got %s\nwant %s", got, want)
	}
	end := read[Notice](t, b.ask(t, "customs", http.MethodGet, noticesPath+"/"+n, nil), http.StatusOK)
	if !end.Over || end.Content.ReasonClass != "risk" || end.Version != 2 {
		t.Errorf("at the end customs reads %+v", end.NoticeSummary)
	}
}
