package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"kouan/declarations/clearance"
	"kouan/declarations/inspection"
	"kouan/gateway/auth"
	"kouan/gateway/store"
)

// Which terminal a notice goes to (contract.md): the one that the order
// names; else the last known place of the box; else what the operator's table
// says about the goods place; else nobody, and the human list has it. Nothing
// is guessed: an order that names a terminal which nobody here knows is for a
// person, too.

// placeOf is the form in which free texts of places are compared.
func placeOf(text string) string { return strings.TrimSpace(norm.NFKC.String(text)) }

// terminalNamed finds the terminal behind a code or name; empty when it is
// nobody's.
func (d *Desk) terminalNamed(ctx context.Context, name string) (string, error) {
	name = placeOf(name)
	if name == "" || len(name) > 255 {
		return "", nil
	}
	p, err := d.Store.Partner(ctx, name)
	if err == nil && p.Role == string(auth.Terminal) {
		return p.ID, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("look up terminal: %w", err)
	}
	alias, err := d.Store.PlaceAlias(ctx, name)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up place: %w", err)
	}
	return alias.Terminal, nil
}

// terminalOfBox is where a box is, when nobody named a terminal. The place in
// the yard comes with it when that is known.
func (d *Desk) terminalOfBox(ctx context.Context, b *inspection.Box, goodsPlace string) (string, error) {
	if b.ContainerNumber != "" {
		place, err := d.Store.BoxPlaceOf(ctx, b.ContainerNumber)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", fmt.Errorf("look up place of box: %w", err)
		}
		if err == nil && place.Terminal != "" {
			if b.YardPlace == "" {
				b.YardPlace = place.YardPlace
			}
			return place.Terminal, nil
		}
	}
	return d.terminalNamed(ctx, goodsPlace)
}

// byTerminal divides the boxes of an order among the terminals that hold
// them, in the order in which they come. Those of nobody are one part, too.
func (d *Desk) byTerminal(ctx context.Context, n *inspection.Notice) ([]inspection.Notice, error) {
	if n.Terminal != "" {
		terminal, err := d.terminalNamed(ctx, n.Terminal)
		if err != nil {
			return nil, err
		}
		n.Terminal = terminal
		return []inspection.Notice{*n}, nil
	}
	var parts []inspection.Notice
	at := map[string]int{}
	for _, b := range n.Boxes {
		terminal, err := d.terminalOfBox(ctx, &b, n.GoodsPlace)
		if err != nil {
			return nil, err
		}
		i, ok := at[terminal]
		if !ok {
			i = len(parts)
			at[terminal] = i
			part := *n
			part.Terminal, part.Boxes = terminal, nil
			parts = append(parts, part)
		}
		parts[i].Boxes = append(parts[i].Boxes, b)
	}
	return parts, nil
}

// boxPlace is what a fact tells about where a box is; nil when it tells
// nothing: it is expected only, taken back, or of a place that nobody named
// to us.
func (d *Desk) boxPlace(ctx context.Context, p auth.Principal, f *clearance.Fact) (*store.BoxPlace, error) {
	if f.ContainerNumber == "" || f.Estimated || f.Withdraws != "" {
		return nil, nil
	}
	place := &store.BoxPlace{Container: strings.ToUpper(strings.TrimSpace(f.ContainerNumber)), Source: p.PartnerID,
		At: f.OccurredAt.UnixMilli(), HeardAt: d.now()}
	switch f.Kind {
	case clearance.GateOut:
		return place, nil
	case clearance.BoxDischarged, clearance.GateIn:
	default:
		return nil, nil
	}
	if p.Role == auth.Terminal {
		place.Terminal = p.PartnerID
		return place, nil
	}
	var err error
	place.Terminal, err = d.terminalNamed(ctx, f.Place)
	if err != nil || place.Terminal == "" {
		return nil, err
	}
	return place, nil
}

// placeFromEvent is where a box is as its terminal's answer tells.
func placeFromEvent(e *inspection.Event, terminal string, now time.Time) *store.BoxPlace {
	if e.Box == "" || e.Actor != inspection.ByTerminal {
		return nil
	}
	place := &store.BoxPlace{Container: e.Box, Terminal: terminal, YardPlace: e.YardPlace, Source: e.Source,
		At: e.OccurredAt.UnixMilli(), HeardAt: now.UnixMilli()}
	switch {
	case e.Kind == inspection.DirectGateOut:
		place.Terminal, place.YardPlace = "", ""
	case e.YardPlace == "":
		return nil
	}
	return place
}
