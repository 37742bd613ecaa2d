package desk

import (
	"kouan/declarations"
	"kouan/declarations/codes"
)

// Judge is what declarations are judged by at this moment: the code tables in
// force, the day at the port, the rules that the operator turned.
func (d *Desk) Judge() declarations.Judge {
	return declarations.Judge{Codes: d.Codes.Set(), Day: codes.DayOf(d.Clock()), Overrides: d.Overrides}
}
