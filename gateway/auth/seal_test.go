package auth

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func line(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }

func sealOf(t *testing.T, lines ...string) *Seal {
	t.Helper()
	s, err := NewSeal([]byte(strings.Join(lines, "\n")), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSealedSecretsOpenAndDoNotShow(t *testing.T) {
	t.Parallel()
	s := sealOf(t, line(1))
	secret := []byte("whsec_of alice")
	first, err := s.Seal(secret, "endpoint/1")
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Seal(secret, "endpoint/1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(first, secret[:6]) || bytes.Equal(first, second) {
		t.Error("the secret shows, or two blobs of it are alike")
	}
	if got, err := s.Open(first, "endpoint/1"); err != nil || !bytes.Equal(got, secret) {
		t.Errorf("Open = %q, %v", got, err)
	}
	if empty, err := s.Seal(nil, "e"); err != nil {
		t.Fatal(err)
	} else if got, err := s.Open(empty, "e"); err != nil || len(got) != 0 {
		t.Errorf("nothing opens as %q, %v", got, err)
	}
}

func TestChangedOrMovedSecretsDoNotOpen(t *testing.T) {
	t.Parallel()
	s := sealOf(t, line(1), line(2))
	blob, err := s.Seal([]byte("secret"), "endpoint/1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(blob, "endpoint/2"); !errors.Is(err, ErrSealed) {
		t.Errorf("moved to another endpoint: got %v, want ErrSealed", err)
	}
	for i := range blob {
		changed := bytes.Clone(blob)
		changed[i] ^= 1
		if _, err := s.Open(changed, "endpoint/1"); !errors.Is(err, ErrSealed) && !errors.Is(err, ErrSealKey) {
			t.Errorf("byte %d changed: got %v", i, err)
		}
		if _, err := s.Open(blob[:i], "endpoint/1"); !errors.Is(err, ErrSealed) {
			t.Errorf("cut at %d: got %v, want ErrSealed", i, err)
		}
	}
}

func TestKeysAreChangedWithoutLosingSecrets(t *testing.T) {
	t.Parallel()
	before := sealOf(t, line(1))
	blob, err := before.Seal([]byte("secret"), "e")
	if err != nil {
		t.Fatal(err)
	}
	both := sealOf(t, "# the new one", line(2), "", "  "+line(1)+"  ")
	plain, err := both.Open(blob, "e")
	if err != nil || both.Newest(blob) {
		t.Fatalf("with the new key on top: %v, newest %v", err, both.Newest(blob))
	}
	again, err := both.Seal(plain, "e")
	if err != nil || !both.Newest(again) {
		t.Fatalf("sealed anew: %v, newest %v", err, both.Newest(again))
	}
	after := sealOf(t, line(2))
	if got, err := after.Open(again, "e"); err != nil || string(got) != "secret" {
		t.Errorf("without the old key: %q, %v", got, err)
	}
	if _, err := after.Open(blob, "e"); !errors.Is(err, ErrSealKey) {
		t.Errorf("the old blob without its key: got %v, want ErrSealKey", err)
	}
}

func TestKeyFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"empty": "", "only words": "# nothing\n\n", "short": line(1)[:20], "not base64": strings.Repeat("!", 44),
		"24 bytes": base64.StdEncoding.EncodeToString(make([]byte, 24)), "the same twice": line(1) + "\n" + line(1), "good, then bad": line(1) + "\nx",
	} {
		_, err := NewSeal([]byte(file), rand.Reader)
		if err == nil || len(file) > 10 && strings.Contains(err.Error(), strings.TrimSpace(strings.Split(file, "\n")[0])) {
			t.Errorf("%s: %v, want an error that shows no key", name, err)
		}
	}
	if _, err := NewSealKey(iotest.ErrReader(errors.New("none"))); err == nil {
		t.Error("a key was made without randomness")
	}
	made, err := NewSealKey(bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	if err != nil || made != line(1) {
		t.Errorf("NewSealKey = %q, %v", made, err)
	}
	broken, err := NewSeal([]byte(line(1)), iotest.ErrReader(errors.New("none")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := broken.Seal([]byte("x"), "e"); err == nil {
		t.Error("sealed without randomness")
	}
}
