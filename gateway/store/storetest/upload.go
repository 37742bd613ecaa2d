package storetest

import (
	"bytes"
	"errors"
	"testing"

	"kouan/gateway/store"
)

func uploads(t *testing.T, b *bundle) {
	const month = 30 * 24 * 60 * 60 * 1000
	tenant, other := ID(), ID()
	of := func(tenant string, at int64) *store.Upload {
		return &store.Upload{Tenant: tenant, ID: ID(), Format: "xlsx", SHA256: digest([]byte("file")), Accepted: 2, Refused: 1,
			Results: []byte(`{"results":[]}`), CreatedAt: at, Expired: at - month,
			Parts: [][]byte{bytes.Repeat([]byte("a"), store.UploadPart), []byte("end")}}
	}
	first, strange := of(tenant, now), of(other, now)
	b.commit(t, store.Change{Upload: first})
	b.commit(t, store.Change{Upload: strange})
	got, err := b.Upload(t.Context(), tenant, first.ID)
	if err != nil || got.Accepted != 2 || got.Refused != 1 || got.Format != "xlsx" || string(got.Results) != `{"results":[]}` {
		t.Fatalf("upload %+v, %v", got, err)
	}
	for i, want := range first.Parts {
		if part, err := b.UploadPart(t.Context(), tenant, first.ID, i); err != nil || !bytes.Equal(part, want) {
			t.Errorf("part %d has %d bytes, %v", i, len(part), err)
		}
	}
	if _, err := b.UploadPart(t.Context(), tenant, first.ID, 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("part behind the last: %v", err)
	}
	if _, err := b.Upload(t.Context(), other, first.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another tenant sees the upload: %v", err)
	}
	b.commit(t, store.Change{Upload: of(tenant, now+month+1)})
	if _, err := b.Upload(t.Context(), tenant, first.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("expired upload: %v", err)
	}
	if _, err := b.UploadPart(t.Context(), tenant, first.ID, 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("part of an expired upload: %v", err)
	}
	if _, err := b.Upload(t.Context(), other, strange.ID); err != nil {
		t.Errorf("another tenant's upload is gone: %v", err)
	}
}
