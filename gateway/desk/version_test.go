package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kouan/declarations/intake"
	"kouan/gateway/store"
)

func TestEveryDocumentIsAVersion(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	s := submission(b.xml("EX1"), "")
	s.Draft = true
	draft, err := b.Submit(ctx, b.alice, s)
	if err != nil {
		t.Fatal(err)
	}
	edited, err := b.Edit(ctx, b.alice, draft.ID, draft.Version, submission(moon(b.xml("EX1")), ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "")); err != nil {
		t.Fatal(err)
	}
	if got := b.versionKinds(t, draft.ID); got != "draft edit submission" {
		t.Errorf("versions %s", got)
	}
	for n, want := range map[int]string{1: "EXAMPLE STAR", 2: "EXAMPLE MOON", 3: "EXAMPLE MOON"} {
		v, document, err := b.Version(ctx, b.alice, draft.ID, n)
		if err != nil || v.Number != n || !strings.Contains(string(document), want) {
			t.Errorf("version %d: %+v, %v, want %s", n, v, err, want)
		}
	}
	if same, err := b.Difference(ctx, b.alice, draft.ID, 2, 3); err != nil || len(same) > 0 {
		t.Errorf("what was edited and sent differs: %v, %v", same, err)
	}
	back, err := b.Difference(ctx, b.alice, draft.ID, 3, 1)
	if err != nil || len(back) != 1 || back[0].Old != "EXAMPLE MOON" {
		t.Errorf("difference backwards: %v, %v", back, err)
	}
	for _, n := range []int{0, 4, -1} {
		if _, _, err := b.Version(ctx, b.alice, draft.ID, n); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("version %d: %v", n, err)
		}
	}
	if _, err := b.Versions(ctx, b.bob, draft.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another partner's versions: %v", err)
	}
	if edited.Version != 2 {
		t.Errorf("version of the row %d", edited.Version)
	}
	b.sound(t)
}

// TestDocumentFromBeforeIsVersionOne: a declaration that an earlier program
// accepted has no version rows; its document counts as one all the same.
func TestDocumentFromBeforeIsVersionOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	canonical, err := intake.Marshal(&intake.Read(b.xml("EX1"), intake.XML)[0].Declaration)
	if err != nil {
		t.Fatal(err)
	}
	row := store.Declaration{Tenant: "alice", ID: b.NewID(), Reference: "EX1", OwnState: "draft", Status: "draft", Version: 1,
		Direction: "import", Office: "0900", Document: canonical, ContentSHA: fmt.Sprintf("%x", sha(string(canonical))), Faults: []byte("[]"), CreatedAt: 1, UpdatedAt: 2}
	if err := b.store.Commit(ctx, store.Change{Insert: &row}); err != nil {
		t.Fatal(err)
	}
	if got := b.versionKinds(t, row.ID); got != "existing" {
		t.Errorf("versions %s", got)
	}
	if _, document, err := b.Version(ctx, b.alice, row.ID, 1); err != nil || !bytes.Equal(document, canonical) {
		t.Errorf("version 1: %v", err)
	}
	if _, err := b.Edit(ctx, b.alice, row.ID, 1, submission(moon(b.xml("EX1")), "")); err != nil {
		t.Fatal(err)
	}
	if got := b.versionKinds(t, row.ID); got != "existing edit" {
		t.Errorf("versions %s", got)
	}
	if changes, err := b.Difference(ctx, b.alice, row.ID, 1, 2); err != nil || len(changes) != 1 {
		t.Errorf("difference %v, %v", changes, err)
	}
	b.sound(t)
}

func TestPlacesAreThoseOfTheDeclarantsOwnDocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := t.Context()
	s := submission(b.xml("EX1"), "")
	s.Draft = true
	draft, err := b.Submit(ctx, b.alice, s) // XML, kept as JSON, sent from there
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(ctx, b.alice, draft.ID, submission(nil, "")); err != nil {
		t.Fatal(err)
	}
	row, err := b.Declaration(ctx, b.alice, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.PlaceOf(ctx, &row, 1, "items[0].hs_code")
	if err != nil || p.Place != "/DecMessage/DecLists/DecList[1]/CodeTS" || p.Line == 0 || p.Column == 0 {
		t.Errorf("place %+v, %v", p, err)
	}
	b.hear(t, rejection("EX1"))
	row, events, err := b.Timeline(ctx, b.alice, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	found, err := b.Objections(ctx, &row, events)
	if err != nil || len(found) != 1 {
		t.Fatalf("objections %v, %v", found, err)
	}
	for _, list := range found {
		if len(list) != 2 || list[0].Code != "CDS12056" || list[0].Path != "items[0].hs_code" || list[0].Line != 99 ||
			list[0].Place.Place != "/DecMessage/DecLists/DecList[1]/CodeTS" {
			t.Errorf("objections %+v", list)
		}
		if list[1].Path != "" || list[1].Place.Place != "42A/99Z.1" {
			t.Errorf("a place that the declaration does not have: %+v", list[1])
		}
	}
}

// rejection is a notification with an error at the code of line 1, and one at
// a place that no declaration has.
func rejection(reference string) []byte {
	step := func(section, rest string) string {
		return "<Pointer>" + rest + "<DocumentSectionCode>" + section + "</DocumentSectionCode></Pointer>"
	}
	return []byte("<Response><FunctionCode>03</FunctionCode><FunctionalReferenceID>n1</FunctionalReferenceID>" +
		`<IssueDateTime><DateTimeString formatCode="304">20260105100000+08</DateTimeString></IssueDateTime>` +
		"<Error><ValidationCode>CDS12056</ValidationCode>" + step("42A", "") + step("67A", "") + step("68A", "<SequenceNumeric>1</SequenceNumeric>") + step("23A", "") +
		"<Pointer><SequenceNumeric>3</SequenceNumeric><DocumentSectionCode>21A</DocumentSectionCode><TagID>145</TagID></Pointer></Error>" +
		"<Error><ValidationCode>CDS00001</ValidationCode>" + step("42A", "") + "<Pointer><DocumentSectionCode>99Z</DocumentSectionCode><TagID>1</TagID></Pointer></Error>" +
		"<Declaration><FunctionalReferenceID>" + reference + "</FunctionalReferenceID><ID>26CN1</ID><VersionID>1</VersionID></Declaration></Response>")
}
