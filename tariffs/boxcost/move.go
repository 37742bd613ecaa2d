package boxcost

import "kouan/tariffs"

// Move is what one component did between two months.
type Move struct {
	Item       string       `json:"item,omitzero"`
	Name       string       `json:"service_zh,omitzero"`
	Why        string       `json:"why"`                                      // slug of fee_move
	Before     *Component   `json:"before,omitzero"`                          // nil: was not there
	After      *Component   `json:"after,omitzero"`                           // nil: is not there
	On         tariffs.Day  `json:"on,omitzero"`                              // the day on which the new row or offer begins
	Difference *tariffs.Fen `json:"difference_fen,omitzero" nullable:"false"` // nil: unknown on one side, or inside another charge
}

// Why a component moved.
const (
	OtherRow   = "other_row"   // another row or offer, with another figure
	SameFigure = "same_figure" // another row or offer, with the same figure
	Factor     = "factor"      // a temporary factor began or ended
	Known      = "known"       // there is a figure now
	Lost       = "lost"        // there is none any more
	Joined     = "joined"      // it became part of another charge
	Parted     = "parted"      // it is a charge of its own again
	Offered    = "offered"     // a third party's service is new
	Dropped    = "dropped"     // or is no longer offered
)

func (out *Component) key() string { return out.Item + "\x00" + out.Name }

// moves are the differences of two months, in the order of the later one.
func moves(before, after []Component) []Move {
	was := map[string]*Component{}
	for i := range before {
		was[before[i].key()] = &before[i]
	}
	var out []Move
	for i := range after {
		b := was[after[i].key()]
		delete(was, after[i].key())
		if m := move(b, &after[i]); m.Why != "" {
			out = append(out, m)
		}
	}
	for i := range before {
		if b := &before[i]; was[b.key()] != nil {
			out = append(out, move(b, nil))
		}
	}
	return out
}

func move(before, after *Component) Move {
	m := Move{Before: before, After: after}
	switch {
	case before == nil:
		m.Item, m.Name, m.On, m.Why = after.Item, after.Name, after.From, Offered
		return m
	case after == nil:
		m.Item, m.Name, m.Why = before.Item, before.Name, Dropped
		return m
	}
	m.Item, m.Name = after.Item, after.Name
	same := before.Row == after.Row && before.Service == after.Service && before.Inside == after.Inside
	if m.Why = why(before, after, same); m.Why == "" {
		return m
	}
	if !same {
		m.On = after.From
	}
	if m.Why == Joined || m.Why == Parted {
		return m // what it costs inside another charge nobody has said
	}
	if from, to := before.own(), after.own(); from != nil && to != nil {
		d := *to - *from
		m.Difference = &d
	}
	return m
}

func why(before, after *Component, same bool) string {
	switch {
	case before.Inside == "" && after.Inside != "":
		return Joined
	case before.Inside != "" && after.Inside == "":
		return Parted
	case before.Amount == nil && after.Amount == nil:
		return "" // unknown before and after, by whichever row
	case before.Amount == nil:
		return Known
	case after.Amount == nil:
		return Lost
	case *before.Amount != *after.Amount && same:
		return Factor
	case *before.Amount != *after.Amount:
		return OtherRow
	case !same:
		return SameFigure
	}
	return ""
}

// own is what the component adds to the total: nothing of its own when it is
// part of another charge.
func (out *Component) own() *tariffs.Fen {
	if out.Inside != "" {
		return new(tariffs.Fen)
	}
	return out.Amount
}
