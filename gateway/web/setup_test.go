package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	"kouan/i18n"
	"kouan/integration-tests/program"
)

// bundle is the pages over a fresh embedded database, with a partner of each
// role that has pages, and a second terminal.
type bundle struct {
	handler http.Handler
	desk    *desk.Desk
	db      *store.Store
	logs    *bytes.Buffer
	keys    map[string]string
	partner map[string]string
	keyIDs  map[string]string
	now     *atomic.Int64
}

func (b *bundle) clock() time.Time { return time.UnixMilli(b.now.Load()).UTC() }

func (b *bundle) later(d time.Duration) { b.now.Add(d.Milliseconds()) }

const (
	box1 = "TEMU0000011"
	box2 = "TEMU0000027"
	far  = "https://kouan.example"
)

func setup(t testing.TB) *bundle {
	t.Helper()
	ctx := context.Background()
	b := &bundle{logs: &bytes.Buffer{}, keys: map[string]string{}, partner: map[string]string{}, keyIDs: map[string]string{}, now: &atomic.Int64{}}
	b.now.Store(time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC).UnixMilli()) // a Thursday, 10:00 at the port
	logger := slog.New(slog.NewTextHandler(b.logs, nil))
	db := storetest.Open(t, program.Database(t), store.Options{Clock: b.clock, Owner: "web-test", Logger: logger})
	b.db = db
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	for name, role := range map[string]auth.Role{"customs": auth.Customs, "terminal": auth.Terminal, "terminal2": auth.Terminal, "forwarder": auth.Forwarder, "carrier": auth.Carrier, "authority": auth.Authority} {
		key, hash, err := auth.NewKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		p := &store.Partner{ID: newID(), Name: "单位 " + name, Role: string(role), CreatedAt: b.now.Load()}
		k := &store.Key{ID: newID(), Hash: hash, PartnerID: p.ID, CreatedAt: b.now.Load()}
		if err := db.Commit(ctx, store.Change{Partner: p, Key: k}); err != nil {
			t.Fatalf("add partner %s: %v", name, err)
		}
		b.keys[name], b.partner[name], b.keyIDs[name] = key, p.ID, k.ID
	}
	b.desk = &desk.Desk{Store: db, Clock: b.clock, Logger: logger, NewID: newID, Wake: func() {}, Random: rand.Reader, Answers: far + "/zh-Hans/answers/",
		Routes: declarations.Table{{Name: "all", Channel: "customs", Profile: "decmessage-4.8"}}, Profiles: desk.Profiles()}
	rows := `[{"terminal":"` + b.partner["terminal"] + `","class":"inspection_notice","valid_from":"2026-01-01","interface":"api","can_lock":"yes","can_reply_business":true,
 "can_send_events":["box_locked","move_done","ready","unlocked","moved_back"],"hours":[{"days":[1,2,3,4,5],"from":"08:00","until":"17:00"}],"verification":"unverified"}]`
	if _, err := b.desk.SetCapabilities(ctx, "test", []byte(rows)); err != nil {
		t.Fatalf("set capabilities: %v", err)
	}
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/fine" {
			_, _ = w.Write([]byte("fine"))
			return
		}
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"title":"Not found","detail":"What was asked for does not exist.","status":404}`))
	})
	explain := func(_ context.Context, lang i18n.Lang, err error) Problem {
		p := Problem{Status: http.StatusInternalServerError, Title: "explained", Detail: err.Error()}
		words := i18n.For(lang)
		switch e := err.(type) { //nolint:errorlint // a stand-in for the API's own table
		case *desk.FaultsError:
			p.Code, p.Status = "invalid", http.StatusUnprocessableEntity
			for _, f := range e.Faults {
				p.Faults = append(p.Faults, Fault{Code: f.Code, Path: f.Path, Message: words.Fault(f.Code, f.Args)})
			}
		case *desk.FeeComplaintStateError:
			p.Status = http.StatusConflict
		case *desk.TooOftenError:
			p.Status = http.StatusTooManyRequests
		case *desk.NoticeConflictError:
			p.Status, p.Detail = http.StatusConflict, words.Text("notice_refusal."+e.Why, nil)
		default:
			switch {
			case strings.Contains(err.Error(), "not found"):
				p.Status, p.Detail = http.StatusNotFound, "not found"
			case strings.Contains(err.Error(), auth.ErrForbidden.Error()):
				p.Status = http.StatusForbidden
			}
		}
		return p
	}
	var err error
	b.handler, err = New(Config{Desk: b.desk, Auth: &auth.Authenticator{Keys: db, Clock: b.clock}, Next: next, Explain: explain, Clock: b.clock, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// order issues a notice and says its number.
func (b *bundle) order(t testing.TB, boxes ...string) string {
	t.Helper()
	o := map[string]any{"action": "issue", "declaration_no": "090120261000000001", "terminal_id": b.partner["terminal"], "attendance": "REQUIRED",
		"orders": []string{"LOCK", "MOVE"}, "reason_class": "risk", "inspection_no": "canary-inspection"}
	var list []map[string]any
	for _, box := range boxes {
		list = append(list, map[string]any{"container_no": box, "method": "MAN", "depth": "HALF", "site_id": "S1", "size_type": "45G1"})
	}
	o["boxes"] = list
	body, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.desk.OrderInspection(t.Context(), b.principal("customs"), desk.InspectionOrder{Body: body, Render: func(desk.Ordered) desk.Replayed { return desk.Replayed{Status: 201} }})
	if err != nil {
		t.Fatalf("order: %v", err)
	}
	return out.Notices[0].Number
}

func (b *bundle) principal(name string) auth.Principal {
	role := auth.Role(strings.TrimRight(name, "2"))
	return auth.Principal{PartnerID: b.partner[name], KeyID: b.keyIDs[name], Role: role}
}

// report is an event of a partner by way of the desk.
func (b *bundle) report(t testing.TB, who, number string, e inspection.Event) {
	t.Helper()
	e.OccurredAt = b.clock()
	body, err := json.Marshal(&e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := b.desk.ReportNotice(t.Context(), b.principal(who), number, desk.NoticeReport{Body: body})
	if err != nil || out[0].Refusal != nil {
		t.Fatalf("%s: %v %+v", e.Kind, err, out)
	}
}

// browser keeps cookies and sends what a browser sends.
type browser struct {
	*bundle
	cookies map[string]string
}

func (b *bundle) browser(t testing.TB, who string) *browser {
	t.Helper()
	w := &browser{b, map[string]string{}}
	if who != "" {
		a := w.post(t, "/en/sign-in", "key", b.keys[who])
		if a.Code != http.StatusSeeOther || w.cookies[cookieName] == "" {
			t.Fatalf("sign in as %s: %d %v", who, a.Code, a.Header())
		}
	}
	return w
}

func (w *browser) do(t testing.TB, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := httptest.NewRecorder()
	w.handler.ServeHTTP(a, r)
	for _, c := range a.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(w.cookies, c.Name)
			continue
		}
		w.cookies[c.Name] = c.Value
	}
	return a
}

func (w *browser) get(t testing.TB, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, far+path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r)
}

func (w *browser) post(t testing.TB, path string, pairs ...string) *httptest.ResponseRecorder {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, far+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return w.do(t, r)
}

var refField = regexp.MustCompile(`name="ref" value="([^"]+)"`)

// page gets a page that must be there and is well made.
func (w *browser) page(t testing.TB, path string) string {
	t.Helper()
	a := w.get(t, path)
	if a.Code != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s\n%s", path, a.Code, a.Body, w.logs)
	}
	return a.Body.String()
}

// containerOf makes a container number with its check digit (ISO 6346).
func containerOf(i int) string {
	stem := fmt.Sprintf("KOUU%06d", i)
	for d := range 10 {
		if number := stem + strconv.Itoa(d); declarations.CheckContainer(number) {
			return number
		}
	}
	panic("no check digit for " + stem)
}
