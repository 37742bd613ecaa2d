package inspection

import "time"

// Kind says what happened to a notice or a box.
type Kind string

// Kinds of events, in the order of a life without trouble.
const (
	Issued           Kind = "issued"            // a version was made; Version says which
	Changed          Kind = "changed"           //
	CancelOrdered    Kind = "cancelled"         //
	FollowUpOrdered  Kind = "follow_up"         //
	TransferOrdered  Kind = "transfer_site"     //
	TransportAck     Kind = "transport_ack"     // the bytes of a version arrived
	TransportTimeout Kind = "transport_timeout" // they did not, in time
	HandedOver       Kind = "handed_over"       // a person told the terminal; Person says who
	Accepted         Kind = "accepted"          // business answer
	Rejected         Kind = "rejected"          // business answer, with Reason
	RejectConfirmed  Kind = "reject_confirmed"  // customs agrees that the boxes are not there
	Reminded         Kind = "reminded"          // no business answer yet: at 50 % and at 100 % of its time
	Locked           Kind = "box_locked"
	MoveStarted      Kind = "move_started"
	MoveDone         Kind = "move_done" // at the site
	Ready            Kind = "ready"
	Appointed        Kind = "appointed"         // the consignee chose a time inside the terminal's hours; Time
	AttendantArrived Kind = "attendant_arrived" //
	AttendanceWaiver Kind = "attendance_waived" // the owner authorises somebody; Person
	Postponed        Kind = "postponed"         // Time is the new one
	Started          Kind = "started"
	Finished         Kind = "finished" // with Result
	Released         Kind = "released"
	Resealed         Kind = "resealed"
	Unlocked         Kind = "unlocked"
	MovedBack        Kind = "moved_back"
	DirectGateOut    Kind = "direct_gate_out"
	ExceptionFound   Kind = "exception" // box not found, gone, damaged: Reason
	Closed           Kind = "closed"
)

// Actor is the part that somebody plays in an inspection.
type Actor string

// The actors.
const (
	ByCustoms   Actor = "customs"
	ByTerminal  Actor = "terminal"
	BySite      Actor = "site"
	ByDeclarant Actor = "declarant"
	ByHaulier   Actor = "haulier"
	ByGateway   Actor = "gateway"
	ByClerk     Actor = "clerk" // a person of the gateway's operator
)

// Result is what an inspection found.
type Result string

// The results of an inspection.
const (
	Pass           Result = "PASS"
	PassWithChange Result = "PASS_WITH_CHANGE" // 改单
	HoldGoods      Result = "HOLD"
	SampleTaken    Result = "SAMPLE"
	Seize          Result = "SEIZE"
)

// Reason is why a terminal cannot do what is ordered, or what it found.
type Reason string

// The reason codes.
const (
	BoxUnknown     Reason = "BOX_UNKNOWN"
	BoxGone        Reason = "BOX_GONE"
	OnShip         Reason = "ON_SHIP"
	AlreadyLoaded  Reason = "ALREADY_LOADED"
	SiteFull       Reason = "SITE_FULL"
	SiteUnfit      Reason = "SITE_UNFIT"
	EquipmentDown  Reason = "EQUIPMENT_DOWN"
	Weather        Reason = "WEATHER"
	TimeImpossible Reason = "TIME_IMPOSSIBLE"
	DupConflict    Reason = "DUP_CONFLICT"
	WrongTerminal  Reason = "WRONG_TERMINAL"
	Damaged        Reason = "DAMAGED"
	SealMismatch   Reason = "SEAL_MISMATCH"
	OtherReason    Reason = "OTHER" // Text is mandatory
)

// Wire is the form of a reason in messages that give it 8 characters (ERC).
var wireReasons = []struct {
	reason Reason
	wire   string
}{
	{BoxUnknown, "BOXUNK"}, {BoxGone, "BOX_GONE"}, {OnShip, "ON_SHIP"}, {AlreadyLoaded, "LOADED"}, {SiteFull, "SITEFULL"},
	{SiteUnfit, "SITEUNFT"}, {EquipmentDown, "EQUIPDWN"}, {Weather, "WEATHER"}, {TimeImpossible, "TIMEIMP"}, {DupConflict, "DUPCONF"},
	{WrongTerminal, "WRONGTRM"}, {Damaged, "DAMAGED"}, {SealMismatch, "SEALMISM"}, {OtherReason, "OTHER"},
}

// Reasons are all reason codes, in the order of the table.
func Reasons() []Reason {
	list := make([]Reason, len(wireReasons))
	for i, r := range wireReasons {
		list[i] = r.reason
	}
	return list
}

// Wire is the reason in at most 8 characters; empty for an unknown one.
func (r Reason) Wire() string {
	for _, w := range wireReasons {
		if w.reason == r {
			return w.wire
		}
	}
	return ""
}

// ReasonOfWire reads either form of a reason.
func ReasonOfWire(s string) (Reason, bool) {
	for _, w := range wireReasons {
		if w.wire == s || string(w.reason) == s {
			return w.reason, true
		}
	}
	return "", false
}

// Event is one thing that somebody says happened. OccurredAt orders events
// inside a box; HeardAt is when the gateway knew. Both are kept.
type Event struct {
	ID            string    `json:"id,omitzero"`
	NoticeNumber  string    `json:"notice_no,omitzero"`
	Kind          Kind      `json:"kind"`
	Box           string    `json:"box,omitzero"`     // key of a box; empty: all boxes of the notice
	Version       int       `json:"version,omitzero"` // of the notice that is answered; 0: the newest that the sender can know
	OccurredAt    time.Time `json:"occurred_at,omitzero"`
	HeardAt       time.Time `json:"heard_at,omitzero"`
	Actor         Actor     `json:"actor,omitzero"`
	Source        string    `json:"source,omitzero"`     // partner
	Reference     string    `json:"reference,omitzero"`  // the source's own number of this report: duplicates are known by it
	AnswersID     string    `json:"answers_id,omitzero"` // id of the message that is acknowledged
	Reason        Reason    `json:"reason,omitzero"`
	Result        Result    `json:"result,omitzero"`
	Text          string    `json:"text,omitzero"`
	Earliest      time.Time `json:"earliest_possible,omitzero"` // proposal of a rejecting terminal
	Time          time.Time `json:"time,omitzero"`              // new or chosen time
	Site          string    `json:"site_id,omitzero"`
	YardPlace     string    `json:"yard_place,omitzero"`
	Person        string    `json:"person,omitzero"`
	OldSeals      []string  `json:"old_seals,omitempty"`
	NewSeals      []string  `json:"new_seals,omitempty"`
	UnpluggedAt   time.Time `json:"unplugged_at,omitzero"` // reefer
	Channel       string    `json:"channel,omitzero"`      // of a transport event: receiver that it is about
	Withdraws     string    `json:"withdraws,omitzero"`
	OrderedBy     string    `json:"ordered_by,omitzero"` // of a move: who ordered, who caused; never decided here
	CausedBy      string    `json:"caused_by,omitzero"`
	DetailsHidden bool      `json:"-"`
}
