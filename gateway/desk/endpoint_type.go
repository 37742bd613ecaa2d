package desk

import (
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/inspection"
)

// Groups of event types: what stands before the dot.
const (
	groupDeclaration = "declaration."
	groupNotice      = "notice."
	groupEndpoint    = "endpoint."
)

// typeTest and typeDisabled are told about endpoints themselves.
const (
	typeTest     = groupEndpoint + "test"
	typeDisabled = groupEndpoint + "disabled"
)

// declarationKinds are the kinds of timeline entries (Event.Kind) beside the
// steps of notices.
var declarationKinds = []string{
	"draft_saved", "submitted", "sent", "receipt", "edited", "dead", "replayed", "cancelled", "completion",
	"amendment_requested", "amendment_sent", "amendment_approved", "amendment_refused", "amendment_withdrawn", "amendment_lapsed",
	"cancellation_requested", "cancellation_sent", "cancellation_approved", "cancellation_refused", "cancellation_withdrawn", "cancellation_lapsed",
	"deadline_set", "deadline_7", "deadline_3", "deadline_1", "deadline_met", "deadline_overdue",
	"duty_deadline_set", "duty_deadline_7", "duty_deadline_3", "duty_deadline_1", "duty_deadline_met", "duty_deadline_overdue",
	"fact_box_discharged", "fact_cargo_arrival", "fact_carrier_release", "fact_charges_settled", "fact_discharge_sequence", "fact_gate_in", "fact_gate_out",
	"fact_manifest_accepted", "fact_manifest_receipt", "fact_ship_arrival", "fact_transfer_arrival", "fact_inspection_released", "fact_withdrawn",
}

// EventTypes are all types that an endpoint can subscribe to, without the
// wildcards (*, declaration.*, notice.*, endpoint.*).
var EventTypes = func() []string {
	list := []string{
		inspection.LetterIssued, inspection.LetterChanged, inspection.LetterCancelled, inspection.LetterReleased, inspection.LetterReminder, inspection.LetterStep,
		typeTest, typeDisabled,
	}
	for _, kind := range declarationKinds {
		list = append(list, groupDeclaration+kind)
	}
	for _, kind := range inspection.Kinds { // a step of a notice, in the timeline of its declaration
		list = append(list, groupDeclaration+entryPrefix+string(kind))
	}
	slices.Sort(list)
	return list
}()

// everything is the wildcard of all types.
const everything = "*"

// checkTypes puts the wanted types into the form of the row: sorted, each
// once. A type that does not exist would never be told, so it is refused.
func checkTypes(wanted []string, format string) (string, []declarations.Fault) {
	if len(wanted) == 0 {
		wanted = []string{everything}
		if format != formatJSON {
			wanted = []string{groupNotice + everything}
		}
	}
	var faults []declarations.Fault
	list := slices.Clone(wanted)
	slices.Sort(list)
	if list = slices.Compact(list); len(list) > maxEndpointTypes {
		return "", []declarations.Fault{endpointFault(codeTooManyTypes, "types", "limit", strconv.Itoa(maxEndpointTypes))}
	}
	for _, typ := range list {
		switch {
		case !isEventType(typ):
			faults = append(faults, endpointFault(codeEndpointType, "types", "value", clip(typ)))
		case format != formatJSON && !strings.HasPrefix(typ, groupNotice):
			faults = append(faults, endpointFault(codeEndpointTypes, "types", "value", clip(typ), "format", format))
		}
	}
	return strings.Join(list, ","), faults
}

func isEventType(typ string) bool {
	switch typ {
	case everything, groupDeclaration + everything, groupNotice + everything, groupEndpoint + everything:
		return true
	}
	return slices.Contains(EventTypes, typ)
}

// subscribes says whether the types of a row take in a type.
func subscribes(types, typ string) bool {
	group, _, _ := strings.Cut(typ, ".")
	for one := range strings.SplitSeq(types, ",") {
		if one == typ || one == everything || one == group+".*" {
			return true
		}
	}
	return false
}
