package desk_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/png"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	"kouan/tariffs/complaint"
)

// hall is a desk for complaints and people, with a clock that is moved.
type hall struct {
	*bundle
	now atomic.Int64
}

func (h *hall) later(d time.Duration) { h.now.Add(d.Milliseconds()) }

var (
	clerk   = auth.Principal{PartnerID: "authority", KeyID: "u-clerk", Role: auth.Authority, User: "u-clerk"}
	pilots  = auth.Principal{KeyID: "u-pilots", Role: auth.Collector, User: "u-pilots", Body: "pilot station"}
	harbour = auth.Principal{KeyID: "u-harbour", Role: auth.Collector, User: "u-harbour", Body: "terminal"}
)

func openHall(t testing.TB) *hall {
	t.Helper()
	h := &hall{bundle: setup(t)}
	h.now.Store(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC).UnixMilli())
	h.Clock = func() time.Time { return time.UnixMilli(h.now.Load()).UTC() }
	h.Random = rand.Reader
	line, err := auth.NewSealKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if h.Seal, err = auth.NewSeal([]byte(line), rand.Reader); err != nil {
		t.Fatal(err)
	}
	h.Passwords = &auth.Passwords{Memory: 64, Time: 1}
	return h
}

func render(m desk.FeeComplaintMade) desk.Replayed {
	return desk.Replayed{Status: 201, ContentType: "application/json", Body: []byte(m.Number + " " + m.Secret)}
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func grievance() *desk.NewFeeComplaint {
	return &desk.NewFeeComplaint{Complaint: complaint.Complaint{Kind: "overcharge", Text: "The pilotage is twice what the list says.", Amount: "67500.00",
		Subject: complaint.Subject{Row: "PILOTAGE-x-001"}}, Lang: "en", Address: "192.0.2.7", Render: render,
		Contact: complaint.Contact{Name: "CANARY Ivanov", Mail: "canary@example.com"}}
}

func (h *hall) complain(t testing.TB, in *desk.NewFeeComplaint) desk.FeeComplaintMade {
	t.Helper()
	m, err := h.Complain(t.Context(), in)
	if err != nil {
		t.Fatalf("complain: %v", err)
	}
	return m
}

func (h *hall) act(t testing.TB, secret string, in desk.FeeComplaintAct) desk.FeeComplaintView {
	t.Helper()
	v, err := h.ActOnFeeComplaint(t.Context(), secret, &in)
	if err != nil {
		t.Fatalf("%s: %v", in.Act, err)
	}
	return v
}

func (h *hall) handle(t testing.TB, p auth.Principal, number string, in desk.FeeComplaintAct) desk.FeeComplaintView {
	t.Helper()
	v, err := h.HandleFeeComplaint(t.Context(), p, number, &in)
	if err != nil {
		t.Fatalf("%s: %v", in.Act, err)
	}
	return v
}

// TestAComplaintGoesItsWay: from the form to the figures, each side sees what
// is its own.
func TestAComplaintGoesItsWay(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	in := grievance()
	in.Files = []complaint.File{{Name: "../bill.png", Data: picture(t)}}
	m := h.complain(t, in)
	v, err := h.FeeComplaintBySecret(t.Context(), m.Secret)
	if err != nil || v.Case.State != complaint.Received || v.Complaint.Subject.Item != "PILOTAGE" || v.Case.Collector != "pilot station" || v.Contact.Name != "CANARY Ivanov" {
		t.Fatalf("%+v, %v", v, err)
	}
	if len(v.Files) != 1 || v.Files[0].Name != "bill.png" || v.Files[0].Kind != complaint.PNG {
		t.Errorf("files %+v", v.Files)
	}
	if bytes.Contains(v.Row.Contact, []byte("CANARY")) || bytes.Contains(v.Row.Document, []byte("canary")) {
		t.Error("contact data lies open in the database")
	}
	if want := time.Date(2026, 11, 26, 16, 0, 0, 0, time.UTC); !v.Case.Due.Equal(want) || !v.Limit.Own {
		t.Errorf("to be passed on until %s by %+v", v.Case.Due, v.Limit)
	}
	if _, err := h.FeeComplaint(t.Context(), pilots, m.Number); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a body sees what was not passed on to it: %v", err)
	}
	h.later(time.Hour)
	h.handle(t, clerk, m.Number, desk.FeeComplaintAct{Act: complaint.Forward, Collector: "pilot station", Text: "请在期限内答复。"})
	seen, err := h.FeeComplaint(t.Context(), pilots, m.Number)
	if err != nil || !seen.Contact.Empty() {
		t.Errorf("the body sees %+v, %v", seen.Contact, err)
	}
	for _, other := range []auth.Principal{harbour, {Role: auth.Collector}, {Role: auth.Forwarder, PartnerID: "alice"}} {
		if _, err := h.FeeComplaint(t.Context(), other, m.Number); err == nil {
			t.Errorf("%s of %q reads it", other.Role, other.Body)
		}
		if _, err := h.FeeComplaintFile(t.Context(), other, m.Number, 1); err == nil {
			t.Errorf("%s of %q reads its file", other.Role, other.Body)
		}
		if _, err := h.HandleFeeComplaint(t.Context(), other, m.Number, &desk.FeeComplaintAct{Act: complaint.Answer, Text: "no"}); err == nil {
			t.Errorf("%s of %q answers it", other.Role, other.Body)
		}
	}
	h.later(26 * time.Hour)
	h.handle(t, pilots, m.Number, desk.FeeComplaintAct{Act: complaint.Answer, Text: "The fee is returned."})
	if v := h.act(t, m.Secret, desk.FeeComplaintAct{Act: complaint.Accept}); v.Case.Verdict != complaint.Accepted {
		t.Errorf("%+v", v.Case)
	}
	v = h.handle(t, clerk, m.Number, desk.FeeComplaintAct{Act: complaint.Close, Reason: complaint.Settled})
	if v.Case.State != complaint.Closed || len(v.Allowed) != 0 || v.Row.State != "closed" || v.Row.ClosedAt == 0 || len(v.Events) != 5 {
		t.Errorf("%+v, %d events", v.Row, len(v.Events))
	}
	months, err := h.FeeComplaintFigures(t.Context(), "pilot station")
	if err != nil || len(months) != 1 || months[0].Closed != 1 || months[0].Accepted != 1 || *months[0].MedianHours != 26 || *months[0].MedianDays != 1 {
		t.Errorf("%+v, %v", months, err)
	}
	if found, err := h.store.AuditVerify(t.Context(), nil); err != nil || len(found.Problems) > 0 || found.Rows < 5 {
		t.Errorf("audit %+v, %v", found, err)
	}
}

