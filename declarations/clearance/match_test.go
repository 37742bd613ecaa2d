package clearance_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kouan/declarations"
	"kouan/declarations/clearance"
)

var made = time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC)

// filed is a candidate: owner, bill, ship/voyage, boxes.
func filed(owner, bill, ship, voyage string, boxes ...string) clearance.Candidate {
	d := &declarations.Declaration{}
	d.Transport.TransportDocumentNumber, d.Transport.MeansName, d.Transport.VoyageNumber = bill, ship, voyage
	for _, b := range boxes {
		d.Containers = append(d.Containers, declarations.Container{Number: b})
	}
	return clearance.Candidate{Owner: owner, MadeAt: made, EntryNumber: "E-" + bill, Document: d}
}

func TestFactFindsItsDeclarationAndGuessesNone(t *testing.T) {
	t.Parallel()
	const box = "ZZZU0000010"
	a1 := filed("a", "B1", "STAR", "026E", box)
	a1again := filed("a", "B1", "STAR", "026E", "ZZZU0000026")
	a1late := filed("a", "B1", "STAR", "027E", box)
	b1 := filed("b", "B1", "STAR", "026E")
	b2 := filed("b", "B2", "STAR", "026E", box)
	moon := filed("c", "B3", "MOON", "026E")
	gone := a1
	gone.Over = true
	for _, row := range []struct {
		name       string
		fact       clearance.Fact
		candidates []clearance.Candidate
		want       []int
		reason     string
	}{
		{"bill and voyage", clearance.Fact{BillNumber: "b1 ", VoyageNumber: "026e"}, []clearance.Candidate{a1, moon}, []int{0}, ""},
		{"bill of two parts of one declarant", clearance.Fact{BillNumber: "B1", VoyageNumber: "026E"}, []clearance.Candidate{a1, a1again}, []int{0, 1}, ""},
		{"voyage decides between two of a bill", clearance.Fact{BillNumber: "B1", VoyageNumber: "027E"}, []clearance.Candidate{a1, a1late}, []int{1}, ""},
		{"bill alone, two voyages", clearance.Fact{BillNumber: "B1"}, []clearance.Candidate{a1, a1late}, nil, clearance.ReasonAmbiguous},
		{"bill alone, one declarant, one voyage", clearance.Fact{BillNumber: "B1"}, []clearance.Candidate{a1, a1again}, []int{0, 1}, ""},
		{"bill of two declarants", clearance.Fact{BillNumber: "B1", VoyageNumber: "026E"}, []clearance.Candidate{a1, b1}, nil, clearance.ReasonAmbiguous},
		{"another voyage of the only bill is a difference to be seen", clearance.Fact{BillNumber: "B1", VoyageNumber: "099X"}, []clearance.Candidate{a1}, []int{0}, ""},
		{"another voyage, two of the bill", clearance.Fact{BillNumber: "B1", VoyageNumber: "099X"}, []clearance.Candidate{a1, a1late}, nil, clearance.ReasonAmbiguous},
		{"box and voyage of two declarants share a box", clearance.Fact{ContainerNumber: box, VoyageNumber: "026E"}, []clearance.Candidate{a1, b2, a1late}, []int{0, 1}, ""},
		{"box alone, two voyages", clearance.Fact{ContainerNumber: box, OccurredAt: made}, []clearance.Candidate{a1, a1late}, nil, clearance.ReasonAmbiguous},
		{"box alone, one", clearance.Fact{ContainerNumber: box, OccurredAt: made}, []clearance.Candidate{a1}, []int{0}, ""},
		{"box alone, months before", clearance.Fact{ContainerNumber: box, OccurredAt: made.AddDate(0, -8, 0)}, []clearance.Candidate{a1}, nil, clearance.ReasonUnknown},
		{"box and another voyage", clearance.Fact{ContainerNumber: box, VoyageNumber: "099X"}, []clearance.Candidate{a1}, nil, clearance.ReasonUnknown},
		{"ship and voyage, all declarants", clearance.Fact{VesselName: "Star", VoyageNumber: "026E"}, []clearance.Candidate{a1, b1, b2, moon, a1late}, []int{0, 1, 2}, ""},
		{"ship by number", clearance.Fact{VesselIMO: "9074729", VoyageNumber: "1"}, []clearance.Candidate{filed("a", "B1", "UN9074729", "1")}, []int{0}, ""},
		{"entry number", clearance.Fact{EntryNumber: "e-b2"}, []clearance.Candidate{a1, b2}, []int{1}, ""},
		{"a deleted declaration", clearance.Fact{BillNumber: "B1"}, []clearance.Candidate{gone}, nil, clearance.ReasonUnknown},
		{"nothing", clearance.Fact{BillNumber: "B9"}, []clearance.Candidate{a1}, nil, clearance.ReasonUnknown},
	} {
		got, reason := clearance.Decide(&row.fact, row.candidates)
		if diff := cmp.Diff(row.want, got); diff != "" || reason != row.reason {
			t.Errorf("%s: %q, want %q (-want +got):\n%s", row.name, reason, row.reason, diff)
		}
	}
}

func TestDecisionDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := func(name string, words ...string) string { return rapid.SampledFrom(words).Draw(t, name) }
		var all []clearance.Candidate
		for i := range rapid.IntRange(0, 6).Draw(t, "n") {
			c := filed(word("owner", "a", "b"), word("bill", "B1", "B2"), word("ship", "STAR", "MOON"), word("voyage", "1", "2", ""), word("box", "ZZZU0000010", "ZZZU0000026"))
			c.EntryNumber = fmt.Sprint(i)
			all = append(all, c)
		}
		f := clearance.Fact{BillNumber: word("fact bill", "B1", ""), VoyageNumber: word("fact voyage", "1", "2", ""), VesselName: word("fact ship", "STAR", ""),
			ContainerNumber: word("fact box", "ZZZU0000010", ""), OccurredAt: made}
		if f.Subject() == "" {
			return
		}
		names := func(list []clearance.Candidate) ([]string, string) {
			which, reason := clearance.Decide(&f, list)
			var out []string
			for _, i := range which {
				out = append(out, list[i].EntryNumber)
			}
			slices.Sort(out)
			return out, reason
		}
		want, why := names(all)
		shuffled := rapid.Permutation(all).Draw(t, "order")
		got, whyToo := names(shuffled)
		if diff := cmp.Diff(want, got); diff != "" || why != whyToo {
			t.Fatalf("%+v: %s and %s (-want +got):\n%s", f, why, whyToo, diff)
		}
		if (len(want) == 0) != (why != "") {
			t.Fatalf("%v without a reason, or with %q", want, why)
		}
	})
}
