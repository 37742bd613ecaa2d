package wording

import (
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/services"
)

// ServiceName is the name of a third party's service. Providers name it in
// Chinese, some in English; both are theirs, so no translation has a status.
func (w Words) ServiceName(s *services.Service) Name { return w.provided(s.Name, s.NameEN) }

// ServiceOther is how to choose another provider.
func (w Words) ServiceOther(s *services.Service) Name {
	return w.provided(s.ChooseOther, s.ChooseOtherEN)
}

func (w Words) provided(zh, en string) Name {
	n := Name{Original: zh}
	n.Text, n.Lang = i18n.First(w.Lang(), map[i18n.Lang]string{i18n.ZhHans: zh, i18n.En: en})
	return n
}

// ServicePrice is what a provider asks, or that it is not on file.
func (w Words) ServicePrice(s *services.Service) string {
	if fen, ok := s.Fen(); ok {
		return w.Money(fen)
	}
	return w.Term("ui.not_on_file")
}

// ServiceSample says that an offer is none; empty for a real one.
func (w Words) ServiceSample(s *services.Service) string {
	if s.Sample {
		return w.Text("fee_service.sample", nil)
	}
	return ""
}

// Cost is what a part of a box costs, from the lowest to the highest offer, or
// why that is unknown.
func (w Words) Cost(c *boxcost.Component) string {
	switch {
	case c == nil:
		return "–"
	case c.Inside != "":
		return w.Text("fee_box.inside", map[string]string{"charge": w.Item(c.Inside)})
	case c.Amount == nil:
		return w.Unknown(c.Unknown, nil, c.About)
	case c.UpTo != nil:
		return w.Money(*c.Amount) + " – " + w.Money(*c.UpTo)
	case c.AtMost:
		return w.Text("fee_price.at_most", map[string]string{"amount": w.Money(*c.Amount)})
	}
	return w.Money(*c.Amount)
}

// Known is the total of a month: at least what is known, or all of it.
func (w Words) Known(m *boxcost.Month) string {
	if !m.Whole {
		return w.Text("fee_price.at_least", map[string]string{"amount": w.Money(m.Known)})
	}
	return w.Money(m.Known)
}

// Difference is a signed amount; a dash where one side is unknown.
func (w Words) Difference(f *tariffs.Fen) string {
	switch {
	case f == nil:
		return "–"
	case *f > 0:
		return "+" + w.Money(*f)
	}
	return w.Money(*f)
}

// Moved says why a part of the cost of a box moved.
func (w Words) Moved(why string) string { return w.slug("fee_move.", why, nil) }
