package tariffs

import "slices"

// byPort is the exemption of a stay that the port caused (1997/2001 rules
// art. 24): the call says so by a member of its own.
const byPort = "M-BERTH-FREE-PORT"

// freeStay finishes the line of a stay that is exempt, and says by what. That
// the condition of another exemption is met only the call can say, by its name.
func (b *builder) freeStay(item string) bool {
	for _, m := range b.modifiers("exemption", item, "") {
		why := ""
		switch {
		case m.ID == byPort && b.call.Berth.PortCaused:
			why = "caused_by_port"
		case m.ID != byPort && slices.Contains(b.call.Enabled, m.ID):
			why = "exempt_as_stated"
		default:
			continue
		}
		l := b.line(item, "", "")
		l.modifier(m, "exemption", "", "0")
		l.free(why)
		return true
	}
	return false
}

// exempt finishes a line whose row says zero; without the row it is unknown.
func (l *drawn) exempt(cells []*Rate, why string) {
	if len(cells) != 1 || cells[0].Amount == nil || !cells[0].Amount.IsZero() {
		l.unknown("no_row").finish()
		return
	}
	l.on(cells[0])
	l.step("exemption", cells[0].ID, "", "0", cells[0].Instrument, cells[0].Word)
	l.free(why)
}

// exemption is the row by which a ship owes no special port fee although one
// of the questions would have it pay; empty: none. A ship built in China is
// exempt from C1 to C4 only.
func (s *Special) exemption() string {
	asked := []*bool{s.Owner, s.Operator, s.Equity, s.Flag}
	if !slices.ContainsFunc(append(asked, s.BuiltUS), func(b *bool) bool { return b == nil || *b }) {
		return "" // no to each: outside the scope, there is nothing to be exempt from
	}
	switch {
	case isYes(s.Repair):
		return "SPF-E2"
	case isYes(s.Exempted):
		return "SPF-E3"
	case isYes(s.BuiltCN) && s.BuiltUS != nil && !*s.BuiltUS:
		return "SPF-E1"
	}
	return ""
}

func isYes(b *bool) bool { return b != nil && *b }

// exemptShip records the exemption of a ship from the special port fee.
func (l *drawn) exemptShip(id string) bool {
	i := slices.IndexFunc(l.b.c.Special.Exemptions, func(r SpecialRow) bool { return r.ID == id })
	if id == "" || i < 0 {
		return false
	}
	r := &l.b.c.Special.Exemptions[i]
	l.Instrument = r.Instrument
	l.step("exemption", r.ID, "", "0", r.Instrument, r.Word)
	l.trust(r.ID, r.Word)
	l.free("ship_exempt")
	return true
}
