package inspection

import (
	"slices"
	"time"
)

// Skew is how far the clock of a sender may be off (notices.md section 10).
const Skew = 10 * time.Minute

// timeoutsBeforeSecond is after how many lost sends a version counts as not
// deliverable on its channel (transition 3).
const timeoutsBeforeSecond = 3

// Defaults fills the limits that a terminal's row leaves open (notices.md
// section 3, last column). They are parameters: no agreement fixes them.
func Defaults(l Limits) Limits {
	for _, d := range []struct {
		limit   *int
		minutes int
	}{
		{&l.TransportMinutes, 5},       // transition 2
		{&l.TransportTotalMinutes, 15}, // transition 3
		{&l.HandoverMinutes, 30},       // transition 4, after issue
		{&l.BusinessMinutes, 30},       // transition 5, in the yard
		{&l.BusinessShipMinutes, 120},  // transition 5, on the ship
		{&l.LockMinutes, 10},           // transition 8
		{&l.StartGraceMinutes, 30},     // transition 11
		{&l.MoveBackMinutes, 4 * 60},   // transition 16
		{&l.ChangeFreeMinutes, 2 * 60}, // section 7: free until T-2 h
	} {
		if *d.limit <= 0 {
			*d.limit = d.minutes
		}
	}
	return l
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// Kinds are all kinds of events, in the order of a life without trouble.
var Kinds = []Kind{Issued, Changed, CancelOrdered, FollowUpOrdered, TransferOrdered, TransportAck, TransportTimeout, HandedOver,
	Accepted, Rejected, RejectConfirmed, Reminded, Locked, MoveStarted, MoveDone, Ready, Appointed, AttendantArrived, AttendanceWaiver,
	Postponed, Started, Finished, Released, Resealed, Unlocked, MovedBack, DirectGateOut, ExceptionFound, Closed}

// may says who reports what (the actor column of notices.md section 3). A
// clerk enters what a terminal without a system tells by telephone; what
// customs decides is entered by customs alone.
var may = map[Kind][]Actor{
	Issued:           {ByCustoms, ByGateway},
	Changed:          {ByCustoms, ByGateway},
	CancelOrdered:    {ByCustoms},
	FollowUpOrdered:  {ByCustoms},
	TransferOrdered:  {ByCustoms},
	TransportAck:     {ByTerminal, ByGateway},
	TransportTimeout: {ByGateway},
	HandedOver:       {ByClerk},
	Accepted:         {ByTerminal, ByClerk},
	Rejected:         {ByTerminal, ByClerk},
	RejectConfirmed:  {ByCustoms},
	Reminded:         {ByGateway},
	Locked:           {ByTerminal, ByClerk},
	MoveStarted:      {ByTerminal, ByHaulier, BySite, ByClerk},
	MoveDone:         {ByTerminal, ByHaulier, BySite, ByClerk},
	Ready:            {BySite, ByTerminal, ByClerk},
	Appointed:        {ByDeclarant, ByClerk},
	AttendantArrived: {ByDeclarant, BySite, ByTerminal, ByClerk},
	AttendanceWaiver: {ByDeclarant, ByCustoms, ByClerk},
	Postponed:        {ByCustoms},
	Started:          {ByCustoms},
	Finished:         {ByCustoms},
	Released:         {ByCustoms},
	Resealed:         {ByCustoms, BySite, ByTerminal, ByClerk},
	Unlocked:         {ByTerminal, ByClerk},
	MovedBack:        {ByTerminal, BySite, ByHaulier, ByClerk},
	DirectGateOut:    {ByTerminal, ByClerk},
	ExceptionFound:   {ByTerminal, BySite, ByClerk},
	Closed:           {ByGateway},
}

// May says whether an actor reports this kind at all.
func May(a Actor, k Kind) bool { return slices.Contains(may[k], a) }

// Results are all results of an inspection.
var Results = []Result{Pass, PassWithChange, HoldGoods, SampleTaken, Seize}

func (r Result) passes() bool { return r == Pass || r == PassWithChange }
