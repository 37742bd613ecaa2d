package clearance

import (
	"time"

	"kouan/declarations"
)

// ShipSide is whether the customs side lets goods go over the ship's side at
// a moment: 船边直提 on import, 抵港直装 on export. It is asked at the decision
// of gate or crane, not when the appointment is made (clearance-modes.md §6;
// all of it is derived from the receipt codes and unverified for a port).
type ShipSide struct {
	Ready      bool     `json:"ready"`
	Release    string   `json:"release,omitzero" doc:"Code of the release that counts: P, I, F or SpK"`
	ReleasedAt Moment   `json:"released_at,omitzero"`
	Blocks     []string `json:"blocks" doc:"Receipt codes that hold the goods: C, SpC, SpE, E, H, M, D, A"`
	Reasons    []string `json:"reasons" doc:"Why not, as words: not_declared, not_released, blocked, arrival_missing, released_late, quarantine_open"`
	Fallback   string   `json:"fallback,omitzero" enum:"yard" doc:"Where the box goes when it is not ready"`
	Text       string   `json:"text"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// blocking are the codes that hold goods until a later release.
var blocking = map[string]bool{"C": true, "SpC": true, "SpE": true, "E": true, "H": true, "M": true, "D": true, "A": true}

// ReadyAt evaluates the condition at a moment: receipts and facts that were
// dated later do not count, as they were not there to be seen. A release
// against guarantee (B, K) is not among those that count.
func ReadyAt(d *declarations.Declaration, c *Course, facts []Known, at time.Time) ShipSide {
	r := ShipSide{Blocks: []string{}, Reasons: []string{}, Evidence: declarations.Unverified, Basis: "own rule"}
	deleted := false
	for i, t := range c.Result.Trail {
		h := &c.Result.History[i]
		if h.At.After(at) {
			continue
		}
		code, known := declarations.LookupReceiptCode(t.Code)
		switch {
		case known && (code.Release == declarations.ReleaseFull || code.Release == declarations.ReleasePickup && !d.IsExport()):
			r.Release, r.ReleasedAt, r.Blocks = t.Code, moment(h.At), []string{}
		case blocking[t.Code]:
			r.Blocks = append(r.Blocks, t.Code)
			deleted = deleted || code.Final
		case known && code.Status == declarations.StatusDeclared: // a new attempt after a return begins anew
			r.Release, r.ReleasedAt, r.Blocks = "", Moment{}, []string{}
		}
	}
	r.judge(d, facts, at, deleted)
	if declared, _ := c.declaredAt(); declared.IsZero() {
		r.Reasons = append([]string{"not_declared"}, r.Reasons...)
	}
	r.Ready = len(r.Reasons) == 0
	if !r.Ready {
		r.Fallback = "yard"
	}
	return r
}

func (r *ShipSide) judge(d *declarations.Declaration, facts []Known, at time.Time, deleted bool) {
	if r.Release == "" || deleted {
		r.Reasons = append(r.Reasons, "not_released")
	}
	if len(r.Blocks) > 0 {
		r.Reasons = append(r.Reasons, "blocked")
	}
	if d.IsExport() {
		if f := last(facts, CargoArrival); f == nil || f.At().After(at) { // 运抵 before loading
			r.Reasons = append(r.Reasons, "arrival_missing")
		}
		return
	}
	if f := last(facts, BoxDischarged); f != nil && !f.At().After(at) && r.Release != "" && r.ReleasedAt.After(f.At()) {
		r.Reasons = append(r.Reasons, "released_late") // it was in the yard by then
	}
	if FlagsOf(d).Inspection.Set && d.Access.MergedCheckRequested != "1" && r.Release == "SpK" {
		r.Reasons = append(r.Reasons, "quarantine_open") // released for pick-up only, and inspection at the port is not excluded
	}
}
