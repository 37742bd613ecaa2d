package sandbox

import (
	"cmp"
	"slices"

	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

// said is one thing that the terminal says about a notice. Times count in
// units of Terminal.Delay from the moment that the message was taken.
type said struct {
	at     int // when it is sent
	dated  int // when it happened, if not when it is sent
	kind   inspection.Kind
	box    string // empty: all boxes of the notice
	reason inspection.Reason
	text   string
	later  bool // proposes a time
	copies int  // 0: once
}

// yard is what the terminal did about one notice.
type yard struct {
	version int
	site    map[string]string                   // of each box, as last ordered
	did     map[string]map[inspection.Kind]bool // by box
	current int                                 // counts the plans: the older ones are dropped
}

// plan is what the terminal says to a letter. Nothing is said twice about one
// box: a change leads to a new answer, and a move only to another site.
func (y *yard) plan(in *incoming, script magic.Script) []said {
	if in.edi != nil { // an interchange is acknowledged by a message, and few steps have one
		rest := slices.DeleteFunc(y.steps(in, script), func(s said) bool { return s.kind != inspection.Accepted && s.kind != inspection.Rejected })
		return append([]said{{kind: inspection.TransportAck}}, rest...)
	}
	return y.steps(in, script)
}

func (y *yard) steps(in *incoming, script magic.Script) []said {
	if script == magic.Forgets {
		return nil
	}
	switch actOf(in) {
	case inspection.Cancel: // what is locked stays so until the terminal says otherwise
		return y.undo(in.notice, func(did map[inspection.Kind]bool) []inspection.Kind {
			if !did[inspection.Locked] {
				return nil
			}
			return []inspection.Kind{inspection.Unlocked}
		})
	case inspection.ReleaseBoxes:
		return y.undo(in.notice, func(did map[inspection.Kind]bool) []inspection.Kind {
			if did != nil && !did[inspection.MoveDone] {
				return []inspection.Kind{inspection.Unlocked} // what was never moved needs no way back
			}
			return []inspection.Kind{inspection.Unlocked, inspection.MovedBack}
		})
	}
	steps := y.answer(in.notice, script)
	if steps == nil {
		steps = append([]said{{at: 1, kind: inspection.Accepted}}, y.do(in.notice, 2, script == magic.Missing)...)
	}
	switch script {
	case magic.Twice:
		for i := range steps {
			steps[i].copies = 2
		}
	case magic.Flips:
		for i := range steps[1:] {
			steps[1+i].at++
		}
		steps = slices.Insert(steps, 1, said{at: 2, kind: inspection.Rejected})
	case magic.Disorder:
		disorder(steps)
	}
	return steps
}

// actOf is what a letter orders; a wire that tells no type leaves it to the notice.
func actOf(in *incoming) inspection.Action {
	switch in.kind {
	case inspection.LetterIssued:
		return inspection.Issue
	case inspection.LetterChanged:
		return inspection.Change
	case inspection.LetterCancelled:
		return inspection.Cancel
	case inspection.LetterReleased:
		return inspection.ReleaseBoxes
	}
	return in.notice.Change
}

// answer is the whole story of a terminal that cannot do the work; nil when it can.
func (y *yard) answer(n *inspection.Notice, script magic.Script) []said {
	no := said{at: 1, kind: inspection.Rejected}
	switch script {
	case magic.SiteFull:
		no.reason, no.later = inspection.SiteFull, true
	case magic.BoxGone:
		no.reason, no.text = inspection.BoxGone, "箱子已提离 the box left by the gate"
	case magic.OtherReason:
		no.reason, no.text = inspection.OtherReason, "示例原因 a reason for the example"
	default:
		return nil
	}
	return []said{no}
}

// do is the work of a notice, one step a unit from the given one.
func (y *yard) do(n *inspection.Notice, from int, missing bool) []said {
	var steps []said
	for i := range n.Boxes {
		key := n.Boxes[i].Key()
		at := from
		step := func(kind inspection.Kind, work inspection.Work) {
			if !y.did[key][kind] && (work == "" || len(n.Orders) == 0 || slices.Contains(n.Orders, work)) {
				steps = append(steps, said{at: at, kind: kind, box: key})
				at++
			}
		}
		if y.site[key] != n.Boxes[i].Site {
			delete(y.did[key], inspection.MoveStarted)
			delete(y.did[key], inspection.MoveDone)
			delete(y.did[key], inspection.Ready)
			y.site[key] = n.Boxes[i].Site
		}
		step(inspection.Locked, inspection.Lock)
		if missing {
			steps = append(steps, said{at: at, kind: inspection.ExceptionFound, box: key, reason: inspection.BoxUnknown, text: "场内找不到该箱 the box is not in the yard"})
			continue
		}
		step(inspection.MoveStarted, inspection.Move)
		step(inspection.MoveDone, inspection.Move)
		step(inspection.Ready, "")
	}
	slices.SortStableFunc(steps, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	return steps
}

// undo is what follows customs' release or cancellation. A terminal that was
// started anew knows nothing of a box: did is nil then.
func (y *yard) undo(n *inspection.Notice, kinds func(did map[inspection.Kind]bool) []inspection.Kind) []said {
	var steps []said
	for i := range n.Boxes {
		key := n.Boxes[i].Key()
		for at, kind := range kinds(y.did[key]) {
			if !y.did[key][kind] {
				steps = append(steps, said{at: at + 1, kind: kind, box: key})
			}
		}
	}
	slices.SortStableFunc(steps, func(a, b said) int { return cmp.Compare(a.at, b.at) })
	return steps
}

// disorder says the last first, after all of it has happened.
func disorder(steps []said) {
	last := steps[len(steps)-1].at
	slices.Reverse(steps)
	for i := range steps {
		steps[i].dated = steps[i].at
		steps[i].at = last + i + 1
	}
}

// note remembers that something was said, so that it is not said again.
func (y *yard) note(box string, kind inspection.Kind) {
	if y.did[box] == nil {
		y.did[box] = make(map[inspection.Kind]bool)
	}
	y.did[box][kind] = true
}
