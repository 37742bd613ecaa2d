package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/store"
)

func endpoint(partner, name string) store.Endpoint {
	return store.Endpoint{ID: ID(), PartnerID: partner, Name: name, Wire: "webhook", Format: "json", Address: "https://receiver.example/hook",
		Types: "notice.*", Settings: []byte("{}"), Secrets: []byte("sealed"), State: "active", CreatedAt: now, UpdatedAt: now}
}

func push(e store.Endpoint, subject, kind string) store.Push {
	return store.Push{ID: ID(), Tenant: e.PartnerID, About: "about", Receiver: store.ReceiverOf(e.ID), Subject: subject, Kind: kind,
		ContentType: "application/json", Head: []byte(`{"sequence":`), Tail: []byte(`}`), At: now}
}

// endpoints: names are unique while they live, versions guard, another's does not exist.
func endpoints(t *testing.T, b *bundle) {
	e := endpoint("dct", "edi")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	e.Version = 1
	got, err := b.Endpoint(t.Context(), "dct", e.ID)
	if diff := cmp.Diff(e, got); err != nil || diff != "" {
		t.Errorf("endpoint (-want +got), %v:\n%s", err, diff)
	}
	_, err = b.Endpoint(t.Context(), "cmt", e.ID)
	wantErr(t, "endpoint of another", err, store.ErrNotFound)
	wantConflict(t, "the same name", b.Commit(t.Context(), store.Change{Endpoints: []store.Endpoint{endpoint("dct", "edi")}}), "endpoint")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{endpoint("cmt", "edi")}}) // another partner's name is its own
	foreign := e
	foreign.PartnerID = "cmt"
	wantConflict(t, "another partner's change", b.Commit(t.Context(), store.Change{Endpoints: []store.Endpoint{foreign}}), "endpoint")
	e.State, e.Reason, e.UpdatedAt = "disabled", "gone", now+1
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	wantConflict(t, "an old version", b.Commit(t.Context(), store.Change{Endpoints: []store.Endpoint{e}}), "endpoint")
	if active, err := b.ActiveEndpoints(t.Context()); err != nil || len(active) != 1 || active[0].PartnerID != "cmt" {
		t.Errorf("active %v, %v", active, err)
	}
	e.State, e.Version = "deleted", 2
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	b.commit(t, store.Change{Endpoints: []store.Endpoint{endpoint("dct", "edi")}}) // the name is free again
	if all, err := b.Endpoints(t.Context(), "dct"); err != nil || len(all) != 2 || all[0].State != "deleted" || all[0].Name != "edi" {
		t.Errorf("endpoints %v, %v", all, err)
	}
	if got, err := b.EndpointByID(t.Context(), e.ID); err != nil || got.Version != 3 || got.State != "deleted" {
		t.Errorf("by id %+v, %v", got, err)
	}
}

