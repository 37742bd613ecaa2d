package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	"kouan/integration-tests/program"
)

// bundle is the surface over a fresh embedded database, with a key of every
// role, a second forwarder and a revoked key.
type bundle struct {
	*server
	handler  http.Handler
	database string // URL
	db       *store.Store
	logs     *lockedBuffer
	keys     map[string]string // alice, bob, revoked, and every role
	partner  map[string]string // id by the same names
}

// lockedBuffer is a log that many goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func setup(t testing.TB, change ...func(*Config)) *bundle {
	t.Helper()
	ctx := context.Background()
	b := &bundle{database: program.Database(t), logs: &lockedBuffer{}, keys: map[string]string{}, partner: map[string]string{}}
	logger := slog.New(slog.NewTextHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	db := storetest.Open(t, b.database, store.Options{Clock: time.Now, Owner: "api-test", Logger: logger})
	b.db = db
	b.addPartners(t)
	c := Config{Version: "test", Logger: logger, Clock: time.Now,
		Auth:  &auth.Authenticator{Keys: db, Clock: time.Now},
		Store: db.Ready,
		Desk: &desk.Desk{Store: db, Clock: time.Now, Logger: logger, NewID: newID, Wake: func() {},
			Routes:   declarations.Table{{Name: "all", Channel: "customs", Profile: "decmessage-4.8"}},
			Profiles: desk.Profiles(), Random: rand.Reader}}
	if c.Desk.Seal, err = auth.NewSeal([]byte(base64.StdEncoding.EncodeToString(make([]byte, 32))), rand.Reader); err != nil {
		t.Fatalf("make seal: %v", err)
	}
	for _, f := range change {
		f(&c)
	}
	if _, err := c.Desk.FeeEdition(ctx); err != nil { // as the first start does
		t.Fatalf("publish the built-in tables: %v", err)
	}
	b.server = newServer(c)
	b.handler = b.outer()
	return b
}

const endpointsPath = "/api/v1/endpoints"

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func (b *bundle) addPartners(t testing.TB) {
	t.Helper()
	names := map[string]auth.Role{"alice": auth.Forwarder, "bob": auth.Forwarder, "revoked": auth.Forwarder}
	for _, r := range auth.Partners {
		names[string(r)] = r
	}
	n := byte(0)
	for name, role := range names {
		n++
		key, hash, err := auth.NewKey(bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
		if err != nil {
			t.Fatalf("make key: %v", err)
		}
		now := time.Now().UnixMilli()
		p := &store.Partner{ID: newID(), Name: "NAME-" + name, Role: string(role), CreatedAt: now}
		k := &store.Key{ID: newID(), Hash: hash, PartnerID: p.ID, CreatedAt: now}
		if err := b.db.Commit(t.Context(), store.Change{Partner: p, Key: k}); err != nil {
			t.Fatalf("add partner %s: %v", name, err)
		}
		if name == "revoked" {
			k.RevokedAt = now
			if err := b.db.Commit(t.Context(), store.Change{Revoke: k}); err != nil {
				t.Fatalf("revoke key: %v", err)
			}
		}
		b.keys[name], b.partner[name] = key, p.ID
	}
}

// answer is a response that was read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request as the partner of that name ("" for nobody); headers
// are name, value pairs.
func (b *bundle) ask(t testing.TB, who, method, path string, body []byte, headers ...string) answer {
	t.Helper()
	var in io.Reader
	if body != nil {
		in = bytes.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, in)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+b.keys[who])
	}
	r.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

func (b *bundle) postJSON(t testing.TB, who, path string, body []byte, headers ...string) answer {
	t.Helper()
	return b.ask(t, who, http.MethodPost, path, body, append([]string{"Content-Type", typeJSON}, headers...)...)
}

func (b *bundle) postXML(t testing.TB, who, path string, body []byte, headers ...string) answer {
	t.Helper()
	return b.ask(t, who, http.MethodPost, path, body, append([]string{"Content-Type", typeXML}, headers...)...)
}

// read decodes an answer that must have the status.
func read[T any](t testing.TB, a answer, status int) T {
	t.Helper()
	var v T
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("read answer %s: %v", a.body, err)
	}
	return v
}

