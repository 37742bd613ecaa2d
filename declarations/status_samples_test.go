package declarations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kouan/declarations"
	"kouan/declarations/receipts"
	"kouan/declarations/testfacts"
)

// sets are the receipts of each set of samples/receipts and the status that
// the index names for it.
func sets(t *testing.T) (map[string][]declarations.Heard, map[string]declarations.Status) {
	t.Helper()
	events, status := map[string][]declarations.Heard{}, map[string]declarations.Status{}
	for _, r := range declarations.Rows(t, "samples", "receipts", "index.csv") {
		set := r["set"]
		if set == "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(testfacts.Path(t, "samples", "receipts"), r["file"]))
		if err != nil {
			t.Fatal(err)
		}
		e, faults := receipts.Parse(data, r["file"])
		if len(faults) > 0 {
			t.Fatalf("%s: %v", r["file"], faults)
		}
		events[set] = append(events[set], declarations.Heard{Event: e})
		status[set] = declarations.Status(r["expected_state"])
	}
	// The rows of set h say what becomes of each file; both together are received (receipts.md §4 rule 2).
	status["set-h"] = declarations.StatusReceived
	return events, status
}

func TestSampleSetsInEveryOrder(t *testing.T) {
	t.Parallel()
	orders := map[string]int{"set-a": 2, "set-b": 120, "set-c": 5040, "set-d": 5040, "set-e": 2, "set-f": 2, "set-g": 2, "set-h": 2}
	history := map[string]string{
		"set-a": "P R", "set-b": "7 L J P R", "set-c": "7 L E 7 L J P", "set-d": "SpL SpJ SpK L J P R",
		"set-e": "C P", "set-f": "P D", "set-g": "P", "set-h": "imported L",
	}
	events, status := sets(t)
	if len(events) != len(orders) {
		t.Fatalf("%d sets, want a to h", len(events))
	}
	for set, all := range events {
		t.Run(set, func(t *testing.T) {
			t.Parallel()
			n := 0
			record := declarations.OwnRecord{State: "sent", Attempt: 1}
			want := declarations.Fold(record, all)
			if want.Status != status[set] || codes(want) != history[set] {
				t.Errorf("status %s, history %s; want %s, %s", want.Status, codes(want), status[set], history[set])
			}
			permutations(all, func(order []declarations.Heard) {
				n++
				got := declarations.Fold(record, order)
				if got.Status != want.Status || codes(got) != codes(want) {
					t.Fatalf("in another order: status %s, history %s", got.Status, codes(got))
				}
				if n%100 == 1 { // the whole result now and then: comparing costs more than folding
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("-want +got\n%s", diff)
					}
				}
			})
			if n != orders[set] {
				t.Errorf("%d orders were tried, want %d", n, orders[set])
			}
		})
	}
}

func codes(r declarations.Result) string {
	var out []string
	for _, h := range r.History {
		out = append(out, h.Code)
	}
	return strings.Join(out, " ")
}

func TestSingleSampleReceiptsGiveTheirStatus(t *testing.T) {
	t.Parallel()
	n := 0
	for _, r := range declarations.Rows(t, "samples", "receipts", "index.csv") {
		if r["set"] != "" || r["layer"] != "business receipt" && r["layer"] != "import response" || r["expected_state"] == "unmatched" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(testfacts.Path(t, "samples", "receipts"), r["file"]))
		if err != nil {
			t.Fatal(err)
		}
		e, faults := receipts.Parse(data, r["file"])
		if len(faults) > 0 {
			t.Fatalf("%s: %v", r["file"], faults)
		}
		want := declarations.Status(r["expected_state"])
		if want == "no change" {
			want = declarations.StatusSent
		}
		n++
		if got := declarations.Fold(declarations.OwnRecord{State: "sent", Attempt: 1}, []declarations.Heard{{Event: e}}); got.Status != want {
			t.Errorf("%s: %s, want %s", r["file"], got.Status, want)
		}
	}
	if n < 40 {
		t.Errorf("%d receipts were looked at, want all of them", n)
	}
}
