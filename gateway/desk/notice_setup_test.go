package desk_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/i18n"
)

const (
	entryNo = "090020261000123456"
	box     = "ZZZU0000010" // of the sample
)

// quay is a bundle with customs, a terminal and a clock that moves by hand.
type quay struct {
	*bundle
	now      time.Time
	terminal auth.Principal
}

func pier(t *testing.T) *quay {
	t.Helper()
	q := &quay{bundle: setup(t), now: time.Now().Add(-4 * time.Hour).Truncate(time.Second), terminal: auth.Principal{PartnerID: "t01", KeyID: "k-t01", Role: auth.Terminal}}
	q.Clock = func() time.Time { return q.now }
	q.Formats = map[string]desk.Format{"mail": desk.MailFormat(i18n.ZhHans, i18n.En)}
	q.Answers = "https://pages.example/zh-Hans/answers/"
	for id, role := range map[string]auth.Role{"t01": auth.Terminal, "t02": auth.Terminal, "customs": auth.Customs, "alice": auth.Forwarder} {
		if err := q.AddPartner(t.Context(), "test", id, id, role); err != nil {
			t.Fatalf("add %s: %v", id, err)
		}
	}
	return q
}

// able gives a terminal a row of the capability table and the endpoints that it names.
func (q *quay) able(t *testing.T, terminal string, channels ...string) {
	t.Helper()
	row := inspection.Capability{Terminal: terminal, ValidFrom: "2026-01-01", Interface: inspection.InterfaceAPI, CanLock: inspection.LockYes, AcksTransport: true,
		Answers: true, Sends: []inspection.Kind{inspection.Locked, inspection.MoveDone}, Verification: "unverified", TestedOn: "2026-01-01"}
	c := store.Change{}
	for _, ch := range channels {
		wire, format, _ := strings.Cut(ch, "/")
		row.Channels = append(row.Channels, wire)
		c.Endpoints = append(c.Endpoints, store.Endpoint{ID: q.NewID(), PartnerID: terminal, Name: wire, Wire: wire, Format: format, Types: "notice.*",
			Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1})
	}
	body, err := json.Marshal([]inspection.Capability{row})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.SetCapabilities(t.Context(), "test", body); err != nil {
		t.Fatalf("set capability: %v", err)
	}
	if len(c.Endpoints) > 0 {
		if err := q.store.Commit(t.Context(), c); err != nil {
			t.Fatalf("add endpoints: %v", err)
		}
	}
}

func order(id, terminal string, boxes ...string) inspection.Order {
	o := inspection.Order{Action: inspection.Issue, Notice: inspection.Notice{SourceMessageID: id, CustomsOffice: "0900", InspectionNumber: "QI-" + id,
		DeclarationNumber: entryNo, Direction: "import", Terminal: terminal, Attendance: inspection.AttendanceRequired, Contact: "值班", Phone: "0411-1",
		Orders: []inspection.Work{inspection.Lock, inspection.Move}}}
	for _, b := range boxes {
		o.Boxes = append(o.Boxes, inspection.Box{ContainerNumber: b, Method: inspection.Manual, Site: "H1"})
	}
	return o
}

func (q *quay) order(t *testing.T, o inspection.Order) ([]desk.OrderedNotice, error) {
	t.Helper()
	body, err := json.Marshal(&o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.OrderInspection(t.Context(), q.duty, desk.InspectionOrder{Body: body, Render: func(o desk.Ordered) desk.Replayed {
		b, err := json.Marshal(o.Notices)
		if err != nil {
			t.Error(err)
		}
		return desk.Replayed{Status: 201, ContentType: "application/json", Body: b}
	}})
	if err != nil {
		return nil, err
	}
	var list []desk.OrderedNotice
	if err := json.Unmarshal(out.Answer.Body, &list); err != nil {
		t.Fatal(err)
	}
	return list, nil
}

func (q *quay) ordered(t *testing.T, o inspection.Order) desk.OrderedNotice {
	t.Helper()
	list, err := q.order(t, o)
	if err != nil || len(list) != 1 {
		t.Fatalf("order: %d notices, %v", len(list), err)
	}
	return list[0]
}

func (q *quay) row(t *testing.T, number string) store.Notice {
	t.Helper()
	row, err := q.store.NoticeByNumber(t.Context(), number)
	if err != nil {
		t.Fatalf("read notice: %v", err)
	}
	return row
}

// says reports one event and must be heard.
func (q *quay) says(t *testing.T, p auth.Principal, number string, e inspection.Event) desk.NoticeOutcome {
	t.Helper()
	if e.OccurredAt.IsZero() {
		e.OccurredAt = q.now
	}
	body, err := json.Marshal(&e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := q.ReportNotice(t.Context(), p, number, desk.NoticeReport{Body: body})
	if err != nil || out[0].Refusal != nil {
		t.Fatalf("%s says %s: %v %+v", p.PartnerID, e.Kind, err, out)
	}
	return out[0]
}

// letters are what was pushed about a notice, as receiver's wire, type and state.
func (q *quay) letters(t *testing.T, number string) []string {
	t.Helper()
	rows, err := q.store.Deliveries(t.Context(), store.DeliveryFilter{Subject: "notice/" + number})
	if err != nil {
		t.Fatalf("read deliveries: %v", err)
	}
	slices.SortFunc(rows, func(a, b store.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	var out []string
	for _, r := range rows {
		id, _ := store.EndpointOf(r.Receiver)
		e, err := q.store.EndpointByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Wire+" "+strings.TrimPrefix(r.Kind, "notice.")+" "+r.State)
	}
	return out
}

// claim takes the next item of the outbox, as its engine does.
func (q *quay) claim(t *testing.T) store.OutboxItem {
	t.Helper()
	leases, err := q.store.Lease(t.Context(), "test", time.Minute)
	if err != nil {
		t.Fatalf("lease: %v", err)
	}
	items, err := q.store.Claim(t.Context(), leases, []string{"customs"}, 1)
	if err != nil || len(items) != 1 {
		t.Fatalf("claim: %d items, %v", len(items), err)
	}
	return items[0]
}

func (q *quay) round(t *testing.T, later time.Duration) {
	t.Helper()
	q.now = q.now.Add(later)
	if _, err := q.RoundNotices(t.Context()); err != nil {
		t.Fatalf("round: %v", err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s:\n got %v\nwant %v", what, got, want)
	}
}

// TestReceiptOpensANoticeAndAnOrderTakesItOver: receipt C makes the notice in
// its own transaction, without method; the order is its second version.
// TestReleasedDeclarationOpensNothing: a receipt C that is heard behind the
// release was overtaken.
// TestFiftyCallersOneNotice: the same order from fifty connections at once.
// TestAnswerByLinkOnce: a link answers once, its look changes nothing, and of
// its token the hash alone is kept.
// TestOlderVersionIsKeptAndNotApplied: version 3 before version 2.
// TestReleaseIsAFactForThePickup: what customs let go is recorded for those who fetch it.
// TestReceiptOfAFileAcknowledgesItsVersion: a file that lies in a folder has
// arrived when the terminal says so, by the number that the format made of our id.
// TestBoxThatLeavesUnderANotice: a gate report of the terminal before customs'
// release is an exception for a person, behind it the box's way out.
// TestCancelRacesLock: whichever comes first, the box ends cancelled and, when
// it was locked, with an unlock order open.
// TestCustomsFollowsByItsEndpoint: each step goes to customs' own endpoints,
// in the transaction that makes it, and to the declarant's as an entry.
// TestHaulierSeesTheMoveAlone: a haulier whom the order names sees the move of
// its boxes and reports it; another one sees nothing.
