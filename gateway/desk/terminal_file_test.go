package desk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
	portadapters "kouan/port-adapters"
)

// wharf is a pier whose terminal has a folder.
type wharf struct {
	*quay
	endpoint string
}

// echo is a format whose documents say KEY=VALUE: what the codecs do is theirs.
type echo struct{}

func (echo) Read(body []byte, _ string) desk.Reading {
	verb, value, _ := strings.Cut(string(body), "=")
	reference, rest, _ := strings.Cut(value, " ")
	r := desk.Reading{Reference: reference, Answer: []byte("CONTRL " + reference), AnswerType: "application/edifact"}
	switch verb {
	case "accept":
		r.Events = []inspection.Event{{Kind: inspection.Accepted, NoticeNumber: rest, Reference: reference}}
	case "bad":
		r.Refused = true
		r.Faults = []declarations.Fault{{Code: "EDI-1001", Severity: declarations.Reject}}
	default:
		r.Refused, r.Answer = true, nil
		r.Faults = []declarations.Fault{{Code: "EDI-1002", Severity: declarations.Reject}}
	}
	return r
}

func dock(t *testing.T) *wharf {
	t.Helper()
	q := pier(t)
	q.able(t, "t01", "filedrop/json")
	q.Readers = map[string]desk.DocumentReader{"edifact": echo{}}
	list, err := q.store.ActiveEndpoints(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("endpoints: %v, %v", list, err)
	}
	return &wharf{q, list[0].ID}
}

// writes puts a file into the folder and has it heard, as the pump does.
func (w *wharf) writes(t *testing.T, name, body string) desk.FileOutcome {
	t.Helper()
	key := sha256.Sum256([]byte(name + body))
	out, err := w.HearTerminalFile(t.Context(), desk.DropFile{Channel: store.ReceiverOf(w.endpoint), Name: name, Body: []byte(body),
		SHA256: strings.Repeat("0", 64), Key: hex.EncodeToString(key[:]), Modified: w.now, RetryAt: w.now})
	if err != nil {
		t.Fatalf("hear %s: %v", name, err)
	}
	row, err := w.store.InboxFile(t.Context(), store.ReceiverOf(w.endpoint), hex.EncodeToString(key[:]))
	if err != nil || row.State != out.State || row.Name != name || row.Reason != out.Reason {
		t.Errorf("ledger says %+v, %v; the pump was told %+v", row, err, out)
	}
	return out
}

// letter is the newest message to the folder, with the name of its file.
func (w *wharf) letter(t *testing.T) (name string, it store.Delivery, body []byte) {
	t.Helper()
	list, err := w.store.Deliveries(t.Context(), store.DeliveryFilter{Receiver: store.ReceiverOf(w.endpoint)})
	if err != nil || len(list) == 0 {
		t.Fatalf("letters: %v, %v", list, err)
	}
	m, err := w.store.PushBody(t.Context(), list[0].Receiver, list[0].MessageID)
	if err != nil {
		t.Fatalf("read letter: %v", err)
	}
	ending, err := portadapters.Extension(m.ContentType)
	if err != nil {
		t.Fatal(err)
	}
	return m.FileName + ending, list[0], m.Body
}

func (w *wharf) kinds(t *testing.T, notice string) []string {
	t.Helper()
	rows, err := w.store.NoticeEvents(t.Context(), notice)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for i := range rows {
		kinds = append(kinds, rows[i].Kind)
	}
	return kinds
}

