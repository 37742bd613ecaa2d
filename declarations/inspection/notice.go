package inspection

import (
	"time"

	"kouan/declarations"
)

// Method is how goods are looked at (查验方式).
type Method string

// The methods. The first four are confirmed as physical variants; an order
// that does not tell has none.
const (
	Document         Method = "DOC"
	Machine          Method = "MACH"
	Manual           Method = "MAN"
	MachineThenHands Method = "MACH_THEN_MAN"
)

// Methods are all methods.
var Methods = []Method{Document, Machine, Manual, MachineThenHands}

// Depth is how far a box is opened by hand. The wording is unverified.
type Depth string

// The depths of a manual inspection.
const (
	Outside Depth = "OUTSIDE"
	Door    Depth = "DOOR"
	Half    Depth = "HALF"
	Full    Depth = "FULL"
	Sample  Depth = "SAMPLE"
)

// Depths are all depths.
var Depths = []Depth{Outside, Door, Half, Full, Sample}

// Attendance says whether the consignee must be there (灵活查验).
type Attendance string

// The forms of attendance.
const (
	AttendanceRequired  Attendance = "REQUIRED"
	AttendanceWaived    Attendance = "WAIVED_BY_OWNER" // the owner authorised the site or the carrier
	AttendanceNotNeeded Attendance = "NOT_NEEDED"
)

// Attendances are all forms of attendance.
var Attendances = []Attendance{AttendanceRequired, AttendanceWaived, AttendanceNotNeeded}

// Work is something that the terminal must execute.
type Work string

// The works of an order.
const (
	Lock    Work = "LOCK"
	Unlock  Work = "UNLOCK"
	Move    Work = "MOVE"
	Unpack  Work = "UNPACK"
	Scan    Work = "SCAN"
	Present Work = "PRESENT"
)

// Works are all works.
var Works = []Work{Lock, Unlock, Move, Unpack, Scan, Present}

// Notice is one version of what a terminal must know: boxes of one
// declaration at one terminal. Empty means that the order did not tell.
type Notice struct {
	Number            string     `json:"notice_no"`
	Version           int        `json:"version"` // 1..
	Change            Action     `json:"change"`  // what made this version: issue, change, cancel …
	ChangeReason      string     `json:"change_reason,omitzero"`
	IssuedAt          time.Time  `json:"issued_at"`           // when the gateway made the version: deadlines run from it
	OrderedAt         time.Time  `json:"ordered_at,omitzero"` // as customs wrote it
	SourceMessageID   string     `json:"source_message_id,omitzero"`
	Purpose           string     `json:"purpose"` // customs; other agencies later
	CustomsOffice     string     `json:"customs_office,omitzero"`
	InspectionNumber  string     `json:"inspection_no,omitzero"`
	DeclarationNumber string     `json:"declaration_no,omitzero"` // 18 digits
	Direction         string     `json:"direction,omitzero"`      // import, export, transhipment
	Regime            string     `json:"regime,omitzero"`
	Terminal          string     `json:"terminal_id,omitzero"`
	GoodsPlace        string     `json:"goods_place,omitzero"` // free text of the declaration
	ShipName          string     `json:"ship_name,omitzero"`
	ShipIMO           string     `json:"ship_imo,omitzero"`
	Voyage            string     `json:"voyage,omitzero"`
	BillNumber        string     `json:"bill_number,omitzero"`
	BookingNumber     string     `json:"booking_number,omitzero"`
	Boxes             []Box      `json:"boxes"`
	Cancelled         []string   `json:"cancelled,omitempty"`   // keys of the boxes that customs took back; they stay among Boxes
	ReasonClass       string     `json:"reason_class,omitzero"` // random, risk, follow_up, complaint; customs only
	Attendance        Attendance `json:"attendance,omitzero"`
	Orders            []Work     `json:"orders,omitempty"`
	Declarant         string     `json:"declarant,omitzero"` // name, for the terminal's desk
	Contact           string     `json:"contact,omitzero"`
	Phone             string     `json:"phone,omitzero"`
	Haulier           string     `json:"haulier_id,omitzero"` // partner that moves the boxes; it sees the move and its time
	Note              string     `json:"note,omitzero"`
	Escort            bool       `json:"escort,omitzero"`      // of a transfer
	PaidBy            string     `json:"cost_bearer,omitzero"` // of a move: recorded, never decided here
}

// Box is one container, or one lot of break-bulk cargo (散杂货), of a notice.
type Box struct {
	ContainerNumber string               `json:"container_no,omitzero"` // ISO 6346
	Mark            string               `json:"mark,omitzero"`         // break-bulk, instead of a number
	Pieces          declarations.Decimal `json:"pieces,omitzero"`
	SizeType        string               `json:"size_type,omitzero"` // ISO 6346, 45G1
	Seals           []string             `json:"seals,omitempty"`
	GrossMassKg     declarations.Decimal `json:"gross_mass_kg,omitzero"`
	UNNumbers       []string             `json:"un_numbers,omitempty"` // dangerous goods
	SetPointCelsius declarations.Decimal `json:"set_point_celsius,omitzero"`
	Goods           string               `json:"goods,omitzero"`
	Method          Method               `json:"method,omitzero"`
	Depth           Depth                `json:"depth,omitzero"`
	Site            string               `json:"site_id,omitzero"`
	SiteName        string               `json:"site_name,omitzero"`
	OffSite         bool                 `json:"off_site,omitzero"` // 场外 / 下厂查验
	YardPlace       string               `json:"yard_place,omitzero"`
	OnShip          bool                 `json:"on_ship,omitzero"` // not discharged when the notice was made
	AtSiteBy        time.Time            `json:"must_be_at_site_by,omitzero"`
	PlannedStart    time.Time            `json:"planned_start,omitzero"`
	Parent          string               `json:"parent,omitzero"` // of a follow-up: key of the box record that it follows
}

// Key names the box inside its notice and in events: the container number,
// or the mark of break-bulk cargo; a follow-up adds its number: TEMU1234567/2.
func (b *Box) Key() string {
	key := b.ContainerNumber
	if key == "" {
		key = b.Mark
	}
	if b.Parent != "" {
		key = followUpKey(b.Parent, key)
	}
	return key
}

// Action is what an order does.
type Action string

// The actions of customs on the content of a notice. Each makes a version.
const (
	Issue        Action = "issue"
	Change       Action = "change"
	Cancel       Action = "cancel"
	FollowUp     Action = "follow_up"     // the same boxes again, otherwise
	TransferSite Action = "transfer_site" // 转场
	ReleaseBoxes Action = "release"       // made by the event of that name: the unlock order
)

// Order is what customs sends. Action issue carries a whole Notice (Number
// may be empty: one is made); change carries the whole new content; cancel,
// follow_up and transfer_site carry Number and the boxes that they are about
// (none: all), with what is new about them.
type Order struct {
	Action  Action `json:"action"`
	Version int    `json:"version,omitzero"` // that the order makes; 0: the next one
	Notice         // embedded: the same members
}
