package app

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"kouan/declarations"
	"kouan/declarations/xsd"
	"kouan/gateway/desk"
)

// schemaFolder is where the schemas of the authorities are: they belong to
// their publishers, so the operator brings them. Without the flag the built-in
// layout of the reader judges alone.
type schemaFolder struct {
	Schemas string `help:"cli.flag.schemas" placeholder:"DIR"`
}

// open compiles the folder, once for the life of the command; nil without one.
func (s *schemaFolder) open() (*xsd.Set, error) {
	if s.Schemas == "" {
		return nil, nil //nolint:nilnil // no folder is no error, and then there are no schemas
	}
	return openSchemas(s.Schemas)
}

// deskSchemas are the schemas of a serving gateway; a nil interface without a folder.
func deskSchemas(dir string) (desk.Schemas, error) {
	if dir == "" {
		return nil, nil //nolint:nilnil // as above
	}
	set, err := openSchemas(dir)
	if err != nil {
		return nil, err
	}
	return set, nil
}

// openSchemas never reads outside the folder: neither do references between
// schemas lead out of it, nor links in it.
func openSchemas(dir string) (*xsd.Set, error) {
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
	return set, nil
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

// judge says what the schemas have against a document. Nothing is judged
// without schemas, or when they are not about it.
func judge(set *xsd.Set, body []byte) ([]declarations.Fault, error) {
	if set == nil {
		return nil, nil
	}
	faults, _, err := set.Judge(body)
	if err != nil {
		return nil, fmt.Errorf("judge by schema: %w", err)
	}
	return faults, nil
}

// judgeEdge refuses a document on its way in or out for what the schemas have
// against it, with its findings said.
func (c *console) judgeEdge(set *xsd.Set, file string, body []byte) error {
	faults, err := judge(set, body)
	if err != nil || len(faults) == 0 {
		return err
	}
	if err := c.tellFaults(file, faults); err != nil {
		return err
	}
	return faultyError{}
}