// pushLines: many writers of two processes push to a few lines; each line is
// 1, 2, 3 … in the order of the commits, and the bytes carry the number.
func pushLines(t *testing.T, b *bundle) {
	const writers, each = 12, 25
	second := b.open(t, store.Options{})
	e := []store.Endpoint{endpoint("dct", "a"), endpoint("dct", "b")}
	b.commit(t, store.Change{Endpoints: e})
	for _, err := range together(writers, func(w int) error {
		for i := range each {
			var c store.Change
			for k := range 1 + i%3 { // several lines in one change, in any order
				c.Pushes = append(c.Pushes, push(e[(w+k)%2], fmt.Sprintf("notice/%d", (w*7+k)%5), "notice.step"))
			}
			s := b.Store
			if w%2 == 1 {
				s = second
			}
			err := s.Commit(t.Context(), c)
			for errors.Is(err, store.ErrUnavailable) { // the two met too often
				err = s.Commit(t.Context(), c)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	total := 0
	for _, at := range e {
		for n := range 5 {
			list, err := b.Deliveries(t.Context(), store.DeliveryFilter{Receiver: store.ReceiverOf(at.ID), Subject: fmt.Sprintf("notice/%d", n), Limit: 500})
			if err != nil {
				t.Fatal(err)
			}
			total += len(list)
			for i := range list {
				want := int64(len(list) - i)
				m, err := b.Outgoing(t.Context(), &list[i].OutboxItem)
				if err != nil || list[i].Sequence != want || !bytes.Equal(m.Body, fmt.Appendf(nil, `{"sequence":%d}`, want)) || m.SHA256 != digest(m.Body) {
					t.Fatalf("place %d of a line: sequence %d, body %s, %v", want, list[i].Sequence, m.Body, err)
				}
			}
		}
	}
	l, err := b.Ledger(t.Context())
	if err != nil || l.Accepted != int64(total) || l.Waiting != int64(total) || l.Difference() != 0 {
		t.Errorf("ledger %+v, %v, want %d", l, err, total)
	}
	wantSound(t, b.Store)
}

// pushFails: a change that cannot stand takes no number away.
func pushFails(t *testing.T, b *bundle) {
	e := endpoint("dct", "a")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	one := push(e, "notice/1", "notice.issued")
	b.commit(t, store.Change{Pushes: []store.Push{one}})
	errs := together(20, func(i int) error {
		p := push(e, "notice/1", "notice.step")
		if i%4 == 0 {
			p.ID = one.ID
		}
		return b.Commit(t.Context(), store.Change{Pushes: []store.Push{p}})
	})
	for i, err := range errs {
		if i%4 == 0 {
			wantConflict(t, "the same id", err, "push")
		} else if err != nil {
			t.Error(err)
		}
	}
	plain := push(e, "notice/1", "notice.step")
	plain.Head, plain.Tail = []byte("UNB+UNOC"), nil
	b.commit(t, store.Change{Pushes: []store.Push{plain}})
	if m, err := b.PushBody(t.Context(), plain.Receiver, plain.ID); err != nil || string(m.Body) != "UNB+UNOC" || m.Direction != "out" {
		t.Errorf("plain body %s, %v", m.Body, err)
	}
	bad := push(e, "notice/1", "x")
	bad.Receiver = "customs"
	wantErr(t, "a push to a channel", b.Commit(t.Context(), store.Change{Pushes: []store.Push{bad}}), store.ErrInvalid)
	stranger := store.OutboxItem{Receiver: plain.Receiver, MessageID: plain.ID, Tenant: "cmt"}
	_, err := b.Outgoing(t.Context(), &stranger)
	wantErr(t, "bytes for another partner", err, store.ErrNotFound)
	if l, err := b.Ledger(t.Context()); err != nil || l.Accepted != 17 || l.Difference() != 0 {
		t.Errorf("ledger %+v, %v", l, err)
	}
	wantSound(t, b.Store)
}

// superseding reaches what waits and what is dead, of the named kinds, and
// neither what the same change pushes nor what is under way.
func superseding(t *testing.T, b *bundle) {
	e, other := endpoint("dct", "a"), endpoint("dct", "b")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e, other}})
	issued, step := push(e, "notice/1", "notice.issued"), push(e, "notice/1", "notice.step")
	changed := push(e, "notice/1", "notice.changed")
	elsewhere, another := push(e, "notice/2", "notice.issued"), push(other, "notice/1", "notice.issued")
	b.commit(t, store.Change{Pushes: []store.Push{issued, step, elsewhere, another}})
	leases := b.lease(t, b.Store, "p1", time.Minute)
	for _, o := range claim(t, b.Store, leases) {
		if o.ID == issued.ID {
			b.commit(t, done(o, "dead"))
		} else {
			b.commit(t, done(o, "waiting"))
		}
	}
	b.commit(t, store.Change{Pushes: []store.Push{changed}, Supersede: []store.Supersession{
		{Receiver: issued.Receiver, Subject: "notice/1", Kinds: []string{"notice.issued", "notice.changed"}, Reason: "superseded", At: now + 9}}})
	wantStates(t, b, map[string]string{issued.ID: "cancelled superseded", step.ID: "waiting ", changed.ID: "waiting ", elsewhere.ID: "waiting waiting",
		another.ID: "waiting waiting"})
	// The line goes on behind the dead one that was cancelled.
	heads := claim(t, b.Store, leases)
	if !slices.ContainsFunc(heads, func(o store.OutboxItem) bool { return o.ID == step.ID }) {
		t.Errorf("heads %v, want the step", heads)
	}
	b.commit(t, store.Change{Pulled: []store.Pulled{{Receiver: issued.Receiver, Subject: "notice/1", At: now + 10}}})
	wantStates(t, b, map[string]string{step.ID: "sending ", changed.ID: "cancelled pulled", another.ID: "sending waiting"})
	if l, err := b.Ledger(t.Context()); err != nil || l.Difference() != 0 {
		t.Errorf("ledger %+v, %v", l, err)
	}
}

func wantStates(t *testing.T, b *bundle, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for id := range want {
		o, err := b.OutboxItem(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got[id] = o.State + " " + o.LastError
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// supersedingTogether: whatever changes share a transaction, each supersedes
// only what came before it: of the last of each line something waits.
func supersedingTogether(t *testing.T, b *bundle) {
	e := endpoint("dct", "a")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e}})
	for _, err := range together(60, func(i int) error {
		p := push(e, fmt.Sprintf("notice/%d", i%3), "notice.changed")
		return b.Commit(t.Context(), store.Change{Pushes: []store.Push{p},
			Supersede: []store.Supersession{{Receiver: p.Receiver, Subject: p.Subject, Reason: "superseded", At: now + 1}}})
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for n := range 3 {
		list, err := b.Deliveries(t.Context(), store.DeliveryFilter{Receiver: store.ReceiverOf(e.ID), Subject: fmt.Sprintf("notice/%d", n)})
		if err != nil || len(list) != 20 {
			t.Fatalf("%d deliveries, %v", len(list), err)
		}
		for i := range list {
			want := "cancelled"
			if i == 0 {
				want = "waiting"
			}
			if list[i].State != want {
				t.Errorf("sequence %d of a line is %s, want %s", list[i].Sequence, list[i].State, want)
			}
		}
	}
}

func deliveries(t *testing.T, b *bundle) {
	e, other := endpoint("dct", "a"), endpoint("cmt", "a")
	b.commit(t, store.Change{Endpoints: []store.Endpoint{e, other}})
	var pushes []store.Push
	for i, subject := range []string{"notice/1", "notice/2", "notice/1"} {
		p := push(e, subject, "notice.issued")
		p.At = now + int64(i)
		pushes = append(pushes, p)
	}
	pushes = append(pushes, push(other, "notice/1", "notice.released"))
	b.commit(t, store.Change{Pushes: pushes})
	b.commit(t, accept("a", "R1")) // a declaration's own message is no delivery
	leases := b.lease(t, b.Store, "p1", time.Minute)
	for _, o := range claim(t, b.Store, leases) {
		if o.ID == pushes[0].ID {
			b.commit(t, done(o, "dead"))
		}
	}
	receiver := pushes[0].Receiver
	for _, c := range []struct {
		name string
		f    store.DeliveryFilter
		want []int
	}{
		{"all", store.DeliveryFilter{}, []int{3, 2, 1, 0}},
		{"receiver", store.DeliveryFilter{Receiver: receiver}, []int{2, 1, 0}},
		{"line", store.DeliveryFilter{Receiver: receiver, Subject: "notice/1"}, []int{2, 0}},
		{"subject", store.DeliveryFilter{Subject: "notice/1"}, []int{3, 2, 0}},
		{"dead", store.DeliveryFilter{State: "dead"}, []int{0}},
		{"dead of another", store.DeliveryFilter{State: "dead", Receiver: store.ReceiverOf(other.ID)}, nil},
		{"time", store.DeliveryFilter{Receiver: receiver, From: now + 1, To: now + 2}, []int{1}},
		{"page", store.DeliveryFilter{Receiver: receiver, Before: pushes[2].ID, Limit: 1}, []int{1}},
	} {
		list, err := b.Deliveries(t.Context(), c.f)
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for i := range list {
			at := slices.IndexFunc(pushes, func(p store.Push) bool { return p.ID == list[i].ID })
			got = append(got, at)
			if at >= 0 && (list[i].Kind != pushes[at].Kind || list[i].Size == 0 || list[i].Tenant != pushes[at].Tenant) {
				t.Errorf("%s: %+v", c.name, list[i])
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// attempts are numbered on, whatever numbers come.
func attempts(t *testing.T, b *bundle) {
	item := ID()
	for _, n := range []int64{0, 1, 5, 0} {
		b.commit(t, store.Change{Attempts: []store.Attempt{{ItemID: item, Number: n, Receiver: "endpoint:x", Result: "temporary", Detail: "503", At: now}}})
	}
	list, err := b.Attempts(t.Context(), item)
	var got []int64
	for _, a := range list {
		got = append(got, a.Number)
	}
	if diff := cmp.Diff([]int64{1, 2, 5, 6}, got); err != nil || diff != "" || list[0].Detail != "503" {
		t.Errorf("numbers (-want +got), %v:\n%s", err, diff)
	}
}

// pushDoctor keeps the doctor honest about pushes.
func pushDoctor(t *testing.T, b *bundle) {
	p := push(endpoint("dct", "never stored"), "notice/1", "notice.issued")
	b.commit(t, store.Change{Pushes: []store.Push{p}})
	b.commit(t, store.Change{Outbox: []store.OutboxItem{{ID: ID(), Receiver: p.Receiver, Subject: p.Subject, Sequence: 3, Tenant: "dct", DeclarationID: "d",
		MessageID: p.ID, CreatedAt: now}}}) // counted by nobody
	findings, err := b.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.Code)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"ledger", "push-counter", "push-stranger", "sequence-gap"}, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
