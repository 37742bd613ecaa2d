package webhook

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	reference "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"pgregory.net/rapid"

	"kouan/port-adapters/adaptertest"
)

// text is the text form of a key.
func text(key []byte) string { return SecretPrefix + base64.StdEncoding.EncodeToString(key) }

func signed(secrets []Secret, id string, at time.Time, body []byte) http.Header {
	h := http.Header{}
	h.Set(HeaderID, id)
	h.Set(HeaderTimestamp, itoa(at.Unix()))
	h.Set(HeaderSignature, SignAll(secrets, id, at, body))
	return h
}

// The example of the specification's own page and libraries.
func TestPublishedVector(t *testing.T) {
	t.Parallel()
	published, err := ParseSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := Sign(published, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

func TestReferenceLibraryTakesWhatWasDelivered(t *testing.T) {
	t.Parallel()
	p, a, _ := setup(t)
	now := time.Now()
	a.Clock = func() time.Time { return now }
	a.Secrets = []Secret{{Key: otherKey}, {Key: key, Until: now.Add(time.Hour)}}
	p.refuses = http.StatusNoContent
	m := adaptertest.Message(1)
	if _, err := a.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, k := range [][]byte{key, otherKey} { // before and after the receiver changed over
		receiver, err := reference.NewWebhook(text(k))
		if err != nil {
			t.Fatal(err)
		}
		if err := receiver.Verify(m.Body, p.heads[0]); err != nil {
			t.Errorf("secret %s: %v", text(k), err)
		}
		for name, change := range map[string]func(http.Header) []byte{
			"body":      func(http.Header) []byte { return append(bytes.Clone(m.Body), ' ') },
			"id":        func(h http.Header) []byte { h.Set(HeaderID, "other"); return m.Body },
			"timestamp": func(h http.Header) []byte { h.Set(HeaderTimestamp, itoa(now.Unix()+1)); return m.Body },
		} {
			h := p.heads[0].Clone()
			body := change(h)
			if receiver.Verify(body, h) == nil || Verify([][]byte{k}, h, body, now) == nil {
				t.Errorf("an altered %s is taken", name)
			}
		}
	}
}

// Both implementations give one signature for whatever is signed, and each
// takes what the other signed.
func TestAgreesWithReferenceLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SliceOfN(rapid.Byte(), shortestSecret, longestSecret).Draw(t, "key")
		id := rapid.StringMatching(`[!-~]{1,40}`).Draw(t, "id")
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		at := time.Unix(rapid.Int64Range(0, 1<<40).Draw(t, "at"), 0)
		theirs, err := reference.NewWebhook(text(k))
		if err != nil {
			t.Fatal(err)
		}
		want, err := theirs.Sign(id, at, body)
		if err != nil {
			t.Fatal(err)
		}
		if got := Sign(k, id, at, body); got != want {
			t.Errorf("signed %s, want %s", got, want)
		}
		h := signed([]Secret{{Key: k}}, id, at, body)
		if err := theirs.VerifyIgnoringTimestamp(body, h); err != nil {
			t.Errorf("the reference library refuses ours: %v", err)
		}
		if err := Verify([][]byte{k}, h, body, at); err != nil {
			t.Errorf("we refuse what the reference library takes: %v", err)
		}
	})
}

// OpenSSL knows nothing of webhooks: it computes the HMAC of the bytes that
// the specification names.
func TestOpenSSLComputesTheSameSignature(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		if os.Getenv("KOUAN_STRICT") != "" {
			t.Fatalf("openssl is not installed: %v", err)
		}
		t.Skip("openssl is not installed: the signature is not checked independently")
	}
	m := adaptertest.Message(1)
	content := filepath.Join(t.TempDir(), "signed")
	if err := os.WriteFile(content, []byte(m.ID+"."+itoa(noon.Unix())+"."+string(m.Body)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), openssl, "dgst", "-sha256", "-mac", "HMAC", "-macopt", "key:"+string(key), "-binary", content).Output()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Sign(key, m.ID, noon, m.Body), "v1,"+base64.StdEncoding.EncodeToString(out); got != want {
		t.Errorf("signature %s, openssl says %s", got, want)
	}
}

