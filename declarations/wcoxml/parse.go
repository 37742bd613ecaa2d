package wcoxml

import (
	"cmp"
	"slices"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Document is a message that was read.
type Document struct {
	Declaration declarations.Declaration
	root        *strictxml.Element // nil when nothing was read
	message     *element
}

// Is reports whether an element is the root of a message that Parse reads or
// refuses by name.
func Is(root *strictxml.Element) bool {
	return root != nil && (root.Local == envelopeName || root.Local == wrapperName || root.Local == declarationName)
}

// Parse reads a message of the profile Submit. A message with a fault of
// severity reject gives no declaration; warnings name what was left as an
// extension because nobody has confirmed where it belongs. The same bytes give
// the same faults in the same order, at most maxFindings and one that counts
// the rest.
func Parse(data []byte, opt Options) (Document, []declarations.Fault) {
	root, faults := strictxml.Read(data, strictxml.Limits{})
	if root == nil {
		return Document{}, faults
	}
	profile := Submit
	dec, fault := profile.declaration(root)
	if fault != nil {
		return Document{root: root}, []declarations.Fault{*fault}
	}
	c := checker{profile: &profile}
	message := c.message(root, dec)
	if faults := c.found.all(); declarations.Rejected(faults) {
		return Document{root: root}, faults
	}
	doc := Document{root: root, message: message}
	told := map[*Pair]bool{}
	var warnings []declarations.Fault
	r := reader{codes: opt.tables(), unverified: opt.Unverified, skipped: func(p *Pair, e *element) {
		if !told[p] {
			told[p] = true
			warnings = append(warnings, *finding(declarations.Warn, codeUnverified, e.source, doc.pathTo(e.source), []string{"field", p.Canonical}))
		}
	}}
	if isCancellation(message) {
		c.found.add(*finding(declarations.Warn, codeCancel, dec, "/MetaData/Declaration/TypeCode", nil))
	}
	doc.Declaration = r.read(message)
	extend(&doc.Declaration, message, opt)
	slices.SortStableFunc(warnings, func(a, b declarations.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	for _, w := range warnings {
		c.found.add(w)
	}
	return doc, c.found.all()
}

// isCancellation tells a cancellation, which the authority validates against a
// smaller schema of its own.
func isCancellation(e *element) bool {
	return e.word(Root().Child("TypeCode")) == "INV"
}
