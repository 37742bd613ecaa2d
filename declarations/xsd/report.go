package xsd

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/jacoelho/xsd/xsderrors"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Codes of faults. What an argument says: element is the name at fault, value
// what stands there (shortened), allowed a list of names or values, after the
// element before it.
const (
	CodeRoot      = "XSD-1001" // root element is none of the profile; args: root, namespace
	CodeWrapper   = "XSD-1002" // the declaration is inside an internal wrapper; args: root
	CodeUnknown   = "XSD-1003" // element not known at its place; args: element, parent, after, allowed
	CodeOrder     = "XSD-1004" // element known, but stands too late; args: element, before
	CodeTooMany   = "XSD-1005" // element more often than allowed; args: element, limit
	CodeMissing   = "XSD-1006" // element that must stand does not; args: element, parent
	CodeEnum      = "XSD-1007" // value not in the list; args: element, value, allowed
	CodeTooLong   = "XSD-1008" // args: element, value, limit
	CodeTooShort  = "XSD-1009" // args: element, value, limit
	CodeLength    = "XSD-1010" // length must be exactly limit; args: element, value, limit
	CodeEmpty     = "XSD-1011" // element without a value; args: element
	CodeNumber    = "XSD-1012" // not a number, or out of range; args: element, value
	CodeDigits    = "XSD-1013" // too many digits; args: element, value, limit
	CodeDecimals  = "XSD-1014" // too many digits after the point; args: element, value, limit
	CodePattern   = "XSD-1015" // not written as prescribed; args: element, value
	CodeAttribute = "XSD-1016" // attribute missing, unknown or with a wrong value; args: element
	CodeText      = "XSD-1017" // text between elements; args: element
	CodeOther     = "XSD-1018" // refused for a reason that has no words here; args: element, rule
	CodeNamespace = "XSD-1019" // right name, other namespace; args: element, namespace, want
	CodeNoMore    = "XSD-1020" // nothing may follow; args: element, parent, after
	CodeProfile   = "XSD-1021" // content of the envelope is of another profile or version; args: element, namespace
	CodeMore      = "XSD-1099" // more faults than are listed; args: count, limit
)

// wrapper is the element that some published samples put around the envelope;
// it belongs to the inside of another gateway (wco-dec.md section 2).
const wrapper = "submitDeclarationRequest"

// report turns the errors of the engine into faults.
type report struct {
	outline *outline
	root    *strictxml.Element
	at      *places
	judged  map[*strictxml.Element]bool // contents that were told already
	faults  []declarations.Fault
}

func (r *report) add(e *xsderrors.Error) {
	if e.Code() == xsderrors.CodeValidationRoot {
		r.rootFault()
		return
	}
	depth := strings.Count(strings.TrimSuffix(e.Path(), "/"), "/")
	place := r.at.at(e.Line(), e.Column(), depth)
	if place == nil {
		place = r.root
	}
	switch e.Code() {
	case xsderrors.CodeValidationElement, xsderrors.CodeValidationContent:
		r.content(place, e)
	case xsderrors.CodeValidationAttribute:
		r.fault(CodeAttribute, place, "element", place.Local)
	case xsderrors.CodeValidationText:
		r.fault(CodeText, place, "element", place.Local)
	case xsderrors.CodeValidationFacet:
		r.value(place, e.Message())
	default:
		r.fault(CodeOther, place, "element", place.Local, "rule", string(e.Code()))
	}
}

func (r *report) rootFault() {
	if r.root.Local == wrapper {
		r.fault(CodeWrapper, r.root, "root", r.root.Local)
		return
	}
	r.fault(CodeRoot, r.root, "root", r.root.Local, "namespace", r.root.Space)
}

func (r *report) fault(code string, at *strictxml.Element, args ...string) {
	r.faults = append(r.faults, declarations.Fault{
		Code: code, Severity: declarations.Reject, Path: r.at.path(at), Line: at.Line, Column: at.Column, Args: strictxml.Args(args...),
	})
}

// value says what is wrong with a value. The engine names the rule, the
// outline its limit. An error in an attribute has the place of its element.
func (r *report) value(e *strictxml.Element, message string) {
	if strings.HasPrefix(message, "invalid attribute") || strings.HasPrefix(message, "invalid wildcard") {
		r.fault(CodeAttribute, e, "element", e.Local)
		return
	}
	v := strings.TrimSpace(e.Text)
	d := r.outline.definition(r.outline.find(r.at.chain(e)))
	limit := func(facet string) string { return r.outline.facet(d, facet) }
	rule, _, _ := strings.Cut(strings.TrimPrefix(message, "invalid simple content: "), " facet failed")
	allowed := strings.Join(r.outline.values(d), " ")
	lengths := map[string]string{"maxLength": CodeTooLong, "minLength": CodeTooShort, "length": CodeLength, "totalDigits": CodeDigits, "fractionDigits": CodeDecimals}
	switch code := lengths[rule]; {
	case v == "" && rule != "maxLength":
		r.fault(CodeEmpty, e, "element", e.Local)
	case code != "" && limit(rule) != "":
		r.fault(code, e, "element", e.Local, "value", shorten(v), "limit", limit(rule))
	case rule == "enumeration" && allowed != "":
		r.fault(CodeEnum, e, "element", e.Local, "value", shorten(v), "allowed", allowed)
	case strings.HasPrefix(rule, "invalid "), strings.HasSuffix(rule, "clusive"):
		r.fault(CodeNumber, e, "element", e.Local, "value", shorten(v))
	default:
		r.fault(CodePattern, e, "element", e.Local, "value", shorten(v))
	}
}

// list puts the faults in the order of the document and cuts them at Limit.
func (r *report) list() []declarations.Fault {
	slices.SortStableFunc(r.faults, func(a, b declarations.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Path, b.Path))
	})
	if len(r.faults) <= Limit {
		return r.faults
	}
	more := len(r.faults) - Limit
	return append(slices.Clone(r.faults[:Limit]), declarations.Fault{
		Code: CodeMore, Severity: declarations.Reject, Path: "/",
		Args: strictxml.Args("count", strconv.Itoa(more), "limit", strconv.Itoa(Limit)),
	})
}

// shorten keeps a value short enough for a message.
func shorten(v string) string {
	const limit = 40
	if runes := []rune(v); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return v
}
