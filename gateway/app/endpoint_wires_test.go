package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	portadapters "kouan/port-adapters"
	"kouan/port-adapters/adaptertest"
)

func wiresOf(t *testing.T) *endpointWires {
	t.Helper()
	c := newConsole(nil, strings.NewReader(""), io.Discard, io.Discard)
	s := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "kouan.db"), store.Options{})
	w := newEndpointWires(s, nil, c, slog.New(slog.DiscardHandler))
	t.Cleanup(w.close)
	w.desk = c.desk(s)
	key, err := auth.NewSealKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if w.desk.Seal, err = auth.NewSeal([]byte(key), rand.Reader); err != nil {
		t.Fatal(err)
	}
	if err := w.desk.AddPartner(t.Context(), "test", "quay", "quay", auth.Terminal); err != nil {
		t.Fatal(err)
	}
	return w
}

// keyPair is a host key as an operator pins it, and a private key as he keeps it.
func keyPair(t *testing.T) (public, private string) {
	t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	host, err := ssh.NewPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(host))), string(pem.EncodeToMemory(block))
}

func TestWiresAreMadeOfWhatTheOperatorSays(t *testing.T) {
	t.Parallel()
	w := wiresOf(t)
	host, private := keyPair(t)
	sftp := fmt.Sprintf(`{"user":"kouan","host_keys":%q,"directory":"in"}`, host)
	const smtp = `{"server":"mail.example:587","from":"port@kouan.example"}`
	for _, row := range []struct {
		name, wire, address, settings string
		credentials                   map[string]string
		want                          string // part of the error; empty: it is made
	}{
		{"a folder", "filedrop", "/srv/quay", "", nil, ""},
		{"a folder that depends on where we stand", "filedrop", "srv/quay", "", nil, "not absolute"},
		{"SFTP with a password", "sftp", "sftp.example:22", sftp, map[string]string{"password": "hush"}, ""},
		{"SFTP with a key", "sftp", "sftp.example:22", sftp, map[string]string{"private_key": private}, ""},
		{"SFTP without settings", "sftp", "sftp.example:22", "", map[string]string{"password": "hush"}, "settings are missing"},
		{"SFTP without a pinned key", "sftp", "sftp.example:22", `{"user":"kouan","host_keys":""}`, map[string]string{"password": "hush"}, "host_keys: NOT-1323"},
		{"SFTP with nothing to sign in with", "sftp", "sftp.example:22", sftp, nil, "password or private_key"},
		{"SFTP with half a key", "sftp", "sftp.example:22", sftp, map[string]string{"private_key": private[:80]}, "private_key is not readable"},
		{"SFTP with a setting that does not exist", "sftp", "sftp.example:22", `{"user":"kouan","hostkeys":""}`, nil, "unknown object member"},
		{"mail", "mail", "a@quay.example, b@quay.example", smtp, nil, ""},
		{"mail to nobody", "mail", "quay", smtp, nil, "address: NOT-"},
		{"mail from nobody", "mail", "a@quay.example", `{"server":"mail.example:587","from":"port"}`, nil, "from: "},
		{"mail over nothing", "mail", "a@quay.example", `{"server":"mail.example","from":"port@kouan.example"}`, nil, "server: "},
		{"to be fetched", "pull", "", "", nil, "nothing is sent over pull"},
	} {
		e := store.Endpoint{ID: "e", Wire: row.wire, Format: "json", Address: row.address, Settings: []byte(row.settings)}
		a, done, err := w.make(&e, &desk.EndpointSecrets{Credentials: row.credentials})
		if done != nil {
			done()
		}
		switch {
		case row.want == "" && (err != nil || a == nil):
			t.Errorf("%s: %v", row.name, err)
		case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want) || !errors.Is(err, portadapters.ErrPermanent)):
			t.Errorf("%s: %v, want a permanent %q", row.name, err, row.want)
		}
		for _, secret := range row.credentials {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error shows a secret", row.name)
			}
		}
	}
}

