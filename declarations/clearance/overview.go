// Package clearance says how a declaration goes through the port: declared in
// advance (提前申报), in two steps (两步申报), admitted in two stages (两段准入),
// in a combined port (组合港), with which documents, and whether it may go
// over the ship's side. It reads what partners report (facts) and decides
// which declaration a fact is about.
//
// Contract: functions of values. Overview is a function of the canonical
// document, the course of its receipts, the facts about it, the operator's
// table of ports and an instant; the same input gives the same answer. Each
// statement carries its evidence and its basis; what is not known is said to
// be unknown, never taken for no. Days are days of the port (UTC+8).
//
// The package does not know SQL, HTTP, roles, the outbox or any language:
// words are keys until Say puts them in. Of the duties it knows until when
// they are asked for, not how much; it does not know the amendment of a
// declaration or any port's own procedure: none was found.
package clearance

import (
	"slices"
	"time"

	"kouan/declarations"
)

// StageState says where one stage stands.
type StageState string

// Allowed: may happen, has not been seen. UnderWay: begun, not finished.
const (
	Done     StageState = "done"
	Allowed  StageState = "allowed"
	UnderWay StageState = "under_way"
	Waiting  StageState = "waiting"
	Blocked  StageState = "blocked"
	Unknown  StageState = "unknown"
	Late     StageState = "overdue"
)

