package wcoxml

import (
	"bytes"
	"slices"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Profile is one authority's use of the WCO declaration. The namespace alone
// does not tell profiles apart: at least two administrations that refuse each
// other's messages share it.
type Profile struct {
	ID        string
	Envelope  string // namespace of MetaData
	Namespace string // of Declaration and all below it
	Times     string // of DateTimeString
	TypeName  []string
	Versions  []string // WCODataModelVersionCode; the first is written
	Country   string
	Agency    string
	Custom    string   // AgencyAssignedCustomizationVersionCode
	Foreign   []string // elements that only other profiles of the namespace have
}

// Submit is HMRC's profile for new declarations, amendments and arrivals. One
// of its published valid samples says version 3.7, the error sample DEC-DMS.
var Submit = Profile{
	ID:        "hmrc-cds/submit/1.0",
	Envelope:  "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2",
	Namespace: "urn:wco:datamodel:WCO:DEC-DMS:2",
	Times:     "urn:wco:datamodel:WCO:Declaration_DS:DMS:2",
	TypeName:  []string{"DEC", "DEC-DMS"},
	Versions:  []string{"3.6", "3.7"},
	Country:   "GB",
	Agency:    "HMRC",
	Custom:    "v2.1",
	Foreign:   []string{"ProcedureCategory"},
}

// Names of the envelope, of the wrapper that HMRC uses inside its own walls,
// and of the namespaces that wrapper and plain WCO messages begin with.
const (
	envelopeName    = "MetaData"
	declarationName = "Declaration"
	wrapperName     = "submitDeclarationRequest"
	wcoNamespaces   = "urn:wco:datamodel:WCO:"
	schemaInstance  = "http://www.w3.org/2001/XMLSchema-instance"
)

// Why a message is of another profile.
var (
	reasonNoEnvelope = slug("reason", "wco_no_envelope")
	reasonNamespace  = slug("reason", "wco_other_namespace", "value")
	reasonOtherValue = slug("reason", "wco_other_value", "element", "value")
	reasonForeign    = slug("reason", "wco_foreign_element", "element")
)

// envelopeFields of MetaData in their order; all are optional.
var envelopeFields = []string{
	"WCODataModelVersionCode", "WCOTypeName", "ResponsibleCountryCode", "ResponsibleAgencyName",
	"AgencyAssignedCustomizationCode", "AgencyAssignedCustomizationVersionCode",
}

// Looks reports whether data may be a WCO declaration: XML whose first element
// is MetaData, the wrapper, or a Declaration in a WCO namespace. It reads no
// further than the first start tag.
func Looks(data []byte) bool {
	tag := firstTag(data)
	name := tag
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	}
	if colon := bytes.IndexByte(name, ':'); colon >= 0 {
		name = name[colon+1:]
	}
	switch string(name) {
	case envelopeName, wrapperName:
		return true
	case declarationName:
		return bytes.Contains(tag, []byte(wcoNamespaces))
	}
	return false
}

// firstTag is the text of the first start tag, without its brackets.
func firstTag(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	for {
		data = bytes.TrimLeft(data, " \t\r\n")
		end := []byte(nil)
		switch {
		case bytes.HasPrefix(data, []byte("<?")):
			end = []byte("?>")
		case bytes.HasPrefix(data, []byte("<!--")):
			end = []byte("-->")
		case bytes.HasPrefix(data, []byte("<")):
			tag := data[1:]
			if i := bytes.IndexByte(tag, '>'); i >= 0 {
				tag = tag[:i]
			}
			return tag
		default:
			return nil
		}
		i := bytes.Index(data, end)
		if i < 0 {
			return nil
		}
		data = data[i+len(end):]
	}
}

// declaration finds the Declaration below the root. A message that is none of
// this profile gets one finding that names what it is.
func (p *Profile) declaration(root *strictxml.Element) (*strictxml.Element, *declarations.Fault) {
	switch {
	case root.Local == wrapperName:
		return nil, reject(codeWrapper, root, "/"+root.Local, "element", root.Local)
	case root.Local == declarationName && root.Space == p.Namespace:
		return nil, p.other(root, "/"+root.Local, reasonNoEnvelope)
	case root.Local == declarationName && strings.HasPrefix(root.Space, wcoNamespaces):
		return nil, p.other(root, "/"+root.Local, reasonNamespace, "value", root.Space)
	case root.Local == envelopeName && root.Space != p.Envelope && strings.HasPrefix(root.Space, wcoNamespaces):
		return nil, p.other(root, "/"+root.Local, reasonNamespace, "value", root.Space)
	case root.Local != envelopeName || root.Space != p.Envelope:
		return nil, reject(codeRoot, root, "/"+root.Local, "element", root.Local, "namespace", root.Space)
	}
	var dec *strictxml.Element
	for _, c := range root.Children {
		text := strings.TrimSpace(c.Text)
		switch {
		case c.Local == declarationName && dec == nil:
			dec = c
		case c.Local == "Response":
			return nil, reject(codeRoot, c, "/MetaData/Response", "element", c.Local, "namespace", c.Space)
		case c.Space == p.Envelope && !p.says(c.Local, text):
			return nil, p.other(c, "/MetaData/"+c.Local, reasonOtherValue, "element", c.Local, "value", text)
		}
	}
	switch {
	case dec == nil:
		return nil, reject(codeMissing, root, "/MetaData", "element", declarationName)
	case dec.Space != p.Namespace:
		return nil, p.other(dec, "/MetaData/Declaration", reasonNamespace, "value", dec.Space)
	}
	if e, path := p.foreign(dec, "/MetaData/Declaration"); e != nil {
		return nil, p.other(e, path, reasonForeign, "element", e.Local)
	}
	return dec, nil
}

// envelopeValue is what is written into an element of the envelope.
func (p *Profile) envelopeValue(element string) string {
	switch element {
	case "WCODataModelVersionCode":
		return p.Versions[0]
	case "WCOTypeName":
		return p.TypeName[0]
	case "ResponsibleCountryCode":
		return p.Country
	case "ResponsibleAgencyName":
		return p.Agency
	case "AgencyAssignedCustomizationVersionCode":
		return p.Custom
	}
	return ""
}

// says reports whether a value of the envelope is one of this profile; none is.
func (p *Profile) says(element, text string) bool {
	if text == "" {
		return true
	}
	switch element {
	case "WCODataModelVersionCode":
		return slices.Contains(p.Versions, text)
	case "WCOTypeName":
		return slices.Contains(p.TypeName, text)
	case "ResponsibleCountryCode":
		return text == p.Country
	case "ResponsibleAgencyName":
		return text == p.Agency
	case "AgencyAssignedCustomizationCode":
		return false
	case "AgencyAssignedCustomizationVersionCode":
		return text == p.Custom
	}
	return true
}

// foreign finds an element of another profile below e, and its path.
func (p *Profile) foreign(e *strictxml.Element, path string) (*strictxml.Element, string) {
	for _, c := range e.Children {
		if slices.Contains(p.Foreign, c.Local) {
			return c, path + "/" + c.Local
		}
		if found, below := p.foreign(c, ""); found != nil {
			return found, path + "/" + c.Local + below
		}
	}
	return nil, ""
}

func (p *Profile) other(at *strictxml.Element, path, reason string, args ...string) *declarations.Fault {
	return reject(codeProfile, at, path, append(args, "reason", reason, "profile", p.ID)...)
}
