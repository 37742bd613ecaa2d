package clearance

import (
	"strings"
	"time"

	"kouan/declarations"
)

// Candidate is a declaration that a fact may be about.
type Candidate struct {
	Owner       string // tenant: facts of one bill are never shared between two
	EntryNumber string
	MadeAt      time.Time // when it was accepted here
	Over        bool      // deleted or cancelled: nothing can be about it any more
	Document    *declarations.Declaration
}

// boxWindow bounds how far a report that names nothing but a box may be from
// the declaration: boxes sail often, and an old report must not find the next voyage.
const boxWindow = 30 * 24 * time.Hour

// Reasons why a fact is joined to nothing, for its reporter and for operators.
const (
	ReasonUnknown   = "unknown"   // no declaration carries its numbers
	ReasonAmbiguous = "ambiguous" // several do, and nothing in it decides
)

// Decide says which of the candidates a fact is about. Every number that it
// carries must agree, with one exception: a bill number that only one
// declarant uses decides alone, so that a wrong voyage or box is seen as a
// difference instead of as silence. It is a function of the set of
// candidates, and never guesses: of several that nothing tells apart it takes none.
func Decide(f *Fact, candidates []Candidate) (chosen []int, reason string) {
	var named []int
	for i := range candidates {
		if !candidates[i].Over && carries(f, &candidates[i]) {
			named = append(named, i)
		}
	}
	if len(named) == 0 {
		return nil, ReasonUnknown
	}
	agreed := filter(named, func(i int) bool { return agrees(f, candidates[i].Document) })
	switch {
	case f.EntryNumber != "":
		return named, ""
	case f.BillNumber != "":
		if len(agreed) == 0 || f.VoyageNumber == "" {
			agreed = named
			if !alike(candidates, named) {
				return nil, ReasonAmbiguous
			}
		}
		if !oneOwner(candidates, agreed) {
			return nil, ReasonAmbiguous
		}
		return agreed, ""
	case len(agreed) == 0:
		return nil, ReasonUnknown
	case f.VoyageNumber == "" && !alike(candidates, agreed): // a box alone sails often
		return nil, ReasonAmbiguous
	}
	return agreed, ""
}

// carries tells that the candidate carries the number that the fact goes by.
func carries(f *Fact, c *Candidate) bool {
	switch {
	case f.EntryNumber != "":
		return plain(f.EntryNumber) == plain(c.EntryNumber)
	case f.BillNumber != "":
		return plain(f.BillNumber) == plain(c.Document.Transport.TransportDocumentNumber)
	case f.ContainerNumber != "":
		return hasBox(c.Document, f.ContainerNumber) && (f.VoyageNumber != "" || near(f.OccurredAt, c.MadeAt))
	}
	return plain(f.VoyageNumber) == plain(c.Document.Transport.VoyageNumber)
}

// agrees tells that nothing else in the fact speaks against the declaration.
func agrees(f *Fact, d *declarations.Declaration) bool {
	t := &d.Transport
	if f.VoyageNumber != "" && plain(f.VoyageNumber) != plain(t.VoyageNumber) {
		return false
	}
	if f.VesselName == "" && f.VesselIMO == "" {
		return true
	}
	return sameShip(f, t.MeansName)
}

// sameShip compares with TrafName, which holds the English name of a ship or
// its number; an IMO number may be written with UN before it (MT3101).
func sameShip(f *Fact, declared string) bool {
	name := plain(declared)
	if f.VesselName != "" && plain(f.VesselName) == name {
		return true
	}
	number := strings.TrimPrefix(plain(f.VesselIMO), "IMO")
	return number != "" && strings.TrimPrefix(strings.TrimPrefix(name, "UN"), "IMO") == number
}

func near(a, b time.Time) bool { return a.Sub(b).Abs() <= boxWindow }

func hasBox(d *declarations.Declaration, number string) bool {
	for i := range d.Containers {
		if plain(d.Containers[i].Number) == plain(number) {
			return true
		}
	}
	return false
}

// alike tells that all of them sail on the same ship and voyage for the same declarant.
func alike(candidates []Candidate, which []int) bool {
	first := &candidates[which[0]]
	for _, i := range which {
		c := &candidates[i]
		if c.Owner != first.Owner ||
			plain(c.Document.Transport.VoyageNumber) != plain(first.Document.Transport.VoyageNumber) ||
			plain(c.Document.Transport.MeansName) != plain(first.Document.Transport.MeansName) {
			return false
		}
	}
	return true
}

func oneOwner(candidates []Candidate, which []int) bool {
	for _, i := range which {
		if candidates[i].Owner != candidates[which[0]].Owner {
			return false
		}
	}
	return true
}

func filter(which []int, keep func(int) bool) []int {
	var out []int
	for _, i := range which {
		if keep(i) {
			out = append(out, i)
		}
	}
	return out
}
