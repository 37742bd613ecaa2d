package wcoxml

import (
	"strconv"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

const (
	codeProfile    = "WCO-1001" // another profile or version; args: reason, profile, element, value
	codeWrapper    = "WCO-1002" // wrapped in a foreign element; args: element
	codeNotAllowed = "WCO-1003" // element not allowed here; args: element, allowed
	codeTooOften   = "WCO-1004" // element occurs too often; args: element, limit
	codeMissing    = "WCO-1005" // element missing; args: element
	codeValue      = "WCO-1006" // value is not of the type; args: element, want, value
	codeTooLong    = "WCO-1007" // too long, or not of the length; args: element, limit, length
	codeAttribute  = "WCO-1008" // attribute wrong, missing or not allowed; args: element, attribute, value
	codeMore       = "WCO-1009" // further findings; args: count
	codeCancel     = "WCO-1010" // cancellation: another schema judges it; args: none
	codeUnverified = "WCO-1011" // pairing not confirmed, kept as extension; args: field
	codeLoss       = "WCO-1012" // what WCO cannot carry; args: reason, value, wco_path
	codeNotOneOf   = "WCO-1013" // value outside its list; args: element, value, allowed
	codeRoot       = "WCO-1014" // no declaration; args: element, namespace
	codeEnvelope   = "WCO-1015" // value of the envelope that is written otherwise; args: element, value, written
)

// maxFindings of one document; HMRC stops at the same number.
const maxFindings = 25

// findings collects faults in the order of the document.
type findings struct {
	faults []declarations.Fault
	more   int
}

func (f *findings) add(fault declarations.Fault) {
	if len(f.faults) == maxFindings {
		f.more++
		return
	}
	f.faults = append(f.faults, fault)
}

// all are the findings, and how many more there were.
func (f *findings) all() []declarations.Fault {
	if f.more == 0 {
		return f.faults
	}
	return append(f.faults, declarations.Fault{Code: codeMore, Severity: declarations.Reject, Path: "/MetaData",
		Args: map[string]string{"count": strconv.Itoa(f.more)}})
}

func reject(code string, at *strictxml.Element, path string, args ...string) *declarations.Fault {
	return finding(declarations.Reject, code, at, path, args)
}

func finding(severity declarations.Severity, code string, at *strictxml.Element, path string, args []string) *declarations.Fault {
	return &declarations.Fault{Code: code, Severity: severity, Path: path, Line: at.Line, Column: at.Column, Args: strictxml.Args(args...)}
}
