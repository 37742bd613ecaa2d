package web

import (
	"net/http"
	"strconv"

	"kouan/gateway/desk"
	"kouan/i18n"
	"kouan/tariffs"
	"kouan/tariffs/boxcost"
	"kouan/tariffs/wording"
)

// feeWordRoutes are the pages about words and about the cost of a box.
func (s *server) feeWordRoutes() {
	s.madePage("GET /{lang}/fees/box", &moving, s.feeBox, nil) // offers of third parties come without an edition
	s.publicPage("GET /{lang}/fees/translations", s.feeTranslations, "q", "of", "kind", "status", "page")
	s.page("POST /{lang}/language", "", s.rememberLanguage)
}

// feeBoxPage is the cost of one box: now, what moved it, month by month, and
// the third parties that offer services around it.
type feeBoxPage struct {
	Boxes    []feeBoxTab
	Box      string // in words
	Edition  int
	On       tariffs.Day
	Known    string
	Unknown  []wording.Name
	Parts    []feeBoxPart
	Moves    []feeBoxMove
	Months   []feeBoxMonth
	Chart    *feeBoxChart
	Services []feeBoxService
}

type feeBoxTab struct {
	Name, Text string
	Here       bool
}

// feeBoxPart is one charge or service in the cost.
type feeBoxPart struct {
	Name       wording.Name
	Translated string // status of the name in words
	Cost       string
	Gap, Most  bool
	Row        string
	Instrument wording.Name
	Cited      string
	Sure       string
	SureClass  string
	Provider   string
}

type feeBoxMove struct {
	Month         string
	Name          wording.Name
	Before, After string
	Difference    string
	Why           string
	Rows          string
	On            tariffs.Day
}

type feeBoxMonth struct {
	Month, Known string
	Moved        bool
}

type feeBoxService struct {
	desk.PublishedService
	Title, Other wording.Name
	Price, Unit  string
	Gap          bool
	Sure         string
	SureClass    string
}

// shownMonths are listed one by one; the others stand in the drawing, in the
// list of moves and in the data.
const shownMonths = 12

// feeBox is GET /{lang}/fees/box?box=import-20&edition=2.
func (s *server) feeBox(w http.ResponseWriter, v *visit) error {
	q := v.URL.Query()
	box := q.Get("box")
	if box == "" {
		box = desk.FeeBoxNames()[0]
	}
	edition := 0
	if text := q.Get("edition"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return errNoPage
		}
		edition = n
	}
	cost, err := s.Desk.FeeBoxCost(v.Context(), box, edition)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, "fee-box", "page.box_cost.title", feeBoxPageOf(v.words, cost))
}

func feeBoxPageOf(words i18n.Printer, cost *desk.FeeBoxCost) *feeBoxPage {
	b := &boxPager{w: wording.For(words, cost.Catalogue), cost: cost}
	now := &cost.Months[len(cost.Months)-1]
	p := &feeBoxPage{Box: b.box(cost.Box), Edition: cost.Edition, On: now.On, Known: b.w.Known(now)}
	for _, name := range desk.FeeBoxNames() {
		i := len(p.Boxes)
		p.Boxes = append(p.Boxes, feeBoxTab{name, b.box(boxcost.Boxes[i]), boxcost.Boxes[i] == cost.Box})
	}
	for i := range now.Components {
		c := &now.Components[i]
		if c.Amount == nil && c.Inside == "" {
			p.Unknown = append(p.Unknown, b.name(c.Item, c.Name))
		}
		p.Parts = append(p.Parts, b.part(c))
	}
	for i := len(cost.Months) - 1; i > 0; i-- { // newest first
		m := &cost.Months[i]
		for j := range m.Moves {
			p.Moves = append(p.Moves, b.move(m.Month, &m.Moves[j]))
		}
		if len(p.Months) < shownMonths {
			p.Months = append(p.Months, feeBoxMonth{m.Month, b.w.Known(m), len(m.Moves) > 0})
		}
	}
	for i := range cost.Services {
		p.Services = append(p.Services, b.service(&cost.Services[i]))
	}
	p.Chart = chartOf(b.w, cost.Months)
	return p
}

// boxPager puts a cost into the words of a page.
type boxPager struct {
	w    wording.Words
	cost *desk.FeeBoxCost
}

// box in words: import, 20 ft container, laden.
func (b *boxPager) box(box boxcost.Box) string {
	return b.w.Text("fee_box.name", map[string]string{"direction": b.w.ChoiceName(box.Direction).Text, "size": b.w.ChoiceName(box.Size).Text})
}

func (b *boxPager) name(item, service string) wording.Name {
	if item != "" {
		return b.w.ItemName(item)
	}
	for i := range b.cost.Services {
		if s := &b.cost.Services[i].Service; s.Name == service {
			return b.w.ServiceName(s)
		}
	}
	return wording.Name{Text: service, Lang: i18n.ZhHans, Original: service}
}

func (b *boxPager) part(c *boxcost.Component) feeBoxPart {
	p := feeBoxPart{Name: b.name(c.Item, c.Name), Cost: b.w.Cost(c), Gap: c.Amount == nil && c.Inside == "", Most: c.AtMost, Row: c.Row,
		Sure: b.w.Sure(c.Word), SureClass: sureClass(c.Word)}
	if c.Item != "" {
		p.Translated = b.w.Said(p.Name)
	}
	if c.Instrument != "" {
		p.Cited, p.Instrument = c.Instrument, b.w.InstrumentName(c.Instrument)
	}
	for i := range b.cost.Services {
		if c.Service != "" && b.cost.Services[i].Number == c.Service {
			p.Provider = b.cost.Services[i].Provider
		}
	}
	return p
}

func (b *boxPager) move(month string, m *boxcost.Move) feeBoxMove {
	out := feeBoxMove{Month: month, Name: b.name(m.Item, m.Name), Before: b.w.Cost(m.Before), After: b.w.Cost(m.After), Difference: b.w.Difference(m.Difference), Why: b.w.Moved(m.Why), On: m.On}
	if m.Before != nil && m.After != nil {
		from, to := m.Before.Row, m.After.Row
		if from == to { // the same row, with or without a factor
			from, to = m.Before.By, m.After.By
		}
		switch {
		case from == "" || to == "":
			out.Rows = from + to
		default:
			out.Rows = from + " → " + to
		}
	}
	return out
}

func (b *boxPager) service(s *desk.PublishedService) feeBoxService {
	_, known := s.Fen()
	return feeBoxService{PublishedService: *s, Title: b.w.ServiceName(&s.Service), Other: b.w.ServiceOther(&s.Service), Price: b.w.ServicePrice(&s.Service),
		Unit: b.w.Unit(s.Item, s.Service.Unit), Gap: !known, Sure: b.w.Sure(s.Word), SureClass: sureClass(s.Word)}
}

// sureClass is the class and silhouette of a word of verification.
func sureClass(word tariffs.Word) string {
	if word == tariffs.OfficialText {
		return "official"
	}
	return string(word)
}
