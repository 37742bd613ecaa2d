package xsd

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	engine "github.com/jacoelho/xsd"
	"github.com/jacoelho/xsd/xsderrors"

	"kouan/declarations/strictxml"
)

// Reasons why a folder cannot be used; slugs that the edge puts into words.
const (
	ReasonMissing = "schema_missing" // the file is not there
	ReasonOutside = "schema_outside" // a reference leaves the folder, or is an address
	ReasonBroken  = "schema_broken"  // no schema, or one that does not compile
)

// OpenError says which file of a folder of schemas is the trouble, and why.
type OpenError struct {
	File   string // in the folder
	From   string // file that refers to it; empty for an entry
	Reason string
	Line   int // in File; 0 when not known
	cause  error
}

func (e *OpenError) Error() string {
	text := "schema " + e.File + ": " + e.Reason
	if e.From != "" {
		text += " (needed by " + e.From + ")"
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

func (e *OpenError) Unwrap() error { return e.cause }

// entry is one schema that documents are judged by.
type entry struct {
	profile string
	file    string
	text    []byte // not nil: written by us, because the publisher has none
}

// kinds are the entry points of a version (wco-dec.md section 2).
var kinds = []struct{ profile, file string }{
	{"hmrc-cds/submit/", "customs/wrapper_submit.xsd"},
	{"hmrc-cds/cancel/", "customs/wrapper_cancel.xsd"},
	{"hmrc-cds/response/", "customs/wrapper_notification.xsd"},
}

// The publication has no entry for notifications: envelope and message stand
// apart, and the envelope alone refuses everything. Where both are there, the
// entry is written here.
const (
	notificationEnvelope = "wco/notification/DocumentMetaData_2_DMS.xsd"
	notificationMessage  = "wco/notification/WCO_RES_2_DMS.xsd"
	notificationEntry    = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" elementFormDefault="qualified">
<xs:include schemaLocation="../` + notificationEnvelope + `"/>
<xs:import namespace="urn:wco:datamodel:WCO:RES-DMS:2" schemaLocation="../` + notificationMessage + `"/>
</xs:schema>`
)

func entries(folder fs.FS) ([]entry, error) {
	versions, err := versions(folder)
	if err != nil {
		return nil, err
	}
	var found []entry
	for _, v := range versions {
		for _, k := range kinds {
			e := entry{profile: k.profile + v.version, file: path.Join(v.folder, k.file)}
			switch {
			case exists(folder, e.file):
			case strings.HasSuffix(k.file, "notification.xsd") && exists(folder, path.Join(v.folder, notificationEnvelope)) &&
				exists(folder, path.Join(v.folder, notificationMessage)):
				e.text = []byte(notificationEntry)
			default:
				continue
			}
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		return nil, &OpenError{File: kinds[0].file, Reason: ReasonMissing}
	}
	return found, nil
}

type version struct{ folder, version string }

// versions are the folder itself, as 1.0, or the folders named v1.0 in it.
func versions(folder fs.FS) ([]version, error) {
	list, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, &OpenError{File: ".", Reason: ReasonMissing, cause: err}
	}
	all := []version{{".", "1.0"}}
	for _, d := range list {
		number, ok := strings.CutPrefix(d.Name(), "v")
		if ok && d.IsDir() && number != "" && strings.Trim(number, "0123456789.") == "" {
			all = append(all, version{d.Name(), number})
		}
	}
	slices.SortFunc(all, func(a, b version) int { return strings.Compare(a.folder, b.folder) })
	return all, nil
}

func exists(folder fs.FS, file string) bool {
	info, err := fs.Stat(folder, file)
	return err == nil && info.Mode().IsRegular()
}

func compile(folder fs.FS, e entry) (*schema, error) {
	l := &loader{folder: folder, read: map[string][]byte{}, imported: map[string]string{}, told: map[[2]string]string{}}
	if err := l.load(e.file, "", e.text); err != nil {
		return nil, err
	}
	compiled, err := engine.Compile(engine.Bytes(e.file, l.read[e.file]).WithResolver(engine.ResolverFunc(l.resolve)))
	if err != nil {
		return nil, broken(e.file, err)
	}
	outline, err := newOutline(l.read)
	if err != nil {
		return nil, err
	}
	return &schema{engine: compiled, outline: outline}, nil
}

// loader gives the engine the files of the folder, and nothing else. They are
// followed depth first, and a namespace is that of the first file imported for
// it, as libxml2 does it: the publication has two copies of its code lists,
// which a notification reaches both.
type loader struct {
	folder   fs.FS
	read     map[string][]byte
	imported map[string]string    // namespace: file
	told     map[[2]string]string // file and location in it: file meant
}

// load reads a file, unless its text is given, and what it refers to. A
// reference that cannot be followed is an error: schemas with a part missing
// would let pass what the authority refuses.
func (l *loader) load(file, from string, text []byte) error {
	if l.read[file] != nil {
		return nil
	}
	if text == nil {
		var err error
		if text, err = fs.ReadFile(l.folder, file); err != nil {
			return &OpenError{File: file, From: from, Reason: ReasonMissing, cause: unlessNotExist(err)}
		}
	}
	l.read[file] = text
	root, faults := strictxml.Read(text, schemaLimits)
	if len(faults) > 0 {
		return &OpenError{File: file, From: from, Reason: ReasonBroken, Line: faults[0].Line}
	}
	for _, c := range root.Children {
		location := attr(c, "schemaLocation")
		if c.Space != schemaSpace || c.Local != "include" && c.Local != "import" || location == "" {
			continue
		}
		next := path.Join(path.Dir(file), location)
		if strings.ContainsAny(location, `:\`) || strings.HasPrefix(location, "/") || !fs.ValidPath(next) {
			return &OpenError{File: location, From: file, Reason: ReasonOutside, Line: c.Line}
		}
		if namespace := attr(c, "namespace"); c.Local == "import" {
			if first := l.imported[namespace]; first != "" {
				l.told[[2]string{file, location}] = first
				continue
			}
			l.imported[namespace] = next
		}
		l.told[[2]string{file, location}] = next
		if err := l.load(next, file, nil); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) resolve(base, location string) (engine.SchemaSource, error) {
	file, ok := l.told[[2]string{base, location}]
	if !ok {
		return engine.SchemaSource{}, &OpenError{File: location, From: base, Reason: ReasonOutside}
	}
	return engine.Bytes(file, l.read[file]), nil
}

// unlessNotExist drops the cause that the reason says already.
func unlessNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// broken names the file that does not compile, or the one that it lacks.
func broken(file string, err error) error {
	var ours *OpenError
	if errors.As(err, &ours) {
		return ours
	}
	out := &OpenError{File: file, Reason: ReasonBroken, cause: fmt.Errorf("compile: %w", err)}
	var theirs *xsderrors.Error
	if errors.As(err, &theirs) {
		if theirs.Path() != "" {
			out.File = theirs.Path()
		}
		out.Line = theirs.Line()
	}
	return out
}
