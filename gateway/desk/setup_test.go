package desk_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/gateway/store/storetest"
	"kouan/integration-tests/program"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// bundle is a desk over a fresh embedded database with two forwarders and customs.
type bundle struct {
	*desk.Desk
	store            *store.Store
	url              string
	alice, bob, duty auth.Principal
	sample           string // valid-01 with %s for the client reference
	woken            atomic.Int64
}

func setup(t testing.TB) *bundle {
	t.Helper()
	ctx := t.Context()
	url := program.Database(t)
	s := storetest.Open(t, url, store.Options{Clock: time.Now, Owner: "desk-test", Logger: slog.New(slog.DiscardHandler)})
	xml, err := os.ReadFile("../../declarations/customsxml/testdata/valid-01-import-one-line.xml")
	if err != nil {
		t.Fatalf("read sample: %v", err)
	}
	b := &bundle{store: s, url: url,
		alice:  auth.Principal{PartnerID: "alice", KeyID: "k-alice", Role: auth.Forwarder},
		bob:    auth.Principal{PartnerID: "bob", KeyID: "k-bob", Role: auth.Forwarder},
		duty:   auth.Principal{PartnerID: "customs", KeyID: "k-customs", Role: auth.Customs},
		sample: strings.Replace(string(xml), "EX2026010500000001", "%s", 1)}
	b.Desk = &desk.Desk{Store: s, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Routes:   declarations.Table{{Name: "all", Channel: "customs", Profile: "decmessage-4.8"}},
		Profiles: desk.Profiles(),
		NewID:    func() string { return uuid.Must(uuid.NewV7()).String() },
		Wake:     func() { b.woken.Add(1) }}
	t.Cleanup(func() {
		l, err := s.Ledger(context.WithoutCancel(ctx))
		if err != nil {
			t.Fatalf("read ledger: %v", err)
		}
		if l.Accepted != l.Waiting+l.Sending+l.Delivered+l.Dead+l.Cancelled {
			t.Errorf("ledger does not balance: %+v", l)
		}
	})
	return b
}

func (b *bundle) xml(ref string) []byte { return fmt.Appendf(nil, b.sample, ref) }

func submission(body []byte, key string) desk.Submission {
	return desk.Submission{Body: body, Format: intake.XML, ContentType: "application/xml", IdempotencyKey: key,
		RequestSHA: fmt.Sprintf("%x", sha256.Sum256(body)), Peer: "test", Render: func(a desk.Accepted) desk.Replayed {
			return desk.Replayed{Status: 201, ContentType: "application/json", Body: []byte(a.ID)}
		}}
}

func (b *bundle) mustSubmit(t *testing.T, p auth.Principal, ref string) desk.Accepted {
	t.Helper()
	a, err := b.Submit(t.Context(), p, submission(b.xml(ref), ""))
	if err != nil {
		t.Fatalf("submit %s: %v", ref, err)
	}
	return a
}

// out is the newest outgoing message of a declaration.
func (b *bundle) out(t *testing.T, tenant, id string) store.Message {
	t.Helper()
	list, err := b.store.Messages(t.Context(), tenant, id)
	if err != nil {
		t.Fatalf("list messages: %v", err)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Direction == "out" {
			m, err := b.store.Message(t.Context(), tenant, list[i].ID)
			if err != nil {
				t.Fatalf("read message: %v", err)
			}
			return m
		}
	}
	t.Fatalf("declaration %s has no outgoing message", id)
	return store.Message{}
}

func importResponse(ref, seqNo, code, text string) []byte {
	return fmt.Appendf(nil, `<DecImportResponse xmlns="http://www.chinaport.gov.cn/dec"><ResponseCode>%s</ResponseCode><ErrorMessage>%s</ErrorMessage><ClientSeqNo>%s</ClientSeqNo><SeqNo>%s</SeqNo></DecImportResponse>`, code, text, ref, seqNo)
}

func result(seqNo, channel, at string) []byte {
	return fmt.Appendf(nil, `<DEC_RESULT><CUS_CIQ_NO>%s</CUS_CIQ_NO><ENTRY_ID></ENTRY_ID><NOTICE_DATE>%s</NOTICE_DATE><CHANNEL>%s</CHANNEL><NOTE>示例</NOTE><CUSTOM_MASTER>0900</CUSTOM_MASTER></DEC_RESULT>`, seqNo, at, channel)
}

func (b *bundle) hear(t *testing.T, body []byte) desk.Hearing {
	t.Helper()
	h, err := b.HearReceipt(t.Context(), b.duty, desk.Heard{Body: body, ContentType: "application/xml"})
	if err != nil {
		t.Fatalf("hear %s: %v", body, err)
	}
	return h
}

func (b *bundle) status(t *testing.T, p auth.Principal, id string) string {
	t.Helper()
	row, err := b.Declaration(t.Context(), p, id)
	if err != nil {
		t.Fatalf("read declaration: %v", err)
	}
	return row.Status
}
