package clearance

import "kouan/declarations"

// Admission is two-stage admission (两段准入): may the goods leave the port,
// and may they be sold or used. The two are kept apart (clearance-modes.md §4).
type Admission struct {
	ConditionalPickup bool   `json:"conditional_pickup" doc:"附条件提离 was asked for"`
	Transfer          bool   `json:"transfer" doc:"转场检查 was asked for"`
	TransferSite      string `json:"transfer_site,omitzero" doc:"Customs code of the receiving site; a gate-out must name it"`
	MergedCheck       bool   `json:"merged_check" doc:"合并检查 was asked for: no inspection at the port is expected"`
	Port              Stage  `json:"port" doc:"Stage 1: leaving the port"`
	Use               Stage  `json:"use" doc:"Stage 2: sale or use"`
	SaleBlocked       bool   `json:"sale_blocked" doc:"true until the release stands"`
}

// AdmissionOf says where both stages stand. Import only.
func AdmissionOf(d *declarations.Declaration, c *Course, facts []Known) Admission {
	a := Admission{ConditionalPickup: d.Access.ConditionalPickupRequested == "1", Transfer: d.Access.TransferRequested == "1",
		TransferSite: d.Access.TransferSiteCode, MergedCheck: d.Access.MergedCheckRequested == "1"}
	if !a.Transfer {
		a.TransferSite = "" // named without being asked for: V056 warns about it
	}
	a.Use = Stage{Stage: "sale_or_use", State: Blocked, Evidence: declarations.Unverified, Basis: "GACC 2019-160"}
	r, stands := c.release(declarations.ReleaseFull, declarations.ReleaseGuarantee)
	if r != nil && stands {
		a.Use.State, a.Use.At, a.Use.Source = Done, moment(r.At), "receipt "+r.Code
	}
	a.SaleBlocked = a.Use.State != Done
	a.Port = a.port(c, facts, stands)
	return a
}

// port is stage 1. That the goods left is known by the gate; that they may
// leave, by a release, or by a release for pick-up. No receipt was found that
// grants a conditional lift-off or a transfer, so those wait for the gate.
func (a *Admission) port(c *Course, facts []Known, released bool) Stage {
	s := Stage{Stage: "leave_port", State: Waiting, Evidence: declarations.Unverified, Basis: "own rule"}
	out := last(facts, GateOut)
	arrived := last(facts, TransferArrival)
	pick, may := c.release(declarations.ReleasePickup)
	switch {
	case a.Transfer && arrived != nil:
		s.State, s.At, s.Source = Done, moment(arrived.At()), arrived.Source
	case a.Transfer && out != nil: // under way: only the arrival at the site closes the movement
		s.State, s.At, s.Source, s.Key = UnderWay, moment(out.At()), out.Source, "transfer_under_way"
		if a.TransferSite != "" && plain(out.Place) != "" && plain(out.Place) != plain(a.TransferSite) {
			s.Key = "transfer_other_site"
		}
	case out != nil:
		s.State, s.At, s.Source = Done, moment(out.At()), out.Source
	case released:
		s.State = Allowed
		s.Source = "release"
	case may:
		s.State, s.At, s.Source = Allowed, moment(pick.At), "receipt "+pick.Code
	}
	if s.Key == "" {
		s.Key = a.way()
	}
	return s
}

// way is by which right the goods leave.
func (a *Admission) way() string {
	switch {
	case a.Transfer:
		return "transfer"
	case a.ConditionalPickup:
		return "conditional_pickup"
	case a.MergedCheck:
		return "merged_check"
	}
	return "ordinary_exit"
}
