package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"kouan/gateway/desk"
)

// notification is a RES as they are published, without namespaces.
func notification(function, id, lrn, mrn, at string) string {
	return fmt.Sprintf(`<Response><FunctionCode>%s</FunctionCode><FunctionalReferenceID>%s</FunctionalReferenceID>`+
		`<IssueDateTime><DateTimeString formatCode="304">%s</DateTimeString></IssueDateTime>`+
		`<Declaration><FunctionalReferenceID>%s</FunctionalReferenceID><ID>%s</ID></Declaration></Response>`, function, id, at, lrn, mrn)
}

func TestNotificationsAreMatchedByReferenceAndByEntryNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.mustSubmit(t, b.alice, "EXN1")
	if h := b.hear(t, []byte(notification("01", "n1", "EXN1", "24GB1", "20260105100000Z"))); !h.Matched || h.Status != "accepted" {
		t.Fatalf("by LRN: %+v", h)
	}
	// A request has an LRN of its own; the MRN is that of the declaration.
	if h := b.hear(t, []byte(notification("08", "n2", "OTHER", "24GB1", "20260105110000Z"))); !h.Matched || h.Status != "released" || h.DeclarationID != a.ID {
		t.Errorf("by MRN: %+v", h)
	}
	if h := b.hear(t, []byte(notification("08", "n2", "OTHER", "24GB1", "20260105110000Z"))); !h.Duplicate {
		t.Errorf("a copy: %+v", h)
	}
	if h := b.hear(t, []byte(notification("02", "n3", "EXN1", "24GB1", "20260105120000Z"))); h.Status != "released" {
		t.Errorf("a step back: %+v", h)
	}
	row, err := b.Declaration(t.Context(), b.alice, a.ID)
	if err != nil || row.EntryNumber != "24GB1" {
		t.Errorf("entry number %q, %v", row.EntryNumber, err)
	}
}

func TestOneEnvelopeForTwoDeclarations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.mustSubmit(t, b.alice, "EXN2"), b.mustSubmit(t, b.bob, "EXN3")
	body := []byte("<MetaData>" + notification("03", "m1", "EXN2", "24GB2", "20260105100000Z") + notification("09", "m2", "EXN3", "24GB3", "20260105100000Z") + "</MetaData>")
	if h := b.hear(t, body); !h.Matched || h.Duplicate {
		t.Errorf("%+v", h)
	}
	if s := b.status(t, b.alice, first.ID); s != "returned" {
		t.Errorf("first: %s", s)
	}
	if s := b.status(t, b.bob, second.ID); s != "closed" {
		t.Errorf("second: %s", s)
	}
	if h := b.hear(t, body); !h.Matched || !h.Duplicate {
		t.Errorf("again: %+v", h)
	}
}

func TestANotificationBeforeItsDeclarationIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := "<MetaData>" + notification("01", "k1", "EXN4", "24GB4", "20260105100000Z") + notification("05", "k2", "EXN4", "24GB4", "20260105110000Z") + "</MetaData>"
	if h := b.hear(t, []byte(body)); h.Matched || h.Reason == "" {
		t.Fatalf("%+v", h)
	}
	stale := strings.Replace(string(importResponse("EXN4", "", "1", "no")), "<SeqNo></SeqNo>", "", 1)
	if h := b.hear(t, []byte(stale)); h.Matched {
		t.Fatalf("%+v", h)
	}
	a := b.mustSubmit(t, b.alice, "EXN4")
	n, err := b.Rematch(t.Context())
	if err != nil || n != 2 {
		t.Errorf("%d matched, %v; want the two notifications and not the import response", n, err)
	}
	if s := b.status(t, b.alice, a.ID); s != "inspection" {
		t.Errorf("status %s", s)
	}
}

func TestAnEnvelopeWithOneUnreadableNotificationIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := "<MetaData>" + notification("01", "u1", "EXN5", "24GB5", "20260105100000Z") + notification("", "u2", "EXN5", "24GB5", "20260105110000Z") + "</MetaData>"
	if _, err := b.HearReceipt(t.Context(), b.duty, desk.Heard{Body: []byte(body)}); err == nil {
		t.Error("no error")
	}
}
