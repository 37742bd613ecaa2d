package desk

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/gateway/store"
)

// Wires that an endpoint may have (contract: a receiver is a format on a wire).
const (
	WireWebhook  = "webhook"
	wirePull     = "pull" // nothing is sent: the partner fetches
	WireFiledrop = "filedrop"
	WireSFTP     = "sftp"
	WireMail     = "mail"
)

// FormatJSON is the format of the envelope.
const FormatJSON = formatJSON

// Formats of what an endpoint gets. Only formatJSON can carry everything; the
// others are letters about inspection notices.
const (
	formatJSON     = "json"
	formatEDIFACT  = "edifact"
	formatDepotXML = "depotxml"
	formatMail     = "mail"
)

// wires says for each wire which formats it carries, and whether a partner
// may set it himself: the others name folders, hosts and accounts of the operator.
var wires = map[string]struct {
	formats []string
	own     bool
	signs   bool // we sign what we send
	address bool // it needs one
}{
	WireWebhook:  {[]string{formatJSON, formatEDIFACT, formatDepotXML}, true, true, true},
	wirePull:     {[]string{formatJSON, formatEDIFACT, formatDepotXML}, true, false, false},
	WireFiledrop: {[]string{formatJSON, formatEDIFACT, formatDepotXML}, false, false, true},
	WireSFTP:     {[]string{formatJSON, formatEDIFACT, formatDepotXML}, false, false, true},
	WireMail:     {[]string{formatMail, formatJSON, formatEDIFACT, formatDepotXML}, false, false, true},
}

func signs(wire string) bool { return wires[wire].signs }

// Limits of what a partner may register.
const (
	maxEndpoints       = 20
	maxEndpointName    = 40
	maxEndpointAddress = 500
	maxEndpointTypes   = 20 // more want a wildcard; the column holds 1,000 bytes
)

// Faults of endpoints.
const (
	codeEndpointName     = "NOT-1601" // the name is held by another endpoint; args: name, id
	codeEndpointNaming   = "NOT-1602" // not a name; args: limit
	codeEndpointWire     = "NOT-1603" // not a wire that you may set; args: value, known
	codeEndpointFormat   = "NOT-1604" // not a format of that wire; args: value, wire, known
	codeEndpointAddress  = "NOT-1605" // not an address that can be called
	codeEndpointPlain    = "NOT-1606" // not https; args: host
	codeEndpointGuarded  = "NOT-1607" // leads inside; args: host
	codeEndpointType     = "NOT-1608" // unknown event type; args: value
	codeEndpointTypes    = "NOT-1609" // a format that cannot carry the type; args: value, format
	codeTooManyEndpoints = "NOT-1610" // args: limit
	codeEndpointExtra    = "NOT-1611" // settings or credentials that this wire has no use for; args: wire
	codeEndpointState    = "NOT-1612" // not a state; args: value
	codeEndpointOperator = "NOT-1613" // disabled by the operator
	codeEndpointUnsigned = "NOT-1614" // signs nothing; args: wire
	codeEndpointRotating = "NOT-1615" // the last rotation is not over; args: until
	codeEndpointInactive = "NOT-1616" // disabled: nothing is sent
	codeReplayNothing    = "NOT-1617" // says nothing about what is to be sent again
	codeReplaySpan       = "NOT-1618" // a span that ends before it begins; args: name
	codeTooManyTypes     = "NOT-1619" // args: limit
	codeDeliverySending  = "NOT-1620" // on its way at this moment
	codeEndpointNoTest   = "NOT-1621" // a test message has no form in the format; args: format
)

// endpointFault is a refusal; args are name, value pairs.
func endpointFault(code, path string, args ...string) declarations.Fault {
	f := declarations.Fault{Code: code, Severity: declarations.Reject, Path: path}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	return f
}

// AdmitAddress says whether outgoing calls may go to a host: plain tells that
// they may go unencrypted, an error that they may not go at all.
type AdmitAddress func(ctx context.Context, host, port string) (plain bool, err error)

// checkEndpoint makes the row of a new endpoint, as far as its owner says it,
// and everything that is wrong with it.
func (d *Desk) checkEndpoint(ctx context.Context, k keeper, in *NewEndpoint) (store.Endpoint, []declarations.Fault) {
	e := store.Endpoint{Name: in.Name, Wire: in.Wire, Format: in.Format, Address: strings.TrimSpace(in.Address), Settings: in.Settings}
	if e.Format == "" {
		e.Format = formatJSON
		if e.Wire == WireMail {
			e.Format = formatMail
		}
	}
	var faults []declarations.Fault
	if !isEndpointName(e.Name) {
		faults = append(faults, endpointFault(codeEndpointNaming, "name", "limit", strconv.Itoa(maxEndpointName)))
	}
	w, known := wires[e.Wire]
	if !known || !w.own && !k.operator {
		return e, append(faults, endpointFault(codeEndpointWire, "wire", "value", clip(e.Wire), "known", strings.Join(wiresOf(k), ", ")))
	}
	if !slices.Contains(w.formats, e.Format) {
		faults = append(faults, endpointFault(codeEndpointFormat, "format", "value", clip(e.Format), "wire", e.Wire, "known", strings.Join(w.formats, ", ")))
	}
	if !k.operator && len(in.Settings) > 0 || !k.operator && len(in.Credentials) > 0 || e.Wire == WireWebhook && len(in.Credentials) > 0 {
		faults = append(faults, endpointFault(codeEndpointExtra, "settings", "wire", e.Wire))
	}
	faults = append(faults, d.checkAddress(ctx, &e, w.address)...)
	var typeFaults []declarations.Fault
	e.Types, typeFaults = checkTypes(in.Types, e.Format)
	return e, append(faults, typeFaults...)
}

func wiresOf(k keeper) []string {
	var list []string
	for name, w := range wires {
		if w.own || k.operator {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// isEndpointName: names stand in channel orders and in lists.
func isEndpointName(s string) bool {
	if s == "" || len(s) > maxEndpointName {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (i == 0 || c != '-' && c != '.' && c != '_') {
			return false
		}
	}
	return true
}

func (d *Desk) checkAddress(ctx context.Context, e *store.Endpoint, needed bool) []declarations.Fault {
	wrong := []declarations.Fault{endpointFault(codeEndpointAddress, "address")}
	if !needed {
		if e.Address != "" {
			return []declarations.Fault{endpointFault(codeEndpointExtra, "address", "wire", e.Wire)}
		}
		return nil
	}
	if e.Address == "" || len(e.Address) > maxEndpointAddress || HasControl(e.Address) {
		return wrong
	}
	if e.Wire != WireWebhook {
		return nil // the operator's own; its wire reads it when it is built
	}
	u, err := url.Parse(e.Address)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "", u.User != nil, u.Fragment != "", u.Opaque != "":
		return wrong
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	plain := true
	if d.Admit != nil {
		if plain, err = d.Admit(ctx, u.Hostname(), port); err != nil {
			// Which range an address is in, or what a name means inside, is not told.
			return []declarations.Fault{endpointFault(codeEndpointGuarded, "address", "host", clip(u.Host))}
		}
	}
	if u.Scheme == "http" && !plain {
		return []declarations.Fault{endpointFault(codeEndpointPlain, "address", "host", clip(u.Host))}
	}
	return nil
}

// clip bounds what is repeated of a caller's own words.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
