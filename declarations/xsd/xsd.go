// Package xsd judges documents of other authorities by their own schemas:
// the operator points to a folder of them, because they belong to their
// publishers and are no part of the program.
//
// Contract: Open compiles every entry schema of a folder once; a Set is safe
// for concurrent use. Validate returns the same faults in the same order for
// the same document: at most 25, each with code, path and the line and column
// of the start tag, then one that says how many more there are. The words of
// the engine go nowhere: what is wrong is said from the schema's own outline.
// Hints in a document (xsi:schemaLocation) are removed before it is judged,
// nothing outside the folder is read, nothing is fetched.
//
// The package is the only one that knows the engine, whose API is not settled
// yet; its verdicts are compared with those of xmllint in the tests. It does
// not know what a message means, nor which profile a document should have:
// the caller names it (wco-dec.md section 1).
package xsd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	engine "github.com/jacoelho/xsd"
	"github.com/jacoelho/xsd/xsderrors"

	"kouan/declarations"
	"kouan/declarations/strictxml"
)

// Profiles of version 1.0, as every stored message carries them. A folder
// with several versions gives one profile for each: hmrc-cds/submit/1.1.
const (
	Submit   = "hmrc-cds/submit/1.0"
	Cancel   = "hmrc-cds/cancel/1.0"
	Response = "hmrc-cds/response/1.0"
)

// Limit is how many faults of one document are listed (wco-dec.md section 9).
const Limit = 25

// counted is how many errors of one document are counted at all.
const counted = 10_000

// MaxSize is the largest document that is judged, in bytes: 999 items with
// every element of the layout are below it.
const MaxSize = 16 << 20

// maxElements of one document, likewise.
const maxElements = 1_000_000

// Set is a folder of compiled schemas.
type Set struct {
	profiles map[string]*schema
}

// schema is one compiled entry.
type schema struct {
	engine  *engine.Engine
	outline *outline
}

// Open compiles the entry schemas of a folder: customs/wrapper_submit.xsd,
// wrapper_cancel.xsd and wrapper_notification.xsd, in the folder itself
// (version 1.0) or in one folder for each version (v1.0, v2.1). An entry that
// a version does not have is no profile; a folder without any, or one that
// does not compile, is an *OpenError that names the file.
func Open(folder fs.FS) (*Set, error) {
	found, err := entries(folder)
	if err != nil {
		return nil, err
	}
	set := &Set{profiles: make(map[string]*schema, len(found))}
	for _, e := range found {
		s, err := compile(folder, e)
		if err != nil {
			return nil, err
		}
		set.profiles[e.profile] = s
	}
	return set, nil
}

// Profiles are the ids that can be judged, sorted.
func (s *Set) Profiles() []string {
	ids := make([]string, 0, len(s.profiles))
	for id := range s.profiles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Has tells whether a profile can be judged.
func (s *Set) Has(profile string) bool { return s.profiles[profile] != nil }

// Validate judges a document by the schemas of a profile. No fault means
// valid. The error is about the set or the engine, never about the document.
func (s *Set) Validate(profile string, doc []byte) ([]declarations.Fault, error) {
	schema := s.profiles[profile]
	if schema == nil {
		return nil, fmt.Errorf("validate: no schemas of profile %s in the folder", profile)
	}
	options := engine.ValidateOptions{MaxErrors: counted}
	if !bytes.Contains(doc, []byte("chemaLocation")) { // a document without hints is judged as it is
		if err := schema.engine.ValidateWithOptions(bytes.NewReader(doc), options); err == nil {
			return nil, nil
		}
	}
	root, faults := strictxml.Read(doc, strictxml.Limits{Bytes: MaxSize, Elements: maxElements})
	if len(faults) > 0 {
		return faults, nil // not well-formed: said once, and nothing else
	}
	doc = withoutHints(doc, root)
	err := schema.engine.ValidateWithOptions(bytes.NewReader(doc), options)
	if err == nil {
		return nil, nil
	}
	r := &report{outline: schema.outline, root: root, at: newPlaces(root)}
	for _, one := range xsderrors.Flatten(err) {
		var e *xsderrors.Error
		if !errors.As(one, &e) || e.Category() == xsderrors.CategoryInternal {
			return nil, fmt.Errorf("validate against %s: %w", profile, one)
		}
		r.add(e)
	}
	return r.list(), nil
}