func TestADeliveryFollowsItsEndpoint(t *testing.T) {
	t.Parallel()
	w := wiresOf(t)
	root := t.TempDir()
	for _, dir := range []string{"out", "in"} {
		if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	made, err := w.desk.AddEndpointFor(t.Context(), operator, "quay", desk.NewEndpoint{Name: "folder", Wire: "filedrop", Format: "edifact", Address: root})
	if err != nil {
		t.Fatal(err)
	}
	a, ok := w.resolve(store.ReceiverOf(made.ID))
	if !ok {
		t.Fatal("no way to the endpoint")
	}
	if _, err := a.Deliver(t.Context(), adaptertest.Message(1)); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(filepath.Join(root, "out")); err != nil || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	if got := w.heldNow(); len(got) != 0 {
		t.Errorf("held: %v", got)
	}

	if _, err := w.desk.SetEndpointStateFor(t.Context(), operator, made.ID, desk.EndpointDisabled); err != nil {
		t.Fatal(err)
	}
	if got := w.heldNow(); len(got) != 1 || got[0] != store.ReceiverOf(made.ID) {
		t.Errorf("held right after it was disabled: %v", got)
	}
	if _, err := a.Deliver(t.Context(), adaptertest.Message(2)); !errors.Is(err, portadapters.ErrUnsent) {
		t.Errorf("to a disabled endpoint: %v, want it given back", err)
	}
	if err := w.desk.DeleteEndpointFor(t.Context(), operator, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Deliver(t.Context(), adaptertest.Message(2)); !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("to a deleted endpoint: %v, want a permanent error", err)
	}
	nobody, _ := w.resolve(store.ReceiverOf("00000000-0000-7000-8000-000000000000"))
	if _, err := nobody.Deliver(t.Context(), adaptertest.Message(2)); !errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("to an endpoint that never was: %v", err)
	}
	if _, ok := w.resolve("customs-dxp"); ok {
		t.Error("a channel of the operator is taken for an endpoint")
	}
}

// A database that is away for a moment must not bury what waits.
func TestWithoutTheDatabaseADeliveryWaits(t *testing.T) {
	t.Parallel()
	w := wiresOf(t)
	made, err := w.desk.AddEndpointFor(t.Context(), operator, "quay", desk.NewEndpoint{Name: "fetch", Wire: "pull"})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.heldNow(); len(got) != 1 {
		t.Fatalf("held: %v, want the one that is fetched", got)
	}
	lost, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "empty.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := lost.Close(); err != nil {
		t.Fatal(err)
	}
	w.store = lost
	w.clock = func() time.Time { return time.Now().Add(time.Minute) }
	a, ok := w.resolve(store.ReceiverOf(made.ID))
	if !ok {
		t.Fatal("the receiver is taken for nobody")
	}
	if _, err := a.Deliver(t.Context(), adaptertest.Message(1)); err == nil || errors.Is(err, portadapters.ErrPermanent) {
		t.Errorf("got %v, want a temporary error", err)
	}
	if got := w.heldNow(); len(got) != 1 {
		t.Errorf("what was held is forgotten: %v", got)
	}
}

func TestAFileOfKeysThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := newConsole(nil, strings.NewReader(""), io.Discard, io.Discard)
	file := filepath.Join(dir, "keys")
	if err := c.demoSeal(file); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.demoSeal(file); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(file); err != nil || string(again) != string(first) {
		t.Errorf("the key of a demo changes with its second start: %v", err)
	}
	if s, err := c.seal(file); err != nil || s == nil {
		t.Errorf("a good file: %v", err)
	}
	if s, err := c.seal(""); err != nil || s != nil {
		t.Errorf("no file: %v, %v", s, err)
	}
	for name, spoil := range map[string]func() error{
		"readable by others": func() error { return os.Chmod(file, 0o640) },
		"no key": func() error {
			return errors.Join(os.WriteFile(file, []byte("nonsense\n"), 0o600), os.Chmod(file, 0o600))
		},
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.seal(file); err == nil || strings.Contains(err.Error(), "nonsense") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.seal(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}
