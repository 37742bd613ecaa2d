package desk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/webhook"
)

// told is a bundle whose desk can keep secrets, with alice, bob and a terminal as partners.
func told(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.Desk.Random = rand.Reader
	b.Desk.Seal = sealWith(t, 1)
	for _, p := range []store.Partner{{ID: "alice", Role: "forwarder"}, {ID: "bob", Role: "forwarder"}, {ID: "quay", Role: "terminal"}} {
		p.Name, p.CreatedAt = p.ID, 1
		if err := b.store.Commit(t.Context(), store.Change{Partner: &p}); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func sealWith(t *testing.T, keys ...byte) *auth.Seal {
	t.Helper()
	var file []string
	for _, k := range keys {
		file = append(file, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{k}, 32)))
	}
	s, err := auth.NewSeal([]byte(strings.Join(file, "\n")), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func hook(name string, types ...string) desk.NewEndpoint {
	return desk.NewEndpoint{Name: name, Wire: "webhook", Address: "https://hooks.example/" + name, Types: types,
		Render: func(m desk.MadeEndpoint) desk.Replayed {
			return desk.Replayed{Status: 201, ContentType: "application/json", Body: []byte(m.ID + " " + m.Secret)}
		}}
}

func (b *bundle) endpoint(t *testing.T, p auth.Principal, in desk.NewEndpoint) desk.MadeEndpoint {
	t.Helper()
	made, err := b.AddEndpoint(t.Context(), p, in)
	if err != nil {
		t.Fatalf("add endpoint %s: %v", in.Name, err)
	}
	return made
}

// log is what an endpoint was or will be told, oldest first.
func (b *bundle) log(t *testing.T, p auth.Principal, endpoint string) []store.Delivery {
	t.Helper()
	list, _, err := b.Deliveries(t.Context(), p, endpoint, store.DeliveryFilter{Limit: 500})
	if err != nil {
		t.Fatalf("list deliveries: %v", err)
	}
	slices.SortFunc(list, func(a, b store.Delivery) int { return strings.Compare(a.ID, b.ID) })
	return list
}

func (b *bundle) claimed(t *testing.T) map[string]store.OutboxItem {
	t.Helper()
	leases, err := b.store.Lease(t.Context(), "desk-test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	items, err := b.store.Claim(t.Context(), leases, nil, 100)
	if err != nil {
		t.Fatal(err)
	}
	byReceiver := map[string]store.OutboxItem{}
	for _, it := range items {
		byReceiver[it.Receiver] = it
	}
	return byReceiver
}

// faultsOf are the codes that an error carries.
func faultsOf(err error) []string {
	var faults *desk.FaultsError
	var refused *desk.EndpointError
	switch {
	case errors.As(err, &faults):
		var codes []string
		for _, f := range faults.Faults {
			codes = append(codes, f.Code)
		}
		return codes
	case errors.As(err, &refused):
		return []string{refused.Fault.Code}
	case err != nil:
		return []string{err.Error()}
	}
	return nil
}

func TestEveryTimelineEntryIsToldInTheSameCommit(t *testing.T) {
	t.Parallel()
	b := told(t)
	all := b.endpoint(t, b.alice, hook("all"))
	few := b.endpoint(t, b.alice, hook("few", "declaration.receipt", "notice.*"))
	off := b.endpoint(t, b.alice, hook("off", "declaration.*"))
	other := b.endpoint(t, b.bob, hook("other"))
	if _, err := b.SetEndpointState(t.Context(), b.alice, off.ID, "disabled"); err != nil {
		t.Fatal(err)
	}
	a := b.mustSubmit(t, b.alice, "EX1")
	b.hear(t, importResponse("EX1", "I20260000999900001", "0", ""))
	b.hear(t, result("I20260000999900001", "L", "2026-01-05T10:17:00"))

	row, events, err := b.Timeline(t.Context(), b.alice, a.ID)
	if err != nil || len(events) != 3 {
		t.Fatalf("timeline of %d entries, %v", len(events), err)
	}
	for _, e := range []struct {
		endpoint desk.MadeEndpoint
		types    []string
	}{
		{all, []string{"declaration.submitted", "declaration.receipt", "declaration.receipt"}},
		{few, []string{"declaration.receipt", "declaration.receipt"}},
		{off, []string{"declaration.submitted", "declaration.receipt", "declaration.receipt"}}, // held, not lost
	} {
		var types []string
		for i, it := range b.log(t, b.alice, e.endpoint.ID) {
			types = append(types, it.Kind)
			if it.Sequence != int64(i+1) || it.Subject != "declaration/"+a.ID || it.State != "waiting" {
				t.Errorf("%s: item %d is %+v", e.endpoint.Name, i, it)
			}
		}
		if diff := cmp.Diff(e.types, types); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.endpoint.Name, diff)
		}
	}
	if list := b.log(t, b.bob, other.ID); len(list) != 0 {
		t.Errorf("another partner is told %v", list)
	}

	last := b.log(t, b.alice, all.ID)[2]
	m, err := b.DeliveryBody(t.Context(), b.alice, last.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 5, 2, 17, 0, 0, time.UTC).Format(time.RFC3339) // +08:00 at the port
	var got, want any
	entry := events[2]
	expected := fmt.Sprintf(`{"type":"declaration.receipt","id":%q,"sequence":3,"occurred_at":%q,"data":{"event_id":%q,"declaration_id":%q,"client_reference":"EX1",
		"kind":"receipt","status":%q,"code":"L","note":"示例","source":"customs","at":%q,"heard_at":%q,"sequence_number":"I20260000999900001"}}`,
		last.ID, at, entry.ID, a.ID, row.Status, at, time.UnixMilli(entry.HeardAt).UTC().Format(time.RFC3339Nano))
	for text, v := range map[string]*any{string(m.Body): &got, expected: &want} {
		if err := json.Unmarshal([]byte(text), v); err != nil {
			t.Fatalf("read %s: %v", text, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if m.ContentType != "application/json" || portadapters.CheckName(m.FileName) != nil {
		t.Errorf("type %s, name %s", m.ContentType, m.FileName)
	}
	if b.woken.Load() == 0 {
		t.Error("the outbox was not woken")
	}
}

func TestWhatIsRefusedTellsNothing(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("all"))
	b.mustSubmit(t, b.alice, "EX1")
	changed := strings.Replace(string(b.xml("EX1")), "示例", "样例", 1)
	if _, err := b.Submit(t.Context(), b.alice, submission([]byte(changed), "")); err == nil {
		t.Fatal("other content under the reference was accepted")
	}
	if got := len(b.log(t, b.alice, e.ID)); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

func TestSecretsAreSealedWhereverTheyAreKept(t *testing.T) {
	t.Parallel()
	b := told(t)
	in := hook("all")
	in.IdempotencyKey, in.RequestSHA = "key", "sha"
	first := b.endpoint(t, b.alice, in)
	if _, err := webhook.ParseSecret(first.Secret); err != nil {
		t.Fatalf("secret %q: %v", first.Secret, err)
	}
	again := b.endpoint(t, b.alice, in)
	if diff := cmp.Diff(first.Answer, again.Answer); diff != "" || !again.Repeated {
		t.Errorf("the same key answers otherwise, repeated %v (-first +again):\n%s", again.Repeated, diff)
	}
	row, err := b.store.Endpoint(t.Context(), "alice", first.ID)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := b.store.IdempotencyRow(t.Context(), "alice", "key")
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimPrefix(first.Secret, webhook.SecretPrefix)
	for what, bytesOf := range map[string][]byte{"the row": row.Secrets, "the answer": kept.Body} {
		if len(bytesOf) == 0 || bytes.Contains(bytesOf, []byte(secret)) {
			t.Errorf("%s shows the secret, or keeps nothing: %d bytes", what, len(bytesOf))
		}
	}
	opened, err := b.EndpointSecrets(&row)
	if err != nil || len(opened.Signing) != 1 || opened.Signing[0].Secret != first.Secret {
		t.Errorf("opened %d secrets, %v", len(opened.Signing), err)
	}
	if text := fmt.Sprint(opened.LogValue(), opened.Signing[0].LogValue()); strings.Contains(text, secret) {
		t.Errorf("a log would show %s", text)
	}
	in.RequestSHA = "other"
	if _, err := b.AddEndpoint(t.Context(), b.alice, in); !errors.Is(err, desk.ErrIdempotency) {
		t.Errorf("the key with another body: %v", err)
	}
}

func TestEndpointsThatAreRefused(t *testing.T) {
	t.Parallel()
	b := told(t)
	b.Desk.Admit = func(_ context.Context, host, _ string) (bool, error) {
		switch host {
		case "inside.example":
			return false, portadapters.ErrGuarded
		case "test.example":
			return true, nil
		}
		return false, nil
	}
	change := func(f func(*desk.NewEndpoint)) desk.NewEndpoint {
		in := hook("name")
		f(&in)
		return in
	}
	for _, row := range []struct {
		name string
		in   desk.NewEndpoint
		want []string
	}{
		{"no name", change(func(e *desk.NewEndpoint) { e.Name = "" }), []string{"NOT-1602"}},
		{"a name with a blank", change(func(e *desk.NewEndpoint) { e.Name = "my hook" }), []string{"NOT-1602"}},
		{"a name that begins with a dot", change(func(e *desk.NewEndpoint) { e.Name = ".x" }), []string{"NOT-1602"}},
		{"a long name", change(func(e *desk.NewEndpoint) { e.Name = strings.Repeat("x", 41) }), []string{"NOT-1602"}},
		{"a folder of the operator", change(func(e *desk.NewEndpoint) { e.Wire = "filedrop" }), []string{"NOT-1603"}},
		{"mail", change(func(e *desk.NewEndpoint) { e.Wire = "mail" }), []string{"NOT-1603"}},
		{"no wire that exists", change(func(e *desk.NewEndpoint) { e.Wire = "telex" }), []string{"NOT-1603"}},
		{"no format that exists", change(func(e *desk.NewEndpoint) { e.Format = "asn1" }), []string{"NOT-1604"}},
		{"a format of mails", change(func(e *desk.NewEndpoint) { e.Format = "mail" }), []string{"NOT-1604"}},
		{"no address", change(func(e *desk.NewEndpoint) { e.Address = "" }), []string{"NOT-1605"}},
		{"a path", change(func(e *desk.NewEndpoint) { e.Address = "/hook" }), []string{"NOT-1605"}},
		{"another scheme", change(func(e *desk.NewEndpoint) { e.Address = "ftp://hooks.example/x" }), []string{"NOT-1605"}},
		{"a password in the address", change(func(e *desk.NewEndpoint) { e.Address = "https://u:p@hooks.example/x" }), []string{"NOT-1605"}},
		{"a fragment", change(func(e *desk.NewEndpoint) { e.Address = "https://hooks.example/#x" }), []string{"NOT-1605"}},
		{"a line break", change(func(e *desk.NewEndpoint) { e.Address = "https://hooks.example/\r\nX: y" }), []string{"NOT-1605"}},
		{"a very long address", change(func(e *desk.NewEndpoint) { e.Address = "https://hooks.example/" + strings.Repeat("x", 500) }), []string{"NOT-1605"}},
		{"not encrypted", change(func(e *desk.NewEndpoint) { e.Address = "http://hooks.example/x" }), []string{"NOT-1606"}},
		{"inside", change(func(e *desk.NewEndpoint) { e.Address = "https://inside.example/x" }), []string{"NOT-1607"}},
		{"a type that does not exist", change(func(e *desk.NewEndpoint) { e.Types = []string{"declaration.sold"} }), []string{"NOT-1608"}},
		{"an empty type", change(func(e *desk.NewEndpoint) { e.Types = []string{""} }), []string{"NOT-1608"}},
		{"declarations in EDIFACT", change(func(e *desk.NewEndpoint) { e.Format, e.Types = "edifact", []string{"declaration.*"} }), []string{"NOT-1609"}},
		{"everything in EDIFACT", change(func(e *desk.NewEndpoint) { e.Format, e.Types = "edifact", []string{"*"} }), []string{"NOT-1609"}},
		{"settings of another wire", change(func(e *desk.NewEndpoint) { e.Settings = []byte(`{"a":1}`) }), []string{"NOT-1611"}},
		{"credentials", change(func(e *desk.NewEndpoint) { e.Credentials = map[string]string{"password": "x"} }), []string{"NOT-1611"}},
		{"an address to pull from", change(func(e *desk.NewEndpoint) { e.Wire = "pull" }), []string{"NOT-1611"}},
		{"too many types", change(func(e *desk.NewEndpoint) { e.Types = desk.EventTypes[:21] }), []string{"NOT-1619"}},
		{"three things at once", change(func(e *desk.NewEndpoint) { e.Name, e.Address, e.Types = "?", "?", []string{"?"} }), []string{"NOT-1602", "NOT-1605", "NOT-1608"}},
		{"a test host without encryption", change(func(e *desk.NewEndpoint) { e.Name, e.Address = "test", "http://test.example/x" }), nil},
		{"many types", change(func(e *desk.NewEndpoint) { e.Name, e.Types = "many", desk.EventTypes[:20] }), nil},
		{"to be fetched", change(func(e *desk.NewEndpoint) { e.Name, e.Wire, e.Address = "fetch", "pull", "" }), nil},
		{"letters in EDIFACT", change(func(e *desk.NewEndpoint) { e.Name, e.Format = "edi", "edifact" }), nil},
	} {
		made, err := b.AddEndpoint(t.Context(), b.alice, row.in)
		if diff := cmp.Diff(row.want, faultsOf(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
		if err == nil && row.in.Format == "edifact" && made.Types != "notice.*" {
			t.Errorf("%s: types %s", row.name, made.Types)
		}
	}
}

func TestANameBelongsToOneEndpoint(t *testing.T) {
	t.Parallel()
	b := told(t)
	first := b.endpoint(t, b.alice, hook("all"))
	again := b.endpoint(t, b.alice, hook("all"))
	if again.ID != first.ID || !again.Existing || again.Secret != "" {
		t.Errorf("the same endpoint again: id %s (want %s), existing %v, secret %q", again.ID, first.ID, again.Existing, again.Secret)
	}
	_, err := b.AddEndpoint(t.Context(), b.alice, hook("all", "notice.*"))
	if diff := cmp.Diff([]string{"NOT-1601"}, faultsOf(err)); diff != "" {
		t.Errorf("another under the name (-want +got):\n%s", diff)
	}
	b.endpoint(t, b.bob, hook("all")) // names are of a partner

	var wait sync.WaitGroup
	ids := make([]string, 20)
	for i := range ids {
		wait.Go(func() {
			made, err := b.AddEndpoint(t.Context(), b.alice, hook("raced"))
			if err != nil {
				t.Errorf("racer %d: %v", i, err)
			}
			ids[i] = made.ID
		})
	}
	wait.Wait()
	if slices.Sort(ids); len(slices.Compact(ids)) != 1 {
		t.Errorf("racers made several endpoints: %v", ids)
	}

	if err := b.DeleteEndpoint(t.Context(), b.alice, first.ID); err != nil {
		t.Fatal(err)
	}
	if made := b.endpoint(t, b.alice, hook("all", "notice.*")); made.ID == first.ID || made.Secret == "" {
		t.Errorf("the name of a deleted endpoint is not free: %+v", made)
	}
	for i := range 40 {
		if _, err = b.AddEndpoint(t.Context(), b.bob, hook(fmt.Sprint("n", i))); err != nil {
			if diff := cmp.Diff([]string{"NOT-1610"}, faultsOf(err)); diff != "" || i != 19 {
				t.Errorf("number %d (-want +got):\n%s", i, diff)
			}
			return
		}
	}
	t.Error("there is no end of endpoints")
}

func TestRotationKeepsTwoSecretsAndNoThird(t *testing.T) {
	t.Parallel()
	b := told(t)
	now := time.Now()
	b.Desk.Clock = func() time.Time { return now }
	e := b.endpoint(t, b.alice, hook("all"))
	rotate := func(overlap time.Duration) (desk.Rotated, error) {
		return b.RotateEndpoint(t.Context(), b.alice, e.ID, desk.Rotation{Overlap: overlap})
	}
	secrets := func() (list []string) {
		row, err := b.store.Endpoint(t.Context(), "alice", e.ID)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := b.EndpointSecrets(&row)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range opened.Signing {
			list = append(list, s.Secret)
		}
		return list
	}
	second, err := rotate(time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{second.Secret, e.Secret}, secrets()); diff != "" || !second.OldUntil.Equal(now.Add(time.Hour).Truncate(time.Millisecond)) {
		t.Errorf("old until %v (-want +got):\n%s", second.OldUntil, diff)
	}
	if _, err := rotate(time.Hour); faultsOf(err)[0] != "NOT-1615" {
		t.Errorf("a second rotation at once: %v", err)
	}
	now = now.Add(time.Hour)
	third, err := rotate(time.Hour)
	if err != nil {
		t.Fatalf("when the old one has ended: %v", err)
	}
	leaked, err := rotate(0)
	if err != nil {
		t.Fatalf("a secret that leaked: %v", err)
	}
	if diff := cmp.Diff([]string{leaked.Secret}, secrets()); diff != "" || third.Secret == leaked.Secret {
		t.Errorf("after a leak (-want +got):\n%s", diff)
	}

	in := desk.Rotation{Overlap: time.Hour, IdempotencyKey: "r", RequestSHA: "r", Render: func(r desk.Rotated) desk.Replayed {
		return desk.Replayed{Status: 201, ContentType: "text/plain", Body: []byte(r.Secret)}
	}}
	once, err := b.RotateEndpoint(t.Context(), b.alice, e.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := b.RotateEndpoint(t.Context(), b.alice, e.ID, in)
	if err != nil || !twice.Repeated || !bytes.Equal(twice.Answer.Body, once.Answer.Body) {
		t.Errorf("the same key: %v, repeated %v", err, twice.Repeated)
	}
	if _, err := b.RotateEndpoint(t.Context(), b.bob, e.ID, desk.Rotation{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another's endpoint: %v", err)
	}
	pull := b.endpoint(t, b.alice, desk.NewEndpoint{Name: "fetch", Wire: "pull"})
	if _, err := b.RotateEndpoint(t.Context(), b.alice, pull.ID, desk.Rotation{}); faultsOf(err)[0] != "NOT-1614" {
		t.Errorf("nothing is signed there: %v", err)
	}
}

func TestSecretsAreSealedAnewWithANewKey(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("all"))
	both := sealWith(t, 2, 1)
	b.Desk.Seal = both
	for _, want := range []int{1, 0} {
		if n, err := b.ResealEndpoints(t.Context(), "operator", both.Newest); err != nil || n != want {
			t.Errorf("sealed %d anew, %v; want %d", n, err, want)
		}
	}
	b.Desk.Seal = sealWith(t, 2)
	row, err := b.store.Endpoint(t.Context(), "alice", e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := b.EndpointSecrets(&row); err != nil || s.Signing[0].Secret != e.Secret {
		t.Errorf("without the old key: %v", err)
	}
	b.Desk.Seal = sealWith(t, 3)
	if _, err := b.EndpointSecrets(&row); !errors.Is(err, auth.ErrSealKey) {
		t.Errorf("with another key: %v", err)
	}
	b.Desk.Seal = nil
	if _, err := b.EndpointSecrets(&row); !errors.Is(err, desk.ErrNoSeal) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := b.AddEndpoint(t.Context(), b.alice, hook("second")); !errors.Is(err, desk.ErrNoSeal) {
		t.Errorf("an endpoint without a key: %v", err)
	}
}

func TestWhatTheOperatorDisabledHeAloneEnables(t *testing.T) {
	t.Parallel()
	b := told(t)
	e := b.endpoint(t, b.alice, hook("all"))
	if _, err := b.SetEndpointStateFor(t.Context(), "operator", e.ID, "disabled"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.SetEndpointState(t.Context(), b.alice, e.ID, "active"); faultsOf(err)[0] != "NOT-1613" {
		t.Errorf("the owner enables it: %v", err)
	}
	if _, err := b.SetEndpointState(t.Context(), b.alice, e.ID, "asleep"); faultsOf(err)[0] != "NOT-1612" {
		t.Errorf("a state that does not exist: %v", err)
	}
	if got, err := b.SetEndpointStateFor(t.Context(), "operator", e.ID, "active"); err != nil || got.State != "active" || got.Reason != "" {
		t.Errorf("the operator enables it: %+v, %v", got, err)
	}
	if got, err := b.SetEndpointState(t.Context(), b.alice, e.ID, "disabled"); err != nil || got.Reason != "owner" {
		t.Errorf("the owner disables it: %+v, %v", got, err)
	}
	if _, err := b.SetEndpointState(t.Context(), b.alice, e.ID, "active"); err != nil {
		t.Errorf("the owner enables what he disabled: %v", err)
	}
	drop, err := b.AddEndpointFor(t.Context(), "operator", "quay", desk.NewEndpoint{Name: "folder", Wire: "filedrop", Format: "edifact", Address: "/srv/quay"})
	if err != nil || drop.Secret != "" || drop.Types != "notice.*" {
		t.Errorf("the operator's folder: %+v, %v", drop, err)
	}
	if _, err := b.AddEndpointFor(t.Context(), "operator", "nobody", hook("x")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("for a partner that does not exist: %v", err)
	}
}

// TestEveryKindOfEntryHasAType holds the list of types against the words of
// the timeline: a kind that was forgotten could not be subscribed to.
func TestEveryKindOfEntryHasAType(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../../i18n/locales/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]json.RawMessage
	if err := json.Unmarshal(body, &words); err != nil {
		t.Fatal(err)
	}
	kinds := 0
	for key := range words {
		kind, ok := strings.CutPrefix(key, "event.")
		if !ok {
			continue
		}
		if kinds++; !slices.Contains(desk.EventTypes, "declaration."+kind) {
			t.Errorf("declaration.%s is no type", kind)
		}
	}
	for _, typ := range desk.EventTypes {
		if kind, ok := strings.CutPrefix(typ, "declaration."); ok {
			if _, told := words["event."+kind]; !told {
				t.Errorf("%s has no words in the timeline", typ)
			}
		}
		if len(typ) > 48 || // 20 of them fit their column
			!regexp.MustCompile(`^[a-z]+\.[a-z0-9_]+$`).MatchString(typ) {
			t.Errorf("type %q", typ)
		}
	}
	if kinds < 30 {
		t.Errorf("only %d kinds in the timeline", kinds)
	}
}
