package app

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/wcoxml"
	"kouan/declarations/xsd"
	"kouan/gateway/desk"
)

// schemaFolder is where the schemas of the authorities are: they belong to
// their publishers, so the operator brings them. Without the flag the built-in
// layout of the reader judges alone.
type schemaFolder struct {
	Schemas string `help:"cli.flag.schemas" placeholder:"DIR"`
}

// open compiles the folder, once for the life of the command.
func (s *schemaFolder) open() (*edge, error) { return openEdge(s.Schemas) }

// edge judges what comes in and goes out by the schemas of the authority. The
// zero value has no schemas and judges nothing.
type edge struct{ set *xsd.Set }

var _ desk.Schemas = (*edge)(nil)

// openEdge never reads outside the folder: neither do references between
// schemas lead out of it, nor links in it.
func openEdge(dir string) (*edge, error) {
	if dir == "" {
		return &edge{}, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	set, err := xsd.Open(root.FS())
	if closing := root.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, tellSchemas(dir, err)
	}
	return &edge{set: set}, nil
}

// tellSchemas says which file is missing or broken.
func tellSchemas(dir string, err error) error {
	var open *xsd.OpenError
	if !errors.As(err, &open) {
		return fmt.Errorf("open schemas in %s: %w", dir, err)
	}
	file := open.File
	if open.Line > 0 {
		file += ":" + strconv.Itoa(open.Line)
	}
	switch open.Reason {
	case xsd.ReasonMissing:
		return &toldError{key: "cli.error.schema_missing", args: arguments{"folder": dir, "file": file}, err: err}
	case xsd.ReasonOutside:
		return &toldError{key: "cli.error.schema_outside", args: arguments{"folder": dir, "file": file, "from": open.From}, err: err}
	}
	return &toldError{key: "cli.error.schema_broken", args: arguments{"folder": dir, "file": file}, err: err}
}

// Judge says what the schemas have against a document. A message of another
// authority in the same namespaces is refused by name, not by a list of what
// it has otherwise.
func (e *edge) Judge(doc []byte) ([]declarations.Fault, error) {
	if e.set == nil {
		return nil, nil
	}
	faults, judged, err := e.set.Judge(doc)
	switch {
	case err != nil:
		return nil, fmt.Errorf("judge by schema: %w", err)
	case !judged || len(faults) == 0:
		return nil, nil
	}
	if other, ok := wcoxml.OtherProfile(doc); ok {
		return []declarations.Fault{other}, nil
	}
	return faults, nil
}

// judgeEdge refuses a document on its way in or out for what the schemas have
// against it, with its findings said.
func (c *console) judgeEdge(e *edge, file string, doc []byte) error {
	faults, err := e.Judge(doc)
	if err != nil || len(faults) == 0 {
		return err
	}
	if err := c.tellFaults(file, faults); err != nil {
		return err
	}
	return faultyError{}
}
