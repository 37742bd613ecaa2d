package tariffs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Row is one line of the published list: a cell of a day with everything that
// a payer must see beside it. It is flat, so that a page, CSV, JSON and a
// workbook hold the same.
type Row struct {
	ID            string `json:"row,omitzero"`
	Version       string `json:"row_version,omitzero"`
	Item          string `json:"item"`
	NameZH        string `json:"name_zh"`          // prevails
	PartOf        string `json:"part_of,omitzero"` // the charge that it is inside: it may not be charged by itself
	Component     string `json:"component,omitzero"`
	Place         string `json:"place,omitzero"`
	Kind          string `json:"schedule_kind,omitzero"`
	Trade         string `json:"trade"`
	CargoClass    string `json:"cargo_class,omitzero"`
	ContainerSize string `json:"container_size,omitzero"`
	LoadState     string `json:"load_state,omitzero"`
	Direction     string `json:"direction,omitzero"`
	ShipType      string `json:"ship_type,omitzero"`
	RateKind      string `json:"rate_kind,omitzero"`    // of tonnage dues
	Term          string `json:"licence_term,omitzero"` // of tonnage dues
	NTFrom        string `json:"nt_from,omitzero"`      // exclusive
	NTTo          string `json:"nt_to,omitzero"`        // inclusive
	LOAFrom       string `json:"loa_from,omitzero"`
	LOATo         string `json:"loa_to,omitzero"`
	DistanceFrom  string `json:"distance_from_nm,omitzero"`
	DistanceTo    string `json:"distance_to_nm,omitzero"`
	Amount        string `json:"amount,omitzero"` // plain decimal; empty: see Status, never zero
	Currency      string `json:"currency,omitzero"`
	Unit          string `json:"unit,omitzero"`
	AtMost        string `json:"at_most,omitzero"` // yes: a ceiling
	Factor        string `json:"port_factor,omitzero"`
	FactorBy      string `json:"port_factor_by,omitzero"`
	Status        string `json:"status"`
	Regime        string `json:"regime"`
	Payer         string `json:"payer"`
	Collector     string `json:"collector"`
	Basis         string `json:"basis"`
	LegalBasis    string `json:"legal_basis,omitzero"`
	Article       string `json:"article,omitzero"`
	BasisStatus   string `json:"basis_status"`
	ValidFrom     string `json:"valid_from,omitzero"`
	ValidTo       string `json:"valid_to,omitzero"` // inclusive
	Word          Word   `json:"verification"`
	Reason        string `json:"reason,omitzero"`        // why it is charged, as its publisher says, like the next
	Payment       string `json:"when_how_paid,omitzero"` // when and how it is paid
	Published     string `json:"published_at,omitzero"`
	Channel       string `json:"complaint_channel,omitzero"` // id of a line of the table of channels
	Authority     string `json:"authority,omitzero"`         // responsible, in Chinese
}

// What Status says of a row.
const (
	Priced        = "priced"
	NotOnFile     = "not_on_file"    // there is a price, we do not have it
	NoRow         = "no_row"         // no row holds on the day
	Suspended     = "suspended"      // a rate that is not collected for a time
	UnknownStatus = "status_unknown" // whether it is collected is not on file: no amount
)

// RowFilter chooses rows; a zero member chooses all.
type RowFilter struct {
	Item  string // code of an item, or of the one that it is a part of
	Trade string // international, domestic
	Payer string // ship, cargo
}

// Rows are the rows in force on a day at the port, in the order of the
// catalogue: of cells that differ in place only, the most specific one. An
// item without a cell is a row that says so.
func (c *Catalogue) Rows(day Day, f RowFilter) []Row {
	var out []Row
	for i := range c.Items {
		it := &c.Items[i]
		if f.Item != "" && it.Code != f.Item && it.Parent != f.Item || f.Payer != "" && !pays(it.Payer, f.Payer) || f.Trade != "" && !covers(it.Trade, f.Trade) {
			continue
		}
		rows := c.rowsOf(it, day)
		if f.Trade != "" {
			rows = slices.DeleteFunc(rows, func(r Row) bool { return !covers(r.Trade, f.Trade) })
		}
		out = append(out, rows...)
	}
	return out
}