// TestComplaintsAreNotGuessed: neither the number, nor a secret that is nearly
// right, opens a complaint.
func TestComplaintsAreNotGuessed(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	m := h.complain(t, grievance())
	other := h.complain(t, grievance())
	if m.Number == other.Number || len(m.Secret) < 43 {
		t.Fatalf("%s %s", m.Number, m.Secret)
	}
	flipped := []byte(m.Secret)
	flipped[7] ^= 1
	for _, guess := range []string{"", m.Number, string(flipped), m.Secret[:42], m.Secret + "A", strings.ToLower(m.Secret), " " + m.Secret[1:], strings.Repeat("A", 43)} {
		if guess == m.Secret {
			continue
		}
		if _, err := h.FeeComplaintBySecret(t.Context(), guess); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", guess, err)
		}
		if _, err := h.FeeComplaintFileBySecret(t.Context(), guess, 1); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("file by %q: %v", guess, err)
		}
		if _, err := h.ActOnFeeComplaint(t.Context(), guess, &desk.FeeComplaintAct{Act: complaint.Withdraw}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("act by %q: %v", guess, err)
		}
	}
	row, err := h.store.FeeComplaintByNumber(t.Context(), m.Number, "")
	if err != nil || strings.Contains(row.SecretHash, m.Secret) {
		t.Errorf("%+v, %v", row, err)
	}
}

