package app

import (
	"kouan/declarations"
	"kouan/declarations/strictjson"
	"kouan/gateway/desk"
	"kouan/tariffs"
)

// readCallOn reads a call as JSON, strictly: a member that is not known or
// stands twice is refused with its place. on, unless empty, takes the place of
// the call's own day. Either the call can be quoted, or there are faults.
func readCallOn(c *tariffs.Catalogue, body []byte, on tariffs.Day) (*tariffs.Call, []declarations.Fault) {
	var call tariffs.Call
	if faults := readFee(body, &call); faults != nil {
		return nil, faults
	}
	if on != "" {
		call.On = on
	}
	if faults := callFaults(c, &call, ""); len(faults) > 0 {
		return nil, faults
	}
	return &call, nil
}

// readFee fills a call or an account from one JSON object.
func readFee(body []byte, into any) []declarations.Fault { return desk.ReadFee(body, into) }

// callFaults are what the catalogue finds in a call; at is the place before its members.
func callFaults(c *tariffs.Catalogue, call *tariffs.Call, at string) []declarations.Fault {
	found := c.Check(call)
	faults := make([]declarations.Fault, 0, len(found))
	for i := range found {
		f := &found[i]
		args := f.Args()
		if v, has := args["value"]; has {
			args["value"] = strictjson.Shown(v)
		}
		faults = append(faults, declarations.Fault{Code: f.Code(), Severity: declarations.Reject, Path: at + f.Path, Args: args})
	}
	return faults
}
