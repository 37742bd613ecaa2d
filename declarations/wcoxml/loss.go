package wcoxml

import "kouan/declarations"

// Loss is one canonical value that the WCO message does not carry, or carries
// less exactly than it is. Path is canonical, WCOPath where the map pairs it
// to, empty when it has no pair; Reason is a slug of i18n.
type Loss struct {
	Path, WCOPath string
	Reason        string
	Value         string
}

// Fault is the loss as a finding: a warning, unless nothing could be written.
func (l Loss) Fault() declarations.Fault {
	f := declarations.Fault{Code: codeLoss, Severity: declarations.Warn, Path: l.Path,
		Args: map[string]string{"reason": l.Reason, "value": shorten(l.Value), "wco_path": l.WCOPath}}
	if l.Reason == reasonTooMany {
		f.Severity = declarations.Reject
	}
	return f
}

// Reasons of a loss.
var (
	reasonNoPlace    = slug("reason", "wco_no_place")   // the WCO message has no place for the field
	reasonUnverified = slug("reason", "wco_unverified") // nobody has confirmed the pairing
	reasonNoCode     = slug("reason", "wco_no_code")    // no code of the other list says the same
	reasonInexact    = slug("reason", "wco_inexact")    // written, and less exact than the field
	reasonRounded    = slug("reason", "wco_rounded")    // written rounded half up
	reasonTooLong    = slug("reason", "wco_too_long")   // longer than the WCO element
	reasonNotValid   = slug("reason", "wco_not_valid")  // not a value of the type of the WCO element
	reasonRate       = slug("reason", "wco_rate")       // freight by rate or per unit
	reasonReclassify = slug("reason", "wco_reclassify") // written; only the first six digits are common
	reasonNoRoom     = slug("reason", "wco_no_room")    // its place is taken by a field that comes first
	reasonSignature  = slug("reason", "wco_signature")  // a signature holds for the message it was made over
	reasonGone       = slug("reason", "wco_gone")       // an extension whose row is no longer there
	reasonStale      = slug("reason", "wco_stale")      // an extension that an edited field replaces
	reasonNoField    = slug("reason", "wco_no_field")   // the other way: the form has no field for the WCO leaf
	reasonTooMany    = slug("reason", "wco_too_many")   // more lines than the message may have: nothing is written
	reasonRequired   = slug("reason", "wco_required")   // an element that must occur is not there
)

// slug is a word of i18n under the name of its argument, which the search for
// words looks for; the text of the word may use the further arguments.
func slug(_, word string, _ ...string) string { return word }