// pays reports whether a payer is among those of an item: "cargo, ship or agent".
func pays(of, payer string) bool {
	return slices.Contains(strings.FieldsFunc(of, func(r rune) bool { return r == ' ' || r == ',' }), payer)
}

// rowsOf are the rows of an item, each with what the tables say beside it.
func (c *Catalogue) rowsOf(it *Item, day Day) []Row {
	rows := c.cellsOf(it, day)
	for i := range rows {
		c.beside(&rows[i], day)
	}
	return rows
}

func (c *Catalogue) cellsOf(it *Item, day Day) []Row {
	switch it.Code {
	case "TONNAGE_DUES":
		return c.duesRows(it, day)
	case "SPECIAL_PORT_FEE":
		return c.specialRows(it, day)
	}
	var rows []Row
	for _, r := range c.rates[it.Code] {
		if slices.Contains(places, r.Place) && r.Valid.Holds(day) {
			rows = append(rows, c.rateRow(it, r, day))
		}
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		return slices.ContainsFunc(rows, func(o Row) bool {
			return slices.Index(places, o.Place) < slices.Index(places, r.Place) && o.cell() == r.cell()
		})
	})
	if len(rows) == 0 && !c.isHead(it) {
		rows = append(rows, c.empty(it, day))
	}
	return rows
}

// isHead reports an item that only heads others and has no price at any time.
func (c *Catalogue) isHead(it *Item) bool {
	return len(c.rates[it.Code]) == 0 && slices.ContainsFunc(c.Items, func(o Item) bool { return o.Parent == it.Code })
}

// cell is what makes two rows the same cell, but for their place.
func (r *Row) cell() [15]string {
	return [15]string{r.Item, r.Component, r.Kind, r.Trade, r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.ShipType,
		r.NTFrom, r.NTTo, r.LOAFrom, r.LOATo, r.DistanceFrom, r.DistanceTo}
}

// empty is the row of an item of which no cell is on file for the day.
func (c *Catalogue) empty(it *Item, day Day) Row {
	r := Row{Item: it.Code, NameZH: it.NameZH, Trade: it.Trade, Status: NotOnFile, Regime: string(it.Regime), Payer: it.Payer, Collector: it.Collector,
		Basis: it.Basis, LegalBasis: it.LegalBasis, Article: it.Article, Word: it.Word}
	if len(c.rates[it.Code]) > 0 || it.Valid.From != "" && !it.Valid.Holds(day) {
		r.Status = NoRow
	}
	first, _, _ := strings.Cut(it.LegalBasis, ";")
	r.BasisStatus, r.PartOf = c.standing(first, day), it.inside(day)
	return r
}

// inside is the charge that holds an item on a day, for items that may not be
// charged by themselves.
func (it *Item) inside(day Day) string {
	if it.Parent == "HANDLING_ALL_IN" && it.Valid.From != "" && it.Valid.Holds(day) {
		return it.Parent
	}
	return ""
}

// of fills in what the item says.
func (c *Catalogue) of(it *Item, instrument string, day Day, valid Span) Row {
	return Row{Item: it.Code, NameZH: it.NameZH, PartOf: it.inside(day), Trade: it.Trade, Currency: "CNY", Status: Priced, Regime: string(it.Regime), Payer: it.Payer, Collector: it.Collector,
		Basis: it.Basis, LegalBasis: cmp.Or(instrument, it.LegalBasis), Article: it.Article, BasisStatus: c.standing(instrument, day),
		ValidFrom: string(valid.From), ValidTo: string(valid.To)}
}

func (c *Catalogue) rateRow(it *Item, r *Rate, day Day) Row {
	row := c.of(it, r.Instrument, day, r.Valid)
	row.ID, row.Version, row.Place, row.Component, row.Kind, row.Trade = r.ID, strconv.Itoa(r.Version), r.Place, r.Component, string(r.Kind), r.Trade
	row.CargoClass, row.ContainerSize, row.LoadState, row.Direction, row.ShipType = r.CargoClass, r.ContainerSize, r.LoadState, r.Direction, r.ShipType
	row.NTFrom, row.NTTo = r.NT.texts()
	row.LOAFrom, row.LOATo = r.LOA.texts()
	row.DistanceFrom, row.DistanceTo = r.Distance.texts()
	row.Unit, row.Word = r.Unit, r.Word
	s := &r.Stated
	row.Collector, row.Article = cmp.Or(s.Collector, it.Collector), cmp.Or(s.Article, it.Article)
	row.LegalBasis = cmp.Or(r.Instrument, s.LegalBasis, it.LegalBasis)
	row.Reason, row.Payment = s.Reason, s.Payment
	row.Published, row.Channel, row.Authority = string(s.Published), s.Channel, s.Authority
	if r.Ceiling || it.Regime == GovernmentGuided {
		row.AtMost = "yes"
	}
	switch {
	case r.Groundless:
		row.Status = UnknownStatus
		return row
	case r.Amount == nil:
		row.Status = NotOnFile
		return row
	}
	row.Amount = r.figure()
	if r.Kind == Progressive || r.Kind == Flat { // a fixed sum has the factor inside
		row.Factor, row.FactorBy = c.portFactor(r, day)
	}
	return row
}

