package inspection

// Interim: h/domain brings these; this file goes at its merge.

import (
	"time"

	"kouan/declarations"
)

type Input struct {
	Versions   []Notice
	Events     []Event
	Capability Capability
	Now        time.Time
}
type Slot struct {
	From, Until time.Time
}

func Fold(in Input) Overview                                  { return Overview{} }
func Admit(in Input, e *Event) *Refusal                       { return nil }
func CheckOrder(o *Order) []declarations.Fault                { return nil }
func ParseOrder(body []byte) (Order, []declarations.Fault)    { return Order{}, nil }
func ParseEvents(body []byte) ([]Event, []declarations.Fault) { return nil, nil }
func NextVersion(old *Notice, o *Order, at time.Time) (Notice, []declarations.Fault) {
	return Notice{}, nil
}
func VisibleToDeclarant(o Overview, newest *Notice, known bool) bool { return false }
func View(n Notice, actor Actor) Notice                              { return n }
func SlotsFor(c Capability, day time.Time) []Slot                    { return nil }
func Open(c Capability, at time.Time) bool                           { return true }
func Defaults(l Limits) Limits                                       { return l }