// TestWhoIsSecondIsToldHowItStands: of two clerks one wins, also when both
// acts would be possible one after the other.
func TestWhoIsSecondIsToldHowItStands(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	m := h.complain(t, grievance())
	read, err := h.FeeComplaint(t.Context(), clerk, m.Number)
	if err != nil {
		t.Fatal(err)
	}
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for _, body := range []string{"pilot station", "terminal", "port", "carrier"} {
		all.Go(func() {
			_, err := h.HandleFeeComplaint(t.Context(), clerk, m.Number, &desk.FeeComplaintAct{Act: complaint.Forward, Collector: body, Version: read.Row.Version})
			var state *desk.FeeComplaintStateError
			switch {
			case err == nil:
				won.Add(1)
			case errors.As(err, &state) && state.State == "forwarded" && state.Why == desk.WhyChanged && len(state.Allowed) > 0:
				lost.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	v, err := h.FeeComplaint(t.Context(), clerk, m.Number)
	if err != nil || won.Load() != 1 || lost.Load() != 3 || len(v.Events) != 2 {
		t.Errorf("%d won, %d lost, %d events, %v", won.Load(), lost.Load(), len(v.Events), err)
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	for _, c := range []struct {
		name   string
		change func(*desk.NewFeeComplaint)
		want   string
	}{
		{"a row of nothing", func(in *desk.NewFeeComplaint) { in.Subject = complaint.Subject{Row: "NOPE"} }, "row " + complaint.CodeUnknown},
		{"an edition of nothing", func(in *desk.NewFeeComplaint) { in.Subject.Edition = 99 }, "edition " + complaint.CodeUnknown},
		{"a quote of nothing", func(in *desk.NewFeeComplaint) { in.Subject = complaint.Subject{Quote: "Q1"} }, "quote " + complaint.CodeUnknown},
		{"a page as evidence", func(in *desk.NewFeeComplaint) { in.Files = []complaint.File{{Name: "x.pdf", Data: []byte("<html>")}} }, "files[0] " + complaint.CodeFileKind},
		{"no text", func(in *desk.NewFeeComplaint) { in.Text = "" }, "text " + complaint.CodeText},
	} {
		in := grievance()
		c.change(in)
		_, err := h.Complain(t.Context(), in)
		if diff := cmp.Diff([]string{c.want}, codesOf(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	m := h.complain(t, grievance())
	for _, c := range []struct {
		name string
		act  desk.FeeComplaintAct
		want string
	}{
		{"to nobody", desk.FeeComplaintAct{Act: complaint.Forward, Collector: "uncle"}, "collector " + complaint.CodeBody},
		{"without words", desk.FeeComplaintAct{Act: complaint.Answer}, "text " + complaint.CodeSay},
		{"without a reason", desk.FeeComplaintAct{Act: complaint.Close, Text: "no"}, "reason " + complaint.CodeReason},
		{"with a reason of another state", desk.FeeComplaintAct{Act: complaint.Close, Reason: complaint.Settled}, "reason " + complaint.CodeReason},
	} {
		_, err := h.HandleFeeComplaint(t.Context(), clerk, m.Number, &c.act)
		if diff := cmp.Diff([]string{c.want}, codesOf(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	var state *desk.FeeComplaintStateError
	if _, err := h.ActOnFeeComplaint(t.Context(), m.Secret, &desk.FeeComplaintAct{Act: complaint.Accept}); !errors.As(err, &state) || state.State != "received" || len(state.Allowed) == 0 {
		t.Errorf("accepted before an answer: %v", err)
	}
	if _, err := h.ActOnFeeComplaint(t.Context(), m.Secret, &desk.FeeComplaintAct{Act: complaint.Escalate, Text: "too slow"}); !errors.As(err, &state) || state.Why != complaint.WhyTooSoon {
		t.Errorf("escalated in time: %v", err)
	}
	h.later(5 * 24 * time.Hour)
	h.act(t, m.Secret, desk.FeeComplaintAct{Act: complaint.Escalate, Text: "nobody passed it on"})
}

func codesOf(err error) []string {
	var f *desk.FaultsError
	if !errors.As(err, &f) {
		return nil
	}
	var out []string
	for i := range f.Faults {
		out = append(out, f.Faults[i].Path+" "+f.Faults[i].Code)
	}
	return out
}

func TestTheSameKeyMakesOneComplaint(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	var all sync.WaitGroup
	const key = "01979f3c-3c1b-7d4e-9f00-000000000001"
	answers := make([]string, 6)
	for i := range answers {
		all.Go(func() {
			in := grievance()
			in.IdempotencyKey, in.RequestSHA = key, "sha1"
			m, err := h.Complain(t.Context(), in)
			if err != nil {
				t.Errorf("%v", err)
			}
			answers[i] = string(m.Answer.Body)
		})
	}
	all.Wait()
	for _, a := range answers {
		if a != answers[0] || a == "" {
			t.Errorf("%q and %q", a, answers[0])
		}
	}
	hash := sha256.Sum256([]byte(key))
	row, err := h.store.IdempotencyRow(t.Context(), "fee-complaints", "fee-complaint/"+hex.EncodeToString(hash[:]))
	if err != nil || bytes.Contains(row.Body, []byte(strings.Fields(answers[0])[1])) {
		t.Errorf("the secret lies open under its key: %v", err)
	}
	in := grievance()
	in.IdempotencyKey, in.RequestSHA = key, "sha2"
	if _, err := h.Complain(t.Context(), in); !errors.Is(err, desk.ErrIdempotency) {
		t.Errorf("another body under the key: %v", err)
	}
	in.IdempotencyKey = "k1"
	if _, err := h.Complain(t.Context(), in); !slices.Equal(codesOf(err), []string{"header.Idempotency-Key FEE-1210"}) {
		t.Errorf("a key that anybody might use: %v", err)
	}
}

func TestOneAddressDoesNotFillTheInbox(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	for range 10 {
		h.complain(t, grievance())
	}
	var often *desk.TooOftenError
	if _, err := h.Complain(t.Context(), grievance()); !errors.As(err, &often) || often.After <= 0 || often.After > time.Hour {
		t.Errorf("the eleventh: %v", err)
	}
	in := grievance()
	in.Address = "192.0.2.8"
	h.complain(t, in)
	for range 10 {
		in.Address = "2001:db8:1:2::" + "1"
		h.complain(t, in)
	}
	in.Address = "2001:db8:1:2:ffff::9" // the same subscriber
	if _, err := h.Complain(t.Context(), in); !errors.As(err, &often) {
		t.Errorf("another address of the same network: %v", err)
	}
	h.later(time.Hour)
	h.complain(t, grievance())
}

func TestWithoutAKeyNoContactIsKept(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	h.Seal = nil
	if _, err := h.Complain(t.Context(), grievance()); !cmp.Equal(codesOf(err), []string{"mail " + complaint.CodeContact}) {
		t.Errorf("%v", err)
	}
	in := grievance()
	in.Contact = complaint.Contact{}
	h.complain(t, in)
}

func TestTheInboxIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	h := openHall(t)
	a, b := h.complain(t, grievance()), h.complain(t, grievance())
	h.handle(t, clerk, a.Number, desk.FeeComplaintAct{Act: complaint.Forward, Collector: "pilot station"})
	h.handle(t, clerk, b.Number, desk.FeeComplaintAct{Act: complaint.Forward, Collector: "terminal"})
	h.complain(t, grievance()) // names the pilot station and is not passed on
	for _, c := range []struct {
		who  auth.Principal
		q    desk.FeeComplaintQuery
		want int
	}{
		{clerk, desk.FeeComplaintQuery{}, 3}, {clerk, desk.FeeComplaintQuery{Collector: "terminal"}, 1}, {clerk, desk.FeeComplaintQuery{State: "received"}, 1},
		{pilots, desk.FeeComplaintQuery{}, 1}, {pilots, desk.FeeComplaintQuery{Collector: "terminal"}, 0}, {pilots, desk.FeeComplaintQuery{State: "received"}, 0},
		{auth.Principal{Role: auth.Collector}, desk.FeeComplaintQuery{}, 0},
	} {
		in, err := h.FeeComplaints(t.Context(), c.who, c.q)
		if err != nil || len(in.Rows) != c.want {
			t.Errorf("%s %q %+v: %d rows, %v", c.who.Role, c.who.Body, c.q, len(in.Rows), err)
		}
	}
	if _, err := h.FeeComplaints(t.Context(), auth.Principal{Role: auth.Terminal}, desk.FeeComplaintQuery{}); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("a terminal: %v", err)
	}
}
