package api

import (
	"net/http"
	"testing"

	"kouan/gateway/store"
)

func TestAnEndpointThatIsDownIsSeenAndDeclaredWellByItsOwnerOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made := b.hookOf(t, "alice", "erp")
	down := func() *Down {
		t.Helper()
		list := read[EndpointList](t, b.ask(t, "alice", http.MethodGet, endpointsPath, nil), http.StatusOK)
		if len(list.Items) != 1 {
			t.Fatalf("list %+v", list)
		}
		return list.Items[0].Down
	}
	if got := down(); got != nil {
		t.Errorf("down before anything was sent: %+v", got)
	}
	if err := b.db.SaveBreaker(t.Context(), store.Breaker{Receiver: store.ReceiverOf(made.ID), Openings: 2, ProbeAt: 2000, Since: 1000, LastError: "answered 503"}); err != nil {
		t.Fatal(err)
	}
	if got := down(); got == nil || got.Cause != "answered 503" || got.Since.Unix() != 1 || got.ProbeAt.Unix() != 2 {
		t.Errorf("down %+v", got)
	}
	at := endpointsPath + "/" + made.ID + "/state"
	if a := b.postJSON(t, "bob", at, []byte(`{"state":"active"}`)); a.status != http.StatusNotFound {
		t.Errorf("another partner got %d", a.status)
	}
	if down() == nil {
		t.Error("another partner declared it well")
	}
	if a := b.postJSON(t, "alice", at, []byte(`{"state":"active"}`)); a.status != http.StatusOK {
		t.Errorf("its owner got %d", a.status)
	}
	if got := down(); got != nil {
		t.Errorf("still down: %+v", got)
	}
}
