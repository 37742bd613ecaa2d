package desk_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/intake"
	"kouan/gateway/auth"
	"kouan/gateway/desk"
	"kouan/gateway/store"
)

// rows are declarations with these references; an empty one is refused in its
// form. taken counts how many were asked for.
func (b *bundle) rows(references []string, taken *int) iter.Seq2[intake.Row, error] {
	return func(yield func(intake.Row, error) bool) {
		for i, reference := range references {
			row := intake.Read(b.xml(reference), intake.XML)[0]
			row.Line = i + 2
			if reference == "" {
				row.Faults = []declarations.Fault{{Code: "CSV-1008", Severity: declarations.Reject}}
			}
			if *taken++; !yield(row, nil) {
				return
			}
		}
	}
}

func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("ROW%04d", i)
	}
	return out
}

// Rows are told in the order of the file, refused ones among them, and the
// same file again gets the first ids.
func TestRowsOfAFileAreTakenInOneByOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	references := names(100)
	references[7] = ""
	send := func() (lines []string, ids map[string]string) {
		ids = map[string]string{}
		taken := 0
		err := b.SubmitRows(t.Context(), b.alice, desk.Bulk{Rows: b.rows(references, &taken), Body: []byte("x"), ContentType: "application/xml"}, func(r *desk.BulkRow) error {
			lines = append(lines, fmt.Sprintf("%d %t", r.Row.Line, r.Accepted.ID != ""))
			ids[r.Row.Declaration.Header.ClientReference] = r.Accepted.ID
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return lines, ids
	}
	lines, first := send()
	var want []string
	for i := range references {
		want = append(want, fmt.Sprintf("%d %t", i+2, i != 7))
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, again := send()
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("ids (-first +again):\n%s", diff)
	}
	ledger, err := b.store.Ledger(t.Context())
	if err != nil || ledger.Accepted != 99 || ledger.Difference() != 0 {
		t.Errorf("ledger %+v, %v", ledger, err)
	}
}

// An error ends the file at once, and what was told stands.
func TestAnErrorEndsTheFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	full := errors.New("disk full")
	taken, told := 0, 0
	err := b.SubmitRows(t.Context(), b.alice, desk.Bulk{Rows: b.rows(names(1000), &taken), Body: []byte("x")}, func(*desk.BulkRow) error {
		if told++; told == 3 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) || told != 3 {
		t.Errorf("told %d, %v", told, err)
	}
	if taken > 100 {
		t.Errorf("%d rows were read behind the error", taken)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.SubmitRows(gone, b.alice, desk.Bulk{Rows: b.rows(names(5), &taken), Body: []byte("x")}, func(*desk.BulkRow) error { return nil }); err == nil {
		t.Error("a caller that went away got its rows taken in")
	}
	broken := func(yield func(intake.Row, error) bool) { yield(intake.Row{}, full) }
	if err := b.SubmitRows(t.Context(), b.alice, desk.Bulk{Rows: broken}, nil); !errors.Is(err, full) {
		t.Errorf("error of reading: %v", err)
	}
	if err := b.SubmitRows(t.Context(), b.duty, desk.Bulk{}, nil); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("customs may submit: %v", err)
	}
}

// Two requests under one key: the first answer is everybody's.
func TestOneAnswerToTheKeyOfAnUpload(t *testing.T) {
	t.Parallel()
	b := setup(t)
	record := func(id, answer string) desk.UploadRecord {
		return desk.UploadRecord{ID: id, Format: "csv", SHA256: strings.Repeat("a", 64), Key: "K", RequestSHA: "r", Answer: desk.Replayed{Status: 200, ContentType: "application/json", Body: []byte(answer)}, Parts: [][]byte{[]byte("rows")}}
	}
	if first, err := b.KeepUpload(t.Context(), b.alice, record("u1", "one")); err != nil || first != nil {
		t.Fatalf("%v, %v", first, err)
	}
	first, err := b.KeepUpload(t.Context(), b.alice, record("u2", "two"))
	if err != nil || first == nil || string(first.Body) != "one" {
		t.Errorf("%v, %v", first, err)
	}
	if _, err := b.Upload(t.Context(), b.alice, "u2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the second upload is kept: %v", err)
	}
	if part, err := b.RefusedPart(t.Context(), b.alice, "u1", 0); err != nil || string(part) != "rows" {
		t.Errorf("%q, %v", part, err)
	}
	if part, err := b.RefusedPart(t.Context(), b.bob, "u1", 0); err != nil || part != nil {
		t.Errorf("another partner reads %q, %v", part, err)
	}
}
