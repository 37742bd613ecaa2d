package customsxml

import (
	"strconv"
	"strings"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Faults of one severity that one document may have: more say nothing new to
// its author, and a hostile one must not be able to ask for a million.
const maxFaults = 200

// full reports whether the bound of a severity is reached.
func (p *parser) full(severity declarations.Severity) bool {
	if severity == declarations.Warn {
		return p.warnings >= maxFaults
	}
	return len(p.faults)-p.warnings >= maxFaults
}

func (p *parser) add(f declarations.Fault) {
	if p.full(f.Severity) {
		return
	}
	if f.Severity == declarations.Warn {
		p.warnings++
	}
	p.faults = append(p.faults, f)
}

func (p *parser) reject(code string, at *strictxml.Element, args ...string) {
	p.report(declarations.Reject, code, at, args)
}

func (p *parser) warn(code string, at *strictxml.Element, args ...string) {
	p.report(declarations.Warn, code, at, args)
}

func (p *parser) report(severity declarations.Severity, code string, at *strictxml.Element, args []string) {
	if p.full(severity) {
		return // before the place is looked for: that costs more than the fault
	}
	p.add(declarations.Fault{Code: code, Severity: severity, Path: p.doc.path(at), Line: at.Line, Column: at.Column, Args: strictxml.Args(args...)})
}

// maxRows bounds the memory that one list may ask for. No list of a real
// message comes near it: a declaration has at most 50 lines.
const maxRows = 10_000

// tooMany refuses the row beyond the bound.
func (p *parser) tooMany(rows int, c *strictxml.Element) bool {
	if rows == maxRows {
		p.reject(declarations.CodeTooLarge, c, "limit", strconv.Itoa(maxRows), "unit", "rows")
	}
	return rows >= maxRows
}

// foreign refuses an element of another namespace: what it means is not known
// and it cannot be kept without its namespace.
func (p *parser) foreign(c *strictxml.Element) bool {
	if c.Space == p.doc.message.Space {
		return false
	}
	p.reject(codeRoot, c, "element", c.Local, "namespace", c.Space)
	return true
}

// groupForm refuses text beside the elements of a group, which nothing can
// keep, and shows attributes that are not read.
func (p *parser) groupForm(g *strictxml.Element) {
	if strings.Trim(g.Text, " \t\r\n") != "" {
		p.reject(declarations.CodeWrongType, g, "want", "elements", "got", "text")
	}
	if g != p.doc.message {
		p.noAttributes(g)
	}
}

func (p *parser) noAttributes(e *strictxml.Element) {
	for _, a := range e.Attrs {
		if a.Space == "" && !a.IsNamespace() {
			p.warn(codeUnknown, e, "element", "@"+a.Local, "kept", "false")
		}
	}
}
