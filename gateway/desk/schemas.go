package desk

import (
	"fmt"

	"kouan/declarations"
)

// Schemas judges a document by the schemas of the authority that it is for. A
// document that they are not about has no faults.
type Schemas interface {
	Judge(doc []byte) ([]declarations.Fault, error)
}

// schemaFaults judges a submission before it is read: what the authority's
// own schema refuses is told by that schema, and nothing else is looked at.
func (d *Desk) schemaFaults(body []byte) error {
	if d.Schemas == nil {
		return nil
	}
	faults, err := d.Schemas.Judge(body)
	switch {
	case err != nil:
		return fmt.Errorf("judge submission by its schema: %w", err)
	case declarations.Rejected(faults):
		return &FaultsError{faults}
	}
	return nil
}
