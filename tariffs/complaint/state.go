package complaint

import "slices"

// State is where a complaint stands (formats/tariffs.md §11).
type State string

// The states.
const (
	Received  State = "received"
	Forwarded State = "forwarded" // the charging body has to answer
	Answered  State = "answered"  // the complainant may accept or reject
	Accepted  State = "accepted"  // by the complainant
	Rejected  State = "rejected"  // by the complainant, with a reason
	Escalated State = "escalated" // to the supervision of prices or transport
	Closed    State = "closed"
)

// States are all of them, in their order.
var States = []State{Received, Forwarded, Answered, Accepted, Rejected, Escalated, Closed}

// IsState reports whether a state is one of them.
func IsState(s State) bool { return slices.Contains(States, s) }

// Actor is a side of a complaint.
type Actor string

// The sides.
const (
	Complainant Actor = "complainant"
	Authority   Actor = "authority"
	Collector   Actor = "collector"
)

// Actors are all sides.
var Actors = []Actor{Complainant, Authority, Collector}

// Act is what is done to a complaint.
type Act string

// The acts. Submit begins a complaint and is possible once.
const (
	Submit   Act = "submit"
	Forward  Act = "forward"
	Answer   Act = "answer"
	Accept   Act = "accept"
	Reject   Act = "reject"
	Escalate Act = "escalate"
	Withdraw Act = "withdraw"
	Close    Act = "close"
	Add      Act = "add" // words or files, the state stays
)

// Acts are all that can be done to a complaint that there is.
var Acts = []Act{Forward, Answer, Accept, Reject, Escalate, Withdraw, Close, Add}

// Reasons of a close. The state decides which of them fit.
const (
	Upheld       = "upheld"        // the complaint was right
	NotUpheld    = "not_upheld"    // the charge was in order
	Settled      = "settled"       // the complainant accepted the answer
	NotCompetent = "not_competent" // nothing that this authority supervises
	Duplicate    = "duplicate"
	NoReaction   = "no_reaction" // to an answer, within the time for it
	PassedOn     = "passed_on"   // the supervision goes on with it
	Withdrawn    = "withdrawn"   // by the complainant
)

// RejectReasons are why a complainant does not accept an answer.
var RejectReasons = []string{"not_answered", "amount_disputed", "basis_disputed", "promise_not_kept", "other"}

// move is one line of the table: who may do what from where, and where to.
type move struct {
	act     Act
	by      Actor
	from    []State
	to      State    // empty: the state stays
	late    bool     // only when the other side is overdue
	reasons []string // one of them is needed
}

var open = []State{Received, Forwarded, Answered, Accepted, Rejected, Escalated}

// moves is the whole state machine. The order of what is in formats/tariffs.md
// §11: received → forwarded → answered → accepted | rejected | escalated →
// closed; the authority may answer itself, and send a rejected one back.
var moves = []move{
	{act: Forward, by: Authority, from: []State{Received, Forwarded, Rejected, Escalated}, to: Forwarded},
	{act: Answer, by: Authority, from: []State{Received, Forwarded, Rejected, Escalated}, to: Answered},
	{act: Answer, by: Collector, from: []State{Forwarded}, to: Answered},
	{act: Accept, by: Complainant, from: []State{Answered}, to: Accepted},
	{act: Reject, by: Complainant, from: []State{Answered}, to: Rejected, reasons: RejectReasons},
	{act: Escalate, by: Complainant, from: []State{Answered, Rejected}, to: Escalated},
	{act: Escalate, by: Complainant, from: []State{Received, Forwarded}, to: Escalated, late: true},
	{act: Escalate, by: Authority, from: []State{Received, Forwarded, Answered, Rejected}, to: Escalated},
	{act: Withdraw, by: Complainant, from: []State{Received, Forwarded, Answered, Rejected, Escalated}, to: Closed},
	{act: Close, by: Authority, from: []State{Received}, to: Closed, reasons: []string{NotCompetent, Duplicate}},
	{act: Close, by: Authority, from: []State{Accepted}, to: Closed, reasons: []string{Upheld, NotUpheld, Settled}},
	{act: Close, by: Authority, from: []State{Rejected}, to: Closed, reasons: []string{Upheld, NotUpheld, NotCompetent, Duplicate}},
	{act: Close, by: Authority, from: []State{Escalated}, to: Closed, reasons: []string{Upheld, NotUpheld, PassedOn, NotCompetent}},
	{act: Close, by: Authority, from: []State{Answered}, to: Closed, late: true, reasons: []string{NoReaction}},
	{act: Add, by: Complainant, from: open},
	{act: Add, by: Authority, from: open},
	{act: Add, by: Collector, from: []State{Forwarded}},
}

// Refusal says why an act is not possible, and what would be.
type Refusal struct {
	State   State
	Act     Act
	Allowed []Act
	Why     string // slug: over, state, too_soon, side
}

// The reasons of a refusal.
const (
	WhyOver    = "over"     // the complaint is closed
	WhyState   = "state"    // not in this state
	WhyTooSoon = "too_soon" // the other side still has time
	WhySide    = "side"     // never by this side
)

// find is the line of the table for an act of a side in a state; late says
// that the time of the other side has run out.
func find(s State, late bool, a Act, by Actor) (m *move, why string) {
	why = WhySide
	for i := range moves {
		m := &moves[i]
		if m.act != a || m.by != by {
			continue
		}
		switch {
		case !slices.Contains(m.from, s):
			if why != WhyTooSoon {
				why = WhyState
			}
		case m.late && !late:
			why = WhyTooSoon
		default:
			return m, ""
		}
	}
	return nil, why
}

// Allowed is what a side may do now, in the order of Acts.
func Allowed(s State, late bool, by Actor) []Act {
	var out []Act
	for _, a := range Acts {
		if m, _ := find(s, late, a, by); m != nil {
			out = append(out, a)
		}
	}
	return out
}

// Reasons are those of which an act of a side needs one; none: it needs none.
func Reasons(s State, late bool, a Act, by Actor) []string {
	m, _ := find(s, late, a, by)
	if m == nil {
		return nil
	}
	return m.reasons
}

// admit finds the line of the table, or says why there is none.
func admit(s State, late bool, a Act, by Actor) (*move, *Refusal) {
	m, why := find(s, late, a, by)
	if m != nil {
		return m, nil
	}
	if s == Closed && why != WhySide {
		why = WhyOver
	}
	return nil, &Refusal{State: s, Act: a, Allowed: Allowed(s, late, by), Why: why}
}
