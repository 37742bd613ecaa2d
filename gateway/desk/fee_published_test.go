package desk_test

import (
	"sync/atomic"
	"testing"
	"time"

	"kouan/gateway/desk"
	"kouan/tariffs"
)

// A row says on which day this version of it was first given to the public,
// not when the edition that repeats it was.
func TestARowKeepsTheDayOfItsFirstPublication(t *testing.T) {
	t.Parallel()
	var now atomic.Int64 // the store looks at the clock by itself
	now.Store(time.Date(2026, 11, 26, 4, 0, 0, 0, time.UTC).Unix())
	clock := func() time.Time { return time.Unix(now.Load(), 0) }
	b := setup(t)
	d := b.again(t, clock)
	if _, err := d.FeeEdition(t.Context()); err != nil {
		t.Fatal(err)
	}
	now.Add(3 * 24 * 60 * 60)
	out, err := d.DraftFees(t.Context(), desk.FeeDrafting{By: anna.By, Actor: anna.Actor, Files: []desk.FeeFile{prices([3]string{"20", "7", "2027-03-01"})}})
	if err != nil {
		t.Fatal(toldFee(err))
	}
	days := func(e *desk.FeeEdition) map[string]string {
		got := map[string]string{}
		for _, r := range e.Catalogue.Rows("2027-04-01", tariffs.RowFilter{}) {
			switch {
			case r.Collector == "示范码头(虚构)":
				got["new"] = r.Published
			case r.ID != "":
				got["old "+r.Published] = r.Published
			}
		}
		return got
	}
	draft, err := d.FeeEditionDrafted(t.Context(), out.Head.Number)
	if err != nil {
		t.Fatal(err)
	}
	if got := days(draft); got["new"] != "" || len(got) != 2 || got["old 2026-11-26"] == "" {
		t.Errorf("a draft is not published: %v", got)
	}
	now.Add(2 * 24 * 60 * 60)
	if _, err := d.CheckFees(t.Context(), out.Head.Number, boris); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.PublishFees(t.Context(), out.Head.Number, desk.FeePublication{FeeStep: anna}); err != nil {
		t.Fatal(toldFee(err))
	}
	for _, reader := range []*desk.Desk{d, b.again(t, clock)} {
		e, err := reader.FeeEdition(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := days(e); e.Number != out.Head.Number || got["new"] != "2026-12-01" || len(got) != 2 || got["old 2026-11-26"] == "" {
			t.Errorf("edition %d: %v", e.Number, got)
		}
	}
}
