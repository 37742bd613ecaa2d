package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"kouan/gateway/store"
)

type keyring map[string]store.Key

func (k keyring) PartnerByKey(_ context.Context, hash string) (store.Partner, store.Key, error) {
	key, ok := k[hash]
	if !ok {
		return store.Partner{}, store.Key{}, store.ErrNotFound
	}
	return store.Partner{ID: key.PartnerID, Role: string(Forwarder)}, key, nil
}

func TestKeyIsShownOnceAndStoredAsItsHash(t *testing.T) {
	t.Parallel()
	key, hash, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if key == other || hash != HashKey(key) || strings.Contains(hash, key) || len(hash) != 64 {
		t.Errorf("key %s, other %s, hash %s", key, other, hash)
	}
	if _, _, err := NewKey(bytes.NewReader(make([]byte, 31))); err == nil {
		t.Error("a key was made of less than 256 bits")
	}
}

func TestOnlyAValidKeyAuthenticates(t *testing.T) {
	t.Parallel()
	ring := keyring{}
	add := func(id string, revoked int64) string {
		key, hash, err := NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		ring[hash] = store.Key{ID: id, PartnerID: "p-" + id, RevokedAt: revoked}
		return key
	}
	good, revoked := add("good", 0), add("revoked", 1)
	a := &Authenticator{Keys: ring, Clock: time.Now}
	for _, row := range []struct {
		name, header string
		want         string
	}{
		{"valid", "Bearer " + good, "p-good"},
		{"revoked", "Bearer " + revoked, ""},
		{"unknown", "Bearer kouan_unknown", ""},
		{"no scheme", good, ""},
		{"other scheme", "Basic " + good, ""},
		{"empty", "", ""},
		{"huge", "Bearer kouan_" + strings.Repeat("x", 1<<20), ""},
	} {
		p, err := a.Authenticate(t.Context(), row.header)
		if row.want == "" && !errors.Is(err, ErrDenied) || row.want != "" && (err != nil || p.PartnerID != row.want) {
			t.Errorf("%s: %+v, %v", row.name, p, err)
		}
	}
}

func TestRevocationWorksOnceTheAnswerIsNoLongerFresh(t *testing.T) {
	t.Parallel()
	key, hash, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ring := keyring{hash: {ID: "k", PartnerID: "p"}}
	now := time.Unix(1_700_000_000, 0)
	a := &Authenticator{Keys: ring, Clock: func() time.Time { return now }, Fresh: time.Second}
	if _, err := a.Authenticate(t.Context(), "Bearer "+key); err != nil {
		t.Fatal(err)
	}
	ring[hash] = store.Key{ID: "k", PartnerID: "p", RevokedAt: 1}
	now = now.Add(time.Second)
	if _, err := a.Authenticate(t.Context(), "Bearer "+key); !errors.Is(err, ErrDenied) {
		t.Errorf("revoked key still works: %v", err)
	}
}

func TestEveryActHasRolesAndNoRoleIsInvented(t *testing.T) {
	t.Parallel()
	known := map[Role]bool{}
	for _, r := range append(append([]Role{}, Partners...), People...) {
		known[r] = true
	}
	for act, roles := range Roles {
		if len(roles) == 0 {
			t.Errorf("%s: nobody may", act)
		}
		for _, r := range roles {
			if !known[r] {
				t.Errorf("%s: unknown role %s", act, r)
			}
		}
	}
	if (Principal{Role: Customs}).May(SubmitDeclaration) || (Principal{Role: Forwarder}).May(HearReceipt) {
		t.Error("a role may do another's work")
	}
}
