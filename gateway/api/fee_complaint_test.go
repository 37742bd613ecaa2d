package api

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kouan/gateway/auth"
	"kouan/tariffs/complaint"
)

const complaintsPath = "/api/v1/fee-complaints"

func sealed(t *testing.T, b *bundle) {
	t.Helper()
	line, err := auth.NewSealKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if b.Desk.Seal, err = auth.NewSeal([]byte(line), rand.Reader); err != nil {
		t.Fatal(err)
	}
}

func evidencePNG(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func complaintBody(t *testing.T) []byte {
	t.Helper()
	return fmt.Appendf(nil, `{"kind":"overcharge","text":"CANARY: twice what the list says","row":"PILOTAGE-x-001","amount":"67500.00","name":"CANARY Ivanov","mail":"canary@example.com","files":[{"name":"bill.png","data":%q}]}`, evidencePNG(t))
}

const complaintKey = "complaint-of-the-tests-1"

func TestAComplaintByPrograms(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sealed(t, b)
	body := complaintBody(t)
	first := b.postJSON(t, "", complaintsPath, body, "Idempotency-Key", complaintKey)
	made := read[FeeComplaintMade](t, first, http.StatusCreated)
	again := b.postJSON(t, "", complaintsPath, body, "Idempotency-Key", complaintKey)
	if !bytes.Equal(first.body, again.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s", again.status, again.body)
	}
	refused(t, b.postJSON(t, "", complaintsPath, bytes.Replace(body, []byte("twice"), []byte("thrice"), 1), "Idempotency-Key", complaintKey), http.StatusConflict, "conflict_idempotency")
	own := complaintsPath + "/" + made.Secret
	c := read[FeeComplaint](t, b.ask(t, "", http.MethodGet, own, nil), http.StatusOK)
	if c.Number != made.Number || c.Collector != "pilot station" || c.Contact == nil || len(c.Files) != 1 || c.Due == nil || !c.OwnChoice || c.Turn != "authority" {
		t.Errorf("%+v", c)
	}
	file := b.ask(t, "", http.MethodGet, own+"/files/1", nil)
	if file.status != http.StatusOK || file.header.Get("Content-Type") != "image/png" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", file.status, file.header)
	}
	inbox := "/api/v1/complaint-inbox/" + made.Number
	for who, status := range map[string]int{"": http.StatusUnauthorized, "alice": http.StatusForbidden, "terminal": http.StatusForbidden} {
		for _, path := range []string{"/api/v1/complaint-inbox", inbox, inbox + "/files/1"} {
			if a := b.ask(t, who, http.MethodGet, path, nil); a.status != status || bytes.Contains(a.body, []byte("CANARY")) {
				t.Errorf("%s as %q: %d", path, who, a.status)
			}
		}
	}
	for _, guess := range []string{made.Number, made.Secret[:42], strings.Repeat("A", 43)} {
		refused(t, b.ask(t, "", http.MethodGet, complaintsPath+"/"+guess, nil), http.StatusNotFound, "not_found")
	}
	act := func(who, path, body string, status int) answer {
		t.Helper()
		a := b.postJSON(t, who, path+"/acts", []byte(body))
		if a.status != status {
			t.Errorf("%s: %d, want %d: %s", body, a.status, status, a.body)
		}
		return a
	}
	p := refused(t, act("", own, `{"act":"accept"}`, http.StatusConflict), http.StatusConflict, "conflict_complaint")
	if p.ComplaintState != "received" || len(p.Allowed) == 0 || strings.Contains(p.Detail, "{{") || strings.Contains(p.Detail, "complaint_") {
		t.Errorf("%+v", p)
	}
	act("authority", inbox, `{"act":"forward","collector":"pilot station","version":1}`, http.StatusOK)
	act("authority", inbox, `{"act":"forward","collector":"terminal","version":1}`, http.StatusConflict)
	act("authority", inbox, `{"act":"answer","text":"The difference is returned."}`, http.StatusOK)
	act("", own, `{"act":"reject","reason":"promise_not_kept"}`, http.StatusOK)
	act("", own, `{"act":"escalate","text":"nothing came"}`, http.StatusOK)
	act("authority", inbox, `{"act":"close","reason":"upheld","text":"returned on 1 December"}`, http.StatusOK)
	act("", own, `{"act":"withdraw"}`, http.StatusConflict)
	figures := b.ask(t, "", http.MethodGet, complaintsPath+"/figures", nil)
	if figures.status != http.StatusOK || bytes.Contains(figures.body, []byte("CANARY")) || bytes.Contains(figures.body, []byte(made.Number)) || !bytes.Contains(figures.body, []byte(`"upheld":1`)) {
		t.Errorf("%d %s", figures.status, figures.body)
	}
	list := read[FeeComplaintList](t, b.ask(t, "authority", http.MethodGet, "/api/v1/complaint-inbox?state=closed", nil), http.StatusOK)
	if len(list.Items) != 1 || list.Counts["closed"] != 1 {
		t.Errorf("%+v", list)
	}
	if strings.Contains(b.logs.String(), made.Secret) || strings.Contains(b.logs.String(), "CANARY") {
		t.Error("the log tells of the complaint")
	}
}

func TestHostileComplaints(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sealed(t, b)
	for name, body := range junk() {
		if a := b.postJSON(t, "", complaintsPath, body); a.status < 400 || a.status >= 500 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	made := read[FeeComplaintMade](t, b.postJSON(t, "", complaintsPath, complaintBody(t)), http.StatusCreated)
	for name, body := range junk() {
		for who, path := range map[string]string{"": complaintsPath + "/" + made.Secret + "/acts", "authority": "/api/v1/complaint-inbox/" + made.Number + "/acts"} {
			if a := b.postJSON(t, who, path, body); a.status < 400 || a.status >= 500 {
				t.Errorf("%s as %q: %d", name, who, a.status)
			}
		}
	}
	for name, c := range map[string]struct{ body, code string }{
		"a page as evidence": {`{"kind":"other","text":"something happened","files":[{"name":"x.pdf","data":"PGh0bWw+"}]}`, complaint.CodeFileKind},
		"six files":          {`{"kind":"other","text":"something happened","files":[` + strings.TrimSuffix(strings.Repeat(`{"name":"x","data":""},`, 6), ",") + `]}`, complaint.CodeFiles},
		"no kind":            {`{"text":"something happened"}`, complaint.CodeChoice},
		"another's row":      {`{"kind":"other","text":"something happened","row":"NOPE"}`, complaint.CodeUnknown},
		"no such quote":      {`{"kind":"other","text":"something happened","quote":"` + strings.Repeat("A", 26) + `"}`, complaint.CodeUnknown},
	} {
		if a := b.postJSON(t, "", complaintsPath, []byte(c.body)); a.status != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte(c.code)) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for range 12 {
		b.postJSON(t, "", complaintsPath, complaintBody(t))
	}
	a := b.postJSON(t, "", complaintsPath, complaintBody(t))
	refused(t, a, http.StatusTooManyRequests, "too_often")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestTheAddressIsTheProxysWord(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	r.RemoteAddr = "192.0.2.1:4711"
	r.Header.Add("X-Forwarded-For", "10.0.0.1")
	r.Header.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7")
	for behind, want := range map[bool]string{false: "192.0.2.1", true: "198.51.100.7"} {
		if got := AddressOf(r, behind); got != want {
			t.Errorf("behind a proxy %v: %s", behind, got)
		}
	}
}