// refused checks that an answer is a problem of that status and code.
func refused(t testing.TB, a answer, status int, code string) Problem {
	t.Helper()
	p := read[Problem](t, a, status)
	if ct := a.header.Get("Content-Type"); ct != problemType {
		t.Errorf("Content-Type %q, want %q", ct, problemType)
	}
	if p.Code != code || p.Status != status || p.Type != "urn:kouan:problem:"+code {
		t.Errorf("problem %q status %d type %q, want %q, %d", p.Code, p.Status, p.Type, code, status)
	}
	if p.Title == "" || p.Detail == "" || strings.HasPrefix(p.Title, "problem.") || strings.HasPrefix(p.Detail, "problem.") || strings.Contains(p.Detail, "…") {
		t.Errorf("words of %s: title %q, detail %q", code, p.Title, p.Detail)
	}
	if a.header.Get("Content-Language") == "" || a.header.Get("Vary") == "" {
		t.Errorf("Content-Language %q, Vary %q, want both", a.header.Get("Content-Language"), a.header.Get("Vary"))
	}
	return p
}

var sample = sync.OnceValue(func() string {
	body, err := os.ReadFile("../../declarations/customsxml/testdata/valid-01-import-one-line.xml")
	if err != nil {
		panic(err)
	}
	return string(body)
})

// xmlOf is a valid declaration as DecMessage.
func xmlOf(ref string) []byte {
	return []byte(strings.Replace(sample(), "EX2026010500000001", ref, 1))
}

// jsonOf is the same in canonical form; each edit may change it.
func jsonOf(t testing.TB, ref string, edit ...func(*declarations.Declaration)) []byte {
	t.Helper()
	rows := intake.Read(xmlOf(ref), intake.XML)
	if declarations.Rejected(rows[0].Faults) {
		t.Fatalf("sample has faults: %v", rows[0].Faults)
	}
	d := rows[0].Declaration
	for _, f := range edit {
		f(&d)
	}
	body, err := intake.Marshal(&d)
	if err != nil {
		t.Fatalf("marshal sample: %v", err)
	}
	return body
}

// contract changes something that no rule minds.
func contract(number string) func(*declarations.Declaration) {
	return func(d *declarations.Declaration) { d.Header.ContractNumber = number }
}

// noOffice leaves out what every declaration needs, drafts too.
func noOffice(d *declarations.Declaration) { d.Header.DeclarationOfficeCode = "" }

// submitted is a declaration of alice that was accepted.
func (b *bundle) submitted(t testing.TB, ref string) Accepted {
	t.Helper()
	return read[Accepted](t, b.postJSON(t, "alice", "/api/v1/declarations", jsonOf(t, ref)), http.StatusCreated)
}

func importResponse(ref, seqNo, code string) []byte {
	return fmt.Appendf(nil, `<DecImportResponse xmlns="http://www.chinaport.gov.cn/dec"><ResponseCode>%s</ResponseCode><ErrorMessage>示例</ErrorMessage><ClientSeqNo>%s</ClientSeqNo><SeqNo>%s</SeqNo></DecImportResponse>`, code, ref, seqNo)
}

func customsResult(seqNo, channel, at, note string) []byte {
	return fmt.Appendf(nil, `<DEC_RESULT><CUS_CIQ_NO>%s</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID><NOTICE_DATE>%s</NOTICE_DATE><CHANNEL>%s</CHANNEL><NOTE>%s</NOTE><CUSTOM_MASTER>0900</CUSTOM_MASTER></DEC_RESULT>`, seqNo, at, channel, note)
}

// returned makes customs return a declaration of alice.
func (b *bundle) returned(t testing.TB, ref, seqNo string) {
	t.Helper()
	for _, body := range [][]byte{importResponse(ref, seqNo, "0"), customsResult(seqNo, "E", "2026-01-05T10:17:00", "退单")} {
		h := read[Hearing](t, b.postXML(t, "customs", "/api/v1/receipts", body), http.StatusAccepted)
		if !h.Matched {
			t.Fatalf("receipt %s did not match", body)
		}
	}
}

// rows counts every table but the one that readiness writes, through a
// connection of its own.
func (b *bundle) rows(t testing.TB) map[string]int {
	t.Helper()
	counts, err := program.Rows(t.Context(), b.database)
	if err != nil {
		t.Fatal(err)
	}
	delete(counts, "heartbeats")
	return counts
}