// Stage is one step on the way, with what is known about it.
type Stage struct {
	Stage  string     `json:"stage" example:"released"`
	State  StageState `json:"state" enum:"done,allowed,under_way,waiting,blocked,unknown,overdue"`
	At     Moment     `json:"at,omitzero"`
	Source string     `json:"source,omitzero" doc:"Receipt or partner that said so"`
	Key    string     `json:"detail,omitzero" doc:"What is particular about it"`
	Text   string     `json:"text" doc:"Name of the stage"`

	StateText string                `json:"state_text"`
	KeyText   string                `json:"detail_text,omitzero"`
	Evidence  declarations.Evidence `json:"evidence"`
	Basis     string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// TwoStep is a two-step declaration.
type TwoStep struct {
	State    TwoStepState   `json:"state"`
	Text     string         `json:"text"`
	Flags    Flags          `json:"flags"`
	Missing  []MissingField `json:"missing_in_summary" doc:"Fields that a summary must have under its flags; empty for a full declaration"`
	Deadline FilingDeadline `json:"deadline"`
	// Differences of the full declaration from its summary, before it is sent.
	Differences []SummaryDifference  `json:"differences,omitempty"`
	Faults      []declarations.Fault `json:"-"`

	Evidence declarations.Evidence `json:"evidence"`
	Basis    string                `json:"basis" doc:"What it rests on: announcement of customs (GACC), rule (V), codes of receipts, public source, or a rule of our own"`
}

// Overview is all of it for one declaration.
type Overview struct {
	Mode         declarations.Mode `json:"mode" doc:"By the mark on the message; being in advance is a fact of time and stands in advance"`
	Stages       []Stage           `json:"stages"`
	Advance      Advance           `json:"advance"`
	TwoStep      *TwoStep          `json:"two_step,omitempty"`
	Admission    *Admission        `json:"two_stage,omitempty" doc:"Import only"`
	CombinedPort *CombinedPort     `json:"combined_port,omitempty"`
	Papers       []Paper           `json:"attached_documents"`
	ShipSide     ShipSide          `json:"ship_side"`
}

// Of makes the overview.
func Of(d *declarations.Declaration, c *Course, facts []Known, pairs Pairs, now time.Time) Overview {
	o := Overview{Mode: declarations.ModeOf(d), Advance: AdvanceOf(d, c, facts), Papers: PapersOf(d, c.Own.Attempt), ShipSide: ReadyAt(d, c, facts, now)}
	if d.Header.IsCombinedPort {
		p := CombinedPortOf(d, facts, pairs, now)
		o.CombinedPort = &p
	}
	if IsTwoStep(d) {
		t := TwoStepOf(d, c, facts, now)
		o.TwoStep = &t
	}
	if !d.IsExport() {
		a := AdmissionOf(d, c, facts)
		o.Admission = &a
	}
	o.Stages = o.stages(c, facts)
	return o
}

// TwoStepOf is where a two-step declaration stands.
func TwoStepOf(d *declarations.Declaration, c *Course, facts []Known, now time.Time) TwoStep {
	t := TwoStep{State: StateOf(d, c), Flags: FlagsOf(d), Missing: []MissingField{}, Deadline: DeadlineOf(d, c, facts, now),
		Evidence: declarations.Secondary, Basis: "GACC 2019-127, 2019-216"}
	if d.IsSummary() {
		t.Missing = MissingInSummary(d, t.Flags)
	} else if c.Summary != nil {
		t.Differences, t.Faults = CompareWithSummary(c.Summary, d, c.Result.SequenceNumber)
	}
	return t
}

// stages are the steps of this declaration in the order of a smooth course.
func (o *Overview) stages(c *Course, facts []Known) []Stage {
	manifest := Stage{Stage: "manifest", State: Waiting, At: o.Advance.Manifest.At, Source: o.Advance.Manifest.Source, Evidence: declarations.Unverified, Basis: "own rule"}
	switch o.Advance.Manifest.State {
	case ManifestMatched:
		manifest.State = Done
	case ManifestMismatch, ManifestReturned:
		manifest.State, manifest.Key = Blocked, "manifest_"+string(o.Advance.Manifest.State)
	}
	stages := []Stage{c.declared(), manifest, arrivedStage(o.Advance.Against, facts)}
	if o.TwoStep != nil {
		stages = append(stages, c.passed("summary_accepted", declarations.StatusSummaryAccepted, declarations.StatusSummarySupplement, declarations.StatusSummaryPickupReleased),
			c.passed("pickup_released", declarations.StatusSummaryPickupReleased), o.TwoStep.stage())
	}
	stages = append(stages, c.passed("accepted", declarations.StatusAccepted, declarations.StatusTaxDue, declarations.StatusGuaranteeReleased, declarations.StatusReleased, declarations.StatusClosed))
	stages = append(stages, c.inspected()...)
	stages = append(stages, c.passed("released", declarations.StatusGuaranteeReleased, declarations.StatusReleased, declarations.StatusClosed))
	if o.Admission != nil {
		stages = append(stages, o.Admission.Port, o.Admission.Use)
	}
	return append(stages, c.passed("closed", declarations.StatusClosed))
}

// beyondDeclared are the words that customs says only of what was declared.
var beyondDeclared = []declarations.Status{declarations.StatusUnderReview, declarations.StatusAccepted, declarations.StatusTaxDue,
	declarations.StatusInspection, declarations.StatusGateInPermitted, declarations.StatusGuaranteeReleased, declarations.StatusReleased, declarations.StatusClosed,
	declarations.StatusSummaryAccepted, declarations.StatusSummarySupplement, declarations.StatusSummaryInspection, declarations.StatusSummaryPickupReleased}

func (c *Course) declared() Stage {
	s := Stage{Stage: "declared", State: Waiting, Evidence: declarations.Confirmed, Basis: "CHANNEL"}
	if at, source := c.declaredAt(); !at.IsZero() {
		s.State, s.At, s.Source = Done, moment(at), source
		if source == "submission" {
			s.State, s.Key = UnderWay, "no_receipt_yet"
			if slices.Contains(beyondDeclared, c.Result.Status) { // the receipt of the declaration itself was lost, its day with it
				s.State, s.Key, s.At, s.Source = Done, "", moment(time.Time{}), "receipt"
			}
		}
	}
	return s
}

// arrivedStage is the entry of the conveyance, or of the goods into the site.
func arrivedStage(kind Kind, facts []Known) Stage {
	s := Stage{Stage: string(kind), State: Unknown, Evidence: declarations.Unverified, Basis: "own rule"}
	if f := last(facts, kind); f != nil {
		s.State, s.At, s.Source = Done, moment(f.At()), f.Source
	} else if list := standing(facts, kind); len(list) > 0 {
		f := list[len(list)-1]
		s.State, s.At, s.Source, s.Key = Waiting, moment(f.At()), f.Source, "expected"
	}
	return s
}

// passed is a stage that receipts tell: one of the statuses was reached and
// the declaration was not returned or deleted since.
func (c *Course) passed(name string, statuses ...declarations.Status) Stage {
	s := Stage{Stage: name, State: Waiting, Evidence: declarations.Secondary, Basis: "CHANNEL"}
	switch c.Result.Status {
	case declarations.StatusDeleted, declarations.StatusReturned, declarations.StatusSummaryReturned:
		s.State = Blocked
		return s
	}
	at, code, ok := c.first(statuses...)
	if ok {
		s.State, s.At, s.Source = Done, moment(at), "receipt "+code
	}
	if r, stands := c.release(declarations.ReleaseFull, declarations.ReleaseGuarantee); ok && name == "released" && (r == nil || !stands) {
		s.State = Blocked // released, and held again since
	}
	return s
}

// inspected is shown when an inspection was ordered; whether it is over, only
// a later release tells.
func (c *Course) inspected() []Stage {
	at, code, ok := c.first(declarations.StatusInspection, declarations.StatusSummaryInspection)
	if !ok {
		return nil
	}
	s := Stage{Stage: "inspection", State: Done, At: moment(at), Source: "receipt " + code, Evidence: declarations.Confirmed, Basis: "CHANNEL"}
	if c.Result.Status == declarations.StatusInspection || c.Result.Status == declarations.StatusSummaryInspection {
		s.State = Blocked
	}
	return []Stage{s}
}

func (t *TwoStep) stage() Stage {
	s := Stage{Stage: "full_declaration", State: Waiting, Evidence: t.Deadline.Evidence, Basis: t.Deadline.Basis}
	switch t.Deadline.State {
	case Met:
		s.State, s.At = Done, moment(t.Deadline.MetAt)
	case Overdue:
		s.State = Late
	case Void:
		s.State = Blocked
	}
	return s
}