func (w *wharf) documents(t *testing.T) []string {
	t.Helper()
	rows, err := w.KeptDocuments(t.Context(), store.TerminalMessageFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range rows {
		r := &rows[i]
		var codes strings.Builder
		for k := range r.Faults {
			codes.WriteString(" " + r.Faults[k].Code)
		}
		out = append(out, fmt.Sprintf("%s %s %s %d%s", r.FileName, r.Format, r.State, r.Copies, codes.String()))
	}
	slices.Sort(out)
	return out
}

func TestAnAckFileIsTheTransportAcknowledgementOfItsLetter(t *testing.T) {
	t.Parallel()
	w := dock(t)
	n := w.ordered(t, order("o1", "t01", box))
	name, _, body := w.letter(t)
	if state := w.row(t, n.Number).State; state != string(inspection.StateIssued) {
		t.Fatalf("before the acknowledgement the notice is %s", state)
	}
	w.now = w.now.Add(time.Minute)
	for range 2 { // heard again after a crash, it changes nothing
		if out := w.writes(t, portadapters.AckName(name), string(portadapters.WriteAck(body))); out.State != "matched" {
			t.Errorf("acknowledgement: %+v", out)
		}
	}
	row := w.row(t, n.Number)
	if row.State != string(inspection.StateDelivered) || row.DeliveredAt != w.now.UnixMilli() {
		t.Errorf("notice is %s, delivered at %d, want %d", row.State, row.DeliveredAt, w.now.UnixMilli())
	}
	if kinds := w.kinds(t, row.ID); !slices.Equal(kinds, []string{"issued", "transport_ack"}) {
		t.Errorf("events %v", kinds)
	}
	if docs := w.documents(t); len(docs) > 0 {
		t.Errorf("an acknowledgement is no document: %v", docs)
	}
}

func TestAnAckOfOtherBytesIsRefusedAndSeen(t *testing.T) {
	t.Parallel()
	w := dock(t)
	n := w.ordered(t, order("o1", "t01", box))
	name, _, body := w.letter(t)
	other := portadapters.WriteAck(append(slices.Clone(body), '\n'))
	for file, want := range map[string]desk.FileOutcome{
		portadapters.AckName(name):                  {State: "rejected", Reason: desk.CodeAckOther},
		"N1_v1_issued_0.edi.ack":                    {State: "rejected", Reason: desk.CodeAckNobody},
		"x_" + strings.Repeat("0", 32) + ".edi.ack": {State: "rejected", Reason: desk.CodeAckNobody},
	} {
		if out := w.writes(t, file, string(other)); out != want {
			t.Errorf("%s: %+v, want %+v", file, out, want)
		}
	}
	if out := w.writes(t, "words.ack", "received"); out.Reason != portadapters.CodeAckDigest {
		t.Errorf("words: %+v", out)
	}
	if state := w.row(t, n.Number).State; state != string(inspection.StateIssued) {
		t.Errorf("the notice is %s by an acknowledgement of other bytes", state)
	}
	want := []string{"N1_v1_issued_0.edi.ack ack refused 1 NOT-1305", name + ".ack ack refused 1 NOT-1304", "words.ack ack refused 1 NOT-1301",
		"x_" + strings.Repeat("0", 32) + ".edi.ack ack refused 1 NOT-1305"}
	slices.Sort(want)
	if docs := w.documents(t); !slices.Equal(docs, want) {
		t.Errorf("documents %q, want %q", docs, want)
	}
}

func TestAnAckOverAnotherEndpointIsAboutNothing(t *testing.T) {
	t.Parallel()
	w := dock(t)
	w.ordered(t, order("o1", "t01", box))
	name, _, body := w.letter(t)
	c := store.Change{Endpoints: []store.Endpoint{{ID: w.NewID(), PartnerID: "t02", Name: "filedrop", Wire: "filedrop", Format: "json", Types: "notice.*",
		Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1}}}
	if err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.endpoint = c.Endpoints[0].ID
	if out := w.writes(t, portadapters.AckName(name), string(portadapters.WriteAck(body))); out.Reason != desk.CodeAckNobody {
		t.Errorf("acknowledged by a stranger: %+v", out)
	}
}

func TestADocumentInAFolderIsKeptHeardAndAnsweredByAFile(t *testing.T) {
	t.Parallel()
	w := dock(t)
	n := w.ordered(t, order("o1", "t01", box))
	text := "accept=R1 " + n.Number
	if out := w.writes(t, "a.edi", text); out != (desk.FileOutcome{State: "matched"}) {
		t.Fatalf("first copy: %+v", out)
	}
	if state := w.row(t, n.Number).State; state != string(inspection.StateAccepted) {
		t.Errorf("the notice is %s", state)
	}
	name, answer, body := w.letter(t)
	if answer.Kind != "terminal_message.answer" || string(body) != "CONTRL R1" || !strings.HasPrefix(name, "contrl_") || !strings.HasSuffix(name, ".edi") {
		t.Fatalf("answer %s %s %q", name, answer.Kind, body)
	}

	// The same interchange again while the answer waits: one answer. After it
	// left the queue: the same one again, under its id.
	w.now = w.now.Add(time.Minute)
	w.writes(t, "b.edi", text)
	w.leaves(t, answer.ID)
	if out := w.writes(t, "c.edi", text); out.State != "matched" {
		t.Errorf("third copy: %+v", out)
	}
	_, again, bytes := w.letter(t)
	if again.ID != answer.ID || again.State != "waiting" || string(bytes) != string(body) {
		t.Errorf("answered again by %s (%s) %q, want %s waiting", again.ID, again.State, bytes, answer.ID)
	}
	if docs := w.documents(t); !slices.Equal(docs, []string{"a.edi edifact matched 3"}) {
		t.Errorf("documents %q", docs)
	}

	// An acknowledgement of our answer is one of ours, and moves no notice.
	before := w.kinds(t, w.row(t, n.Number).ID)
	if out := w.writes(t, portadapters.AckName(name), string(portadapters.WriteAck(body))); out.State != "matched" {
		t.Errorf("acknowledgement of the answer: %+v", out)
	}
	if after := w.kinds(t, w.row(t, n.Number).ID); !slices.Equal(before, after) {
		t.Errorf("events %v became %v", before, after)
	}
}

// leaves takes an item out of the queue.
func (w *wharf) leaves(t *testing.T, id string) {
	t.Helper()
	err := w.store.Commit(t.Context(), store.Change{Requeue: []store.Requeue{{ID: id, From: []string{"waiting"}, To: "cancelled", At: 1}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatCannotBeTakenFromAFolderIsKeptAsRefused(t *testing.T) {
	t.Parallel()
	w := dock(t)
	w.writes(t, "good.edi", "accept=R1 N1") // its notice has not come: it waits
	for name, c := range map[string]struct{ body, state, reason string }{
		"bad.edi":     {"bad=R2", "rejected", "EDI-1001"}, // answered by CONTRL, and still refused
		"garbage.bin": {"garbage", "rejected", "EDI-1002"},
		"words.json":  {"{}", "rejected", "NOT-1009"},
		"empty":       {"", "rejected", ""},
		"again.edi":   {"accept=R1 N2", "rejected", "DUP_CONFLICT R1"}, // other bytes under a number that was used
	} {
		out := w.writes(t, name, c.body)
		if out.State != c.state || !strings.HasPrefix(out.Reason, c.reason) {
			t.Errorf("%s: %+v, want %s %s", name, out, c.state, c.reason)
		}
	}
	out, err := w.HearTerminalFile(t.Context(), desk.DropFile{Channel: store.ReceiverOf(w.endpoint), Name: "huge.edi", SHA256: strings.Repeat("1", 64), Rejected: "larger than 3145728 bytes"})
	if err != nil || out != (desk.FileOutcome{State: "rejected", Reason: "larger than 3145728 bytes"}) {
		t.Errorf("huge: %+v, %v", out, err)
	}
	docs := w.documents(t)
	for _, want := range []string{"huge.edi  refused 1", "bad.edi edifact refused 1 EDI-1001", "garbage.bin edifact refused 1 EDI-1002", "good.edi edifact unmatched 1"} {
		if !slices.Contains(docs, want) {
			t.Errorf("no %q in %q", want, docs)
		}
	}
	if len(docs) != 7 {
		t.Errorf("documents %q", docs)
	}
}

func TestAForwarderSaysNothingByItsFolder(t *testing.T) {
	t.Parallel()
	w := dock(t)
	c := store.Change{Endpoints: []store.Endpoint{{ID: w.NewID(), PartnerID: "alice", Name: "f", Wire: "filedrop", Format: "json", Types: "",
		Settings: []byte("{}"), State: "active", CreatedAt: 1, UpdatedAt: 1}}}
	if err := w.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	w.endpoint = c.Endpoints[0].ID
	if out := w.writes(t, "a.edi", "accept=R1 N1"); out.State != "rejected" || out.Reason != "role "+string(auth.Forwarder) {
		t.Errorf("a forwarder's document: %+v", out)
	}
}
