package inspection

import "time"

// State is where a box, or a notice as a whole, stands.
type State string

// The states of a box, in order, then those beside the way.
const (
	StateIssued      State = "ISSUED"
	StateDelivered   State = "DELIVERED"
	StateAccepted    State = "ACCEPTED"
	StateLocked      State = "LOCKED"
	StateMoving      State = "MOVING"
	StateAtSite      State = "AT_SITE"
	StateReady       State = "READY"
	StateStarted     State = "STARTED"
	StateFinished    State = "FINISHED"
	StateReleased    State = "RELEASED"
	StateMovedBack   State = "MOVED_BACK"
	StateClosed      State = "CLOSED"
	StateUndelivered State = "UNDELIVERED"
	StateManual      State = "MANUAL"
	StateRejected    State = "REJECTED"
	StatePostponed   State = "POSTPONED"
	StateException   State = "EXCEPTION"
	StateHeld        State = "HELD"
	StateSampled     State = "SAMPLED"
	StateSeized      State = "SEIZED"
	StateCancelled   State = "CANCELLED"
)

// States are all states.
var States = []State{StateIssued, StateDelivered, StateAccepted, StateLocked, StateMoving, StateAtSite, StateReady, StateStarted,
	StateFinished, StateReleased, StateMovedBack, StateClosed, StateUndelivered, StateManual, StateRejected, StatePostponed, StateException,
	StateHeld, StateSampled, StateSeized, StateCancelled}

// Terminal says that nothing leads out of the state.
func (s State) Terminal() bool {
	switch s {
	case StateClosed, StateCancelled, StateSeized:
		return true
	}
	return false // REJECTED ends only when customs confirms it: see Overview.Over
}

// Open says that a box is still under the notice: another notice of the same
// purpose may not take it.
func (b *BoxStatus) Open() bool { return !b.Over && !b.State.Terminal() }

// BoxStatus is where one box stands.
type BoxStatus struct {
	Box         string             `json:"box"`
	State       State              `json:"state"`
	Since       time.Time          `json:"since,omitzero"` // when it came into the state, by event time
	Parent      string             `json:"parent,omitzero"`
	Over        bool               `json:"over,omitzero"` // nothing more is expected
	Locked      bool               `json:"locked,omitzero"`
	Reason      Reason             `json:"reason,omitzero"` // of a rejection or exception
	Result      Result             `json:"result,omitzero"`
	Earliest    time.Time          `json:"earliest_possible,omitzero"`
	Appointment time.Time          `json:"appointment,omitzero"`
	Attended    bool               `json:"attended,omitzero"`
	At          map[Kind]time.Time `json:"at,omitempty"`      // event time of each kind that counts
	Early       []Kind             `json:"early,omitempty"`   // heard before what they need
	Missing     []Kind             `json:"missing,omitempty"` // passed over without having been heard
	Moves       int                `json:"moves,omitzero"`    // completed moves of the box
}

// Deadline is a time by which somebody must act.
type Deadline struct {
	Kind  DeadlineKind `json:"kind"`
	Box   string       `json:"box,omitzero"` // empty: the notice
	Due   time.Time    `json:"due"`
	By    Actor        `json:"by"`
	MetAt time.Time    `json:"met_at,omitzero"`
	Void  bool         `json:"void,omitzero"` // what it waited for is no longer needed
	Late  bool         `json:"late,omitzero"` // met after it was due, or due and not met
}

// DeadlineKind says what is waited for.
type DeadlineKind string

// The deadlines of a notice (transitions 2 to 16).
const (
	DueTransport DeadlineKind = "transport_ack"
	DueSecond    DeadlineKind = "second_channel" // no transport in all: the next channel is tried
	DueHandover  DeadlineKind = "handed_over"    // a person must tell the terminal
	DueBusiness  DeadlineKind = "business_answer"
	DueLock      DeadlineKind = "box_locked"
	DueAtSite    DeadlineKind = "at_site"
	DueStart     DeadlineKind = "started"
	DueMovedBack DeadlineKind = "moved_back"
)

// Overview is what versions and events of one notice say together.
type Overview struct {
	Number         string            `json:"notice_no"`
	Version        int               `json:"version"` // newest that counts
	State          State             `json:"state"`   // of the least advanced box
	Over           bool              `json:"over,omitzero"`
	PartlyRejected bool              `json:"partly_rejected,omitzero"`
	Overdue        bool              `json:"overdue,omitzero"`
	Confirmed      bool              `json:"confirmed"`             // the terminal accepted the newest version that needs an answer
	Person         string            `json:"needs_person,omitzero"` // why the human list has it: undelivered, unanswered, rejected, no_terminal, exception …; empty: it need not
	Boxes          []BoxStatus       `json:"boxes"`
	Deadlines      []Deadline        `json:"deadlines,omitempty"`
	Refused        []string          `json:"refused,omitempty"` // ids of recorded events that do not count
	RemindersDue   int               `json:"-"`                 // reminders of the open business answer that should have gone by now: at 50 % and at 100 % of its time
	Reminders      int               `json:"-"`                 // that went
	Delivered      map[int]time.Time `json:"-"`                 // transport acknowledgement by version
	NextAt         time.Time         `json:"-"`                 // when the clock alone changes something; zero: never
}

// Limits are the time limits of one terminal (service levels), dated by its
// capability row; zero fields stand for the defaults of Defaults.
type Limits struct {
	TransportMinutes      int `json:"transport_minutes,omitzero"`       // 5: first acknowledgement, then again
	TransportTotalMinutes int `json:"transport_total_minutes,omitzero"` // 15: then the second channel
	HandoverMinutes       int `json:"handover_minutes,omitzero"`        // 30 after issue: a person must have told
	BusinessMinutes       int `json:"business_minutes,omitzero"`        // 30 with the box in the yard
	BusinessShipMinutes   int `json:"business_ship_minutes,omitzero"`   // 120 with the box on the ship
	LockMinutes           int `json:"lock_minutes,omitzero"`            // 10 after acceptance
	StartGraceMinutes     int `json:"start_grace_minutes,omitzero"`     // 30 after the planned start
	MoveBackMinutes       int `json:"move_back_minutes,omitzero"`       // 240 after release
	ChangeFreeMinutes     int `json:"change_free_minutes,omitzero"`     // 120 before an appointment it may be moved freely
}

// Refusal is an event that may not count, and what would.
type Refusal struct {
	State   State  `json:"state"`
	Allowed []Kind `json:"allowed"`
	Why     string `json:"why"` // slug: over, not_released, started_already, not_yours, unknown_box, reason_missing, old_version …
}
