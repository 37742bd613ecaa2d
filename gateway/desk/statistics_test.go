package desk_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// figures of the authority over all time; to is far off.
func (b *bundle) figures(t *testing.T) store.Statistics {
	t.Helper()
	authority := auth.Principal{PartnerID: "port", KeyID: "k-port", Role: auth.Authority}
	got, port, err := b.Statistics(t.Context(), authority, time.UnixMilli(0), time.Now().Add(time.Hour))
	if err != nil || !port {
		t.Fatalf("statistics: of the port %v, %v", port, err)
	}
	return got
}

// The times are what the receipts say together, in whatever order they come,
// also when they were kept for want of a number (P4).
func TestReleaseTimesDoNotDependOnTheOrderOfReceipts(t *testing.T) {
	t.Parallel()
	accepted, released, closed := "2026-01-05T10:00:00", "2026-01-05T10:45:00", "2026-01-05T11:00:00"
	const number = "I20260000000000001"
	receipts := [][]byte{importResponse("R1", number, "0", ""), result(number, "J", accepted), result(number, "P", released), result(number, "R", closed)}
	want := store.ReleaseTimes{Released: 1, Measured: 1, MedianMs: (45 * time.Minute).Milliseconds(), P90Ms: (45 * time.Minute).Milliseconds()}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 2, 1, 1, 3}, {1, 3, 0, 2}} {
		b := setup(t)
		b.mustSubmit(t, b.alice, "R1")
		for _, i := range order {
			b.hear(t, receipts[i])
		}
		got := b.figures(t)
		if diff := cmp.Diff(want, got.Total); diff != "" {
			t.Errorf("order %v (-want +got):\n%s", order, diff)
		}
		if len(got.Counts) != 1 || got.Counts[0] != (store.ClearanceCount{Status: "closed", Mode: "ordinary", Office: "0900", Direction: "import", Count: 1}) {
			t.Errorf("order %v: counts %+v", order, got.Counts)
		}
	}
}

// A correction after a return is the same declaration: it is counted once,
// and its time is that of the attempt that was released.
func TestStatisticsOfACorrectedDeclaration(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mustSubmit(t, b.alice, "R1")
	const first, second = "I20260000000000001", "I20260000000000002"
	for _, r := range [][]byte{importResponse("R1", first, "0", ""), result(first, "J", "2026-01-05T10:00:00"), result(first, "E", "2026-01-05T10:30:00")} {
		b.hear(t, r)
	}
	if got := b.figures(t); got.Total != (store.ReleaseTimes{}) || got.Counts[0].Status != "returned" {
		t.Errorf("returned: %+v", got)
	}
	body := bytes.Replace(b.xml("R1"), []byte("<ContrNo>"), []byte("<ContrNo>NEW"), 1)
	if _, err := b.Submit(t.Context(), b.alice, submission(body, "")); err != nil {
		t.Fatal(err)
	}
	for _, r := range [][]byte{importResponse("R1", second, "0", ""), result(second, "J", "2026-01-05T12:00:00"), result(second, "P", "2026-01-05T12:10:00")} {
		b.hear(t, r)
	}
	got := b.figures(t)
	if got.Total.Measured != 1 || got.Total.MedianMs != (10*time.Minute).Milliseconds() || len(got.Counts) != 1 || got.Counts[0].Count != 1 || got.Counts[0].Status != "released" {
		t.Errorf("corrected and released: %+v", got)
	}
}

func TestStatisticsAreOnesOwnOrThePorts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.mustSubmit(t, b.alice, "R1")
	b.mustSubmit(t, b.alice, "R2")
	b.mustSubmit(t, b.bob, "R1")
	from, to := time.UnixMilli(0), time.Now().Add(time.Hour)
	for _, p := range []struct {
		auth.Principal
		want int64
	}{{b.alice, 2}, {b.bob, 1}} {
		got, port, err := b.Statistics(t.Context(), p.Principal, from, to)
		if err != nil || port || len(got.Counts) != 1 || got.Counts[0].Count != p.want {
			t.Errorf("%s: %+v, port %v, %v", p.PartnerID, got.Counts, port, err)
		}
	}
	if got := b.figures(t); len(got.Counts) != 1 || got.Counts[0].Count != 3 {
		t.Errorf("the port: %+v", got.Counts)
	}
	if _, _, err := b.Statistics(t.Context(), b.duty, from, to); !errors.Is(err, auth.ErrForbidden) {
		t.Errorf("customs: %v", err)
	}
}
