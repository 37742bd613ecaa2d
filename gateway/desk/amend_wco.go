package desk

import (
	"fmt"
	"strings"

	"kouan/declarations"
	"kouan/declarations/wcoxml"
)

// WCORequest writes requests as additional messages of the WCO declaration
// (function 13): COR with pointers and values for an amendment, INV for a
// cancellation (wco-dec.md section 6). A declaration without its number at
// customs, or a reason without a code, is a *FaultsError.
func WCORequest(o wcoxml.Options) WriteRequest {
	return func(a *Application) (body []byte, kind string, err error) {
		r := wcoxml.Request{Reference: strings.ReplaceAll(a.ID, "-", ""), EntryNumber: a.EntryNumber,
			Submitter: a.Before.Parties.Submitter.OrganisationCode, ReasonCode: a.Reason.Code, ReasonText: a.Reason.Text}
		var faults []declarations.Fault
		switch a.Kind {
		case versionAmendment:
			var m wcoxml.Amendment
			m, faults = wcoxml.WriteAmendment(a.Before, a.After, r, o)
			body, kind = m.Document, "wco-amendment"
		case kindCancellation:
			body, faults = wcoxml.WriteCancellation(r)
			kind = "wco-cancellation"
		default:
			return nil, "", fmt.Errorf("no message for a request of kind %s", a.Kind)
		}
		if body == nil {
			return nil, "", &FaultsError{faults}
		}
		return body, kind, nil
	}
}
