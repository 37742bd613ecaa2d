package desk

import (
	"kouan/declarations"
	"kouan/declarations/inspection"
	"kouan/port-adapters/sandbox/magic"
)

// CodeMagicBox says that a box has a number by which only a sandbox is
// steered; args: value.
const CodeMagicBox = "NOT-1240"

// magicBoxes refuses, in production, the container numbers that choose how a
// sandbox terminal behaves (push-and-errors REQ-30): a real terminal must
// never hear of a box that does not exist.
func (d *Desk) magicBoxes(o *inspection.Order) []declarations.Fault {
	if d.Sandbox {
		return nil
	}
	var faults []declarations.Fault
	for i := range o.Boxes {
		if number := o.Boxes[i].ContainerNumber; magic.Reserved(number) {
			faults = append(faults, declarations.Fault{Code: CodeMagicBox, Severity: declarations.Reject,
				Path: declarations.IndexPath("boxes", i, "container_no"), Args: map[string]string{"value": number}})
		}
	}
	return faults
}