// portFactor is the factor of the port on a cell, when it is not one.
func (c *Catalogue) portFactor(r *Rate, day Day) (factor, by string) {
	best := len(places)
	for i := range c.Modifiers {
		m := &c.Modifiers[i]
		at := slices.Index(places, m.Place)
		if m.Kind == "port_factor" && m.Enabled && at >= 0 && at < best && m.acts(r.Item, r.Component) && covers(m.Trade, r.Trade) && m.Valid.Holds(day) {
			factor, by, best = m.Value, m.ID, at
		}
	}
	if d, ok := plainDecimal(factor); !ok || d.Equal(decimal.NewFromInt(1)) {
		return "", ""
	}
	return factor, by
}

func (b Band) texts() (from, to string) {
	if b.HasFrom {
		from = b.From.String()
	}
	if b.HasTo {
		to = b.To.String()
	}
	return from, to
}

func (c *Catalogue) duesRows(it *Item, day Day) []Row {
	var rows []Row
	for i := range c.Dues {
		d := &c.Dues[i]
		if !d.Valid.Holds(day) {
			continue
		}
		row := c.of(it, d.Instrument, day, d.Valid)
		row.ID, row.Version, row.Kind, row.RateKind, row.Term = d.ID, strconv.Itoa(d.Version), string(Slab), d.RateKind, d.Term
		row.NTFrom, row.NTTo = d.NT.texts()
		row.Amount, row.Unit, row.Word = d.Amount.String(), "NTT", d.Word
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		rows = append(rows, c.empty(it, day))
	}
	return rows
}

// specialRows: a rate of the special port fee counts by the instant of
// berthing; the list shows what holds at the end of the day, and its state.
func (c *Catalogue) specialRows(it *Item, day Day) []Row {
	begin, err := time.ParseInLocation(time.DateOnly, string(day), port)
	if err != nil {
		return nil
	}
	at := begin.Add(24*time.Hour - time.Second)
	for i := range c.Special.Rates {
		r := &c.Special.Rates[i]
		if !r.holds(at) || r.Amount == nil {
			continue
		}
		row := c.of(it, r.Instrument, day, Span{DayOf(r.From), ""})
		if !r.To.IsZero() {
			row.ValidTo = string(DayOf(r.To.Add(-time.Second)))
		}
		row.ID, row.Version, row.Kind, row.Amount, row.Unit, row.Word = r.ID, strconv.Itoa(r.Version), string(Flat), r.Amount.String(), "NTT", r.Word
		for j := range c.Special.States {
			s := &c.Special.States[j]
			if !s.holds(at) {
				continue
			}
			switch s.ID {
			case "SPF-S2":
				row.Status, row.Word = Suspended, weaker(row.Word, s.Word)
			case "SPF-S3":
				// neither zero nor a rate (SPF-S3; §4.7): the figure that held before is none of this day
				row.Status, row.Word, row.Amount = UnknownStatus, weaker(row.Word, s.Word), ""
			}
		}
		return []Row{row}
	}
	return []Row{c.empty(it, day)}
}

// standing is how a legal basis stands on a day: the status that the table of
// instruments gives it, but for a day before its end, when it was in force.
func (c *Catalogue) standing(id string, day Day) string {
	n := c.Instrument(strings.TrimSpace(id))
	switch {
	case n == nil:
		return "not_on_file"
	case n.Effective.To == "" || n.Effective.To < day || n.Status == "suspended_then_unknown":
		return n.Status
	}
	return "in_force"
}