func TestAnExpiredSecretSignsNoMore(t *testing.T) {
	t.Parallel()
	secrets := []Secret{{Key: otherKey}, {Key: key, Until: noon}}
	body := []byte("{}")
	for _, row := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"a second before its end", noon.Add(-time.Second), 2},
		{"at its end", noon, 1},
	} {
		all := SignAll(secrets, "id", row.at, body)
		if got := len(strings.Fields(all)); got != row.want {
			t.Errorf("%s: %d signatures, want %d", row.name, got, row.want)
		}
		old := Verify([][]byte{key}, signed(secrets, "id", row.at, body), body, row.at)
		if (old == nil) != (row.want == 2) {
			t.Errorf("%s: the old secret verifies with %v", row.name, old)
		}
		if err := Verify([][]byte{otherKey}, signed(secrets, "id", row.at, body), body, row.at); err != nil {
			t.Errorf("%s: the new secret verifies with %v", row.name, err)
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	body := []byte("{}")
	good := func() http.Header { return signed([]Secret{{Key: key}}, "id", noon, body) }
	for _, row := range []struct {
		name   string
		change func(http.Header)
		now    time.Time
		want   error
	}{
		{"nothing", func(http.Header) {}, noon, nil},
		{"five minutes late", func(http.Header) {}, noon.Add(Tolerance), nil},
		{"a second later", func(http.Header) {}, noon.Add(Tolerance + time.Second), ErrTimestamp},
		{"from the future", func(http.Header) {}, noon.Add(-Tolerance - time.Second), ErrTimestamp},
		{"an instant at the end of time", func(h http.Header) { h.Set(HeaderTimestamp, "9223372036854775807") }, noon, ErrTimestamp},
		{"no timestamp", func(h http.Header) { h.Del(HeaderTimestamp) }, noon, ErrHeaders},
		{"a timestamp in words", func(h http.Header) { h.Set(HeaderTimestamp, "noon") }, noon, ErrHeaders},
		{"no id", func(h http.Header) { h.Del(HeaderID) }, noon, ErrHeaders},
		{"no signature", func(h http.Header) { h.Del(HeaderSignature) }, noon, ErrHeaders},
		{"another scheme", func(h http.Header) { h.Set(HeaderSignature, "v1a"+h.Get(HeaderSignature)[2:]) }, noon, ErrSignature},
		{"a scheme that is not known beside ours", func(h http.Header) { h.Set(HeaderSignature, "v1a,xx "+h.Get(HeaderSignature)) }, noon, nil},
		{"not base64 beside ours", func(h http.Header) { h.Set(HeaderSignature, "v1,?? "+h.Get(HeaderSignature)) }, noon, nil},
		{"half a signature", func(h http.Header) { h.Set(HeaderSignature, h.Get(HeaderSignature)[:27]) }, noon, ErrSignature},
	} {
		h := good()
		row.change(h)
		if err := Verify([][]byte{otherKey, key}, h, body, row.now); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, err, row.want)
		}
	}
}

func TestSecretsInTextForm(t *testing.T) {
	t.Parallel()
	made, err := NewSecret(bytes.NewReader(key))
	if err != nil || made != text(key) {
		t.Fatalf("NewSecret = %q, %v; want %q", made, err, text(key))
	}
	for _, form := range []string{made, strings.TrimPrefix(made, SecretPrefix)} {
		if got, err := ParseSecret(form); err != nil || !bytes.Equal(got, key) {
			t.Errorf("ParseSecret(%q) = %q, %v", form, got, err)
		}
	}
	for _, bad := range []string{"", SecretPrefix, "whsec_not base64!", text(key[:23]), text(append(bytes.Clone(key), append(key, 0)...))} {
		_, err := ParseSecret(bad)
		if err == nil || bad != "" && strings.Contains(err.Error(), strings.TrimPrefix(bad, SecretPrefix)) && len(bad) > len(SecretPrefix) {
			t.Errorf("ParseSecret(%q) = %v, want an error without the secret", bad, err)
		}
	}
	if _, err := NewSecret(iotest.ErrReader(errors.New("no randomness"))); err == nil {
		t.Error("a secret was made without randomness")
	}
}
