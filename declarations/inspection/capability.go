package inspection

import (
	"time"
)

// Interface is how a terminal can be reached at all.
type Interface string

// The interfaces of terminals.
const (
	InterfaceNone Interface = "none" // clerk list at once
	InterfaceMail Interface = "mail"
	InterfaceFile Interface = "file"
	InterfaceEDI  Interface = "edi"
	InterfaceAPI  Interface = "api"
)

// CanLock says what a terminal's system does with a lock order.
type CanLock string

// The ways of locking.
const (
	LockYes     CanLock = "yes"
	LockPrelock CanLock = "prelock" // also a box that is still on the ship
	LockManual  CanLock = "manual"  // staff sets it
	LockNo      CanLock = "no"      // customs is told: lock not assured
)

// Capability is one row of the capability table: what one terminal can do
// with one class of messages, in a span of days. No terminal is treated by guess.
type Capability struct {
	Terminal      string    `json:"terminal"`
	Class         string    `json:"class"`             // inspection_notice
	ValidFrom     string    `json:"valid_from"`        // day, 2026-11-01
	ValidTo       string    `json:"valid_to,omitzero"` // last day; empty: open
	Interface     Interface `json:"interface"`
	Channels      []string  `json:"channels,omitempty"` // names of the terminal's endpoints, in the order in which they are tried
	CanLock       CanLock   `json:"can_lock"`
	CanUnlock     bool      `json:"can_unlock_auto,omitzero"`
	AcksTransport bool      `json:"can_reply_transport,omitzero"`
	Answers       bool      `json:"can_reply_business,omitzero"`
	Sends         []Kind    `json:"can_send_events,omitempty"`
	Hours         []Hours   `json:"hours,omitempty"` // none: not on file
	Phone         string    `json:"duty_phone,omitzero"`
	Scanner       string    `json:"scanner,omitzero"`
	SlotsPerHour  int       `json:"slots_per_hour,omitzero"`
	Limits        Limits    `json:"service_levels,omitzero"`
	TestedOn      string    `json:"tested_on,omitzero"` // day of the last drill
	Verification  string    `json:"verification"`       // confirmed, secondary, unverified
}

// Hours are the hours of the terminal's inspection desk on some weekdays, local time of the port.
type Hours struct {
	Days  []time.Weekday `json:"days"` // 0 Sunday
	From  string         `json:"from"` // 08:00
	Until string         `json:"until"`
}

// Stale is the age after which an untested row is shown as such (push-and-errors 2.3).
const Stale = 90 * 24 * time.Hour

// Letter is what one receiver is told about a notice, in no format yet.
type Letter struct {
	ID       string // of the message: stable over all attempts
	Type     string // notice.issued, notice.changed, notice.cancelled, notice.released, notice.reminder, notice.step …
	At       time.Time
	Sender   string // the gateway's name on the wire
	Receiver string // the partner
	Previous string // id of the message that this one replaces
	Notice   *Notice
	Overview *Overview
	Event    *Event // the step that is told; nil for a version
	Answer   string // address at which a person can answer once; empty: none
}

// Types of letters, as receivers subscribe to them.
const (
	LetterIssued    = "notice.issued"
	LetterChanged   = "notice.changed"
	LetterCancelled = "notice.cancelled"
	LetterReleased  = "notice.released" // unlock order
	LetterReminder  = "notice.reminder"
	LetterStep      = "notice.step" // a step of the notice, for those who follow it
)
