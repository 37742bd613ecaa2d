package clearance

import (
	"time"

	"kouan/declarations"
)

// CombinedPort is a declaration in a combined port (组合港): Type position 7 = Z.
// The transfer between the two ports needs no second declaration.
type CombinedPort struct {
	Known    bool     `json:"known" doc:"false: the operator's table has no such pair on that day; a warning, not a refusal"`
	Offices  []string `json:"offices" doc:"Declaration office and border office of the document"`
	From     string   `json:"from,omitzero" doc:"Office where the leg between the ports begins: feeder on export, hub on import"`
	To       string   `json:"to,omitzero"`
	Departed Stage    `json:"departed"`
	Arrived  Stage    `json:"arrived"`
	Second   bool     `json:"second_declaration" doc:"Whether the transfer needs a declaration of its own; always false"`
	Text     string   `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// CombinedPortOf finds the pair and where its leg stands. Which field holds
// which port is not certain (clearance-modes.md §5, unverified), so a pair is
// known by its two offices in either order. A gate of a site that is neither
// end of the pair says nothing about the leg.
func CombinedPortOf(d *declarations.Declaration, facts []Known, pairs Pairs, now time.Time) CombinedPort {
	h := &d.Header
	out := CombinedPort{Offices: []string{h.DeclarationOfficeCode, h.BorderOfficeCode}, Evidence: declarations.Secondary, Basis: "own rule",
		Departed: Stage{Stage: "leg_departed", State: Unknown, Evidence: declarations.Unverified, Basis: "own rule"},
		Arrived:  Stage{Stage: "leg_arrived", State: Unknown, Evidence: declarations.Unverified, Basis: "own rule"}}
	p := pairs.find(h.DeclarationOfficeCode, h.BorderOfficeCode, h.TradeDirection, DayOf(now))
	if p == nil {
		return out
	}
	out.Known = true
	out.From, out.To = p.Feeder, p.Hub
	fromSite, toSite := p.FeederSite, p.HubSite
	if !d.IsExport() {
		out.From, out.To, fromSite, toSite = p.Hub, p.Feeder, p.HubSite, p.FeederSite
	}
	out.Departed.gate(facts, GateOut, out.From, fromSite)
	out.Arrived.gate(facts, GateIn, out.To, toSite)
	return out
}

// CodeUnknownPair warns of a combined port that the table does not know; args: office, border.
const CodeUnknownPair = "CLR-1005"

// WarnOfPair is what is said when a declaration is handed in: the table is the
// operator's, so an unknown pair is a warning and never a refusal.
func WarnOfPair(d *declarations.Declaration, pairs Pairs, now time.Time) []declarations.Fault {
	h := &d.Header
	if !h.IsCombinedPort || pairs.find(h.DeclarationOfficeCode, h.BorderOfficeCode, h.TradeDirection, DayOf(now)) != nil {
		return nil
	}
	return []declarations.Fault{warn(CodeUnknownPair, "declaration.is_combined_port", "office", shown(h.DeclarationOfficeCode), "border", shown(h.BorderOfficeCode))}
}

// gate fills a stage from the last gate move at an office or its site.
func (s *Stage) gate(facts []Known, kind Kind, office, site string) {
	s.State = Waiting
	var found *Known
	for _, f := range standing(facts, kind) {
		here := plain(f.Place) == plain(office) || site != "" && plain(f.Place) == plain(site)
		if here && !f.Estimated && (found == nil || f.At().After(found.At())) {
			found = f
		}
	}
	if found != nil {
		s.State, s.At, s.Source = Done, moment(found.At()), found.Source
	}
}
