package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	goodSecret  = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	otherSecret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// knock sends one webhook, signed by the reference library.
func knock(t *testing.T, url, secret, id, subject string, sequence int, body string) *http.Response {
	t.Helper()
	w, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	signature, err := w.Sign(id, now, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"webhook-id": id, "webhook-timestamp": strconv.FormatInt(now.Unix(), 10), "webhook-signature": signature,
		"X-Notification-Type": "declaration.sent", "X-Subject": subject, "X-Sequence": strconv.Itoa(sequence), "X-Attempt": "1", "X-Replay": "false"} {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	return resp
}

func send(t *testing.T, method, url, body string) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, got
}

func TestReceiverTakesVerifiesAndWatches(t *testing.T) {
	t.Parallel()
	r, err := RunReceiver(t.Context(), &Receiver{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := knock(t, r.URL, goodSecret, "m0", "d/1", 1, "{}").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("without a secret: %d", got)
	}
	for _, s := range []string{otherSecret, goodSecret} {
		if got, _ := send(t, http.MethodPost, r.Base+"/sandbox/secrets", s); got != http.StatusNoContent {
			t.Errorf("trust: %d", got)
		}
	}
	if got, body := send(t, http.MethodPost, r.Base+"/sandbox/secrets", "whsec_?"); got != http.StatusUnprocessableEntity || bytes.Contains(body, []byte("?")) {
		t.Errorf("no secret: %d %s", got, body)
	}
	for _, row := range []struct {
		id, subject, body string
		sequence, want    int
		duplicate         string
	}{
		{"m1", "d/1", `{"n":1}`, 1, 200, ""},
		{"m1", "d/1", `{"n":1}`, 1, 200, "true"},
		{"m1", "d/1", `{"n":2}`, 1, 409, ""}, // violation
		{"m2", "d/1", `{"n":2}`, 2, 200, ""},
		{"m4", "d/1", `{"n":4}`, 4, 200, ""}, // violation: 3 is missing
		{"m5", "d/2", "EDI", 1, 200, ""},
	} {
		resp := knock(t, r.URL, goodSecret, row.id, row.subject, row.sequence, row.body)
		if resp.StatusCode != row.want || resp.Header.Get("X-Duplicate") != row.duplicate {
			t.Errorf("%s: %d, duplicate %q", row.id, resp.StatusCode, resp.Header.Get("X-Duplicate"))
		}
	}
	if got, _ := send(t, http.MethodPost, r.Base+"/sandbox/answer", "410"); got != http.StatusNoContent {
		t.Errorf("answer: %d", got)
	}
	if got := knock(t, r.URL, goodSecret, "m6", "d/2", 2, "{}").StatusCode; got != http.StatusGone {
		t.Errorf("a status that was set: %d", got)
	}
	if got, _ := send(t, http.MethodPost, r.Base+"/sandbox/answer", "soon"); got != http.StatusUnprocessableEntity {
		t.Errorf("no status: %d", got)
	}
	r.Answer(http.StatusOK)
	if got := knock(t, r.URL, goodSecret, "m6", "d/2", 2, "{}"); got.StatusCode != http.StatusOK || got.Header.Get("X-Duplicate") != "" {
		t.Errorf("what was refused came as a duplicate: %d", got.StatusCode)
	}
	_, body := send(t, http.MethodGet, r.Base+"/sandbox/received", "")
	var list struct{ Items []Received }
	if err := json.Unmarshal(body, &list); err != nil || len(list.Items) != 9 {
		t.Fatalf("%d attempts, %v: %s", len(list.Items), err, body)
	}
	if one := list.Items[1]; len(one.Secrets) != 1 || one.Secrets[0] != 2 || string(one.Body) != `{"n":1}` || one.Type != "declaration.sent" {
		t.Errorf("an attempt is listed as %+v", one)
	}
	var kinds []string
	for _, v := range r.Violations() {
		kinds = append(kinds, v.Kind)
	}
	if got := strings.Join(kinds, ", "); got != "a signature that does not verify, other bytes under one id, a subject that jumps" {
		t.Errorf("violations: %s", got)
	}
	if got, _ := send(t, http.MethodDelete, r.Base+"/sandbox/secrets", ""); got != http.StatusNoContent {
		t.Errorf("forget: %d", got)
	}
	if got := knock(t, r.URL, goodSecret, "m7", "d/2", 3, "{}").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("after all secrets were forgotten: %d", got)
	}
}
