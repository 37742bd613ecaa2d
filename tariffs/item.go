package tariffs

import "github.com/shopspring/decimal"

// Regime says who sets a price.
type Regime string

// The regimes of charges.
const (
	GovernmentSet    Regime = "government_set"
	GovernmentGuided Regime = "government_guided" // a ceiling
	Market           Regime = "market"
)

// Item is one charge of the catalogue.
type Item struct {
	Code, Parent string
	Version      int    // of the row, from 1
	NameZH       string // prevails
	NameEN       string
	Regime       Regime
	Collector    string
	Payer        string
	Basis        string
	Unit         string // of UNECE Recommendation 20; | lists alternatives
	Trade        string // international, domestic, both
	LegalBasis   string // ids of instruments, ; between them
	Article      string
	Valid        Span
	Note         string
	Word         Word
}

// ScheduleKind is how an amount follows from a quantity.
type ScheduleKind string

// The kinds of schedules.
const (
	Flat        ScheduleKind = "flat"
	Progressive ScheduleKind = "progressive"
	Slab        ScheduleKind = "slab"
	FixedAbove  ScheduleKind = "fixed_above"
	StartedDays ScheduleKind = "per_started_24h"
	HalfHours   ScheduleKind = "per_half_hour"
	Matrix      ScheduleKind = "matrix"
)

// Rate is one cell: a figure, where and when it holds. A nil Amount is
// unknown, which is not zero. Zero is legal only with an abolishing, exempting
// or including instrument (§1): without one nobody knows that nothing is due.
type Rate struct {
	ID            string
	Version       int // of the row, from 1
	Place         string
	Item          string
	Component     string
	Kind          ScheduleKind
	Trade         string
	CargoClass    string
	ContainerSize string
	LoadState     string
	Direction     string
	ShipType      string
	LOA           Band // metres
	NT            Band
	Distance      Band // nautical miles
	Amount        *decimal.Decimal
	Groundless    bool // the table says zero and names no instrument: Amount is nil
	Currency      string
	Unit          string
	Ceiling       bool
	Valid         Span
	Instrument    string
	Word          Word
	Note          string
	Stated        Stated

	text string // the amount as the table writes it: 0.40
}

// Cell is the natural key of the rate without its days and its collector.
func (r *Rate) Cell() string {
	ntFrom, ntTo := r.NT.texts()
	loaFrom, loaTo := r.LOA.texts()
	from, to := r.Distance.texts()
	return CellOf(map[string]string{"place": r.Place, "item": r.Item, "component": r.Component, "schedule_kind": string(r.Kind), "trade": r.Trade,
		"cargo_class": r.CargoClass, "container_size": r.ContainerSize, "load_state": r.LoadState, "direction": r.Direction, "ship_type": r.ShipType,
		"loa_from": loaFrom, "loa_to": loaTo, "nt_from": ntFrom, "nt_to": ntTo, "distance_from_nm": from, "distance_to_nm": to})
}

// figure is the amount as the table writes it.
func (r *Rate) figure() string {
	if r.text != "" {
		return r.text
	}
	return r.Amount.String()
}

// Stated is what the publisher of a price says beside it (trade facilitation
// agreement art. 6.1: the fee, the reason, the responsible authority, when and
// how it is paid). Rows of the tables that the project carries have none of it.
type Stated struct {
	Collector  string // empty: the item's, as the next
	Payer      string
	Basis      string
	Reason     string // why it is charged
	Payment    string // when and how it is paid
	LegalBasis string // in words, when it is no instrument on file
	Article    string
	Published  Day
	Urgent     bool
	Channel    string // where to complain
	Attachment string // document that the figure was read in, with its SHA-256
	Authority  string // responsible; empty: the one that issued the legal basis, where that says
}

// StatedColumns are the columns of it.
var StatedColumns = columns("collector_zh,payer_zh,basis_zh,reason_zh,when_how_paid_zh,legal_basis,article,published_at,urgent,complaint_channel,attachment,authority_zh")

// Modifier changes what the rows give: a factor of a port, a minimum, a
// surcharge, an exemption.
type Modifier struct {
	ID          string
	Version     int
	Kind        string
	Items       []string // * is every item
	Components  []string // none: all
	Place       string
	Trade       string
	Parameter   string
	Value       string // decimal, or a rule in words
	Alternative string
	Condition   string
	Order       string
	Stackable   string
	Valid       Span
	Instrument  string
	Enabled     bool // false: off until a person enters the instrument
	Word        Word
	Note        string
}

// Instrument is a legal text.
type Instrument struct {
	ID, Number       string
	Version          int
	TitleZH, TitleEN string
	Issued           Day
	Effective        Span
	Status           string
	Changed          string
	Word             Word
	Note             string
}

// Rounding is a rule of rounding, of quantities or money.
type Rounding struct {
	ID, AppliesTo, Quantity, Rule, Parameter, Instrument, Article string
	From                                                          Day
	Enabled                                                       string // yes, no, ask
	Word                                                          Word
	Note                                                          string
}

// Terminal is a place of a port with its pilotage distance.
type Terminal struct {
	Code, Port     string
	AreaZH, AreaEN string
	NameZH, NameEN string
	Distance       Measure // nautical miles
	Known          bool    // whether Distance is on file
	Instrument     string
	Word           Word
	Note           string
}

// Channel is where a complaint may go.
type Channel struct {
	ID, Number, DialAbroad, ScopeZH, ScopeEN, UsedFor, SupersededBy string
	Valid                                                           Span
	Source                                                          string
	Word                                                            Word
	Note                                                            string
}

// Dues is one cell of the tonnage dues table (船舶吨税): a slab, whose one
// rate applies to every net ton.
type Dues struct {
	ID         string
	Version    int
	NT         Band
	RateKind   string // preferential, ordinary
	Term       string // P30D, P90D, P1Y
	Amount     decimal.Decimal
	Valid      Span
	Instrument string
	Word       Word
}
