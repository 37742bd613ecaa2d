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
	Basis    string                `json:"basis"`
}

// CombinedPortOf finds the pair and where its leg stands. Which field holds
// which port is not certain (clearance-modes.md §5, unverified), so a pair is
// known by its two offices in either order. A gate of a site that is neither
// end of the pair says nothing about the leg.
func CombinedPortOf(d *declarations.Declaration, facts []Known, pairs Pairs, now time.Time) CombinedPort {
	h := &d.Header
	out := CombinedPort{Offices: []string{h.DeclarationOfficeCode, h.BorderOfficeCode}, Evidence: declarations.Secondary, Basis: "clearance-modes.md 5",
		Departed: Stage{Stage: "leg_departed", State: Unknown, Evidence: declarations.Unverified, Basis: "clearance-modes.md 5"},
		Arrived:  Stage{Stage: "leg_arrived", State: Unknown, Evidence: declarations.Unverified, Basis: "clearance-modes.md 5"}}
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
