package desk

import (
	"kouan/declarations"
	"kouan/declarations/customsxml"
	"kouan/declarations/wcoxml"
)

// Profile is one form of what goes out about a declaration: authority,
// message and version.
type Profile struct {
	Kind string // of the message, as it is kept
	// Write gives the message and what it does not carry, with canonical paths.
	// A finding of severity reject says that there can be no message.
	Write func(*declarations.Declaration) (body []byte, told []declarations.Fault)
	// Request makes the messages of amendments and cancellations; nil where the
	// wire has none.
	Request WriteRequest
}

// Names of the profiles, as routes have them.
const (
	ProfileDecMessage = "decmessage-4.8"
	ProfileWCO        = "hmrc-cds-3.6"
)

// Profiles are those that are known. The national import interface has no
// message for amendments (clearance-modes.md §7); the WCO profile has.
func Profiles() map[string]Profile {
	return map[string]Profile{
		ProfileDecMessage: {Kind: "decmessage", Write: func(d *declarations.Declaration) ([]byte, []declarations.Fault) {
			return customsxml.Write(d, customsxml.Options{}), nil
		}},
		ProfileWCO: {Kind: "wco-declaration", Write: writeWCO, Request: WCORequest(wcoxml.Options{})},
	}
}

func writeWCO(d *declarations.Declaration) ([]byte, []declarations.Fault) {
	body, losses := wcoxml.Write(d, wcoxml.Options{})
	told := make([]declarations.Fault, 0, len(losses))
	for i := range losses {
		told = append(told, losses[i].Fault())
	}
	return body, told
}
