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
