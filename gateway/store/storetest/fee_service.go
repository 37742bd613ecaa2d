package storetest

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

func feeServices(t *testing.T, b *bundle) {
	of := func(number string, version int, document string) store.FeeService {
		return store.FeeService{Number: number, Version: version, Document: []byte(document), SHA256: digest([]byte(document)), Actor: "authority", At: now + int64(version)}
	}
	first, second, other := of("S-1", 1, `{"price":"1"}`), of("S-1", 2, `{"price":"2"}`), of("s-1", 1, `{"price":"3"}`)
	b.commit(t, store.Change{FeeServices: []store.FeeService{first, other}})
	b.commit(t, store.Change{FeeServices: []store.FeeService{second}})
	newest, err := b.FeeServices(t.Context())
	if diff := cmp.Diff([]store.FeeService{second, other}, newest); err != nil || diff != "" {
		t.Errorf("the newest of each number, which differ by case (-want +got), %v:\n%s", err, diff)
	}
	all, err := b.FeeServiceVersions(t.Context(), "S-1")
	if diff := cmp.Diff([]store.FeeService{second, first}, all); err != nil || diff != "" {
		t.Errorf("versions (-want +got), %v:\n%s", err, diff)
	}
	err = b.Commit(t.Context(), store.Change{FeeServices: []store.FeeService{of("S-1", 3, "{}"), of("S-1", 2, `{"price":"0"}`)}})
	if !store.IsConflict(err, "fee_service") {
		t.Errorf("a version is written over: %v", err)
	}
	if all, err := b.FeeServiceVersions(t.Context(), "S-1"); err != nil || len(all) != 2 || !bytes.Equal(all[0].Document, second.Document) {
		t.Errorf("half of a change stands: %v, %v", all, err)
	}
	if none, err := b.FeeServiceVersions(t.Context(), "S-2"); err != nil || len(none) != 0 {
		t.Errorf("a service that nobody offers: %v, %v", none, err)
	}
	if err := b.Commit(t.Context(), store.Change{FeeServices: []store.FeeService{of("S-3", 0, "{}")}}); err == nil {
		t.Error("a version 0 is taken")
	}
}
