package clearance

import (
	"strings"
	"time"

	"kouan/declarations"
)

// Kind says what a partner reports.
type Kind string

// The kinds of facts. ManifestReceipt is an answer of customs about a
// manifest other than its acceptance; its Code says which (receipts.md §8).
const (
	ManifestAccepted  Kind = "manifest_accepted"
	ManifestReceipt   Kind = "manifest_receipt"
	ShipArrival       Kind = "ship_arrival"  // the conveyance declared its entry (运输工具申报进境)
	CargoArrival      Kind = "cargo_arrival" // the goods are at the supervised site (运抵)
	CarrierRelease    Kind = "carrier_release"
	ChargesSettled    Kind = "charges_settled"
	DischargeSequence Kind = "discharge_sequence"
	BoxDischarged     Kind = "box_discharged"
	GateIn            Kind = "gate_in"
	GateOut           Kind = "gate_out"
	TransferArrival   Kind = "transfer_arrival" // arrival at the receiving site of a transfer (转场)
)

// InspectionReleased says that customs let a box go after an inspection. It
// is not among Kinds: nobody reports it, it follows from customs' event.
const InspectionReleased Kind = "inspection_released"

// Kinds are all kinds that partners report, in the order of a voyage.
var Kinds = []Kind{ManifestAccepted, ManifestReceipt, ShipArrival, CargoArrival, CarrierRelease, ChargesSettled,
	DischargeSequence, BoxDischarged, GateIn, GateOut, TransferArrival}

// Fact is one thing that a partner saw or did. Which declarations it is about
// is said by the numbers that it carries; all that are given count.
type Fact struct {
	Kind            Kind                 `json:"kind,omitzero"`        // needed unless Withdraws is given
	BillNumber      string               `json:"bill_number,omitzero"` // as on the declaration: master, or master*house
	VoyageNumber    string               `json:"voyage_number,omitzero"`
	VesselName      string               `json:"vessel_name,omitzero"`
	VesselIMO       string               `json:"vessel_imo,omitzero"` // seven digits
	ContainerNumber string               `json:"container_number,omitzero"`
	EntryNumber     string               `json:"entry_number,omitzero"` // of customs (海关编号)
	Packages        declarations.Decimal `json:"packages,omitzero"`
	GrossWeightKg   declarations.Decimal `json:"gross_weight_kg,omitzero"`
	Place           string               `json:"place,omitzero"` // code or name of the site, as its owner writes it
	Code            string               `json:"code,omitzero"`  // of a manifest receipt
	Sequence        string               `json:"sequence,omitzero"`
	Note            string               `json:"note,omitzero"`
	OccurredAt      time.Time            `json:"occurred_at,omitzero"`
	Estimated       bool                 `json:"estimated,omitzero"` // expected, not seen
	Reference       string               `json:"reference,omitzero"` // the source's own number of this report
	Withdraws       string               `json:"withdraws,omitzero"` // id of an earlier fact of the same source
}

// Known is a fact as it is kept.
type Known struct {
	Fact
	ID        string
	Source    string // partner
	Role      string // of the partner: customs, carrier, agent, terminal
	HeardAt   time.Time
	Withdrawn bool // taken back by its source
}

// At is when it happened; when the message does not tell, when it was heard.
func (k *Known) At() time.Time {
	if k.OccurredAt.IsZero() {
		return k.HeardAt
	}
	return k.OccurredAt
}

// standing are the facts of a kind that were seen and not taken back.
func standing(facts []Known, kind Kind) []*Known {
	var out []*Known
	for i := range facts {
		f := &facts[i]
		if f.Kind == kind && !f.Withdrawn && f.Withdraws == "" {
			out = append(out, f)
		}
	}
	return out
}

// last is the standing fact of a kind that happened last, estimates aside; nil without one.
func last(facts []Known, kind Kind) *Known {
	var found *Known
	for _, f := range standing(facts, kind) {
		if f.Estimated {
			continue
		}
		if found == nil || f.At().After(found.At()) || f.At().Equal(found.At()) && f.ID > found.ID {
			found = f
		}
	}
	return found
}

// plain makes two spellings of one number equal: case and surrounding blanks
// carry no meaning in bill, voyage, ship and box numbers.
func plain(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

// Subject is the number under which the fact and its declaration meet: the
// surest one that it carries. Empty when it carries none that can decide; a
// voyage number alone is used by many ships.
func (f *Fact) Subject() string {
	switch {
	case f.EntryNumber != "":
		return subject("entry", f.EntryNumber)
	case f.BillNumber != "":
		return subject("bill", f.BillNumber)
	case f.ContainerNumber != "":
		return subject("box", f.ContainerNumber)
	case f.VoyageNumber != "" && (f.VesselName != "" || f.VesselIMO != ""):
		return subject("voyage", f.VoyageNumber)
	}
	return ""
}

// OfConveyance tells a fact of a whole ship: it is about every declaration of
// the voyage, whoever made it, and each of them decides alone.
func (f *Fact) OfConveyance() bool {
	return f.EntryNumber == "" && f.BillNumber == "" && f.ContainerNumber == ""
}

func subject(kind, number string) string { return kind + ":" + plain(number) }

// Subjects are the numbers under which a declaration can be meant. The entry
// number is not among them: it comes from customs, later, and is looked up by itself.
func Subjects(d *declarations.Declaration) []string {
	var list []string
	t := &d.Transport
	if t.TransportDocumentNumber != "" {
		list = append(list, subject("bill", t.TransportDocumentNumber))
	}
	if t.VoyageNumber != "" {
		list = append(list, subject("voyage", t.VoyageNumber))
	}
	seen := map[string]bool{}
	for i := range d.Containers {
		s := subject("box", d.Containers[i].Number)
		if d.Containers[i].Number != "" && !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}

// EntrySubject is the subject of facts that name the entry number.
func EntrySubject(number string) string { return subject("entry", number) }
